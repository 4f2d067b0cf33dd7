//! A tokenizer for JSON as Json.NET takes it: comments, trailing commas, single quotes, names without quotes, raw
//! control characters in texts, and anything after the first complete value.
//!
//! It pulls one value at a time and never recurses.

use std::borrow::Cow;

/// Where and why a text is not JSON, even so.
#[derive(Debug)]
pub(crate) struct SyntaxError {
    pub(crate) offset: usize,
    pub(crate) reason: &'static str,
}

/// The start of a value: all of a scalar, or the bracket of an object or list.
#[derive(Debug, PartialEq)]
pub(crate) enum Value<'a> {
    Object,
    List,
    Text(Cow<'a, str>),
    /// As written: digits, sign, point, exponent, or hexadecimal.
    Number(&'a str),
    Flag(bool),
    Null,
    /// `undefined`, `NaN`, `Infinity`, or nothing at all before a comma.
    Nothing(&'a str),
}

/// A position in a text.
#[derive(Debug)]
pub(crate) struct Lexer<'a> {
    text: &'a str,
    at: usize,
    /// Whether each open bracket is an object's.
    open: Vec<bool>,
    max_depth: usize,
}

type Result<T> = std::result::Result<T, SyntaxError>;

impl<'a> Lexer<'a> {
    pub(crate) fn new(text: &'a str, max_depth: usize) -> Self {
        Self { text, at: 0, open: Vec::new(), max_depth }
    }

    /// Skips white space and comments; whether anything follows.
    pub(crate) fn more(&mut self) -> Result<bool> {
        loop {
            let rest = self.rest();
            let blank = rest.len() - rest.trim_start().len();
            self.at += blank;
            let rest = self.rest();
            if rest.starts_with("/*") {
                let end =
                    rest.find("*/").ok_or_else(|| self.error("a comment that does not end"))?;
                self.at += end + 2;
            } else if rest.starts_with("//") {
                self.at += rest.find(['\r', '\n']).unwrap_or(rest.len());
            } else {
                return Ok(!rest.is_empty());
            }
        }
    }

    /// Reads a scalar or enters an object or list.
    pub(crate) fn value(&mut self) -> Result<Value<'a>> {
        self.more()?;
        match self.peek() {
            Some(b'{') => self.enter(true).map(|()| Value::Object),
            Some(b'[') => self.enter(false).map(|()| Value::List),
            Some(quote @ (b'"' | b'\'')) => self.quoted(quote).map(Value::Text),
            Some(b',') => Ok(Value::Nothing("")),
            Some(b'-' | b'.' | b'0'..=b'9') if !self.rest().starts_with("-I") => {
                Ok(Value::Number(self.take_while(|b| {
                    b.is_ascii_hexdigit() || matches!(b, b'x' | b'X' | b'.' | b'+' | b'-')
                })))
            }
            Some(_) => self.word(),
            None => Err(self.error("the text ends where a value is expected")),
        }
    }

    /// The name of the next member of the object that was entered last; `None` at its end, which is left.
    pub(crate) fn member(&mut self, first: bool) -> Result<Option<Cow<'a, str>>> {
        if !self.next_in(b'}', first)? {
            return Ok(None);
        }
        let name = match self.peek() {
            Some(quote @ (b'"' | b'\'')) => self.quoted(quote)?,
            _ => {
                let start = self.at;
                let rest = self.rest();
                self.at += rest
                    .find(|c: char| !c.is_alphanumeric() && c != '_' && c != '$')
                    .unwrap_or(rest.len());
                match self.text.get(start..self.at) {
                    Some(name) if !name.is_empty() => Cow::Borrowed(name),
                    _ => return Err(self.error("a member's name is expected")),
                }
            }
        };
        self.more()?;
        if self.peek() != Some(b':') {
            return Err(self.error("a colon is expected after a member's name"));
        }
        self.at += 1;
        Ok(Some(name))
    }

    /// Whether another element follows in the list that was entered last; at its end it is left.
    pub(crate) fn element(&mut self, first: bool) -> Result<bool> {
        self.next_in(b']', first)
    }

    /// Passes over what is left of a value whose start was read.
    pub(crate) fn skip(&mut self, value: &Value<'_>) -> Result<()> {
        if !matches!(value, Value::Object | Value::List) {
            return Ok(());
        }
        let outside = self.open.len().saturating_sub(1);
        let mut first = true;
        while self.open.len() > outside {
            let depth = self.open.len();
            let inside = match self.open.last() {
                Some(true) => self.member(first)?.is_some(),
                _ => self.element(first)?,
            };
            if inside {
                self.value()?;
                first = self.open.len() > depth;
            } else {
                first = false;
            }
        }
        Ok(())
    }

    /// The error at the present place.
    pub(crate) fn error(&self, reason: &'static str) -> SyntaxError {
        SyntaxError { offset: self.at, reason }
    }

    fn enter(&mut self, object: bool) -> Result<()> {
        if self.open.len() >= self.max_depth {
            return Err(self.error("too many levels of objects and lists"));
        }
        self.open.push(object);
        self.at += 1;
        Ok(())
    }

    /// Passes the comma before all but the first, and the closing bracket, which may follow a comma.
    fn next_in(&mut self, close: u8, first: bool) -> Result<bool> {
        self.more()?;
        if !first && self.peek() == Some(b',') {
            self.at += 1;
            self.more()?;
        } else if !first && self.peek() != Some(close) {
            return Err(self.error(match close {
                b'}' => "a comma or `}` is expected after a member's value",
                _ => "a comma or `]` is expected after an element",
            }));
        }
        match self.peek() {
            Some(b) if b == close => {
                self.at += 1;
                self.open.pop();
                Ok(false)
            }
            Some(_) => Ok(true),
            None => Err(self.error("the text ends inside an object or list")),
        }
    }

    fn quoted(&mut self, quote: u8) -> Result<Cow<'a, str>> {
        let start = self.at;
        self.at += 1;
        let mut text = String::new();
        loop {
            let plain = self.take_while(|b| b != quote && b != b'\\');
            match self.peek() {
                Some(b) if b == quote => {
                    self.at += 1;
                    if text.is_empty() {
                        return Ok(Cow::Borrowed(plain));
                    }
                    text.push_str(plain);
                    return Ok(Cow::Owned(text));
                }
                Some(_) => {
                    text.push_str(plain);
                    self.at += 1;
                    let escaped = self.escape()?;
                    text.push(escaped);
                }
                None => {
                    return Err(SyntaxError { offset: start, reason: "a text that does not end" });
                }
            }
        }
    }

    fn escape(&mut self) -> Result<char> {
        let escaped = match self.peek() {
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b @ (b'"' | b'\'' | b'\\' | b'/')) => char::from(b),
            Some(b'u') => {
                self.at += 1;
                return self.unicode_escape();
            }
            _ => return Err(self.error("an unknown escape sequence")),
        };
        self.at += 1;
        Ok(escaped)
    }

    /// The character of `\uXXXX` or of a pair of them; half a pair becomes U+FFFD.
    fn unicode_escape(&mut self) -> Result<char> {
        let unit =
            self.hex_unit().ok_or_else(|| self.error("`\\u` needs four hexadecimal digits"))?;
        self.at += 4;
        if let Ok(c) = char::try_from(u32::from(unit)) {
            return Ok(c);
        }
        let before = self.at;
        if self.rest().starts_with("\\u") {
            self.at += 2;
            if let Some(low) = self.hex_unit()
                && let Some(Ok(c)) = char::decode_utf16([unit, low]).next()
            {
                self.at += 4;
                return Ok(c);
            }
        }
        self.at = before;
        Ok(char::REPLACEMENT_CHARACTER)
    }

    fn hex_unit(&self) -> Option<u16> {
        let digits = self.rest().get(..4)?;
        digits.bytes().all(|b| b.is_ascii_hexdigit()).then_some(())?;
        u16::from_str_radix(digits, 16).ok()
    }

    fn word(&mut self) -> Result<Value<'a>> {
        let rest = self.rest();
        for (word, value) in [
            ("true", Value::Flag(true)),
            ("false", Value::Flag(false)),
            ("null", Value::Null),
            ("undefined", Value::Nothing("undefined")),
            ("NaN", Value::Nothing("NaN")),
            ("Infinity", Value::Nothing("Infinity")),
            ("-Infinity", Value::Nothing("-Infinity")),
        ] {
            if let Some(after) = rest.strip_prefix(word)
                && !after.starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '$')
            {
                self.at += word.len();
                return Ok(value);
            }
        }
        Err(self.error("an unexpected character where a value is expected"))
    }

    fn take_while(&mut self, belongs: impl Fn(u8) -> bool) -> &'a str {
        let rest = self.rest();
        let length = rest.bytes().position(|b| !belongs(b)).unwrap_or(rest.len());
        self.at += length;
        rest.get(..length).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }
}
