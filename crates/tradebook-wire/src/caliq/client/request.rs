//! Requests as bytes.

use tradebook_model::NullDecimals;

use crate::caliq::request::members::Value;
use crate::caliq::write::{Encoder, NAMESPACES, json_text, xml_text};
use crate::caliq::{BodyFormat, MediaType, Request};

/// Writes a request as the documented samples do: lists first, no indentation.
pub fn write_request<T: Request>(media: MediaType, request: &T) -> Vec<u8> {
    let format = media.format();
    let mut out = Vec::new();
    match format {
        BodyFormat::Json => out.push(b'{'),
        BodyFormat::Xml => out.extend_from_slice(format!("<{}{NAMESPACES}>", T::ROOT).as_bytes()),
    }
    for (position, (name, value)) in request.values().into_iter().enumerate() {
        if format == BodyFormat::Json && position > 0 {
            out.push(b',');
        }
        let mut member = Encoder::new(&mut out, format, NullDecimals::Omit);
        match value {
            Value::Text(text) => {
                member.optional_text(name, text);
            }
            Value::Flag(flag) => {
                member.flag(name, flag);
            }
            Value::Int(int) => {
                member.int(name, int);
            }
            Value::Ints(ints) => {
                list(&mut out, format, name, "int", ints, |out, int| {
                    out.extend_from_slice(itoa::Buffer::new().format(*int).as_bytes());
                });
            }
            Value::Texts(texts) => {
                list(&mut out, format, name, "string", texts, |out, text| match format {
                    BodyFormat::Json => json_text(out, text),
                    BodyFormat::Xml => xml_text(out, text),
                });
            }
        }
    }
    match format {
        BodyFormat::Json => out.push(b'}'),
        BodyFormat::Xml => out.extend_from_slice(format!("</{}>", T::ROOT).as_bytes()),
    }
    out
}

fn list<V>(
    out: &mut Vec<u8>,
    format: BodyFormat,
    name: &str,
    item: &str,
    values: &[V],
    write: impl Fn(&mut Vec<u8>, &V),
) {
    match format {
        BodyFormat::Json => {
            json_text(out, name);
            out.extend_from_slice(b":[");
            for (position, value) in values.iter().enumerate() {
                if position > 0 {
                    out.push(b',');
                }
                write(out, value);
            }
            out.push(b']');
        }
        BodyFormat::Xml if values.is_empty() => {
            out.extend_from_slice(format!("<{name} />").as_bytes());
        }
        BodyFormat::Xml => {
            out.extend_from_slice(format!("<{name}>").as_bytes());
            for value in values {
                out.extend_from_slice(format!("<{item}>").as_bytes());
                write(out, value);
                out.extend_from_slice(format!("</{item}>").as_bytes());
            }
            out.extend_from_slice(format!("</{name}>").as_bytes());
        }
    }
}
