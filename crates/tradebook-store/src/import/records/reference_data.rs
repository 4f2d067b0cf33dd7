//! Records that customers refer to.

use diesel::prelude::*;
use tradebook_model::{
    Category, CategoryId, PaymentType, PaymentTypeId, Region, RegionId, Segmentation,
    SegmentationId, User, UserId,
};

use super::{Record, Session, id, shown, stored, text};
use crate::StoreError;
use crate::import::rows::{CategoryRow, PaymentTypeRow, RegionRow, SegmentationRow, UserRow};
use crate::schema::{categories, payment_types, regions, segmentations, users};

impl Record for Category {
    type Key = CategoryId;

    fn key(&self) -> CategoryId {
        self.id
    }

    fn load(
        session: &mut Session<'_>,
        keys: &[CategoryId],
    ) -> Result<Vec<(Self, i64)>, StoreError> {
        let ids: Vec<_> = keys.iter().map(|id| id.get()).collect();
        let rows: Vec<CategoryRow> = categories::table
            .select(CategoryRow::ALL)
            .filter(categories::organization_id.eq(session.organization.get()))
            .filter(categories::id.eq_any(ids))
            .load(session.connection)?;
        rows.into_iter().map(from_category_row).collect()
    }

    fn put(session: &mut Session<'_>, records: &[(&Self, i64)]) -> Result<(), StoreError> {
        let rows: Vec<_> = records
            .iter()
            .map(|(record, touched)| {
                let Self { id, reference, name, parent } = record;
                CategoryRow {
                    organization_id: session.organization.get(),
                    id: id.get(),
                    reference: reference.to_string(),
                    name: shown(name),
                    parent_id: parent.map(CategoryId::get),
                    touched: *touched,
                }
            })
            .collect();
        Ok(CategoryRow::put(session.connection, &rows)?)
    }
}

pub(crate) fn from_category_row(row: CategoryRow) -> Result<(Category, i64), StoreError> {
    let record = Category {
        id: stored(CategoryId::new(row.id))?,
        reference: stored(row.reference.parse())?,
        name: text(row.name)?,
        parent: id(row.parent_id, CategoryId::new)?,
    };
    Ok((record, row.touched))
}

impl Record for Segmentation {
    type Key = SegmentationId;

    fn key(&self) -> SegmentationId {
        self.id
    }

    fn load(
        session: &mut Session<'_>,
        keys: &[SegmentationId],
    ) -> Result<Vec<(Self, i64)>, StoreError> {
        let ids: Vec<_> = keys.iter().map(|id| id.get()).collect();
        let rows: Vec<SegmentationRow> = segmentations::table
            .select(SegmentationRow::ALL)
            .filter(segmentations::organization_id.eq(session.organization.get()))
            .filter(segmentations::id.eq_any(ids))
            .load(session.connection)?;
        rows.into_iter().map(from_segmentation_row).collect()
    }

    fn put(session: &mut Session<'_>, records: &[(&Self, i64)]) -> Result<(), StoreError> {
        let rows: Vec<_> = records
            .iter()
            .map(|(record, touched)| {
                let Self { id, reference, name } = record;
                SegmentationRow {
                    organization_id: session.organization.get(),
                    id: id.get(),
                    reference: reference.to_string(),
                    name: shown(name),
                    touched: *touched,
                }
            })
            .collect();
        Ok(SegmentationRow::put(session.connection, &rows)?)
    }
}

pub(crate) fn from_segmentation_row(
    row: SegmentationRow,
) -> Result<(Segmentation, i64), StoreError> {
    let record = Segmentation {
        id: stored(SegmentationId::new(row.id))?,
        reference: stored(row.reference.parse())?,
        name: text(row.name)?,
    };
    Ok((record, row.touched))
}

impl Record for PaymentType {
    type Key = PaymentTypeId;

    fn key(&self) -> PaymentTypeId {
        self.id
    }

    fn load(
        session: &mut Session<'_>,
        keys: &[PaymentTypeId],
    ) -> Result<Vec<(Self, i64)>, StoreError> {
        let ids: Vec<_> = keys.iter().map(|id| id.get()).collect();
        let rows: Vec<PaymentTypeRow> = payment_types::table
            .select(PaymentTypeRow::ALL)
            .filter(payment_types::organization_id.eq(session.organization.get()))
            .filter(payment_types::id.eq_any(ids))
            .load(session.connection)?;
        rows.into_iter().map(from_payment_type_row).collect()
    }

    fn put(session: &mut Session<'_>, records: &[(&Self, i64)]) -> Result<(), StoreError> {
        let rows: Vec<_> = records
            .iter()
            .map(|(record, touched)| {
                let Self { id, reference, name } = record;
                PaymentTypeRow {
                    organization_id: session.organization.get(),
                    id: id.get(),
                    reference: reference.to_string(),
                    name: shown(name),
                    touched: *touched,
                }
            })
            .collect();
        Ok(PaymentTypeRow::put(session.connection, &rows)?)
    }
}

pub(crate) fn from_payment_type_row(row: PaymentTypeRow) -> Result<(PaymentType, i64), StoreError> {
    let record = PaymentType {
        id: stored(PaymentTypeId::new(row.id))?,
        reference: stored(row.reference.parse())?,
        name: text(row.name)?,
    };
    Ok((record, row.touched))
}

impl Record for Region {
    type Key = RegionId;

    fn key(&self) -> RegionId {
        self.id
    }

    fn load(session: &mut Session<'_>, keys: &[RegionId]) -> Result<Vec<(Self, i64)>, StoreError> {
        let ids: Vec<_> = keys.iter().map(|id| id.get()).collect();
        let rows: Vec<RegionRow> = regions::table
            .select(RegionRow::ALL)
            .filter(regions::organization_id.eq(session.organization.get()))
            .filter(regions::id.eq_any(ids))
            .load(session.connection)?;
        rows.into_iter().map(from_region_row).collect()
    }

    fn put(session: &mut Session<'_>, records: &[(&Self, i64)]) -> Result<(), StoreError> {
        let rows: Vec<_> = records
            .iter()
            .map(|(record, touched)| {
                let Self { id, name, parent } = record;
                RegionRow {
                    organization_id: session.organization.get(),
                    id: id.get(),
                    name: name.to_string(),
                    parent_id: parent.map(RegionId::get),
                    touched: *touched,
                }
            })
            .collect();
        Ok(RegionRow::put(session.connection, &rows)?)
    }
}

pub(crate) fn from_region_row(row: RegionRow) -> Result<(Region, i64), StoreError> {
    let record = Region {
        id: stored(RegionId::new(row.id))?,
        name: stored(row.name.parse())?,
        parent: id(row.parent_id, RegionId::new)?,
    };
    Ok((record, row.touched))
}

impl Record for User {
    type Key = UserId;

    fn key(&self) -> UserId {
        self.id
    }

    fn load(session: &mut Session<'_>, keys: &[UserId]) -> Result<Vec<(Self, i64)>, StoreError> {
        let ids: Vec<_> = keys.iter().map(|id| id.get()).collect();
        let rows: Vec<UserRow> = users::table
            .select(UserRow::ALL)
            .filter(users::organization_id.eq(session.organization.get()))
            .filter(users::id.eq_any(ids))
            .load(session.connection)?;
        rows.into_iter().map(from_user_row).collect()
    }

    fn put(session: &mut Session<'_>, records: &[(&Self, i64)]) -> Result<(), StoreError> {
        let rows: Vec<_> = records
            .iter()
            .map(|(record, touched)| {
                let Self { id, reference, username, name, email } = record;
                UserRow {
                    organization_id: session.organization.get(),
                    id: id.get(),
                    reference: reference.to_string(),
                    username: shown(username),
                    name: shown(name),
                    email: shown(email),
                    touched: *touched,
                }
            })
            .collect();
        Ok(UserRow::put(session.connection, &rows)?)
    }
}

pub(crate) fn from_user_row(row: UserRow) -> Result<(User, i64), StoreError> {
    let record = User {
        id: stored(UserId::new(row.id))?,
        reference: stored(row.reference.parse())?,
        username: text(row.username)?,
        name: text(row.name)?,
        email: text(row.email)?,
    };
    Ok((record, row.touched))
}
