//! Takes files that people hand in into the store: by hand, or from a folder that is watched.
//!
//! In: a path and what a person said of its columns. Out: what was read, new, changed, known and refused. The file is
//! read in batches, each committed at once, so that memory stays flat and an import that is cut off goes on where
//! rows are new. Files are opened, and those of a folder moved, here: sources do no I/O, and `source::import` is handed
//! an opened file.

mod batch;
mod file;
mod folder;
mod note;
mod probe;
mod shelf;

pub use file::preview_file;
pub(super) use folder::read_folder;
pub(super) use probe::probe_folder;

use super::health::after_success;
use super::{Parts, PipelineError};
use crate::model::{
    Committed, Glance, ImportFacts, ImportFault, ImportOddity, ImportPlan, Item, Reading, Refusal, SourceName,
    SourceSpec, SourceState,
};
use crate::source::import::{Rows, Setting, survey};
use batch::{Batch, Reader, next_batch};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// Refused rows that are listed; all of them are counted.
const REFUSED_LISTED: usize = 1_000;

/// What an import hears of its progress: bytes read, and bytes in all.
pub type OnProgress<'p> = dyn Fn(u64, u64) + Sync + 'p;

/// What a file gave.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportReport {
    /// What the file is.
    pub facts: ImportFacts,
    /// Rows that were read, without empty ones.
    pub n_read: u64,
    /// Items that were new.
    pub n_new: u64,
    /// Items that were known with another text.
    pub n_changed: u64,
    /// Items that were known as they are.
    pub n_known: u64,
    /// Rows that were refused, by the word of the reason.
    pub refused: BTreeMap<&'static str, u64>,
    /// The first of them.
    pub refusals: Vec<Refusal>,
    /// Mentions of watched brands in what was new or changed.
    pub n_mentions: u64,
    /// New opportunities.
    pub n_opportunities: u64,
    /// What is odd about the file.
    pub odd: Vec<ImportOddity>,
    /// What was committed.
    pub committed: Committed,
}

impl ImportReport {
    fn new(facts: ImportFacts) -> Self {
        Self {
            facts,
            n_read: 0,
            n_new: 0,
            n_changed: 0,
            n_known: 0,
            refused: BTreeMap::new(),
            refusals: Vec::new(),
            n_mentions: 0,
            n_opportunities: 0,
            odd: Vec::new(),
            committed: Committed::default(),
        }
    }

    /// Rows that were refused.
    #[must_use]
    pub fn n_refused(&self) -> u64 {
        self.refused.values().sum()
    }

    fn refuse(&mut self, refusals: Vec<Refusal>) {
        for refusal in refusals {
            *self.refused.entry(refusal.why.as_str()).or_default() += 1;
            if self.refusals.len() < REFUSED_LISTED {
                self.refusals.push(refusal);
            }
        }
    }
}

/// What a file would give: nothing is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportPreview {
    /// What would be read and refused, and what is odd; of new and known it says nothing.
    pub report: ImportReport,
    /// The first items.
    pub first: Vec<Item>,
}

/// A file, and whether a link in its place is followed.
#[derive(Debug, Clone, Copy)]
struct Access<'p> {
    path: &'p Path,
    follows: bool,
}

/// Why a file was not taken in.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file.
    #[error(transparent)]
    File(#[from] ImportFault),
    /// A stage.
    #[error(transparent)]
    Pipeline(#[from] PipelineError),
    /// The store.
    #[error(transparent)]
    Store(#[from] crate::store::StoreError),
}

/// Takes the file at `path` in as items of `spec`, and says how it is remembered afterwards.
///
/// Rows that are known are passed over, so that a second import adds nothing; a known id with another text is an edit.
/// Of the first file of a source only what still has a deadline ahead is told.
///
/// # Errors
/// [`ImportError`] where nothing of the file can be read, or the store fails. What was committed stays.
pub async fn import_file(
    parts: &Arc<Parts>,
    spec: &SourceSpec,
    path: &Path,
    plan: &ImportPlan,
    on_progress: &OnProgress<'_>,
) -> Result<ImportReport, ImportError> {
    let states = parts.store.source_states().await?;
    let state = states.into_iter().find(|state| state.source == spec.name);
    let state = state.unwrap_or_else(|| SourceState::unread(spec.name.clone()));
    let access = Access { path, follows: true };
    let is_first = state.read_at.is_none();
    let (report, state) = take_in(parts, spec, (state, is_first), access, plan, on_progress).await?;
    parts.store.save_states(vec![state]).await?;
    Ok(report)
}

/// [`import_file`] for a source whose state is at hand; the state afterwards is to be saved. Of a first file only what
/// still has a deadline ahead is told.
async fn take_in(
    parts: &Arc<Parts>,
    spec: &SourceSpec,
    (state, is_first): (SourceState, bool),
    access: Access<'_>,
    plan: &ImportPlan,
    on_progress: &OnProgress<'_>,
) -> Result<(ImportReport, SourceState), ImportError> {
    let now = (parts.clock)();
    let n_bytes = file::size(access)?;
    let setting = setting(&spec.name, &parts.settings.alert.zone, now);
    let (plan, path, follows) = (plan.clone(), access.path.to_owned(), access.follows);
    let looked = move || {
        let open = file::opener(Access { path: &path, follows });
        let survey = survey(&open, &plan, &setting)?;
        Ok::<_, ImportFault>((Rows::open(&open, &survey)?, survey.facts()))
    };
    let (rows, facts) = on_worker(parts, looked).await??;
    let mut report = ImportReport::new(facts);
    let mut reader = Some(Reader { rows, spec: spec.clone(), is_first, now });
    let mut waiting: Option<Batch> = None;
    loop {
        let read = async {
            let Some(reader) = reader.take() else { return Ok(None) };
            let worker = Arc::clone(parts);
            on_worker(parts, move || next_batch(&worker, reader)).await?.map(Some)
        };
        // While one batch is written the next one is read.
        let (committed, read) = tokio::join!(commit(parts, &state, waiting.take(), now), read);
        let committed = committed?;
        report.committed += committed;
        report.n_new += committed.new_items;
        report.n_opportunities += committed.new_opportunities;
        let Some((batch, back)) = read? else { break };
        report.n_read += batch.n_rows;
        report.n_changed += batch.n_changed;
        report.n_mentions += batch.n_mentions;
        report.refuse(batch.refused.clone());
        on_progress(batch.n_bytes.min(n_bytes), n_bytes);
        if batch.is_last {
            report.odd = back.rows.oddities();
        } else {
            reader = Some(back);
        }
        waiting = Some(batch);
    }
    let n_items = report.n_read - report.n_refused();
    // A fingerprint that became an item, or was forgotten meanwhile, is new and not changed.
    report.n_new = report.n_new.min(n_items);
    report.n_changed = report.n_changed.min(n_items - report.n_new);
    report.n_known = n_items - report.n_new - report.n_changed;
    let due_at = state.due_at.unwrap_or(now);
    let (state, _) = after_success(state, due_at, now);
    Ok((report, state))
}

fn setting(source: &SourceName, zone: &str, now: jiff::Timestamp) -> Setting {
    Setting { source: source.clone(), zone: zone.to_owned(), now }
}

/// Does `act` on one of the threads that read answers.
async fn on_worker<T: Send + 'static>(
    parts: &Arc<Parts>,
    act: impl FnOnce() -> T + Send + 'static,
) -> Result<T, ImportError> {
    let broken = || ImportFault::Io("it broke its reader; please report this".to_owned());
    Ok(parts.turns.read(0, act).await.ok_or_else(broken)?)
}

/// Writes a batch. The source counts as read only when its whole file is.
async fn commit(
    parts: &Arc<Parts>,
    state: &SourceState,
    batch: Option<Batch>,
    now: jiff::Timestamp,
) -> Result<Committed, ImportError> {
    let Some(batch) = batch.filter(|batch| !(batch.kept.is_empty() && batch.passed.is_empty())) else {
        return Ok(Committed::default());
    };
    let reading = Reading {
        source: state.source.clone(),
        at: now,
        kept: batch.kept,
        passed: batch.passed,
        departures: Vec::new(),
        looks: Vec::new(),
        glance: Glance::List,
        cursor: state.cursor.clone(),
        state: state.clone(),
        notices: Vec::new(),
    };
    Ok(parts.store.commit(reading).await?)
}
