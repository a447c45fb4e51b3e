//! `evaluate` and `corrections` as a user types them.

#![allow(clippy::indexing_slicing, reason = "a test may panic, in its helpers too")]

use crate::support::{Answer, TestHouse};
use assert_cmd::Command;
use serde_json::Value;
use std::path::Path;
use std::process::Output;

fn run(config: &Path, data: &Path, arguments: &[&str], code: i32) -> Output {
    let mut command = Command::cargo_bin("porterhouse").expect("the binary");
    command.arg("--config").arg(config).arg("--data").arg(data).env_remove("PORTERHOUSE_LOG").env("USER", "petra");
    let output = command.args(arguments).output().expect("ran");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
    output
}

fn lines(output: &Output) -> Vec<Value> {
    let text = std::str::from_utf8(&output.stdout).expect("UTF-8");
    text.lines().map(|line| serde_json::from_str(line).expect("a JSON line")).collect()
}

fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

const FEED: &str = "<rss version=\"2.0\"><channel><title>T</title>\
    <item><guid>1</guid><description>Dinner at Morton's in Hackensack, the steak was wonderful</description></item>\
    <item><guid>2</guid><description>We waited at Morton's for a table, two hours with a toddler</description></item>\
    </channel></rss>";

#[tokio::test]
async fn what_was_corrected_can_be_exported_and_evaluated() {
    let house = TestHouse::new().await;
    house.site.put("/feed", Answer::feed(FEED));
    house.watch("forum", "/feed");
    let (config, data, file) = (house.config_folder(), house.data_folder(), house.path().join("said.jsonl"));
    // The commands run in processes of their own; the site answers from this one.
    tokio::task::spawn_blocking(move || {
        let run = |arguments: &[&str], code| run(&config, &data, arguments, code);
        run(&["crawl", "--once"], 0);
        let item = |words: &str| lines(&run(&["search", "--json", words], 0))[0]["item_id"].to_string();
        let (praised, waited) = (item("wonderful"), item("toddler"));
        run(&["correct", &praised, "--sentiment", "negative"], 0);
        run(&["correct", &praised, "--phase", "use", "--spam", "false"], 0);
        run(&["correct", &waited, "--sentiment", "mixed"], 0);
        run(&["correct", &waited, "--sentiment", "negative", "--kind", "recovery", "--relevant", "true"], 0);

        let path = file.to_str().expect("UTF-8");
        run(&["corrections", path], 0);
        run(&["corrections", path], 1);
        let told = lines(&run(&["corrections"], 0));
        assert_eq!(told.len(), 3, "each mention, and the item that is no spam");
        let of_praise = told.iter().find(|post| post["id"] == format!("{praised}/mortons")).expect("is there");
        assert_eq!(
            (&of_praise["sentiment"], &of_praise["before"]["sentiment"]),
            (&"negative".into(), &"positive".into())
        );
        assert_eq!((&of_praise["lang"], &of_praise["target"]), (&"en".into(), &"Morton's The Steakhouse".into()));

        let target = &lines(&run(&["evaluate", "target", path, "--json"], 0))[0];
        assert_eq!(
            (&target["all"]["n"], &target["n_unlabelled"], &target["n_not_found"]),
            (&2.into(), &1.into(), &0.into())
        );
        assert_eq!(target["posts"][format!("{praised}/mortons")], serde_json::json!(["negative", "positive", false]));
        for kind in ["relevance", "spam", "kinds", "phase"] {
            let evaluated = &lines(&run(&["evaluate", kind, path, "--json"], 0))[0];
            assert_eq!(evaluated["all"]["n"], 1, "{kind}");
        }
        run(&["evaluate", "emotion", path], 1);
    })
    .await
    .expect("the commands ran");
}

const POSTS: &str = r#"{"id":"1","lang":"en","part":"test","text":"The room was awful","label":"negative"}
{"id":"2","lang":"en","part":"test","text":"My neighbor is awful at chess","label":"neutral"}
{"id":"3","lang":"de","part":"train","text":"Das Essen war wunderbar","label":"positive"}
{"id":"4","lang":"de","part":"train","text":"Der Laden macht um neun auf","label":"negative"}
"#;

#[test]
fn an_evaluation_is_compared_with_an_earlier_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).to_str().expect("UTF-8").to_owned();
    let (posts, old) = (path("posts.jsonl"), path("old.json"));
    std::fs::write(&posts, POSTS).expect("written");
    let run = |arguments: &[&str], code| run(folder.path(), folder.path(), arguments, code);
    let earlier = run(&["evaluate", "sentiment", &posts, "--json"], 0);
    std::fs::write(&old, &earlier.stdout).expect("written");
    // People think again of one post: we were right all along, and wrong about another.
    let changed = POSTS.replace("neun auf\",\"label\":\"negative", "neun auf\",\"label\":\"neutral");
    std::fs::write(&posts, changed.replace("awful\",\"label\":\"negative", "awful\",\"label\":\"positive"))
        .expect("written");
    let told = text(&run(&["evaluate", "sentiment", &posts, "--compare", &old], 0));
    assert!(told.contains("won 1: 4") && told.contains("lost 1: 1"), "{told}");
    let compared = &lines(&run(&["evaluate", "sentiment", &posts, "--compare", &old, "--json"], 0))[0]["compared"];
    assert_eq!((&compared["won"][0], &compared["n_only_old"]), (&"4".into(), &0.into()));
    run(&["evaluate", "target", &posts, "--compare", &old], 1);
    run(&["evaluate", "sentiment", &posts, "--compare", &posts], 1);
}

#[test]
fn an_evaluation_shows_its_tables_and_whom_to_blame() {
    let folder = tempfile::tempdir().expect("a folder");
    let posts = folder.path().join("posts.jsonl");
    std::fs::write(&posts, POSTS).expect("written");
    let posts = posts.to_str().expect("UTF-8");
    let run = |arguments: &[&str], code| run(folder.path(), folder.path(), arguments, code);
    let told = text(&run(&["evaluate", "sentiment", posts, "--blame=1"], 0));
    for words in ["people's label", "confidence from", "rows that hurt", "rows that help", "lexicons/de/feelings.tsv:"]
    {
        assert!(told.contains(words), "{words}: {told}");
    }
    let json = &lines(&run(&["evaluate", "sentiment", posts, "--blame", "--json", "--only", "part=test"], 0))[0];
    assert_eq!((&json["all"]["n"], &json["n_left_out"]), (&2.into(), &2.into()));
    assert_eq!(json["blame"], serde_json::json!([]), "no row is met in three posts");
    assert_eq!(json["all"]["confusion"]["neutral"]["negative"], 1);
    run(&["evaluate", "sentiment", posts, "--only", "part"], 1);
    run(&["evaluate", "sentiment", posts, "--only", "part=none"], 1);
    run(&["evaluate", "weather", posts], 2);
}
