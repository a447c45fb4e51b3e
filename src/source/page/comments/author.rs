//! Names as pages write them: "Ines sagt:", "Kommentar von Ines", "by Ines on May 5".

use super::words::{BEFORE_NAMES, BEHIND_NAMES, SAYS};
use crate::text::fold_blanks;

/// The longest name, in characters.
const LONGEST: usize = 80;

/// The name in `text`, without what a page writes around it; `None` where nothing stays or too much.
#[must_use]
pub fn plain_name(text: &str) -> Option<String> {
    let mut name = fold_blanks(text);
    for before in BEFORE_NAMES {
        let cut = name.get(..before.len()).filter(|head| head.eq_ignore_ascii_case(before));
        if cut.is_some() && name.get(before.len()..).is_some_and(|rest| rest.starts_with(' ')) {
            name = name.get(before.len()..).unwrap_or("").trim().to_owned();
            break;
        }
    }
    let name = without_says(trimmed(&name));
    let n_characters = name.chars().count();
    (n_characters > 0 && n_characters <= LONGEST && name.chars().any(char::is_alphanumeric)).then(|| name.to_owned())
}

fn without_says(name: &str) -> &str {
    let behind = BEHIND_NAMES.iter().find(|mark| name.to_lowercase().ends_with(**mark));
    let name = behind
        .and_then(|_| name.rfind('('))
        .and_then(|at| name.get(..at))
        .filter(|head| !head.is_empty())
        .map_or(name, str::trim);
    for word in SAYS {
        let head = name.len().checked_sub(word.len()).and_then(|at| name.split_at_checked(at));
        let Some((head, tail)) = head else { continue };
        if tail.eq_ignore_ascii_case(word) && head.ends_with(char::is_whitespace) {
            return trimmed(head);
        }
    }
    name
}

fn trimmed(name: &str) -> &str {
    name.trim()
        .trim_end_matches([':', ',', ';', '|', '·', '•', '…', '–', '—'])
        .trim_start_matches([':', ',', '|', '·', '•', '–', '—'])
        .trim()
}

/// Whether `text` could be a name: short, few words, no sentence.
#[must_use]
pub fn is_name_like(text: &str) -> bool {
    let n_words = text.split_whitespace().count();
    (1..=6).contains(&n_words)
        && text.len() <= LONGEST
        && text.chars().any(char::is_alphabetic)
        && !text.trim_end_matches(':').contains(['?', '!', ';', ':', '/'])
        && !text.starts_with('#')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_pages_write_around_a_name_is_cut() {
        let names =
            ["Ines Probe sagt:", "Kommentar von Ines Probe", "Ines Probe, ", "by Ines Probe", "Ines Probe  says"];
        assert!(names.iter().all(|name| plain_name(name).as_deref() == Some("Ines Probe")));
        assert_eq!(plain_name("-thh").as_deref(), Some("-thh"));
        assert_eq!(plain_name("Bypass").as_deref(), Some("Bypass"));
        assert_eq!([plain_name(":"), plain_name(&"x ".repeat(90))], [None, None]);
    }
}
