//! One log line, one request id and one measurement for every request.

use std::time::{Duration, Instant};

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::http::uri::PathAndQuery;
use actix_web::http::{Method, StatusCode, Uri};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage as _, web};

use tradebook_store::{EVENT_TOKEN_PREFIX, KEY_PREFIX, SESSION_PREFIX};

use crate::{AppState, caliq, valomnia};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const CONTENT_TYPE_OPTIONS: HeaderName = HeaderName::from_static("x-content-type-options");

/// The id by which a request is found in the log and by which its answer names it.
#[derive(Debug, Clone)]
pub struct RequestId(HeaderValue);

impl RequestId {
    /// The client's own id where it is short and plain, else a new one.
    fn of(request: &ServiceRequest) -> Self {
        let is_plain = |id: &&HeaderValue| {
            (1..=64).contains(&id.len())
                && id.as_bytes().iter().all(|b| b.is_ascii_alphanumeric() || *b == b'-')
        };
        let given = request.headers().get(&REQUEST_ID).filter(is_plain);
        Self(given.cloned().unwrap_or_else(new_id))
    }

    /// The id.
    pub fn as_str(&self) -> &str {
        self.0.to_str().unwrap_or_default()
    }
}

fn new_id() -> HeaderValue {
    let mut digits = uuid::Uuid::encode_buffer();
    let digits = uuid::Uuid::new_v4().hyphenated().encode_lower(&mut digits);
    // Digits and hyphens are a header's value.
    HeaderValue::from_str(digits).unwrap_or_else(|_| HeaderValue::from_static(""))
}

/// Measures and logs a request, and leads it to what it means. Never logs the body, a query string or a header: they carry keys.
pub(crate) async fn observe(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let began = Instant::now();
    let id = RequestId::of(&request);
    request.extensions_mut().insert(id.clone());
    // As they were sent. Neither is copied.
    let (method, uri) = (request.method().clone(), request.uri().clone());
    let state = request.app_data::<web::Data<AppState>>().cloned();
    if let Some(state) = &state {
        state.metrics.began();
    }
    caliq::canonicalise(&mut request);
    valomnia::canonicalise(&mut request);
    let outcome = next.call(request).await;
    let took = began.elapsed();
    let (status, route) = match &outcome {
        Ok(response) => (response.status(), response.request().match_pattern()),
        Err(error) => (error.as_response_error().status_code(), None),
    };
    if let Some(state) = &state {
        let route = route.as_deref().unwrap_or("unmatched");
        state.metrics.answered(route, known_method(method.as_str()), status, took);
    }
    if status.is_server_error() || tracing::enabled!(tracing::Level::INFO) {
        log(&method, uri.path(), status, took, &id);
    }
    let mut response = outcome?;
    let head = response.response_mut().head_mut();
    head.set_camel_case_headers(true);
    head.headers_mut().insert(REQUEST_ID, id.0);
    head.headers_mut().insert(CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    Ok(response)
}

fn log(method: &Method, path: &str, status: StatusCode, took: Duration, id: &RequestId) {
    let duration_ms = took.as_secs_f64() * 1000.0;
    let (path, request_id) = (printable(path), id.as_str());
    let is_failure = status.is_server_error();
    let status = status.as_u16();
    if is_failure {
        tracing::error!(%method, %path, status, duration_ms, request_id, "request failed");
    } else {
        tracing::info!(%method, %path, status, duration_ms, request_id, "request answered");
    }
}

/// Gives a request another path. Its query stays.
pub(crate) fn set_path(request: &mut ServiceRequest, path: &str) {
    let mut parts = request.uri().clone().into_parts();
    let changed = match request.query_string() {
        "" => path.to_owned(),
        query => format!("{path}?{query}"),
    };
    if let Ok(path_and_query) = PathAndQuery::try_from(changed) {
        parts.path_and_query = Some(path_and_query);
        if let Ok(uri) = Uri::from_parts(parts) {
            request.match_info_mut().get_mut().update(&uri);
            request.head_mut().uri = uri;
        }
    }
}

fn known_method(method: &str) -> &str {
    match method {
        "GET" | "POST" | "PUT" | "DELETE" | "PATCH" | "HEAD" | "OPTIONS" => method,
        _ => "other",
    }
}

/// A path fit for a log: without control characters, not longer than a line, and without a key or token that a client put
/// there by mistake.
fn printable(path: &str) -> String {
    let plain: String = path.chars().take(200).filter(|c| !c.is_control()).collect();
    let secret = |segment: &str| {
        [KEY_PREFIX, SESSION_PREFIX, EVENT_TOKEN_PREFIX]
            .iter()
            .any(|prefix| segment.contains(prefix))
    };
    let masked: Vec<&str> =
        plain.split('/').map(|segment| if secret(segment) { "***" } else { segment }).collect();
    masked.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_logged_path_shows_no_key_and_no_control_character() {
        assert_eq!(printable("/api/v1/tb_0123\r\nx/y"), "/api/v1/***/y");
        assert_eq!(printable("/crmapi/tbe_1/tbs_2/x"), "/crmapi/***/***/x");
        assert_eq!(printable(&"x".repeat(500)).len(), 200);
    }
}
