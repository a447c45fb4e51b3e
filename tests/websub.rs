//! What hubs tell us (WebSub): nothing is lost and nothing comes twice, whatever a hub does.

use crate::support::hub::{Hub, Mood, bring, bring_linked, question, request};
use crate::support::{Answer, Dice, Service, TestHouse};
use jiff::SignedDuration;
use porterhouse::app::House;
use porterhouse::model::{Look, SourceName, Subscription};
use porterhouse::pipeline::{self, Selection};
use porterhouse::web::{Bounds, Listener, Pulse, Settings, Web};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;

/// A house that can be reached, a feed that names a hub, and the hub.
struct Scene {
    house: TestHouse,
    hub: Hub,
    port: u16,
    posts: Vec<u64>,
}

/// The house as it is open.
struct Opened {
    house: House,
    listener: JoinHandle<()>,
}

impl Scene {
    async fn new() -> Self {
        let (house, hub) = (TestHouse::new().await, Hub::start().await);
        let port =
            std::net::TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a port").port();
        house.append(
            "porterhouse.toml",
            &format!("\n[web]\nlisten = \"127.0.0.1:{port}\"\npublic_url = \"http://127.0.0.1:{port}\"\n"),
        );
        let url = house.site.url("/feed");
        house.append("sources.toml", &format!("\n[[source]]\nid = \"blog\"\nengine = \"feed\"\nurl = \"{url}\"\n"));
        let scene = Self { house, hub, port, posts: Vec::new() };
        scene.show();
        scene
    }

    /// The feed shows every post that there is.
    fn show(&self) {
        let (hub, own) = (&self.hub.url, self.house.site.url("/feed"));
        let links = format!("<{hub}>; rel=\"hub\", <{own}>; rel=\"self\"");
        self.house.site.put("/feed", Answer::feed(&feed(&self.posts)).header("link", &links));
    }

    /// Writes a post, and lets the feed show it.
    fn write(&mut self) -> u64 {
        let n = self.posts.len() as u64 + 1;
        self.posts.push(n);
        self.show();
        n
    }

    async fn open(&self) -> Opened {
        let house = self.house.open();
        let links = house.parts.settings.alert.links.clone();
        let (_, told) = watch::channel(Arc::new(Settings { links, ..Settings::default() }));
        let parts = &house.parts;
        let web = Web::new(
            parts.store.clone(),
            Arc::clone(&parts.clock),
            told,
            Arc::<Pulse>::default(),
            Arc::<Notify>::default(),
        );
        let address = format!("127.0.0.1:{}", self.port).parse().expect("an address");
        let listener = Listener::open(address).await.expect("a listener");
        let listener =
            tokio::spawn(async move { listener.serve(Arc::new(web), Bounds::default(), std::future::pending()).await });
        Opened { house, listener }
    }

    fn n_readings(&self) -> usize {
        self.house.site.asked("/feed").len()
    }
}

impl Opened {
    async fn read(&self) {
        let all = Selection { source: None, force: true };
        pipeline::crawl_once(&self.house.parts, &all, &|_| {}).await.expect("read");
    }

    /// Asks hubs, and works on what they brought.
    async fn turn(&self) {
        pipeline::keep_subscriptions(&self.house.parts).await.expect("asked");
        pipeline::empty_inbox(&self.house.parts).await.expect("worked on");
    }

    async fn known(&self) -> Option<Subscription> {
        self.house.parts.store.subscription_of(&SourceName::new("blog")).await.expect("readable")
    }

    /// The ids of what is kept, each as often as it is kept.
    async fn kept(&self) -> Vec<u64> {
        let cards = self.house.parts.store.mentions(Look { all: true, ..Look::newest(1_000) }).await.expect("readable");
        let number = |id: &str| id.rsplit('/').next().and_then(|n| n.parse().ok()).expect("a number");
        let mut ids: Vec<u64> = cards.iter().map(|card| number(&card.item.key.id)).collect();
        ids.sort_unstable();
        ids
    }

    /// How many seconds the source waits to be read.
    async fn wait_seconds(&self) -> i64 {
        let state =
            self.house.parts.store.source_state(&SourceName::new("blog")).await.expect("readable").expect("known");
        state.due_at.expect("a time").duration_since((self.house.parts.clock)()).as_secs()
    }

    /// Ends as after a kill, or a stop: what is durable stays.
    async fn end(self) {
        self.listener.abort();
        let _ = self.listener.await;
        self.house.parts.store.close().await;
    }
}

fn feed(posts: &[u64]) -> String {
    let entry = |n: &u64| {
        format!(
            "<item><guid isPermaLink=\"false\">https://blog.example/{n}</guid><title>Dinner {n}</title>\
             <description>Number {n}: we loved the porterhouse at Morton's, story {n} of many.</description>\
             <pubDate>Fri, 06 Mar 2026 16:{:02}:00 GMT</pubDate></item>",
            n % 60
        )
    };
    let entries: String = posts.iter().rev().map(entry).collect();
    format!("<rss version=\"2.0\"><channel><title>A blog</title>{entries}</channel></rss>")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_hub_brings_is_kept_without_a_reading_and_found_known_by_the_next() {
    let mut scene = Scene::new().await;
    scene.write();
    let opened = scene.open().await;
    opened.read().await;
    opened.turn().await;
    let known = opened.known().await.expect("agreed");
    let now = scene.house.clock();
    assert!(known.is_trusted(now) && known.lease_until == Some(now + SignedDuration::from_secs(864_000)));
    assert_eq!(known.next_at, Some(now + SignedDuration::from_secs(691_200)), "renewed at four fifths");
    let asked = scene.hub.world().asked[0].clone();
    assert_eq!(asked["hub.topic"], scene.house.site.url("/feed"));
    assert!(asked["hub.secret"].len() < 200 && asked["hub.callback"].len() > 60, "{asked:?}");
    // Fat: all of the feed, and only what is new.
    let n_readings = scene.n_readings();
    scene.write();
    assert_eq!(scene.hub.bring(&feed(&scene.posts)).await, [202]);
    scene.write();
    assert_eq!(scene.hub.bring(&feed(&[3])).await, [202]);
    opened.turn().await;
    assert_eq!((opened.kept().await, scene.n_readings()), (vec![1, 2, 3], n_readings));
    opened.read().await;
    assert_eq!(opened.kept().await, [1, 2, 3]);
    let known = opened.known().await.expect("agreed");
    assert_eq!(known.missed_at, None, "the reading found nothing new");
    assert!(opened.wait_seconds().await >= 3_600, "a safety net");
    // Light: the source is to be read.
    scene.write();
    assert_eq!(scene.hub.bring("").await, [202]);
    opened.turn().await;
    assert_eq!(opened.house.parts.bell.take_hurried().into_iter().collect::<Vec<_>>(), [SourceName::new("blog")]);
    assert!(opened.wait_seconds().await <= 0, "also after a restart");
    scene.house.advance_minutes(1);
    opened.read().await;
    assert_eq!((opened.kept().await.len(), opened.known().await.expect("agreed").missed_at), (4, None));
    // Missed: it is read as often as before, until the hub tells again.
    scene.house.advance_minutes(10);
    scene.write();
    opened.read().await;
    assert_eq!(opened.known().await.expect("agreed").missed_at, Some(scene.house.clock()));
    assert!(opened.wait_seconds().await < 3_600);
    scene.house.advance_minutes(1);
    scene.hub.bring(&feed(&scene.posts)).await;
    opened.turn().await;
    opened.read().await;
    assert!(opened.wait_seconds().await >= 3_600);
    assert_eq!(opened.kept().await, scene.posts);
    opened.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_was_asked_for_is_confirmed() {
    let mut scene = Scene::new().await;
    scene.write();
    let opened = scene.open().await;
    opened.read().await;
    scene.hub.world().mood = Mood::Confused;
    opened.turn().await;
    assert_eq!(scene.hub.world().heard, [404], "a foreign topic");
    let asked = scene.hub.world().asked[0].clone();
    let (callback, topic) = (asked["hub.callback"].as_str(), asked["hub.topic"].as_str());
    let ask = |callback: String, pairs: Vec<(&'static str, String)>| async move {
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (*name, value.as_str())).collect();
        request("GET", &question(&callback, &pairs), "", "").await
    };
    let subscribe = |lease: &str| {
        vec![
            ("hub.mode", "subscribe".to_owned()),
            ("hub.topic", topic.to_owned()),
            ("hub.challenge", "<script>alert(1)</script>".to_owned()),
            ("hub.lease_seconds", lease.to_owned()),
        ]
    };
    for lease in ["0", "-5", "soon", ""] {
        assert_eq!(ask(callback.to_owned(), subscribe(lease)).await.0, 404, "{lease}");
    }
    assert_eq!(request("GET", &format!("{callback}?{}", "a".repeat(10_000)), "", "").await.0, 414);
    assert_eq!(request("GET", callback, "", "").await.0, 404);
    assert_eq!(request("DELETE", callback, "", "").await.0, 405);
    assert_eq!(request("POST", &callback[..callback.len() - 2], "", "x").await.0, 404, "a guess");
    assert_eq!(ask(callback.replace("/w/", "/w/0"), subscribe("60")).await.0, 404, "another callback");
    let unsubscribe = vec![
        ("hub.mode", "unsubscribe".to_owned()),
        ("hub.topic", topic.to_owned()),
        ("hub.challenge", "c".to_owned()),
    ];
    assert_eq!(ask(callback.to_owned(), unsubscribe).await.0, 404, "nobody asked for that");
    let (status, answer) = ask(callback.to_owned(), subscribe("99999999999999999999")).await;
    assert!(status == 200 && answer.ends_with("\r\n\r\n<script>alert(1)</script>"), "{answer}");
    assert!(answer.contains("content-type: text/plain; charset=utf-8") && answer.contains("nosniff"), "{answer}");
    assert_eq!(ask(callback.to_owned(), subscribe("60")).await.0, 404, "it is agreed: nothing waits any more");
    let known = opened.known().await.expect("agreed");
    assert_eq!(known.lease_until, Some(scene.house.clock() + SignedDuration::from_hours(30 * 24)), "at most a month");
    opened.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_hub_did_not_sign_is_dropped_without_a_word() {
    let mut scene = Scene::new().await;
    scene.write();
    let opened = scene.open().await;
    opened.read().await;
    opened.turn().await;
    let (callback, agreed) = scene.hub.callbacks().remove(0);
    let body = feed(&[1, 2]);
    assert_eq!(bring(&callback, "sha256", "guessed", &body).await, 202);
    assert_eq!(bring(&callback, "sha999", &agreed.secret, &body).await, 202);
    assert_eq!(request("POST", &callback, "", &body).await.0, 202);
    let twice = "x-hub-signature: sha256=00\r\nx-hub-signature: sha256=00\r\n";
    assert_eq!(request("POST", &callback, twice, &body).await.0, 202);
    assert_eq!(opened.house.parts.store.inbox_state().await.expect("readable").n_waiting, 0);
    for method in ["sha1", "sha384", "sha512"] {
        assert_eq!(bring(&callback, method, &agreed.secret, &body).await, 202);
    }
    assert_eq!(opened.house.parts.store.inbox_state().await.expect("readable").n_waiting, 3);
    assert_eq!(bring(&callback, "sha256", &agreed.secret, &" ".repeat((1 << 20) + 1)).await, 413);
    opened.turn().await;
    assert_eq!(opened.kept().await, [1, 2]);
    // Signed, and of something else: the source is looked at instead.
    let _ = opened.house.parts.bell.take_hurried();
    let (hub, own) = (&scene.hub.url, &agreed.topic);
    let foreign = format!("<{hub}>; rel=\"hub\", <https://foreign.example/feed>; rel=\"self\"");
    assert_eq!(bring_linked(&callback, "sha256", &agreed.secret, &foreign, &feed(&[70])).await, 202);
    opened.turn().await;
    assert_eq!((opened.kept().await.len(), opened.house.parts.bell.take_hurried().len()), (2, 1));
    let right = format!("<{hub}>; rel=\"hub\", <{own}>; rel=\"self\"");
    assert_eq!(bring_linked(&callback, "sha256", &agreed.secret, &right, &feed(&[3])).await, 202);
    opened.turn().await;
    assert_eq!(opened.kept().await, [1, 2, 3]);
    // Who brings more than is worked on waits, and shuts the door for nobody else.
    let mut heard = Vec::new();
    for _ in 0..70 {
        heard.push(bring(&callback, "sha256", &agreed.secret, "").await);
    }
    assert_eq!((heard[63], heard[64], heard.len()), (202, 503, 70));
    opened.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lease_is_renewed_and_an_end_is_noticed() {
    let mut scene = Scene::new().await;
    scene.write();
    let opened = scene.open().await;
    opened.read().await;
    scene.hub.world().lease = Some("10000".to_owned());
    opened.turn().await;
    let begun = scene.house.clock();
    scene.house.advance_minutes(134);
    opened.turn().await;
    let known = opened.known().await.expect("agreed");
    assert_eq!((known.alive_at, scene.hub.world().asked.len()), (Some(begun), 2), "renewed without a break");
    // The hub is down when the lease is to be renewed: it is asked again, and ends meanwhile.
    scene.hub.world().mood = Mood::Down;
    for _ in 0..200 {
        scene.house.advance_minutes(1);
        opened.turn().await;
    }
    let n_asked = scene.hub.world().asked.len();
    assert!((4..20).contains(&n_asked), "{n_asked} times");
    let known = opened.known().await.expect("known");
    assert!(!known.is_alive(scene.house.clock()) && known.message.contains("could not be asked"), "{known:?}");
    opened.read().await;
    assert!(opened.wait_seconds().await < 3_600, "as without a hub");
    scene.hub.world().mood = Mood::Fine;
    scene.house.advance_minutes(8 * 60);
    opened.turn().await;
    assert!(opened.known().await.expect("agreed").is_trusted(scene.house.clock()));
    // It takes it back: the reason is shown, and the source is read at once.
    let (callback, agreed) = scene.hub.callbacks().remove(0);
    let denied = [("hub.mode", "denied"), ("hub.topic", agreed.topic.as_str()), ("hub.reason", "members only")];
    assert_eq!(request("GET", &question(&callback, &denied), "", "").await.0, 200);
    opened.turn().await;
    let known = opened.known().await.expect("known");
    assert!(!known.is_alive(scene.house.clock()) && known.message.ends_with("members only"), "{known:?}");
    assert_eq!(opened.house.parts.bell.take_hurried().len(), 1);
    let n_asked = scene.hub.world().asked.len();
    scene.house.advance_minutes(60);
    opened.turn().await;
    assert_eq!(scene.hub.world().asked.len(), n_asked, "left alone for a day");
    opened.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_not_listened_to_any_more_is_told_so() {
    let mut scene = Scene::new().await;
    scene.write();
    let opened = scene.open().await;
    opened.read().await;
    opened.turn().await;
    assert_eq!(scene.hub.callbacks().len(), 1);
    let (callback, agreed) = scene.hub.callbacks().remove(0);
    opened.end().await;
    let sources = std::fs::read_to_string(scene.house.path().join("sources.toml")).expect("read");
    let told_not_to = sources.replace("id = \"blog\"", "id = \"blog\"\nwebsub = false");
    scene.house.write("sources.toml", &told_not_to);
    let opened = scene.open().await;
    pipeline::settle_subscriptions(&opened.house.parts).await.expect("settled");
    assert_eq!(bring(&callback, "sha256", &agreed.secret, &feed(&[1, 2])).await, 410);
    opened.turn().await;
    assert_eq!(scene.hub.callbacks().len(), 0, "the hub knows");
    assert_eq!(opened.house.parts.store.subscriptions().await.expect("readable"), []);
    // Listened to again, at another hub: the new one is asked, and the old one is not any more.
    opened.end().await;
    scene.house.write("sources.toml", &sources);
    let opened = scene.open().await;
    pipeline::settle_subscriptions(&opened.house.parts).await.expect("settled");
    opened.turn().await;
    assert_eq!(scene.hub.callbacks().len(), 1);
    let old = std::mem::replace(&mut scene.hub, Hub::start().await);
    scene.write();
    opened.read().await;
    opened.turn().await;
    opened.turn().await;
    assert_eq!((old.callbacks().len(), scene.hub.callbacks().len()), (0, 1));
    opened.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_outlives_a_kill() {
    let mut scene = Scene::new().await;
    scene.write();
    let opened = scene.open().await;
    opened.read().await;
    opened.turn().await;
    scene.write();
    assert_eq!(scene.hub.bring(&feed(&scene.posts)).await, [202]);
    opened.end().await;
    let opened = scene.open().await;
    opened.turn().await;
    assert_eq!(opened.kept().await, [1, 2]);
    opened.end().await;
}

/// After any schedule of faults the items kept are the items that exist, each once.
#[tokio::test(flavor = "multi_thread")]
async fn no_schedule_of_faults_loses_or_repeats() {
    let rounds = crate::support::number("PORTERHOUSE_HUB_ROUNDS").unwrap_or(6);
    for round in 0..rounds {
        let (mut dice, seed) = Dice::thrown(40 + round);
        let mut scene = Scene::new().await;
        scene.write();
        let mut opened = scene.open().await;
        opened.read().await;
        let mut late: Vec<String> = Vec::new();
        let (mut n_brought, mut n_said) = (0_usize, Vec::new());
        for _ in 0..40 {
            let step = dice.below(14);
            n_said.push(step);
            match step {
                0..=2 => {
                    let n = scene.write();
                    n_brought += scene.hub.bring(&feed(&[n])).await.len();
                }
                3 => {
                    scene.write();
                    scene.hub.bring(&feed(&scene.posts)).await;
                    scene.hub.bring(&feed(&scene.posts)).await;
                }
                4 => late.push(feed(&[scene.write()])),
                5 => {
                    for body in std::mem::take(&mut late) {
                        scene.hub.bring(&body).await;
                    }
                }
                6 => {
                    let n = scene.write();
                    for (callback, _) in scene.hub.callbacks() {
                        bring(&callback, "sha256", "guessed", &feed(&[n, 900])).await;
                        bring(&callback.replace("/w/", "/w/f"), "sha256", "x", &feed(&[901])).await;
                    }
                }
                7 => {
                    scene.write();
                    scene
                        .hub
                        .bring(["", "<html>no feed", "{\"items\": 1}"][usize::try_from(dice.below(3)).expect("few")])
                        .await;
                }
                8 => scene.hub.world().agreed.clear(),
                9 => {
                    let moods = [Mood::Fine, Mood::Down, Mood::Silent, Mood::Denies, Mood::Confused, Mood::Fine];
                    scene.hub.world().mood = moods[usize::try_from(dice.below(6)).expect("few")];
                }
                10 => scene.house.advance_minutes(i64::try_from(dice.below(3 * 24 * 60)).expect("small")),
                11 => opened.read().await,
                12 => {
                    opened.end().await;
                    opened = scene.open().await;
                    pipeline::settle_subscriptions(&opened.house.parts).await.expect("settled");
                }
                _ => opened.turn().await,
            }
            let kept = opened.kept().await;
            assert!(kept.iter().all(|n| scene.posts.contains(n)), "seed {seed}: {n_said:?}: {kept:?}");
        }
        opened.turn().await;
        opened.read().await;
        assert_eq!(opened.kept().await, scene.posts, "seed {seed}: {n_said:?}, {n_brought} brought");
        opened.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_service_agrees_with_a_hub_and_keeps_what_it_brings() {
    let mut scene = Scene::new().await;
    scene.write();
    let (config, data) = (scene.house.config_folder(), scene.house.data_folder());
    let mut service =
        tokio::task::spawn_blocking(move || Service::start(&config, &data, &["-v", "run"])).await.expect("started");
    let until = std::time::Instant::now() + Duration::from_secs(30);
    while scene.hub.callbacks().is_empty() && std::time::Instant::now() < until {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let n_readings = scene.n_readings();
    scene.write();
    assert_eq!(scene.hub.bring(&feed(&scene.posts)).await, [202]);
    let store = porterhouse::store::Store::open_read_only(&scene.house.data_folder()).expect("a database");
    let mut n_kept = 0;
    while n_kept < 2 && std::time::Instant::now() < until {
        tokio::time::sleep(Duration::from_millis(50)).await;
        n_kept = store.mentions(Look { all: true, ..Look::newest(10) }).await.expect("readable").len();
    }
    assert_eq!((n_kept, scene.n_readings()), (2, n_readings), "kept, and not read for it");
    tokio::task::spawn_blocking(move || {
        service.signal("TERM");
        assert!(service.ended(|_| {}).success());
    })
    .await
    .expect("ended");
}
