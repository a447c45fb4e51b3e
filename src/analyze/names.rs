//! The ways in which a brand may be written: one name gives several terms to look for.
//!
//! In: a [`Brand`]. Out: its [`Term`]s with the folded text of each. Nothing is looked for here.
//! Not here: words that follow a name ("Bahn-App"); borders decide those while looking.

use crate::lexicon::ordinary;
use crate::model::{Brand, EvidenceKind};
use crate::text::{fold_to_string, long_spelling, plain_spelling};
use std::collections::HashSet;

/// Names up to this many letters that are written in capitals only (`ICE`, `AA`) or in small letters only (`dm`)
/// count only as written.
const CASE_EXACT_LETTERS: usize = 3;

/// Names with at least this many letters may carry a genitive or plural `s` (`Swisscoms`, `Nikes`), may lose an
/// apostrophe or hyphen (`Mortons`, `CocaCola`), and may stand within a tag (`#DankeBahn`).
pub(super) const SUFFIX_LETTERS: usize = 4;

/// Names with at least this many letters are known with one slip of the keyboard, where the brand asks for it.
const MISSPELLED_LETTERS: usize = 7;

/// Bound on the spellings of one name.
const SPELLINGS_MOST: usize = 24;

/// A name to look for.
#[derive(Debug, Clone)]
pub(super) struct Term {
    pub(super) brand: usize,
    pub(super) kind: EvidenceKind,
    /// As the brand writes it, where it counts only so.
    pub(super) exact: Option<String>,
    /// Whether an `s` or `'s` may follow, and a capital letter within a tag begin or end it.
    pub(super) is_long: bool,
    /// Whether letters may follow: `Migrosfiliale`.
    pub(super) compounds: bool,
    /// Where this is only a part of a name that may hold a slip.
    pub(super) slip: Option<Slip>,
}

/// Part of a name: around it stands the name with one slip, or nothing of ours.
#[derive(Debug, Clone)]
pub(super) struct Slip {
    /// The whole name, folded.
    pub(super) name: String,
    /// Where the part begins in it, in bytes.
    pub(super) offset: usize,
}

/// Every term of `brand`, the `index`th, with its folded text; no text twice for one kind.
pub(super) fn terms_of(index: usize, brand: &Brand) -> Vec<(String, Term)> {
    let mut terms = Terms { index, brand, seen: HashSet::new(), list: Vec::new() };
    for (kind, name) in names_of(brand) {
        terms.add_name(kind, name.trim());
    }
    for handle in &brand.handles {
        // A bare word would be a name: a handle is addressed.
        let is_address = handle.contains(['@', '.']);
        let handle = if is_address { handle.trim().to_owned() } else { format!("@{}", handle.trim()) };
        terms.add(fold_to_string(&handle), EvidenceKind::Handle, None);
    }
    for tag in &brand.hashtags {
        let folded = fold_to_string(tag.trim());
        for spelling in [long_spelling(&folded), plain_spelling(&folded), folded] {
            terms.add(spelling, EvidenceKind::Hashtag, None);
        }
    }
    for domain in &brand.domains {
        terms.add(fold_to_string(domain.trim()), EvidenceKind::Domain, None);
    }
    for person in &brand.people {
        terms.add(fold_to_string(person.trim()), EvidenceKind::Person, None);
    }
    terms.list
}

/// Names as a person writes them, each with how it counts.
fn names_of(brand: &Brand) -> impl Iterator<Item = (EvidenceKind, &str)> {
    let name = Some((EvidenceKind::Name, brand.name.as_str())).filter(|_| !brand.query_alone);
    name.into_iter()
        .chain(brand.aliases.iter().map(|name| (EvidenceKind::Alias, name.as_str())))
        .chain(brand.exact.iter().map(|name| (EvidenceKind::Alias, name.as_str())))
        .chain(brand.products.iter().map(|name| (EvidenceKind::Product, name.as_str())))
}

struct Terms<'b> {
    index: usize,
    brand: &'b Brand,
    seen: HashSet<(String, EvidenceKind)>,
    list: Vec<(String, Term)>,
}

impl Terms<'_> {
    fn add_name(&mut self, kind: EvidenceKind, name: &str) {
        if let Some(exact) = case_exact(self.brand, name) {
            self.add(fold_to_string(exact), kind, Some(exact.to_owned()));
            return;
        }
        let folded = fold_to_string(name);
        for spelling in spellings(&folded) {
            self.add(spelling, kind, None);
        }
        // Without its dots an umlaut is another name ("Muller"), but tags are often written so.
        let bare: String = plain_spelling(&folded).chars().filter(|c| c.is_alphanumeric()).collect();
        if bare.chars().count() >= SUFFIX_LETTERS {
            self.add(format!("#{bare}"), kind, None);
        }
        if self.brand.misspellings && folded.chars().filter(|c| c.is_alphabetic()).count() >= MISSPELLED_LETTERS {
            self.add_slips(kind, &folded);
        }
    }

    fn add(&mut self, text: String, kind: EvidenceKind, exact: Option<String>) {
        if text.is_empty() || exact.is_none() && !self.seen.insert((text.clone(), kind)) {
            return;
        }
        let is_name = matches!(kind, EvidenceKind::Name | EvidenceKind::Alias | EvidenceKind::Product);
        let ends_in_letter = text.chars().next_back().is_some_and(char::is_alphabetic);
        let is_long = is_name && ends_in_letter && text.chars().filter(|c| c.is_alphabetic()).count() >= SUFFIX_LETTERS;
        let compounds = self.brand.compounds && is_name;
        self.list.push((text, Term { brand: self.index, kind, exact, is_long, compounds, slip: None }));
    }

    /// One edit leaves one half of a name whole; letters that changed places across the middle are a term of their own.
    fn add_slips(&mut self, kind: EvidenceKind, name: &str) {
        let letters: Vec<char> = name.chars().collect();
        let (first, second) = letters.split_at(letters.len() / 2);
        let (first, second): (String, String) = (first.iter().collect(), second.iter().collect());
        let offset = first.len();
        let mut crossed = letters.clone();
        crossed.swap(letters.len() / 2 - 1, letters.len() / 2);
        for (part, offset) in [(first, 0), (second, offset), (crossed.into_iter().collect(), 0)] {
            let slip = Some(Slip { name: name.to_owned(), offset });
            let term = Term { brand: self.index, kind, exact: None, is_long: true, compounds: false, slip };
            self.list.push((part, term));
        }
    }
}

/// `name` as it must stand, where only that spelling counts: `="..."`, one of `exact`, or a short one of one case.
fn case_exact<'n>(brand: &Brand, name: &'n str) -> Option<&'n str> {
    let quoted = name.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"'));
    if quoted.is_some() || brand.exact.iter().any(|exact| exact == name) {
        return quoted.or(Some(name));
    }
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    let one_case = name.chars().all(|c| !c.is_lowercase()) || name.chars().all(|c| !c.is_uppercase());
    // Nothing else is spelled `bmw` or `dhl`, so it may be written small.
    let is_abbreviation = letters == CASE_EXACT_LETTERS
        && name.chars().all(|c| c.is_ascii_alphabetic() && !"aeiouyAEIOUY".contains(c))
        && !ordinary::is_word(&fold_to_string(name), None);
    (letters <= CASE_EXACT_LETTERS && one_case && !is_abbreviation).then_some(name)
}

/// How people write a folded name, itself first: without apostrophe, hyphen and accents, with "and" for "&".
fn spellings(name: &str) -> Vec<String> {
    let mut found = vec![name.to_owned()];
    if name.chars().filter(|c| c.is_alphabetic()).count() < SUFFIX_LETTERS {
        return found;
    }
    let mut also = |old: &str, new: &str| {
        let more: Vec<String> =
            found.iter().filter(|name| name.contains(old)).map(|name| name.replace(old, new)).collect();
        let room = SPELLINGS_MOST.saturating_sub(found.len());
        found.extend(more.into_iter().take(room));
    };
    also(" & ", "&");
    also(" & ", " and ");
    also(" & ", " und ");
    also("'", "");
    also("'", "`");
    also("-", " ");
    also("-", "");
    also(" ", "-");
    also(" ", "");
    for (old, new) in [("é", "e"), ("è", "e"), ("ê", "e"), ("ë", "e"), ("á", "a"), ("à", "a"), ("â", "a"), ("ç", "c")]
    {
        also(old, new);
    }
    for (old, new) in [("í", "i"), ("ï", "i"), ("ó", "o"), ("ô", "o"), ("ñ", "n"), ("ø", "o"), ("å", "a"), ("ú", "u")]
    {
        also(old, new);
    }
    also("ä", "ae");
    also("ö", "oe");
    also("ü", "ue");
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, expected: &[&str], not_expected: &[&str]) {
        let brand = serde_json::json!({ "id": "b", "name": name });
        let brand: Brand = serde_json::from_value(brand).expect("a brand");
        let found: Vec<String> = terms_of(0, &brand).into_iter().map(|(text, _)| text).collect();
        assert!(expected.iter().all(|text| found.iter().any(|have| have == text)), "{found:?}");
        assert!(not_expected.iter().all(|text| found.iter().all(|have| have != text)), "{found:?}");
    }

    #[test]
    fn one_name_has_several_spellings() {
        check("Morton's", &["morton's", "mortons", "#mortons"], &["morton"]);
        check("Coca-Cola", &["coca-cola", "coca cola", "cocacola"], &[]);
        check("Marks & Spencer", &["marks and spencer", "marks&spencer"], &[]);
        check("Müller", &["müller", "mueller", "#muller"], &["muller"]);
        check("Nestlé", &["nestlé", "nestle"], &[]);
    }

    #[test]
    fn a_name_of_many_marks_has_a_bounded_number_of_spellings() {
        assert!(spellings("a-b é-ä 'c-d é ö & é-ü e f g h").len() <= SPELLINGS_MOST);
    }
}
