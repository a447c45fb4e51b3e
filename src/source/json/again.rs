//! Asks for single items again, as the `[[again]]` of a preset says.
//!
//! In: keys of kept items. Out: requests, and what the answers say: there, marked as gone, or missing. An answer that is
//! no JSON, an error in a 200, or one of another item says nothing.

use super::field::Context;
use super::items::{self, Setting};
use super::{answer, ask, form, path, template};
use crate::model::{AgainRule, Ask, IdScope, Item, ItemKey, Paging, Preset, Request, Response, SourceSpec};
use crate::source::{Look, Sight};
use jiff::Timestamp;
use serde_json::Value;
use std::collections::BTreeMap;

/// The most values of an entry that are held against its id.
const VALUES_MOST: usize = 400;

/// What the parts of an id stand for, by the names of the rule.
type Holes = BTreeMap<String, String>;

/// The requests that ask about `due`; where several are asked for at once, `others` fill the rest.
pub(super) fn looks(preset: &Preset, spec: &SourceSpec, due: &[ItemKey], others: &[ItemKey]) -> Vec<Look> {
    let variables = ask::variables(preset, spec);
    let mut looks = Vec::new();
    for (index, rule) in preset.again.iter().enumerate() {
        let of_rule = |keys: &[ItemKey]| -> Vec<(ItemKey, Holes)> {
            let is_ours = |key: &&ItemKey| key.namespace == namespace(preset, spec);
            let fitting = keys.iter().filter(is_ours).filter_map(|key| {
                let (first, holes) = rule_of(preset, &variables, &key.id)?;
                (first == index).then(|| (key.clone(), holes))
            });
            fitting.collect()
        };
        let (mut due, others) = (of_rule(due), of_rule(others));
        let most = if rule.join.is_some() { rule.most.max(1) as usize } else { 1 };
        if most > 1 && !due.is_empty() {
            due.extend(others);
        }
        looks.extend(due.chunks(most).map(|some| look(preset, spec, (index, rule), some, &variables)));
    }
    looks
}

fn namespace(preset: &Preset, spec: &SourceSpec) -> String {
    match preset.ids {
        IdScope::Global => preset.name.clone(),
        IdScope::Source => spec.name.to_string(),
    }
}

/// The first rule that fits `id`, and what its holes stand for.
fn rule_of(preset: &Preset, variables: &BTreeMap<String, String>, id: &str) -> Option<(usize, Holes)> {
    preset.again.iter().enumerate().find_map(|(index, rule)| Some((index, holes(&rule.ids, variables, id)?)))
}

/// What the holes of `pattern` stand for in `id`; `None` where it does not fit. `{n}` is a whole number, `{host}` a name of
/// a host, and a variable of the source itself.
fn holes(pattern: &str, variables: &BTreeMap<String, String>, id: &str) -> Option<Holes> {
    let mut holes = Holes::from([("id".to_owned(), id.to_owned())]);
    let mut rest = id;
    let parts = template::parts(pattern);
    for (at, part) in parts.iter().enumerate() {
        let name = match part {
            template::Part::Text(text) => {
                rest = rest.strip_prefix(text)?;
                continue;
            }
            template::Part::Hole(name) => *name,
        };
        if let Some(known) = variables.get(name).filter(|known| !known.is_empty()) {
            rest = rest.strip_prefix(known.as_str())?;
            continue;
        }
        let end = match parts.get(at + 1) {
            Some(template::Part::Text(next)) => rest.find(next)?,
            _ => rest.len(),
        };
        let (found, after) = rest.split_at_checked(end)?;
        let fits = match name {
            "n" => found.len() <= 20 && found.bytes().all(|byte| byte.is_ascii_digit()),
            "host" => found.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b':')),
            _ => true,
        };
        if found.is_empty() || !fits {
            return None;
        }
        holes.insert(name.to_owned(), found.to_owned());
        rest = after;
    }
    rest.is_empty().then_some(holes)
}

fn look(
    preset: &Preset,
    spec: &SourceSpec,
    (index, rule): (usize, &AgainRule),
    some: &[(ItemKey, Holes)],
    variables: &BTreeMap<String, String>,
) -> Look {
    let mut filled = variables.clone();
    if let Some((_, holes)) = some.first() {
        filled.extend(holes.clone());
    }
    let join = rule.join.as_deref().unwrap_or(",");
    let each = some.iter().filter_map(|(_, holes)| holes.get("n").or_else(|| holes.get("id")));
    filled.insert("ids".to_owned(), each.map(String::as_str).collect::<Vec<_>>().join(join));
    if let Some(base) = &rule.base {
        filled.insert("base".to_owned(), template::fill_with(base, &filled, str::to_owned));
    }
    let ask = Ask {
        path: rule.path.clone(),
        query: rule.query.clone(),
        headers: preset.request.first().map(|ask| ask.headers.clone()).unwrap_or_default(),
        json: None,
        form: Vec::new(),
        paging: Paging::default(),
    };
    let mut request: Request = ask::filled_request(preset, spec, &ask, &filled);
    if rule.base.is_some() {
        // The key is for the service's own host.
        (request.bearer, request.means.credential) = (None, None);
    }
    request.note = Some(index.to_string());
    Look { request, keys: some.iter().map(|(key, _)| key.clone()).collect() }
}

/// What `answer` says of the items of `look`; a status stands for a refusal of the request itself.
pub(super) fn looked(
    preset: &Preset,
    spec: &SourceSpec,
    look: &Look,
    answer: Result<&Response, u16>,
    now: Timestamp,
) -> Vec<(ItemKey, Sight)> {
    let index = look.request.note.as_deref().and_then(|note| note.parse::<usize>().ok());
    let Some(rule) = index.and_then(|index| preset.again.get(index)) else { return Vec::new() };
    let missing = |key: &ItemKey| (key.clone(), Sight::Missing);
    let response = match answer {
        Ok(response) => response,
        // A refusal of many at once says nothing of any of them.
        Err(status) if rule.missing.contains(&status) && look.keys.len() == 1 => {
            let sight = if status == 403 { Sight::Refused } else { Sight::Missing };
            return look.keys.iter().map(|key| (key.clone(), sight.clone())).collect();
        }
        Err(_) => return Vec::new(),
    };
    let is_one = rule.join.is_none();
    if is_one && response.body.trim_ascii() == b"null" {
        return look.keys.iter().map(missing).collect();
    }
    let Ok(value) = answer::read(&response.body, preset) else { return Vec::new() };
    let variables = ask::variables(preset, spec);
    let setting = Setting { preset, source: &spec.name, variables: &variables, url: &response.url, now };
    match look.keys.first() {
        Some(key) if is_one => one(&value, rule, key, &setting).map(|sight| (key.clone(), sight)).into_iter().collect(),
        _ => many(&value, rule, &look.keys, &setting),
    }
}

fn one(value: &Value, rule: &AgainRule, key: &ItemKey, setting: &Setting<'_>) -> Option<Sight> {
    let entry = path::first(value, &rule.entry)?;
    let id = holes(&rule.ids, setting.variables, &key.id)?;
    let own = id.get("n").or_else(|| id.get("id"))?;
    // A mark on somebody else's item is none.
    if names(entry, own) {
        let context = Context { entry, root: value, joined: &[], variables: setting.variables };
        if rule.deleted.iter().any(|condition| context.holds(condition)) {
            return Some(Sight::Deleted);
        }
        if rule.hidden.iter().any(|condition| context.holds(condition)) {
            return Some(Sight::Hidden);
        }
    }
    let found = items::read(value, setting);
    if found.deletions.contains(key) {
        return Some(Sight::Deleted);
    }
    let item = found.items.into_iter().find(|item| item.key == *key)?;
    Some(there(item, rule))
}

fn many(value: &Value, rule: &AgainRule, keys: &[ItemKey], setting: &Setting<'_>) -> Vec<(ItemKey, Sight)> {
    let found = items::read(value, setting);
    let is_foreign = |item: &Item| !keys.contains(&item.key);
    // An empty list proves nothing; a list of others is no answer to what was asked.
    if found.items.is_empty() || found.items.iter().any(is_foreign) || !found.problems.is_empty() {
        return Vec::new();
    }
    let mut items: BTreeMap<String, Item> = found.items.into_iter().map(|item| (item.key.id.clone(), item)).collect();
    let sight = |key: &ItemKey| match items.remove(&key.id) {
        Some(item) => there(item, rule),
        None if found.deletions.contains(key) => Sight::Deleted,
        None => Sight::Missing,
    };
    let sights: Vec<Sight> = keys.iter().map(sight).collect();
    keys.iter().cloned().zip(sights).collect()
}

fn there(item: Item, rule: &AgainRule) -> Sight {
    Sight::There { item: Box::new(item), same_form: rule.same_form }
}

/// Whether `id` stands somewhere in `entry`, two steps deep at most.
fn names(entry: &Value, id: &str) -> bool {
    let is_id = |value: &Value| form::text(value).is_some_and(|text| text == id);
    let below = |value: &Value| match value {
        Value::Object(object) => object.values().take(VALUES_MOST).any(is_id),
        _ => false,
    };
    match entry {
        Value::Object(object) => object.values().take(VALUES_MOST).any(|value| is_id(value) || below(value)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::SourceName;
    use crate::source::{Source, preset};
    use proptest::prelude::*;
    use std::sync::Arc;

    fn spec(name: &str, variables: &[(&str, &str)]) -> SourceSpec {
        let preset = Arc::clone(preset(name).expect("a preset"));
        let spec = SourceSpec::new(SourceName::new("s"), "json", String::new());
        let own = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        SourceSpec { preset: Some(preset), variables: own.collect(), ..spec }
    }

    fn keys(namespace: &str, ids: &[&str]) -> Vec<ItemKey> {
        ids.iter().map(|id| ItemKey { namespace: namespace.to_owned(), id: (*id).to_owned() }).collect()
    }

    fn now() -> Timestamp {
        "2026-11-22T12:00:00Z".parse().expect("a time")
    }

    /// What `answer` (a status, or a body) says of the only question about `ids`.
    fn seen(spec: &SourceSpec, namespace: &str, ids: &[&str], answer: Result<&str, u16>) -> String {
        let source: Box<dyn Source> = crate::source::open(spec).expect("an engine");
        let looks = source.look_again(&crate::model::Cursor::default(), &keys(namespace, ids), &[], now());
        let [look] = looks.as_slice() else { return format!("{} questions", looks.len()) };
        let response = answer.map(|body| Response {
            status: 200,
            url: look.request.url.clone(),
            headers: Vec::new(),
            body: body.to_owned().into(),
        });
        let sights =
            source.looked(&crate::model::Cursor::default(), look, response.as_ref().map_err(|status| *status), now());
        let words = sights.into_iter().map(|(key, sight)| match sight {
            Sight::There { item, .. } => format!("{} there {}", key.id, item.reading_text()),
            Sight::Deleted => format!("{} deleted", key.id),
            Sight::Hidden => format!("{} hidden", key.id),
            Sight::Missing => format!("{} missing", key.id),
            Sight::Refused => format!("{} refused", key.id),
        });
        words.collect::<Vec<_>>().join(", ")
    }

    fn url(spec: &SourceSpec, namespace: &str, ids: &[&str]) -> Vec<String> {
        let source = crate::source::open(spec).expect("an engine");
        let looks = source.look_again(&crate::model::Cursor::default(), &keys(namespace, ids), &[], now());
        looks.into_iter().map(|look| look.request.url).collect()
    }

    #[test]
    fn hacker_news_says_what_it_deleted_and_what_it_took_down() {
        let spec = spec("hackernews", &[("query", "x")]);
        let see = |answer: Result<&str, u16>| seen(&spec, "hackernews", &["77"], answer);
        assert_eq!(url(&spec, "hackernews", &["77"]), ["https://hacker-news.firebaseio.com/v0/item/77.json"]);
        assert_eq!(see(Ok(r#"{"id":77,"type":"comment","deleted":true,"time":1}"#)), "77 deleted");
        assert_eq!(see(Ok(r#"{"id":77,"type":"comment","dead":true,"text":"x","time":1}"#)), "77 hidden");
        assert_eq!(see(Ok("null")), "77 missing");
        assert!(see(Ok(r#"{"id":77,"type":"story","title":"A steak","time":1764000000}"#)).starts_with("77 there"));
        for nothing in
            ["", "<html></html>", "[]", "{}", r#"{"id":78,"type":"comment","deleted":true}"#, r#"{"error":"x"}"#]
        {
            assert_eq!(see(Ok(nothing)), "", "{nothing}");
        }
        for nothing in [401, 403, 429, 500] {
            assert_eq!(see(Err(nothing)), "", "{nothing}");
        }
        assert_eq!(see(Err(404)), "77 missing");
    }

    #[test]
    fn a_server_of_lemmy_is_asked_for_its_own_posts_alone() {
        let spec = spec("lemmy", &[("query", "x"), ("base", "https://feddit.example")]);
        let asked = url(
            &spec,
            "lemmy",
            &["https://feddit.example/post/5", "https://feddit.example/comment/6", "https://other.example/post/5"],
        );
        assert_eq!(asked, ["https://feddit.example/api/v3/post?id=5", "https://feddit.example/api/v3/comment?id=6"]);
        let see = |answer: Result<&str, u16>| seen(&spec, "lemmy", &["https://feddit.example/post/5"], answer);
        let post = |flags: &str| {
            format!(
                r#"{{"post_view":{{"post":{{"id":5,"name":"A steak","ap_id":"https://feddit.example/post/5",{flags}"published":"2026-11-20T10:00:00Z"}},"creator":{{"name":"ina"}},"counts":{{}}}}}}"#
            )
        };
        assert!(see(Ok(&post(""))).starts_with("https://feddit.example/post/5 there"));
        assert_eq!(see(Ok(&post(r#""deleted":true,"#))), "https://feddit.example/post/5 deleted");
        assert_eq!(see(Ok(&post(r#""removed":true,"#))), "https://feddit.example/post/5 hidden");
        assert_eq!(see(Err(404)), "https://feddit.example/post/5 missing");
        assert_eq!(see(Ok(r#"{"error":"rate_limit_error"}"#)), "");
    }

    #[test]
    fn a_forum_hides_deletes_and_refuses() {
        let spec = spec("discourse", &[("query", "x"), ("base", "https://forum.example")]);
        let see = |answer: Result<&str, u16>| seen(&spec, "s", &["9"], answer);
        assert_eq!(url(&spec, "s", &["9", "topic-3"]), ["https://forum.example/posts/9.json"]);
        let post = |flags: &str| {
            format!(
                r#"{{"id":9,"topic_id":3,"topic_slug":"a","post_number":2,"cooked":"<p>A steak</p>",{flags}"created_at":"2026-11-20T10:00:00Z","version":1}}"#
            )
        };
        assert!(see(Ok(&post(""))).starts_with("9 there"));
        assert_eq!(see(Ok(&post(r#""hidden":true,"#))), "9 hidden");
        assert_eq!(see(Ok(&post(r#""deleted_at":"2026-11-21T10:00:00Z","#))), "9 deleted");
        assert_eq!(
            (see(Err(404)), see(Err(403)), see(Err(401))),
            ("9 missing".to_owned(), "9 refused".to_owned(), String::new())
        );
    }

    #[test]
    fn many_questions_are_asked_at_once_and_an_empty_list_says_nothing() {
        let spec = spec("stackexchange", &[("query", "x")]);
        let asked = url(&spec, "s", &["1", "2", "3"]);
        assert_eq!(asked.len(), 1);
        assert!(asked[0].starts_with("https://api.stackexchange.com/2.3/questions/1%3B2%3B3?"), "{}", asked[0]);
        let item = |id: u32| format!(r#"{{"question_id":{id},"title":"Q{id}","creation_date":1764000000,"body":"b"}}"#);
        let see = |body: &str| seen(&spec, "s", &["1", "2"], Ok(body));
        assert_eq!(see(r#"{"items":[]}"#), "");
        assert_eq!(see(&format!(r#"{{"items":[{}]}}"#, item(7))), "", "others than those that were asked for");
        let seen = see(&format!(r#"{{"items":[{}]}}"#, item(2)));
        assert!(seen.starts_with("1 missing, 2 there"), "{seen}");
        assert_eq!(see(r#"{"error_id":502,"error_message":"throttle"}"#), "");
    }

    proptest! {
        #[test]
        fn no_answer_breaks_a_look(body in "\\PC{0,200}", id in "\\PC{0,30}", status in any::<u16>()) {
            for name in ["hackernews", "lemmy", "discourse", "stackexchange"] {
                let spec = spec(name, &[("query", "x"), ("base", "https://forum.example")]);
                let namespace = if matches!(name, "hackernews" | "lemmy") { name } else { "s" };
                for answer in [Ok(body.as_str()), Err(status)] {
                    let told = seen(&spec, namespace, &[&id, "77"], answer);
                    prop_assert!(told.len() <= 400 + body.len() * 2);
                }
            }
        }
    }
}
