//! Entities of HTML: `&uuml;`, `&#8217;` and their like become the characters that they stand for.

use markup5ever::data::NAMED_ENTITIES;

/// The longest name that is looked up, without `&` and `;` (HTML's longest has 31 letters).
const LONGEST_NAME: usize = 32;

/// What windows-1252 has where Unicode has the control characters U+0080 to U+009F; `\0` where it has none.
const WINDOWS_1252_C1: &str = "€\0‚ƒ„…†‡ˆ‰Š‹Œ\0Ž\0\0‘’“”•–—˜™š›œ\0žŸ";

/// Appends `text` to `plain` with its entities resolved once; what is none stays as it is.
///
/// Linear in the text length; what is appended is at most twice as long.
pub fn push_unescaped(plain: &mut String, text: &str) {
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        plain.push_str(before);
        rest = after;
        let letters = after.bytes().take(LONGEST_NAME).take_while(|b| b.is_ascii_alphanumeric() || *b == b'#').count();
        let name = after.get(..letters).unwrap_or("");
        if after.as_bytes().get(letters) == Some(&b';') && push_entity(plain, name) {
            rest = after.get(letters + 1..).unwrap_or("");
        } else {
            plain.push('&');
        }
    }
    plain.push_str(rest);
}

/// The character that windows-1252 has at `code`, where `code` is one of Unicode's controls U+0080 to U+009F.
///
/// Pages that write `&#146;` mean that, and browsers read it so.
#[must_use]
pub fn from_windows_1252(code: u32) -> Option<char> {
    let index = usize::try_from(code.checked_sub(0x80)?).ok()?;
    WINDOWS_1252_C1.chars().nth(index).filter(|character| *character != '\0')
}

fn push_entity(plain: &mut String, name: &str) -> bool {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(digits) => u32::from_str_radix(digits, 16),
            None => number.parse(),
        };
        let character = code.ok().and_then(|code| from_windows_1252(code).or_else(|| char::from_u32(code)));
        let character =
            character.filter(|character| !character.is_control() || matches!(character, '\t' | '\n' | '\r'));
        plain.extend(character);
        return character.is_some();
    }
    let characters = named_entity(name);
    plain.extend(characters.into_iter().flatten().flatten());
    characters.is_some()
}

/// The one or two characters that HTML names `name` (without `&` and `;`).
#[must_use]
pub fn named_entity(name: &str) -> Option<[Option<char>; 2]> {
    let mut key = [0_u8; LONGEST_NAME + 1];
    let (letters, end) = key.split_at_mut_checked(name.len()).filter(|(_, end)| !end.is_empty())?;
    letters.copy_from_slice(name.as_bytes());
    end.iter_mut().take(1).for_each(|byte| *byte = b';');
    let key = std::str::from_utf8(key.get(..=name.len())?).ok()?;
    let (first, second) = NAMED_ENTITIES.get(key).copied()?;
    let character = |code: u32| char::from_u32(code).filter(|character| *character != '\0');
    character(first).map(|first| [Some(first), character(second)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_become_characters_and_the_rest_stays() {
        let mut plain = String::new();
        push_unescaped(
            &mut plain,
            "K&ouml;ln &#8211; &#x1F969; don&#146;t &amp;amp; R&D &nix; &#0; &psi; &nbsp &NotEqualTilde;",
        );
        assert_eq!(plain, "Köln – 🥩 don’t &amp; R&D &nix; &#0; ψ &nbsp ≂̸");
    }
}
