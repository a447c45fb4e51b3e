//! Whom an alert goes to, as far as it may be shown: enough to know which one is meant, no more.

use super::one_line;

/// As much of a recipient as is shown.
const SHOWN_LIMIT: usize = 80;

/// A mail address with its first letter and its host (`g…@example.com`), any other address with its host alone: a
/// webhook's path is often its password. Empty stays empty.
#[must_use]
pub fn masked_recipient(recipient: &str) -> String {
    let recipient = recipient.trim();
    if recipient.is_empty() {
        return String::new();
    }
    if let Ok(url) = url::Url::parse(recipient)
        && let Some(host) = url.host_str()
    {
        return one_line(&format!("{}://{host}/…", url.scheme()), SHOWN_LIMIT);
    }
    // `Team <team@example.com>`: the address is what stands in the brackets.
    let address = recipient.rsplit('<').next().unwrap_or(recipient).trim_end_matches('>');
    match address.rsplit_once('@') {
        Some((name, host)) => {
            let first: String = name.chars().take(1).collect();
            one_line(&format!("{first}…@{host}"), SHOWN_LIMIT)
        }
        None => "…".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_names_the_receiver_is_shown() {
        for (recipient, shown) in [
            ("guests@example.com", "g…@example.com"),
            ("Team <team@example.com>", "t…@example.com"),
            ("https://user:pass@hooks.example.com/services/T0/s3cret?k=1", "https://hooks.example.com/…"),
            ("s3cret", "…"),
            ("", ""),
        ] {
            assert_eq!(masked_recipient(recipient), shown);
        }
    }
}
