//! The answer of `CustomerCPA`.

use super::AnswerOptions;
use super::encode::Encoder;
use super::repeated::{NAMESPACES, Repeated, begin_object, end_object};
use crate::caliq::{AgreementCustomer, AgreementRule, BodyFormat, MediaType};

/// Writes `CPARulesList`: [`start`](Self::start), then for each customer
/// [`begin_customer`](Self::begin_customer), its rules and [`end_customer`](Self::end_customer), then
/// [`finish`](Self::finish).
#[derive(Debug)]
pub struct CpaRulesWriter {
    format: BodyFormat,
    options: AnswerOptions,
    customers: Repeated,
    rules: Repeated,
}

impl CpaRulesWriter {
    /// A writer that has written nothing.
    pub fn new(media: MediaType, options: AnswerOptions) -> Self {
        let format = media.format();
        Self {
            format,
            options,
            customers: Repeated::new(format, "CPARulesList"),
            rules: Repeated::new(format, "CPARules"),
        }
    }

    /// Begins the document.
    pub fn start(&mut self, out: &mut Vec<u8>) {
        self.customers.open(out, "{\"CustCPARulesList\":[", NAMESPACES);
    }

    /// Begins a customer.
    pub fn begin_customer(&mut self, out: &mut Vec<u8>, customer: &AgreementCustomer<'_>) {
        self.customers.before(out);
        self.render_customer(out, customer);
    }

    /// Begins a customer that is kept, to be added with [`rendered`](Self::rendered), and not part of this document.
    pub fn render_customer(&mut self, out: &mut Vec<u8>, customer: &AgreementCustomer<'_>) {
        let AgreementCustomer {
            id,
            account_no,
            currency,
            price_list_id,
            price_list_name,
            price_list_standard,
            normal_discount,
            always_gets_bulk,
            never_gets_bulk,
            markup_on_cost,
        } = customer;
        begin_object(out, self.format, "CPACustomer");
        let mut members = Encoder::new(out, self.format, self.options.null_decimals_in_xml);
        members
            .int("ID", *id)
            .text("AccountNo", account_no)
            .text("Currency", currency)
            .int("PriceListID", *price_list_id)
            .optional_text("PriceListName", price_list_name.as_deref())
            .int("PriceListStandard", *price_list_standard)
            .optional_decimal("NormalDisc", normal_discount.map(|discount| discount.micros()))
            .text("AlwaysGetsBulk", always_gets_bulk)
            .text("NeverGetsBulk", never_gets_bulk)
            .optional_decimal("MarkupOnCost", markup_on_cost.map(|markup| markup.micros()))
            .separate();
        self.rules.open(out, "\"CPARules\":[", "");
    }

    /// Adds a rule to the customer that was begun last.
    pub fn rule(&mut self, out: &mut Vec<u8>, rule: &AgreementRule<'_>) {
        let AgreementRule { id, code, price } = rule;
        self.rules.before(out);
        begin_object(out, self.format, "CPARule");
        Encoder::new(out, self.format, self.options.null_decimals_in_xml)
            .int("ID", *id)
            .text("Code", code)
            .decimal("Price", price.micros());
        end_object(out, self.format, "CPARule");
    }

    /// Ends a customer.
    pub fn end_customer(&mut self, out: &mut Vec<u8>) {
        self.rules.close(out, "]");
        end_object(out, self.format, "CPACustomer");
    }

    /// Adds a customer that was rendered, by a writer for the same format and with the same options, up to its end.
    pub fn rendered(&mut self, out: &mut Vec<u8>, rendered: &[u8]) {
        self.customers.before(out);
        out.extend_from_slice(rendered);
    }

    /// Ends the document.
    pub fn finish(mut self, out: &mut Vec<u8>) {
        self.customers.close(out, "]}");
    }
}
