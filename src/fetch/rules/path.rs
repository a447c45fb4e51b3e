//! One way to write a path, so that a rule and an address that mean the same are the same text (RFC 9309, 2.2.2).

/// What is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// The path of an address, in which `*` and `$` mean themselves.
    Path,
    /// The pattern of a rule, in which a bare `*` stands for any text.
    Pattern,
}

/// `text` with each octet written in one way: bare where it is an ASCII sign that means itself, else `%XX`.
///
/// An encoded `/`, `?`, `#` or `%` stays encoded, for it means something else than a bare one. `*` and `$` are
/// encoded unless they are wildcards.
pub(super) fn canonical(text: &[u8], form: Form) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((&byte, after)) = rest.split_first() {
        let decoded = (byte == b'%').then(|| encoded_octet(after)).flatten();
        let (octet, after) = decoded.unwrap_or((byte, after));
        let is_bare = match octet {
            b'/' | b'?' | b'#' => decoded.is_none(),
            b'*' => form == Form::Pattern && decoded.is_none(),
            b'%' | b'$' => false,
            _ => octet.is_ascii_graphic(),
        };
        if is_bare {
            out.push(char::from(octet));
        } else {
            push_encoded(&mut out, octet);
        }
        rest = after;
    }
    out
}

/// `canonical` text with `/` and `?` bare behind the first bare `?`: within a query they mean themselves.
pub(super) fn loosened(canonical: &str) -> String {
    match canonical.split_once('?') {
        Some((path, query)) => format!("{path}?{}", query.replace("%2F", "/").replace("%3F", "?")),
        None => canonical.to_owned(),
    }
}

/// The octet that two hexadecimal digits behind a `%` stand for, and what follows them.
fn encoded_octet(after: &[u8]) -> Option<(u8, &[u8])> {
    let (digits, after) = after.split_at_checked(2)?;
    let mut digits = digits.iter().map(|digit| char::from(*digit).to_digit(16));
    let octet = digits.next()?? * 16 + digits.next()??;
    Some((u8::try_from(octet).ok()?, after))
}

fn push_encoded(out: &mut String, octet: u8) {
    let digit = |value: u8| char::from_digit(u32::from(value), 16).unwrap_or('0').to_ascii_uppercase();
    out.extend(['%', digit(octet >> 4), digit(octet & 15)]);
}
