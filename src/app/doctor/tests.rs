//! What the doctor says of healthy and of broken installations.

use super::*;
use crate::store::DataFolder;
use jiff::SignedDuration;
use std::fs;
use std::os::unix::fs::PermissionsExt;

const SOURCES: &str = "[[brand]]\nid = \"kranich\"\nname = \"Kranichbahn\"\n\n[[source]]\nid = \"blog\"\nengine = \"feed\"\nurl = \"https://a.example/\"\n";

const MAIL: &str = "[[channel]]\nname = \"team\"\nkind = \"email\"\nhost = \"mail.example\"\nuser = \"u\"\npassword = { credential = \"smtp\" }\n\
                    from = \"a@example.com\"\nto = [\"b@example.com\"]\n";

/// A machine in a folder, as the package leaves it.
struct Machine(tempfile::TempDir);

impl Machine {
    fn new() -> Self {
        let machine = Self(tempfile::tempdir().unwrap());
        machine.put("etc/porterhouse/sources.toml", SOURCES, 0o644);
        machine.put("usr/lib/systemd/system/porterhouse.service", "[Service]\n", 0o644);
        machine.put("etc/ssl/certs/ca-certificates.crt", "x", 0o644);
        fs::create_dir_all(machine.path("run/systemd/system")).unwrap();
        machine
    }

    fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    fn put(&self, path: &str, text: &str, mode: u32) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
    }

    /// What is said of `topic`, offline.
    async fn said(&self, topic: &str) -> Vec<String> {
        let folders =
            Folders { config: Some(self.path("etc/porterhouse")), data: Some(self.path("data")), is_strict: false };
        let checkup = examine(&folders, self.0.path(), true, &mut |_, _| {}).await;
        let told = checkup.points.iter().filter(|point| point.topic == topic);
        let root = self.0.path().to_str().unwrap();
        told.map(|point| format!("{:?}: {}", point.verdict, point.found.replace(root, ""))).collect()
    }
}

#[tokio::test]
async fn a_fresh_installation_is_well_but_for_the_service() {
    let machine = Machine::new();
    let folders =
        Folders { config: Some(machine.path("etc/porterhouse")), data: Some(machine.path("data")), is_strict: false };
    let checkup = examine(&folders, machine.0.path(), true, &mut |_, _| {}).await;
    let unwell: Vec<&str> = checkup.points.iter().filter(|p| p.verdict != Verdict::Ok).map(|p| p.topic).collect();
    assert_eq!(unwell, ["service", "systemd"], "{checkup:?}");
    assert_eq!(checkup.count(Verdict::Wrong), 0);
    assert!(!machine.path("data").exists(), "nothing is made");
    assert!(checkup.points.iter().all(|point| (point.verdict == Verdict::Ok) == point.to_do.is_empty()));
}

#[tokio::test]
async fn mistakes_are_named_and_do_not_stop_the_rest() {
    let machine = Machine::new();
    machine.put("etc/porterhouse/sources.toml", &SOURCES.replace("name", "nmae"), 0o644);
    let said = machine.said("configuration").await;
    assert!(
        said[0].starts_with("Wrong: /etc/porterhouse: 2 mistakes") && said[0].contains("sources.toml:3:1"),
        "{said:?}"
    );
    assert_eq!(machine.said("time zones").await.len(), 1);
    fs::remove_file(machine.path("etc/porterhouse/sources.toml")).unwrap();
    assert_eq!(machine.said("configuration").await, ["Wrong: there is no sources.toml in /etc/porterhouse"]);
}

#[tokio::test]
async fn files_that_all_may_write_or_the_service_may_not_read_are_wrong() {
    let machine = Machine::new();
    machine.put("etc/porterhouse/sources.toml", SOURCES, 0o646);
    machine.put("etc/porterhouse/porterhouse.toml", "", 0o640);
    assert_eq!(
        machine.said("config rights").await,
        [
            "Wrong: everybody may change /etc/porterhouse/sources.toml",
            "Wrong: the service runs as a user of its own and may not read /etc/porterhouse/porterhouse.toml"
        ]
    );
}

#[tokio::test]
async fn a_credential_comes_from_the_unit_and_nobody_else_may_read_it() {
    let machine = Machine::new();
    machine.put("etc/porterhouse/porterhouse.toml", MAIL, 0o644);
    assert_eq!(machine.said("secrets").await, ["Wrong: the unit hands over no credential `smtp`"]);
    let drop_in = "[Service]\nLoadCredential=smtp:/etc/porterhouse/credentials/smtp\n";
    machine.put("etc/systemd/system/porterhouse.service.d/override.conf", drop_in, 0o644);
    let said = machine.said("secrets").await;
    assert!(said[0].ends_with("from /etc/porterhouse/credentials/smtp, which is not there"), "{said:?}");
    machine.put("etc/porterhouse/credentials/smtp", "hunter2", 0o644);
    let said = machine.said("secrets").await;
    assert_eq!(said, ["Wrong: everybody on this machine may read the secret in /etc/porterhouse/credentials/smtp"]);
    machine.put("etc/porterhouse/credentials/smtp", "hunter2", 0o600);
    assert_eq!(machine.said("secrets").await, ["Ok: 1 of 1 are there"]);
}

#[tokio::test]
async fn the_data_folder_is_told_with_its_database_and_its_holder() {
    let machine = Machine::new();
    let folder = DataFolder::open(machine.path("data")).unwrap();
    let lock = folder.lock().unwrap();
    Store::open(&folder).unwrap().close().await;
    assert!(machine.said("database").await[0].starts_with("Ok: it opens and is whole"));
    assert_eq!(machine.said("data folder").await, ["Ok: /data is open to its owner alone"]);
    let id = std::process::id();
    let said = machine.said("service").await;
    assert_eq!(said, [format!("Ok: process {id} holds the data folder; it has asked no source yet")]);
    drop(lock);
    assert_eq!(machine.said("service").await, ["Warning: none runs on the data folder"]);
    let set = |path: &str, mode| fs::set_permissions(machine.path(path), fs::Permissions::from_mode(mode)).unwrap();
    set("data", 0o755);
    assert_eq!(machine.said("data folder").await, ["Warning: others may list /data"]);
    set("data/porterhouse.db", 0o644);
    assert_eq!(machine.said("data folder").await, ["Wrong: others may read the database in /data"]);
    fs::write(machine.path("data/porterhouse.db"), "no database at all, but long enough to be looked at").unwrap();
    assert!(machine.said("database").await[0].starts_with("Wrong: "));
}

#[tokio::test]
async fn systemd_is_told_by_what_lies_in_its_folders() {
    let machine = Machine::new();
    let unit = "/usr/lib/systemd/system/porterhouse.service";
    assert_eq!(machine.said("systemd").await, [format!("Warning: {unit} is neither enabled nor active")]);
    machine.put("etc/systemd/system/multi-user.target.wants/porterhouse.service", "", 0o644);
    assert_eq!(machine.said("systemd").await, [format!("Wrong: {unit} starts with the machine, and is not active")]);
    fs::create_dir_all(machine.path("sys/fs/cgroup/system.slice/porterhouse.service")).unwrap();
    assert_eq!(machine.said("systemd").await, [format!("Ok: {unit} is active and starts with the machine")]);
    fs::remove_file(machine.path("usr/lib/systemd/system/porterhouse.service")).unwrap();
    assert!(machine.said("systemd").await[0].starts_with("Ok: there is no unit"));
}

#[test]
fn a_clock_before_what_was_noted_is_wrong() {
    let now = clock()();
    let patient = Patient { root: "/".into(), config_folder: "/".into(), config: None, data: None, now };
    let mut state = SourceState::unread(SourceName::new("blog"));
    let mut verdict = |asked_at: Option<Timestamp>, now: Timestamp| {
        state.asked_at = asked_at;
        let mut checkup = Checkup::default();
        machine::look_at_clock(
            &Patient { now, root: "/".into(), config_folder: "/".into(), config: None, data: None },
            std::slice::from_ref(&state),
            &mut checkup,
        );
        checkup.points[0].verdict
    };
    assert_eq!(verdict(None, patient.now), Verdict::Ok);
    assert_eq!(verdict(now.checked_add(SignedDuration::from_secs(30)).ok(), now), Verdict::Ok);
    assert_eq!(verdict(now.checked_add(SignedDuration::from_hours(1)).ok(), now), Verdict::Wrong);
    assert_eq!(verdict(None, Timestamp::UNIX_EPOCH), Verdict::Wrong);
}
