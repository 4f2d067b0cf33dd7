//! Purchase events: found, filtered, paged, told; and the tokens that open them.

mod book;
mod plans;
mod queries;
mod tokens;
