//! What the OpenAPI document says of answers: success and refusal come with the same status.

use std::collections::BTreeMap;

use serde_json::Value;
use tradebook_wire::crmcom::{Fault, parameter, released_body, schema, token_body};
use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::example::ExampleBuilder;
use utoipa::openapi::schema::OneOfBuilder;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{OpenApi, Ref, RefOr, Response, ResponseBuilder, Schema};
use utoipa::{IntoResponses, PartialSchema as _, ToSchema};

/// A list that finds something in the example data.
pub(super) const LIST_EXAMPLE: &str = r#"{
    "token": "the token of a login",
    "accounts_receivable_identifier": {"access_token_identifier": {"identifier": "6666", "pass_code": "9999"}},
    "fields_set": "id, number, performed_on, total_amount, products_set"
}"#;

/// An example as the value that it is.
pub(super) fn example(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_default()
}

fn shown(body: &[u8]) -> Value {
    serde_json::from_slice(body).unwrap_or_default()
}

/// What may be wrong with every call that needs a token.
fn of_tokens() -> Vec<Fault> {
    vec![Fault::InvalidToken]
}

fn of_user_logins() -> Vec<Fault> {
    vec![
        Fault::Missing(parameter::USERNAME),
        Fault::Invalid { parameter: parameter::PASSWORD.into(), remedy: "must be a text".into() },
        Fault::InvalidCredentials,
    ]
}

fn of_lists() -> Vec<Fault> {
    vec![
        Fault::InvalidToken,
        Fault::MissingOneOf(&[
            parameter::PARTICIPANT,
            parameter::ACCOUNT,
            parameter::CLASSIFICATION,
            parameter::CREATED_AFTER,
        ]),
        Fault::Conflicting(vec![parameter::ACCOUNT, parameter::CLASSIFICATION]),
        Fault::Invalid {
            parameter: parameter::NUMBER_OF_RESULTS.into(),
            remedy: "must be a whole number of at least 0".into(),
        },
        Fault::NotFound(parameter::ACCOUNT),
    ]
}

fn of_shows() -> Vec<Fault> {
    vec![
        Fault::InvalidToken,
        Fault::Missing(parameter::EVENT),
        Fault::Invalid {
            parameter: parameter::EVENT.into(),
            remedy: "must be id=VALUE or number=VALUE, once".into(),
        },
        Fault::NotFound(parameter::EVENT),
    ]
}

/// The answers of a call: 200 for success and refusal alike, and what keeps a request from being a call.
fn answers<T: ToSchema>(
    success: Option<Value>,
    mut faults: Vec<Fault>,
    has_body: bool,
) -> BTreeMap<String, RefOr<Response>> {
    faults.extend([Fault::Unavailable, Fault::ServerError]);
    let mut content = ContentBuilder::new().schema(Some(Schema::OneOf(
        OneOfBuilder::new()
            .item(Ref::from_schema_name(T::name()))
            .item(Ref::from_schema_name(schema::RefusalAnswer::name()))
            .build(),
    )));
    let success = success.map(|value| ("OK".to_owned(), value));
    let refusals =
        faults.iter().map(|fault| (fault.code().word().to_owned(), shown(&fault.body())));
    let examples = success.into_iter().chain(refusals);
    content = content.examples_from_iter(
        examples.map(|(name, value)| (name, ExampleBuilder::new().value(Some(value)).build())),
    );
    let mut description = "`status.code` is `OK`, or tells why not:".to_owned();
    let mut told = Vec::new();
    for fault in &faults {
        if !told.contains(&fault.code()) {
            told.push(fault.code());
            description += &format!("  \n`{}`: {fault}", fault.code());
        }
    }
    let ok = ResponseBuilder::new()
        .description(description)
        .content("application/json", content.build());
    let mut answers = BTreeMap::from([("200".to_owned(), RefOr::T(ok.build()))]);
    if has_body {
        for (status, fault) in [
            ("400", Fault::BrokenBody),
            ("408", Fault::SlowBody),
            ("413", Fault::LargeBody { max: 4 * 1024 * 1024 }),
        ] {
            let content = ContentBuilder::new()
                .schema(Some(Ref::from_schema_name(schema::RefusalAnswer::name())))
                .example(Some(shown(&fault.body())))
                .build();
            let description = format!("`{}`: {fault}", fault.code());
            let response = ResponseBuilder::new().description(description);
            let response = response.content("application/json", content).build();
            answers.insert(status.to_owned(), RefOr::T(response));
        }
    }
    answers
}

macro_rules! answers {
    ($($(#[$doc:meta])* $name:ident: $schema:ty, $success:expr, $faults:expr, $has_body:expr;)*) => {$(
        $(#[$doc])*
        pub(super) struct $name;

        impl IntoResponses for $name {
            fn responses() -> BTreeMap<String, RefOr<Response>> {
                answers::<$schema>($success, $faults, $has_body)
            }
        }
    )*};
}

answers! {
    /// Of a login with a name and a password.
    UserTokenAnswers: schema::TokenAnswer, Some(shown(&token_body("tbe_…"))), of_user_logins(), true;
    /// Of a login with a key.
    KeyTokenAnswers: schema::TokenAnswer, Some(shown(&token_body("tbe_…"))), vec![Fault::InvalidKey], true;
    /// Of a release.
    ReleaseAnswers: schema::ReleaseAnswer, Some(shown(&released_body())), of_tokens(), true;
    /// Of a list.
    ListAnswers: schema::ListAnswer, Some(example(LIST_ANSWER)), of_lists(), true;
    /// Of a single event.
    ShowAnswers: schema::ShowAnswer, Some(example(SHOW_ANSWER)), of_shows(), false;
}

const LIST_ANSWER: &str = r#"{
    "data": [
        {"number": "473", "performed_on": "2016-07-21T10:15:02"},
        {"number": "479", "performed_on": "2016-07-21T11:02:59"}
    ],
    "status": {"code": "OK", "description": "", "message": ""}
}"#;

const SHOW_ANSWER: &str = r#"{
    "data": {"number": "473", "performed_on": "2016-07-21T10:15:02"},
    "status": {"code": "OK", "description": "", "message": ""}
}"#;

/// The schemas of the answers, which are referred to by name, and how a key is given.
pub(crate) fn complete(document: &mut OpenApi) {
    let components = document.components.get_or_insert_default();
    let mut schemas = vec![
        (schema::TokenAnswer::name(), schema::TokenAnswer::schema()),
        (schema::ReleaseAnswer::name(), schema::ReleaseAnswer::schema()),
        (schema::ListAnswer::name(), schema::ListAnswer::schema()),
        (schema::ShowAnswer::name(), schema::ShowAnswer::schema()),
        (schema::RefusalAnswer::name(), schema::RefusalAnswer::schema()),
    ];
    let mut inner = Vec::new();
    schema::TokenAnswer::schemas(&mut inner);
    schema::ReleaseAnswer::schemas(&mut inner);
    schema::ShowAnswer::schemas(&mut inner);
    schema::RefusalAnswer::schemas(&mut inner);
    components.schemas.extend(schemas.drain(..).map(|(name, schema)| (name.into_owned(), schema)));
    components.schemas.extend(inner);
    let basic = HttpBuilder::new()
        .scheme(HttpAuthScheme::Basic)
        .description(Some("An API key as the user name; the password stays empty."))
        .build();
    components.add_security_scheme("web_api_key", SecurityScheme::Http(basic));
}
