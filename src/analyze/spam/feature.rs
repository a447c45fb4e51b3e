//! What the weights look at: words, beginnings of words, pairs, the shape of the text.
//!
//! In: tokens. Out: each feature's name, as it stands in `lexicons/all/spam_weights.tsv`, with its tokens.
//! Linear in the text length; nothing is kept.

use crate::text::{TokenKind, Tokens};
use std::ops::Range;

/// Digits from which a run of numbers is a telephone number.
const PHONE_DIGITS: usize = 9;

/// Digits in all from which there are many.
const MANY_DIGITS: usize = 8;

/// Letters that a beginning has; words of fewer than two more have none.
const STEM_LETTERS: usize = 5;

/// Hashtags or handles from which there are many.
const MANY: usize = 4;

/// Calls `see` with the name and the tokens of each feature of `tokens`; a name may come more than once.
pub(super) fn each(tokens: &Tokens<'_>, mut see: impl FnMut(&str, Range<usize>)) {
    let mut name = String::with_capacity(64);
    let mut before: Option<usize> = None;
    for at in 0..tokens.len() {
        if tokens.kind(at) == Some(TokenKind::Break) {
            continue;
        }
        name.clear();
        if let Some(before) = before {
            push_form(&mut name, tokens, before);
            name.push(' ');
        }
        let pair = name.len();
        push_form(&mut name, tokens, at);
        if let Some(before) = before {
            see(&name, before..at + 1);
        }
        let Some(word) = name.get(pair..) else { continue };
        see(word, at..at + 1);
        let stem = word.char_indices().nth(STEM_LETTERS).filter(|_| word.chars().nth(STEM_LETTERS + 1).is_some());
        if let Some((end, _)) = stem.filter(|_| tokens.kind(at) == Some(TokenKind::Word)) {
            name.truncate(pair + end);
            name.push('*');
            see(name.get(pair..).unwrap_or(""), at..at + 1);
        }
        before = Some(at);
    }
    shape(tokens, &mut see);
}

/// The form under which a token is known: what differs from text to text (numbers, links, names) has one for all.
fn push_form(name: &mut String, tokens: &Tokens<'_>, at: usize) {
    let folded = tokens.folded(at);
    match tokens.kind(at) {
        Some(TokenKind::Number) => name.push_str(match digits(folded) {
            0..=2 => "~0",
            3..=4 => "~000",
            5 => "~00000",
            6..=8 => "~000000",
            _ => "~phone",
        }),
        Some(TokenKind::Link) => name.push_str("~link"),
        Some(TokenKind::Handle) => name.push_str("~handle"),
        Some(TokenKind::Emoji) => name.push_str("~emoji"),
        Some(TokenKind::Punctuation) => name.extend(folded.chars().take(2)),
        _ => push_word(name, folded),
    }
}

/// A word, with one zero for each run of digits in it.
fn push_word(name: &mut String, folded: &str) {
    if !folded.bytes().any(|byte| byte.is_ascii_digit()) {
        return name.push_str(folded);
    }
    let mut in_number = false;
    for character in folded.chars() {
        let is_digit = character.is_ascii_digit();
        if !(is_digit && in_number) {
            name.push(if is_digit { '0' } else { character });
        }
        in_number = is_digit;
    }
}

fn digits(text: &str) -> usize {
    text.bytes().filter(u8::is_ascii_digit).count()
}

/// Features of the whole text; each stands on no words but those that may be pointed at.
fn shape(tokens: &Tokens<'_>, see: &mut impl FnMut(&str, Range<usize>)) {
    let (mut words, mut capitals, mut links, mut tags, mut handles, mut shouts) = (0, 0, 0, 0, 0, 0);
    let (mut all_digits, mut has_money) = (0, false);
    let mut run = 0..0;
    let mut run_digits = 0;
    for (at, token) in tokens.list().iter().enumerate() {
        match token.kind {
            TokenKind::Word => words += 1,
            TokenKind::Link => links += 1,
            TokenKind::Hashtag => tags += 1,
            TokenKind::Handle => handles += 1,
            TokenKind::Punctuation if tokens.folded(at).starts_with('!') => shouts += 1,
            _ => {}
        }
        capitals += usize::from(token.is_caps);
        if token.kind == TokenKind::Number {
            all_digits += digits(tokens.folded(at));
        }
        has_money |= tokens.folded(at).starts_with(['£', '$', '€']);
        if token.kind == TokenKind::Word && mixes_alphabets(tokens.words(at..at + 1)) {
            see("~~mixed_alphabets", at..at + 1);
        }
        if token.kind == TokenKind::Number {
            (run, run_digits) = if run.is_empty() { (at..at + 1, 0) } else { (run.start..at + 1, run_digits) };
            run_digits += digits(tokens.folded(at));
            if run_digits >= PHONE_DIGITS {
                see("~~phone", run.clone());
            }
        } else if !matches!(tokens.folded(at), "-" | "/" | "(" | ")" | "+") {
            run = 0..0;
        }
    }
    let mut say = |name: &str, holds: bool| {
        if holds {
            see(name, 0..0);
        }
    };
    say("~~links", links >= 2);
    say("~~tags", tags >= MANY);
    say("~~handles", handles >= MANY);
    say("~~shouts", shouts >= 2);
    say("~~capitals", words >= 5 && capitals * 3 > words);
    say("~~some_capitals", capitals >= 2 && capitals * 3 <= words);
    say("~~few_words", words <= 4);
    say("~~some_words", (12..20).contains(&words));
    say("~~many_words", words >= 20);
    say("~~money", has_money);
    say("~~many_digits", all_digits >= MANY_DIGITS);
}

/// Latin letters beside Cyrillic or Greek ones in one word: it only looks like the word that it seems to be.
fn mixes_alphabets(word: &str) -> bool {
    !word.is_ascii()
        && word.bytes().any(|byte| byte.is_ascii_alphabetic())
        && word.chars().any(|letter| matches!(letter, '\u{370}'..='\u{3ff}' | '\u{400}'..='\u{52f}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        let mut names = Vec::new();
        each(&Tokens::new(text), |name, _| names.push(name.to_owned()));
        names
    }

    fn check(text: &str, expected: &str) {
        assert!(names(text).iter().any(|name| name == expected), "{text}: no {expected} in {:?}", names(text));
    }

    #[test]
    fn words_pairs_and_beginnings_are_seen() {
        assert_eq!(names("Call NOW"), ["call", "call now", "now", "~~few_words"]);
        check("please subscribe", "subsc*");
        check("text WIN to 80011", "to ~00000");
        check("150ppm", "0ppm");
        check("see https://a.example/x", "see ~link");
    }

    #[test]
    fn the_shape_is_seen() {
        check("ring 0871 496 0012 now", "~~phone");
        check("ring 08714960012 now", "~phone");
        check("so chеap today", "~~mixed_alphabets");
        check("@a @b @c @d look", "~~handles");
        check("only £5 today", "~~money");
        check("from 0800 to 2000 or so", "~~many_digits");
        check(&"word ".repeat(20), "~~many_words");
    }
}
