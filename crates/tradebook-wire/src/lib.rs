#![doc = include_str!("../README.md")]

pub mod caliq;
pub mod crmcom;
pub mod csv;
pub mod valomnia;
