//! Servers that lie, drip, flood and bomb: each is named in plain words, and harms no other source.

use crate::support::{Answer, HostileSite, QUICK, RESTLESS, SLOW, TestHouse};
use expect_test::{Expect, expect};
use porterhouse::model::SourceState;
use std::time::Duration;

const GOOD: &str = "<rss version=\"2.0\"><channel><title>T</title><item><guid>1</guid><description>I love Morton's in Hackensack</description></item></channel></rss>";

/// Far above what a quick test takes, also on a busy machine.
const MINUTE: Duration = Duration::from_secs(60);

/// Reads a sound source and one of each path; says how each fared.
async fn check(total: Duration, paths: &[&str], expected: Expect) {
    let mut house = TestHouse::new().await;
    house.hurry(total, total / 2);
    house.site.put("/good", Answer::feed(GOOD));
    house.watch("good", "/good");
    let mut sites = Vec::new();
    for path in paths {
        let site = HostileSite::start().await;
        house.watch_url(&id_of(path), &site.url(path));
        sites.push(site);
    }
    house.crawl().await;
    let open = house.open();
    let states = open.parts.store.source_states().await.expect("states");
    open.parts.store.close().await;
    let told: Vec<String> = paths
        .iter()
        .map(|path| {
            let state = states.iter().find(|state| state.source.as_str() == id_of(path)).expect("it was asked");
            format!("{path}: {}", told(state))
        })
        .collect();
    expected.assert_eq(&told.join("\n"));
    let good = states.iter().find(|state| state.source.as_str() == "good").expect("it was asked");
    assert!(good.health.is_good() && good.read_at.is_some(), "{}", good.message);
}

/// Health and words, without the port, which is another one each time.
fn told(state: &SourceState) -> String {
    let mut words = format!("{} {}", state.health.as_str(), state.message);
    if let Some(at) = words.find("127.0.0.1:") {
        let end = words[at + 10..].find(|c: char| !c.is_ascii_digit()).map_or(words.len(), |length| at + 10 + length);
        words.replace_range(at + 9..end, "");
    }
    words.trim_end().to_owned()
}

/// The name of a source for `path`.
fn id_of(path: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '.' { c } else { '-' };
    format!("h{}", path.chars().map(plain).collect::<String>())
}

#[tokio::test(flavor = "multi_thread")]
async fn each_lie_is_told_in_plain_words_and_the_sound_source_is_read() {
    check(MINUTE, QUICK, expect![[r#"
        /endless: broken the answer of `127.0.0.1` is larger than 10485760 bytes, the limit for its kind; skipped
        /short: down the answer of `127.0.0.1` broke off or cannot be understood
        /long: broken no item could be read: a stray `<` was escaped (line 1); and 1 more
        /gzip-then-garbage: broken the answer of `127.0.0.1` is not packed as it says; its server is misconfigured
        /text-as-gzip: broken the answer of `127.0.0.1` is not packed as it says; its server is misconfigured
        /bomb.gz: broken the answer of `127.0.0.1` is larger than 10485760 bytes, the limit for its kind; skipped
        /bomb.br: broken the answer of `127.0.0.1` is larger than 10485760 bytes, the limit for its kind; skipped
        /bomb.zst: broken the answer of `127.0.0.1` is larger than 10485760 bytes, the limit for its kind; skipped
        /loop: down `127.0.0.1` sent us on more than 5 times; the address leads in a circle
        /circle/0: down `127.0.0.1` sent us on more than 5 times; the address leads in a circle
        /inside/10.0.0.1: down `10.0.0.1` leads to 10.0.0.1, which is in a private network; only public addresses are read, unless `allow_networks` or `private = true` opens this one
        /inside/169.254.169.254: down `169.254.169.254` leads to 169.254.169.254, which is a link-local address; only public addresses are read, unless `allow_networks` or `private = true` opens this one
        /inside/[::1]: down `[::1]` leads to ::1, which is this machine itself; only public addresses are read, unless `allow_networks` or `private = true` opens this one
        /inside/[::ffff:192.168.0.1]: down `[::ffff:c0a8:1]` leads to ::ffff:192.168.0.1, which is in a private network; only public addresses are read, unless `allow_networks` or `private = true` opens this one
        /inside/167772161: down `10.0.0.1` leads to 10.0.0.1, which is in a private network; only public addresses are read, unless `allow_networks` or `private = true` opens this one
        /to-file: down the address begins with `file:`; only `http:` and `https:` are read
        /endless-headers: down the answer of `127.0.0.1` broke off or cannot be understood
        /huge-header: down the answer of `127.0.0.1` broke off or cannot be understood
        /nonsense-chunks: down the answer of `127.0.0.1` broke off or cannot be understood
        /huge-chunk: down the answer of `127.0.0.1` broke off or cannot be understood
        /cut-chunks: down the answer of `127.0.0.1` broke off or cannot be understood
        /reset: down the answer of `127.0.0.1` broke off or cannot be understood
        /no-http: down the answer of `127.0.0.1` broke off or cannot be understood
        /html: broken the answer is an HTML page that names no feed; look for a feed's address on the site, often /feed or /rss
        /image: broken the answer is a PNG image, a feed was expected; check the source's url
        /empty: broken the answer is empty; look whether the address still exists
        /zeros: broken the answer is empty; look whether the address still exists
        /entities: fresh an unknown entity was kept as text (line 1)
        /deep-xml/5000: broken no item could be read: markup nested too deep was dropped (4746 times) (line 1); and 1 more
        /deep-html/5000: fresh
        /open-tags/5000: broken no item could be read: an item was not closed before the next; closed (4999 times) (line 1); and 2 more
        /one-line/100000: broken the answer is plain text that begins "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", a feed was expected; check the source's url
        /one-item/5000: fresh
        /many-items/500: fresh
        /rest-for-ever: throttled `127.0.0.1` answered 429; it asks us to wait, a day or longer"#]]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_end_is_left_at_the_deadlines() {
    check(
        Duration::from_secs(3),
        SLOW,
        expect![[r#"
        /drip: down `127.0.0.1` took longer than 3 s
        /drip-head: down `127.0.0.1` took longer than 3 s
        /silent: down `127.0.0.1` took longer than 3 s
        /stall: down `127.0.0.1` fell silent for 1.5 s in the middle of its answer
        /drip-bomb: down `127.0.0.1` fell silent for 1.5 s in the middle of its answer
        /early-hints: down `127.0.0.1` took longer than 3 s
        /endless-chunk-line: down `127.0.0.1` fell silent for 1.5 s in the middle of its answer"#]],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_that_is_new_each_time_is_read_each_time() {
    check(
        MINUTE,
        RESTLESS,
        expect![[r#"
        /new-items: fresh
        /new-ids: fresh"#]],
    )
    .await;
}
