//! Texts that nobody writes but somebody sends: one sign, word or name over and over.
//! Each is studied to its end, and says no more than its length allows.

use jiff::Timestamp;
use porterhouse::analyze::BrandIndex;
use porterhouse::config::brand_from_json;
use porterhouse::desk::as_json;
use porterhouse::model::{Item, ItemKey, SourceName};
use porterhouse::text::Tokens;
use porterhouse::{opportunity, pipeline};
use serde_json::json;

/// How long each text is: enough for every bound of ours on words and names to be met, and short in a debug build.
const TEXT_BYTES: usize = 8 * 1024;

/// What an answer may cost for each byte of text: a name of four letters is evidence of a hundred bytes.
const ANSWER_BYTES_EACH: usize = 32;

/// What is repeated.
const PIECES: &[&str] = &[
    // Signs.
    "a",
    "A",
    "1",
    "&",
    "<",
    ">",
    "[",
    "(",
    ")",
    "\"",
    "'",
    "„",
    "“",
    "-",
    "—",
    "_",
    ".",
    ". ",
    "!",
    "?",
    ",",
    ", ",
    ":",
    "*",
    "\\",
    "/",
    "|",
    "\n",
    " ",
    "\t",
    "\u{0}",
    // What opens a token.
    "a ",
    "@a ",
    "#a ",
    "@",
    "#",
    "x'",
    "1.",
    "1:",
    "http://",
    "www.",
    "http://x.example/ ",
    "a@b.c ",
    ":-)",
    ":-) ",
    "<3 ",
    // Beyond ASCII.
    "👍",
    "👍🏽",
    "👩\u{200d}",
    "\u{301}",
    "a\u{301}",
    "\u{200d}",
    "\u{200f}",
    "\u{202e}",
    "\u{1100}",
    "ß",
    "İ",
    "\u{fdfa}",
    "漢",
    "ع ",
    // Names.
    "Mortons",
    "Mortons ",
    "Morton's, ",
    "Mortons?\n",
    "@Mortons ",
    "#mortons ",
    "mortons.com ",
    // Time.
    "tomorrow at 9 ",
    "in two hours ",
    "9:30 pm ",
    "half past ",
    "morgen um halb neun ",
    "04.05.2026 ",
    "May ",
    "Friday ",
    // Places.
    "newark airport ",
    "EWR ",
    "in ",
    "New ",
    "San ",
    "st. ",
    "from EWR to JFK ",
    // Wishes, feelings, questions.
    "can you meet me with a steak ",
    "I want ",
    "please ",
    "not good ",
    "not ",
    "but ",
    "better than Mortons ",
    "my son is 5 ",
    "who knows a good place ",
    "I waited 40 minutes ",
    "thanks ",
    "soooooo ",
    "RT @a: ",
    "my birthday ",
    // Markup.
    "<p>",
    "<a href='x'>",
    "<a href='x",
    "<a b=\"",
    "<blockquote>",
    "</p>",
    "<pre>\n",
    "<script>",
    "<!--",
    "<![CDATA[",
    "&amp;",
    "&#",
];

#[test]
fn one_piece_over_and_over_is_studied_within_its_length() {
    let names = json!({ "id": "m", "name": "Morton's", "aliases": ["Mortons"], "handles": ["@Mortons"],
        "hashtags": ["#mortons"], "domains": ["mortons.com"] });
    let index = BrandIndex::new(vec![brand_from_json(&names).expect("a brand")]);
    for piece in PIECES {
        let repeated = piece.repeat(TEXT_BYTES / piece.len());
        for text in [repeated.clone(), format!("Morton's: {repeated}")] {
            check(&index, piece, &text);
        }
    }
}

fn check(index: &BrandIndex, piece: &str, text: &str) {
    let key = ItemKey { namespace: "test".to_owned(), id: "1".to_owned() };
    let mut item = Item::new(SourceName::new("test"), key);
    match piece.starts_with(['<', '&']) {
        true => item.html = text.to_owned(),
        false => item.text = text.to_owned(),
    }
    let settings = opportunity::Settings::default();
    let studied = pipeline::study_fully(index, &settings, &mut item, Timestamp::UNIX_EPOCH);
    assert!(item.text.len() <= 3 * text.len(), "{piece:?}");
    assert!(Tokens::new(&item.text).len() <= item.text.len(), "{piece:?}");
    assert!(studied.analysis.mentions.len() <= 1, "{piece:?}");
    let answer = as_json(&studied).to_string();
    assert!(answer.len() <= ANSWER_BYTES_EACH * text.len(), "{piece:?} is answered with {} bytes", answer.len());
}
