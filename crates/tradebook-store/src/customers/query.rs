//! Which customers a list shows, and in which order.

use time::OffsetDateTime;

use super::wildcard::Wildcard;

/// Bounds of an instant; all that are given must hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct InstantBounds {
    /// Later than this.
    pub after: Option<OffsetDateTime>,
    /// At this or later.
    pub from: Option<OffsetDateTime>,
    /// Earlier than this.
    pub before: Option<OffsetDateTime>,
    /// At this or earlier.
    pub to: Option<OffsetDateTime>,
}

/// Which customers a list shows: those that meet all conditions.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CustomerFilter {
    /// Of the reference.
    pub reference: Option<Wildcard>,
    /// Of the name.
    pub name: Option<Wildcard>,
    /// Of the category's reference.
    pub category_reference: Option<Wildcard>,
    /// Whether they are active.
    pub is_active: Option<bool>,
    /// When they came to be. Instants count as they are shown: in whole seconds.
    pub created: InstantBounds,
    /// When they last changed, in whole seconds.
    pub updated: InstantBounds,
}

/// A page of a list of customers.
#[derive(Debug, Clone, PartialEq)]
pub struct CustomerQuery {
    /// Which ones.
    pub filter: CustomerFilter,
    /// In the order of this field, and within the same value by id. Absent values come first.
    pub sort: CustomerSort,
    /// From the greatest value to the least; ids too.
    pub descending: bool,
    /// How many are passed over.
    pub offset: u64,
    /// How many are shown at most.
    pub max: u32,
}

impl Default for CustomerQuery {
    /// The first hundred by creation.
    fn default() -> Self {
        Self {
            filter: CustomerFilter::default(),
            sort: CustomerSort::Created,
            descending: false,
            offset: 0,
            max: 100,
        }
    }
}

macro_rules! sorts {
    ($($(#[$doc:meta])* $name:ident, $field:literal, $column:literal;)*) => {
        /// A field by which customers can be sorted: every scalar field of the resource.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum CustomerSort {
            $($(#[$doc])* #[doc = concat!("`", $field, "`")] $name,)*
        }

        impl CustomerSort {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The name of the field in the resource.
            pub const fn field(self) -> &'static str {
                match self { $(Self::$name => $field,)* }
            }

            /// What the database sorts by; empty where all values are the same.
            pub(super) const fn column(self) -> &'static str {
                match self { $(Self::$name => $column,)* }
            }
        }
    };
}

sorts! {
    Id, "id", "customers.id";
    Reference, "reference", "customers.reference";
    Reference2, "reference2", "customers.reference2";
    Name, "name", "customers.name";
    CategoryReference, "categoryReference",
        "(SELECT categories.reference FROM categories \
         WHERE categories.organization_id = customers.organization_id \
         AND categories.id = customers.category_id)";
    IsSubCustomer, "isSubCustomer", "customers.is_sub_customer";
    BillWithParent, "billWithParent", "customers.bill_with_parent";
    SegmentationReference, "customerSegmentationReference",
        "(SELECT segmentations.reference FROM segmentations \
         WHERE segmentations.organization_id = customers.organization_id \
         AND segmentations.id = customers.segmentation_id)";
    PocTenus, "pocTenus", "";
    Email, "email", "customers.email";
    Logo, "logo", "customers.logo";
    Phone, "phone", "customers.phone";
    Mobile, "mobile", "customers.mobile";
    Fax, "fax", "customers.fax";
    Comment, "comment", "customers.comment";
    Barcode, "barcode", "customers.barcode";
    IsSameAddress, "isSameAddress", "customers.is_same_address";
    BillingCountry, "billingCountry", "customers.billing_country";
    BillingCity, "billingCity", "customers.billing_city";
    BillingPostalCode, "billingPostalCode", "customers.billing_postal_code";
    BillingAddress, "billingAddress", "customers.billing_address";
    BillingLat, "billingLat", "customers.billing_latitude";
    BillingLng, "billingLng", "customers.billing_longitude";
    Country, "country", "customers.shipping_country";
    City, "city", "customers.shipping_city";
    PostalCode, "postalCode", "customers.shipping_postal_code";
    Address, "address", "customers.shipping_address";
    Latitude, "latitude", "customers.shipping_latitude";
    Longitude, "longitude", "customers.shipping_longitude";
    IsCredit, "isCredit", "";
    CreditLimit, "creditLimit", "customers.credit_limit";
    Balance, "balance", "";
    MaxChequePeriod, "maxChequePeriod", "";
    MaxChequeValue, "maxChequeValue", "";
    AppliedCashBackOutput, "appliedCashBackOutput", "";
    ReturnDiscount, "returnDiscount", "";
    InvoicesPerRoute, "invoicesPerRoute", "";
    IsActive, "isActive", "customers.is_active";
    OnHold, "onHold", "customers.on_hold";
    OnHoldReason, "onHoldReason", "customers.on_hold_reason";
    PaymentTerm, "paymentTerm", "";
    DueDateConfigNumber, "dueDateConfigNumber", "customers.due_date_config_number";
    DueDateConfigType, "dueDateConfigType",
        "(CASE customers.due_date_config_type WHEN 1 THEN 2 WHEN 2 THEN 1 END)";
    Website, "website", "customers.website";
    TaxNumber, "taxNumber", "customers.tax_number";
    CompanyRegistrationNumber, "companyRegistrationNumber",
        "customers.company_registration_number";
    Currency, "currency", "customers.currency";
    CustomerRisk, "customerRisk", "customers.customer_risk";
    CustomerRiskColor, "customerRiskColor", "customers.customer_risk_color";
    Organization, "organization", "";
    Created, "dateCreated", "customers.date_created";
    Updated, "lastUpdated", "customers.last_updated";
}

impl CustomerSort {
    /// The field of a name, in exactly this spelling.
    pub fn from_field(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|sort| sort.field() == name)
    }

    /// Whether it sorts texts, which both databases are to compare by code point.
    pub(super) const fn is_text(self) -> bool {
        !matches!(
            self,
            Self::Id
                | Self::IsSubCustomer
                | Self::BillWithParent
                | Self::IsSameAddress
                | Self::BillingLat
                | Self::BillingLng
                | Self::Latitude
                | Self::Longitude
                | Self::CreditLimit
                | Self::IsActive
                | Self::OnHold
                | Self::DueDateConfigNumber
                | Self::DueDateConfigType
                | Self::Created
                | Self::Updated
        )
    }

    /// Whether the values may be absent.
    pub(super) const fn is_optional(self) -> bool {
        !matches!(
            self,
            Self::Id
                | Self::Reference
                | Self::Name
                | Self::IsSubCustomer
                | Self::BillWithParent
                | Self::IsSameAddress
                | Self::IsActive
                | Self::OnHold
                | Self::Currency
                | Self::Created
                | Self::Updated
        )
    }
}
