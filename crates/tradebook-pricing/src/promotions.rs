//! Promotions, merged into the ladders that they beat.

use tradebook_model::Money;

use crate::book::ProductIndex;
use crate::item_row::{ItemRow, PriceSource, added_mut, by_quantity};
use crate::ladder::{Promotions, View};
use crate::trace::{Step, TraceSink};

impl View<'_> {
    /// Replaces every price that a promotion beats, and adds rows for promotional breaks that the ladder lacks.
    pub(crate) fn merge_promotions(
        &self,
        product: ProductIndex,
        rows: &mut Vec<ItemRow>,
        start: usize,
        sink: &mut impl TraceSink,
    ) {
        if rows.len() == start {
            return;
        }
        match self.promotions {
            Promotions::NotApplicable => return,
            Promotions::Denied => return sink.record(|| Step::PromotionsDenied),
            Promotions::Merged => {}
        }
        let steps_start = rows.len();
        for list in self.book.promotions(self.currency) {
            let Some(list) = self.book.list_entry(*list) else { continue };
            let source = PriceSource::StandardList(Some(list.header.id));
            if let Err(reason) = self.list_rows(list, source, product, rows, sink) {
                let code = &list.header.code;
                sink.record(|| Step::NoPromotion { list: code.clone(), reason });
            }
        }
        if rows.len() == steps_start {
            return;
        }
        keep_falling(rows, steps_start);
        let Some((normal, steps)) =
            rows.get_mut(start..).and_then(|rows| rows.split_at_mut_checked(steps_start - start))
        else {
            return;
        };
        for row in normal.iter_mut() {
            let reached = steps.iter().rev().find(|step| step.quantity <= row.quantity);
            let Some(step) = reached else { continue };
            let (quantity, promotion, price) = (row.quantity, step.price, row.to_pay());
            sink.record(|| Step::Promotion { quantity, promotion, normal: price });
            if beats(step, row) {
                *row = promoted(row, step);
            }
        }
        // Steps that the ladder has no row for become rows; they move to the front of their part, where only steps that
        // were already looked at stand.
        let mut added_breaks = 0;
        for at in 0..steps.len() {
            let Some(step) = steps.get(at).copied() else { break };
            let reached = normal.iter().rev().find(|row| row.quantity <= step.quantity);
            let Some(reached) = reached.filter(|row| row.quantity < step.quantity) else {
                continue;
            };
            let (quantity, promotion) = (step.quantity, step.price);
            let before = ItemRow { quantity, ..without_promotion(reached) };
            sink.record(|| Step::Promotion { quantity, promotion, normal: before.to_pay() });
            if beats(&step, &before)
                && let Some(place) = steps.get_mut(added_breaks)
            {
                *place = promoted(&before, &step);
                added_breaks += 1;
            }
        }
        rows.truncate(steps_start + added_breaks);
        by_quantity(rows, start);
    }
}

fn beats(promotion: &ItemRow, row: &ItemRow) -> bool {
    !row.on_application && promotion.price < row.price
}

fn promoted(row: &ItemRow, promotion: &ItemRow) -> ItemRow {
    let list = match promotion.source {
        PriceSource::StandardList(list) | PriceSource::OwnList(list) => list,
        PriceSource::Agreed | PriceSource::MarkUp => None,
    };
    ItemRow { price: promotion.price, was: Some(row.price), promotion: list, ..*row }
}

fn without_promotion(row: &ItemRow) -> ItemRow {
    ItemRow { price: row.was.unwrap_or(row.price), was: None, promotion: None, ..*row }
}

/// Of promotions at one quantity the lowest, and only those that are lower than all from smaller quantities.
fn keep_falling(rows: &mut Vec<ItemRow>, start: usize) {
    let promotions = added_mut(rows, start);
    promotions.sort_by_key(|row| (row.quantity, row.price));
    let mut kept = 0;
    let mut lowest: Option<Money> = None;
    for at in 0..promotions.len() {
        let Some(row) = promotions.get(at).copied() else { break };
        if row.on_application || lowest.is_some_and(|lowest| lowest <= row.price) {
            continue;
        }
        lowest = Some(row.price);
        if let Some(place) = promotions.get_mut(kept) {
            *place = row;
            kept += 1;
        }
    }
    rows.truncate(start + kept);
}
