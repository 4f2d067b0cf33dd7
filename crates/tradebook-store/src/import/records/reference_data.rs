//! Records that customers refer to.

use diesel::prelude::*;
use tradebook_model::{
    Category, CategoryId, PaymentType, PaymentTypeId, Region, RegionId, Segmentation,
    SegmentationId, User, UserId,
};

use super::{Record, Session, id, numbered, shown, stored, text};
use crate::StoreError;
use crate::import::rows::{CategoryRow, PaymentTypeRow, RegionRow, SegmentationRow, UserRow};
use crate::schema::{categories, payment_types, regions, segmentations, users};

numbered! {
    Category: CategoryRow of categories by id: CategoryId, to_category_row, from_category_row;
    Segmentation: SegmentationRow of segmentations by id: SegmentationId, to_segmentation_row, from_segmentation_row;
    PaymentType: PaymentTypeRow of payment_types by id: PaymentTypeId, to_payment_type_row, from_payment_type_row;
    Region: RegionRow of regions by id: RegionId, to_region_row, from_region_row;
    User: UserRow of users by id: UserId, to_user_row, from_user_row;
}

fn to_category_row(organization: i32, record: &Category, touched: i64) -> CategoryRow {
    let Category { id, reference, name, parent } = record;
    CategoryRow {
        organization_id: organization,
        id: id.get(),
        reference: reference.to_string(),
        name: shown(name),
        parent_id: parent.map(CategoryId::get),
        touched,
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

fn to_segmentation_row(organization: i32, record: &Segmentation, touched: i64) -> SegmentationRow {
    let Segmentation { id, reference, name } = record;
    SegmentationRow {
        organization_id: organization,
        id: id.get(),
        reference: reference.to_string(),
        name: shown(name),
        touched,
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

fn to_payment_type_row(organization: i32, record: &PaymentType, touched: i64) -> PaymentTypeRow {
    let PaymentType { id, reference, name } = record;
    PaymentTypeRow {
        organization_id: organization,
        id: id.get(),
        reference: reference.to_string(),
        name: shown(name),
        touched,
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

fn to_region_row(organization: i32, record: &Region, touched: i64) -> RegionRow {
    let Region { id, name, parent } = record;
    RegionRow {
        organization_id: organization,
        id: id.get(),
        name: name.to_string(),
        parent_id: parent.map(RegionId::get),
        touched,
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

fn to_user_row(organization: i32, record: &User, touched: i64) -> UserRow {
    let User { id, reference, username, name, email } = record;
    UserRow {
        organization_id: organization,
        id: id.get(),
        reference: reference.to_string(),
        username: shown(username),
        name: shown(name),
        email: shown(email),
        touched,
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
