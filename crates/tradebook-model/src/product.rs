//! Products.

use time::Date;

use crate::{
    Barcode, Description, ModelError, Money, Percent, ProductCode, ProductId, ProductTypeName,
    ShortText,
};

/// Whether a product may be sold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ProductStatus {
    /// 1: sold and bought in.
    #[default]
    Active,
    /// 2: sold while stock lasts.
    RunningDown,
    /// 3: no longer sold; left out of price lists.
    NotForSale,
}

impl ProductStatus {
    /// The number by which the interfaces know it: 1, 2 or 3.
    pub const fn number(self) -> i16 {
        match self {
            Self::Active => 1,
            Self::RunningDown => 2,
            Self::NotForSale => 3,
        }
    }

    /// The status of a number.
    pub fn from_number(number: i16) -> Result<Self, ModelError> {
        match number {
            1 => Ok(Self::Active),
            2 => Ok(Self::RunningDown),
            3 => Ok(Self::NotForSale),
            _ => Err(ModelError::out_of_range(
                "the status",
                "1 (active), 2 (running down) or 3 (not for sale)",
                number,
            )),
        }
    }
}

/// A product's four barcodes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Barcodes {
    /// The item itself.
    pub item: Option<Barcode>,
    /// The inner pack.
    pub inner: Option<Barcode>,
    /// The outer carton.
    pub outer: Option<Barcode>,
    /// What a till scans.
    pub epos: Option<Barcode>,
}

/// A product that is, was or will be sold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    /// Its internal id.
    pub id: ProductId,
    /// Its part number, unique within the organization.
    pub code: ProductCode,
    /// What it is called.
    pub description: Option<Description>,
    /// Whether it may be sold.
    pub status: ProductStatus,
    /// Its barcodes.
    pub barcodes: Barcodes,
    /// What one costs to buy, in the organization's currency.
    pub cost: Option<Money>,
    /// The rate of value added tax in per cent.
    pub vat_rate: Option<Percent>,
    /// How many can be sold now; negative where more are promised than there are.
    pub available: i32,
    /// The day on which it is next available.
    pub next_available: Option<Date>,
    /// The name of its product type.
    pub product_type: Option<ProductTypeName>,
    /// Another code, by which events show it.
    pub alternative_code: Option<ShortText>,
}
