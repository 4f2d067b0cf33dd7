//! From JSON to a request, member by member, as Json.NET binds it.

use std::borrow::Cow;

use super::lexer::{Lexer, SyntaxError, Value};
use crate::caliq::number::{self, Fault};
use crate::caliq::request::members::Slot;
use crate::caliq::{Bound, Limits, ModelState, Request, Unreadable};

/// Reads a request. A member that cannot be read is a fault and the others are kept; a text that is not an object is
/// unreadable; `null` and nothing at all are a request without a key.
pub(crate) fn bind<T: Request>(text: &str, limits: &Limits) -> Result<Bound<T>, Unreadable> {
    try_bind(text, limits).map_err(|error| Unreadable::at(text, error.offset, error.reason))
}

fn try_bind<T: Request>(text: &str, limits: &Limits) -> Result<Bound<T>, SyntaxError> {
    let mut lexer = Lexer::new(text, limits.depth);
    let mut bound = Bound { value: T::default(), faults: ModelState::new() };
    if !lexer.more()? {
        return Ok(bound);
    }
    match lexer.value()? {
        Value::Object => {}
        Value::Null | Value::Nothing("undefined") => return Ok(bound),
        _ => return Err(SyntaxError { offset: 0, reason: "an object is expected" }),
    }
    let mut seen = vec![false; T::MEMBERS.len()];
    let mut first = true;
    while let Some(name) = lexer.member(first)? {
        first = false;
        let value = lexer.value()?;
        let position = T::MEMBERS.iter().position(|m| m.name.eq_ignore_ascii_case(&name));
        let member = position.and_then(|at| T::MEMBERS.get(at));
        let slot = position.and_then(|at| bound.value.slot(at));
        let (Some(position), Some(member), Some(slot)) = (position, member, slot) else {
            lexer.skip(&value)?;
            continue;
        };
        if let Some(seen) = seen.get_mut(position) {
            *seen = true;
        }
        let mut target =
            Target { lexer: &mut lexer, limits, faults: &mut bound.faults, name: member.name };
        target.bind(slot, value)?;
    }
    for (member, seen) in T::MEMBERS.iter().zip(seen) {
        if member.required_in_json && !seen {
            bound.faults.add(member.name, format!("The {} field is required.", member.name));
        }
    }
    Ok(bound)
}

/// The member that is being read.
struct Target<'t, 'a> {
    lexer: &'t mut Lexer<'a>,
    limits: &'t Limits,
    faults: &'t mut ModelState,
    name: &'static str,
}

impl<'a> Target<'_, 'a> {
    fn bind(&mut self, slot: Slot<'_>, value: Value<'a>) -> Result<(), SyntaxError> {
        match slot {
            Slot::Text(place) => {
                let read = text(&value);
                self.keep(place, read, &value)
            }
            Slot::Flag(place) => {
                let read = flag(&value);
                self.keep(place, read, &value)
            }
            Slot::Int(place) => {
                let read = int(&value);
                self.keep(place, read, &value)
            }
            Slot::Ints(place) => self.list(place, value, int, number::whole_number),
            // A null in a list of texts is an element that names nothing.
            Slot::Texts(place) => self.list(
                place,
                value,
                |value| text(value).map(Option::unwrap_or_default),
                |text| Ok(text.to_owned()),
            ),
        }
    }

    fn keep<V>(
        &mut self,
        place: &mut V,
        read: Result<V, Fault>,
        value: &Value<'_>,
    ) -> Result<(), SyntaxError> {
        match read {
            Ok(read) => *place = read,
            Err(fault) => self.faults.add(self.name, fault),
        }
        self.lexer.skip(value)
    }

    /// A list, or one text of values separated by `|`. Elements that cannot be read are left out.
    fn list<V>(
        &mut self,
        place: &mut Vec<V>,
        value: Value<'a>,
        element: impl Fn(&Value<'a>) -> Result<V, Fault>,
        piped: impl Fn(&str) -> Result<V, Fault>,
    ) -> Result<(), SyntaxError> {
        let mut read = Reading { values: Vec::new(), position: 0, max: self.limits.list_items };
        match value {
            Value::Null => {}
            Value::Text(text) => {
                for value in number::piped(&text) {
                    read.add(piped(value), self.name, self.faults);
                }
            }
            Value::List => {
                while self.lexer.element(read.position == 0)? {
                    let value = self.lexer.value()?;
                    read.add(element(&value), self.name, self.faults);
                    self.lexer.skip(&value)?;
                }
            }
            other => {
                self.faults
                    .add(self.name, format!("A list is expected, not {}.", described(&other)));
                return self.lexer.skip(&other);
            }
        }
        *place = read.values;
        Ok(())
    }
}

struct Reading<V> {
    values: Vec<V>,
    position: usize,
    max: usize,
}

impl<V> Reading<V> {
    fn add(&mut self, value: Result<V, Fault>, name: &str, faults: &mut ModelState) {
        if self.position < self.max {
            match value {
                Ok(value) => self.values.push(value),
                Err(fault) => faults.add(format!("{name}[{}]", self.position), fault),
            }
        } else if self.position == self.max {
            faults.add(name, number::too_many(self.max));
        }
        self.position += 1;
    }
}

fn text(value: &Value<'_>) -> Result<Option<String>, Fault> {
    match value {
        Value::Text(text) => Ok(Some(text.clone().into_owned())),
        Value::Number(number) => Ok(Some((*number).to_owned())),
        Value::Flag(flag) => Ok(Some(flag.to_string())),
        Value::Null => Ok(None),
        other => Err(format!("A text is expected, not {}.", described(other))),
    }
}

fn flag(value: &Value<'_>) -> Result<bool, Fault> {
    match value {
        Value::Flag(flag) => Ok(*flag),
        Value::Text(text) if text.trim().eq_ignore_ascii_case("true") => Ok(true),
        Value::Text(text) if text.trim().eq_ignore_ascii_case("false") => Ok(false),
        Value::Text(text) => Err(number::not_flag(text)),
        Value::Number(text) => text
            .parse::<f64>()
            .map(|number| number != 0.0)
            .or_else(|_| number_in_json(text).map(|number| number != 0))
            .map_err(|_| number::not_flag(text)),
        other => Err(format!("True or false is expected, not {}.", described(other))),
    }
}

fn int(value: &Value<'_>) -> Result<i32, Fault> {
    match value {
        Value::Number(number) => number_in_json(number),
        Value::Text(text) => number::whole_number(text),
        other => Err(format!("A whole number is expected, not {}.", described(other))),
    }
}

/// Decimal, hexadecimal with `0x`, octal with a leading zero.
fn number_in_json(text: &str) -> Result<i32, Fault> {
    let (digits, radix) = match text.as_bytes() {
        [b'0', b'x' | b'X', ..] => (text.get(2..).unwrap_or_default(), 16),
        [b'0', _, ..] => (text.get(1..).unwrap_or_default(), 8),
        _ => (text.strip_prefix('-').unwrap_or(text), 10),
    };
    if digits.is_empty() || !digits.chars().all(|c| c.is_digit(radix)) {
        return Err(number::not_whole(text));
    }
    let number = if radix == 10 { text.parse() } else { i32::from_str_radix(digits, radix) };
    number.map_err(|_| number::out_of_range(text))
}

fn described(value: &Value<'_>) -> Cow<'static, str> {
    Cow::Borrowed(match value {
        Value::Object => "an object",
        Value::List => "a list",
        Value::Text(_) => "a text",
        Value::Number(_) => "a number",
        Value::Flag(_) => "true or false",
        Value::Null => "null",
        Value::Nothing("") => "nothing",
        Value::Nothing(word) => return Cow::Owned((*word).to_owned()),
    })
}
