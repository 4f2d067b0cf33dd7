//! Signing in with a name and a password, as existing clients do it: a form, a redirect with a cookie, and an answer that tells
//! the token.

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{LOCATION, SET_COOKIE};
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use tradebook_model::ShortText;
use tradebook_store::SignIn;
use tradebook_wire::valomnia::{Fault, Parameters, SignedInBody, SignedInUser, schema};

use super::TAG;
use super::access::{self, COOKIE};
use super::call::ok;
use super::describe::SignInRefusals;
use super::form::{self, Form};
use super::refusal::Refusal;
use crate::AppState;
use crate::blocking::blocking;

/// Where a sign-in leads.
const SUCCESS: &str = "/login/ajaxSuccess";
/// How long an attempt is held that comes too early after wrong ones; beyond that it is refused.
const LONGEST_WAIT: Duration = Duration::from_secs(8);
/// The only role there is: sessions may read and write.
const ROLE: &str = "ROLE_USER";

/// Signs in: 302 with a session's cookie, to where the token is told.
///
/// After several wrong attempts with one name, further ones with that name are held back for a growing time.
#[utoipa::path(
    tag = TAG,
    operation_id = "sign_in",
    request_body(content(
        (schema::SignInForm = "application/x-www-form-urlencoded"),
        (schema::SignInForm = "multipart/form-data"),
    )),
    responses(
        (status = 302, description = "Signed in.", headers(
            ("Location" = String, description = "`/login/ajaxSuccess`"),
            ("Set-Cookie" = String, description = "`JSESSIONID`"),
        )),
        SignInRefusals,
    ),
    security(()),
)]
#[post("/j_spring_security_check")]
pub(super) async fn sign_in(
    http: HttpRequest,
    payload: web::Payload,
    state: web::Data<AppState>,
) -> HttpResponse {
    let outcome = async {
        let form = Form::read(&http, payload.into_inner(), &state.limits).await?;
        attempt(&http, &form.parameters, &state).await
    };
    outcome.await.unwrap_or_else(|refusal| refusal.answer())
}

/// Signs in with a query, which older clients do. A query is seen by proxies: POST is better.
#[utoipa::path(
    tag = TAG,
    operation_id = "sign_in_by_query",
    params(
        ("j_username" = String, Query, description = "The name."),
        ("j_password" = String, Query, description = "The password."),
        ("ajax" = Option<bool>, Query, description = "Taken for compatibility."),
    ),
    responses(
        (status = 302, description = "Signed in.", headers(
            ("Location" = String, description = "`/login/ajaxSuccess`"),
            ("Set-Cookie" = String, description = "`JSESSIONID`"),
        )),
        SignInRefusals,
    ),
    security(()),
)]
#[get("/j_spring_security_check")]
pub(super) async fn sign_in_by_query(
    http: HttpRequest,
    state: web::Data<AppState>,
) -> HttpResponse {
    let outcome = attempt(&http, &form::query(&http), &state).await;
    outcome.unwrap_or_else(|refusal| refusal.answer())
}

async fn attempt(
    http: &HttpRequest,
    parameters: &Parameters,
    state: &AppState,
) -> Result<HttpResponse, Refusal> {
    // White space around a password counts.
    let raw = |name: &str| {
        let pair = parameters.pairs().iter().find(|(known, _)| known == name);
        // No name has a character that no database keeps.
        pair.map(|(_, value)| value.clone()).filter(|text| !text.is_empty() && !text.contains('\0'))
    };
    let (Some(username), Some(password)) = (raw("j_username"), raw("j_password")) else {
        return Err(Refusal(Fault::NoCredentials));
    };
    let mut waited = Duration::ZERO;
    let token = loop {
        let (store, username, password) = (state.store.clone(), username.clone(), password.clone());
        match blocking(move || store.sign_in(&username, &password)).await? {
            SignIn::Accepted { token, .. } => break token,
            SignIn::Refused => return Err(Refusal(Fault::NoCredentials)),
            SignIn::TooEarly { retry_after } => {
                let wait = retry_after.max(time::Duration::milliseconds(10)).unsigned_abs();
                waited += wait;
                if waited > LONGEST_WAIT {
                    return Err(Refusal(Fault::TooManyAttempts));
                }
                tokio::time::sleep(wait).await;
            }
        }
    };
    let secure = if http.connection_info().scheme() == "https" { "; Secure" } else { "" };
    let cookie = format!("{COOKIE}={}; Path=/; HttpOnly; SameSite=Lax{secure}", token.expose());
    Ok(HttpResponse::build(StatusCode::FOUND)
        .insert_header((LOCATION, SUCCESS))
        .insert_header((SET_COOKIE, cookie))
        .finish())
}

/// Who has signed in, and the token that `Authorization: Bearer` takes.
#[utoipa::path(
    tag = TAG,
    operation_id = "signed_in",
    responses(
        (status = 200, description = "The token and the user.", body = SignedInBody<'static>),
        SignInRefusals,
    ),
    security(("session" = [])),
)]
#[get("/login/ajaxSuccess")]
pub(super) async fn signed_in(http: HttpRequest, state: web::Data<AppState>) -> HttpResponse {
    let outcome = async {
        let token = access::cookie(&http).ok_or(Fault::NoCredentials)?;
        let session = access::session(&state, &token).await?;
        let user = &session.user;
        let [email, name] = [&user.email, &user.name].map(|t| t.as_ref().map(ShortText::as_str));
        let body = SignedInBody { token: &token, user: SignedInUser::new(email, name, vec![ROLE]) };
        Ok::<_, Refusal>(ok(&body))
    };
    outcome.await.unwrap_or_else(|refusal| refusal.answer())
}
