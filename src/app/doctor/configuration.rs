//! Both documents, who may read and change them, and whether every secret is there and kept.

use super::{Checkup, Patient, counted};
use crate::app::house::{resolve, settings_for_doctor};
use crate::config::{Config, ConfigError, Finding, SETTINGS_FILE, SOURCES_FILE, Severity};
use crate::model::{SecretRef, SourceSpec};
use crate::pipeline::Settings;
use std::fs::{self, Metadata};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// Mistakes of the configuration that are listed; `check` lists them all.
const FINDINGS_LISTED: usize = 5;

/// Credentials beside the configuration that are looked at.
const CREDENTIALS_LIMIT: usize = 100;

/// What to do where a secret is missing.
const MISSING: &str = "put it there; without it the service does not start";

/// Everybody on the machine may read, or change.
const READ_BY_ALL: u32 = 0o004;
const WRITTEN_BY_ALL: u32 = 0o002;
/// Files of a folder are only changed by their owners.
const STICKY: u32 = 0o1000;

pub(super) fn look_at_documents(folder: &Path, loaded: &Result<Config, ConfigError>, checkup: &mut Checkup) {
    const TOPIC: &str = "configuration";
    let shown = folder.display();
    if !folder.join(SOURCES_FILE).exists() {
        let to_do = "run `porterhouse init` there, or name another folder with --config";
        return checkup.wrong(TOPIC, format!("there is no {SOURCES_FILE} in {shown}"), to_do);
    }
    match loaded {
        Ok(config) => {
            let (brands, sources) = (config.watch.brands.len(), config.watch.sources.len());
            let found = format!("{shown}: {}, {}", counted(brands, "brand"), counted(sources, "source"));
            if config.warnings.is_empty() {
                return checkup.ok(TOPIC, found);
            }
            let odd: Vec<String> = config.warnings.iter().take(FINDINGS_LISTED).map(Finding::headline).collect();
            let found = format!("{found}, {}: {}", counted(config.warnings.len(), "oddity"), odd.join(" | "));
            checkup.warn(TOPIC, found, "look at each with `porterhouse check`");
        }
        Err(error) => {
            let wrong = error.findings.iter().filter(|finding| finding.severity == Severity::Error);
            let listed: Vec<String> = wrong.take(FINDINGS_LISTED).map(Finding::headline).collect();
            let found = format!("{shown}: {}: {}", counted(error.errors(), "mistake"), listed.join(" | "));
            checkup.wrong(TOPIC, found, "mend them; `porterhouse check` shows each with its line");
        }
    }
}

/// Whether others may change what the program does, and whether the service's own user may read it.
pub(super) fn look_at_rights(patient: &Patient, checkup: &mut Checkup) {
    const TOPIC: &str = "config rights";
    let folder = &patient.config_folder;
    let documents = [SOURCES_FILE, SETTINGS_FILE].map(|name| folder.join(name));
    let files: Vec<(PathBuf, Metadata)> =
        documents.into_iter().filter_map(|path| fs::metadata(&path).ok().map(|found| (path, found))).collect();
    let mut wrong = Vec::new();
    for (path, found) in &files {
        if found.mode() & WRITTEN_BY_ALL != 0 {
            wrong.push((format!("everybody may change {}", path.display()), format!("chmod o-w {}", path.display())));
        }
        // The user of `DynamicUser=` owns nothing in /etc.
        if patient.is_machines() && found.mode() & READ_BY_ALL == 0 {
            let found = format!("the service runs as a user of its own and may not read {}", path.display());
            wrong.push((found, format!("chmod o+r {}; secrets belong into files of their own", path.display())));
        }
    }
    if fs::metadata(folder).is_ok_and(|found| found.mode() & WRITTEN_BY_ALL != 0 && found.mode() & STICKY == 0) {
        wrong.push((
            format!("everybody may put files into {}", folder.display()),
            format!("chmod o-w {}", folder.display()),
        ));
    }
    if wrong.is_empty() && !files.is_empty() {
        checkup.ok(TOPIC, "only their owners may change the files");
    }
    wrong.into_iter().for_each(|(found, to_do)| checkup.wrong(TOPIC, found, to_do));
}

/// Whether each secret is there, and nobody else may read it. The answer is what the network is asked with: without
/// the secrets that are not there.
pub(super) fn look_at_secrets(patient: &Patient, checkup: &mut Checkup) -> Option<Settings> {
    const TOPIC: &str = "secrets";
    let config = patient.config.as_ref()?;
    let proxy = config.proxy_login.iter().map(|(_, password)| password);
    let hooks = config.watch.hooks.iter().map(|hook| &hook.secret);
    let keys = config.watch.sources.iter().flat_map(SourceSpec::secrets);
    let named: Vec<&SecretRef> = config.alert.secrets().chain(proxy).chain(hooks).chain(keys).collect();
    let mut n_fine = 0;
    for reference in &named {
        match (resolve(reference, &patient.config_folder), reference) {
            (Ok(_), _) => n_fine += 1,
            // systemd hands credentials to the service and to nobody else.
            (Err(_), SecretRef::Credential(name)) if patient.unit().is_some() => {
                n_fine += usize::from(is_handed_over(patient, name, checkup));
            }
            (Err(error), _) => checkup.wrong(TOPIC, error.to_string(), MISSING),
        }
    }
    let open: Vec<PathBuf> = secret_files(patient, &named).into_iter().filter(|path| is_read_by_all(path)).collect();
    for path in &open {
        let found = format!("everybody on this machine may read the secret in {}", path.display());
        checkup.wrong(TOPIC, found, format!("chmod 600 {}, and change the secret", path.display()));
    }
    if n_fine == named.len() && open.is_empty() {
        let found = if n_fine == 0 { "none is needed".to_owned() } else { format!("{n_fine} of {n_fine} are there") };
        checkup.ok(TOPIC, found);
    }
    settings_for_doctor(config.clone()).ok()
}

/// Whether the unit will give the service the credential `name`; told where it will not.
fn is_handed_over(patient: &Patient, name: &str, checkup: &mut Checkup) -> bool {
    const TOPIC: &str = "secrets";
    match patient.credential(name) {
        Some(path) if path.exists() => return true,
        Some(path) => {
            let found = format!("the unit takes the credential `{name}` from {}, which is not there", path.display());
            checkup.wrong(TOPIC, found, MISSING);
        }
        None => {
            let line = format!("LoadCredential={name}:/etc/porterhouse/credentials/{name}");
            let to_do = format!("`systemctl edit porterhouse`, and below [Service] write {line}");
            checkup.wrong(TOPIC, format!("the unit hands over no credential `{name}`"), to_do);
        }
    }
    false
}

/// The files with secrets: those that are named, and what lies where the unit looks for credentials.
fn secret_files(patient: &Patient, named: &[&SecretRef]) -> Vec<PathBuf> {
    let folder = &patient.config_folder;
    let files = named.iter().filter_map(|reference| match reference {
        SecretRef::File(path) => Some(folder.join(path)),
        SecretRef::Env(_) | SecretRef::Credential(_) => None,
    });
    let credentials = folder.join("credentials");
    // Where others may not enter, it does not matter what they might read.
    let is_closed = fs::metadata(&credentials).is_ok_and(|found| found.mode() & 0o001 == 0);
    let beside = fs::read_dir(&credentials).into_iter().flatten().take(CREDENTIALS_LIMIT).flatten();
    files.chain(beside.filter(|_| !is_closed).map(|entry| entry.path())).collect()
}

fn is_read_by_all(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| found.is_file() && found.mode() & READ_BY_ALL != 0)
}
