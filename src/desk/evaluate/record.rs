//! A labelled post as it stands in a file: the post, and what people said of it.
//!
//! In: one JSON object. Out: an item to study, the brand that it is about, and the object itself, in which each gauge
//! looks for its label. Forms of several collections are read: see [`Record::read`].

use super::super::analyze::Line;
use crate::analyze::BrandIndex;
use crate::config;
use crate::model::{Item, Medium};
use serde_json::{Map, Value, json};
use std::ops::Range;

/// The id of the brand that a record names.
const TARGET: &str = "target";

/// A labelled post.
#[derive(Debug)]
pub(super) struct Record {
    pub id: String,
    /// The language that the record names.
    pub lang: Option<String>,
    pub text: String,
    pub item: Item,
    /// The brand that the record is about, alone.
    pub index: Option<BrandIndex>,
    /// The id of a configured brand that it is about.
    pub brand_id: Option<String>,
    /// The record names a brand with all that is to be known of it, not only a word of the text.
    pub has_brand: bool,
    /// Where the target stands in `text` (bytes).
    pub place: Option<Range<usize>>,
    fields: Map<String, Value>,
}

impl Record {
    /// Reads a line: `text`, all that `analyze --jsonl` takes, and labels.
    ///
    /// `target` names the brand, unless `brand` is the id of a configured one; `from` and `to` (code points) say where it stands; `brand` may lack an `id`, and then
    /// its handles are its own accounts; `on_page` may be true; `mentions` are handles that were cut from the text.
    pub fn read(line: &str, medium: Medium) -> Result<Self, String> {
        let value: Value = serde_json::from_str(line).map_err(|error| format!("no JSON: {error}"))?;
        let Value::Object(mut fields) = value else { return Err("no labelled post: expected an object".to_owned()) };
        let text = fields.get("text").and_then(Value::as_str).ok_or("no labelled post: expected `text`")?.to_owned();
        let place = place(&fields, &text);
        let brand_id = fields.get("brand").and_then(Value::as_str).map(str::to_owned);
        let has_brand = fields.get("brand").is_some_and(Value::is_object);
        name_brand(&mut fields);
        let mut post = fields.clone();
        straighten(&mut post, &text);
        let line: Line = serde_json::from_value(Value::Object(post)).map_err(|error| format!("no post: {error}"))?;
        let brand = line.brand.as_ref().map(config::brand_from_json).transpose().map_err(|error| error.to_string())?;
        let has_medium = fields.get("source").is_some_and(Value::is_string);
        let mut item = line.into_item();
        if !has_medium {
            item.medium = medium;
        }
        Ok(Self {
            id: fields.get("id").map_or_else(String::new, as_text),
            lang: fields.get("lang").and_then(Value::as_str).map(str::to_owned),
            text,
            item,
            index: brand.map(|brand| BrandIndex::new(vec![brand])),
            brand_id,
            has_brand,
            place,
            fields,
        })
    }

    /// What people said in the field `name`; below `gold` or `labels` where the record has one of them.
    pub fn label(&self, name: &str) -> Option<&Value> {
        let said = ["gold", "labels"].iter().find_map(|key| self.fields.get(*key)?.as_object());
        said.unwrap_or(&self.fields).get(name).filter(|value| !value.is_null())
    }

    /// Whether the field `name` is there, be it null.
    pub fn has_label(&self, name: &str) -> bool {
        let said = ["gold", "labels"].iter().find_map(|key| self.fields.get(*key)?.as_object());
        said.unwrap_or(&self.fields).contains_key(name)
    }

    /// People said that the brand is not meant, or that it is spam: nothing else is to be said of it.
    pub fn is_beside_the_point(&self) -> bool {
        self.label("relevant") == Some(&Value::Bool(false)) || self.label("spam") == Some(&Value::Bool(true))
    }
}

/// A post that is wanted: the one with `VALUE` in `FIELD`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Only {
    field: String,
    value: String,
}

impl Only {
    /// Reads `FIELD=VALUE`. A field of a field is written `origin.pick`; a value that ends in `*` stands for all that
    /// begin so.
    ///
    /// # Errors
    /// Why it cannot be read.
    pub fn from_text(text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            Some((field, value)) if !field.is_empty() => Ok(Self { field: field.to_owned(), value: value.to_owned() }),
            _ => Err(format!("`{text}` is no field and value; write one such as part=test")),
        }
    }

    fn holds(&self, record: &Record) -> bool {
        let mut path = self.field.split('.');
        let first = path.next().and_then(|name| record.fields.get(name));
        let value = path.fold(first, |value, name| value.and_then(|value| value.get(name)));
        match value {
            None => self.value.is_empty(),
            Some(Value::Array(values)) => values.iter().any(|value| self.is(&as_text(value))),
            Some(value) => self.is(&as_text(value)),
        }
    }

    fn is(&self, text: &str) -> bool {
        self.value.strip_suffix('*').map_or(self.value == text, |beginning| text.starts_with(beginning))
    }
}

/// Whether `record` is wanted: of each field that `only` names, one of the values.
pub(super) fn is_wanted(record: &Record, only: &[Only]) -> bool {
    only.iter().all(|one| only.iter().any(|other| other.field == one.field && other.holds(record)))
}

fn place(fields: &Map<String, Value>, text: &str) -> Option<Range<usize>> {
    let number = |name: &str| fields.get(name)?.as_u64().and_then(|number| usize::try_from(number).ok());
    let (from, to) = (number("from")?, number("to")?);
    let byte_of = |n_points| text.char_indices().map(|(at, _)| at).chain([text.len()]).nth(n_points);
    Some(byte_of(from)?..byte_of(to)?).filter(|place| place.start < place.end)
}

fn name_brand(fields: &mut Map<String, Value>) {
    let target = fields.get("target").and_then(Value::as_str).map(str::to_owned);
    match (fields.get_mut("brand"), target) {
        (Some(Value::Object(brand)), _) => {
            if !brand.contains_key("id") {
                brand.insert("id".to_owned(), json!(TARGET));
                let handles = brand.get("handles").cloned();
                handles.map(|handles| brand.entry("own_accounts").or_insert(handles));
            }
            brand.retain(|_, value| !value.is_null());
        }
        (_, Some(name)) => {
            fields.insert("brand".to_owned(), json!({ "id": TARGET, "name": name }));
        }
        (Some(_), None) => {
            fields.remove("brand");
        }
        (None, None) => {}
    }
}

/// Makes of the forms of collections the one form of `analyze --jsonl`.
fn straighten(post: &mut Map<String, Value>, text: &str) {
    let id = post.get("brand").and_then(|brand| brand.get("id")).cloned();
    match post.get("on_page") {
        Some(Value::Bool(true)) => post.insert("on_page".to_owned(), id.unwrap_or_default()),
        Some(Value::String(_)) | None => None,
        Some(_) => post.remove("on_page"),
    };
    if let Some(Value::Object(author)) = post.get_mut("author") {
        author.retain(|_, value| !value.is_null());
    }
    if let Some(Value::Array(cut)) = post.get("mentions") {
        let handles = cut.iter().filter_map(Value::as_str);
        let whole: Vec<&str> = handles.chain([text]).collect();
        post.insert("text".to_owned(), json!(whole.join(" ")));
    }
}

fn as_text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Record {
        Record::read(line, Medium::default()).expect("a record")
    }

    #[test]
    fn forms_of_several_collections_are_read() {
        let record = read(
            r#"{"id":7,"text":"Öl von Acme","target":"Acme","from":7,"to":11,"label":"neutral","author":{"handle":null}}"#,
        );
        assert_eq!((record.id.as_str(), record.place, record.has_brand), ("7", Some(8..12), false));
        assert!(record.index.is_some_and(|index| index.brands().len() == 1));
        let record = read(
            r#"{"text":"late","brand":{"name":"Acme","handles":["@acme"]},"on_page":true,"mentions":["@acme"],"gold":{"phase":"use","spam":true}}"#,
        );
        assert_eq!((record.item.on_page.as_deref(), record.item.text.as_str()), (Some("target"), "@acme late"));
        assert_eq!(record.label("phase"), Some(&json!("use")));
        assert!(record.label("text").is_none() && record.is_beside_the_point() && record.has_brand);
    }

    #[test]
    fn posts_are_chosen_by_their_fields() {
        let record = read(r#"{"id":"feel-1","text":"x","lang":"de","origin":{"pick":"random"},"aspects":["food"]}"#);
        for (only, expected) in [
            (&["lang=de"][..], true),
            (&["lang=de", "lang=en"], true),
            (&["lang=de", "part=test"], false),
            (&["origin.pick=random", "aspects=food", "id=feel-*"], true),
            (&["lang=e*"], false),
            (&["part="], true),
        ] {
            let only: Vec<Only> = only.iter().map(|text| Only::from_text(text).expect("readable")).collect();
            assert_eq!(is_wanted(&record, &only), expected, "{only:?}");
        }
        assert!(Only::from_text("part").is_err());
    }

    proptest::proptest! {
        #[test]
        fn any_line_is_read_or_refused(
            line in ".*",
            text in ".*",
            from in 0_u64..40,
            to in 0_u64..40,
            on_page: bool,
        ) {
            let _ = Record::read(&line, Medium::default());
            let whole = json!({ "text": text, "from": from, "to": to, "on_page": on_page, "target": "a" }).to_string();
            if let Ok(record) = Record::read(&whole, Medium::default()) && let Some(place) = record.place {
                proptest::prop_assert!(record.text.get(place).is_some());
            }
        }
    }
}
