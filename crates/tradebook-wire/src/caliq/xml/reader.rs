//! XML as .NET's `XmlDictionaryReader` takes it: elements and text in a flat stream, namespaces checked, everything
//! refused that could make a reader fetch or expand something.

use std::borrow::Cow;

use quick_xml::NsReader;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesDecl, BytesRef, BytesStart, Event};
use quick_xml::name::ResolveResult;

use crate::caliq::negotiation::Charset;
use crate::caliq::{Limits, Unreadable};

const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// The start of an element.
#[derive(Debug)]
pub(crate) struct Element {
    /// The local name.
    pub(crate) name: String,
    /// Whether it is in no namespace, as all elements of these formats are.
    pub(crate) plain: bool,
    /// `xsi:nil`
    pub(crate) nil: bool,
    /// `xsi:type`
    pub(crate) type_name: Option<String>,
}

impl Element {
    /// Whether it is the element of that name in no namespace.
    pub(crate) fn is(&self, name: &str) -> bool {
        self.plain && self.name == name
    }
}

/// What comes next. Comments are passed over.
#[derive(Debug)]
pub(crate) enum XmlEvent<'a> {
    Start(Element),
    End,
    /// Text, CDATA or a reference; text around a comment comes in pieces.
    Text(Cow<'a, str>),
    Eof,
}

/// A position in a document.
pub(crate) struct XmlReader<'a> {
    text: &'a str,
    reader: NsReader<&'a [u8]>,
    charset: Charset,
    limits: &'a Limits,
    depth: usize,
    /// Whether anything has been read, after which no declaration may come.
    begun: bool,
    root_seen: bool,
    /// The end of an element without content, still to be given out.
    end_pending: bool,
}

type Result<T> = std::result::Result<T, Unreadable>;

impl<'a> XmlReader<'a> {
    /// A reader at the start of a document, whose byte order mark is gone.
    pub(crate) fn new(text: &'a str, charset: Charset, limits: &'a Limits) -> Result<Self> {
        let illegal = |c: char| matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
        if let Some(at) = text.find(illegal) {
            return Err(Unreadable::at(text, at, "a character that XML does not allow"));
        }
        let mut reader = NsReader::from_str(text);
        let config = reader.config_mut();
        config.check_comments = true;
        config.check_end_names = true;
        config.trim_markup_names_in_closing_tags = true;
        Ok(Self {
            text,
            reader,
            charset,
            limits,
            depth: 0,
            begun: false,
            root_seen: false,
            end_pending: false,
        })
    }

    /// The next event.
    pub(crate) fn next(&mut self) -> Result<XmlEvent<'a>> {
        if self.end_pending {
            self.end_pending = false;
            self.depth -= 1;
            return Ok(XmlEvent::End);
        }
        loop {
            let first = !self.begun;
            self.begun = true;
            let event = match self.reader.read_event() {
                Ok(event) => event,
                Err(error) => {
                    let offset = usize::try_from(self.reader.error_position()).unwrap_or(0);
                    return Err(Unreadable::at(self.text, offset, error.to_string()));
                }
            };
            match event {
                Event::Decl(declaration) if first => self.check_declaration(&declaration)?,
                Event::Decl(_) => {
                    return Err(self.error("an XML declaration that is not at the start"));
                }
                Event::Comment(_) => {}
                Event::DocType(_) => return Err(self.error("a document type declaration")),
                Event::PI(_) => return Err(self.error("a processing instruction")),
                Event::Start(start) => return self.start(&start).map(XmlEvent::Start),
                Event::Empty(start) => {
                    let element = self.start(&start)?;
                    self.end_pending = true;
                    return Ok(XmlEvent::Start(element));
                }
                Event::End(_) => {
                    self.depth = self.depth.saturating_sub(1);
                    return Ok(XmlEvent::End);
                }
                Event::Text(text) if self.depth == 0 => {
                    if !text.chars().all(is_space) {
                        return Err(self.error("text outside the root element"));
                    }
                }
                Event::Text(text) => {
                    if text.contains("]]>") {
                        return Err(self.error("`]]>` in text"));
                    }
                    return Ok(XmlEvent::Text(newlines(text.into_inner())));
                }
                Event::CData(_) | Event::GeneralRef(_) if self.depth == 0 => {
                    return Err(self.error("text outside the root element"));
                }
                Event::CData(text) => return Ok(XmlEvent::Text(newlines(text.into_inner()))),
                Event::GeneralRef(reference) => {
                    let c = self.reference(&reference)?;
                    return Ok(XmlEvent::Text(Cow::Owned(c.into())));
                }
                Event::Eof if self.depth > 0 => {
                    return Err(self.error("the document ends inside an element"));
                }
                Event::Eof if !self.root_seen => {
                    return Err(self.error("a document without a root"));
                }
                Event::Eof => return Ok(XmlEvent::Eof),
            }
        }
    }

    /// Passes over what is left of the element whose start was given out last.
    pub(crate) fn skip(&mut self) -> Result<()> {
        let outside = self.depth.saturating_sub(1);
        while self.depth > outside {
            self.next()?;
        }
        Ok(())
    }

    /// The error at the present place.
    pub(crate) fn error(&self, reason: impl Into<String>) -> Unreadable {
        let offset = usize::try_from(self.reader.buffer_position()).unwrap_or(0);
        Unreadable::at(self.text, offset, reason)
    }

    fn start(&mut self, start: &BytesStart<'_>) -> Result<Element> {
        if self.depth == 0 && self.root_seen {
            return Err(self.error("a second root element"));
        }
        if self.depth >= self.limits.depth {
            return Err(self.error("too many levels of elements"));
        }
        self.root_seen = true;
        self.depth += 1;
        if !is_name(start.name().into_inner()) {
            return Err(self.error("an element whose name is not one"));
        }
        let (namespace, local) = self.reader.resolver().resolve_element(start.name());
        let plain = match namespace {
            ResolveResult::Unbound => true,
            ResolveResult::Bound(namespace) => namespace.into_inner().is_empty(),
            ResolveResult::Unknown(prefix) => {
                return Err(self.error(format!("the undeclared prefix `{prefix}`")));
            }
        };
        let name = local.into_inner().to_owned();
        let mut element = Element { name, plain, nil: false, type_name: None };
        self.attributes(start, &mut element)?;
        Ok(element)
    }

    fn attributes(&self, start: &BytesStart<'_>, element: &mut Element) -> Result<()> {
        for (count, attribute) in start.attributes().enumerate() {
            if count >= self.limits.attributes {
                return Err(self.error("too many attributes"));
            }
            let attribute = attribute.map_err(|error| self.error(error.to_string()))?;
            if !is_name(attribute.key.into_inner()) {
                return Err(self.error("an attribute whose name is not one"));
            }
            if attribute.value.contains('<') {
                return Err(self.error("`<` in an attribute"));
            }
            let value = attribute
                .normalized_value(XmlVersion::Implicit1_0)
                .map_err(|error| self.error(error.to_string()))?;
            if attribute.key.as_namespace_binding().is_some() {
                continue;
            }
            let (namespace, local) = self.reader.resolver().resolve_attribute(attribute.key);
            match namespace {
                ResolveResult::Unknown(prefix) => {
                    return Err(self.error(format!("the undeclared prefix `{prefix}`")));
                }
                ResolveResult::Bound(namespace) if namespace.into_inner() == XSI => {
                    match local.into_inner() {
                        "nil" => element.nil = matches!(value.trim(), "true" | "1"),
                        "type" => element.type_name = Some(value.trim().to_owned()),
                        _ => {}
                    }
                }
                ResolveResult::Bound(_) | ResolveResult::Unbound => {}
            }
        }
        Ok(())
    }

    /// Version 1.0, and the encoding in which the document really is.
    fn check_declaration(&self, declaration: &BytesDecl<'_>) -> Result<()> {
        let version = declaration.version().map_err(|error| self.error(error.to_string()))?;
        if version != "1.0" {
            return Err(self.error("a version of XML other than 1.0"));
        }
        let encoding =
            declaration.encoding().transpose().map_err(|error| self.error(error.to_string()))?;
        let expected = match self.charset {
            Charset::Utf8 => "utf-8",
            Charset::Utf16 => "utf-16",
        };
        match encoding {
            Some(encoding) if !encoding.eq_ignore_ascii_case(expected) => Err(self.error(format!(
                "the declared encoding `{encoding}` is not that of the document, {expected}"
            ))),
            _ => Ok(()),
        }
    }

    fn reference(&self, reference: &BytesRef<'_>) -> Result<char> {
        match &**reference {
            "lt" => Ok('<'),
            "gt" => Ok('>'),
            "amp" => Ok('&'),
            "quot" => Ok('"'),
            "apos" => Ok('\''),
            _ => match reference.resolve_char_ref() {
                Ok(Some(c)) => Ok(c),
                Ok(None) => Err(self.error("an entity that is not predefined")),
                Err(error) => Err(self.error(error.to_string())),
            },
        }
    }
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

/// A name with at most one prefix.
fn is_name(name: &str) -> bool {
    let part = |part: &str| {
        part.starts_with(|c: char| c.is_alphabetic() || c == '_')
            && part.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '·'))
    };
    match name.split_once(':') {
        Some((prefix, local)) => part(prefix) && part(local),
        None => part(name),
    }
}

/// A line break is a line feed, however it was written.
fn newlines(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.contains('\r') {
        Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        text
    }
}
