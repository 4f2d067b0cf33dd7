//! Paths of this API as clients write them, and what answers those that no route does.

use actix_web::dev::ServiceRequest;
use actix_web::http::Method;
use actix_web::{HttpRequest, HttpResponse};
use tradebook_wire::valomnia::{Fault, Version, collection};

use super::refusal::Refusal;
use crate::observe::set_path;

/// Takes `HEAD` for a `GET` whose body is not sent, and one slash at the end of a path of this API for none.
pub(crate) fn canonicalise(request: &mut ServiceRequest) {
    if request.method() == Method::HEAD {
        // The connection remembers what was asked, and leaves the body out.
        request.head_mut().method = Method::GET;
    }
    if let Some(path) = without_slash(request.path()).map(str::to_owned) {
        set_path(request, &path);
    }
}

/// A path of this API without the slash at its end; `None` if there is none.
fn without_slash(path: &str) -> Option<&str> {
    let shorter = path.strip_suffix('/')?;
    let (version, resource) = shorter.strip_prefix("/api/")?.split_once('/')?;
    let is_ours = version.parse::<Version>().is_ok() && !resource.ends_with('/');
    is_ours.then_some(shorter)
}

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
        "/j_spring_security_check" => return Some(Some("GET, HEAD, POST")),
        "/login/ajaxSuccess" => return Some(Some("GET, HEAD")),
        _ => {}
    }
    if let [_, "photoCustomer", _] = path.trim_start_matches('/').split('/').collect::<Vec<_>>()[..]
    {
        return Some(Some("GET, HEAD"));
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
        [collection::CUSTOMERS] => Some("GET, HEAD, POST"),
        [collection::CUSTOMERS, "reference"] => None,
        [collection::CUSTOMERS, id] | [collection::CUSTOMERS, "reference", id]
            if !id.is_empty() =>
        {
            Some("GET, HEAD, POST, DELETE")
        }
        [records_of] if records.contains(records_of) => Some("GET, HEAD"),
        [records_of, id] if records.contains(records_of) && !id.is_empty() => Some("GET, HEAD"),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_slash_at_the_end_is_none() {
        for (path, shorter) in [
            ("/api/v2.1/customers/", Some("/api/v2.1/customers")),
            ("/api/v1.0/customers/reference/x/", Some("/api/v1.0/customers/reference/x")),
            ("/api/v2.1/customers", None),
            ("/api/v2.1/customers//", None),
            ("/api/v2.1/", None),
            ("/api/v1/customers/", None),
            ("/api/", None),
            ("/", None),
            ("/entity1-1/photoCustomer/1_logo.png/", None),
        ] {
            assert_eq!(without_slash(path), shorter, "{path}");
        }
    }

    #[test]
    fn paths_know_their_methods() {
        for (path, methods) in [
            ("/api/v1.0/customers", Some(Some("GET, HEAD, POST"))),
            ("/api/v2.1/customers/7", Some(Some("GET, HEAD, POST, DELETE"))),
            ("/api/v2.1/customers/reference/x", Some(Some("GET, HEAD, POST, DELETE"))),
            ("/api/v2.0/regions", Some(Some("GET, HEAD"))),
            ("/api/v2.0/regions/7", Some(Some("GET, HEAD"))),
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
            ("/login/ajaxSuccess", Some(Some("GET, HEAD"))),
            ("/entity1-1/photoCustomer/1_logo.png", Some(Some("GET, HEAD"))),
        ] {
            assert_eq!(allowed(path), methods, "{path}");
        }
    }
}
