//! `import`: a file of posts into the store, or a look at what it would give. Works beside a running service.

use super::clock::{clock, now};
use super::folders::Folders;
use super::house::{House, load_config, load_config_or_default, settings};
use super::look::{LookedAt, looked_at};
use crate::config::Config;
use crate::model::{ImportPlan, SourceName, SourceSpec};
use crate::pipeline::{self, OnProgress, Parts, Terminal};
pub use crate::pipeline::{ImportPreview, ImportReport};
use crate::store::{OpenError, Store};
use anyhow::{Context, bail};
use std::path::Path;
use std::sync::Arc;

/// The longest name that is made of a file's.
const NAME_CHARACTERS: usize = 64;

/// What is handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportWish<'w> {
    /// The file.
    pub file: &'w Path,
    /// The source that it belongs to; `None` means the one called like the file.
    pub source: Option<&'w str>,
    /// What was said of its columns; goes over what `sources.toml` says.
    pub plan: ImportPlan,
}

/// What became of an import.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportDone {
    /// The source that it belongs to.
    pub source: SourceName,
    /// What it gave.
    pub report: ImportReport,
    /// What was delivered and what has to be tried again; `None` where the running service delivers.
    pub delivered: Option<(u64, u64)>,
}

/// Takes a file in, and sees to the delivery of what is worth telling.
///
/// # Errors
/// Where the configuration is wrong, nothing of the file can be read, or the store fails.
pub async fn import(
    folders: &Folders,
    wish: &ImportWish<'_>,
    terminal: Terminal,
    on_progress: &OnProgress<'_>,
) -> anyhow::Result<ImportDone> {
    let config = load_config(folders)?;
    let (spec, plan) = target(&config, wish)?;
    let data = folders.data(Some(&config))?;
    let (house, parts) = match House::open(folders, config.clone(), terminal) {
        Ok(house) => {
            let parts = Arc::clone(&house.parts);
            (Some(house), parts)
        }
        Err(error) if matches!(error.downcast_ref(), Some(OpenError::InUse { .. })) => {
            let store = Store::open_beside(&data)?;
            let silent = Terminal::new(Box::new(std::io::sink()));
            (None, Arc::new(Parts::new(settings(config)?.0, store, clock(), silent)?))
        }
        Err(error) => return Err(error),
    };
    let imported = pipeline::import_file(&parts, &spec, wish.file, &plan, on_progress).await;
    let report = imported.with_context(|| wish.file.display().to_string())?;
    let delivered = match &house {
        Some(_) => {
            pipeline::route_pending(&parts).await?;
            Some(pipeline::deliver_due(&parts).await?)
        }
        None => None,
    };
    parts.store.close().await;
    Ok(ImportDone { source: spec.name, report, delivered })
}

/// What importing a file would give; nothing is kept, and no configuration is needed.
///
/// # Errors
/// Where the configuration is wrong, or nothing of the file can be read.
pub fn preview_import(
    folders: &Folders,
    wish: &ImportWish<'_>,
) -> anyhow::Result<LookedAt<(SourceName, ImportPreview)>> {
    let config = load_config_or_default(folders)?;
    let (spec, plan) = target(&config, wish)?;
    let preview = pipeline::preview_file(&spec.name, wish.file, &plan, &config.alert.zone, now());
    let preview = preview.with_context(|| wish.file.display().to_string())?;
    Ok(looked_at(config, (spec.name, preview)))
}

/// The source that the file belongs to, and how the file is read.
fn target(config: &Config, wish: &ImportWish<'_>) -> anyhow::Result<(SourceSpec, ImportPlan)> {
    let name = match wish.source {
        Some(name) if name_of(name) != name => {
            bail!("source `{name}` is no plain name; write letters a to z, digits, `-`, `_` and `.`")
        }
        Some(name) => name.to_owned(),
        None => name_of(&wish.file.file_stem().unwrap_or_default().to_string_lossy()),
    };
    let mut plan = wish.plan.clone();
    let Some(spec) = config.watch.sources.iter().find(|spec| spec.name.as_str() == name) else {
        return Ok((SourceSpec::new(SourceName::new(name), "import", ""), plan));
    };
    let Some(import) = &spec.import else {
        bail!("source `{name}` is read by its engine `{}`; choose another name with --source", spec.engine);
    };
    let is_said = |field| wish.plan.map.iter().any(|(said, _)| *said == field);
    plan.map.extend(import.plan.map.iter().filter(|(field, _)| !is_said(*field)).cloned());
    plan.encoding = plan.encoding.or_else(|| import.plan.encoding.clone());
    plan.zone = plan.zone.or_else(|| import.plan.zone.clone());
    plan.has_header &= import.plan.has_header;
    Ok((spec.clone(), plan))
}

/// `text` as the name of a source: small plain letters, everything else a hyphen.
fn name_of(text: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '-' };
    let name: String = text.chars().map(plain).take(NAME_CHARACTERS).collect();
    let name = name.trim_start_matches(['-', '_', '.']);
    if name.is_empty() { "import".to_owned() } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_s_name_becomes_a_plain_one() {
        assert_eq!(name_of("Umfrage März 2026"), "Umfrage-M-rz-2026");
        assert_eq!(name_of("..."), "import");
        assert_eq!(name_of("survey_1.2"), "survey_1.2");
    }
}
