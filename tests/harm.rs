//! What happens to a data folder outside the program's hands: each time a clear word, and nothing acknowledged harmed.

use crate::support::{Answer, Dice, Remains, TestHouse, Victim, binary, said};
use porterhouse::store::Store;
use std::fs;
use std::process::{Command, Output};
use std::time::Duration;

/// A feed with posts `from..to` of about a kilobyte each, all of them about the brand.
fn feed(from: usize, to: usize) -> Answer {
    let filler = "and we talked about it for a long while ".repeat(20);
    let items: String = (from..to)
        .map(|n| {
            format!(
                "<item><guid>p{n}</guid><description>I love Morton's in Hackensack {n} {filler}</description></item>"
            )
        })
        .collect();
    Answer::feed(&format!("<rss version=\"2.0\"><channel><title>T</title>{items}</channel></rss>"))
}

async fn house_with(n_posts: usize) -> TestHouse {
    let house = TestHouse::new().await;
    house.site.put("/feed", feed(0, n_posts));
    house.watch("forum", "/feed");
    assert!(Victim::start(&house, &["crawl", "--once", "--force"]).end().await.success(), "{}", said(&house));
    house
}

/// Runs a line of `sh` with `$P` as the program with its folders; the sites of this process go on meanwhile.
async fn shell(house: &TestHouse, wrapper: &[&str], script: &str) -> Output {
    let mut command = Command::new(wrapper.first().unwrap_or(&"sh"));
    command.args(wrapper.iter().skip(1)).args(if wrapper.is_empty() { &[][..] } else { &["sh"] });
    let program = format!(
        "{} --config {} --data {}",
        binary().display(),
        house.config_folder().display(),
        house.data_folder().display()
    );
    command.arg("-c").arg(script).env("P", program).env("D", house.data_folder()).env_remove("PORTERHOUSE_LOG");
    tokio::task::spawn_blocking(move || command.output().expect("a shell")).await.expect("ran")
}

fn words(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn n_kept(house: &TestHouse) -> i64 {
    let remains = Remains::of(&house.data_folder()).expect("a database");
    assert_eq!(remains.integrity(), "ok");
    remains.count("SELECT count(*) FROM items")
}

/// A namespace of its own in which disks can be mounted; `None` where this machine does not allow that.
fn own_mounts() -> Option<&'static [&'static str]> {
    const UNSHARE: &[&str] = &["unshare", "-r", "-m"];
    let probe = Command::new("unshare").args(["-r", "-m", "sh", "-c", "mount -t tmpfs none /mnt"]).output();
    probe.is_ok_and(|output| output.status.success()).then_some(UNSHARE)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_limit_on_the_file_stops_the_crawl_with_a_word_and_keeps_what_was_there() {
    let house = house_with(50).await;
    house.site.put("/feed", feed(0, 600));
    let refused = shell(&house, &[], "trap '' XFSZ; ulimit -f 1000; exec $P crawl --once --force").await;
    assert_eq!(refused.status.code(), Some(1), "{}", words(&refused));
    assert!(words(&refused).contains("the disk refused the database"), "{}", words(&refused));
    assert_eq!(n_kept(&house), 50);
    assert!(Victim::start(&house, &["crawl", "--once", "--force"]).end().await.success(), "{}", said(&house));
    assert_eq!(n_kept(&house), 600);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_stops_the_crawl_and_room_lets_it_go_on() {
    let Some(wrapper) = own_mounts() else { return };
    let house = TestHouse::new().await;
    house.site.put("/feed", feed(0, 600));
    house.watch("forum", "/feed");
    let script = "mkdir -p $D && mount -t tmpfs -o size=700k none $D && $P crawl --once --force; echo code=$?
                  mount -o remount,size=64m none $D && $P crawl --once --force; echo code=$?; $P stats --json";
    let output = words(&shell(&house, wrapper, script).await);
    assert!(output.contains("code=1") && output.contains("code=0"), "{output}");
    assert!(output.contains("the disk refused the database") && !output.contains("panicked"), "{output}");
    assert!(output.contains("\"items_kept\":600"), "{output}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn alerts_are_not_sent_again_and_again_while_the_disk_is_full() {
    let Some(wrapper) = own_mounts() else { return };
    let house = TestHouse::new().await;
    house.hook_alerts();
    let wish = "Hey @Mortons - can you meet me at newark airport with a porterhouse when I land in two hours?";
    let posts: String =
        (0..40).map(|n| format!("<item><guid>w{n}</guid><description>{wish} {n}</description></item>")).collect();
    house
        .site
        .put("/feed", Answer::feed(&format!("<rss version=\"2.0\"><channel><title>T</title>{posts}</channel></rss>")));
    house.watch("forum", "/feed");
    // The disk fills up between the storing of the alerts and their delivery.
    let script = "mkdir -p $D && mount -t tmpfs -o size=16m none $D
                  (while [ $(stat -c %s $D/porterhouse.db-wal 2>/dev/null || echo 0) -lt 200000 ]; do :; done; head -c 64m /dev/zero > $D/filler) 2>/dev/null &
                  $P crawl --once --force; for n in 1 2 3 4 5 6; do $P crawl --once --force; done
                  rm $D/filler; $P crawl --once --force; $P stats --json";
    let output = words(&shell(&house, wrapper, script).await);
    assert!(!output.contains("panicked"), "{output}");
    let calls = house.hook.received();
    let keys: std::collections::BTreeSet<_> = calls.iter().map(|call| call.header("webhook-id")).collect();
    assert_eq!(keys.len(), 40, "{output}");
    assert!(calls.len() <= keys.len() + 1, "{} calls for {} alerts: {output}", calls.len(), keys.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_read_only_folder_is_named_with_the_way_out() {
    let Some(wrapper) = own_mounts() else { return };
    let house = house_with(5).await;
    let script = "mount --bind $D $D && mount -o remount,ro,bind $D && $P crawl --once --force; echo code=$?";
    let output = words(&shell(&house, wrapper, script).await);
    assert!(output.contains("cannot be written") && output.contains("--data"), "{output}");
    assert!(output.contains("code=1") && output.contains(&house.data_folder().display().to_string()), "{output}");
    assert_eq!(n_kept(&house), 5);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_with_flipped_bytes_is_reported_and_never_a_panic() {
    let (mut dice, seed) = Dice::thrown(4);
    let house = house_with(200).await;
    let database = house.data_folder().join("porterhouse.db");
    let whole = fs::read(&database).expect("a database");
    // What is flipped where nothing stands harms nobody: only pages that hold something are spoiled.
    let holds_something = |page: &&[u8]| page.iter().filter(|byte| **byte != 0).count() > 1024;
    let pages: Vec<usize> =
        whole.chunks(4096).enumerate().filter(|(_, page)| holds_something(page)).map(|(at, _)| at).collect();
    house.site.put("/feed", feed(0, 210));
    let mut n_found = 0;
    const DAMAGES: usize = 12;
    for _ in 0..DAMAGES {
        let page = pages[usize::try_from(dice.below(u64::try_from(pages.len()).expect("few"))).expect("few")];
        let mut spoiled = whole.clone();
        for _ in 0..64 {
            let at = page * 4096 + usize::try_from(dice.below(4096)).expect("small");
            spoiled[at] ^= u8::try_from(1 + dice.below(255)).expect("a byte");
        }
        fs::write(&database, &spoiled).expect("written");
        let is_whole = Store::open_read_only(&house.data_folder())
            .is_ok_and(|store| store.damage().is_ok_and(|found| found.is_empty()));
        n_found += usize::from(!is_whole);
        let output = words(&shell(&house, &[], "$P stats; echo code=$?; $P digest --preview $D/out; echo code=$?; $P crawl --once --force; echo code=$?").await);
        assert!(!output.contains("panicked"), "seed {seed}, page {page}: {output}");
        assert!(!output.contains("code=101") && !output.contains("code=13"), "seed {seed}, page {page}: {output}");
        for line in output.lines().filter(|line| line.starts_with("error:")) {
            assert!(line.contains("restore") || line.contains("check --data"), "no way out, page {page}: {line}");
        }
        for name in ["porterhouse.db-wal", "porterhouse.db-shm"] {
            let _ = fs::remove_file(house.data_folder().join(name));
        }
    }
    fs::write(&database, &whole).expect("written");
    assert_eq!(n_kept(&house), 200);
    assert!(n_found * 4 >= DAMAGES * 3, "{n_found} of {DAMAGES}, seed {seed}");
    if let Some(path) = std::env::var_os("PORTERHOUSE_CRASH_REPORT") {
        let file = fs::OpenOptions::new().create(true).append(true).open(path);
        let line =
            format!("damage    {n_found} of {DAMAGES} pages with 64 flipped bytes found by a full look, no panic\n");
        std::io::Write::write_all(&mut file.expect("a report"), line.as_bytes()).expect("written");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_that_was_removed_after_a_kill_is_told() {
    let house = house_with(50).await;
    house.site.put("/feed", feed(0, 60));
    house.site.put("/slow", Answer::status(404).after(Duration::from_secs(60)));
    house.watch("slow", "/slow");
    let victim = Victim::start(&house, &["crawl", "--once", "--force"]);
    let data = house.data_folder();
    let is_written = |_| Remains::of(&data).is_some_and(|found| found.count("SELECT count(*) FROM items") == 60);
    assert!(victim.kill_when(is_written).await);
    fs::remove_file(data.join("porterhouse.db-wal")).expect("removed");
    house.site.put("/slow", Answer::status(404));
    assert!(Victim::start(&house, &["crawl", "--once", "--force"]).end().await.success(), "{}", said(&house));
    assert!(said(&house).contains("its last changes are lost"), "{}", said(&house));
    // The feed still holds them, and its validator went with them.
    assert_eq!(n_kept(&house), 60);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_that_is_removed_under_a_running_service_loses_nothing() {
    let house = house_with(50).await;
    house.site.put("/more", feed(100, 160));
    house.watch("more", "/more");
    let victim = Victim::start(&house, &["run"]);
    let data = house.data_folder();
    let log = data.join("porterhouse.db-wal");
    while Remains::of(&data).is_none_or(|found| found.count("SELECT count(*) FROM items") < 110) {
        assert!(victim.age() < Duration::from_secs(60), "{}", said(&house));
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    fs::remove_file(&log).expect("removed");
    assert_eq!(victim.end().await.code(), Some(1));
    assert!(said(&house).contains("its changes are saved"), "{}", said(&house));
    assert_eq!(n_kept(&house), 110);
}
