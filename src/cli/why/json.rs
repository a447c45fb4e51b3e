//! What `why` knows, as one JSON document.

use crate::app::{Outlook, PageOutlook, SiteSource, Why};
use crate::desk;
use crate::model::Change;
use serde_json::{Value, json};

/// The whole document.
pub(super) fn document(why: &Why) -> Value {
    let traces = why.traces.as_ref();
    json!({
        "url": why.url,
        "known": traces.is_some_and(|traces| !traces.is_empty()),
        "database": traces.is_some(),
        "kept": traces.map(|traces| &traces.kept).unwrap_or(&Vec::new()),
        "passed": traces.map(|traces| &traces.passed).unwrap_or(&Vec::new()),
        "gone": traces.map(|traces| &traces.gone).unwrap_or(&Vec::new()),
        "sources": why.sources.iter().map(source).collect::<Vec<_>>(),
        "now": why.outlook.as_ref().map(outlook),
    })
}

fn source(near: &SiteSource) -> Value {
    let state = &near.state;
    json!({
        "source": state.source, "url": near.url, "nearness": near.nearness, "health": state.health,
        "cause": state.cause, "message": state.message, "since": state.since, "asked_at": state.asked_at, "read_at": state.read_at,
        "due_at": state.due_at,
    })
}

fn outlook(outlook: &Outlook) -> Value {
    match outlook {
        Outlook::Feed { title, n_items } => json!({ "kind": "feed", "title": title, "items": n_items }),
        Outlook::Unreadable { message } => json!({ "kind": "unreadable", "message": message }),
        Outlook::Unreached { message } => json!({ "kind": "unreached", "message": message }),
        Outlook::Page(page) => self::page(page),
    }
}

fn page(page: &PageOutlook) -> Value {
    let mentions = &page.studied.analysis.mentions;
    let verdicts = mentions.iter().zip(&page.routes).flat_map(|(mention, routes)| {
        routes.iter().map(|(route, verdict)| {
            let mut told = json!({ "brand": mention.brand, "route": route });
            if let (Some(told), Ok(Value::Object(verdict))) = (told.as_object_mut(), serde_json::to_value(verdict)) {
                told.extend(verdict);
            }
            told
        })
    });
    let doubts = page.doubts.iter().map(|doubt| {
        json!({
            "brand": doubt.brand, "relevance": doubt.relevance, "evidence": doubt.evidence, "reasons": doubt.reasons,
        })
    });
    let matched = mentions
        .iter()
        .map(|mention| json!({ "brand": mention.brand, "evidence": mention.evidence, "reasons": mention.reasons }));
    json!({
        "kind": "page",
        "url": page.item.url,
        "title": page.item.title,
        "text": page.item.text,
        "published": page.item.published,
        "backlog": page.is_backlog,
        "analysis": desk::as_json(&page.studied),
        "matched": matched.collect::<Vec<_>>(),
        "doubts": doubts.collect::<Vec<_>>(),
        "relevance_floor": page.relevance_floor,
        "verdicts": verdicts.collect::<Vec<_>>(),
        "feeds": page.feeds,
    })
}

/// A change in few words: `spam false`, `sentiment negative`.
pub(super) fn words_of(change: &Change) -> String {
    match change {
        Change::Sentiment(label) => format!("sentiment {}", label.as_str()),
        Change::Relevant(is_relevant) => format!("relevant {is_relevant}"),
        Change::Spam(is_spam) => format!("spam {is_spam}"),
        Change::Kinds(kinds) if kinds.is_empty() => "no kind".to_owned(),
        Change::Kinds(kinds) => kinds.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(", "),
        Change::Phase(phase) => format!("phase {}", phase.as_str()),
        Change::Done(is_done) => format!("done {is_done}"),
    }
}
