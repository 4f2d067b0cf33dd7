//! What a list is asked for: filters, an order and a page.

use super::fault::Fault;
use super::instant::{self, Comparison, InstantRange};
use super::number;
use super::paging::Page;
use super::parameters::Parameters;

/// A page's size where none is asked for.
const DEFAULT_MAX: u32 = 100;
/// The most records in a page; more are not refused, they are cut to this.
const GREATEST_MAX: u32 = 1000;

/// In which direction a list goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// Smallest first.
    #[default]
    Ascending,
    /// Greatest first.
    Descending,
}

impl Order {
    /// `asc` or `desc`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ascending => "asc",
            Self::Descending => "desc",
        }
    }

    fn read(text: &str) -> Option<Self> {
        [Self::Ascending, Self::Descending]
            .into_iter()
            .find(|order| order.word().eq_ignore_ascii_case(text))
    }
}

/// What a list of customers is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerListRequest {
    /// Which page.
    pub page: Page,
    /// The member by which it is sorted. Ties are by id.
    pub sort: String,
    /// In which direction.
    pub order: Order,
    /// When the customers were created.
    pub created: InstantRange,
    /// When the customers were last changed.
    pub updated: InstantRange,
    /// A pattern of their reference, in which `*` is any run of characters.
    pub reference: Option<String>,
    /// A pattern of their name.
    pub name: Option<String>,
    /// A pattern of their category's reference.
    pub category_reference: Option<String>,
    /// Whether they are active.
    pub is_active: Option<bool>,
    /// The filters as given, for links.
    pub filters: Vec<(String, String)>,
}

const PAGING: [&str; 4] = ["max", "offset", "sort", "order"];

const CUSTOMER_FILTERS: [&str; 12] = [
    "dateCreated_gt",
    "dateCreated_gte",
    "dateCreated_lt",
    "dateCreated_lte",
    "lastUpdated_gt",
    "lastUpdated_gte",
    "lastUpdated_lt",
    "lastUpdated_lte",
    "reference",
    "name",
    "categoryReference",
    "isActive",
];

const RECORD_FILTERS: [&str; 2] = ["reference", "name"];

impl CustomerListRequest {
    /// Reads a query. Parameters that a list does not have are named together; then types, then dates. `is_sort` tells which
    /// members it can be sorted by.
    pub fn read(query: &Parameters, is_sort: impl FnOnce(&str) -> bool) -> Result<Self, Fault> {
        let (sort, order) = arrangement(query, &CUSTOMER_FILTERS, "dateCreated", is_sort)?;
        let page = page(query)?;
        let is_active = match query.filled("isActive") {
            Some(text) => Some(number::read_boolean(text).ok_or(Fault::InvalidType("isActive"))?),
            None => None,
        };
        let mut unreadable = Vec::new();
        let mut range = |name: &str| {
            let mut range = InstantRange::default();
            for (suffix, comparison) in [
                ("gt", Comparison::Gt),
                ("gte", Comparison::Gte),
                ("lt", Comparison::Lt),
                ("lte", Comparison::Lte),
            ] {
                let Some(text) = query.filled(&format!("{name}_{suffix}")) else { continue };
                match instant::read(text) {
                    Some(bound) => range.narrow(comparison, bound),
                    None => unreadable.push(text.to_owned()),
                }
            }
            range
        };
        let (created, updated) = (range("dateCreated"), range("lastUpdated"));
        if !unreadable.is_empty() {
            return Err(Fault::InvalidDatetimes(unreadable));
        }
        let wildcard = |name| query.filled(name).map(str::to_owned);
        Ok(Self {
            page,
            sort,
            order,
            created,
            updated,
            reference: wildcard("reference"),
            name: wildcard("name"),
            category_reference: wildcard("categoryReference"),
            is_active,
            filters: filters(query, &CUSTOMER_FILTERS),
        })
    }
}

/// What a list of records that customers refer to is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordListRequest {
    /// Which page.
    pub page: Page,
    /// The member by which it is sorted. Ties are by id.
    pub sort: String,
    /// In which direction.
    pub order: Order,
    /// A pattern of their reference, in which `*` is any run of characters.
    pub reference: Option<String>,
    /// A pattern of their name.
    pub name: Option<String>,
    /// The filters as given, for links.
    pub filters: Vec<(String, String)>,
}

impl RecordListRequest {
    /// Reads a query. `default_sort` is the member by which it is sorted where none is named.
    pub fn read(
        query: &Parameters,
        default_sort: &str,
        is_sort: impl FnOnce(&str) -> bool,
    ) -> Result<Self, Fault> {
        let (sort, order) = arrangement(query, &RECORD_FILTERS, default_sort, is_sort)?;
        let page = page(query)?;
        let wildcard = |name| query.filled(name).map(str::to_owned);
        Ok(Self {
            page,
            sort,
            order,
            reference: wildcard("reference"),
            name: wildcard("name"),
            filters: filters(query, &RECORD_FILTERS),
        })
    }
}

/// Sort and order, once all names are known ones.
fn arrangement(
    query: &Parameters,
    filters: &[&str],
    default_sort: &str,
    is_sort: impl FnOnce(&str) -> bool,
) -> Result<(String, Order), Fault> {
    let known: Vec<&str> = PAGING.iter().chain(filters).copied().collect();
    let mut invalid = query.unknown(&known);
    let sort = query.filled("sort").unwrap_or(default_sort);
    if !is_sort(sort) {
        invalid.push("sort".into());
    }
    let order = match query.filled("order").map(Order::read) {
        None => Order::default(),
        Some(Some(order)) => order,
        Some(None) => {
            invalid.push("order".into());
            Order::default()
        }
    };
    if invalid.is_empty() {
        Ok((sort.to_owned(), order))
    } else {
        Err(Fault::InvalidParameters(invalid))
    }
}

fn page(query: &Parameters) -> Result<Page, Fault> {
    let count = |name: &'static str| match query.filled(name) {
        None => Ok(None),
        Some(text) => match text.parse::<i64>() {
            Ok(count @ 0..) => Ok(Some(count)),
            _ => Err(Fault::InvalidType(name)),
        },
    };
    let max = match count("max")? {
        None => DEFAULT_MAX,
        Some(max) => u32::try_from(max).unwrap_or(GREATEST_MAX).min(GREATEST_MAX),
    };
    Ok(Page { max, offset: count("offset")?.unwrap_or(0) })
}

/// The filters that say something, in the documented order.
fn filters(query: &Parameters, names: &[&str]) -> Vec<(String, String)> {
    names
        .iter()
        .filter_map(|name| Some(((*name).to_owned(), query.filled(name)?.to_owned())))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SORTS: [&str; 3] = ["dateCreated", "name", "id"];

    fn read(pairs: &[(&str, &str)]) -> Result<CustomerListRequest, Fault> {
        CustomerListRequest::read(&Parameters::of(pairs), |sort| SORTS.contains(&sort))
    }

    #[test]
    fn a_query_without_parameters_has_defaults() {
        for pairs in [&[][..], &[("max", ""), ("sort", " "), ("order", ""), ("isActive", "")]] {
            let request = read(pairs).unwrap();
            assert_eq!(request.page, Page { max: 100, offset: 0 });
            assert_eq!((request.sort.as_str(), request.order), ("dateCreated", Order::Ascending));
            assert_eq!((request.is_active, request.filters), (None, vec![]));
        }
    }

    #[test]
    fn faults_name_what_is_wrong_and_unknown_names_come_first() {
        let unknown = |names: &[&str]| {
            Fault::InvalidParameters(names.iter().map(ToString::to_string).collect())
        };
        let dates = |texts: &[&str]| {
            Fault::InvalidDatetimes(texts.iter().map(ToString::to_string).collect())
        };
        let cases: &[(&[(&str, &str)], Fault)] = &[
            (&[("dateCreated_gta", "x")], unknown(&["dateCreated_gta"])),
            (&[("b", ""), ("max", "x"), ("a", ""), ("b", "")], unknown(&["b", "a"])),
            (&[("sort", "phones")], unknown(&["sort"])),
            (&[("order", "up"), ("sort", "up")], unknown(&["sort", "order"])),
            (&[("max", "x")], Fault::InvalidType("max")),
            (&[("max", "-1")], Fault::InvalidType("max")),
            (&[("max", "1.5")], Fault::InvalidType("max")),
            (&[("offset", "-1")], Fault::InvalidType("offset")),
            (&[("isActive", "maybe")], Fault::InvalidType("isActive")),
            (&[("dateCreated_gt", "2016-08-1Z")], dates(&["2016-08-1Z"])),
            (&[("lastUpdated_lte", "y"), ("dateCreated_lt", "x")], dates(&["x", "y"])),
        ];
        for (pairs, fault) in cases {
            assert_eq!(read(pairs).as_ref(), Err(fault), "{pairs:?}");
        }
    }

    #[test]
    fn a_page_is_cut_to_the_greatest_size() {
        for (max, expected) in [("0", 0), ("1000", 1000), ("1001", 1000), ("99999999999", 1000)] {
            assert_eq!(read(&[("max", max)]).unwrap().page.max, expected);
        }
    }

    #[test]
    fn what_is_asked_for_is_read() {
        let request = read(&[
            ("order", "DESC"),
            ("sort", "name"),
            ("isActive", "true"),
            ("name", " *a b* "),
            ("max", "7"),
            ("offset", "14"),
        ])
        .unwrap();
        assert_eq!((request.sort.as_str(), request.order), ("name", Order::Descending));
        assert_eq!((request.is_active, request.name.as_deref()), (Some(true), Some("*a b*")));
        assert_eq!(request.page, Page { max: 7, offset: 14 });
        let filters = [("name".to_owned(), "*a b*".to_owned()), ("isActive".into(), "true".into())];
        assert_eq!(request.filters, filters);
        let query = Parameters::of(&[("name", "a*"), ("isActive", "true")]);
        let refused = RecordListRequest::read(&query, "id", |sort| sort == "id");
        assert_eq!(refused, Err(Fault::InvalidParameters(vec!["isActive".into()])));
    }
}
