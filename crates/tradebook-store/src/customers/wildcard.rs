//! Searches with `*`, and the folding that makes them blind to case.

/// The fewest characters that the index of trigrams can look for.
const TRIGRAM: usize = 3;
/// The longest text of a search. No stored text is as long.
const MAX_CHARS: usize = 300;

/// A text without its case: every character in upper and then in lower case, so that `STRASSE` is found by `straße`, and
/// the three forms of sigma are one. Does not depend on the language or on the characters around.
pub(crate) fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.chars().flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect()
}

/// A search for texts: `*` stands for any run of characters, none included, and every other character for itself, whatever
/// its case. Without a `*` the whole text must be the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wildcard {
    /// What must be found, in order: before the first `*`, between any two, after the last. Folded.
    parts: Vec<String>,
}

impl Wildcard {
    /// Reads a search; there is no text that is not one.
    pub fn new(text: &str) -> Self {
        let parts: Vec<&str> = text.split('*').collect();
        let last = parts.len() - 1;
        Self {
            parts: parts
                .into_iter()
                .enumerate()
                // Several `*` in a row are one.
                .filter(|(place, part)| *place == 0 || *place == last || !part.is_empty())
                .map(|(_, part)| fold(part))
                .collect(),
        }
    }

    /// Whether a text is found.
    pub fn matches(&self, text: &str) -> bool {
        let text = fold(text);
        let [first, rest @ ..] = self.parts.as_slice() else { return false };
        let [middle @ .., last] = rest else { return text == *first };
        let Some(mut text) = text.strip_prefix(first.as_str()) else { return false };
        for part in middle {
            let Some((_, after)) = text.split_once(part.as_str()) else { return false };
            text = after;
        }
        text.ends_with(last.as_str())
    }

    /// Whether it finds every text.
    pub fn is_any(&self) -> bool {
        self.parts.len() == 2 && self.parts.iter().all(String::is_empty)
    }

    /// Whether it can find nothing that is stored: names and references are not empty, have no control characters and a
    /// greatest length.
    pub(super) fn is_hopeless(&self) -> bool {
        let length: usize = self.parts.iter().map(|part| part.chars().count()).sum();
        // Folding may lengthen a text threefold.
        length > 3 * MAX_CHARS
            || self.parts.iter().any(|part| part.chars().any(char::is_control))
            || (self.parts.len() == 1 && length == 0)
    }

    /// The pattern of `LIKE … ESCAPE '\'` for folded texts.
    pub(super) fn like(&self) -> String {
        let mut pattern = String::new();
        for (place, part) in self.parts.iter().enumerate() {
            if place > 0 {
                pattern.push('%');
            }
            for c in part.chars() {
                if matches!(c, '%' | '_' | '\\') {
                    pattern.push('\\');
                }
                pattern.push(c);
            }
        }
        pattern
    }

    /// Whether the trigrams of its parts find exactly what it finds: `*abc*`.
    pub(super) fn is_one_run(&self) -> bool {
        matches!(self.parts.as_slice(), [first, part, last]
            if first.is_empty() && last.is_empty() && part.chars().count() >= TRIGRAM)
    }

    /// The parts that are long enough for the index of trigrams, as phrases of FTS5 that all must be found; `None` where
    /// none is.
    pub(super) fn phrases(&self) -> Option<String> {
        let phrases: Vec<String> = self
            .parts
            .iter()
            .filter(|part| part.chars().count() >= TRIGRAM)
            .map(|part| format!("\"{}\"", part.replace('"', "\"\"")))
            .collect();
        (!phrases.is_empty()).then(|| phrases.join(" AND "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_is_any_run_and_all_else_itself() {
        for (search, found, not_found) in [
            ("Ref-6*", vec!["ref-6", "REF-612"], vec!["xRef-6", "Ref-"]),
            ("*ef-6", vec!["Ref-6", "ef-6"], vec!["Ref-61"]),
            ("*ef-6*", vec!["Ref-612", "ef-6"], vec!["ef6"]),
            ("a*b", vec!["ab", "aXb", "a*b"], vec!["a", "b", "abc"]),
            ("a*a", vec!["aa", "aba"], vec!["a"]),
            ("*ab*ba*", vec!["abba", "abxba"], vec!["aba"]),
            ("a%_", vec!["A%_"], vec!["axx"]),
            ("**", vec!["", "x"], vec![]),
            ("", vec![""], vec!["x"]),
            ("STRASSE", vec!["Straße"], vec![]),
            ("*ΣΑΣ", vec!["κάσας", "ΚΆΣΑΣ"], vec![]),
            ("*éa*", vec!["CRÉATION"], vec!["CREATION"]),
        ] {
            let wildcard = Wildcard::new(search);
            for text in found {
                assert!(wildcard.matches(text), "{search} finds {text}");
            }
            for text in not_found {
                assert!(!wildcard.matches(text), "{search} does not find {text}");
            }
        }
    }

    #[test]
    fn searches_are_written_for_the_database() {
        let wildcard = Wildcard::new("*5%_\\*\"Ab\"c*");
        assert_eq!(wildcard.like(), r#"%5\%\_\\%"ab"c%"#);
        assert_eq!(wildcard.phrases().as_deref(), Some("\"5%_\\\" AND \"\"\"ab\"\"c\""));
        assert!(Wildcard::new("*abc*").is_one_run() && !Wildcard::new("abc*").is_one_run());
        assert_eq!(Wildcard::new("*ab*").phrases(), None);
        assert!(Wildcard::new("a\0b").is_hopeless() && Wildcard::new("").is_hopeless());
        assert!(Wildcard::new("***").is_any() && !Wildcard::new("*a*").is_any());
    }
}
