//! From what was heard to what is kept: one commit with the cursor. Of the rest no trace stays.

use super::{Ear, Rhythm};
use crate::model::{
    Cursor, Departure, Exit, Filling, Gap, Glance, Item, ItemKey, KeptItem, Notice, Reading, SourceState,
};
use crate::pipeline::again::first_looks;
use crate::pipeline::reading::{Occasion, Sorted, called, hashes, sort};
use crate::pipeline::{Parts, PipelineError, health};
use crate::store::{Known, key_hash};
use jiff::{SignedDuration, Timestamp};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Gaps that are remembered.
const GAPS_MOST: usize = 8;

/// How long a gap is told with the source.
const GAP_TOLD: SignedDuration = SignedDuration::from_hours(24);

impl Ear<'_> {
    /// Commits what waits, with `cursor`. Without anything to keep, the cursor alone is saved every now and then.
    pub(super) async fn keep(&mut self, cursor: Cursor, rhythm: &Rhythm, is_last: bool) -> Result<(), PipelineError> {
        let now = (self.parts.clock)();
        let haul = self.gathered.haul();
        // Where the source is asked as well, its health is that of asking.
        let has_recovered = self.is_alive && !self.state.health.is_good() && self.asked.is_none();
        let has_moved = self.state.cursor != cursor || has_recovered;
        let has_filled = std::mem::take(&mut self.has_filled);
        let has_moved = has_moved || has_filled;
        let is_due = is_last || has_filled || self.saved_at.is_none_or(|at| at.elapsed() >= rhythm.cursor);
        if haul.is_empty() && !(has_moved && is_due) {
            return Ok(());
        }
        let revisions = Arc::new(haul.revisions);
        let heard: HashSet<u64> = haul.items.iter().map(|item| key_hash(&item.key)).collect();
        let kept = self.sorted(haul.items, &revisions, now).await?;
        let mut departures: Vec<Departure> =
            kept.unsaid.into_iter().map(|key| Departure::new(key, Exit::Unsaid)).collect();
        departures.extend(kept.back.into_iter().map(|key| Departure::new(key, Exit::Back)));
        departures.extend(haul.deleted.into_iter().map(|key| {
            let revision = revisions.get(&key_hash(&key)).cloned().unwrap_or_default();
            Departure { revision, ..Departure::told(key) }
        }));
        for (namespace, prefix, to) in haul.gone {
            let theirs = self.parts.store.kept_below(namespace, prefix).await?;
            // What waits of an author was said after the account was closed, and so when it was open again.
            let is_open = |key: &ItemKey| matches!(to, Exit::Hidden(_)) && heard.contains(&key_hash(key));
            let theirs = theirs.into_iter().filter(|key| !is_open(key));
            departures.extend(theirs.map(|key| Departure::new(key, to)));
        }
        if !(haul.gaps.is_empty() && kept.kept.is_empty() && departures.is_empty()) || (has_moved && is_due) {
            self.note_gaps(haul.gaps);
            let hashes: Vec<u64> = kept.kept.iter().map(|kept| key_hash(&kept.item.key)).collect();
            let aliases = |item: &Item| {
                let of = |id: &String| key_hash(&ItemKey { namespace: item.key.namespace.clone(), id: id.clone() });
                item.aliases.iter().map(of).collect::<Vec<u64>>()
            };
            let called: Vec<u64> = kept.kept.iter().flat_map(|kept| aliases(&kept.item)).collect();
            let gone: Vec<u64> = departures
                .iter()
                .filter(|departure| departure.to != Exit::Back)
                .map(|departure| key_hash(&departure.key))
                .collect();
            if kept.kept.iter().any(|kept| kept.analysis.mentions.iter().any(|mention| !mention.own)) {
                self.state.memory.mention_at = Some(now);
            }
            self.commit(cursor, kept.kept, departures, now).await?;
            for key in &gone {
                self.kept.remove(key);
            }
            self.kept.extend(hashes.into_iter().chain(called));
        }
        Ok(())
    }

    async fn commit(
        &mut self,
        cursor: Cursor,
        kept: Vec<KeptItem>,
        departures: Vec<Departure>,
        now: Timestamp,
    ) -> Result<(), PipelineError> {
        let due_at = self.asked.and_then(|asked| asked.due_at).unwrap_or(now);
        let is_asked_in_vain = self.asked.is_some() && !self.state.health.is_good();
        let (mut state, recovered) = if is_asked_in_vain {
            // What is heard does not make up for what could not be asked for.
            (self.state.clone(), None)
        } else {
            let (state, recovered) = health::after_success(self.state.clone(), due_at, now);
            (SourceState { message: self.in_words(&state.memory.gaps, now), ..state }, recovered)
        };
        state.cursor = cursor.clone();
        let notices: Vec<Notice> = recovered.into_iter().collect();
        let source = self.spec.name.clone();
        let looks = if self.looks_again { first_looks(&kept, false, now) } else { Vec::new() };
        let reading = Reading {
            source,
            at: now,
            kept,
            passed: Vec::new(),
            departures,
            looks,
            glance: Glance::List,
            cursor,
            state: state.clone(),
            notices,
        };
        let committed = self.parts.store.commit(reading).await?;
        self.state = state;
        self.saved_at = Some(tokio::time::Instant::now());
        (self.tell)(&self.state, committed);
        Ok(())
    }

    /// What is to be kept of `items`, and what of the kept is to go because it no longer says what it was kept for.
    async fn sorted(
        &mut self,
        mut items: Vec<Item>,
        revisions: &Arc<HashMap<u64, String>>,
        now: Timestamp,
    ) -> Result<Kept, PipelineError> {
        if items.is_empty() {
            return Ok(Kept::default());
        }
        self.authors.fill(items.iter_mut());
        let mut kept = sorted(self.parts, items.clone(), (self.spec.stories, revisions), now).await?;
        let asked = (self.stream.as_ref(), &self.parts.fetcher);
        if self.authors.ask(asked, kept.kept.iter().map(|kept| &kept.item), now).await {
            self.authors.fill(items.iter_mut());
            kept = sorted(self.parts, items, (self.spec.stories, revisions), now).await?;
        }
        Ok(kept)
    }

    fn note_gaps(&mut self, gaps: Vec<Gap>) {
        for gap in &gaps {
            let (source, from, to) = (&self.spec.name, gap.from, gap.to);
            tracing::warn!(%source, %from, %to, "{source} has a gap: what was said from {from} to {to} is missing");
        }
        let known = &mut self.state.memory.gaps;
        known.extend(gaps);
        let n_forgotten = known.len().saturating_sub(GAPS_MOST);
        known.drain(..n_forgotten);
    }

    /// What a person should know of a stream that is heard.
    pub(super) fn in_words(&self, gaps: &[Gap], now: Timestamp) -> String {
        let gap = gaps.last().filter(|gap| now.duration_since(gap.to) < GAP_TOLD);
        let gap = gap.map(gap_in_words);
        let deaf = self.deaf.as_ref().map(|why| format!("its stream is not heard ({why}); it is asked meanwhile"));
        let unread = self.unread.as_ref().map(|(n, last)| format!("{n} messages could not be read, the last: {last}"));
        gap.into_iter().chain(deaf).chain(unread).collect::<Vec<_>>().join("; ")
    }
}

/// What a person should know of a gap.
fn gap_in_words(gap: &Gap) -> String {
    let Gap { from, to, filling } = gap;
    let end = match filling {
        Filling::Open => "is missing: the stream no longer had it".to_owned(),
        Filling::Whole { n_items } => format!("was missing in the stream, and is filled by search ({n_items} items)"),
        Filling::Cut { n_items } => {
            format!("is filled in part: the search was cut off, after it found {n_items} items")
        }
        Filling::Refused { status, n_items: 0 } => {
            format!("is missing: the stream no longer had it, and the search for it was refused ({status})")
        }
        Filling::Refused { status, n_items } => {
            format!("is filled in part: the search was refused ({status}), after it found {n_items} items")
        }
    };
    format!("what was said from {from:.0} to {to:.0} {end}")
}

/// What a commit is to write.
#[derive(Default)]
struct Kept {
    kept: Vec<KeptItem>,
    /// What names no brand any more.
    unsaid: Vec<ItemKey>,
    /// What was deleted before and is published anew.
    back: Vec<ItemKey>,
}

async fn sorted(
    parts: &Arc<Parts>,
    items: Vec<Item>,
    (has_stories, revisions): (bool, &Arc<HashMap<u64, String>>),
    now: Timestamp,
) -> Result<Kept, PipelineError> {
    let (worker, revisions) = (Arc::clone(parts), Arc::clone(revisions));
    let n_bytes = items.iter().map(|item| item.text.len()).sum();
    let act = move || {
        let hashes = hashes(&items);
        let mut known = worker.store.known_blocking(hashes.clone(), now)?;
        let asked: Vec<u64> = hashes.iter().map(|hashes| hashes.key_hash).collect();
        let deleted: HashMap<u64, String> = worker.store.deleted_revisions_blocking(&asked)?.into_iter().collect();
        let is_later = |key: &u64| deleted.get(key).zip(revisions.get(key)).is_some_and(|(old, new)| new > old);
        let mut back = Vec::new();
        for ((known, key), item) in known.iter_mut().zip(&asked).zip(&items) {
            if is_later(key) {
                *known = Known::New;
                back.push(item.key.clone());
            }
        }
        worker.store.call(called(&items, &known));
        let changed = hashes.iter().zip(&known).zip(&items).filter(|((_, known), _)| **known == Known::Changed);
        let changed: HashMap<u64, ItemKey> =
            changed.map(|((hashes, _), item)| (hashes.key_hash, item.key.clone())).collect();
        let learned = worker.learning.now(&worker.store)?;
        // One that is new to us begins at what is said now: nothing of it is a backlog.
        let occasion = Occasion { is_first: false, has_stories, now };
        let Sorted { kept, passed } = sort((&worker, &learned), items, &hashes, &known, occasion);
        let unsaid = passed.iter().filter_map(|print| changed.get(&print.key_hash).cloned()).collect();
        Ok(Kept { kept, unsaid, back })
    };
    // A text that breaks the analysis is a fault of ours; what came with it is lost, and told.
    parts.turns.read(n_bytes, act).await.unwrap_or_else(|| {
        tracing::error!("a message broke its reader; please report this");
        Ok(Kept::default())
    })
}
