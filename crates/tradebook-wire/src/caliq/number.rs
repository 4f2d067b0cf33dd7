//! Whole numbers and flags written as text, as both formats take them.

/// Why a value could not be read, as a sentence for the caller.
pub(super) type Fault = String;

/// `1`, ` 2 `, `+1`, `-5`.
pub(super) fn whole_number(text: &str) -> Result<i32, Fault> {
    let trimmed = text.trim();
    let digits = trimmed.strip_prefix(['+', '-']).unwrap_or(trimmed);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(not_whole(text));
    }
    trimmed.parse().map_err(|_| out_of_range(text))
}

/// That a text is no whole number.
pub(super) fn not_whole(text: &str) -> Fault {
    format!("The value '{}' is not a whole number.", shortened(text))
}

/// That a whole number has more than 32 bits.
pub(super) fn out_of_range(text: &str) -> Fault {
    format!("The number {} is not between -2147483648 and 2147483647.", shortened(text))
}

/// That a text is no flag.
pub(super) fn not_flag(text: &str) -> Fault {
    format!("The value '{}' is not true or false.", shortened(text))
}

/// That a list has more elements than are taken.
pub(super) fn too_many(max: usize) -> Fault {
    format!("The list has more than {max} elements.")
}

/// The values of a list that is written as one text: separated by `|`, empty ones left out.
pub(super) fn piped(text: &str) -> impl Iterator<Item = &str> {
    text.split('|').map(str::trim).filter(|value| !value.is_empty())
}

fn shortened(text: &str) -> String {
    let mut chars = text.chars();
    let mut start: String = chars.by_ref().take(40).collect();
    if chars.next().is_some() {
        start.push('…');
    }
    start
}
