//! The file names of images.

use std::fmt;
use std::str::FromStr;

use crate::ModelError;

/// The file name of a stored image: a random number, `_`, and what is left of the name it came with:
/// `1471338230737_logo_color_272x92dp.png`.
///
/// At most 200 characters of ASCII letters, digits, `_`, `-` and `.`, beginning with a digit: no path, and nothing that has
/// to be escaped in an address.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ImageName(Box<str>);

impl ImageName {
    /// The greatest number of characters.
    pub const MAX_CHARS: usize = 200;
    /// How much of the original name is kept.
    const MAX_STEM: usize = 100;

    /// A name from a random number, the name that the client gave, which may be anything, and the extension that belongs to
    /// the content (`png`).
    pub fn new(number: u64, original: &str, extension: &str) -> Result<Self, ModelError> {
        let file = original.rsplit(['/', '\\']).next().unwrap_or_default();
        let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
        let stem: String = stem
            .chars()
            .take(Self::MAX_STEM)
            .map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' })
            .collect();
        let stem = if stem.is_empty() { "image" } else { &stem };
        format!("{number}_{stem}.{extension}").parse()
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ImageName {
    type Err = ModelError;

    fn from_str(text: &str) -> Result<Self, ModelError> {
        let what = "the image's name";
        let length = text.chars().count();
        if length > Self::MAX_CHARS {
            return Err(ModelError::TooLong { what, length, max: Self::MAX_CHARS });
        }
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        if !text.starts_with(|c: char| c.is_ascii_digit()) || !text.chars().all(allowed) {
            return Err(ModelError::unreadable(text, "the name of an image"));
        }
        Ok(Self(text.into()))
    }
}

impl fmt::Display for ImageName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_nowhere() {
        for (original, name) in [
            ("logo_color_272x92dp.png", "7_logo_color_272x92dp.png"),
            ("../../etc/passwd", "7_passwd.png"),
            ("C:\\temp\\é logo.jpeg", "7___logo.png"),
            ("", "7_image.png"),
            (".png", "7_image.png"),
        ] {
            assert_eq!(ImageName::new(7, original, "png").unwrap().as_str(), name, "{original}");
        }
        let long = ImageName::new(u64::MAX, &"x".repeat(5000), "jpg").unwrap();
        assert!(long.as_str().len() <= ImageName::MAX_CHARS);
        for text in ["", "x.png", "1/2.png", "1_..\\x", "1_é.png", "1_a b"] {
            assert!(text.parse::<ImageName>().is_err(), "{text}");
        }
    }
}
