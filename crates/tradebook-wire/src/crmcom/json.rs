//! Writing JSON straight into a buffer.

use std::fmt::{Display, Write as _};

use rust_decimal::Decimal;

use crate::caliq::json_text;

/// An object that is being written, member by member.
pub(super) struct Object<'o> {
    out: &'o mut Vec<u8>,
    first: bool,
}

impl<'o> Object<'o> {
    pub(super) fn begin(out: &'o mut Vec<u8>) -> Self {
        out.push(b'{');
        Self { out, first: true }
    }

    pub(super) fn end(self) {
        self.out.push(b'}');
    }

    /// A member whose value is written by the caller.
    pub(super) fn member(&mut self, name: &str, value: impl FnOnce(&mut Vec<u8>)) {
        if !std::mem::take(&mut self.first) {
            self.out.push(b',');
        }
        // Names are ours and need no escapes.
        self.out.push(b'"');
        self.out.extend_from_slice(name.as_bytes());
        self.out.extend_from_slice(b"\":");
        value(self.out);
    }

    pub(super) fn null(&mut self, name: &str) {
        self.member(name, null);
    }

    pub(super) fn text(&mut self, name: &str, value: &str) {
        self.member(name, |out| json_text(out, value));
    }

    pub(super) fn optional_text(&mut self, name: &str, value: Option<impl AsRef<str>>) {
        self.member(name, |out| optional_text(out, value));
    }

    pub(super) fn flag(&mut self, name: &str, value: Option<bool>) {
        self.member(name, |out| match value {
            Some(true) => out.extend_from_slice(b"true"),
            Some(false) => out.extend_from_slice(b"false"),
            None => null(out),
        });
    }

    /// A number in its shortest form, of anything that displays itself so.
    pub(super) fn number(&mut self, name: &str, value: Option<impl Display>) {
        self.member(name, |out| optional_number(out, value));
    }

    /// An object inside the object.
    pub(super) fn object(&mut self, name: &str, write: impl FnOnce(&mut Object<'_>)) {
        self.member(name, |out| {
            let mut object = Object::begin(out);
            write(&mut object);
            object.end();
        });
    }
}

pub(super) fn null(out: &mut Vec<u8>) {
    out.extend_from_slice(b"null");
}

pub(super) fn optional_text(out: &mut Vec<u8>, value: Option<impl AsRef<str>>) {
    match value {
        Some(value) => json_text(out, value.as_ref()),
        None => null(out),
    }
}

pub(super) fn optional_number(out: &mut Vec<u8>, value: Option<impl Display>) {
    match value {
        Some(value) => display(out, &value),
        None => null(out),
    }
}

/// A decimal in its shortest form: `100`, `10.02`, `0.23000000417232513`.
pub(super) fn shortest(value: Decimal) -> Decimal {
    value.normalize()
}

/// Writes what displays itself in ASCII without quotes or control characters.
pub(super) fn display(out: &mut Vec<u8>, value: &impl Display) {
    struct Bytes<'o>(&'o mut Vec<u8>);
    impl std::fmt::Write for Bytes<'_> {
        fn write_str(&mut self, text: &str) -> std::fmt::Result {
            self.0.extend_from_slice(text.as_bytes());
            Ok(())
        }
    }
    // A buffer takes everything, and so the only error is none.
    let _ = write!(Bytes(out), "{value}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_in_their_shortest_form() {
        for (text, written) in [
            ("100", "100"),
            ("100.00", "100"),
            ("10.020", "10.02"),
            ("0.23000000417232513", "0.23000000417232513"),
            ("-0.50", "-0.5"),
            ("-0.00", "0"),
            ("0", "0"),
            ("7922816251426433759354395033.5", "7922816251426433759354395033.5"),
        ] {
            let mut out = Vec::new();
            display(&mut out, &shortest(text.parse().unwrap()));
            assert_eq!(String::from_utf8(out).unwrap(), written);
        }
    }
}
