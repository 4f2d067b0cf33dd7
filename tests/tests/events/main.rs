//! Purchase customer events over the real binary.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "what is not as expected stops the test"
)]

mod access;
mod book;
mod browser;
mod calls;
mod differential;
mod documents;
mod secrets;
mod streaming;
mod truth_table;
