//! The end of an import: removing what the files no longer have, and what can be judged only as a whole.

use std::collections::{BTreeSet, HashMap, HashSet};

use tradebook_model::PriceList;
use tradebook_store::import::{Coded, Ledger, Place, Referrer, Unseen};
use tradebook_wire::csv::{Fault, FileKind};

use super::import::{Run, coded};
use super::{FileReport, ImportError, MAX_FAULTS};

impl Run<'_, '_> {
    pub(super) fn finish(&mut self, kinds: &[FileKind]) -> Result<(), ImportError> {
        // What a faulty row should have kept must not be mistaken for what the files no longer have.
        if self.replace && self.faults.total() == 0 {
            for kind in kinds.iter().rev() {
                self.remove(*kind)?;
            }
        }
        for kind in kinds {
            match kind {
                FileKind::PriceLists => self.check_lists()?,
                FileKind::Prices => self.check_prices()?,
                FileKind::AgreedPrices => self.check_agreements()?,
                FileKind::Categories | FileKind::Regions | FileKind::Customers => {
                    self.check_levels(*kind)?;
                }
                FileKind::Currencies
                | FileKind::Products
                | FileKind::Segmentations
                | FileKind::PaymentTypes
                | FileKind::Users
                | FileKind::Contacts
                | FileKind::CustomerPartNumbers
                | FileKind::OrderLines
                | FileKind::InvoiceLines
                | FileKind::AccountsReceivable
                | FileKind::RewardsParticipants
                | FileKind::Classifications
                | FileKind::Units
                | FileKind::ProductTypes
                | FileKind::CurrencyRatePeriods
                | FileKind::PurchaseEvents
                | FileKind::PurchaseEventProducts
                | FileKind::SpendRequests => {}
                FileKind::AccessTokens => self.check_access_tokens()?,
            }
        }
        Ok(())
    }

    fn remove(&mut self, kind: FileKind) -> Result<(), ImportError> {
        let removed = match kind {
            FileKind::Currencies => self.import.remove_unseen(Unseen::Currencies)?,
            FileKind::Prices => self.import.remove_unseen(Unseen::Prices)?,
            FileKind::AgreedPrices => self.import.remove_unseen(Unseen::AgreedPrices)?,
            FileKind::CustomerPartNumbers => self.import.remove_unseen(Unseen::PartNumbers)?,
            FileKind::OrderLines => self.import.remove_unseen(Unseen::Lines(Ledger::Orders))?,
            FileKind::InvoiceLines => self.import.remove_unseen(Unseen::Lines(Ledger::Invoices))?,
            FileKind::ProductTypes => self.import.remove_unseen(Unseen::ProductTypes)?,
            FileKind::AccessTokens => self.import.remove_unseen(Unseen::AccessTokens)?,
            FileKind::PurchaseEvents => self.remove_purchases()?,
            FileKind::PurchaseEventProducts => self.import.remove_unseen(Unseen::PurchaseLines)?,
            FileKind::SpendRequests => self.import.remove_unseen(Unseen::SpendRequests)?,
            FileKind::Products
            | FileKind::PriceLists
            | FileKind::Categories
            | FileKind::Segmentations
            | FileKind::PaymentTypes
            | FileKind::Regions
            | FileKind::Users
            | FileKind::Customers
            | FileKind::Contacts
            | FileKind::AccountsReceivable
            | FileKind::RewardsParticipants
            | FileKind::Classifications
            | FileKind::Units
            | FileKind::CurrencyRatePeriods => match coded(kind) {
                Some(coded) => self.remove_coded(kind, coded)?,
                None => 0,
            },
        };
        self.count_removed(kind, removed);
        Ok(())
    }

    /// Removes records with codes. What belongs to them goes with them where a file of the import could have kept it; all else
    /// that refers to them is a fault.
    fn remove_coded(&mut self, kind: FileKind, coded: Coded) -> Result<u64, ImportError> {
        let unseen: Vec<(String, i32)> = self
            .need(coded)?
            .unseen()
            .into_iter()
            .map(|(code, id)| (code.to_owned(), id))
            .collect();
        if unseen.is_empty() {
            return Ok(0);
        }
        let ids: Vec<i32> = unseen.iter().map(|(_, id)| *id).collect();
        let belongings: &[(FileKind, Unseen)] = match coded {
            Coded::PriceLists => &[(FileKind::Prices, Unseen::Prices)],
            Coded::Customers => &[
                (FileKind::AgreedPrices, Unseen::AgreedPrices),
                (FileKind::CustomerPartNumbers, Unseen::PartNumbers),
            ],
            Coded::Products
            | Coded::Categories
            | Coded::Segmentations
            | Coded::PaymentTypes
            | Coded::Regions
            | Coded::Users
            | Coded::Contacts
            | Coded::Accounts
            | Coded::Participants
            | Coded::Classifications
            | Coded::Units
            | Coded::RatePeriods => &[],
        };
        for (file, belonging) in belongings {
            if self.has(*file) {
                let removed = self.import.remove_belongings(*belonging, &ids)?;
                self.count_removed(*file, removed);
            }
        }
        let mut referrers: HashMap<i32, BTreeSet<Referrer>> = HashMap::new();
        for reference in self.import.references(coded, &ids)? {
            referrers.entry(reference.to).or_default().insert(reference.from);
        }
        if referrers.is_empty() {
            self.import.remove(coded, &ids)?;
            return Ok(u64::try_from(ids.len()).unwrap_or(u64::MAX));
        }
        let file = self.sources.iter().rfind(|source| source.kind == kind);
        let file = file.map_or_else(|| kind.file_name().into(), |source| source.name.clone());
        for (code, id) in unseen {
            let Some(referrers) = referrers.get(&id) else { continue };
            let names: Vec<_> = referrers.iter().map(|referrer| name(*referrer)).collect();
            let message = format!(
                "the {} `{code}` is not in the file and cannot be removed: {} refer to it",
                kind.noun(),
                names.join(", ")
            );
            self.faults.push(Fault::file(&file, message));
        }
        Ok(0)
    }

    /// Removes purchase events, of which nothing may be left that belongs to them.
    fn remove_purchases(&mut self) -> Result<u64, ImportError> {
        let limit = u32::try_from(MAX_FAULTS).unwrap_or(u32::MAX);
        let (in_use, total) = self.import.purchases_in_use(limit)?;
        if total == 0 {
            return Ok(self.import.remove_unseen(Unseen::Purchases)?);
        }
        let kind = FileKind::PurchaseEvents;
        for purchase in &in_use {
            let names: Vec<_> = purchase.by.iter().map(|referrer| name(*referrer)).collect();
            let message = format!(
                "the {} `{}` is not in the file and cannot be removed: {} refer to it",
                kind.noun(),
                purchase.number,
                names.join(", ")
            );
            self.fault_at(None, kind, "number", message);
        }
        self.count_undescribed(in_use.len(), total);
        Ok(0)
    }

    /// No two access tokens have one authentication code.
    fn check_access_tokens(&mut self) -> Result<(), ImportError> {
        let limit = u32::try_from(MAX_FAULTS).unwrap_or(u32::MAX);
        let (repeated, total) = self.import.repeated_codes(limit)?;
        for code in &repeated {
            let message = format!("the code is that of the access token `{}`", code.first);
            let kind = FileKind::AccessTokens;
            self.fault_at(code.second.1, kind, "authentication_code", message);
        }
        self.count_undescribed(repeated.len(), total);
        Ok(())
    }

    fn count_removed(&mut self, kind: FileKind, number: u64) {
        let mut files = self.report.files.iter_mut().rev();
        if let Some(FileReport { removed, .. }) = files.find(|file| file.kind == kind) {
            *removed += number;
        }
    }

    /// A derived list and its base have one currency, and no list is derived from itself.
    fn check_lists(&mut self) -> Result<(), ImportError> {
        let lists: HashMap<i32, PriceList> =
            self.import.price_lists()?.into_iter().map(|list| (list.id.get(), list)).collect();
        let bases: Vec<(i32, i32)> = lists
            .values()
            .filter_map(|list| Some((list.id.get(), list.derivation?.base.get())))
            .collect();
        let mut faulty: Vec<(i32, String)> = Vec::new();
        for (id, base) in &bases {
            if let (Some(list), Some(base)) = (lists.get(id), lists.get(base))
                && list.currency != base.currency
            {
                let (code, currency) = (&base.code, base.currency);
                let message = format!(
                    "the base `{code}` has the currency {currency}, this list has {}",
                    list.currency
                );
                faulty.push((*id, message));
            }
        }
        for id in self.in_circles(Coded::PriceLists, &bases)? {
            faulty.push((id, "the list is derived from itself through its base".to_owned()));
        }
        self.fault_records(FileKind::PriceLists, Coded::PriceLists, "base", faulty)
    }

    /// No record is above itself.
    fn check_levels(&mut self, kind: FileKind) -> Result<(), ImportError> {
        let Some(coded) = coded(kind) else { return Ok(()) };
        let parents = self.import.parents(coded)?;
        let faulty = self
            .in_circles(coded, &parents)?
            .into_iter()
            .map(|id| (id, format!("the {} is above itself", kind.noun())))
            .collect();
        self.fault_records(kind, coded, "parent", faulty)
    }

    /// One record of each circle: the first one that the files name, for it is one of them that closes the circle.
    fn in_circles(
        &mut self,
        coded: Coded,
        parents: &[(i32, i32)],
    ) -> Result<Vec<i32>, ImportError> {
        let circles = circles(parents);
        let described = self.need(coded)?.describe(&circles.iter().flatten().copied().collect());
        let place = |id: &i32| described.get(id).and_then(|(_, place)| *place);
        Ok(circles
            .into_iter()
            .filter_map(|circle| {
                circle.into_iter().min_by_key(|id| (place(id).is_none(), place(id), *id))
            })
            .collect())
    }

    /// Adds faults of records, in the order of their places.
    fn fault_records(
        &mut self,
        kind: FileKind,
        coded: Coded,
        column: &'static str,
        faulty: Vec<(i32, String)>,
    ) -> Result<(), ImportError> {
        let ids = faulty.iter().map(|(id, _)| *id).collect();
        let described = self.need(coded)?.describe(&ids);
        let mut faults: Vec<(Option<Place>, String)> = faulty
            .into_iter()
            .map(|(id, message)| match described.get(&id) {
                Some((_, Some(place))) => (Some(*place), message),
                Some((code, None)) => (None, format!("{} `{code}`: {message}", kind.noun())),
                None => (None, message),
            })
            .collect();
        faults.sort();
        for (place, message) in faults {
            self.fault_at(place, kind, column, message);
        }
        Ok(())
    }

    fn check_prices(&mut self) -> Result<(), ImportError> {
        let limit = u32::try_from(MAX_FAULTS).unwrap_or(u32::MAX);
        let (overlaps, total) = self.import.price_overlaps(limit)?;
        for overlap in &overlaps {
            self.fault_overlap(FileKind::Prices, overlap.earlier, overlap.later);
        }
        self.count_undescribed(overlaps.len(), total);
        Ok(())
    }

    fn check_agreements(&mut self) -> Result<(), ImportError> {
        let limit = u32::try_from(MAX_FAULTS).unwrap_or(u32::MAX);
        let (overlaps, total) = self.import.agreement_overlaps(limit)?;
        for overlap in &overlaps {
            self.fault_overlap(FileKind::AgreedPrices, overlap.earlier, overlap.later);
        }
        self.count_undescribed(overlaps.len(), total);
        Ok(())
    }

    /// The fault stands at the row that came later, and names the other.
    fn fault_overlap(&mut self, kind: FileKind, earlier: Period, later: Period) {
        let (here, other) = if later.1 >= earlier.1 { (later, earlier) } else { (earlier, later) };
        let other = match other.1 {
            Some(place) => {
                let (file, line) = self.locate(place);
                let here = here.1.map(|place| self.locate(place).0);
                if here.as_ref() == Some(&file) {
                    format!("of line {line}")
                } else {
                    format!("of {file}:{line}")
                }
            }
            None => match other.0 {
                Some(day) => format!("that is stored with valid_from {day}"),
                None => "that is stored without valid_from".to_owned(),
            },
        };
        let message = format!("the period overlaps with the one {other}");
        self.fault_at(here.1, kind, "valid_from", message);
    }

    fn count_undescribed(&mut self, described: usize, total: u64) {
        let described = u64::try_from(described).unwrap_or(u64::MAX);
        self.faults.count(total.saturating_sub(described));
    }
}

/// The first day of a row and where this import has seen it.
type Period = (Option<time::Date>, Option<Place>);

/// The circles of records that stand below one another.
fn circles(parents: &[(i32, i32)]) -> Vec<Vec<i32>> {
    let parent_of: HashMap<i32, i32> = parents.iter().copied().collect();
    let mut cleared: HashSet<i32> = HashSet::new();
    let mut found = Vec::new();
    let mut starts: Vec<i32> = parent_of.keys().copied().collect();
    starts.sort_unstable();
    for start in starts {
        let mut path = Vec::new();
        let mut on_path = HashSet::new();
        let mut at = start;
        while !cleared.contains(&at) && on_path.insert(at) {
            path.push(at);
            match parent_of.get(&at) {
                Some(parent) => at = *parent,
                None => break,
            }
        }
        if on_path.contains(&at) && parent_of.contains_key(&at) && !cleared.contains(&at) {
            found.push(path.iter().copied().skip_while(|id| *id != at).collect());
        }
        cleared.extend(path);
    }
    found
}

fn name(referrer: Referrer) -> &'static str {
    match referrer {
        Referrer::Prices => "prices",
        Referrer::PriceLists => "derived price lists",
        Referrer::Customers => "customers",
        Referrer::Contacts => "contacts",
        Referrer::AgreedPrices => "agreed prices",
        Referrer::PartNumbers => "customer part numbers",
        Referrer::Orders => "orders",
        Referrer::Invoices => "invoices",
        Referrer::Categories => "categories",
        Referrer::Regions => "regions",
        Referrer::Accounts => "accounts receivable",
        Referrer::AccessTokens => "access tokens",
        Referrer::Participants => "rewards participants",
        Referrer::Purchases => "purchase events",
        Referrer::PurchaseLines => "products of purchase events",
        Referrer::SpendRequests => "spend requests",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_circle_is_found_once() {
        for (parents, expected) in [
            (&[][..], &[][..]),
            (&[(1, 2), (2, 3), (4, 3)], &[]),
            (&[(5, 5)], &[&[5][..]]),
            (&[(1, 2), (2, 3), (3, 2), (9, 1)], &[&[2, 3]]),
            (&[(7, 8), (8, 7), (1, 2), (2, 1)], &[&[1, 2], &[7, 8]]),
        ] {
            assert_eq!(circles(parents), expected, "{parents:?}");
        }
    }
}
