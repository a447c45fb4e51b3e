//! What a server says of itself: whether it lets us read, where its stream is heard, what software it is.

use super::state::Facts;
use super::value::text;
use jiff::Timestamp;
use serde_json::Value;

/// What is told of a server that wants a token.
const WANTS_TOKEN: &str = "shows hashtags only to its members; set a token of it";

/// What is told of a server that shows nobody.
const SHOWS_NOBODY: &str = "does not show hashtags";

/// The facts of the document `instance`, of either version of the interface.
pub(super) fn facts(instance: &Value, has_token: bool, now: Timestamp) -> Facts {
    let streaming = text(instance.pointer("/configuration/urls/streaming"));
    let streaming = streaming.or_else(|| text(instance.pointer("/urls/streaming_api")));
    let version = text(instance.get("version")).unwrap_or_default();
    let major: Option<u32> = version.split('.').next().and_then(|major| major.parse().ok());
    Facts {
        asked_at: Some(now),
        streaming: streaming.and_then(|address| stream_host(&address)),
        // Others name themselves behind the version that they are compatible with, or count from 0 on.
        is_mastodon: major.is_some_and(|major| major >= 3) && !version.contains("compatible"),
        closed: closed(instance, has_token).map(str::to_owned),
        fault: None,
    }
}

/// Why hashtags cannot be read. Where one half of them is open, that half is read.
fn closed(instance: &Value, has_token: bool) -> Option<&'static str> {
    let feeds = instance.pointer("/configuration/timelines_access/hashtag_feeds")?;
    let access = |half: &str| text(feeds.get(half)).unwrap_or_else(|| "public".to_owned());
    let halves = [access("local"), access("remote")];
    if halves.iter().all(|half| half == "disabled") {
        return Some(SHOWS_NOBODY);
    }
    let is_open = |half: &String| half == "public" || (has_token && half == "authenticated");
    (!halves.iter().any(is_open)).then_some(WANTS_TOKEN)
}

/// Scheme and host of a stream; none where it is no such address.
fn stream_host(address: &str) -> Option<String> {
    let url = url::Url::parse(address).ok()?;
    let scheme = match url.scheme() {
        "wss" | "https" => "wss",
        "ws" | "http" => "ws",
        _ => return None,
    };
    let host = url.host_str()?;
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    Some(format!("{scheme}://{host}{port}{}", url.path().trim_end_matches('/')))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_a_server_lets_us_read_is_a_named_state() {
        let told = |local: &str, remote: &str, has_token: bool| {
            let feeds = json!({ "local": local, "remote": remote });
            let instance = json!({ "configuration": { "timelines_access": { "hashtag_feeds": feeds } } });
            facts(&instance, has_token, Timestamp::UNIX_EPOCH).closed
        };
        assert_eq!(told("public", "disabled", false), None);
        assert_eq!(told("authenticated", "disabled", false).as_deref(), Some(WANTS_TOKEN));
        assert_eq!(told("authenticated", "disabled", true), None);
        assert_eq!(told("disabled", "disabled", true).as_deref(), Some(SHOWS_NOBODY));
        assert_eq!(facts(&json!({}), false, Timestamp::UNIX_EPOCH).closed, None);
    }

    #[test]
    fn the_stream_and_the_software_are_known_by_either_version() {
        let of = |instance: Value| facts(&instance, false, Timestamp::UNIX_EPOCH);
        let new = of(
            json!({ "version": "4.5.1", "configuration": { "urls": { "streaming": "wss://streaming.a.example/" } } }),
        );
        assert_eq!((new.streaming.as_deref(), new.is_mastodon), (Some("wss://streaming.a.example"), true));
        let old = of(
            json!({ "version": "2.7.2 (compatible; Pleroma 2.6.2)", "urls": { "streaming_api": "ws://a.example:4000" } }),
        );
        assert_eq!((old.streaming.as_deref(), old.is_mastodon), (Some("ws://a.example:4000"), false));
        assert!(!of(json!({ "version": "0.17.3+git-f9e8fcc" })).is_mastodon);
        assert_eq!(of(json!({ "configuration": { "urls": { "streaming": "javascript:x" } } })).streaming, None);
    }
}
