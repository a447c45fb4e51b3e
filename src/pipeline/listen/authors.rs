//! Who wrote what is kept: asked for many at a time, remembered for a day, and never waited for long.

use crate::fetch::Fetcher;
use crate::model::{Author, Item, Validators};
use crate::source::Stream;
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeSet, HashMap};
use std::time::Duration;
use tokio::time::timeout;

/// How long an answer is believed: handles and followers change slowly.
const BELIEVED: SignedDuration = SignedDuration::from_hours(24);

/// Authors that are remembered; beyond that all are forgotten.
const REMEMBERED: usize = 20_000;

/// The longest that a commit waits for the names of authors.
const DEADLINE: Duration = Duration::from_secs(5);

/// How long nobody is asked after a question that failed.
const REST: SignedDuration = SignedDuration::from_mins(2);

/// What is known of authors, by their url.
#[derive(Default)]
pub(super) struct Authors {
    known: HashMap<String, (Timestamp, Author)>,
    rests_until: Option<Timestamp>,
}

impl Authors {
    /// Fills in what is known.
    pub(super) fn fill<'i>(&self, items: impl Iterator<Item = &'i mut Item>) {
        for item in items {
            if let Some((_, author)) = item.author.url.as_ref().and_then(|url| self.known.get(url)) {
                item.author.clone_from(author);
            }
        }
    }

    /// Asks for those authors of `items` that are not known; whether something was learned.
    pub(super) async fn ask<'i>(
        &mut self,
        (stream, fetcher): (&dyn Stream, &Fetcher),
        items: impl Iterator<Item = &'i Item>,
        now: Timestamp,
    ) -> bool {
        if self.rests_until.is_some_and(|until| now < until) {
            return false;
        }
        let is_unknown = |url: &&str| self.known.get(*url).is_none_or(|(at, _)| now.duration_since(*at) > BELIEVED);
        let named = items.filter(|item| item.author.handle.is_none());
        let urls: BTreeSet<String> =
            named.filter_map(|item| item.author.url.as_deref()).filter(is_unknown).map(str::to_owned).collect();
        let urls: Vec<&str> = urls.iter().map(String::as_str).collect();
        let mut learned = Vec::new();
        for some in urls.chunks(stream.authors_at_once().max(1)) {
            let Some(request) = stream.ask_authors(some) else { break };
            match timeout(DEADLINE, fetcher.fetch(&request, &Validators::default(), now)).await {
                Ok(Ok(fetched)) => learned.extend(stream.authors(&fetched.response)),
                Ok(Err(error)) => tracing::debug!(%error, "the authors of posts could not be asked for"),
                Err(_) => tracing::debug!("who tells of authors takes too long"),
            }
            if learned.is_empty() {
                self.rests_until = now.checked_add(REST).ok();
                break;
            }
        }
        if self.known.len() + learned.len() > REMEMBERED {
            self.known.clear();
        }
        let is_more = !learned.is_empty();
        for author in learned {
            self.known.insert(author.url.clone().unwrap_or_default(), (now, author));
        }
        is_more
    }
}
