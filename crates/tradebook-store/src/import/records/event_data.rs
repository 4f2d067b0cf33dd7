//! What events and their products refer to: classifications, units, product types and rate periods.

use diesel::prelude::*;
use rust_decimal::Decimal;
use time::Date;
use tradebook_model::{
    Classification, CurrencyCode, OpaqueId, ProductType, ProductTypeName, ShortText, Unit,
};

use super::{InternalId, Record, Session, decimal, shown, stored, text};
use crate::StoreError;
use crate::import::rows::{ClassificationRow, ProductTypeRow, RatePeriodRow, UnitRow};
use crate::rows::optional_day;
use crate::schema::{classifications, currency_rate_periods, product_types, units};

/// A classification with its internal id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassificationRecord {
    /// What finds it.
    pub key: InternalId,
    /// What is seen of it.
    pub classification: Classification,
}

/// A unit with its internal id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitRecord {
    /// What finds it.
    pub key: InternalId,
    /// What is seen of it.
    pub unit: Unit,
}

/// A rate period with its internal id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RatePeriodRecord {
    /// What finds it.
    pub key: InternalId,
    /// Its id, unique within the organization.
    pub id: OpaqueId,
    /// The currency.
    pub currency: CurrencyCode,
    /// Units of it for one of the organization's currency.
    pub rate: Option<Decimal>,
    /// The other way round, as it was given.
    pub inverse_rate: Option<Decimal>,
    /// The first day.
    pub from_date: Option<Date>,
    /// The last day, if there is one.
    pub to_date: Option<Date>,
}

impl Record for ClassificationRecord {
    type Key = InternalId;

    fn key(&self) -> InternalId {
        self.key
    }

    fn load(
        session: &mut Session<'_>,
        keys: &[InternalId],
    ) -> Result<Vec<(Self, i64)>, StoreError> {
        let ids: Vec<_> = keys.iter().map(|key| key.get()).collect();
        let rows: Vec<ClassificationRow> = classifications::table
            .select(ClassificationRow::ALL)
            .filter(classifications::organization_id.eq(session.organization.get()))
            .filter(classifications::id.eq_any(ids))
            .load(session.connection)?;
        rows.into_iter().map(from_classification_row).collect()
    }

    fn put(session: &mut Session<'_>, records: &[(&Self, i64)]) -> Result<(), StoreError> {
        let rows: Vec<_> = records
            .iter()
            .map(|(record, touched)| {
                let Self { key, classification: Classification { id, name, alternative_code } } =
                    record;
                ClassificationRow {
                    organization_id: session.organization.get(),
                    id: key.get(),
                    opaque_id: id.to_string(),
                    name: name.to_string(),
                    alternative_code: shown(alternative_code),
                    touched: *touched,
                }
            })
            .collect();
        Ok(ClassificationRow::put(session, &rows)?)
    }
}

pub(crate) fn from_classification_row(
    row: ClassificationRow,
) -> Result<(ClassificationRecord, i64), StoreError> {
    let ClassificationRow { organization_id: _, id, opaque_id, name, alternative_code, touched } =
        row;
    let record = ClassificationRecord {
        key: stored(InternalId::new(id))?,
        classification: Classification {
            id: stored(OpaqueId::new(&opaque_id))?,
            name: stored(ShortText::new(&name))?,
            alternative_code: text(alternative_code)?,
        },
    };
    Ok((record, touched))
}

impl Record for UnitRecord {
    type Key = InternalId;

    fn key(&self) -> InternalId {
        self.key
    }

    fn load(
        session: &mut Session<'_>,
        keys: &[InternalId],
    ) -> Result<Vec<(Self, i64)>, StoreError> {
        let ids: Vec<_> = keys.iter().map(|key| key.get()).collect();
        let rows: Vec<UnitRow> = units::table
            .select(UnitRow::ALL)
            .filter(units::organization_id.eq(session.organization.get()))
            .filter(units::id.eq_any(ids))
            .load(session.connection)?;
        rows.into_iter().map(from_unit_row).collect()
    }

    fn put(session: &mut Session<'_>, records: &[(&Self, i64)]) -> Result<(), StoreError> {
        let rows: Vec<_> = records
            .iter()
            .map(|(record, touched)| {
                let Self { key, unit } = record;
                let Unit { id, name, group_name, community_name, alternative_code, description } =
                    unit;
                UnitRow {
                    organization_id: session.organization.get(),
                    id: key.get(),
                    opaque_id: id.to_string(),
                    name: name.to_string(),
                    group_name: shown(group_name),
                    community_name: shown(community_name),
                    alternative_code: shown(alternative_code),
                    description: shown(description),
                    touched: *touched,
                }
            })
            .collect();
        Ok(UnitRow::put(session, &rows)?)
    }
}

pub(crate) fn from_unit_row(row: UnitRow) -> Result<(UnitRecord, i64), StoreError> {
    let UnitRow {
        organization_id: _,
        id,
        opaque_id,
        name,
        group_name,
        community_name,
        alternative_code,
        description,
        touched,
    } = row;
    let record = UnitRecord {
        key: stored(InternalId::new(id))?,
        unit: Unit {
            id: stored(OpaqueId::new(&opaque_id))?,
            name: stored(ShortText::new(&name))?,
            group_name: text(group_name)?,
            community_name: text(community_name)?,
            alternative_code: text(alternative_code)?,
            description: text(description)?,
        },
    };
    Ok((record, touched))
}

impl Record for ProductType {
    type Key = ProductTypeName;

    fn key(&self) -> ProductTypeName {
        self.name.clone()
    }

    fn load(
        session: &mut Session<'_>,
        keys: &[ProductTypeName],
    ) -> Result<Vec<(Self, i64)>, StoreError> {
        let names: Vec<_> = keys.iter().map(ProductTypeName::as_str).collect();
        let rows: Vec<ProductTypeRow> = product_types::table
            .select(ProductTypeRow::ALL)
            .filter(product_types::organization_id.eq(session.organization.get()))
            .filter(product_types::name.eq_any(names))
            .load(session.connection)?;
        rows.into_iter().map(from_product_type_row).collect()
    }

    fn put(session: &mut Session<'_>, records: &[(&Self, i64)]) -> Result<(), StoreError> {
        let rows: Vec<_> = records
            .iter()
            .map(|(record, touched)| {
                let Self {
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
                ProductTypeRow {
                    organization_id: session.organization.get(),
                    name: name.to_string(),
                    opaque_id: id.to_string(),
                    alternative_code: shown(alternative_code),
                    description: shown(description),
                    classification: shown(classification),
                    service_type: shown(service_type),
                    physical_good_type: shown(physical_good_type),
                    composition_method: shown(composition_method),
                    used_for_provisioning: *used_for_provisioning,
                    touched: *touched,
                }
            })
            .collect();
        Ok(ProductTypeRow::put(session, &rows)?)
    }
}

pub(crate) fn from_product_type_row(row: ProductTypeRow) -> Result<(ProductType, i64), StoreError> {
    let ProductTypeRow {
        organization_id: _,
        name,
        opaque_id,
        alternative_code,
        description,
        classification,
        service_type,
        physical_good_type,
        composition_method,
        used_for_provisioning,
        touched,
    } = row;
    let record = ProductType {
        id: stored(OpaqueId::new(&opaque_id))?,
        name: stored(ProductTypeName::new(&name))?,
        alternative_code: text(alternative_code)?,
        description: text(description)?,
        classification: text(classification)?,
        service_type: text(service_type)?,
        physical_good_type: text(physical_good_type)?,
        composition_method: text(composition_method)?,
        used_for_provisioning,
    };
    Ok((record, touched))
}

impl Record for RatePeriodRecord {
    type Key = InternalId;

    fn key(&self) -> InternalId {
        self.key
    }

    fn load(
        session: &mut Session<'_>,
        keys: &[InternalId],
    ) -> Result<Vec<(Self, i64)>, StoreError> {
        let ids: Vec<_> = keys.iter().map(|key| key.get()).collect();
        let rows: Vec<RatePeriodRow> = currency_rate_periods::table
            .select(RatePeriodRow::ALL)
            .filter(currency_rate_periods::organization_id.eq(session.organization.get()))
            .filter(currency_rate_periods::id.eq_any(ids))
            .load(session.connection)?;
        rows.into_iter().map(from_rate_period_row).collect()
    }

    fn put(session: &mut Session<'_>, records: &[(&Self, i64)]) -> Result<(), StoreError> {
        let rate = |rate: &Option<Decimal>| rate.map(|rate| rate.normalize().to_string());
        let rows: Vec<_> = records
            .iter()
            .map(|(record, touched)| {
                let Self { key, id, currency, rate: value, inverse_rate, from_date, to_date } =
                    record;
                RatePeriodRow {
                    organization_id: session.organization.get(),
                    id: key.get(),
                    opaque_id: id.to_string(),
                    currency: currency.to_string(),
                    rate: rate(value),
                    inverse_rate: rate(inverse_rate),
                    from_date: from_date.map(Date::to_julian_day),
                    to_date: to_date.map(Date::to_julian_day),
                    touched: *touched,
                }
            })
            .collect();
        Ok(RatePeriodRow::put(session, &rows)?)
    }
}

pub(crate) fn from_rate_period_row(
    row: RatePeriodRow,
) -> Result<(RatePeriodRecord, i64), StoreError> {
    let RatePeriodRow {
        organization_id: _,
        id,
        opaque_id,
        currency,
        rate,
        inverse_rate,
        from_date,
        to_date,
        touched,
    } = row;
    let record = RatePeriodRecord {
        key: stored(InternalId::new(id))?,
        id: stored(OpaqueId::new(&opaque_id))?,
        currency: stored(currency.parse())?,
        rate: decimal(rate)?,
        inverse_rate: decimal(inverse_rate)?,
        from_date: optional_day(from_date)?,
        to_date: optional_day(to_date)?,
    };
    Ok((record, touched))
}
