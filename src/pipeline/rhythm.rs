//! What one answer teaches about the rhythm and the delay of its source, and when silence is unusual.
//!
//! In: the memory, the items, which of them are new. Out: the memory as it is now. Dates that cannot be right (far in
//! the future, or older than a year) teach nothing.

use crate::model::{Item, Memory};
use crate::store::Known;
use jiff::{SignedDuration, Timestamp};

/// Older items say nothing of today's rhythm.
const OLDEST: SignedDuration = SignedDuration::from_hours(400 * 24);
/// How far ahead of ours the clock of a source may be.
const AHEAD: SignedDuration = SignedDuration::from_hours(24);

/// Delays that are remembered.
const DELAYS_KEPT: usize = 21;

/// So many gaps make a rhythm that silence can be held against.
const GAPS_LEAST: u32 = 5;
/// Silence is unusual from so many times the longest gap on.
const UNUSUAL: i64 = 3;
/// And not before this: whoever we know for less than a week may rest at the weekend, everybody at night.
const QUIET_FROM: SignedDuration = SignedDuration::from_hours(12);
const QUIET_FROM_UNTIL_KNOWN: SignedDuration = SignedDuration::from_hours(72);
const KNOWN_AFTER: SignedDuration = SignedDuration::from_hours(7 * 24);
/// The longest gap counts half after so long: a summer break is not the rhythm of the whole year.
const FORGET_HALF_AFTER: SignedDuration = SignedDuration::from_hours(60 * 24);

/// One answer, seen as news.
pub(super) struct News<'n> {
    pub(super) items: &'n [Item],
    /// What was known of each item.
    pub(super) known: &'n [Known],
    /// It is the first answer of the source.
    pub(super) is_first: bool,
    /// When the source was read before.
    pub(super) read_at: Option<Timestamp>,
    pub(super) now: Timestamp,
}

/// What `memory` becomes by `news`.
pub(super) fn learn(memory: &mut Memory, news: &News<'_>) {
    let now = news.now;
    let gaps = gaps(news);
    let n_new = u32::try_from(news.known.iter().filter(|known| **known == Known::New).count()).unwrap_or(u32::MAX);
    let silence = memory.news_at.filter(|_| !news.is_first).map(|at| seconds(now.duration_since(at)));
    if let (true, Some(median)) = (gaps.len() >= 2, gaps.get(gaps.len() / 2)) {
        memory.gap_s = Some(*median);
    } else if let (Some(silence), true) = (silence, n_new > 0) {
        let observed = silence / n_new;
        memory.gap_s = Some(memory.gap_s.map_or(observed, |gap| gap / 4 * 3 + observed / 4));
    }
    let oldest = dates(news).min().unwrap_or(now).min(now);
    memory.known_since = Some(memory.known_since.map_or(oldest, |since| since.min(oldest)));
    memory.n_gaps = memory.n_gaps.max(u32::try_from(gaps.len()).unwrap_or(u32::MAX));
    if n_new == 0 {
        return;
    }
    if !news.is_first {
        memory.n_gaps = memory.n_gaps.saturating_add(n_new);
    }
    // As far as we looked: what was missed while it could not be read is no silence of the source.
    let silence = memory.news_at.zip(news.read_at).map(|(news_at, read_at)| seconds(read_at.duration_since(news_at)));
    let longest = [gaps.last().copied(), silence, faded(memory, now)].into_iter().flatten().max();
    memory.longest_gap_s = longest.or(memory.longest_gap_s);
    memory.news_at = Some(if news.is_first { dates(news).max().unwrap_or(now).min(now) } else { now });
    note_delays(memory, news);
}

/// Whether silence until `now` is longer than the rhythm of the source explains.
pub(super) fn is_unusually_quiet(memory: &Memory, now: Timestamp) -> bool {
    let (Some(longest), Some(news_at), Some(since)) = (memory.longest_gap_s, memory.news_at, memory.known_since) else {
        return false;
    };
    let least = if news_at.duration_since(since) >= KNOWN_AFTER { QUIET_FROM } else { QUIET_FROM_UNTIL_KNOWN };
    let usual = SignedDuration::from_secs(i64::from(longest).saturating_mul(UNUSUAL));
    memory.n_gaps >= GAPS_LEAST && now.duration_since(news_at) > usual.max(least)
}

/// The longest gap as far as it still counts.
fn faded(memory: &Memory, now: Timestamp) -> Option<u32> {
    let since = now.duration_since(memory.news_at?).as_secs().max(0);
    #[expect(clippy::cast_precision_loss, reason = "a share of a time")]
    let share = 0.5_f64.powf(since as f64 / FORGET_HALF_AFTER.as_secs() as f64);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a u32 is one")]
    memory.longest_gap_s.map(|longest| (f64::from(longest) * share) as u32)
}

fn dates<'n>(news: &'n News<'n>) -> impl Iterator<Item = Timestamp> + 'n {
    let earliest = news.now.saturating_sub(OLDEST).unwrap_or(Timestamp::MIN);
    let latest = news.now.saturating_add(AHEAD).unwrap_or(Timestamp::MAX);
    let posted = news.items.iter().filter_map(|item| item.published.map(|posted| posted.at));
    posted.filter(move |at| (earliest..=latest).contains(at))
}

/// The gaps between different dates in seconds, smallest first: one date for all is the clock of a machine.
fn gaps(news: &News<'_>) -> Vec<u32> {
    let mut dates: Vec<Timestamp> = dates(news).collect();
    dates.sort_unstable();
    dates.dedup();
    let pairs = dates.iter().zip(dates.iter().skip(1));
    let mut gaps: Vec<u32> = pairs.map(|(earlier, later)| seconds(later.duration_since(*earlier))).collect();
    gaps.sort_unstable();
    gaps
}

/// Notes how long what was published since the last reading has waited for this one.
fn note_delays(memory: &mut Memory, news: &News<'_>) {
    let (Some(read_at), false) = (news.read_at, news.is_first) else { return };
    let new = news.items.iter().zip(news.known).filter(|(_, known)| **known == Known::New);
    for (item, _) in new {
        let Some(posted) = item.published.filter(|posted| posted.at > read_at && posted.at <= news.now) else {
            continue;
        };
        // Midnight on the writer's clock is a day without a time.
        if posted.offset.to_datetime(posted.at).time() != jiff::civil::Time::midnight() {
            memory.delays_s.push(seconds(news.now.duration_since(posted.at)));
        }
    }
    let n_old = memory.delays_s.len().saturating_sub(DELAYS_KEPT);
    memory.delays_s.drain(..n_old);
}

fn seconds(time: SignedDuration) -> u32 {
    u32::try_from(time.as_secs().max(0)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ItemKey, PostedAt, SourceName};

    fn now() -> Timestamp {
        "2026-03-06T12:30:00Z".parse().expect("a time")
    }

    fn hours_later(hours: i64) -> Timestamp {
        now() + SignedDuration::from_hours(hours)
    }

    fn items(dates: &[Timestamp]) -> Vec<Item> {
        let item = |at: &Timestamp| {
            let key = ItemKey { namespace: "s".to_owned(), id: at.to_string() };
            Item { published: Some(PostedAt::utc(*at)), ..Item::new(SourceName::new("s"), key) }
        };
        dates.iter().map(item).collect()
    }

    /// Feeds answers with items of these dates, all of them new; the first is the source's first.
    fn after(answers: &[(Timestamp, Vec<Timestamp>)]) -> Memory {
        let mut memory = Memory::default();
        let mut read_at = None;
        for (now, dates) in answers {
            let (items, known) = (items(dates), vec![Known::New; dates.len()]);
            let is_first = read_at.is_none();
            learn(&mut memory, &News { items: &items, known: &known, is_first, read_at, now: *now });
            read_at = Some(*now);
        }
        memory
    }

    #[test]
    fn the_median_gap_is_kept_through_answers_that_bring_nothing() {
        let hourly: Vec<Timestamp> = (0..10).map(|n| hours_later(-n)).collect();
        let memory = after(&[(now(), hourly), (hours_later(1), Vec::new())]);
        assert_eq!((memory.gap_s, memory.longest_gap_s, memory.news_at), (Some(3600), Some(3600), Some(now())));
    }

    #[test]
    fn dates_of_1970_and_2099_or_one_for_all_teach_nothing() {
        let odd = ["1970-01-01T00:00:00Z", "2099-01-01T00:00:00Z", "2099-06-01T00:00:00Z"]
            .map(|at| at.parse().expect("a time"));
        let memory = after(&[(now(), odd.to_vec()), (hours_later(2), odd.to_vec())]);
        assert_eq!(memory.gap_s, Some(2 * 3600 / 3), "three new items in two hours, whatever their dates");
        assert_eq!(memory.news_at, Some(hours_later(2)));
        assert!(memory.delays_s.is_empty());
        assert_eq!(after(&[(now(), vec![now(); 20])]).gap_s, None);
    }

    #[test]
    fn silence_is_held_against_the_longest_gap_and_a_weekend_is_none() {
        let daily: Vec<Timestamp> = (0..10).map(|n| hours_later(-24 * n)).collect();
        let memory = after(&[(now(), daily)]);
        assert!(!is_unusually_quiet(&memory, hours_later(71)));
        assert!(is_unusually_quiet(&memory, hours_later(73)));
        let busy: Vec<Timestamp> = (0..20).map(|n| now() - SignedDuration::from_mins(5 * n)).collect();
        let memory = after(&[(now(), busy)]);
        assert!(!is_unusually_quiet(&memory, hours_later(62)), "known for an hour only");
        assert!(is_unusually_quiet(&memory, hours_later(73)));
        assert!(!is_unusually_quiet(&after(&[(now(), vec![now()])]), hours_later(9_000)), "no rhythm is known");
    }

    #[test]
    fn time_in_which_it_could_not_be_read_is_no_silence() {
        let memory =
            after(&[(now(), vec![hours_later(-2), hours_later(-1)]), (hours_later(500), vec![hours_later(499)])]);
        assert_eq!(memory.longest_gap_s, Some(3600));
    }

    #[test]
    fn the_delay_counts_what_was_published_since_the_last_reading() {
        let ago = |minutes: i64| hours_later(1) - SignedDuration::from_mins(minutes);
        let memory =
            after(&[(now(), vec![hours_later(-1)]), (hours_later(1), vec![ago(4), ago(10), ago(30), ago(90)])]);
        assert_eq!(memory.delays_s, [240, 600, 1_800]);
        assert_eq!(memory.usual_delay_s(), Some(600));
    }
}
