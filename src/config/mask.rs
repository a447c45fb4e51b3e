//! Hides what may be a secret in a line that is about to be shown.
//!
//! In: one line of a document, perhaps not TOML at all. Out: the line with as many characters, those of values
//! beside keys that look like a secret's, and of logins in addresses, replaced by `*`. It rather hides too much.

/// Keys whose values are never shown.
const SECRET_KEYS: [&str; 4] = ["password", "secret", "token", "credential"];

/// The same for keys that are too short to be known by a part of them.
const SHORT_SECRET_KEYS: [&str; 2] = ["key", "refresh"];

/// How many slips a misspelt key may have and still be taken for one of them.
const SLIPS: usize = 2;

/// The keys of a reference to a secret; their values are names, no secrets.
const REFERENCE_KEYS: [&str; 3] = ["env", "file", "credential"];

/// Hides what may be a secret in `line`. Keeps the number of characters.
pub(super) fn masked(line: &str) -> String {
    let mut shown = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('=') {
        shown.push_str(before);
        shown.push('=');
        rest = after;
        let key = last_key(before);
        if !is_secret_key(key) {
            continue;
        }
        if REFERENCE_KEYS.contains(&key) && before.contains('{') {
            continue;
        }
        shown.push_str(&if after.trim_start().starts_with('{') { masked_table(after) } else { stars(after) });
        rest = "";
    }
    shown.push_str(rest);
    mask_logins(&shown)
}

/// Whether the value of `key` is hidden, also where the key is misspelt.
pub(super) fn is_secret_key(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    SHORT_SECRET_KEYS.contains(&key.as_str())
        || SECRET_KEYS.iter().any(|secret| key.contains(secret) || strsim::osa_distance(&key, secret) <= SLIPS)
}

/// The value of a secret written as a table: only what a reference names stays.
fn masked_table(text: &str) -> String {
    let inside = text.trim_start().trim_start_matches('{').trim_end().trim_end_matches('}');
    let is_reference = inside.split_once('=').is_some_and(|(key, value)| {
        let value = value.trim();
        let quotes = value.chars().filter(|character| matches!(character, '"' | '\'')).count();
        REFERENCE_KEYS.contains(&key.trim()) && quotes == 2 && !value.contains('=')
    });
    if is_reference { text.to_owned() } else { stars(text) }
}

fn stars(text: &str) -> String {
    text.chars().map(|character| if character.is_whitespace() { character } else { '*' }).collect()
}

/// The key that ends `text`, with the keys of the tables before it (`password.plain`).
fn last_key(text: &str) -> &str {
    let word = text.trim_end().trim_end_matches(['"', '\'']);
    word.rsplit(|character: char| !(character.is_alphanumeric() || matches!(character, '_' | '-' | '.')))
        .next()
        .unwrap_or("")
}

/// Hides `user:password` in `https://user:password@host`.
fn mask_logins(line: &str) -> String {
    let mut shown = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((before, after)) = rest.split_once("//") {
        shown.push_str(before);
        shown.push_str("//");
        let authority = after.split(['/', '"', '\'', '?', '#', ' ']).next().unwrap_or("");
        match authority.rsplit_once('@') {
            Some((login, _)) => {
                shown.push_str(&stars(login));
                rest = after.strip_prefix(login).unwrap_or("");
            }
            None => rest = after,
        }
    }
    shown.push_str(rest);
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(line: &str, expected: &str) {
        assert_eq!(masked(line), expected);
    }

    #[test]
    fn values_of_secrets_are_hidden() {
        check("password = \"hunter2\"", "password = *********");
        check("pasword=hunter2 # mine", "pasword=******* * ****");
        check("url = \"https://x\", secret = \"whsec_abc\" }", "url = \"https://x\", secret = *********** *");
        check("password.plain = 'hunter2'", "password.plain = *********");
        check("password = { plain = \"hunter2\" }", "password = * ***** * ********* *");
    }

    #[test]
    fn references_are_shown() {
        check("password = { env = \"SMTP_PASSWORD\" }", "password = { env = \"SMTP_PASSWORD\" }");
        check("name = \"Morton's\"", "name = \"Morton's\"");
    }

    #[test]
    fn logins_in_addresses_are_hidden() {
        check("url = \"https://me:hunter2@example.com/a@b\"", "url = \"https://**********@example.com/a@b\"");
    }

    proptest! {
        #[test]
        fn any_line_keeps_its_length(line in "\\PC{0,60}") {
            prop_assert_eq!(masked(&line).chars().count(), line.chars().count());
        }
    }
}
