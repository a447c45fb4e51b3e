//! The real binary as a child that is killed, and a look at what it left behind.

use super::TestHouse;
use porterhouse::store::key_hash;
use rusqlite::{Connection, OptionalExtension};
use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus};
use std::time::{Duration, Instant};
use tempfile::TempDir;

const DATABASE: &str = "porterhouse.db";
/// How often a child is looked at.
const LOOK: Duration = Duration::from_micros(200);
/// A child that lives longer hangs.
const HANGS_AFTER: Duration = Duration::from_secs(120);

/// The program under test: `PORTERHOUSE_BIN`, else what cargo built.
pub fn binary() -> PathBuf {
    std::env::var_os("PORTERHOUSE_BIN").map_or_else(|| assert_cmd::cargo::cargo_bin("porterhouse"), PathBuf::from)
}

/// A running child; what it says goes to a file beside the house.
pub struct Victim {
    child: Child,
    started: Instant,
}

impl Victim {
    pub fn start(house: &TestHouse, arguments: &[&str]) -> Self {
        let said = || append(&said_path(house));
        let child = Command::new(binary())
            .arg("--config")
            .arg(house.config_folder())
            .arg("--data")
            .arg(house.data_folder())
            .args(arguments)
            .env("PORTERHOUSE_LOG", "porterhouse=debug,warn")
            .stdout(said())
            .stderr(said())
            .spawn()
            .expect("started");
        Self { child, started: Instant::now() }
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    pub fn age(&self) -> Duration {
        self.started.elapsed()
    }

    /// Waits until it is `age` old or `reached` says so, then kills it; whether it was still alive.
    pub async fn kill_when(mut self, mut reached: impl FnMut(Duration) -> bool) -> bool {
        loop {
            if self.child.try_wait().expect("a child").is_some() {
                return false;
            }
            if reached(self.started.elapsed()) || self.started.elapsed() > HANGS_AFTER {
                self.child.kill().expect("killed");
                self.child.wait().expect("gone");
                return true;
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Waits until it ends by itself.
    pub async fn end(mut self) -> ExitStatus {
        loop {
            if let Some(status) = self.child.try_wait().expect("a child") {
                return status;
            }
            assert!(self.started.elapsed() < HANGS_AFTER, "the child hangs");
            tokio::time::sleep(LOOK).await;
        }
    }
}

/// Everything that the children of this house said.
pub fn said(house: &TestHouse) -> String {
    String::from_utf8_lossy(&fs::read(said_path(house)).unwrap_or_default()).into_owned()
}

fn said_path(house: &TestHouse) -> PathBuf {
    house.path().join("said.log")
}

fn append(path: &Path) -> File {
    OpenOptions::new().create(true).append(true).open(path).expect("a file")
}

/// A copy of the database as a kill left it; looking at it changes nothing for the next start.
pub struct Remains {
    connection: Connection,
    _folder: TempDir,
}

impl Remains {
    /// `None` where there is no database yet.
    pub fn of(data: &Path) -> Option<Self> {
        let folder = tempfile::tempdir().expect("a folder");
        for name in [DATABASE.to_owned(), format!("{DATABASE}-wal")] {
            if data.join(&name).exists() {
                fs::copy(data.join(&name), folder.path().join(&name)).expect("copied");
            }
        }
        let connection = Connection::open(folder.path().join(DATABASE)).expect("opens");
        let has_tables = connection.query_row("SELECT 1 FROM sqlite_schema", [], |_| Ok(())).optional();
        has_tables.expect("readable").map(|()| Self { connection, _folder: folder })
    }

    pub fn integrity(&self) -> String {
        self.connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).expect("checked")
    }

    pub fn count(&self, sql: &str) -> i64 {
        self.connection.query_row(sql, [], |row| row.get(0)).unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    pub fn words(&self, sql: &str) -> BTreeSet<String> {
        let mut statement = self.connection.prepare(sql).expect("a statement");
        let found = statement.query_map([], |row| row.get(0)).expect("rows");
        found.map(|word| word.expect("a text")).collect()
    }

    /// How often the item is there, kept or as a fingerprint.
    pub fn times_stored(&self, source: &str, id: &str) -> i64 {
        let key = porterhouse::model::ItemKey { namespace: source.to_owned(), id: id.to_owned() };
        let sql = "SELECT (SELECT count(*) FROM items WHERE namespace = ?1 AND own_id = ?2)
                        + (SELECT count(*) FROM fingerprints WHERE key_hash = ?3)";
        let hash = key_hash(&key).cast_signed();
        self.connection.query_row(sql, rusqlite::params![source, id, hash], |row| row.get(0)).expect("counted")
    }

    pub fn etag(&self, source: &str) -> Option<String> {
        let sql = "SELECT etag FROM sources WHERE name = ?1";
        self.connection.query_row(sql, [source], |row| row.get(0)).optional().expect("readable").flatten()
    }
}

/// Lets every alert that waits for its next attempt be due now, as the clock would in time.
///
/// `order` shuffles them: else one alert would meet every fault until it is given up.
pub fn let_time_pass(data: &Path, order: u64) {
    let connection = Connection::open(data.join(DATABASE)).expect("opens");
    connection.busy_timeout(Duration::from_secs(10)).expect("set");
    let order = i64::try_from(order % 1_000).expect("small");
    let due = "UPDATE outbox SET next_attempt_at = (id * 7919 + ?1 * 104729) % 1000003 WHERE state = 'pending'";
    connection.execute(due, [order]).expect("written");
}
