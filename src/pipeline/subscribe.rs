//! Asks hubs to tell us what is new (WebSub), renews that before it ends, and takes it back.
//!
//! In: the hubs that sources name, and the house's public address. Out: requests to hubs; what they confirm comes in by
//! the listener. Whatever a hub does, its source is read on: fast without a hub that tells, slower with one, and fast
//! again at the first reading that finds what the hub had not told.

use super::schedule::state_of;
use super::{Parts, PipelineError};
use crate::model::{
    Means, Memory, Payload, Request, SourceName, SourceSpec, SourceState, Subscription, Validators, Wish,
};
use crate::store::Wanted;
use crate::text::hash64;
use crate::wording::{Links, is_secret_line};
use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::time::Duration;

/// How long a hub is asked to tell us.
pub const LEASE: Duration = Duration::from_secs(10 * 86_400);

/// How long a hub has to confirm what it was asked for, before it is asked again.
const PATIENCE: Duration = Duration::from_secs(10 * 60);

/// Back-off after an asking in vain: from here, doubled with each, up to the most.
const BACKOFF_LEAST: Duration = Duration::from_secs(60);
const BACKOFF_MOST: Duration = Duration::from_secs(6 * 3600);

/// Hubs that are asked together.
const ASKED_TOGETHER: usize = 8;

/// A source of which a hub tells us is read this many times as seldom, within bounds: a safety net.
const SLOWER: i32 = 4;
const NET_LEAST: SignedDuration = SignedDuration::from_hours(1);
const NET_MOST: SignedDuration = SignedDuration::from_hours(6);

/// The most bytes of a hub's answer: nobody reads it.
const ANSWER_LIMIT_BYTES: usize = 64 << 10;

/// The longest reason that is kept, in bytes.
const REASON_LIMIT_BYTES: usize = 300;

/// Sees to it that hubs are asked for what the sources of now name, and nothing else: at a start and after a reload.
///
/// # Errors
/// [`PipelineError`] where the store fails.
pub async fn settle_subscriptions(parts: &Parts) -> Result<(), PipelineError> {
    let Some(links) = &parts.settings.alert.links else { return Ok(()) };
    let states = parts.store.source_states().await?;
    let mut states: HashMap<SourceName, SourceState> =
        states.into_iter().map(|state| (state.source.clone(), state)).collect();
    let told = parts.settings.watch.sources.iter().filter(|spec| is_told(spec));
    let wanted = told.filter_map(|spec| {
        let state = state_of(spec, states.remove(&spec.name));
        Some(wanted(links, &spec.name, &state.memory.hub?))
    });
    Ok(parts.store.want(None, wanted.collect(), (parts.clock)()).await?)
}

/// Takes in what sources named since the last time, and asks every hub that is due to be asked.
///
/// # Errors
/// [`PipelineError`] where the store fails. A hub that fails is none.
pub async fn keep_subscriptions(parts: &Parts) -> Result<(), PipelineError> {
    let Some(links) = &parts.settings.alert.links else { return Ok(()) };
    for (source, hub) in parts.bell.take_hubs() {
        let is_watched = parts.settings.watch.sources.iter().any(|spec| spec.name == source && is_told(spec));
        let wanted = hub.filter(|_| is_watched).map(|hub| wanted(links, &source, &hub));
        parts.store.want(Some(source), wanted.into_iter().collect(), (parts.clock)()).await?;
    }
    let due = parts.store.due_subscriptions((parts.clock)(), ASKED_TOGETHER).await?;
    join_all(due.iter().map(|due| ask(parts, links, due))).await.into_iter().collect()
}

/// Whether a hub is asked to tell of `spec`: what it brings can be read as an answer of the source.
pub(super) fn is_told(spec: &SourceSpec) -> bool {
    spec.websub && spec.engine == "feed"
}

fn wanted(links: &Links, source: &SourceName, hub: &crate::model::Hub) -> Wanted {
    let id = links.subscription_id(source.as_str(), &hub.hub, &hub.topic);
    Wanted { id, source: source.clone(), hub: hub.hub.clone(), topic: hub.topic.clone() }
}

async fn ask(parts: &Parts, links: &Links, due: &Subscription) -> Result<(), PipelineError> {
    let now = (parts.clock)();
    // Noted before: a hub may ask back before it answers.
    let vain = due.failures + u32::from(due.asked_at.is_some());
    parts.store.note_asked(&due.id, after(now, PATIENCE.max(backoff(&due.id, vain))), now).await?;
    let (source, wish) = (&due.source, due.wish.as_str());
    match parts.fetcher.fetch(&request(links, due), &Validators::default(), now).await {
        Ok(_) => tracing::debug!(%source, "asked a hub to {wish}"),
        Err(error) => {
            let mut reason = format!("the hub could not be asked to {wish}: {error}");
            reason.truncate(reason.floor_char_boundary(REASON_LIMIT_BYTES));
            tracing::debug!(%source, "{reason}");
            parts.store.note_unheard(&due.id, reason, after(now, backoff(&due.id, vain))).await?;
        }
    }
    Ok(())
}

fn request(links: &Links, due: &Subscription) -> Request {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.append_pair("hub.mode", due.wish.as_str());
    form.append_pair("hub.topic", &due.topic);
    form.append_pair("hub.callback", &links.callback(&due.id));
    // Asked for by hubs that are older than the recommendation, and passed over by all others.
    form.append_pair("hub.verify", "async");
    if due.wish == Wish::Subscribe {
        form.append_pair("hub.lease_seconds", &LEASE.as_secs().to_string());
        if is_secret_line(&due.hub) {
            form.append_pair("hub.secret", &links.hub_secret(&due.id));
        }
    }
    let payload = Payload { content_type: "application/x-www-form-urlencoded", body: form.finish().into() };
    Request {
        means: Means { payload: Some(payload), ..Means::default() },
        ..Request::plain(due.hub.clone(), ANSWER_LIMIT_BYTES)
    }
}

/// The pause after the `vain`th asking in vain in a row, longer by up to a quarter that is the subscription's own.
fn backoff(id: &str, vain: u32) -> Duration {
    let doubled = BACKOFF_LEAST.saturating_mul(1_u32.checked_shl(vain).unwrap_or(u32::MAX)).min(BACKOFF_MOST);
    let share = hash64(&[id, &vain.to_string()]) % 256;
    doubled + doubled / 1024 * u32::try_from(share).unwrap_or(0)
}

fn after(now: Timestamp, pause: Duration) -> Timestamp {
    now.saturating_add(pause).unwrap_or(Timestamp::MAX)
}

/// What a reading found at a source of which a hub may tell us.
#[derive(Debug, Clone, Copy)]
pub(super) struct Finding {
    /// Items that were new to us.
    pub(super) n_new: usize,
    /// When the source was read before.
    pub(super) read_before: Option<Timestamp>,
    /// When the reading would be followed by the next one if no hub told us.
    pub(super) due_at: Timestamp,
}

/// When a source is read again after a reading at `now`: later where a hub tells us what is new. What the hub brought
/// is news of the source, and goes into its `memory`.
///
/// # Errors
/// [`PipelineError`] where the store fails.
pub(super) async fn next_reading(
    parts: &Parts,
    spec: &SourceSpec,
    memory: &mut Memory,
    finding: Finding,
    now: Timestamp,
) -> Result<Timestamp, PipelineError> {
    let due_at = finding.due_at;
    if memory.hub.is_none() || parts.settings.alert.links.is_none() || !is_told(spec) {
        return Ok(due_at);
    }
    let Some(known) = parts.store.subscription_of(&spec.name).await? else { return Ok(due_at) };
    memory.news_at = memory.news_at.max(known.brought_at);
    if has_missed(&known, finding, now) {
        let source = &spec.name;
        tracing::debug!(%source, "a hub did not tell what was new at {source}; it is read as often as before");
        parts.store.note_missed(&known.id, now).await?;
        return Ok(due_at);
    }
    // `every` is the operator's word.
    if spec.every.is_some() || !known.is_trusted(now) {
        return Ok(due_at);
    }
    Ok(slower(due_at, known.lease_until.unwrap_or(due_at), now))
}

/// Whether the hub could have told of what was found: it told since before the last reading, and nothing since then.
fn has_missed(known: &Subscription, finding: Finding, now: Timestamp) -> bool {
    let Some(read_before) = finding.read_before else { return false };
    let told_since = known.told_at.is_some_and(|told| told >= read_before);
    let could_tell = known.is_alive(now) && known.alive_at.is_some_and(|alive| alive <= read_before);
    finding.n_new > 0 && could_tell && !told_since
}

/// The pace of the safety net: no later than the end of the lease, no sooner than without a hub.
fn slower(due_at: Timestamp, lease_until: Timestamp, now: Timestamp) -> Timestamp {
    let pause = due_at.duration_since(now).checked_mul(SLOWER).unwrap_or(NET_MOST).clamp(NET_LEAST, NET_MOST);
    now.saturating_add(pause).unwrap_or(Timestamp::MAX).min(lease_until).max(due_at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_770_000_000 + second).expect("a time")
    }

    fn known() -> Subscription {
        Subscription {
            id: "s".to_owned(),
            source: SourceName::new("blog"),
            hub: "https://hub.example/".to_owned(),
            topic: "https://blog.example/feed?a=1&b".to_owned(),
            wish: Wish::Subscribe,
            asked_at: None,
            next_at: None,
            failures: 0,
            alive_at: Some(at(0)),
            lease_until: Some(at(10_000)),
            told_at: None,
            brought_at: None,
            missed_at: None,
            message: String::new(),
        }
    }

    #[test]
    fn what_a_hub_could_have_told_is_missed() {
        let finding = |n_new, read: i64| Finding { n_new, read_before: Some(at(read)), due_at: at(900) };
        assert!(has_missed(&known(), finding(1, 0), at(500)));
        assert!(!has_missed(&known(), finding(0, 0), at(500)), "nothing was new");
        assert!(!has_missed(&known(), finding(1, -1), at(500)), "it may have been said before the hub agreed");
        assert!(!has_missed(&known(), finding(1, 0), at(10_000)), "the lease is over");
        let told = Subscription { told_at: Some(at(100)), ..known() };
        assert!(!has_missed(&told, finding(1, 0), at(500)), "it told to look");
        assert!(has_missed(&told, finding(1, 200), at(500)));
    }

    #[test]
    fn a_hub_that_missed_something_is_believed_when_it_tells_again() {
        let missed = Subscription { missed_at: Some(at(100)), ..known() };
        assert!(known().is_trusted(at(200)) && !missed.is_trusted(at(200)));
        assert!(Subscription { told_at: Some(at(101)), ..missed }.is_trusted(at(200)));
    }

    #[test]
    fn a_secret_goes_to_a_hub_that_is_asked_to_tell_over_tls() {
        let links = Links { base: "https://listen.example".to_owned(), key: crate::text::SealKey::new([5; 32]) };
        let form = |due: &Subscription| {
            let payload = request(&links, due).means.payload.expect("a form");
            String::from_utf8(payload.body.to_vec()).expect("text")
        };
        let asked = form(&known());
        assert!(
            asked.starts_with("hub.mode=subscribe&hub.topic=https%3A%2F%2Fblog.example%2Ffeed%3Fa%3D1%26b&"),
            "{asked}"
        );
        assert!(asked.contains("hub.lease_seconds=864000&hub.secret="), "{asked}");
        assert!(!form(&Subscription { hub: "http://hub.example/".to_owned(), ..known() }).contains("secret"));
        assert!(!form(&Subscription { wish: Wish::Unsubscribe, ..known() }).contains("secret"));
    }

    proptest! {
        #[test]
        fn the_safety_net_is_bounded(pause in 1..100_000_i64, lease in -10..200_000_i64) {
            let due = slower(at(pause), at(lease), at(0));
            prop_assert!(due >= at(pause));
            prop_assert!(due <= at(pause.max(6 * 3600)));
            prop_assert!(due <= at(pause.max(lease)));
        }

        #[test]
        fn askings_in_vain_become_rarer_up_to_a_bound(vain in 0..100_u32) {
            let pause = backoff("s", vain);
            prop_assert!(pause >= BACKOFF_LEAST && pause <= BACKOFF_MOST * 5 / 4);
            prop_assert!(backoff("s", vain + 2) > pause || pause >= BACKOFF_MOST);
        }
    }
}
