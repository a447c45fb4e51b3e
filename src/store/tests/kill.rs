//! Killed at any moment, the store holds whole readings, all that was acknowledged, and a free folder.

use super::super::{ItemHashes, Known};
use super::*;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};

/// Names the data folder to the child.
const FOLDER: &str = "PORTERHOUSE_TEST_FOLDER";
const ITEMS_PER_READING: u64 = 3;

fn items(n: u64) -> Vec<KeptItem> {
    let item = |m| opportunity(&format!("{n}-{m}"), "mortons", minute(0), Kind::Wish, 0.5);
    (0..ITEMS_PER_READING).map(item).collect()
}

/// Commits readings one after the other and says the number of each that was acknowledged.
#[tokio::test]
#[ignore = "runs as the child of the test below"]
async fn child() {
    let Ok(path) = std::env::var(FOLDER) else { return };
    let folder = DataFolder::open(path).expect("a data folder");
    let _lock = folder.lock().expect("free, whoever was killed before");
    let store = Store::open(&folder).expect("a store");
    let first = store.stats().await.expect("readable").items_kept / ITEMS_PER_READING;
    for n in first.. {
        let mut reading = reading(minute(0), items(n));
        reading.cursor = Cursor(n.into());
        store.commit(reading).await.expect("committed");
        if writeln!(std::io::stdout(), "acknowledged {n}").is_err() {
            return;
        }
    }
}

fn start(folder: &DataFolder, child: &str) -> Child {
    Command::new(std::env::current_exe().expect("a path"))
        .args(["--exact", &format!("store::tests::kill::{child}"), "--ignored", "--nocapture"])
        .env(FOLDER, folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("started")
}

fn acknowledged(line: &str) -> Option<u64> {
    line.strip_prefix("acknowledged ")?.parse().ok()
}

/// Kills the child once it has acknowledged `n_readings`; the last number that it said.
fn kill_after(folder: &DataFolder, n_readings: usize) -> u64 {
    kill_child_after(folder, "child", n_readings)
}

fn kill_child_after(folder: &DataFolder, child: &str, n_readings: usize) -> u64 {
    let mut child = start(folder, child);
    let mut said = BufReader::new(child.stdout.take().expect("piped"));
    let last = said.by_ref().lines().map_while(Result::ok).filter_map(|line| acknowledged(&line)).nth(n_readings - 1);
    assert!(folder.lock().is_err(), "the child holds the folder");
    child.kill().expect("killed");
    child.wait().expect("gone");
    // It went on until it was killed; a last line may be cut off.
    let mut rest = String::new();
    said.read_to_string(&mut rest).expect("text");
    let whole = rest.rfind('\n').and_then(|end| rest.get(..end)).unwrap_or_default();
    whole.lines().filter_map(acknowledged).next_back().or(last).expect("a reading was acknowledged")
}

#[tokio::test]
async fn a_kill_loses_nothing_that_was_acknowledged_and_halves_no_reading() {
    let place = tempfile::tempdir().expect("a temporary folder");
    let folder = DataFolder::open(place.path()).expect("a data folder");
    for n_readings in [1, 2, 7, 19, 40] {
        let last = kill_after(&folder, n_readings);
        let store = Store::open_read_only(folder.path()).expect("readable after a kill");
        let stats = store.stats().await.expect("readable");
        assert!(stats.items_kept.is_multiple_of(ITEMS_PER_READING), "whole readings");
        let n_committed = stats.items_kept / ITEMS_PER_READING;
        // One more may have been committed whose answer did not come out.
        assert!((last + 1..=last + 2).contains(&n_committed), "{n_committed} of {}", last + 1);

        let states = store.source_states().await.expect("readable");
        let cursors: Vec<_> = states.iter().map(|state| state.cursor.0.clone()).collect();
        assert_eq!(cursors, [n_committed - 1], "the cursor of the last reading");
        assert_eq!(stats.opportunities, stats.items_kept);
        let n_pending = store.pending_notices(usize::MAX).await.expect("readable").len();
        assert_eq!(u64::try_from(n_pending), Ok(stats.items_kept), "each opportunity has its notice");
        let hashes =
            |item: KeptItem| ItemHashes { key_hash: key_hash(&item.item.key), content_hash: item.content_hash };
        let asked = (0..n_committed).flat_map(items).map(hashes).collect();
        let known = store.known(asked, minute(0)).await.expect("readable");
        assert!(known.iter().all(|known| *known == Known::Same));
    }
}

/// Keeps an item with an alert that waits, lets it leave, and says the number of each that was acknowledged.
#[tokio::test]
#[ignore = "runs as the child of the test below"]
async fn leaving_child() {
    let Ok(path) = std::env::var(FOLDER) else { return };
    let folder = DataFolder::open(path).expect("a data folder");
    let _lock = folder.lock().expect("free, whoever was killed before");
    let store = Store::open(&folder).expect("a store");
    let first = store.stats().await.expect("readable").items_seen;
    for n in first.. {
        let id = n.to_string();
        let item = opportunity(&id, "mortons", minute(0), Kind::Wish, 0.5);
        store.commit(reading(minute(1), vec![item])).await.expect("committed");
        let pending = store.pending_notices(5).await.expect("readable");
        let notices: Vec<NoticeId> = pending.iter().map(|pending| pending.id).collect();
        let send = |id: &NoticeId| {
            let verdict = crate::model::Verdict::Send(crate::model::VerdictReason::NewOpportunity);
            (*id, RouteName("all".to_owned()), verdict)
        };
        let alerts = notices.iter().map(|id| alert(&format!("k{}", id.0), &[*id], minute(1))).collect();
        store.route(notices.iter().map(send).collect(), alerts, minute(1)).await.expect("routed");
        let departures = told(&[key(&id)]);
        store.commit(Reading { departures, ..reading(minute(2), Vec::new()) }).await.expect("committed");
        if writeln!(std::io::stdout(), "acknowledged {n}").is_err() {
            return;
        }
    }
}

#[tokio::test]
async fn a_kill_leaves_what_was_deleted_wholly_gone_or_wholly_there() {
    let place = tempfile::tempdir().expect("a temporary folder");
    let folder = DataFolder::open(place.path()).expect("a data folder");
    for (n_kills, n_items) in [(1, 1), (2, 3), (3, 8), (4, 20)] {
        let last = kill_child_after(&folder, "leaving_child", n_items);
        let connection = rusqlite::Connection::open(folder.database()).expect("a database");
        let count = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).expect("a count");
        let n_gone = count("SELECT count(*) FROM tombstones");
        // Each kill may leave one that was kept and had not begun to leave.
        let n_left = count("SELECT count(*) FROM items");
        assert!(n_left <= n_kills && n_gone + n_left > i64::try_from(last).expect("small"), "{n_gone} of {last}");
        assert_eq!(count("SELECT count(*) FROM outbox WHERE state = 'withdrawn'"), n_gone);
        assert_eq!(count("SELECT count(*) FROM closed_cards"), n_gone);
        assert_eq!(
            count("SELECT count(*) FROM outbox WHERE state = 'withdrawn' AND instr(alert_json, 'Somebody wishes')"),
            0
        );
        drop(connection);
        let store = Store::open_read_only(folder.path()).expect("readable after a kill");
        assert_eq!(store.check().await.expect("readable"), []);
    }
}
