//! The one path to a price: which source decides, at which quantity, and what it comes to.
//!
//! A quote, a list, an agreement and the trace all go through [`View::ladder`].

use tradebook_model::{
    BreakQuantity, BulkRule, CurrencyCode, Date, ListSource, ListType, Money, Percent, Price,
    ProductStatus,
};

use crate::book::{CustomerIndex, ListEntry, ListIndex, PriceBook, ProductIndex};
use crate::customers::{AgreedRow, in_force};
use crate::exact::{Rounding, discount_factor, factor, less_percent, times, times_percent};
use crate::item_row::{ItemRow, PriceSource, added, added_mut, by_quantity, new_row};
use crate::list_uses::ListUse;
use crate::shared_terms::SharedTerms;
use crate::trace::{PassedOver, Step, TraceSink};

/// The eyes through which prices are seen on a day: a customer's, or a stored list's.
#[derive(Debug, Clone, Copy)]
pub(crate) struct View<'b> {
    pub(crate) book: &'b PriceBook,
    as_of: Date,
    pub(crate) currency: CurrencyCode,
    /// `None` for a stored list, which has no customer.
    agreed: Option<&'b [AgreedRow]>,
    own: Option<&'b ListEntry>,
    markup: Option<Percent>,
    standard: Option<&'b ListEntry>,
    discount: Option<Percent>,
    bulk: BulkRule,
    pub(crate) promotions: Promotions,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Promotions {
    Merged,
    Denied,
    /// Retail and promotional lists are shown as they are.
    NotApplicable,
}

impl<'b> View<'b> {
    /// What a customer pays.
    pub(crate) fn of_customer(
        book: &'b PriceBook,
        customer: CustomerIndex,
        as_of: Date,
    ) -> Option<Self> {
        let entry = book.customer_entry(customer)?;
        let terms = &entry.customer.terms;
        Some(Self {
            book,
            as_of,
            currency: entry.customer.currency,
            agreed: Some(entry.agreed.all()),
            own: entry.group.and_then(|list| book.list_entry(list)),
            markup: terms.markup_on_cost,
            standard: entry.standard.and_then(|list| book.list_entry(list)),
            discount: terms.normal_discount,
            bulk: terms.bulk,
            promotions: if terms.promotions { Promotions::Merged } else { Promotions::Denied },
        })
    }

    /// What a customer on these terms pays who has no agreed prices.
    pub(crate) fn of_terms(book: &'b PriceBook, terms: &SharedTerms, as_of: Date) -> Self {
        let SharedTerms { currency, group, standard, markup, discount, bulk, promotions } = *terms;
        Self {
            book,
            as_of,
            currency,
            agreed: Some(&[]),
            own: group.and_then(|list| book.list_entry(list)),
            markup,
            standard: standard.and_then(|list| book.list_entry(list)),
            discount,
            bulk,
            promotions: if promotions { Promotions::Merged } else { Promotions::Denied },
        }
    }

    /// What a stored list says. A group list without a base is completed from the standard list that its customers share;
    /// one with a base is complete by derivation.
    pub(crate) fn of_list(book: &'b PriceBook, list: ListIndex, as_of: Date) -> Option<Self> {
        let entry = book.list_entry(list)?;
        let (own, standard) = match entry.header.source {
            ListSource::Standard => (None, Some(entry)),
            ListSource::Group if entry.header.derivation.is_some() => (Some(entry), None),
            ListSource::Group => {
                let shared = book.list_use(list).and_then(ListUse::shared_standard);
                (Some(entry), shared.and_then(|list| book.list_entry(list)))
            }
        };
        Some(Self {
            book,
            as_of,
            currency: entry.header.currency,
            agreed: None,
            own,
            markup: None,
            standard,
            discount: None,
            bulk: BulkRule::ByQuantity,
            promotions: match entry.header.list_type {
                ListType::Normal => Promotions::Merged,
                ListType::Rrp | ListType::Promo => Promotions::NotApplicable,
            },
        })
    }

    /// Appends the ladder of a product, by quantity. Nothing for a product that is not for sale or has no price.
    pub(crate) fn ladder(
        &self,
        product: ProductIndex,
        rows: &mut Vec<ItemRow>,
        sink: &mut impl TraceSink,
    ) {
        let start = rows.len();
        let Some(facts) = self.book.facts(product) else {
            return sink.record(|| Step::NotForSale);
        };
        if facts.status == ProductStatus::NotForSale {
            return sink.record(|| Step::NotForSale);
        }
        // Sources are asked from the most specific on. Each adds its rows below the first row of those before it.
        let mut open = Open::All;
        if let Some(agreed) = self.agreed {
            open = self.ask(open, PriceSource::Agreed, rows, sink, |rows, sink| {
                self.agreed_rows(agreed, product, rows, sink)
            });
            open = self.ask(open, self.own_source(), rows, sink, |rows, sink| {
                self.own_rows(product, rows, sink)
            });
            open = self.ask(open, PriceSource::MarkUp, rows, sink, |rows, sink| {
                self.markup_row(facts.cost, rows, sink)
            });
        } else if self.own.is_some() {
            open = self.ask(open, self.own_source(), rows, sink, |rows, sink| {
                self.own_rows(product, rows, sink)
            });
        }
        if self.agreed.is_some() || self.standard.is_some() {
            self.ask(open, self.standard_source(), rows, sink, |rows, sink| {
                self.standard_rows(product, rows, sink)
            });
        }
        by_quantity(rows, start);
        self.merge_promotions(product, rows, start, sink);
    }

    /// Asks one source for its rows and keeps those for which no source before it decides.
    fn ask<S: TraceSink>(
        &self,
        open: Open,
        source: PriceSource,
        rows: &mut Vec<ItemRow>,
        sink: &mut S,
        add: impl FnOnce(&mut Vec<ItemRow>, &mut S) -> Result<(), PassedOver>,
    ) -> Open {
        let start = rows.len();
        let answer = if open == Open::Below(BreakQuantity::ONE) {
            Err(PassedOver::AlreadyDecided)
        } else {
            add(rows, sink)
        };
        let first = rows.get(start).map(|row| row.quantity);
        match (answer, first) {
            (Err(reason), _) => sink.record(|| Step::PassedOver { source, reason }),
            (Ok(()), None) => {
                sink.record(|| Step::PassedOver { source, reason: PassedOver::NoPrice });
            }
            (Ok(()), Some(from)) => {
                let below = match open {
                    Open::All => None,
                    Open::Below(below) => Some(below),
                };
                if let Some(below) = below {
                    let kept = added(rows, start).partition_point(|row| row.quantity < below);
                    rows.truncate(start + kept);
                    if kept == 0 {
                        let reason = PassedOver::BeginsTooHigh(from);
                        sink.record(|| Step::PassedOver { source, reason });
                        return open;
                    }
                }
                sink.record(|| Step::Taken { source, from, below });
                return Open::Below(from);
            }
        }
        open
    }

    fn agreed_rows(
        &self,
        agreed: &[AgreedRow],
        product: ProductIndex,
        rows: &mut Vec<ItemRow>,
        sink: &mut impl TraceSink,
    ) -> Result<(), PassedOver> {
        let price = in_force(agreed, product.0, self.as_of).ok_or(PassedOver::None)?;
        sink.record(|| Step::Agreed { price });
        let start = rows.len();
        let row = new_row(BreakQuantity::ONE, Price::Amount(price), true, PriceSource::Agreed);
        rows.push(row);
        if !self.book.settings.agreed_bulk_protection {
            return Ok(());
        }
        let Some(standard) = self.standard else { return Ok(()) };
        if self.list_rows(standard, self.standard_source(), product, rows, sink).is_err() {
            return Ok(());
        }
        self.apply_bulk_rule(rows, start + 1, sink);
        for row in added_mut(rows, start + 1) {
            let (quantity, standard) = (row.quantity, row.to_pay());
            sink.record(|| Step::Protected { quantity, agreed: price, standard });
            row.custom = false;
            if row.on_application || row.price >= price {
                *row = new_row(quantity, Price::Amount(price), true, PriceSource::Agreed);
            }
        }
        drop_repeated(rows, start);
        Ok(())
    }

    fn own_source(&self) -> PriceSource {
        PriceSource::OwnList(self.own.map(|list| list.header.id))
    }

    fn own_rows(
        &self,
        product: ProductIndex,
        rows: &mut Vec<ItemRow>,
        sink: &mut impl TraceSink,
    ) -> Result<(), PassedOver> {
        let start = rows.len();
        let list = self.own.ok_or(PassedOver::None)?;
        self.list_rows(list, self.own_source(), product, rows, sink)?;
        self.apply_bulk_rule(rows, start, sink);
        Ok(())
    }

    fn markup_row(
        &self,
        cost: Option<Money>,
        rows: &mut Vec<ItemRow>,
        sink: &mut impl TraceSink,
    ) -> Result<(), PassedOver> {
        let percent = self.markup.ok_or(PassedOver::None)?;
        let cost_currency = self.book.settings.currency;
        if cost_currency != self.currency {
            return Err(PassedOver::CostCurrency(cost_currency));
        }
        let cost = cost.ok_or(PassedOver::NoCost)?;
        let decimals = self.currency.decimals();
        let result = times_percent(cost, percent, decimals);
        sink.record(|| {
            let exact = times(cost.to_decimal(), factor(percent));
            Step::MarkedUp { cost, percent, exact, decimals, result }
        });
        rows.push(new_row(BreakQuantity::ONE, Price::Amount(result), true, PriceSource::MarkUp));
        Ok(())
    }

    fn standard_source(&self) -> PriceSource {
        PriceSource::StandardList(self.standard.map(|list| list.header.id))
    }

    fn standard_rows(
        &self,
        product: ProductIndex,
        rows: &mut Vec<ItemRow>,
        sink: &mut impl TraceSink,
    ) -> Result<(), PassedOver> {
        let start = rows.len();
        let list = self.standard.ok_or(PassedOver::None)?;
        self.list_rows(list, self.standard_source(), product, rows, sink)?;
        for row in added_mut(rows, start) {
            row.custom = false;
        }
        if let Some(percent) = self.discount {
            discount(list, percent, rows, start, sink);
        }
        self.apply_bulk_rule(rows, start, sink);
        Ok(())
    }

    /// Appends what a list says of a product on the day, by quantity: its own rows as entered, others derived from its
    /// bases and rounded once. `custom` is set on its own rows.
    pub(crate) fn list_rows(
        &self,
        list: &ListEntry,
        source: PriceSource,
        product: ProductIndex,
        rows: &mut Vec<ItemRow>,
        sink: &mut impl TraceSink,
    ) -> Result<(), PassedOver> {
        if list.header.currency != self.currency {
            return Err(PassedOver::OtherCurrency(list.header.currency));
        }
        if !list.header.validity.contains(self.as_of) {
            return Err(PassedOver::NotValid);
        }
        let start = rows.len();
        for row in list.rows.of(product.0).iter().filter(|row| row.validity.contains(self.as_of)) {
            let (quantity, price) = (row.quantity, row.price());
            let code = &list.header.code;
            sink.record(|| Step::Entered { list: code.clone(), quantity, price });
            rows.push(new_row(quantity, price, true, source));
        }
        if !list.bases.is_empty() {
            self.derived_rows(list, source, product, rows, start, sink);
            by_quantity(rows, start);
        }
        if rows.len() == start { Err(PassedOver::NoPrice) } else { Ok(()) }
    }

    /// Appends the rows of a list's bases at quantities that it, or a nearer base, has no row for.
    fn derived_rows(
        &self,
        list: &ListEntry,
        source: PriceSource,
        product: ProductIndex,
        rows: &mut Vec<ItemRow>,
        start: usize,
        sink: &mut impl TraceSink,
    ) {
        for base in &list.bases {
            let Some(entry) = self.book.list_entry(base.list) else { return };
            if !entry.header.validity.contains(self.as_of) {
                return;
            }
            let stored = entry.rows.of(product.0).iter();
            for row in stored.filter(|row| row.validity.contains(self.as_of)) {
                if added(rows, start).iter().any(|nearer| nearer.quantity == row.quantity) {
                    continue;
                }
                let code = &entry.header.code;
                let (quantity, price) = (row.quantity, row.price());
                sink.record(|| Step::Entered { list: code.clone(), quantity, price });
                let price = match price {
                    Price::OnApplication => Price::OnApplication,
                    Price::Amount(entered) => {
                        let exact = times(entered.to_decimal(), base.factor);
                        let Rounding { multiple, decimals, ending } = list.rounding;
                        let result = list.rounding.apply(exact);
                        sink.record(|| Step::Derived {
                            list: list.header.code.clone(),
                            base: code.clone(),
                            entered,
                            factor: base.factor,
                            exact,
                            multiple,
                            decimals,
                            ending,
                            result,
                        });
                        Price::Amount(result)
                    }
                };
                rows.push(new_row(quantity, price, false, source));
            }
        }
    }

    /// Leaves one row of a source where a bulk flag says so.
    fn apply_bulk_rule(&self, rows: &mut Vec<ItemRow>, start: usize, sink: &mut impl TraceSink) {
        let chosen = match self.bulk {
            BulkRule::ByQuantity => return,
            BulkRule::Never => added(rows, start).first().copied(),
            BulkRule::Always => added(rows, start)
                .iter()
                .filter(|row| !row.on_application)
                .min_by_key(|row| row.price)
                .or(added(rows, start).first())
                .copied(),
        };
        if let (Some(chosen), Some(first)) = (chosen, rows.get_mut(start)) {
            *first = ItemRow { quantity: first.quantity, ..chosen };
            rows.truncate(start + 1);
            sink.record(|| Step::Bulk { rule: self.bulk, price: chosen.to_pay() });
        }
    }
}

/// The quantities for which no source has decided yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Open {
    All,
    Below(BreakQuantity),
}

/// Takes the normal discount off the single price; from each row on the lower of the two stands.
fn discount(
    list: &ListEntry,
    percent: Percent,
    rows: &mut [ItemRow],
    start: usize,
    sink: &mut impl TraceSink,
) {
    let single = match added(rows, start).first().map(ItemRow::to_pay) {
        Some(Price::Amount(single)) => single,
        Some(Price::OnApplication) | None => return sink.record(|| Step::NoSinglePrice),
    };
    let decimals = list.rounding.decimals;
    let discounted = less_percent(single, percent, decimals);
    sink.record(|| {
        let exact = times(single.to_decimal(), discount_factor(percent));
        Step::Discounted { single, percent, exact, decimals, result: discounted }
    });
    for row in added_mut(rows, start).iter_mut().filter(|row| !row.on_application) {
        let (quantity, price) = (row.quantity, row.price);
        sink.record(|| Step::LowerOf { quantity, discounted, row: price });
        row.price = price.min(discounted);
    }
}

/// After bulk protection: one row a quantity, the last of two, and none that only repeats the agreed price.
fn drop_repeated(rows: &mut Vec<ItemRow>, start: usize) {
    let protected = added_mut(rows, start);
    let mut last = 0;
    for at in 1..protected.len() {
        let (Some(row), Some(before)) = (protected.get(at).copied(), protected.get(last)) else {
            break;
        };
        if row.quantity > before.quantity {
            if row.source == PriceSource::Agreed && before.source == PriceSource::Agreed {
                continue;
            }
            last += 1;
        }
        if let Some(place) = protected.get_mut(last) {
            *place = row;
        }
    }
    rows.truncate(start + last + 1);
}
