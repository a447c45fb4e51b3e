//! The data folder: its rights, its database, the room around it.

use super::{Checkup, Patient, open_store};
use crate::model::SourceState;
use crate::pipeline::is_room_low;
use crate::store::{self, OpenError};
use rustix::fs::{Access, access};
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// A larger database is opened and not read through.
const READ_THROUGH_BYTES: u64 = 256 << 20;

/// Lines of damage that are listed.
const DAMAGE_LISTED: usize = 3;

/// Others than the owner may read.
const READ_BY_OTHERS: u32 = 0o044;
const ENTERED_BY_OTHERS: u32 = 0o011;

pub(super) fn look_at_folder(patient: &Patient, checkup: &mut Checkup) {
    const TOPIC: &str = "data folder";
    let Some(data) = &patient.data else {
        return checkup.wrong(TOPIC, "nothing says where the data lie", "name a folder with --data or `data`");
    };
    let shown = data.display();
    let found = match fs::metadata(data) {
        Ok(found) if found.is_dir() => found,
        Ok(_) => return checkup.wrong(TOPIC, format!("{shown} is no folder"), "move it away, or name another folder"),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return look_at_missing(data, checkup),
        Err(error) => {
            let to_do = "run `porterhouse doctor` as root or as the user of the service";
            return checkup.warn(TOPIC, format!("{shown} cannot be looked at: {error}"), to_do);
        }
    };
    // What only root can tell root may not tell: it may write everywhere.
    if access(data, Access::READ_OK | Access::WRITE_OK | Access::EXEC_OK).is_err() {
        let to_do = format!("give it to the user of the service: chown USER {shown}");
        return checkup.wrong(TOPIC, format!("{shown} belongs to user {} and cannot be written", found.uid()), to_do);
    }
    let database = fs::metadata(data.join("porterhouse.db")).ok();
    if database.as_ref().is_some_and(|database| database.uid() != found.uid()) {
        let to_do = format!("chown -R {}:{} {shown}", found.uid(), found.gid());
        return checkup.wrong(TOPIC, format!("the database in {shown} belongs to another user than the folder"), to_do);
    }
    let is_seen = database.is_some_and(|database| database.mode() & READ_BY_OTHERS != 0);
    if is_seen && found.mode() & ENTERED_BY_OTHERS != 0 {
        return checkup.wrong(
            TOPIC,
            format!("others may read the database in {shown}"),
            format!("chmod -R go= {shown}"),
        );
    }
    if found.mode() & READ_BY_OTHERS != 0 {
        return checkup.warn(TOPIC, format!("others may list {shown}"), format!("chmod 700 {shown}"));
    }
    checkup.ok(TOPIC, format!("{shown} is open to its owner alone"));
}

fn look_at_missing(data: &Path, checkup: &mut Checkup) {
    const TOPIC: &str = "data folder";
    let shown = data.display();
    let parent = data.ancestors().skip(1).find(|folder| folder.exists()).unwrap_or(Path::new("/"));
    if access(parent, Access::WRITE_OK | Access::EXEC_OK).is_ok() {
        checkup.ok(TOPIC, format!("{shown} is not there yet; the first run makes it"));
    } else {
        let to_do = "make it for the user of the service, or name another with --data or `data`";
        checkup.wrong(TOPIC, format!("{shown} is not there and cannot be made"), to_do);
    }
}

/// Whether the database opens and is whole; what it remembers of sources.
pub(super) async fn look_at_database(patient: &Patient, checkup: &mut Checkup) -> Vec<SourceState> {
    const TOPIC: &str = "database";
    let Some(data) = &patient.data else { return Vec::new() };
    let store = match open_store(data) {
        Ok(store) => store,
        Err(OpenError::Missing { .. }) => {
            checkup.ok(TOPIC, "none yet; the first run makes it");
            return Vec::new();
        }
        Err(error) => {
            checkup.wrong(
                TOPIC,
                error.to_string(),
                "restore a backup with `porterhouse restore FILE`, if it is damaged",
            );
            return Vec::new();
        }
    };
    let stats = match store.stats().await {
        Ok(stats) => stats,
        Err(error) => {
            checkup.wrong(TOPIC, format!("it cannot be read: {error}"), "look with `porterhouse check --data`");
            return Vec::new();
        }
    };
    let size = megabytes(stats.database_bytes);
    let damage =
        if stats.database_bytes > READ_THROUGH_BYTES { Ok(Vec::new()) } else { store.quick_check(DAMAGE_LISTED).await };
    match damage {
        Ok(damage) if !damage.is_empty() => {
            let found = format!("it is damaged: {}", damage.join(" | "));
            checkup.wrong(TOPIC, found, "stop the service and put a backup back: `porterhouse restore FILE`");
        }
        Err(error) => {
            checkup.wrong(TOPIC, format!("it cannot be read: {error}"), "look with `porterhouse check --data`");
        }
        Ok(_) if stats.database_bytes > READ_THROUGH_BYTES => {
            checkup
                .ok(TOPIC, format!("it opens; {size}, too large to read through here: see `porterhouse check --data`"));
        }
        Ok(_) => checkup.ok(TOPIC, format!("it opens and is whole; {size}, {} items", stats.items_kept)),
    }
    store.source_states().await.unwrap_or_default()
}

/// Whether there is room to go on, and to bring the database up to date or copy it.
pub(super) fn look_at_room(patient: &Patient, checkup: &mut Checkup) {
    const TOPIC: &str = "disk";
    let Some(data) = &patient.data else { return };
    let place = data.ancestors().find(|folder| folder.exists()).unwrap_or(Path::new("/"));
    let Some((free, all)) = store::room_bytes(place) else {
        return checkup.warn(TOPIC, "the system does not say how much is free", "");
    };
    let database = fs::metadata(data.join("porterhouse.db")).map_or(0, |file| file.len());
    let found = format!("{} of {} are free", megabytes(free), megabytes(all));
    if is_room_low(free, all, 1) {
        checkup.wrong(TOPIC, found, "make room: nothing is stored on a full disk, and nothing is told");
    } else if free < database {
        let to_do = "make room for a second database: a backup beside it, or a newer porterhouse, may need it";
        checkup.warn(TOPIC, found, to_do);
    } else {
        checkup.ok(TOPIC, found);
    }
}

fn megabytes(bytes: u64) -> String {
    match bytes >> 20 {
        0 => format!("{} kB", bytes >> 10),
        megabytes @ 1..10_240 => format!("{megabytes} MB"),
        megabytes => format!("{} GB", megabytes >> 10),
    }
}
