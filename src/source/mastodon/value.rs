//! Single values as they are meant, whatever type a server sends them as.
//!
//! Ids and counts come as numbers and as texts, keys come as `null`, times without a zone are UTC.

use crate::model::PostedAt;
use crate::source::likely::is_likely;
use crate::when::read_date;
use jiff::Timestamp;
use serde_json::Value;
use url::Url;

/// A text that is not blank, or a number as text.
pub(super) fn text(value: Option<&Value>) -> Option<String> {
    let text = match value? {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// A whole number that is not negative, also as text: some servers say -1 for "not told".
pub(super) fn count(value: Option<&Value>) -> Option<u64> {
    match value? {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// Whether it says yes.
pub(super) fn is_yes(value: Option<&Value>) -> bool {
    match value {
        Some(Value::Bool(flag)) => *flag,
        Some(Value::String(text)) => text == "true",
        Some(Value::Number(number)) => number.as_u64() == Some(1),
        _ => false,
    }
}

/// A time that can be right.
pub(super) fn time(value: Option<&Value>, now: Timestamp) -> Option<PostedAt> {
    let written = text(value)?;
    // An edit may come within the second.
    let read: Option<PostedAt> = written.parse().ok().or_else(|| read_date(&written));
    read.filter(|posted| is_likely(posted.at, now))
}

/// An absolute address of the web.
pub(super) fn address(value: Option<&Value>) -> Option<String> {
    let written = text(value)?;
    (written.starts_with("https://") || written.starts_with("http://")).then_some(written)
}

/// The elements of a list; an object stands for a list of one, anything else for none.
pub(super) fn each(value: Option<&Value>) -> Box<dyn Iterator<Item = &Value> + '_> {
    match value {
        Some(Value::Array(list)) => Box::new(list.iter()),
        Some(object @ Value::Object(_)) => Box::new(std::iter::once(object)),
        _ => Box::new(std::iter::empty()),
    }
}

/// The host of an address, with a port that is not the usual one.
pub(super) fn host_of(address: &str) -> Option<String> {
    let url = Url::parse(address).ok()?;
    let host = url.host_str()?;
    Some(url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
}

/// Scheme and host of an address, without a slash at the end.
pub(super) fn origin_of(address: &str) -> Option<String> {
    let url = Url::parse(address).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    Some(format!("{}://{}", url.scheme(), host_of(address)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_are_read_whatever_type_they_are_sent_as() {
        assert_eq!(text(Some(&json!(" 12 "))), Some("12".to_owned()));
        assert_eq!(text(Some(&json!(117_020_593_741_189_701_u64))), Some("117020593741189701".to_owned()));
        assert_eq!((text(Some(&json!(null))), text(Some(&json!(" "))), text(None)), (None, None, None));
        assert_eq!(
            (count(Some(&json!("7"))), count(Some(&json!(-1))), count(Some(&json!(7.5)))),
            (Some(7), None, None)
        );
        assert!(is_yes(Some(&json!(true))) && is_yes(Some(&json!("true"))) && !is_yes(Some(&json!(null))));
        assert_eq!(each(Some(&json!({ "a": 1 }))).count() + each(Some(&json!([1, 2]))).count() + each(None).count(), 3);
        assert_eq!(origin_of("http://a.example:3000/b?c"), Some("http://a.example:3000".to_owned()));
        assert_eq!(origin_of("tag:a.example,2020"), None);
        let now = "2026-08-02T00:00:00Z".parse().expect("a time");
        let told = |written: &str| time(Some(&json!(written)), now).map(|posted| posted.to_string());
        assert_eq!(told("2026-08-01T13:55:55.867Z").as_deref(), Some("2026-08-01T13:55:55+00:00"));
        assert_eq!(told("2026-08-01T13:55:55.867").as_deref(), Some("2026-08-01T13:55:55+00:00"));
        assert_eq!((told("2099-01-01T00:00:00Z"), told("1970-01-01T00:00:00Z"), told("soon")), (None, None, None));
    }
}
