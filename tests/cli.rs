//! The commands as a user types them.

use crate::support::{Answer, TestHouse};
use assert_cmd::Command;
use serde_json::Value;
use std::path::Path;

fn porterhouse(config: &Path, data: &Path) -> Command {
    let mut command = Command::cargo_bin("porterhouse").expect("the binary");
    command.arg("--config").arg(config).arg("--data").arg(data).env_remove("PORTERHOUSE_LOG");
    command
}

fn lines(output: &[u8]) -> Vec<Value> {
    let text = std::str::from_utf8(output).expect("UTF-8");
    text.lines().map(|line| serde_json::from_str(line).expect("a JSON line")).collect()
}

#[test]
fn analyze_reads_json_lines_in_order_and_survives_bad_ones() {
    let empty = tempfile::tempdir().expect("a folder");
    let data = empty.path().join("none");
    let good = |id: usize| {
        format!(
            r#"{{"id":{id},"text":"Die Kranichbahn ist schon wieder zu spät","brand":{{"id":"k","name":"Kranichbahn"}}}}"#
        )
    };
    let mut input: Vec<String> = (0..500).map(good).collect();
    input[100] = "no JSON at all".to_owned();
    input[200] = r#"{"id":200}"#.to_owned();
    let output = porterhouse(empty.path(), &data)
        .args(["analyze", "--jsonl"])
        .write_stdin(input.join("\n"))
        .output()
        .expect("ran");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let answers = lines(&output.stdout);
    assert_eq!(answers.len(), 500);
    for (id, answer) in answers.iter().enumerate() {
        match id {
            100 => assert!(answer["error"].is_string() && answer.get("id").is_none()),
            200 => assert!(answer["error"].is_string() && answer["id"] == 200),
            _ => {
                assert_eq!(answer["id"], id);
                assert_eq!(answer["mentions"][0]["brand"], "k");
            }
        }
    }
    assert!(!data.exists(), "no data folder is made");
}

#[test]
fn every_field_of_an_answer_is_there_without_a_brand() {
    let empty = tempfile::tempdir().expect("a folder");
    let input = r#"{"id":"x","text":"What a lovely day","source":"carrier pigeon"}"#;
    let output =
        porterhouse(empty.path(), empty.path()).args(["analyze", "--jsonl"]).write_stdin(input).output().expect("ran");
    let answer = &lines(&output.stdout)[0];
    assert_eq!(answer["id"], "x");
    assert_eq!(answer["lang"], "en");
    assert_eq!(answer["spam"], false);
    assert!(answer["spam_score"].is_number() && answer["sentiment"]["label"].is_string());
    assert_eq!(answer["mentions"], serde_json::json!([]));
}

#[test]
fn wrong_usage_and_wrong_configuration_exit_with_2() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("sources.toml"), "[[brand]]\nid = \"a\"\nnmae = \"A\"\n").expect("written");
    let output = porterhouse(folder.path(), folder.path()).arg("check").output().expect("ran");
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("sources.toml:3:1") && said.contains("`name`"), "{said}");
    let output = porterhouse(folder.path(), folder.path()).arg("frobnicate").output().expect("ran");
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn init_writes_what_check_accepts_and_never_overwrites() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = |arguments: &[&str]| porterhouse(folder.path(), folder.path()).args(arguments).output().expect("ran");
    let path = folder.path().to_str().expect("UTF-8");
    assert_eq!(run(&["init", path]).status.code(), Some(0));
    assert_eq!(run(&["check"]).status.code(), Some(0));
    assert_eq!(run(&["init", path]).status.code(), Some(1));
}

#[test]
fn read_says_what_a_saved_answer_holds() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("feed.xml");
    let feed = "<rss version=\"2.0\"><channel><title>T</title><item><guid>g1</guid><title>One &amp; two</title></item></channel></rss>";
    std::fs::write(&file, feed).expect("written");
    let output = porterhouse(folder.path(), folder.path())
        .args(["read", "feed"])
        .arg(&file)
        .args(["--url", "https://example.com/feed"])
        .output()
        .expect("ran");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let answers = lines(&output.stdout);
    assert_eq!(answers[0]["feed"]["title"], "T");
    assert_eq!((&answers[1]["item"]["id"], &answers[1]["item"]["title"]), (&"g1".into(), &"One & two".into()));
}

#[test]
fn a_page_or_an_image_is_no_feed_and_exits_with_1() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, bytes) in
        [("page.html", &b"<!doctype html><p>hi"[..]), ("image.png", &b"\x89PNG\r\n\x1a\n\0\0"[..]), ("empty", b"")]
    {
        let file = folder.path().join(name);
        std::fs::write(&file, bytes).expect("written");
        let mut command = porterhouse(folder.path(), folder.path());
        let output =
            command.args(["read", "feed"]).arg(&file).args(["--url", "https://example.com/"]).output().expect("ran");
        assert_eq!(output.status.code(), Some(1), "{name}");
        assert!(String::from_utf8_lossy(&output.stderr).contains(name), "{name} is named");
    }
}

#[tokio::test]
async fn crawl_stats_and_digest_work_from_the_command_line() {
    let house = TestHouse::new().await;
    house.site.put("/feed", Answer::feed("<rss version=\"2.0\"><channel><title>T</title><item><guid>1</guid><description>I love Morton's in Hackensack</description></item></channel></rss>"));
    house.watch("forum", "/feed");
    let (config, data, target) = (house.config_folder(), house.data_folder(), house.path().join("out"));
    // The commands run in processes of their own; the site answers from this one.
    tokio::task::spawn_blocking(move || {
        let run = |arguments: &[&str]| porterhouse(&config, &data).args(arguments).output().expect("ran");
        let crawled = run(&["crawl", "--once", "--json"]);
        assert!(crawled.status.success(), "{}", String::from_utf8_lossy(&crawled.stderr));
        assert_eq!(lines(&crawled.stdout)[0]["items_kept"], 1);
        let stats = &lines(&run(&["stats", "--json"]).stdout)[0];
        for key in
            ["sources", "items_seen", "items_kept", "mentions", "opportunities", "outbox_pending", "database_bytes"]
        {
            assert!(stats[key].is_u64(), "{key}: {stats}");
        }
        assert_eq!(stats["items_seen"], 1);
        let digest = run(&["digest", "--preview", target.to_str().expect("UTF-8")]);
        assert!(digest.status.success(), "{}", String::from_utf8_lossy(&digest.stderr));
        for name in ["digest.eml", "digest.html", "digest.txt"] {
            assert!(target.join(name).metadata().is_ok_and(|file| file.len() > 200), "{name}");
        }
    })
    .await
    .expect("the commands ran");
}

/// The outlet of the house needs nearly two hours for Newark.
#[tokio::test]
async fn what_could_not_be_done_in_time_is_told_with_its_reason_until_somebody_says_it_was_done() {
    let house = TestHouse::new().await;
    let posted =
        jiff::fmt::rfc2822::to_string(&porterhouse::app::now().to_zoned(jiff::tz::TimeZone::UTC)).expect("a date");
    let post =
        "Hey @Mortons - can you meet me at newark airport with a porterhouse when I land in 20 minutes? Thanks :)";
    house.site.put("/feed", Answer::feed(&format!("<rss version=\"2.0\"><channel><title>T</title><item><guid>1</guid><pubDate>{posted}</pubDate><description>{post}</description></item></channel></rss>")));
    house.watch("forum", "/feed");
    let (config, data, target) = (house.config_folder(), house.data_folder(), house.path().join("out"));
    tokio::task::spawn_blocking(move || {
        let run = |arguments: &[&str]| {
            let output = porterhouse(&config, &data).args(arguments).output().expect("ran");
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            output.stdout
        };
        run(&["crawl", "--once"]);
        assert_eq!(lines(&run(&["stats", "--json"]))[0]["missed"], 1);
        let missed = &lines(&run(&["opportunities", "--json"]))[0];
        assert!(missed["missed"]["too_late"]["seconds"].as_u64().is_some_and(|seconds| seconds > 3_600), "{missed}");
        let listed = String::from_utf8_lossy(&run(&["opportunities"])).into_owned();
        assert!(listed.contains("1 could not be done in time") && listed.contains("too late by 1 h"), "{listed}");
        run(&["digest", "--preview", target.to_str().expect("UTF-8")]);
        let digest = std::fs::read_to_string(target.join("digest.txt")).expect("a digest");
        assert!(digest.contains("COULD NOT BE DONE IN TIME") && digest.contains("too late by 1 h"), "{digest}");
        let said = String::from_utf8_lossy(&run(&["correct", "1", "--done", "true"])).into_owned();
        assert!(said.contains("done is yes (was no)"), "{said}");
        assert_eq!(lines(&run(&["stats", "--json"]))[0]["missed"], 0);
        assert_eq!(run(&["opportunities", "--json"]), b"");
    })
    .await
    .expect("the commands ran");
}

#[test]
fn a_data_folder_without_rights_is_named_with_a_way_out() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("file");
    std::fs::write(&file, "in the way").expect("written");
    std::fs::write(folder.path().join("sources.toml"), "[[brand]]\nid = \"a\"\nname = \"Aaberg\"\n").expect("written");
    let output = porterhouse(folder.path(), &file.join("data")).args(["crawl", "--once"]).output().expect("ran");
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("data"), "{said}");
}

#[test]
fn the_readme_holds_the_help_as_it_is() {
    let readme = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).expect("README.md");
    let output = Command::cargo_bin("porterhouse").expect("the binary").arg("--help").output().expect("ran");
    let help = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(readme.contains(help.trim_end()), "put this into README.md:\n{help}");
}
