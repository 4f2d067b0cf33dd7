//! Paths as the emulated service takes them: without regard to case, percent-encoded or not, with one trailing slash.

use actix_web::dev::ServiceRequest;
use actix_web::{HttpRequest, HttpResponse};
use percent_encoding::percent_decode_str;

use super::Refusal;
use crate::observe::set_path;

const PATHS: [&str; 3] =
    ["/api/v1/PriceListNormal", "/api/v1/CustomerCPA", "/api/v1/CustomerBuyingReport"];

/// Rewrites a path that means one of the calls into the one under which it is mounted.
pub(crate) fn canonicalise(request: &mut ServiceRequest) {
    if let Some(path) = meant(request.path())
        && path != request.path()
    {
        set_path(request, path);
    }
}

/// What answers when no route did: 405 on a known path, 404 elsewhere.
pub(crate) async fn unmatched(request: HttpRequest) -> HttpResponse {
    let refusal = if meant(request.path()).is_some() {
        Refusal::MethodNotAllowed { method: request.method().to_string() }
    } else {
        let connection = request.connection_info();
        let uri = format!("{}://{}{}", connection.scheme(), connection.host(), request.path());
        Refusal::NoSuchResource { uri }
    };
    refusal.answer(&request)
}

fn meant(path: &str) -> Option<&'static str> {
    let decoded = percent_decode_str(path).decode_utf8().ok()?;
    let decoded = decoded.strip_suffix('/').unwrap_or(&decoded);
    PATHS.into_iter().find(|known| known.eq_ignore_ascii_case(decoded))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_taken_as_tolerantly_as_the_original_takes_them() {
        for path in [
            "/api/v1/PriceListNormal",
            "/API/V1/PRICELISTNORMAL",
            "/api/v1/pricelistnormal/",
            "/api/v1/%50riceListNormal",
        ] {
            assert_eq!(meant(path), Some("/api/v1/PriceListNormal"), "{path}");
        }
        for path in [
            "/",
            "/api/v1/PriceListNormal//",
            "/api//v1/PriceListNormal",
            "/api/v1/PriceListNormal/5",
            "/api/v2/PriceListNormal",
            "/api/v1/Nope",
            "/api/v1/%ff",
        ] {
            assert_eq!(meant(path), None, "{path}");
        }
    }
}
