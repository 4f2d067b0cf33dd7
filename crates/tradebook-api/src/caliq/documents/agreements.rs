//! The answer of `CustomerCPA`.

use std::borrow::Cow;
use std::sync::Arc;

use tradebook_model::{BulkRule, Date};
use tradebook_pricing::{Agreement, CustomerIndex};
use tradebook_wire::caliq::{
    AgreementCustomer, AgreementRule, CpaRulesWriter, MediaType, flag_text,
};

use super::options;
use crate::books::Book;
use crate::caliq::rendered::AgreementKey;
use crate::caliq::stream::{Document, Written};

/// The answer of `CustomerCPA`.
pub(crate) struct AgreementsDocument {
    book: Arc<Book>,
    customers: std::vec::IntoIter<CustomerIndex>,
    today: Date,
    media: MediaType,
    writer: Option<CpaRulesWriter>,
    started: bool,
}

impl AgreementsDocument {
    pub(crate) fn new(
        book: Arc<Book>,
        customers: Vec<CustomerIndex>,
        today: Date,
        media: MediaType,
    ) -> Self {
        let writer = Some(CpaRulesWriter::new(media, options(&book)));
        Self { book, customers: customers.into_iter(), today, media, writer, started: false }
    }

    /// Writes a customer from the bytes that are kept of it, or else keeps them.
    fn write_customer(&self, writer: &mut CpaRulesWriter, out: &mut Vec<u8>, index: CustomerIndex) {
        let Some(agreement) = self.book.prices.agreement(index, self.today) else { return };
        let format = self.media.format();
        let key =
            AgreementKey { book: self.book.serial(), customer: index, day: self.today, format };
        let rendered = self.book.agreements().get(key, || self.render(&agreement));
        writer.rendered(out, &rendered);
    }

    fn render(&self, agreement: &Agreement<'_>) -> Vec<u8> {
        let mut bytes = Vec::new();
        let out = &mut bytes;
        let mut writer = CpaRulesWriter::new(self.media, options(&self.book));
        writer.render_customer(
            out,
            &AgreementCustomer {
                id: agreement.customer.get(),
                account_no: Cow::Borrowed(agreement.reference.as_str()),
                currency: Cow::Borrowed(agreement.currency.as_str()),
                price_list_id: agreement.price_list.map_or(0, |id| id.get()),
                price_list_name: agreement.price_list_name.map(Cow::Borrowed),
                price_list_standard: agreement.standard_list.map_or(0, |id| id.get()),
                normal_discount: agreement.normal_discount,
                always_gets_bulk: Cow::Borrowed(flag_text(agreement.bulk == BulkRule::Always)),
                never_gets_bulk: Cow::Borrowed(flag_text(agreement.bulk == BulkRule::Never)),
                markup_on_cost: agreement.markup_on_cost,
            },
        );
        for term in agreement.agreed_prices() {
            writer.rule(
                out,
                &AgreementRule {
                    id: term.product.id.get(),
                    code: Cow::Borrowed(term.product.code.as_str()),
                    price: term.price,
                },
            );
        }
        writer.end_customer(out);
        bytes
    }
}

impl Document for AgreementsDocument {
    fn write(&mut self, out: &mut Vec<u8>) -> Written {
        let Some(mut writer) = self.writer.take() else { return Written::Last };
        if !self.started {
            self.started = true;
            writer.start(out);
        }
        let Some(customer) = self.customers.next() else {
            writer.finish(out);
            return Written::Last;
        };
        self.write_customer(&mut writer, out, customer);
        self.writer = Some(writer);
        Written::More
    }
}
