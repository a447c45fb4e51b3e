//! The posts of the demo's small internet, and the feeds that carry them.

use jiff::{SignedDuration, Timestamp};

/// One post of the demo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DemoPost {
    pub(super) feed: &'static str,
    pub(super) at: Timestamp,
    pub(super) author: &'static str,
    pub(super) handle: Option<&'static str>,
    pub(super) title: &'static str,
    pub(super) text: &'static str,
}

/// Every post, with its time counted back from `now`, newest first within a feed.
pub(super) fn posts(now: Timestamp) -> Vec<DemoPost> {
    let rows = include_str!("posts.tsv").lines().filter(|line| !line.starts_with('#'));
    rows.filter_map(|row| post(row, now)).collect()
}

fn post(row: &'static str, now: Timestamp) -> Option<DemoPost> {
    let mut cells = row.split('\t');
    let feed = cells.next()?;
    let minutes: i64 = cells.next()?.parse().ok()?;
    let (author, handle) = match cells.next()?.split_once(" @") {
        Some((name, _)) => (name, cells_handle(row)),
        None => (row.split('\t').nth(2)?, None),
    };
    let title = cells.next()?;
    let text = cells.next()?;
    let at = now.checked_sub(SignedDuration::from_mins(minutes)).ok()?;
    Some(DemoPost { feed, at, author, handle, title, text })
}

fn cells_handle(row: &'static str) -> Option<&'static str> {
    row.split('\t').nth(2)?.split_once('@').map(|(_, handle)| handle)
}

/// The feed named `name` as its format writes it.
pub(super) fn feed(name: &str, posts: &[DemoPost], base: &str) -> Option<String> {
    let of_feed: Vec<&DemoPost> = posts.iter().filter(|post| post.feed == name).collect();
    match name {
        "chirper" => Some(atom(&of_feed, base)),
        "tabletalk" => Some(rss("Table Talk", "tabletalk", &of_feed, base)),
        "kommentare" => Some(rss("Kommentare zu: Netzleben", "kommentare", &of_feed, base)),
        "netzleben" => Some(json(&of_feed, base)),
        _ => None,
    }
}

fn escaped(text: &str) -> String {
    quick_xml::escape::escape(text).into_owned()
}

fn atom(posts: &[&DemoPost], base: &str) -> String {
    let entries: String = posts
        .iter()
        .enumerate()
        .map(|(index, post)| {
            let handle = post.handle.unwrap_or("unknown");
            format!(
                "<entry><id>{base}/chirper/{index}</id><title/><link href=\"{base}/chirper/{index}\"/>\
                 <published>{at}</published><updated>{at}</updated>\
                 <author><name>{name}</name><uri>{base}/@{handle}</uri></author>\
                 <content type=\"html\">{content}</content></entry>\n",
                at = post.at,
                name = escaped(post.author),
                content = escaped(&format!("<p>{}</p>", escaped(post.text))),
            )
        })
        .collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\"><id>{base}/chirper</id>\
         <title>Chirper, everybody</title><link href=\"{base}/chirper\"/>\n{entries}</feed>\n"
    )
}

fn rss(title: &str, path: &str, posts: &[&DemoPost], base: &str) -> String {
    let items: String = posts
        .iter()
        .enumerate()
        .map(|(index, post)| {
            format!(
                "<item><title>{}</title><link>{base}/{path}/{index}</link><guid>{base}/{path}/{index}</guid>\
                 <pubDate>{}</pubDate><dc:creator>{}</dc:creator><description>{}</description></item>\n",
                escaped(post.title),
                post.at.strftime("%a, %d %b %Y %H:%M:%S +0000"),
                escaped(post.author),
                escaped(&format!("<p>{}</p>", escaped(post.text))),
            )
        })
        .collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<rss version=\"2.0\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\
         <channel><title>{}</title><link>{base}/{path}</link>\n{items}</channel></rss>\n",
        escaped(title)
    )
}

fn json(posts: &[&DemoPost], base: &str) -> String {
    let items: Vec<serde_json::Value> = posts
        .iter()
        .enumerate()
        .map(|(index, post)| {
            serde_json::json!({
                "id": format!("{base}/netzleben/{index}"),
                "url": format!("{base}/netzleben/{index}"),
                "title": post.title,
                "content_text": post.text,
                "date_published": post.at.to_string(),
                "authors": [{ "name": post.author }],
            })
        })
        .collect();
    serde_json::json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Netzleben, Blogs aus der Nachbarschaft",
        "home_page_url": format!("{base}/netzleben"),
        "language": "de",
        "items": items,
    })
    .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_a_post_of_a_feed_that_is_served() {
        let now = Timestamp::from_second(1_800_000_000).expect("in range");
        let all = posts(now);
        let rows = include_str!("posts.tsv").lines().filter(|line| !line.starts_with('#')).count();
        assert_eq!(all.len(), rows);
        for post in &all {
            assert!(feed(post.feed, &all, "http://127.0.0.1:1").is_some(), "{post:?}");
            assert!(!post.text.is_empty());
        }
        assert!(all.iter().any(|post| post.handle == Some("petershankman") && post.at == now));
    }
}
