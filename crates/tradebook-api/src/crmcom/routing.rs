//! What answers paths of this API that no route does.

use actix_web::{HttpRequest, HttpResponse};
use tradebook_wire::crmcom::Fault;

use super::refusal::Refusal;

/// Below this, everything answers in this API's envelope.
const ROOT: &str = "/crmapi";

/// The answer, if the path is one of this API: 405 on a known one, 404 elsewhere.
pub(crate) fn unmatched(request: &HttpRequest) -> Option<HttpResponse> {
    let below = request.path().strip_prefix(ROOT)?;
    if !below.is_empty() && !below.starts_with('/') {
        return None;
    }
    let fault = match method(below) {
        Some(method) => Fault::MethodNotAllowed(method),
        None => Fault::NoSuchCall,
    };
    Some(Refusal(fault).answer())
}

/// The method of a call, by its path below the root.
fn method(path: &str) -> Option<&'static str> {
    match path.strip_suffix('/').unwrap_or(path) {
        "/rest/v2/authentication/token"
        | "/rest/v2/authentication/web_api_key/token"
        | "/rest/v2/authentication/token/release"
        | "/rest/v2/customer_events/purchases/list" => Some("POST"),
        "/rest/v2/customer_events/purchases/show" => Some("GET"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn only_paths_of_this_api_are_answered() {
        let status = |path: &str| {
            let request = TestRequest::with_uri(path).to_http_request();
            unmatched(&request).map(|answer| answer.status().as_u16())
        };
        for (path, expected) in [
            ("/crmapi/rest/v2/customer_events/purchases/list", Some(405)),
            ("/crmapi/rest/v2/customer_events/purchases/list/", Some(405)),
            ("/crmapi/rest/v2/customer_events/purchases/list//", Some(404)),
            ("/crmapi/rest/v2/customer_events/purchases/List", Some(404)),
            ("/crmapi/rest/v1/customer_events/purchases/list", Some(404)),
            ("/crmapi", Some(404)),
            ("/crmapi/", Some(404)),
            ("/crmapiary", None),
            ("/api/v1/PriceListNormal", None),
        ] {
            assert_eq!(status(path), expected, "{path}");
        }
    }
}
