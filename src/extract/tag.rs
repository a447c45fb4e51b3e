//! One tag of HTML: its name, whether it closes, its attributes, and how long it is.

/// A tag as it stands in the markup.
#[derive(Debug, Clone, Copy)]
pub struct Tag<'h> {
    /// Its name as written.
    pub name: &'h str,
    /// `</...>`.
    pub is_end: bool,
    /// What stands between the name and the closing `>`.
    attributes: &'h str,
    /// Its length in bytes with both brackets.
    pub length: usize,
}

/// How many tags with an unclosed quote are looked through to the end; each costs the length of the markup.
const UNCLOSED_QUOTES: u8 = 4;

/// Cuts tags; remembers what would make cutting slow.
#[derive(Debug, Default)]
pub struct Cutter {
    n_unclosed_quotes: u8,
    /// No `>` follows any more.
    is_done: bool,
}

impl Cutter {
    /// The tag that `rest` (which starts with `<`) begins with; `None` where it begins none.
    pub fn cut<'h>(&mut self, rest: &'h str) -> Option<Tag<'h>> {
        let after = rest.get(1..).filter(|_| !self.is_done)?;
        let is_end = after.starts_with('/');
        let named = if is_end { after.get(1..)? } else { after };
        if !named.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return None;
        }
        let name_length =
            named.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/' | '<')).unwrap_or(named.len());
        let (name, tail) = named.split_at_checked(name_length)?;
        let close = self.close(tail)?;
        let length = rest.len() - tail.len() + close + 1;
        // XHTML in a feed may come with a prefix: `<xhtml:p>`.
        let name = name.rsplit(':').next().unwrap_or(name);
        Some(Tag { name, is_end, attributes: tail.get(..close)?, length })
    }

    /// Where `>` closes the tag whose attributes `tail` begins with; a `>` in quotes does not.
    fn close(&mut self, tail: &str) -> Option<usize> {
        let mut quote = None;
        let mut before = b' ';
        if self.n_unclosed_quotes < UNCLOSED_QUOTES {
            for (at, byte) in tail.bytes().enumerate() {
                match (quote, byte) {
                    (Some(open), _) if open == byte => quote = None,
                    (Some(_), _) => {}
                    (None, b'>') => return Some(at),
                    (None, b'"' | b'\'') if before == b'=' => quote = Some(byte),
                    (None, _) => {}
                }
                if !byte.is_ascii_whitespace() {
                    before = byte;
                }
            }
            self.n_unclosed_quotes += 1;
        }
        let close = tail.find('>');
        self.is_done = close.is_none();
        close
    }
}

impl<'h> Tag<'h> {
    /// Whether it is a tag of that name.
    #[must_use]
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// `<.../>`.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.attributes.ends_with('/')
    }

    /// The raw value of an attribute.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&'h str> {
        let mut rest = self.attributes;
        loop {
            rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
            if rest.is_empty() {
                return None;
            }
            let end = rest.find(|c: char| c.is_whitespace() || c == '=').unwrap_or(rest.len());
            let (key, after) = rest.split_at_checked(end.max(1)).unwrap_or((rest, ""));
            let after = after.trim_start();
            let Some(value) = after.strip_prefix('=').map(str::trim_start) else {
                rest = after;
                continue;
            };
            let (value, after) = match value.chars().next().filter(|c| matches!(c, '"' | '\'')) {
                Some(quote) => value.get(1..)?.split_once(quote)?,
                None => value.split_once(char::is_whitespace).unwrap_or((value, "")),
            };
            if key.eq_ignore_ascii_case(name) {
                return Some(value);
            }
            rest = after;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_found_however_they_are_quoted() {
        let tag = Cutter::default().cut("<a b href = 'x>y' C=\"d\" e=f>text").expect("a tag");
        assert_eq!(
            (tag.attribute("HREF"), tag.attribute("c"), tag.attribute("e")),
            (Some("x>y"), Some("d"), Some("f"))
        );
        assert_eq!((tag.length, tag.attribute("b"), tag.attribute("g")), (28, None, None));
    }
}
