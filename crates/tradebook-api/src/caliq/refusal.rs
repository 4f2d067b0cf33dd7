//! Why a Caliq call is not answered with data, and what its clients are told: the one place that knows ASP.NET's errors.

use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use actix_web::{HttpRequest, HttpResponse};
use tradebook_store::StoreError;
use tradebook_wire::caliq::{MediaType, ModelState, Unreadable, error_body, negotiate};

use crate::body::BodyFault;
use crate::books::BookFault;

/// Why a call is refused.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// 400: the body cannot be parsed at all.
    Unreadable(Unreadable),
    /// 400: a member cannot be bound, or a rule is broken.
    Invalid(ModelState),
    /// 400: the body broke off.
    BrokenBody,
    /// 401: no key, or one that opens nothing.
    Unauthorized,
    /// 404: no such path.
    NoSuchResource { uri: String },
    /// 405: the path is known, the method is not.
    MethodNotAllowed { method: String },
    /// 408: the body did not arrive in time.
    TooSlow,
    /// 413: the body is too large.
    TooLarge { max: usize },
    /// 415: the body is in a format that is not understood.
    Unsupported { message: String },
    /// 500: a fault of this program or of the stored data.
    Internal,
    /// 503: the data cannot be reached for now.
    Unavailable,
}

impl Refusal {
    fn status(&self) -> StatusCode {
        match self {
            Self::Unreadable(_) | Self::Invalid(_) | Self::BrokenBody => StatusCode::BAD_REQUEST,
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::NoSuchResource { .. } => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed { .. } => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Unsupported { .. } => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    fn message(&self) -> String {
        match self {
            Self::Unreadable(_) | Self::Invalid(_) => "The request is invalid.".into(),
            Self::BrokenBody => "The request body is incomplete or cannot be decoded.".into(),
            Self::Unauthorized => "Authorization has been denied for this request.".into(),
            Self::NoSuchResource { uri } => {
                format!("No HTTP resource was found that matches the request URI '{uri}'.")
            }
            Self::MethodNotAllowed { method } => {
                format!("The requested resource does not support http method '{method}'.")
            }
            Self::TooSlow => "The request body did not arrive in time.".into(),
            Self::TooLarge { max } => format!("The request body is larger than {max} bytes."),
            Self::Unsupported { message } => message.clone(),
            Self::Internal => "An error has occurred.".into(),
            Self::Unavailable => "The service is unavailable. Please try again shortly.".into(),
        }
    }

    /// The answer, in the format that the request's headers ask for.
    pub(crate) fn answer(&self, request: &HttpRequest) -> HttpResponse {
        let media = media_type(request);
        let unreadable;
        let state = match self {
            Self::Invalid(state) => Some(state),
            Self::Unreadable(fault) => {
                unreadable = fault.model_state();
                Some(&unreadable)
            }
            _ => None,
        };
        let mut response = HttpResponse::build(self.status());
        response.insert_header((CONTENT_TYPE, media.content_type()));
        match self {
            Self::MethodNotAllowed { .. } => {
                response.insert_header((ALLOW, "POST"));
            }
            Self::Unavailable => {
                response.insert_header((RETRY_AFTER, "1"));
            }
            _ => {}
        }
        super::no_cache(&mut response);
        response.body(error_body(media, &self.message(), state))
    }
}

impl From<BodyFault> for Refusal {
    fn from(fault: BodyFault) -> Self {
        match fault {
            BodyFault::TooLarge { max } => Self::TooLarge { max },
            BodyFault::TooSlow => Self::TooSlow,
            BodyFault::Broken => Self::BrokenBody,
        }
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        if matches!(error, StoreError::Busy | StoreError::Unavailable { .. }) {
            tracing::warn!(%error, "the store cannot be reached");
            Self::Unavailable
        } else {
            tracing::error!(%error, "the store failed");
            Self::Internal
        }
    }
}

impl From<BookFault> for Refusal {
    fn from(fault: BookFault) -> Self {
        match fault {
            BookFault::Store(error) => error.into(),
            BookFault::Compile { .. } => {
                tracing::error!(error = %fault, "no price book");
                Self::Internal
            }
            BookFault::Gone(_) => Self::Unauthorized,
        }
    }
}

/// The media type of the answer to a request.
pub(crate) fn media_type(request: &HttpRequest) -> MediaType {
    let accept = joined(request, "accept");
    let from_script = joined(request, "x-requested-with");
    let content_type = joined(request, "content-type");
    negotiate(accept.as_deref(), from_script.as_deref(), content_type.as_deref())
}

/// A header's value; several headers of one name count as one list.
pub(crate) fn joined(request: &HttpRequest, name: &str) -> Option<String> {
    let values: Vec<&str> = request
        .headers()
        .get_all(name)
        .filter_map(|value: &HeaderValue| value.to_str().ok())
        .collect();
    (!values.is_empty()).then(|| values.join(", "))
}
