//! Lists of a user's own, laid over the built-in ones.
//!
//! In: files of the same names and form. Out: their rows after the built-in rows, so that a term that stands in both is
//! read as the user wrote it; and for each row that cannot be used, why. To be laid over before a list is first read:
//! lists are read once.

use super::phrase::PhrasesBuilder;
use super::table::{Row, rows};
use super::{BUILT_IN, CUE_LANGUAGES, built_in};
use crate::model::{Emotion, Touchpoint};
use std::sync::OnceLock;

static OVERLAY: OnceLock<Overlay> = OnceLock::new();

/// What a user may lay lists over, beside those of [`CUE_LANGUAGES`] only emoji and the emotions that they show.
const PURPOSES: [&str; 15] = [
    "aspects",
    "boosters",
    "care",
    "cues",
    "emotions",
    "failures",
    "feelings",
    "kinds",
    "negators",
    "occasions",
    "ordinary",
    "phases",
    "spam",
    "tone",
    "touchpoints",
];

/// What a cue of feelings may say of what stands beside it.
pub const CUE_ROLES: [&str; 8] =
    ["contrast", "outweighed", "wish", "compare", "reported", "greeting", "cancel", "flip"];

/// What a row of `occasions` may tell of.
pub const OCCASIONS: [&str; 22] = [
    "accident",
    "anniversary",
    "baby",
    "birthday",
    "child",
    "exam",
    "far",
    "farewell",
    "first_time",
    "food",
    "grief",
    "illness",
    "lost_thing",
    "loyal",
    "new_home",
    "new_job",
    "old_thing",
    "retirement",
    "staff",
    "stranded",
    "travel",
    "wedding",
];

/// The name, in lists of names, of what only looks like one.
pub const NOTHING: &str = "nothing";

/// The strongest feeling, to either side.
const MOST_WEIGHT: f32 = 3.0;

/// Lists of a user's own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Overlay {
    lists: Vec<(String, String, String)>,
    playbooks: Vec<(String, String)>,
}

impl Overlay {
    /// Adds the rows of `text` that can be used as the list for `language` and `purpose`; the others with what is
    /// wrong with them, by line.
    pub fn add(&mut self, language: &str, purpose: &str, text: &str) -> Vec<(usize, String)> {
        let mut wrong = Vec::new();
        let mut sound = String::new();
        let mut n_lines = 0;
        for row in rows(text) {
            match check(purpose, &row) {
                Ok(()) => {
                    // Each row keeps its line, by which it is told.
                    sound.extend(std::iter::repeat_n('\n', row.line - n_lines - 1));
                    n_lines = row.line;
                    // A term that begins with `#` would be a header.
                    let mark = if row.cell(0).starts_with('#') { "\\" } else { "" };
                    sound.push_str(&format!("{mark}{}\n", row.cells.join("\t")));
                }
                Err(message) => wrong.push((row.line, message)),
            }
        }
        self.lists.push((language.to_owned(), purpose.to_owned(), sound));
        wrong
    }

    /// Adds a playbook for `language`, whose mistakes `playbook` finds.
    pub fn add_playbook(&mut self, language: &str, text: String) {
        self.playbooks.push((language.to_owned(), text));
    }

    /// How many rows it holds.
    #[must_use]
    pub fn n_rows(&self) -> usize {
        self.lists.iter().map(|(_, _, text)| rows(text).count()).sum()
    }
}

/// Whether there is a list for `language` and `purpose` that a user may lay one over.
#[must_use]
pub fn is_list(language: &str, purpose: &str) -> bool {
    let is_ours = PURPOSES.contains(&purpose) && CUE_LANGUAGES.contains(&language);
    is_ours || (language == "all" && matches!(purpose, "emoji" | "emotions"))
}

/// The lists that a user may lay theirs over, as `language/purpose`.
pub fn lists() -> impl Iterator<Item = String> {
    let ours = BUILT_IN.iter().filter(|(language, purpose, _)| is_list(language, purpose));
    ours.map(|(language, purpose, _)| format!("{language}/{purpose}"))
}

/// Lays lists over the built-in ones, for the whole program and once: whether they are the first.
pub fn lay_over(overlay: Overlay) -> bool {
    OVERLAY.set(overlay).is_ok()
}

/// Every row for `language` and `purpose`, the user's after the built-in ones.
pub fn all_rows(language: &str, purpose: &str) -> impl Iterator<Item = Row<'static>> {
    let own = built_in(language, purpose).into_iter();
    let lists = OVERLAY.get().map_or(&[][..], |overlay| overlay.lists.as_slice());
    let theirs: Vec<&'static str> = lists
        .iter()
        .filter(|(of, for_what, _)| of == language && for_what == purpose)
        .map(|(_, _, text)| text.as_str())
        .collect();
    let theirs = theirs.into_iter().flat_map(rows).map(|row| Row { is_users: true, ..row });
    own.flat_map(rows).chain(theirs)
}

/// The user's playbooks for `language`.
pub fn own_playbooks(language: &str) -> impl Iterator<Item = &'static str> {
    let own = OVERLAY.get().map_or(&[][..], |overlay| overlay.playbooks.as_slice());
    own.iter().filter(move |(of, _)| of == language).map(|(_, text)| text.as_str())
}

/// What is wrong with a row of a list for `purpose`.
fn check(purpose: &str, row: &Row<'_>) -> Result<(), String> {
    if row.cell(0).is_empty() {
        return Err("the first column is empty; write the term there, and a tab after it".to_owned());
    }
    let number = |index| row.number(index).map_err(|error| without_line(&error.to_string()));
    let pattern = |index| PhrasesBuilder::default().add(row.cell(index), ()).map_err(|error| error.to_string());
    match purpose {
        "feelings" | "emoji" => weight(number(1)?),
        "failures" => pattern(0).and_then(|()| weight(number(1)?)),
        "boosters" if number(1)? <= 0.0 => Err("a factor is above 0; write one such as 1.5".to_owned()),
        "boosters" => Ok(()),
        "negators" => match row.cell(1).parse::<usize>() {
            Ok(_) => Ok(()),
            Err(_) => Err(format!("`{}` is no reach; write a number of words such as 5", row.cell(1))),
        },
        "cues" if !CUE_ROLES.contains(&row.cell(1)) => {
            Err(format!("`{}` is no role; the roles are {}", row.cell(1), CUE_ROLES.join(", ")))
        }
        "occasions" if !OCCASIONS.contains(&row.cell(0)) => {
            Err(format!("`{}` is no occasion; the occasions are {}", row.cell(0), OCCASIONS.join(", ")))
        }
        "occasions" => pattern(1),
        "aspects" | "emotions" | "touchpoints" => {
            is_known(purpose, row.cell(0))?;
            if !row.cell(2).is_empty() {
                number(2)?;
            }
            pattern(1)
        }
        "kinds" | "phases" | "care" | "tone" => {
            if !row.cell(0).contains('.') {
                return Err(format!("`{}` is no rule; write one such as wish.own", row.cell(0)));
            }
            number(1)?;
            pattern(2)
        }
        _ => Ok(()),
    }
}

/// Aspects may have new names, emotions and touchpoints have theirs.
fn is_known(purpose: &str, name: &str) -> Result<(), String> {
    let known: Vec<&str> = match purpose {
        "emotions" => Emotion::ALL.iter().map(|emotion| emotion.as_str()).collect(),
        "touchpoints" => Touchpoint::ALL.iter().map(|touchpoint| touchpoint.as_str()).collect(),
        _ => return Ok(()),
    };
    if name == NOTHING || known.contains(&name) {
        return Ok(());
    }
    Err(format!("`{name}` is no name of the list; the names are {} and {NOTHING}", known.join(", ")))
}

fn weight(weight: f32) -> Result<(), String> {
    if weight.abs() > MOST_WEIGHT {
        return Err(format!("{weight} is no weight; write one from -{MOST_WEIGHT} to {MOST_WEIGHT}"));
    }
    Ok(())
}

/// The line is told with the place.
fn without_line(message: &str) -> String {
    message.split_once(": ").map_or(message, |(_, rest)| rest).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn good_rows_are_kept_and_bad_ones_told_with_their_line() {
        let mut overlay = Overlay::default();
        let text = "# my words\nspitze\t2\nmies\tvery\n\nlame\t-9\n\\#fail\t-2\t\n";
        let wrong = overlay.add("de", "feelings", text);
        let expected = [
            (3, "`very` is no number; write one such as 1.5 or -2".to_owned()),
            (5, "-9 is no weight; write one from -3 to 3".to_owned()),
        ];
        assert_eq!(wrong, expected);
        assert_eq!(overlay.n_rows(), 2);
        assert_eq!(overlay.lists[0].2, "\nspitze\t2\n\n\n\n\\#fail\t-2\t\n", "each row keeps its line");
    }

    #[test]
    fn each_kind_of_list_has_its_rules() {
        for (purpose, row, is_sound) in [
            ("failures", "again|still not .. here\t-2", true),
            ("failures", "\t-2", false),
            ("boosters", "mega\t0", false),
            ("negators", "nimmer\tfar", false),
            ("cues", "but\tcontrast", true),
            ("cues", "but\tturn", false),
            ("kinds", "wish.own\t1.2\tbring me", true),
            ("kinds", "wish\t1.2\tbring me", false),
            ("occasions", "birthday\tnamesday", true),
            ("occasions", "borthday\tnamesday", false),
        ] {
            assert_eq!(Overlay::default().add("en", purpose, row).is_empty(), is_sound, "{row}");
        }
    }

    #[test]
    fn every_list_that_may_be_laid_over_is_known() {
        assert!(lists().count() >= 30);
        assert!(is_list("fr", "feelings") && !is_list("all", "places") && !is_list("nl", "feelings"));
    }
}
