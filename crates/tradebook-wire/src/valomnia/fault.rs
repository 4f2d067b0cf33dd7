//! Everything that can be wrong, in the words that clients know.

use serde::Serialize;

/// A kind of record, as error texts name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Record {
    /// A customer.
    Customer,
    /// The customer named by `parentCustomer`.
    ParentCustomer,
    /// A customer category.
    Category,
    /// A customer segmentation.
    Segmentation,
    /// A payment type.
    PaymentType,
    /// A region.
    Region,
    /// A user.
    User,
    /// A currency.
    Currency,
    /// A contact.
    Contact,
}

impl Record {
    /// Its name in a sentence.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::ParentCustomer => "parent customer",
            Self::Category => "customer category",
            Self::Segmentation => "customer segmentation",
            Self::PaymentType => "payment type",
            Self::Region => "region",
            Self::User => "user",
            Self::Currency => "currency",
            Self::Contact => "contact",
        }
    }
}

/// Why a call is refused. The message is the answer's `error_description`; one answer carries one fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// Parameters of a list that it does not have, or an order that it cannot be put in.
    #[error("The parameters [{}] you provided are not valid for this request.", .0.join(", "))]
    InvalidParameters(Vec<String>),
    /// Dates of filters that cannot be read, as they were given.
    #[error("Invalid datetime filter (not ISO-8601 formatted): [{}]", .0.join(", "))]
    InvalidDatetimes(Vec<String>),
    /// A number, boolean, word or id that cannot be read. Names the parameter.
    #[error("The type of parameter {0} you provided is not valid for this request.")]
    InvalidType(&'static str),
    /// A parameter that must be there is missing or empty.
    #[error("{0} parameter is missing")]
    Missing(&'static str),
    /// Another customer has the reference.
    #[error("reference already used")]
    NotUnique,
    /// A value is too long or outside its range, or the record cannot be kept for another reason.
    #[error("Failed to save instance.")]
    SaveFailed,
    /// The image is larger than 2 MiB.
    #[error("image size should not exceed 2Mo")]
    FileTooLarge,
    /// The image is none, or of another format than jpg, gif, png and bmp.
    #[error("image format not supported.")]
    UnsupportedFile,
    /// The customer has sub-customers or sales history.
    #[error("Failed to delete instance.")]
    DeleteFailed,
    /// No such record in the caller's organization.
    #[error("The {} with the id {key} doesn't exist.", .record.words())]
    NotFound {
        /// What was looked for.
        record: Record,
        /// The id or reference that was given.
        key: String,
    },
    /// Not the code of any currency.
    #[error("The currency with name {0} doesn't exist.")]
    UnknownCurrency(String),
    /// A currency for which the organization has no exchange rate.
    #[error("The currency with name {0} is not configured.")]
    CurrencyNotConfigured(String),
    /// A customer named itself as its parent.
    #[error("The customer cannot be a subcustomer of itself.")]
    OwnParent,
    /// No key, token or session, or one that is not valid any more.
    #[error("No valid credentials were provided for this request.")]
    NoCredentials,
    /// The credentials may only read.
    #[error("The credentials you provided do not allow this request.")]
    Forbidden,
    /// There is no such path.
    #[error("The resource you requested doesn't exist.")]
    NoSuchResource,
    /// The path is known, the method is not.
    #[error("The method {0} is not allowed for this resource.")]
    MethodNotAllowed(String),
    /// The body broke off, or is not what its content type says.
    #[error("The request body cannot be read.")]
    UnreadableBody,
    /// The body did not arrive in time.
    #[error("The request body did not arrive in time.")]
    TooSlow,
    /// The body, or the number of its parts, is beyond the limits.
    #[error("The request body is too large.")]
    TooLarge,
    /// The body is neither of the two kinds of forms.
    #[error(
        "The content type is not supported; send application/x-www-form-urlencoded or multipart/form-data."
    )]
    UnsupportedMediaType,
    /// The `Idempotency-Key` was used for another request, or that request is still being answered.
    #[error("The Idempotency-Key was already used for another request.")]
    IdempotencyConflict,
    /// Too many failed attempts to sign in.
    #[error("Too many failed attempts. Please try again later.")]
    TooManyAttempts,
    /// A fault of the server.
    #[error("Oops! Something went wrong...")]
    ServerError,
    /// The data cannot be reached for now.
    #[error("The service is unavailable. Please try again shortly.")]
    Unavailable,
}

impl Fault {
    /// The answer's `error`.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::InvalidParameters(_) => "invalid_param",
            Self::InvalidDatetimes(_) => "invalid_datetime_format",
            Self::InvalidType(_) => "invalid_param_type",
            Self::Missing(_) => "missing_param",
            Self::NotUnique => "not_unique",
            Self::SaveFailed => "save_failed",
            Self::FileTooLarge => "exceeded_file_size",
            Self::UnsupportedFile => "unsupported_file_type",
            Self::DeleteFailed => "delete_failed",
            Self::NotFound { .. }
            | Self::UnknownCurrency(_)
            | Self::CurrencyNotConfigured(_)
            | Self::OwnParent
            | Self::NoSuchResource => "not_found",
            Self::NoCredentials => "no_credentials",
            Self::Forbidden => "forbidden",
            Self::MethodNotAllowed(_) => "method_not_allowed",
            Self::UnreadableBody => "invalid_request",
            Self::TooSlow => "request_timeout",
            Self::TooLarge => "request_too_large",
            Self::UnsupportedMediaType => "unsupported_media_type",
            Self::IdempotencyConflict => "idempotency_conflict",
            Self::TooManyAttempts => "too_many_attempts",
            Self::ServerError => "server_error",
            Self::Unavailable => "unavailable",
        }
    }

    /// The answer's status.
    pub const fn status(&self) -> u16 {
        match self {
            Self::InvalidParameters(_)
            | Self::InvalidDatetimes(_)
            | Self::InvalidType(_)
            | Self::Missing(_)
            | Self::NotUnique
            | Self::SaveFailed
            | Self::FileTooLarge
            | Self::UnsupportedFile
            | Self::DeleteFailed
            | Self::UnreadableBody => 400,
            Self::NoCredentials => 401,
            Self::Forbidden => 403,
            Self::NotFound { .. }
            | Self::UnknownCurrency(_)
            | Self::CurrencyNotConfigured(_)
            | Self::OwnParent
            | Self::NoSuchResource => 404,
            Self::MethodNotAllowed(_) => 405,
            Self::TooSlow => 408,
            Self::IdempotencyConflict => 409,
            Self::TooLarge => 413,
            Self::UnsupportedMediaType => 415,
            Self::TooManyAttempts => 429,
            Self::ServerError => 500,
            Self::Unavailable => 503,
        }
    }

    /// The answer's body.
    pub fn body(&self) -> FaultBody {
        FaultBody { error: self.code(), error_description: self.to_string() }
    }
}

/// The body of an answer that refuses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = CustomersError))]
pub struct FaultBody {
    /// What kind of error it is.
    #[cfg_attr(feature = "openapi", schema(example = "missing_param"))]
    pub error: &'static str,
    /// The error in words.
    #[cfg_attr(feature = "openapi", schema(example = "reference parameter is missing"))]
    pub error_description: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_those_of_the_manual() {
        let list = |items: &[&str]| items.iter().map(ToString::to_string).collect::<Vec<_>>();
        let missing = |record, key: &str| Fault::NotFound { record, key: key.into() };
        let cases: Vec<(Fault, u16, &str, &str)> = vec![
            (
                Fault::InvalidParameters(list(&["dateCreated_gta"])),
                400,
                "invalid_param",
                "The parameters [dateCreated_gta] you provided are not valid for this request.",
            ),
            (
                Fault::InvalidParameters(list(&["a", "b"])),
                400,
                "invalid_param",
                "The parameters [a, b] you provided are not valid for this request.",
            ),
            (
                Fault::InvalidDatetimes(list(&["2016-08-1Z"])),
                400,
                "invalid_datetime_format",
                "Invalid datetime filter (not ISO-8601 formatted): [2016-08-1Z]",
            ),
            (
                Fault::InvalidType("payment type id"),
                400,
                "invalid_param_type",
                "The type of parameter payment type id you provided is not valid for this request.",
            ),
            (Fault::Missing("reference"), 400, "missing_param", "reference parameter is missing"),
            (Fault::NotUnique, 400, "not_unique", "reference already used"),
            (Fault::SaveFailed, 400, "save_failed", "Failed to save instance."),
            (Fault::FileTooLarge, 400, "exceeded_file_size", "image size should not exceed 2Mo"),
            (Fault::UnsupportedFile, 400, "unsupported_file_type", "image format not supported."),
            (Fault::DeleteFailed, 400, "delete_failed", "Failed to delete instance."),
            (
                missing(Record::Customer, "2559"),
                404,
                "not_found",
                "The customer with the id 2559 doesn't exist.",
            ),
            (
                missing(Record::PaymentType, "999"),
                404,
                "not_found",
                "The payment type with the id 999 doesn't exist.",
            ),
            (
                missing(Record::ParentCustomer, "188911"),
                404,
                "not_found",
                "The parent customer with the id 188911 doesn't exist.",
            ),
            (
                Fault::UnknownCurrency("GmBP".into()),
                404,
                "not_found",
                "The currency with name GmBP doesn't exist.",
            ),
            (
                Fault::CurrencyNotConfigured("GBP".into()),
                404,
                "not_found",
                "The currency with name GBP is not configured.",
            ),
            (Fault::OwnParent, 404, "not_found", "The customer cannot be a subcustomer of itself."),
            (Fault::ServerError, 500, "server_error", "Oops! Something went wrong..."),
        ];
        for (fault, status, code, text) in cases {
            assert_eq!(
                (fault.status(), fault.code(), fault.to_string().as_str()),
                (status, code, text)
            );
        }
    }
}
