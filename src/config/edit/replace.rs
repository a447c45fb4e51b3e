//! Puts a new text in the place of a file: wholly or not at all, and never over what somebody else wrote.

use super::EditError;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt, fchown};
use std::path::{Path, PathBuf};

/// Names that are tried for the new file, in case one is left over from a run that was cut off.
const TRIES: u32 = 16;

/// Replaces the file at `path`, which held `old`, by `new`.
///
/// A link is followed: its target is replaced. Rights are kept, and the owner where the system lets us.
pub(super) fn replace(path: &Path, old: &[u8], new: &[u8]) -> Result<(), EditError> {
    let failed = |source| EditError::Write { path: path.to_owned(), source };
    let target = fs::canonicalize(path).map_err(failed)?;
    let (mut file, beside) = create_beside(&target).map_err(failed)?;
    let done = fill(&mut file, &target, new).map_err(failed).and_then(|()| {
        // As late as can be: what is left is the moment between two calls.
        if fs::read(&target).map_err(failed)? != old {
            return Err(EditError::ChangedMeanwhile { path: path.to_owned() });
        }
        fs::rename(&beside, &target).map_err(failed)
    });
    if done.is_err() {
        // The new file is of no use to anybody; what is wrong is being told.
        let _ = fs::remove_file(&beside);
        return done;
    }
    let folder = target.parent().unwrap_or(Path::new("/"));
    // Without it a power cut may bring the old file back, which is whole as well.
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
    Ok(())
}

/// An empty file in the folder of `target`, for this user alone until it has its rights.
fn create_beside(target: &Path) -> io::Result<(File, PathBuf)> {
    let (folder, name) = (target.parent().unwrap_or(Path::new("/")), target.file_name().unwrap_or_default());
    let mut last = io::Error::from(io::ErrorKind::AlreadyExists);
    for number in 0..TRIES {
        let mut hidden = std::ffi::OsString::from(".");
        hidden.push(name);
        hidden.push(format!(".{}-{number}.new", std::process::id()));
        let beside = folder.join(hidden);
        match OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside) {
            Ok(file) => return Ok((file, beside)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => last = error,
            Err(error) => return Err(error),
        }
    }
    Err(last)
}

fn fill(file: &mut File, target: &Path, new: &[u8]) -> io::Result<()> {
    let model = fs::metadata(target)?;
    let own = file.metadata()?;
    if (own.uid(), own.gid()) != (model.uid(), model.gid()) {
        // Only root may give a file away; somebody else's file becomes ours, and its group may still be kept.
        if fchown(&*file, Some(model.uid()), Some(model.gid())).is_err() {
            let _ = fchown(&*file, None, Some(model.gid()));
        }
    }
    file.set_permissions(fs::Permissions::from_mode(model.mode() & 0o7777))?;
    file.write_all(new)?;
    file.sync_all()
}
