//! What the OpenAPI document says of these calls. The structures describe JSON and are never built.

#![expect(
    missing_docs,
    reason = "descriptions, never built; their members are documented by their names"
)]

use utoipa::ToSchema;

macro_rules! schemas {
    ($($(#[$doc:meta])+ $name:ident = $as:ident { $($(#[$own:meta])* $field:ident: $type:ty,)* })*) => {$(
        $(#[$doc])+
        #[derive(ToSchema)]
        #[schema(as = $as)]
        pub struct $name {
            $($(#[$own])* pub $field: $type,)*
        }
    )*};
}

schemas! {
    /// A login with a name and a password.
    UserLogin = CrmUserLogin {
        username: String,
        password: String,
        /// The organization's name; `organization` is accepted as well.
        organisation: String,
        /// Accepted and not used: users belong to no unit here.
        #[schema(nullable)]
        unit: Option<String>,
    }

    /// What a login with a key may say; all of it is optional.
    KeyLogin = CrmKeyLogin {
        /// Accepted and not used.
        #[schema(nullable)]
        unit: Option<String>,
    }

    /// The token that is to be released.
    Release = CrmRelease {
        token: String,
    }

    /// Which purchase customer events are wanted. Exactly one of `rewards_participant_identifier`,
    /// `accounts_receivable_identifier`, `classification_identifier` and `created_after_date` must be given; `null` counts as
    /// not given, unknown members are ignored. Dates are wall-clock times in the organization's time zone; a date without a
    /// time is its midnight, and an offset (`Z`, `+02:00`) is understood.
    ListRequest = CrmPurchaseListRequest {
        /// The token of a login, which lasts two hours.
        token: String,
        /// The events of this rewards participant's account.
        #[schema(nullable)]
        rewards_participant_identifier: Option<ParticipantIdentifier>,
        /// The events of this account.
        #[schema(nullable)]
        accounts_receivable_identifier: Option<AccountIdentifier>,
        /// The events of this classification.
        #[schema(nullable)]
        classification_identifier: Option<ClassificationIdentifier>,
        /// The events created after this moment; a selector of its own.
        #[schema(nullable, example = "2016-07-01T17:00:12")]
        created_after_date: Option<String>,
        /// Created before this moment.
        #[schema(nullable)]
        created_before_date: Option<String>,
        /// Performed after this moment.
        #[schema(nullable)]
        submitted_after_date: Option<String>,
        /// Performed before this moment.
        #[schema(nullable)]
        submitted_before_date: Option<String>,
        /// `true`: with at least one spend request, in any state; `false`: with none.
        #[schema(nullable)]
        spend_requests_applied: Option<bool>,
        /// `true`: not older than the organization's period for spending, in calendar days, and without a spend request that is
        /// neither cancelled nor instant; `false`: all others.
        #[schema(nullable)]
        eligible_for_spending: Option<bool>,
        /// How many events come at most; 0 is an empty page. By default all come.
        #[schema(nullable, minimum = 0)]
        number_of_results: Option<u64>,
        /// How many events are skipped.
        #[schema(nullable, minimum = 0)]
        offset: Option<u64>,
        /// The members that events show, with commas between them; by default all.
        #[schema(nullable, example = "id, number, products_set")]
        fields_set: Option<String>,
    }

    /// Names a rewards participant by exactly one member.
    ParticipantIdentifier = CrmRewardsParticipantIdentifier {
        #[schema(nullable)]
        id: Option<String>,
        #[schema(nullable)]
        number: Option<String>,
        #[schema(nullable)]
        access_token_identifier: Option<AccessTokenIdentifier>,
    }

    /// Names an account by exactly one member.
    AccountIdentifier = CrmAccountsReceivableIdentifier {
        #[schema(nullable)]
        id: Option<String>,
        #[schema(nullable)]
        number: Option<String>,
        /// Must be one account's alone.
        #[schema(nullable)]
        name: Option<String>,
        #[schema(nullable)]
        access_token_identifier: Option<AccessTokenIdentifier>,
    }

    /// Names an effective access token: by `authentication_code`, by `identifier` with its `pass_code`, or by
    /// `one_time_password`.
    AccessTokenIdentifier = CrmAccessTokenIdentifier {
        #[schema(nullable)]
        authentication_code: Option<String>,
        #[schema(nullable)]
        identifier: Option<String>,
        #[schema(nullable)]
        pass_code: Option<String>,
        #[schema(nullable)]
        one_time_password: Option<i64>,
    }

    /// Names a classification by exactly one member.
    ClassificationIdentifier = CrmClassificationIdentifier {
        #[schema(nullable)]
        id: Option<String>,
        #[schema(nullable)]
        name: Option<String>,
        /// Must be one classification's alone.
        #[schema(nullable)]
        alternative_code: Option<String>,
    }

    /// The envelope of a login's answer.
    TokenAnswer = CrmTokenAnswer {
        data: TokenData,
        status: Status,
    }

    /// The token of a login.
    TokenData = CrmToken {
        /// Opaque; opens these calls for two hours, unless it is released.
        token: String,
    }

    /// The envelope of a release's answer.
    ReleaseAnswer = CrmReleaseAnswer {
        data: Empty,
        status: Status,
    }

    /// The envelope of a list.
    ListAnswer = CrmPurchaseListAnswer {
        data: Vec<PurchaseEvent>,
        status: Status,
    }

    /// The envelope of a single event.
    ShowAnswer = CrmPurchaseShowAnswer {
        data: PurchaseEvent,
        status: Status,
    }

    /// The envelope of an answer that refuses.
    RefusalAnswer = CrmRefusal {
        /// Always `null`.
        #[schema(value_type = Option<Object>, required)]
        data: Option<()>,
        status: RefusalStatus,
    }

    /// How a call went that succeeded.
    Status = CrmStatus {
        /// Always `OK`.
        #[schema(example = "OK")]
        code: String,
        /// Always empty.
        #[schema(example = "")]
        description: String,
        /// Always empty.
        #[schema(example = "")]
        message: String,
    }

    /// Why a call was refused.
    RefusalStatus = CrmRefusalStatus {
        #[schema(inline)]
        code: CodeWord,
        /// Names the parameter and the remedy.
        description: String,
        /// What is wrong, in a few words.
        message: String,
    }

    /// A purchase customer event. `fields_set` chooses among the members; one that is chosen and has no value is `null`.
    PurchaseEvent = CrmPurchaseEvent {
        #[schema(nullable = false)]
        id: Option<String>,
        #[schema(nullable = false)]
        number: Option<String>,
        /// Always `PURCHASE`.
        #[schema(nullable = false)]
        r#type: Option<String>,
        /// `POSTED` or `CANCELLED`.
        #[schema(nullable = false)]
        life_cycle_state: Option<String>,
        #[schema(nullable = false, example = "2016-07-21T10:15:02")]
        performed_on: Option<String>,
        description: Option<String>,
        process_immediately: Option<bool>,
        reference_number: Option<String>,
        payment_medium_identifier: Option<String>,
        #[schema(value_type = Option<Object>)]
        payment_medium_brand: Option<()>,
        #[schema(value_type = Option<Object>)]
        payment_medium_type: Option<()>,
        /// The sum over the products; `null` where none has an amount.
        total_amount: Option<f64>,
        net_amount: Option<f64>,
        vat_amount: Option<f64>,
        external_system: Option<String>,
        external_system_reference_number: Option<String>,
        requested_spend_amount: Option<f64>,
        requested_spend_alternative_amount: Option<f64>,
        total_awarded_amount: Option<f64>,
        total_awarded_alternative_amount: Option<f64>,
        /// The sum of the instant, automatic and additional spend requests that were not cancelled.
        #[schema(nullable = false)]
        total_spend_amount: Option<f64>,
        total_spend_alternative_amount: Option<f64>,
        #[schema(nullable = false)]
        total_instant_spend_amount: Option<f64>,
        total_instant_spend_alternative_amount: Option<f64>,
        #[schema(nullable = false)]
        total_automatic_spend_amount: Option<f64>,
        total_automatic_spend_alternative_amount: Option<f64>,
        #[schema(nullable = false)]
        total_additional_spend_amount: Option<f64>,
        total_additional_spend_alternative_amount: Option<f64>,
        udf_string_1: Option<String>,
        udf_string_2: Option<String>,
        udf_string_3: Option<String>,
        udf_string_4: Option<String>,
        udf_string_5: Option<String>,
        udf_string_6: Option<String>,
        udf_string_7: Option<String>,
        udf_string_8: Option<String>,
        udf_float_1: Option<f64>,
        udf_float_2: Option<f64>,
        udf_float_3: Option<f64>,
        udf_float_4: Option<f64>,
        udf_date_1: Option<String>,
        udf_date_2: Option<String>,
        udf_date_3: Option<String>,
        udf_date_4: Option<String>,
        classification: Option<Classification>,
        #[schema(nullable = false)]
        accounts_receivable: Option<Account>,
        rewards_participant: Option<RewardsParticipant>,
        performed_by_unit: Option<Unit>,
        #[schema(value_type = Option<Object>)]
        performed_by_tap: Option<()>,
        #[schema(value_type = Option<Object>)]
        invoice: Option<()>,
        #[schema(nullable = false)]
        log_information: Option<LogInformation>,
        currency: Option<Currency>,
        currency_rate_period: Option<RatePeriod>,
        /// The latest that was not cancelled.
        instant_spend_request: Option<SpendRequest>,
        /// The latest that was not cancelled.
        automatic_spend_request: Option<SpendRequest>,
        /// Always empty.
        #[schema(nullable = false, value_type = Option<Vec<Object>>)]
        award_reward_transactions_set: Option<Vec<()>>,
        #[schema(nullable = false)]
        products_set: Option<Vec<PurchaseLine>>,
    }

    /// A class of events.
    Classification = CrmClassification {
        id: String,
        name: String,
        #[schema(required)]
        alternative_code: Option<String>,
    }

    /// The account that an event is booked to.
    Account = CrmAccountsReceivable {
        id: String,
        number: String,
        #[schema(required)]
        name: Option<String>,
        /// `ACTIVE`, `SUSPENDED` or `TERMINATED`.
        life_cycle_state: String,
    }

    /// Somebody who takes part in a rewards scheme.
    RewardsParticipant = CrmRewardsParticipant {
        id: String,
        number: String,
    }

    /// A part of the business.
    Unit = CrmUnit {
        id: String,
        name: String,
        #[schema(required)]
        group_name: Option<String>,
        #[schema(required)]
        community_name: Option<String>,
        #[schema(required)]
        alternative_code: Option<String>,
        #[schema(required)]
        description: Option<String>,
    }

    /// Who wrote an event, and when.
    LogInformation = CrmLogInformation {
        created_date: String,
        #[schema(required)]
        updated_date: Option<String>,
        #[schema(required)]
        created_by_unit: Option<Unit>,
        #[schema(required)]
        updated_by_unit: Option<Unit>,
        #[schema(required)]
        created_by_user: Option<User>,
        #[schema(required)]
        updated_by_user: Option<User>,
    }

    /// A user.
    User = CrmUser {
        id: String,
        #[schema(required)]
        username: Option<String>,
        #[schema(required)]
        person_name: Option<String>,
        #[schema(required)]
        email: Option<String>,
    }

    /// A currency. Its id is its code.
    Currency = CrmCurrency {
        id: String,
        code: String,
        #[schema(required)]
        prefix_symbol: Option<String>,
        #[schema(required)]
        suffix_symbol: Option<String>,
        #[schema(required)]
        life_cycle_state: Option<String>,
        #[schema(required)]
        integer_part_name: Option<String>,
        #[schema(required)]
        decimal_part_name: Option<String>,
    }

    /// The rate of a currency over a period.
    RatePeriod = CrmCurrencyRatePeriod {
        id: String,
        #[schema(required)]
        rate: Option<f64>,
        /// As it was given: not always 1 / `rate`.
        #[schema(required)]
        inverse_rate: Option<f64>,
        #[schema(required)]
        from_date: Option<String>,
        #[schema(required)]
        to_date: Option<String>,
        currency: Currency,
    }

    /// A spend request against an event.
    SpendRequest = CrmSpendRequest {
        id: String,
        number: String,
        /// Always `SPEND REQUEST`.
        r#type: String,
        /// Always `POSTED` here.
        life_cycle_state: String,
        performed_on: String,
        #[schema(required)]
        description: Option<String>,
        #[schema(required)]
        process_immediately: Option<bool>,
        #[schema(required)]
        spend_amount: Option<f64>,
        #[schema(required)]
        spend_alternative_amount: Option<f64>,
        instant_spend: bool,
        automatic_spend: bool,
        /// Always `FRONT_END_REDUCTION`.
        reduction_method: String,
    }

    /// A line of a purchase.
    PurchaseLine = CrmPurchaseProduct {
        id: String,
        #[schema(required)]
        quantity: Option<f64>,
        #[schema(required)]
        net_amount: Option<f64>,
        #[schema(required)]
        vat_amount: Option<f64>,
        #[schema(required)]
        total_amount: Option<f64>,
        #[schema(required)]
        intended_product_identifier: Option<String>,
        #[schema(required)]
        intended_product_value: Option<String>,
        product: Product,
    }

    /// A product, as events show it.
    Product = CrmProduct {
        id: String,
        code: String,
        #[schema(required)]
        alternative_code: Option<String>,
        #[schema(required)]
        description: Option<String>,
        #[schema(required)]
        product_type: Option<ProductType>,
    }

    /// A type of products.
    ProductType = CrmProductType {
        id: String,
        name: String,
        #[schema(required)]
        alternative_code: Option<String>,
        #[schema(required)]
        description: Option<String>,
        /// `SERVICES` or `PHYSICALGOODS`.
        #[schema(required)]
        classification: Option<String>,
        /// `TERMED`, `USAGE`, `ONETIME` or `EXPENSE`; of services alone.
        #[schema(required)]
        service_type: Option<String>,
        /// `TRACEABLE` or `NONTRACEABLE`; of goods alone.
        #[schema(required)]
        physical_good_type: Option<String>,
        /// `FLAT`, `FLEXIBLEBUNDLE` or `FIXEDBUNDLE`.
        #[schema(required)]
        composition_method: Option<String>,
        #[schema(required)]
        used_for_provisioning: Option<bool>,
    }
}

/// An object without members.
#[derive(ToSchema)]
#[schema(as = CrmEmpty)]
pub struct Empty {}

/// The codes of errors: ours, and stable.
#[derive(ToSchema)]
#[expect(non_camel_case_types, reason = "words as they are written")]
pub enum CodeWord {
    INVALID_TOKEN,
    MISSING_PARAMETER,
    CONFLICTING_PARAMETERS,
    INVALID_PARAMETER,
    NOT_FOUND,
    INVALID_CREDENTIALS,
    UNAVAILABLE,
    SERVER_ERROR,
}

/// What a single event can be asked for.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ShowQuery {
    /// The token of a login, which lasts two hours.
    pub token: String,
    /// Which event: `number=VALUE` or `id=VALUE`.
    #[param(example = "number=1004")]
    pub customer_event_identifier: String,
    /// The members that the event shows, with commas between them; by default all.
    pub fields_set: Option<String>,
}

#[cfg(test)]
mod tests {
    use utoipa::PartialSchema as _;
    use utoipa::openapi::{RefOr, Schema};

    use super::*;
    use crate::crmcom::{Code, FieldsSet};

    #[test]
    fn the_described_members_are_those_that_are_written() {
        let RefOr::T(Schema::Object(object)) = PurchaseEvent::schema() else { panic!("an object") };
        let mut described: Vec<&str> = object.properties.keys().map(String::as_str).collect();
        let mut written: Vec<&str> = FieldsSet::names().collect();
        described.sort_unstable();
        written.sort_unstable();
        assert_eq!(described, written);
    }

    #[test]
    fn all_codes_are_described() {
        let described = serde_json::to_value(CodeWord::schema()).unwrap();
        let words: Vec<&str> = Code::ALL.iter().map(|code| code.word()).collect();
        assert_eq!(described["enum"], serde_json::json!(words));
    }
}
