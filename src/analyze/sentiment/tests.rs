//! What the sentences of customers feel. Every text is our own.

use super::*;
use crate::model::{Feeling, Sentiment};
use crate::text::Tokens;
use expect_test::{Expect, expect};
use proptest::prelude::*;
use std::ops::Range;

fn feel(lang: &str, text: &str) -> Feeling {
    let tokens = Tokens::new(text);
    of_text(&charges(&tokens, Some(lang)), &tokens)
}

fn shown(feeling: &Feeling) -> String {
    let reasons: Vec<String> = feeling
        .reasons
        .iter()
        .map(|r| format!("{} {:?} {:.1}", r.rule.replace("feeling.", ""), r.words, r.weight))
        .collect();
    format!("{} [{}]", feeling.label.as_str(), reasons.join(", "))
}

fn check(lang: &str, text: &str, expected: Expect) {
    expected.assert_eq(&shown(&feel(lang, text)));
}

fn check_label(lang: &str, label: Sentiment, texts: &[&str]) {
    for text in texts {
        let feeling = feel(lang, text);
        assert_eq!(feeling.label, label, "{text}: {}", shown(&feeling));
    }
}

/// The label toward `brand` in an English text; `other` is another brand.
fn toward_label(text: &str, brand: &str, other: &str) -> Sentiment {
    let tokens = Tokens::new(text);
    let ranges = |name: &str| -> Vec<Range<usize>> {
        (0..tokens.len()).filter(|at| tokens.folded(*at).trim_start_matches('@') == name).map(|at| at..at + 1).collect()
    };
    toward(&charges(&tokens, Some("en")), &tokens, &ranges(brand), &ranges(other)).label
}

#[test]
fn who_is_measured_against_another_that_nobody_watches_has_the_other_side() {
    for (brand, label) in [("united", Sentiment::Negative), ("jetblue", Sentiment::Positive)] {
        let text = "So much better than @United, thanks @JetBlue";
        let tokens = Tokens::new(text);
        let at = |at: &usize| tokens.folded(*at).trim_start_matches('@') == brand;
        let targets: Vec<Range<usize>> = (0..tokens.len()).filter(at).map(|at| at..at + 1).collect();
        let feeling = toward(&charges(&tokens, Some("en")), &tokens, &targets, &[]);
        assert_eq!(feeling.label, label, "{brand}: {}", shown(&feeling));
    }
}

#[test]
fn negation_turns_praise_and_hardly_blame() {
    check("en", "The room was not clean.", expect![[r#"negative [negated "not clean" -1.6]"#]]);
    check("en", "The soup wasn't bad.", expect![[r#"neutral [negated "wasn't bad" 0.7]"#]]);
    check("de", "Das Essen war nicht gut.", expect![[r#"negative [failure "nicht gut" -2.0]"#]]);
    check(
        "de",
        "Die neue App gefällt mir überhaupt nicht",
        expect![[r#"negative [failure "App gefällt mir überhaupt nicht" -2.0]"#]],
    );
    check(
        "de",
        "Der Kellner war nicht nur freundlich, sondern auch schnell.",
        expect![[r#"positive [word "freundlich" 1.2, word "schnell" 0.6]"#]],
    );
}

#[test]
fn strength_comes_from_boosters_capitals_and_drawn_out_letters() {
    let plain = feel("en", "the steak was good").score;
    for louder in [
        "the steak was very good",
        "the steak was GOOD",
        "the steak was gooood",
        "the steak was good!",
        "the steak was so damn good",
    ] {
        assert!(feel("en", louder).score > plain, "{louder}");
    }
    assert!(feel("en", "the steak was somewhat good").score < plain);
    assert!(feel("de", "das Steak war sehr gut").score > feel("de", "das Steak war gut").score);
}

#[test]
fn stated_failures_are_blame_without_a_word_of_feeling() {
    let failures = ["third day without my parcel", "On hold for 45 minutes now", "nobody answers your phone"];
    check_label("en", Sentiment::Negative, &failures);
    let failures =
        ["Mein Paket ist immer noch nicht da", "Seit 3 Wochen kein Rückruf", "Der Zug ist schon wieder ausgefallen"];
    check_label("de", Sentiment::Negative, &failures);
    check_label(
        "en",
        Sentiment::Positive,
        &["They fixed my boiler in ten minutes", "Arrived a day early, right on time for her birthday"],
    );
}

#[test]
fn praise_for_a_failure_is_blame() {
    check("en", "Thanks for the delay", expect![[r#"negative [irony "Thanks for" -0.6, word "delay" -1.5]"#]]);
    check("de", "Danke für die Verspätung", expect![[r#"negative [failure "Danke für die Verspätung" -2.0]"#]]);
    check_label("en", Sentiment::Negative, &["Great job losing my suitcase again"]);
    check_label("de", Sentiment::Negative, &["Danke für nichts", "Na toll, wieder kein Anschluss"]);
}

#[test]
fn what_follows_a_contrast_weighs_more() {
    assert!(feel("en", "The room was nice but the shower was broken").score < 0.0);
    assert!(
        feel("en", "The shower was broken but the room was nice").score
            > feel("en", "The room was nice but the shower was broken").score
    );
    assert!(feel("de", "Das Zimmer war schön, aber das Personal unfreundlich").score < 0.0);
}

#[test]
fn real_praise_beside_real_blame_is_mixed() {
    check_label("en", Sentiment::Mixed, &["The food was amazing. The waiter was terribly rude."]);
    check_label("de", Sentiment::Mixed, &["Das Essen war hervorragend. Der Kellner war unverschämt."]);
}

#[test]
fn a_contrast_between_two_strong_sides_is_mixed() {
    check_label("en", Sentiment::Mixed, &["A gorgeous phone, but the battery is a catastrophe"]);
    check_label("de", Sentiment::Mixed, &["Ein wunderschönes Zimmer, aber das Bad war ekelhaft"]);
}

#[test]
fn failures_and_successes_of_a_service_are_stated_in_many_ways() {
    check_label(
        "en",
        Sentiment::Negative,
        &["You charged my card twice", "Third engineer this month, boiler stone cold", "Tastes like cardboard"],
    );
    check_label(
        "en",
        Sentiment::Positive,
        &["Never had a better pillow", "Mended free of charge", "They refunded me the same day", "No complaints"],
    );
    check_label(
        "de",
        Sentiment::Negative,
        &["Betrag doppelt abgebucht", "Aufzug seit zwei Wochen kaputt", "Die Suppe schmeckt wie Spülwasser"],
    );
    check_label(
        "de",
        Sentiment::Positive,
        &["Umgehend erstattet", "Heute bestellt, morgen da", "Noch nie ein Ausfall", "Nichts zu meckern"],
    );
}

#[test]
fn a_link_weakens_a_report_more_than_a_word_of_ones_own() {
    let report = feel("en", "Acme wins praise for reliable trams https://example.org/a").score;
    let own = feel("en", "I found praise for reliable trams https://example.org/a").score;
    assert!(own > report && report > 0.0, "{own} {report}");
}

#[test]
fn a_name_has_more_of_the_text_than_a_common_noun() {
    let text =
        "After three hours on a hard bench beside the gate in the middle of the night, they told us about acme. Awful.";
    let score = |text: &str| {
        let tokens = Tokens::new(text);
        let target = (0..tokens.len()).find(|at| tokens.folded(*at) == "acme").expect("named");
        toward(&charges(&tokens, Some("en")), &tokens, std::slice::from_ref(&(target..target + 1)), &[]).score
    };
    assert!(score(&text.replace("acme", "Acme")) < score(text));
}

#[test]
fn wishes_questions_and_brand_speak_are_not_praise() {
    let plain = [
        "We are open from nine to five, please call for help.",
        "Is there a good way to reach the office?",
        "I need the address of your service center",
    ];
    check_label("en", Sentiment::Neutral, &plain);
    let plain =
        ["Wir haben von neun bis fünf geöffnet.", "Ein Fernseher wäre schön", "Wo finde ich euren Kundenservice?"];
    check_label("de", Sentiment::Neutral, &plain);
}

#[test]
fn pictures_and_hashtags_speak() {
    check("en", "My order arrived 😍👍🏽", expect![[r#"positive [emoji "😍" 2.0, emoji "👍🏽" 2.0]"#]]);
    check(
        "en",
        "Two hours at the gate #customerservicefail",
        expect![[r##"negative [word "hours" -0.4, hashtag "#customerservicefail" -2.0]"##]],
    );
    check("en", "#NotHappy", expect![[r##"negative [hashtag "#NotHappy" -2.5]"##]]);
    check("fr", "Le colis est là :-)", expect![[r#"positive [emoji ":-)" 2.0]"#]]);
}

#[test]
fn thanks_give_way_to_blame() {
    check(
        "en",
        "My card is broken, please fix it. Thanks",
        expect![[r#"negative [word "broken" -2.0, failure "fix it" -2.0, polite "Thanks" 0.2]"#]],
    );
}

#[test]
fn words_of_another_language_say_nothing() {
    check("de", "Das war die Karte, die ich hatte", expect!["neutral []"]);
    check_label("en", Sentiment::Negative, &["The war destroyed our hotel"]);
}

#[test]
fn the_feeling_toward_a_brand_is_that_of_its_own_clauses() {
    let text = "Acme was wonderful but Zenith lost my luggage";
    assert_eq!(toward_label(text, "acme", "zenith"), Sentiment::Positive);
    assert_eq!(toward_label(text, "zenith", "acme"), Sentiment::Negative);
}

#[test]
fn of_a_comparison_the_measure_has_the_other_side() {
    let text = "Zenith is so much better than Acme";
    assert_eq!(toward_label(text, "acme", "zenith"), Sentiment::Negative);
    assert_eq!(toward_label(text, "zenith", "acme"), Sentiment::Positive);
}

#[test]
fn a_text_addressed_to_a_brand_is_toward_it_as_a_whole() {
    let text = "@acme I stood at the gate with two small kids and a stroller for hours. Awful.";
    assert_eq!(toward_label(text, "acme", "zenith"), Sentiment::Negative);
}

#[test]
fn a_greeting_before_the_name_speaks_to_the_brand() {
    let text = "Dear Acme, I have now spent my whole lunch break, my coffee break and half of the evening with a tablet that is, to put it mildly, crap.";
    assert_eq!(toward_label(text, "acme", "zenith"), Sentiment::Negative);
    assert_eq!(toward_label(&text.replace("Dear", "About"), "acme", "zenith"), Sentiment::Neutral);
}

#[test]
fn complaints_may_be_dressed_as_pleas() {
    check_label(
        "en",
        Sentiment::Negative,
        &["Would be nice if your drivers actually rang the bell", "Great, third delay today"],
    );
    check_label(
        "de",
        Sentiment::Negative,
        &["Wäre schön, wenn eure Fahrer mal klingeln würden", "Na super, die dritte Verspätung heute"],
    );
}

#[test]
fn where_the_language_is_undecided_both_lists_are_read() {
    for (text, label) in [
        ("super geil", Sentiment::Positive),
        ("so annoying", Sentiment::Negative),
        ("die Karte war hell", Sentiment::Neutral),
    ] {
        let tokens = Tokens::new(text);
        assert_eq!(of_text(&charges(&tokens, None), &tokens).label, label, "{text}");
    }
}

#[test]
fn a_hostile_text_ends_soon() {
    for part in ["fucking ", "but good ", "not ", "good, ", "#goodbad ", "\"", "still .. "] {
        let text = part.repeat(8_000);
        let tokens = Tokens::new(&text);
        let charges = charges(&tokens, Some("en"));
        let all: Vec<Range<usize>> = (0..tokens.len()).map(|at| at..at + 1).collect();
        assert!(of_text(&charges, &tokens).score.abs() <= 1.0);
        assert!(toward(&charges, &tokens, &all, &all).score.abs() <= 1.0);
    }
}

proptest! {
    #[test]
    fn any_text_has_a_bounded_feeling_with_reasons_in_order(
        text in "([a-zäöüß!?.,#@:) ]{0,12}|good|nicht|but |kein |😡|schlecht|than |\\PC{0,4}){0,14}",
        lang in prop_oneof![Just(None), Just(Some("en")), Just(Some("de")), Just(Some("fr"))],
        targets in prop::collection::vec((0_usize..30, 0_usize..3), 0..3),
    ) {
        let tokens = Tokens::new(&text);
        let charges = charges(&tokens, lang);
        let targets: Vec<Range<usize>> = targets.into_iter().map(|(at, len)| at..at + len).collect();
        for feeling in [of_text(&charges, &tokens), toward(&charges, &tokens, &targets, &[])] {
            prop_assert!(feeling.score.is_finite() && feeling.score.abs() <= 1.0);
            let spans: Vec<_> = feeling.reasons.iter().filter_map(|reason| reason.span.clone()).collect();
            prop_assert!(spans.windows(2).all(|pair| pair[0].start <= pair[1].start));
            prop_assert!(spans.iter().all(|span| text.get(span.clone()).is_some()));
        }
        let again = of_text(&super::charges(&tokens, lang), &tokens);
        prop_assert_eq!(again, of_text(&charges, &tokens));
    }
}
