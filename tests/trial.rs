//! `search` by the query language, and `try`.

use crate::support::{Answer, TestHouse};
use assert_cmd::Command;
use expect_test::{Expect, expect};

async fn run(house: &TestHouse, arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::cargo_bin("porterhouse").expect("the binary");
    command.arg("--config").arg(house.config_folder()).arg("--data").arg(house.data_folder());
    command.env_remove("PORTERHOUSE_LOG").args(arguments);
    let output = tokio::task::spawn_blocking(move || command.output().expect("ran")).await.expect("it ran");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace(&house.site.url(""), "http://HOST");
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

async fn house() -> TestHouse {
    let house = TestHouse::new().await;
    let item = |n: usize, text: &str| {
        format!(
            "<item><guid>{n}</guid><link>https://forum.example/{n}</link><pubDate>Fri, 06 Mar 2026 1{n}:00:00 GMT</pubDate><description>{text}</description></item>"
        )
    };
    let items = [
        item(1, "The steak at Morton's was cold and I waited an hour"),
        item(2, "Dinner at Morton's was wonderful, thank you"),
        item(3, "It rains in Newark all day"),
    ];
    house.site.put(
        "/feed",
        Answer::feed(&format!("<rss version='2.0'><channel><title>Forum</title>{}</channel></rss>", items.concat())),
    );
    house.watch("forum", "/feed");
    house
}

async fn check(house: &TestHouse, arguments: &[&str], expected: Expect) {
    let (_, said, _) = run(house, arguments).await;
    // How a moment is told depends on the day of the test.
    let lines = said.lines().map(|line| line.split_once(":00  ").map_or(line, |(_, words)| words));
    expected.assert_eq(&lines.collect::<Vec<_>>().join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_finds_what_is_kept() {
    let house = house().await;
    house.crawl().await;
    let n_found = async |query: &str| run(&house, &["search", query, "--json"]).await.1.lines().count();
    assert_eq!(n_found("steak OR dinner").await, 2);
    assert_eq!(n_found("morton* NOT steak").await, 1);
    assert_eq!(n_found("sentiment:negative").await, 1);
    assert_eq!(n_found("steak NEAR/4 cold source:forum site:forum.example").await, 1);
    assert_eq!(n_found("lang:de").await, 0);
    let (code, _, said) = run(&house, &["search", "steak AND (cold"]).await;
    assert_eq!(code, Some(1));
    assert!(said.contains("this bracket is not closed") && said.contains("^"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trial_keeps_nothing() {
    let house = house().await;
    check(
        &house,
        &["try", "rain* OR cold", "--now"],
        expect![[r#"
            would catch 2 of 3 posts of 1 source
            The steak at Morton's was cold and I waited an hour
                  https://forum.example/1
            It rains in Newark all day
                  https://forum.example/3"#]],
    )
    .await;
    check(
        &house,
        &["try", "--brand", "mortons", "--now"],
        expect![[r#"
            would catch 2 of 3 posts of 1 source
            The steak at Morton's was cold and I waited an hour
                  https://forum.example/1
            Dinner at Morton's was wonderful, thank you
                  https://forum.example/2"#]],
    )
    .await;
    assert!(!house.data_folder().join("porterhouse.db").exists());
    house.write("posts.txt", "Morton's again tonight\n{\"text\":\"Steak kalt\",\"lang\":\"de\"}\n\n");
    let file = house.path().join("posts.txt");
    check(
        &house,
        &["try", "lang:de steak", "--file", file.to_str().expect("UTF-8")],
        expect![[r#"
            would catch 1 of 2 posts
              Steak kalt"#]],
    )
    .await;
    check(
        &house,
        &["try", "--brand", "mortons", "--file", file.to_str().expect("UTF-8")],
        expect![[r#"
            would catch 1 of 2 posts
              Morton's again tonight"#]],
    )
    .await;
    house.crawl().await;
    check(
        &house,
        &["try", "steak"],
        expect![[r#"
            would catch 1 of 2 posts
            The steak at Morton's was cold and I waited an hour
                  https://forum.example/1"#]],
    )
    .await;
    let (code, _, said) = run(&house, &["try", "--brand", "nobody"]).await;
    assert_eq!(code, Some(1));
    assert!(said.contains("there is no brand `nobody`"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_query_of_a_brand_is_tried_before_it_counts() {
    let house = house().await;
    house.append("sources.toml", "\n[[brand]]\nid = \"weather\"\nquery = 'rain* AND newark'\n");
    check(
        &house,
        &["try", "--brand", "weather", "--now"],
        expect![[r#"
            would catch 1 of 3 posts of 1 source
            It rains in Newark all day
                  https://forum.example/3"#]],
    )
    .await;
    house.crawl().await;
    let why = run(&house, &["why", "https://forum.example/3", "--offline"]).await.1;
    assert!(why.contains("brand      weather, relevance 0.90") && why.contains("The brand’s query holds"), "{why}");
}
