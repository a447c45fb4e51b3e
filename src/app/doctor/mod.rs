//! `doctor`: looks an installation over, point by point, and says what to do about each that is not well.
//!
//! In: the folders of the command line. Out: a [`Checkup`]. Nothing is written, sent or made, no source is read, and
//! a running service is not disturbed. One point that is wrong stops no other one.

mod configuration;
mod data;
mod machine;
mod network;
mod service;
#[cfg(test)]
mod tests;
mod web;

use super::clock::clock;
use super::folders::Folders;
use super::house::load_config_or_default;
use crate::config::Config;
use crate::model::{SourceName, SourceState};
use crate::store::Store;
use jiff::Timestamp;
use serde::Serialize;
use std::collections::HashSet;
use std::path::{Path, PathBuf};

/// Where the service of the package keeps its data; looked at where nothing names another folder.
const STATE_FOLDER: &str = "var/lib/porterhouse";

/// The name of the unit.
const UNIT: &str = "porterhouse.service";

/// How well one point is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// It is as it should be, or does not matter here.
    Ok,
    /// It works, but not as well as it could, or nobody could look.
    Warning,
    /// It does not work, or it is dangerous.
    Wrong,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Point {
    /// What it is about, in one word.
    pub topic: &'static str,
    /// How well it is.
    pub verdict: Verdict,
    /// What was found. Never holds a secret.
    pub found: String,
    /// What to do; empty where nothing is to be done.
    pub to_do: String,
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Checkup {
    /// Every point, in the order of the look.
    pub points: Vec<Point>,
}

impl Checkup {
    /// How many points have this verdict.
    #[must_use]
    pub fn count(&self, verdict: Verdict) -> usize {
        self.points.iter().filter(|point| point.verdict == verdict).count()
    }

    fn ok(&mut self, topic: &'static str, found: impl Into<String>) {
        self.points.push(Point { topic, verdict: Verdict::Ok, found: found.into(), to_do: String::new() });
    }

    fn warn(&mut self, topic: &'static str, found: impl Into<String>, to_do: impl Into<String>) {
        self.points.push(Point { topic, verdict: Verdict::Warning, found: found.into(), to_do: to_do.into() });
    }

    fn wrong(&mut self, topic: &'static str, found: impl Into<String>, to_do: impl Into<String>) {
        self.points.push(Point { topic, verdict: Verdict::Wrong, found: found.into(), to_do: to_do.into() });
    }
}

/// What the single looks work with.
struct Patient {
    /// Where the system's files lie: `/`, but for tests.
    root: PathBuf,
    config_folder: PathBuf,
    /// `None` where it has mistakes.
    config: Option<Config>,
    data: Option<PathBuf>,
    now: Timestamp,
}

/// Looks everything over; without the network where `offline`. `on_progress` is told how many of how many doors were
/// knocked at.
pub async fn doctor(folders: &Folders, offline: bool, on_progress: &mut (dyn FnMut(u64, u64) + Send)) -> Checkup {
    examine(folders, Path::new("/"), offline, on_progress).await
}

async fn examine(
    folders: &Folders,
    root: &Path,
    offline: bool,
    on_progress: &mut (dyn FnMut(u64, u64) + Send),
) -> Checkup {
    let mut checkup = Checkup::default();
    let (clock, config_folder) = (clock(), folders.config());
    let loaded = load_config_or_default(folders);
    configuration::look_at_documents(&config_folder, &loaded, &mut checkup);
    let config = loaded.ok();
    let data = data_folder(folders, root, &config_folder, config.as_ref());
    let patient = Patient { root: root.to_owned(), config_folder, config, data, now: clock() };
    configuration::look_at_rights(&patient, &mut checkup);
    let secrets = configuration::look_at_secrets(&patient, &mut checkup);
    data::look_at_folder(&patient, &mut checkup);
    let states = data::look_at_database(&patient, &mut checkup).await;
    let states = watched(states, patient.config.as_ref());
    data::look_at_room(&patient, &mut checkup);
    web::look_at_listener(&patient, &mut checkup);
    web::look_at_lists(&patient, &mut checkup).await;
    web::look_at_hubs(&patient, &mut checkup).await;
    machine::look_at_clock(&patient, &states, &mut checkup);
    machine::look_at_zones(&mut checkup);
    machine::look_at_certificates(&patient, &mut checkup);
    machine::look_at_open_files(&patient, &mut checkup);
    service::look_at_holder(&patient, &states, &mut checkup);
    service::look_at_unit(&patient, &mut checkup);
    match secrets.filter(|_| !offline) {
        Some(settings) => network::look_around(&settings, &clock, on_progress, &mut checkup).await,
        None if offline => checkup.ok("network", "not looked at: --offline"),
        None => checkup.warn("network", "not looked at", "mend the configuration first, then ask again"),
    }
    checkup
}

/// The folder that the service works on: the one that the command line or the configuration names, and for the
/// configuration of the machine the one of its service.
fn data_folder(folders: &Folders, root: &Path, config_folder: &Path, config: Option<&Config>) -> Option<PathBuf> {
    let is_named = folders.data.is_some() || config.is_some_and(|config| config.data.is_some());
    let is_machines = config_folder == root.join("etc/porterhouse") && std::env::var_os("STATE_DIRECTORY").is_none();
    let of_service = root.join(STATE_FOLDER);
    // A link into a folder that only root may enter is there as well.
    if !is_named && is_machines && of_service.symlink_metadata().is_ok() {
        return Some(of_service);
    }
    folders.data(config).ok()
}

/// Of all that is remembered, the states of sources that are read now.
fn watched(states: Vec<SourceState>, config: Option<&Config>) -> Vec<SourceState> {
    let Some(config) = config else { return states };
    let hooks = config.watch.hooks.iter().map(|hook| &hook.spec);
    let names: HashSet<&SourceName> = config.watch.sources.iter().chain(hooks).map(|spec| &spec.name).collect();
    states.into_iter().filter(|state| names.contains(&state.source)).collect()
}

/// The database of the patient, opened for reading; an error as the text to tell.
fn open_store(data: &Path) -> Result<Store, crate::store::OpenError> {
    Store::open_read_only(data)
}

/// `1 source`, `2 sources`.
fn counted(n: usize, noun: &str) -> String {
    if n == 1 { format!("1 {noun}") } else { format!("{n} {noun}s") }
}
