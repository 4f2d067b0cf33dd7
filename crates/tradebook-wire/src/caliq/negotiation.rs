//! Which format a body is read in, and which one the answer is written in.
//!
//! The two tables are those of ASP.NET Web API 2 with its JSON and XML formatters, in that order. An `Accept` header
//! that cannot be met is never an error.

use std::borrow::Cow;

/// The two ways in which a body can be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BodyFormat {
    /// JSON, as Json.NET writes and reads it.
    Json,
    /// XML, as .NET's `XmlSerializer` writes and reads it.
    Xml,
}

impl BodyFormat {
    /// What stands between two of a list.
    pub const fn separator(self) -> &'static [u8] {
        match self {
            Self::Json => b",",
            Self::Xml => b"",
        }
    }
}

/// In which encoding the request says that its body is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Charset {
    /// UTF-8, also where the request names none or one that is not known.
    #[default]
    Utf8,
    /// UTF-16, little-endian unless a byte order mark says otherwise.
    Utf16,
}

/// What is to be done with the body of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RequestFormat {
    /// Read it.
    Body {
        /// As what.
        format: BodyFormat,
        /// In which encoding.
        charset: Charset,
    },
    /// There is none, which is a request without an `apiKey`.
    Empty,
    /// Answer 415.
    Unsupported {
        /// The `Message` of the answer.
        message: String,
    },
}

/// The media type of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MediaType {
    /// `application/json`
    ApplicationJson,
    /// `text/json`
    TextJson,
    /// `application/xml`
    ApplicationXml,
    /// `text/xml`
    TextXml,
}

impl MediaType {
    /// All of them, in the order in which they are tried.
    pub const ALL: [Self; 4] =
        [Self::ApplicationJson, Self::TextJson, Self::ApplicationXml, Self::TextXml];

    /// The `Content-Type` of the answer, which is always in UTF-8.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::ApplicationJson => "application/json; charset=utf-8",
            Self::TextJson => "text/json; charset=utf-8",
            Self::ApplicationXml => "application/xml; charset=utf-8",
            Self::TextXml => "text/xml; charset=utf-8",
        }
    }

    /// JSON or XML.
    pub const fn format(self) -> BodyFormat {
        match self {
            Self::ApplicationJson | Self::TextJson => BodyFormat::Json,
            Self::ApplicationXml | Self::TextXml => BodyFormat::Xml,
        }
    }

    const fn parts(self) -> (&'static str, &'static str) {
        match self {
            Self::ApplicationJson => ("application", "json"),
            Self::TextJson => ("text", "json"),
            Self::ApplicationXml => ("application", "xml"),
            Self::TextXml => ("text", "xml"),
        }
    }
}

/// Decides from the `Content-Type` header how the body of a request is read.
pub fn request_format(content_type: Option<&str>, has_body: bool) -> RequestFormat {
    if !has_body {
        return RequestFormat::Empty;
    }
    let Some(range) = content_type.and_then(single_range) else {
        return RequestFormat::Unsupported {
            message:
                "The request contains an entity body but no Content-Type header. The inferred \
                      media type 'application/octet-stream' is not supported for this resource."
                    .into(),
        };
    };
    let format = if range.matches(MediaType::ApplicationJson).is_some() {
        // Also `*/*` and `application/*`: the first formatter takes them.
        BodyFormat::Json
    } else if let Some(media) = MediaType::ALL.into_iter().find(|m| range.matches(*m).is_some()) {
        media.format()
    } else {
        return RequestFormat::Unsupported {
            message: format!(
                "The request entity's media type '{}/{}' is not supported for this resource.",
                range.kind, range.subtype
            ),
        };
    };
    let utf16 = range.parameters.iter().any(|(name, value)| {
        name.eq_ignore_ascii_case("charset") && value.eq_ignore_ascii_case("utf-16")
    });
    RequestFormat::Body { format, charset: if utf16 { Charset::Utf16 } else { Charset::Utf8 } }
}

/// Chooses the media type of an answer, be it a result or an error, from the headers `Accept`, `X-Requested-With` and
/// `Content-Type` of the request.
pub fn negotiate(
    accept: Option<&str>,
    x_requested_with: Option<&str>,
    content_type: Option<&str>,
) -> MediaType {
    let accept = accept.map(str::trim).filter(|accept| !accept.is_empty());
    let from_script =
        x_requested_with.is_some_and(|value| value.to_ascii_lowercase().contains("xmlhttprequest"));
    if from_script && accept.is_none_or(|accept| accept == "*/*") {
        return MediaType::ApplicationJson;
    }
    accept
        .and_then(ranges)
        .and_then(|ranges| best_accepted(&ranges))
        .or_else(|| {
            let range = single_range(content_type?)?;
            MediaType::ALL.into_iter().find(|media| range.matches(*media).is_some())
        })
        .unwrap_or(MediaType::ApplicationJson)
}

/// How closely an entry of `Accept` names a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Closeness {
    /// `*/*`
    Anything,
    /// `type/*`
    Family,
    /// `type/subtype`
    Literal,
}

/// A media type or a range of them, with its parameters.
#[derive(Debug)]
struct Range<'a> {
    kind: &'a str,
    subtype: &'a str,
    parameters: Vec<(&'a str, Cow<'a, str>)>,
}

impl Range<'_> {
    fn closeness(&self) -> Closeness {
        match (self.kind, self.subtype) {
            ("*", "*") => Closeness::Anything,
            (_, "*") => Closeness::Family,
            _ => Closeness::Literal,
        }
    }

    fn matches(&self, media: MediaType) -> Option<Closeness> {
        let (kind, subtype) = media.parts();
        let closeness = self.closeness();
        let matched = match closeness {
            Closeness::Anything => true,
            Closeness::Family => self.kind.eq_ignore_ascii_case(kind),
            Closeness::Literal => {
                self.kind.eq_ignore_ascii_case(kind) && self.subtype.eq_ignore_ascii_case(subtype)
            }
        };
        matched.then_some(closeness)
    }

    /// The weight in thousandths and below; one that cannot be read counts as 1.
    fn quality(&self) -> f64 {
        self.parameters
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case("q"))
            .and_then(|(_, value)| value.parse::<f64>().ok())
            .filter(|quality| (0.0..=1.0).contains(quality))
            .unwrap_or(1.0)
    }
}

/// The best match of each formatter, then the better of the two: higher weight, closer match, JSON before XML.
fn best_accepted(ranges: &[Range<'_>]) -> Option<MediaType> {
    let mut best: Option<(f64, Closeness, MediaType)> = None;
    for format in [BodyFormat::Json, BodyFormat::Xml] {
        let mut own: Option<(f64, Closeness, MediaType)> = None;
        for range in ranges {
            let quality = range.quality();
            if quality == 0.0 {
                continue;
            }
            let Some((closeness, media)) = MediaType::ALL
                .into_iter()
                .filter(|media| media.format() == format)
                .find_map(|media| range.matches(media).map(|closeness| (closeness, media)))
            else {
                continue;
            };
            if own.is_none_or(|(q, c, _)| (quality, closeness) > (q, c)) {
                own = Some((quality, closeness, media));
            }
        }
        if let Some(own) = own
            && best.is_none_or(|best| (own.0, own.1) > (best.0, best.1))
        {
            best = Some(own);
        }
    }
    best.map(|(_, _, media)| media)
}

fn single_range(header: &str) -> Option<Range<'_>> {
    let mut ranges = ranges(header)?;
    if ranges.len() == 1 { ranges.pop() } else { None }
}

/// The entries of a header, or nothing if any of them cannot be read.
fn ranges(header: &str) -> Option<Vec<Range<'_>>> {
    let mut ranges = Vec::new();
    let mut rest = header.trim_start();
    loop {
        while let Some(after) = rest.strip_prefix(',') {
            rest = after.trim_start();
        }
        if rest.is_empty() {
            return (!ranges.is_empty()).then_some(ranges);
        }
        let (range, after) = range(rest)?;
        ranges.push(range);
        rest = after.trim_start();
        if !rest.is_empty() && !rest.starts_with(',') {
            return None;
        }
    }
}

fn range(text: &str) -> Option<(Range<'_>, &str)> {
    let (kind, rest) = token(text)?;
    let (subtype, mut rest) = token(rest.trim_start().strip_prefix('/')?.trim_start())?;
    if kind == "*" && subtype != "*" {
        return None;
    }
    let mut parameters = Vec::new();
    while let Some(after) = rest.trim_start().strip_prefix(';') {
        let after = after.trim_start();
        if after.is_empty() || after.starts_with([';', ',']) {
            rest = after;
            continue;
        }
        let (name, after) = token(after)?;
        let (value, after) = match after.trim_start().strip_prefix('=') {
            Some(after) => value(after.trim_start())?,
            None => (Cow::Borrowed(""), after),
        };
        parameters.push((name, value));
        rest = after;
    }
    Some((Range { kind, subtype, parameters }, rest))
}

fn value(text: &str) -> Option<(Cow<'_, str>, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        return token(text).map(|(value, rest)| (Cow::Borrowed(value), rest));
    };
    let mut value = String::new();
    let mut chars = quoted.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((Cow::Owned(value), quoted.get(at + 1..)?)),
            '\\' => value.push(chars.next()?.1),
            c => value.push(c),
        }
    }
    None
}

fn token(text: &str) -> Option<(&str, &str)> {
    let end = text
        .find(|c: char| !c.is_ascii_alphanumeric() && !"!#$%&'*+-.^_`|~".contains(c))
        .unwrap_or(text.len());
    if end == 0 { None } else { text.split_at_checked(end) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    const JAVA: &str = "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2";

    #[test]
    fn the_answer_is_chosen_as_the_table_says() {
        let json = Some("application/json");
        let xml = Some("application/xml; charset=utf-8");
        for (accept, content_type, expected) in [
            (None, json, "application/json"),
            (None, xml, "application/xml"),
            (None, Some("text/xml"), "text/xml"),
            (None, Some("text/json"), "text/json"),
            (None, None, "application/json"),
            (None, Some("text/plain"), "application/json"),
            (Some("*/*"), xml, "application/json"),
            (Some("application/*"), xml, "application/json"),
            (Some("text/*"), xml, "text/json"),
            (Some("text/*"), json, "text/json"),
            (Some("text/xml"), json, "text/xml"),
            (Some("text/json"), xml, "text/json"),
            (Some("APPLICATION/XML"), json, "application/xml"),
            (Some("application/xml, application/json"), xml, "application/json"),
            (Some("application/json, application/xml"), xml, "application/json"),
            (Some("application/json;q=0.5, application/xml"), json, "application/xml"),
            (Some("application/xml;q=0.5, */*;q=0.8"), xml, "application/json"),
            (Some("text/xml, */*"), json, "text/xml"),
            (Some(BROWSER), json, "application/xml"),
            (Some("text/html"), json, "application/json"),
            (Some("text/html"), xml, "application/xml"),
            (Some("image/png"), xml, "application/xml"),
            (Some("application/vnd.x+json"), xml, "application/xml"),
            (Some("garbage"), xml, "application/xml"),
            (Some("garbage"), json, "application/json"),
            (Some(""), xml, "application/xml"),
            (Some("application/xml;q=0"), json, "application/json"),
            (Some("application/xml;q=0"), xml, "application/xml"),
            (Some("*/*;q=0.1, application/xml;q=0"), xml, "application/json"),
            (Some(JAVA), xml, "application/xml"),
            (Some("application/json;charset=utf-16"), xml, "application/json"),
            (Some("application/json;version=1"), xml, "application/json"),
            (Some("application/json;q=2"), xml, "application/json"),
            (Some("application/json;q=abc"), xml, "application/json"),
            (Some("application/xml;q=\"0.9\", application/json;q=0.8"), json, "application/xml"),
            (Some(", application/xml ,"), json, "application/xml"),
            (Some("application/*, application/xml"), json, "application/xml"),
            (Some("image/*, */*"), xml, "application/json"),
        ] {
            let media = negotiate(accept, None, content_type);
            assert_eq!(
                media.content_type(),
                format!("{expected}; charset=utf-8"),
                "{accept:?} {content_type:?}"
            );
        }
    }

    #[test]
    fn a_script_gets_json_unless_it_asks_for_something() {
        let xml = Some("application/xml");
        let script = Some("XMLHttpRequest");
        assert_eq!(negotiate(None, script, xml), MediaType::ApplicationJson);
        assert_eq!(negotiate(Some("*/*"), script, xml), MediaType::ApplicationJson);
        assert_eq!(negotiate(Some("text/xml"), script, xml), MediaType::TextXml);
        assert_eq!(negotiate(Some("text/html"), script, xml), MediaType::ApplicationXml);
        assert_eq!(negotiate(None, Some("other"), xml), MediaType::ApplicationXml);
    }

    #[test]
    fn the_body_is_read_as_its_content_type_says() {
        let body = |format, charset| RequestFormat::Body { format, charset };
        for (content_type, expected) in [
            ("application/json", body(BodyFormat::Json, Charset::Utf8)),
            ("TEXT/JSON", body(BodyFormat::Json, Charset::Utf8)),
            (
                "application/json;odata=verbose; charset=\"utf-16\"",
                body(BodyFormat::Json, Charset::Utf16),
            ),
            ("application/json; charset=latin1", body(BodyFormat::Json, Charset::Utf8)),
            ("application/xml; charset=utf-8;", body(BodyFormat::Xml, Charset::Utf8)),
            ("text/xml;charset=UTF-16", body(BodyFormat::Xml, Charset::Utf16)),
            ("*/*", body(BodyFormat::Json, Charset::Utf8)),
        ] {
            assert_eq!(request_format(Some(content_type), true), expected, "{content_type}");
            assert_eq!(request_format(Some(content_type), false), RequestFormat::Empty);
        }
    }

    #[test]
    fn other_content_types_are_refused_by_name() {
        for content_type in [
            "text/plain",
            "application/octet-stream",
            "application/vnd.api+json",
            "application/soap+xml",
            "application/x-www-form-urlencoded",
            "multipart/form-data",
        ] {
            assert_eq!(
                request_format(Some(&format!("{content_type}; a=b")), true),
                RequestFormat::Unsupported {
                    message: format!(
                        "The request entity's media type '{content_type}' is not supported for this resource."
                    )
                }
            );
        }
        for content_type in [None, Some("json"), Some(""), Some("a/b, c/d")] {
            let RequestFormat::Unsupported { message } = request_format(content_type, true) else {
                panic!("{content_type:?} was accepted");
            };
            assert_eq!(
                message,
                "The request contains an entity body but no Content-Type header. The inferred media \
                 type 'application/octet-stream' is not supported for this resource."
            );
        }
        assert_eq!(request_format(None, false), RequestFormat::Empty);
    }
}
