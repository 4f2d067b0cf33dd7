//! A run of objects or elements, which may turn out to be empty.

use crate::caliq::BodyFormat;

/// What the root element of every XML document declares, in this order.
pub(crate) const NAMESPACES: &str = " xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\" \
                                      xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"";

/// The brackets around a run, and whether anything is between them yet.
#[derive(Debug)]
pub(crate) struct Repeated {
    format: BodyFormat,
    element: &'static str,
    any: bool,
}

impl Repeated {
    pub(crate) fn new(format: BodyFormat, element: &'static str) -> Self {
        Self { format, element, any: false }
    }

    /// Opens the run: `json` in JSON, the element without its `>` in XML.
    pub(crate) fn open(&mut self, out: &mut Vec<u8>, json: &str, attributes: &str) {
        self.any = false;
        match self.format {
            BodyFormat::Json => out.extend_from_slice(json.as_bytes()),
            BodyFormat::Xml => {
                out.push(b'<');
                out.extend_from_slice(self.element.as_bytes());
                out.extend_from_slice(attributes.as_bytes());
            }
        }
    }

    /// What comes before the first one of the run, unless there was one: whether that was so.
    pub(crate) fn begin(&mut self, out: &mut Vec<u8>) -> bool {
        let is_first = !self.any;
        if is_first {
            self.before(out);
        }
        is_first
    }

    /// What comes before the next one of the run.
    pub(crate) fn before(&mut self, out: &mut Vec<u8>) {
        match (self.format, self.any) {
            (BodyFormat::Json, true) => out.push(b','),
            (BodyFormat::Xml, false) => out.push(b'>'),
            (BodyFormat::Json, false) | (BodyFormat::Xml, true) => {}
        }
        self.any = true;
    }

    /// Closes the run: `json` in JSON, the end of the element in XML.
    pub(crate) fn close(&mut self, out: &mut Vec<u8>, json: &str) {
        match self.format {
            BodyFormat::Json => out.extend_from_slice(json.as_bytes()),
            BodyFormat::Xml if self.any => end(out, self.element),
            BodyFormat::Xml => out.extend_from_slice(b" />"),
        }
    }
}

/// `{` or `<element>`
pub(crate) fn begin_object(out: &mut Vec<u8>, format: BodyFormat, element: &str) {
    match format {
        BodyFormat::Json => out.push(b'{'),
        BodyFormat::Xml => {
            out.push(b'<');
            out.extend_from_slice(element.as_bytes());
            out.push(b'>');
        }
    }
}

/// `}` or `</element>`
pub(crate) fn end_object(out: &mut Vec<u8>, format: BodyFormat, element: &str) {
    match format {
        BodyFormat::Json => out.push(b'}'),
        BodyFormat::Xml => end(out, element),
    }
}

fn end(out: &mut Vec<u8>, element: &str) {
    out.extend_from_slice(b"</");
    out.extend_from_slice(element.as_bytes());
    out.push(b'>');
}
