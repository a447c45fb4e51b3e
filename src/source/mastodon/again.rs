//! Asks the server on which a post was written for it once more: is it still there, and as it was?
//!
//! In: keys of kept items. Out: one request for each whose address says what its own server calls it, where that is one
//! of the servers of the source; what an answer says of it. Of posts of other servers nothing is asked: a copy that is
//! gone says nothing of the post.

use super::answer::{self, Holds};
use super::ask;
use super::status::{NAMESPACE, Setting, Wishes, item};
use crate::model::{ItemKey, MastodonServer, MastodonSpec, Response, SourceName};
use crate::source::{Look, Sight};
use jiff::Timestamp;

/// The requests that ask about `due`, in its order.
pub(super) fn looks(spec: &MastodonSpec, due: &[ItemKey]) -> Vec<Look> {
    let look = |key: &ItemKey| {
        let (server, id) = spec.servers.iter().find_map(|server| Some((server, own_id(server, key)?)))?;
        let url = format!("{}/api/v1/statuses/{id}", server.url);
        Some(Look { request: ask::of_server(server, url), keys: vec![key.clone()] })
    };
    due.iter().filter_map(look).collect()
}

/// What `server` calls the post, where it was written there: `/users/NAME/statuses/ID`, or `/ap/users/N/statuses/ID`.
fn own_id<'k>(server: &MastodonServer, key: &'k ItemKey) -> Option<&'k str> {
    let path = key.id.strip_prefix(server.url.as_str()).filter(|_| key.namespace == NAMESPACE)?;
    let path = path.strip_prefix("/ap").unwrap_or(path).strip_prefix("/users/")?;
    let (name, id) = path.split_once("/statuses/")?;
    let is_number = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
    (is_number && !name.is_empty() && !name.contains('/')).then_some(id)
}

/// What an answer says of the one post that `look` asks about.
pub(super) fn looked(
    source: &SourceName,
    look: &Look,
    answer: Result<&Response, u16>,
    now: Timestamp,
) -> Vec<(ItemKey, Sight)> {
    let [key] = look.keys.as_slice() else { return Vec::new() };
    let sight = match answer {
        Ok(response) => there(source, key, response, now),
        Err(404 | 410) => Some(Sight::Missing),
        Err(401 | 403) => Some(Sight::Refused),
        Err(_) => None,
    };
    sight.map(|sight| vec![(key.clone(), sight)]).unwrap_or_default()
}

fn there(source: &SourceName, key: &ItemKey, response: &Response, now: Timestamp) -> Option<Sight> {
    let Ok(Holds::Statuses(statuses)) = answer::read(&response.body) else { return None };
    let [status] = statuses.as_slice() else { return None };
    // It was admitted when it was kept.
    let wishes = Wishes { unlisted: true, respect: false, by_words: false };
    let setting = Setting { source, server: None, now, wishes };
    let item = item(status, &setting).ok().filter(|item| item.key == *key)?;
    Some(Sight::There { item: Box::new(item), same_form: true })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{MastodonListen, SecretRef};
    use proptest::prelude::*;
    use serde_json::json;

    fn spec() -> MastodonSpec {
        let server = |url: &str, token| MastodonServer { url: url.to_owned(), token };
        MastodonSpec {
            servers: vec![
                server("https://a.example", None),
                server("https://b.example", Some(SecretRef::Env("TOKEN".to_owned()))),
            ],
            tags: vec!["steak".to_owned()],
            any: Vec::new(),
            all: Vec::new(),
            none: Vec::new(),
            search: Vec::new(),
            unlisted: false,
            respect: true,
            listen: MastodonListen::Never,
        }
    }

    fn key(id: &str) -> ItemKey {
        ItemKey { namespace: NAMESPACE.to_owned(), id: id.to_owned() }
    }

    fn seen(answer: Result<&str, u16>) -> String {
        let looks = looks(&spec(), &[key("https://a.example/users/ann/statuses/7")]);
        let response = |body: &str| Response {
            status: 200,
            url: "https://a.example/api/v1/statuses/7".to_owned(),
            headers: Vec::new(),
            body: body.to_owned().into(),
        };
        let response = answer.map(response);
        let now = "2026-03-06T17:00:00Z".parse().expect("a time");
        let sights = looked(&SourceName::new("fedi"), &looks[0], response.as_ref().map_err(|status| *status), now);
        let word = |(_, sight)| match sight {
            Sight::There { item, same_form } => format!("there {same_form} {}", item.html),
            other => format!("{other:?}"),
        };
        sights.into_iter().map(word).collect()
    }

    #[test]
    fn only_the_server_that_a_post_was_written_on_is_asked_for_it_with_the_token_of_that_server() {
        let keys = [
            "https://a.example/users/ann/statuses/7",
            "https://b.example/ap/users/115/statuses/8",
            "https://a.example/statuses/9",
            "https://a.example/users/ann/statuses/9/activity",
            "https://a.example/users/a/b/statuses/9",
            "https://a.example.evil.example/users/ann/statuses/9",
            "https://a.example/users/ann/statuses/..",
            "https://c.example/users/ann/statuses/9",
        ];
        let looks = looks(&spec(), &keys.map(key));
        let asked: Vec<(&str, bool)> =
            looks.iter().map(|look| (look.request.url.as_str(), look.request.bearer.is_some())).collect();
        let expected = [("https://a.example/api/v1/statuses/7", false), ("https://b.example/api/v1/statuses/8", true)];
        assert_eq!(asked, expected);
        let foreign = ItemKey { namespace: "blog".to_owned(), id: "https://a.example/users/ann/statuses/7".to_owned() };
        assert!(super::looks(&spec(), &[foreign]).is_empty());
    }

    #[test]
    fn an_answer_says_whether_the_post_is_there_and_everything_else_says_nothing() {
        let status = |uri: &str| {
            json!({ "id": "7", "uri": uri, "content": "<p>Rare</p>", "visibility": "public",
                    "created_at": "2026-03-06T16:00:00Z", "account": { "acct": "ann" } })
        };
        let own = status("https://a.example/users/ann/statuses/7").to_string();
        assert_eq!(seen(Ok(&own)), "there true <p>Rare</p>");
        assert_eq!([404, 410].map(|status| seen(Err(status))), ["Missing", "Missing"]);
        assert_eq!([401, 403].map(|status| seen(Err(status))), ["Refused", "Refused"]);
        let other = status("https://a.example/users/ann/statuses/8").to_string();
        for nothing in [&other, "", "[]", "<html></html>", r#"{"error":"x"}"#] {
            assert_eq!(seen(Ok(nothing)), "", "{nothing}");
        }
        assert_eq!(seen(Err(400)), "");
    }

    proptest! {
        #[test]
        fn no_key_and_no_answer_breaks_a_look(path in "(/|users|ap|statuses|a|7|é){0,12}", body in "\\PC{0,100}") {
            let _ = looks(&spec(), &[key(&format!("https://a.example{path}"))]);
            prop_assert!(seen(Ok(&body)).is_empty());
        }
    }
}
