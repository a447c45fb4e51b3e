//! The real binary, killed at random moments: nothing is lost, nothing comes twice but where nobody could know.
//!
//! `PORTERHOUSE_CRASH_ROUNDS` says how many kills each suite makes (a handful by default), `PORTERHOUSE_CRASH_SEED`
//! where chance begins, `PORTERHOUSE_CRASH_REPORT` names a file that gets a line of figures for each suite.

use crate::support::{Answer, Dice, Remains, TestHouse, Victim, let_time_pass, number, said};
use porterhouse::app::demo::{MailFault, WebhookFault};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::Write as _;
use std::time::{Duration, Instant};

const FEEDS: usize = 12;
/// Longer than any answer in flight on loopback takes to be written down.
const SETTLE: Duration = Duration::from_millis(30);

fn rounds() -> u64 {
    number("PORTERHOUSE_CRASH_ROUNDS").unwrap_or(4)
}

fn report(line: &str) {
    let Some(path) = std::env::var_os("PORTERHOUSE_CRASH_REPORT") else { return };
    let mut file = std::fs::OpenOptions::new().create(true).append(true).open(path).expect("a report");
    writeln!(file, "{line}").expect("written");
}

fn rss(posts: &[(String, String)]) -> Answer {
    let now = porterhouse::app::now().strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    let mut items = String::new();
    for (id, text) in posts {
        write!(items, "<item><guid>{id}</guid><link>https://forum.example/{id}</link><pubDate>{now}</pubDate><description>{text}</description></item>").expect("a text");
    }
    let feed = format!("<rss version=\"2.0\"><channel><title>Forum</title>{items}</channel></rss>");
    Answer::bytes("application/rss+xml", feed.as_bytes()).header("etag", &format!("\"{}\"", posts.len()))
}

fn wish(token: &str) -> String {
    format!("Hey @Mortons - can you meet me at newark airport with a porterhouse when I land in two hours? {token}")
}

/// A feed that grows from round to round.
#[derive(Default)]
struct Forum(Vec<(String, String)>);

impl Forum {
    fn grow(&mut self, source: &str, dice: &mut Dice, most: u64) {
        for _ in 0..dice.below(most + 1) {
            let token = format!("{source}x{}y", self.0.len());
            let text = match dice.below(4) {
                0 => wish(&token),
                1 => format!("Nothing to do with anybody {token}"),
                _ => format!("I love Morton's in Hackensack {token}"),
            };
            self.0.push((token, text));
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kills_while_crawling_lose_no_item_and_store_none_twice() {
    let (mut dice, seed) = Dice::thrown(1);
    let house = TestHouse::new().await;
    let names: Vec<String> = (0..FEEDS).map(|n| format!("f{n}")).collect();
    names.iter().for_each(|name| house.watch(name, &format!("/{name}")));
    let mut forums: BTreeMap<String, Forum> = names.iter().map(|name| (name.clone(), Forum::default())).collect();
    let (mut n_kills, mut n_late, mut lasts_us) = (0, 0, 400_000);
    while n_kills < rounds() {
        for (name, forum) in &mut forums {
            forum.grow(name, &mut dice, 4);
            house.site.put(&format!("/{name}"), rss(&forum.0));
        }
        let at = Duration::from_micros(dice.below(lasts_us));
        let victim = Victim::start(&house, &["crawl", "--once", "--force"]);
        if victim.kill_when(|age| age >= at).await {
            n_kills += 1;
        } else {
            n_late += 1;
            lasts_us = lasts_us * 9 / 10;
        }
        let Some(remains) = Remains::of(&house.data_folder()) else { continue };
        assert_eq!(remains.integrity(), "ok", "seed {seed}");
        for (name, forum) in &forums {
            // What the stored validator stands for must all be there: the source would not give it again.
            let n_read: usize = remains.etag(name).map_or(0, |tag| tag.trim_matches('"').parse().expect("a count"));
            let missing = forum.0.iter().take(n_read).filter(|(id, _)| remains.times_stored(name, id) != 1).count();
            assert_eq!(missing, 0, "seed {seed}, kill {n_kills}: {name}");
        }
    }
    assert!(Victim::start(&house, &["crawl", "--once", "--force"]).end().await.success(), "{}", said(&house));
    let remains = Remains::of(&house.data_folder()).expect("a database");
    let (mut n_items, mut n_lost, mut n_twice) = (0, 0, 0);
    for (name, forum) in &forums {
        for (id, _) in &forum.0 {
            n_items += 1;
            n_lost += usize::from(remains.times_stored(name, id) == 0);
            n_twice += usize::from(remains.times_stored(name, id) > 1);
        }
    }
    let n_texts = remains.count("SELECT count(*) - count(DISTINCT own_id) FROM items");
    let n_opportunities = remains.count("SELECT count(*) FROM opportunities");
    let n_notices = remains.count("SELECT count(*) FROM notices WHERE item_id IS NOT NULL");
    let n_seen = remains.count("SELECT value FROM counters WHERE name = 'items_seen'");
    let notices_twice = remains.count(
        "SELECT count(*) FROM (SELECT 1 FROM notices WHERE item_id IS NOT NULL GROUP BY item_id, brand HAVING count(*) > 1)",
    );
    report(&format!(
        "crawl     kills {n_kills:>3} (too late {n_late})  items {n_items}  lost {n_lost}  stored twice {n_twice}  opportunities {n_opportunities}  notices {n_notices} (twice {notices_twice})  seed {seed}"
    ));
    assert_eq!((n_lost, n_twice, n_texts, notices_twice), (0, 0, 0, 0), "seed {seed}");
    assert_eq!(usize::try_from(n_seen), Ok(n_items), "counted once, seed {seed}");
    assert!(n_opportunities > 0 && n_opportunities == n_notices, "{n_opportunities} {n_notices}, seed {seed}");
}

/// Every message that a receiver got, by key and in order: whether the receiver's answer came out.
fn receipts(house: &TestHouse) -> Vec<(String, bool)> {
    let parser = mail_parser::MessageParser::default();
    let mails = house.mail.received().into_iter().map(|mail| {
        let parsed = parser.parse(&mail.data).expect("a mail");
        let id = parsed.message_id().expect("a Message-ID").to_owned();
        (id.split('@').next().unwrap_or_default().to_owned(), mail.acknowledged)
    });
    let calls = house.hook.received().into_iter().map(|call| {
        let key = call.header("webhook-id").expect("a key").to_owned();
        (key, call.acknowledged)
    });
    mails.chain(calls).collect()
}

/// What was received more than once, and why.
#[derive(Default)]
struct Repeats {
    /// Receipts of each channel's keys that were looked at so far.
    seen: BTreeMap<String, Vec<bool>>,
    after_record: usize,
    answer_lost: usize,
    cut_off: usize,
}

impl Repeats {
    /// Takes in what came since the last look; `recorded` are the keys that the store held as delivered before it.
    fn look(&mut self, house: &TestHouse, recorded: &BTreeSet<String>) {
        let mut now: BTreeMap<String, Vec<bool>> = BTreeMap::new();
        for (key, acknowledged) in receipts(house) {
            now.entry(key).or_default().push(acknowledged);
        }
        for (key, got) in &now {
            let before = self.seen.get(key).map_or(0, Vec::len);
            for at in before.max(1)..got.len() {
                if recorded.contains(key) {
                    self.after_record += 1;
                } else if got[at - 1] {
                    self.cut_off += 1;
                } else {
                    self.answer_lost += 1;
                }
            }
            if before == 0 && recorded.contains(key) {
                self.after_record += 1;
            }
        }
        self.seen = now;
    }

    fn most(&self) -> usize {
        self.seen.values().map(Vec::len).max().unwrap_or_default()
    }
}

const DELIVERED: &str = "SELECT key FROM outbox WHERE state = 'delivered'";

/// The age in milliseconds below which a child is killed, where none ends by itself before.
const OLDEST_MS: u64 = 600;

/// Kills the child at a random age below `oldest_ms`, or a moment after a random number of messages arrived.
async fn kill_at_random(house: &TestHouse, victim: Victim, dice: &mut Dice, oldest_ms: u64, most: u64) -> bool {
    if dice.hits(40) {
        let at = Duration::from_millis(dice.below(oldest_ms));
        return victim.kill_when(|age| age >= at).await;
    }
    let n_before = receipts(house).len();
    let n_more = 1 + usize::try_from(dice.below(most)).expect("small");
    let pause = Duration::from_micros(dice.below(4_000));
    let mut reached_at = None;
    victim
        .kill_when(|age| {
            if reached_at.is_none() && house.mail.n_received() + house.hook.n_received() >= n_before + n_more {
                reached_at = Some(age);
            }
            reached_at.is_some_and(|at| age >= at + pause)
        })
        .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kills_while_routing_and_delivering_send_nothing_again_that_was_recorded() {
    let (mut dice, seed) = Dice::thrown(2);
    let house = TestHouse::new().await;
    house.mail_alerts();
    house.hook_alerts();
    house.watch("forum", "/feed");
    let mut posts = Vec::new();
    let (mut n_kills, mut n_late, mut oldest_ms) = (0, 0, OLDEST_MS);
    let mut repeats = Repeats::default();
    let mut recorded = BTreeSet::new();
    while n_kills < rounds() {
        for _ in 0..8 {
            let token = format!("w{}y", posts.len());
            posts.push((token.clone(), wish(&token)));
        }
        house.site.put("/feed", rss(&posts));
        house.mail.forget_faults();
        house.hook.forget_faults();
        if dice.hits(40) {
            house.mail.fail_next(MailFault::LoseAnswer);
        }
        if dice.hits(40) {
            house.hook.fail_next(WebhookFault::LoseAnswer);
        }
        let victim = Victim::start(&house, &["crawl", "--once", "--force"]);
        let began = Instant::now();
        if kill_at_random(&house, victim, &mut dice, oldest_ms, 14).await {
            n_kills += 1;
        } else {
            // On a fast machine it is done before: the next ones are killed younger.
            oldest_ms = oldest_ms.min(u64::try_from(began.elapsed().as_millis()).unwrap_or(oldest_ms)).max(1);
            n_late += 1;
        }
        tokio::time::sleep(SETTLE).await;
        repeats.look(&house, &recorded);
        let Some(remains) = Remains::of(&house.data_folder()) else { continue };
        assert_eq!(remains.integrity(), "ok", "seed {seed}");
        recorded = remains.words(DELIVERED);
        if dice.hits(30) {
            let_time_pass(&house.data_folder(), dice.below(1_000));
        }
    }
    house.mail.forget_faults();
    house.hook.forget_faults();
    drain(&house, &mut repeats, &mut recorded).await;
    let n_faults = receipts(&house).iter().filter(|(_, acknowledged)| !acknowledged).count();
    let remains = Remains::of(&house.data_folder()).expect("a database");
    let n_lost_items = posts.iter().filter(|(id, _)| remains.times_stored("forum", id) != 1).count();
    let n_opportunities = remains.count("SELECT count(*) FROM opportunities");
    let n_alerts = remains.count("SELECT count(*) FROM outbox");
    let lost = remains.words("SELECT key FROM outbox").iter().filter(|key| !repeats.seen.contains_key(*key)).count();
    let strangers = repeats.seen.len() + lost - usize::try_from(n_alerts).expect("few");
    report(&format!(
        "delivery  kills {n_kills:>3} (too late {n_late})  alerts {n_alerts}  lost {lost}  sent again after record {}  repeats: answer lost {} (of {n_faults} lost), cut off by a kill {}  most of one key {}  seed {seed}",
        repeats.after_record,
        repeats.answer_lost,
        repeats.cut_off,
        repeats.most()
    ));
    assert_eq!((n_lost_items, lost, strangers, repeats.after_record), (0, 0, 0, 0), "seed {seed}: {}", said(&house));
    // A channel that refuses for long is told of as well, by the other.
    let n_of_opportunities = remains.count(
        "SELECT count(*) FROM outbox CROSS JOIN notices ON notices.id = json_extract(alert_json, '$.notices[0]')
         WHERE notices.kind = 'opportunity'",
    );
    assert_eq!(n_of_opportunities, 2 * n_opportunities, "one for each channel, seed {seed}");
    assert_eq!(usize::try_from(n_opportunities), Ok(posts.len()), "seed {seed}");
    assert!(repeats.answer_lost <= n_faults, "at most one repeat each, seed {seed}");
    assert!(repeats.cut_off <= 2 * usize::try_from(n_kills).expect("few"), "one for each channel, seed {seed}");
}

/// Lets the program work undisturbed until nothing waits.
async fn drain(house: &TestHouse, repeats: &mut Repeats, recorded: &mut BTreeSet<String>) {
    for order in 0..40 {
        let_time_pass(&house.data_folder(), order);
        let ended = Victim::start(house, &["crawl", "--once", "--force"]).end().await;
        assert!(ended.success(), "{}", said(house));
        tokio::time::sleep(SETTLE).await;
        repeats.look(house, recorded);
        let remains = Remains::of(&house.data_folder()).expect("a database");
        *recorded = remains.words(DELIVERED);
        let n_waiting = remains.count(
            "SELECT (SELECT count(*) FROM outbox WHERE state = 'pending') + (SELECT count(*) FROM notices WHERE routed_at IS NULL)",
        );
        if n_waiting == 0 {
            let parked =
                remains.words("SELECT attempts || ' attempts: ' || trouble FROM outbox WHERE state = 'parked'");
            assert!(parked.is_empty(), "{parked:#?}");
            return;
        }
    }
    panic!("alerts still wait: {}", said(house));
}

const RECIPIENTS: usize = 40;
const KILLS_EACH: u64 = 10;

/// A zone in which it is about noon, so that no midnight falls into the test.
fn zone_at_noon() -> String {
    let hour = porterhouse::app::now().as_second().rem_euclid(86_400) / 3_600;
    match 12 - hour {
        0 => "UTC".to_owned(),
        ahead if ahead > 0 => format!("Etc/GMT-{ahead}"),
        behind => format!("Etc/GMT+{}", -behind),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kills_while_the_digest_is_made_and_sent_leave_one_for_each_recipient() {
    let (mut dice, seed) = Dice::thrown(3);
    let (mut n_kills, mut n_digests, mut n_lost, mut n_extra, mut n_faults) = (0, 0, 0, 0, 0);
    let (mut after_record, mut answer_lost, mut cut_off, mut most) = (0, 0, 0, 0);
    while n_kills < rounds() {
        let house = TestHouse::new().await;
        let to: Vec<String> = (0..RECIPIENTS).map(|n| format!("\"reader{n}@example.com\"")).collect();
        let port = house.mail.address().port();
        house.append("porterhouse.toml", &format!(
            "\n[digest]\nchannel = \"team\"\nat = \"00:00\"\nzone = \"{}\"\n\n[[channel]]\nname = \"team\"\nkind = \"email\"\n\
             host = \"127.0.0.1\"\nport = {port}\nsecurity = \"none\"\nprivate = true\nfrom = \"Porterhouse <listen@example.com>\"\nto = [{}]\n",
            zone_at_noon(), to.join(", ")
        ));
        let mut repeats = Repeats::default();
        let mut recorded = BTreeSet::new();
        let is_done = |recorded: &BTreeSet<String>| recorded.len() == RECIPIENTS;
        let mut kills_here = 0;
        while kills_here < KILLS_EACH && n_kills < rounds() && !is_done(&recorded) {
            house.mail.forget_faults();
            if dice.hits(40) {
                house.mail.fail_next(MailFault::LoseAnswer);
            }
            let victim = Victim::start(&house, &["run"]);
            let most = 6;
            assert!(kill_at_random(&house, victim, &mut dice, OLDEST_MS, most).await, "`run` ended: {}", said(&house));
            n_kills += 1;
            kills_here += 1;
            tokio::time::sleep(SETTLE).await;
            repeats.look(&house, &recorded);
            let Some(remains) = Remains::of(&house.data_folder()) else { continue };
            assert_eq!(remains.integrity(), "ok", "seed {seed}");
            recorded = remains.words(DELIVERED);
            if dice.hits(50) {
                let_time_pass(&house.data_folder(), dice.below(1_000));
            }
        }
        house.mail.forget_faults();
        finish_digests(&house, &mut repeats, &mut recorded).await;
        let remains = Remains::of(&house.data_folder()).expect("a database");
        let made = remains.words("SELECT key FROM outbox");
        assert_eq!(remains.count("SELECT count(*) FROM digests"), i64::try_from(RECIPIENTS).expect("few"));
        n_digests += made.len();
        n_extra += made.len() - RECIPIENTS;
        n_lost += made.iter().filter(|key| !repeats.seen.contains_key(*key)).count();
        after_record += repeats.after_record;
        answer_lost += repeats.answer_lost;
        cut_off += repeats.cut_off;
        n_faults += receipts(&house).iter().filter(|(_, acknowledged)| !acknowledged).count();
        most = most.max(repeats.most());
    }
    report(&format!(
        "digest    kills {n_kills:>3}  digests {n_digests}  lost {n_lost}  made twice {n_extra}  sent again after record {after_record}  repeats: answer lost {answer_lost} (of {n_faults} lost), cut off by a kill {cut_off}  most of one key {most}  seed {seed}"
    ));
    assert_eq!((n_lost, n_extra, after_record), (0, 0, 0), "seed {seed}");
    assert!(
        answer_lost <= n_faults && u64::try_from(cut_off).is_ok_and(|n| n <= n_kills),
        "at most one repeat each, seed {seed}"
    );
}

/// Lets the service run until every digest is delivered, then stops it.
async fn finish_digests(house: &TestHouse, repeats: &mut Repeats, recorded: &mut BTreeSet<String>) {
    let data = house.data_folder();
    for order in 0..20 {
        if Remains::of(&data).is_some() {
            let_time_pass(&data, order);
        }
        let n_before = house.mail.n_received();
        let n_wanted = RECIPIENTS - recorded.len();
        let victim = Victim::start(house, &["run"]);
        let enough = |age: Duration| {
            age > Duration::from_secs(20)
                || (house.mail.n_received() >= n_before + n_wanted
                    && Remains::of(&data).is_some_and(|found| found.words(DELIVERED).len() == RECIPIENTS))
        };
        victim.kill_when(enough).await;
        tokio::time::sleep(SETTLE).await;
        repeats.look(house, recorded);
        *recorded = Remains::of(&data).expect("a database").words(DELIVERED);
        if recorded.len() == RECIPIENTS {
            return;
        }
    }
    panic!("digests still wait: {}", said(house));
}
