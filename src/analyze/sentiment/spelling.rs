//! The other spelling in which people write the words of a language: without its marks.
//!
//! German umlauts become two letters, the accents of French, Spanish and Italian are left out; the Spanish ñ stays, as
//! `año` and `ano` are not the same word. Short words keep theirs: `à` is no `a`.

/// Words of fewer letters keep their accents.
const FEWEST_LETTERS: usize = 4;

/// `term` (words, patterns) as it is typed without marks; `None` where that is no other spelling.
pub(super) fn without_marks(lang: &str, term: &str) -> Option<String> {
    if term.is_ascii() {
        return None;
    }
    let plain = match lang {
        "de" => term.chars().fold(String::with_capacity(term.len()), push_umlaut),
        "fr" | "es" | "it" => without_accents(lang, term),
        _ => return None,
    };
    (plain != term).then_some(plain)
}

fn push_umlaut(mut plain: String, character: char) -> String {
    match character {
        'ä' | 'Ä' => plain.push_str("ae"),
        'ö' | 'Ö' => plain.push_str("oe"),
        'ü' | 'Ü' => plain.push_str("ue"),
        other => plain.push(other),
    }
    plain
}

fn without_accents(lang: &str, term: &str) -> String {
    let mut plain = String::with_capacity(term.len());
    let mut rest = term;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        let is_long = word.chars().count() >= FEWEST_LETTERS;
        word.chars().for_each(|letter| if is_long { push_bare(lang, letter, &mut plain) } else { plain.push(letter) });
        let n_others = after.find(char::is_alphabetic).unwrap_or(after.len());
        let (others, next) = after.split_at(n_others);
        plain.push_str(others);
        rest = next;
    }
    plain
}

fn push_bare(lang: &str, letter: char, plain: &mut String) {
    match letter {
        'ñ' if lang == "es" => plain.push('ñ'),
        'œ' => plain.push_str("oe"),
        'à' | 'á' | 'â' | 'ä' => plain.push('a'),
        'è' | 'é' | 'ê' | 'ë' => plain.push('e'),
        'ì' | 'í' | 'î' | 'ï' => plain.push('i'),
        'ò' | 'ó' | 'ô' | 'ö' => plain.push('o'),
        'ù' | 'ú' | 'û' | 'ü' => plain.push('u'),
        'ç' => plain.push('c'),
        other => plain.push(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_left_out_where_people_leave_them_out() {
        for (lang, term, expected) in [
            ("de", "übel", Some("uebel")),
            ("fr", "à bientôt", Some("à bientot")),
            ("fr", "génial*", Some("genial*")),
            ("fr", "cœur", Some("coeur")),
            ("es", "qué pequeño|enfadó", Some("qué pequeño|enfado")),
            ("es", "año", None),
            ("it", "è finita", None),
            ("it", "perché", Some("perche")),
            ("en", "naïve", None),
            ("de", "gut", None),
        ] {
            assert_eq!(without_marks(lang, term).as_deref(), expected, "{term}");
        }
    }
}
