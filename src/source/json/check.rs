//! What is wrong with a preset, before it is used.

use super::ask::OWN_VARIABLES;
use super::template::holes;
use super::{items, path, plan};
use crate::model::{
    AgainRule, Auth, AuthStyle, Field, FieldRule, GrantKind, ItemRule, Money, PageStyle, Paths, Preset,
};
use crate::source::{is_engine, page};

/// What a preset may let the user fill in.
pub const VARIABLES: [&str; 13] = [
    "query",
    "tag",
    "app",
    "base",
    "site",
    "country",
    "lang",
    "channel",
    "community",
    "user",
    "topic",
    "account",
    "feed",
];

/// How deep conditions and fields may lie in each other.
const DEPTH_MOST: usize = 4;

/// Something in a preset that cannot be right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// The key that it stands at: `request.path`.
    pub key: String,
    /// A text that stands on its line, to find it by.
    pub sought: String,
    /// What is wrong.
    pub problem: String,
    /// What to write.
    pub help: String,
}

struct Flaws<'p> {
    preset: &'p Preset,
    found: Vec<Flaw>,
}

/// Everything that is wrong with `preset`.
#[must_use]
pub fn check(preset: &Preset) -> Vec<Flaw> {
    let mut flaws = Flaws { preset, found: Vec::new() };
    flaws.head();
    for (key, part) in preset.recipe.iter().flat_map(crate::model::Recipe::parts) {
        if let Err(error) = page::check_part(key, part) {
            flaws.note(&format!("recipe.{key}"), part, "is no part of a recipe", &error.to_string());
        }
    }
    flaws.asks();
    preset.again.iter().for_each(|rule| flaws.again(rule));
    flaws.durations();
    flaws.limits();
    for rule in &preset.items {
        flaws.items(rule);
    }
    flaws.found
}

impl Flaws<'_> {
    fn note(&mut self, key: &str, sought: &str, problem: &str, help: &str) {
        let (key, sought) = (key.to_owned(), sought.to_owned());
        self.found.push(Flaw { key, sought, problem: problem.to_owned(), help: help.to_owned() });
    }

    fn head(&mut self) {
        let preset = self.preset;
        let is_plain =
            |character: char| character.is_ascii_lowercase() || character.is_ascii_digit() || character == '-';
        if preset.name.is_empty() || preset.name.len() > 40 || !preset.name.chars().all(is_plain) {
            self.note("name", &preset.name, "is no plain name", "write lower-case letters, digits and `-`");
        }
        if !is_engine(&preset.engine) {
            self.note("engine", &preset.engine, "does not exist", "write \"json\", \"feed\" or \"page\"");
        }
        if preset.engine == "json" && (preset.request.is_empty() || preset.items.is_empty()) {
            self.note(
                "engine",
                "engine",
                "`json` needs `[[request]]` and `[[items]]`",
                "write how it is asked and where its items stand",
            );
        }
        for name in preset.variables.keys().filter(|name| !VARIABLES.contains(&name.as_str())) {
            self.note(
                "variables",
                name,
                "is no variable that a source can fill in",
                &format!("write one of {}", VARIABLES.join(", ")),
            );
        }
        if let Some(base) = &preset.base
            && url::Url::parse(base).is_err()
        {
            self.note("base", base, "is no address", "write it with its scheme: \"https://...\"");
        }
        if preset.engine == "json" && preset.base.is_none() && !preset.variables.contains_key("base") {
            self.note(
                "base",
                "engine",
                "is missing",
                "write `base = \"https://...\"`, or let the user give it: `[variables.base]`",
            );
        }
        let has_no_name =
            |auth: &&Auth| !matches!(auth.style, AuthStyle::Bearer | AuthStyle::OAuth2) && auth.name.is_empty();
        if let Some(auth) = preset.auth.as_ref().filter(has_no_name) {
            self.note(
                "auth.name",
                &format!("{:?}", auth.style).to_lowercase(),
                "is missing",
                "write the name of the header, of the part of the query, or of the user",
            );
        }
        let url = preset.url.clone().unwrap_or_default();
        self.template("url", &url, true);
        if let Some(auth) = preset.auth.as_ref().filter(|auth| auth.style == AuthStyle::OAuth2) {
            self.token_url("auth.token_url", &auth.token_url);
            if auth.grant == GrantKind::Session {
                self.token_url("auth.refresh_url", &auth.refresh_url);
            }
        }
    }

    /// A key goes there: it is an address, and an encrypted one unless it is of this machine.
    fn token_url(&mut self, key: &str, text: &str) {
        self.template(key, text, true);
        if text.starts_with("{base}/") {
            return;
        }
        let url = url::Url::parse(text).ok();
        let host = url.as_ref().and_then(url::Url::host_str).unwrap_or_default();
        let is_sound = match url.as_ref().map(url::Url::scheme) {
            Some("https") => !host.is_empty(),
            Some("http") => matches!(host, "127.0.0.1" | "localhost" | "[::1]"),
            _ => false,
        };
        if !is_sound {
            let help = "write it with its scheme: \"https://...\", or \"{base}/...\"";
            self.note(key, if text.is_empty() { "oauth2" } else { text }, "is no address that a key may go to", help);
        }
    }

    fn limits(&mut self) {
        let limits = &self.preset.limits;
        for (key, number) in [("limits.per_hour", limits.per_hour), ("limits.per_day", limits.per_day)] {
            if number == Some(0) {
                let name = key.rsplit('.').next().unwrap_or_default();
                self.note(key, name, "is 0, and nothing could be asked", "write a number from 1, or remove it");
            }
        }
        if let Some(zone) = limits.zone.as_ref().filter(|zone| jiff::tz::TimeZone::get(zone).is_err()) {
            self.note("limits.zone", zone, "is no time zone", "write one such as \"America/Los_Angeles\"");
        }
        let Some(cost) = &limits.cost else { return };
        let mut currencies = Vec::new();
        for (key, text) in [("limits.cost.request", &cost.request), ("limits.cost.item", &cost.item)] {
            match text.as_ref().map(|text| (text, text.parse::<Money>())) {
                Some((_, Ok(money))) => currencies.push(money.currency),
                Some((text, Err(error))) => {
                    let told = error.to_string();
                    let (problem, help) = told.split_once("; ").unwrap_or((&told, ""));
                    self.note(key, text, problem, help);
                }
                None => {}
            }
        }
        if cost.request.is_none() && cost.item.is_none() {
            let help = "write `cost = { request = \"0.01 USD\" }`, or `item`";
            self.note("limits.cost", "cost", "says no price", help);
        }
        currencies.dedup();
        if currencies.len() > 1 {
            self.note("limits.cost", "cost", "has two currencies", "write both prices in the same one");
        }
    }

    fn asks(&mut self) {
        for ask in &self.preset.request {
            if !ask.path.starts_with('/') {
                self.note("request.path", &ask.path, "does not begin with `/`", "write the path below `base`");
            }
            self.template("request.path", &ask.path, true);
            for (_, value) in ask.query.iter().chain(&ask.form) {
                self.template("request.query", value, true);
            }
            for (name, value) in &ask.headers {
                self.template(&format!("request.headers.{name}"), value, true);
            }
            let paging = &ask.paging;
            let needs_token = matches!(paging.style, PageStyle::Token | PageStyle::Next);
            if needs_token && paging.token.is_none() {
                self.note(
                    "paging.token",
                    "style",
                    "is missing",
                    "write where the token or address of the next page stands",
                );
            }
            for path in [&paging.last, &paging.more, &paging.total, &paging.token].into_iter().flatten() {
                self.path("paging", path);
            }
        }
    }

    fn again(&mut self, rule: &AgainRule) {
        if !rule.path.starts_with('/') {
            self.note("again.path", &rule.path, "does not begin with `/`", "write the path below `base`");
        }
        let is_many = rule.path.contains("{ids}") || rule.query.iter().any(|(_, value)| value.contains("{ids}"));
        if is_many != rule.join.is_some() {
            let help = "write `{ids}` where they stand, and `join = \",\"` for what stands between them";
            self.note("again.join", &rule.path, "says only half of how several are asked for", help);
        }
        if let Some(status) = rule.missing.iter().find(|status| !matches!(status, 403 | 404 | 410)) {
            let help = "write 404, 410, or 403 where the service means a single item by it";
            self.note("again.missing", &status.to_string(), "says nothing of a single item", help);
        }
        let base = rule.base.as_deref().unwrap_or_default();
        let queries = rule.query.iter().map(|(_, value)| value.as_str());
        for text in [rule.ids.as_str(), base, &rule.path].into_iter().chain(queries) {
            let own = holes(&rule.ids).chain(["id", "n", "host", "ids"]).collect::<Vec<_>>();
            let plain = own.iter().fold(text.to_owned(), |text, name| text.replace(&format!("{{{name}}}"), ""));
            self.template("again", &plain, true);
        }
        for condition in rule.deleted.iter().chain(&rule.hidden) {
            self.path("again", condition.trim_start_matches('!').split(['=', '^', '!']).next().unwrap_or_default());
        }
    }

    fn durations(&mut self) {
        let preset = self.preset;
        if plan::overlap(&preset.cursor.overlap).is_none() {
            self.note("cursor.overlap", &preset.cursor.overlap, "is no overlap", "write \"24h\" or \"50 items\"");
        }
        let named = [
            ("cursor.first", Some(&preset.cursor.first)),
            ("every", preset.every.as_ref()),
            ("limits.min_spacing", preset.limits.min_spacing.as_ref()),
        ];
        for (key, text) in named {
            if let Some(text) = text.filter(|text| plan::duration(text).is_none()) {
                self.note(key, text, "is no duration", "write a number with its unit, such as \"15m\"");
            }
        }
    }

    fn items(&mut self, rule: &ItemRule) {
        for path in rule.path.list() {
            self.path("items.path", path);
        }
        for condition in rule.take.iter().chain(&rule.skip).chain(&rule.deleted) {
            self.path(
                "items",
                condition.trim_start_matches('!').split(['=', '^', '*', '!']).next().unwrap_or_default(),
            );
        }
        let (author, counts) = (&rule.author, &rule.counts);
        let parts = [
            ("id", Some(&rule.id)),
            ("kind", rule.kind.as_ref()),
            ("url", rule.url.as_ref()),
            ("title", rule.title.as_ref()),
            ("html", rule.html.as_ref()),
            ("text", rule.text.as_ref()),
            ("lang", rule.lang.as_ref()),
            ("created_at", rule.created_at.as_ref()),
            ("edited_at", rule.edited_at.as_ref()),
            ("position", rule.position.as_ref()),
            ("author.name", author.name.as_ref()),
            ("author.handle", author.handle.as_ref()),
            ("author.url", author.url.as_ref()),
            ("author.followers", author.followers.as_ref()),
            ("author.bio", author.bio.as_ref()),
            ("counts.replies", counts.replies.as_ref()),
            ("counts.reposts", counts.reposts.as_ref()),
            ("counts.likes", counts.likes.as_ref()),
            ("counts.views", counts.views.as_ref()),
            ("rating", rule.rating.as_ref()),
            ("parent_id", rule.parent_id.as_ref()),
            ("thread_id", rule.thread_id.as_ref()),
            ("target", rule.target.as_ref()),
            ("in_reply_to", rule.in_reply_to.as_ref()),
            ("tags", rule.tags.as_ref()),
        ];
        for (key, field) in parts {
            if let Some(field) = field {
                self.field(&format!("items.{key}"), field, 0);
            }
        }
    }

    fn field(&mut self, key: &str, field: &Field, depth: usize) {
        let rule = match field {
            Field::Plain(paths) => return self.paths(key, paths),
            Field::Rule(rule) => rule,
        };
        let FieldRule { path, constant, form, otherwise, .. } = &**rule;
        if let Some(path) = path {
            self.paths(key, path);
        }
        if path.is_none() && constant.is_none() {
            self.note(
                key,
                key.rsplit('.').next().unwrap_or_default(),
                "says neither `path` nor `constant`",
                "write `path = \"...\"`",
            );
        }
        if let Some(word) = constant.as_ref().filter(|word| key == "items.kind" && items::kind(word).is_none()) {
            self.note(key, word, "is no kind of item", "write post, comment, reply, article, review, video or message");
        }
        if items::is_time(*form) && !matches!(key, "items.created_at" | "items.edited_at" | "items.position") {
            self.note(key, "unix", "is read as a time, which it is not", "remove `as`");
        }
        match otherwise {
            Some(_) if depth + 1 >= DEPTH_MOST => self.note(key, "else", "lies too deep", "use fewer conditions"),
            Some(otherwise) => self.field(key, otherwise, depth + 1),
            None => {}
        }
    }

    fn paths(&mut self, key: &str, paths: &Paths) {
        for path in paths.list() {
            if path.contains('{') {
                self.template(key, path, false);
            } else {
                self.path(key, path);
            }
        }
    }

    fn path(&mut self, key: &str, path: &str) {
        if path.split('.').count() > path::STEPS_MOST || path.contains(char::is_whitespace) {
            self.note(key, path, "is no path", "write the keys with dots between them: \"post.counts.score\"");
        }
    }

    /// Of a request every hole must be known; of an item it may be any part of the answer.
    fn template(&mut self, key: &str, template: &str, is_request: bool) {
        if template.matches('{').count() != template.matches('}').count() {
            self.note(key, template, "has a brace without its partner", "write variables as {name}");
        }
        let known =
            |name: &str| name == "base" || OWN_VARIABLES.contains(&name) || self.preset.variables.contains_key(name);
        let unknown: Vec<String> =
            holes(template).filter(|name| is_request && !known(name)).map(str::to_owned).collect();
        for name in unknown {
            let help = format!("name it in `[variables.{name}]`, or write one of {}", OWN_VARIABLES.join(", "));
            self.note(key, &format!("{{{name}}}"), "is no variable of this preset", &help);
        }
    }
}
