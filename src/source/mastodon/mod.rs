//! Mastodon, and servers that speak like it: hashtags and searches over several servers, streams, saved answers.
//!
//! In: answers of `/api/v1/timelines/tag/..`, `/api/v2/search` and `/api/v2/instance`, events of a stream. Out: posts
//! under their `uri`, so that one that several servers know is one item; deletions. A server that fails or is closed
//! is named and stops no other. What authors ask of programs is heeded. Accounts are not followed, lists not read.

mod again;
mod answer;
mod ask;
mod heard;
mod instance;
mod listener;
mod markup;
mod saved;
mod sse;
mod state;
mod status;
#[cfg(test)]
mod tests;
mod value;
mod walk;

use super::{Look, ReadError, Sight, Source, Stream};
use crate::model::{
    Batch, Cursor, Item, ItemKey, MastodonListen, MastodonSpec, Problem, Request, Response, SourceName, SourceSpec,
};
use crate::text::hash_hex;
use answer::Holds;
use ask::{Asked, first_page, lanes, plan, request};
use jiff::Timestamp;
use serde_json::Value;
use state::State;
use status::{Not, Setting, Wishes, own_words};
use std::collections::{BTreeMap, HashMap};
use walk::{Mark, Page, Turn};

/// Pages of one reading, all lanes together; the pipeline's own bound is 20.
const PAGES: u32 = 18;

/// Pages that each lane may have in one reading, however many lanes there are.
const PAGES_LEAST: u32 = 2;

/// Makes the source of one `[[source]]`, or the reader of saved answers where it names no servers.
#[must_use]
pub fn open(spec: &SourceSpec) -> Box<dyn Source> {
    match &spec.mastodon {
        Some(asked) => Box::new(Mastodon { name: spec.name.clone(), spec: asked.clone() }),
        None => Box::new(saved::Saved { name: spec.name.clone(), url: spec.url.clone() }),
    }
}

/// Makes the stream of the first server with a token; `None` where there is none, or nobody wants to listen.
pub(super) fn open_stream(spec: &SourceSpec) -> Option<Box<dyn Stream>> {
    let asked =
        spec.mastodon.as_ref().filter(|asked| asked.listen != MastodonListen::Never && !asked.tags.is_empty())?;
    let server = asked.servers.iter().find(|server| server.token.is_some())?;
    Some(Box::new(listener::Streaming::new(spec.name.clone(), asked.clone(), server.clone())))
}

struct Mastodon {
    name: SourceName,
    spec: MastodonSpec,
}

impl Source for Mastodon {
    fn start(&self, cursor: &Cursor, now: Timestamp) -> Vec<Request> {
        let state = State::read(cursor);
        plan(&self.spec, &state, now).iter().map(|asked| request(&self.spec, &state, asked)).collect()
    }

    fn read(&self, cursor: &Cursor, asked: &Request, response: &Response, now: Timestamp) -> Result<Batch, ReadError> {
        let Some(asked) = asked_of(asked) else { return saved::read(&self.name, response, now) };
        let mut state = self.entered(cursor, &asked);
        let read = match &asked.lane {
            None => self.read_instance(&mut state, &asked, response, now),
            Some(name) => self.read_page(&mut state, (&asked, name), response, now),
        };
        match read {
            Ok(batch) => Ok(self.finished(batch, state)),
            // Others may give something: what is wrong with this one is told with them.
            Err(error) if !asked.ends || state.n_good > 0 => {
                state.facts_mut(&asked.server).fault = Some(error.to_string());
                Ok(self.finished(Batch::default(), state))
            }
            Err(error) => Err(error),
        }
    }

    fn refused(&self, cursor: &Cursor, request: &Request, status: Option<u16>, now: Timestamp) -> Option<Batch> {
        let asked = asked_of(request)?;
        let mut state = self.entered(cursor, &asked);
        let next = match (&asked.lane, status) {
            // An older server, or other software: it is asked all the same.
            (None, Some(_)) => {
                let facts = state.facts_mut(&asked.server);
                (facts.asked_at, facts.closed, facts.fault) = (Some(now), None, None);
                self.lanes_of(&state, &asked, now)
            }
            (Some(name), Some(400 | 404 | 410 | 422)) if asked.from.is_some() => {
                // The place is not known any more: from the newest page down to it.
                if !walk::forget(state.lane_mut(&asked.server, name)) {
                    return None;
                }
                vec![Asked { from: None, begins: false, ..asked.clone() }]
            }
            _ => {
                state.facts_mut(&asked.server).fault = Some(match status {
                    Some(status) => format!("answered {status}"),
                    None => "gave no answer".to_owned(),
                });
                if asked.ends && state.n_good == 0 {
                    return None;
                }
                Vec::new()
            }
        };
        let next = next.iter().map(|asked| ask::request(&self.spec, &state, asked)).collect();
        Some(Batch { next, cursor: state.write(), ..Batch::default() })
    }

    fn rests(&self, cursor: &Cursor, request: &Request, _now: Timestamp) -> Option<Batch> {
        let asked = asked_of(request)?;
        let mut state = self.entered(cursor, &asked);
        if asked.ends && state.n_good == 0 {
            return None;
        }
        state.facts_mut(&asked.server).fault = Some("asked to be left alone for a while".to_owned());
        Some(Batch { cursor: state.write(), ..Batch::default() })
    }

    fn can_look_again(&self) -> bool {
        true
    }

    fn look_again(&self, _cursor: &Cursor, due: &[ItemKey], _others: &[ItemKey], _now: Timestamp) -> Vec<Look> {
        again::looks(&self.spec, due)
    }

    fn looked(
        &self,
        _cursor: &Cursor,
        look: &Look,
        answer: Result<&Response, u16>,
        now: Timestamp,
    ) -> Vec<(ItemKey, Sight)> {
        again::looked(&self.name, look, answer, now)
    }
}

impl Mastodon {
    /// The state, with the reading counted where `asked` begins it.
    fn entered(&self, cursor: &Cursor, asked: &Asked) -> State {
        let mut state = State::read(cursor);
        if asked.begins {
            state.n_readings = state.n_readings.wrapping_add(1);
            state.n_good = 0;
            let server = |url: &str| self.spec.servers.iter().find(|server| server.url == url);
            let is_asked = |url: &str, lane: &str| {
                server(url).is_some_and(|server| lanes(&self.spec, server).any(|name| name == lane))
            };
            state.keep_only(is_asked, |url| server(url).is_some());
            state.lanes.values_mut().flat_map(BTreeMap::values_mut).for_each(|lane| lane.n_pages = 0);
        }
        state
    }

    fn read_instance(
        &self,
        state: &mut State,
        asked: &Asked,
        response: &Response,
        now: Timestamp,
    ) -> Result<Batch, ReadError> {
        let has_token = self.spec.servers.iter().any(|server| server.url == asked.server && server.token.is_some());
        let facts = match answer::read(&response.body) {
            Ok(Holds::Instance(instance)) => instance::facts(&instance, has_token, now),
            // Not worth a fault: the tags will show whether it answers.
            _ => state::Facts { asked_at: Some(now), ..state::Facts::default() },
        };
        let closed = facts.closed.clone();
        *state.facts_mut(&asked.server) = facts;
        if let Some(why) = closed {
            let server = value::host_of(&asked.server).unwrap_or_default();
            return Err(ReadError::Closed { server, why });
        }
        let next = self.lanes_of(state, asked, now);
        let next = next.iter().map(|asked| request(&self.spec, state, asked)).collect();
        Ok(Batch { next, ..Batch::default() })
    }

    /// The lanes of the server that was asked about itself; the end of the reading moves on to the last of them.
    fn lanes_of(&self, state: &State, asked: &Asked, now: Timestamp) -> Vec<Asked> {
        let server = self.spec.servers.iter().find(|server| server.url == asked.server);
        let lanes = server.into_iter().flat_map(|server| lanes(&self.spec, server));
        let mut next: Vec<Asked> = lanes.map(|name| first_page(state, &asked.server, name, now)).collect();
        if let Some(last) = next.first_mut() {
            last.ends = asked.ends;
        }
        next
    }

    fn read_page(
        &self,
        state: &mut State,
        (asked, name): (&Asked, &str),
        response: &Response,
        now: Timestamp,
    ) -> Result<Batch, ReadError> {
        let is_search = name.starts_with('?');
        let Holds::Statuses(statuses) = answer::read(&response.body)? else {
            return Err(ReadError::NotJson { found: "no list of posts".to_owned() });
        };
        let wishes = Wishes { unlisted: self.spec.unlisted, respect: self.spec.respect, by_words: is_search };
        let setting = Setting { source: &self.name, server: Some(&asked.server), now, wishes };
        let (items, problems) = items(&statuses, &setting);
        if items.is_empty()
            && !statuses.is_empty()
            && statuses.iter().all(|status| status::item(status, &setting) == Err(Not::Status))
        {
            return Err(ReadError::NotJson { found: "a list without posts".to_owned() });
        }
        let mut batch = Batch { problems, ..Batch::default() };
        batch.items = items.into_iter().filter(|item| is_newest(state, item)).collect();
        let page = page(&statuses, response, now);
        let most = self.pages();
        let is_mastodon = state.servers.get(&asked.server).is_some_and(|facts| facts.is_mastodon);
        let lane = state.lane_mut(&asked.server, name);
        let way = walk::way(lane, is_search);
        let turn = walk::turn(lane, way, asked.from.as_deref(), &page, most, now);
        // Of an empty lane nobody knows what its ids are like.
        lane.only_down |= lane.high.is_none() && !is_mastodon;
        match turn {
            Turn::Next(from) => {
                let next = Asked { from: Some(from), is_first: false, begins: false, ..asked.clone() };
                batch.next.push(request(&self.spec, state, &next));
            }
            Turn::Done => {}
            Turn::Later => {
                let host = value::host_of(&asked.server).unwrap_or_default();
                batch.problems.push(problem(format!(
                    "{host} has more of {name} than one reading asks for; the next one goes on with the rest"
                )));
            }
        }
        state.facts_mut(&asked.server).fault = None;
        state.n_good += 1;
        Ok(batch)
    }

    fn pages(&self) -> u32 {
        let n_lanes: usize = self.spec.servers.iter().map(|server| lanes(&self.spec, server).count()).sum();
        let each = PAGES.checked_div(u32::try_from(n_lanes).unwrap_or(u32::MAX)).unwrap_or(PAGES);
        each.max(PAGES_LEAST)
    }

    /// The batch with the cursor, and with what is wrong with other servers, where it has something to tell it with.
    fn finished(&self, mut batch: Batch, state: State) -> Batch {
        if !(batch.items.is_empty() && batch.next.is_empty()) {
            let told = state.servers.iter().filter_map(|(server, facts)| {
                let why = facts.closed.as_ref().or(facts.fault.as_ref())?;
                let host = value::host_of(server).unwrap_or_default();
                Some(problem(format!("{host}: {why}; its posts may be missing")))
            });
            batch.problems.extend(told);
        } else {
            // Alone they would make a failure of an answer that is merely empty.
            batch.problems.clear();
        }
        batch.cursor = state.write();
        batch
    }
}

/// The items of statuses, in their order, and what is told of the others.
fn items(statuses: &[Value], setting: &Setting<'_>) -> (Vec<Item>, Vec<Problem>) {
    let mut nots: BTreeMap<Not, usize> = BTreeMap::new();
    let mut items: Vec<Item> = Vec::new();
    for status in statuses {
        match status::item(status, setting) {
            Ok(item) if items.iter().any(|known| known.key == item.key) => {}
            Ok(item) => items.push(item),
            Err(not) => *nots.entry(not).or_default() += 1,
        }
    }
    name_parents(&mut items);
    let problems = nots.into_iter().filter_map(|(not, n)| not.words(n)).map(problem).collect();
    (items, problems)
}

/// Calls parents that are among the items by their keys.
fn name_parents(items: &mut [Item]) {
    let keys: HashMap<String, String> =
        items.iter().flat_map(|item| item.aliases.iter().map(|alias| (alias.clone(), item.key.id.clone()))).collect();
    for item in items {
        if let Some(key) = item.parent.as_ref().and_then(|parent| keys.get(parent)) {
            item.parent = Some(key.clone());
        }
    }
}

/// Whether no later version of the item was seen on another server.
fn is_newest(state: &mut State, item: &Item) -> bool {
    let edited = item.updated.map(|updated| updated.at.as_millisecond());
    state.is_newest(&hash_hex(&[&item.key.id]), edited)
}

/// What the walk goes by: ids and times as sent, also of posts that are not for us.
fn page(statuses: &[Value], response: &Response, now: Timestamp) -> Page {
    let mark = |status: &Value| {
        let id = value::text(status.get("id"))?;
        let created = value::time(own_words(status).get("created_at"), now).map(|posted| posted.at.as_millisecond());
        let at = walk::time_of(&id).or(created).unwrap_or(i64::MAX);
        Some(Mark(id, at))
    };
    let links = response.headers.iter().filter(|(name, _)| name == "link").map(|(_, value)| value.as_str());
    let links: Vec<&str> = links.flat_map(|value| value.split(',')).collect();
    Page {
        entries: statuses.iter().filter_map(mark).collect(),
        newer: linked(&links, "prev", "min_id"),
        older: linked(&links, "next", "max_id"),
    }
}

/// The value of `key` in the link with that `rel`.
fn linked(links: &[&str], rel: &str, key: &str) -> Option<String> {
    let is_it = |link: &&&str| link.contains(&format!("rel=\"{rel}\"")) || link.contains(&format!("rel={rel}"));
    let (_, link) = links.iter().find(is_it)?.split_once('<')?;
    let url = url::Url::parse(link.split_once('>')?.0).ok()?;
    url.query_pairs()
        .find(|(name, _)| name == key)
        .map(|(_, value)| value.into_owned())
        .filter(|value| !value.is_empty())
}

/// What the request was for.
fn asked_of(request: &Request) -> Option<Asked> {
    request.note.as_deref().and_then(|note| serde_json::from_str(note).ok())
}

fn problem(message: String) -> Problem {
    Problem { message, line: None }
}
