//! Numbers and ratings as people and spreadsheets write them. Formulas are texts; nothing is evaluated.

/// A whole number with separators of thousands in any language, or shortened: `1.234`, `1,234`, `1 234`, `1,2 Tsd.`.
pub(super) fn count(text: &str) -> Option<u64> {
    let end = text.find(|c: char| c.is_alphabetic()).unwrap_or(text.len());
    let (digits, unit) = text.split_at(end);
    let factor = match unit.trim_end_matches('.').to_lowercase().as_str() {
        "" => 1.0,
        "k" | "tsd" | "mil" => 1e3,
        "m" | "mio" | "mln" => 1e6,
        _ => return None,
    };
    let number = if factor > 1.0 { decimal(digits)? * factor } else { whole(digits).or_else(|| decimal(digits))? };
    // Precise far beyond any count.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "bounded below")]
    (0.0..1e15).contains(&number).then_some(number.round() as u64)
}

/// `1.234.567` or `1,234`: groups of three.
fn whole(text: &str) -> Option<f64> {
    let text = text.trim();
    let groups: Vec<&str> = text.split(['.', ',', '\'', '\u{2019}', ' ', '\u{a0}', '\u{202f}']).collect();
    let (first, rest) = groups.split_first()?;
    let is_grouped = (1..=3).contains(&first.len()) || rest.is_empty();
    let is_number = |group: &&str| !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_digit());
    (is_grouped && rest.iter().all(|group| group.len() == 3) && groups.iter().all(is_number))
        .then(|| groups.concat().parse().ok())
        .flatten()
}

/// A number with a decimal comma or point: `1.234,56`, `1,234.56`, `4,5`, `4.5`.
pub(super) fn decimal(text: &str) -> Option<f64> {
    let text: String = text.trim().chars().filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\'')).collect();
    let is_plain = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',');
    if !text.strip_prefix('-').unwrap_or(&text).chars().all(is_plain) || !text.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let mark = match (text.rfind('.'), text.rfind(',')) {
        (Some(point), Some(comma)) if comma > point => ',',
        (Some(_), Some(_)) => '.',
        (None, Some(_)) if text.matches(',').count() > 1 => return whole(&text),
        (Some(_), None) if text.matches('.').count() > 1 => return whole(&text),
        (None, Some(_)) => ',',
        _ => '.',
    };
    let other = if mark == ',' { '.' } else { ',' };
    text.replace(other, "").replace(mark, ".").parse().ok()
}

/// A rating, brought to a scale of five where it names another: `4 von 5`, `4,5/5`, `8/10`, `80 %`, stars.
pub(super) fn rating(text: &str) -> Option<f32> {
    let text = text.trim();
    if text.chars().any(|c| STARS.contains(&c)) {
        return stars(text);
    }
    if let Some(percent) = text.strip_suffix('%') {
        return scaled(decimal(percent)?, 100.0);
    }
    let lower = text.to_lowercase();
    for word in ["/", " von ", " out of ", " of ", " sur ", " de ", " su "] {
        if let Some((value, scale)) = lower.split_once(word) {
            return scaled(decimal(value)?, decimal(number_part(scale))?);
        }
    }
    let value = decimal(number_part(&lower))?;
    #[expect(clippy::cast_possible_truncation, reason = "a rating is small")]
    (0.0..=100.0).contains(&value).then_some(value as f32)
}

const STARS: [char; 5] = ['★', '⭐', '☆', '🌟', '½'];

fn stars(text: &str) -> Option<f32> {
    let n_full = text.chars().filter(|c| matches!(c, '★' | '⭐' | '🌟')).count();
    let half = if text.contains('½') { 0.5 } else { 0.0 };
    // "4,5 ★" names the number beside one star.
    let number = text.replace(STARS, " ");
    if let Some(value) = decimal(number.trim()).filter(|_| n_full == 1) {
        return scaled(value, 5.0);
    }
    (n_full <= 10).then_some(n_full as f32 + half)
}

/// The digits at the beginning, without the word behind them: `5 Sterne`.
fn number_part(text: &str) -> &str {
    let text = text.trim();
    let end = text.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ','))).unwrap_or(text.len());
    text.get(..end).unwrap_or_default().trim_end_matches(['.', ','])
}

fn scaled(value: f64, scale: f64) -> Option<f32> {
    #[expect(clippy::cast_possible_truncation, reason = "at most five")]
    (scale > 0.0 && (0.0..=scale).contains(&value)).then_some((value / scale * 5.0) as f32)
}

/// Whether a spreadsheet made a rounded number of an id: `1.23E+18`, `1,23E+18`.
pub(super) fn is_rounded_id(id: &str) -> bool {
    let Some((mantissa, exponent)) = id.trim().split_once(['E', 'e']) else { return false };
    let is_decimal = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',');
    mantissa.starts_with(|c: char| c.is_ascii_digit())
        && mantissa.chars().all(is_decimal)
        && exponent
            .strip_prefix('+')
            .is_some_and(|digits| (1..=3).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_are_read_in_both_ways_of_writing() {
        for (text, expected) in [
            ("1.234,56", Some(1234.56)),
            ("1,234.56", Some(1234.56)),
            ("4,5", Some(4.5)),
            ("4.5", Some(4.5)),
            ("1.234.567", Some(1_234_567.0)),
            ("-3", Some(-3.0)),
            ("=1+1", None),
            ("", None),
            (".", None),
        ] {
            assert_eq!(decimal(text), expected, "{text}");
        }
        for (text, expected) in [
            ("1.234", Some(1234)),
            ("12", Some(12)),
            ("1 234", Some(1234)),
            ("1,2 Tsd.", Some(1200)),
            ("3 Mio.", Some(3_000_000)),
            ("2.5K", Some(2500)),
            ("12.0", Some(12)),
            ("viele", None),
            ("-4", None),
        ] {
            assert_eq!(count(text), expected, "{text}");
        }
    }

    #[test]
    fn ratings_are_brought_to_five() {
        for (text, expected) in [
            ("4 von 5", Some(4.0)),
            ("4,5/5", Some(4.5)),
            ("★★★★", Some(4.0)),
            ("★★★☆☆", Some(3.0)),
            ("8/10", Some(4.0)),
            ("4 out of 5 stars", Some(4.0)),
            ("3 sur 5", Some(3.0)),
            ("80 %", Some(4.0)),
            ("5 Sterne", Some(5.0)),
            ("4,5 ★", Some(4.5)),
            ("gut", None),
            ("7/5", None),
        ] {
            assert_eq!(rating(text), expected, "{text}");
        }
    }

    #[test]
    fn only_a_number_with_an_exponent_is_a_rounded_id() {
        assert!(["1.23E+18", "1,23E+18", "1e+18", "1.49857E+18"].iter().all(|id| is_rounded_id(id)));
        assert!(["1e18", "abc1E+18", "12E", "E+18", "1234567890123456789", "3e5f"].iter().all(|id| !is_rounded_id(id)));
    }

    proptest! {
        #[test]
        fn any_text_is_a_number_or_none(text in "\\PC{0,20}") {
            let _ = (count(&text), decimal(&text), is_rounded_id(&text));
            prop_assert!(rating(&text).is_none_or(|rating| (0.0..=100.0).contains(&rating)));
        }
    }
}
