//! What pages of several kinds offer.

use super::*;
use expect_test::{Expect, expect};

fn check(html: &str, url: &str, expected: Expect) {
    let lines: Vec<String> = offers(html.as_bytes(), Some("text/html"), url)
        .into_iter()
        .map(|offer| {
            let preset = offer.preset.map(|preset| format!(" ({preset})")).unwrap_or_default();
            let recipe = offer.recipe.map(|recipe| {
                format!(
                    "; {}",
                    recipe.parts().map(|(key, part)| format!("{key} = {part}")).collect::<Vec<_>>().join(", ")
                )
            });
            format!(
                "{:?}: {}{preset} {}; {}{}",
                offer.kind,
                offer.engine,
                offer.url,
                offer.why,
                recipe.unwrap_or_default()
            )
        })
        .collect();
    expected.assert_eq(&lines.join("\n"));
}

#[test]
fn a_wordpress_blog_offers_its_interface_and_its_feeds() {
    check(
        "<html><head><link rel=alternate type='application/rss+xml' title='Grillblog' href='/feed/'>\
         <link rel=alternate type='application/rss+xml' title='Grillblog Kommentar-Feed' href='/comments/feed/'>\
         <link rel='alternate' type='application/json+oembed' href='/wp-json/oembed/1.0/embed?url=x'>\
         <link rel='https://api.w.org/' href='https://grill.example/blog/wp-json/'></head><body class=home>\
         <h2><a href=/a-post-1>Ein erster Beitrag</a></h2><h2><a href=/a-post-2>Ein zweiter Beitrag</a></h2>\
         <h2><a href=/a-post-3>Ein dritter Beitrag</a></h2><h2><a href=/a-post-4>Ein vierter Beitrag</a></h2>",
        "https://grill.example/blog/",
        expect![[r#"
            WordPress: wordpress https://grill.example/blog/; a WordPress site: its posts and the comments below them
            Feed: feed https://grill.example/feed/; the page names it as its feed
            CommentFeed: feed https://grill.example/comments/feed/; the page names it as the feed of its comments
            Page: page https://grill.example/blog/; a list of articles, which are read one by one"#]],
    );
}

#[test]
fn forums_and_channels_are_known_by_their_marks() {
    check(
        "<body id=phpbb class='section-viewtopic'><div class=post>",
        "https://forum.example/viewtopic.php?t=7",
        expect![[r#"
        Preset: page (phpbb) https://forum.example/viewtopic.php?t=7; a thread of a phpBB forum
        ForumFeed: feed https://forum.example/app.php/feed; the feed of a phpBB forum, where it is switched on"#]],
    );
    check(
        "<meta name=generator content='vBulletin 4.2'><div id=post_message_1>x",
        "https://vb.example/showthread.php?7",
        expect![[r#"
        Preset: page (vbulletin) https://vb.example/showthread.php?7; a thread of a vBulletin forum
        ForumFeed: feed https://vb.example/external.php?type=RSS2; the feed of a vBulletin forum"#]],
    );
    check(
        "<p>x",
        "https://t.me/steakhaus",
        expect![[r#"
        Preset: page (telegram) https://t.me/s/steakhaus; a Telegram channel
        Page: page https://t.me/steakhaus; a page that is watched for what is new on it"#]],
    );
    check(
        "<meta name=generator content='Discourse 3.4'>",
        "https://talk.example/latest",
        expect![[r#"
        ForumFeed: feed https://talk.example/posts.rss; the newest posts of a Discourse forum
        Page: page https://talk.example/latest; a page that is watched for what is new on it"#]],
    );
}

#[test]
fn a_page_of_blocks_offers_a_recipe() {
    let block = |n: usize| {
        format!(
            "<div class='review-card r{n}' data-id={n}><h3>Titel {n}</h3><span class=author>Gast {n}</span>\
             <time datetime='2026-01-0{n}'>{n}. Januar</time><div class=text>Das Steak war zart und die Bedienung freundlich.</div></div>"
        )
    };
    let blocks: String = (1..=4).map(block).collect();
    check(
        &format!("<div class=nav>x</div><main>{blocks}</main>"),
        "https://place.example/reviews",
        expect![[r#"
            Page: page https://place.example/reviews; blocks that are alike stand one below the other on the page; item = div.review-card, id = @data-id, title = h3, text = .text, time = time[datetime]@datetime, author = .author
            Page: page https://place.example/reviews; an article"#]],
    );
}

#[test]
fn robots_txt_names_sitemaps() {
    let urls: Vec<String> = sitemaps_in_robots("User-agent: *\nSitemap: https://b.example/s.xml\nsitemap: nonsense\n")
        .into_iter()
        .map(|o| o.url)
        .collect();
    assert_eq!(urls, ["https://b.example/s.xml"]);
    assert!(guesses("https://b.example/x/y").iter().any(|offer| offer.url == "https://b.example/feed/"));
}

proptest::proptest! {
    #[test]
    fn any_page_is_fine(html in "(<|>|/|link|rel=alternate|type=application/rss\\+xml|href=|class=a|div|\"|'| |\\PC){0,60}") {
        let _ = offers(html.as_bytes(), None, "https://x.example/");
    }
}
