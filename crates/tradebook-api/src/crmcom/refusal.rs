//! Why a call is refused, and how its clients are told: with 200 and an envelope, as they expect it.

use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use actix_web::{HttpResponse, HttpResponseBuilder};
use tradebook_store::{EventFault, StoreError};
use tradebook_wire::crmcom::Fault;

use crate::body::BodyFault;

/// A fault on its way to the client.
#[derive(Debug)]
pub(super) struct Refusal(pub(super) Fault);

impl Refusal {
    /// Of events that were asked for by a parameter.
    pub(super) fn of_events(fault: EventFault, parameter: &'static str) -> Self {
        match fault {
            EventFault::NotFound(identifier) => Self(Fault::NotFound(identifier)),
            EventFault::Ambiguous(field) => Self(Fault::Ambiguous { parameter, field }),
            EventFault::Store(error) => error.into(),
        }
    }

    /// The answer. Only what keeps a request from being one of these calls has a status of its own.
    pub(super) fn answer(&self) -> HttpResponse {
        let status = match &self.0 {
            Fault::NoSuchCall => StatusCode::NOT_FOUND,
            Fault::MethodNotAllowed(_) => StatusCode::METHOD_NOT_ALLOWED,
            Fault::BrokenBody => StatusCode::BAD_REQUEST,
            Fault::SlowBody => StatusCode::REQUEST_TIMEOUT,
            Fault::LargeBody { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            _ => StatusCode::OK,
        };
        let mut response = builder(status);
        match &self.0 {
            Fault::MethodNotAllowed(allowed) => {
                response.insert_header((ALLOW, HeaderValue::from_static(allowed)));
            }
            Fault::Unavailable => {
                response.insert_header((RETRY_AFTER, HeaderValue::from_static("1")));
            }
            _ => {}
        }
        response.body(self.0.body())
    }
}

/// 200 with an envelope.
pub(super) fn ok(body: Vec<u8>) -> HttpResponse {
    builder(StatusCode::OK).body(body)
}

/// An answer in JSON that nobody keeps: tokens are in some of them.
pub(super) fn builder(status: StatusCode) -> HttpResponseBuilder {
    let mut response = HttpResponse::build(status);
    response
        .insert_header((CONTENT_TYPE, "application/json;charset=UTF-8"))
        .insert_header((CACHE_CONTROL, "no-store"));
    response
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        Self(fault)
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        if matches!(error, StoreError::Busy | StoreError::Unavailable { .. }) {
            tracing::warn!(%error, "the store cannot be reached");
            Self(Fault::Unavailable)
        } else {
            tracing::error!(%error, "the store failed");
            Self(Fault::ServerError)
        }
    }
}

impl From<BodyFault> for Refusal {
    fn from(fault: BodyFault) -> Self {
        Self(match fault {
            BodyFault::TooLarge { max } => Fault::LargeBody { max },
            BodyFault::TooSlow => Fault::SlowBody,
            BodyFault::Broken => Fault::BrokenBody,
        })
    }
}
