//! The number of a comment, out of the many ways in which pages write it.

use scraper::node::Element;

/// What stands before the number in an id; the longer first.
const PREFIXES: &[&str] = &[
    "serendipity_comment_",
    "dsq-comment-",
    "post-comment-",
    "comment-id-",
    "comment_id_",
    "commentid-",
    "comment-",
    "comment_",
    "comment",
    "kommentar-",
    "kommentar_",
    "kommentar",
    "comm-",
    "cmt-",
    "jc_comment_",
    "jc_",
    "c-",
    "c",
];

/// What blog programs put before those.
const WRAPPINGS: &[&str] =
    &["li-", "div-", "wpd-", "wp-", "dt-", "ping-", "pings-", "trackback-", "media-", "anchor-", "wc-comm-"];

/// Attributes that hold nothing but the number.
const ATTRIBUTES: &[&str] = &["data-comment-id", "data-commentid", "data-comment_id", "data-comment", "comment-id"];

/// The shortest number behind a lone "c": `c2` may be a column.
const SHORTEST_BARE: usize = 3;

const LONGEST: usize = 64;

/// The number in an id like `comment-12`, `li-comment-12`, `c1234567890`; `None` for `comment-form` or `comment-12-body`.
#[must_use]
pub fn key_in(id: &str) -> Option<&str> {
    let lower = id.to_ascii_lowercase();
    let mut from = 0;
    while let Some(wrapping) =
        WRAPPINGS.iter().find(|name| lower.get(from..).is_some_and(|rest| rest.starts_with(**name)))
    {
        from += wrapping.len();
    }
    let rest = lower.get(from..)?;
    let prefix = PREFIXES.iter().find(|prefix| rest.starts_with(**prefix))?;
    let number = id.get(from + prefix.len()..)?;
    let is_bare = matches!(*prefix, "c" | "c-");
    let is_number = number.bytes().all(|byte| byte.is_ascii_digit());
    let is_code = number.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-' || byte == b'_')
        && number.bytes().any(|byte| byte.is_ascii_digit());
    let is_long = !is_bare || (is_number && number.len() >= SHORTEST_BARE);
    (!number.is_empty() && number.len() <= LONGEST && is_long && (is_number || is_code)).then_some(number)
}

/// The number that `element` itself bears.
#[must_use]
pub fn key_of(element: &Element) -> Option<&str> {
    let named = element.attr("id").or_else(|| element.attr("name")).and_then(key_in);
    let told = || {
        let values = ATTRIBUTES.iter().filter_map(|name| element.attr(name));
        values.map(str::trim).find(|value| is_plain_number(value))
    };
    named.or_else(told)
}

/// The number in a link to a comment: its fragment, or `?replytocom=`.
#[must_use]
pub fn key_in_link(href: &str) -> Option<&str> {
    if let Some(key) = href.rsplit_once('#').and_then(|(_, fragment)| key_in(fragment)) {
        return Some(key);
    }
    let (_, rest) = href.split_once("replytocom=")?;
    let number = rest.split(|c: char| !c.is_ascii_digit()).next()?;
    (!number.is_empty()).then_some(number)
}

/// Whether `value` is fit for a number.
#[must_use]
pub fn is_plain_number(value: &str) -> bool {
    (1..=LONGEST).contains(&value.len())
        && value.bytes().any(|byte| byte.is_ascii_digit())
        && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_comments_are_known() {
        let keys =
            ["comment-12", "li-comment-12", "div-comment-12", "c1234567", "Kommentar12", "serendipity_comment_12"];
        assert_eq!(keys.map(key_in), [Some("12"), Some("12"), Some("12"), Some("1234567"), Some("12"), Some("12")]);
        assert_eq!(key_in("comment-6a00d8341c"), Some("6a00d8341c"));
        assert_eq!(["comments", "comment-form", "comment-12-body", "c2", "content", "col-1"].map(key_in), [None; 6]);
        assert_eq!(key_in_link("https://blog.example/a/?replytocom=77#respond"), Some("77"));
        assert_eq!(key_in_link("/a/#comment-9"), Some("9"));
    }
}
