//! One form of a web address, so that what a person pastes meets what a feed gave.
//!
//! In: any text. Out: `https://host/path?query` without what does not change the page: the scheme, `www.`, the default
//! port, a login, the fragment, trailing slashes, the marks of campaigns; percent signs only where they are needed.
//! Two addresses with one form lead to one page, as far as an address can tell; the form itself need not be open to
//! anybody. Never fails, linear in the length.

use super::hash64;
use std::fmt::Write;
use url::Url;

/// A longer address has no form.
const ADDRESS_LIMIT_BYTES: usize = 8 * 1024;

/// Nor has one whose form grows beyond this: some hosts grow when they are written in ASCII.
const FORM_LIMIT_BYTES: usize = 3 * ADDRESS_LIMIT_BYTES;

/// Parameters that say where a reader came from, and nothing of what is read; in lower case, in order.
const TRACKING: &[&str] = &[
    "__twitter_impression",
    "_ga",
    "_gl",
    "_hsenc",
    "_hsmi",
    "at_campaign",
    "at_medium",
    "cmpid",
    "dclid",
    "fb_action_ids",
    "fb_action_types",
    "fbclid",
    "gbraid",
    "gclid",
    "gclsrc",
    "guccounter",
    "igsh",
    "igshid",
    "li_fat_id",
    "mc_cid",
    "mc_eid",
    "mkt_tok",
    "msclkid",
    "oly_anon_id",
    "oly_enc_id",
    "ref_src",
    "ref_url",
    "spm",
    "srsltid",
    "ttclid",
    "twclid",
    "vero_id",
    "wbraid",
    "wickedid",
    "wt_mc",
    "wt_zmc",
    "xtor",
    "yclid",
];

/// What the names of whole families of such parameters begin with.
const TRACKING_FAMILIES: &[&str] = &["utm_", "pk_", "mtm_", "matomo_", "piwik_", "hsa_", "guce_"];

/// The one form of `address`; `None` where it leads to no host over http or https, or is longer than 8 KiB.
///
/// At most 24 KiB. The form of a form is the form itself.
#[must_use]
pub fn canonical_address(address: &str) -> Option<String> {
    let address = address.trim();
    if address.len() > ADDRESS_LIMIT_BYTES {
        return None;
    }
    let url = Url::parse(address).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    let mut form = format!("https://{}", host(&url)?);
    if let Some(port) = url.port().filter(|port| !matches!(port, 80 | 443)) {
        form.push_str(&format!(":{port}"));
    }
    push_path(&mut form, url.path());
    push_query(&mut form, url.query().unwrap_or_default());
    (form.len() <= FORM_LIMIT_BYTES).then_some(form)
}

/// The hash of [`canonical_address`], as it is stored.
#[must_use]
pub fn address_hash(address: &str) -> Option<u64> {
    canonical_address(address).map(|form| hash64(&[&form]))
}

/// The host in lower case and ASCII, without `www.` and the dot of the root.
fn host(url: &Url) -> Option<&str> {
    let mut host = url.host_str()?.trim_end_matches('.');
    while let Some(rest) = host.strip_prefix("www.").filter(|rest| rest.contains('.')) {
        host = rest;
    }
    (!host.is_empty()).then_some(host)
}

fn push_path(form: &mut String, path: &str) {
    for segment in path.trim_end_matches('/').split('/').skip(1) {
        form.push('/');
        push_encoded(form, segment);
    }
}

/// The parameters in order of their names, those of campaigns left out.
fn push_query(form: &mut String, query: &str) {
    let pairs = query.split('&').filter(|pair| !pair.is_empty()).filter_map(|pair| {
        let (name, value) = pair.split_once('=').map_or((pair, None), |(name, value)| (name, Some(value)));
        let mut shown = String::new();
        push_encoded(&mut shown, &name.replace('+', " "));
        if shown.is_empty() || is_tracking(&shown.to_ascii_lowercase()) {
            return None;
        }
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            shown.push('=');
            push_encoded(&mut shown, &value.replace('+', " "));
        }
        Some(shown)
    });
    let mut pairs: Vec<String> = pairs.collect();
    pairs.sort_unstable();
    for (index, pair) in pairs.iter().enumerate() {
        form.push(if index == 0 { '?' } else { '&' });
        form.push_str(pair);
    }
}

fn is_tracking(name: &str) -> bool {
    TRACKING.binary_search(&name).is_ok() || TRACKING_FAMILIES.iter().any(|family| name.starts_with(family))
}

/// Letters, digits and `-._~` as they are, all else as `%XX`, whichever of both it was.
fn push_encoded(form: &mut String, part: &str) {
    let mut bytes = part.bytes();
    while let Some(byte) = bytes.next() {
        let mut ahead = bytes.clone();
        let byte = match (byte, ahead.next().and_then(hex), ahead.next().and_then(hex)) {
            (b'%', Some(high), Some(low)) => {
                bytes = ahead;
                high * 16 + low
            }
            _ => byte,
        };
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            form.push(char::from(byte));
        } else {
            // A string takes whatever is written into it.
            let _ = write!(form, "%{byte:02X}");
        }
    }
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(address: &str, expected: &str) {
        assert_eq!(canonical_address(address).as_deref(), Some(expected), "{address}");
    }

    #[test]
    fn what_does_not_change_the_page_is_dropped() {
        check("http://WWW.Example.com:80/a/?utm_source=x&b=2&a=1&fbclid=y#c", "https://example.com/a?a=1&b=2");
        check("https://example.com", "https://example.com");
        check("https://example.com./", "https://example.com");
        check("https://user:secret@example.com//a//b//", "https://example.com//a//b");
        check("  https://example.com/a?  ", "https://example.com/a");
        check("https://example.com/a?q=&Gclid=1&&MTM_campaign=2", "https://example.com/a?q");
    }

    #[test]
    fn what_leads_elsewhere_stays() {
        check("http://example.com:8080/A?id=7", "https://example.com:8080/A?id=7");
        check("https://m.example.com/a/../b", "https://m.example.com/b");
        check("https://www.de/a", "https://www.de/a");
        check("http://[::1]:81/", "https://[::1]:81");
        check("http://127.0.0.1/x", "https://127.0.0.1/x");
    }

    #[test]
    fn percent_signs_and_foreign_letters_are_written_one_way() {
        check("https://example.com/caf%c3%a9/%7euser", "https://example.com/caf%C3%A9/~user");
        check("https://example.com/café/~user", "https://example.com/caf%C3%A9/~user");
        check("https://example.com/it's?q=it's+so&r=a%20b", "https://example.com/it%27s?q=it%27s%20so&r=a%20b");
        check("https://example.com/a%2Fb/100%", "https://example.com/a%2Fb/100%25");
        check("https://Bücher.example/", "https://xn--bcher-kva.example");
    }

    #[test]
    fn what_is_no_web_address_has_no_form() {
        for address in
            ["", "example.com/a", "mailto:a@b.example", "tag:x,2026:1", "javascript:1", "https://", "https://./"]
        {
            assert_eq!(canonical_address(address), None, "{address}");
        }
        assert_eq!(canonical_address(&format!("https://example.com/{}", "a".repeat(9_000))), None);
        assert_eq!(address_hash("mailto:a@b.example"), None);
    }

    #[test]
    fn what_is_stored_stays_comparable() {
        assert_eq!(address_hash("http://www.example.com/a/"), Some(hash64(&["https://example.com/a"])));
    }

    #[test]
    fn the_list_is_in_order() {
        assert!(TRACKING.is_sorted());
    }

    proptest! {
        #[test]
        fn the_form_of_a_form_is_itself(rest in "(www\\.|a|ä|ß|\\.|%|4|1|e|/|\\?|&|=|\\+|#|:|@|utm_|'|;|\\PC){0,40}", tls in any::<bool>()) {
            let scheme = if tls { "https" } else { "http" };
            if let Some(form) = canonical_address(&format!("{scheme}://{rest}")) {
                prop_assert!(form.len() <= FORM_LIMIT_BYTES);
                prop_assert!(form.is_ascii() && !form.contains(char::is_whitespace));
                prop_assert_eq!(canonical_address(&form), Some(form));
            }
        }

        #[test]
        fn any_text_is_fine(text in "\\PC{0,200}") {
            let _ = canonical_address(&text);
        }
    }
}
