//! Purchases that customers made, as events that can be spent against.

use std::sync::Arc;

use rust_decimal::Decimal;
use time::{Date, OffsetDateTime};

use crate::price_list::words;
use crate::{
    Account, Currency, Description, DocumentNumber, LineQuantity, Money, OpaqueId, ProductCode,
    ProductId, ProductTypeName, RewardsParticipant, ShortText, SpendRequest, User,
};

words! {
    /// Whether an event or a spend request stands.
    PostingState, "POSTED or CANCELLED" {
        /// It stands.
        Posted = "POSTED",
        /// It was called off.
        Cancelled = "CANCELLED",
    }
}

words! {
    /// What a product type is.
    ProductClass, "SERVICES or PHYSICALGOODS" {
        /// Something done.
        Services = "SERVICES",
        /// Something handed over.
        PhysicalGoods = "PHYSICALGOODS",
    }
}

words! {
    /// How a service is charged.
    ServiceType, "TERMED, USAGE, ONETIME or EXPENSE" {
        /// For a term.
        Termed = "TERMED",
        /// By use.
        Usage = "USAGE",
        /// Once.
        OneTime = "ONETIME",
        /// As an expense.
        Expense = "EXPENSE",
    }
}

words! {
    /// Whether goods are followed one by one.
    GoodType, "TRACEABLE or NONTRACEABLE" {
        /// They are.
        Traceable = "TRACEABLE",
        /// They are not.
        NonTraceable = "NONTRACEABLE",
    }
}

words! {
    /// What a product of a type is made of.
    CompositionMethod, "FLAT, FLEXIBLEBUNDLE or FIXEDBUNDLE" {
        /// Itself.
        Flat = "FLAT",
        /// Others, by choice.
        FlexibleBundle = "FLEXIBLEBUNDLE",
        /// Others, always the same.
        FixedBundle = "FIXEDBUNDLE",
    }
}

/// A type of products. The name is the one that products carry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductType {
    /// Its id.
    pub id: OpaqueId,
    /// Its name, unique within the organization.
    pub name: ProductTypeName,
    /// Another code.
    pub alternative_code: Option<ShortText>,
    /// What it is, in words.
    pub description: Option<ShortText>,
    /// Services or goods.
    pub classification: Option<ProductClass>,
    /// How it is charged; of services alone.
    pub service_type: Option<ServiceType>,
    /// Whether pieces are followed; of goods alone.
    pub physical_good_type: Option<GoodType>,
    /// What it is made of.
    pub composition_method: Option<CompositionMethod>,
    /// Whether it is used to set services up.
    pub used_for_provisioning: Option<bool>,
}

/// A class of customer events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Classification {
    /// Its id.
    pub id: OpaqueId,
    /// Its name, unique within the organization.
    pub name: ShortText,
    /// Another code.
    pub alternative_code: Option<ShortText>,
}

/// A part of the business that performs events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// Its id.
    pub id: OpaqueId,
    /// Its name, unique within the organization.
    pub name: ShortText,
    /// The group that it belongs to.
    pub group_name: Option<ShortText>,
    /// The community that it belongs to.
    pub community_name: Option<ShortText>,
    /// Another code.
    pub alternative_code: Option<ShortText>,
    /// What it is, in words.
    pub description: Option<ShortText>,
}

/// The rate of a currency over a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RatePeriod {
    /// Its id, unique within the organization.
    pub id: OpaqueId,
    /// The currency.
    pub currency: Currency,
    /// Units of it for one of the organization's currency.
    pub rate: Option<Decimal>,
    /// The other way round, as it was given: not always the quotient.
    pub inverse_rate: Option<Decimal>,
    /// The first day.
    pub from_date: Option<Date>,
    /// The last day, if there is one.
    pub to_date: Option<Date>,
}

/// A product as an event shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventProduct {
    /// Its id.
    pub id: ProductId,
    /// Its code.
    pub code: ProductCode,
    /// Another code.
    pub alternative_code: Option<ShortText>,
    /// What it is called.
    pub description: Option<Description>,
    /// Its type.
    pub product_type: Option<Arc<ProductType>>,
}

/// A line of a purchase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PurchaseLine {
    /// Its id.
    pub id: OpaqueId,
    /// Its number within the event.
    pub line: i32,
    /// What was bought.
    pub product: Arc<EventProduct>,
    /// How much of it.
    pub quantity: Option<LineQuantity>,
    /// What it cost without tax.
    pub net_amount: Option<Money>,
    /// The tax.
    pub vat_amount: Option<Money>,
    /// What it cost with tax.
    pub total_amount: Option<Money>,
}

/// Who wrote a record, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogInformation {
    /// When it was created, to the second.
    pub created: OffsetDateTime,
    /// When it was changed last, to the second.
    pub updated: Option<OffsetDateTime>,
    /// Who created it.
    pub created_by: Option<Arc<User>>,
    /// Who changed it last.
    pub updated_by: Option<Arc<User>>,
}

/// A purchase, with everything that the interfaces show of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PurchaseEvent {
    /// Its id.
    pub id: OpaqueId,
    /// Its number, unique within the organization.
    pub number: DocumentNumber,
    /// Whether it stands.
    pub state: PostingState,
    /// When it happened, to the second. Events come in this order, then by number as text.
    pub performed_on: OffsetDateTime,
    /// What it was, in words.
    pub description: Option<ShortText>,
    /// A number by which others know it.
    pub reference_number: Option<ShortText>,
    /// The system that it comes from.
    pub external_system: Option<ShortText>,
    /// Its number there.
    pub external_system_reference_number: Option<ShortText>,
    /// The account that it is booked to.
    pub account: Arc<Account>,
    /// The rewards participant of that account.
    pub rewards_participant: Option<Arc<RewardsParticipant>>,
    /// What kind of event it is.
    pub classification: Option<Arc<Classification>>,
    /// Who performed it.
    pub performed_by: Option<Arc<Unit>>,
    /// The currency of its amounts.
    pub currency: Option<Arc<Currency>>,
    /// The rate at which its amounts count in another currency.
    pub rate_period: Option<Arc<RatePeriod>>,
    /// Who wrote it, and when.
    pub log: LogInformation,
    /// What was bought, by line. Empty where it was not asked for.
    pub lines: Vec<PurchaseLine>,
    /// The spend requests against it, by `performed_on` and number. Empty where they were not asked for.
    pub spend_requests: Vec<SpendRequest>,
}

/// Sums over the lines of a purchase. A sum is absent where no line has an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PurchaseTotals {
    /// Without tax.
    pub net: Option<Decimal>,
    /// The tax.
    pub vat: Option<Decimal>,
    /// With tax.
    pub total: Option<Decimal>,
}

impl PurchaseTotals {
    /// The sums.
    pub fn of(lines: &[PurchaseLine]) -> Self {
        Self {
            net: sum(lines.iter().map(|line| line.net_amount)),
            vat: sum(lines.iter().map(|line| line.vat_amount)),
            total: sum(lines.iter().map(|line| line.total_amount)),
        }
    }
}

fn sum(amounts: impl Iterator<Item = Option<Money>>) -> Option<Decimal> {
    amounts.flatten().map(Money::to_decimal).reduce(|a, b| a + b)
}

/// How a request names one event.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum EventIdentifier {
    /// By its id.
    Id(String),
    /// By its number.
    Number(String),
}

/// How a request names a classification.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ClassificationIdentifier {
    /// By its id.
    Id(String),
    /// By its name.
    Name(String),
    /// By its other code, which must be one classification's alone.
    AlternativeCode(String),
}
