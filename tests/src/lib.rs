//! Tests of Tradebook.
