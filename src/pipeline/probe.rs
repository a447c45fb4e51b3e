//! Reads a source to look what it gives: nothing is kept or told, and a host is left alone that asked for it.
//!
//! In: a source. Out: its first items, studied, or why nothing came.

use super::asking::{AskError, Means, ask, settle_up};
use super::health::used_up_words;
use super::{Settings, Studied, study_fully};
use crate::analyze::BrandIndex;
use crate::fetch::FetchError;
use crate::model::{Cursor, Item, Problem, Usage, Validators};
use crate::source;
use jiff::Timestamp;

/// What reading a source now gives.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Probe {
    /// What it calls itself.
    pub title: Option<String>,
    /// Its items, in the order of the answers, each with what we make of it.
    pub items: Vec<(Item, Studied)>,
    /// What could not be read.
    pub problems: Vec<Problem>,
    /// Why nothing, or no more, came; in plain words.
    pub error: Option<String>,
    /// What it has used of its budgets, this reading among it.
    pub usages: Vec<Usage>,
    /// The answers that were asked for.
    pub n_answers: usize,
    /// Pages that a service would read as well.
    pub n_left: usize,
}

/// Reads a source as a service reads it for the first time, at most `answers_most` answers long.
pub(super) async fn probe(means: Means<'_>, settings: &Settings, answers_most: usize, now: Timestamp) -> Probe {
    let (mut probe, spec) = (Probe::default(), means.spec);
    let source = match source::open(spec) {
        Ok(source) => source,
        Err(error) => return Probe { error: Some(error.to_string()), ..probe },
    };
    let index = BrandIndex::new(settings.watch.brands.clone());
    let mut cursor = Cursor::default();
    let mut open = source.start(&cursor, now);
    while let Some(request) = open.pop() {
        if probe.n_answers == answers_most {
            probe.n_left = open.len() + 1;
            break;
        }
        probe.n_answers += 1;
        let batch = match ask(means, &request, &Validators::default(), now).await {
            Ok((fetched, aside)) => {
                let batch = source.read(&cursor, &request, &fetched.response, now).map_err(|error| error.to_string());
                let n_entries = batch.as_ref().map_or(0, |batch| batch.n_entries);
                match settle_up(means.store, aside, n_entries).await {
                    Ok(()) => batch,
                    Err(error) => Err(error.to_string()),
                }
            }
            Err(AskError::Fetch(error)) => {
                let is_rest = matches!(error, FetchError::Resting { .. });
                let other = if is_rest { None } else { source.refused(&cursor, &request, error.refusal(), now) };
                other.ok_or_else(|| error.to_string())
            }
            Err(AskError::UsedUp(usage)) => Err(used_up_words(&usage)),
            Err(AskError::Uncounted) => {
                Err("it has a budget, which is counted in the data folder; start porterhouse once, \
                                             so that there is one"
                    .to_owned())
            }
            Err(AskError::Store(error)) => Err(error.to_string()),
        };
        match batch {
            Ok(batch) => {
                if probe.n_answers == 1 {
                    probe.title = batch.feed.and_then(|facts| facts.title);
                }
                probe.problems.extend(batch.problems);
                for mut item in batch.items {
                    item.medium = spec.medium.unwrap_or(item.medium);
                    item.lang = item.lang.take().or_else(|| spec.lang.clone());
                    let studied = study_fully(&index, &settings.opportunity, &mut item, now);
                    probe.items.push((item, studied));
                }
                open.extend(batch.next);
                cursor = batch.cursor;
            }
            Err(error) => {
                probe.error = Some(error);
                break;
            }
        }
    }
    probe
}
