//! What events and their products refer to: `classifications.csv`, `units.csv`, `product_types.csv`, `currency_rate_periods.csv`.

use rust_decimal::Decimal;
use tradebook_model::{Classification, OpaqueId, ProductType, ProductTypeName, Unit};
use tradebook_store::import::{
    ClassificationRecord, Coded, InternalId, RatePeriodRecord, TextIds, UnitRecord,
};
use tradebook_wire::csv::{ClassificationRow, ProductTypeRow, RatePeriodRow, UnitRow};

use crate::transfer::apply::{Kind, RowContext};

pub(in crate::transfer) struct Classifications;

impl Kind for Classifications {
    type Row = ClassificationRow;
    type Record = ClassificationRecord;

    const CODED: Option<Coded> = Some(Coded::Classifications);
    const REFERS_TO: &'static [Coded] = &[];
    const KEY: &'static [&'static str] = &["name"];
    const TEXT_IDS: Option<TextIds> = Some(TextIds::Classifications);

    fn key(row: &ClassificationRow, at: &mut RowContext<'_>) -> Option<InternalId> {
        at.own_id(Coded::Classifications, row.name.as_str(), InternalId::new)
    }

    fn merge(
        key: &InternalId,
        row: ClassificationRow,
        stored: Option<&ClassificationRecord>,
        at: &mut RowContext<'_>,
    ) -> Option<ClassificationRecord> {
        let ClassificationRow { name, id, alternative_code } = row;
        let old = stored.map(|stored| &stored.classification);
        let classification = Classification {
            id: at.text_id(id, old.map(|old| &old.id), name.as_str())?,
            alternative_code: alternative_code
                .over(old.and_then(|old| old.alternative_code.clone())),
            name,
        };
        Some(ClassificationRecord { key: *key, classification })
    }

    fn id(record: &ClassificationRecord) -> Option<i32> {
        Some(record.key.get())
    }

    fn given_id(row: &ClassificationRow) -> Option<&OpaqueId> {
        row.id.as_given()
    }

    fn id_owner(record: &ClassificationRecord) -> String {
        record.classification.name.to_string()
    }
}

pub(in crate::transfer) struct Units;

impl Kind for Units {
    type Row = UnitRow;
    type Record = UnitRecord;

    const CODED: Option<Coded> = Some(Coded::Units);
    const REFERS_TO: &'static [Coded] = &[];
    const KEY: &'static [&'static str] = &["name"];
    const TEXT_IDS: Option<TextIds> = Some(TextIds::Units);

    fn key(row: &UnitRow, at: &mut RowContext<'_>) -> Option<InternalId> {
        at.own_id(Coded::Units, row.name.as_str(), InternalId::new)
    }

    fn merge(
        key: &InternalId,
        row: UnitRow,
        stored: Option<&UnitRecord>,
        at: &mut RowContext<'_>,
    ) -> Option<UnitRecord> {
        let UnitRow { name, id, group_name, community_name, alternative_code, description } = row;
        let old = stored.map(|stored| stored.unit.clone());
        let id = at.text_id(id, old.as_ref().map(|old| &old.id), name.as_str())?;
        let old = old.unwrap_or_else(|| Unit {
            id: id.clone(),
            name: name.clone(),
            group_name: None,
            community_name: None,
            alternative_code: None,
            description: None,
        });
        let unit = Unit {
            id,
            name,
            group_name: group_name.over(old.group_name),
            community_name: community_name.over(old.community_name),
            alternative_code: alternative_code.over(old.alternative_code),
            description: description.over(old.description),
        };
        Some(UnitRecord { key: *key, unit })
    }

    fn id(record: &UnitRecord) -> Option<i32> {
        Some(record.key.get())
    }

    fn given_id(row: &UnitRow) -> Option<&OpaqueId> {
        row.id.as_given()
    }

    fn id_owner(record: &UnitRecord) -> String {
        record.unit.name.to_string()
    }
}

pub(in crate::transfer) struct ProductTypes;

impl Kind for ProductTypes {
    type Row = ProductTypeRow;
    type Record = ProductType;

    const CODED: Option<Coded> = None;
    const REFERS_TO: &'static [Coded] = &[];
    const KEY: &'static [&'static str] = &["name"];
    const TEXT_IDS: Option<TextIds> = Some(TextIds::ProductTypes);

    fn key(row: &ProductTypeRow, _at: &mut RowContext<'_>) -> Option<ProductTypeName> {
        Some(row.name.clone())
    }

    fn merge(
        _key: &ProductTypeName,
        row: ProductTypeRow,
        stored: Option<&ProductType>,
        at: &mut RowContext<'_>,
    ) -> Option<ProductType> {
        let ProductTypeRow {
            name,
            id,
            alternative_code,
            description,
            classification,
            service_type,
            physical_good_type,
            composition_method,
            used_for_provisioning,
        } = row;
        let id = at.text_id(id, stored.map(|stored| &stored.id), name.as_str())?;
        let old = stored.cloned().unwrap_or_else(|| ProductType {
            id: id.clone(),
            name: name.clone(),
            alternative_code: None,
            description: None,
            classification: None,
            service_type: None,
            physical_good_type: None,
            composition_method: None,
            used_for_provisioning: None,
        });
        Some(ProductType {
            id,
            name,
            alternative_code: alternative_code.over(old.alternative_code),
            description: description.over(old.description),
            classification: classification.over(old.classification),
            service_type: service_type.over(old.service_type),
            physical_good_type: physical_good_type.over(old.physical_good_type),
            composition_method: composition_method.over(old.composition_method),
            used_for_provisioning: used_for_provisioning.over(old.used_for_provisioning),
        })
    }

    fn given_id(row: &ProductTypeRow) -> Option<&OpaqueId> {
        row.id.as_given()
    }

    fn id_owner(record: &ProductType) -> String {
        record.name.to_string()
    }
}

pub(in crate::transfer) struct RatePeriods;

impl Kind for RatePeriods {
    type Row = RatePeriodRow;
    type Record = RatePeriodRecord;

    const CODED: Option<Coded> = Some(Coded::RatePeriods);
    const REFERS_TO: &'static [Coded] = &[];
    const KEY: &'static [&'static str] = &["id"];

    fn key(row: &RatePeriodRow, at: &mut RowContext<'_>) -> Option<InternalId> {
        at.own_id(Coded::RatePeriods, row.id.as_str(), InternalId::new)
    }

    fn merge(
        key: &InternalId,
        row: RatePeriodRow,
        stored: Option<&RatePeriodRecord>,
        at: &mut RowContext<'_>,
    ) -> Option<RatePeriodRecord> {
        let RatePeriodRow { id, currency, rate, inverse_rate, from_date, to_date } = row;
        let record = RatePeriodRecord {
            key: *key,
            id,
            currency,
            rate: rate.over(stored.and_then(|stored| stored.rate)),
            inverse_rate: inverse_rate.over(stored.and_then(|stored| stored.inverse_rate)),
            from_date: from_date.over(stored.and_then(|stored| stored.from_date)),
            to_date: to_date.over(stored.and_then(|stored| stored.to_date)),
        };
        for (column, rate) in [("rate", record.rate), ("inverse_rate", record.inverse_rate)] {
            if rate.is_some_and(|rate| rate <= Decimal::ZERO) {
                at.fault(column, "must be greater than 0");
                return None;
            }
        }
        if let (Some(from), Some(to)) = (record.from_date, record.to_date)
            && to < from
        {
            at.fault("to_date", "is before from_date");
            return None;
        }
        Some(record)
    }

    fn id(record: &RatePeriodRecord) -> Option<i32> {
        Some(record.key.get())
    }
}
