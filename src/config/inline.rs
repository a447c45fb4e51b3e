//! A brand that stands in a line of JSON instead of a document.

use super::brand::read_brand;
use super::document::Document;
use super::finding::{ConfigError, Severity};
use super::form;
use super::oddity::Company;
use crate::model::Brand;
use serde_json::Value;

/// What a brand without an `id` is called.
const UNNAMED: &str = "brand";

/// Reads a brand from a JSON object in the form of a `[[brand]]` table; only `name` has to be there.
///
/// # Errors
/// [`ConfigError`] with every mistake; its file is called `brand`, its lines are those of the brand as TOML.
pub fn brand_from_json(brand: &Value) -> Result<Brand, ConfigError> {
    let text = toml::to_string(&without_nulls(brand)).unwrap_or_default();
    let document = Document::new("brand", &text);
    let mut table = document.root("this brand");
    let id = table.text("id").and_then(|id| form::id(&id)).unwrap_or_else(|| UNNAMED.to_owned());
    let brand = read_brand(&mut table, id, &mut Company::default());
    table.finish();
    let findings = document.into_findings();
    let has_errors = findings.iter().any(|finding| finding.severity == Severity::Error);
    brand.filter(|_| !has_errors).ok_or(ConfigError { findings })
}

/// TOML has no null: a member that is null counts as absent.
fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let kept = members.iter().filter(|(_, value)| !value.is_null());
            Value::Object(kept.map(|(key, value)| (key.clone(), without_nulls(value))).collect())
        }
        Value::Array(elements) => {
            Value::Array(elements.iter().filter(|element| !element.is_null()).map(without_nulls).collect())
        }
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_inline_brand_reads_like_a_table() {
        let brand = json!({ "name": "Morton's", "handles": ["@Mortons"], "about": null,
            "location": [{ "name": "Hackensack", "lat": 40.9, "lon": -74, "prepares_in": "45m" }] });
        let brand = brand_from_json(&brand).unwrap();
        assert_eq!((brand.id.as_str(), brand.name.as_str()), ("brand", "Morton's"));
        assert_eq!(brand.locations[0].prepares_in.unwrap().as_secs(), 2700);
    }

    #[test]
    fn a_wrong_inline_brand_names_its_mistakes() {
        let say = |brand| brand_from_json(&brand).unwrap_err().findings[0].headline();
        assert_eq!(
            say(json!({ "name": "A B", "alias": [] })),
            "brand:1:1: `alias` is no key of this brand; did you mean `aliases`?"
        );
        assert_eq!(say(json!("text")), "brand:1:1: this brand needs `name`; write `name = \"...\"`");
    }
}
