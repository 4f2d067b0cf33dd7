//! Members of an object or element, written byte by byte.

use tradebook_model::{MICROS_PER_UNIT, NullDecimals};

use crate::caliq::BodyFormat;

/// Writes the members of one JSON object or XML element, in the order of the calls.
pub(crate) struct Encoder<'o> {
    out: &'o mut Vec<u8>,
    format: BodyFormat,
    null_decimals: NullDecimals,
    first: bool,
}

impl<'o> Encoder<'o> {
    pub(crate) fn new(
        out: &'o mut Vec<u8>,
        format: BodyFormat,
        null_decimals: NullDecimals,
    ) -> Self {
        Self { out, format, null_decimals, first: true }
    }

    pub(crate) fn int(&mut self, name: &str, value: impl itoa::Integer) -> &mut Self {
        self.raw(name, |out| out.extend_from_slice(itoa::Buffer::new().format(value).as_bytes()))
    }

    pub(crate) fn flag(&mut self, name: &str, value: bool) -> &mut Self {
        self.raw(name, |out| out.extend_from_slice(if value { b"true" } else { b"false" }))
    }

    /// A decimal from its millionths.
    pub(crate) fn decimal(&mut self, name: &str, micros: i64) -> &mut Self {
        let point_always = self.format == BodyFormat::Json;
        self.raw(name, |out| decimal(out, micros, point_always))
    }

    pub(crate) fn optional_decimal(&mut self, name: &str, micros: Option<i64>) -> &mut Self {
        match (micros, self.format, self.null_decimals) {
            (Some(micros), _, _) => self.decimal(name, micros),
            (None, BodyFormat::Json, _) => self.null(name),
            (None, BodyFormat::Xml, NullDecimals::Omit) => self,
            (None, BodyFormat::Xml, NullDecimals::Zero) => self.decimal(name, 0),
            (None, BodyFormat::Xml, NullDecimals::Nil) => {
                self.out.push(b'<');
                self.out.extend_from_slice(name.as_bytes());
                self.out.extend_from_slice(b" xsi:nil=\"true\" />");
                self
            }
        }
    }

    pub(crate) fn text(&mut self, name: &str, value: &str) -> &mut Self {
        match self.format {
            BodyFormat::Json => self.raw(name, |out| json_text(out, value)),
            BodyFormat::Xml if value.is_empty() => {
                self.out.push(b'<');
                self.out.extend_from_slice(name.as_bytes());
                self.out.extend_from_slice(b" />");
                self
            }
            BodyFormat::Xml => self.raw(name, |out| xml_text(out, value)),
        }
    }

    pub(crate) fn optional_text(&mut self, name: &str, value: Option<&str>) -> &mut Self {
        match (value, self.format) {
            (Some(value), _) => self.text(name, value),
            (None, BodyFormat::Json) => self.null(name),
            (None, BodyFormat::Xml) => self,
        }
    }

    /// The comma between this member and the one before it.
    pub(crate) fn separate(&mut self) {
        if self.format == BodyFormat::Json && !std::mem::take(&mut self.first) {
            self.out.push(b',');
        }
    }

    fn null(&mut self, name: &str) -> &mut Self {
        self.raw(name, |out| out.extend_from_slice(b"null"))
    }

    fn raw(&mut self, name: &str, value: impl FnOnce(&mut Vec<u8>)) -> &mut Self {
        self.separate();
        match self.format {
            BodyFormat::Json => {
                self.out.push(b'"');
                self.out.extend_from_slice(name.as_bytes());
                self.out.extend_from_slice(b"\":");
                value(self.out);
            }
            BodyFormat::Xml => {
                self.out.push(b'<');
                self.out.extend_from_slice(name.as_bytes());
                self.out.push(b'>');
                value(self.out);
                self.out.extend_from_slice(b"</");
                self.out.extend_from_slice(name.as_bytes());
                self.out.push(b'>');
            }
        }
        self
    }
}

/// A decimal from its millionths, without trailing zeros: `3.1`; a whole one as `7.0` or `7`.
pub(crate) fn decimal(out: &mut Vec<u8>, micros: i64, point_always: bool) {
    let unit = MICROS_PER_UNIT.unsigned_abs();
    let (whole, mut fraction) = (micros.unsigned_abs() / unit, micros.unsigned_abs() % unit);
    if micros < 0 {
        out.push(b'-');
    }
    out.extend_from_slice(itoa::Buffer::new().format(whole).as_bytes());
    if fraction == 0 {
        if point_always {
            out.extend_from_slice(b".0");
        }
        return;
    }
    out.push(b'.');
    // Hundredths are what almost all prices have.
    if fraction % 10_000 == 0
        && let Ok(hundredths) = u8::try_from(fraction / 10_000)
    {
        out.push(b'0' + hundredths / 10);
        if !hundredths.is_multiple_of(10) {
            out.push(b'0' + hundredths % 10);
        }
        return;
    }
    let mut place = unit;
    while fraction > 0 {
        place /= 10;
        let digit = u8::try_from(fraction / place).unwrap_or(0);
        out.push(b'0' + digit);
        fraction %= place;
    }
}

/// A JSON string with its quotes, escaped as Json.NET does.
pub(crate) fn json_text(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    escape(out, text, |c| match c {
        '"' => Some(Escape::Fixed("\\\"")),
        '\\' => Some(Escape::Fixed("\\\\")),
        '\u{8}' => Some(Escape::Fixed("\\b")),
        '\t' => Some(Escape::Fixed("\\t")),
        '\n' => Some(Escape::Fixed("\\n")),
        '\u{c}' => Some(Escape::Fixed("\\f")),
        '\r' => Some(Escape::Fixed("\\r")),
        '\0'..='\u{1f}' => Some(Escape::Unicode(c)),
        '\u{85}' | '\u{2028}' | '\u{2029}' => Some(Escape::Unicode(c)),
        _ => None,
    });
    out.push(b'"');
}

/// The text of an XML element. What XML cannot carry becomes U+FFFD; a carriage return is written as a reference, as a
/// reader would take it for a line feed.
pub(crate) fn xml_text(out: &mut Vec<u8>, text: &str) {
    escape(out, text, |c| match c {
        '<' => Some(Escape::Fixed("&lt;")),
        '>' => Some(Escape::Fixed("&gt;")),
        '&' => Some(Escape::Fixed("&amp;")),
        '\r' => Some(Escape::Fixed("&#xD;")),
        '\t' | '\n' => None,
        '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => Some(Escape::Fixed("\u{fffd}")),
        _ => None,
    });
}

enum Escape {
    Fixed(&'static str),
    Unicode(char),
}

fn escape(out: &mut Vec<u8>, text: &str, escaped: impl Fn(char) -> Option<Escape>) {
    // Letters, digits and most of the rest of ASCII stand for themselves in both formats.
    let plain = |b: u8| matches!(b, b' '..=b'~') && !matches!(b, b'"' | b'\\' | b'<' | b'>' | b'&');
    if text.bytes().all(plain) {
        out.extend_from_slice(text.as_bytes());
        return;
    }
    let mut utf8 = [0; 4];
    for c in text.chars() {
        match escaped(c) {
            None => out.extend_from_slice(c.encode_utf8(&mut utf8).as_bytes()),
            Some(Escape::Fixed(escape)) => out.extend_from_slice(escape.as_bytes()),
            Some(Escape::Unicode(c)) => {
                out.extend_from_slice(format!("\\u{:04x}", u32::from(c)).as_bytes());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_have_no_trailing_zeros() {
        for (micros, json, xml) in [
            (7_000_000, "7.0", "7"),
            (3_100_000, "3.1", "3.1"),
            (0, "0.0", "0"),
            (-1, "-0.000001", "-0.000001"),
            (50_000, "0.05", "0.05"),
            (-999_999_999_999_999, "-999999999.999999", "-999999999.999999"),
        ] {
            for (point_always, expected) in [(true, json), (false, xml)] {
                let mut out = Vec::new();
                decimal(&mut out, micros, point_always);
                assert_eq!(String::from_utf8(out).unwrap(), expected);
            }
        }
    }

    #[test]
    fn an_absent_decimal_is_written_as_was_chosen() {
        for (format, null_decimals, expected) in [
            (BodyFormat::Json, NullDecimals::Omit, r#""W":null,"X":1.0"#),
            (BodyFormat::Json, NullDecimals::Zero, r#""W":null,"X":1.0"#),
            (BodyFormat::Xml, NullDecimals::Omit, "<X>1</X>"),
            (BodyFormat::Xml, NullDecimals::Nil, "<W xsi:nil=\"true\" /><X>1</X>"),
            (BodyFormat::Xml, NullDecimals::Zero, "<W>0</W><X>1</X>"),
        ] {
            let mut out = Vec::new();
            Encoder::new(&mut out, format, null_decimals)
                .optional_decimal("W", None)
                .optional_decimal("X", Some(1_000_000));
            assert_eq!(String::from_utf8(out).unwrap(), expected);
        }
    }

    #[test]
    fn texts_are_escaped_as_the_original_does() {
        for (text, json, xml) in [
            ("plain /'", r#""plain /'""#, "plain /'"),
            ("a\"b\\c", r#""a\"b\\c""#, "a\"b\\c"),
            ("<&>", r#""<&>""#, "&lt;&amp;&gt;"),
            ("\t\n\r\u{8}\u{c}", r#""\t\n\r\b\f""#, "\t\n&#xD;\u{fffd}\u{fffd}"),
            ("\0\u{b}\u{1f}", r#""\u0000\u000b\u001f""#, "\u{fffd}\u{fffd}\u{fffd}"),
            (
                "\u{7f}\u{85}\u{2028}\u{2029}é€😀",
                "\"\u{7f}\\u0085\\u2028\\u2029é€😀\"",
                "\u{7f}\u{85}\u{2028}\u{2029}é€😀",
            ),
            ("\u{ffff}", "\"\u{ffff}\"", "\u{fffd}"),
        ] {
            let (mut j, mut x) = (Vec::new(), Vec::new());
            json_text(&mut j, text);
            xml_text(&mut x, text);
            assert_eq!(String::from_utf8(j).unwrap(), json);
            assert_eq!(String::from_utf8(x).unwrap(), xml);
        }
    }
}
