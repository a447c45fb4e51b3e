//! What an answer or a saved file holds: statuses in any of the shapes that servers give them.
//!
//! In: bytes. Out: [`Holds`]. A page of statuses, one status, an answer of the search, a thread, notifications, the
//! versions of an edited status, a recording of a stream (server-sent events, or frames one a line), the document of
//! an instance. Never panics; what is none of these is an error that says what it is.

use super::value::{each, text};
use crate::source::ReadError;
use serde_json::Value;

/// The most characters of a server's own words.
const SAYS_CHARACTERS: usize = 200;

/// What bytes hold.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Holds {
    /// Statuses, in the order of the answer.
    Statuses(Vec<Value>),
    /// The versions of one status, oldest first.
    Versions(Vec<Value>),
    /// Saved messages of a stream, each with the line that it begins on.
    Messages(Vec<(u32, String)>),
    /// The document that tells of the server itself.
    Instance(Box<Value>),
}

/// What `body` holds.
pub(super) fn read(body: &[u8]) -> Result<Holds, ReadError> {
    let decoded = String::from_utf8_lossy(body);
    let text = decoded.trim_start_matches('\u{feff}').trim();
    if text.is_empty() {
        return Err(ReadError::Empty);
    }
    if text.starts_with('<') {
        return Err(markup(text));
    }
    match serde_json::from_str::<Value>(text) {
        Ok(value) => of_json(value),
        Err(_) if is_events(text) => Ok(Holds::Messages(blocks(text))),
        Err(error) => {
            let lines: Vec<(u32, String)> = (1..)
                .zip(text.lines())
                .filter(|(_, line)| !line.trim().is_empty())
                .map(|(n, line)| (n, line.to_owned()))
                .collect();
            let is_lines = lines.len() > 1 && lines.iter().any(|(_, line)| is_frame(line));
            let reason = error.to_string();
            if is_lines {
                Ok(Holds::Messages(lines))
            } else {
                status_lines(&lines).ok_or(ReadError::BrokenJson { reason })
            }
        }
    }
}

fn of_json(value: Value) -> Result<Holds, ReadError> {
    match value {
        Value::Array(list) if !list.is_empty() && list.iter().all(is_version) => Ok(Holds::Versions(list)),
        Value::Array(list) if list.iter().any(|entry| entry.get("event").is_some()) => {
            Ok(Holds::Messages((1..).zip(list.iter().map(Value::to_string)).collect()))
        }
        Value::Array(list) => Ok(Holds::Statuses(list.into_iter().map(inner).collect())),
        Value::Object(_) => of_object(value),
        Value::Null => Ok(Holds::Statuses(Vec::new())),
        _ => Err(ReadError::NotJson { found: "a single JSON value and no list of posts".to_owned() }),
    }
}

fn of_object(value: Value) -> Result<Holds, ReadError> {
    let has = |key: &str| value.get(key).is_some();
    if has("statuses") {
        return Ok(Holds::Statuses(each(value.get("statuses")).cloned().collect()));
    }
    if has("event") && has("payload") {
        return Ok(Holds::Messages(vec![(1, value.to_string())]));
    }
    if has("ancestors") || has("descendants") {
        let thread = ["ancestors", "descendants"].map(|key| each(value.get(key)).cloned().collect::<Vec<_>>());
        return Ok(Holds::Statuses(thread.concat()));
    }
    if has("account") && (has("content") || has("uri") || has("id")) {
        return Ok(Holds::Statuses(vec![inner(value)]));
    }
    if has("configuration") || has("domain") || (has("uri") && has("version")) {
        return Ok(Holds::Instance(Box::new(value)));
    }
    if has("accounts") || has("hashtags") {
        return Ok(Holds::Statuses(Vec::new()));
    }
    let says = text(value.get("error_description"))
        .or_else(|| text(value.get("error")))
        .or_else(|| text(value.get("message")));
    match says {
        Some(says) => Err(ReadError::Service { says: says.chars().take(SAYS_CHARACTERS).collect() }),
        None => Err(ReadError::NotJson { found: "a JSON object without a post".to_owned() }),
    }
}

/// The status of a notification or a conversation; anything else is itself.
fn inner(mut value: Value) -> Value {
    if value.get("content").is_some() {
        return value;
    }
    for key in ["status", "last_status"] {
        if let Some(status) = value.get_mut(key).filter(|status| status.is_object()) {
            return status.take();
        }
    }
    value
}

/// Whether it is one version of an edited status: words of somebody, under no id.
fn is_version(value: &Value) -> bool {
    let has = |key: &str| value.get(key).is_some();
    has("content") && has("account") && has("created_at") && !has("id") && !has("uri")
}

fn is_frame(line: &str) -> bool {
    serde_json::from_str::<Value>(line).is_ok_and(|frame| frame.get("event").is_some())
}

/// Statuses, one a line.
fn status_lines(lines: &[(u32, String)]) -> Option<Holds> {
    let read: Option<Vec<Value>> = lines.iter().map(|(_, line)| serde_json::from_str(line).ok()).collect();
    let read =
        read.filter(|read| read.len() > 1 && read.iter().all(|status: &Value| status.get("account").is_some()))?;
    Some(Holds::Statuses(read.into_iter().map(inner).collect()))
}

fn is_events(text: &str) -> bool {
    text.lines().any(|line| line.starts_with("event:") || line.starts_with("data:"))
}

/// The blocks of a recording of server-sent events.
fn blocks(text: &str) -> Vec<(u32, String)> {
    let sent = super::sse::events(text).into_iter();
    sent.map(|event| (event.line, format!("event: {}\ndata: {}\n\n", event.name, event.data.replace('\n', "\ndata: "))))
        .collect()
}

fn markup(text: &str) -> ReadError {
    let head: String = text.chars().take(600).collect::<String>().to_lowercase();
    if head.contains("<rss") || head.contains("<feed") {
        return ReadError::NotJson { found: "a feed (read it with engine = \"feed\")".to_owned() };
    }
    ReadError::NotJson { found: "an HTML page".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn told(body: &str) -> String {
        match read(body.as_bytes()) {
            Ok(Holds::Statuses(list)) => format!("{} statuses", list.len()),
            Ok(Holds::Versions(list)) => format!("{} versions", list.len()),
            Ok(Holds::Messages(list)) => format!("{} messages", list.len()),
            Ok(Holds::Instance(_)) => "instance".to_owned(),
            Err(error) => error.to_string().split("; ").next().unwrap_or_default().to_owned(),
        }
    }

    #[test]
    fn every_shape_is_known() {
        for (body, expected) in [
            ("[]", "0 statuses"),
            ("null", "0 statuses"),
            (r#"[{"id":"1","content":"a","account":{}},{"id":"2"}]"#, "2 statuses"),
            (r#"{"id":1,"content":"a","account":{}}"#, "1 statuses"),
            (r#"{"accounts":[],"statuses":[{}],"hashtags":[]}"#, "1 statuses"),
            (r#"{"accounts":[],"statuses":{"id":"1"}}"#, "1 statuses"),
            (r#"{"ancestors":[{}],"descendants":[{},{}]}"#, "3 statuses"),
            (r#"[{"type":"mention","id":"9","account":{},"status":{"id":"1","content":"a"}}]"#, "1 statuses"),
            (r#"[{"content":"a","account":{},"created_at":"x"}]"#, "1 versions"),
            (":)\nevent: update\ndata: {}\n\n:thump\nevent: delete\ndata: 1", "2 messages"),
            ("{\"event\":\"update\",\"payload\":\"{}\"}\n{\"event\":\"delete\",\"payload\":\"1\"}", "2 messages"),
            ("{\"account\":{}}\n{\"account\":{}}", "2 statuses"),
            (r#"{"domain":"a.example","configuration":{}}"#, "instance"),
            (
                r#"{"error":"This method requires an authenticated user"}"#,
                "the service answers: This method requires an authenticated user",
            ),
            ("<!doctype html><title>x</title>", "the answer is an HTML page, JSON was expected"),
            (
                "<?xml version='1.0'?><rss version='2.0'>",
                "the answer is a feed (read it with engine = \"feed\"), JSON was expected",
            ),
            ("{\"a\":", "the answer is broken JSON (EOF while parsing a value at line 1 column 5)"),
            (" ", "the answer is empty"),
            ("7", "the answer is a single JSON value and no list of posts, JSON was expected"),
            ("{}", "the answer is a JSON object without a post, JSON was expected"),
        ] {
            assert_eq!(told(body), expected, "{body}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_looked_at(body in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = read(&body);
        }
    }
}
