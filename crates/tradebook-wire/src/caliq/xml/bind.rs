//! From XML to a request, element by element, as `XmlSerializer` binds it.

use super::reader::{Element, XmlEvent, XmlReader};
use crate::caliq::negotiation::Charset;
use crate::caliq::number::{self, Fault};
use crate::caliq::request::members::Slot;
use crate::caliq::{Bound, Limits, ModelState, Request, Unreadable};

/// Reads a request. Elements may come in any order; of a scalar the first one counts; a list may come in parts.
pub(crate) fn bind<T: Request>(
    text: &str,
    charset: Charset,
    limits: &Limits,
) -> Result<Bound<T>, Unreadable> {
    let mut reader = XmlReader::new(text, charset, limits)?;
    let mut bound = Bound { value: T::default(), faults: ModelState::new() };
    let XmlEvent::Start(root) = reader.next()? else {
        return Err(reader.error("a root element is expected"));
    };
    check_root::<T>(&reader, &root)?;
    if root.nil {
        reader.skip()?;
    } else {
        members(&mut reader, limits, &mut bound)?;
    }
    match reader.next()? {
        XmlEvent::Eof => Ok(bound),
        _ => Err(reader.error("something after the root element")),
    }
}

fn check_root<T: Request>(reader: &XmlReader<'_>, root: &Element) -> Result<(), Unreadable> {
    if !root.is(T::ROOT) {
        return Err(reader.error(format!("the root element must be {} in no namespace", T::ROOT)));
    }
    match &root.type_name {
        Some(name) if name != T::ROOT => Err(reader.error("an `xsi:type` that is not known")),
        _ => Ok(()),
    }
}

fn members<T: Request>(
    reader: &mut XmlReader<'_>,
    limits: &Limits,
    bound: &mut Bound<T>,
) -> Result<(), Unreadable> {
    let mut seen = vec![false; T::MEMBERS.len()];
    let mut lists: Vec<usize> = vec![0; T::MEMBERS.len()];
    loop {
        let element = match reader.next()? {
            XmlEvent::Start(element) => element,
            XmlEvent::Text(_) => continue,
            XmlEvent::End | XmlEvent::Eof => return Ok(()),
        };
        let position = T::MEMBERS.iter().position(|member| element.is(member.name));
        let slot = position.and_then(|at| bound.value.slot(at));
        let known = position.and_then(|at| Some((seen.get_mut(at)?, lists.get_mut(at)?)));
        let (Some(slot), Some((seen, count))) = (slot, known) else {
            reader.skip()?;
            continue;
        };
        let mut member = Member { element: &element, limits, faults: &mut bound.faults };
        match slot {
            Slot::Ints(place) => {
                member.list(reader, "int", place, count, |content| match content {
                    Content::Text(text) => number::whole_number(&text),
                    other => Err(other.fault("A whole number")),
                })?
            }
            // A nil element of a list of texts names nothing.
            Slot::Texts(place) => {
                member.list(reader, "string", place, count, |content| match content {
                    Content::Text(text) => Ok(text),
                    Content::Nil => Ok(String::new()),
                    other => Err(other.fault("A text")),
                })?
            }
            _ if *seen => reader.skip()?,
            Slot::Text(place) => {
                member.scalar(reader, place, |content| match content {
                    Content::Text(text) => Ok(Some(text)),
                    Content::Nil => Ok(Some(String::new())),
                    other => Err(other.fault("A text")),
                })?;
            }
            Slot::Flag(place) => member.scalar(reader, place, |content| match content {
                Content::Text(text) => flag(&text),
                other => Err(other.fault("True or false")),
            })?,
            Slot::Int(place) => member.scalar(reader, place, |content| match content {
                Content::Text(text) => number::whole_number(&text),
                other => Err(other.fault("A whole number")),
            })?,
        }
        *seen = true;
    }
}

/// What an element contains that should contain text.
enum Content {
    Text(String),
    Nil,
    Elements,
}

impl Content {
    fn fault(&self, expected: &str) -> Fault {
        match self {
            Self::Text(_) => format!("{expected} is expected."),
            Self::Nil => format!("{expected} is expected, not nil."),
            Self::Elements => format!("{expected} is expected, not elements."),
        }
    }
}

fn content(reader: &mut XmlReader<'_>, element: &Element) -> Result<Content, Unreadable> {
    if element.nil {
        reader.skip()?;
        return Ok(Content::Nil);
    }
    let mut text = String::new();
    let mut elements = false;
    loop {
        match reader.next()? {
            XmlEvent::Text(part) => text.push_str(&part),
            XmlEvent::Start(_) => {
                elements = true;
                reader.skip()?;
            }
            XmlEvent::End | XmlEvent::Eof => {
                return Ok(if elements { Content::Elements } else { Content::Text(text) });
            }
        }
    }
}

/// The member that is being read.
struct Member<'m> {
    element: &'m Element,
    limits: &'m Limits,
    faults: &'m mut ModelState,
}

impl Member<'_> {
    fn scalar<V>(
        &mut self,
        reader: &mut XmlReader<'_>,
        place: &mut V,
        convert: impl Fn(Content) -> Result<V, Fault>,
    ) -> Result<(), Unreadable> {
        match convert(content(reader, self.element)?) {
            Ok(value) => *place = value,
            Err(fault) => self.faults.add(self.element.name.as_str(), fault),
        }
        Ok(())
    }

    /// A list of elements of one name, or text of values separated by `|` where there is no such element.
    fn list<V>(
        &mut self,
        reader: &mut XmlReader<'_>,
        item: &str,
        place: &mut Vec<V>,
        count: &mut usize,
        convert: impl Fn(Content) -> Result<V, Fault>,
    ) -> Result<(), Unreadable> {
        if self.element.nil {
            return reader.skip();
        }
        let mut text = String::new();
        let mut has_items = false;
        loop {
            match reader.next()? {
                XmlEvent::Start(element) if element.is(item) => {
                    has_items = true;
                    let content = content(reader, &element)?;
                    self.add(place, count, convert(content));
                }
                XmlEvent::Start(_) => reader.skip()?,
                XmlEvent::Text(part) => text.push_str(&part),
                XmlEvent::End | XmlEvent::Eof => break,
            }
        }
        if !has_items {
            for value in number::piped(&text) {
                self.add(place, count, convert(Content::Text(value.to_owned())));
            }
        }
        Ok(())
    }

    fn add<V>(&mut self, place: &mut Vec<V>, count: &mut usize, value: Result<V, Fault>) {
        let name = self.element.name.as_str();
        if *count < self.limits.list_items {
            match value {
                Ok(value) => place.push(value),
                Err(fault) => self.faults.add(format!("{name}[{count}]"), fault),
            }
        } else if *count == self.limits.list_items {
            self.faults.add(name, number::too_many(self.limits.list_items));
        }
        *count += 1;
    }
}

fn flag(text: &str) -> Result<bool, Fault> {
    match text.trim_matches([' ', '\t', '\r', '\n']) {
        "true" | "1" => Ok(true),
        "false" | "0" => Ok(false),
        _ => Err(number::not_flag(text)),
    }
}
