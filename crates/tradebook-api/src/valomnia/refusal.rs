//! Why a call of the customers API is refused, and how its clients are told.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE,
};
use bytes::Bytes;
use serde::Serialize;
use tradebook_model::RecordRef;
use tradebook_store::{CustomerError, CustomerFault, Relation, RequiredField, StoreError};
use tradebook_wire::valomnia::{Fault, Record};

use crate::body::BodyFault;
use crate::images::{KeepError, Unsupported};

const JSON: HeaderValue = HeaderValue::from_static("application/json;charset=UTF-8");

/// A fault on its way to the client.
#[derive(Debug)]
pub(crate) struct Refusal(pub(crate) Fault);

impl Refusal {
    /// No such record.
    pub(super) fn not_found(record: Record, key: &RecordRef) -> Self {
        Self(Fault::NotFound { record, key: key.to_string() })
    }

    /// The answer.
    pub(crate) fn answer(&self) -> HttpResponse {
        let status =
            StatusCode::from_u16(self.0.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = json(status, &self.0.body());
        let header = match &self.0 {
            Fault::NoCredentials => Some((WWW_AUTHENTICATE, "Bearer")),
            Fault::Unavailable => Some((RETRY_AFTER, "1")),
            Fault::TooManyAttempts => Some((RETRY_AFTER, "10")),
            _ => None,
        };
        if let Some((name, value)) = header {
            response.headers_mut().insert(name, HeaderValue::from_static(value));
        }
        response
    }

    /// The answer to a method that a path does not have.
    pub(super) fn method_not_allowed(method: &str, allowed: &'static str) -> HttpResponse {
        let mut response = Self(Fault::MethodNotAllowed(method.to_owned())).answer();
        response.headers_mut().insert(ALLOW, HeaderValue::from_static(allowed));
        response
    }
}

/// An answer in JSON, as the emulated service labels it.
pub(super) fn json(status: StatusCode, body: &impl Serialize) -> HttpResponse {
    match serde_json::to_vec(body) {
        Ok(bytes) => written(status, bytes),
        Err(error) => {
            tracing::error!(%error, "an answer cannot be written");
            HttpResponse::InternalServerError().finish()
        }
    }
}

/// An answer in JSON that is written already.
pub(super) fn written(status: StatusCode, bytes: impl Into<Bytes>) -> HttpResponse {
    HttpResponse::build(status)
        .insert_header((CONTENT_TYPE, JSON))
        .insert_header((CACHE_CONTROL, HeaderValue::from_static("no-store")))
        .body(bytes.into())
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

impl From<CustomerError> for Refusal {
    fn from(error: CustomerError) -> Self {
        match error {
            CustomerError::Store(error) => error.into(),
            CustomerError::Fault(fault) => Self(translated(fault)),
        }
    }
}

fn translated(fault: CustomerFault) -> Fault {
    match fault {
        CustomerFault::UnknownCustomer(key) => {
            Fault::NotFound { record: Record::Customer, key: key.to_string() }
        }
        CustomerFault::Missing(field) => Fault::Missing(match field {
            RequiredField::Reference => "reference",
            RequiredField::Name => "name",
            RequiredField::ParentCustomer => "parentCustomer",
            RequiredField::DueDateConfigNumber => "dueDateConfigNumber",
        }),
        CustomerFault::InvalidValue { field, message } => {
            tracing::debug!(field, message, "a customer is refused");
            Fault::SaveFailed
        }
        CustomerFault::UnknownRelation { relation, given } => {
            let record = match relation {
                Relation::Category => Record::Category,
                Relation::ParentCustomer => Record::ParentCustomer,
                Relation::Segmentation => Record::Segmentation,
                Relation::User => Record::User,
                Relation::PaymentType => Record::PaymentType,
                Relation::Region => Record::Region,
            };
            Fault::NotFound { record, key: given.to_string() }
        }
        CustomerFault::SelfParent => Fault::OwnParent,
        CustomerFault::UnknownCurrency(name) => Fault::UnknownCurrency(name),
        CustomerFault::CurrencyNotConfigured(code) => {
            Fault::CurrencyNotConfigured(code.to_string())
        }
        CustomerFault::ReferenceTaken => Fault::NotUnique,
        CustomerFault::InUse(_) => Fault::DeleteFailed,
        CustomerFault::RetryKeyTaken => Fault::IdempotencyConflict,
        fault => {
            tracing::error!(%fault, "a fault that has no words yet");
            Fault::SaveFailed
        }
    }
}

impl From<BodyFault> for Refusal {
    fn from(fault: BodyFault) -> Self {
        Self(match fault {
            BodyFault::TooLarge { .. } => Fault::TooLarge,
            BodyFault::TooSlow => Fault::TooSlow,
            BodyFault::Broken => Fault::UnreadableBody,
        })
    }
}

impl From<Unsupported> for Refusal {
    fn from(_: Unsupported) -> Self {
        Self(Fault::UnsupportedFile)
    }
}

impl From<KeepError> for Refusal {
    fn from(error: KeepError) -> Self {
        tracing::error!(%error, "an image cannot be kept");
        Self(Fault::Unavailable)
    }
}
