//! What the OpenAPI document says of refused calls.

use std::collections::BTreeMap;

use serde_json::json;
use tradebook_wire::valomnia::{Fault, FaultBody, Record};
use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Ref, RefOr, Required, Response, ResponseBuilder, Schema};
use utoipa::{IntoResponses, PartialSchema as _, ToSchema};

fn invalid_parameter() -> Fault {
    Fault::InvalidParameters(vec!["dateCreated_gta".into()])
}

fn no_such_customer() -> Fault {
    Fault::NotFound { record: Record::Customer, key: "2559".into() }
}

/// The answers that every call may get, with those that this one may get too.
fn refusals(own: &[Fault]) -> BTreeMap<String, RefOr<Response>> {
    let common =
        [Fault::NoCredentials, Fault::NoSuchResource, Fault::ServerError, Fault::Unavailable];
    let mut by_status: BTreeMap<u16, Vec<&Fault>> = BTreeMap::new();
    for fault in own.iter().chain(&common) {
        by_status.entry(fault.status()).or_default().push(fault);
    }
    by_status
        .into_iter()
        .map(|(status, faults)| (status.to_string(), RefOr::T(response(status, &faults))))
        .collect()
}

fn response(status: u16, faults: &[&Fault]) -> Response {
    let description: Vec<String> =
        faults.iter().map(|fault| format!("`{}`: {fault}", fault.code())).collect();
    let example = faults.first().map(|fault| json!(fault.body()));
    let content = ContentBuilder::new()
        .schema(Some(RefOr::Ref::<Schema>(Ref::from_schema_name(FaultBody::name()))))
        .example(example)
        .build();
    let mut response = ResponseBuilder::new()
        .description(description.join("  \n"))
        .content("application/json", content);
    let header = match status {
        401 => Some(("WWW-Authenticate", "`Bearer`")),
        429 | 503 => Some(("Retry-After", "Seconds to wait.")),
        _ => None,
    };
    if let Some((name, text)) = header {
        let schema = ObjectBuilder::new().schema_type(Type::String);
        let header = HeaderBuilder::new().schema(Some(schema)).description(Some(text)).build();
        response = response.header(name, header);
    }
    response.build()
}

macro_rules! refusals {
    ($($(#[$doc:meta])* $name:ident: [$($fault:expr),* $(,)?];)*) => {$(
        $(#[$doc])*
        pub(crate) struct $name;

        impl IntoResponses for $name {
            fn responses() -> BTreeMap<String, RefOr<Response>> {
                refusals(&[$($fault),*])
            }
        }
    )*};
}

refusals! {
    /// Of a list.
    ListRefusals: [
        invalid_parameter(),
        Fault::InvalidDatetimes(vec!["2016-08-1Z".into()]),
        Fault::InvalidType("max"),
    ];
    /// Of a single record.
    ShowRefusals: [Fault::InvalidType("id"), no_such_customer()];
    /// Of an update or upsert.
    WriteRefusals: [
        Fault::Missing("name"),
        Fault::InvalidType("isActive"),
        Fault::NotUnique,
        Fault::SaveFailed,
        Fault::FileTooLarge,
        Fault::UnsupportedFile,
        Fault::UnreadableBody,
        Fault::Forbidden,
        no_such_customer(),
        Fault::NotFound { record: Record::PaymentType, key: "999".into() },
        Fault::OwnParent,
        Fault::UnknownCurrency("GmBP".into()),
        Fault::CurrencyNotConfigured("GBP".into()),
        Fault::TooSlow,
        Fault::TooLarge,
        Fault::UnsupportedMediaType,
    ];
    /// Of a create.
    CreateRefusals: [
        Fault::Missing("reference"),
        Fault::InvalidType("payment type id"),
        Fault::NotUnique,
        Fault::SaveFailed,
        Fault::FileTooLarge,
        Fault::UnsupportedFile,
        Fault::UnreadableBody,
        Fault::Forbidden,
        Fault::NotFound { record: Record::PaymentType, key: "999".into() },
        Fault::NotFound { record: Record::ParentCustomer, key: "188911".into() },
        Fault::UnknownCurrency("GmBP".into()),
        Fault::CurrencyNotConfigured("GBP".into()),
        Fault::TooSlow,
        Fault::IdempotencyConflict,
        Fault::TooLarge,
        Fault::UnsupportedMediaType,
    ];
    /// Of a delete.
    DeleteRefusals: [
        Fault::DeleteFailed,
        Fault::InvalidType("id"),
        Fault::Forbidden,
        no_such_customer(),
    ];
    /// Of a sign-in.
    SignInRefusals: [
        Fault::UnreadableBody,
        Fault::TooSlow,
        Fault::TooLarge,
        Fault::UnsupportedMediaType,
        Fault::TooManyAttempts,
    ];
    /// Of an image.
    ImageRefusals: [];
}

/// The header by which a client says what it has.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "a description, never built")]
pub(crate) struct IfNoneMatch {
    /// The `ETag` of what the client has: answered with 304 where it still holds.
    #[param(rename = "If-None-Match", example = "")]
    if_none_match: Option<String>,
}

/// The schema of error bodies, which the answers above refer to, which bodies may be left out, and how calls are authenticated.
pub(crate) fn complete(document: &mut utoipa::openapi::OpenApi) {
    // An update without parameters changes nothing.
    for path in ["/api/{version}/customers/{id}", "/api/{version}/customers/reference/{reference}"]
    {
        let call = document.paths.paths.get_mut(path).and_then(|path| path.post.as_mut());
        if let Some(RefOr::T(body)) = call.and_then(|call| call.request_body.as_mut()) {
            body.required = Some(Required::False);
        }
    }
    let components = document.components.get_or_insert_default();
    components.schemas.insert(FaultBody::name().into_owned(), FaultBody::schema());
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("An API key, or the token of a sign-in."))
        .build();
    components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
    let session = ApiKeyValue::with_description("JSESSIONID", "The session of a sign-in.");
    components.add_security_scheme("session", SecurityScheme::ApiKey(ApiKey::Cookie(session)));
}
