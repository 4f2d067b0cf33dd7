//! The products of a book: what never changes while it is patched, and what does.

use tradebook_model::{BookProduct, Money, ProductCode, ProductId, ProductStatus};

use crate::BookError;
use crate::hash_index::{self, HashIndex, usize_of};

/// Ids and codes of all products, sorted by code by code point, and found by either.
#[derive(Debug, PartialEq)]
pub(crate) struct Catalogue {
    ids: Box<[ProductId]>,
    codes: Box<[ProductCode]>,
    by_id: HashIndex,
    by_code: HashIndex,
}

/// What a price depends on apart from lists and terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ProductFacts {
    pub(crate) status: ProductStatus,
    pub(crate) cost: Option<Money>,
}

impl Catalogue {
    /// Sorts the products; refuses two with one id or one code.
    pub(crate) fn build(
        mut products: Vec<BookProduct>,
    ) -> Result<(Self, Box<[ProductFacts]>), BookError> {
        products.sort_unstable_by(|a, b| a.code.cmp(&b.code));
        if u32::try_from(products.len()).is_err() {
            return Err(BookError::TooMany("products"));
        }
        let facts =
            products.iter().map(|p| ProductFacts { status: p.status, cost: p.cost }).collect();
        let ids: Box<[ProductId]> = products.iter().map(|p| p.id).collect();
        let codes: Box<[ProductCode]> = products.into_iter().map(|p| p.code).collect();
        let code_at = |at: u32| codes.get(usize_of(at)).cloned();
        let by_code =
            HashIndex::build(codes.len(), |at| codes.get(usize_of(at)).map(ProductCode::as_str))
                .map_err(|(a, _)| {
                    code_at(a)
                        .map_or(BookError::TooMany("products"), BookError::DuplicateProductCode)
                })?;
        let by_id =
            HashIndex::build(ids.len(), |at| ids.get(usize_of(at))).map_err(|(a, b)| {
                match (ids.get(usize_of(a)), code_at(a), code_at(b)) {
                    (Some(&id), Some(first), Some(second)) => {
                        BookError::DuplicateProductId { id, first, second }
                    }
                    _ => BookError::TooMany("products"),
                }
            })?;
        Ok((Self { ids, codes, by_id, by_code }, facts))
    }

    pub(crate) fn len(&self) -> usize {
        self.ids.len()
    }

    pub(crate) fn id(&self, at: u32) -> Option<ProductId> {
        self.ids.get(usize_of(at)).copied()
    }

    pub(crate) fn code(&self, at: u32) -> Option<&ProductCode> {
        self.codes.get(usize_of(at))
    }

    pub(crate) fn find_id(&self, id: ProductId) -> Option<u32> {
        self.by_id.find(&id, |at| self.id(at) == Some(id))
    }

    pub(crate) fn find_code(&self, code: &str) -> Option<u32> {
        self.by_code.find(code, |at| self.code(at).is_some_and(|known| known.as_str() == code))
    }

    /// The products of those codes that are known, in their order.
    ///
    /// A catalogue is larger than what a processor has at hand. What will be read is therefore touched first, for all codes at
    /// once: the processor waits for many places of memory as long as for one.
    pub(crate) fn find_codes(&self, codes: &[&str]) -> Vec<u32> {
        let hashes: Vec<u64> = codes.iter().map(|code| hash_index::hash(*code)).collect();
        let guesses: Vec<Option<u32>> =
            hashes.iter().map(|hash| self.by_code.guess(*hash)).collect();
        let touched = guesses.iter().flatten().filter_map(|at| self.code(*at));
        let touched = touched.filter_map(|code| code.as_str().bytes().next());
        std::hint::black_box(touched.fold(0_u8, u8::wrapping_add));
        let found = codes.iter().zip(&hashes).filter_map(|(code, hash)| {
            let is = |at| self.code(at).is_some_and(|known| known.as_str() == *code);
            self.by_code.find_hashed(*hash, is)
        });
        found.collect()
    }

    pub(crate) fn heap_bytes(&self) -> usize {
        let texts: usize = self.codes.iter().map(|code| code.as_str().len()).sum();
        size_of_val(&*self.ids)
            + size_of_val(&*self.codes)
            + texts
            + self.by_id.heap_bytes()
            + self.by_code.heap_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_found_together_as_one_by_one() {
        let product = |id: i32| BookProduct {
            id: ProductId::new(id).unwrap(),
            code: ProductCode::new(&format!("P{}", id % 1000)).unwrap(),
            status: ProductStatus::Active,
            cost: None,
        };
        let (catalogue, _) = Catalogue::build((1..=1000).map(product).collect()).unwrap();
        let names: Vec<String> = (0..3000).rev().map(|n| format!("P{}", n / 2)).collect();
        let codes: Vec<&str> = names.iter().map(String::as_str).chain(["", "p1", "P01"]).collect();
        let one_by_one: Vec<u32> =
            codes.iter().filter_map(|code| catalogue.find_code(code)).collect();
        assert_eq!(one_by_one.len(), 2000);
        assert_eq!(catalogue.find_codes(&codes), one_by_one);
        assert!(catalogue.find_codes(&[]).is_empty());
    }
}
