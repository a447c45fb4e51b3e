//! The engine `wordpress`: posts and comments of one site, by its interface or else by its feeds.
//!
//! In: the address of any page of the site, of its interface, or of a site of WordPress.com. The first answer names the
//! root of the interface; then both lists are read oldest first from where the last reading ended, the first time
//! only the newest hundred. What is closed to us is read by its feed for a week, then looked for again.
//! It stands on the engine `json`: where the parts of an item stand is said by the preset `wordpress`.
//! What is known lies in the cursor, what an answer is for in the address that was asked: nothing else is remembered.

mod address;
mod again;
mod entries;
mod feeds;
mod state;

use super::{Look, ReadError, Sight, Source};
use crate::model::{Batch, Cursor, ItemKey, Preset, Problem, Request, Response, SourceSpec};
use address::{PER_PAGE, Query};
use entries::{Answer, Setting};
use jiff::Timestamp;
use serde_json::Value;
use state::{List, PAGES_MOST, Page, State, Way};

/// The most decoded bytes of a page of the site.
const PAGE_LIMIT_BYTES: usize = 5_000_000;

/// The most decoded bytes of an answer of the interface.
const INTERFACE_LIMIT_BYTES: usize = 10_000_000;

/// Makes the source of one `[[source]]` with `engine = "wordpress"`.
#[must_use]
pub fn open(spec: &SourceSpec) -> Box<dyn Source> {
    Box::new(WordPress { spec: spec.clone() })
}

struct WordPress {
    spec: SourceSpec,
}

/// The preset that is built in.
fn own_preset<'a>() -> Option<&'a Preset> {
    super::preset("wordpress").map(|preset| &**preset)
}

/// The preset that says what an entry holds; one of the user's own may say nothing of it.
fn preset_of(spec: &SourceSpec) -> Option<&Preset> {
    spec.preset.as_deref().filter(|preset| !preset.items.is_empty()).or_else(own_preset)
}

/// What a request was for.
enum Asked {
    Page,
    List(List, Query),
    Feed(List),
}

impl Source for WordPress {
    fn start(&self, cursor: &Cursor, now: Timestamp) -> Vec<Request> {
        let state = self.state(cursor, now);
        if state.root.is_none() || state.is_due_to_look(now) {
            return vec![page_request(&self.spec.url)];
        }
        let edits = state.edits_since(now).map(Query::ModifiedAfter);
        let edits = edits.and_then(|query| list_request(&state, List::Posts, query));
        // Asked from the last to the first.
        [first_request(&state, List::Comments), edits, first_request(&state, List::Posts)]
            .into_iter()
            .flatten()
            .collect()
    }

    fn read(
        &self,
        cursor: &Cursor,
        request: &Request,
        response: &Response,
        now: Timestamp,
    ) -> Result<Batch, ReadError> {
        let state = self.state(cursor, now);
        match asked(request) {
            Asked::Page => self.read_page(state, (request, response), now),
            Asked::List(list, query) => self.read_list(state, (list, query), (&request.url, response), now),
            Asked::Feed(list) => match feeds::read(&self.spec, list, (request, response), now) {
                Ok(batch) => Ok(Batch { cursor: state.write(), ..batch }),
                Err(error) => otherwise(state, list, now).ok_or(error),
            },
        }
    }

    fn refused(&self, cursor: &Cursor, request: &Request, status: Option<u16>, now: Timestamp) -> Option<Batch> {
        // Who does not answer is asked again later, as it is.
        let status = status?;
        let mut state = self.state(cursor, now);
        match asked(request) {
            Asked::Page => None,
            Asked::List(_, Query::ModifiedAfter(_)) => Some(looked_for_edits(state, now)),
            // Entries were deleted: the page behind the last one is asked.
            Asked::List(list, Query::After(_, page)) if status == 400 && page > 1 => {
                state.place_mut(list).end(None, now);
                Some(Batch { cursor: state.write(), ..Batch::default() })
            }
            Asked::List(list, _) => closed(state, list, &request.url, now),
            Asked::Feed(list) => otherwise(state, list, now),
        }
    }

    fn can_look_again(&self) -> bool {
        true
    }

    fn look_again(&self, cursor: &Cursor, due: &[ItemKey], others: &[ItemKey], now: Timestamp) -> Vec<Look> {
        again::looks(&self.spec, &self.state(cursor, now), due, others)
    }

    fn looked(
        &self,
        _cursor: &Cursor,
        look: &Look,
        answer: Result<&Response, u16>,
        now: Timestamp,
    ) -> Vec<(ItemKey, Sight)> {
        again::looked(&self.spec, look, answer, now)
    }
}

impl WordPress {
    /// What is known of the site; where the configured address names the root itself, no page has to be asked for it.
    fn state(&self, cursor: &Cursor, now: Timestamp) -> State {
        let mut state = State::read(cursor);
        if (state.root.is_none() || state.is_due_to_look(now))
            && let Some(root) = address::own_root(&self.spec.url)
        {
            state.found(root, false);
        }
        state
    }

    /// Finds the root in a page, and asks for both lists. A feed in place of a page is read as well.
    fn read_page(
        &self,
        mut state: State,
        (request, response): (&Request, &Response),
        now: Timestamp,
    ) -> Result<Batch, ReadError> {
        let root = match entries::read(&response.body) {
            Answer::List(entries, _) => {
                let list = address::asked(&response.url).map(|(list, _)| list).or_else(|| entries::list_of(&entries));
                let asked = (list.unwrap_or(List::Posts), Query::Newest);
                return self.read_list(state, asked, (&response.url, response), now);
            }
            Answer::Index => Some(response.url.clone()),
            _ => address::own_root(&response.url).or_else(|| address::named_root(response)),
        };
        let is_guessed = root.is_none();
        if let Some(root) = root.or_else(|| address::guessed_root(&response.url)) {
            state.found(root, is_guessed);
        }
        let list = address::list_of_feed(&response.url);
        let feed = feeds::is_feed(&response.body).then(|| feeds::read(&self.spec, list, (request, response), now));
        let next = [first_request(&state, List::Comments), first_request(&state, List::Posts)];
        let next = next.into_iter().flatten().collect();
        Ok(Batch { next, cursor: state.write(), ..feed.and_then(Result::ok).unwrap_or_default() })
    }

    fn read_list(
        &self,
        mut state: State,
        (list, query): (List, Query),
        (asked_url, response): (&str, &Response),
        now: Timestamp,
    ) -> Result<Batch, ReadError> {
        let is_edits = matches!(query, Query::ModifiedAfter(_));
        let (entries, n_before) = match entries::read(&response.body) {
            Answer::List(entries, n_before) => (entries, n_before),
            _ if is_edits => return Ok(looked_for_edits(state, now)),
            Answer::Broken(reason) => return Err(ReadError::BrokenJson { reason }),
            Answer::Refusal(code) if code.ends_with("invalid_page_number") => {
                state.place_mut(list).end(None, now);
                return Ok(Batch { cursor: state.write(), ..Batch::default() });
            }
            _ => return closed(state, list, asked_url, now).ok_or(ReadError::HtmlPage),
        };
        // A saved answer may be of another list than what is asked first.
        let list =
            address::asked(&response.url).map(|(list, _)| list).or_else(|| entries::list_of(&entries)).unwrap_or(list);
        let preset = preset_of(&self.spec).ok_or(ReadError::NoPreset)?;
        let setting = Setting { preset, source: &self.spec.name, url: &response.url, now };
        let page = page_of(query, &entries, response);
        let (items, mut problems) = entries::items(entries, list, &setting);
        if n_before > 0 {
            problems.push(problem(format!("{n_before} bytes before the list were passed over")));
        }
        let mut batch = Batch { items, problems, ..Batch::default() };
        if is_edits {
            state.edits_at = Some(now);
        } else {
            match state.place_mut(list).turn(page, now) {
                Ok(next) => {
                    let query = next.map(|(after, page)| Query::After(after, page));
                    batch.next.extend(query.and_then(|query| list_request(&state, list, query)));
                }
                Err(()) => batch.problems.push(problem(format!(
                    "more than {} entries since the last reading; the next one goes on with the rest",
                    PAGES_MOST as usize * PER_PAGE
                ))),
            }
        }
        batch.cursor = state.write();
        Ok(batch)
    }
}

fn problem(message: String) -> Problem {
    Problem { message, line: None }
}

/// What an answer says of further pages: by its headers, else by whether it is full.
fn page_of(query: Query, entries: &[Value], response: &Response) -> Page {
    let asked = match query {
        Query::After(after, page) => Some((after, page)),
        Query::Newest | Query::ModifiedAfter(_) => None,
    };
    let number = asked.map_or(1, |(_, page)| page);
    let n_pages = response.header("x-wp-totalpages").and_then(|value| value.trim().parse::<u32>().ok());
    let links = || response.headers.iter().filter(|(name, _)| name == "link");
    let has_next = || links().any(|(_, value)| address::target_of(value, |part| part.contains("next")).is_some());
    let has_more = match n_pages {
        Some(n_pages) => n_pages > number,
        None => has_next() || entries.len() >= PER_PAGE,
    };
    Page { asked, span: entries::span(entries), has_more: has_more && !entries.is_empty() }
}

/// Old posts were looked at, as far as the site lets us.
fn looked_for_edits(mut state: State, now: Timestamp) -> Batch {
    state.edits_at = Some(now);
    Batch { cursor: state.write(), ..Batch::default() }
}

/// What to ask where the interface does not give a list: at the other place where its root may be, else the feed.
fn closed(mut state: State, list: List, address: &str, now: Timestamp) -> Option<Batch> {
    let root = state.root.clone()?;
    if state.is_guessed {
        // The other list may have found it out before.
        let is_of_root = address::own_root(address).is_none_or(|asked| asked == root);
        let other = if is_of_root { address::other_guess(&root) } else { Some(root) };
        if let Some(other) = other {
            state.root = Some(other);
            let next = first_request(&state, list).into_iter().collect();
            return Some(Batch { next, cursor: state.write(), ..Batch::default() });
        }
    }
    otherwise(state, list, now)
}

/// The next way to a list; `None` where posts have none. A site without comments is a whole one.
fn otherwise(mut state: State, list: List, now: Timestamp) -> Option<Batch> {
    let way = match (state.place(list).way, list) {
        (Way::Interface, _) => Way::Feed,
        (Way::Feed, _) => Way::PlainFeed,
        (_, List::Comments) => Way::Nowhere,
        (_, List::Posts) => return None,
    };
    state.place_mut(list).close(way, now);
    let next = first_request(&state, list).into_iter().collect();
    Some(Batch { next, cursor: state.write(), ..Batch::default() })
}

/// What a request was for: pages are the only ones that obey robots.txt.
fn asked(request: &Request) -> Asked {
    if request.obeys_robots {
        return Asked::Page;
    }
    match address::asked(&request.url) {
        Some((list, query)) => Asked::List(list, query),
        None => Asked::Feed(address::list_of_feed(&request.url)),
    }
}

/// The request that a reading of `list` begins with.
fn first_request(state: &State, list: List) -> Option<Request> {
    let place = state.place(list);
    match place.way {
        Way::Interface => {
            let query = place.begin().map_or(Query::Newest, |(after, page)| Query::After(after, page));
            list_request(state, list, query)
        }
        way => Some(request(address::feed(state.root.as_deref()?, list, way)?, "application/rss+xml, */*;q=0.5")),
    }
}

fn list_request(state: &State, list: List, query: Query) -> Option<Request> {
    Some(request(address::list(state.root.as_deref()?, list, query)?, "application/json"))
}

fn list_look(url: String) -> Request {
    request(url, "application/json")
}

/// Without validators: those that are kept are of one address; here are two lists, at addresses that change.
fn request(url: String, accept: &str) -> Request {
    Request { headers: vec![("accept".to_owned(), accept.to_owned())], ..Request::plain(url, INTERFACE_LIMIT_BYTES) }
}

fn page_request(url: &str) -> Request {
    Request {
        obeys_robots: true,
        body_limit_bytes: PAGE_LIMIT_BYTES,
        ..request(url.to_owned(), "text/html, */*;q=0.5")
    }
}

#[cfg(test)]
mod tests;
