//! The rules on posts written for this project (`tests/labelled/opportunities.tsv`), and on a few by name.

use super::*;
use crate::model::{Evidence, EvidenceKind, Feeling, ItemKey, Medium, Phase, Sentiment, SourceName};

const LABELLED: &str = include_str!("../../tests/labelled/opportunities.tsv");

/// One labelled post.
struct Labelled {
    line: usize,
    lang: &'static str,
    medium: Medium,
    sentiment: Sentiment,
    direct: bool,
    phase: &'static str,
    kinds: Vec<Kind>,
    surprise: bool,
    care: bool,
    text: &'static str,
}

fn labelled() -> Vec<Labelled> {
    let rows = crate::lexicon::rows(LABELLED);
    rows.map(|row| {
        let cell = |index: usize| row.cells.get(index).copied().unwrap_or("");
        Labelled {
            line: row.line,
            lang: cell(0),
            medium: cell(1).parse().expect("medium"),
            sentiment: sentiment(cell(2)),
            direct: cell(3) == "direct",
            phase: cell(4),
            kinds: cell(5).split(',').filter(|name| *name != "-").map(|n| Kind::from_name(n).expect("kind")).collect(),
            surprise: cell(6) == "surprise",
            care: cell(6) == "care",
            text: cell(7),
        }
    })
    .collect()
}

fn sentiment(name: &str) -> Sentiment {
    let all = [Sentiment::Positive, Sentiment::Neutral, Sentiment::Negative, Sentiment::Mixed];
    all.into_iter().find(|sentiment| sentiment.as_str() == name).expect("sentiment")
}

fn brand() -> Brand {
    serde_json::from_value(serde_json::json!({
        "id": "b", "name": "Nordbahn",
        "aliases": ["Alpina Air", "Brewster's", "Tannhof", "Voltex", "Packwerk"],
        "handles": ["@Mortons", "@nordbahn", "@alpinaair", "@brewsters", "@tannhof", "@voltex", "@packwerk"],
    }))
    .expect("a brand")
}

fn evidence(text: &str, brand: &Brand) -> Vec<Evidence> {
    let names = std::iter::once(&brand.name).chain(&brand.aliases).chain(&brand.handles);
    let places = names.flat_map(|name| text.match_indices(name.as_str()));
    places
        .map(|(at, words)| Evidence { kind: EvidenceKind::Name, words: words.to_owned(), span: at..at + words.len() })
        .collect()
}

fn judged(post: &Labelled) -> Judgement {
    judged_with(post, Clues::default(), |_, _| {})
}

fn judged_with(post: &Labelled, clues: Clues, change: impl Fn(&mut Item, &mut Mention)) -> Judgement {
    let mut item = Item::new(SourceName::new("s"), ItemKey { namespace: "s".to_owned(), id: "1".to_owned() });
    item.text = post.text.to_owned();
    item.medium = post.medium;
    let text = format!("{}\n{}", item.title, item.text);
    let brand = brand();
    let mut mention = Mention {
        brand: brand.id.clone(),
        relevance: 1.0,
        evidence: evidence(&text, &brand),
        sentiment: Feeling { label: post.sentiment, ..Feeling::default() },
        emotion: None,
        aspects: Vec::new(),
        touchpoint: None,
        direct: post.direct,
        own: false,
        reasons: Vec::new(),
    };
    change(&mut item, &mut mention);
    let tokens = Tokens::new(&text);
    let posted = "2026-05-04T12:00:00+02:00".parse().expect("a time");
    let subject = Subject {
        item: &item,
        tokens: &tokens,
        lang: Some(post.lang),
        mention: &mention,
        brand: &brand,
        is_spam: false,
        posted,
    };
    judge(&subject, || clues)
}

fn tweet(sentiment: Sentiment, direct: bool, text: &'static str) -> Labelled {
    let (lang, medium, phase) = ("en", Medium::Tweet, "none");
    Labelled { line: 0, lang, medium, sentiment, direct, phase, kinds: Vec::new(), surprise: false, care: false, text }
}

/// Hits, false alarms and misses.
#[derive(Default)]
struct Count {
    hit: usize,
    false_alarm: usize,
    missed: usize,
}

impl Count {
    fn add(&mut self, gold: bool, found: bool) {
        self.hit += usize::from(gold && found);
        self.false_alarm += usize::from(!gold && found);
        self.missed += usize::from(gold && !found);
    }

    fn f1(&self) -> f64 {
        2.0 * self.hit as f64 / (2 * self.hit + self.false_alarm + self.missed).max(1) as f64
    }
}

#[test]
fn kinds_phases_and_surprises_of_our_posts_are_found() {
    let (mut kinds, mut surprises, mut phases) = (Count::default(), Count::default(), 0);
    let posts = labelled();
    let mut misses = Vec::new();
    for post in &posts {
        let judgement = judged(post);
        for kind in Kind::ALL {
            kinds.add(post.kinds.contains(&kind), judgement.kinds.contains(&kind));
        }
        surprises.add(post.surprise, judgement.surprise);
        phases += usize::from(post.phase == judgement.phase.as_str());
        if post.kinds != judgement.kinds || post.surprise != judgement.surprise {
            let found: Vec<_> = judgement.kinds.iter().map(|kind| kind.as_str()).collect();
            misses.push(format!("{}: {} surprise={} {}", post.line, found.join(","), judgement.surprise, post.text));
        }
    }
    let phases = phases as f64 / posts.len() as f64;
    let figures = format!("kinds {:.3} surprise {:.3} phase {phases:.3}", kinds.f1(), surprises.f1());
    let list = misses.join("\n");
    assert!(posts.len() >= 150);
    assert!(kinds.f1() >= 0.85, "{figures}\n{list}");
    assert!(surprises.f1() >= 0.75, "{figures}\n{list}");
    assert!(phases >= 0.7, "{figures}\n{list}");
}

#[test]
fn care_is_seen_and_never_a_surprise() {
    for post in labelled().iter().filter(|post| post.care) {
        let judgement = judged(post);
        assert!(judgement.care && !judgement.surprise, "{}: {:?}", post.text, judgement.reasons);
    }
    let false_alarms = labelled().iter().filter(|post| !post.care && judged(post).care).count();
    assert!(false_alarms <= 1, "{false_alarms}");
}

/// The published tweet of 2011 that the project is named after.
const MORTONS: &str =
    "Hey @Mortons - can you meet me at newark airport with a porterhouse when I land in two hours? K, thanks. :)";

fn clues_of_mortons() -> Clues {
    let at = "2026-05-04T14:00:00+02:00".parse().expect("a time");
    let deadline = Deadline { at, words: "in two hours".to_owned() };
    Clues { deadline: Some(deadline), place: Some("newark airport".to_owned()), ..Clues::default() }
}

#[test]
fn the_porterhouse_comes_out_on_top_by_its_own_merit() {
    let mortons = judged_with(&tweet(Sentiment::Neutral, true, MORTONS), clues_of_mortons(), |_, _| {});
    assert!(mortons.surprise && mortons.kinds.contains(&Kind::Wish), "{:#?}", mortons.reasons);
    assert_eq!(mortons.slots.wish.as_deref(), Some("a porterhouse"));
    let posts = labelled();
    let above: Vec<_> = posts.iter().filter(|post| judged(post).score > mortons.score).map(|p| p.text).collect();
    assert!(mortons.score > 0.9 && above.len() * 5 < posts.len(), "{} {above:#?}", mortons.score);
}

#[test]
fn every_part_of_the_score_is_a_reason_largest_first() {
    let judgement = judged_with(&tweet(Sentiment::Neutral, true, MORTONS), clues_of_mortons(), |_, _| {});
    let weights: Vec<f32> = judgement.reasons.iter().map(|reason| reason.weight.abs()).collect();
    let told = weights.split_last().expect("reasons").1;
    assert!(told.is_sorted_by(|a, b| a >= b), "{weights:?}");
    assert!((score::score(&judgement.reasons) - judgement.score).abs() < 1e-6);
    assert!(judgement.reasons.iter().any(|r| r.rule.starts_with("wish.") && r.words.starts_with("can you meet")));
}

#[test]
fn a_score_is_bent_to_a_number_between_0_and_1() {
    for post in &labelled() {
        let score = judged(post).score;
        assert!((0.0..=1.0).contains(&score), "{score} {}", post.text);
    }
}

#[test]
fn surprises_stand_above_all_else() {
    let judged: Vec<Judgement> = labelled().iter().map(judged).collect();
    let lowest = judged.iter().filter(|j| j.surprise).map(|j| j.score).fold(1.0, f32::min);
    let above = judged.iter().filter(|j| !j.surprise && j.score > lowest).count();
    assert!(above <= 2, "{above} above {lowest}");
}

fn out_rule(post: &Labelled, change: impl Fn(&mut Item, &mut Mention)) -> Option<String> {
    let judgement = judged_with(post, Clues::default(), change);
    let out = judgement.reasons.iter().find(|reason| reason.rule.starts_with("out.")).map(|reason| reason.rule.clone());
    if out.is_some() {
        assert!(judgement.kinds.is_empty() && judgement.phase == Phase::None && judgement.score < 0.1);
    }
    out
}

#[test]
fn what_is_nobodys_opportunity_is_shut_out_by_name() {
    let check = |text: &'static str, expected: Option<&str>| {
        assert_eq!(out_rule(&tweet(Sentiment::Neutral, true, text), |_, _| {}).as_deref(), expected, "{text}");
    };
    check("RT @mina: I would kill for a burger @brewsters", Some("out.retweet"));
    check("So true! RT @mina: I would kill for a burger @brewsters", None);
    check("@brewsters I am 12 years old, can I have a free pancake?", Some("out.minor"));
    check("@brewsters my son is 12 years old and wants a pancake", None);
    check("@mina We're sorry for the delay, please DM us your booking number so we can help ^JB", Some("out.own_post"));
    check("@nordbahn the senator and the congress voted for a strike, what an election", Some("out.politics"));
    let plain = tweet(Sentiment::Neutral, true, "I would kill for a burger @brewsters");
    assert_eq!(out_rule(&plain, |_, mention| mention.own = true).as_deref(), Some("out.own_post"));
    assert_eq!(out_rule(&plain, |_, mention| mention.relevance = 0.2).as_deref(), Some("out.not_relevant"));
    assert_eq!(out_rule(&plain, |item, _| item.medium = Medium::News).as_deref(), Some("out.news"));
    assert_eq!(
        out_rule(&plain, |item, _| item.author.handle = Some("Brewsters".to_owned())).as_deref(),
        Some("out.own_post")
    );
    assert_eq!(out_rule(&plain, |_, _| {}), None);
}

#[test]
fn reach_rests_on_followers_or_the_bio_never_on_the_text() {
    let has_reach = |change: fn(&mut Item, &mut Mention)| {
        let post = tweet(Sentiment::Negative, true, "@brewsters my burger was cold and I have 90000 followers");
        judged_with(&post, Clues::default(), change).kinds.contains(&Kind::Reach)
    };
    assert!(!has_reach(|_, _| {}));
    assert!(!has_reach(|item, _| item.author.followers = Some(9_999)));
    assert!(has_reach(|item, _| item.author.followers = Some(10_000)));
    assert!(has_reach(|item, _| item.author.bio = Some("Food journalist in Graz".to_owned())));
}

#[test]
fn told_to_the_brand_is_recovery_told_to_others_a_gripe() {
    let text = "still waiting for my parcel from Packwerk, nobody answers";
    let kinds = |direct| judged(&tweet(Sentiment::Negative, direct, text)).kinds;
    assert_eq!(kinds(true), [Kind::Recovery]);
    assert_eq!(kinds(false), [Kind::SilentGripe]);
}

#[test]
fn a_missed_deadline_is_no_surprise_and_no_kind_keeps_no_slot() {
    let mut clues = clues_of_mortons();
    clues.deadline = clues.deadline.map(|d| Deadline { at: "2026-05-04T11:00:00+02:00".parse().expect("a time"), ..d });
    let late = judged_with(&tweet(Sentiment::Neutral, true, MORTONS), clues, |_, _| {});
    assert!(!late.surprise && late.kinds.contains(&Kind::Wish));
    let nothing = judged_with(&tweet(Sentiment::Neutral, false, "lol Voltex"), clues_of_mortons(), |_, _| {});
    assert_eq!(nothing.slots, Slots::default());
}

#[test]
fn the_wished_thing_is_told_in_the_words_of_the_post() {
    let check = |text: &'static str, expected: Option<&str>| {
        let judgement = judged(&tweet(Sentiment::Positive, true, text));
        assert_eq!(judgement.slots.wish.as_deref(), expected, "{text}");
    };
    check("@brewsters I would kill for a cold root beer right now", Some("a cold root beer right now"));
    check("@brewsters bring back the pumpkin waffles!", Some("the pumpkin waffles"));
    check("A window seat would be nice, @nordbahn", Some("A window seat"));
    check("@brewsters thanks", None);
}

proptest::proptest! {
    #[test]
    fn any_text_is_judged_without_a_panic(text in "\\PC{0,120}") {
        let brand = brand();
        let item = Item::new(SourceName::new("s"), ItemKey { namespace: "s".to_owned(), id: "1".to_owned() });
        let tokens = Tokens::new(&text);
        let mention = Mention {
            brand: brand.id.clone(), relevance: 1.0, evidence: Vec::new(), sentiment: Feeling::default(), emotion: None, aspects: Vec::new(), touchpoint: None,
            direct: true, own: false, reasons: Vec::new(),
        };
        let posted = PostedAt::utc(jiff::Timestamp::UNIX_EPOCH);
        let subject = Subject { item: &item, tokens: &tokens, lang: None, mention: &mention, brand: &brand, is_spam: false, posted };
        let judgement = judge(&subject, Clues::default);
        proptest::prop_assert!((0.0..=1.0).contains(&judgement.score));
    }
}
