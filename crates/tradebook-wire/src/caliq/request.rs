//! What the three calls ask for, and the rules that a request keeps.

use std::fmt;

use tradebook_model::HistoryBasis;

use super::ModelState;
use members::{Member, Members, Slot, Value};

/// One of the three requests.
///
/// The trait is sealed: its other half is the table of members that the readers and writers go by.
pub trait Request: Members + fmt::Debug + Clone + PartialEq + Default {
    /// The name of the root element in XML, which is also the documented name of the type.
    const ROOT: &'static str;

    /// The key that was sent, as it was sent; absent or empty counts as none.
    fn api_key(&self) -> Option<&str>;

    /// Reports every rule that the request breaks, except for members that `faults` names already because they could
    /// not be read.
    ///
    /// A missing `apiKey` is no fault here: it is answered with 401 before any rule is looked at.
    fn check(&self, faults: &mut ModelState);
}

pub(crate) mod members {
    //! The members of a request, seen by the readers and writers.

    /// A member as documented.
    #[derive(Debug, Clone, Copy)]
    pub struct Member {
        pub name: &'static str,
        /// Whether JSON that leaves it out is refused; XML that does so leaves it at its default.
        pub required_in_json: bool,
    }

    /// Where the value of a member goes.
    pub enum Slot<'a> {
        Text(&'a mut Option<String>),
        Flag(&'a mut bool),
        Int(&'a mut i32),
        Ints(&'a mut Vec<i32>),
        Texts(&'a mut Vec<String>),
    }

    /// The value of a member.
    pub enum Value<'a> {
        Text(Option<&'a str>),
        Flag(bool),
        Int(i32),
        Ints(&'a [i32]),
        Texts(&'a [String]),
    }

    /// A request as a table.
    pub trait Members {
        /// In the order of the documented samples: lists first.
        const MEMBERS: &'static [Member];

        /// Where the value of the member at a position in the table goes.
        fn slot(&mut self, position: usize) -> Option<Slot<'_>>;

        /// Names and values, in the order of the table.
        fn values(&self) -> Vec<(&'static str, Value<'_>)>;
    }
}

macro_rules! slot {
    (Text $place:expr) => {
        Slot::Text(&mut $place)
    };
    (Flag $place:expr) => {
        Slot::Flag(&mut $place)
    };
    (Int $place:expr) => {
        Slot::Int(&mut $place)
    };
    (Ints $place:expr) => {
        Slot::Ints(&mut $place)
    };
    (Texts $place:expr) => {
        Slot::Texts(&mut $place)
    };
}

macro_rules! value {
    (Text $place:expr) => {
        Value::Text($place.as_deref())
    };
    (Flag $place:expr) => {
        Value::Flag($place)
    };
    (Int $place:expr) => {
        Value::Int($place)
    };
    (Ints $place:expr) => {
        Value::Ints(&$place)
    };
    (Texts $place:expr) => {
        Value::Texts(&$place)
    };
}

macro_rules! required {
    () => {
        false
    };
    (required) => {
        true
    };
}

macro_rules! request {
    ($request:ident = $root:literal {
        $($field:ident: $kind:ident = $name:literal $(, $required:ident)?;)*
    }) => {
        impl Members for $request {
            const MEMBERS: &'static [Member] = &[
                $(Member { name: $name, required_in_json: required!($($required)?) },)*
            ];

            fn slot(&mut self, position: usize) -> Option<Slot<'_>> {
                match Self::MEMBERS.get(position)?.name {
                    $($name => Some(slot!($kind self.$field)),)*
                    _ => None,
                }
            }

            fn values(&self) -> Vec<(&'static str, Value<'_>)> {
                vec![$(($name, value!($kind self.$field)),)*]
            }
        }

        impl fmt::Debug for $request {
            /// Shows everything but the key.
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                debug(f, $root, self.values())
            }
        }
    };
}

fn debug(
    f: &mut fmt::Formatter<'_>,
    root: &str,
    values: Vec<(&'static str, Value<'_>)>,
) -> fmt::Result {
    let mut shown = f.debug_struct(root);
    for (name, value) in values {
        match value {
            Value::Text(text) if name == "apiKey" => shown.field(name, &text.map(|_| "…")),
            Value::Text(text) => shown.field(name, &text),
            Value::Flag(flag) => shown.field(name, &flag),
            Value::Int(int) => shown.field(name, &int),
            Value::Ints(ints) => shown.field(name, &ints),
            Value::Texts(texts) => shown.field(name, &texts),
        };
    }
    shown.finish()
}

/// `PriceListParams`, the request of `POST api/v1/PriceListNormal`.
///
/// An absent list, `null` and an empty list are the same: no filter. A `null` among account numbers or codes is kept as
/// an empty text, which names nothing but makes the list a filter.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct PriceListRequest {
    /// `CustomerIDs`: the customers whose own lists are wanted, by id.
    pub customer_ids: Vec<i32>,
    /// `AccountNumbers`: the same by account number.
    pub account_numbers: Vec<String>,
    /// `ProductIDs`: the products that are wanted, by id.
    pub product_ids: Vec<i32>,
    /// `ProductCodes`: the same by code.
    pub product_codes: Vec<String>,
    /// `apiKey`
    pub api_key: Option<String>,
    /// `Currency`: of the lists that are wanted; absent or blank for all.
    pub currency: Option<String>,
    /// `ExcludeCustomerPrices`: leaves customers' and groups' lists out.
    pub exclude_customer_prices: bool,
}

request! {
    PriceListRequest = "PriceListParams" {
        customer_ids: Ints = "CustomerIDs";
        account_numbers: Texts = "AccountNumbers";
        product_ids: Ints = "ProductIDs";
        product_codes: Texts = "ProductCodes";
        api_key: Text = "apiKey";
        currency: Text = "Currency";
        exclude_customer_prices: Flag = "ExcludeCustomerPrices";
    }
}

impl PriceListRequest {
    /// The currency asked for, trimmed; `None` for all.
    pub fn wanted_currency(&self) -> Option<&str> {
        given(self.currency.as_deref())
    }
}

impl Request for PriceListRequest {
    const ROOT: &'static str = "PriceListParams";

    fn api_key(&self) -> Option<&str> {
        not_blank(self.api_key.as_deref())
    }

    fn check(&self, faults: &mut ModelState) {
        check_length("Currency", self.wanted_currency(), 3, faults);
    }
}

/// `CustomerCPAParams`, the request of `POST api/v1/CustomerCPA`.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct CustomerAgreementRequest {
    /// `CustomerIDs`: the customers by id.
    pub customer_ids: Vec<i32>,
    /// `AccountNumbers`: the customers by account number.
    pub account_numbers: Vec<String>,
    /// `apiKey`
    pub api_key: Option<String>,
}

request! {
    CustomerAgreementRequest = "CustomerCPAParams" {
        customer_ids: Ints = "CustomerIDs";
        account_numbers: Texts = "AccountNumbers";
        api_key: Text = "apiKey";
    }
}

impl Request for CustomerAgreementRequest {
    const ROOT: &'static str = "CustomerCPAParams";

    fn api_key(&self) -> Option<&str> {
        not_blank(self.api_key.as_deref())
    }

    fn check(&self, _faults: &mut ModelState) {}
}

/// `CustomerBuyingReportParams`, the request of `POST api/v1/CustomerBuyingReport`.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct BuyingReportRequest {
    /// `apiKey`
    pub api_key: Option<String>,
    /// `CustomerID`: 0 where the account number counts.
    pub customer_id: i32,
    /// `AccountNo`: counts only where `CustomerID` is 0.
    pub account_no: Option<String>,
    /// `BasedOn`: `O` for orders, `I` for invoices.
    pub based_on: Option<String>,
    /// `MonthsBack`: calendar months, 0 for today only.
    pub months_back: i32,
    /// `WeeksUntilAvailable`: 0 for no limit.
    pub weeks_until_available: i32,
}

request! {
    BuyingReportRequest = "CustomerBuyingReportParams" {
        api_key: Text = "apiKey";
        customer_id: Int = "CustomerID";
        account_no: Text = "AccountNo";
        based_on: Text = "BasedOn";
        months_back: Int = "MonthsBack", required;
        weeks_until_available: Int = "WeeksUntilAvailable", required;
    }
}

impl BuyingReportRequest {
    /// The longest `AccountNo` that the call takes.
    pub const MAX_ACCOUNT_NO: usize = 10;

    /// The account number, trimmed; `None` if absent or blank.
    pub fn wanted_account_no(&self) -> Option<&str> {
        given(self.account_no.as_deref())
    }

    /// What the report is based on; `None` if `BasedOn` is neither `O` nor `I`.
    pub fn basis(&self) -> Option<HistoryBasis> {
        self.based_on.as_deref()?.parse().ok()
    }
}

impl Request for BuyingReportRequest {
    const ROOT: &'static str = "CustomerBuyingReportParams";

    fn api_key(&self) -> Option<&str> {
        not_blank(self.api_key.as_deref())
    }

    fn check(&self, faults: &mut ModelState) {
        check_length("AccountNo", self.wanted_account_no(), Self::MAX_ACCOUNT_NO, faults);
        let unread = faults.names("CustomerID") || faults.names("AccountNo");
        if !unread && self.customer_id == 0 && self.wanted_account_no().is_none() {
            faults.add("CustomerID", "The CustomerID field is required if AccountNo is not set.");
            faults.add("AccountNo", "The AccountNo field is required if CustomerID is not set.");
        }
        if !faults.names("BasedOn") {
            match given(self.based_on.as_deref()) {
                None => faults.add("BasedOn", "The BasedOn field is required."),
                Some(based_on) => check_length("BasedOn", Some(based_on), 1, faults),
            }
        }
        if !faults.names("BasedOn") && self.basis().is_none() {
            faults.add("BasedOn", "The field BasedOn must be 'O' for orders or 'I' for invoices.");
        }
        for (name, number) in
            [("MonthsBack", self.months_back), ("WeeksUntilAvailable", self.weeks_until_available)]
        {
            if number < 0 {
                faults.add(name, format!("The field {name} must not be negative."));
            }
        }
    }
}

fn not_blank(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.trim().is_empty())
}

fn given(text: Option<&str>) -> Option<&str> {
    not_blank(text).map(str::trim)
}

fn check_length(name: &str, text: Option<&str>, max: usize, faults: &mut ModelState) {
    if text.is_some_and(|text| text.chars().count() > max) {
        faults.add(
            name,
            format!(
                "The field {name} must be a string or array type with a maximum length of '{max}'."
            ),
        );
    }
}
