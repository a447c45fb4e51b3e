//! Sentences with places to fill, and their plural forms.

use super::Language;

/// One phrase in its two forms. English and German both part "one" from everything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plural {
    /// For exactly one.
    pub one: &'static str,
    /// For none and for many.
    pub other: &'static str,
}

impl Plural {
    /// The form for `n`, with `{n}` filled in as `language` writes numbers.
    #[must_use]
    pub fn of(self, n: u64, language: Language) -> String {
        fill(if n == 1 { self.one } else { self.other }, &[("n", &language.count(n))])
    }
}

/// `pattern` with each `{name}` replaced by its value; an unknown name stays as it is.
///
/// It goes through the pattern once, so that a value which looks like a place to fill is left alone.
#[must_use]
pub fn fill(pattern: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(pattern.len());
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let value = after
            .split_once('}')
            .and_then(|(name, tail)| values.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value, tail)));
        match value {
            Some((value, tail)) => {
                filled.push_str(value);
                rest = tail;
            }
            None => {
                filled.push('{');
                rest = after;
            }
        }
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_filled_in_once() {
        assert_eq!(fill("{a} and {b}", &[("a", "{b}"), ("b", "x")]), "{b} and x");
        assert_eq!(fill("{unknown} {a", &[("a", "x")]), "{unknown} {a");
    }

    #[test]
    fn one_is_not_many() {
        let mentions = Plural { one: "{n} Erwähnung", other: "{n} Erwähnungen" };
        assert_eq!(mentions.of(1, Language::De), "1 Erwähnung");
        assert_eq!(mentions.of(0, Language::De), "0 Erwähnungen");
        assert_eq!(mentions.of(12_345, Language::De), "12.345 Erwähnungen");
    }
}
