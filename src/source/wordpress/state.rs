//! What is remembered of a site between two answers, and the pages of a reading.
//!
//! Everything lies in the cursor. A list is read oldest first from where the last reading ended, so that an answer
//! that was read never has to be asked again; `high` moves only when the last page of a reading was read.

use crate::model::Cursor;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// How long a closed interface is left alone.
const CLOSED_FOR: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Comments wait for approval and keep their old date: so far back is looked again.
const LONG_OVERLAP: SignedDuration = SignedDuration::from_hours(48);

/// Where so much was written that a page does not span the long overlap, this one has to do.
const SHORT_OVERLAP: SignedDuration = SignedDuration::from_hours(1);

/// Dates are told in seconds: so far before the last entry of a page the next one begins, so that none of the same
/// second is lost.
const SECOND: SignedDuration = SignedDuration::from_secs(1);

/// Pages of one list in one reading. Two lists, a page and a look for edits stay below what a reading may ask for.
pub(super) const PAGES_MOST: u32 = 8;

/// How often old posts are looked at for edits.
const EDITS_EVERY: SignedDuration = SignedDuration::from_hours(6);

/// What is read of a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum List {
    Posts,
    Comments,
}

/// The note of one site.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct State {
    /// The interface's root; `None` before it was found.
    pub root: Option<String>,
    /// The site does not name its root; it was guessed.
    pub is_guessed: bool,
    pub posts: Place,
    pub comments: Place,
    /// When old posts were last looked at for edits.
    pub edits_at: Option<Timestamp>,
}

/// The note of one list.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Place {
    /// The newest entry up to which everything was read.
    pub high: Option<Timestamp>,
    /// The oldest entry of the first reading, where there are older ones: those stay unread.
    pub floor: Option<Timestamp>,
    /// The page to ask for next where a reading is not at its end.
    pub resume: Option<Resume>,
    pub way: Way,
    /// When the interface is tried again, where it is closed.
    pub closed_until: Option<Timestamp>,
    /// The reading that `n_pages` counts for.
    pub reading_at: Option<Timestamp>,
    pub n_pages: u32,
}

/// A page of a reading that is under way.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) struct Resume {
    /// Entries after this instant, oldest first.
    pub after: Timestamp,
    /// The number of the page among them, from 1.
    pub page: u32,
    /// The newest entry that was read so far.
    pub reached: Timestamp,
}

/// How a list is read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Way {
    #[default]
    Interface,
    /// `/feed/`
    Feed,
    /// `/?feed=rss2`
    PlainFeed,
    /// The site offers neither.
    Nowhere,
}

/// What an answer says of the list's further pages.
#[derive(Debug, Clone, Copy)]
pub(super) struct Page {
    /// What was asked for; `None` for the newest entries.
    pub asked: Option<(Timestamp, u32)>,
    /// The oldest and the newest entry in it.
    pub span: Option<(Timestamp, Timestamp)>,
    pub has_more: bool,
}

impl State {
    /// Reads the cursor; what cannot be read begins anew.
    pub(super) fn read(cursor: &Cursor) -> Self {
        Self::deserialize(&cursor.0).unwrap_or_default()
    }

    pub(super) fn write(&self) -> Cursor {
        Cursor(serde_json::to_value(self).unwrap_or_default())
    }

    pub(super) fn place(&self, list: List) -> &Place {
        match list {
            List::Posts => &self.posts,
            List::Comments => &self.comments,
        }
    }

    pub(super) fn place_mut(&mut self, list: List) -> &mut Place {
        match list {
            List::Posts => &mut self.posts,
            List::Comments => &mut self.comments,
        }
    }

    /// Whether something was closed, and it is time to look again.
    pub(super) fn is_due_to_look(&self, now: Timestamp) -> bool {
        [&self.posts, &self.comments].iter().any(|place| place.closed_until.is_some_and(|until| until <= now))
    }

    /// Since when posts are to be looked at for edits; `None` where it is too early, or posts come by another way.
    pub(super) fn edits_since(&self, now: Timestamp) -> Option<Timestamp> {
        let since = self.edits_at.or(self.posts.high)?;
        let is_due = self.edits_at.is_none_or(|at| now.duration_since(at) >= EDITS_EVERY);
        (is_due && self.posts.way == Way::Interface && self.posts.resume.is_none())
            .then(|| before(since, SHORT_OVERLAP))
    }

    /// The root is known, and what was closed is tried again.
    pub(super) fn found(&mut self, root: String, is_guessed: bool) {
        self.root = Some(root);
        self.is_guessed = is_guessed;
        for place in [&mut self.posts, &mut self.comments] {
            place.way = Way::Interface;
            place.closed_until = None;
        }
    }
}

impl Place {
    /// Where the next reading begins: after an instant, at which page; `None` for the newest entries alone.
    pub(super) fn begin(&self) -> Option<(Timestamp, u32)> {
        match (self.resume, self.high) {
            (Some(resume), _) => Some((resume.after, resume.page)),
            (None, Some(high)) => {
                let begin = before(high, LONG_OVERLAP);
                Some((self.floor.map_or(begin, |floor| begin.max(before(floor, SECOND))), 1))
            }
            (None, None) => None,
        }
    }

    /// Another way is taken for a week.
    pub(super) fn close(&mut self, way: Way, now: Timestamp) {
        self.way = way;
        self.closed_until = self.closed_until.or_else(|| now.checked_add(CLOSED_FOR).ok());
    }

    /// Takes in that `page` was read at `now`; says which page is to be asked next in this reading.
    ///
    /// `Err` where there are more than one reading asks for.
    pub(super) fn turn(&mut self, page: Page, now: Timestamp) -> Result<Option<(Timestamp, u32)>, ()> {
        self.n_pages = if self.reading_at == Some(now) { self.n_pages + 1 } else { 1 };
        self.reading_at = Some(now);
        let newest = page.span.map(|(_, newest)| newest);
        let reached = [self.resume.map(|resume| resume.reached), newest].into_iter().flatten().max();
        if page.asked.is_none() {
            self.floor = page.span.map(|(oldest, _)| oldest).filter(|_| page.has_more);
        }
        let Some((after, number)) = page.asked.filter(|_| page.has_more) else {
            self.end(reached, now);
            return Ok(None);
        };
        let newest = newest.unwrap_or(after);
        // By dates and not by numbers: what is deleted meanwhile moves the pages. Numbers only where dates do not lead
        // on: many entries in one second, or a server that knows no dates.
        let next = match before(newest, SECOND) {
            next if number == 1 && next > after => (next.max(self.skipped_overlap(next)), 1),
            _ => (after, number.saturating_add(1)),
        };
        self.resume = Some(Resume { after: next.0, page: next.1, reached: reached.unwrap_or(newest) });
        if self.n_pages >= PAGES_MOST { Err(()) } else { Ok(Some(next)) }
    }

    /// Within the long overlap a full page leads to the short one.
    fn skipped_overlap(&self, next: Timestamp) -> Timestamp {
        self.high.map_or(next, |high| before(high, SHORT_OVERLAP))
    }

    /// The last page was read.
    pub(super) fn end(&mut self, reached: Option<Timestamp>, now: Timestamp) {
        let resumed = self.resume.take().map(|resume| resume.reached);
        // A list that is still empty is read from now on; an entry that lies ahead hides no other.
        self.high = [self.high, resumed, reached].into_iter().flatten().map(|at| at.min(now)).max().or(Some(now));
    }
}

fn before(at: Timestamp, duration: SignedDuration) -> Timestamp {
    at.checked_sub(duration).unwrap_or(Timestamp::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(1_700_000_000 + minute * 60).expect("in range")
    }

    fn page(asked: Option<(Timestamp, u32)>, newest: i64, has_more: bool) -> Page {
        Page { asked, span: Some((at(newest - 5_000), at(newest))), has_more }
    }

    #[test]
    fn the_first_reading_takes_the_newest_alone_and_the_next_begins_before_them() {
        let mut place = Place::default();
        assert_eq!(place.begin(), None);
        assert_eq!(place.turn(page(None, 10_000, true), at(10_001)), Ok(None));
        assert_eq!(place.begin(), Some((at(10_000 - 48 * 60), 1)));
        let mut place = Place::default();
        let page = Page { asked: None, span: Some((at(9_990), at(10_000))), has_more: true };
        assert_eq!(place.turn(page, at(10_001)), Ok(None));
        assert_eq!(place.begin(), Some((before(at(9_990), SECOND), 1)), "what is older stays unread");
    }

    #[test]
    fn a_reading_that_is_cut_off_goes_on_where_it_was() {
        let mut place = Place { high: Some(at(10_000)), ..Place::default() };
        let first = place.begin().expect("an instant");
        let second = place.turn(page(Some(first), 10_100, true), at(20_000)).expect("not many").expect("more");
        assert_eq!((second, place.high), ((before(at(10_100), SECOND), 1), Some(at(10_000))));
        assert_eq!(place.begin(), Some(second));
        assert_eq!(place.turn(page(Some(second), 10_200, false), at(20_015)), Ok(None));
        assert_eq!((place.high, place.resume), (Some(at(10_200)), None));
    }

    #[test]
    fn many_entries_of_one_second_are_paged_by_number() {
        let mut place = Place { high: Some(at(0)), ..Place::default() };
        let from = before(at(5), SECOND);
        let next = place.turn(page(Some((from, 1)), 5, true), at(9)).expect("not many").expect("more");
        assert_eq!(next, (from, 2));
        let next = place.turn(page(Some(next), 6, true), at(9)).expect("not many").expect("more");
        assert_eq!(next, (from, 3), "by number to the end: some servers know no dates");
    }

    #[test]
    fn a_busy_overlap_is_cut_short() {
        let mut place = Place { high: Some(at(10_000)), ..Place::default() };
        let first = place.begin().expect("an instant");
        let next = place.turn(page(Some(first), 8_000, true), at(20_000)).expect("not many").expect("more");
        assert_eq!(next, (at(10_000 - 60), 1));
    }

    #[test]
    fn a_reading_asks_for_so_many_pages_and_the_next_for_the_rest() {
        let mut place = Place { high: Some(at(0)), ..Place::default() };
        let mut asked = place.begin().expect("an instant");
        for minute in 1..i64::from(PAGES_MOST) {
            asked = place.turn(page(Some(asked), minute, true), at(99)).expect("not many").expect("more");
        }
        assert_eq!(place.turn(page(Some(asked), 50, true), at(99)), Err(()));
        let asked = place.begin().expect("an instant");
        assert_eq!(asked, (before(at(50), SECOND), 1));
        assert!(place.turn(page(Some(asked), 51, true), at(114)).is_ok());
    }

    #[test]
    fn a_cursor_of_another_kind_begins_anew() {
        let state = State { root: Some("https://b.example/wp-json/".to_owned()), ..State::default() };
        assert_eq!(State::read(&state.write()), state);
        for other in [serde_json::json!("x"), serde_json::json!({ "posts": 7 }), serde_json::Value::Null] {
            assert_eq!(State::read(&Cursor(other)), State::default());
        }
    }
}
