//! What stays of a document that sources are written into.

use super::*;
use expect_test::{Expect, expect};
use proptest::prelude::*;
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

const BRAND: &str = "[[brand]]\nid = \"kranich\"\nname = \"Kranichbahn\"\n";

fn feed(url: &str) -> NewSource {
    NewSource { engine: Some("feed".to_owned()), url: url.to_owned(), ..NewSource::default() }
}

fn folder_with(text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(SOURCES_FILE), text).unwrap();
    folder
}

fn written(folder: &Path) -> String {
    std::fs::read_to_string(folder.join(SOURCES_FILE)).unwrap()
}

/// What stands in the file after `sources` were added to `text`.
fn check(text: &str, sources: &[NewSource], expected: Expect) {
    let folder = folder_with(text);
    let mut file = SourcesFile::open(folder.path()).unwrap();
    for source in sources {
        file.add(source).unwrap();
    }
    file.save().unwrap_or_else(|error| panic!("{error}"));
    expected.assert_eq(&written(folder.path()));
}

#[test]
fn a_block_goes_behind_the_last_source_and_leaves_the_rest() {
    let text = format!(
        "# Ours.\n[[source]]  # first\nid   = 'a' # kept\nengine = \"feed\"\nurl = \"https://a.example/\"\n# lang = \"de\"\n\n# The brands.\n{BRAND}"
    );
    let source = NewSource {
        title: Some("Küche & Co".to_owned()),
        every: Some(Duration::from_secs(5400)),
        medium: Some(crate::model::Medium::Forum),
        lang: Some("de".to_owned()),
        comment: Some("Küche & Co (Food)\nfound by hand".to_owned()),
        ..feed("https://kueche.example/feed")
    };
    check(
        &text,
        &[source],
        expect![[r#"
            # Ours.
            [[source]]  # first
            id   = 'a' # kept
            engine = "feed"
            url = "https://a.example/"
            # lang = "de"

            # Küche & Co (Food)
            # found by hand
            [[source]]
            id = "kueche-co"
            engine = "feed"
            url = "https://kueche.example/feed"
            every = "1h30m"
            medium = "forum"
            lang = "de"

            # The brands.
            [[brand]]
            id = "kranich"
            name = "Kranichbahn"
        "#]],
    );
}

#[test]
fn without_a_source_blocks_go_to_the_end_and_are_parted_by_blank_lines() {
    check(
        BRAND.trim_end(),
        &[feed("https://a.example/feed"), feed("https://a.example/other")],
        expect![[r#"
            [[brand]]
            id = "kranich"
            name = "Kranichbahn"

            [[source]]
            id = "a-example"
            engine = "feed"
            url = "https://a.example/feed"

            [[source]]
            id = "a-example-2"
            engine = "feed"
            url = "https://a.example/other"
        "#]],
    );
}

#[test]
fn a_comment_right_above_the_next_table_stays_with_it() {
    let text = format!("[[source]]\nid = \"a\"\nengine = \"feed\"\nurl = \"https://a.example/\"\n# Ours:\n{BRAND}");
    let folder = folder_with(&text);
    let mut file = SourcesFile::open(folder.path()).unwrap();
    file.add(&feed("https://b.example/")).unwrap();
    assert!(file.new_text().ends_with(&format!("url = \"https://b.example/\"\n\n# Ours:\n{BRAND}")));
}

#[test]
fn a_recipe_is_a_table_of_its_own() {
    let folder = folder_with(BRAND);
    let mut file = SourcesFile::open(folder.path()).unwrap();
    let recipe =
        vec![("item".to_owned(), "div.post".to_owned()), ("next page".to_owned(), "a[rel=\"next\"]".to_owned())];
    file.add(&NewSource { recipe, ..feed("https://a.example/") }).unwrap();
    expect![[r#"
        [[source]]
        id = "a-example"
        engine = "feed"
        url = "https://a.example/"

        [source.recipe]
        item = "div.post"
        "next page" = 'a[rel="next"]'
    "#]]
    .assert_eq(file.blocks());
    // What stands below it later is still a source of its own.
    let again = folder_with(&file.new_text());
    let mut file = SourcesFile::open(again.path()).unwrap();
    file.add(&feed("https://b.example/")).unwrap();
    let end = file.new_text();
    assert!(end.contains("'a[rel=\"next\"]'\n\n[[source]]\nid = \"b-example\""), "{end}");
}

#[test]
fn line_ends_mark_and_rights_stay() {
    let text = format!("\u{feff}{BRAND}").replace('\n', "\r\n");
    let folder = folder_with(&text);
    let path = folder.path().join(SOURCES_FILE);
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
    let mut file = SourcesFile::open(folder.path()).unwrap();
    file.add(&feed("https://a.example/")).unwrap();
    file.save().unwrap();
    let new = written(folder.path());
    assert!(new.starts_with(&text), "{new:?}");
    assert_eq!(new.matches('\n').count(), new.matches("\r\n").count());
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o7777, 0o640);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left over");
}

#[test]
fn a_link_stays_a_link() {
    let real = folder_with(BRAND);
    let folder = tempfile::tempdir().unwrap();
    let link = folder.path().join(SOURCES_FILE);
    std::os::unix::fs::symlink(real.path().join(SOURCES_FILE), &link).unwrap();
    let mut file = SourcesFile::open(folder.path()).unwrap();
    file.add(&feed("https://a.example/")).unwrap();
    file.save().unwrap();
    assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
    assert!(written(real.path()).contains("a.example"));
}

#[test]
fn an_address_that_is_read_already_is_named_by_its_source() {
    let folder = folder_with(&format!(
        "{BRAND}[[source]]\nid = \"blog\"\nengine = \"feed\"\nurl = \"https://www.a.example/feed/\"\n"
    ));
    let mut file = SourcesFile::open(folder.path()).unwrap();
    let error = file.add(&feed("http://a.example/feed?utm_source=x")).unwrap_err();
    assert_eq!(error.to_string(), "`http://a.example/feed?utm_source=x` is read already, by the source `blog`");
    assert_eq!(file.reader_of("a.example/feed"), None);
    assert_eq!(file.reader_of("https://a.example/feed"), Some("blog"));
    let before = written(folder.path());
    file.save().unwrap();
    assert_eq!(written(folder.path()), before);
}

#[test]
fn what_no_source_can_have_is_refused_one_by_one() {
    let folder = folder_with(BRAND);
    let mut file = SourcesFile::open(folder.path()).unwrap();
    let mut say = |source: NewSource| file.add(&source).unwrap_err().to_string();
    assert!(say(feed("nonsense")).starts_with("`nonsense` is no address of a source"));
    assert!(!say(feed("https://me:hunter2@a.example/")).contains("hunter2"));
    assert!(say(NewSource { lang: Some("xx".to_owned()), ..feed("https://a.example") }).contains("`lang = \"xx\"`"));
    assert!(say(NewSource { every: Some(Duration::ZERO), ..feed("https://a.example") }).contains("write 1s to"));
    assert!(say(NewSource { engine: Some("fede".to_owned()), ..feed("https://a.example") }).contains("engine"));
    let preset = NewSource { engine: None, preset: Some("eater".to_owned()), ..feed("https://a.example") };
    assert!(say(preset).contains("the presets are telegram"));
    assert_eq!(file.n_added(), 0);
}

#[test]
fn a_file_with_mistakes_or_without_room_for_blocks_is_left_alone() {
    let say = |text: &str| {
        let folder = folder_with(text);
        let outcome = SourcesFile::open(folder.path()).and_then(|mut file| {
            file.add(&feed("https://a.example/")).unwrap();
            file.save()
        });
        assert_eq!(written(folder.path()), text);
        outcome.unwrap_err().to_string()
    };
    assert!(say("[[brand]\nid = 1\n").starts_with("mend sources.toml first"));
    assert!(say(&BRAND.replace("name", "nmae")).contains("sources.toml:3:1"));
    assert!(say("source = []\n").contains("`[[source]]`"));
    let nowhere = tempfile::tempdir().unwrap();
    assert!(SourcesFile::open(nowhere.path()).unwrap_err().to_string().contains("porterhouse init"));
}

#[test]
fn what_somebody_else_wrote_meanwhile_is_kept() {
    let folder = folder_with(BRAND);
    let mut file = SourcesFile::open(folder.path()).unwrap();
    file.add(&feed("https://a.example/")).unwrap();
    let theirs = format!("{BRAND}# theirs\n");
    std::fs::write(folder.path().join(SOURCES_FILE), &theirs).unwrap();
    let error = file.save().unwrap_err();
    assert!(matches!(error, EditError::ChangedMeanwhile { .. }), "{error}");
    assert_eq!(written(folder.path()), theirs);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left over");
}

proptest! {
    #[test]
    fn whatever_is_added_is_read_as_it_was_meant(
        title in "\\PC{0,20}", comment in "(\\PC|\n|\r|\u{1}|\"){0,40}", path in "[a-z'\"\\\\ü%{}]{0,12}", windows in any::<bool>(),
    ) {
        let text = if windows { BRAND.replace('\n', "\r\n") } else { BRAND.to_owned() };
        let folder = folder_with(&text);
        let mut file = SourcesFile::open(folder.path()).unwrap();
        let url = Url::parse(&format!("https://a.example/{path}")).unwrap().to_string();
        let id = file.add(&NewSource { title: Some(title), comment: Some(comment), ..feed(&url) }).unwrap();
        let config = file.save().unwrap();
        let source = config.watch.sources.first().unwrap();
        prop_assert_eq!((source.name.to_string(), &source.url), (id, &url));
        prop_assert!(written(folder.path()).starts_with(&text));
    }
}
