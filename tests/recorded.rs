//! Recorded answers of real services, read as they came. They are other people's and lie outside the project:
//! `PORTERHOUSE_FIXTURES` names their folder, one folder in it for each service.

use porterhouse::desk::read_file;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

/// Where an answer of unknown origin is said to come from.
const URL: &str = "https://example.com/feed";

/// Recordings that hold no item, as `folder/file`: this one breaks off before its first.
const UNREADABLE: &[&str] = &["feeds/rss_2.0_invalid_1.xml"];

/// What came of one recording.
#[derive(Debug, PartialEq)]
enum Outcome {
    Whole { n_items: usize },
    Partly { n_items: usize, problems: Vec<String> },
    NotAtAll { why: String },
}

#[test]
#[expect(clippy::disallowed_macros, reason = "a person asks for the figures")]
fn feeds_of_real_services_give_items() {
    let Some(folder) = std::env::var_os("PORTERHOUSE_FIXTURES") else {
        println!("no recorded answer was read: set PORTERHOUSE_FIXTURES to their folder");
        return;
    };
    let files = feed_files(Path::new(&folder));
    assert!(!files.is_empty(), "no feed below {}", folder.display());
    let outcomes: Vec<(String, Outcome)> = files.iter().map(|file| (name_of(file), read(file))).collect();
    for (name, outcome) in &outcomes {
        println!("{name}: {outcome:?}");
    }
    let count = |is: fn(&Outcome) -> bool| outcomes.iter().filter(|(_, outcome)| is(outcome)).count();
    println!(
        "{} recorded feeds: {} whole, {} with problems, {} not at all",
        outcomes.len(),
        count(|outcome| matches!(outcome, Outcome::Whole { .. })),
        count(|outcome| matches!(outcome, Outcome::Partly { .. })),
        count(|outcome| matches!(outcome, Outcome::NotAtAll { .. })),
    );
    let unread = outcomes.iter().filter(|(_, outcome)| matches!(outcome, Outcome::NotAtAll { .. }));
    let unread: Vec<&str> = unread.map(|(name, _)| name.as_str()).collect();
    let unexpected: Vec<&&str> = unread.iter().filter(|name| !UNREADABLE.contains(name)).collect();
    assert!(unexpected.is_empty(), "nothing was read of {unexpected:?}");
}

/// The files that are feeds by their folder or their ending, in order.
fn feed_files(folder: &Path) -> Vec<PathBuf> {
    let is_feed = |file: &PathBuf| {
        let extension = file.extension().and_then(|extension| extension.to_str()).unwrap_or("");
        let is_among_feeds = file.parent().is_some_and(|parent| parent.ends_with("feeds")) && extension != "md";
        is_among_feeds || matches!(extension, "rss" | "atom" | "xml")
    };
    entries(folder).iter().flat_map(|service| entries(service)).filter(is_feed).collect()
}

/// What lies in `folder`, in order; nothing where it is no folder.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let Ok(found) = fs::read_dir(folder) else { return Vec::new() };
    let mut entries: Vec<PathBuf> = found.map(|entry| entry.expect("a readable folder").path()).collect();
    entries.sort();
    entries
}

fn name_of(file: &Path) -> String {
    let name = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    format!("{}/{}", file.parent().map(name).unwrap_or_default(), name(file))
}

fn read(file: &Path) -> Outcome {
    let bytes = fs::read(file).expect("a readable file");
    // Some day after the last recording: no date of them lies ahead.
    let now = "2030-01-01T00:00:00Z".parse().expect("an instant");
    let lines = match read_file("feed", &bytes, URL, &[], now) {
        Ok(lines) => lines,
        Err(error) => return Outcome::NotAtAll { why: error.to_string() },
    };
    let n_items = lines.iter().filter(|line| line.get("item").is_some()).count();
    let told = lines.first().and_then(|line| line["feed"]["problems"].as_array());
    let problems: Vec<String> = told.into_iter().flatten().map(Value::to_string).collect();
    match (n_items, problems.is_empty()) {
        (0, _) => Outcome::NotAtAll { why: format!("no items; problems: {problems:?}") },
        (_, true) => Outcome::Whole { n_items },
        (_, false) => Outcome::Partly { n_items, problems },
    }
}

#[test]
fn comments_of_a_real_blog_have_their_authors_dates_and_parents() {
    let Some(folder) = std::env::var_os("PORTERHOUSE_FIXTURES") else { return };
    let bytes = fs::read(Path::new(&folder).join("wordpress/comments.json")).expect("a readable file");
    let (url, now) =
        ("https://example.com/wp-json/wp/v2/comments", "2030-01-01T00:00:00Z".parse().expect("an instant"));
    let lines = read_file("wordpress", &bytes, url, &[], now).expect("a list");
    let items: Vec<&Value> = lines.iter().filter_map(|line| line.get("item")).collect();
    let is_whole = |item: &&&Value| {
        let has = |key: &str| item[key].as_str().is_some_and(|text| !text.is_empty());
        item["author"]["name"].is_string() && ["published", "parent", "target", "text"].into_iter().all(has)
    };
    assert_eq!((items.len(), items.iter().filter(is_whole).count()), (9, 9));
    let target = items[0]["target"].as_str().expect("a link");
    assert!(!target.contains("comment"), "{target}");
}
