//! The playbook, as a user sees and changes it.

use crate::support::{run, words_of};
use serde_json::Value;

const BRAND: &str = "[[brand]]\nid = \"kranich\"\nname = \"Kranichbahn\"\n";

fn house(playbook: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("made");
        std::fs::write(path, text).expect("written");
    };
    write("sources.toml", BRAND);
    write("porterhouse.toml", "lexicons = \"words\"\n");
    write("words/en/playbooks.toml", playbook);
    folder
}

/// One play with a gesture of its own.
fn play(id: &str, kinds: &str, gesture: &str) -> String {
    format!(
        "[[play]]\nid = \"{id}\"\nfor = \"service\"\nkinds = [\"{kinds}\"]\n\
         gestures = [{{ do = \"{gesture}\", effort = \"minutes\", cost = \"none\" }}]\n"
    )
}

#[test]
fn a_play_of_ones_own_is_listed_and_used() {
    let folder = house(&format!(
        "{}[[play]]\nid = \"reach\"\noff = true\n",
        play("question-overheard", "question", "Ring a bell")
    ));
    let listed = run(folder.path(), &["playbooks", "--json"]);
    let plays: Vec<Value> =
        words_of(&listed.stdout).lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let find = |id: &str| plays.iter().find(|play| play["id"] == id);
    assert_eq!(find("question-overheard").map(|play| &play["own"]), Some(&Value::Bool(true)));
    assert_eq!(find("love").map(|play| &play["own"]), Some(&Value::Bool(false)));
    assert_eq!(find("reach"), None);
    let question = run(folder.path(), &["playbooks", "--kind", "question"]);
    assert!(words_of(&question.stdout).contains("question-overheard  (your own)\n"), "{}", words_of(&question.stdout));
    assert!(!words_of(&question.stdout).contains("love-old-thing"));
    let text = "How can I take my bike on the Kranichbahn?";
    let explained = words_of(&run(folder.path(), &["analyze", text, "--explain"]).stdout);
    assert!(explained.contains("ideas      question"), "{explained}");
}

#[test]
fn a_mistake_is_told_with_file_and_line_and_strict_stops_at_it() {
    let wrong = play("mine", "momnet", "Ring a bell");
    let folder = house(&format!("# mine\n{wrong}{}", play("also-mine", "moment", "Wave")));
    let told = words_of(&run(folder.path(), &["check"]).stderr) + &words_of(&run(folder.path(), &["check"]).stdout);
    assert!(told.contains("words/en/playbooks.toml:5:1"), "{told}");
    assert!(told.contains("`momnet` is no kind; the kinds are wish,"), "{told}");
    let listed = words_of(&run(folder.path(), &["playbooks"]).stdout);
    assert!(listed.contains("also-mine  (your own)") && !listed.contains("\nmine"), "{listed}");
    assert_eq!(run(folder.path(), &["playbooks", "--strict"]).status.code(), Some(2));
}

#[test]
fn copies_are_written_once_and_are_sound() {
    let folder = house("");
    let target = folder.path().join("copies");
    let target = target.to_str().expect("UTF-8");
    assert_eq!(run(folder.path(), &["playbooks", "--write", target]).status.code(), Some(0));
    let copy = folder.path().join("copies/de/playbooks.toml");
    std::fs::write(&copy, "# changed\n").expect("written");
    let again = run(folder.path(), &["playbooks", "--write", target]);
    assert_eq!(again.status.code(), Some(1));
    assert!(words_of(&again.stderr).contains("is there already; left as it is"));
    assert_eq!(std::fs::read_to_string(&copy).expect("there"), "# changed\n");
    std::fs::write(folder.path().join("porterhouse.toml"), "lexicons = \"copies\"\n").expect("written");
    let checked = run(folder.path(), &["check", "--strict"]);
    assert!(
        !(words_of(&checked.stdout) + &words_of(&checked.stderr)).contains("playbooks.toml"),
        "{}",
        words_of(&checked.stderr)
    );
}
