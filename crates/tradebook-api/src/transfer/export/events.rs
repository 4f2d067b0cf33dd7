//! Purchase events and what belongs to them as rows of files.

use std::collections::HashMap;

use tradebook_model::{
    Account, Classification, OffsetDateTime, ProductType, RewardsParticipant, Unit, UserId,
};
use tradebook_store::StoreError;
use tradebook_store::import::{
    AccessToken, AccountRecord, ClassificationRecord, Coded, InternalId, ParticipantRecord,
    Purchase, PurchaseLineRecord, RatePeriodRecord, SpendRequestRecord, UnitRecord,
};
use tradebook_wire::csv::{
    AccountRow, ClassificationRow, Column, Moment, ParticipantRow, ProductTypeRow, PurchaseLineRow,
    PurchaseRow, RatePeriodRow, ShownAccessTokenRow, SpendRequestRow, UnitRow,
};

use super::rows::{Codes, damaged};

pub(super) fn account(record: AccountRecord, codes: &Codes) -> Result<AccountRow, StoreError> {
    let AccountRecord { key: _, account: Account { id, number, name, state }, customer } = record;
    Ok(AccountRow {
        number,
        id: Column::Given(id),
        name: Column::of(name),
        state: Column::Given(state),
        customer: codes.code(Coded::Customers, customer.get())?,
    })
}

/// Without the codes of which only hashes are known: a file without their columns leaves them alone.
pub(super) fn access_token(
    record: AccessToken,
    codes: &Codes,
) -> Result<ShownAccessTokenRow, StoreError> {
    let AccessToken {
        identifier,
        account,
        state,
        authentication_code,
        pass_code: _,
        one_time_password: _,
    } = record;
    Ok(ShownAccessTokenRow {
        identifier,
        authentication_code: Column::of(authentication_code),
        state: Column::Given(state),
        account: codes.code(Coded::Accounts, account.get())?,
    })
}

pub(super) fn participant(
    record: ParticipantRecord,
    codes: &Codes,
) -> Result<ParticipantRow, StoreError> {
    let ParticipantRecord { participant: RewardsParticipant { id, number }, account } = record;
    let account = codes.code(Coded::Accounts, account.get())?;
    Ok(ParticipantRow { number, id: Column::Given(id), account })
}

pub(super) fn classification(
    record: ClassificationRecord,
    _codes: &Codes,
) -> Result<ClassificationRow, StoreError> {
    let Classification { id, name, alternative_code } = record.classification;
    let alternative_code = Column::of(alternative_code);
    Ok(ClassificationRow { name, id: Column::Given(id), alternative_code })
}

pub(super) fn unit(record: UnitRecord, _codes: &Codes) -> Result<UnitRow, StoreError> {
    let Unit { id, name, group_name, community_name, alternative_code, description } = record.unit;
    Ok(UnitRow {
        name,
        id: Column::Given(id),
        group_name: Column::of(group_name),
        community_name: Column::of(community_name),
        alternative_code: Column::of(alternative_code),
        description: Column::of(description),
    })
}

pub(super) fn product_type(
    record: ProductType,
    _codes: &Codes,
) -> Result<ProductTypeRow, StoreError> {
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
    } = record;
    Ok(ProductTypeRow {
        name,
        id: Column::Given(id),
        alternative_code: Column::of(alternative_code),
        description: Column::of(description),
        classification: Column::of(classification),
        service_type: Column::of(service_type),
        physical_good_type: Column::of(physical_good_type),
        composition_method: Column::of(composition_method),
        used_for_provisioning: Column::of(used_for_provisioning),
    })
}

pub(super) fn rate_period(
    record: RatePeriodRecord,
    _codes: &Codes,
) -> Result<RatePeriodRow, StoreError> {
    let RatePeriodRecord { key: _, id, currency, rate, inverse_rate, from_date, to_date } = record;
    Ok(RatePeriodRow {
        id,
        currency,
        rate: Column::of(rate),
        inverse_rate: Column::of(inverse_rate),
        from_date: Column::of(from_date),
        to_date: Column::of(to_date),
    })
}

pub(super) fn purchase(record: Purchase, codes: &Codes) -> Result<PurchaseRow, StoreError> {
    let Purchase {
        key: _,
        id,
        number,
        account,
        classification,
        performed_on,
        created,
        updated,
        created_by,
        updated_by,
        state,
        unit,
        rate_period,
        currency,
        description,
        reference_number,
        external_system,
        external_system_reference_number,
    } = record;
    let internal = |id: Option<InternalId>| id.map(InternalId::get);
    let user = |id: Option<UserId>| id.map(UserId::get);
    Ok(PurchaseRow {
        number,
        id: Column::Given(id),
        account: codes.code(Coded::Accounts, account.get())?,
        performed_on: Moment::Instant(performed_on),
        created: moment(Some(created)),
        rate_period: codes.optional(Coded::RatePeriods, internal(rate_period))?,
        state: Column::Given(state),
        classification: codes.optional(Coded::Classifications, internal(classification))?,
        description: Column::of(description),
        reference_number: Column::of(reference_number),
        external_system: Column::of(external_system),
        external_system_reference_number: Column::of(external_system_reference_number),
        currency: Column::of(currency),
        performed_by_unit: codes.optional(Coded::Units, internal(unit))?,
        created_by: codes.optional(Coded::Users, user(created_by))?,
        updated: moment(updated),
        updated_by: codes.optional(Coded::Users, user(updated_by))?,
    })
}

fn moment(moment: Option<OffsetDateTime>) -> Column<Moment> {
    Column::of(moment.map(Moment::Instant))
}

pub(super) fn purchase_line(
    purchase: &Purchase,
    record: PurchaseLineRecord,
    codes: &Codes,
) -> Result<PurchaseLineRow, StoreError> {
    let PurchaseLineRecord {
        event: _,
        line,
        id,
        product,
        quantity,
        net_amount,
        vat_amount,
        total_amount,
    } = record;
    Ok(PurchaseLineRow {
        event: purchase.number.clone(),
        line,
        id: Column::of(id),
        product: codes.code(Coded::Products, product.get())?,
        quantity: Column::of(quantity),
        net_amount: Column::of(net_amount),
        vat_amount: Column::of(vat_amount),
        total_amount: Column::of(total_amount),
    })
}

pub(super) fn spend_request(
    record: SpendRequestRecord,
    numbers: &HashMap<i64, String>,
) -> Result<SpendRequestRow, StoreError> {
    let SpendRequestRecord { number, event, performed_on, state, instant, automatic, amount } =
        record;
    // References are kept whole by the database; a number that is gone nevertheless reads as an empty one, which is refused.
    let event = numbers.get(&event).map(String::as_str).unwrap_or_default();
    Ok(SpendRequestRow {
        number,
        event: event.parse().map_err(damaged)?,
        performed_on: Moment::Instant(performed_on),
        state: Column::Given(state),
        instant: Column::Given(instant),
        automatic: Column::Given(automatic),
        spend_amount: Column::of(amount),
    })
}
