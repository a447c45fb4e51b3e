//! Quotas, budgets and tokens: whatever happens, no more is asked than may be, and a restart forgets nothing.

use crate::support::{Dice, PAID_FORMS, PaidSite, TestHouse, paid_preset, run, words_of};
use jiff::{SignedDuration, Timestamp};
use porterhouse::model::{Cause, SourceHealth, SourceState, Stretch};
use porterhouse::store::Store;
use proptest::prelude::*;
use std::path::Path;

const OAUTH: &str = "[auth]\nstyle = 'oauth2'\ngrant = 'refresh_token'\ntoken_url = '{base}/token'\nrequired = true";
const SECRETS: [&str; 2] = ["kEy-0f-0urs", "f1rst-refresh"];

/// A house that reads the paid service by `limits`; `keys` stand in each of `n` sources.
async fn house(limits: &str, auth: &str, keys: &str, n: usize) -> (TestHouse, PaidSite) {
    let house = TestHouse::new().await;
    let site = PaidSite::start(house.clock()).await;
    std::fs::create_dir_all(house.path().join("presets")).expect("a folder");
    house.write("presets/paid.toml", &paid_preset(&site.base, limits, auth));
    house.write("key.secret", SECRETS[0]);
    house.write("refresh.secret", SECRETS[1]);
    let settings = std::fs::read_to_string(house.path().join("porterhouse.toml")).expect("settings");
    house.write("porterhouse.toml", &format!("presets = \"presets\"\n{settings}"));
    for n in 0..n {
        house.append(
            "sources.toml",
            &format!("\n[[source]]\nid = \"s{n}\"\npreset = \"paid\"\nevery = \"1s\"\n{keys}\n"),
        );
    }
    (house, site)
}

/// Lets time pass for both.
fn pass(house: &TestHouse, site: &PaidSite, minutes: i64) {
    house.advance_minutes(minutes);
    site.paid().now = house.clock().as_second();
}

async fn state(house: &TestHouse, name: &str) -> SourceState {
    let store = Store::open_read_only(&house.data_folder()).expect("a store");
    let states = store.source_states().await.expect("readable");
    states.into_iter().find(|state| state.source.as_str() == name).expect("a state")
}

#[tokio::test]
async fn a_plea_in_any_form_is_kept_over_restarts_for_all_who_share_the_credential() {
    for form in PAID_FORMS {
        let (house, site) = house("", "", "", 2).await;
        let until = house.clock() + SignedDuration::from_hours(6);
        (site.paid().form, site.paid().closed_until) = (form, Some(until.as_second()));
        // Each crawl opens the house anew.
        house.crawl().await;
        let n_first = site.paid().asked.len();
        assert!(n_first <= 2, "{form}");
        for _ in 0..5 {
            pass(&house, &site, 59);
            let told = house.crawl().await.tally;
            assert!(told.unread.iter().all(|state| state.health == SourceHealth::Throttled), "{form}");
        }
        assert_eq!(site.paid().asked.len(), n_first, "{form}");
        pass(&house, &site, 70);
        house.crawl().await;
        assert_eq!(site.paid().asked.len(), n_first + 2, "{form}");
    }
}

#[tokio::test]
async fn a_daily_quota_is_shared_counted_over_restarts_and_begins_anew_at_midnight_of_its_zone() {
    let (house, site) = house("per_day = 5\nzone = 'America/Los_Angeles'", "", "", 2).await;
    for _ in 0..6 {
        house.crawl().await;
        pass(&house, &site, 1);
    }
    assert_eq!(site.paid().asked.len(), 5);
    let told = state(&house, "s1").await;
    assert_eq!((told.health, told.cause), (SourceHealth::Throttled, Some(Cause::Quota)));
    assert_eq!(told.message, "5 of 5 requests of this day are used; not asked until 2026-03-07T08:00:00Z");
    assert!(told.due_at.is_some_and(|due| due.to_string().starts_with("2026-03-07T08:0")), "{:?}", told.due_at);
    let out = run(house.path(), &["--config", house.path().to_str().expect("UTF-8"), "sources"]);
    let told = words_of(&out.stdout);
    assert!(
        told.contains("The requests that this source may send") || told.contains("Nothing to do: it is read again"),
        "{told}"
    );
    // Nine in the morning in Los Angeles it was; midnight is fifteen hours away.
    pass(&house, &site, 15 * 60);
    house.crawl().await;
    assert_eq!(site.paid().asked.len(), 7);
}

#[tokio::test]
async fn money_is_a_hard_stop_with_a_name_and_what_was_not_used_is_given_back() {
    let limits = "cost = { request = '0.10 USD', item = '0.05 USD' }";
    let (house, site) = house(limits, "", "budget = \"1 USD\"", 1).await;
    // Each answer costs 0.10 and three items, 0.25; for each 0.60 is set aside.
    for _ in 0..4 {
        house.crawl().await;
        pass(&house, &site, 1);
    }
    assert_eq!(site.paid().asked.len(), 2, "0.50 are spent, and a third answer may cost 0.60");
    let told = state(&house, "s0").await;
    assert_eq!((told.health, told.cause), (SourceHealth::NeedsAttention, Some(Cause::Budget)));
    assert!(told.message.starts_with("0.50 of 1.00 USD of this month"), "{}", told.message);
    let store = Store::open_read_only(&house.data_folder()).expect("a store");
    let usages = store.usages(house.clock()).await.expect("readable");
    assert_eq!((usages[0].used, usages[0].stretch), (500_000, Stretch::Month));
    assert_eq!(usages[0].ends_at.to_string(), "2026-04-01T00:00:00Z");
    drop(store);
    let config = house.path().to_str().expect("UTF-8");
    let preview = house.path().join("preview");
    run(house.path(), &["--config", config, "digest", "--preview", preview.to_str().expect("UTF-8")]);
    let digest = std::fs::read_to_string(preview.join("digest.txt")).expect("a digest");
    assert!(digest.contains("money that may be spent on this source is used up"), "{digest}");
    pass(&house, &site, 26 * 24 * 60);
    house.crawl().await;
    assert_eq!(site.paid().asked.len(), 3, "another month");
    assert_eq!(state(&house, "s0").await.health, SourceHealth::Fresh);
}

#[tokio::test]
async fn what_a_body_says_is_left_is_heeded_by_all_and_over_restarts() {
    let (house, site) = house("remaining = 'quota_remaining'", "", "", 2).await;
    site.paid().remaining = Some(1);
    house.crawl().await;
    let n_asked = site.paid().asked.len();
    for _ in 0..4 {
        pass(&house, &site, 30);
        house.crawl().await;
    }
    assert_eq!(site.paid().asked.len(), n_asked);
    site.paid().remaining = Some(300);
    pass(&house, &site, 8 * 60);
    house.crawl().await;
    assert_eq!(site.paid().asked.len(), n_asked + 2);
}

#[tokio::test]
async fn tokens_are_shared_renewed_once_and_written_nowhere_but_in_their_file() {
    let keys = "login = \"us\"\nkey = { file = \"key.secret\" }\nrefresh = { file = \"refresh.secret\" }";
    let (house, site) = house("", OAUTH, keys, 3).await;
    site.paid().good_from = 1;
    assert_eq!(house.crawl().await.tally.unread, []);
    assert_eq!(site.paid().n_granted, 1);
    pass(&house, &site, 5);
    assert_eq!(house.crawl().await.tally.unread, []);
    assert_eq!(site.paid().n_granted, 1, "a restart keeps it");
    // All tokens so far are called back.
    site.paid().good_from = 2;
    pass(&house, &site, 5);
    assert_eq!(house.crawl().await.tally.unread, []);
    assert_eq!(site.paid().n_granted, 2);
    // Nothing is good any more.
    site.paid().good_from = 99;
    pass(&house, &site, 5);
    let n_before = site.paid().asked.len();
    let unread = house.crawl().await.tally.unread;
    assert_eq!(unread.len(), 3);
    for state in &unread {
        assert_eq!(
            (state.health, state.cause),
            (SourceHealth::NeedsAttention, Some(Cause::Token)),
            "{}",
            state.message
        );
    }
    assert_eq!(site.paid().n_granted, 3);
    assert!(site.paid().asked.len() <= n_before + 6);
    let config = house.path().to_str().expect("UTF-8");
    let mut told = house.printed();
    for command in [&["sources"][..], &["sources", "--json"], &["sources", "test", "s0"], &["stats"], &["check"]] {
        let arguments: Vec<&str> = ["--config", config].into_iter().chain(command.iter().copied()).collect();
        let output = run(house.path(), &arguments);
        told += &words_of(&output.stdout);
        told += &words_of(&output.stderr);
    }
    let hidden = [SECRETS[0], SECRETS[1], "access-token-", "refresh-token-"];
    assert!(hidden.iter().all(|secret| !told.contains(secret)), "{told}");
    let backup = house.path().join("backup.db");
    run(house.path(), &["--config", config, "backup", backup.to_str().expect("UTF-8")]);
    let data = std::fs::read_dir(house.data_folder()).expect("a folder").map(|entry| entry.expect("an entry").path());
    for file in data.chain([backup]).filter(|file| !file.ends_with("porterhouse.tokens")) {
        assert!(!holds(&file, &hidden), "{}", file.display());
    }
    assert!(holds(&house.data_folder().join("porterhouse.tokens"), &["refresh-token-3"]));
}

fn holds(file: &Path, secrets: &[&str]) -> bool {
    let bytes = std::fs::read(file).expect("a file");
    secrets.iter().any(|secret| bytes.windows(secret.len()).any(|window| window == secret.as_bytes()))
}

/// Whatever passes between crawls, in no day more is asked than is granted.
async fn check_schedule(seed: u64) -> Result<(), TestCaseError> {
    let (house, site) = house("per_day = 4\nzone = 'Europe/Berlin'", "", "", 2).await;
    let mut dice = Dice::new(seed);
    for _ in 0..14 {
        let minutes = i64::try_from(dice.below(400)).expect("small");
        pass(&house, &site, minutes);
        if dice.hits(20) {
            let until = site.paid().now + 1_800;
            (site.paid().form, site.paid().closed_until) = ("seconds", Some(until));
        }
        house.crawl().await;
    }
    let berlin = jiff::tz::TimeZone::get("Europe/Berlin").expect("a zone");
    let mut by_day = std::collections::BTreeMap::new();
    for at in &site.paid().asked {
        let day = Timestamp::from_second(*at).expect("in range").to_zoned(berlin.clone()).date();
        *by_day.entry(day).or_insert(0) += 1;
    }
    prop_assert!(by_day.values().all(|n| *n <= 4), "{by_day:?}");
    prop_assert!(by_day.values().any(|n| *n == 4), "{by_day:?}");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4, ..ProptestConfig::default() })]
    #[test]
    fn over_any_schedule_a_day_holds_no_more_requests_than_it_may(seed in any::<u64>()) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
        runtime.block_on(check_schedule(seed))?;
    }
}
