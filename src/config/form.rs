//! The forms that single texts must have: ids, addresses, domains, languages, zones, mailboxes.
//!
//! Each takes a [`Text`] and gives what it means, or notes what is wrong with it and gives `None`.

use super::suggest::nearest;
use super::value::Text;
use jiff::tz::TimeZone;
use lettre::message::Mailbox;
use url::{Host, Url};

/// The most characters that an id may have: it stands in keys, logs and tables.
const ID_CHARACTERS: usize = 64;

/// Every ISO 639-1 code (the 2002 list with its later changes).
const ISO_639_1: &str = "aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da \
    de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik \
    io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms \
    mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm \
    sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu";

/// An id: letters a to z, digits, `-`, `_` and `.`, beginning with a letter or digit.
pub(super) fn id(text: &Text<'_>) -> Option<String> {
    let is_plain = |character: char| character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | '.');
    if !text.text.chars().all(is_plain) || !text.text.starts_with(|first: char| first.is_ascii_alphanumeric()) {
        let help = "write letters a to z, digits, `-`, `_` and `.`, beginning with a letter or digit";
        text.reject("is no plain name", help);
        return None;
    }
    if text.text.len() > ID_CHARACTERS {
        text.reject("is too long", &format!("write at most {ID_CHARACTERS} characters"));
        return None;
    }
    Some(text.text.clone())
}

/// The host of a stream: `host`, `host:port`, or with `wss://` or `ws://` before it. What it gives has the scheme.
pub(super) fn stream_host(text: &Text<'_>) -> Option<String> {
    let written = text.text.trim_end_matches('/');
    let full = if written.contains("://") { written.to_owned() } else { format!("wss://{written}") };
    let url = Url::parse(&full).ok().filter(|url| {
        let is_bare = url.path() == "/" && url.query().is_none() && url.username().is_empty();
        matches!(url.scheme(), "ws" | "wss") && url.host().is_some() && is_bare
    });
    if url.is_none() {
        text.reject("is no host of a stream", "write it as \"host.example\" or \"wss://host.example\"");
    }
    url.map(|url| url.as_str().trim_end_matches('/').to_owned())
}

/// An absolute `http` or `https` address without a login.
pub(super) fn address(text: &Text<'_>) -> Option<Url> {
    let url = match Url::parse(&text.text) {
        Ok(url) => url,
        Err(url::ParseError::RelativeUrlWithoutBase) => {
            text.reject("is no address", "write it with its scheme: \"https://...\"");
            return None;
        }
        Err(error) => {
            text.reject(&format!("is no address: {error}"), "write \"https://host/path\"");
            return None;
        }
    };
    if !url.username().is_empty() || url.password().is_some() {
        // The text is not quoted here, because the login is a secret.
        let message = "this address holds a login";
        text.document.error(text.span.clone(), message, "remove what stands before the `@`");
        return None;
    }
    if !matches!(url.scheme(), "http" | "https") {
        text.reject(&format!("begins with `{}`", url.scheme()), "only http and https are read");
        return None;
    }
    Some(url)
}

/// A domain name such as `mortons.com`, in lower case and ASCII.
pub(super) fn domain(text: &Text<'_>) -> Option<String> {
    match Host::parse(&text.text) {
        Ok(Host::Domain(domain)) if domain.contains('.') && !domain.starts_with('.') => Some(domain),
        _ => {
            let host = Url::parse(&text.text).ok().and_then(|url| url.host_str().map(str::to_owned));
            let help = format!("write it like \"{}\"", host.as_deref().unwrap_or("example.com"));
            text.reject("is no domain", &help);
            None
        }
    }
}

/// An ISO 639-1 code, in lower case.
pub(super) fn language(text: &Text<'_>) -> Option<String> {
    let code = text.text.to_ascii_lowercase();
    if !is_language(&code) {
        text.reject("is no language", "write its two letters (ISO 639-1), such as \"en\" or \"de\"");
        return None;
    }
    Some(code)
}

/// Whether `code` is one of ISO 639-1, in lower case.
pub(super) fn is_language(code: &str) -> bool {
    ISO_639_1.split_whitespace().any(|known| known == code)
}

/// The name of an IANA time zone as the database spells it.
pub(super) fn zone(text: &Text<'_>) -> Option<String> {
    let zone = TimeZone::get(&text.text).ok();
    let name = zone.as_ref().and_then(TimeZone::iana_name);
    if name.is_none() {
        let known: Vec<String> = jiff::tz::db().available().map(|zone| zone.as_str().to_owned()).collect();
        let help = match nearest(&text.text, known.iter().map(String::as_str)) {
            Some(zone) => format!("did you mean \"{zone}\"?"),
            None => "write one such as \"Europe/Berlin\" or \"America/New_York\"".to_owned(),
        };
        text.reject("is no time zone", &help);
    }
    name.map(str::to_owned)
}

/// A mail address with or without a name: `Porterhouse <listen@example.com>`.
pub(super) fn mailbox(text: &Text<'_>) -> Option<Mailbox> {
    let mailbox = text.text.parse().ok();
    if mailbox.is_none() {
        text.reject("is no mail address", "write \"name@example.com\" or \"Name <name@example.com>\"");
    }
    mailbox
}
