//! The objects inside an event. Each is written whole, with `null` for what it has not.

use std::fmt::Display;

use tradebook_model::{
    Account, Classification, Currency, EventProduct, LogInformation, ProductType, PurchaseLine,
    RatePeriod, RewardsParticipant, SpendRequest, TimeZone, Unit, User,
};

use super::json::{Object, display, shortest};
use super::moment::Written;

/// An id that is a number here and, like all ids of this API, a text on the wire.
fn id(object: &mut Object<'_>, id: impl Display) {
    object.member("id", |out| {
        out.push(b'"');
        display(out, &id);
        out.push(b'"');
    });
}

fn written(object: &mut Object<'_>, name: &str, value: Option<Written>) {
    object.number(name, value);
}

pub(super) fn classification(value: &Classification, out: &mut Vec<u8>) {
    let Classification { id, name, alternative_code } = value;
    let mut object = Object::begin(out);
    object.text("id", id.as_str());
    object.text("name", name.as_str());
    object.optional_text("alternative_code", alternative_code.as_ref());
    object.end();
}

pub(super) fn account(value: &Account, out: &mut Vec<u8>) {
    let Account { id, number, name, state } = value;
    let mut object = Object::begin(out);
    object.text("id", id.as_str());
    object.text("number", number.as_str());
    object.optional_text("name", name.as_ref());
    object.text("life_cycle_state", state.word());
    object.end();
}

pub(super) fn participant(value: &RewardsParticipant, out: &mut Vec<u8>) {
    let RewardsParticipant { id: participant, number } = value;
    let mut object = Object::begin(out);
    id(&mut object, participant);
    object.text("number", number.as_str());
    object.end();
}

pub(super) fn unit(value: &Unit, out: &mut Vec<u8>) {
    let Unit { id, name, group_name, community_name, alternative_code, description } = value;
    let mut object = Object::begin(out);
    object.text("id", id.as_str());
    object.text("name", name.as_str());
    object.optional_text("group_name", group_name.as_ref());
    object.optional_text("community_name", community_name.as_ref());
    object.optional_text("alternative_code", alternative_code.as_ref());
    object.optional_text("description", description.as_ref());
    object.end();
}

pub(super) fn log(value: &LogInformation, zone: &TimeZone, out: &mut Vec<u8>) {
    let LogInformation { created, updated, created_by, updated_by } = value;
    let mut object = Object::begin(out);
    let instant = |instant| Written::instant(instant, zone);
    written(&mut object, "created_date", Some(instant(*created)));
    written(&mut object, "updated_date", updated.map(instant));
    object.null("created_by_unit");
    object.null("updated_by_unit");
    user(&mut object, "created_by_user", created_by.as_deref());
    user(&mut object, "updated_by_user", updated_by.as_deref());
    object.end();
}

fn user(object: &mut Object<'_>, member: &str, user: Option<&User>) {
    let Some(User { id: user, reference: _, username, name, email }) = user else {
        object.null(member);
        return;
    };
    object.object(member, |object| {
        id(object, user);
        object.optional_text("username", username.as_ref());
        object.optional_text("person_name", name.as_ref());
        object.optional_text("email", email.as_ref());
    });
}

/// A currency. Its code is its key here, and so its id.
pub(super) fn currency(value: &Currency, out: &mut Vec<u8>) {
    let Currency { code, name: _, exchange_rate: _, prefix_symbol, suffix_symbol } = value;
    let mut object = Object::begin(out);
    object.text("id", code.as_str());
    object.text("code", code.as_str());
    object.optional_text("prefix_symbol", prefix_symbol.as_ref());
    object.optional_text("suffix_symbol", suffix_symbol.as_ref());
    object.null("life_cycle_state");
    object.null("integer_part_name");
    object.null("decimal_part_name");
    object.end();
}

pub(super) fn rate_period(value: &RatePeriod, out: &mut Vec<u8>) {
    let RatePeriod { id, currency: of, rate, inverse_rate, from_date, to_date } = value;
    let mut object = Object::begin(out);
    object.text("id", id.as_str());
    object.number("rate", rate.map(shortest));
    object.number("inverse_rate", inverse_rate.map(shortest));
    written(&mut object, "from_date", from_date.map(Written::day));
    written(&mut object, "to_date", to_date.map(Written::day));
    object.member("currency", |out| currency(of, out));
    object.end();
}

pub(super) fn spend_request(value: &SpendRequest, zone: &TimeZone, out: &mut Vec<u8>) {
    let SpendRequest { id, number, state, performed_on, instant, automatic, amount } = value;
    let mut object = Object::begin(out);
    object.text("id", id.as_str());
    object.text("number", number.as_str());
    object.text("type", "SPEND REQUEST");
    object.text("life_cycle_state", state.word());
    written(&mut object, "performed_on", Some(Written::instant(*performed_on, zone)));
    object.null("description");
    object.null("process_immediately");
    object.number("spend_amount", *amount);
    object.null("spend_alternative_amount");
    object.flag("instant_spend", Some(*instant));
    object.flag("automatic_spend", Some(*automatic));
    // The documented default, of which nothing else is kept here.
    object.text("reduction_method", "FRONT_END_REDUCTION");
    object.end();
}

pub(super) fn lines(lines: &[PurchaseLine], out: &mut Vec<u8>) {
    out.push(b'[');
    for (index, value) in lines.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        line(value, out);
    }
    out.push(b']');
}

fn line(value: &PurchaseLine, out: &mut Vec<u8>) {
    let PurchaseLine { id, line: _, product: of, quantity, net_amount, vat_amount, total_amount } =
        value;
    let mut object = Object::begin(out);
    object.text("id", id.as_str());
    object.number("quantity", *quantity);
    object.number("net_amount", *net_amount);
    object.number("vat_amount", *vat_amount);
    object.number("total_amount", *total_amount);
    object.null("intended_product_identifier");
    object.null("intended_product_value");
    object.member("product", |out| product(of, out));
    object.end();
}

fn product(value: &EventProduct, out: &mut Vec<u8>) {
    let EventProduct { id: product, code, alternative_code, description, product_type: of } = value;
    let mut object = Object::begin(out);
    id(&mut object, product);
    object.text("code", code.as_str());
    object.optional_text("alternative_code", alternative_code.as_ref());
    object.optional_text("description", description.as_ref());
    match of {
        Some(of) => object.member("product_type", |out| product_type(of, out)),
        None => object.null("product_type"),
    }
    object.end();
}

fn product_type(value: &ProductType, out: &mut Vec<u8>) {
    let ProductType {
        id,
        name,
        alternative_code,
        description,
        classification,
        service_type,
        physical_good_type,
        composition_method,
        used_for_provisioning,
    } = value;
    let mut object = Object::begin(out);
    object.text("id", id.as_str());
    object.text("name", name.as_str());
    object.optional_text("alternative_code", alternative_code.as_ref());
    object.optional_text("description", description.as_ref());
    object.optional_text("classification", classification.map(|word| word.word()));
    object.optional_text("service_type", service_type.map(|word| word.word()));
    object.optional_text("physical_good_type", physical_good_type.map(|word| word.word()));
    object.optional_text("composition_method", composition_method.map(|word| word.word()));
    object.flag("used_for_provisioning", *used_for_provisioning);
    object.end();
}
