//! Digests as people get them.

use super::*;
use crate::model::{
    Brand, BrandId, Card, Cause, DigestFacts, FeelingCount, ItemId, Kind, Memory, NoOutlet, Pain, Part, Phase,
    Sentiment, SourceHealth, SourceName, SourceState, Trouble,
};
use crate::wording::sample::{at, brand, card, care, mortons, now};
use expect_test::{ExpectFile, expect, expect_file};
use proptest::prelude::*;

/// Google Mail cuts a mail that is longer.
const MAIL_LIMIT_BYTES: usize = 102 * 1024;

fn settings(language: &str, zone: &str) -> Settings {
    Settings {
        channel: Some(ChannelName("mail".to_owned())),
        language: language.to_owned(),
        zone: zone.to_owned(),
        ..Settings::default()
    }
}

fn check(facts: &DigestFacts, settings: &Settings, text: ExpectFile, html: ExpectFile) {
    let mail = render(facts, settings, now());
    text.assert_eq(&format!("{}\n\n{}", mail.subject, mail.text));
    html.assert_eq(&mail.html);
    assert!(mail.html.len() < MAIL_LIMIT_BYTES);
}

fn feeling(brand: &str, phase: Phase, positive: u64, neutral: u64, negative: u64) -> FeelingCount {
    FeelingCount { brand: BrandId::new(brand), phase, positive, neutral, negative, mixed: 0 }
}

fn complaint(id: i64, author: &str, text: &str) -> Card {
    let mut card = card("silberlinde", id, author, text, &[Kind::Recovery]);
    card.item.lang = Some("de".to_owned());
    card.mention.sentiment.label = Sentiment::Negative;
    card.mention.sentiment.score = -0.7;
    card
}

fn praise(id: i64) -> Card {
    let mut card = card(
        "silberlinde",
        id,
        "frieda_reist",
        "Das Frühstück im Wintergarten war der Grund, dass wir verlängert haben.",
        &[],
    );
    card.item.lang = Some("de".to_owned());
    card.mention.sentiment.label = Sentiment::Positive;
    card.mention.sentiment.score = 0.81;
    card
}

fn quiet() -> DigestFacts {
    DigestFacts {
        from: at("2026-11-20T06:30:00Z"),
        to: at("2026-11-21T06:30:00Z"),
        brands: vec![brand("mortons", "Morton's"), brand("silberlinde", "Silberlinde Hotels")],
        open: Vec::new(),
        missed: Vec::new(),
        n_missed: 0,
        n_deleted: 0,
        waiting: Vec::new(),
        n_waiting: 0,
        feelings: Vec::new(),
        pains: Vec::new(),
        top: Vec::new(),
        unread: Vec::new(),
        quiet: Vec::new(),
        troubles: Vec::new(),
        n_sources_read: 46,
        n_items_seen: 1_212,
        n_mentions: 0,
    }
}

fn still() -> SourceState {
    let memory =
        Memory { news_at: Some(at("2026-11-12T08:00:00Z")), longest_gap_s: Some(27 * 3600), ..Memory::default() };
    SourceState { health: SourceHealth::Quiet, memory, ..SourceState::unread(SourceName::new("stadtblog")) }
}

fn low_disk() -> Trouble {
    let message = "180 MiB are free on the disk with the data folder".to_owned();
    Trouble { part: Part::Disk, since: Some(at("2026-11-20T22:10:00Z")), told_at: None, message }
}

fn pain(brand: &str, aspect: &str, negative: u64, before: u64) -> Pain {
    Pain { brand: BrandId::new(brand), aspect: aspect.to_owned(), negative, before }
}

/// There was time until 14:18 in New York, and nobody said that it was done.
fn idle() -> Card {
    let mut card = mortons();
    (card.item_id, card.seen_at) = (ItemId(6), at("2026-11-21T18:00:00Z"));
    card.item.author.name = Some("Nora B.".to_owned());
    if let Some(deadline) = card.opportunity.as_mut().and_then(|found| found.judgement.slots.deadline.as_mut()) {
        deadline.at.at = at("2026-11-21T20:53:00Z");
    }
    card
}

/// Further away than anybody goes.
fn unreachable() -> Card {
    let mut card = mortons();
    card.item_id = ItemId(7);
    card.item.author.name = Some("Ivo".to_owned());
    if let Some(found) = &mut card.opportunity {
        found.nearest = None;
        let name = "Morton's Hackensack".to_owned();
        found.plan.nobody = Some(NoOutlet::OutOfReach { name, distance_km: 120.0, reach_km: 48.3 });
    }
    card
}

fn busy() -> DigestFacts {
    let state = SourceState {
        health: SourceHealth::Blocked,
        cause: Some(Cause::Closed),
        message: "`reviews.example` does not let us in (403)".to_owned(),
        since: Some(at("2026-11-20T14:02:00Z")),
        read_at: Some(at("2026-11-20T13:47:00Z")),
        ..SourceState::unread(SourceName::new("reviews-boston"))
    };
    DigestFacts {
        open: vec![mortons(), care()],
        missed: vec![idle(), unreachable()],
        n_missed: 3,
        n_deleted: 0,
        waiting: vec![
            complaint(3, "Kai M.", "Seit 40 Minuten in der Schlange, nur ein Bildschirm geht. Ist bei euch niemand?"),
            complaint(4, "Lea", "Die Rechnung stimmt schon wieder nicht."),
        ],
        n_waiting: 5,
        feelings: vec![
            feeling("mortons", Phase::Sales, 9, 20, 1),
            feeling("mortons", Phase::Use, 41, 11, 3),
            feeling("mortons", Phase::Aftersales, 1, 1, 2),
            feeling("silberlinde", Phase::Presales, 6, 30, 5),
            feeling("silberlinde", Phase::Sales, 2, 20, 11),
            feeling("silberlinde", Phase::Use, 30, 22, 12),
            feeling("silberlinde", Phase::Aftersales, 2, 9, 30),
            feeling("silberlinde", Phase::None, 9, 90, 9),
        ],
        pains: vec![pain("silberlinde", "cleanliness", 14, 3), pain("mortons", "waiting", 5, 6)],
        top: vec![mortons(), praise(5)],
        unread: vec![state, SourceState::unread(SourceName::new("reisefuchs"))],
        quiet: vec![still()],
        troubles: vec![low_disk()],
        n_sources_read: 44,
        n_mentions: 312,
        ..quiet()
    }
}

#[test]
fn a_busy_day_in_english() {
    check(
        &busy(),
        &settings("en", "America/New_York"),
        expect_file!["../../tests/fixtures/mail/digest_en.txt"],
        expect_file!["../../tests/fixtures/mail/digest_en.html"],
    );
}

#[test]
fn a_busy_day_in_german() {
    check(
        &busy(),
        &settings("de", "Europe/Berlin"),
        expect_file!["../../tests/fixtures/mail/digest_de.txt"],
        expect_file!["../../tests/fixtures/mail/digest_de.html"],
    );
}

#[test]
fn a_quiet_day_is_one_line() {
    check(
        &quiet(),
        &settings("de", "Europe/Berlin"),
        expect_file!["../../tests/fixtures/mail/digest_quiet_de.txt"],
        expect_file!["../../tests/fixtures/mail/digest_quiet_de.html"],
    );
    let english = render(&quiet(), &settings("en", "UTC"), now());
    expect!["Saturday, November 21: a quiet day"].assert_eq(&english.subject);
}

#[test]
fn days_that_were_missed_are_folded_into_one_mail_that_says_so() {
    let said = |from: &str, language: &str| {
        let facts = DigestFacts { from: at(from), ..quiet() };
        let text = render(&facts, &settings(language, "Europe/Berlin"), now()).text;
        text.lines().filter(|line| line.contains("fold") || line.contains("fasst")).collect::<Vec<_>>().join("\n")
    };
    expect![[r#""#]].assert_eq(&said("2026-11-20T06:30:00Z", "en"));
    expect!["This mail folds 3 days together, since November 18, 07:30: no digest was made in between."]
        .assert_eq(&said("2026-11-18T06:30:00Z", "en"));
    expect!["Diese Mail fasst 7 Tage zusammen, seit 14. November, 7:30 Uhr: dazwischen entstand keine Übersicht. Weiter als 7 Tage blickt sie nicht zurück."].assert_eq(&said("2026-11-14T06:30:00Z", "de"));
}

#[test]
fn silence_because_nothing_could_be_read_is_not_called_quiet() {
    let facts = DigestFacts { n_sources_read: 0, n_items_seen: 0, unread: busy().unread, ..quiet() };
    let mail = render(&facts, &settings("en", "UTC"), now());
    expect!["Saturday, November 21: 2 sources could not be read"].assert_eq(&mail.subject);
    assert!(mail.text.contains("Nothing could be read, so this silence means nothing."));
    let nothing = DigestFacts { n_sources_read: 0, n_items_seen: 0, ..quiet() };
    assert!(render(&nothing, &settings("en", "UTC"), now()).text.contains("No source has been read yet."));
}

#[test]
fn a_preview_without_a_channel_promises_no_mail() {
    let settings = Settings { channel: None, ..settings("en", "UTC") };
    let text = render(&quiet(), &settings, now()).text;
    assert!(!text.contains("Every day") && !text.contains("this address"), "{text}");
}

#[test]
fn each_recipient_has_one_digest_a_day() {
    let mail = render(&quiet(), &Settings::default(), now());
    let channel = ChannelName("mail".to_owned());
    let key = |date, to| alert(&mail, date, to, &channel, now()).key;
    let (today, tomorrow) = (jiff::civil::date(2026, 11, 21), jiff::civil::date(2026, 11, 22));
    assert_eq!(key(today, "a@example.com"), key(today, "a@example.com"));
    assert_ne!(key(today, "a@example.com"), key(tomorrow, "a@example.com"));
    assert_ne!(key(today, "a@example.com"), key(today, "b@example.com"));
}

fn hostile(words: &str) -> DigestFacts {
    let mut spoiled = mortons();
    words.clone_into(&mut spoiled.item.text);
    spoiled.item.author.name = Some(words.to_owned());
    spoiled.item.url = Some(words.to_owned());
    spoiled.item.lang = Some(words.to_owned());
    if let Some(opportunity) = &mut spoiled.opportunity {
        opportunity.judgement.slots.wish = Some(words.to_owned());
        opportunity.judgement.slots.place = Some(words.to_owned());
    }
    let state = SourceState { message: words.to_owned(), ..SourceState::unread(SourceName::new(words)) };
    let brands: Vec<Brand> = (0..40).map(|n| brand(&n.to_string(), words)).collect();
    let phases = [Phase::Presales, Phase::Sales, Phase::Use, Phase::Aftersales];
    DigestFacts {
        feelings: (0..40).flat_map(|n| phases.map(|phase| feeling(&n.to_string(), phase, u64::MAX, 1, 1))).collect(),
        brands,
        open: vec![spoiled.clone(); 50],
        waiting: vec![spoiled.clone(); 50],
        n_waiting: u64::MAX,
        top: vec![spoiled; 50],
        quiet: vec![state.clone(); 50],
        unread: vec![state; 50],
        troubles: vec![Trouble { message: words.to_owned(), ..low_disk() }; 50],
        ..quiet()
    }
}

#[test]
fn a_flood_stays_below_what_mail_programs_cut() {
    for words in ["<&\"' ".repeat(100_000), "x".repeat(500_000), "e\u{301}\u{302}\u{303}".repeat(50_000)] {
        let mail = render(&hostile(&words), &settings("de", "Europe/Berlin"), now());
        assert!(mail.html.len() < MAIL_LIMIT_BYTES, "{}", mail.html.len());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn any_words_become_a_digest_without_a_script(words in "\\PC{0,60}|[<>&\"'/a-z =\r\n]{0,80}|(<script>|javascript:){1,3}") {
        let mail = render(&hostile(&words), &settings("de", "Europe/Berlin"), now());
        prop_assert!(!mail.html.to_lowercase().contains("<script"));
        prop_assert!(!mail.html.contains("href=\"javascript"));
        prop_assert!(!mail.subject.contains(['\r', '\n']));
    }
}
