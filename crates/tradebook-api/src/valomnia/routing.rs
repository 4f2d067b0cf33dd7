//! What answers paths of this API that no route does.

use actix_web::http::Method;
use actix_web::{HttpRequest, HttpResponse};
use tradebook_wire::valomnia::{Fault, Version, collection};

use super::refusal::Refusal;

/// The answer, if the path is one of this API: 405 on a known one, 404 elsewhere.
pub(crate) fn unmatched(request: &HttpRequest) -> Option<HttpResponse> {
    let path = request.path();
    let allowed = match allowed(path)? {
        Some(allowed) => allowed,
        None => return Some(Refusal(Fault::NoSuchResource).answer()),
    };
    let is_allowed = allowed.split(", ").any(|method| method == request.method().as_str());
    // A path with a method that it has, which no route took: a segment that is none.
    if is_allowed && request.method() != Method::OPTIONS {
        return Some(Refusal(Fault::NoSuchResource).answer());
    }
    Some(Refusal::method_not_allowed(request.method().as_str(), allowed))
}

/// The methods of a path; `None` if it is not of this API, `Some(None)` if it is unknown here.
fn allowed(path: &str) -> Option<Option<&'static str>> {
    match path {
        "/j_spring_security_check" => return Some(Some("GET, POST")),
        "/login/ajaxSuccess" => return Some(Some("GET")),
        _ => {}
    }
    if let [_, "photoCustomer", _] = path.trim_start_matches('/').split('/').collect::<Vec<_>>()[..]
    {
        return Some(Some("GET"));
    }
    let below = path.strip_prefix("/api/")?;
    let (version, rest) = below.split_once('/').unwrap_or((below, ""));
    let segments: Vec<&str> = rest.split('/').collect();
    let records = [
        collection::CATEGORIES,
        collection::SEGMENTATIONS,
        collection::PAYMENT_TYPES,
        collection::REGIONS,
        collection::USERS,
        collection::CURRENCIES,
        collection::CONTACTS,
    ];
    if version.parse::<Version>().is_err() {
        let is_ours = |first: &&str| *first == collection::CUSTOMERS || records.contains(first);
        let of_caliq = version.eq_ignore_ascii_case("v1");
        return (!of_caliq && segments.first().is_some_and(is_ours)).then_some(None);
    }
    Some(match segments.as_slice() {
        [collection::CUSTOMERS] => Some("GET, POST"),
        [collection::CUSTOMERS, "reference"] => None,
        [collection::CUSTOMERS, id] | [collection::CUSTOMERS, "reference", id]
            if !id.is_empty() =>
        {
            Some("GET, POST, DELETE")
        }
        [records_of] if records.contains(records_of) => Some("GET"),
        [records_of, id] if records.contains(records_of) && !id.is_empty() => Some("GET"),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_know_their_methods() {
        for (path, methods) in [
            ("/api/v1.0/customers", Some(Some("GET, POST"))),
            ("/api/v2.1/customers/7", Some(Some("GET, POST, DELETE"))),
            ("/api/v2.1/customers/reference/x", Some(Some("GET, POST, DELETE"))),
            ("/api/v2.0/regions", Some(Some("GET"))),
            ("/api/v2.0/regions/7", Some(Some("GET"))),
            ("/api/v2.1/customers/reference", Some(None)),
            ("/api/v2.1/customers/reference/", Some(None)),
            ("/api/v2.1", Some(None)),
            ("/api/v2.1/", Some(None)),
            ("/api/v2.1/products", Some(None)),
            ("/api/v2.1/customers/1/2/3", Some(None)),
            ("/api/v1/customers", None),
            ("/api/v3.0/customers", Some(None)),
            ("/api/v2/PriceListNormal", None),
            ("/api/v1/PriceListNormal", None),
            ("/customers", None),
            ("/login/ajaxSuccess", Some(Some("GET"))),
            ("/entity1-1/photoCustomer/1_logo.png", Some(Some("GET"))),
        ] {
            assert_eq!(allowed(path), methods, "{path}");
        }
    }
}
