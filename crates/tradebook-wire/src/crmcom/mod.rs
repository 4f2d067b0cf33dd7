//! The wire format of CRM.COM's Web API, version 4: the calls that list and show purchase customer events, and those that open
//! and close them with a token.
//!
//! | Step | Here |
//! | --- | --- |
//! | From a body or a query to its parameters, and the token among them | [`Parameters`] |
//! | From parameters to what is asked for, once the organization and its time zone are known | [`ListRequest`], [`ShowRequest`], [`UserLogin`] |
//! | From events to bytes, one by one | [`EventWriter`] |
//! | From an error to bytes | [`Fault`] |
//!
//! Every answer has the same envelope, `{"data":…,"status":{"code":…,"description":…,"message":…}}`; the code is `OK` or one
//! of [`Code`]. The documents in `fixtures/crmcom` show every call and every error.

mod envelope;
mod event_fields;
mod event_writer;
mod fault;
mod fields_set;
mod identifier;
mod json;
mod list_request;
mod login;
mod moment;
mod objects;
mod parameters;
#[cfg(feature = "openapi")]
pub mod schema;
mod selector;
mod show_request;

pub use envelope::{released_body, token_body};
pub use event_writer::EventWriter;
pub use fault::{Code, Fault};
pub use fields_set::FieldsSet;
pub use list_request::ListRequest;
pub use login::UserLogin;
pub use parameters::{Parameters, Token};
pub use selector::selector_parameter;
pub use show_request::ShowRequest;

/// The names of the parameters, each spelt once.
pub mod parameter {
    /// The token, of every call but a login.
    pub const TOKEN: &str = "token";
    /// Of a rewards participant.
    pub const PARTICIPANT: &str = "rewards_participant_identifier";
    /// Of an account.
    pub const ACCOUNT: &str = "accounts_receivable_identifier";
    /// Of a classification of events.
    pub const CLASSIFICATION: &str = "classification_identifier";
    /// Of an access token, inside the identifiers of accounts and rewards participants.
    pub const ACCESS_TOKEN: &str = "access_token_identifier";
    /// Of a single event.
    pub const EVENT: &str = "customer_event_identifier";
    /// The events created after a moment.
    pub const CREATED_AFTER: &str = "created_after_date";
    /// The events created before a moment.
    pub const CREATED_BEFORE: &str = "created_before_date";
    /// The events performed after a moment.
    pub const SUBMITTED_AFTER: &str = "submitted_after_date";
    /// The events performed before a moment.
    pub const SUBMITTED_BEFORE: &str = "submitted_before_date";
    /// Whether there are spend requests against the events.
    pub const SPEND_REQUESTS_APPLIED: &str = "spend_requests_applied";
    /// Whether the events can be spent against.
    pub const ELIGIBLE_FOR_SPENDING: &str = "eligible_for_spending";
    /// How many events a page has.
    pub const NUMBER_OF_RESULTS: &str = "number_of_results";
    /// How many events are skipped.
    pub const OFFSET: &str = "offset";
    /// Which members the events show.
    pub const FIELDS_SET: &str = "fields_set";
    /// The name of a user.
    pub const USERNAME: &str = "username";
    /// A user's password.
    pub const PASSWORD: &str = "password";
    /// The name of a user's organization.
    pub const ORGANISATION: &str = "organisation";
}
