//! Time phrases and dates: in order, within the text, the same twice.
//!
//! Input: any text; its first byte moves the clock of the post and chooses the language.

#![no_main]

use jiff::{Timestamp, tz::Offset};
use libfuzzer_sys::fuzz_target;
use porterhouse::model::PostedAt;
use porterhouse::text::Tokens;
use porterhouse::when;

/// The languages with rules, one without, and the case that it is unknown.
const LANGUAGES: &[Option<&str>] =
    &[Some("en"), Some("de-CH"), Some("fr"), Some("es"), Some("it"), Some("sv"), Some("ü"), None];

fuzz_target!(|text: &str| {
    let seed = text.bytes().next().unwrap_or(0);
    let tokens = Tokens::new(text);
    assert!(tokens.len() <= text.len());
    let lang = LANGUAGES[usize::from(seed) % LANGUAGES.len()];
    let found = when::phrases(&tokens, lang, posted(seed));
    assert_eq!(found, when::phrases(&tokens, lang, posted(seed)), "the same text says the same");
    let mut end = 0;
    for phrase in found {
        assert!(phrase.tokens.start >= end && phrase.tokens.start < phrase.tokens.end, "in order: {phrase:?}");
        assert!((0.0..=1.0).contains(&phrase.certainty), "{phrase:?}");
        end = phrase.tokens.end;
    }
    assert!(end <= tokens.len());
    assert_eq!(when::read_date(text), when::read_date(text));
    let PostedAt { at: now, offset } = posted(seed);
    if let Some(read) = when::read_page_date(text, now, offset) {
        assert!(read.posted.at.duration_since(now).as_hours() <= 24, "not ahead: {read:?}");
    }
});

/// Any hour of some years, any clock on earth; now and then the ends of time.
fn posted(seed: u8) -> PostedAt {
    let at = match seed {
        0 => Timestamp::MIN,
        1 => Timestamp::MAX,
        _ => Timestamp::constant(1_500_000_000 + i64::from(seed) * 3_333_331, 0),
    };
    let offset = Offset::constant((seed % 27) as i8 - 13);
    PostedAt { at, offset }
}
