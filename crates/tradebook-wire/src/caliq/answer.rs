//! What the three calls answer, row by row.
//!
//! The texts borrow from whoever writes an answer, and are owned by whoever has read one.

use std::borrow::Cow;

use tradebook_model::{Date, Money, Percent};

/// `PriceList` without its items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceListHead<'a> {
    /// `ID`
    pub id: i32,
    /// `Currency`
    pub currency: Cow<'a, str>,
    /// `Type`: `NORMAL`, `RRP` or `PROMO`.
    pub list_type: Cow<'a, str>,
    /// `Source`: `STD`, `CPA` or `CPG`.
    pub source: Cow<'a, str>,
    /// `Description`: the list's name.
    pub description: Option<Cow<'a, str>>,
    /// `VATInc`: whether the prices include value added tax.
    pub vat_included: bool,
}

/// `Item`: what a product costs from a quantity on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceListItem<'a> {
    /// `ID` of the product.
    pub id: i32,
    /// `Code` of the product.
    pub code: Cow<'a, str>,
    /// `Q`: the quantity from which the price holds.
    pub quantity: i32,
    /// `P`: the price.
    pub price: Money,
    /// `W`: the price that a promotion replaced.
    pub was: Option<Money>,
    /// `C`: whether the price is the customer's own.
    pub custom: bool,
    /// `POA`: whether the price is given on application.
    pub on_application: bool,
}

/// What an [item](PriceListItem) says beyond naming its product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PriceListRow {
    /// `Q`: the quantity from which the price holds.
    pub quantity: i32,
    /// `P`: the price.
    pub price: Money,
    /// `W`: the price that a promotion replaced.
    pub was: Option<Money>,
    /// `C`: whether the price is the customer's own.
    pub custom: bool,
    /// `POA`: whether the price is given on application.
    pub on_application: bool,
}

/// `PLCust`: a customer that uses a price list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceListCustomer<'a> {
    /// `ID`
    pub id: i32,
    /// `AccountNo`
    pub account_no: Cow<'a, str>,
}

/// `CPACustomer` without its rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgreementCustomer<'a> {
    /// `ID`
    pub id: i32,
    /// `AccountNo`
    pub account_no: Cow<'a, str>,
    /// `Currency`: in which the customer trades.
    pub currency: Cow<'a, str>,
    /// `PriceListID`: the list from which the customer's prices come.
    pub price_list_id: i32,
    /// `PriceListName`: its name.
    pub price_list_name: Option<Cow<'a, str>>,
    /// `PriceListStandard`: the standard list underneath, 0 for none.
    pub price_list_standard: i32,
    /// `NormalDisc`: in per cent.
    pub normal_discount: Option<Percent>,
    /// `AlwaysGetsBulk`: `Y` or `N`.
    pub always_gets_bulk: Cow<'a, str>,
    /// `NeverGetsBulk`: `Y` or `N`.
    pub never_gets_bulk: Cow<'a, str>,
    /// `MarkupOnCost`: in per cent.
    pub markup_on_cost: Option<Percent>,
}

/// `CPARule`: an agreed price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgreementRule<'a> {
    /// `ID` of the product.
    pub id: i32,
    /// `Code` of the product.
    pub code: Cow<'a, str>,
    /// `Price`
    pub price: Money,
}

/// `BuyingReportItem`: what a customer has bought of a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuyingReportItem<'a> {
    /// `ID` of the product.
    pub id: i32,
    /// `Code` of the product.
    pub code: Cow<'a, str>,
    /// `Description` of the product.
    pub description: Option<Cow<'a, str>>,
    /// `CustPartNo`: the customer's own part number.
    pub customer_part_no: Option<Cow<'a, str>>,
    /// `Barcode` of the item.
    pub barcode: Option<Cow<'a, str>>,
    /// `EPOSBarcode`
    pub epos_barcode: Option<Cow<'a, str>>,
    /// `Qty`: how many in the window.
    pub quantity: i64,
    /// `LastInvoiced`: see [`compact_date`].
    pub last_invoiced: Option<Cow<'a, str>>,
    /// `NextAvail`: see [`compact_date`].
    pub next_available: Option<Cow<'a, str>>,
}

/// A date as the calls write it: `YYYYMMDD`.
pub fn compact_date(date: Date) -> String {
    format!("{:04}{:02}{:02}", date.year(), u8::from(date.month()), date.day())
}

/// A flag as the calls write it where its type is text: `Y` or `N`.
pub const fn flag_text(flag: bool) -> &'static str {
    if flag { "Y" } else { "N" }
}

#[cfg(test)]
mod tests {
    use tradebook_model::Month;

    use super::*;

    #[test]
    fn dates_and_flags_are_short_texts() {
        for (year, month, day, expected) in
            [(2011, Month::December, 1, "20111201"), (987, Month::January, 31, "09870131")]
        {
            let date = Date::from_calendar_date(year, month, day).unwrap();
            assert_eq!(compact_date(date), expected);
        }
        assert_eq!((flag_text(true), flag_text(false)), ("Y", "N"));
    }
}
