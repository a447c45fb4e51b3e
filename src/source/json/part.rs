//! One source, several questions: who knows no `OR` is asked for each alternative, and each has its own place.
//!
//! In: what the user looks for. Out: the questions, and the state of each in the one cursor of the source. Of a single
//! question the cursor is its state; of several it holds one by the hash of each, and drops those that are not asked
//! any more.

use super::query;
use super::state::{State, Step};
use crate::model::{Cursor, Preset, SourceSpec};
use crate::text::hash_hex;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The key of the states of several questions.
const PARTS: &str = "parts";

/// One question of a source.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Part {
    /// By which its state is known; empty where it is the only one.
    pub key: String,
    /// The source as if it asked for nothing else.
    pub spec: SourceSpec,
}

/// What a request was for, in its note.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Errand {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub part: String,
    #[serde(flatten)]
    pub step: Step,
}

/// The questions of `spec`, at least one.
pub(super) fn parts(preset: &Preset, spec: &SourceSpec) -> Vec<Part> {
    let default = || preset.variables.get("query").and_then(|variable| variable.default.as_ref());
    let query = spec.variables.get("query").or_else(default).map(String::as_str).unwrap_or_default();
    let questions = query::questions(query, &preset.dialect);
    if questions.len() < 2 {
        return vec![Part { key: String::new(), spec: spec.clone() }];
    }
    let part = |question: String| {
        let mut spec = spec.clone();
        let key = hash_hex(&[&question]);
        spec.variables.insert("query".to_owned(), question);
        Part { key, spec }
    };
    questions.into_iter().take(query::QUESTIONS_MOST).map(part).collect()
}

impl Part {
    /// The state of this question; what cannot be read begins anew.
    pub(super) fn state(&self, cursor: &Cursor) -> State {
        let value =
            if self.key.is_empty() { Some(&cursor.0) } else { cursor.0.get(PARTS).and_then(|of| of.get(&self.key)) };
        value.and_then(|value| State::deserialize(value).ok()).unwrap_or_default()
    }

    /// The cursor with `state` in the place of this question; `all` are those that are asked.
    pub(super) fn keep(&self, state: &State, cursor: &Cursor, all: &[Self]) -> Cursor {
        let value = serde_json::to_value(state).unwrap_or_default();
        if self.key.is_empty() {
            return Cursor(value);
        }
        let known = cursor.0.get(PARTS).and_then(Value::as_object);
        let others = all.iter().filter(|part| part.key != self.key);
        let mut states: Map<String, Value> =
            others.filter_map(|part| Some((part.key.clone(), known?.get(&part.key)?.clone()))).collect();
        states.insert(self.key.clone(), value);
        Cursor(Value::Object(Map::from_iter([(PARTS.to_owned(), Value::Object(states))])))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Dialect, SourceName};

    fn spec(query: &str) -> SourceSpec {
        let mut spec = SourceSpec::new(SourceName::new("s"), "json", "https://s.example/");
        spec.variables.insert("query".to_owned(), query.to_owned());
        spec
    }

    #[test]
    fn each_question_keeps_its_place_and_one_that_is_gone_leaves_none() {
        let mut preset = (**crate::source::preset("lemmy").expect("a preset")).clone();
        preset.dialect = Dialect { or: String::new(), ..Dialect::default() };
        let all = parts(&preset, &spec("a OR \"b c\" OR d"));
        assert_eq!(
            all.iter().map(|part| part.spec.variables["query"].as_str()).collect::<Vec<_>>(),
            ["a", "\"b c\"", "d"]
        );
        let state = |high| State { high: Some(high), ..State::default() };
        let cursor = all[0].keep(&state(1), &Cursor::default(), &all);
        let cursor = all[2].keep(&state(3), &cursor, &all);
        assert_eq!(
            (all[0].state(&cursor).high, all[1].state(&cursor).high, all[2].state(&cursor).high),
            (Some(1), None, Some(3))
        );
        let fewer = parts(&preset, &spec("d OR e"));
        let cursor = fewer[1].keep(&state(5), &cursor, &fewer);
        assert_eq!((fewer[0].state(&cursor).high, all[0].state(&cursor).high), (Some(3), None));
        let one = parts(&preset, &spec("d"));
        assert_eq!((one.len(), one[0].key.as_str()), (1, ""));
    }
}
