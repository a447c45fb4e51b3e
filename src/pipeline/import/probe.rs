//! What a watched folder would give now: the first file of it, looked at. Nothing is kept or moved.

use super::super::probe::Probe;
use super::super::{Settings, study_fully};
use super::file::opener;
use super::folder::first_file;
use super::{Access, setting};
use crate::analyze::BrandIndex;
use crate::model::{ImportFault, ImportFolder, Problem, SourceSpec};
use crate::source::import::{Entry, Rows, survey};
use jiff::Timestamp;

/// Rows of the file that are looked at.
const ROWS_MOST: usize = 200;

/// Looks at the first file of the folder.
pub(in super::super) fn probe_folder(
    settings: &Settings,
    spec: &SourceSpec,
    import: &ImportFolder,
    now: Timestamp,
) -> Probe {
    let path = match first_file(import) {
        Ok(Some(path)) => path,
        Ok(None) => return Probe { title: Some("the folder holds no file to read".to_owned()), ..Probe::default() },
        Err(error) => return Probe { error: Some(error), ..Probe::default() },
    };
    let mut probe =
        Probe { title: path.file_name().map(|name| name.to_string_lossy().into_owned()), ..Probe::default() };
    probe.n_answers = 1;
    if let Err(fault) = look(settings, spec, import, &path, &mut probe, now) {
        probe.error = Some(fault.to_string());
    }
    probe
}

fn look(
    settings: &Settings,
    spec: &SourceSpec,
    import: &ImportFolder,
    path: &std::path::Path,
    probe: &mut Probe,
    now: Timestamp,
) -> Result<(), ImportFault> {
    let open = opener(Access { path, follows: false });
    let survey = survey(&open, &import.plan, &setting(&spec.name, &settings.alert.zone, now))?;
    let mut rows = Rows::open(&open, &survey)?;
    let index = BrandIndex::new(settings.watch.brands.clone());
    while probe.items.len() + probe.problems.len() < ROWS_MOST {
        match rows.next_entry()? {
            None => break,
            Some(Entry::Refused(refusal)) => {
                let message = format!("row {}: {}", refusal.row, refusal.why);
                probe.problems.push(Problem { message, line: None });
            }
            Some(Entry::Item(mut item)) => {
                item.medium = spec.medium.unwrap_or(item.medium);
                item.lang = item.lang.take().or_else(|| spec.lang.clone());
                let studied = study_fully(&index, &settings.opportunity, &mut item, now);
                probe.items.push((*item, studied));
            }
        }
    }
    probe.problems.extend(rows.oddities().iter().map(|odd| Problem { message: odd.to_string(), line: None }));
    Ok(())
}
