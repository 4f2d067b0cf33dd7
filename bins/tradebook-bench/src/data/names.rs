//! Customers to search among.

use std::io::Write as _;
use std::path::PathBuf;

use super::random::Random;
use super::{csv, customer};
use crate::BenchError;

/// An import folder: many customers with names of two invented words and a number.
#[derive(Debug, clap::Args)]
pub(crate) struct Names {
    /// The folder, which is created if it is missing.
    folder: PathBuf,
    /// Customers, with ids from 1.
    #[arg(long, value_name = "N")]
    customers: u32,
}

/// Letters as unevenly spread as those of a language.
const CONSONANTS: &[u8] = b"bbbccddddffgghjklllmmmnnnnnpprrrrrsssssttttttvwxz";
const VOWELS: &[u8] = b"aaaaeeeeeeiiiiooouuy";

pub(crate) fn write(arguments: &Names) -> Result<(), BenchError> {
    csv(
        &arguments.folder,
        "customers.csv",
        "reference,id,name,email,billing_city,billing_country",
        |out| {
            for id in 1..=arguments.customers {
                let mut random = Random::new(u64::from(id));
                let (first, second, city) =
                    (word(&mut random), word(&mut random), word(&mut random));
                let number = random.below(1000);
                writeln!(
                    out,
                    "{},{id},{first} {second} {number},office@{second}.example,{city},FR",
                    customer(id)
                )?;
            }
            Ok(())
        },
    )
}

fn word(random: &mut Random) -> String {
    (0..random.between(4, 8))
        .map(|place| {
            let letters =
                if (place + random.below(3)).is_multiple_of(2) { CONSONANTS } else { VOWELS };
            let letter = char::from(letter(letters, random));
            if place == 0 { letter.to_ascii_uppercase() } else { letter }
        })
        .collect()
}

fn letter(letters: &[u8], random: &mut Random) -> u8 {
    let place = random.below(u32::try_from(letters.len()).unwrap_or_default());
    usize::try_from(place).ok().and_then(|place| letters.get(place).copied()).unwrap_or(b'e')
}
