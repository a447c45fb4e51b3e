//! Lays files aside that were read: into `done` or `failed` beside them, with a note.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Tries for a name that is free.
const NAMES_TRIED: u32 = 1_000;

/// Where a file is laid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shelf {
    /// It was read.
    Done,
    /// It could not be.
    Failed,
}

/// Moves `name` within `folder` onto the shelf, and writes `note` beside it; where it lies now.
pub(super) fn shelve(folder: &Path, name: &str, shelf: Shelf, note: Option<&str>) -> io::Result<PathBuf> {
    let target = folder.join(match shelf {
        Shelf::Done => "done",
        Shelf::Failed => "failed",
    });
    match fs::create_dir(&target) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    // A link would lead out of the folder.
    if !target.symlink_metadata()?.is_dir() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, format!("{} is no folder", target.display())));
    }
    let free = (1..=NAMES_TRIED).map(|n| numbered(name, n)).find(|name| {
        let is_free = |name: &str| target.join(name).symlink_metadata().is_err();
        is_free(name) && is_free(&format!("{name}.txt"))
    });
    let name_there = free.ok_or(io::ErrorKind::AlreadyExists)?;
    let path = target.join(&name_there);
    fs::rename(folder.join(name), &path)?;
    if let Some(note) = note {
        let mut file = fs::OpenOptions::new().write(true).create_new(true).open(target.join(name_there + ".txt"))?;
        file.write_all(note.as_bytes())?;
    }
    Ok(path)
}

/// `a.csv`, `a-2.csv`, `a-3.csv`.
fn numbered(name: &str, n: u32) -> String {
    match (n, name.rsplit_once('.')) {
        (1, _) => name.to_owned(),
        (_, Some((stem, ending))) => format!("{stem}-{n}.{ending}"),
        (_, None) => format!("{name}-{n}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_one_name_lie_side_by_side_with_their_notes() {
        let folder = tempfile::tempdir().expect("a folder");
        let lay = |text: &str| {
            fs::write(folder.path().join("a.csv"), text).expect("written");
            shelve(folder.path(), "a.csv", Shelf::Failed, Some(text)).expect("laid")
        };
        assert!(lay("one").ends_with("failed/a.csv") && lay("two").ends_with("failed/a-2.csv"));
        assert_eq!(fs::read_to_string(folder.path().join("failed/a-2.csv.txt")).expect("a note"), "two");
        assert!(!folder.path().join("a.csv").exists());
    }

    #[test]
    fn a_shelf_that_is_a_link_is_not_used() {
        let (folder, other) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("another"));
        std::os::unix::fs::symlink(other.path(), folder.path().join("done")).expect("linked");
        fs::write(folder.path().join("a.csv"), "x").expect("written");
        assert!(shelve(folder.path(), "a.csv", Shelf::Done, None).is_err());
        assert!(folder.path().join("a.csv").exists());
    }
}
