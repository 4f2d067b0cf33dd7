//! Who makes a call: the holder of a token among its parameters, or of an API key in `Authorization`.

use actix_web::HttpRequest;
use actix_web::http::header::AUTHORIZATION;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tradebook_model::Organization;
use tradebook_store::StoreError;
use tradebook_wire::crmcom::{Fault, Parameters};

use super::refusal::Refusal;
use crate::AppState;
use crate::blocking::blocking;

/// The longest text that is looked up; tokens of ours are shorter.
const MAX_CREDENTIALS: usize = 200;

/// The organization that the token among the parameters opens.
pub(super) async fn organization(
    parameters: &Parameters,
    state: &AppState,
) -> Result<Organization, Refusal> {
    let token = parameters.token()?.expose();
    if token.len() > MAX_CREDENTIALS {
        return Err(Refusal(Fault::InvalidToken));
    }
    let (store, token, now) = (state.store.clone(), token.to_owned(), state.clock.now());
    let organization = blocking(move || match store.event_token(&token, now)? {
        Some(holder) => store.organization(holder.organization).map(Some),
        None => Ok(None),
    });
    match organization.await? {
        Some(Some(organization)) => Ok(organization),
        None => Err(Refusal(Fault::InvalidToken)),
        Some(None) => {
            let message = "the organization was removed a moment ago".into();
            Err(StoreError::Unavailable { message }.into())
        }
    }
}

/// The API key of HTTP Basic: the user name, with an empty password.
pub(super) fn web_api_key(http: &HttpRequest) -> Option<String> {
    let (scheme, encoded) =
        http.headers().get(AUTHORIZATION)?.to_str().ok()?.trim().split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("Basic") {
        return None;
    }
    let decoded = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (key, password) = decoded.split_once(':')?;
    let plausible = password.is_empty() && !key.is_empty() && key.len() <= MAX_CREDENTIALS;
    plausible.then(|| key.to_owned())
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn the_key_is_the_user_name_of_basic() {
        let told = |value: &str| {
            web_api_key(
                &TestRequest::post().append_header((AUTHORIZATION, value)).to_http_request(),
            )
        };
        let basic = |text: &str| format!("Basic {}", STANDARD.encode(text));
        assert_eq!(told(&basic("tb_1:")), Some("tb_1".into()));
        assert_eq!(told(&basic("tb_1:").replace("Basic ", "basic  ")), Some("tb_1".into()));
        for none in [
            basic("tb_1:password"),
            basic("tb_1"),
            basic(":"),
            basic(&format!("{}:", "x".repeat(1000))),
            "Bearer tb_1".into(),
            "Basic tb_1".into(),
            "Basic".into(),
            "Basic /////w==".into(),
        ] {
            assert_eq!(told(&none), None, "{none}");
        }
        assert_eq!(web_api_key(&TestRequest::post().to_http_request()), None);
    }
}
