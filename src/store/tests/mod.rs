//! The contract of the store, written against its public methods: another database has to pass it unchanged.

mod alias;
mod commit;
mod correction;
mod departure;
mod digest;
mod folder;
mod inbox;
mod journey;
mod keep;
mod kill;
mod migration;
mod missed;
mod outbox;
mod past;
mod routing;
mod search;
mod seen;
mod story;
mod trace;

use super::{DataFolder, Store, key_hash};
use crate::model::{
    Alert, AlertBody, AlertKey, Analysis, Brand, BrandId, ChannelName, Cursor, Deadline, Departure, Feeling,
    Fingerprint, Glance, Item, ItemKey, Judgement, KeptItem, Kind, Mention, NearestOutlet, NoticeId, Opportunity,
    PassReason, Phase, Plan, PostedAt, Reading, RouteName, Sentiment, Slots, SourceHealth, SourceName, SourceState,
    Validators,
};
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;
use tempfile::TempDir;

/// A store in a folder that goes when the test ends.
struct Room {
    store: Store,
    folder: DataFolder,
    place: TempDir,
}

fn room() -> Room {
    let place = tempfile::tempdir().expect("a temporary folder");
    let folder = DataFolder::open(place.path().join("data")).expect("a data folder");
    let store = Store::open(&folder).expect("a store");
    Room { store, folder, place }
}

/// Noon of a day, plus minutes.
fn minute(minutes: i64) -> Timestamp {
    let noon: Timestamp = "2026-05-04T12:00:00Z".parse().expect("well-formed");
    noon + SignedDuration::from_mins(minutes)
}

fn days(n: i64) -> i64 {
    n * 24 * 60
}

fn source() -> SourceName {
    SourceName::new("acme-forum")
}

fn key(id: &str) -> ItemKey {
    ItemKey { namespace: "acme-forum".to_owned(), id: id.to_owned() }
}

fn state(at: Timestamp) -> SourceState {
    SourceState {
        health: SourceHealth::Fresh,
        since: Some(at),
        asked_at: Some(at),
        read_at: Some(at),
        due_at: Some(at + SignedDuration::from_mins(15)),
        validators: Validators { etag: Some("W/\"1\"".to_owned()), last_modified: None },
        ..SourceState::unread(source())
    }
}

fn reading(at: Timestamp, kept: Vec<KeptItem>) -> Reading {
    Reading {
        source: source(),
        at,
        kept,
        passed: Vec::new(),
        departures: Vec::new(),
        looks: Vec::new(),
        glance: Glance::List,
        cursor: Cursor(serde_json::json!({ "after": at.to_string() })),
        state: state(at),
        notices: Vec::new(),
    }
}

fn passed(id: &str, content_hash: u64) -> Fingerprint {
    Fingerprint { key_hash: key_hash(&key(id)), url_hash: u64::MAX, content_hash, reason: PassReason::NoBrand }
}

/// An item that mentions `brand`, published when it is read.
fn kept(id: &str, brand: &str, at: Timestamp) -> KeptItem {
    let mut item = Item::new(source(), key(id));
    item.title = format!("Post {id}");
    item.text = "Könnte mir jemand ein Steak bringen?".to_owned();
    item.published = Some(PostedAt::utc(at));
    let mention = Mention {
        brand: BrandId::new(brand),
        relevance: 0.9,
        evidence: Vec::new(),
        sentiment: Feeling { label: Sentiment::Positive, score: 0.5, ..Feeling::default() },
        emotion: None,
        aspects: vec!["food".to_owned()],
        touchpoint: None,
        direct: true,
        own: false,
        reasons: Vec::new(),
    };
    KeptItem {
        item,
        content_hash: u64::MAX - 1,
        analysis: Analysis { lang: Some("de".to_owned()), mentions: vec![mention], ..Analysis::default() },
        opportunities: vec![None],
        phases: vec![Phase::Use],
        backlog: false,
        story_keys: Vec::new(),
    }
}

/// The same item as an opportunity of `kind`.
fn opportunity(id: &str, brand: &str, at: Timestamp, kind: Kind, score: f32) -> KeptItem {
    let judgement = Judgement {
        kinds: vec![kind],
        phase: Phase::Presales,
        slots: Slots { wish: Some("a steak".to_owned()), place: Some("Newark".to_owned()), ..Slots::default() },
        surprise: kind == Kind::Wish,
        score,
        ..Judgement::default()
    };
    let nearest = NearestOutlet {
        name: "Hackensack".to_owned(),
        contact: None,
        distance_km: 23.5,
        approval: Duration::from_secs(600),
        preparation: Duration::from_secs(2700),
        travel: Duration::from_secs(1500),
        open: None,
        zone: None,
    };
    KeptItem {
        opportunities: vec![Some(Opportunity { judgement, nearest: Some(nearest), plan: Plan::default() })],
        ..kept(id, brand, at)
    }
}

fn with_deadline(mut item: KeptItem, at: Timestamp) -> KeptItem {
    if let Some(Some(opportunity)) = item.opportunities.first_mut() {
        opportunity.judgement.slots.deadline =
            Some(Deadline { at: PostedAt::utc(at), words: "in two hours".to_owned() });
    }
    item
}

fn brand(id: &str, competitor: bool) -> Brand {
    let table = serde_json::json!({ "id": id, "name": id, "competitor": competitor });
    serde_json::from_value(table).expect("a brand")
}

fn alert(key: &str, notices: &[NoticeId], at: Timestamp) -> Alert {
    Alert {
        key: AlertKey::new(key),
        route: RouteName("all".to_owned()),
        channel: ChannelName("mail".to_owned()),
        recipient: "team@example.com".to_owned(),
        notices: notices.to_vec(),
        body: AlertBody {
            subject: "A wish".to_owned(),
            text: "Somebody wishes for a steak.".to_owned(),
            html: "<p>Somebody wishes for a steak.</p>".to_owned(),
            json: serde_json::json!({ "type": "opportunity" }),
        },
        unsubscribe: None,
        created_at: at,
    }
}

/// Deletions as a source tells of them.
fn told(keys: &[ItemKey]) -> Vec<Departure> {
    keys.iter().cloned().map(Departure::told).collect()
}
