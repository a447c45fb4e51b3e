//! `doctor` against a loopback internet, as a user types it.

use crate::support::{Answer, TestHouse};
use assert_cmd::Command;
use serde_json::Value;

/// What is said of each point as `topic: verdict`, and the exit code.
async fn examined(house: &TestHouse) -> (Vec<String>, String, Option<i32>) {
    let (config, data) = (house.config_folder(), house.data_folder());
    // That of tests opens loopback, which is odd; whether this machine has systemd is not ours to say.
    let is_ours = |point: &&Value| point["topic"] != "configuration" && point["topic"] != "systemd";
    // The command runs in a process of its own; site and relay answer from this one.
    tokio::task::spawn_blocking(move || {
        let mut command = Command::cargo_bin("porterhouse").expect("the binary");
        let command = command.env_remove("PORTERHOUSE_LOG").arg("--config").arg(config).arg("--data").arg(data);
        let output = command.args(["doctor", "--json"]).output().expect("ran");
        let told: Value = serde_json::from_slice(&output.stdout).expect("one JSON document");
        let points = told["points"].as_array().expect("a list");
        let unwell = points.iter().filter(is_ours).filter(|point| point["verdict"] != "ok");
        let unwell = unwell.map(|point| {
            let word = |key: &str| point[key].as_str().expect("a text").to_owned();
            format!("{}: {}", word("topic"), word("verdict"))
        });
        (unwell.collect(), told.to_string(), output.status.code())
    })
    .await
    .expect("the command ran")
}

#[tokio::test]
async fn an_installation_whose_doors_open_is_well() {
    let house = TestHouse::new().await;
    house.site.put("/robots.txt", Answer::status(404));
    house.watch("a", "/a");
    house.watch("b", "/b");
    house.mail_alerts();
    house.hook_alerts();
    let secret = house.path().join("hook.secret");
    std::fs::set_permissions(secret, std::os::unix::fs::PermissionsExt::from_mode(0o600)).expect("set");
    let (unwell, told, code) = examined(&house).await;
    assert_eq!((unwell, code), (vec!["service: warning".to_owned()], Some(0)), "{told}");
    let asked = house.site.asked("/robots.txt").len();
    assert_eq!(asked, 1, "a host is asked once, however many sources it has");
    assert!(house.mail.received().is_empty() && house.hook.received().is_empty(), "nothing is sent");
    assert!(!house.data_folder().exists(), "nothing is made");
}

#[tokio::test]
async fn closed_doors_an_open_secret_and_a_wrong_clock_are_told() {
    let house = TestHouse::new().await;
    house.site.put("/robots.txt", Answer::status(200).header("date", "Tue, 06 Jan 2015 12:00:00 GMT"));
    house.watch("a", "/a");
    house.watch_url("gone", "http://127.0.0.1:9090/feed");
    house.watch_url("nowhere", "http://nowhere.invalid/feed");
    house.mail_alerts();
    house.hook_alerts();
    std::fs::set_permissions(house.path().join("hook.secret"), std::os::unix::fs::PermissionsExt::from_mode(0o644))
        .expect("set");
    let port = house.mail.address().port();
    let settings = std::fs::read_to_string(house.path().join("porterhouse.toml")).expect("read");
    house.write("porterhouse.toml", &settings.replace(&format!("port = {port}"), "port = 9091"));
    let (unwell, told, code) = examined(&house).await;
    assert_eq!(code, Some(1), "{told}");
    assert_eq!(
        unwell,
        [
            "secrets: wrong",
            "service: warning",
            "names: warning",
            "sources: warning",
            "sources: warning",
            "sources: warning",
            "clock: warning",
            "mail relay: wrong",
        ],
        "{told}"
    );
    assert!(!told.contains("whsec_"), "no secret is told");
}
