//! The pages: one sentence, and at most one button. Every word of them is ours.

use super::{Settings, language};
use crate::net::Reply;
use askama::Template;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use ring::digest;
use std::sync::LazyLock;

/// The one style sheet; the policy names its hash.
const STYLE: &str = "body{font:1.1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:12vh auto;padding:0 1rem;\
color:#2a211d;background:#fbf7f1}button{font:inherit;padding:.6rem 1.2rem;border:0;border-radius:.3rem;\
background:#7d2135;color:#fff}@media(prefers-color-scheme:dark){body{color:#eee3d6;background:#1d1714}}";

/// Nothing but the one style sheet, and forms that lead back to us.
pub(super) fn policy() -> &'static str {
    static POLICY: LazyLock<String> = LazyLock::new(|| {
        let hash = STANDARD.encode(digest::digest(&digest::SHA256, STYLE.as_bytes()).as_ref());
        format!(
            "default-src 'none'; style-src 'sha256-{hash}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        )
    });
    &POLICY
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<!doctype html>
<html lang="{{ lang }}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>porterhouse</title><style>{{ style|safe }}</style></head>
<body><p>{{ sentence }}</p>{% if let Some(button) = button %}
<form method="post"><button>{{ button }}</button></form>{% endif %}
</body></html>
"#
)]
struct Page<'p> {
    lang: &'static str,
    style: &'static str,
    sentence: &'p str,
    button: Option<&'p str>,
}

/// A page that says `sentence`; a `button` posts to the same address.
pub(super) fn page(settings: &Settings, status: u16, sentence: &str, button: Option<&str>) -> Reply {
    let page = Page { lang: language(settings).tag(), style: STYLE, sentence, button };
    let body = page.render().unwrap_or_else(|_| sentence.replace(['<', '&'], " "));
    let headers = vec![("content-type", "text/html; charset=utf-8".to_owned())];
    Reply { status, headers, body: Bytes::from(body) }
}
