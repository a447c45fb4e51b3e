//! `engine = "import"`: the folder that is watched, and what the columns of its files mean.

use super::finding::{Finding, Severity};
use super::folder::SOURCES_FILE;
use super::form;
use super::load::whole_file;
use super::reader::Reader;
use super::value::Text;
use crate::model::{ImportField, ImportFolder, ImportPlan, Watch};
use std::path::{Path, PathBuf};

/// Reads what belongs to a watched folder; says that it does not belong to any other source.
pub(super) fn read(table: &mut Reader<'_>, is_import: bool) -> Option<ImportFolder> {
    if !is_import {
        for key in ["folder", "pattern", "keep", "zone", "encoding", "header", "map"] {
            if let Some(value) = table.value(key) {
                value.reject("is of imports only", "remove it, or write `engine = \"import\"`");
            }
        }
        return None;
    }
    if let Some(value) = table.value("url") {
        value.reject("is not of imports", "remove it; the files lie in `folder`");
    }
    let folder = table.required("folder", "folder = \"/srv/imports/survey\"");
    let pattern = table.text("pattern").and_then(|text| pattern(&text));
    let keep = table.flag("keep").unwrap_or(false);
    let zone = table.text("zone").and_then(|zone| form::zone(&zone));
    let encoding = table.text("encoding").and_then(|label| encoding(&label));
    let has_header = table.flag("header").unwrap_or(true);
    let map = read_map(table);
    let plan = ImportPlan { map, encoding, has_header, zone };
    Some(ImportFolder { folder: PathBuf::from(folder?.text), pattern, keep, plan })
}

/// The address by which a watched folder is told and known again.
pub(super) fn address(folder: &Path) -> String {
    format!("file://{}", folder.display())
}

/// Makes the folders of `watch` absolute, from the `base` that names them; a warning for each that is not there.
pub(super) fn settle(watch: &mut Watch, base: &Path) -> Vec<Finding> {
    let base = std::path::absolute(base).unwrap_or_else(|_| base.to_owned());
    let mut findings = Vec::new();
    for spec in &mut watch.sources {
        let Some(import) = &mut spec.import else { continue };
        import.folder = base.join(&import.folder);
        spec.url = address(&import.folder);
        if !import.folder.is_dir() {
            let message = format!("source `{}`: `{}` is no folder", spec.name, import.folder.display());
            let mut finding = whole_file(SOURCES_FILE, message, "make it, or change `folder`");
            finding.severity = Severity::Warning;
            findings.push(*finding);
        }
    }
    findings
}

fn pattern(text: &Text<'_>) -> Option<String> {
    if text.text.contains(['/', '\\']) {
        text.reject("names a folder", "write the names of files alone, such as \"*.csv\"");
        return None;
    }
    Some(text.text.clone())
}

fn encoding(label: &Text<'_>) -> Option<String> {
    if !crate::source::import::is_encoding(&label.text) {
        label.reject("is no encoding", "write for instance \"utf-8\", \"utf-16\" or \"windows-1252\"");
        return None;
    }
    Some(label.text.clone())
}

/// `[source.map]`.
fn read_map(table: &mut Reader<'_>) -> Vec<(ImportField, String)> {
    let Some(mut table) = table.table("map", "`[source.map]`") else { return Vec::new() };
    let columns = ImportField::ALL.iter().filter_map(|(name, field)| Some((*field, table.text(name)?.text)));
    let map = columns.collect();
    table.finish();
    map
}
