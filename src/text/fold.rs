//! Folding: what a person reads as the same word becomes the same bytes.

use icu_casemap::CaseMapper;
use std::ops::Range;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::compose;

/// A folded text that knows where each of its bytes came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folded {
    /// Case folded (`ß` becomes `ss`), compatibility forms resolved (full-width letters become plain ones),
    /// curly apostrophes straight, soft hyphens and zero-width characters gone. Umlauts and accents stay.
    pub text: String,
    /// For each byte of `text`: where its character starts in the original. `None` where the two are the same.
    starts: Option<Vec<u32>>,
    original_len: usize,
}

impl Folded {
    /// The bytes of the original that `range` of the folded text came from.
    #[must_use]
    pub fn original(&self, range: Range<usize>) -> Range<usize> {
        let Some(starts) = &self.starts else { return range };
        let at = |index: usize| starts.get(index).map_or(self.original_len, |start| *start as usize);
        at(range.start)..at(range.end)
    }
}

/// More marks than this on one letter are a flood ("zalgo"), and none of them counts.
const MARKS_MOST: usize = 2;

/// Folds `text` and remembers where each byte came from.
#[must_use]
pub fn fold(text: &str) -> Folded {
    if text.is_ascii() {
        return Folded { text: text.to_ascii_lowercase(), starts: None, original_len: text.len() };
    }
    let mut starts = Vec::with_capacity(text.len() + 8);
    let folded = fold_each(text, |start, len| starts.resize(len, u32::try_from(start).unwrap_or(u32::MAX)));
    Folded { text: folded, starts: Some(starts), original_len: text.len() }
}

/// Folds `text` where nobody asks for the offsets.
#[must_use]
pub fn fold_to_string(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    fold_each(text, |_, _| {})
}

/// Folds letter by letter; `done` hears where each one starts and how long the folded text then is.
fn fold_each(text: &str, mut done: impl FnMut(usize, usize)) -> String {
    let mut folded = String::with_capacity(text.len() + 8);
    let is_plain = !text.bytes().any(leads_to_marks_or_look_alikes);
    if is_plain {
        for (start, character) in text.char_indices() {
            push_folded(&mut folded, character);
            done(start, folded.len());
        }
        return folded;
    }
    let mut word_end = 0;
    let mut is_disguised = false;
    let mut characters = text.char_indices().peekable();
    while let Some((start, character)) = characters.next() {
        if start >= word_end && character.is_alphanumeric() {
            let word = first_word(text.get(start..).unwrap_or(""));
            (word_end, is_disguised) = (start + word.len(), is_disguised_word(word));
        }
        let seen = if is_disguised && start < word_end { look_alike(character) } else { None };
        let mut letter = seen.unwrap_or(character);
        let mut n_marks = 0;
        while let Some((_, mark)) = characters.next_if(|(_, next)| is_mark(*next)) {
            n_marks += 1;
            letter = compose(letter, mark).filter(|_| n_marks <= MARKS_MOST).unwrap_or(letter);
        }
        let bare = if n_marks > MARKS_MOST { seen.unwrap_or(character) } else { letter };
        if !is_mark(bare) {
            push_folded(&mut folded, bare);
        }
        done(start, folded.len());
    }
    folded
}

/// Whether `byte` begins a combining mark, a Greek or a Cyrillic letter in UTF-8.
fn leads_to_marks_or_look_alikes(byte: u8) -> bool {
    matches!(byte, 0xcc..=0xd4)
}

fn is_mark(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36f}')
}

fn first_word(text: &str) -> &str {
    let is_inside = |c: char| c.is_alphanumeric() || is_mark(c);
    text.split_once(|c: char| !is_inside(c)).map_or(text, |(word, _)| word)
}

/// Whether `folded` holds a word of Latin letters with Greek or Cyrillic ones among them that look the same.
#[must_use]
pub fn is_disguised(folded: &str) -> bool {
    folded.bytes().any(leads_to_marks_or_look_alikes)
        && folded.split(|c: char| !c.is_alphanumeric()).any(is_disguised_word)
}

/// A word with Latin letters, and with foreign ones each of which could be a Latin one.
fn is_disguised_word(word: &str) -> bool {
    let is_foreign = |c: char| matches!(c, '\u{370}'..='\u{52f}');
    let has_latin = word.chars().any(|c| c.is_ascii_alphabetic());
    let mut foreign = word.chars().filter(|c| is_foreign(*c)).peekable();
    has_latin && foreign.peek().is_some() && foreign.all(|c| look_alike(c).is_some())
}

/// The Latin letter that a Greek or Cyrillic one looks like.
fn look_alike(character: char) -> Option<char> {
    let latin = match character {
        'а' | 'А' | 'α' | 'Α' => 'a',
        'В' | 'Β' | 'β' => 'b',
        'с' | 'С' => 'c',
        'ԁ' => 'd',
        'е' | 'Е' | 'ε' | 'Ε' => 'e',
        'һ' | 'Н' | 'Η' => 'h',
        'і' | 'І' | 'ι' | 'Ι' => 'i',
        'ј' | 'Ј' => 'j',
        'к' | 'К' | 'κ' | 'Κ' => 'k',
        'ӏ' | 'Ӏ' => 'l',
        'м' | 'М' | 'Μ' => 'm',
        'Ν' | 'η' => 'n',
        'о' | 'О' | 'ο' | 'Ο' => 'o',
        'р' | 'Р' | 'ρ' | 'Ρ' => 'p',
        'ԛ' => 'q',
        'ѕ' | 'Ѕ' => 's',
        'т' | 'Т' | 'τ' | 'Τ' => 't',
        'υ' => 'u',
        'ν' => 'v',
        'ԝ' | 'ω' => 'w',
        'х' | 'Х' | 'χ' | 'Χ' => 'x',
        'у' | 'У' | 'Υ' => 'y',
        'Ζ' => 'z',
        _ => return None,
    };
    Some(latin)
}

/// Appends what `character` folds to, as in [`fold`].
pub fn push_folded(folded: &mut String, character: char) {
    match character {
        _ if character.is_ascii() => folded.push(character.to_ascii_lowercase()),
        // Invisible inside words: soft hyphen, zero-width space and joiners, word joiner, byte order mark; and what
        // turns the direction of reading.
        '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' => {}
        '\u{2066}'..='\u{2069}' | '\u{feff}' => {}
        '\u{2018}'..='\u{201b}' | '\u{2032}' | '\u{02bc}' | '\u{00b4}' if character != '\u{201a}' => folded.push('\''),
        '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' => folded.push(' '),
        '\u{2010}' | '\u{2011}' => folded.push('-'),
        'ß' | 'ẞ' => folded.push_str("ss"),
        // The common letters of our five languages need no table.
        'À'..='Þ' if character != '×' => folded.extend(character.to_lowercase()),
        'à'..='ÿ' => folded.push(character),
        _ => {
            let mut buffer = [0_u8; 4];
            let compatible: String = character.encode_utf8(&mut buffer).nfkc().collect();
            folded.push_str(&CaseMapper::new().fold_string(&compatible));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_alike_folds_alike() {
        assert_eq!(fold_to_string("STRASSE"), fold_to_string("Straße"));
        assert_eq!(fold_to_string("Morton’s"), "morton's");
        assert_eq!(fold_to_string("Ｍorton\u{ad}s"), "mortons");
        assert_eq!(fold_to_string("ZÜRICH"), "zürich");
    }

    #[test]
    fn what_is_disguised_reads_as_it_looks() {
        assert_eq!(fold_to_string("Mоrtоns"), "mortons", "Cyrillic о");
        assert_eq!(fold_to_string("Μοrton"), "morton", "Greek Μ and ο");
        assert_eq!(fold_to_string("Москва"), "москва", "a word of its own script stays");
        assert_eq!(fold_to_string("M\u{202e}ort\u{200b}ons"), "mortons");
        assert!(is_disguised("in mоscow") && !is_disguised("in москва, moscow"));
    }

    #[test]
    fn marks_are_composed_and_floods_of_them_dropped() {
        assert_eq!(fold_to_string("Ko\u{308}ln"), "köln");
        assert_eq!(fold_to_string("M\u{336}o\u{336}rton"), "morton", "struck out");
        let flood: String =
            "Morton".chars().flat_map(|c| std::iter::once(c).chain("\u{301}\u{302}\u{303}".chars())).collect();
        let folded = fold(&flood);
        assert_eq!(folded.text, "morton");
        assert_eq!(folded.original(0..6), 0..flood.len());
    }

    #[test]
    fn a_folded_span_leads_back_to_the_words() {
        let text = "Die Straße heißt Müh\u{ad}le";
        let folded = fold(text);
        let start = folded.text.find("mühle").expect("folded word");
        let span = folded.original(start..start + "mühle".len());
        assert_eq!(text.get(span), Some("Müh\u{ad}le"));
    }

    proptest! {
        #[test]
        fn spans_stay_on_character_borders(text in "\\PC{0,60}") {
            let folded = fold(&text);
            prop_assert_eq!(&folded.text, &fold_to_string(&text));
            for (start, character) in folded.text.char_indices() {
                let span = folded.original(start..start + character.len_utf8());
                prop_assert!(text.get(span).is_some());
            }
        }
    }
}
