//! From the bytes of a body to its text.

use std::borrow::Cow;

use super::Unreadable;
use super::negotiation::Charset;

const UTF8_MARK: &[u8] = b"\xEF\xBB\xBF";
const UTF16_LE_MARK: &[u8] = b"\xFF\xFE";
const UTF16_BE_MARK: &[u8] = b"\xFE\xFF";

/// The text of a JSON body: a byte order mark outranks the charset.
pub(super) fn json_text(body: &[u8], charset: Charset) -> Result<Cow<'_, str>, Unreadable> {
    if let Some(body) = body.strip_prefix(UTF8_MARK) {
        utf8(body)
    } else if let Some(body) = body.strip_prefix(UTF16_LE_MARK) {
        utf16(body, u16::from_le_bytes)
    } else if let Some(body) = body.strip_prefix(UTF16_BE_MARK) {
        utf16(body, u16::from_be_bytes)
    } else {
        match charset {
            Charset::Utf8 => utf8(body),
            Charset::Utf16 => utf16(body, u16::from_le_bytes),
        }
    }
}

/// The text of an XML body: UTF-16 only where the charset says so.
pub(super) fn xml_text(body: &[u8], charset: Charset) -> Result<Cow<'_, str>, Unreadable> {
    match charset {
        Charset::Utf8 => utf8(body.strip_prefix(UTF8_MARK).unwrap_or(body)),
        Charset::Utf16 => json_text(body, charset),
    }
}

fn utf8(body: &[u8]) -> Result<Cow<'_, str>, Unreadable> {
    std::str::from_utf8(body).map(Cow::Borrowed).map_err(|error| {
        let valid = body.get(..error.valid_up_to()).unwrap_or_default();
        let text = String::from_utf8_lossy(valid);
        Unreadable::at(&text, text.len(), "a byte that is not UTF-8")
    })
}

fn utf16(body: &[u8], unit: fn([u8; 2]) -> u16) -> Result<Cow<'static, str>, Unreadable> {
    let (units, rest) = body.as_chunks::<2>();
    let text: String = char::decode_utf16(units.iter().copied().map(unit))
        .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect();
    if rest.is_empty() {
        Ok(Cow::Owned(text))
    } else {
        Err(Unreadable::at(&text, text.len(), "half a UTF-16 unit at the end"))
    }
}
