//! The parameter `paymentTypes`: a list written as `[{"id"=7},{"id"=8}]`, with `=` or `:`, or plainly as `[7,8]`.

use tradebook_model::RecordRef;

use super::fault::Fault;
use super::record_ref;

/// How errors name the parameter.
pub(super) const NAME: &str = "payment type id";
/// The most items that a list may have.
const MOST: usize = 1000;

/// Reads a list; duplicates count once.
pub(super) fn read(text: &str, by_reference: bool) -> Result<Vec<RecordRef>, Fault> {
    let mut reader = Reader { rest: text.trim() };
    let items = reader.list().ok_or(Fault::InvalidType(NAME))?;
    let mut records = Vec::with_capacity(items.len());
    for item in items {
        let record = record_ref::read(&item, by_reference).ok_or(Fault::InvalidType(NAME))?;
        if !records.contains(&record) {
            records.push(record);
        }
    }
    Ok(records)
}

/// What is left to read. Every method returns `None` where the text is not what it should be.
struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn list(&mut self) -> Option<Vec<String>> {
        self.expect('[')?;
        let mut items = Vec::new();
        if !self.take(']') {
            loop {
                if items.len() == MOST {
                    return None;
                }
                items.push(self.item()?);
                if self.take(']') {
                    break;
                }
                self.expect(',')?;
            }
        }
        self.rest.trim().is_empty().then_some(items)
    }

    /// A value, or an object with a member `id`.
    fn item(&mut self) -> Option<String> {
        if !self.take('{') {
            return self.value();
        }
        let mut id = None;
        loop {
            let name = self.value()?;
            if !self.take('=') {
                self.expect(':')?;
            }
            let value = self.value()?;
            if name == "id" {
                id = Some(value);
            }
            if self.take('}') {
                return id;
            }
            self.expect(',')?;
        }
    }

    /// A text in quotes, or bare up to the next sign.
    fn value(&mut self) -> Option<String> {
        self.rest = self.rest.trim_start();
        for quote in ['"', '\''] {
            if let Some(inner) = self.rest.strip_prefix(quote) {
                return self.quoted(inner, quote);
            }
        }
        let end = self.rest.find(|c: char| "[]{},:=\"'".contains(c)).unwrap_or(self.rest.len());
        let (value, rest) = self.rest.split_at_checked(end)?;
        let value = value.trim();
        self.rest = rest;
        (!value.is_empty()).then(|| value.to_owned())
    }

    fn quoted(&mut self, inner: &str, quote: char) -> Option<String> {
        let mut value = String::new();
        let mut chars = inner.char_indices();
        while let Some((at, c)) = chars.next() {
            match c {
                '\\' => value.push(chars.next()?.1),
                c if c == quote => {
                    // `inner` is the end of `rest` behind the first quote.
                    let used = self.rest.len() - inner.len() + at + quote.len_utf8();
                    self.rest = self.rest.split_at_checked(used)?.1;
                    let value = value.trim().to_owned();
                    return (!value.is_empty()).then_some(value);
                }
                c => value.push(c),
            }
        }
        None
    }

    fn take(&mut self, sign: char) -> bool {
        match self.rest.trim_start().strip_prefix(sign) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn expect(&mut self, sign: char) -> Option<()> {
        self.take(sign).then_some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(ids: &[i64]) -> Result<Vec<RecordRef>, Fault> {
        Ok(ids.iter().copied().map(RecordRef::Id).collect())
    }

    #[test]
    fn both_signs_and_plain_lists_are_read() {
        for text in [
            r#"[{"id"=7},{"id"=8}]"#,
            r#"[{"id":7},{"id":8}]"#,
            r#" [ { "id" : "7" , "name" : "cash" } , { id = 8 } , {"id":7} ] "#,
            "[7, 8]",
            "['7','8']",
        ] {
            assert_eq!(read(text, false), ids(&[7, 8]), "{text}");
        }
        assert_eq!(read("[]", false), ids(&[]));
        assert_eq!(read(" [ ] ", false), ids(&[]));
        assert_eq!(
            read(r#"[{"id"="ca\"sh, late"},{"id"=cheque}]"#, true),
            Ok(vec![
                RecordRef::Reference("ca\"sh, late".into()),
                RecordRef::Reference("cheque".into())
            ])
        );
    }

    #[test]
    fn everything_else_is_a_wrong_type() {
        let long = format!("[{}]", vec!["1"; MOST + 1].join(","));
        for text in [
            "7",
            "cash",
            "{}",
            "[",
            "[7",
            "[7,]",
            "[,7]",
            "[{}]",
            "[{\"id\"}]",
            "[{\"id\"=}]",
            "[{\"name\":7}]",
            "[cash]",
            "[7.5]",
            "[[7]]",
            "[{\"id\":{}}]",
            "[7]x",
            "[\"7]",
            "[\"7\\",
            "null",
            "[\"\"]",
            long.as_str(),
        ] {
            assert_eq!(read(text, false), Err(Fault::InvalidType(NAME)), "{text}");
        }
    }
}
