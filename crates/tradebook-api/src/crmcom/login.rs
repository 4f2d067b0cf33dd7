//! Opening the calls with a token, and closing them.

use actix_web::{HttpRequest, HttpResponse, post, web};
use tradebook_store::SignIn;
use tradebook_wire::crmcom::{Fault, Parameters, UserLogin, released_body, schema, token_body};

use super::TAG;
use super::access::web_api_key;
use super::describe::{KeyTokenAnswers, ReleaseAnswers, UserTokenAnswers};
use super::refusal::{Refusal, ok};
use crate::blocking::blocking;
use crate::{AppState, body};

/// Logs in with a name, a password and the organization's name. The token lasts two hours, whether it is used or not.
///
/// After several wrong attempts with one name, further ones with that name are refused for a growing time.
#[utoipa::path(
    tag = TAG,
    path = "/crmapi/rest/v2/authentication/token",
    operation_id = "crm_token",
    request_body(content = schema::UserLogin, content_type = "application/json", example = json!({
        "username": "demo", "password": "demo", "organisation": "Example",
    })),
    responses(UserTokenAnswers),
    security(()),
)]
#[post("/crmapi/rest/v2/authentication/token{slash:/?}")]
pub(super) async fn crm_token(
    http: HttpRequest,
    payload: web::Payload,
    state: web::Data<AppState>,
) -> HttpResponse {
    let outcome = async {
        let login = UserLogin::read(&parameters(&http, payload, &state).await?)?;
        let (store, now) = (state.store.clone(), state.clock.now());
        let token = blocking(move || {
            let UserLogin { username, password, organisation } = login;
            // Neither a name nor a password has a character that no database keeps.
            if [&username, &password].iter().any(|text| text.contains('\0')) {
                return Ok(None);
            }
            let SignIn::Accepted { token, session } = store.sign_in(&username, &password)? else {
                return Ok(None);
            };
            // What opens the customers API is not what was asked for.
            store.sign_out(&store.hash_key(token.expose())?)?;
            let theirs = store.organization(session.organization)?;
            if theirs.is_none_or(|theirs| theirs.name.as_str() != organisation) {
                return Ok(None);
            }
            store
                .issue_event_token(session.organization, Some(session.user.id), None, now)
                .map(Some)
        });
        let token = token.await?.ok_or(Fault::InvalidCredentials)?;
        Ok::<_, Refusal>(ok(token_body(token.expose())))
    };
    outcome.await.unwrap_or_else(|refusal| refusal.answer())
}

/// Logs in with an API key: the user name of HTTP Basic, with an empty password. The body is optional.
///
/// The token lasts two hours, whether it is used or not, and ends when the key is revoked.
#[utoipa::path(
    tag = TAG,
    path = "/crmapi/rest/v2/authentication/web_api_key/token",
    operation_id = "crm_web_api_key_token",
    request_body(content = inline(Option<schema::KeyLogin>), content_type = "application/json", example = json!({})),
    responses(KeyTokenAnswers),
    security(("web_api_key" = [])),
)]
#[post("/crmapi/rest/v2/authentication/web_api_key/token{slash:/?}")]
pub(super) async fn crm_web_api_key_token(
    http: HttpRequest,
    payload: web::Payload,
    state: web::Data<AppState>,
) -> HttpResponse {
    let outcome = async {
        // Nothing in the body counts; it is read so that the connection can go on.
        body::read(http.headers(), payload.into_inner(), &state.limits).await?;
        let key = web_api_key(&http).ok_or(Fault::InvalidKey)?;
        let principal = state.authenticate(&key).await?.ok_or(Fault::InvalidKey)?;
        let (store, now) = (state.store.clone(), state.clock.now());
        let token = blocking(move || {
            store.issue_event_token(principal.organization, None, Some(principal.key), now)
        });
        Ok::<_, Refusal>(ok(token_body(token.await?.expose())))
    };
    outcome.await.unwrap_or_else(|refusal| refusal.answer())
}

/// Ends a token before its two hours are over.
#[utoipa::path(
    tag = TAG,
    path = "/crmapi/rest/v2/authentication/token/release",
    operation_id = "crm_release_token",
    request_body(content = schema::Release, content_type = "application/json", example = json!({
        "token": "the token of a login",
    })),
    responses(ReleaseAnswers),
    security(()),
)]
#[post("/crmapi/rest/v2/authentication/token/release{slash:/?}")]
pub(super) async fn crm_release_token(
    http: HttpRequest,
    payload: web::Payload,
    state: web::Data<AppState>,
) -> HttpResponse {
    let outcome = async {
        let parameters = parameters(&http, payload, &state).await?;
        super::access::organization(&parameters, &state).await?;
        let (store, token) = (state.store.clone(), parameters.token()?.expose().to_owned());
        if !blocking(move || store.release_event_token(&token)).await? {
            return Err(Refusal(Fault::InvalidToken));
        }
        Ok(ok(released_body()))
    };
    outcome.await.unwrap_or_else(|refusal| refusal.answer())
}

/// The parameters of a body, whatever its content type says: clients send several, or none.
pub(super) async fn parameters(
    http: &HttpRequest,
    payload: web::Payload,
    state: &AppState,
) -> Result<Parameters, Refusal> {
    let body = body::read(http.headers(), payload.into_inner(), &state.limits).await?;
    Ok(Parameters::from_body(&body)?)
}
