//! Records that customers refer to.

use crate::{
    CategoryId, CategoryReference, PaymentTypeId, PaymentTypeReference, RegionId, RegionName,
    SegmentationId, SegmentationReference, ShortText, UserId, UserReference,
};

/// A customer category; categories form a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    /// Its id.
    pub id: CategoryId,
    /// Its reference, unique within the organization.
    pub reference: CategoryReference,
    /// Its name.
    pub name: Option<ShortText>,
    /// The category above it.
    pub parent: Option<CategoryId>,
}

/// A customer segmentation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segmentation {
    /// Its id.
    pub id: SegmentationId,
    /// Its reference, unique within the organization.
    pub reference: SegmentationReference,
    /// Its name.
    pub name: Option<ShortText>,
}

/// A way to pay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentType {
    /// Its id.
    pub id: PaymentTypeId,
    /// Its reference, unique within the organization.
    pub reference: PaymentTypeReference,
    /// Its name.
    pub name: Option<ShortText>,
}

/// A geographical region; regions form levels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// Its id.
    pub id: RegionId,
    /// Its name, unique within the organization.
    pub name: RegionName,
    /// The region around it.
    pub parent: Option<RegionId>,
}

/// A person who works with the customers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Its id.
    pub id: UserId,
    /// Its reference, unique within the organization.
    pub reference: UserReference,
    /// The name it signs in with.
    pub username: Option<ShortText>,
    /// Its name.
    pub name: Option<ShortText>,
    /// Its e-mail address.
    pub email: Option<ShortText>,
}
