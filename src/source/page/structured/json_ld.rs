//! JSON-LD: `<script type="application/ld+json">`.
//!
//! Read leniently: what is broken is told, and the other scripts still count. Neither nesting nor size is without a
//! bound; what refers to itself is followed a few steps.

use super::thing::{Thing, Value, short_name};
use scraper::{Html, Selector};
use serde_json::Value as Json;
use std::collections::HashMap;

/// The most scripts that are read, and the most bytes of one.
const SCRIPTS_MOST: usize = 50;
const SCRIPT_LIMIT_BYTES: usize = 1 << 20;

/// The most things of a page, and how deep they may lie in each other.
const THINGS_MOST: usize = 5_000;
const DEPTH_MOST: usize = 24;

/// The things that the page tells, the outermost only; and what of it could not be read.
pub fn read(page: &Html) -> (Vec<Thing>, Vec<String>) {
    let (mut roots, mut problems) = (Vec::new(), Vec::new());
    let Ok(scripts) = Selector::parse("script[type*='ld+json']") else { return (Vec::new(), problems) };
    for script in page.select(&scripts).take(SCRIPTS_MOST) {
        let text: String = script.text().collect();
        match parse(&text) {
            Ok(Some(json)) => roots.push(json),
            Ok(None) => {}
            Err(reason) => problems.push(format!("a part of what the page tells programs is broken JSON ({reason})")),
        }
    }
    let mut nodes = HashMap::new();
    for root in &roots {
        note_ids(root, 0, &mut nodes);
    }
    let mut reader = Reader { nodes, n_left: THINGS_MOST };
    let things = roots.iter().flat_map(|root| reader.roots(root, 0)).collect();
    if reader.n_left == 0 {
        problems.push(format!("the page tells programs of more than {THINGS_MOST} things; the rest was left out"));
    }
    (things, problems)
}

/// The JSON of a script, mended where people commonly break it: wrapped in comments, line breaks inside of texts.
fn parse(text: &str) -> Result<Option<Json>, String> {
    let mut text = text.trim().trim_end_matches(';').trim_end();
    for (open, close) in [("<!--", "-->"), ("//<![CDATA[", "//]]>"), ("<![CDATA[", "]]>"), ("/*<![CDATA[*/", "/*]]>*/")]
    {
        text = text
            .strip_prefix(open)
            .map_or(text, |inner| inner.trim().trim_end_matches(close).trim().trim_end_matches(';'));
    }
    if text.is_empty() {
        return Ok(None);
    }
    if text.len() > SCRIPT_LIMIT_BYTES {
        return Err(format!("more than {SCRIPT_LIMIT_BYTES} bytes"));
    }
    let error = match serde_json::from_str(text) {
        Ok(json) => return Ok(Some(json)),
        Err(error) => error,
    };
    serde_json::from_str(&without_controls(text)).map(Some).map_err(|_| error.to_string())
}

/// Control characters inside of strings escaped, commas before a closing bracket dropped.
fn without_controls(text: &str) -> String {
    let mut mended = String::with_capacity(text.len());
    let (mut is_inside, mut is_escaped) = (false, false);
    for c in text.chars() {
        match c {
            '"' if !is_escaped => is_inside = !is_inside,
            '}' | ']' if !is_inside => {
                let kept = mended.trim_end().trim_end_matches(',').len();
                mended.truncate(kept);
            }
            _ => {}
        }
        is_escaped = is_inside && c == '\\' && !is_escaped;
        match c {
            '\n' if is_inside => mended.push_str("\\n"),
            c if is_inside && c.is_control() => mended.push(' '),
            c => mended.push(c),
        }
    }
    mended
}

/// Notes every object that has an id and says something, so that others can refer to it.
fn note_ids<'j>(json: &'j Json, depth: usize, nodes: &mut HashMap<&'j str, &'j Json>) {
    if depth > DEPTH_MOST || nodes.len() >= THINGS_MOST {
        return;
    }
    match json {
        Json::Array(list) => list.iter().for_each(|part| note_ids(part, depth + 1, nodes)),
        Json::Object(object) => {
            if let Some(id) = object.get("@id").and_then(Json::as_str).filter(|_| object.len() > 1) {
                nodes.entry(id).or_insert(json);
            }
            object.values().for_each(|part| note_ids(part, depth + 1, nodes));
        }
        _ => {}
    }
}

struct Reader<'j> {
    nodes: HashMap<&'j str, &'j Json>,
    n_left: usize,
}

impl Reader<'_> {
    fn roots(&mut self, json: &Json, depth: usize) -> Vec<Thing> {
        match json {
            Json::Array(list) if depth <= DEPTH_MOST => {
                list.iter().flat_map(|part| self.roots(part, depth + 1)).collect()
            }
            Json::Object(object) => {
                let graph = object.get("@graph").filter(|_| depth <= DEPTH_MOST);
                let inner = graph.map(|graph| self.roots(graph, depth + 1)).unwrap_or_default();
                let own = if object.contains_key("@type") { self.thing(json, 0) } else { None };
                own.into_iter().chain(inner).collect()
            }
            _ => Vec::new(),
        }
    }

    fn thing(&mut self, json: &Json, depth: usize) -> Option<Thing> {
        let object = json.as_object()?;
        if depth > DEPTH_MOST || self.n_left == 0 {
            return None;
        }
        let id = object.get("@id").and_then(Json::as_str);
        if let Some(meant) = id.filter(|_| object.len() == 1).and_then(|id| self.nodes.get(id).copied()) {
            // A reference is one step deeper, so that what refers to itself comes to an end.
            return self.thing(meant, depth + DEPTH_MOST / 4);
        }
        self.n_left -= 1;
        let types = match object.get("@type") {
            Some(Json::String(name)) => vec![short_name(name).to_owned()],
            Some(Json::Array(names)) => {
                names.iter().filter_map(Json::as_str).map(short_name).map(str::to_owned).collect()
            }
            _ => Vec::new(),
        };
        let mut thing = Thing { types, id: id.map(str::to_owned), properties: Vec::new() };
        for (name, value) in
            object.iter().filter(|(name, _)| !matches!(name.as_str(), "@type" | "@id" | "@graph" | "@context"))
        {
            let values = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
            for value in values.iter().take(THINGS_MOST) {
                let value = self.value(value, depth);
                thing.properties.extend(value.map(|value| (short_name(name).to_owned(), value)));
            }
        }
        Some(thing)
    }

    fn value(&mut self, json: &Json, depth: usize) -> Option<Value> {
        match json {
            Json::String(text) => Some(Value::Text(text.clone())),
            Json::Number(number) => Some(Value::Text(number.to_string())),
            Json::Bool(flag) => Some(Value::Text(flag.to_string())),
            Json::Object(_) => self.thing(json, depth + 1).map(Value::Thing),
            Json::Null | Json::Array(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::page::tree::tree;

    fn things(json: &str) -> (Vec<Thing>, Vec<String>) {
        read(&tree(&format!("<html><script type='application/ld+json'>{json}</script><p>x")))
    }

    #[test]
    fn graphs_lists_and_references_are_followed() {
        let (things, problems) = things(
            r##"[{"@context":"x","@graph":[{"@type":"Organization","@id":"#o","name":"Steakhaus Nord"},
            {"@type":["Review"],"itemReviewed":{"@id":"#o"},"reviewRating":{"ratingValue":4}}]}]"##,
        );
        assert!(problems.is_empty());
        assert_eq!(things.len(), 2);
        let review = &things[1];
        assert!(review.is(&["Review"]));
        assert_eq!(review.text("itemReviewed"), Some("Steakhaus Nord"));
        assert_eq!(review.things("reviewRating").next().and_then(|rating| rating.text("ratingValue")), Some("4"));
    }

    #[test]
    fn what_people_break_is_mended_or_told() {
        let (things_, problems) = things("<!-- {\"@type\":\"Review\",\"reviewBody\":\"a\nb\",} -->;");
        assert_eq!((things_.len(), problems.len()), (1, 0), "{problems:?}");
        assert_eq!(things_[0].text("reviewBody"), Some("a\nb"));
        let (things_, problems) = things("{\"@type\":\"Review\",");
        assert_eq!((things_.len(), problems.len()), (0, 1));
        assert!(problems[0].starts_with("a part of what the page tells programs is broken JSON"), "{problems:?}");
    }

    #[test]
    fn deep_and_circular_things_end() {
        let deep = format!("{}1{}", "{\"@type\":\"A\",\"x\":".repeat(1_000), "}".repeat(1_000));
        assert_eq!(things(&deep).1.len(), 1);
        let wide = format!("[{}1]", "{\"@type\":\"A\",\"x\":[1,2]},".repeat(10_000));
        assert_eq!(things(&wide).1.len(), 1);
        let (circle, _) = things(
            r##"{"@graph":[{"@type":"A","@id":"#a","b":{"@id":"#b"}},{"@type":"B","@id":"#b","a":{"@id":"#a"}}]}"##,
        );
        assert_eq!(circle.len(), 2);
        let bomb = (0..60)
            .map(|n| format!(r##"{{"@type":"A","@id":"#{n}","x":[{{"@id":"#{}"}},{{"@id":"#{}"}}]}}"##, n + 1, n + 1));
        let (_, problems) = things(&format!("[{}]", bomb.collect::<Vec<_>>().join(",")));
        assert!(problems.len() <= 1);
    }

    proptest::proptest! {
        #[test]
        fn any_script_is_fine(json in "(\\{|\\}|\\[|\\]|\"|@type|@id|@graph|:|,|a|1|\\n|\\PC){0,60}") {
            let _ = things(&json);
        }
    }
}
