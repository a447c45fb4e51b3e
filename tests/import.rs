//! `import`, and folders that are watched for files.

use crate::support::TestHouse;
use assert_cmd::Command;
use serde_json::Value;
use std::path::{Path, PathBuf};

const SURVEY: &str = "id;Kommentar;Datum;Name\n1;Das Steak bei Morton's war kalt;05.03.2026 18:05;Ann\n2;Alles gut;06.03.2026;Ben\n3;\"Bei Morton's\nwieder gut, danke!\";06.03.2026 9:00;Cem\n";

async fn run(house: &TestHouse, arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::cargo_bin("porterhouse").expect("the binary");
    command.arg("--config").arg(house.config_folder()).arg("--data").arg(house.data_folder());
    command.env_remove("PORTERHOUSE_LOG").args(arguments);
    let output = tokio::task::spawn_blocking(move || command.output().expect("ran")).await.expect("it ran");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

/// What `import FILE --json` says, as `read new changed known refused mentions`.
async fn import(house: &TestHouse, file: &str, more: &[&str]) -> String {
    let path = house.path().join(file);
    let path = path.to_str().expect("UTF-8");
    let (code, said, talk) = run(house, &[&["import", path, "--json"], more].concat()).await;
    let told: Value = serde_json::from_str(said.trim()).unwrap_or_else(|_| panic!("{code:?} {said} {talk}"));
    let count = |key: &str| told[key].as_u64().unwrap_or_default().to_string();
    ["read", "new", "changed", "known", "refused", "mentions"].map(count).join(" ")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_import_adds_nothing_and_an_edited_row_is_an_edit() {
    let house = TestHouse::new().await;
    house.write("survey.csv", SURVEY);
    assert_eq!(import(&house, "survey.csv", &[]).await, "3 3 0 0 0 2");
    assert_eq!(import(&house, "survey.csv", &[]).await, "3 0 0 3 0 0");
    let (_, said, _) = run(&house, &["import", house.path().join("survey.csv").to_str().expect("UTF-8")]).await;
    assert!(said.contains("nothing new: every row was imported before"), "{said}");
    house.write("survey.csv", &SURVEY.replace("kalt", "heiß und sehr gut"));
    assert_eq!(import(&house, "survey.csv", &[]).await, "3 0 1 2 0 1");
    let (_, said, _) = run(&house, &["mentions", "--json"]).await;
    assert_eq!(said.lines().count(), 2, "{said}");
    assert!(said.contains("sehr gut") && !said.contains("kalt"), "{said}");
    assert_eq!(import(&house, "survey.csv", &["--source", "other"]).await, "3 3 0 0 0 2", "another source's rows");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_shows_the_mapping_and_keeps_nothing() {
    let house = TestHouse::new().await;
    house.write("survey.csv", SURVEY);
    let path = house.path().join("survey.csv");
    let (code, said, _) = run(&house, &["import", path.to_str().expect("UTF-8"), "--preview"]).await;
    assert_eq!(code, Some(0));
    for words in ["survey: table with `;`, UTF-8, 4 columns", "text        Kommentar", "3 items, 0 rows refused", "Ann"]
    {
        assert!(said.contains(words), "{words}: {said}");
    }
    assert!(!house.data_folder().exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_imported_is_said_with_a_way_out() {
    let house = TestHouse::new().await;
    house.watch("forum", "/feed");
    house.write("survey.csv", SURVEY);
    house.write("codes.csv", "a,b\n1,2\n");
    house.write("broken.csv", "id,text\n1.2E+18,x\n1.3E+18,y\n");
    let path = |file: &str| house.path().join(file).to_str().expect("UTF-8").to_owned();
    for (arguments, expected) in [
        (vec!["survey.csv", "--map", "text=Notiz"], "there is no column `Notiz`; there are: id, Kommentar"),
        (vec!["survey.csv", "--map", "txt=Notiz"], "there is no field `txt`"),
        (vec!["survey.csv", "--zone", "Berlin"], "`Berlin` is no time zone"),
        (vec!["survey.csv", "--encoding", "klingon"], "encoding `klingon` is not known"),
        (vec!["survey.csv", "--source", "forum"], "is read by its engine `feed`"),
        (vec!["survey.csv", "--source", "a b"], "is no plain name"),
        (vec!["codes.csv"], "no column looks like the text"),
        (vec!["none.csv"], "cannot be read"),
        (vec!["broken.csv"], "row 2: id `1.2E+18` was rounded by a spreadsheet"),
    ] {
        let file = path(arguments[0]);
        let (code, _, talk) = run(&house, &[&["import", file.as_str()], &arguments[1..]].concat()).await;
        assert!(code != Some(0) && talk.contains(expected), "{arguments:?} {code:?}: {talk}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_imported_beside_a_running_service() {
    let house = TestHouse::new().await;
    house.write("survey.csv", SURVEY);
    let open = house.open();
    assert_eq!(import(&house, "survey.csv", &[]).await, "3 3 0 0 0 2");
    drop(open);
}

/// A house that watches `drop` below it.
async fn watching(more: &str) -> (TestHouse, PathBuf) {
    let house = TestHouse::new().await;
    let folder = house.path().join("drop");
    std::fs::create_dir(&folder).expect("made");
    house.append(
        "sources.toml",
        &format!("\n[[source]]\nid = \"notes\"\nengine = \"import\"\nfolder = \"drop\"\n{more}"),
    );
    (house, folder)
}

/// The files below `folder`, sorted.
fn files(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for below in ["", "done", "failed"] {
        let Ok(entries) = std::fs::read_dir(folder.join(below)) else { continue };
        let entries = entries.map(|entry| entry.expect("an entry").path()).filter(|path| !path.is_dir());
        found.extend(entries.map(|path| path.strip_prefix(folder).expect("below").display().to_string()));
    }
    found.sort();
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_in_a_watched_folder_is_read_once_it_lies_still() {
    let (house, folder) = watching("pattern = \"*.csv\"\n[source.map]\ntext = \"Kommentar\"\n").await;
    std::fs::write(folder.join("a.csv"), "id;Kommentar\n1;Das Steak").expect("written");
    std::fs::write(folder.join("other.txt"), "x").expect("written");
    assert_eq!(house.crawl().await.tally.committed.new_items, 0, "the first look");
    std::fs::write(folder.join("a.csv"), SURVEY).expect("written");
    assert_eq!(house.crawl().await.tally.committed.new_items, 0, "it has grown");
    assert_eq!(house.crawl().await.tally.committed.new_items, 3);
    assert_eq!(files(&folder), ["done/a.csv", "other.txt"]);
    std::fs::write(folder.join("again.csv"), SURVEY).expect("written");
    house.crawl().await;
    assert_eq!(house.crawl().await.tally.committed.new_items, 0, "the same contents");
    assert_eq!(files(&folder), ["done/a.csv", "done/again.csv", "done/again.csv.txt", "other.txt"]);
    let note = std::fs::read_to_string(folder.join("done/again.csv.txt")).expect("a note");
    assert_eq!(note, "a file with the same contents was read before; nothing was done\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_folder_s_file_holds_wrongly_is_noted_in_the_team_s_language() {
    let (house, folder) = watching("").await;
    house.write("porterhouse.toml", "language = \"de\"\n");
    std::fs::write(folder.join("bad.csv"), b"PK\x03\x04").expect("written");
    std::fs::write(folder.join("half.csv"), "id,text\n1.23E+18,x\n2,Dinner at Morton's was cold\n").expect("written");
    house.crawl().await;
    let outcome = house.crawl().await;
    assert_eq!((outcome.tally.committed.new_items, outcome.tally.unread.len()), (1, 0));
    assert_eq!(files(&folder), ["done/half.csv", "done/half.csv.txt", "failed/bad.csv", "failed/bad.csv.txt"]);
    let note = |name: &str| std::fs::read_to_string(folder.join(name)).expect("a note");
    assert!(note("failed/bad.csv.txt").starts_with("die Datei ist kein Text"), "{}", note("failed/bad.csv.txt"));
    assert!(note("done/half.csv.txt").contains("Zeile 2: die Kennung „1.23E+18“"), "{}", note("done/half.csv.txt"));
    let (_, said, _) = run(&house, &["sources", "--json"]).await;
    assert!(said.contains("bad.csv: the file is an Excel"), "{said}");
    std::fs::remove_file(folder.join("failed/bad.csv")).expect("removed");
    house.crawl().await;
    let (_, said, _) = run(&house, &["sources", "--json"]).await;
    assert!(!said.contains("bad.csv"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn files_may_stay_and_links_are_left_alone() {
    let (house, folder) = watching("keep = true\n").await;
    house.write("secret.csv", SURVEY);
    std::os::unix::fs::symlink(house.path().join("secret.csv"), folder.join("link.csv")).expect("linked");
    std::fs::write(folder.join("a.csv"), SURVEY).expect("written");
    house.crawl().await;
    assert_eq!(house.crawl().await.tally.committed.new_items, 3);
    assert_eq!(house.crawl().await.tally.committed.new_items, 0);
    assert_eq!(files(&folder), ["a.csv", "link.csv"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_is_missing_is_told_and_one_that_is_there_can_be_tried() {
    let (house, folder) = watching("").await;
    std::fs::write(folder.join("a.csv"), SURVEY).expect("written");
    let (code, said, _) = run(&house, &["sources", "test", "notes"]).await;
    assert_eq!(code, Some(0));
    assert!(said.contains("a.csv") && said.contains("3 items") && said.contains("mortons 2"), "{said}");
    std::fs::remove_dir_all(&folder).expect("removed");
    let (_, _, talk) = run(&house, &["check"]).await;
    assert!(talk.contains("is no folder"), "{talk}");
    let outcome = house.crawl().await;
    let message = &outcome.tally.unread.first().expect("told").message;
    assert!(message.contains("cannot be read") && message.contains("change `folder`"), "{message}");
}
