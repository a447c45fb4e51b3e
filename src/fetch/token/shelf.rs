//! Where tokens are kept: one file beside the data, for this user alone (0600), replaced as a whole.
//!
//! It is no part of the database, so that no backup holds a token. It has to last because a refresh token may be good
//! for one use: what was got last is the only one that counts. Without a folder nothing is kept.

use crate::model::Secret;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

const FILE: &str = "porterhouse.tokens";
const LOCK: &str = "porterhouse.tokens.lock";

/// How often another process is waited for that renews a token, and how long each time.
const TRIES: u32 = 700;
const TRY_EVERY: Duration = Duration::from_millis(50);

/// The most bytes of the file that are read.
const FILE_LIMIT_BYTES: u64 = 8 << 20;

/// A token with what it was got with.
#[derive(Debug, Clone)]
pub(in crate::fetch) struct Token {
    /// Hash over the secrets that it was got with.
    pub(super) seed: String,
    pub(super) access: Secret,
    pub(super) ends_at: Timestamp,
    pub(super) refresh: Option<Secret>,
}

/// The file, if there is one.
#[derive(Debug, Default)]
pub(super) struct Shelf {
    folder: Option<PathBuf>,
}

/// A token as it is written. Without `Debug`: it would show it.
#[derive(Serialize, Deserialize)]
struct Kept {
    seed: String,
    access: String,
    ends_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    refresh: Option<String>,
}

impl Shelf {
    pub(super) fn in_folder(path: &Path) -> Self {
        Self { folder: Some(path.to_owned()) }
    }

    /// Waits until no other process on this folder renews a token; then none does until this is dropped. `None` where
    /// that cannot be had: better a token too many than none.
    pub(super) async fn hold(&self) -> Option<File> {
        let file = private(&self.folder.as_ref()?.join(LOCK), false).ok()?;
        for _ in 0..TRIES {
            match file.try_lock() {
                Ok(()) => return Some(file),
                Err(fs::TryLockError::WouldBlock) => tokio::time::sleep(TRY_EVERY).await,
                Err(fs::TryLockError::Error(_)) => return None,
            }
        }
        None
    }

    /// The token that is kept as `id`.
    pub(super) fn read(&self, id: &str) -> Option<Token> {
        let Kept { seed, access, ends_at, refresh } = self.all()?.remove(id)?;
        Some(Token { seed, access: Secret::new(access), ends_at, refresh: refresh.map(Secret::new) })
    }

    /// Keeps `token` as `id`, durably.
    pub(super) fn keep(&self, id: &str, token: &Token) -> std::io::Result<()> {
        let Some(folder) = &self.folder else { return Ok(()) };
        let mut all = self.all().unwrap_or_default();
        let refresh = token.refresh.as_ref().map(|refresh| refresh.expose().to_owned());
        let access = token.access.expose().to_owned();
        all.insert(id.to_owned(), Kept { seed: token.seed.clone(), access, ends_at: token.ends_at, refresh });
        let draft = folder.join(FILE).with_extension("tokens.new");
        let mut file = private(&draft, true)?;
        file.write_all(&serde_json::to_vec(&all)?)?;
        file.sync_all()?;
        fs::rename(&draft, folder.join(FILE))?;
        File::open(folder)?.sync_all()
    }

    fn all(&self) -> Option<BTreeMap<String, Kept>> {
        let path = self.folder.as_ref()?.join(FILE);
        let size = fs::metadata(&path).ok()?.len();
        if size > FILE_LIMIT_BYTES {
            return None;
        }
        serde_json::from_slice(&fs::read(path).ok()?).ok()
    }
}

/// Opens or makes a file that only this user may read.
fn private(path: &Path, is_empty: bool) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(is_empty);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[tokio::test]
    async fn tokens_last_in_a_file_that_only_we_may_read() {
        let folder = tempfile::tempdir().unwrap();
        let shelf = Shelf::in_folder(folder.path());
        assert!(shelf.read("a").is_none());
        let token = Token {
            seed: "s".to_owned(),
            access: Secret::new("open".to_owned()),
            ends_at: Timestamp::UNIX_EPOCH,
            refresh: Some(Secret::new("again".to_owned())),
        };
        shelf.keep("a", &token).unwrap();
        shelf.keep("b", &Token { refresh: None, ..token.clone() }).unwrap();
        let read = shelf.read("a").unwrap();
        assert_eq!((read.access.expose(), read.refresh.unwrap().expose()), ("open", "again"));
        assert!(shelf.read("b").is_some_and(|token| token.refresh.is_none()));
        let mode = fs::metadata(folder.path().join(FILE)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert!(!format!("{token:?}").contains("open"));
        fs::write(folder.path().join(FILE), "{broken").unwrap();
        assert!(shelf.read("a").is_none());
        shelf.keep("a", &token).unwrap();
        assert!(shelf.read("a").is_some());
        assert!(shelf.hold().await.is_some());
    }

    #[test]
    fn without_a_folder_nothing_is_kept() {
        let token = Token {
            seed: String::new(),
            access: Secret::new("open".to_owned()),
            ends_at: Timestamp::UNIX_EPOCH,
            refresh: None,
        };
        Shelf::default().keep("a", &token).unwrap();
        assert!(Shelf::default().read("a").is_none());
    }
}
