//! The tradebook command.
fn main() {}
