//! Mends JSON whose strings hold half of a surrogate pair, as programs write that cut texts by 16-bit units.

/// `json` with each lone half (`\ud83d`) replaced by the sign for what cannot be read (`\ufffd`).
///
/// `None` where there is none. Linear in the length; what is broken otherwise stays so.
pub(super) fn mended(json: &str) -> Option<String> {
    let mut mended = String::with_capacity(json.len());
    let mut rest = json;
    let mut n_lone = 0;
    while let Some((before, from)) = rest.split_once('\\') {
        mended.push_str(before);
        let (escape, after) =
            match (unit(from), unit(from.get(5..).and_then(|next| next.strip_prefix('\\')).unwrap_or(""))) {
                (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => from.split_at(11),
                (Some(0xd800..=0xdfff), _) => {
                    n_lone += 1;
                    ("ufffd", from.get(5..).unwrap_or(""))
                }
                _ => from.split_at(from.chars().next().map_or(0, char::len_utf8)),
            };
        mended.push('\\');
        mended.push_str(escape);
        rest = after;
    }
    mended.push_str(rest);
    (n_lone > 0).then_some(mended)
}

/// The 16-bit unit that `text` begins with as `uXXXX`.
fn unit(text: &str) -> Option<u32> {
    let digits = text.strip_prefix('u')?.get(..4)?;
    digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(json: &str, expected: Option<&str>) {
        assert_eq!(mended(json).as_deref(), expected);
    }

    #[test]
    fn lone_halves_are_replaced_and_pairs_stay() {
        check(r#""a \ud83d b""#, Some(r#""a \ufffd b""#));
        check(r#""\ude00\ud83d\ude00\ud83d""#, Some(r#""\ufffd\ud83d\ude00\ufffd""#));
        check(r#""\ud83d\ude00 \\ud83d \u00e4 \n""#, None);
    }

    proptest! {
        #[test]
        fn what_is_json_stays_as_it_is(text in ".{0,40}") {
            prop_assert_eq!(mended(&serde_json::to_string(&text).expect("JSON")), None);
        }

        #[test]
        fn any_text_ends(text in "(\\\\|u|d8|00|dc|[\"a-f]|ä){0,40}") {
            prop_assert!(mended(&text).is_none_or(|mended| mended.len() == text.len()));
        }
    }
}
