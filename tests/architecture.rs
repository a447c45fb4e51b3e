//! Holds the imports of `src/` against the table of `docs/ARCHITECTURE.md`, and each power against its one door.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Each room and the rooms that it may import. Adding an arrow is a design change: its own commit, with the reason.
const ROOMS: &[(&str, &[&str])] = &[
    // leaves: each may import leaves before it
    ("model", &[]),
    ("text", &["model"]),
    ("lexicon", &["model", "text"]),
    ("gazetteer", &["model", "text", "lexicon"]),
    ("when", &["model", "text", "lexicon", "gazetteer"]),
    ("wording", &["model", "text", "lexicon", "gazetteer", "when"]),
    ("playbook", &["model", "text", "lexicon", "wording"]),
    ("query", &["model", "text"]),
    ("story", &["model", "text"]),
    // door
    ("net", LEAVES),
    // stages: leaves only; fetch and alert also the door
    ("source", LEAVES),
    ("extract", LEAVES),
    ("analyze", LEAVES),
    ("opportunity", LEAVES),
    ("digest", LEAVES),
    ("store", LEAVES),
    ("fetch", &["model", "text", "lexicon", "gazetteer", "when", "wording", "query", "net"]),
    ("alert", &["model", "text", "lexicon", "gazetteer", "when", "wording", "playbook", "query", "net"]),
    // wiring
    ("config", STAGES_AND_BELOW),
    ("pipeline", STAGES_AND_BELOW),
    // desk: the order in which the stages look at an item stands in pipeline alone, the rules of a brand in config
    ("desk", DESK),
    // faces
    ("web", &["model", "text", "wording", "net", "store"]),
    ("app", &["config", "pipeline", "desk", "store", "model", "query", "web"]),
    ("cli", &["app", "desk", "config", "model", "wording", "query"]),
    ("main", &["cli"]),
];

const LEAVES: &[&str] = &["model", "text", "lexicon", "gazetteer", "when", "wording", "playbook", "query", "story"];

const STAGES_AND_BELOW: &[&str] = &[
    "model",
    "text",
    "lexicon",
    "gazetteer",
    "when",
    "wording",
    "playbook",
    "query",
    "story",
    "net",
    "source",
    "fetch",
    "extract",
    "analyze",
    "opportunity",
    "alert",
    "digest",
    "store",
];

const DESK: &[&str] = &[
    "pipeline",
    "config",
    "model",
    "text",
    "gazetteer",
    "playbook",
    "query",
    "story",
    "analyze",
    "opportunity",
    "source",
    "extract",
];

/// What only one room may do: the rooms that may, and the words in code that give it away.
const DOORS: &[(&str, &[&str], &[&str])] = &[
    (
        "open a socket outward",
        &["net"],
        &["TcpStream::connect", "UdpSocket", "reqwest::", "SmtpTransport", "lookup_host", "TcpSocket"],
    ),
    ("listen", &["net", "app"], &["TcpListener", "UnixListener"]),
    ("speak SQL", &["store"], &["rusqlite", "SELECT ", "INSERT INTO", "UPDATE ", "DELETE FROM", "PRAGMA "]),
    ("read the wall clock", &["app"], &["Timestamp::now", "Zoned::now", "SystemTime::now", "jiff::now"]),
    ("speak to the supervisor", &["app"], &["sd_notify::", "NOTIFY_SOCKET", "UnixDatagram"]),
    ("print", &["cli"], &["println!", "print!", "eprintln!", "eprint!", "io::stdout", "io::stderr"]),
];

#[test]
fn no_room_imports_what_the_table_does_not_allow() {
    let mut wrong = Vec::new();
    for (room, imported) in arrows() {
        let allowed = ROOMS.iter().find(|(name, _)| *name == room).map(|(_, allowed)| *allowed);
        let Some(allowed) = allowed else {
            wrong.push(format!("`{room}` is no room of the table"));
            continue;
        };
        for target in imported.iter().filter(|target| **target != room && !allowed.contains(&target.as_str())) {
            wrong.push(format!("`{room}` imports `{target}`"));
        }
    }
    assert!(wrong.is_empty(), "arrows that the table does not allow:\n{}", wrong.join("\n"));
}

#[test]
fn each_power_stays_behind_its_door() {
    let mut wrong = Vec::new();
    for file in files() {
        let code = code_of(&file);
        for (power, rooms, words) in DOORS {
            for word in words.iter().filter(|word| code.contains(**word)) {
                if !rooms.contains(&room_of(&file).as_str()) {
                    wrong.push(format!("{} may not {power}: `{word}`", file.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_test_sees_a_forbidden_arrow() {
    let code =
        strip("use crate::{alert, model::Item};\nfn f() { crate::store::open(); } // crate::web\n\"crate::net\"");
    let found: Vec<String> = rooms_named(&code).into_iter().collect();
    assert_eq!(found, ["alert", "model", "store"]);
}

#[test]
fn the_map_names_every_room_and_no_other() {
    let map = fs::read_to_string(root().join("docs/ARCHITECTURE.md")).expect("docs/ARCHITECTURE.md");
    let named: BTreeSet<String> = map
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split('`').next())
        .filter(|name| !name.contains('.'))
        .map(|name| name.trim_end_matches('/').to_owned())
        .collect();
    let rooms: BTreeSet<String> = files().iter().map(|file| room_of(file)).filter(|room| room != "lib").collect();
    assert_eq!(named, rooms, "left: the map's, right: those of src/");
}

#[test]
fn every_file_says_what_it_is_for() {
    let silent: Vec<PathBuf> =
        files().into_iter().filter(|file| !fs::read_to_string(file).expect("readable").starts_with("//!")).collect();
    assert!(silent.is_empty(), "without `//!`: {silent:?}");
}

/// Which rooms each room names in its code.
fn arrows() -> BTreeMap<String, BTreeSet<String>> {
    let mut arrows: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in files().iter().filter(|file| room_of(file) != "lib") {
        arrows.entry(room_of(file)).or_default().extend(rooms_named(&code_of(file)));
    }
    arrows
}

/// The rooms behind `crate::` or `porterhouse::`, also in braces.
fn rooms_named(code: &str) -> BTreeSet<String> {
    let mut named = BTreeSet::new();
    for start in ["crate::", "porterhouse::"] {
        for (at, _) in code.match_indices(start) {
            let rest = code.get(at + start.len()..).unwrap_or("");
            if let Some(list) = rest.strip_prefix('{') {
                named.extend(top_names(list));
            } else {
                named.insert(word(rest));
            }
        }
    }
    named.remove("");
    named
}

/// The first names of a braced import list, nested lists left out.
fn top_names(list: &str) -> BTreeSet<String> {
    let mut depth = 0;
    let mut names = BTreeSet::new();
    let mut at_name = true;
    for (at, c) in list.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => at_name = true,
            _ if at_name && c.is_alphabetic() => {
                names.insert(word(list.get(at..).unwrap_or("")));
                at_name = false;
            }
            _ => {}
        }
    }
    names
}

fn word(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

/// The code of a file: without its tests, comments and (for imports) strings.
fn code_of(file: &Path) -> String {
    strip(&fs::read_to_string(file).expect("readable"))
}

fn strip(source: &str) -> String {
    let code = source.split("\n#[cfg(test)]\nmod ").next().unwrap_or("");
    let lines = code.lines().map(|line| if line.trim_start().starts_with("//") { "" } else { line });
    let without_comments: Vec<&str> = lines.map(|line| line.split(" // ").next().unwrap_or("")).collect();
    // Strings stay where they may hold SQL, but a quoted path is no import.
    without_comments.join("\n").replace("\"crate::", "\"").replace("\"porterhouse::", "\"")
}

fn room_of(file: &Path) -> String {
    let below = file.strip_prefix(root().join("src")).expect("below src");
    let first = below.components().next().expect("a name").as_os_str().to_string_lossy().into_owned();
    first.trim_end_matches(".rs").to_owned()
}

fn files() -> Vec<PathBuf> {
    let mut open = vec![root().join("src")];
    let mut found = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).expect("readable folder") {
            let path = entry.expect("readable entry").path();
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            if path.is_dir() && name != "tests" {
                open.push(path);
            } else if name.ends_with(".rs") && name != "tests.rs" {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}
