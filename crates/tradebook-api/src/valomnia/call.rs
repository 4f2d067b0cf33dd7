//! A call that may be answered: its version, whose it is, and the store.

use std::borrow::Cow;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;
use tradebook_model::{Organization, OrganizationId, RecordRef, UserReference};
use tradebook_store::{Role, Store, StoreError};
use tradebook_wire::valomnia::{Fault, Version};

use super::access;
use super::refusal::{Refusal, json};
use crate::AppState;
use crate::blocking::stopping;

/// A call of somebody who may make it.
pub(super) struct Call<'a> {
    pub(super) http: &'a HttpRequest,
    pub(super) state: &'a web::Data<AppState>,
    pub(super) version: Version,
    pub(super) organization: OrganizationId,
    /// In whose name it is made.
    pub(super) user: Option<UserReference>,
}

/// Answers a call, or says why not. `role` is what it takes.
pub(super) async fn answer<F>(
    http: HttpRequest,
    state: web::Data<AppState>,
    role: Role,
    respond: F,
) -> HttpResponse
where
    F: AsyncFnOnce(&Call<'_>) -> Result<HttpResponse, Refusal>,
{
    let outcome = async {
        let version = segment(&http, "version").parse();
        let version: Version = version.map_err(|_| Fault::NoSuchResource)?;
        let caller = access::caller(&http, &state, role).await?;
        let access::Caller { organization, user } = caller;
        let call = Call { http: &http, state: &state, version, organization, user };
        respond(&call).await
    };
    outcome.await.unwrap_or_else(|refusal: Refusal| refusal.answer())
}

/// A segment of the path by its name, decoded.
fn segment<'h>(http: &'h HttpRequest, name: &str) -> Cow<'h, str> {
    // The router has decoded all but what would change the meaning of the path.
    let raw = http.match_info().get(name).unwrap_or_default();
    percent_encoding::percent_decode_str(raw).decode_utf8_lossy()
}

impl Call<'_> {
    /// The segment `{id}`, which must be a number.
    pub(super) fn id(&self) -> Result<RecordRef, Refusal> {
        let text = segment(self.http, "id");
        // What is left of an address by reference that names none.
        if text == "reference" {
            return Err(Refusal(Fault::NoSuchResource));
        }
        Ok(RecordRef::Id(tradebook_wire::valomnia::path_id(&text)?))
    }

    /// The segment `{id}` as the code of a currency, of either case.
    pub(super) fn code(&self) -> Result<RecordRef, Refusal> {
        Ok(RecordRef::Reference(segment(self.http, "id").trim().to_ascii_uppercase()))
    }

    /// The segment `{reference}`.
    pub(super) fn reference(&self) -> String {
        segment(self.http, "reference").trim().to_owned()
    }

    /// Runs something on a thread that may wait. It runs to its end, also where the client has gone.
    pub(super) async fn with_state<T, E>(
        &self,
        work: impl FnOnce(&AppState) -> Result<T, E> + Send + 'static,
    ) -> Result<T, Refusal>
    where
        T: Send + 'static,
        E: Send + 'static,
        Refusal: From<E>,
    {
        let state = self.state.clone();
        match web::block(move || work(&state)).await {
            Ok(outcome) => Ok(outcome?),
            Err(_) => Err(stopping().into()),
        }
    }

    /// Runs something with the store on a thread that may wait.
    pub(super) async fn with_store<T, E>(
        &self,
        work: impl FnOnce(&Store) -> Result<T, E> + Send + 'static,
    ) -> Result<T, Refusal>
    where
        T: Send + 'static,
        E: Send + 'static,
        Refusal: From<E>,
    {
        self.with_state(move |state| work(&state.store)).await
    }

    /// Where this server is, as the client sees it: `https://host`.
    pub(super) fn base(&self) -> String {
        let connection = self.http.connection_info();
        format!("{}://{}", connection.scheme(), connection.host())
    }
}

/// The organization of a call that has been authenticated.
pub(super) fn organization(store: &Store, id: OrganizationId) -> Result<Organization, StoreError> {
    store.organization(id)?.ok_or(StoreError::Unavailable {
        message: format!("organization {id} was removed a moment ago"),
    })
}

/// 200 with a body.
pub(super) fn ok(body: &impl Serialize) -> HttpResponse {
    json(StatusCode::OK, body)
}
