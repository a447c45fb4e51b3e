//! Every command beside a process that holds the data folder and commits without a pause.

#![allow(clippy::indexing_slicing, reason = "a test may panic, in its helpers too")]

use crate::support::TestHouse;
use assert_cmd::Command;
use jiff::Timestamp;
use porterhouse::app::House;
use porterhouse::model::{
    Analysis, BrandId, Cursor, Feeling, Glance, Item, ItemKey, Judgement, KeptItem, Kind, Mention, Opportunity, Phase,
    Plan, PostedAt, Reading, Sentiment, SourceHealth, SourceName, SourceState,
};
use porterhouse::store::Store;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

fn command(config: &Path, data: &Path) -> Command {
    let mut command = Command::cargo_bin("porterhouse").expect("the binary");
    command.arg("--config").arg(config).arg("--data").arg(data).env_remove("PORTERHOUSE_LOG").env("USER", "petra");
    command
}

/// Runs one command; its output. It has to exit with `code`.
fn run(config: &Path, data: &Path, arguments: &[&str], code: i32) -> Output {
    let output = command(config, data).args(arguments).output().expect("ran");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
    assert!(!said.contains("locked") && !said.contains("busy"), "{arguments:?}: {said}");
    output
}

fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

fn lines(output: &Output) -> Vec<Value> {
    text(output).lines().map(|line| serde_json::from_str(line).expect("a JSON line")).collect()
}

fn wish(n: u64, at: Timestamp) -> KeptItem {
    let key = ItemKey { namespace: "forum".to_owned(), id: n.to_string() };
    let mut item = Item::new(SourceName::new("forum"), key);
    item.text = format!("Könnte mir Morton's Steak Nummer {n} zum Flughafen bringen?");
    item.published = Some(PostedAt::utc(at));
    item.url = Some(format!("https://forum.example.com/{n}"));
    let mention = Mention {
        brand: BrandId::new("mortons"),
        relevance: 0.9,
        evidence: Vec::new(),
        sentiment: Feeling { label: Sentiment::Positive, score: 0.5, ..Feeling::default() },
        emotion: None,
        aspects: Vec::new(),
        touchpoint: None,
        direct: true,
        own: false,
        reasons: Vec::new(),
    };
    let judgement = Judgement { kinds: vec![Kind::Wish], surprise: true, score: 0.5, ..Judgement::default() };
    KeptItem {
        item,
        content_hash: n,
        analysis: Analysis { mentions: vec![mention], ..Analysis::default() },
        opportunities: vec![Some(Opportunity { judgement, nearest: None, plan: Plan::default() })],
        phases: vec![Phase::Use],
        backlog: true,
        story_keys: Vec::new(),
    }
}

fn reading(numbers: std::ops::Range<u64>, at: Timestamp) -> Reading {
    let source = SourceName::new("forum");
    Reading {
        source: source.clone(),
        at,
        kept: numbers.map(|n| wish(n, at)).collect(),
        passed: Vec::new(),
        departures: Vec::new(),
        looks: Vec::new(),
        glance: Glance::List,
        cursor: Cursor::default(),
        state: SourceState {
            health: SourceHealth::Blocked,
            message: "it refuses us (403); ask its owner".to_owned(),
            since: Some(at),
            asked_at: Some(at),
            ..SourceState::unread(source)
        },
        notices: Vec::new(),
    }
}

/// A house that commits one reading after the other until it is told to stop; how many it committed.
fn commit_on(house: &Arc<House>, at: Timestamp) -> (Arc<AtomicBool>, tokio::task::JoinHandle<u64>) {
    let stop = Arc::new(AtomicBool::new(false));
    let (told, house) = (Arc::clone(&stop), Arc::clone(house));
    let task = tokio::spawn(async move {
        let mut n = 100;
        while !told.load(Ordering::Relaxed) {
            house.parts.store.commit(reading(n..n + 1, at)).await.expect("committed");
            n += 1;
        }
        n - 100
    });
    (stop, task)
}

#[expect(clippy::disallowed_methods, reason = "commands in processes of their own read the wall clock")]
fn now() -> Timestamp {
    Timestamp::now()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_command_works_while_a_house_commits() {
    let world = TestHouse::new().await;
    world.watch("forum", "/feed");
    world.mail_alerts();
    world.append("porterhouse.toml", "\n[digest]\nchannel = \"team\"\n");
    let house = Arc::new(world.open());
    house.parts.store.commit(reading(0..100, now())).await.expect("committed");
    let (stop, commits) = commit_on(&house, now());
    let (config, data) = (world.config_folder(), world.data_folder());
    let target = world.path().join("copy.db");
    let asked = tokio::task::spawn_blocking(move || {
        all_commands(&config, &data, &target);
        (config, data, target)
    });
    let (config, data, target) = asked.await.expect("the commands ran");
    stop.store(true, Ordering::Relaxed);
    let n_committed = commits.await.expect("nothing failed in the house");
    assert!(n_committed > 20, "{n_committed} commits ran meanwhile");
    assert_eq!(house.parts.store.stats().await.expect("readable").items_kept, 100 + n_committed);
    let corrections = house.parts.store.corrections().await.expect("readable");
    assert_eq!(corrections.len(), 7);
    assert!(corrections.iter().all(|correction| correction.who == "petra"));
    let due = house.parts.store.due_alerts(now(), 10).await.expect("readable");
    assert_eq!(due.iter().filter(|entry| entry.alert.route.0 == "digest").count(), 2, "one, and one asked for again");
    house.parts.store.close().await;
    drop(house);
    tokio::task::spawn_blocking(move || after_the_house(&config, &data, &target)).await.expect("the commands ran");
}

fn all_commands(config: &Path, data: &Path, target: &Path) {
    let run = |arguments: &[&str], code| run(config, data, arguments, code);
    let item = lines(&run(&["search", "--json", "steak", "nummer", "7"], 0))[0]["item_id"].to_string();
    assert!(text(&run(&["search", "koennte flug*", "\"nummer 7\""], 0)).contains("Nummer 7 zum Flughafen"));
    assert_eq!(text(&run(&["search", "nirgendwo"], 0)), "");
    run(&["search", "\"()*"], 1);
    for n in 0..6 {
        let feeling = if n % 2 == 0 { "negative" } else { "mixed" };
        run(&["correct", &item, "--sentiment", feeling], 0);
    }
    let told = text(&run(&["correct", &item, "--relevant", "false", "--json"], 0));
    assert!(told.contains("\"who\":\"petra\""), "{told}");
    assert_eq!(text(&run(&["search", "\"nummer 7\""], 0)), "", "it was dismissed");
    run(&["correct", "999999999", "--spam", "true"], 1);
    run(&["correct", &item, "--kind", "wihs"], 2);
    run(&["correct", &item], 2);

    let mentions = lines(&run(&["mentions", "--limit", "3", "--brand", "mortons", "--since", "1h", "--json"], 0));
    assert_eq!(mentions.len(), 3);
    assert!(mentions[0]["item_id"].as_i64() > mentions[2]["item_id"].as_i64(), "newest first");
    assert_eq!(lines(&run(&["mentions", "--sentiment", "negative", "--json"], 0)).len(), 0);
    run(&["mentions", "--since", "some day"], 1);
    assert_eq!(lines(&run(&["opportunities", "--limit", "5", "--json"], 0)).len(), 5);
    assert!(text(&run(&["opportunities"], 0)).contains("0.50  Wish"));
    let sources = text(&run(&["sources"], 0));
    assert!(sources.contains("forum: closed to us since") && sources.contains("it refuses us (403)"), "{sources}");
    assert_eq!(lines(&run(&["sources", "--json"], 0))[0]["health"], "blocked");
    assert!(text(&run(&["digest", "--send"], 0)).contains("the data folder delivers it"));
    assert!(text(&run(&["digest", "--send"], 0)).contains("has today's already"));
    assert!(text(&run(&["digest", "--send", "--again"], 0)).contains("a digest is made"));
    let copy = target.to_str().expect("UTF-8");
    assert!(text(&run(&["backup", copy], 0)).contains("checked it"));
    run(&["backup", copy], 1);
    assert!(text(&run(&["check", "--data"], 0)).contains("the database is whole"));
    assert_eq!(lines(&run(&["check", "--data", "--json"], 0))[0]["ok"], true);
    run(&["restore", copy], 1);
    run(&["crawl", "--once"], 1);
    run(&["stats"], 0);
}

fn after_the_house(config: &Path, data: &Path, target: &Path) {
    let run = |arguments: &[&str], code| run(config, data, arguments, code);
    let n_now = lines(&run(&["stats", "--json"], 0))[0]["items_kept"].as_u64();
    assert!(text(&run(&["restore", target.to_str().expect("UTF-8")], 0)).contains("the old database is kept as"));
    let restored = lines(&run(&["stats", "--json"], 0))[0]["items_kept"].as_u64();
    assert!(restored < n_now, "{restored:?} of {n_now:?}");
    assert!(text(&run(&["check", "--data"], 0)).contains("the database is whole"));
    run(&["search", "steak"], 0);
}

#[tokio::test]
async fn a_digest_that_is_asked_for_is_delivered_where_no_service_runs_and_comes_once_a_day() {
    let world = TestHouse::new().await;
    world.mail_alerts();
    world.append("porterhouse.toml", "\n[digest]\nchannel = \"team\"\n");
    world.open().parts.store.close().await;
    let (config, data) = (world.config_folder(), world.data_folder());
    let sent = tokio::task::spawn_blocking(move || {
        let send = |arguments: &[&str]| text(&run(&config, &data, arguments, 0));
        (send(&["digest", "--send"]), send(&["digest", "--send"]), send(&["digest", "--send", "--again"]))
    });
    let (first, second, again) = sent.await.expect("the commands ran");
    assert!(first.contains("1 messages delivered"), "{first}");
    assert!(second.contains("has today's already") && second.contains("0 messages delivered"), "{second}");
    assert!(again.contains("1 messages delivered"), "{again}");
    assert_eq!(world.mail.received().len(), 2);
}

#[test]
fn a_newer_schema_is_refused_by_every_command_with_the_way_out() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let kept = porterhouse::store::DataFolder::open(&data).expect("a data folder");
    drop(Store::open(&kept).expect("a store"));
    rusqlite::Connection::open(kept.database())
        .expect("a database")
        .pragma_update(None, "user_version", 99)
        .expect("written");
    std::fs::write(folder.path().join("sources.toml"), "[[brand]]\nid = \"a\"\nname = \"Aaberg\"\n").expect("written");
    let copy = folder.path().join("copy.db");
    let commands: [&[&str]; 9] = [
        &["crawl", "--once"],
        &["stats"],
        &["search", "a"],
        &["mentions"],
        &["opportunities"],
        &["sources"],
        &["correct", "1", "--spam", "true"],
        &["backup", copy.to_str().expect("UTF-8")],
        &["check", "--data"],
    ];
    for arguments in commands {
        let output = run(folder.path(), &data, arguments, 1);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains("has schema 99") && said.contains("use the newer one"), "{arguments:?}: {said}");
    }
    assert!(!copy.exists());
}

#[test]
fn completions_and_manual_pages_come_from_the_help() {
    let none = PathBuf::from("none");
    for (shell, sign) in [("bash", "complete -F"), ("zsh", "#compdef porterhouse"), ("fish", "complete -c porterhouse")]
    {
        let script = text(&run(&none, &none, &["completions", shell], 0));
        assert!(script.contains(sign) && script.contains("opportunities"), "{shell}");
    }
    let page = text(&run(&none, &none, &["man"], 0));
    assert!(page.contains(".TH porterhouse 1") && page.contains("correct"), "{page}");
    let folder = tempfile::tempdir().expect("a folder");
    run(&none, &none, &["man", "--out", folder.path().to_str().expect("UTF-8")], 0);
    assert!(folder.path().join("porterhouse-search.1").is_file());
    run(&none, &none, &["completions", "tcsh"], 2);
}
