//! Identifier objects: each names one record by exactly one choice.

use std::borrow::Cow;

use serde_json::{Map, Value};
use tradebook_model::{
    AccessTokenIdentifier, AccountIdentifier, ClassificationIdentifier, EventIdentifier,
    ParticipantIdentifier,
};

use super::parameters::{Naming, naming};
use super::{Fault, Parameters, parameter};

/// `accounts_receivable_identifier`: `id`, `number`, `name` or `access_token_identifier`.
pub(super) fn account(value: &Value) -> Result<AccountIdentifier, Fault> {
    let object = Identifier::of(parameter::ACCOUNT, value)?;
    const NOT_SERVED: &str = "customer_identification_medium_identifier";
    if object.members.get(NOT_SERVED).is_some_and(|value| !value.is_null()) {
        let remedy = "is not served here; use id, number, name or access_token_identifier";
        return Err(Fault::invalid(format!("{}.{NOT_SERVED}", parameter::ACCOUNT), remedy));
    }
    Ok(match object.only_choice(["id", "number", "name", parameter::ACCESS_TOKEN])? {
        ("id", id) => AccountIdentifier::Id(object.text("id", id)?),
        ("number", number) => AccountIdentifier::Number(object.text("number", number)?),
        ("name", name) => AccountIdentifier::Name(object.text("name", name)?),
        (_, token) => AccountIdentifier::AccessToken(access_token(parameter::ACCOUNT, token)?),
    })
}

/// `rewards_participant_identifier`: `id`, `number` or `access_token_identifier`.
pub(super) fn participant(value: &Value) -> Result<ParticipantIdentifier, Fault> {
    let object = Identifier::of(parameter::PARTICIPANT, value)?;
    Ok(match object.only_choice(["id", "number", parameter::ACCESS_TOKEN])? {
        ("id", id) => ParticipantIdentifier::Id(object.text("id", id)?),
        ("number", number) => ParticipantIdentifier::Number(object.text("number", number)?),
        (_, token) => {
            ParticipantIdentifier::AccessToken(access_token(parameter::PARTICIPANT, token)?)
        }
    })
}

/// `classification_identifier`: `id`, `name` or `alternative_code`.
pub(super) fn classification(value: &Value) -> Result<ClassificationIdentifier, Fault> {
    let object = Identifier::of(parameter::CLASSIFICATION, value)?;
    Ok(match object.only_choice(["id", "name", "alternative_code"])? {
        ("id", id) => ClassificationIdentifier::Id(object.text("id", id)?),
        ("name", name) => ClassificationIdentifier::Name(object.text("name", name)?),
        (name, code) => ClassificationIdentifier::AlternativeCode(object.text(name, code)?),
    })
}

/// `customer_event_identifier` of a query: `id=…` or `number=…`.
pub(super) fn event(parameters: &Parameters) -> Result<EventIdentifier, Fault> {
    const REMEDY: &str = "must be id=VALUE or number=VALUE, once";
    let invalid = || Fault::invalid(parameter::EVENT, REMEDY);
    let text = match parameters.get(parameter::EVENT) {
        None => return Err(Fault::Missing(parameter::EVENT)),
        Some(Value::String(text)) if !parameters.repeats(parameter::EVENT) => text,
        Some(_) => return Err(invalid()),
    };
    let (field, value) = text.split_once('=').ok_or_else(invalid)?;
    match (field.trim(), value.trim()) {
        (_, "") => Err(invalid()),
        ("id", id) => Ok(EventIdentifier::Id(id.to_owned())),
        ("number", number) => Ok(EventIdentifier::Number(number.to_owned())),
        _ => Err(invalid()),
    }
}

/// `access_token_identifier`: `authentication_code`, `identifier` with its `pass_code`, or `one_time_password`.
fn access_token(inside: &'static str, value: &Value) -> Result<AccessTokenIdentifier, Fault> {
    let object = Identifier::of(format!("{inside}.{}", parameter::ACCESS_TOKEN), value)?;
    let names = ["authentication_code", "identifier", "pass_code", "one_time_password"];
    match object.given(names)[..] {
        [("authentication_code", code)] => {
            let code = object.text("authentication_code", code)?;
            Ok(AccessTokenIdentifier::AuthenticationCode(code))
        }
        [("identifier", identifier), ("pass_code", pass_code)] => {
            Ok(AccessTokenIdentifier::PassCode {
                identifier: object.text("identifier", identifier)?,
                pass_code: object.text("pass_code", pass_code)?,
            })
        }
        [("one_time_password", password)] => {
            let text = object.text("one_time_password", password)?;
            let number = text.parse().map_err(|_| object.fault_of("one_time_password", "must be a whole number"))?;
            Ok(AccessTokenIdentifier::OneTimePassword(number))
        }
        [("identifier", _)] => Err(object.fault("has an identifier without its pass_code; give both")),
        [("pass_code", _)] => Err(object.fault("has a pass_code without its identifier; give both")),
        _ => Err(object.fault(
            "must have exactly one choice: authentication_code, identifier with pass_code, or one_time_password",
        )),
    }
}

/// An identifier object and where it stands.
struct Identifier<'v> {
    path: Cow<'static, str>,
    members: &'v Map<String, Value>,
}

impl<'v> Identifier<'v> {
    fn of(path: impl Into<Cow<'static, str>>, value: &'v Value) -> Result<Self, Fault> {
        let path = path.into();
        match value {
            Value::Object(members) => Ok(Self { path, members }),
            _ => Err(Fault::invalid(path, "must be an object such as {\"id\": \"…\"}")),
        }
    }

    /// The members of these names that are given, in this order.
    fn given<const N: usize>(&self, names: [&'static str; N]) -> Vec<(&'static str, &'v Value)> {
        let members = names.into_iter().filter_map(|name| Some((name, self.members.get(name)?)));
        members.filter(|(_, value)| naming(value) != Naming::NotGiven).collect()
    }

    fn only_choice<const N: usize>(
        &self,
        names: [&'static str; N],
    ) -> Result<(&'static str, &'v Value), Fault> {
        match self.given(names)[..] {
            [choice] => Ok(choice),
            _ => Err(self.fault(format!("must have exactly one of {}", names.join(", ")))),
        }
    }

    fn text(&self, name: &str, value: &Value) -> Result<String, Fault> {
        match naming(value) {
            Naming::Text(text) => Ok(text.into_owned()),
            Naming::NotGiven | Naming::Other => {
                Err(self.fault_of(name, "must be a text or a whole number"))
            }
        }
    }

    fn fault(&self, remedy: impl Into<Cow<'static, str>>) -> Fault {
        Fault::invalid(self.path.clone(), remedy)
    }

    fn fault_of(&self, name: &str, remedy: &'static str) -> Fault {
        Fault::invalid(format!("{}.{name}", self.path), remedy)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn one_choice_names_an_account() {
        let text = ToString::to_string;
        for (value, identifier) in [
            (json!({"id": "A1"}), AccountIdentifier::Id(text("A1"))),
            (json!({"number": 29}), AccountIdentifier::Number(text("29"))),
            (json!({"name": " The Shop "}), AccountIdentifier::Name(text("The Shop"))),
            (json!({"number": "1", "id": null, "name": ""}), AccountIdentifier::Number(text("1"))),
            (json!({"number": "1", "colour": "red"}), AccountIdentifier::Number(text("1"))),
            (
                json!({"access_token_identifier": {"identifier": 6666, "pass_code": "9999"}}),
                AccountIdentifier::AccessToken(AccessTokenIdentifier::PassCode {
                    identifier: text("6666"),
                    pass_code: text("9999"),
                }),
            ),
            (
                json!({"access_token_identifier": {"authentication_code": "AC"}}),
                AccountIdentifier::AccessToken(AccessTokenIdentifier::AuthenticationCode(text(
                    "AC",
                ))),
            ),
            (
                json!({"access_token_identifier": {"one_time_password": "012345"}}),
                AccountIdentifier::AccessToken(AccessTokenIdentifier::OneTimePassword(12345)),
            ),
        ] {
            assert_eq!(account(&value), Ok(identifier), "{value}");
        }
    }

    #[test]
    fn no_choice_two_choices_and_half_a_pair_are_faults() {
        let token = |token: Value| json!({ "access_token_identifier": token });
        for value in [
            json!({}),
            json!({"id": null}),
            json!({"number": ""}),
            json!({"colour": "red"}),
            json!({"id": "1", "number": "2"}),
            json!({"number": ["1"]}),
            json!({"number": 1.5}),
            json!({"number": {}}),
            json!("number=1"),
            json!(7),
            json!([]),
            json!({"customer_identification_medium_identifier": {"number": "1"}}),
            json!({"number": "1", "customer_identification_medium_identifier": {"number": "1"}}),
            token(json!({})),
            token(json!("6666")),
            token(json!({"identifier": "6666"})),
            token(json!({"pass_code": "9999"})),
            token(json!({"identifier": "6666", "pass_code": ""})),
            token(json!({"identifier": "6666", "pass_code": null})),
            token(json!({"identifier": "6666", "pass_code": "9999", "one_time_password": 1})),
            token(json!({"authentication_code": "AC", "pass_code": "9999"})),
            token(json!({"authentication_code": "AC", "one_time_password": 1})),
            token(json!({"one_time_password": "x"})),
            token(json!({"one_time_password": 1.5})),
            json!({"number": "1", "access_token_identifier": {"authentication_code": "AC"}}),
        ] {
            let fault = account(&value).expect_err(&value.to_string());
            assert_eq!(fault.code(), crate::crmcom::Code::InvalidParameter, "{value}");
            assert!(fault.to_string().starts_with(parameter::ACCOUNT), "{fault}");
            assert!(!fault.to_string().contains("9999"), "{fault}");
        }
        assert!(participant(&json!({"name": "x"})).is_err());
        assert!(classification(&json!({"number": "x"})).is_err());
    }

    #[test]
    fn queries_name_events_by_field_and_value() {
        let read = |values: &[&str]| {
            event(&Parameters::from_query(
                values.iter().map(|value| (parameter::EVENT.to_owned(), (*value).to_owned())),
            ))
        };
        assert_eq!(read(&["number=473"]), Ok(EventIdentifier::Number("473".into())));
        assert_eq!(read(&["id=A=B"]), Ok(EventIdentifier::Id("A=B".into())));
        assert_eq!(read(&[]), Err(Fault::Missing(parameter::EVENT)));
        for values in
            [&["473"][..], &["number="], &["=473"], &["name=x"], &[""], &["number=1", "id=2"]]
        {
            assert_eq!(
                read(values).map_err(|fault| fault.code()),
                Err(super::super::Code::InvalidParameter)
            );
        }
    }
}
