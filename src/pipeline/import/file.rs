//! Files on disk: opened without following a last link, known again by their contents, looked at without keeping.

use super::{Access, ImportPreview, ImportReport, setting};
use crate::model::{ImportFault, ImportPlan, SourceName};
use crate::source::import::{Entry, Rows, survey};
use jiff::Timestamp;
use ring::digest;
use rustix::fs::OFlags;
use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Items that a preview shows.
const FIRST_ITEMS: usize = 5;

/// Opens an ordinary file; neither a device nor, within a watched folder, a link to elsewhere.
pub(super) fn open_plain(path: &Path, follows: bool) -> io::Result<File> {
    // A pipe must not hold us up.
    let mut flags = OFlags::NONBLOCK;
    if !follows {
        flags |= OFlags::NOFOLLOW;
    }
    let file = OpenOptions::new().read(true).custom_flags(flags.bits().cast_signed()).open(path)?;
    if !file.metadata()?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no ordinary file"));
    }
    Ok(file)
}

/// Opens the file at `path` anew for each look.
pub(super) fn opener(access: Access<'_>) -> impl Fn() -> io::Result<Box<dyn Read + Send>> + '_ {
    move || Ok(Box::new(open_plain(access.path, access.follows)?) as Box<dyn Read + Send>)
}

/// The size of the file.
pub(super) fn size(access: Access<'_>) -> Result<u64, ImportFault> {
    Ok(open_plain(access.path, access.follows)?.metadata()?.len())
}

/// The SHA-256 of the file's bytes, in hex.
pub(super) fn hash(path: &Path) -> io::Result<String> {
    let mut file = open_plain(path, false)?;
    let mut context = digest::Context::new(&digest::SHA256);
    let mut piece = vec![0; 64 << 10];
    loop {
        let n = file.read(&mut piece)?;
        if n == 0 {
            break;
        }
        context.update(piece.get(..n).unwrap_or_default());
    }
    Ok(context.finish().as_ref().iter().take(16).map(|byte| format!("{byte:02x}")).collect())
}

/// What importing the file at `path` would read; nothing is kept. Reads all of it.
///
/// # Errors
/// [`ImportFault`] where nothing of it can be read.
pub fn preview_file(
    source: &SourceName,
    path: &Path,
    plan: &ImportPlan,
    zone: &str,
    now: Timestamp,
) -> Result<ImportPreview, ImportFault> {
    let open = opener(Access { path, follows: true });
    let survey = survey(&open, plan, &setting(source, zone, now))?;
    let mut rows = Rows::open(&open, &survey)?;
    let mut preview = ImportPreview { report: ImportReport::new(survey.facts()), first: Vec::new() };
    while let Some(entry) = rows.next_entry()? {
        preview.report.n_read += 1;
        match entry {
            Entry::Item(item) if preview.first.len() < FIRST_ITEMS => preview.first.push(*item),
            Entry::Item(_) => {}
            Entry::Refused(refusal) => preview.report.refuse(vec![refusal]),
        }
    }
    preview.report.odd = rows.oddities();
    Ok(preview)
}
