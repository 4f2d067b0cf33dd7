//! Countries: a name or a code in, the code of ISO 3166-1 out.

use std::borrow::Cow;

use celes::Country;

/// Names in use that the standard and its usual short names do not have.
const OTHER_NAMES: [(&str, &str); 8] = [
    ("uk", "GB"),
    ("wales", "GB"),
    ("uae", "AE"),
    ("us", "US"),
    ("korea", "KR"),
    ("vietnam", "VN"),
    ("kosovo", "XK"),
    ("reunion", "RE"),
];

/// The two-letter code of a country given by code (two or three letters) or English name, without regard to case, accents
/// and punctuation. A text that names none stays as it is.
pub fn country_code(text: &str) -> Cow<'_, str> {
    let key = normalised(text);
    let with_article = format!("the{key}");
    let found = match key.len() {
        2 => Country::from_alpha2(&key),
        3 => Country::from_alpha3(&key),
        _ => Country::from_name(&key)
            .or_else(|_| Country::from_name(&with_article))
            .or_else(|_| Country::from_alias(&key)),
    };
    let code = found
        .map(|country| country.alpha2)
        .ok()
        .or_else(|| OTHER_NAMES.iter().find(|(name, _)| *name == key).map(|(_, code)| *code));
    code.map_or(Cow::Borrowed(text), Cow::Borrowed)
}

/// Lower-case letters without accents; everything else is dropped, `&` reads "and".
fn normalised(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            'a'..='z' => key.push(c),
            'A'..='Z' => key.push(c.to_ascii_lowercase()),
            '&' => key.push_str("and"),
            'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'À' | 'Á' | 'Â' | 'Ã' | 'Ä' | 'Å' => {
                key.push('a')
            }
            'ç' | 'Ç' => key.push('c'),
            'è' | 'é' | 'ê' | 'ë' | 'È' | 'É' | 'Ê' | 'Ë' => key.push('e'),
            'ì' | 'í' | 'î' | 'ï' | 'Ì' | 'Í' | 'Î' | 'Ï' => key.push('i'),
            'ñ' | 'Ñ' => key.push('n'),
            'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'Ò' | 'Ó' | 'Ô' | 'Õ' | 'Ö' => key.push('o'),
            'ù' | 'ú' | 'û' | 'ü' | 'Ù' | 'Ú' | 'Û' | 'Ü' => key.push('u'),
            _ if c.is_alphabetic() => key.push(c),
            _ => {}
        }
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_codes_become_codes() {
        for (text, code) in [
            ("FR", "FR"),
            ("fr", "FR"),
            ("FRA", "FR"),
            ("France", "FR"),
            ("FRANCE", "FR"),
            ("United Kingdom", "GB"),
            ("UK", "GB"),
            ("Great Britain", "GB"),
            ("United States", "US"),
            ("United States of America", "US"),
            ("USA", "US"),
            ("Germany", "DE"),
            ("Tunisia", "TN"),
            ("Netherlands", "NL"),
            ("The Netherlands", "NL"),
            ("Côte d'Ivoire", "CI"),
            ("Ivory Coast", "CI"),
            ("Russia", "RU"),
            ("South Korea", "KR"),
            ("Viet Nam", "VN"),
            ("Vietnam", "VN"),
            ("Czech Republic", "CZ"),
            ("Czechia", "CZ"),
            ("Bosnia & Herzegovina", "BA"),
            ("Samoa", "WS"),
            ("Niger", "NE"),
            ("Nigeria", "NG"),
            ("Turkey", "TR"),
            ("Türkiye", "TR"),
            ("New Zealand", "NZ"),
            ("Saudi Arabia", "SA"),
            ("Switzerland", "CH"),
            ("Spain", "ES"),
            ("Italy", "IT"),
            ("Belgium", "BE"),
            ("Morocco", "MA"),
            ("Algeria", "DZ"),
        ] {
            assert_eq!(country_code(text), code, "{text}");
        }
    }

    #[test]
    fn what_names_no_country_stays_as_it_is() {
        for text in ["Atlantis", "ZZ", "", "日本", "123", "QQQ"] {
            assert_eq!(country_code(text), text);
        }
    }
}
