//! From a feed to what a person is told.

use crate::support::{Answer, TestHouse};
use porterhouse::app::demo::{MailFault, WebhookFault};
use porterhouse::model::{SourceHealth, Stats};

fn feed(items: &[(&str, &str, &str)]) -> Answer {
    let items: String = items
        .iter()
        .map(|(id, date, text)| {
            format!("<item><guid>{id}</guid><link>https://forum.example/{id}</link><pubDate>{date}</pubDate><description>{text}</description></item>")
        })
        .collect();
    Answer::feed(&format!("<rss version=\"2.0\"><channel><title>Forum</title>{items}</channel></rss>"))
}

const WISH: &str =
    "Hey @Mortons - can you meet me at newark airport with a porterhouse when I land in two hours? K, thanks. :)";
const NOW: &str = "Fri, 06 Mar 2026 12:00:00 -0500";
const OLD: &str = "Fri, 06 Feb 2026 12:00:00 -0500";

async fn stats(house: &TestHouse) -> Stats {
    let open = house.open();
    let stats = open.parts.store.stats().await.expect("figures");
    open.parts.store.close().await;
    stats
}

#[tokio::test]
async fn a_post_with_a_deadline_ahead_alerts_at_the_first_reading() {
    let house = TestHouse::new().await;
    house.site.put("/feed", feed(&[("1", NOW, WISH), ("2", NOW, "Nothing to do with anybody")]));
    house.watch("forum", "/feed");
    let outcome = house.crawl().await;
    assert_eq!((outcome.tally.committed.new_items, outcome.tally.committed.new_kept), (2, 1));
    assert_eq!(outcome.n_delivered, 1);
    let printed = house.printed();
    assert!(printed.contains("porterhouse") && printed.contains("Morton's Hackensack"), "{printed}");
}

#[tokio::test]
async fn the_same_feed_twice_changes_nothing_and_is_asked_conditionally() {
    let house = TestHouse::new().await;
    house.site.put("/feed", feed(&[("1", NOW, WISH)]));
    house.watch("forum", "/feed");
    house.crawl().await;
    let before = stats(&house).await;
    let outcome = house.crawl().await;
    assert_eq!(outcome.tally.committed.new_items, 0);
    assert_eq!(outcome.n_delivered, 0);
    assert_eq!(stats(&house).await.items_seen, before.items_seen);
    let asked = house.site.asked("/feed");
    assert_eq!(asked.len(), 2);
    assert!(!asked[0].contains_key("if-none-match") && asked[1].contains_key("if-none-match"));
    assert!(asked[0]["user-agent"].to_str().is_ok_and(|agent| agent.contains("https://example.com/listening")));
}

#[tokio::test]
async fn old_posts_of_a_first_reading_are_kept_and_silent() {
    let house = TestHouse::new().await;
    house.site.put("/feed", feed(&[("1", OLD, "@Mortons third time nobody calls me back, I am so angry with you")]));
    house.watch("forum", "/feed");
    let outcome = house.crawl().await;
    assert_eq!((outcome.tally.committed.new_kept, outcome.n_delivered), (1, 0));
    assert_eq!(house.printed(), "");
}

#[tokio::test]
async fn a_mail_whose_answer_was_lost_is_repeated_once_under_its_key() {
    let house = TestHouse::new().await;
    house.mail_alerts();
    house.mail.fail_next(MailFault::LoseAnswer);
    house.site.put("/feed", feed(&[("1", NOW, WISH)]));
    house.watch("forum", "/feed");
    assert_eq!(house.crawl().await.n_delivered, 0);
    house.advance_minutes(2);
    assert_eq!(house.crawl().await.n_delivered, 1);
    house.advance_minutes(120);
    assert_eq!(house.crawl().await.n_delivered, 0);
    let mails = house.mail.received();
    let keys: Vec<String> = mails
        .iter()
        .map(|mail| {
            let parsed = mail_parser::MessageParser::default().parse(&mail.data).expect("a mail");
            parsed.message_id().expect("a Message-ID").to_owned()
        })
        .collect();
    assert_eq!(keys.len(), 2);
    assert_eq!(keys[0], keys[1]);
}

#[tokio::test]
async fn a_webhook_is_signed_and_tried_again_after_a_failure() {
    let house = TestHouse::new().await;
    house.hook_alerts();
    house.hook.fail_next(WebhookFault::Status(503));
    house.site.put("/feed", feed(&[("1", NOW, WISH)]));
    house.watch("forum", "/feed");
    assert_eq!(house.crawl().await.n_waiting, 1);
    house.advance_minutes(2);
    assert_eq!(house.crawl().await.n_delivered, 1);
    let calls = house.hook.received();
    let ids: Vec<_> = calls.iter().map(|call| call.header("webhook-id").map(str::to_owned)).collect();
    assert_eq!(ids.len(), 2);
    assert!(ids[0].is_some() && ids[0] == ids[1]);
    assert!(calls[0].header("webhook-signature").is_some_and(|signature| signature.starts_with("v1,")));
}

#[tokio::test]
async fn a_broken_source_is_told_once_and_harms_no_other() {
    let house = TestHouse::new().await;
    house.site.put("/feed", feed(&[("1", OLD, "just talk")]));
    house.site.put("/page", Answer::bytes("text/html", b"<!doctype html><title>Moved</title>"));
    house.watch("forum", "/feed");
    house.watch("moved", "/page");
    let outcome = house.crawl().await;
    assert_eq!(outcome.tally.committed.new_items, 1);
    let unread: Vec<_> = outcome.tally.unread.iter().map(|state| (state.source.as_str(), state.health)).collect();
    assert_eq!(unread, [("moved", SourceHealth::Broken)]);
    assert_eq!(outcome.n_delivered, 1);
    assert_eq!(house.crawl().await.n_delivered, 0, "told once");
}

#[tokio::test]
async fn own_posts_and_spam_are_kept_and_silent() {
    let house = TestHouse::new().await;
    let spam = "RT &amp; follow to WIN a free steak dinner at Mortons tonight! Winner announced Friday";
    house.site.put("/feed", feed(&[("1", NOW, spam)]));
    house.watch("forum", "/feed");
    let outcome = house.crawl().await;
    assert_eq!(
        (outcome.tally.committed.new_kept, outcome.tally.committed.new_opportunities, outcome.n_delivered),
        (1, 0, 0)
    );
}

#[tokio::test]
async fn a_feed_that_breaks_off_is_said_to_be_read_in_part_or_not_at_all() {
    let house = TestHouse::new().await;
    let whole =
        "<rss version=\"2.0\"><channel><title>T</title><item><guid>1</guid><description>talk</description></item>";
    house.site.put("/part", Answer::feed(&format!("{whole}<item><guid>2</gu")));
    house.site.put("/stump", Answer::feed("<rss version=\"2.0\"><cha"));
    house.watch("part", "/part");
    house.watch("stump", "/stump");
    house.crawl().await;
    house.crawl().await;
    let open = house.open();
    let states = open.parts.store.source_states().await.expect("states");
    open.parts.store.close().await;
    let of = |name: &str| states.iter().find(|state| state.source.as_str() == name).expect("a state");
    assert_eq!(of("part").health, SourceHealth::Fresh);
    assert!(!of("part").message.is_empty(), "said also after an answer that has not changed");
    assert_eq!(of("stump").health, SourceHealth::Broken, "{:?}", of("stump"));
}

#[tokio::test]
async fn a_source_at_a_new_address_is_asked_as_if_for_the_first_time() {
    let house = TestHouse::new().await;
    house.site.put("/old", Answer::status(410));
    house.site.put("/new", feed(&[("1", OLD, "just talk")]));
    house.watch("forum", "/old");
    house.crawl().await;
    let watched = std::fs::read_to_string(house.path().join("sources.toml")).expect("readable");
    house.write("sources.toml", &watched.replace("/old", "/new"));
    let open = house.open();
    let outcome = porterhouse::app::crawl(&open, None, false, &|_| {}).await.expect("crawled");
    assert_eq!((outcome.tally.n_asked, outcome.tally.committed.new_items), (1, 1), "due at once, without --force");
}

/// What `correct --spam true` says of five posts of a kind holds for the sixth.
/// A paper's feed with one article; `head` is its headline, `rest` what it adds to the agency's words.
fn paper(head: &str, rest: &str) -> Answer {
    const WIRE: &str = "Mortons will open its old house by the river again in spring, the steakhouse said on Monday. The \
        kitchen was closed for two years after a flood had filled the cellar up to the ceiling; guests had collected forty \
        thousand signatures for it, and the first evening is sold out already.";
    Answer::feed(&format!(
        "<rss version=\"2.0\"><channel><title>Paper</title><item><title>{head}</title><guid>{head}</guid>\
         <link>https://paper.example/{}</link><pubDate>{NOW}</pubDate><description>{WIRE} {rest}</description></item>\
         </channel></rss>",
        head.len()
    ))
}

#[tokio::test]
async fn what_two_papers_print_of_one_agency_is_told_once_unless_a_source_wants_it_apart() {
    let house = TestHouse::new().await;
    house.site.put("/gazette", paper("Mortons is back by the river", ""));
    house.site.put("/courier", paper("Old steakhouse opens again", "Our reporter will be there on the first evening."));
    house.site.put("/echo", paper("Steaks by the water, once more", "More on page four."));
    for (id, extra) in [("gazette", ""), ("courier", ""), ("echo", "stories = false\n")] {
        house.watch(id, &format!("/{id}"));
        house.append("sources.toml", &format!("medium = \"news\"\n{extra}"));
        house.crawl().await;
    }
    let open = house.open();
    let shown = open.parts.store.mentions(porterhouse::model::Look::newest(9)).await.expect("cards");
    let told: Vec<_> =
        shown.iter().map(|card| (card.item.source.as_str(), card.story.items, card.story.sources)).collect();
    assert_eq!(told, [("echo", 0, 0), ("gazette", 2, 2)]);
    open.parts.store.close().await;
}

#[tokio::test]
async fn the_same_long_text_by_many_is_a_flood_and_a_short_complaint_is_none() {
    const LETTER: &str = "Everybody should write to Mortons now that they sell the old house by the river to a hotel";
    const SHORT: &str = "No table again at Mortons";
    let post = |n: usize, text: &str| {
        format!(
            "<item><guid>{n}</guid><link>https://forum.example/{n}</link><author>guest{n}@mail.example (Guest Number{n})</author>\
             <pubDate>{NOW}</pubDate><description>{text}</description></item>"
        )
    };
    let house = TestHouse::new().await;
    let items: String = (0..7).map(|n| post(n, LETTER)).chain((10..17).map(|n| post(n, SHORT))).collect();
    house.site.put(
        "/feed",
        Answer::feed(&format!("<rss version=\"2.0\"><channel><title>Forum</title>{items}</channel></rss>")),
    );
    house.watch("forum", "/feed");
    assert_eq!(house.crawl().await.tally.committed.new_kept, 14);
    let open = house.open();
    let shown = open.parts.store.mentions(porterhouse::model::Look::newest(50)).await.expect("cards");
    let n_of = |text: &str| shown.iter().filter(|card| card.item.text == text).count();
    assert_eq!((n_of(LETTER), n_of(SHORT)), (4, 7), "the first four of a flood cannot be known");
    let all = porterhouse::model::Look { all: true, ..porterhouse::model::Look::newest(50) };
    let all = open.parts.store.mentions(all).await.expect("cards");
    assert_eq!(all.iter().filter(|card| card.item.text == LETTER).count(), 7, "what is spam can be looked at");
    open.parts.store.close().await;
}

#[tokio::test]
async fn what_people_call_spam_is_learned() {
    const CLUB: [&str; 6] = [
        "Steak calendar club: pictures of the Mortons evening are up",
        "The steak calendar club has a new page, Mortons lovers welcome",
        "Have you heard of our steak calendar club? Mortons night on Friday",
        "Our steak calendar club turns three, with cake at Mortons",
        "Mortons fans: the steak calendar club meets on Tuesday",
        "The steak calendar club says hello from the Mortons downtown",
    ];
    const GUESTS: [&str; 4] = [
        "Dinner at Mortons was a delight, the steak could not be better",
        "Mortons lost our table again and nobody had a word for us",
        "Is the new Mortons open on Monday? Asking for my sister",
        "We met at Mortons after ten years, what an evening",
    ];
    let house = TestHouse::new().await;
    let posts = |texts: &[&str], first: usize| {
        let numbered: Vec<(String, &str)> =
            texts.iter().enumerate().map(|(at, text)| ((first + at).to_string(), *text)).collect();
        feed(&numbered.iter().map(|(id, text)| (id.as_str(), NOW, *text)).collect::<Vec<_>>())
    };
    house.site.put("/feed", posts(&[&CLUB[..5], &GUESTS[..3]].concat(), 1));
    house.watch("forum", "/feed");
    assert_eq!(house.crawl().await.tally.committed.new_kept, 8);
    let open = house.open();
    let store = &open.parts.store;
    let all = || porterhouse::model::Look { all: true, ..porterhouse::model::Look::newest(20) };
    for card in store.mentions(all()).await.expect("cards") {
        if card.item.text.contains("calendar club") {
            let said = vec![porterhouse::model::Change::Spam(true)];
            store.correct(card.item_id, None, said, "petra".to_owned(), house.clock()).await.expect("corrected");
        }
    }
    store.close().await;
    drop(open);
    house.site.put("/feed", posts(&[CLUB[5], GUESTS[3]], 20));
    house.crawl().await;
    let open = house.open();
    let store = &open.parts.store;
    let shown = store.mentions(porterhouse::model::Look::newest(20)).await.expect("cards");
    assert!(shown.iter().any(|card| card.item.text == GUESTS[3]), "a guest is heard: {shown:#?}");
    assert!(!shown.iter().any(|card| card.item.text.contains("calendar club")), "the club is spam");
    let traces = store.trace("https://forum.example/20".to_owned()).await.expect("a trace");
    let spam = &traces.kept.first().expect("kept, and can be looked at").spam;
    let learned = spam.reasons.iter().find(|reason| reason.rule == "spam.learned");
    assert!(spam.is_spam && learned.is_some_and(|reason| reason.words.contains("calendar")), "{spam:?}");
    store.close().await;
}
