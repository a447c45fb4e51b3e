//! The engine `json`: services that answer in JSON, each described by a preset.
//!
//! In: a preset, what the user filled in, and answers as they came. Out: items, deletions, and further requests.
//! It knows no service by name: addresses, fields, paging and limits are data. What is known lies in the cursor, what
//! an answer is for in the note of its request. A broken entry is a problem, a broken answer an error, never a panic.

mod again;
mod answer;
mod ask;
mod budget;
mod check;
mod field;
mod form;
mod items;
mod markdown;
mod part;
mod path;
mod plan;
mod query;
mod state;
mod template;
#[cfg(test)]
mod tests;

pub use budget::{budgets, most_items, prices};
pub use check::{Flaw, VARIABLES, check};
pub use plan::every;

use super::{Look, ReadError, Sight, Source};
use crate::model::{
    Ask, Batch, Cursor, CursorKind, Item, ItemKey, Pace, PageStyle, Preset, Problem, Request, Response, SourceName,
    SourceSpec, Told,
};
use items::Setting;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use part::{Errand, Part};
use serde_json::Value;
use state::{Page, Rules, State, Step, Turn};
use std::collections::BTreeMap;
use std::sync::Arc;
use url::Url;

/// The longest that a service may ask to be left alone in a body.
const BACKOFF_MOST_S: f64 = 86_400.0;

/// Makes the source of one `[[source]]` with a preset of this engine.
#[must_use]
pub fn open(spec: &SourceSpec) -> Box<dyn Source> {
    Box::new(Json { spec: spec.clone() })
}

/// The address by which a source of `preset` is known, filled in as `spec` says; `None` where the user has to give one.
#[must_use]
pub fn address(preset: &Preset, spec: &SourceSpec) -> Option<String> {
    ask::lasting_address(preset, spec)
}

struct Json {
    spec: SourceSpec,
}

impl Source for Json {
    fn start(&self, cursor: &Cursor, now: Timestamp) -> Vec<Request> {
        let Some(preset) = self.spec.preset.as_deref() else { return vec![bare(&self.spec.url)] };
        let parts = part::parts(preset, &self.spec);
        let first = |part: &Part| {
            let mut state = part.state(cursor);
            state.enter(now);
            Walker { preset, part, n_parts: parts.len(), now }.first(&mut state)
        };
        // Asked from the last to the first.
        parts.iter().rev().map(first).collect()
    }

    fn read(
        &self,
        cursor: &Cursor,
        request: &Request,
        response: &Response,
        now: Timestamp,
    ) -> Result<Batch, ReadError> {
        let preset = self.spec.preset.as_deref().ok_or(ReadError::NoPreset)?;
        let parts = part::parts(preset, &self.spec);
        let Errand { part: key, step } = errand_of(request);
        let Some(part) = parts.iter().find(|part| part.key == key) else { return Ok(kept(cursor)) };
        let walker = Walker { preset, part, n_parts: parts.len(), now };
        let mut state = part.state(cursor);
        state.enter(now);
        let ask = walker.ask(&state).ok_or(ReadError::NoPreset)?;
        state.resume(&walker.rules(ask));
        let value = answer::read(&response.body, preset)?;
        let variables = ask::variables(preset, &part.spec);
        let setting = Setting { preset, source: &self.spec.name, variables: &variables, url: &response.url, now };
        let found = items::read(&value, &setting);
        let page = page(&value, response, ask, (&found.positions, found.n_entries), &step);
        let turn = state.turn(&step, &page, &walker.rules(ask));
        let mut batch =
            Batch { items: found.items, deletions: found.deletions, problems: found.problems, ..Batch::default() };
        let backoff = backoff(&value, preset);
        batch.told = told(&value, preset, backoff, now);
        batch.n_entries = page.n_entries as u64;
        batch.pace = Pace { at_least_s: backoff, ..Pace::default() };
        match turn {
            // Asked to be left alone, the walk waits in the cursor.
            Turn::Next(next) if backoff == 0 => batch.next.push(walker.request(ask, next)),
            Turn::Next(_) | Turn::Done => {}
            Turn::Later => batch
                .problems
                .push(problem("there is more than one reading asks for; the next one goes on with the rest")),
            Turn::Gap => batch.problems.push(problem(
                "there was more since the last reading than the service gives; what lies between was not read",
            )),
        }
        batch.problems.extend(state.gap.take().map(|gap| problem(&gap)));
        batch.cursor = part.keep(&state, cursor, &parts);
        Ok(batch)
    }

    fn refused(&self, cursor: &Cursor, request: &Request, status: Option<u16>, now: Timestamp) -> Option<Batch> {
        let preset = self.spec.preset.as_deref()?;
        let parts = part::parts(preset, &self.spec);
        let Errand { part: key, step } = errand_of(request);
        let part = parts.iter().find(|part| part.key == key)?;
        let mut state = part.state(cursor);
        state.enter(now);
        let is_further = step.page > 0 || step.offset > 0 || step.token.is_some() || step.url.is_some();
        if is_further && matches!(status?, 400 | 404 | 410) {
            state.give_up_walk();
            return Some(kept(&part.keep(&state, cursor, &parts)));
        }
        if !matches!(status?, 400 | 404 | 410) || !state.take_next_way(preset.request.len(), now) {
            return None;
        }
        let next = vec![Walker { preset, part, n_parts: parts.len(), now }.first(&mut state)];
        Some(Batch { next, ..kept(&part.keep(&state, cursor, &parts)) })
    }

    fn can_look_again(&self) -> bool {
        self.spec.preset.as_ref().is_some_and(|preset| !preset.again.is_empty())
    }

    fn lists_parts(&self) -> bool {
        self.spec.preset.as_ref().is_some_and(|preset| preset.again.iter().any(|rule| rule.whole))
    }

    fn look_again(&self, _cursor: &Cursor, due: &[ItemKey], others: &[ItemKey], _now: Timestamp) -> Vec<Look> {
        let preset = self.spec.preset.as_deref();
        preset.map_or_else(Vec::new, |preset| again::looks(preset, &self.spec, due, others))
    }

    fn looked(
        &self,
        _cursor: &Cursor,
        look: &Look,
        answer: Result<&Response, u16>,
        now: Timestamp,
    ) -> Vec<(ItemKey, Sight)> {
        let preset = self.spec.preset.as_deref();
        preset.map_or_else(Vec::new, |preset| again::looked(preset, &self.spec, look, answer, now))
    }
}

/// Nothing new.
fn kept(cursor: &Cursor) -> Batch {
    Batch { cursor: cursor.clone(), ..Batch::default() }
}

/// Walks the pages of one question.
struct Walker<'a> {
    preset: &'a Preset,
    part: &'a Part,
    n_parts: usize,
    now: Timestamp,
}

impl<'a> Walker<'a> {
    /// The way to ask that is taken.
    fn ask(&self, state: &State) -> Option<&'a Ask> {
        self.preset.request.get(state.way).or_else(|| self.preset.request.first())
    }

    fn rules(&self, ask: &'a Ask) -> Rules<'a> {
        Rules {
            paging: &ask.paging,
            n_questions: self.n_parts,
            overlap: plan::overlap_of(&self.preset.cursor),
            first: plan::first_of(&self.preset.cursor),
            is_time: self.preset.cursor.kind == CursorKind::Time,
            now: self.now,
        }
    }

    /// The request that a reading begins with.
    fn first(&self, state: &mut State) -> Request {
        match self.ask(state) {
            Some(ask) => {
                let step = state.begin(&self.rules(ask));
                self.request(ask, step)
            }
            None => bare(&self.part.spec.url),
        }
    }

    fn request(&self, ask: &Ask, step: Step) -> Request {
        let request = ask::request(self.preset, &self.part.spec, ask, &step, self.now);
        let errand = Errand { part: self.part.key.clone(), step };
        Request { note: serde_json::to_string(&errand).ok(), ..request }
    }
}

/// The items of an answer of `url`, as `preset` says where their parts stand, and what is wrong with entries.
pub(super) fn items(
    answer: &Value,
    preset: &Preset,
    source: &SourceName,
    url: &str,
    now: Timestamp,
) -> (Vec<Item>, Vec<Problem>) {
    let found = items::read(answer, &Setting { preset, source, variables: &BTreeMap::new(), url, now });
    (found.items, found.problems)
}

/// What cannot be asked with the query of a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QueryFlaw {
    /// One alternative is longer than the service reads, in characters.
    TooLong(u32),
    /// It takes more questions than one source asks.
    TooMany(usize),
}

/// What is wrong with `query` for `preset`, whose engine may be another one.
#[must_use]
pub fn query_flaw(preset: &Preset, query: &str) -> Option<QueryFlaw> {
    let questions = query::questions(query, &preset.dialect);
    let most = if preset.engine == "json" { query::QUESTIONS_MOST } else { 1 };
    if questions.iter().any(|question| query::is_too_long(question, &preset.dialect)) {
        return Some(QueryFlaw::TooLong(preset.dialect.longest));
    }
    (questions.len() > most).then_some(QueryFlaw::TooMany(most))
}

/// A spec of `preset` with its examples filled in where nothing else is known, to read a saved answer with.
#[must_use]
pub fn with_examples(preset: &Arc<Preset>, spec: SourceSpec) -> SourceSpec {
    let examples = preset.variables.iter().filter(|(_, variable)| variable.default.is_none());
    let mut variables: BTreeMap<String, String> =
        examples.map(|(name, variable)| (name.clone(), variable.example.clone())).collect();
    variables.extend(spec.variables);
    SourceSpec { preset: Some(Arc::clone(preset)), variables, ..spec }
}

/// What the request was for.
fn errand_of(request: &Request) -> Errand {
    request.note.as_deref().and_then(|note| serde_json::from_str(note).ok()).unwrap_or_default()
}

/// What an answer says of further pages.
fn page(
    value: &Value,
    response: &Response,
    ask: &Ask,
    (positions, n_entries): (&[Vec<i64>], usize),
    step: &Step,
) -> Page {
    let paging = &ask.paging;
    let at = |path: &Option<String>| path.as_deref().and_then(|path| path::first(value, path));
    let n_pages = at(&paging.last).and_then(form::count);
    let header =
        paging.header.as_deref().and_then(|name| response.header(name)).and_then(|text| text.trim().parse().ok());
    let by_number = n_pages.or(header).map(|n: u64| u64::from(step.page) + 1 < n);
    let total = at(&paging.total).and_then(form::count);
    let before = step.offset.max(u64::from(step.page) * u64::from(paging.size));
    let by_total = total.map(|total| before + (n_entries as u64) < total);
    // Where it is said in the answer that there are more, silence means that there are none.
    let by_flag = paging.more.as_deref().map(|path| path::first(value, path).is_some_and(form::is_yes));
    let token = at(&paging.token).and_then(form::text);
    let next_url = match paging.style {
        PageStyle::Link => next_link(response),
        PageStyle::Next => token.clone(),
        _ => None,
    };
    Page {
        positions: positions.to_vec(),
        n_entries,
        more: by_flag.or(by_number).or(by_total),
        next_url: next_url.and_then(|url| same_host(&response.url, &url)),
        token,
    }
}

/// The target of `Link: <..>; rel="next"`.
fn next_link(response: &Response) -> Option<String> {
    let links = response.headers.iter().filter(|(name, _)| name == "link");
    let parts = links.flat_map(|(_, value)| value.split(",").map(str::trim));
    let mut next = parts.filter(|part| part.contains("rel=\"next\"") || part.contains("rel=next"));
    let (_, from) = next.next()?.split_once('<')?;
    Some(from.split_once('>')?.0.to_owned())
}

/// `url` as seen from `base`; an answer leads to no other host.
fn same_host(base: &str, url: &str) -> Option<String> {
    let base = Url::parse(base).ok()?;
    let url = base.join(url).ok()?;
    (url.origin() == base.origin()).then(|| url.into())
}

/// What the answer says of our limits. Days end at midnight of the preset's zone.
fn told(value: &Value, preset: &Preset, backoff_s: u32, now: Timestamp) -> Told {
    let limits = &preset.limits;
    let at = |path: &Option<String>| path.as_deref().and_then(|path| path::first(value, path)).and_then(form::count);
    let remaining = at(&limits.remaining);
    let zone = limits.zone.as_deref().and_then(|name| TimeZone::get(name).ok()).unwrap_or(TimeZone::UTC);
    let midnight = || now.to_zoned(zone).tomorrow().and_then(|day| day.start_of_day()).ok().map(|day| day.timestamp());
    Told { backoff_s, remaining, most: at(&limits.most), resets_at: remaining.and_then(|_| midnight()) }
}

/// How many seconds the service wants to be left alone, as its answer says.
fn backoff(value: &Value, preset: &Preset) -> u32 {
    let Some(path) = preset.limits.backoff.as_deref() else { return 0 };
    let seconds = path::first(value, path).and_then(form::text).and_then(|text| text.parse::<f64>().ok());
    // It may be a fraction, and in practice it is a little too short.
    let seconds =
        seconds.filter(|seconds| *seconds > 0.0).map_or(0.0, |seconds| (seconds + 2.0).ceil().min(BACKOFF_MOST_S));
    seconds as u32
}

fn problem(message: &str) -> Problem {
    Problem { message: message.to_owned(), line: None }
}

/// The request of a source without a preset, which says what is missing once it is read.
fn bare(url: &str) -> Request {
    Request {
        headers: vec![("accept".to_owned(), "application/json".to_owned())],
        ..Request::plain(url.to_owned(), 1 << 20)
    }
}
