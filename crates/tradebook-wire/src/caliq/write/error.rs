//! The body of an answer that is an error.

use super::encode::{json_text, xml_text};
use crate::caliq::{BodyFormat, MediaType, ModelState};

/// `{"Message":…}` or `<Error><Message>…`, with what is wrong with each member where there is such a list.
///
/// In XML several messages of a member are joined with a space, and what cannot stand in a name is written as
/// `_xHHHH_`; the root declares no namespaces.
pub fn error_body(media: MediaType, message: &str, state: Option<&ModelState>) -> Vec<u8> {
    let mut out = Vec::new();
    match media.format() {
        BodyFormat::Json => json(&mut out, message, state),
        BodyFormat::Xml => xml(&mut out, message, state),
    }
    out
}

fn json(out: &mut Vec<u8>, message: &str, state: Option<&ModelState>) {
    out.extend_from_slice(b"{\"Message\":");
    json_text(out, message);
    if let Some(state) = state {
        out.extend_from_slice(b",\"ModelState\":{");
        for (position, (path, messages)) in state.iter().enumerate() {
            if position > 0 {
                out.push(b',');
            }
            json_text(out, path);
            out.extend_from_slice(b":[");
            for (position, message) in messages.iter().enumerate() {
                if position > 0 {
                    out.push(b',');
                }
                json_text(out, message);
            }
            out.push(b']');
        }
        out.push(b'}');
    }
    out.push(b'}');
}

fn xml(out: &mut Vec<u8>, message: &str, state: Option<&ModelState>) {
    out.extend_from_slice(b"<Error><Message>");
    xml_text(out, message);
    out.extend_from_slice(b"</Message>");
    match state {
        None => {}
        Some(state) if state.is_empty() => out.extend_from_slice(b"<ModelState />"),
        Some(state) => {
            out.extend_from_slice(b"<ModelState>");
            for (path, messages) in state.iter() {
                let name = encode_name(path);
                out.extend_from_slice(format!("<{name}>").as_bytes());
                xml_text(out, &messages.join(" "));
                out.extend_from_slice(format!("</{name}>").as_bytes());
            }
            out.extend_from_slice(b"</ModelState>");
        }
    }
    out.extend_from_slice(b"</Error>");
}

/// What .NET's `XmlConvert.EncodeLocalName` does.
fn encode_name(name: &str) -> String {
    let mut encoded = String::new();
    for (at, c) in name.char_indices() {
        let first = c.is_alphabetic() || c == '_';
        let later = c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
        let looks_encoded = c == '_' && name.get(at..).is_some_and(is_encoded_char);
        if looks_encoded || !(first || (at > 0 && later)) {
            encoded.push_str(&format!("_x{:04X}_", u32::from(c)));
        } else {
            encoded.push(c);
        }
    }
    encoded
}

fn is_encoded_char(text: &str) -> bool {
    text.strip_prefix("_x").and_then(|rest| rest.get(..5)).is_some_and(|rest| {
        rest.ends_with('_') && rest.bytes().take(4).all(|b| b.is_ascii_hexdigit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_have_the_original_s_bodies() {
        let mut state = ModelState::new();
        state.add("CustomerIDs[1]", "a < b");
        state.add("Currency", "first.");
        state.add("Currency", "second.");
        for (state, json, xml) in [
            (None, r#"{"Message":"No \"x\"."}"#, "<Error><Message>No \"x\".</Message></Error>"),
            (
                Some(&state),
                r#"{"Message":"No \"x\".","ModelState":{"CustomerIDs[1]":["a < b"],"Currency":["first.","second."]}}"#,
                "<Error><Message>No \"x\".</Message><ModelState><CustomerIDs_x005B_1_x005D_>a &lt; b\
                 </CustomerIDs_x005B_1_x005D_><Currency>first. second.</Currency></ModelState></Error>",
            ),
        ] {
            for (media, expected) in [(MediaType::TextJson, json), (MediaType::TextXml, xml)] {
                let body = error_body(media, "No \"x\".", state);
                assert_eq!(String::from_utf8(body).unwrap(), expected);
            }
        }
        assert_eq!(encode_name("1a b_x0041_"), "_x0031_a_x0020_b_x005F_x0041_");
    }
}
