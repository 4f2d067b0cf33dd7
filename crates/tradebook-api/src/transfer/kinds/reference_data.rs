//! What customers refer to: `categories.csv`, `segmentations.csv`, `payment_types.csv`, `regions.csv`, `users.csv`.

use tradebook_model::{
    Category, CategoryId, PaymentType, PaymentTypeId, Region, RegionId, Segmentation,
    SegmentationId, User, UserId,
};
use tradebook_store::import::Coded;
use tradebook_wire::csv::{
    CategoryRow, Column, PaymentTypeRow, RegionRow, SegmentationRow, UserRow,
};

use crate::transfer::apply::{Kind, RowContext};

pub(in crate::transfer) struct Categories;

impl Kind for Categories {
    type Row = CategoryRow;
    type Record = Category;

    const CODED: Option<Coded> = Some(Coded::Categories);
    const REFERS_TO: &'static [Coded] = &[];
    const KEY: &'static [&'static str] = &["reference"];

    fn key(row: &CategoryRow, at: &mut RowContext<'_>) -> Option<CategoryId> {
        at.own_id(Coded::Categories, row.reference.as_str(), CategoryId::new)
    }

    fn merge(
        key: &CategoryId,
        row: CategoryRow,
        stored: Option<&Category>,
        at: &mut RowContext<'_>,
    ) -> Option<Category> {
        let CategoryRow { reference, id: _, name, parent } = row;
        let parent = match parent {
            Column::Absent => stored.and_then(|stored| stored.parent),
            Column::Empty => None,
            Column::Given(parent) => {
                let own = Coded::Categories;
                Some(at.refer_to_own_kind(own, "parent", parent.as_str(), CategoryId::new)?)
            }
        };
        Some(Category {
            id: *key,
            reference,
            name: name.over(stored.and_then(|stored| stored.name.clone())),
            parent,
        })
    }

    fn id(record: &Category) -> Option<i32> {
        Some(record.id.get())
    }
}

pub(in crate::transfer) struct Segmentations;

impl Kind for Segmentations {
    type Row = SegmentationRow;
    type Record = Segmentation;

    const CODED: Option<Coded> = Some(Coded::Segmentations);
    const REFERS_TO: &'static [Coded] = &[];
    const KEY: &'static [&'static str] = &["reference"];

    fn key(row: &SegmentationRow, at: &mut RowContext<'_>) -> Option<SegmentationId> {
        at.own_id(Coded::Segmentations, row.reference.as_str(), SegmentationId::new)
    }

    fn merge(
        key: &SegmentationId,
        row: SegmentationRow,
        stored: Option<&Segmentation>,
        _at: &mut RowContext<'_>,
    ) -> Option<Segmentation> {
        let SegmentationRow { reference, id: _, name } = row;
        Some(Segmentation {
            id: *key,
            reference,
            name: name.over(stored.and_then(|stored| stored.name.clone())),
        })
    }

    fn id(record: &Segmentation) -> Option<i32> {
        Some(record.id.get())
    }
}

pub(in crate::transfer) struct PaymentTypes;

impl Kind for PaymentTypes {
    type Row = PaymentTypeRow;
    type Record = PaymentType;

    const CODED: Option<Coded> = Some(Coded::PaymentTypes);
    const REFERS_TO: &'static [Coded] = &[];
    const KEY: &'static [&'static str] = &["reference"];

    fn key(row: &PaymentTypeRow, at: &mut RowContext<'_>) -> Option<PaymentTypeId> {
        at.own_id(Coded::PaymentTypes, row.reference.as_str(), PaymentTypeId::new)
    }

    fn merge(
        key: &PaymentTypeId,
        row: PaymentTypeRow,
        stored: Option<&PaymentType>,
        at: &mut RowContext<'_>,
    ) -> Option<PaymentType> {
        let PaymentTypeRow { reference, id: _, name } = row;
        if reference.as_str().contains('|') {
            at.fault(
                "reference",
                "must not contain `|`, which separates references in customers.csv",
            );
            return None;
        }
        Some(PaymentType {
            id: *key,
            reference,
            name: name.over(stored.and_then(|stored| stored.name.clone())),
        })
    }

    fn id(record: &PaymentType) -> Option<i32> {
        Some(record.id.get())
    }
}

pub(in crate::transfer) struct Regions;

impl Kind for Regions {
    type Row = RegionRow;
    type Record = Region;

    const CODED: Option<Coded> = Some(Coded::Regions);
    const REFERS_TO: &'static [Coded] = &[];
    const KEY: &'static [&'static str] = &["name"];

    fn key(row: &RegionRow, at: &mut RowContext<'_>) -> Option<RegionId> {
        at.own_id(Coded::Regions, row.name.as_str(), RegionId::new)
    }

    fn merge(
        key: &RegionId,
        row: RegionRow,
        stored: Option<&Region>,
        at: &mut RowContext<'_>,
    ) -> Option<Region> {
        let RegionRow { name, id: _, parent } = row;
        let parent = match parent {
            Column::Absent => stored.and_then(|stored| stored.parent),
            Column::Empty => None,
            Column::Given(parent) => {
                let own = Coded::Regions;
                Some(at.refer_to_own_kind(own, "parent", parent.as_str(), RegionId::new)?)
            }
        };
        Some(Region { id: *key, name, parent })
    }

    fn id(record: &Region) -> Option<i32> {
        Some(record.id.get())
    }
}

pub(in crate::transfer) struct Users;

impl Kind for Users {
    type Row = UserRow;
    type Record = User;

    const CODED: Option<Coded> = Some(Coded::Users);
    const REFERS_TO: &'static [Coded] = &[];
    const KEY: &'static [&'static str] = &["reference"];

    fn key(row: &UserRow, at: &mut RowContext<'_>) -> Option<UserId> {
        at.own_id(Coded::Users, row.reference.as_str(), UserId::new)
    }

    fn merge(
        key: &UserId,
        row: UserRow,
        stored: Option<&User>,
        _at: &mut RowContext<'_>,
    ) -> Option<User> {
        let UserRow { reference, id: _, username, name, email } = row;
        Some(User {
            id: *key,
            reference,
            username: username.over(stored.and_then(|stored| stored.username.clone())),
            name: name.over(stored.and_then(|stored| stored.name.clone())),
            email: email.over(stored.and_then(|stored| stored.email.clone())),
        })
    }

    fn id(record: &User) -> Option<i32> {
        Some(record.id.get())
    }
}
