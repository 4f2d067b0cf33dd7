//! What customers refer to: `categories.csv`, `segmentations.csv`, `payment_types.csv`, `regions.csv`, `users.csv`.

use tradebook_model::{
    CategoryId, CategoryReference, PaymentTypeId, PaymentTypeReference, RegionId, RegionName,
    SegmentationId, SegmentationReference, ShortText, UserId, UserReference,
};

use super::rows;

rows! {
    /// A row of `categories.csv`.
    CategoryRow of Categories {
        /// The key.
        "reference" => reference: required CategoryReference,
        /// Assigned where it is absent.
        "id" => id: optional CategoryId,
        /// Its name.
        "name" => name: optional ShortText,
        /// The reference of the category above it.
        "parent" => parent: optional CategoryReference,
    }

    /// A row of `segmentations.csv`.
    SegmentationRow of Segmentations {
        /// The key.
        "reference" => reference: required SegmentationReference,
        /// Assigned where it is absent.
        "id" => id: optional SegmentationId,
        /// Its name.
        "name" => name: optional ShortText,
    }

    /// A row of `payment_types.csv`.
    PaymentTypeRow of PaymentTypes {
        /// The key.
        "reference" => reference: required PaymentTypeReference,
        /// Assigned where it is absent.
        "id" => id: optional PaymentTypeId,
        /// Its name.
        "name" => name: optional ShortText,
    }

    /// A row of `regions.csv`.
    RegionRow of Regions {
        /// The key.
        "name" => name: required RegionName,
        /// Assigned where it is absent.
        "id" => id: optional RegionId,
        /// The name of the region around it.
        "parent" => parent: optional RegionName,
    }

    /// A row of `users.csv`.
    UserRow of Users {
        /// The key.
        "reference" => reference: required UserReference,
        /// Assigned where it is absent.
        "id" => id: optional UserId,
        /// The name it signs in with.
        "username" => username: optional ShortText,
        /// Its name.
        "name" => name: optional ShortText,
        /// Its e-mail address.
        "email" => email: optional ShortText,
    }
}
