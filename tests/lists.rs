//! Lists of sources in and out, as a user types it.

use crate::support::{run, words_of};
use serde_json::Value;
use std::time::{Duration, Instant};

const BRAND: &str = "# Ours.\n[[brand]]\nid = \"kranich\"\nname = \"Kranichbahn\"\n";

/// An import of so many outlines takes longer than this only where something in it is quadratic.
const SECONDS: Duration = Duration::from_secs(90);

fn house() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("sources.toml"), BRAND).expect("written");
    folder
}

#[test]
fn a_list_is_imported_and_what_it_did_is_said() {
    let folder = house();
    let list = "<opml><body><outline text='Food'>\n<outline text='Steak & Co' xmlUrl='https://a.example/feed?a=1&b=2'/>\n\
         <outline XMLURL='https://a.example/feed?b=2&a=1'/>\n<outline xmlUrl='ftp://b.example/'/>\n<outline htmlUrl='https://c.example'/>";
    std::fs::write(folder.path().join("list.opml"), list).expect("written");
    let dry = run(folder.path(), &["sources", "import", "list.opml", "--dry-run"]);
    assert!(words_of(&dry.stdout).contains("id = \"steak-co\""), "{}", words_of(&dry.stderr));
    assert_eq!(std::fs::read_to_string(folder.path().join("sources.toml")).expect("read"), BRAND);
    let done = run(folder.path(), &["sources", "import", "list.opml"]);
    assert_eq!(done.status.code(), Some(0), "{}", words_of(&done.stderr));
    let summary = words_of(&done.stdout);
    assert!(summary.starts_with("imported 1 source into "), "{summary}");
    assert!(summary.trim_end().ends_with(", 1 known already, 1 unreadable, 1 without a feed"), "{summary}");
    assert!(words_of(&done.stderr).contains("line 4: `ftp://b.example` is no address"), "{}", words_of(&done.stderr));
    let again = run(folder.path(), &["sources", "import", "list.opml", "--json"]);
    let told: Value = serde_json::from_slice(&again.stdout).expect("one JSON document");
    assert_eq!(
        (&told["known"], &told["added"], &told["unreadable"][0]["line"]),
        (&2.into(), &Value::Array(vec![]), &4.into())
    );
    assert_eq!(run(folder.path(), &["check"]).status.code(), Some(0));
}

#[test]
fn what_is_exported_can_be_imported_elsewhere() {
    let (here, there) = (house(), house());
    let text = format!(
        "{BRAND}\n[[source]]\nid = \"a\"\nengine = \"feed\"\nurl = \"https://a.example/?x=1&y=2\"\nevery = \"2h\"\nmedium = \"news\"\nlang = \"de\"\n"
    );
    std::fs::write(here.path().join("sources.toml"), &text).expect("written");
    let list = there.path().join("list.opml");
    let exported = run(here.path(), &["sources", "export", list.to_str().expect("UTF-8")]);
    assert_eq!(exported.status.code(), Some(0), "{}", words_of(&exported.stderr));
    assert_eq!(
        words_of(&run(here.path(), &["sources", "export"]).stdout),
        std::fs::read_to_string(&list).expect("read")
    );
    assert_eq!(run(there.path(), &["sources", "import", "list.opml"]).status.code(), Some(0));
    assert_eq!(std::fs::read_to_string(there.path().join("sources.toml")).expect("read"), text);
    let over = run(here.path(), &["sources", "export", list.to_str().expect("UTF-8")]);
    assert_eq!(over.status.code(), Some(1), "a file that is there is kept");
}

#[test]
fn a_list_that_is_none_or_a_file_with_mistakes_changes_nothing() {
    let folder = house();
    std::fs::write(folder.path().join("page.opml"), "<html><p>hi").expect("written");
    let output = run(folder.path(), &["sources", "import", "page.opml"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(words_of(&output.stderr).contains("no OPML"), "{}", words_of(&output.stderr));
    std::fs::write(folder.path().join("list.opml"), "<opml><outline xmlUrl='https://a.example/'/>").expect("written");
    let wrong = BRAND.replace("name", "nmae");
    std::fs::write(folder.path().join("sources.toml"), &wrong).expect("written");
    let output = run(folder.path(), &["sources", "import", "list.opml"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(words_of(&output.stderr).contains("sources.toml:4:1"), "{}", words_of(&output.stderr));
    assert_eq!(std::fs::read_to_string(folder.path().join("sources.toml")).expect("read"), wrong);
}

#[test]
fn a_hundred_thousand_outlines_are_imported_in_seconds() {
    let folder = house();
    let outlines: String = (0..100_000)
        .map(|n| format!("<outline text='Feed' xmlUrl='https://host{}.example/feed/{n}'/>\n", n % 7_000))
        .collect();
    std::fs::write(folder.path().join("list.opml"), format!("<opml><body>{outlines}</body></opml>")).expect("written");
    let begun = Instant::now();
    let output = run(folder.path(), &["sources", "import", "list.opml"]);
    let took = begun.elapsed();
    assert!(words_of(&output.stdout).starts_with("imported 100000 sources"), "{}", words_of(&output.stderr));
    assert!(took < SECONDS, "{took:?}");
}
