//! What a stream no longer had is searched for, where its source says with which account.
//!
//! One request between two commits, so that the stream is heard meanwhile. What comes back waits with what was heard
//! and is matched like it; how the search ended is committed with it. Until then the gap is open, so that a process
//! that is killed in the middle begins it anew.

use super::Ear;
use crate::fetch::FetchError;
use crate::model::{Brand, Filling, Gap, Item, Request, Validators};
use crate::source::Found;
use jiff::{SignedDuration, Timestamp};

/// Requests about one gap.
const REQUESTS_MOST: u32 = 150;

/// Requests in a row that fail before it is left alone for a while.
const TRIES: u32 = 3;

/// How long a gap is left alone where nobody answers.
const REST: SignedDuration = SignedDuration::from_mins(30);

/// How long it is left alone after one failure, unless the other side says.
const PAUSE: SignedDuration = SignedDuration::from_secs(20);

/// Gaps that ended longer ago are left as they are.
const TOO_OLD: SignedDuration = SignedDuration::from_hours(72);

/// A gap that is being searched.
pub(super) struct Fill {
    gap: Gap,
    /// What is still to be asked, the next one last.
    open: Vec<Request>,
    n_requests: u32,
    n_failures: u32,
    n_items: u32,
    is_cut: bool,
    rests_until: Option<Timestamp>,
}

impl Ear<'_> {
    /// Asks one more question about a gap, where there is one and somebody may be asked.
    pub(super) async fn fill_gaps(&mut self) {
        let now = (self.parts.clock)();
        let Some(mut fill) = self.fill.take().or_else(|| self.next_fill(now)) else { return };
        if fill.rests_until.is_some_and(|until| now < until) {
            self.fill = Some(fill);
            return;
        }
        match fill.open.pop() {
            Some(_) if fill.n_requests >= REQUESTS_MOST => {
                self.filled(&Fill { is_cut: true, ..fill }, None);
            }
            Some(request) => self.fill_by(fill, request, now).await,
            None => self.filled(&fill, None),
        }
    }

    fn next_fill(&self, now: Timestamp) -> Option<Fill> {
        let filler = self.stream.filler()?;
        let is_open = |gap: &&Gap| gap.filling == Filling::Open && now.duration_since(gap.to) < TOO_OLD;
        let gap = *self.state.memory.gaps.iter().find(is_open)?;
        let brands = &self.parts.settings.watch.brands;
        let names: Vec<&str> = brands.iter().flat_map(names).collect();
        let mut searches = filler.start(&gap, &names);
        searches.requests.reverse();
        // What is described by a query alone has no name to search for.
        let is_cut = searches.is_cut || brands.iter().any(|brand| brand.query_alone);
        let (open, rests_until) = (searches.requests, None);
        Some(Fill { gap, open, n_requests: 0, n_failures: 0, n_items: 0, is_cut, rests_until })
    }

    async fn fill_by(&mut self, mut fill: Fill, request: Request, now: Timestamp) {
        fill.n_requests += 1;
        let fetched = self.parts.fetcher.fetch(&request, &Validators::default(), now).await;
        let Some(filler) = self.stream.filler() else { return };
        match fetched {
            Ok(fetched) => match filler.found(&request, &fetched.response, now) {
                Ok(Found { items, next, is_cut }) => {
                    fill.open.extend(next);
                    fill.is_cut |= is_cut;
                    fill.n_failures = 0;
                    fill.n_items += self.found(items);
                    // The end is told at once with the last of it.
                    if fill.open.is_empty() { self.filled(&fill, None) } else { self.fill = Some(fill) }
                }
                Err(error) => {
                    tracing::debug!(%error, "a search for what was missing gave no answer");
                    self.filled(&fill, Some(fetched.response.status));
                }
            },
            Err(error) => match filler.otherwise(&request).filter(|_| error.refusal().is_some()) {
                Some(other) => {
                    fill.open.push(other);
                    self.fill = Some(fill);
                }
                None if error.is_transient() => {
                    fill.open.push(request);
                    fill.n_failures += 1;
                    let pause = if fill.n_failures >= TRIES { REST } else { pause_of(&error) };
                    fill.rests_until = now.checked_add(pause).ok();
                    self.fill = Some(fill);
                }
                None => {
                    let source = &self.spec.name;
                    tracing::warn!(%source, "{source} could not search for what was missing: {error}");
                    self.filled(&fill, Some(status_of(&error)));
                }
            },
        }
    }

    /// Takes in what was found; how many of it may name a brand and were not known.
    fn found(&mut self, items: Vec<Item>) -> u32 {
        let index = &self.parts.index;
        let mut n_items = 0;
        for item in items {
            if crate::analyze::may_name_a_brand(index, &item) && self.gathered.find(item, &self.repeats, &self.kept) {
                n_items += 1;
            }
        }
        n_items
    }

    /// Notes how a search ended; `refused` says with which status where it was.
    fn filled(&mut self, fill: &Fill, refused: Option<u16>) {
        let n_items = fill.n_items;
        let filling = match refused {
            Some(status) => Filling::Refused { status, n_items },
            None if fill.is_cut => Filling::Cut { n_items },
            None => Filling::Whole { n_items },
        };
        let gaps = self.state.memory.gaps.iter_mut();
        for gap in gaps.filter(|gap| (gap.from, gap.to) == (fill.gap.from, fill.gap.to)) {
            gap.filling = filling;
        }
        let (source, from, to) = (&self.spec.name, fill.gap.from, fill.gap.to);
        tracing::info!(%source, %from, %to, n_items, "{source} searched for what was missing and found {n_items} items");
        self.has_filled = true;
    }
}

/// The names that a brand is searched for by.
fn names(brand: &Brand) -> impl Iterator<Item = &str> {
    let name = Some(brand.name.as_str()).filter(|_| !brand.query_alone);
    let others = [&brand.aliases, &brand.exact, &brand.handles, &brand.hashtags];
    name.into_iter().chain(others.into_iter().flatten().map(String::as_str))
}

fn pause_of(error: &FetchError) -> SignedDuration {
    error.retry_after().and_then(|wait| SignedDuration::try_from(wait).ok()).unwrap_or(PAUSE)
}

fn status_of(error: &FetchError) -> u16 {
    match error {
        FetchError::Status { status, .. } => *status,
        FetchError::Token { .. } | FetchError::TokenRefused { .. } | FetchError::UnknownSecret { .. } => 401,
        error => error.refusal().unwrap_or(0),
    }
}
