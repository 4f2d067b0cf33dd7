//! What the OpenAPI document says of every Caliq call alike: examples, and the answers of a call that is refused.

use std::collections::BTreeMap;

use serde_json::Value;
use tradebook_wire::caliq::schema::{ERROR, Error};
use tradebook_wire::caliq::{MediaType, ModelState, error_body};
use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{Ref, RefOr, Response, ResponseBuilder};
use utoipa::{IntoResponses, PartialSchema as _, ToSchema};

/// An example in JSON as the value that it is.
pub(super) fn json(example: &str) -> Value {
    serde_json::from_str(example).unwrap_or_default()
}

/// How a client asks for tags, for the description of the header.
pub(super) const IF_NONE_MATCH: &str = "An extension: a client that sends this header is told an `ETag`, of this answer to this \
    request, body and all, in this format and coding, and `Last-Modified`; it gets 304 where one of the tags it sends stands for \
    the answer that it would get. `\"\"` or `*` asks for a tag without naming one. Answers to requests without the header are as \
    they always were.";

/// The answers of a call that is refused, in both formats.
pub(super) struct Refusals;

impl IntoResponses for Refusals {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let told = |message: &str| {
            let example = |media| {
                let body = error_body(media, message, None::<&ModelState>);
                String::from_utf8(body).unwrap_or_default()
            };
            (json(&example(MediaType::ApplicationJson)), example(MediaType::ApplicationXml))
        };
        let denied = "Authorization has been denied for this request.";
        let refusals = [
            (
                "400",
                "The body cannot be parsed, a member cannot be bound, or a rule is broken. `ModelState` names every \
                 member and what is wrong with it.",
                (json(ERROR.json), ERROR.xml.to_owned()),
            ),
            (
                "401",
                "`apiKey` is missing, blank or wrong. Checked before anything else.",
                told(denied),
            ),
            (
                "405",
                "The method is not POST.",
                told("The requested resource does not support http method 'GET'."),
            ),
            (
                "408",
                "The body did not arrive in time.",
                told("The request body did not arrive in time."),
            ),
            (
                "413",
                "The body is too large; 4 MiB unless configured otherwise.",
                told("The request body is larger than 4194304 bytes."),
            ),
            (
                "415",
                "The body is in another format than JSON or XML.",
                told(
                    "The request entity's media type 'text/plain' is not supported for this resource.",
                ),
            ),
            ("500", "A fault of the server.", told("An error has occurred.")),
            (
                "503",
                "The data cannot be reached for now; `Retry-After` says when to try again.",
                told("The service is unavailable. Please try again shortly."),
            ),
        ];
        refusals
            .into_iter()
            .map(|(status, description, examples)| {
                (status.to_owned(), RefOr::T(refusal(status, description, examples)))
            })
            .collect()
    }
}

fn refusal(status: &str, description: &str, (json, xml): (Value, String)) -> Response {
    let schema = || RefOr::Ref(Ref::from_schema_name(Error::name()));
    let content = |example: Value| {
        ContentBuilder::new().schema(Some(schema())).example(Some(example)).build()
    };
    let mut response = ResponseBuilder::new()
        .description(description)
        .content("application/json", content(json))
        .content("application/xml", content(Value::String(xml)));
    let header = match status {
        "405" => Some(("Allow", "`POST`")),
        "503" => Some(("Retry-After", "Seconds to wait.")),
        _ => None,
    };
    if let Some((name, text)) = header {
        let schema = ObjectBuilder::new().schema_type(Type::String);
        let header = HeaderBuilder::new().schema(Some(schema)).description(Some(text)).build();
        response = response.header(name, header);
    }
    response.build()
}

/// The schema of error bodies, which the answers above refer to.
pub(crate) fn error_schema() -> (String, RefOr<utoipa::openapi::Schema>) {
    (Error::name().into_owned(), Error::schema())
}
