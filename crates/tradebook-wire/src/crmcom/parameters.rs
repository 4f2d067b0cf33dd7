//! The parameters of a call, as they came.

use std::borrow::Cow;
use std::fmt;

use serde_json::{Map, Value};

use super::{Fault, parameter};

/// The parameters of a call: the members of its body, or those of its query. What they say is read once the token has been
/// found to be valid, so that strangers hear nothing but that it is not.
///
/// Unknown ones are ignored, `null` counts as not given, and of a member that is given twice the last one counts. They may be
/// secrets, so that they cannot be printed by accident.
#[derive(Clone, PartialEq, Default)]
pub struct Parameters {
    members: Map<String, Value>,
    /// Names that a query has more than once.
    repeated: Vec<String>,
}

impl fmt::Debug for Parameters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Parameters(***)")
    }
}

/// A token as it was sent. It cannot be printed by accident.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Token<'p>(&'p str);

impl<'p> Token<'p> {
    /// The token itself.
    pub const fn expose(self) -> &'p str {
        self.0
    }
}

impl fmt::Debug for Token<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(***)")
    }
}

impl Parameters {
    /// The members of a body, which is a JSON object in UTF-8; an empty body has none. Anything else is
    /// [`Fault::InvalidBody`]: it cannot be known whether there is a token in it.
    pub fn from_body(body: &[u8]) -> Result<Self, Fault> {
        const REMEDY: &str =
            "cannot be read; send one JSON object in UTF-8, with the parameters as its members";
        let body = body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(body);
        if body.iter().all(u8::is_ascii_whitespace) {
            return Ok(Self::default());
        }
        match serde_json::from_slice(body) {
            Ok(Value::Object(members)) => Ok(Self { members, repeated: Vec::new() }),
            Ok(_) | Err(_) => Err(Fault::InvalidBody(REMEDY.into())),
        }
    }

    /// The parameters of a query, decoded: each is a text.
    pub fn from_query(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut parameters = Self::default();
        for (name, value) in pairs {
            if parameters.members.contains_key(&name) {
                parameters.repeated.push(name);
            } else {
                parameters.members.insert(name, Value::String(value));
            }
        }
        parameters
    }

    /// The token; [`Fault::InvalidToken`] where there is none that could be one.
    pub fn token(&self) -> Result<Token<'_>, Fault> {
        match self.get(parameter::TOKEN) {
            Some(Value::String(token)) if !token.trim().is_empty() => Ok(Token(token.trim())),
            _ => Err(Fault::InvalidToken),
        }
    }

    /// A parameter, if it is given.
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.members.get(name).filter(|value| !value.is_null())
    }

    /// Whether a query has a parameter more than once.
    pub(super) fn repeats(&self, name: &str) -> bool {
        self.repeated.iter().any(|repeated| repeated == name)
    }

    /// A parameter that must be there and not be blank, as it was given.
    pub(super) fn mandatory(&self, name: &'static str) -> Result<&str, Fault> {
        match self.get(name) {
            None => Err(Fault::Missing(name)),
            Some(Value::String(text)) if text.trim().is_empty() => Err(Fault::Missing(name)),
            Some(Value::String(text)) => Ok(text),
            Some(_) => Err(Fault::invalid(name, "must be a text")),
        }
    }

    /// A boolean: `true` or `false`, also as a text in either case.
    pub(super) fn flag(&self, name: &'static str) -> Result<Option<bool>, Fault> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(*flag)),
            Some(Value::String(text)) if text.trim().eq_ignore_ascii_case("true") => Ok(Some(true)),
            Some(Value::String(text)) if text.trim().eq_ignore_ascii_case("false") => {
                Ok(Some(false))
            }
            Some(_) => Err(Fault::invalid(name, "must be true or false")),
        }
    }

    /// A whole number of at least 0, also as a text of digits. None is larger than an `i64` can be: nobody can tell it from
    /// one that is.
    pub(super) fn count(&self, name: &'static str) -> Result<Option<u64>, Fault> {
        let number = match self.get(name) {
            None => return Ok(None),
            Some(Value::Number(number)) => number.as_u64(),
            Some(Value::String(text)) => {
                let digits = text.trim();
                let plain = digits.bytes().all(|b| b.is_ascii_digit());
                digits.parse().ok().filter(|_| plain)
            }
            Some(_) => None,
        };
        match number {
            Some(number) => Ok(Some(number.min(i64::MAX.unsigned_abs()))),
            None => Err(Fault::invalid(name, "must be a whole number of at least 0")),
        }
    }
}

/// A value that names something: a text, trimmed, or a whole number as its digits. Blank is as good as not given.
pub(super) fn naming(value: &Value) -> Naming<'_> {
    match value {
        Value::Null => Naming::NotGiven,
        Value::String(text) if text.trim().is_empty() => Naming::NotGiven,
        Value::String(text) => Naming::Text(Cow::Borrowed(text.trim())),
        Value::Number(number) if !number.is_f64() => Naming::Text(Cow::Owned(number.to_string())),
        _ => Naming::Other,
    }
}

/// What a value names something with.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Naming<'v> {
    NotGiven,
    Text(Cow<'v, str>),
    /// Nothing that could be a name, a code or a number.
    Other,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn body(value: Value) -> Parameters {
        Parameters::from_body(value.to_string().as_bytes()).unwrap()
    }

    #[test]
    fn bodies_are_objects_or_nothing() {
        for empty in ["", " \r\n\t", "{}", "\u{feff}{}", "\u{feff}"] {
            assert_eq!(Parameters::from_body(empty.as_bytes()), Ok(Parameters::default()));
        }
        for broken in ["[]", "null", "7", "\"token\"", "{", "{} {}", "{token: 1}", "token=1", "\0"]
        {
            let fault = Parameters::from_body(broken.as_bytes()).unwrap_err();
            assert!(matches!(fault, Fault::InvalidBody(_)), "{broken}");
        }
        assert!(Parameters::from_body(b"{\"token\":\"\xff\"}").is_err());
        assert!(Parameters::from_body("[".repeat(100_000).as_bytes()).is_err());
        let twice = Parameters::from_body(br#"{"token":"a","token":"b"}"#).unwrap();
        assert_eq!(twice.token(), Ok(Token("b")));
    }

    #[test]
    fn tokens_are_texts() {
        assert_eq!(body(json!({"token": " x "})).token(), Ok(Token("x")));
        for none in [json!({}), json!({"token": null}), json!({"token": ""}), json!({"token": 7})] {
            assert_eq!(body(none).token(), Err(Fault::InvalidToken));
        }
        let shown = body(json!({"token": "secret"}));
        assert!(!format!("{shown:?} {:?}", shown.token()).contains("secret"));
    }

    #[test]
    fn flags_and_counts_may_be_texts() {
        let parameters = |value: Value| body(json!({ "p": value }));
        for (value, flag) in [
            (json!(true), Some(true)),
            (json!(false), Some(false)),
            (json!("True"), Some(true)),
            (json!(" false "), Some(false)),
            (json!(null), None),
        ] {
            assert_eq!(parameters(value).flag("p"), Ok(flag));
        }
        for value in [json!(1), json!(""), json!("yes"), json!({}), json!([true])] {
            assert!(parameters(value.clone()).flag("p").is_err(), "{value}");
        }
        for (value, count) in [
            (json!(0), Some(0)),
            (json!(10), Some(10)),
            (json!("25"), Some(25)),
            (json!(" 7 "), Some(7)),
            (json!(u64::MAX), Some(i64::MAX.unsigned_abs())),
            (json!(null), None),
        ] {
            assert_eq!(parameters(value).count("p"), Ok(count));
        }
        for value in [
            json!(-1),
            json!(1.5),
            json!("-1"),
            json!("+1"),
            json!(""),
            json!("ten"),
            json!("1e3"),
            json!("99999999999999999999999"),
            json!(true),
            json!([1]),
        ] {
            assert!(parameters(value.clone()).count("p").is_err(), "{value}");
        }
    }

    #[test]
    fn what_names_something_may_be_a_number() {
        let text = |text: &'static str| Naming::Text(Cow::Borrowed(text));
        assert_eq!(naming(&json!(" A1 ")), text("A1"));
        assert_eq!(naming(&json!(29)), text("29"));
        assert_eq!(naming(&json!(-3)), text("-3"));
        assert_eq!(naming(&json!("  ")), Naming::NotGiven);
        assert_eq!(naming(&json!(null)), Naming::NotGiven);
        for other in [json!(2.5), json!(true), json!([]), json!({"a": 1})] {
            assert_eq!(naming(&other), Naming::Other);
        }
    }

    #[test]
    fn queries_keep_the_first_of_a_name() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let query =
            Parameters::from_query([pair("token", "a"), pair("x", "1"), pair("token", "b")]);
        assert_eq!(query.token(), Ok(Token("a")));
        assert!(query.repeats("token") && !query.repeats("x"));
    }
}
