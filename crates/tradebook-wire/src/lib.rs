#![doc = include_str!("../README.md")]

pub mod caliq;
pub mod csv;
pub mod valomnia;
