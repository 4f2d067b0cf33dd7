#![doc = include_str!("../README.md")]

mod agreement;
mod book_data;
mod buying_history;
mod contact;
mod currency;
mod customer;
mod customer_changes;
mod error;
mod ids;
mod image_name;
mod ledger;
mod money;
mod organization;
mod price_list;
mod product;
mod quantity;
mod reference_data;
mod text;
mod time_zone;
mod validity;

pub use agreement::{AgreedPrice, BulkRule, CustomerPartNumber, Terms};
pub use book_data::{BookCustomer, BookData, BookProduct};
pub use buying_history::{BuyingFacts, BuyingProduct, HistoryBasis, HistoryLine};
pub use contact::Contact;
pub use currency::{Currency, CurrencyCode};
pub use customer::{Customer, CustomerProfile, DueDateRule, Place};
pub use customer_changes::{Change, CustomerChanges, PlaceChanges, RecordRef};
pub use error::ModelError;
pub use ids::{
    CategoryId, ContactId, CustomerId, KeyId, OrganizationId, PaymentTypeId, PriceListId,
    ProductId, RegionId, Revision, SegmentationId, UserId,
};
pub use image_name::ImageName;
pub use ledger::{InvoiceKind, InvoiceLine, OrderKind, OrderLine, OrderStatus};
pub use money::{MICROS_PER_UNIT, Money, Percent, percent_of};
pub use organization::{
    NullDecimals, Organization, OrganizationName, PriceListCustomers, Setting, Settings,
};
pub use price_list::{Derivation, ListSource, ListType, Price, PriceList, PriceRow};
pub use product::{Barcodes, Product, ProductStatus};
pub use quantity::{BreakQuantity, SignedQuantity};
pub use reference_data::{Category, PaymentType, Region, Segmentation, User};
pub use text::{
    Barcode, CategoryReference, CustomerReference, Description, DocumentNumber, ListName,
    PartNumber, PaymentTypeReference, PriceListCode, ProductCode, ProductTypeName, RegionName,
    SegmentationReference, ShortText, UserReference,
};
pub use time::{Date, Month, OffsetDateTime, PrimitiveDateTime};
pub use time_zone::TimeZone;
pub use validity::Validity;
