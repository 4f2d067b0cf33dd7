//! The envelope of every answer.

use super::Fault;
use super::json::Object;

/// What comes before the data of an answer that succeeds.
pub(super) const BEFORE_DATA: &[u8] = b"{\"data\":";
/// What comes after it.
pub(super) const AFTER_DATA: &[u8] =
    b",\"status\":{\"code\":\"OK\",\"description\":\"\",\"message\":\"\"}}";

/// The answer of a login: `{"data":{"token":"…"},"status":…}`.
pub fn token_body(token: &str) -> Vec<u8> {
    succeeded(|out| {
        let mut data = Object::begin(out);
        data.text("token", token);
        data.end();
    })
}

/// The answer of a release: `{"data":{},"status":…}`.
pub fn released_body() -> Vec<u8> {
    succeeded(|out| Object::begin(out).end())
}

pub(super) fn succeeded(data: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut out = Vec::with_capacity(256);
    out.extend_from_slice(BEFORE_DATA);
    data(&mut out);
    out.extend_from_slice(AFTER_DATA);
    out
}

pub(super) fn refusal(fault: &Fault) -> Vec<u8> {
    let mut out = Vec::with_capacity(256);
    let mut envelope = Object::begin(&mut out);
    envelope.null("data");
    envelope.object("status", |status| {
        let code = fault.code();
        status.text("code", code.word());
        status.text("description", &fault.to_string());
        status.text("message", code.message());
    });
    envelope.end();
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn envelopes_have_data_and_status() {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        let status = r#""status":{"code":"OK","description":"","message":""}"#;
        assert_eq!(text(token_body("a\"b")), format!(r#"{{"data":{{"token":"a\"b"}},{status}}}"#));
        assert_eq!(text(released_body()), format!(r#"{{"data":{{}},{status}}}"#));
        assert_eq!(
            text(refusal(&Fault::Missing("username"))),
            r#"{"data":null,"status":{"code":"MISSING_PARAMETER","description":"username is mandatory; give it a value","message":"A mandatory parameter is missing."}}"#
        );
    }
}
