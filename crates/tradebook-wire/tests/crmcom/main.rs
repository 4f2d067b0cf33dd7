//! The wire format of purchase customer events: documents, and properties of readers and writer.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod documents;
mod events;
mod properties;
