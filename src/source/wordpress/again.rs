//! Asks a site for single posts and comments again, many in one request.
//!
//! In: keys of kept items. Out: requests of the interface, and what its answers say. Only a list that holds nothing but
//! what was asked for, and something of it, shows what is missing; where the interface is closed, nothing is asked.

use super::address::{self, PER_PAGE};
use super::entries::{self, Answer, Setting};
use super::list_look;
use super::state::{List, State, Way};
use crate::model::{ItemKey, Response, SourceSpec};
use crate::source::{Look, Sight};
use jiff::Timestamp;
use std::collections::HashMap;

/// The most entries that are asked about at once: their ids stand in the address.
const AT_ONCE: usize = if PER_PAGE < 50 { PER_PAGE } else { 50 };

/// The requests that ask about `due`, filled up with `others`.
pub(super) fn looks(spec: &SourceSpec, state: &State, due: &[ItemKey], others: &[ItemKey]) -> Vec<Look> {
    let Some(root) = state.root.as_deref() else { return Vec::new() };
    let mut looks = Vec::new();
    for list in [List::Posts, List::Comments] {
        if state.place(list).way != Way::Interface {
            continue;
        }
        let of_list = |keys: &[ItemKey]| -> Vec<(ItemKey, String)> {
            let ours = keys.iter().filter(|key| key.namespace == spec.name.as_str());
            ours.filter_map(|key| Some((key.clone(), number(list, &key.id)?.to_owned()))).collect()
        };
        let mut asked = of_list(due);
        if !asked.is_empty() {
            asked.extend(of_list(others));
        }
        for some in asked.chunks(AT_ONCE) {
            let ids: Vec<&str> = some.iter().map(|(_, id)| id.as_str()).collect();
            let Some(url) = address::included(root, list, &ids) else { continue };
            looks.push(Look { request: list_look(url), keys: some.iter().map(|(key, _)| key.clone()).collect() });
        }
    }
    looks
}

/// The number behind an id of ours, `None` where it is of the other list.
fn number(list: List, id: &str) -> Option<&str> {
    let prefix = match list {
        List::Posts => "post-",
        List::Comments => "comment-",
    };
    id.strip_prefix(prefix).filter(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}

/// What an answer says of the entries that `look` asked about. A refusal says nothing.
pub(super) fn looked(
    spec: &SourceSpec,
    look: &Look,
    answer: Result<&Response, u16>,
    now: Timestamp,
) -> Vec<(ItemKey, Sight)> {
    let Ok(response) = answer else { return Vec::new() };
    let Answer::List(found, _) = entries::read(&response.body) else { return Vec::new() };
    let Some(first) = look.keys.first() else { return Vec::new() };
    let list = if number(List::Posts, &first.id).is_some() { List::Posts } else { List::Comments };
    let Some(preset) = super::preset_of(spec) else { return Vec::new() };
    let setting = Setting { preset, source: &spec.name, url: &response.url, now };
    let n_found = found.len();
    let (items, problems) = entries::items(found, list, &setting);
    let is_whole = items.len() == n_found && problems.is_empty();
    if items.is_empty() || !is_whole || items.iter().any(|item| !look.keys.contains(&item.key)) {
        return Vec::new();
    }
    let mut items: HashMap<ItemKey, _> = items.into_iter().map(|item| (item.key.clone(), item)).collect();
    let sight = |key: &ItemKey| match items.remove(key) {
        Some(item) => Sight::There { item: Box::new(item), same_form: true },
        None => Sight::Missing,
    };
    let sights: Vec<Sight> = look.keys.iter().map(sight).collect();
    look.keys.iter().cloned().zip(sights).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Cursor, SourceName};
    use proptest::prelude::*;
    use serde_json::json;

    fn spec() -> SourceSpec {
        SourceSpec::new(SourceName::new("blog"), "wordpress", "https://blog.example/".to_owned())
    }

    fn keys(ids: &[&str]) -> Vec<ItemKey> {
        ids.iter().map(|id| ItemKey { namespace: "blog".to_owned(), id: (*id).to_owned() }).collect()
    }

    fn open() -> Cursor {
        Cursor(json!({ "root": "https://blog.example/wp-json/" }))
    }

    fn now() -> Timestamp {
        "2026-03-02T12:00:00Z".parse().expect("a time")
    }

    fn seen(ids: &[&str], body: &str) -> String {
        let source = super::super::open(&spec());
        let looks = source.look_again(&open(), &keys(ids), &[], now());
        let [look] = looks.as_slice() else { return format!("{} questions", looks.len()) };
        let url = look.request.url.clone();
        let response = Response { status: 200, url, headers: Vec::new(), body: body.to_owned().into() };
        let word = |sight| match sight {
            Sight::There { .. } => "there",
            Sight::Missing => "missing",
            _ => "otherwise",
        };
        let sights = source.looked(&open(), look, Ok(&response), now()).into_iter();
        sights.map(|(key, sight)| format!("{} {}", key.id, word(sight))).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn posts_and_comments_are_asked_for_by_their_numbers() {
        let source = super::super::open(&spec());
        let looks =
            source.look_again(&open(), &keys(&["post-3", "comment-9", "post-4", "x"]), &keys(&["post-5"]), now());
        let asked: Vec<&str> = looks.iter().map(|look| look.request.url.as_str()).collect();
        assert!(asked[0].starts_with("https://blog.example/wp-json/wp/v2/posts?"), "{asked:?}");
        assert!(asked[0].contains("include=3%2C4%2C5"), "{asked:?}");
        assert!(asked[1].contains("/comments?") && asked[1].contains("include=9"), "{asked:?}");
        assert!(source.look_again(&Cursor::default(), &keys(&["post-3"]), &[], now()).is_empty(), "no interface");
    }

    #[test]
    fn what_is_missing_shows_among_others_only() {
        let post = |id: u32| {
            json!({ "id": id, "date_gmt": "2026-03-01T10:00:00", "link": format!("https://blog.example/{id}"),
                    "title": { "rendered": "A" }, "content": { "rendered": "<p>b</p>" }, "status": "publish" })
        };
        assert_eq!(seen(&["post-3", "post-4"], &json!([post(4)]).to_string()), "post-3 missing, post-4 there");
        for nothing in ["[]", "", "<html></html>", r#"{"code":"rest_forbidden"}"#, "[7]"] {
            assert_eq!(seen(&["post-3"], nothing), "", "{nothing}");
        }
        assert_eq!(
            seen(&["post-3"], &json!([post(3), post(8)]).to_string()),
            "",
            "the site does not heed what is asked"
        );
    }

    proptest! {
        #[test]
        fn no_answer_breaks_a_look(body in "\\PC{0,200}") {
            prop_assert!(seen(&["post-3", "post-4"], &body).len() < 100);
        }
    }
}
