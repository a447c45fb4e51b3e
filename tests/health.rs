//! How sources fare over many readings, who is told, and what is learned of them. Only the clock moves.

use crate::support::{Answer, TestHouse};
use jiff::{SignedDuration, Timestamp};
use porterhouse::app::House;
use porterhouse::app::demo::MailFault;
use porterhouse::model::{Cause, SourceHealth, SourceState};
use porterhouse::pipeline::{self, Selection};

const PRAISE: &str = "I love Morton's in Hackensack, can you meet me there tonight?";

/// A feed of items: id, words, minutes before now.
fn feed(house: &TestHouse, items: &[(&str, &str, i64)]) -> Answer {
    feed_with(house, "", items)
}

fn feed_with(house: &TestHouse, head: &str, items: &[(&str, &str, i64)]) -> Answer {
    let item = |(id, words, minutes_ago): &(&str, &str, i64)| {
        let at = house.clock() - SignedDuration::from_mins(*minutes_ago);
        format!(
            "<item><guid isPermaLink=\"false\">{id}</guid><description>{words}</description><pubDate>{at}</pubDate></item>"
        )
    };
    let items: String = items.iter().map(item).collect();
    let body = format!("<rss version=\"2.0\"><channel><title>T</title>{head}{items}</channel></rss>");
    Answer::bytes("application/rss+xml", body.as_bytes())
}

/// Adds a source without an `every`.
fn watch(house: &TestHouse, id: &str, path: &str) {
    let url = house.site.url(path);
    house.append("sources.toml", &format!("\n[[source]]\nid = \"{id}\"\nengine = \"feed\"\nurl = \"{url}\"\n"));
}

/// Reads every source, due or not.
async fn read(open: &House) {
    let all = Selection { source: None, force: true };
    pipeline::crawl_once(&open.parts, &all, &|_| {}).await.expect("read");
}

/// What the service does with what there is to tell.
async fn tell(open: &House) {
    pipeline::look_after_house(&open.parts).await.expect("looked");
    pipeline::route_pending(&open.parts).await.expect("routed");
    pipeline::deliver_due(&open.parts).await.expect("delivered");
}

async fn state(open: &House) -> SourceState {
    open.parts.store.source_states().await.expect("states").remove(0)
}

fn minutes(from: Timestamp, to: Option<Timestamp>) -> i64 {
    to.expect("it is due some time").duration_since(from).as_mins()
}

#[tokio::test]
async fn the_rhythm_outlives_an_answer_that_nothing_changed() {
    let house = TestHouse::new().await;
    watch(&house, "blog", "/feed");
    let hourly: Vec<(String, i64)> = (0..10).map(|n| (format!("i{n}"), n * 240)).collect();
    let items: Vec<(&str, &str, i64)> = hourly.iter().map(|(id, ago)| (id.as_str(), "rain", *ago)).collect();
    house.site.put("/feed", feed(&house, &items).header("etag", "\"1\""));
    let open = house.open();
    read(&open).await;
    assert!((120..=132).contains(&minutes(house.clock(), state(&open).await.due_at)));
    house.advance_minutes(125);
    read(&open).await;
    assert!(house.site.asked("/feed").last().is_some_and(|asked| asked.contains_key("if-none-match")));
    assert!((120..=132).contains(&minutes(house.clock(), state(&open).await.due_at)), "after a 304 as well");
}

#[tokio::test]
async fn a_feed_s_own_wish_is_the_least_pause() {
    let house = TestHouse::new().await;
    watch(&house, "blog", "/feed");
    house.site.put("/feed", feed_with(&house, "<ttl>600</ttl>", &[("1", "rain", 1), ("2", "sun", 5), ("3", "fog", 9)]));
    let open = house.open();
    read(&open).await;
    assert!((600..=660).contains(&minutes(house.clock(), state(&open).await.due_at)));
}

#[tokio::test]
async fn a_move_is_taken_over_at_the_third_reading_and_told_once() {
    let house = TestHouse::new().await;
    house.hook_alerts();
    house.watch("blog", "/old");
    let new = house.site.url("/new");
    house.site.put("/old", Answer::status(301).header("location", &new));
    house.site.put("/new", feed(&house, &[("1", "rain", 1)]));
    let open = house.open();
    for _ in 0..5 {
        read(&open).await;
        tell(&open).await;
        house.advance_minutes(20);
    }
    assert_eq!((house.site.asked("/old").len(), house.site.asked("/new").len()), (3, 5));
    let state = state(&open).await;
    assert_eq!((state.health, state.memory.adopted), (SourceHealth::Fresh, Some(new)));
    let told: Vec<String> =
        house.hook.received().iter().map(|hook| String::from_utf8_lossy(&hook.body).into_owned()).collect();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("source.moved") && told[0].contains("/new"), "{told:?}");
}

#[tokio::test]
async fn an_adopted_address_that_fails_is_given_up() {
    let house = TestHouse::new().await;
    house.watch("blog", "/old");
    house.site.put("/old", Answer::status(308).header("location", &house.site.url("/new")));
    house.site.put("/new", feed(&house, &[("1", "rain", 1)]));
    let open = house.open();
    for _ in 0..3 {
        read(&open).await;
        house.advance_minutes(20);
    }
    house.site.put("/old", feed(&house, &[("2", "sun", 1)]));
    house.site.put("/new", Answer::status(404));
    for _ in 0..4 {
        read(&open).await;
        house.advance_minutes(20);
    }
    let state = state(&open).await;
    assert_eq!((state.health, state.memory.adopted), (SourceHealth::Fresh, None));
    assert_eq!(house.site.asked("/old").len(), 4);
}

#[tokio::test]
async fn ids_that_change_at_every_reading_tell_nothing_twice() {
    let house = TestHouse::new().await;
    house.hook_alerts();
    house.watch("forum", "/feed");
    let open = house.open();
    // Without dates of their own; the words are what stays.
    let answer = |round: i64, extra: &str| {
        let item =
            |n: i64, words: &str| format!("<item><guid>{round}-{n}</guid><description>{words}</description></item>");
        let items = [item(1, PRAISE), item(2, "rain"), item(3, extra), item(4, "snow")].concat();
        Answer::bytes(
            "text/xml",
            format!("<rss version=\"2.0\"><channel><title>T</title>{items}</channel></rss>").as_bytes(),
        )
    };
    for round in 0..6 {
        // In the fourth round something new is said among what is old.
        let extra = if round < 3 { "sun" } else { "Will Mortons in Hackensack cater for 20 tonight?" };
        house.site.put("/feed", answer(round, extra));
        read(&open).await;
        tell(&open).await;
        house.advance_minutes(20);
    }
    let stats = open.parts.store.stats().await.expect("figures");
    // At the change the three that carry no mention, or whose last answer was not under suspicion, may count once more.
    assert_eq!((stats.items_kept, stats.mentions), (2, 2));
    assert!(stats.items_seen <= 7, "{}", stats.items_seen);
    let told: Vec<String> =
        house.hook.received().iter().map(|hook| String::from_utf8_lossy(&hook.body).into_owned()).collect();
    assert!(told.iter().filter(|told| told.contains("I love")).count() <= 1, "{told:?}");
    let state = state(&open).await;
    assert!(state.message.contains("change at each reading"), "{}", state.message);
    assert_eq!(
        state.memory.news_at,
        Some(house.clock() - SignedDuration::from_mins(60)),
        "when something new was said"
    );
}

#[tokio::test]
async fn two_people_who_say_the_same_keep_their_items() {
    let house = TestHouse::new().await;
    house.watch("reviews", "/feed");
    let open = house.open();
    let one = ("1", "Morton's was great", 5);
    house.site.put("/feed", feed(&house, &[one]));
    read(&open).await;
    house.advance_minutes(20);
    house.site.put("/feed", feed(&house, &[("2", "Morton's was great", 5), ("1", "Morton's was great", 25)]));
    read(&open).await;
    assert_eq!(open.parts.store.stats().await.expect("figures").items_kept, 2);
}

#[tokio::test]
async fn impossible_dates_make_neither_the_pace_run_away_nor_the_health_lie() {
    let house = TestHouse::new().await;
    watch(&house, "odd", "/feed");
    let open = house.open();
    for round in 0..5 {
        let dates = ["1970-01-01T00:00:00Z", "2099-12-31T00:00:00Z", "1969-12-31T23:59:59Z"];
        let item = |(n, at): (usize, &&str)| {
            format!(
                "<item><guid>{round}-{n}</guid><description>new {round} {n}</description><pubDate>{at}</pubDate></item>"
            )
        };
        let items: String = dates.iter().enumerate().map(item).collect();
        let body = format!("<rss version=\"2.0\"><channel><title>T</title>{items}</channel></rss>");
        house.site.put("/feed", Answer::bytes("text/xml", body.as_bytes()));
        read(&open).await;
        let state = state(&open).await;
        assert!((5..=17).contains(&minutes(house.clock(), state.due_at)), "{state:?}");
        assert_eq!((state.health, state.memory.delays_s.len()), (SourceHealth::Fresh, 0));
        assert!(state.memory.news_at.is_some_and(|at| at <= house.clock()));
        house.advance_minutes(20);
    }
}

#[tokio::test]
async fn a_source_is_quiet_against_its_own_rhythm_and_that_is_no_trouble() {
    let house = TestHouse::new().await;
    house.hook_alerts();
    house.watch("daily", "/feed");
    let items: Vec<String> = (0..10).map(|n| format!("i{n}")).collect();
    let items: Vec<(&str, &str, i64)> =
        items.iter().zip(0..).map(|(id, n)| (id.as_str(), "rain", 1 + n * 24 * 60)).collect();
    house.site.put("/feed", feed(&house, &items).header("etag", "\"1\""));
    let open = house.open();
    let start = house.clock();
    let mut quiet_from = None;
    for _ in 0..100 {
        read(&open).await;
        if state(&open).await.health == SourceHealth::Quiet {
            quiet_from = quiet_from.or(Some(house.clock().duration_since(start).as_hours()));
        }
        house.advance_minutes(60);
    }
    assert_eq!(quiet_from, Some(72), "three days without the daily item");
    tell(&open).await;
    assert!(house.hook.received().is_empty(), "silence is told in the digest, not as an alarm");
    let facts = open.parts.store.digest_facts(start, house.clock(), house.clock(), &[]).await.expect("facts");
    assert_eq!((facts.quiet.len(), facts.unread.len(), facts.n_sources_read), (1, 0, 1));
    house.site.put("/feed", feed(&house, &[("new", "sun", 3)]));
    read(&open).await;
    assert_eq!(state(&open).await.health, SourceHealth::Fresh);
}

#[tokio::test]
async fn the_delay_from_publication_to_reading_is_measured() {
    let house = TestHouse::new().await;
    house.watch("blog", "/feed");
    let open = house.open();
    house.site.put("/feed", feed(&house, &[("0", "old", 300)]));
    read(&open).await;
    for round in 1..4 {
        house.advance_minutes(30);
        house.site.put("/feed", feed(&house, &[(&format!("n{round}"), "rain", round * 4), ("0", "old", 300)]));
        read(&open).await;
    }
    assert_eq!(state(&open).await.memory.delays_s, [240, 480, 720]);
}

#[tokio::test]
async fn every_lasting_trouble_is_told_with_its_cause_and_the_way_back_too() {
    let html = || Answer::bytes("text/html", b"<!doctype html><p>Hello");
    let cases = [
        (Answer::status(403), 1, Cause::Closed),
        (Answer::status(404), 3, Cause::NotFound),
        (Answer::status(500), 3, Cause::ServerFault),
        (Answer::status(410), 1, Cause::Gone),
        (html(), 1, Cause::NotAFeed),
    ];
    for (answer, n_readings, cause) in cases {
        let house = TestHouse::new().await;
        house.hook_alerts();
        house.watch("blog", "/feed");
        house.site.put("/feed", answer);
        let open = house.open();
        for n in 1..=n_readings {
            assert_eq!(house.hook.received().len(), 0, "{cause:?} before reading {n}");
            read(&open).await;
            tell(&open).await;
            house.advance_minutes(10);
        }
        assert_eq!(state(&open).await.cause, Some(cause));
        house.site.put("/feed", feed(&house, &[("1", "rain", 1)]));
        read(&open).await;
        tell(&open).await;
        let told: Vec<String> =
            house.hook.received().iter().map(|hook| String::from_utf8_lossy(&hook.body).into_owned()).collect();
        assert_eq!(told.len(), 2, "{cause:?}: {told:?}");
        assert!(told[0].contains("source.trouble") && told[0].contains(cause.as_str()), "{told:?}");
        assert!(told[1].contains("source.recovered"), "{told:?}");
        assert_eq!(state(&open).await.cause, None);
    }
}

#[tokio::test]
async fn trouble_is_told_in_german_to_germans() {
    let house = TestHouse::new().await;
    house.mail_alerts();
    let toml = std::fs::read_to_string(house.path().join("porterhouse.toml")).expect("read");
    house.write("porterhouse.toml", &toml.replace("language = \"en\"", "language = \"de\""));
    house.watch("blog", "/feed");
    house.site.put("/feed", Answer::status(410));
    let open = house.open();
    read(&open).await;
    tell(&open).await;
    let mail = house.mail.received().remove(0).data;
    let mail =
        mail_parser::MessageParser::default().parse(&mail).expect("a mail").body_text(0).expect("text").into_owned();
    assert!(mail.contains("Nehmen Sie die Quelle aus sources.toml."), "{mail}");
    assert!(mail.contains("Im Einzelnen (auf Englisch): "), "{mail}");
}

#[tokio::test]
async fn a_relay_that_refuses_is_told_by_another_channel_once_and_so_is_its_return() {
    let house = TestHouse::new().await;
    house.mail_alerts();
    house.hook_alerts();
    house.append("porterhouse.toml", "\n[[route]]\nname = \"mail\"\nchannels = [\"team\"]\nsources = true\n");
    house.watch("blog", "/feed");
    house.site.put("/feed", Answer::status(410));
    for _ in 0..7 {
        house.mail.fail_next(MailFault::RefuseRecipient(451));
    }
    let open = house.open();
    read(&open).await;
    for _ in 0..8 {
        tell(&open).await;
        house.advance_minutes(5);
    }
    let told = |n: usize| String::from_utf8_lossy(&house.hook.received()[n].body).into_owned();
    assert_eq!(house.hook.received().len(), 1, "{}", told(1));
    assert!(told(0).contains("house.trouble") && told(0).contains("channel team"), "{}", told(0));
    let stats = open.parts.store.stats().await.expect("figures");
    assert_eq!(stats.troubles.iter().map(|trouble| trouble.part.to_string()).collect::<Vec<_>>(), ["channel team"]);
    for _ in 0..30 {
        house.advance_minutes(60);
        tell(&open).await;
    }
    assert_eq!(house.mail.received().iter().filter(|mail| mail.acknowledged).count(), 1, "it went out in the end");
    assert_eq!(house.hook.received().len(), 2);
    assert!(told(1).contains("house.recovered"), "{}", told(1));
    assert!(open.parts.store.stats().await.expect("figures").troubles.is_empty());
}

#[tokio::test]
async fn a_host_that_asked_for_a_rest_has_it_also_after_a_restart_and_from_every_source() {
    let house = TestHouse::new().await;
    house.site.put("/busy", Answer::status(429).header("retry-after", "3600"));
    house.site.put("/other", feed(&house, &[("1", "just talk", 10)]));
    watch(&house, "busy", "/busy");
    house.crawl().await;
    assert_eq!(house.site.n_asked(), 1);
    watch(&house, "other", "/other");
    // Every crawl opens the house anew: the host's lane is empty then.
    house.crawl().await;
    assert_eq!(house.site.n_asked(), 1, "neither source asked before the hour is over");
    house.advance_minutes(120);
    house.crawl().await;
    assert_eq!(house.site.n_asked(), 3);
}
