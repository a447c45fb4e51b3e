//! Half of the sources hostile, the real binary in a process of its own: what the others' delay and its memory become.
//!
//! The quick test runs with `cargo test`; `scripts/hostile` runs the full one on the release build.

use crate::support::{Answer, HEAVY, HostileSite, QUICK, SLOW, Service, TestHouse};
use std::fmt::Write as _;
use std::time::{Duration, Instant};

/// What the memory may grow by, against the same run without the hostile half, as it was promised.
const GROWTH_PROMISED_KB: u64 = 30_000;

/// The same for the quick test: a fence against running away. The promise is measured by `scripts/hostile`.
const GROWTH_FENCE_KB: u64 = 160_000;

/// The others' longest delay: far below their interval of fifteen minutes.
const DELAY_MOST: Duration = Duration::from_secs(60);

/// What one crawl cost.
struct Figures {
    /// From the start of the process until the last sound source was committed.
    delay: Duration,
    /// Until half of them were.
    middle: Duration,
    /// Until the process ended.
    whole: Duration,
    /// The most memory that was resident at once.
    peak_kb: u64,
    n_read: usize,
}

/// A feed of twenty posts of two kilobytes, one of which speaks of the brand.
fn sound_feed(n: usize) -> String {
    let words = "The talk of the town goes on for a while, about the weather and the buses. ".repeat(26);
    let items = (0..20).fold(String::new(), |mut text, id| {
        let name = if id == 7 { "I love Mortons in Hackensack. " } else { "" };
        let _ = write!(text, "<item><guid>{n}-{id}</guid><description>{name}{n} {id} {words}</description></item>");
        text
    });
    format!("<rss version=\"2.0\"><channel><title>T</title>{items}</channel></rss>")
}

/// One `crawl --once` over `n_sound` sound sources and one of each of `paths`.
async fn crawl(n_sound: usize, paths: &[&str]) -> Figures {
    let house = TestHouse::new().await;
    for n in 0..n_sound {
        let path = format!("/{n}");
        house.site.put(&path, Answer::feed(&sound_feed(n)));
        house.watch(&format!("sound{n}"), &path);
    }
    let mut sites = Vec::new();
    for (n, path) in paths.iter().enumerate() {
        let site = HostileSite::start().await;
        house.watch_url(&format!("hostile{n}"), &site.url(path));
        sites.push(site);
    }
    let (config, data) = (house.config_folder(), house.data_folder());
    let run = move || {
        let began = Instant::now();
        let mut service = Service::start(&config, &data, &["-v", "crawl", "--once"]);
        let mut peak_kb = 0;
        let status = service.ended(|id| peak_kb = peak_kb.max(peak_of(id)));
        let whole = began.elapsed();
        assert!(status.success());
        let asked = service.said.iter().filter(|(_, line)| line.contains("asked sound"));
        let delays: Vec<Duration> = asked.map(|(at, _)| at.duration_since(began)).collect();
        Figures {
            delay: delays.iter().max().copied().unwrap_or_default(),
            middle: delays.get(delays.len() / 2).copied().unwrap_or_default(),
            whole,
            peak_kb,
            n_read: 0,
        }
    };
    let mut figures = tokio::task::spawn_blocking(run).await.expect("it ran");
    let open = house.open();
    let states = open.parts.store.source_states().await.expect("states");
    let is_read = |name: &str, good: bool| name.starts_with("sound") && good;
    figures.n_read = states.iter().filter(|state| is_read(state.source.as_str(), state.health.is_good())).count();
    open.parts.store.close().await;
    figures
}

/// The most memory that process `id` had resident so far; 0 once it is gone.
fn peak_of(id: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}

fn check(alone: &Figures, beside: &Figures, n_sound: usize, growth_most_kb: u64) {
    assert_eq!((alone.n_read, beside.n_read), (n_sound, n_sound), "every sound source is read");
    assert!(beside.delay < DELAY_MOST, "delayed by {:?}", beside.delay);
    let growth = beside.peak_kb.saturating_sub(alone.peak_kb);
    assert!(growth < growth_most_kb, "memory grew by {growth} kB over {} kB", alone.peak_kb);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sound_half_is_read_in_time_and_in_little_memory() {
    let alone = crawl(QUICK.len(), &[]).await;
    let beside = crawl(QUICK.len(), QUICK).await;
    check(&alone, &beside, QUICK.len(), GROWTH_FENCE_KB);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes and is meant for the release build: scripts/hostile"]
async fn half_of_a_hundred_hostile_in_every_way() {
    const HALF: usize = 50;
    let alone = crawl(HALF, &[]).await;
    let row = |name: &str, figures: &Figures| {
        eprintln!(
            "{name:<28} {:>4}/{HALF} {:>8.2} {:>8.2} {:>8.2} {:>8.1} {:>8.1}",
            figures.n_read,
            figures.middle.as_secs_f64(),
            figures.delay.as_secs_f64(),
            figures.whole.as_secs_f64(),
            figures.peak_kb as f64 / 1000.0,
            figures.peak_kb as f64 / 1000.0 - alone.peak_kb as f64 / 1000.0,
        );
    };
    eprintln!("\nhostile half                  read   half s    all s  whole s  peak MB   growth");
    row("none", &alone);
    let every: Vec<&str> = SLOW.iter().chain(HEAVY).chain(QUICK).copied().cycle().take(HALF).collect();
    let beside = crawl(HALF, &every).await;
    row("one of each", &beside);
    let mut all = vec![beside];
    let only = std::env::var("HOSTILE_KINDS").unwrap_or_default();
    for path in HEAVY.iter().chain(SLOW).chain(&["/endless", "/bomb.gz", "/bomb.zst", "/endless-headers"]) {
        if only.is_empty() || only.split(',').any(|only| path.starts_with(only)) {
            let beside = crawl(HALF, &vec![*path; HALF]).await;
            row(&format!("{HALF} x {path}"), &beside);
            all.push(beside);
        }
    }
    all.iter().for_each(|beside| check(&alone, beside, HALF, GROWTH_PROMISED_KB));
}
