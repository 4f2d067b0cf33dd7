//! `fields_set`: which members the events show.

use std::fmt;

use serde_json::Value;
use tradebook_model::EventParts;

use super::event_fields::{FIELDS, Needs};
use super::{Fault, Parameters, parameter};

/// A choice of an event's members: a bit for each, by its place among all of them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct FieldsSet(u128);

impl FieldsSet {
    /// All members.
    pub const ALL: Self = Self(u128::MAX);

    /// Reads the names: separated by commas, or a list of them; white space around them does not count. Unknown ones are
    /// ignored. Where no name is given, all members are chosen.
    pub(super) fn read(parameters: &Parameters) -> Result<Self, Fault> {
        let invalid = || {
            Fault::invalid(
                parameter::FIELDS_SET,
                "must be a text of names with commas between them",
            )
        };
        match parameters.get(parameter::FIELDS_SET) {
            None => Ok(Self::ALL),
            Some(Value::String(names)) => Ok(Self::of(names.split(','))),
            Some(Value::Array(names)) => {
                let names: Option<Vec<&str>> = names.iter().map(Value::as_str).collect();
                Ok(Self::of(
                    names.ok_or_else(invalid)?.into_iter().flat_map(|name| name.split(',')),
                ))
            }
            Some(_) => Err(invalid()),
        }
    }

    /// The members of these names.
    pub fn of<'n>(names: impl IntoIterator<Item = &'n str>) -> Self {
        let mut chosen = 0;
        let mut any = false;
        for name in names.into_iter().map(str::trim).filter(|name| !name.is_empty()) {
            any = true;
            if let Some(index) = FIELDS.iter().position(|field| field.name == name) {
                chosen |= 1 << index;
            }
        }
        if any { Self(chosen) } else { Self::ALL }
    }

    /// The names of all members, in their order.
    pub fn names() -> impl Iterator<Item = &'static str> {
        FIELDS.iter().map(|field| field.name)
    }

    /// Which parts of an event have to be read.
    pub fn parts(self) -> EventParts {
        let needs = |needs| self.fields().any(|field| field.needs == needs);
        EventParts { lines: needs(Needs::Lines), spend_requests: needs(Needs::SpendRequests) }
    }

    pub(super) fn fields(self) -> impl Iterator<Item = &'static super::event_fields::Field> {
        FIELDS
            .iter()
            .enumerate()
            .filter(move |(index, _)| self.0 & (1 << index) != 0)
            .map(|(_, field)| field)
    }
}

impl Default for FieldsSet {
    fn default() -> Self {
        Self::ALL
    }
}

impl fmt::Debug for FieldsSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.fields().map(|field| field.name)).finish()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(value: Value) -> Result<Vec<&'static str>, Fault> {
        let body = json!({ "fields_set": value }).to_string();
        let set = FieldsSet::read(&Parameters::from_body(body.as_bytes()).unwrap())?;
        Ok(set.fields().map(|field| field.name).collect())
    }

    #[test]
    fn there_is_a_bit_for_every_member() {
        assert!(FIELDS.len() <= 128);
    }

    #[test]
    fn names_are_trimmed_and_unknown_ones_ignored() {
        let seed = ["id", "number", "products_set"];
        for given in [
            json!("id, number, products_set"),
            json!(" products_set,id ,number,, id,Id,nothing"),
            json!(["id", " number", "products_set", "nothing"]),
            json!(["id,number", "products_set"]),
        ] {
            assert_eq!(read(given.clone()).unwrap(), seed, "{given}");
        }
        assert_eq!(read(json!("nothing")).unwrap(), Vec::<&str>::new());
        for all in [json!(null), json!(""), json!("  "), json!(" , "), json!([]), json!([""])] {
            assert_eq!(read(all.clone()).unwrap().len(), FIELDS.len(), "{all}");
        }
        for invalid in [json!(7), json!(true), json!({"id": true}), json!(["id", 7])] {
            assert!(read(invalid.clone()).is_err(), "{invalid}");
        }
    }

    #[test]
    fn only_what_is_shown_is_read() {
        for (names, lines, spend_requests) in [
            ("id,number,performed_on,accounts_receivable,udf_string_1", false, false),
            ("products_set", true, false),
            ("total_amount", true, false),
            ("total_spend_amount", false, true),
            ("instant_spend_request", false, true),
            ("total_spend_alternative_amount", false, false),
            ("", true, true),
        ] {
            let parts = FieldsSet::of(names.split(',')).parts();
            assert_eq!(parts, EventParts { lines, spend_requests }, "{names}");
        }
    }
}
