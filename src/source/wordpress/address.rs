//! Addresses of a WordPress site: its interface, its lists, its feeds.

use super::state::{List, Way};
use crate::model::Response;
use crate::text::push_unescaped;
use jiff::Timestamp;
use url::Url;

/// How a site names the root of its interface, in a header or in a page.
const RELATION: &str = "https://api.w.org/";

/// Of a page, how far we look for the root's link: it stands in the head.
const HEAD_BYTES: usize = 1 << 20;

/// The longest tag that is looked at.
const TAG_BYTES: usize = 2000;

/// Where WordPress.com answers for all of its sites.
const WORDPRESS_COM: &str = "https://public-api.wordpress.com/wp/v2/sites/";

/// What we want to know of a post and of a comment; the rest of their fields is large.
const POST_FIELDS: &str = "id,link,date,date_gmt,modified_gmt,title,content,status,_links.author,_embedded.author";
const COMMENT_FIELDS: &str = "id,post,parent,author_name,author_url,date,date_gmt,content,link,status,type";

/// The entries of one page: the most that WordPress gives.
pub(super) const PER_PAGE: usize = 100;

/// What is asked of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Query {
    /// The newest entries, newest first.
    Newest,
    /// A page of the entries after an instant, oldest first.
    After(Timestamp, u32),
    /// Posts that were changed after an instant.
    ModifiedAfter(Timestamp),
}

/// The root that an address names by itself: one within an interface, or one of WordPress.com.
pub(super) fn own_root(address: &str) -> Option<String> {
    let mut url = Url::parse(address).ok()?;
    if let Some(root) = plain_root(&url) {
        return Some(root);
    }
    let host = url.host_str()?.to_owned();
    if host == "public-api.wordpress.com" {
        let site = url.path().split_once("/sites/")?.1.split('/').next().filter(|site| !site.is_empty())?;
        return Some(format!("{WORDPRESS_COM}{site}/"));
    }
    if host.ends_with(".wordpress.com") {
        return Some(format!("{WORDPRESS_COM}{host}/"));
    }
    let (before, _) = url.path().split_once("/wp-json")?;
    let path = format!("{before}/wp-json/");
    url.set_path(&path);
    url.set_query(None);
    url.set_fragment(None);
    Some(url.into())
}

/// `https://blog.example/?rest_route=/`, of any address with that parameter.
fn plain_root(url: &Url) -> Option<String> {
    url.query_pairs().any(|(name, _)| name == "rest_route").then(|| {
        let mut root = url.clone();
        root.set_query(Some("rest_route=/"));
        root.set_fragment(None);
        root.into()
    })
}

/// The root that a page names: in a `Link` header, else in a `<link>`.
pub(super) fn named_root(response: &Response) -> Option<String> {
    let base = Url::parse(&response.url).ok()?;
    let headers = response.headers.iter().filter(|(name, _)| name == "link");
    let named = headers.filter_map(|(_, value)| target_of(value, |relation| relation.contains(RELATION))).next();
    let head = response.body.get(..HEAD_BYTES.min(response.body.len())).unwrap_or_default();
    let root = base.join(&named.or_else(|| linked_root(&String::from_utf8_lossy(head)))?).ok()?;
    matches!(root.scheme(), "http" | "https").then(|| root.into())
}

/// The target of the first link in a `Link` header whose parameters are as wanted (RFC 8288).
pub(super) fn target_of(header: &str, is_wanted: impl Fn(&str) -> bool) -> Option<String> {
    let mut rest = header;
    while let Some((target, after)) = rest.split_once('<').and_then(|(_, inside)| inside.split_once('>')) {
        let parameters = after.split('<').next().unwrap_or("");
        if is_wanted(parameters) {
            return Some(target.trim().to_owned());
        }
        rest = after;
    }
    None
}

fn linked_root(html: &str) -> Option<String> {
    let tags = html.match_indices("<link").filter_map(|(at, _)| {
        let tag = html.get(at..)?;
        let end = tag.bytes().take(TAG_BYTES).position(|byte| byte == b'>')?;
        tag.get(..end)
    });
    let tag = tags.into_iter().find(|tag| tag.contains(RELATION))?;
    let (_, value) = tag.split_once("href=")?;
    let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''));
    let value = match quote {
        Some(quote) => value.get(1..)?.split(quote).next()?,
        None => value.split(|c: char| c.is_whitespace()).next()?,
    };
    let mut plain = String::new();
    push_unescaped(&mut plain, value.trim());
    Some(plain)
}

/// Where the root would be on a site that does not name it.
pub(super) fn guessed_root(page: &str) -> Option<String> {
    Some(home_of(page)?.join("wp-json/").ok()?.into())
}

/// The other place where a guessed root may be: sites without pretty addresses.
pub(super) fn other_guess(root: &str) -> Option<String> {
    let home = root.strip_suffix("wp-json/")?;
    Some(format!("{home}?rest_route=/"))
}

/// The front page of the site that a page belongs to, as far as its address tells.
fn home_of(page: &str) -> Option<Url> {
    let url = Url::parse(page).ok()?;
    let mut depth = url.path_segments()?.filter(|part| !part.is_empty());
    let is_folder = url.path().ends_with('/') && depth.next().is_some() && depth.next().is_none();
    let is_home = is_folder && url.query().is_none();
    // "/blog/" may be a blog in a folder, and "/feed/" is none.
    if is_home && !url.path().ends_with("feed/") { Some(url) } else { url.join("/").ok() }
}

/// The address of a list below `root`.
pub(super) fn list(root: &str, list: List, query: Query) -> Option<String> {
    let mut url = Url::parse(root).ok()?;
    let name = match list {
        List::Posts => "posts",
        List::Comments => "comments",
    };
    let is_plain = plain_root(&url).is_some();
    if !is_plain {
        let path = url.path().trim_end_matches('/').to_owned();
        let version = if path.contains("/wp/v2") { "" } else { "/wp/v2" };
        url.set_path(&format!("{path}{version}/{name}"));
    }
    url.set_query(None);
    let mut pairs = url.query_pairs_mut();
    if is_plain {
        pairs.append_pair("rest_route", &format!("/wp/v2/{name}"));
    }
    pairs.append_pair("per_page", &PER_PAGE.to_string());
    let by_date = if list == List::Posts { "date" } else { "date_gmt" };
    match query {
        Query::Newest => pairs.append_pair("orderby", by_date).append_pair("order", "desc"),
        Query::After(after, page) => {
            pairs.append_pair("orderby", by_date).append_pair("order", "asc").append_pair("after", &seconds(after));
            if page > 1 { pairs.append_pair("page", &page.to_string()) } else { &mut pairs }
        }
        Query::ModifiedAfter(after) => pairs
            .append_pair("orderby", "modified")
            .append_pair("order", "desc")
            .append_pair("modified_after", &seconds(after)),
    };
    if list == List::Posts {
        pairs.append_pair("_embed", "author");
    }
    pairs.append_pair("_fields", if list == List::Posts { POST_FIELDS } else { COMMENT_FIELDS });
    drop(pairs);
    Some(url.into())
}

/// The address of the entries `ids` of a list below `root`.
pub(super) fn included(root: &str, list: List, ids: &[&str]) -> Option<String> {
    let mut url = Url::parse(&self::list(root, list, Query::Newest)?).ok()?;
    url.query_pairs_mut().append_pair("include", &ids.join(","));
    Some(url.into())
}

/// RFC 3339 in whole seconds.
fn seconds(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// What a list's address asks for; `None` where it is none.
pub(super) fn asked(address: &str) -> Option<(List, Query)> {
    let url = Url::parse(address).ok()?;
    let value = |wanted: &str| url.query_pairs().find(|(name, _)| name == wanted).map(|(_, value)| value.into_owned());
    let route = value("rest_route").unwrap_or_else(|| url.path().to_owned());
    let route = route.trim_end_matches('/');
    let list = match route {
        _ if !route.contains("/wp/v2/") => return None,
        _ if route.ends_with("/posts") => List::Posts,
        _ if route.ends_with("/comments") => List::Comments,
        _ => return None,
    };
    let instant = |name: &str| value(name).and_then(|text| text.parse::<Timestamp>().ok());
    let page = value("page").and_then(|page| page.parse().ok()).unwrap_or(1);
    let after = instant("after").map(|after| Query::After(after, page));
    let modified = || instant("modified_after").map(Query::ModifiedAfter);
    Some((list, after.or_else(modified).unwrap_or(Query::Newest)))
}

/// The address of a list's feed, of the site with that root.
pub(super) fn feed(root: &str, list: List, way: Way) -> Option<String> {
    let home = home_of_root(root)?;
    let name = match (list, way) {
        (List::Posts, Way::Feed) => "feed/",
        (List::Comments, Way::Feed) => "comments/feed/",
        (List::Posts, Way::PlainFeed) => "?feed=rss2",
        (List::Comments, Way::PlainFeed) => "?feed=comments-rss2",
        _ => return None,
    };
    Some(home.join(name).ok()?.into())
}

/// The list of a feed's address.
pub(super) fn list_of_feed(address: &str) -> List {
    let is_of_comments = address.ends_with("/comments/feed/") || address.ends_with("?feed=comments-rss2");
    if is_of_comments { List::Comments } else { List::Posts }
}

fn home_of_root(root: &str) -> Option<Url> {
    if let Some(host) = root.strip_prefix(WORDPRESS_COM) {
        return Url::parse(&format!("https://{host}")).ok();
    }
    let mut url = Url::parse(root).ok()?;
    url.set_query(None);
    let path = url.path().split_once("/wp-json").map_or(url.path(), |(before, _)| before);
    let path = path.trim_end_matches("index.php").trim_end_matches('/').to_owned();
    url.set_path(&format!("{path}/"));
    Some(url)
}

/// The page that a comment stands under: its link without the comment and without the number of the comments' page.
pub(super) fn page_of_comment(link: &str) -> String {
    let page = link.split('#').next().unwrap_or(link);
    let Ok(mut url) = Url::parse(page) else { return page.to_owned() };
    if let Some((before, number)) = url.path().split_once("/comment-page-")
        && number.trim_end_matches('/').bytes().all(|byte| byte.is_ascii_digit())
    {
        let end = if number.ends_with('/') { "/" } else { "" };
        let path = format!("{before}{end}");
        url.set_path(&path);
        return url.into();
    }
    if url.query_pairs().any(|(name, _)| name == "cpage") {
        let rest: Vec<(String, String)> = url
            .query_pairs()
            .filter(|(name, _)| name != "cpage")
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect();
        url.set_query(None);
        if !rest.is_empty() {
            url.query_pairs_mut().extend_pairs(rest);
        }
        return url.into();
    }
    page.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(headers: &[(&str, &str)], body: &str) -> Response {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let url = "https://blog.example/2024/post/".to_owned();
        Response { status: 200, url, headers, body: bytes::Bytes::copy_from_slice(body.as_bytes()) }
    }

    #[test]
    fn the_root_is_named_by_a_header_or_by_the_page() {
        let header =
            "<https://blog.example/feed/>; rel=alternate, <https://blog.example/wp-json/>; rel=\"https://api.w.org/\"";
        let with_header = page(&[("link", "</x>; rel=preload"), ("link", header)], "");
        assert_eq!(named_root(&with_header).as_deref(), Some("https://blog.example/wp-json/"));
        for html in [
            "<head><link rel='stylesheet' href='/x.css'/><link rel=\"https://api.w.org/\" href=\"/index.php?rest_route=/&#038;x=1\" />",
            "<link href='/index.php?rest_route=/&amp;x=1' rel='https://api.w.org/'>",
        ] {
            let root = named_root(&page(&[], html));
            assert_eq!(root.as_deref(), Some("https://blog.example/index.php?rest_route=/&x=1"));
        }
        assert_eq!(named_root(&page(&[], "<link rel=\"https://api.w.org/\"")), None);
        assert_eq!(named_root(&page(&[], "<link rel='https://api.w.org/' href='javascript:1'>")), None);
    }

    #[test]
    fn some_addresses_name_their_root_themselves() {
        for (address, root) in [
            ("https://b.example/wp-json/wp/v2/comments?page=2", Some("https://b.example/wp-json/")),
            ("https://b.example/blog/wp-json", Some("https://b.example/blog/wp-json/")),
            ("https://b.example/?rest_route=/wp/v2/posts&page=2", Some("https://b.example/?rest_route=/")),
            (
                "https://food.wordpress.com/2024/",
                Some("https://public-api.wordpress.com/wp/v2/sites/food.wordpress.com/"),
            ),
            (
                "https://public-api.wordpress.com/wp/v2/sites/b.example/posts",
                Some("https://public-api.wordpress.com/wp/v2/sites/b.example/"),
            ),
            ("https://b.example/", None),
        ] {
            assert_eq!(own_root(address).as_deref(), root, "{address}");
        }
    }

    #[test]
    fn what_a_list_is_asked_can_be_read_from_its_address() {
        let after = "2026-03-01T10:00:00Z".parse().expect("a time");
        for root in [
            "https://b.example/wp-json/",
            "https://b.example/?rest_route=/",
            "https://public-api.wordpress.com/wp/v2/sites/b.example/",
        ] {
            for query in [Query::Newest, Query::After(after, 1), Query::After(after, 3), Query::ModifiedAfter(after)] {
                for which in [List::Posts, List::Comments] {
                    let address = list(root, which, query).expect("an address");
                    assert_eq!(asked(&address), Some((which, query)), "{address}");
                }
            }
        }
        assert_eq!(asked("https://b.example/wp-json/wp/v2/users"), None);
    }

    #[test]
    fn feeds_lie_beside_the_interface() {
        for (root, feed_address) in [
            ("https://b.example/blog/wp-json/", "https://b.example/blog/comments/feed/"),
            ("https://b.example/index.php?rest_route=/", "https://b.example/comments/feed/"),
            (
                "https://public-api.wordpress.com/wp/v2/sites/food.wordpress.com/",
                "https://food.wordpress.com/comments/feed/",
            ),
        ] {
            assert_eq!(feed(root, List::Comments, Way::Feed).as_deref(), Some(feed_address));
            assert_eq!(list_of_feed(feed_address), List::Comments);
        }
        let plain = feed("https://b.example/wp-json/", List::Posts, Way::PlainFeed);
        assert_eq!(plain.as_deref(), Some("https://b.example/?feed=rss2"));
        let guess = guessed_root("https://b.example/blog/").expect("a guess");
        assert_eq!(guess, "https://b.example/blog/wp-json/");
        assert_eq!(other_guess(&guess).as_deref(), Some("https://b.example/blog/?rest_route=/"));
        assert_eq!(guessed_root("https://b.example/2024/05/post/").as_deref(), Some("https://b.example/wp-json/"));
    }

    #[test]
    fn a_comments_link_leads_to_its_page() {
        for (link, target) in [
            ("https://b.example/steak/comment-page-2/#comment-7", "https://b.example/steak/"),
            ("https://b.example/steak/#comment-7", "https://b.example/steak/"),
            ("https://b.example/?p=9&cpage=2#comment-7", "https://b.example/?p=9"),
        ] {
            assert_eq!(page_of_comment(link), target);
        }
    }
}
