//! A letter as HTML and as text, whatever stands in it.

use super::*;
use proptest::prelude::*;

fn letter_saying(words: &str) -> Letter {
    let runs = || vec![Run::plain(words), Run::new(words, Tone::Mark), Run::link(words, words)];
    let owned = || words.to_owned();
    Letter {
        language: Language::En,
        subject: owned(),
        preview: owned(),
        kicker: owned(),
        headline: runs(),
        blocks: vec![
            Block::section(words, words),
            Block::Para(runs()),
            Block::Small(runs()),
            Block::Quote { runs: runs(), lang: Some(owned()), is_hero: true },
            Block::Button { label: owned(), url: "https://x.example/".to_owned() },
            Block::Rows(vec![Row::new(words, words)]),
            Block::Bar { parts: vec![BarPart { percent: 100, tone: BarTone::Accent }], spoken: owned() },
            Block::Heat {
                columns: vec![owned()],
                rows: vec![HeatRow {
                    name: owned(),
                    cells: vec![HeatCell { shown: owned(), count: owned(), step: Some(1) }],
                }],
            },
        ],
        footer: vec![owned()],
    }
}

/// What the template itself consists of: the number of its tags and quotes, with harmless words in each place.
fn frame() -> (usize, usize) {
    let html = letter_saying("x").html();
    (html.matches('<').count(), html.matches('"').count())
}

#[test]
fn foreign_markup_stays_words_in_every_place() {
    for words in [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "javascript:alert(1)",
        "' onmouseover='alert(1)",
        "</style><svg/onload=alert(1)>",
        "{{ 7*7 }}",
    ] {
        let html = letter_saying(words).html();
        assert_eq!((html.matches('<').count(), html.matches('"').count()), frame(), "{words}");
        assert!(!html.contains("href=\"javascript"), "{words}");
    }
}

#[test]
fn quoted_lines_cannot_pass_for_ours() {
    let mut letter = letter_saying("x");
    letter.blocks = vec![Block::Quote { runs: vec![Run::plain("one\n-- \ntwo")], lang: None, is_hero: false }];
    assert!(letter.text().contains("> one\n> -- \n> two\n"));
}

#[test]
fn the_first_line_of_the_text_is_the_preview() {
    let letter = Letter { preview: "24 min slack.".to_owned(), ..letter_saying("x") };
    assert_eq!(letter.text().lines().next(), Some("24 min slack."));
}

proptest! {
    #[test]
    fn any_words_leave_the_frame_as_it_is(words in "\\PC{1,40}|[<>&\"'/a-z =]{1,60}") {
        let html = letter_saying(&words).html();
        prop_assert!(!html.contains("<script"));
        let links = html.matches("<a class").count();
        // A text that happens to be a link gains one pair of tags in three places and two more quotes each.
        prop_assert_eq!(html.matches('<').count(), frame().0 + 2 * links);
    }
}
