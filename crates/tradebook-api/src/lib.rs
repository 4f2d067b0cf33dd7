#![doc = include_str!("../README.md")]

mod blocking;
mod body;
mod books;
mod caliq;
mod clock;
mod conditional;
mod crmcom;
mod images;
mod keys;
mod limits;
mod metrics;
mod observe;
mod operations;
mod service;
mod sessions;
mod shown;
mod state;
pub mod transfer;
mod valomnia;

pub use books::{Book, BookFault};
pub use clock::Clock;
pub use images::ImagesError;
pub use limits::Limits;
pub use metrics::Metrics;
pub use observe::RequestId;
pub use service::{ServeError, ServeOptions, configure, openapi, run};
pub use state::AppState;
