//! The rules of both documents, each with the exact message, and the documents that we ship.

use super::*;
use proptest::prelude::*;
use std::path::Path;

fn house() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The configuration of two documents, an empty one being absent.
fn loaded(sources: &str, settings: &str) -> Result<Config, ConfigError> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(SOURCES_FILE), sources).unwrap();
    if !settings.is_empty() {
        std::fs::write(folder.path().join(SETTINGS_FILE), settings).unwrap();
    }
    if settings.contains("company-ca.pem") {
        let own = rcgen::generate_simple_self_signed(["Company".to_owned()]).unwrap();
        std::fs::write(folder.path().join("company-ca.pem"), own.cert.pem()).unwrap();
    }
    load(folder.path())
}

const SMALL: &str = "[[brand]]\nid = \"acme\"\nname = \"Acme Anvils\"\n\
    [[source]]\nid = \"news\"\nengine = \"feed\"\nurl = \"https://example.com/feed\"\n";

#[test]
fn every_rule_prints_its_exact_message() {
    let bad = house().join("tests/fixtures/config/bad");
    let mut n_rules = 0;
    for entry in std::fs::read_dir(&bad).unwrap() {
        let folder = entry.unwrap().path();
        let told = match load(&folder) {
            Ok(config) => config.warnings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"),
            Err(error) => error.to_string(),
        };
        assert!(!told.is_empty(), "{} is not bad at all", folder.display());
        let told = told.replace(&folder.display().to_string(), "FOLDER");
        expect_test::expect_file![folder.join("expected.txt")].assert_eq(&(told + "\n"));
        n_rules += 1;
    }
    assert!(n_rules >= 25, "{n_rules}");
}

#[test]
fn ten_mistakes_of_both_files_are_told_at_once() {
    let error = load(&house().join("tests/fixtures/config/bad/ten_mistakes")).unwrap_err();
    assert_eq!(error.errors(), 10);
    for file in [SOURCES_FILE, SETTINGS_FILE] {
        assert!(error.findings.iter().any(|finding| finding.file == file), "{file}");
    }
}

#[test]
fn every_key_of_a_full_configuration_arrives() {
    let config = load(&house().join("tests/fixtures/config/full")).unwrap();
    let told = format!("{config:#?}\n").replace(&house().display().to_string(), "HOUSE");
    let told = told.replace(env!("CARGO_PKG_VERSION"), "VERSION");
    expect_test::expect_file![house().join("tests/fixtures/config/full/expected.txt")].assert_eq(&told);
}

#[test]
fn the_shipped_documents_are_accepted_without_a_warning() {
    let config = load(house()).unwrap();
    assert_eq!(config.warnings, []);
    assert_eq!(config.watch.brands[0].id.as_str(), "mortons");
    assert!(config.watch.brands[0].locations.iter().any(|location| location.name.contains("Hackensack")));
    let example = std::fs::read_to_string(house().join("deploy/porterhouse.toml")).unwrap();
    let config = loaded(SMALL, &example.replace("[\"mortons\"]", "[\"acme\"]")).unwrap();
    assert_eq!(config.warnings, []);
}

#[test]
fn the_template_is_accepted_without_a_warning() {
    let Template { sources, settings } = init_template();
    assert_eq!(loaded(sources, settings).unwrap().warnings, []);
}

/// The lines that only a `# ` keeps from being read.
fn uncommented(text: &str) -> String {
    let is_key = |line: &str| {
        line.split_once(" = ").is_some_and(|(key, _)| !key.contains(|c: char| c != '_' && !c.is_ascii_lowercase()))
    };
    let lines = text.lines().map(|line| match line.strip_prefix("# ") {
        Some(inside) if inside.starts_with('[') || is_key(inside) => inside,
        _ => line,
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn what_the_documents_show_as_comments_is_right_as_well() {
    let Template { sources, settings } = init_template();
    let config = loaded(&uncommented(sources), &uncommented(settings)).unwrap();
    assert!(config.watch.brands[0].competitor && config.digest.channel.is_some());
    let example = std::fs::read_to_string(house().join("deploy/porterhouse.toml")).unwrap();
    let config = loaded(sources, &uncommented(&example)).unwrap();
    assert_eq!(config.net.allow_networks.len(), 1);
}

#[test]
fn a_proxy_and_certificates_of_the_house_are_read() {
    let settings = "[fetch]\nproxy = \"http://proxy.example:3128\"\nproxy_user = \"listen\"\n\
        proxy_password = { env = \"PROXY_PASSWORD\" }\nno_proxy = [\"*.brand.example\", \"10.0.0.0/8\", \"::1\"]\n\
        ca_file = \"company-ca.pem\"\n";
    let config = loaded(SMALL, settings).unwrap();
    let proxy = config.net.proxy.unwrap();
    assert_eq!((proxy.url.as_str(), proxy.login, proxy.direct.len()), ("http://proxy.example:3128/", None, 3));
    assert_eq!(proxy.direct[0], net::Direct::Host("brand.example".to_owned()));
    let password = crate::model::SecretRef::Env("PROXY_PASSWORD".to_owned());
    assert_eq!(config.proxy_login, Some(("listen".to_owned(), password)));
    assert_ne!(config.net.roots, net::Roots::default());
    assert_eq!(config.warnings.len(), 1, "that the proxy cannot be seen through");
}

#[test]
fn without_settings_the_defaults_run() {
    let config = loaded(SMALL, "").unwrap();
    assert_eq!(config.fetch, crate::fetch::Settings::default());
    assert_eq!(config.alert_max_age.as_secs(), 86_400);
    assert_eq!((config.alert.channels.len(), config.alert.zone.as_str()), (0, "UTC"));
    assert!(config.net.user_agent.starts_with("porterhouse/"), "{}", config.net.user_agent);
}

#[test]
fn an_empty_folder_is_enough_where_nothing_is_watched() {
    let folder = tempfile::tempdir().unwrap();
    assert!(load(folder.path()).is_err());
    let config = load_optional(folder.path()).unwrap();
    assert_eq!((config.watch, config.warnings), (Watch::default(), Vec::new()));
}

#[test]
fn bytes_that_are_no_text_are_told_with_their_place() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(SOURCES_FILE), b"# one\n# M\xfcller\n").unwrap();
    std::fs::create_dir(folder.path().join(SETTINGS_FILE)).unwrap();
    let error = load(folder.path()).unwrap_err();
    let lines: Vec<_> = error.findings.iter().map(Finding::headline).collect();
    assert_eq!(lines[0], "sources.toml:2:4: this is not UTF-8; save the file as UTF-8");
    assert!(lines[1].starts_with("porterhouse.toml: it cannot be read: "), "{lines:?}");
}

#[test]
fn line_ends_and_marks_of_windows_do_no_harm() {
    let sources = format!("\u{feff}{}", SMALL.replace('\n', "\r\n"));
    assert_eq!(loaded(&sources, "").unwrap().watch, loaded(SMALL, "").unwrap().watch);
}

#[test]
fn secrets_take_their_places_and_missing_ones_are_told_together() {
    let config = load(&house().join("tests/fixtures/config/full")).unwrap();
    assert_eq!(config.alert.secrets().count(), 2);
    let folder = &config.folder;
    let missing = config.alert.with_secrets(&|reference| resolve(reference, folder, &|_| None)).unwrap_err();
    assert_eq!(missing.len(), 2);
    let settled = config.alert.with_secrets(&|_| Ok(crate::model::Secret::new("hunter2".to_owned()))).unwrap();
    assert!(!format!("{settled:?}").contains("hunter2"));
}

#[test]
fn a_secret_in_the_open_is_never_shown() {
    for written in [
        "\"hunter2\"",
        "hunter2",
        "'hunter2",
        "{ plain = \"hunter2\" }",
        "[\"hunter2\"]",
        "\"\"\"hunter2\n\"\"\"",
        "\"\"\"\nhunter2",
        "\"\"\"\nhunter2\n\n",
    ] {
        for key in ["password", "pasword", "smtp_password", "password.plain"] {
            let settings = format!("[[channel]]\nname = \"a\"\nkind = \"email\"\n{key} = {written}\n");
            let error = loaded(SMALL, &settings).unwrap_err();
            assert!(!error.to_string().contains("hunter2"), "{error}");
        }
    }
    let sources = SMALL.replace("https://", "https://me:hunter2@");
    assert!(!loaded(&sources, "").unwrap_err().to_string().contains("hunter2"));
}

/// Lines that are nearly configuration.
fn documents() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        "\\[\\[?(brand|source|channel|route|fetch|digest|brand\\.location)\\]?\\]?",
        "(id|name|url|kind|every|place|lat|at|to|channels|password|zone) ?= ?\
            (\"[a-z5:@/.]{0,6}\"?|[0-9.-]{1,4}|nan|\\[\"\"\\]|\\{ ?env = 1 \\}|true)",
        "\\PC{0,12}",
    ];
    proptest::collection::vec(line, 0..12).prop_map(|lines| lines.join("\n"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_text_is_a_configuration_or_a_list_of_mistakes(sources in documents(), settings in documents()) {
        let document = document::Document::new(SOURCES_FILE, &sources);
        watch::read_watch(&document, Path::new("."), &Presets::default(), &mut Vec::new());
        let other = document::Document::new(SETTINGS_FILE, &settings);
        settings::read_settings(&other, Path::new("."), None);
        for finding in document.into_findings().into_iter().chain(other.into_findings()) {
            prop_assert!(!finding.to_string().is_empty());
        }
    }

    #[test]
    fn any_bytes_are_a_document_or_a_mistake(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(document) = load::document_of(SOURCES_FILE, &bytes) {
            watch::read_watch(&document, Path::new("."), &Presets::default(), &mut Vec::new());
            let _ = document.into_findings().iter().map(ToString::to_string).count();
        }
    }
}
