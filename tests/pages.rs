//! Pages over loopback: a blog without a feed, comments below its articles, hostile pages.

use crate::support::{Answer, TestHouse};
use std::fmt::Write;

const PRAISE: &str = "Wir waren gestern essen, und das Porterhouse war so gut, dass wir bald wiederkommen wollen. ";

fn html(body: &str) -> Answer {
    Answer::bytes("text/html; charset=utf-8", body.as_bytes())
}

fn watch_page(house: &TestHouse, id: &str, path: &str) {
    let url = house.site.url(path);
    house.append("sources.toml", &format!("\n[[source]]\nid = \"{id}\"\nengine = \"page\"\nurl = \"{url}\"\n"));
}

fn front(to: usize) -> Answer {
    let teasers =
        (1..=to).rev().map(|n| format!("<article><h2><a href='/post/{n}'>Beitrag Nummer {n}</a></h2></article>"));
    html(&format!("<body class=home>{}", teasers.collect::<String>()))
}

fn post(n: usize, comments: &[&str]) -> Answer {
    let text = PRAISE.repeat(8);
    let mut page = format!(
        "<html lang=en><head><title>Beitrag {n}</title><meta property='article:published_time' content='2026-03-06T12:00:00Z'></head>\
         <body class=single><article><h1>Beitrag {n}</h1><p>{text}</p><p>{text}</p></article><ol class=commentlist>"
    );
    for (index, comment) in comments.iter().enumerate() {
        let _ = write!(
            page,
            "<li class=comment id=comment-{index}><cite class=fn>Guest {index}</cite><time datetime='2026-03-06T13:00:00Z'>x</time><p>{comment}</p></li>"
        );
    }
    html(&page)
}

#[tokio::test]
async fn a_comment_below_an_article_is_found_when_it_comes() {
    let house = TestHouse::new().await;
    watch_page(&house, "blog", "/");
    house.site.put("/", front(5));
    (1..=6).for_each(|n| house.site.put(&format!("/post/{n}"), post(n, &[])));
    house.crawl().await;
    assert!(house.printed().is_empty());
    let gripe = "I waited an hour at Morton's and the steak was cold. Terrible service, never again!";
    house.site.put("/post/3", post(3, &["Nice.", gripe]));
    house.site.put("/", front(6));
    house.advance_minutes(60);
    let n_asked = house.site.n_asked();
    house.crawl().await;
    assert!(house.site.asked("/post/6").len() == 1 && house.printed().is_empty(), "only what is new is read");
    assert!(house.site.n_asked() <= n_asked + 3);
    // Young articles are looked at again after six hours, three at a time.
    for _ in 0..2 {
        house.advance_minutes(6 * 60 + 1);
        house.crawl().await;
    }
    let printed = house.printed();
    assert!(printed.contains("the steak was cold") && printed.contains("/post/3#comment-1"), "{printed}");
    house.advance_minutes(6 * 60 + 1);
    house.crawl().await;
    assert_eq!(house.printed(), printed, "told once");
}

#[tokio::test]
async fn hostile_pages_end_and_are_told() {
    let house = TestHouse::new().await;
    let good = format!(
        "<body class=single><article><h1>Morton's</h1><p>{}</p></article>",
        "The steak at Morton's was cold. ".repeat(30)
    );
    let huge = good.replace("</article>", &format!("{}</article>", "<p>x</p>".repeat(20 << 17)));
    let pages = [
        ("deep", format!("{}{good}", "<div>".repeat(50_000))),
        ("huge", huge),
        (
            "lies",
            format!(
                "<script type='application/ld+json'>{{\"@type\":\"Article\",\"articleBody\":\"{}\"</script>{good}",
                "x ".repeat(900)
            ),
        ),
        (
            "nested",
            format!("<script type='application/ld+json'>{}</script>{good}", "{\"@type\":\"A\",\"x\":".repeat(1_000)),
        ),
        ("empty", String::new()),
        ("feed", "<rss version='2.0'></rss>".to_owned()),
        (
            "crowd",
            format!(
                "{good}<ol class=commentlist>{}</ol>",
                (0..10_000)
                    .map(|n| format!(
                        "<li class=comment id=comment-{n}><cite class=fn>Guest</cite><p>Comment {n}</p></li>"
                    ))
                    .collect::<String>()
            ),
        ),
        (
            "circle",
            format!(
                "{}<a rel=next href='/circle'>next</a>",
                (1..9)
                    .map(|n| format!("<h2><a href='/circle?{n}'>A title of some length</a></h2>"))
                    .collect::<String>()
            ),
        ),
    ];
    for (name, page) in &pages {
        house.site.put(&format!("/{name}"), html(page));
        watch_page(&house, name, &format!("/{name}"));
    }
    let latin: Vec<u8> =
        good.replace("cold", "k\u{fc}hl").chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect();
    house.site.put("/latin", Answer::bytes("text/html; charset=utf-8", &latin));
    watch_page(&house, "latin", "/latin");
    house.crawl().await;
    let house_ = house.open();
    let states = house_.parts.store.source_states().await.expect("states");
    let told = |name: &str| {
        let state = states.iter().find(|state| state.source.as_str() == name).expect("read");
        (state.health.as_str(), state.message.clone())
    };
    for name in ["deep", "lies", "nested", "crowd", "circle", "latin"] {
        assert_eq!(told(name).0, "fresh", "{name}: {}", told(name).1);
    }
    assert_eq!(told("huge").0, "broken", "{}", told("huge").1);
    assert_eq!(told("empty"), ("broken", "the answer is empty; look whether the address still exists".to_owned()));
    assert!(told("feed").1.contains("set engine = \"feed\""));
    assert!(told("lies").1.contains("broken JSON"), "{}", told("lies").1);
}
