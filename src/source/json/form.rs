//! Reads single values as what they are meant to be: texts, numbers, times, markup.
//!
//! Services send numbers as texts and texts as numbers; ids are taken over digit by digit, never as floats.

use super::markdown;
use crate::model::{Form, PostedAt};
use crate::source::page::short_number;
use crate::text::push_unescaped;
use crate::when::read_date;
use jiff::Timestamp;
use serde_json::Value;

/// The most bytes of one text.
const TEXT_LIMIT_BYTES: usize = 1 << 20;

/// Numbers from here on are milliseconds (the year 5138 in seconds), and from the next one on microseconds.
const MILLISECONDS_FROM: i64 = 100_000_000_000;
const MICROSECONDS_FROM: i64 = 100_000_000_000_000;

/// A value as text: a text, a number, true or false.
pub(super) fn text(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Bool(flag) => flag.to_string(),
        _ => return None,
    };
    (!text.is_empty() && text.len() <= TEXT_LIMIT_BYTES).then_some(text)
}

/// A text as `form` says.
pub(super) fn shaped(text: String, form: Form) -> Option<String> {
    let shaped = match form {
        Form::HtmlText => crate::source::feed::plain_title(text),
        Form::Unescape => {
            let mut plain = String::new();
            push_unescaped(&mut plain, &text);
            plain
        }
        Form::Markdown => markdown::to_html(&text),
        Form::TextHtml => markdown::plain_to_html(&text),
        Form::ParentOfPath => text.rsplit('.').nth(1).filter(|id| *id != "0")?.to_owned(),
        Form::Plain | Form::UnixS | Form::UnixMs | Form::UnixUs => text,
    };
    (!shaped.is_empty()).then_some(shaped)
}

/// A time: RFC 3339, RFC 822 and the other forms of dates, without a zone UTC; or seconds, milli- or microseconds
/// since 1970, as `form` says or else by their size.
pub(super) fn time(text: &str, form: Form) -> Option<PostedAt> {
    let Ok(number) = text.parse::<f64>() else { return read_date(text) };
    // Twelve digits and more may be a date written without separators.
    let is_compact = matches!(text.len(), 8 | 14) && form == Form::Plain && text.starts_with(['1', '2']);
    if is_compact && let Some(date) = compact(text) {
        return Some(date);
    }
    if !number.is_finite() || number.abs() > 1e18 {
        return None;
    }
    let whole = text.parse::<i64>().unwrap_or(number as i64);
    let at = match form {
        Form::UnixUs => Timestamp::from_microsecond(whole),
        Form::UnixMs => Timestamp::from_millisecond(whole),
        Form::UnixS => Timestamp::from_second(whole),
        _ if whole >= MICROSECONDS_FROM => Timestamp::from_microsecond(whole),
        _ if whole >= MILLISECONDS_FROM => Timestamp::from_millisecond(whole),
        _ => Timestamp::from_second(whole),
    };
    at.ok().map(PostedAt::utc)
}

/// `20230918` and `20230918031500`.
fn compact(text: &str) -> Option<PostedAt> {
    let date = text.get(..8)?;
    let clock = text.get(8..).filter(|clock| clock.len() == 6).unwrap_or("000000");
    read_date(&format!("{date}T{clock}Z"))
}

/// A whole number that is not negative: `12`, `"12"`, `12.0`, `"1.8K"`, `"1,2 Tsd."`.
pub(super) fn count(value: &Value) -> Option<u64> {
    match value {
        Value::Number(number) => {
            let rounded = || number.as_f64().filter(|number| (0.0..1e15).contains(number)).map(|number| number as u64);
            number.as_u64().or_else(rounded)
        }
        Value::String(text) => short_number(text.trim()),
        _ => None,
    }
}

/// A rating.
pub(super) fn rating(text: &str) -> Option<f32> {
    text.replace(',', ".").parse().ok().filter(|rating: &f32| rating.is_finite() && (0.0..=100.0).contains(rating))
}

/// A whole number of any size that fits, also one written as a text; never by way of a float.
pub(super) fn whole(text: &str) -> Option<i64> {
    text.parse().ok()
}

/// Whether a value says yes.
pub(super) fn is_yes(value: &Value) -> bool {
    match value {
        Value::Bool(flag) => *flag,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !matches!(text.trim().to_ascii_lowercase().as_str(), "" | "false" | "0" | "no" | "null"),
        Value::Array(list) => !list.is_empty(),
        Value::Object(object) => !object.is_empty(),
        Value::Null => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn times_come_in_many_forms() {
        let read = |text: &str, form| time(text, form).map(|posted| posted.to_string());
        for (text, form) in [
            ("2023-09-18T03:15:00Z", Form::Plain),
            ("2023-09-18T03:15:00", Form::Plain),
            ("2023-09-18T03:15:00.123456", Form::Plain),
            ("2023-09-18T03:15:00+0000", Form::Plain),
            ("20230918T031500Z", Form::Plain),
            ("20230918031500", Form::Plain),
            ("Mon, 18 Sep 2023 03:15:00 GMT", Form::Plain),
            ("1695006900", Form::Plain),
            ("1695006900.5", Form::UnixS),
            ("1695006900000", Form::Plain),
            ("1695006900000", Form::UnixMs),
            ("1695006900000000", Form::Plain),
            ("1695006900000000", Form::UnixUs),
        ] {
            assert_eq!(read(text, form).as_deref(), Some("2023-09-18T03:15:00+00:00"), "{text}");
        }
        assert_eq!(read("2013-02-04T15:26:26.278-05:00", Form::Plain).as_deref(), Some("2013-02-04T15:26:26-05:00"));
        assert_eq!(read("soon", Form::Plain), None);
        assert_eq!(read("1e300", Form::Plain), None);
    }

    #[test]
    fn numbers_are_read_as_they_come_and_ids_digit_by_digit() {
        let counts = [json!(3), json!("3"), json!(3.0), json!("1.8K"), json!("1,2 Tsd."), json!(-3), json!(null)];
        let read: Vec<_> = counts.iter().map(count).collect();
        assert_eq!(read, [Some(3), Some(3), Some(3), Some(1800), Some(1200), None, None]);
        let id: Value = serde_json::from_str("9007199254740993").expect("a number");
        assert_eq!(text(&id).as_deref(), Some("9007199254740993"));
        assert_eq!(whole("9007199254740993"), Some(9_007_199_254_740_993));
        assert_eq!(shaped("0.12.57".to_owned(), Form::ParentOfPath).as_deref(), Some("12"));
        assert_eq!(shaped("0.57".to_owned(), Form::ParentOfPath), None);
    }
}
