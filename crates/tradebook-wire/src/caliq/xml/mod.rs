//! Requests in XML.

mod bind;
mod reader;

pub(super) use bind::bind;
pub(super) use reader::{Element, XmlEvent, XmlReader};
