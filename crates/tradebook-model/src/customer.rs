//! Customers: one record, seen by every dialect.

use validator::Validate;

use crate::{
    CategoryId, CurrencyCode, CustomerId, CustomerReference, ModelError, Money, PaymentTypeId,
    RegionId, SegmentationId, ShortText, Terms, UserId,
};

/// A customer.
#[derive(Debug, Clone, PartialEq)]
pub struct Customer {
    /// Its internal id.
    pub id: CustomerId,
    /// Its reference, which is its account number; unique within the organization.
    pub reference: CustomerReference,
    /// Its name.
    pub name: ShortText,
    /// The currency it trades in.
    pub currency: CurrencyCode,
    /// The terms on which it buys.
    pub terms: Terms,
    /// All that prices do not depend on.
    pub profile: CustomerProfile,
}

/// An address with its position.
#[derive(Debug, Clone, PartialEq, Default, Validate)]
pub struct Place {
    /// ISO 3166 code, or a name as given.
    #[validate(length(max = 255, message = "has more than 255 characters"))]
    pub country: Option<String>,
    /// Town.
    #[validate(length(max = 255, message = "has more than 255 characters"))]
    pub city: Option<String>,
    /// Postal code.
    #[validate(length(max = 255, message = "has more than 255 characters"))]
    pub postal_code: Option<String>,
    /// Street and number.
    #[validate(length(max = 1000, message = "has more than 1000 characters"))]
    pub address: Option<String>,
    /// Degrees north.
    #[validate(range(min = -90.0, max = 90.0, message = "is not between -90 and 90"))]
    pub latitude: Option<f64>,
    /// Degrees east.
    #[validate(range(min = -180.0, max = 180.0, message = "is not between -180 and 180"))]
    pub longitude: Option<f64>,
}

/// From when the days until payment count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DueDateRule {
    /// 1: from the day of the invoice.
    AfterInvoiceDate,
    /// 2: from the end of the invoice's month.
    AfterEndOfInvoiceMonth,
}

impl DueDateRule {
    /// The number by which it is written in files and parameters.
    pub const fn number(self) -> i16 {
        match self {
            Self::AfterInvoiceDate => 1,
            Self::AfterEndOfInvoiceMonth => 2,
        }
    }

    /// The word by which answers know it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::AfterInvoiceDate => "daysAfterInvoiceDate",
            Self::AfterEndOfInvoiceMonth => "daysAfterEndOfInvoiceMonth",
        }
    }
}

impl std::str::FromStr for DueDateRule {
    type Err = ModelError;

    /// Reads `1` or `2`, or the word.
    fn from_str(text: &str) -> Result<Self, ModelError> {
        match text.trim() {
            "1" | "daysAfterInvoiceDate" => Ok(Self::AfterInvoiceDate),
            "2" | "daysAfterEndOfInvoiceMonth" => Ok(Self::AfterEndOfInvoiceMonth),
            _ => Err(ModelError::unreadable(
                text,
                "1 (days after the invoice date) or 2 (days after the end of the invoice month)",
            )),
        }
    }
}

/// What is known of a customer beyond its prices.
#[derive(Debug, Clone, PartialEq, Validate)]
pub struct CustomerProfile {
    /// A second reference.
    #[validate(length(max = 255, message = "has more than 255 characters"))]
    pub reference2: Option<String>,
    /// Its category.
    pub category: Option<CategoryId>,
    /// Whether it belongs to a parent customer.
    pub is_sub_customer: bool,
    /// The parent customer.
    pub parent: Option<CustomerId>,
    /// Whether the parent is invoiced.
    pub bill_with_parent: bool,
    /// Its segmentation.
    pub segmentation: Option<SegmentationId>,
    /// E-mail address.
    #[validate(length(max = 255, message = "has more than 255 characters"))]
    pub email: Option<String>,
    /// Telephone.
    #[validate(length(max = 255, message = "has more than 255 characters"))]
    pub phone: Option<String>,
    /// Mobile telephone.
    #[validate(length(max = 255, message = "has more than 255 characters"))]
    pub mobile: Option<String>,
    /// Fax.
    #[validate(length(max = 255, message = "has more than 255 characters"))]
    pub fax: Option<String>,
    /// Remarks.
    #[validate(length(max = 10_000, message = "has more than 10000 characters"))]
    pub comment: Option<String>,
    /// The customer's barcode.
    #[validate(length(max = 255, message = "has more than 255 characters"))]
    pub barcode: Option<String>,
    /// Whether goods go to the billing address.
    pub is_same_address: bool,
    /// Where invoices go.
    #[validate(nested)]
    pub billing: Place,
    /// Where goods go.
    #[validate(nested)]
    pub shipping: Place,
    /// The most it may owe.
    pub credit_limit: Option<Money>,
    /// Whether it is active.
    pub is_active: bool,
    /// Whether deliveries are stopped.
    pub on_hold: bool,
    /// Why.
    #[validate(length(max = 255, message = "has more than 255 characters"))]
    pub on_hold_reason: Option<String>,
    /// The user who looks after it.
    pub user: Option<UserId>,
    /// Days until payment.
    #[validate(range(min = 0, max = 10_000, message = "is not between 0 and 10000"))]
    pub due_date_config_number: Option<i32>,
    /// From when they count.
    pub due_date_config_type: Option<DueDateRule>,
    /// The ways it may pay, in order, without duplicates.
    pub payment_types: Vec<PaymentTypeId>,
    /// Web site.
    #[validate(length(max = 255, message = "has more than 255 characters"))]
    pub website: Option<String>,
    /// Tax number.
    #[validate(length(max = 255, message = "has more than 255 characters"))]
    pub tax_number: Option<String>,
    /// Number in the companies' register.
    #[validate(length(max = 255, message = "has more than 255 characters"))]
    pub company_registration_number: Option<String>,
    /// How risky it is, in words.
    #[validate(length(max = 255, message = "has more than 255 characters"))]
    pub customer_risk: Option<String>,
    /// The colour of that risk, `#RRGGBB`.
    #[validate(length(max = 20, message = "has more than 20 characters"))]
    pub customer_risk_color: Option<String>,
    /// Its region.
    pub region: Option<RegionId>,
}

impl Default for CustomerProfile {
    /// What a new customer has: active, one address, nothing else.
    fn default() -> Self {
        Self {
            reference2: None,
            category: None,
            is_sub_customer: false,
            parent: None,
            bill_with_parent: false,
            segmentation: None,
            email: None,
            phone: None,
            mobile: None,
            fax: None,
            comment: None,
            barcode: None,
            is_same_address: true,
            billing: Place::default(),
            shipping: Place::default(),
            credit_limit: None,
            is_active: true,
            on_hold: false,
            on_hold_reason: None,
            user: None,
            due_date_config_number: None,
            due_date_config_type: None,
            payment_types: Vec::new(),
            website: None,
            tax_number: None,
            company_registration_number: None,
            customer_risk: None,
            customer_risk_color: None,
            region: None,
        }
    }
}

impl CustomerProfile {
    /// Checks lengths and ranges. All faults come back, each as the field's name and what is wrong with it.
    pub fn faults(&self) -> Result<(), Vec<(String, String)>> {
        named_faults(self.validate())
    }
}

/// The faults of a record in the order of its fields' names, each with that name.
pub(crate) fn named_faults(
    validated: Result<(), validator::ValidationErrors>,
) -> Result<(), Vec<(String, String)>> {
    let Err(errors) = validated else { return Ok(()) };
    let mut faults = Vec::new();
    collect("", &errors, &mut faults);
    faults.sort();
    Err(faults)
}

fn collect(prefix: &str, errors: &validator::ValidationErrors, into: &mut Vec<(String, String)>) {
    for (field, kind) in errors.errors() {
        match kind {
            validator::ValidationErrorsKind::Struct(inner) => {
                collect(&format!("{field}."), inner, into);
            }
            validator::ValidationErrorsKind::Field(list) => {
                for error in list {
                    let message = error.message.clone().unwrap_or_else(|| error.code.clone());
                    into.push((format!("{prefix}{field}"), message.into_owned()));
                }
            }
            validator::ValidationErrorsKind::List(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_name_the_field() {
        let mut profile = CustomerProfile::default();
        assert_eq!(profile.faults(), Ok(()));
        profile.billing.latitude = Some(91.0);
        profile.email = Some("x".repeat(256));
        assert_eq!(
            profile.faults(),
            Err(vec![
                ("billing.latitude".into(), "is not between -90 and 90".into()),
                ("email".into(), "has more than 255 characters".into()),
            ])
        );
    }
}
