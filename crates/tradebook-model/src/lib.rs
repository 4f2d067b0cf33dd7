#![doc = include_str!("../README.md")]

mod account;
mod agreement;
mod book_data;
mod buying_history;
mod contact;
mod currency;
mod customer;
mod customer_changes;
mod error;
mod event_query;
mod ids;
mod image_name;
mod ledger;
mod money;
mod organization;
mod price_list;
mod product;
mod purchase_event;
mod quantity;
mod reference_data;
mod spend_request;
mod text;
mod time_zone;
mod validity;

pub use account::{
    AccessTokenIdentifier, AccessTokenState, Account, AccountIdentifier, AccountState,
    ParticipantIdentifier, RewardsParticipant,
};
pub use agreement::{AgreedPrice, BulkRule, CustomerPartNumber, Terms};
pub use book_data::{BookCustomer, BookData, BookProduct};
pub use buying_history::{BuyingFacts, BuyingProduct, HistoryBasis, HistoryLine};
pub use contact::Contact;
pub use currency::{Currency, CurrencyCode};
pub use customer::{Customer, CustomerProfile, DueDateRule, Place};
pub use customer_changes::{Change, CustomerChanges, PlaceChanges, RecordRef};
pub use error::ModelError;
pub use event_query::{EventFilter, EventPage, EventParts, EventSelector};
pub use ids::{
    CategoryId, ContactId, CustomerId, KeyId, OrganizationId, ParticipantId, PaymentTypeId,
    PriceListId, ProductId, RegionId, Revision, SegmentationId, UserId,
};
pub use image_name::ImageName;
pub use ledger::{InvoiceKind, InvoiceLine, OrderKind, OrderLine, OrderStatus};
pub use money::{MICROS_PER_UNIT, Money, Percent, percent_of};
pub use organization::{
    NullDecimals, Organization, OrganizationName, PriceListCustomers, Setting, Settings,
};
pub use price_list::{Derivation, ListSource, ListType, Price, PriceList, PriceRow};
pub use product::{Barcodes, Product, ProductStatus};
pub use purchase_event::{
    Classification, ClassificationIdentifier, CompositionMethod, EventIdentifier, EventProduct,
    GoodType, LogInformation, PostingState, ProductClass, ProductType, PurchaseEvent, PurchaseLine,
    PurchaseTotals, RatePeriod, ServiceType, Unit,
};
pub use quantity::{BreakQuantity, LineQuantity, SignedQuantity};
pub use reference_data::{Category, PaymentType, Region, Segmentation, User};
pub use spend_request::{SpendKind, SpendPeriod, SpendRequest, SpendTotals};
pub use text::{
    AccessTokenNumber, AccountNumber, Barcode, CategoryReference, ContactReference,
    CustomerReference, Description, DocumentNumber, ListName, OpaqueId, PartNumber,
    ParticipantNumber, PaymentTypeReference, PriceListCode, ProductCode, ProductTypeName,
    RegionName, SegmentationReference, ShortText, UserReference,
};
pub use time::{Date, Month, OffsetDateTime, PrimitiveDateTime};
pub use time_zone::TimeZone;
pub use validity::Validity;
