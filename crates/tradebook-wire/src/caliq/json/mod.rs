//! Requests in JSON.

mod bind;
mod lexer;

pub(super) use bind::bind;
