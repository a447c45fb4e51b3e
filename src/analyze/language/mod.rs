//! Which language a text is in.
//!
//! Two detectors vote: whichlang is right more often on short posts in the languages it knows, whatlang knows more.
//! A source's own word is taken where the text is too short to say otherwise: sources are often wrong.

use crate::text::{TokenKind, Tokens};
use std::sync::LazyLock;
use whatlang::{Detector, Lang};

/// Fewer letters than this say nothing of a language.
const LEAST_LETTERS: usize = 4;

/// From this many letters on a clear text outvotes what the source says.
const OUTVOTES_LETTERS: usize = 60;

/// Confidence from which whatlang may name a language that whichlang does not know (measured on short posts).
const OTHER_CONFIDENCE: f64 = 0.2;

/// What we look at of a text: enough to decide, and a bound.
const LOOKED_AT_BYTES: usize = 2_000;

/// The languages we tell apart beyond whichlang's, with their ISO 639-1 codes.
const OTHERS: &[(Lang, &str)] = &[
    (Lang::Pol, "pl"),
    (Lang::Dan, "da"),
    (Lang::Ron, "ro"),
    (Lang::Hun, "hu"),
    (Lang::Slk, "sk"),
    (Lang::Ces, "cs"),
    (Lang::Slv, "sl"),
    (Lang::Bul, "bg"),
    (Lang::Cat, "ca"),
    (Lang::Nob, "no"),
    (Lang::Fin, "fi"),
];

/// The languages that both know.
const SHARED: &[Lang] =
    &[Lang::Deu, Lang::Eng, Lang::Fra, Lang::Spa, Lang::Ita, Lang::Por, Lang::Tur, Lang::Nld, Lang::Swe, Lang::Rus];

/// The language of a text as ISO 639-1, or `None` where it cannot be decided.
///
/// `hint` is what the source says (BCP 47).
#[must_use]
pub fn decide<'h>(tokens: &Tokens<'_>, hint: Option<&'h str>) -> Option<&'h str> {
    let hint = hint.and_then(|tag| tag.get(..2)).filter(|code| code.chars().all(|c| c.is_ascii_lowercase()));
    let text = words_only(tokens);
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    if hint.is_some() && letters < OUTVOTES_LETTERS {
        return hint;
    }
    if letters < LEAST_LETTERS {
        return hint;
    }
    detect(&text).or(hint)
}

/// What both detectors make of `text`.
fn detect(text: &str) -> Option<&'static str> {
    static OTHER: LazyLock<Detector> = LazyLock::new(|| {
        Detector::with_allowlist(OTHERS.iter().map(|(lang, _)| *lang).chain(SHARED.iter().copied()).collect())
    });
    let first = iso(whichlang::detect_language(text));
    if first.is_some_and(|lang| is_plainly(lang, text)) {
        return first;
    }
    let second = OTHER.detect(text);
    let other = second.and_then(|info| {
        let code = OTHERS.iter().find(|(lang, _)| *lang == info.lang()).map(|(_, code)| *code)?;
        (info.confidence() > OTHER_CONFIDENCE).then_some(code)
    });
    other.or(first)
}

/// Small words that tell a language from all of [`OTHERS`] with which the first detector might take it for the same.
const OWN_WORDS: &[(&str, &[&str])] = &[
    (
        "en",
        &[
            "the", "and", "with", "this", "was", "are", "you", "my", "have", "it", "your", "that", "we", "will", "is",
            "what", "about", "would", "they", "there", "has", "just", "been", "can", "but", "from", "know", "where",
        ],
    ),
    (
        "de",
        &[
            "und", "ich", "nicht", "ist", "das", "wir", "ein", "eine", "auf", "für", "sich", "auch", "wie", "die",
            "mit", "von", "zu", "dem", "hat", "im", "bei", "aber", "habe", "noch", "einen", "mir", "sind", "wird",
            "über",
        ],
    ),
    (
        "fr",
        &[
            "et", "une", "est", "vous", "nous", "qui", "dans", "pour", "avec", "très", "je", "sur", "mais", "cette",
            "chez", "sont", "c'est", "leur", "j'ai", "été",
        ],
    ),
    (
        "es",
        &[
            "los", "las", "muy", "pero", "con", "para", "está", "y", "por", "como", "más", "hay", "según", "este",
            "unas", "unos", "también", "ahora",
        ],
    ),
    (
        "it",
        &[
            "che", "non", "sono", "della", "anche", "gli", "nel", "più", "questo", "perché", "alla", "dei", "ho",
            "molto",
        ],
    ),
];

/// The share of own words, one in so many, from which a text needs no second opinion.
const PLAIN_SHARE: usize = 8;

/// The fewest words of such a text.
const PLAIN_WORDS: usize = 5;

/// Whether `text` (folded words) is plainly `lang`: the second detector costs more than all else that is done here.
fn is_plainly(lang: &str, text: &str) -> bool {
    let own = OWN_WORDS.iter().find(|(known, _)| *known == lang).map_or(&[][..], |(_, words)| words);
    let (n_words, n_own) = text
        .split(' ')
        .filter(|word| !word.is_empty())
        .fold((0, 0), |(all, n_own), word| (all + 1, n_own + usize::from(own.contains(&word))));
    n_words >= PLAIN_WORDS && n_own * PLAIN_SHARE >= n_words
}

/// The text without handles, links, tags' marks and signs, cut at [`LOOKED_AT_BYTES`].
fn words_only(tokens: &Tokens<'_>) -> String {
    let mut text = String::new();
    for (index, token) in tokens.list().iter().enumerate() {
        if text.len() > LOOKED_AT_BYTES {
            break;
        }
        if matches!(token.kind, TokenKind::Word | TokenKind::Hashtag) {
            text.push_str(tokens.folded(index).trim_start_matches('#'));
            text.push(' ');
        }
    }
    text
}

fn iso(lang: whichlang::Lang) -> Option<&'static str> {
    Some(match lang.three_letter_code() {
        "deu" => "de",
        "eng" => "en",
        "fra" => "fr",
        "spa" => "es",
        "ita" => "it",
        "por" => "pt",
        "tur" => "tr",
        "nld" => "nl",
        "swe" => "sv",
        "rus" => "ru",
        "ara" => "ar",
        "hin" => "hi",
        "jpn" => "ja",
        "kor" => "ko",
        "vie" => "vi",
        "cmn" => "zh",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, hint: Option<&str>, expected: Option<&str>) {
        assert_eq!(decide(&Tokens::new(text), hint), expected, "{text}");
    }

    #[test]
    fn short_posts_are_told_apart() {
        check("Die Bedienung war nett und das Essen auch", None, Some("de"));
        check("Can you meet me at the airport with a steak?", None, Some("en"));
        check("Je rêve d'une glace à la vanille", None, Some("fr"));
        check("Wszystko jest bardzo dobre, dziękuję bardzo", None, Some("pl"));
    }

    #[test]
    fn a_hint_decides_short_texts_and_no_long_ones() {
        check("super", Some("de-CH"), Some("de"));
        check(
            "Ich warte seit drei Wochen auf meinen Koffer und niemand ruft mich zurück, was soll das",
            Some("en"),
            Some("de"),
        );
    }

    #[test]
    fn nothing_to_read_is_undecided() {
        check("@Mortons 👍 https://x.example", None, None);
    }
}
