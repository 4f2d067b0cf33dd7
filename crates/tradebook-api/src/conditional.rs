//! Answers that a client may have already: `If-None-Match` (RFC 9110, section 13.1.2).

use actix_web::HttpRequest;
use actix_web::http::header::IF_NONE_MATCH;

/// A tag without what makes it weak.
fn opaque(tag: &str) -> &str {
    tag.strip_prefix("W/").unwrap_or(tag)
}

/// Whether the client has what a tag stands for. Weak tags count as well as strong ones.
pub(crate) fn is_unchanged(http: &HttpRequest, etag: &str) -> bool {
    let wanted = opaque(etag);
    http.headers()
        .get_all(IF_NONE_MATCH)
        .filter_map(|value| value.to_str().ok())
        .flat_map(|known| known.split(','))
        .map(str::trim)
        .any(|known| known == "*" || opaque(known) == wanted)
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn tags_are_compared_weakly() {
        let known = |values: &[&str], etag| {
            let mut request = TestRequest::get();
            for value in values {
                request = request.append_header((IF_NONE_MATCH, *value));
            }
            is_unchanged(&request.to_http_request(), etag)
        };
        for values in [&["\"a\""][..], &["W/\"a\""], &["\"b\", \"a\""], &["\"b\"", "\"a\""], &["*"]]
        {
            assert!(known(values, "\"a\"") && known(values, "W/\"a\""), "{values:?}");
        }
        for values in [&[][..], &["\"b\""], &["a"], &["W/a"], &["\"a"]] {
            assert!(!known(values, "\"a\"") && !known(values, "W/\"a\""), "{values:?}");
        }
    }
}
