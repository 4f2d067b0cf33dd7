//! Writing events into a buffer that is drained as it fills.

use tradebook_model::{PurchaseEvent, TimeZone};

use super::FieldsSet;
use super::envelope::{AFTER_DATA, BEFORE_DATA, succeeded};
use super::event_fields::Shown;
use super::json::Object;

/// Writes an answer with events, one by one: memory does not grow with their number.
///
/// The bytes that [`EventWriter::begin`], [`EventWriter::event`] and [`EventWriter::end`] append are one JSON document.
#[derive(Debug, Clone)]
pub struct EventWriter {
    fields: FieldsSet,
    zone: TimeZone,
    first: bool,
}

impl EventWriter {
    /// A writer of these members, with dates in the organization's time zone.
    pub const fn new(fields: FieldsSet, zone: TimeZone) -> Self {
        Self { fields, zone, first: true }
    }

    /// Begins a list.
    pub fn begin(&mut self, out: &mut Vec<u8>) {
        self.first = true;
        out.extend_from_slice(BEFORE_DATA);
        out.push(b'[');
    }

    /// Adds an event to the list.
    pub fn event(&mut self, out: &mut Vec<u8>, event: &PurchaseEvent) {
        if !std::mem::take(&mut self.first) {
            out.push(b',');
        }
        self.object(out, event);
    }

    /// Ends the list.
    pub fn end(self, out: &mut Vec<u8>) {
        out.push(b']');
        out.extend_from_slice(AFTER_DATA);
    }

    /// The answer with a single event.
    pub fn single(&self, event: &PurchaseEvent) -> Vec<u8> {
        succeeded(|out| self.object(out, event))
    }

    fn object(&self, out: &mut Vec<u8>, event: &PurchaseEvent) {
        let shown = Shown::new(event, &self.zone);
        let mut object = Object::begin(out);
        for field in self.fields.fields() {
            object.member(field.name, |out| (field.write)(&shown, out));
        }
        object.end();
    }
}
