//! The feeds of a site whose interface is closed: read by the reader of feeds, with the ids of the interface.

use super::state::List;
use crate::model::{Batch, Cursor, Item, ItemKind, Medium, Request, Response, SourceSpec};
use crate::source::{ReadError, feed};
use jiff::Timestamp;

/// What stands before a comment's number in its id and its link.
const COMMENT_MARK: &str = "#comment-";

/// Whether an answer begins as feeds do.
pub(super) fn is_feed(body: &[u8]) -> bool {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body).trim_ascii_start();
    [b"<?xml".as_slice(), b"<rss", b"<feed"].iter().any(|beginning| body.starts_with(beginning))
}

/// Reads a feed of posts or of comments.
pub(super) fn read(
    spec: &SourceSpec,
    list: List,
    (request, response): (&Request, &Response),
    now: Timestamp,
) -> Result<Batch, ReadError> {
    let mut batch = feed::open(spec).read(&Cursor::default(), request, response, now)?;
    for item in &mut batch.items {
        match list {
            List::Posts => name_post(item),
            List::Comments => name_comment(item),
        }
    }
    Ok(batch)
}

/// `https://blog.example/?p=560` is the post 560.
fn name_post(item: &mut Item) {
    if let Some(id) = post_number(&item.key.id) {
        item.key.id = format!("post-{id}");
    }
    if item.kind == ItemKind::Post {
        item.kind = ItemKind::Article;
    }
}

/// `https://blog.example/?p=99#comment-3353` is the comment 3353, under the post 99 unless it answers another comment.
fn name_comment(item: &mut Item) {
    let post = item.key.id.split('#').next().and_then(post_number).map(|id| format!("post-{id}"));
    let answered = item.parent.as_deref().and_then(comment_number).map(|id| format!("comment-{id}"));
    item.parent = answered.or(post).or_else(|| item.parent.take());
    let own = comment_number(&item.key.id).or_else(|| comment_number(item.url.as_deref()?));
    if let Some(id) = own {
        item.key.id = format!("comment-{id}");
    }
    (item.kind, item.medium) = (ItemKind::Comment, Medium::Comment);
    let page = item.url.as_deref().map(super::address::page_of_comment);
    item.target = page.or_else(|| item.target.take());
    item.thread = item.target.clone();
}

fn post_number(address: &str) -> Option<u64> {
    let (_, query) = address.split_once('?')?;
    query.split('&').find_map(|pair| pair.strip_prefix("p=")?.parse().ok())
}

fn comment_number(address: &str) -> Option<u64> {
    address.rsplit_once(COMMENT_MARK)?.1.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::SourceName;

    #[test]
    fn a_feeds_items_have_the_ids_of_the_interface() {
        let (name, url) = (SourceName::new("blog"), "https://b.example/".to_owned());
        let spec = SourceSpec::new(name, "wordpress", url);
        let items_of = |list, items: &str| {
            let url = "https://b.example/feed/".to_owned();
            let body = format!("<rss version=\"2.0\"><channel><title>B</title>{items}</channel></rss>");
            let request = Request::plain(url.clone(), 1);
            let response = Response { status: 200, url, headers: Vec::new(), body: body.into() };
            read(&spec, list, (&request, &response), Timestamp::UNIX_EPOCH).expect("a feed").items
        };
        let posts = items_of(
            List::Posts,
            "<item><guid isPermaLink=\"false\">https://b.example/?p=560</guid><title>T</title></item>\
             <item><guid>tag:other</guid><title>U</title></item>",
        );
        assert_eq!((posts[0].key.id.as_str(), posts[1].key.id.as_str()), ("post-560", "tag:other"));
        let comments = items_of(
            List::Comments,
            "<item><title>Comment on T by Ina</title><link>https://b.example/t/comment-page-1/#comment-7</link>\
             <guid>https://b.example/?p=560#comment-7</guid><description>Yes</description></item>\
             <item><title>By: Uwe</title><link>https://b.example/t/#comment-8</link><guid>https://b.example/?p=560#comment-8</guid>\
             <description>&lt;p&gt;In reply to &lt;a href=\"https://b.example/t/#comment-7\"&gt;Ina&lt;/a&gt;. No</description></item>",
        );
        let ids: Vec<_> = comments.iter().map(|item| (item.key.id.as_str(), item.parent.as_deref())).collect();
        assert_eq!(ids, [("comment-7", Some("post-560")), ("comment-8", Some("comment-7"))]);
        assert_eq!(comments[0].target.as_deref(), Some("https://b.example/t/"));
        assert!(comments.iter().all(|item| item.medium == Medium::Comment && item.kind == ItemKind::Comment));
    }
}
