//! The running service: a new configuration on SIGHUP, one service on one folder, stopping, what it writes.

use crate::support::{Answer, HostileSite, Service, TestHouse};
use porterhouse::config::{self, Severity};
use porterhouse::pipeline::{self, Selection};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const GOOD: &str = "<rss version=\"2.0\"><channel><title>T</title><item><guid>1</guid><description>I love Morton's in Hackensack</description></item></channel></rss>";

/// The broken configurations, and the words by which each is to be told.
fn broken() -> Vec<(PathBuf, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/config/bad");
    let mut folders: Vec<PathBuf> =
        folder.read_dir().expect("the fixtures").map(|entry| entry.expect("readable").path()).collect();
    folders.sort();
    let first_error = |folder: PathBuf| {
        let wrong = config::load(&folder).err()?;
        let first = wrong.findings.into_iter().find(|finding| finding.severity == Severity::Error)?;
        first.position.map(|_| (folder, first.headline()))
    };
    folders.into_iter().filter_map(first_error).collect()
}

/// Puts the documents of `from` in the place of those in `to`, with the presets beside them.
fn replace(from: &Path, to: &Path) {
    let _ = std::fs::remove_dir_all(to.join("presets"));
    for preset in from.join("presets").read_dir().into_iter().flatten() {
        let preset = preset.expect("readable");
        std::fs::create_dir_all(to.join("presets")).expect("a folder");
        std::fs::copy(preset.path(), to.join("presets").join(preset.file_name())).expect("copied");
    }
    for name in ["sources.toml", "porterhouse.toml"] {
        let _ = std::fs::remove_file(to.join(name));
        if from.join(name).exists() {
            std::fs::copy(from.join(name), to.join(name)).expect("copied");
        }
    }
}

async fn blocking<T: Send + 'static>(act: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(act).await.expect("it ran")
}

#[tokio::test(flavor = "multi_thread")]
async fn no_broken_configuration_stops_a_running_service() {
    let house = TestHouse::new().await;
    house.site.put("/feed", Answer::feed(GOOD));
    house.site.put("/more", Answer::feed(GOOD));
    house.watch("forum", "/feed");
    let (config, data, more) = (house.config_folder(), house.data_folder(), house.site.url("/more"));
    let broken = broken();
    assert!(broken.len() >= 20, "{}", broken.len());
    blocking(move || {
        let good = tempfile::tempdir().expect("a folder");
        replace(&config, good.path());
        let mut service = Service::start(&config, &data, &["-v", "run"]);
        service.wait_for("new items from forum");
        for (folder, told) in &broken {
            replace(folder, &config);
            service.signal("HUP");
            let said = service.wait_for("the old one runs on").join("\n");
            assert!(said.contains(told.as_str()), "{}: {told}\n{said}", folder.display());
        }
        replace(good.path(), &config);
        let mut sources = std::fs::read_to_string(config.join("sources.toml")).expect("read");
        sources = sources.replace("id = \"forum\"", "id = \"other\"");
        sources.push_str(&format!("\n[[source]]\nid = \"more\"\nengine = \"feed\"\nurl = \"{more}\"\n"));
        std::fs::write(config.join("sources.toml"), sources).expect("written");
        service.signal("HUP");
        service.wait_for("listening by the new configuration");
        // Either of the two may be read first.
        for _ in 0..2 {
            service.wait_for("new items from ");
        }
        service.signal("TERM");
        let asked = Instant::now();
        assert!(service.ended(|_| {}).success());
        assert!(asked.elapsed() < Duration::from_secs(5));
    })
    .await;
    assert_eq!(house.site.asked("/feed").len(), 2, "at its old name and at its new one");
    let open = house.open();
    let stats = open.parts.store.stats().await.expect("figures");
    assert_eq!(stats.sources, 2, "the one that left is not counted");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_that_left_while_it_was_read_stays_away() {
    let house = TestHouse::new().await;
    let slow = HostileSite::start().await;
    house.site.put("/feed", Answer::feed(GOOD));
    let (config, data) = (house.config_folder(), house.data_folder());
    house.watch("forum", "/feed");
    let kept = std::fs::read_to_string(config.join("sources.toml")).expect("read");
    house.watch_url("slow", &slow.url("/late-feed"));
    blocking(move || {
        let mut service = Service::start(&config, &data, &["-v", "run"]);
        service.wait_for("new items from forum");
        std::fs::write(config.join("sources.toml"), kept).expect("written");
        service.signal("HUP");
        service.wait_for("listening by the new configuration");
        service.wait_for("new items from slow");
        service.signal("TERM");
        assert!(service.ended(|_| {}).success());
    })
    .await;
    let open = house.open();
    let stats = open.parts.store.stats().await.expect("figures");
    assert_eq!((stats.sources, stats.items_seen), (1, 2), "what was under way is kept, its source is not counted");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_one_on_the_same_folder_is_refused_by_name() {
    let house = TestHouse::new().await;
    let silent = HostileSite::start().await;
    house.watch_url("silent", &silent.url("/silent"));
    let (config, data) = (house.config_folder(), house.data_folder());
    blocking(move || {
        let refused = |first: &Service, arguments: &[&str]| {
            let mut second = Service::start(&config, &data, arguments);
            assert_eq!(second.ended(|_| {}).code(), Some(1));
            let said: Vec<_> = second.said.iter().map(|(_, line)| line.as_str()).collect();
            let said = said.join("\n");
            let id = first.id();
            assert!(said.contains("is in use by") && said.contains(&format!("(process {id})")), "{said}");
        };
        let mut service = Service::start(&config, &data, &["run"]);
        service.wait_for("listening");
        refused(&service, &["run"]);
        refused(&service, &["crawl", "--once"]);
        service.signal("TERM");
        assert!(service.ended(|_| {}).success());
        let mut crawl = Service::start(&config, &data, &["-v", "crawl", "--once", "--force"]);
        crawl.wait_for("asking those that are due");
        refused(&crawl, &["run"]);
    })
    .await;
}

/// Commits in the log of the database: frames that say how large it is after them (SQLite's file format, 4.1).
fn commits(data: &Path) -> usize {
    let log = std::fs::read(data.join("porterhouse.db-wal")).expect("a log");
    if log.is_empty() {
        return 0;
    }
    let number = |at: usize| u32::from_be_bytes(log[at..at + 4].try_into().expect("four bytes"));
    let frame = 24 + number(8) as usize;
    (32..log.len()).step_by(frame).filter(|at| number(at + 8) == number(16) && number(at + 4) != 0).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn unchanged_feeds_are_written_together_as_states_and_no_more() {
    const SOURCES: usize = 40;
    let house = TestHouse::new().await;
    for n in 0..SOURCES {
        let path = format!("/feed{n}");
        house.site.put(&path, Answer::feed(&GOOD.replace("<guid>1", &format!("<guid>{n}"))));
        house.watch(&format!("s{n}"), &path);
    }
    house.crawl().await;
    house.advance_minutes(20);
    let open = house.open();
    let all = Selection { source: None, force: true };
    // The first writing after an opening begins the log anew.
    pipeline::crawl_once(&open.parts, &all, &|_| {}).await.expect("read");
    house.advance_minutes(20);
    let before = commits(&house.data_folder());
    let tally = pipeline::crawl_once(&open.parts, &all, &|_| {}).await.expect("read");
    pipeline::route_pending(&open.parts).await.expect("routed");
    pipeline::deliver_due(&open.parts).await.expect("delivered");
    assert_eq!((tally.n_asked, tally.committed.new_items), (SOURCES as u64, 0));
    assert!(house.site.asked("/feed7").last().is_some_and(|asked| asked.contains_key("if-none-match")));
    assert_eq!(commits(&house.data_folder()) - before, 1);
}
