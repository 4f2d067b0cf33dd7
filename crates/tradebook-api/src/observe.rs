//! One log line, one request id and one measurement for every request.

use std::time::Instant;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage as _, web};

use tradebook_store::{KEY_PREFIX, SESSION_PREFIX};

use crate::{AppState, crmcom};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const CONTENT_TYPE_OPTIONS: HeaderName = HeaderName::from_static("x-content-type-options");

/// The id by which a request is found in the log and by which its answer names it.
#[derive(Debug, Clone)]
pub struct RequestId(String);

impl RequestId {
    /// The client's own id where it is short and plain, else a new one.
    fn of(request: &ServiceRequest) -> Self {
        let given =
            request.headers().get(&REQUEST_ID).and_then(|value| value.to_str().ok()).filter(|id| {
                (1..=64).contains(&id.len())
                    && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            });
        Self(given.map_or_else(|| uuid::Uuid::new_v4().to_string(), str::to_owned))
    }

    /// The id.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Measures and logs a request. Never the body, a query string or a header: they carry keys.
pub(crate) async fn observe(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let began = Instant::now();
    let id = RequestId::of(&request);
    request.extensions_mut().insert(id.clone());
    let method = request.method().clone();
    let path = request.path().to_owned();
    let state = request.app_data::<web::Data<AppState>>().cloned();
    if let Some(state) = &state {
        state.metrics.began();
    }
    let outcome = next.call(request).await;
    let took = began.elapsed();
    let (status, route) = match &outcome {
        Ok(response) => (
            response.status().as_u16(),
            response.request().match_pattern().unwrap_or_else(|| "unmatched".to_owned()),
        ),
        Err(error) => (error.as_response_error().status_code().as_u16(), "unmatched".to_owned()),
    };
    if let Some(state) = &state {
        state.metrics.answered(&route, known_method(method.as_str()), status, took);
    }
    let duration_ms = took.as_secs_f64() * 1000.0;
    let path = printable(&path);
    let request_id = id.as_str();
    if status >= 500 {
        tracing::error!(%method, %path, status, duration_ms, request_id, "request failed");
    } else {
        tracing::info!(%method, %path, status, duration_ms, request_id, "request answered");
    }
    let mut response = outcome?;
    let head = response.response_mut().head_mut();
    head.set_camel_case_headers(true);
    if let Ok(value) = HeaderValue::from_str(id.as_str()) {
        head.headers_mut().insert(REQUEST_ID, value);
    }
    head.headers_mut().insert(CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    Ok(response)
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
        [KEY_PREFIX, SESSION_PREFIX, crmcom::TOKEN_PREFIX]
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
