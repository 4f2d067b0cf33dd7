//! Imports and exports as a whole, on SQLite and, where `TEST_POSTGRES_URL` names a server, on PostgreSQL.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a harness fails its test where it fails"
)]

mod events;
mod faults;
mod harness;
mod meaning;
mod replace;
mod round_trip;
mod steps;
