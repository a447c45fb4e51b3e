//! Looks after our own house: what keeps us from storing and telling is told as well, by a way that still works.
//!
//! In: the room on the disk and the state of the outbox. Out: notices about what turned bad and what works again,
//! once for each part and turn, and at most once a day. A channel's trouble never goes to that channel (see
//! `alert::decide`); where there is no other, the log, `stats`, `sources` and the next digest still say it.

use super::deliver::{attempt, channel_named};
use super::{Parts, PipelineError};
use crate::alert;
use crate::model::{Alert, Delivered, Notice, NoticeId, NoticeKind, Part, PendingNotice, Trouble};
use crate::store::{FailingAlert, OutboxState};
use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;

/// Below so much room, and below this share of it, the disk is nearly full; it is well again above twice as much.
const ROOM_LEAST_BYTES: u64 = 256 << 20;
const ROOM_LEAST_PERCENT: u64 = 10;

/// After so many attempts in vain, some four minutes, a channel is in trouble.
const ATTEMPTS: u32 = 3;

/// So many messages that wait, the oldest for so long, are a jam.
const JAM: u64 = 100;
const JAM_AFTER: SignedDuration = SignedDuration::from_hours(1);

/// A digest that is tried in vain for so long was not sent.
const DIGEST_LATE: SignedDuration = SignedDuration::from_hours(1);

/// What was given up within this time still counts; and no part is told of more often.
const A_DAY: SignedDuration = SignedDuration::from_hours(24);

/// What the house shows of itself.
#[derive(Debug, Default)]
struct Vitals {
    /// Free bytes and all bytes of the disk with the data folder; `None` where the system does not say.
    room_bytes: Option<(u64, u64)>,
    outbox: OutboxState,
}

/// Looks at disk and outbox, notes what turned bad or well, and leaves the notices to the router.
///
/// # Errors
/// [`PipelineError`] where the store fails.
pub async fn look_after_house(parts: &Parts) -> Result<(), PipelineError> {
    let now = (parts.clock)();
    let since = now.saturating_sub(A_DAY).unwrap_or(Timestamp::MIN);
    let vitals = Vitals { room_bytes: parts.store.room_bytes(), outbox: parts.store.outbox_state(since).await? };
    let known = parts.store.troubles().await?;
    let (changed, notices) = changes(&known, &complaints(&vitals, &known, now), now);
    for trouble in &changed {
        let (part, message) = (&trouble.part, &trouble.message);
        match trouble.since {
            Some(_) => tracing::error!(%part, "porterhouse itself: {part}: {message}"),
            None => tracing::info!(%part, "porterhouse itself: {part} works again"),
        }
    }
    if !changed.is_empty() {
        parts.store.save_troubles(changed, notices).await?;
    }
    Ok(())
}

/// Whether a disk with `free` of `all` bytes is nearly full, by limits that are `factor` times as high.
#[must_use]
pub fn is_room_low(free: u64, all: u64, factor: u64) -> bool {
    free < factor * ROOM_LEAST_BYTES && free < factor * (all / 100 * ROOM_LEAST_PERCENT)
}

/// Tells every channel, past the outbox, that the store fails: nothing can be noted any more.
pub async fn cry_out(parts: &Parts, message: &str) {
    let now = (parts.clock)();
    let kind = NoticeKind::HouseTrouble { part: Part::Store, message: message.to_owned() };
    let notice = Notice { kind, at: now, backlog: false };
    let pending = PendingNotice { id: NoticeId(0), notice, is_past: false, card: None, told_by: Vec::new() };
    let decisions = alert::decide(&pending, &parts.settings.alert, None, now);
    let alerts: Vec<Alert> = decisions.into_iter().flat_map(|decision| decision.alerts).collect();
    join_all(alerts.iter().map(|alert| say(parts, alert))).await;
}

async fn say(parts: &Parts, alert: &Alert) {
    let channel = channel_named(parts, &alert.channel);
    match attempt(parts, channel.as_ref(), alert).await {
        Delivered::Acknowledged => {}
        Delivered::Retry(reason) | Delivered::Refused(reason) => {
            let channel = &alert.channel;
            tracing::error!(%channel, "the channel `{channel}` could not be told: {reason}");
        }
    }
}

/// Leaves the notice that the store works again.
///
/// # Errors
/// [`PipelineError`] where it does not.
pub async fn store_recovered(parts: &Parts) -> Result<(), PipelineError> {
    let kind = NoticeKind::HouseRecovered { part: Part::Store };
    let notice = Notice { kind, at: (parts.clock)(), backlog: false };
    Ok(parts.store.save_troubles(Vec::new(), vec![notice]).await?)
}

/// Every part that does not work, with the particulars.
fn complaints(vitals: &Vitals, known: &[Trouble], now: Timestamp) -> BTreeMap<Part, String> {
    let mut found = BTreeMap::new();
    let is_in_trouble = |part: &Part| known.iter().any(|trouble| trouble.part == *part && trouble.since.is_some());
    let factor = if is_in_trouble(&Part::Disk) { 2 } else { 1 };
    let is_low = |(free, all): &(u64, u64)| is_room_low(*free, *all, factor);
    if let Some((free, _)) = vitals.room_bytes.filter(is_low) {
        found.insert(Part::Disk, format!("{} MiB are free on the disk with the data folder", free >> 20));
    }
    let outbox = &vitals.outbox;
    let age = |at: Timestamp| now.duration_since(at);
    if outbox.n_waiting >= JAM && outbox.oldest_at.is_some_and(|at| age(at) > JAM_AFTER) {
        let minutes = outbox.oldest_at.map_or(0, |at| age(at).as_mins());
        found.insert(Part::Outbox, format!("{} messages wait, the oldest for {minutes} min", outbox.n_waiting));
    }
    for alert in &outbox.failing {
        if alert.is_parked || alert.attempts >= ATTEMPTS {
            found.entry(Part::Channel(alert.channel.clone())).or_insert_with(|| in_words(alert));
        }
        if alert.is_digest && (alert.is_parked || alert.attempts >= ATTEMPTS && age(alert.made_at) > DIGEST_LATE) {
            found.entry(Part::Digest).or_insert_with(|| in_words(alert));
        }
    }
    found
}

fn in_words(alert: &FailingAlert) -> String {
    let FailingAlert { channel, attempts, trouble, .. } = alert;
    let given_up = if alert.is_parked { "a message was given up" } else { "a message waits" };
    format!("{given_up} after {attempts} attempts by `{channel}`: {trouble}")
}

/// What is to be written and told, given what is known and what is complained of.
fn changes(known: &[Trouble], found: &BTreeMap<Part, String>, now: Timestamp) -> (Vec<Trouble>, Vec<Notice>) {
    let (mut changed, mut notices) = (Vec::new(), Vec::new());
    let mut tell = |kind| notices.push(Notice { kind, at: now, backlog: false });
    for (part, message) in found {
        let before = known.iter().find(|trouble| trouble.part == *part);
        let since = before.and_then(|trouble| trouble.since);
        let told_at = before.and_then(|trouble| trouble.told_at);
        let is_told =
            told_at.is_some_and(|told| since.is_some_and(|since| told >= since) || now.duration_since(told) < A_DAY);
        if is_told && since.is_some() {
            continue;
        }
        if !is_told {
            tell(NoticeKind::HouseTrouble { part: part.clone(), message: message.clone() });
        }
        if since.is_none() || !is_told {
            let told_at = if is_told { told_at } else { Some(now) };
            let (part, message) = (part.clone(), message.clone());
            changed.push(Trouble { part, since: Some(since.unwrap_or(now)), told_at, message });
        }
    }
    for trouble in known.iter().filter(|trouble| !found.contains_key(&trouble.part)) {
        let Some(since) = trouble.since else { continue };
        if trouble.told_at.is_some_and(|told| told >= since) {
            tell(NoticeKind::HouseRecovered { part: trouble.part.clone() });
        }
        changed.push(Trouble { since: None, message: String::new(), ..trouble.clone() });
    }
    (changed, notices)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ChannelName;

    fn at(hours: i64) -> Timestamp {
        Timestamp::from_second(1_772_800_000 + hours * 3600).expect("a time")
    }

    fn low_disk() -> Vitals {
        Vitals { room_bytes: Some((100 << 20, 10 << 30)), outbox: OutboxState::default() }
    }

    fn well() -> Vitals {
        Vitals { room_bytes: Some((9 << 30, 10 << 30)), outbox: OutboxState::default() }
    }

    /// Looks again and again; the kinds of the notices of each look.
    fn told(looks: &[(i64, Vitals)]) -> Vec<Vec<&'static str>> {
        let mut known: Vec<Trouble> = Vec::new();
        let mut told = Vec::new();
        for (hour, vitals) in looks {
            let (changed, notices) = changes(&known, &complaints(vitals, &known, at(*hour)), at(*hour));
            for trouble in changed {
                known.retain(|old| old.part != trouble.part);
                known.push(trouble);
            }
            told.push(notices.iter().map(|notice| notice.kind.as_str()).collect());
        }
        told
    }

    #[test]
    fn trouble_is_told_once_and_recovery_once() {
        let looks = [(0, well()), (1, low_disk()), (2, low_disk()), (40, low_disk()), (41, well()), (42, well())];
        let expected: [&[&str]; 6] = [&[], &["house_trouble"], &[], &[], &["house_recovered"], &[]];
        assert_eq!(told(&looks), expected);
    }

    #[test]
    fn what_comes_and_goes_is_told_once_a_day() {
        let looks = [(0, low_disk()), (1, well()), (2, low_disk()), (3, well()), (23, low_disk()), (25, low_disk())];
        let expected: [&[&str]; 6] = [&["house_trouble"], &["house_recovered"], &[], &[], &[], &["house_trouble"]];
        assert_eq!(told(&looks), expected);
    }

    #[test]
    fn a_little_room_more_is_no_recovery() {
        let more = || Vitals { room_bytes: Some((300 << 20, 10 << 30)), ..Vitals::default() };
        assert_eq!(told(&[(0, more()), (1, low_disk()), (2, more())]), [vec![], vec!["house_trouble"], vec![]]);
    }

    #[test]
    fn a_small_disk_that_is_mostly_free_is_no_trouble() {
        let small = Vitals { room_bytes: Some((13 << 20, 16 << 20)), ..Vitals::default() };
        assert_eq!(told(&[(0, small)]), [Vec::<&str>::new()]);
    }

    #[test]
    fn a_refused_digest_is_trouble_of_the_channel_and_of_the_digest() {
        let failing = |attempts, hours_ago: i64, is_parked| Vitals {
            room_bytes: None,
            outbox: OutboxState {
                n_waiting: 1,
                oldest_at: Some(at(-hours_ago)),
                failing: vec![FailingAlert {
                    channel: ChannelName("team".to_owned()),
                    is_digest: true,
                    made_at: at(-hours_ago),
                    attempts,
                    is_parked,
                    trouble: "454 try again later".to_owned(),
                }],
            },
        };
        let found =
            |vitals| complaints(&vitals, &[], at(0)).into_keys().map(|part| part.to_string()).collect::<Vec<_>>();
        assert!(found(failing(2, 0, false)).is_empty());
        assert_eq!(found(failing(3, 0, false)), ["channel team"]);
        assert_eq!(found(failing(5, 2, false)), ["channel team", "digest"]);
        assert_eq!(found(failing(1, 0, true)), ["channel team", "digest"]);
        let jam = OutboxState { n_waiting: 100, oldest_at: Some(at(-2)), failing: Vec::new() };
        assert_eq!(found(Vitals { room_bytes: None, outbox: jam }), ["outbox"]);
    }
}
