//! From a folder to a [`Config`], or to everything that is wrong.

use super::Config;
use super::document::Document;
use super::finding::{ConfigError, Finding, Position, Severity};
use super::folder::{SETTINGS_FILE, SOURCES_FILE};
use super::import;
use super::presets::{self, Presets};
use super::settings::read_settings;
use super::watch::read_watch;
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

/// The most bytes that a document may have: some ten thousand sources are a tenth of it.
pub(super) const FILE_LIMIT_BYTES: u64 = 32 * 1024 * 1024;

/// A document, or why there is none.
type Opened = Result<Document, Box<Finding>>;

/// Reads and checks the documents in `folder`.
///
/// `porterhouse.toml` may be absent: then the defaults run.
///
/// # Errors
/// [`ConfigError`] with every mistake of both files, among them that there is no `sources.toml`.
pub fn load(folder: &Path) -> Result<Config, ConfigError> {
    let absent = || {
        let problem = format!("there is none in {}", folder.display());
        let help = "run `porterhouse init` there, or name another folder with `--config`";
        Err(whole_file(SOURCES_FILE, problem, help))
    };
    check(folder, open(folder, SOURCES_FILE).unwrap_or_else(absent))
}

/// Like [`load`], but without `sources.toml` nothing is watched, and that is no warning.
///
/// # Errors
/// [`ConfigError`] with every mistake of the files that are there.
pub fn load_optional(folder: &Path) -> Result<Config, ConfigError> {
    if let Some(sources) = open(folder, SOURCES_FILE) {
        return check(folder, sources);
    }
    let mut config = check(folder, Ok(Document::new(SOURCES_FILE, "")))?;
    config.warnings.retain(|finding| finding.file != SOURCES_FILE);
    Ok(config)
}

/// Like [`load`], as if `sources.toml` held `text`.
///
/// # Errors
/// [`ConfigError`] with every mistake of `text` and of `porterhouse.toml`.
pub(super) fn load_with_sources(folder: &Path, text: &str) -> Result<Config, ConfigError> {
    if text.len() as u64 > FILE_LIMIT_BYTES {
        return check(folder, Err(too_large(SOURCES_FILE)));
    }
    check(folder, Ok(Document::new(SOURCES_FILE, text)))
}

fn check(folder: &Path, sources: Opened) -> Result<Config, ConfigError> {
    let (mut findings, mut brand_ids) = (Vec::new(), Vec::new());
    let settings = open(folder, SETTINGS_FILE).unwrap_or_else(|| Ok(Document::new(SETTINGS_FILE, "")));
    let presets = read_presets(folder, [&settings, &sources], &mut findings);
    let watch = match sources {
        Ok(document) => {
            let mut watch = read_watch(&document, folder, &presets, &mut brand_ids);
            findings.extend(import::settle(&mut watch, folder));
            // What a broken document holds is a guess, so nothing is measured against it.
            let is_whole = !document.is_broken();
            findings.extend(document.into_findings());
            is_whole.then_some(watch)
        }
        Err(finding) => {
            findings.push(*finding);
            None
        }
    };
    let config = match settings {
        Ok(document) => {
            let n_hooks = watch.as_ref().map_or(0, |watch| watch.hooks.len());
            let mut config = read_settings(&document, folder, watch.as_ref().map(|_| brand_ids.as_slice()));
            findings.extend(document.into_findings());
            findings.append(&mut config.warnings);
            if n_hooks > 0 && config.web.is_none() {
                findings.push(nobody_listens(n_hooks));
            }
            Some(config)
        }
        Err(finding) => {
            findings.push(*finding);
            None
        }
    };
    let has_errors = findings.iter().any(|finding| finding.severity == Severity::Error);
    match config {
        Some(config) if !has_errors => {
            Ok(Config { watch: watch.unwrap_or_default(), presets, warnings: findings, ..config })
        }
        _ => Err(ConfigError { findings }),
    }
}

/// The presets in the folder that the first of `documents` names; one that is not there is told.
fn read_presets(folder: &Path, documents: [&Opened; 2], findings: &mut Vec<Finding>) -> Presets {
    let of_document = |document: &&Opened| presets::named_folder(document.as_ref().ok()?.text());
    let Some(named) = documents.iter().find_map(of_document) else { return Presets::default() };
    let place = folder.join(&named);
    if !place.is_dir() {
        let problem = format!("the folder `{named}` of `presets` is not there");
        findings.push(*whole_file(SETTINGS_FILE, problem, "make it, with presets such as `house.toml` in it"));
        return Presets::default();
    }
    let (presets, mut wrong) = presets::read(folder, &place);
    findings.append(&mut wrong);
    presets
}

/// The document `file` of `folder`; `None` where there is none.
fn open(folder: &Path, file: &'static str) -> Option<Opened> {
    let mut bytes = Vec::new();
    let opened = File::open(folder.join(file));
    let read = opened.and_then(|opened| opened.take(FILE_LIMIT_BYTES + 1).read_to_end(&mut bytes));
    match read {
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => Some(Err(whole_file(file, format!("it cannot be read: {error}"), "make it a readable file"))),
        Ok(_) if bytes.len() as u64 > FILE_LIMIT_BYTES => Some(Err(too_large(file))),
        Ok(_) => Some(document_of(file, &bytes)),
    }
}

/// The document with these bytes, which must be UTF-8.
pub(super) fn document_of(file: &str, bytes: &[u8]) -> Opened {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(Document::new(file, text)),
        Err(error) => {
            let sound = bytes.get(..error.valid_up_to()).and_then(|bytes| std::str::from_utf8(bytes).ok());
            let sound = sound.unwrap_or_default();
            let line = sound.matches('\n').count() + 1;
            let column = sound.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
            let mut finding = whole_file(file, "this is not UTF-8".to_owned(), "save the file as UTF-8");
            finding.position = Some(Position { line, column });
            Err(finding)
        }
    }
}

fn too_large(file: &str) -> Box<Finding> {
    let problem = format!("it is larger than {} MB", FILE_LIMIT_BYTES / (1024 * 1024));
    whole_file(file, problem, "split what is watched over several services")
}

/// Sources that are posted to, while the service does not listen.
fn nobody_listens(n_hooks: usize) -> Finding {
    let what = if n_hooks == 1 { "a source is".to_owned() } else { format!("{n_hooks} sources are") };
    let help = "write `[web]` with `listen = \"127.0.0.1:8086\"` into it";
    let finding = *whole_file(SETTINGS_FILE, format!("{what} posted to, but nobody listens"), help);
    Finding { severity: Severity::Warning, ..finding }
}

pub(super) fn whole_file(file: &str, message: String, help: &str) -> Box<Finding> {
    Box::new(Finding {
        severity: Severity::Error,
        file: file.to_owned(),
        position: None,
        message,
        help: help.to_owned(),
        excerpt: None,
    })
}
