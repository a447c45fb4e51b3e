//! Makes the parts of an item from an entry of an answer, as a preset says.

use super::{form, path, template};
use crate::model::{Field, FieldRule, Form, Paths};
use serde_json::Value;
use std::collections::BTreeMap;

/// The most rules within rules.
const DEPTH_MOST: usize = 4;

/// Where an entry stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Context<'v> {
    /// The entry itself.
    pub entry: &'v Value,
    /// The whole answer: `$.path`.
    pub root: &'v Value,
    /// Entries of other lists, by the name of the join.
    pub joined: &'v [(&'v str, &'v Value)],
    /// What the user filled in.
    pub variables: &'v BTreeMap<String, String>,
}

impl<'v> Context<'v> {
    /// Everything at `path`, in the entry, in what is joined to it, or in the whole answer.
    pub(super) fn all(&self, path: &str) -> Vec<&'v Value> {
        if let Some(path) = path.strip_prefix("$.") {
            return path::all(self.root, path);
        }
        if let Some((name, rest)) = path.split_once('.')
            && let Some((_, entry)) = self.joined.iter().find(|(joined, _)| *joined == name)
        {
            return path::all(entry, rest);
        }
        path::all(self.entry, path)
    }

    /// The first thing at `path`.
    pub(super) fn first(&self, path: &str) -> Option<&'v Value> {
        self.all(path).into_iter().next()
    }

    fn text_at(&self, path: &str) -> Option<String> {
        self.all(path)
            .into_iter()
            .find_map(form::text)
            .or_else(|| self.variables.get(path).filter(|text| !text.is_empty()).cloned())
    }

    /// A path or a template, as text.
    fn plain(&self, source: &str) -> Option<String> {
        if template::is_template(source) {
            template::fill(source, |name| self.text_at(name))
        } else {
            self.text_at(source)
        }
    }

    /// Whether `condition` holds: `path`, `!path`, `path=value`, `path!=value`, `path^=beginning`, `path*=part`; in place of a path
    /// `{variable}` is what the user filled in.
    pub(super) fn holds(&self, condition: &str) -> bool {
        let filled_in = |path: &str| {
            let name = path.strip_prefix('{')?.strip_suffix('}')?;
            Some(self.variables.get(name).cloned().unwrap_or_default())
        };
        let read = |path: &str| {
            let path = path.trim();
            filled_in(path).or_else(|| self.first(path).and_then(form::text)).unwrap_or_default()
        };
        if let Some((path, value)) = condition.split_once("!=") {
            return read(path) != value.trim();
        }
        if let Some((path, value)) = condition.split_once("*=") {
            return read(path).contains(value.trim());
        }
        if let Some((path, value)) = condition.split_once("^=") {
            return read(path).starts_with(value.trim());
        }
        if let Some((path, value)) = condition.split_once('=') {
            return read(path) == value.trim();
        }
        match condition.strip_prefix('!') {
            Some(path) => !self.first(path.trim()).is_some_and(form::is_yes),
            None => self.first(condition.trim()).is_some_and(form::is_yes),
        }
    }

    /// What `field` gives as text, and how it is to be read.
    pub(super) fn shaped(&self, field: &Field) -> Option<(String, Form)> {
        self.read(field, 0)
    }

    fn read(&self, field: &Field, depth: usize) -> Option<(String, Form)> {
        match field {
            Field::Plain(paths) => Some((self.first_of(paths)?, Form::Plain)),
            Field::Rule(rule) => self.ruled(rule, depth),
        }
    }

    fn first_of(&self, paths: &Paths) -> Option<String> {
        paths.list().iter().find_map(|path| self.plain(path))
    }

    fn ruled(&self, rule: &FieldRule, depth: usize) -> Option<(String, Form)> {
        let otherwise =
            || rule.otherwise.as_ref().filter(|_| depth < DEPTH_MOST).and_then(|field| self.read(field, depth + 1));
        if rule.when.as_deref().is_some_and(|condition| !self.holds(condition)) {
            return otherwise();
        }
        let found = rule.constant.clone().or_else(|| self.first_of(rule.path.as_ref()?));
        let found = if rule.map.is_empty() { found } else { found.and_then(|key| rule.map.get(&key).cloned()) };
        let read = found.and_then(|text| match rule.form {
            // A time is read by who wants one.
            form @ (Form::UnixS | Form::UnixMs | Form::UnixUs) => Some((text, form)),
            form => Some((form::shaped(text, form)?, Form::Plain)),
        });
        read.or_else(otherwise)
    }

    /// What `field` gives as text.
    pub(super) fn text(&self, field: Option<&Field>) -> Option<String> {
        let (text, form) = self.shaped(field?)?;
        form::shaped(text, form)
    }

    /// What `field` gives as a count; several values are not added up.
    pub(super) fn count(&self, field: Option<&Field>) -> Option<u64> {
        match field? {
            Field::Plain(paths) => paths.list().iter().find_map(|path| self.first(path)).and_then(form::count),
            rule @ Field::Rule(_) => form::count(&Value::String(self.text(Some(rule))?)),
        }
    }

    /// Everything that `field` finds, as texts.
    pub(super) fn texts(&self, field: Option<&Field>) -> Vec<String> {
        let paths = match field {
            Some(Field::Plain(paths)) => paths.list(),
            Some(Field::Rule(rule)) if rule.when.as_deref().is_some_and(|condition| !self.holds(condition)) => {
                return self.texts(rule.otherwise.as_ref());
            }
            Some(Field::Rule(rule)) => rule.path.as_ref().map(Paths::list).unwrap_or_default(),
            None => return Vec::new(),
        };
        let found = paths.iter().map(|path| self.all(path)).find(|found| !found.is_empty()).unwrap_or_default();
        let spread = found.into_iter().flat_map(|value| match value {
            Value::Array(list) => list.iter().collect(),
            other => vec![other],
        });
        spread.filter_map(form::text).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(field: &str, entry: &Value) -> Option<String> {
        #[derive(serde::Deserialize)]
        struct Only {
            f: Field,
        }
        let only: Only = toml::from_str(&format!("f = {field}")).expect("a field");
        let variables = BTreeMap::from([("base".to_owned(), "https://b.example".to_owned())]);
        let topic = json!({ "slug": "hello" });
        let context = Context { entry, root: entry, joined: &[("topic", &topic)], variables: &variables };
        context.text(Some(&only.f))
    }

    #[test]
    fn fields_are_paths_fallbacks_templates_tables_and_conditions() {
        let entry = json!({ "id": 7, "a": null, "b": "x &amp; y", "lang": 32, "t": "<b>hi</b>", "deep": { "c": "d" } });
        for (field, told) in [
            ("'id'", Some("7")),
            ("['a', 'none', 'deep.c']", Some("d")),
            ("'{base}/t/{topic.slug}/{id}'", Some("https://b.example/t/hello/7")),
            ("'{base}/{a}'", None),
            ("['{base}/{a}', '{id}']", Some("7")),
            ("{ constant = 'post' }", Some("post")),
            ("{ path = 'b', as = 'unescape' }", Some("x & y")),
            ("{ path = 't', as = 'html_text' }", Some("hi")),
            ("{ path = 'lang', map = { 32 = 'de' } }", Some("de")),
            ("{ path = 'id', map = { 32 = 'de' }, else = { constant = 'en' } }", Some("en")),
            ("{ when = 'a', constant = 'reply', else = { constant = 'post' } }", Some("post")),
            ("{ when = 'lang=32', path = 'id', else = 'b' }", Some("7")),
            ("{ when = '!a', path = 'id' }", Some("7")),
            ("{ when = 'deep.c^=d', path = 'id' }", Some("7")),
            ("{ when = 'deep.c!=d', path = 'id' }", None),
            ("{ when = '{base}^=https', path = 'id' }", Some("7")),
            ("{ when = '{none}=x', path = 'id' }", None),
            ("{ when = '{base}*=b.ex', path = 'id' }", Some("7")),
        ] {
            assert_eq!(read(field, &entry).as_deref(), told, "{field}");
        }
    }
}
