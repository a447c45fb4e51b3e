//! The rules on posts written for this project (`tests/labelled/opportunities.tsv`), and on a few by name.

use super::*;
use crate::model::{Evidence, EvidenceKind, Feeling, ItemKey, Medium, Sentiment, SourceName};

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
        "handles": ["@nordbahn", "@alpinaair", "@brewsters", "@tannhof", "@voltex", "@packwerk"],
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
        aspects: Vec::new(),
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
    judge(&subject, clues)
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
