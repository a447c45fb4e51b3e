//! Reads a folder that people drop files into.
//!
//! A file is read once it lies still: its size and time of change are the same at two looks. It is known again by its
//! contents, and moved to `done` or `failed` beside it, with a note where something is to be said. Links are left
//! alone, so that nothing outside of the folder is read.

use super::super::health::{Failure, after_success};
use super::super::read::{Page, SourceRead, failed, settle};
use super::super::{Parts, PipelineError};
use super::file::{hash, open_plain};
use super::shelf::{Shelf, shelve};
use super::{Access, ImportError, ImportReport, note, on_worker, take_in};
use crate::model::{Cause, Committed, Cursor, ImportFault, ImportFolder, SourceHealth, SourceSpec, SourceState};
use crate::wording::Language;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

/// Between two looks, unless `every` says otherwise; and between the two looks at a file that is new.
const LOOK_EVERY: Duration = Duration::from_secs(60);
const SETTLES_FOR: Duration = Duration::from_secs(5);

/// Files of one folder that are looked at, and contents that are known again.
const FILES_MOST: usize = 10_000;
const HASHES_MOST: usize = 10_000;

/// The endings of files that are read where no pattern is set.
const ENDINGS: &[&str] = &["csv", "tsv", "tab", "json", "jsonl", "ndjson"];

/// What is remembered of a folder: the cursor of its source.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Marks {
    /// The files that lay there at the last look.
    #[serde(default)]
    files: BTreeMap<String, Seen>,
    /// Hashes of the contents that were read, the oldest first.
    #[serde(default)]
    read: Vec<String>,
    /// The last file that could not be read, where it lies now, and why.
    #[serde(default)]
    trouble: Option<(PathBuf, String)>,
}

/// A file as it lay there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Seen {
    size: u64,
    changed_us: i64,
    /// It was read, or could not be, and stays there.
    #[serde(default)]
    is_done: bool,
}

/// Looks into the folder of `spec` and reads what lies still.
pub(in super::super) async fn read_folder(
    parts: &Arc<Parts>,
    spec: &SourceSpec,
    state: SourceState,
    now: Timestamp,
) -> Result<SourceRead, PipelineError> {
    let mut read = SourceRead { state, committed: Committed::default(), is_saved: false };
    let Some(import) = spec.import.clone() else {
        let failure = Failure::broken(Cause::Ours, "it names no folder; write `folder = \"...\"`".to_owned());
        return failed(parts, spec, read, failure, now).await;
    };
    let mut marks: Marks = serde_json::from_value(read.state.cursor.0.clone()).unwrap_or_default();
    let look = {
        let import = import.clone();
        move || list(&import)
    };
    let found = match on_worker(parts, look).await {
        Ok(Ok(found)) => found,
        Ok(Err(error)) => return failed(parts, spec, read, unreadable(&import.folder, &error), now).await,
        Err(error) => return failed(parts, spec, read, Failure::broken(Cause::Ours, error.to_string()), now).await,
    };
    let before = std::mem::take(&mut marks.files);
    let mut is_unsettled = false;
    let mut due = Vec::new();
    for (name, seen) in found {
        let known = before.get(&name).copied();
        let lies_still = known.is_some_and(|known| (known.size, known.changed_us) == (seen.size, seen.changed_us));
        let is_done = lies_still && known.is_some_and(|known| known.is_done);
        is_unsettled |= !lies_still;
        if lies_still && !is_done {
            due.push((name.clone(), seen));
        }
        marks.files.insert(name, Seen { is_done, ..seen });
    }
    for (name, seen) in due {
        let state = read.state.clone();
        read = read_one(parts, spec, &import, (read, state), (&name, seen), &mut marks, now).await?;
        read.state.cursor = cursor(&marks);
        // A long row of files is remembered one by one.
        parts.store.save_states(vec![read.state.clone()]).await?;
    }
    let pause = if is_unsettled { SETTLES_FOR } else { spec.every.unwrap_or(LOOK_EVERY) };
    let due_at = now + SignedDuration::try_from(pause).unwrap_or(SignedDuration::from_mins(1));
    let (mut state, recovered) = after_success(read.state.clone(), due_at, now);
    state.cursor = cursor(&marks);
    // Trouble is told until somebody took the file away.
    marks.trouble = marks.trouble.filter(|(path, _)| path.symlink_metadata().is_ok());
    state.message = marks.trouble.as_ref().map(|(_, message)| message.clone()).unwrap_or_default();
    state.cursor = cursor(&marks);
    settle(parts, read, state, recovered.into_iter().collect(), Page::default(), now).await
}

fn cursor(marks: &Marks) -> Cursor {
    Cursor(serde_json::to_value(marks).unwrap_or_default())
}

/// Reads one file and lays it aside.
async fn read_one(
    parts: &Arc<Parts>,
    spec: &SourceSpec,
    import: &ImportFolder,
    (mut read, state): (SourceRead, SourceState),
    (name, seen): (&str, Seen),
    marks: &mut Marks,
    now: Timestamp,
) -> Result<SourceRead, PipelineError> {
    let path = import.folder.join(name);
    let language = Language::from_tag(&parts.settings.alert.language);
    let hashed = {
        let path = path.clone();
        on_worker(parts, move || hash(&path)).await
    };
    let outcome = match hashed {
        Ok(Ok(hash)) if marks.read.contains(&hash) => Outcome::Known,
        Ok(Ok(hash)) => {
            let access = Access { path: &path, follows: false };
            match take_in(parts, spec, (state, marks.read.is_empty()), access, &import.plan, &|_, _| {}).await {
                Ok((report, _)) if report.n_read > 0 && report.n_refused() == report.n_read => {
                    Outcome::Failed(ImportFault::AllRefused(report.n_read), Some(report))
                }
                Ok((report, state)) => {
                    read.state = state;
                    read.committed += report.committed;
                    marks.read.push(hash);
                    let n_old = marks.read.len().saturating_sub(HASHES_MOST);
                    marks.read.drain(..n_old);
                    Outcome::Read(report)
                }
                Err(ImportError::File(fault)) => Outcome::Failed(fault, None),
                Err(ImportError::Pipeline(error)) => return Err(error),
                Err(ImportError::Store(error)) => return Err(error.into()),
            }
        }
        Ok(Err(error)) => Outcome::Failed(error.into(), None),
        Err(error) => Outcome::Failed(ImportFault::Io(error.to_string()), None),
    };
    if look_at(&path).ok().is_none_or(|after| (after.size, after.changed_us) != (seen.size, seen.changed_us)) {
        // Somebody writes on; what came until now is known when it is read again.
        if let Some(mark) = marks.files.get_mut(name) {
            mark.size = u64::MAX;
        }
        return Ok(read);
    }
    let (shelf, told) = outcome.told(language);
    let laid = if import.keep { Ok(path.clone()) } else { shelve(&import.folder, name, shelf, told.as_deref()) };
    let stays = laid.is_err() || import.keep;
    let fault = match &outcome {
        Outcome::Failed(fault, _) => Some(format!("{name}: {fault}")),
        _ => None,
    };
    let cannot_move = laid.as_ref().err().map(|error| format!("{name} was read but cannot be moved: {error}"));
    if let Some(message) = fault.or(cannot_move) {
        marks.trouble = Some((laid.unwrap_or_else(|_| path.clone()), message));
    }
    match marks.files.get_mut(name).filter(|_| stays) {
        Some(mark) => mark.is_done = true,
        None => drop(marks.files.remove(name)),
    }
    read.state.asked_at = Some(now);
    Ok(read)
}

/// What became of a file.
enum Outcome {
    Read(ImportReport),
    /// Its contents were read before.
    Known,
    Failed(ImportFault, Option<ImportReport>),
}

impl Outcome {
    fn told(&self, language: Language) -> (Shelf, Option<String>) {
        match self {
            Self::Read(report) => (Shelf::Done, note::of_report(report, language)),
            Self::Known => (Shelf::Done, Some(note::of_known(language))),
            Self::Failed(fault, report) => {
                let rest = report.as_ref().and_then(|report| note::of_report(report, language)).unwrap_or_default();
                (Shelf::Failed, Some(note::of_fault(fault, language) + &rest))
            }
        }
    }
}

fn unreadable(folder: &Path, error: &io::Error) -> Failure {
    let cause = if error.kind() == io::ErrorKind::NotFound { Cause::NotFound } else { Cause::Closed };
    let message = format!("folder `{}` cannot be read: {error}; make it, or change `folder`", folder.display());
    Failure { health: SourceHealth::NeedsAttention, cause, message, wait: Some(LOOK_EVERY) }
}

/// The ordinary files of the folder that are asked for, by name.
fn list(import: &ImportFolder) -> io::Result<Vec<(String, Seen)>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(&import.folder)?.take(FILES_MOST) {
        let Ok(name) = entry?.file_name().into_string() else { continue };
        let is_hidden = name.starts_with('.') || name.starts_with("~$");
        if is_hidden || !is_asked_for(&name, import.pattern.as_deref()) {
            continue;
        }
        // A file that went away, or a link, is none of ours.
        if let Ok(seen) = look_at(&import.folder.join(&name)) {
            found.push((name, seen));
        }
    }
    found.sort_by(|one, other| (one.1.changed_us, &one.0).cmp(&(other.1.changed_us, &other.0)));
    Ok(found)
}

fn look_at(path: &Path) -> io::Result<Seen> {
    let facts = path.symlink_metadata()?;
    if !facts.is_file() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let changed = facts.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
    let changed_us = i64::try_from(changed.as_micros()).unwrap_or(i64::MAX);
    Ok(Seen { size: facts.len(), changed_us, is_done: false })
}

/// Whether a file of that name is read.
fn is_asked_for(name: &str, pattern: Option<&str>) -> bool {
    match pattern {
        Some(pattern) => matches(&pattern.to_lowercase(), &name.to_lowercase()),
        None => {
            let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
            ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known))
        }
    }
}

/// Whether `pattern`, in which `*` stands for any letters and `?` for one, is `name`. At most their product in steps.
fn matches(pattern: &str, name: &str) -> bool {
    let (pattern, name): (Vec<char>, Vec<char>) = (pattern.chars().collect(), name.chars().collect());
    let (mut at, mut looked, mut star) = (0, 0, None);
    while looked < name.len() {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, looked));
                at += 1;
            }
            Some(wanted) if *wanted == '?' || Some(wanted) == name.get(looked) => {
                at += 1;
                looked += 1;
            }
            _ => match star {
                Some((back, from)) => {
                    star = Some((back, from + 1));
                    (at, looked) = (back + 1, from + 1);
                }
                None => return false,
            },
        }
    }
    pattern.iter().skip(at).all(|rest| *rest == '*')
}

/// Whether a watched folder can be read now, and the first file of it that would be: for those who only look.
pub(super) fn first_file(import: &ImportFolder) -> Result<Option<PathBuf>, String> {
    let told = |error: io::Error| unreadable(&import.folder, &error).message;
    let first = list(import).map_err(told)?.into_iter().next().map(|(name, _)| import.folder.join(name));
    first.map(|path| open_plain(&path, false).map(|_| path)).transpose().map_err(told)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_as_in_a_shell() {
        for (pattern, name, is_match) in [
            ("*.csv", "a.csv", true),
            ("*.CSV", "A.csv", true),
            ("*.csv", "a.csv.part", false),
            ("umfrage-??.csv", "umfrage-07.csv", true),
            ("umfrage-??.csv", "umfrage-7.csv", false),
            ("*", "x", true),
            ("a*b*c", "aXbYbZc", true),
            ("a*b*c", "aXbY", false),
        ] {
            assert_eq!(is_asked_for(name, Some(pattern)), is_match, "{pattern} {name}");
        }
        assert!(is_asked_for("x.NDJSON", None) && !is_asked_for("x.xlsx", None) && !is_asked_for("csv", None));
    }
}
