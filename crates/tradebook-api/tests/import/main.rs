//! Imports and exports as a whole, on SQLite and, where `TEST_POSTGRES_URL` names a server, on PostgreSQL.

mod faults;
mod harness;
mod meaning;
mod replace;
mod round_trip;
