//! Finds the parts of an answer: `post.counts.score`, `tags[].name`, `feed.entry`.
//!
//! What is null or blank counts as absent. Where a list stands in place of an object, its first entry counts.

use serde_json::Value;

/// The most steps of a path.
pub(super) const STEPS_MOST: usize = 12;

/// The most values that one path finds.
const FOUND_MOST: usize = 5_000;

/// Everything at `path` below `value`, in the order of the answer. The empty path finds `value` itself.
pub(super) fn all<'v>(value: &'v Value, path: &str) -> Vec<&'v Value> {
    let mut found = vec![value];
    if path.is_empty() {
        return found;
    }
    for step in path.split('.').take(STEPS_MOST) {
        let (key, is_each) = step.strip_suffix("[]").map_or((step, false), |key| (key, true));
        let next = found.into_iter().filter_map(|value| if key.is_empty() { Some(value) } else { one(value, key) });
        found = if is_each { next.flat_map(entries).take(FOUND_MOST).collect() } else { next.collect() };
    }
    found.retain(|value| !is_absent(value));
    found
}

/// The first thing at `path` below `value`.
pub(super) fn first<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    all(value, path).into_iter().next()
}

fn one<'v>(value: &'v Value, key: &str) -> Option<&'v Value> {
    match value {
        Value::Object(object) => object.get(key),
        Value::Array(list) => match key.parse::<usize>() {
            Ok(index) => list.get(index),
            Err(_) => list.first()?.get(key),
        },
        _ => None,
    }
}

fn entries(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(list) => list.iter().collect(),
        Value::Null => Vec::new(),
        other => vec![other],
    }
}

fn is_absent(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn paths_lead_through_objects_and_lists() {
        let value =
            json!({ "a": { "b": [{ "c": 1 }, { "c": 2 }], "im:d": "x" }, "e": " ", "f": null, "g": { "c": 7 } });
        let find = |path: &str| all(&value, path).into_iter().map(Value::to_string).collect::<Vec<_>>().join(" ");
        assert_eq!(find("a.b[].c"), "1 2");
        assert_eq!(find("a.b.1.c"), "2");
        assert_eq!(find("a.b.c"), "1", "a list where an object was expected");
        assert_eq!(find("g[].c"), "7", "an object where a list was expected");
        assert_eq!(find("a.im:d"), "\"x\"");
        assert_eq!((find("e"), find("f"), find("a.x.y")), (String::new(), String::new(), String::new()));
    }
}
