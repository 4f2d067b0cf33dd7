//! Who makes a call: an API key or a session's token in `Authorization`, or a session's cookie.

use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::http::header::AUTHORIZATION;
use tradebook_model::{OrganizationId, UserReference};
use tradebook_store::{Principal, Role, SESSION_PREFIX, Session};
use tradebook_wire::valomnia::Fault;

use super::refusal::Refusal;
use crate::AppState;

/// The cookie that carries a session's token.
pub(super) const COOKIE: &str = "JSESSIONID";

/// Whoever makes a call.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    /// Whose data it is about.
    pub(crate) organization: OrganizationId,
    /// In whose name it is made.
    pub(crate) user: Option<UserReference>,
}

/// Finds out who makes a call, and whether the role is enough.
pub(crate) async fn caller(
    http: &HttpRequest,
    state: &AppState,
    role: Role,
) -> Result<Caller, Refusal> {
    let token = token(http).ok_or(Fault::NoCredentials)?;
    if token.starts_with(SESSION_PREFIX) {
        let session = session(state, &token).await?;
        let Session { organization, user, expires_at: _ } = &*session;
        return Ok(Caller { organization: *organization, user: Some(user.reference.clone()) });
    }
    let principal = state.authenticate(&token).await?.ok_or(Fault::NoCredentials)?;
    let Principal { key: _, organization, role: granted, user } = principal;
    if granted < role {
        return Err(Refusal(Fault::Forbidden));
    }
    Ok(Caller { organization, user })
}

/// The session of a token.
pub(super) async fn session(state: &AppState, token: &str) -> Result<Arc<Session>, Refusal> {
    if token.len() > 200 {
        return Err(Refusal(Fault::NoCredentials));
    }
    Ok(state.sessions.find(token).await?.ok_or(Fault::NoCredentials)?)
}

/// The key or token: of `Authorization` where it is there, or else of the cookie.
fn token(http: &HttpRequest) -> Option<String> {
    match http.headers().get(AUTHORIZATION) {
        Some(value) => {
            let (scheme, token) = value.to_str().ok()?.trim().split_once(' ')?;
            scheme.eq_ignore_ascii_case("Bearer").then(|| token.trim().to_owned())
        }
        None => cookie(http),
    }
}

/// The token of the cookie.
pub(super) fn cookie(http: &HttpRequest) -> Option<String> {
    let cookies = http
        .headers()
        .get_all(actix_web::http::header::COOKIE)
        .filter_map(|value| value.to_str().ok());
    cookies
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == COOKIE)
        .map(|(_, value)| value.trim().trim_matches('"').to_owned())
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn the_header_counts_before_the_cookie() {
        let told = |headers: &[(&str, &str)]| {
            let mut request = TestRequest::get();
            for header in headers {
                request = request.append_header(*header);
            }
            token(&request.to_http_request())
        };
        let token = |text: &str| Some(text.to_owned());
        assert_eq!(told(&[("Authorization", "Bearer tb_1")]), token("tb_1"));
        assert_eq!(told(&[("Authorization", "bearer  tb_1 ")]), token("tb_1"));
        assert_eq!(told(&[("Authorization", "Basic x"), ("Cookie", "JSESSIONID=a")]), None);
        assert_eq!(told(&[("Cookie", "a=b; JSESSIONID=tbs_2;c=d")]), token("tbs_2"));
        assert_eq!(told(&[("Cookie", "a=b"), ("Cookie", "JSESSIONID=\"tbs_2\"")]), token("tbs_2"));
        assert_eq!(told(&[("Cookie", "XJSESSIONID=tbs_2")]), None);
        assert_eq!(told(&[]), None);
    }
}
