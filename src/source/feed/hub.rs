//! Who tells what is new (WebSub): the `Link` headers of an answer, else what its document says.
//!
//! In: headers, and the addresses that the document names. Out: a [`Hub`], or nothing. An address that is none of the
//! web, or longer than any that is meant to be used, names nobody.

use crate::model::{Hub, Response};
use url::Url;

/// The longest address.
const ADDRESS_LIMIT_BYTES: usize = 2_000;

/// The most links of all headers that are looked at.
const LINKS_MOST: usize = 50;

/// What a document says of its hub.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) hub: Option<String>,
    pub(super) own: Option<String>,
}

/// The hub of an answer whose document says `told` and is read as that of `base`. Headers go first.
pub(super) fn of_answer(response: &Response, told: Told, base: &str) -> Option<Hub> {
    let links = links(response);
    let linked = |name: &str| {
        let is_meant = |rel: &str| rel.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case(name));
        links.iter().filter(|(_, rel)| is_meant(rel)).find_map(|(target, _)| address(&response.url, target))
    };
    let hub = linked("hub").or_else(|| address(base, &told.hub?))?;
    let topic = linked("self").or_else(|| address(base, &told.own?)).or_else(|| address(base, base))?;
    Some(Hub { hub, topic, base: base.to_owned() })
}

/// `target` seen from `base`, where it is an address of the web.
fn address(base: &str, target: &str) -> Option<String> {
    let url = Url::parse(base).ok()?.join(target.trim()).ok()?;
    let is_plain = matches!(url.scheme(), "http" | "https") && url.username().is_empty() && url.password().is_none();
    (is_plain && url.as_str().len() <= ADDRESS_LIMIT_BYTES).then(|| url.into())
}

/// The targets of every `Link` header with their `rel` (RFC 8288), in their order.
fn links(response: &Response) -> Vec<(String, String)> {
    let headers = response.headers.iter().filter(|(name, _)| name == "link");
    headers.flat_map(|(_, value)| parts(value, ',')).filter_map(link).take(LINKS_MOST).collect()
}

fn link(text: &str) -> Option<(String, String)> {
    let (target, parameters) = text.trim().strip_prefix('<')?.split_once('>')?;
    let rel = parts(parameters, ';').into_iter().find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("rel").then(|| value.trim().trim_matches('"').to_owned())
    });
    Some((target.to_owned(), rel?))
}

/// `text` split at `separator` where that stands neither in `<>` nor in quotes.
fn parts(text: &str, separator: char) -> Vec<&str> {
    let (mut in_address, mut in_quotes) = (false, false);
    text.split(move |c: char| {
        match c {
            '<' if !in_quotes => in_address = true,
            '>' if !in_quotes => in_address = false,
            '"' if !in_address => in_quotes = !in_quotes,
            _ => {}
        }
        c == separator && !in_address && !in_quotes
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const BASE: &str = "https://blog.example/feed";

    fn response(links: &[&str]) -> Response {
        let headers = links.iter().map(|value| ("link".to_owned(), (*value).to_owned())).collect();
        Response { status: 200, url: BASE.to_owned(), headers, body: bytes::Bytes::new() }
    }

    fn found(links: &[&str], hub: Option<&str>, own: Option<&str>) -> Option<(String, String)> {
        let told = Told { hub: hub.map(str::to_owned), own: own.map(str::to_owned) };
        of_answer(&response(links), told, BASE).map(|found| (found.hub, found.topic))
    }

    fn pair(hub: &str, topic: &str) -> Option<(String, String)> {
        Some((hub.to_owned(), topic.to_owned()))
    }

    #[test]
    fn headers_name_it_in_every_form() {
        let both = pair("https://hub.example/", "https://blog.example/a,b;c");
        let own = "<https://blog.example/a,b;c>; title=\"x, <y>; rel=hub\"; REL=self";
        assert_eq!(found(&["<https://hub.example/>; rel=\"hub\"", own], None, None), both);
        assert_eq!(
            found(&[&format!("<//hub.example>;rel=\"nofollow hub\",{own}")], Some("https://x.example"), None),
            both
        );
    }

    #[test]
    fn the_document_names_it_where_no_header_does() {
        assert_eq!(
            found(&["<https://x.example/>; rel=next"], Some("https://hub.example/"), Some("/all.xml")),
            pair("https://hub.example/", "https://blog.example/all.xml")
        );
        assert_eq!(found(&[], Some("https://hub.example/"), None), pair("https://hub.example/", BASE));
        assert_eq!(found(&["<https://blog.example/f>; rel=self"], None, Some(BASE)), None);
    }

    #[test]
    fn what_is_no_address_of_the_web_names_nobody() {
        let long = format!("https://hub.example/{}", "a".repeat(3_000));
        for hub in ["javascript:alert(1)", "file:///etc/passwd", "https://user:pass@hub.example/", &long, "http://["] {
            assert_eq!(found(&[], Some(hub), None), None, "{hub}");
        }
    }

    #[test]
    fn every_kind_of_feed_can_name_one() {
        let source =
            super::super::open(&crate::model::SourceSpec::new(crate::model::SourceName::new("s"), "feed", BASE));
        let rss = "<rss version=\"2.0\" xmlns:atom=\"http://www.w3.org/2005/Atom\"><channel><title>t</title>\
                   <link>https://blog.example/</link><atom:link rel=\"hub\" href=\"https://hub.example/\"/>\
                   <atom:link rel=\"self\" href=\"https://blog.example/all\"/><item><title>x</title></item></channel></rss>";
        let atom = "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>t</title><link rel=\"hub\" href=\"https://hub.example/\"/>\
                    <link rel=\"self\" href=\"/all\"/><entry><id>urn:1</id><title>x</title></entry></feed>";
        let json = "{\"version\": \"https://jsonfeed.org/version/1.1\", \"title\": \"t\", \"feed_url\": \"https://blog.example/all\",\
                    \"hubs\": [{\"type\": \"rssCloud\", \"url\": \"https://other.example/\"}, {\"type\": \"WebSub\", \"url\": \"https://hub.example/\"}],\
                    \"items\": [{\"id\": \"1\", \"content_text\": \"x\"}]}";
        for body in [rss, atom, json] {
            let response = Response { body: body.into(), ..response(&[]) };
            let now = jiff::Timestamp::UNIX_EPOCH;
            let cursor = crate::model::Cursor::default();
            let request = source.start(&cursor, now).remove(0);
            let batch = source.read(&cursor, &request, &response, now).expect("a feed");
            let found = batch.hub.map(|found| (found.hub, found.topic));
            assert_eq!(found, pair("https://hub.example/", "https://blog.example/all"), "{body}");
        }
    }

    proptest! {
        #[test]
        fn any_header_names_an_address_or_nobody(link in "[<>\";,= a-z:/]{0,60}", other in "\\PC{0,60}") {
            if let Some((hub, topic)) = found(&[&link, &other], None, None) {
                prop_assert!(hub.starts_with("http") && topic.starts_with("http"));
            }
        }
    }
}
