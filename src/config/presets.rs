//! Presets of a user's own: `*.toml` in the folder that `presets` names. One of the name of ours takes its place.

use super::finding::{Finding, Position, Severity};
use crate::model::Preset;
use crate::source::{self, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The most bytes of one preset, and the most presets.
const PRESET_LIMIT_BYTES: u64 = 256 * 1024;
const PRESETS_MOST: usize = 500;

/// The presets that sources may name: a user's own before ours.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Presets {
    own: Vec<Arc<Preset>>,
}

impl Presets {
    /// The preset of that name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Arc<Preset>> {
        self.own.iter().find(|preset| preset.name == name).or_else(|| source::preset(name))
    }

    /// All of them, by name; a user's own are marked.
    #[must_use]
    pub fn list(&self) -> Vec<(&Arc<Preset>, bool)> {
        let ours = source::PRESETS.iter().filter(|ours| self.own.iter().all(|own| own.name != ours.name));
        let mut all: Vec<_> = self.own.iter().map(|own| (own, true)).chain(ours.map(|ours| (ours, false))).collect();
        all.sort_by(|(one, _), (other, _)| one.name.cmp(&other.name));
        all
    }

    /// Their names.
    pub(super) fn names(&self) -> Vec<&str> {
        self.list().into_iter().map(|(preset, _)| preset.name.as_str()).collect()
    }
}

/// The folder that the document `text` names with `presets`, before its first table.
pub(super) fn named_folder(text: &str) -> Option<String> {
    let head = text.lines().take_while(|line| !line.trim_start().starts_with('['));
    let mut lines = head.filter(|line| line.split('=').next().is_some_and(|key| key.trim() == "presets"));
    let line: toml::Table = toml::from_str(lines.next()?).ok()?;
    line.get("presets")?.as_str().map(str::to_owned)
}

/// Reads the presets in `folder`, whose paths are told relative to `base`; one with a mistake is left out and told.
pub(super) fn read(base: &Path, folder: &Path) -> (Presets, Vec<Finding>) {
    let (mut presets, mut findings) = (Presets::default(), Vec::new());
    for path in files(folder).into_iter().take(PRESETS_MOST) {
        let shown = path.strip_prefix(base).unwrap_or(&path).display().to_string();
        match text_of(&path) {
            Ok(text) => match read_one(&shown, &text) {
                Ok(preset) => presets.own.push(Arc::new(preset)),
                Err(mut wrong) => findings.append(&mut wrong),
            },
            Err(why) => findings.push(finding(&shown, None, why, "make it a readable text file".to_owned())),
        }
    }
    (presets, findings)
}

fn read_one(shown: &str, text: &str) -> Result<Preset, Vec<Finding>> {
    let preset: Preset = toml::from_str(text).map_err(|error| {
        let at = error.span().map(|span| position(text, span.start));
        let help = "compare it with what `porterhouse presets` shows of ours".to_owned();
        vec![finding(shown, at, error.message().lines().collect::<Vec<_>>().join(", "), help)]
    })?;
    let flaws = json::check(&preset).into_iter().map(|flaw| {
        let at = text.find(&flaw.sought).filter(|_| !flaw.sought.is_empty()).map(|at| position(text, at));
        finding(shown, at, format!("`{}` {}", flaw.key, flaw.problem), flaw.help)
    });
    let flaws: Vec<Finding> = flaws.collect();
    if flaws.is_empty() { Ok(preset) } else { Err(flaws) }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "toml"));
    files.sort();
    files
}

fn text_of(path: &Path) -> Result<String, String> {
    let size = fs::metadata(path).map_err(|error| format!("it cannot be read: {error}"))?.len();
    if size > PRESET_LIMIT_BYTES {
        return Err(format!("it is larger than {} kB", PRESET_LIMIT_BYTES / 1024));
    }
    let bytes = fs::read(path).map_err(|error| format!("it cannot be read: {error}"))?;
    String::from_utf8(bytes).map_err(|_| "this is not UTF-8".to_owned())
}

fn position(text: &str, at: usize) -> Position {
    let before = text.get(..at).unwrap_or(text);
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    Position { line: before.matches('\n').count() + 1, column }
}

fn finding(file: &str, position: Option<Position>, message: String, help: String) -> Finding {
    Finding { severity: Severity::Error, file: file.to_owned(), position, message, help, excerpt: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOUND: &str = "name = \"house\"\nabout = \"ours\"\nengine = \"json\"\nbase = \"https://a.example\"\n\
                         [[request]]\npath = \"/x\"\n[[items]]\npath = \"list\"\nid = \"id\"\n";

    #[test]
    fn presets_of_a_user_are_added_or_take_the_place_of_ours_and_mistakes_are_told_by_line() {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("written");
        write("a.toml", SOUND);
        write("b.toml", &SOUND.replace("house", "hackernews"));
        write("c.toml", &SOUND.replace("id = \"id\"", "id = \"id\"\ntitel = \"t\""));
        write("d.toml", &SOUND.replace("/x\"", "/x/{nobody}\"\nquery = [[\"q\", \"{qury}\"]]"));
        let (presets, findings) = read(folder.path(), folder.path());
        assert_eq!(presets.get("house").map(|preset| preset.about.as_str()), Some("ours"));
        assert_eq!(presets.get("hackernews").map(|preset| preset.about.as_str()), Some("ours"));
        assert!(presets.get("lemmy").is_some());
        let told: Vec<String> = findings.iter().map(Finding::headline).collect();
        assert!(told[0].starts_with("c.toml:10:1: unknown field `titel`"), "{told:?}");
        assert!(
            told[1].starts_with(
                "d.toml:6:12: `request.path` is no variable of this preset; name it in `[variables.nobody]`"
            ),
            "{told:?}"
        );
        assert!(told[2].starts_with("d.toml:7:17: `request.query` is no variable"), "{told:?}");
        assert_eq!(told.len(), 3);
    }

    #[test]
    fn the_folder_stands_before_the_first_table() {
        assert_eq!(named_folder("# x\npresets = \"mine\" # y\n[[source]]\n").as_deref(), Some("mine"));
        assert_eq!(named_folder("[a]\npresets = \"mine\"\n"), None);
    }
}
