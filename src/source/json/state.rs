//! How far a service was read: kept in the cursor, so that nothing is lost and little is repeated.
//!
//! `high` is the newest position up to which everything was read. A reading walks from the newest page down to the
//! floor (`high` less the overlap: services index late), and moves `high` only when it got there; where it is cut
//! off, the rest of the walk waits in the cursor. Services that list the oldest first are walked upward, page by page.
//! Pages that are numbered shift when items are deleted meanwhile: a walk over several of them is walked once more by
//! the next reading. What a service does not give anymore is told as a gap.

use super::plan::Overlap;
use crate::model::{PageStyle, Paging};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Pages of one reading, where the preset names no number. The pipeline's own bound is 20.
const PAGES: u32 = 8;

/// The most pages of one reading.
const PAGES_MOST: u32 = 18;

/// How long a way that is closed is not tried again.
const CLOSED_FOR: SignedDuration = SignedDuration::from_hours(7 * 24);

/// What is remembered between two answers.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct State {
    /// Which of the preset's ways to ask is taken, and until when the ones before it are left alone.
    pub way: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub way_until: Option<Timestamp>,
    /// The newest position up to which everything was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub high: Option<i64>,
    /// The oldest position of the first reading: what is older stays unread.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bottom: Option<i64>,
    /// The newest positions, where the overlap is a number of items.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub recent: Vec<i64>,
    /// A walk that is not at its end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub open: Option<Walk>,
    /// The floor of a walk over numbered pages that is to be walked once more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub again: Option<i64>,
    /// The reading that `n_pages` and `n_ways` count for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reading_at: Option<Timestamp>,
    pub n_pages: u32,
    pub n_ways: usize,
    /// What is to be told with the next answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gap: Option<String>,
}

/// A walk through pages.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Walk {
    /// When it began.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub begun: Option<Timestamp>,
    /// The newest position of its first page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub top: Option<i64>,
    /// Down to here it goes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub floor: Option<i64>,
    /// The page to ask for next.
    pub step: Step,
    /// Pages read so far.
    pub n_pages: u32,
    /// It is walked for the second time.
    pub is_again: bool,
}

/// Which page is asked for.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Step {
    /// Its number, from 0.
    pub page: u32,
    /// How many entries come before it.
    pub offset: u64,
    /// The token that the page before gave.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// The address that the page before gave.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Positions up to here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<i64>,
    /// Positions from here on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<i64>,
}

/// What an answer says of the pages.
#[derive(Debug, Clone, Default)]
pub(super) struct Page {
    /// The positions of its entries, list by list, as sent.
    pub positions: Vec<Vec<i64>>,
    pub n_entries: usize,
    /// Whether there are more pages, where the answer says so.
    pub more: Option<bool>,
    pub token: Option<String>,
    pub next_url: Option<String>,
}

/// What does not change during a reading.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rules<'a> {
    pub paging: &'a Paging,
    /// How many questions share the pages of one reading.
    pub n_questions: usize,
    pub overlap: Overlap,
    /// How far the first reading goes back, where the service is asked since when.
    pub first: SignedDuration,
    pub is_time: bool,
    pub now: Timestamp,
}

/// What comes after a page.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Turn {
    /// The next page.
    Next(Step),
    /// Nothing: the walk is at its end.
    Done,
    /// Nothing in this reading; the next one goes on.
    Later,
    /// Nothing, and what lies between was not read.
    Gap,
}

impl State {
    /// Counts a reading at `now` as begun; the ways that were closed are tried again after a week.
    pub(super) fn enter(&mut self, now: Timestamp) {
        if self.reading_at != Some(now) {
            (self.reading_at, self.n_pages, self.n_ways) = (Some(now), 0, 0);
        }
        if self.way_until.is_some_and(|until| until <= now) {
            (self.way, self.way_until, self.open) = (0, None, None);
        }
    }

    /// Takes the next of `n` ways, each once in a reading; `false` where all were tried.
    pub(super) fn take_next_way(&mut self, n: usize, now: Timestamp) -> bool {
        self.n_ways += 1;
        if self.n_ways >= n {
            return false;
        }
        self.way = (self.way + 1) % n;
        self.way_until = now.checked_add(CLOSED_FOR).ok().filter(|_| self.way > 0);
        self.open = None;
        true
    }

    /// The page that a reading begins with: the rest of a walk that was cut off, or the first of a new one.
    pub(super) fn begin(&mut self, rules: &Rules<'_>) -> Step {
        // Tokens and addresses of pages are of one reading: the walk begins anew, down to the same floor.
        if let Some(open) = self.open.as_ref().filter(|_| is_lasting(rules)) {
            let mut step = open.step.clone();
            // Since then items may have been deleted, and later ones moved up.
            if rules.paging.style == PageStyle::Page {
                step.page = step.page.saturating_sub(1);
            }
            step.offset = step.offset.saturating_sub(u64::from(rules.paging.size));
            return step;
        }
        let floor = self.floor(rules);
        let is_again = self.again.is_some();
        let since = floor.or_else(|| rules.is_time.then(|| micros(before(rules.now, rules.first)))).unwrap_or(0);
        let step = Step { since: Some(since), ..Step::default() };
        self.open = Some(Walk { begun: Some(rules.now), floor, step: step.clone(), is_again, ..Walk::default() });
        step
    }

    /// Makes sure that there is a walk which the answer to the first request of a reading belongs to.
    pub(super) fn resume(&mut self, rules: &Rules<'_>) {
        let goes_on = |walk: &Walk| is_lasting(rules) || walk.begun == Some(rules.now);
        if !self.open.as_ref().is_some_and(goes_on) {
            self.begin(rules);
        }
    }

    /// Down to which position everything is read again.
    fn floor(&self, rules: &Rules<'_>) -> Option<i64> {
        let high = self.high?;
        let behind = match rules.overlap {
            Overlap::Time(time) if rules.is_time => {
                high.saturating_sub(i64::try_from(time.as_micros()).unwrap_or(i64::MAX))
            }
            Overlap::Items(n) if n > 0 => self.recent.last().copied().unwrap_or(high).min(high),
            _ => high,
        };
        let behind = self.bottom.map_or(behind, |bottom| behind.max(bottom.min(high)));
        Some(self.again.map_or(behind, |again| behind.min(again)))
    }

    /// Takes in that `page` was read as the answer to `step`, and says what comes next.
    pub(super) fn turn(&mut self, step: &Step, page: &Page, rules: &Rules<'_>) -> Turn {
        self.n_pages += 1;
        let mut walk = self.open.take().unwrap_or_else(|| Walk {
            begun: Some(rules.now),
            floor: self.floor(rules),
            ..Walk::default()
        });
        walk.n_pages += 1;
        self.remember(page, rules);
        if rules.paging.style == PageStyle::Forward {
            return self.turn_forward(walk, step, page, rules);
        }
        let all = || page.positions.iter().flatten().copied();
        if walk.top.is_none() {
            walk.top = all().max();
        }
        let is_first_ever = self.high.is_none() && walk.floor.is_none();
        let next = next_step(step, page, rules).filter(|_| !is_first_ever && !has_reached(page, walk.floor, rules));
        let Some(next) = next else {
            return self.end(walk, page, (is_first_ever, next_step(step, page, rules).is_some()), rules);
        };
        if rules.paging.most > 0 && walk.n_pages >= rules.paging.most {
            self.end(walk, page, (false, false), rules);
            return Turn::Gap;
        }
        walk.step = next.clone();
        let has_room = self.n_pages < pages(rules);
        if !has_room && !is_lasting(rules) {
            self.end(walk, page, (false, false), rules);
            return Turn::Gap;
        }
        self.open = Some(walk);
        if has_room { Turn::Next(next) } else { Turn::Later }
    }

    /// The oldest come first: what was read is read for good, page by page.
    fn turn_forward(&mut self, mut walk: Walk, step: &Step, page: &Page, rules: &Rules<'_>) -> Turn {
        let newest = page.positions.iter().flatten().copied().max();
        let newest = newest.map(|newest| self.at_most_now(newest, rules));
        self.high = self.high.max(newest);
        let has_more = page.more.unwrap_or(rules.paging.size > 0 && page.n_entries >= rules.paging.size as usize);
        if !has_more || page.n_entries == 0 {
            // A list that is still empty is read from now on.
            self.high = self.high.or_else(|| rules.is_time.then(|| micros(before(rules.now, rules.first))));
            self.again = None;
            return self.close(&walk, rules);
        }
        // By position and not by number: what is deleted meanwhile moves the pages. By number only within one position.
        walk.step = match newest.filter(|newest| step.since.is_none_or(|since| *newest > since)) {
            Some(newest) => Step { since: Some(newest), ..Step::default() },
            None => Step { page: step.page.saturating_add(1), ..step.clone() },
        };
        let next = walk.step.clone();
        self.open = Some(walk);
        if self.n_pages < pages(rules) { Turn::Next(next) } else { Turn::Later }
    }

    /// The walk got to its floor, or was the first of all, behind which there may be more.
    fn end(&mut self, walk: Walk, page: &Page, (is_first_ever, has_more): (bool, bool), rules: &Rules<'_>) -> Turn {
        if is_first_ever && has_more {
            self.bottom = page.positions.iter().flatten().copied().min();
        }
        // A list that is still empty is read from now on.
        let empty = || is_first_ever.then(|| if rules.is_time { micros(rules.now) } else { 0 });
        let top = walk.top.map(|top| self.at_most_now(top, rules)).or_else(empty);
        self.high = self.high.max(top);
        let is_numbered = !matches!(rules.paging.style, PageStyle::Token | PageStyle::Until);
        let is_to_repeat = is_numbered && walk.n_pages > 1 && !walk.is_again;
        self.again = walk.floor.filter(|_| is_to_repeat);
        self.close(&walk, rules)
    }

    /// After the rest of an older walk a new one begins at once.
    fn close(&mut self, walk: &Walk, rules: &Rules<'_>) -> Turn {
        self.open = None;
        if walk.begun.is_some_and(|begun| begun != rules.now) && self.n_pages < pages(rules) {
            return Turn::Next(self.begin(rules));
        }
        Turn::Done
    }

    /// An entry that lies ahead of our clock hides no other.
    fn at_most_now(&self, position: i64, rules: &Rules<'_>) -> i64 {
        if rules.is_time { position.min(micros(rules.now)) } else { position }
    }

    fn remember(&mut self, page: &Page, rules: &Rules<'_>) {
        let Overlap::Items(n) = rules.overlap else { return };
        self.recent.extend(page.positions.iter().flatten());
        self.recent.sort_unstable_by(|one, other| other.cmp(one));
        self.recent.dedup();
        self.recent.truncate(n);
    }

    /// A page of a walk is refused: what lies between is not to be had.
    pub(super) fn give_up_walk(&mut self) {
        if let Some(walk) = self.open.take() {
            self.high = self.high.max(walk.top);
            self.gap =
                Some("a further page was refused; what is older than the pages before it was not read".to_owned());
        }
    }
}

/// Whether the pages of this reading can be asked for in the next one.
fn is_lasting(rules: &Rules<'_>) -> bool {
    !matches!(rules.paging.style, PageStyle::Token | PageStyle::Link | PageStyle::Next)
}

fn pages(rules: &Rules<'_>) -> u32 {
    let pages = if rules.paging.pages == 0 { PAGES } else { rules.paging.pages };
    let share = PAGES_MOST / u32::try_from(rules.n_questions.max(1)).unwrap_or(PAGES_MOST);
    pages.min(share.max(1))
}

/// Whether every list of the page ends below the floor. What is pinned stands at the beginning, so the last entry counts.
fn has_reached(page: &Page, floor: Option<i64>, rules: &Rules<'_>) -> bool {
    let Some(floor) = floor else { return false };
    // An empty page between two others says nothing of the floor.
    if rules.paging.window > 0 {
        return page.positions.iter().flatten().any(|position| *position < floor);
    }
    page.positions.iter().filter_map(|list| list.last()).all(|last| *last < floor)
}

/// The page behind `step`; `None` where the service has none.
fn next_step(step: &Step, page: &Page, rules: &Rules<'_>) -> Option<Step> {
    let paging = rules.paging;
    let is_full = page.n_entries > 0 && (paging.size == 0 || page.n_entries >= paging.size as usize);
    let has_more = page.more.unwrap_or(is_full) && page.n_entries > 0;
    let lowest = page.positions.iter().flatten().copied().min();
    match paging.style {
        PageStyle::None | PageStyle::Forward => None,
        PageStyle::Page => has_more.then(|| Step { page: step.page.saturating_add(1), ..step.clone() }),
        PageStyle::Offset => {
            let offset = step.offset.saturating_add(page.n_entries as u64);
            has_more.then(|| Step { offset, ..step.clone() })
        }
        PageStyle::Token => {
            Some(Step { token: Some(page.token.clone()?), ..step.clone() }).filter(|next| next.token != step.token)
        }
        PageStyle::Link | PageStyle::Next => {
            Some(Step { url: Some(page.next_url.clone()?), ..step.clone() }).filter(|next| next.url != step.url)
        }
        PageStyle::Until if paging.window > 0 => {
            let below = step.until.map(|until| until.saturating_sub(i64::from(paging.window)));
            let until = [below, lowest.map(|lowest| lowest.saturating_sub(1))].into_iter().flatten().min()?;
            (until > 0).then(|| Step { until: Some(until), ..step.clone() })
        }
        PageStyle::Until => {
            let lowest = lowest.filter(|_| has_more)?;
            // Many entries of one position are paged by number.
            Some(match step.until.is_none_or(|until| lowest < until) {
                true => Step { until: Some(lowest), page: 0, ..step.clone() },
                false => Step { page: step.page.saturating_add(1), ..step.clone() },
            })
        }
    }
}

pub(super) fn micros(at: Timestamp) -> i64 {
    at.as_microsecond()
}

fn before(at: Timestamp, duration: SignedDuration) -> Timestamp {
    at.checked_sub(duration).unwrap_or(Timestamp::MIN)
}
