//! Lists of a user's own: `<language>/<purpose>.tsv` and `<language>/playbooks.toml` in the folder that `lexicons` names.

use super::finding::{Finding, Position, Severity};
use super::suggest::nearest;
use crate::lexicon::{self, Overlay, PLAYBOOKS};
use crate::playbook;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

/// The most bytes of one list, and the most lists.
const LIST_LIMIT_BYTES: u64 = 4 * 1024 * 1024;
const LISTS_MOST: usize = 200;

/// How the name of a playbook ends; that of a list ends with `tsv`.
const PLAYBOOK_ENDING: &str = "toml";

/// Reads the lists below `folder`, whose paths are told relative to `base`; what cannot be used is left out and told as
/// warnings.
pub(super) fn read(base: &Path, folder: &Path) -> (Overlay, Vec<Finding>) {
    let (mut overlay, mut findings) = (Overlay::default(), Vec::new());
    for path in files_below(folder).into_iter().take(LISTS_MOST) {
        let shown = path.strip_prefix(base).unwrap_or(&path).display().to_string();
        let name = |part: Option<&OsStr>| part.and_then(OsStr::to_str).unwrap_or_default().to_owned();
        let (language, purpose) = (name(path.parent().and_then(Path::file_name)), name(path.file_stem()));
        let is_playbook = path.extension().is_some_and(|extension| extension == PLAYBOOK_ENDING);
        if !is_known(&language, &purpose, is_playbook) {
            findings.push(unknown(&shown, &format!("{language}/{purpose}")));
            continue;
        }
        match text_of(&path) {
            Ok(text) => {
                let wrong = if is_playbook {
                    let wrong = playbook::read(&text).1;
                    overlay.add_playbook(&language, text);
                    wrong
                } else {
                    overlay.add(&language, &purpose, &text)
                };
                let at = |line| Some(Position { line, column: 1 });
                findings.extend(wrong.into_iter().map(|(line, why)| warning(&shown, at(line), why, String::new())));
            }
            Err(why) => findings.push(warning(&shown, None, why, "make it a readable text file".to_owned())),
        }
    }
    (overlay, findings)
}

/// Whether there is something of ours that a file of this name is laid over.
fn is_known(language: &str, purpose: &str, is_playbook: bool) -> bool {
    if is_playbook {
        return purpose == "playbooks" && PLAYBOOKS.iter().any(|(of, _)| *of == language);
    }
    lexicon::is_list(language, purpose)
}

fn unknown(shown: &str, ours: &str) -> Finding {
    let playbooks = PLAYBOOKS.iter().map(|(of, _)| format!("{of}/playbooks.{PLAYBOOK_ENDING}"));
    let known: Vec<String> = lexicon::lists().map(|list| format!("{list}.tsv")).chain(playbooks).collect();
    let stem = |name: &str| name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_owned();
    let stems: Vec<String> = known.iter().map(|name| stem(name)).collect();
    let help = nearest(ours, stems.iter().map(String::as_str))
        .and_then(|near| known.iter().find(|name| stem(name) == near))
        .map_or("name it as language and list, such as `de/feelings.tsv`".to_owned(), |name| {
            format!("did you mean `{name}`?")
        });
    warning(shown, None, format!("there is no list `{ours}` to lay it over"), help)
}

/// The `.tsv` and `.toml` files one folder below `folder`, in the order of their names.
fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = |folder: &Path| -> Vec<PathBuf> {
        let read = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
        read.map(|entry| entry.path()).collect()
    };
    let mut files: Vec<PathBuf> = entries(folder).iter().flat_map(|below| entries(below)).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "tsv" || ending == PLAYBOOK_ENDING));
    files.sort();
    files
}

fn text_of(path: &Path) -> Result<String, String> {
    let size = fs::metadata(path).map_err(|error| format!("it cannot be read: {error}"))?.len();
    if size > LIST_LIMIT_BYTES {
        return Err(format!("it is larger than {} MB", LIST_LIMIT_BYTES / (1024 * 1024)));
    }
    let bytes = fs::read(path).map_err(|error| format!("it cannot be read: {error}"))?;
    String::from_utf8(bytes).map_err(|_| "this is not UTF-8".to_owned())
}

fn warning(file: &str, position: Option<Position>, message: String, help: String) -> Finding {
    Finding { severity: Severity::Warning, file: file.to_owned(), position, message, help, excerpt: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mistake_is_told_with_file_and_line_and_the_rest_is_used() {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: &str, text: &[u8]| {
            let path = folder.path().join("words").join(name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            fs::write(path, text).expect("written");
        };
        write("de/feelings.tsv", b"spitze\t2\nmies\n");
        write("de/felings.tsv", b"spitze\t2\n");
        write("en/cues.tsv", b"\xff\xfe");
        write("en/notes.txt", b"no list");
        write("fr/playbooks.toml", b"[[play]]\nid = \"wish\"\nfor = \"surprise\"\nkinds = [\"wihs\"]\ngestures = []\n[[play]]\nid = \"love\"\noff = true\n");
        write("it/playbook.toml", b"");
        let (overlay, findings) = read(folder.path(), &folder.path().join("words"));
        assert_eq!(overlay.n_rows(), 1);
        let told: Vec<String> = findings.iter().map(Finding::headline).collect();
        assert_eq!(told.len(), 5, "{told:?}");
        assert!(
            told[3].starts_with("words/fr/playbooks.toml:4:1: warning: `wihs` is no kind; the kinds are wish,"),
            "{}",
            told[3]
        );
        assert!(told[4].ends_with("did you mean `it/playbooks.toml`?"), "{}", told[4]);
        assert!(told[0].starts_with("words/de/feelings.tsv:2:1: warning: `` is no number"), "{}", told[0]);
        assert!(told[1].starts_with("words/de/felings.tsv: warning: there is no list `de/felings` to lay it over; did you mean `de/feelings.tsv`?"), "{}", told[1]);
        assert_eq!(told[2], "words/en/cues.tsv: warning: this is not UTF-8; make it a readable text file");
    }

    #[test]
    fn without_a_folder_nothing_is_laid_over() {
        let folder = tempfile::tempdir().expect("a folder");
        assert_eq!(read(folder.path(), folder.path()), (Overlay::default(), Vec::new()));
    }
}
