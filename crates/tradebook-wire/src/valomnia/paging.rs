//! Pages of lists, and the links between them.

use std::fmt::Write as _;

use serde::Serialize;

use super::list_request::Order;
use super::version::Version;

/// Which part of a list is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// How many records at most.
    pub max: u32,
    /// How many records come before.
    pub offset: i64,
}

/// Where a page lies in its list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Paging {
    /// How many records the whole list has.
    #[cfg_attr(feature = "openapi", schema(example = 1019))]
    pub total: i64,
    /// How many records a page has at most.
    #[cfg_attr(feature = "openapi", schema(example = 2))]
    pub max: u32,
    /// How many records come before this page.
    #[cfg_attr(feature = "openapi", schema(example = 0))]
    pub offset: i64,
    /// The page before; `null` on the first.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub previous: Option<String>,
    /// The page behind; `null` on the last.
    #[cfg_attr(
        feature = "openapi",
        schema(
            required,
            example = "/api/v1.0/customers?max=2&offset=2&sort=dateCreated&order=asc"
        )
    )]
    pub next: Option<String>,
}

/// What links repeat of the request.
#[derive(Debug, Clone, Copy)]
pub struct Links<'a> {
    /// The version of the request.
    pub version: Version,
    /// `customers`
    pub collection: &'a str,
    /// By what the list is sorted.
    pub sort: &'a str,
    /// In which direction.
    pub order: Order,
    /// The filters.
    pub filters: &'a [(String, String)],
}

impl Paging {
    /// The place of a page in a list of `total` records.
    pub fn new(total: i64, page: Page, links: &Links<'_>) -> Self {
        let Page { max, offset } = page;
        let step = i64::from(max);
        // A page of nothing has no neighbours: links to them would lead nowhere new.
        let previous = (offset > 0 && step > 0).then(|| (offset - step).max(0));
        let next = offset.checked_add(step).filter(|next| step > 0 && *next < total);
        let link = |offset: i64| links.to(max, offset);
        Self { total, max, offset, previous: previous.map(link), next: next.map(link) }
    }
}

impl Links<'_> {
    fn to(&self, max: u32, offset: i64) -> String {
        let Self { version, collection, sort, order, filters } = self;
        let order = order.word();
        let mut link = format!(
            "/api/{version}/{collection}?max={max}&offset={offset}&sort={sort}&order={order}"
        );
        for (name, value) in *filters {
            link.push('&');
            link.push_str(name);
            link.push('=');
            push_encoded(&mut link, value);
        }
        link
    }
}

/// Percent-encodes all that is not plain in a query. `*` and `:` are plain: they are what patterns and dates are made of.
fn push_encoded(link: &mut String, value: &str) {
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~*:".contains(&byte) {
            link.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(link, "%{byte:02X}");
        }
    }
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ListBody<T> {
    /// Where the page lies.
    pub paging: Paging,
    /// Its records.
    pub data: Vec<T>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paging(total: i64, max: u32, offset: i64) -> (Option<String>, Option<String>) {
        let filters = [("name".to_owned(), "*R&D é*".to_owned())];
        let links = Links {
            version: Version::V2_1,
            collection: "customers",
            sort: "name",
            order: Order::Descending,
            filters: &filters,
        };
        let Paging { previous, next, .. } = Paging::new(total, Page { max, offset }, &links);
        (previous, next)
    }

    #[test]
    fn links_carry_the_version_the_order_and_the_filters() {
        let link = |offset: i64| {
            Some(format!(
                "/api/v2.1/customers?max=2&offset={offset}&sort=name&order=desc&name=*R%26D%20%C3%A9*"
            ))
        };
        assert_eq!(paging(5, 2, 0), (None, link(2)));
        assert_eq!(paging(5, 2, 1), (link(0), link(3)));
        assert_eq!(paging(5, 2, 2), (link(0), link(4)));
        assert_eq!(paging(5, 2, 4), (link(2), None));
        assert_eq!(paging(4, 2, 2), (link(0), None));
        assert_eq!(paging(0, 2, 0), (None, None));
        assert_eq!(paging(5, 2, 100), (link(98), None));
        assert_eq!(paging(5, 2, i64::MAX), (link(i64::MAX - 2), None));
        assert_eq!(paging(5, 0, 3), (None, None));
    }
}
