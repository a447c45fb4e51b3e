//! Values as they come, not as they should: a number as text, a null for a text.
//!
//! Texts are borrowed from the message wherever they hold no escape, so that what does not matter costs no memory.

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::fmt;

/// A text; empty where it is missing or something else.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Text<'m>(pub(super) Cow<'m, str>);

impl std::ops::Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

/// A whole number from 0, also as text; 0 where it is missing or something else.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Number(pub(super) u64);

/// Yes or no; `None` where it is missing or something else.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Flag(pub(super) Option<bool>);

/// A value of which only some forms are taken.
trait Take<'m>: Default {
    fn of_text(_text: Cow<'m, str>) -> Self {
        Self::default()
    }

    fn of_number(_number: u64) -> Self {
        Self::default()
    }

    fn of_flag(_flag: bool) -> Self {
        Self::default()
    }
}

impl<'de: 'm, 'm> Take<'de> for Text<'m> {
    fn of_text(text: Cow<'de, str>) -> Self {
        Self(text)
    }
}

impl<'m> Take<'m> for Number {
    fn of_text(text: Cow<'m, str>) -> Self {
        Self(text.trim().parse().unwrap_or(0))
    }

    fn of_number(number: u64) -> Self {
        Self(number)
    }
}

impl<'m> Take<'m> for Flag {
    fn of_flag(flag: bool) -> Self {
        Self(Some(flag))
    }
}

struct Any<T>(std::marker::PhantomData<T>);

impl<'m, T: Take<'m>> Visitor<'m> for Any<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_borrowed_str<E>(self, text: &'m str) -> Result<T, E> {
        Ok(T::of_text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<T, E> {
        Ok(T::of_text(Cow::Owned(text.to_owned())))
    }

    fn visit_u64<E>(self, number: u64) -> Result<T, E> {
        Ok(T::of_number(number))
    }

    fn visit_i64<E>(self, _number: i64) -> Result<T, E> {
        Ok(T::default())
    }

    fn visit_f64<E>(self, _number: f64) -> Result<T, E> {
        Ok(T::default())
    }

    fn visit_bool<E>(self, flag: bool) -> Result<T, E> {
        Ok(T::of_flag(flag))
    }

    fn visit_unit<E>(self) -> Result<T, E> {
        Ok(T::default())
    }

    fn visit_seq<A: SeqAccess<'m>>(self, mut list: A) -> Result<T, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(T::default())
    }

    fn visit_map<A: MapAccess<'m>>(self, mut map: A) -> Result<T, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(T::default())
    }
}

impl<'de: 'm, 'm> Deserialize<'de> for Text<'m> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Any(std::marker::PhantomData))
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Any(std::marker::PhantomData))
    }
}

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Any(std::marker::PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Deserialize)]
    #[serde(default)]
    #[derive(Default)]
    struct All<'m> {
        #[serde(borrow)]
        text: Text<'m>,
        number: Number,
        flag: Flag,
    }

    #[test]
    fn other_forms_are_as_good_as_missing_and_texts_are_borrowed() {
        let all: All<'_> = serde_json::from_str(r#"{"text":"plain","number":"17","flag":true}"#).expect("JSON");
        assert!(matches!(all.text.0, Cow::Borrowed("plain")));
        assert_eq!((all.number, all.flag), (Number(17), Flag(Some(true))));
        for odd in ["null", "[1,[2]]", "{\"a\":{}}", "-1", "1.5", "1e99"] {
            let json = format!(r#"{{"text":{odd},"number":{odd},"flag":{odd}}}"#);
            let all: All<'_> = serde_json::from_str(&json).expect("JSON");
            assert_eq!((&*all.text, all.number, all.flag), ("", Number(0), Flag(None)), "{odd}");
        }
    }
}
