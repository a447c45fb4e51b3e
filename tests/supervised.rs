//! Under a supervisor: what `run` tells the socket of systemd, and when.

use crate::support::{Answer, Service, TestHouse};
use std::os::linux::fs::MetadataExt;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

const FEED: &str = "<rss version=\"2.0\"><channel><title>T</title><item><guid>1</guid><description>I love Morton's in Hackensack</description></item></channel></rss>";

/// What systemd would get.
struct Supervisor(UnixDatagram);

impl Supervisor {
    fn new(socket: UnixDatagram) -> Self {
        socket.set_read_timeout(Some(Duration::from_secs(60))).expect("a timeout");
        Self(socket)
    }

    fn hears(&self) -> String {
        let mut buffer = [0; 4096];
        let length = self.0.recv(&mut buffer).expect("it says something");
        String::from_utf8(buffer[..length].to_vec()).expect("UTF-8")
    }

    /// Waits for a message with the line `wanted`.
    fn waits_for(&self, wanted: &str) -> String {
        loop {
            let said = self.hears();
            if said.lines().any(|line| line.starts_with(wanted)) {
                return said;
            }
        }
    }
}

async fn house() -> TestHouse {
    let house = TestHouse::new().await;
    house.site.put("/feed", Answer::feed(FEED));
    house.watch("forum", "/feed");
    house
}

fn watchdog(socket: &str) -> [(&str, &str); 2] {
    [("NOTIFY_SOCKET", socket), ("WATCHDOG_USEC", "400000")]
}

fn number_behind(name: &str, said: &str) -> u64 {
    let line = said.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_else(|| panic!("{name}: {said}"));
    line.parse().expect("a number")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_supervisor_hears_of_start_reload_and_stop() {
    let house = house().await;
    let (config, data) = (house.config_folder(), house.data_folder());
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("notify");
    let supervisor = Supervisor::new(UnixDatagram::bind(&path).expect("a socket"));
    let act = move || tell_all(&supervisor, path.to_str().expect("UTF-8"), &config, &data);
    tokio::task::spawn_blocking(act).await.expect("it ran");
}

fn tell_all(supervisor: &Supervisor, socket: &str, config: &Path, data: &Path) {
    let mut service = Service::start_in(&watchdog(socket), config, data, &["-v", "run"]);
    let first = supervisor.hears();
    assert!(first.starts_with("READY=1\n"), "{first}");
    assert!(first.contains("STATUS=1 sources, 1 being read, 0 due and waiting; last reading: none yet\n"), "{first}");
    assert!(data.join("porterhouse.db").exists());
    service.wait_for("new items from forum");

    let began = Instant::now();
    for _ in 0..10 {
        supervisor.waits_for("WATCHDOG=1");
    }
    let took = began.elapsed();
    assert!(took > Duration::from_secs(1), "{took:?}: each half of the watchdog's time");
    let status = supervisor.waits_for("STATUS=");
    assert!(status.contains("1 sources, 0 being read, 0 due and waiting; last reading: 2"), "{status}");

    let mut moments = Vec::new();
    let good = std::fs::read_to_string(config.join("sources.toml")).expect("read");
    let broken = format!("{good}\n[[source]]\n");
    for (sources, told) in [(&broken, "the old one runs on"), (&good, "listening by the new configuration")] {
        std::fs::write(config.join("sources.toml"), sources).expect("written");
        service.signal("HUP");
        let said = supervisor.waits_for("RELOADING=1");
        moments.push(number_behind("MONOTONIC_USEC=", &said));
        let said = supervisor.waits_for("READY=1");
        assert!(said.contains("STATUS=") && said.contains(told), "{said}");
    }
    assert!(moments[0] < moments[1], "{moments:?}");
    supervisor.waits_for("WATCHDOG=1");

    service.signal("TERM");
    supervisor.waits_for("STOPPING=1");
    assert!(service.ended(|_| {}).success());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_without_a_path_is_spoken_to_as_well() {
    let house = house().await;
    let (config, data) = (house.config_folder(), house.data_folder());
    let name = format!("porterhouse-test-{}", std::process::id());
    let address = SocketAddr::from_abstract_name(&name).expect("an address");
    let supervisor = Supervisor::new(UnixDatagram::bind_addr(&address).expect("a socket"));
    let act = move || {
        let mut service = Service::start_in(&[("NOTIFY_SOCKET", &format!("@{name}"))], &config, &data, &["run"]);
        assert!(supervisor.hears().starts_with("READY=1\n"));
        service.signal("TERM");
        supervisor.waits_for("STOPPING=1");
        assert!(service.ended(|_| {}).success());
    };
    tokio::task::spawn_blocking(act).await.expect("it ran");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_supervisor_that_is_gone_stops_nothing() {
    let house = house().await;
    let (config, data) = (house.config_folder(), house.data_folder());
    let act = move || {
        let gone = data.join("gone").display().to_string();
        let mut service = Service::start_in(&watchdog(&gone), &config, &data, &["-v", "run"]);
        service.wait_for("systemd could not be told");
        service.wait_for("new items from forum");
        service.signal("TERM");
        assert!(service.ended(|_| {}).success());
    };
    tokio::task::spawn_blocking(act).await.expect("it ran");
}

#[test]
fn the_unit_exposes_little() {
    let unit = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/porterhouse.service");
    // In tenths: 1.5 of 10.
    let arguments = ["security", "--offline=true", "--no-pager", "--threshold=15"];
    let output = match Command::new("systemd-analyze").args(arguments).arg(&unit).output() {
        Ok(output) => output,
        Err(error) => return eprintln!("skipped: systemd-analyze does not run ({error})"),
    };
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("Overall exposure level for porterhouse.service"), "{said}");
}

/// A wish with a deadline ahead, which is told also from a source's first reading.
const WISH: &str = "<rss version=\"2.0\"><channel><title>T</title><item><guid>1</guid><link>https://forum.example/7</link><description>Hey @Mortons - can you meet me at newark airport with a porterhouse when I land in two hours?</description></item></channel></rss>";

/// Runs the program with its stderr led into a file that `$JOURNAL_STREAM` names, and answers stdout and that file.
fn journaled(house: &TestHouse, is_named: bool, arguments: &[&str]) -> (String, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("journal");
    let file = std::fs::File::create(&path).expect("a file");
    let stat = file.metadata().expect("its inode");
    let inode = if is_named { stat.st_ino() } else { stat.st_ino() + 1 };
    let output = Command::new(crate::support::binary())
        .arg("--config")
        .arg(house.config_folder())
        .arg("--data")
        .arg(house.data_folder())
        .args(arguments)
        .env_remove("PORTERHOUSE_LOG")
        .env("JOURNAL_STREAM", format!("{}:{inode}", stat.st_dev()))
        .stderr(file)
        .output()
        .expect("it runs");
    (String::from_utf8(output.stdout).expect("UTF-8"), std::fs::read_to_string(path).expect("the journal"))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_journal_gets_priorities_and_no_times_and_no_texts() {
    let house = TestHouse::new().await;
    house.site.put("/feed", Answer::feed(WISH));
    house.watch("forum", "/feed");
    house.watch("gone", "/gone");
    let (house, told, log) = tokio::task::spawn_blocking(move || {
        let (told, log) = journaled(&house, true, &["-v", "crawl", "--once"]);
        (house, told, log)
    })
    .await
    .expect("it ran");
    assert!(!log.is_empty() && log.lines().all(|line| line.starts_with('<')), "{log}");
    assert!(log.lines().any(|line| line.starts_with("<7>") || line.starts_with("<6>")), "{log}");
    assert!(!log.contains('\u{1b}') && !log.contains("INFO") && !log.contains("porterhouse::"), "{log}");
    let alert =
        told.lines().find(|line| line.starts_with("opportunity.found key=")).unwrap_or_else(|| panic!("{told}"));
    assert!(alert.ends_with(" link=https://forum.example/7"), "{alert}");
    for text in [&told, &log] {
        assert!(!text.contains("newark") && !text.contains("porterhouse when"), "{text}");
    }
    // Led elsewhere, the variable says nothing.
    let (_, log) = tokio::task::spawn_blocking(move || journaled(&house, false, &["-v", "crawl", "--once", "--force"]))
        .await
        .expect("it ran");
    assert!(log.lines().any(|line| line.contains("DEBUG") || line.contains("INFO")), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_mistake_of_a_configuration_is_an_error_of_the_journal() {
    let house = TestHouse::new().await;
    house.write("sources.toml", "[[source]]\nengine = \"feed\"\n[[brand]]\n");
    let (_, log) = tokio::task::spawn_blocking(move || journaled(&house, true, &["run"])).await.expect("it ran");
    assert!(log.lines().count() >= 2 && log.lines().all(|line| line.starts_with("<3>")), "{log}");
}
