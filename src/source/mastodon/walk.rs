//! The walk through the pages of one lane: what comes after a page.
//!
//! Ids are text. Of Mastodon they are numbers that tell the time; of others they are only handed back.

use super::state::Lane;
use jiff::{SignedDuration, Timestamp};

/// Posts may be filed so far below what was read.
const OVERLAP: SignedDuration = SignedDuration::from_hours(6);

/// The index of a search may be so late.
const SEARCH_OVERLAP: SignedDuration = SignedDuration::from_hours(24);

/// An overlap of more pages than this is walked once an hour, and otherwise only what is new.
const BUSY_PAGES: u32 = 4;

/// How often the overlap of a busy lane is walked.
const BUSY_EVERY: SignedDuration = SignedDuration::from_hours(1);

/// Before 2016 there was no Mastodon: a number that says so tells no time.
const FIRST_MS: i64 = 1_451_606_400_000;

/// The id of a post, and when it was written, in milliseconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mark(pub String, pub i64);

/// The direction of a walk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Up,
    Down { overlap: SignedDuration },
}

/// What a page held, as far as the walk goes by it.
#[derive(Debug, Clone, Default)]
pub(super) struct Page {
    /// Id and time of each status, in the order of the page, newest first.
    pub entries: Vec<Mark>,
    /// What the server names for newer posts (`min_id`) and for older ones (`max_id`).
    pub newer: Option<String>,
    pub older: Option<String>,
}

/// What comes after a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Turn {
    /// The next page.
    Next(String),
    /// Nothing: the walk is at its end.
    Done,
    /// Nothing in this reading; the next one goes on.
    Later,
}

/// The way that a lane is walked.
pub(super) fn way(lane: &Lane, is_search: bool) -> Way {
    // Where ids do not tell the time, nobody can say which one lies six hours below another.
    let tells_no_time = lane.high.as_deref().is_some_and(|high| time_of(high).is_none());
    match is_search {
        true => Way::Down { overlap: SEARCH_OVERLAP },
        false if lane.only_down || tells_no_time => Way::Down { overlap: OVERLAP },
        false => Way::Up,
    }
}

/// Where the first page of a reading begins; `None` for the newest page.
pub(super) fn begin(lane: &Lane, way: Way, is_mastodon: bool, now: Timestamp) -> Option<String> {
    if lane.at.is_some() || way != Way::Up {
        return lane.at.clone();
    }
    let walked_at = lane.walked_at?;
    let from_ms = before(walked_at.min(now), OVERLAP).as_millisecond();
    let Some(high) = &lane.high else {
        // There was nothing: everything from then on is new.
        return is_mastodon.then(|| id_at(from_ms));
    };
    if is_busy(lane, now) {
        return Some(high.clone());
    }
    Some(lower(high, &id_at(from_ms)).to_owned())
}

fn is_busy(lane: &Lane, now: Timestamp) -> bool {
    let overlapped = lane.overlapped_at.filter(|at| *at <= now);
    lane.n_walked > BUSY_PAGES && overlapped.is_some_and(|at| now.duration_since(at) < BUSY_EVERY)
}

/// Takes in that a page was read which began at `asked`; `most`: pages of this lane in one reading.
pub(super) fn turn(lane: &mut Lane, way: Way, asked: Option<&str>, page: &Page, most: u32, now: Timestamp) -> Turn {
    let is_resumed = lane.at.is_some();
    if !is_resumed {
        lane.begun_at = Some(now);
        if !is_busy(lane, now) {
            (lane.overlapped_at, lane.n_walked) = (Some(now), 0);
        }
    }
    lane.n_pages += 1;
    lane.n_walked += u32::from(lane.overlapped_at == lane.begun_at);
    if way == Way::Up
        && let Some(asked) = asked
        && page.entries.iter().any(|entry| is_at_or_below(&entry.0, asked))
    {
        // What was asked for was passed over: here the walk goes down, from the newest page that this is.
        lane.only_down = true;
        lane.at = None;
        return down(lane, OVERLAP, None, page, most);
    }
    match way {
        Way::Up => up(lane, asked, page, most),
        Way::Down { overlap } => down(lane, overlap, asked, page, most),
    }
}

fn up(lane: &mut Lane, asked: Option<&str>, page: &Page, most: u32) -> Turn {
    let ids = || page.entries.iter().map(|entry| entry.0.as_str());
    let newest = ids().reduce(|one, other| if is_number(one) && is_number(other) { higher(one, other) } else { one });
    let named =
        page.newer.as_deref().filter(|newer| newest.is_some_and(|newest| !is_number(newest) || is_number(newer)));
    let newest = match (newest, named) {
        (Some(newest), Some(named)) if is_number(newest) => Some(higher(newest, named)),
        (Some(_), Some(named)) => Some(named),
        (newest, _) => newest,
    };
    let Some(asked) = asked else { return end(lane, newest) };
    match newest {
        // A lane that is still empty was asked from a time on, which is no post.
        None if lane.at.is_none() && lane.high.is_none() => end(lane, None),
        None => end(lane, Some(asked)),
        Some(newest) if newest == asked => end(lane, Some(newest)),
        Some(newest) => on(lane, newest.to_owned(), most),
    }
}

fn down(lane: &mut Lane, overlap: SignedDuration, asked: Option<&str>, page: &Page, most: u32) -> Turn {
    if asked.is_none() && !page.entries.is_empty() {
        lane.high = page.entries.first().map(|entry| entry.0.clone());
    }
    let floor = lane.walked_at.map(|at| before(at, overlap).as_millisecond());
    // By the newest of the page: some clocks are years behind, and their posts stand between the others.
    let at = page.entries.iter().map(|entry| entry.1).max();
    let (Some(floor), Some(at)) = (floor, at) else { return end(lane, None) };
    let older = page.older.clone().or_else(|| page.entries.last().map(|entry| entry.0.clone()));
    match older.filter(|older| at >= floor && Some(older.as_str()) != asked) {
        Some(older) => on(lane, older, most),
        None => end(lane, None),
    }
}

fn on(lane: &mut Lane, next: String, most: u32) -> Turn {
    lane.at = Some(next.clone());
    if lane.n_pages >= most { Turn::Later } else { Turn::Next(next) }
}

fn end(lane: &mut Lane, newest: Option<&str>) -> Turn {
    lane.high = match (lane.high.take(), newest) {
        (Some(high), Some(newest)) if is_number(&high) && is_number(newest) => Some(higher(&high, newest).to_owned()),
        (high, newest) => newest.map(str::to_owned).or(high),
    };
    lane.at = None;
    lane.walked_at = lane.begun_at.take();
    Turn::Done
}

/// A server does not know the place any more: from now on the lane is walked down to the time of its last walk, so that
/// nothing is lost. Whether it had a place.
pub(super) fn forget(lane: &mut Lane) -> bool {
    let had_place = lane.at.is_some() || lane.high.is_some() || lane.walked_at.is_some();
    (lane.at, lane.begun_at, lane.only_down) = (None, None, true);
    had_place
}

fn before(at: Timestamp, duration: SignedDuration) -> Timestamp {
    at.checked_sub(duration).unwrap_or(Timestamp::MIN)
}

/// The id that a post of this moment has.
fn id_at(ms: i64) -> String {
    (u128::try_from(ms).unwrap_or(0) << 16).to_string()
}

/// When a post was filed, in milliseconds since 1970, where its id tells.
pub(super) fn time_of(id: &str) -> Option<i64> {
    let number: u128 = id.parse().ok().filter(|_| is_number(id))?;
    i64::try_from(number >> 16).ok().filter(|ms| (FIRST_MS..FIRST_MS * 4).contains(ms))
}

fn is_number(id: &str) -> bool {
    !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether `id` is no newer than `asked`; of those that are no numbers only the same is known.
fn is_at_or_below(id: &str, asked: &str) -> bool {
    id == asked || (is_number(id) && is_number(asked) && rank(id) <= rank(asked))
}

fn rank(id: &str) -> (usize, &str) {
    let digits = id.trim_start_matches('0');
    (digits.len(), digits)
}

fn higher<'i>(one: &'i str, other: &'i str) -> &'i str {
    if rank(other) > rank(one) { other } else { one }
}

fn lower<'i>(one: &'i str, other: &'i str) -> &'i str {
    if rank(other) < rank(one) { other } else { one }
}
