//! The versions of the API, and links that repeat them.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

/// A version of the API. All are the same calls; links repeat the version of the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Version {
    /// `v1.0`
    V1_0,
    /// `v2.0`
    V2_0,
    /// `v2.1`
    V2_1,
}

impl Version {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::V1_0, Self::V2_0, Self::V2_1];

    /// The path's segment.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V1_0 => "v1.0",
            Self::V2_0 => "v2.0",
            Self::V2_1 => "v2.1",
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The path's segment names no version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the version is none of v1.0, v2.0 and v2.1")]
pub struct UnknownVersion;

impl FromStr for Version {
    type Err = UnknownVersion;

    fn from_str(text: &str) -> Result<Self, UnknownVersion> {
        Self::ALL.into_iter().find(|version| version.as_str() == text).ok_or(UnknownVersion)
    }
}

/// The path of one record: `/api/v1.0/customerCategories/2`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Href {
    /// The version of the request.
    pub version: Version,
    /// The collection: `customerCategories`.
    pub collection: &'static str,
    /// The record's id.
    pub id: i32,
}

impl fmt::Display for Href {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { version, collection, id } = self;
        write!(f, "/api/{version}/{collection}/{id}")
    }
}

impl Serialize for Href {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The collections of records, as paths name them.
pub mod collection {
    /// Customers.
    pub const CUSTOMERS: &str = "customers";
    /// Customer categories.
    pub const CATEGORIES: &str = "customerCategories";
    /// Customer segmentations.
    pub const SEGMENTATIONS: &str = "customerSegmentations";
    /// Payment types.
    pub const PAYMENT_TYPES: &str = "paymentTypes";
    /// Regions.
    pub const REGIONS: &str = "regions";
    /// Users.
    pub const USERS: &str = "users";
    /// Currencies.
    pub const CURRENCIES: &str = "currencies";
    /// Contacts.
    pub const CONTACTS: &str = "contacts";
}
