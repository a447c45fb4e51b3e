//! Makes items of the entries of an answer.
//!
//! In: the answer and the rules of a preset. Out: items and deletions in the order of the answer, the position of each
//! entry, and what could not be read. An entry without an id is told and left out; a missing author or time is not.

use super::field::Context;
use super::{form, path};
use crate::model::{
    Author, Counts, CursorKind, Form, IdScope, Item, ItemKey, ItemKind, ItemRule, Medium, PostedAt, Preset, Problem,
    SourceName,
};
use crate::source::likely::is_likely;
use crate::text::fold_blanks;
use jiff::Timestamp;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use url::Url;

/// The most entries of one answer that are read.
const ENTRIES_MOST: usize = 5_000;

/// The most bytes of an id.
const ID_LIMIT_BYTES: usize = 1_024;

/// The most tags of an item.
const TAGS_MOST: usize = 100;

/// What all items of one answer share.
pub(super) struct Setting<'a> {
    pub preset: &'a Preset,
    pub source: &'a SourceName,
    pub variables: &'a BTreeMap<String, String>,
    /// The address that answered.
    pub url: &'a str,
    pub now: Timestamp,
}

/// What an answer holds.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub items: Vec<Item>,
    pub deletions: Vec<ItemKey>,
    pub problems: Vec<Problem>,
    /// The positions of the entries, list by list, in the order of the answer.
    pub positions: Vec<Vec<i64>>,
    /// Entries in all, also those that were left out.
    pub n_entries: usize,
}

/// Reads all lists of `answer`.
pub(super) fn read(answer: &Value, setting: &Setting<'_>) -> Found {
    let (mut found, mut told) = (Found::default(), Told::default());
    for rule in &setting.preset.items {
        let entries = entries(answer, rule, &mut told);
        let joins = joins(answer, rule);
        let mut positions = Vec::new();
        for (index, entry) in entries {
            let joined = joined(entry, &joins);
            let context = Context { entry, root: answer, joined: &joined, variables: setting.variables };
            if !rule.take.iter().all(|condition| context.holds(condition)) {
                continue;
            }
            found.n_entries += 1;
            if found.n_entries > ENTRIES_MOST {
                told.note("and all further ones were left out: there are too many", index);
                break;
            }
            let Some(id) = context.text(Some(&rule.id)).filter(|id| id.len() <= ID_LIMIT_BYTES) else {
                told.note("has no id", index);
                continue;
            };
            let posted = time(&context, rule.created_at.as_ref());
            positions.extend(position(&context, rule, (&id, posted), setting));
            let key = key(id, setting);
            if rule.skip.iter().any(|condition| context.holds(condition)) {
                continue;
            }
            if rule.deleted.iter().any(|condition| context.holds(condition)) {
                found.deletions.push(key);
                continue;
            }
            let published = posted.filter(|posted| is_likely(posted.at, setting.now));
            // That there is none says nothing; that there is a wrong one does.
            if published.is_none() && context.text(rule.created_at.as_ref()).is_some() {
                told.note("has no date that can be right; it was kept without", index);
            }
            found.items.push(item(&context, rule, key, published, setting));
        }
        found.positions.push(positions);
    }
    found.problems = told.into_list();
    found
}

/// The entries that `rule` is for, each with its number from 0: a list, or one object in its place; none where the key is missing.
fn entries<'v>(answer: &'v Value, rule: &ItemRule, told: &mut Told) -> Vec<(usize, &'v Value)> {
    for path in rule.path.list() {
        let at = path::all(answer, path);
        if at.is_empty() {
            continue;
        }
        let mut entries = Vec::new();
        for value in at {
            match value {
                Value::Array(list) => entries.extend(list.iter()),
                other => entries.push(other),
            }
        }
        if !entries.is_empty() {
            let (objects, others): (Vec<_>, Vec<_>) =
                entries.into_iter().enumerate().partition(|(_, entry)| entry.is_object());
            others.iter().for_each(|(index, _)| told.note("is no object", *index));
            return objects;
        }
    }
    Vec::new()
}

/// The lists that `rule` joins, each by the key of its entries.
fn joins<'v>(answer: &'v Value, rule: &'v ItemRule) -> Vec<(&'v str, &'v str, HashMap<String, &'v Value>)> {
    let of_join = |(name, join): (&'v String, &'v crate::model::Join)| {
        let list = path::all(answer, &format!("{}[]", join.from)).into_iter().take(ENTRIES_MOST);
        let keyed = list.filter_map(|entry| Some((form::text(path::first(entry, &join.key)?)?, entry)));
        (name.as_str(), join.on.as_str(), keyed.collect())
    };
    rule.join.iter().map(of_join).collect()
}

fn joined<'v>(entry: &'v Value, joins: &[(&'v str, &'v str, HashMap<String, &'v Value>)]) -> Vec<(&'v str, &'v Value)> {
    let find = |(name, on, list): &(&'v str, &'v str, HashMap<String, &'v Value>)| {
        let key = form::text(path::first(entry, on)?)?;
        Some((*name, *list.get(&key)?))
    };
    joins.iter().filter_map(find).collect()
}

fn key(id: String, setting: &Setting<'_>) -> ItemKey {
    let namespace = match setting.preset.ids {
        IdScope::Global => setting.preset.name.clone(),
        IdScope::Source => setting.source.to_string(),
    };
    ItemKey { namespace, id }
}

/// Where the entry stands among the others: microseconds since 1970, or a number that grows.
fn position(
    context: &Context<'_>,
    rule: &ItemRule,
    (id, posted): (&str, Option<PostedAt>),
    setting: &Setting<'_>,
) -> Option<i64> {
    let own = rule.position.as_ref();
    match setting.preset.cursor.kind {
        CursorKind::Id => form::whole(&own.map_or_else(|| Some(id.to_owned()), |field| context.text(Some(field)))?),
        CursorKind::Time => {
            own.map_or(posted, |field| time(context, Some(field))).map(|posted| posted.at.as_microsecond())
        }
    }
}

fn time(context: &Context<'_>, field: Option<&crate::model::Field>) -> Option<PostedAt> {
    let (text, form) = context.shaped(field?)?;
    form::time(&text, form)
}

fn item(
    context: &Context<'_>,
    rule: &ItemRule,
    key: ItemKey,
    published: Option<PostedAt>,
    setting: &Setting<'_>,
) -> Item {
    let text = |field: &Option<crate::model::Field>| context.text(field.as_ref());
    let line = |field: &Option<crate::model::Field>| {
        text(field).map(|text| fold_blanks(&text)).filter(|text| !text.is_empty())
    };
    let address = |field: &Option<crate::model::Field>| text(field).and_then(|text| absolute(&text, setting));
    let mut item = Item::new(setting.source.clone(), key);
    item.kind = text(&rule.kind).and_then(|word| kind(&word)).unwrap_or(ItemKind::Post);
    item.medium = rule.medium.or(setting.preset.medium).unwrap_or(Medium::Post);
    item.url = address(&rule.url);
    item.title = line(&rule.title).unwrap_or_default();
    item.html = text(&rule.html).unwrap_or_default();
    item.text = text(&rule.text).unwrap_or_default();
    item.lang = text(&rule.lang).filter(|lang| is_language(lang));
    item.published = published;
    item.updated = time(context, rule.edited_at.as_ref()).filter(|edited| {
        is_likely(edited.at, setting.now) && published.is_none_or(|published| edited.at > published.at)
    });
    item.author = Author {
        name: line(&rule.author.name),
        handle: line(&rule.author.handle),
        url: address(&rule.author.url),
        followers: context.count(rule.author.followers.as_ref()),
        bio: text(&rule.author.bio),
        ..Author::default()
    };
    item.author.name = item.author.name.take().or_else(|| item.author.handle.clone());
    let count = |field: &Option<crate::model::Field>| context.count(field.as_ref());
    item.counts = Counts {
        replies: count(&rule.counts.replies),
        reposts: count(&rule.counts.reposts),
        likes: count(&rule.counts.likes),
        views: count(&rule.counts.views),
    };
    item.rating = text(&rule.rating).and_then(|text| form::rating(&text));
    (item.parent, item.thread) = (text(&rule.parent_id), text(&rule.thread_id));
    item.target = address(&rule.target);
    item.in_reply_to = line(&rule.in_reply_to);
    item.tags = context.texts(rule.tags.as_ref());
    item.tags.truncate(TAGS_MOST);
    item
}

fn absolute(address: &str, setting: &Setting<'_>) -> Option<String> {
    if address.starts_with("http://") || address.starts_with("https://") {
        return Url::parse(address).is_ok().then(|| address.to_owned());
    }
    let base = setting.variables.get("base").map_or(setting.url, String::as_str);
    let url = Url::parse(base).ok()?.join(address).ok()?;
    matches!(url.scheme(), "http" | "https").then(|| url.into())
}

/// The kind that `word` names.
pub(super) fn kind(word: &str) -> Option<ItemKind> {
    Some(match word {
        "post" => ItemKind::Post,
        "comment" => ItemKind::Comment,
        "reply" => ItemKind::Reply,
        "article" => ItemKind::Article,
        "review" => ItemKind::Review,
        "video" => ItemKind::Video,
        "message" => ItemKind::Message,
        _ => return None,
    })
}

fn is_language(lang: &str) -> bool {
    let first = lang.split(['-', '_']).next().unwrap_or_default();
    (2..=3).contains(&first.len())
        && lang.len() <= 16
        && first.bytes().all(|byte| byte.is_ascii_alphabetic())
        && lang != "und"
}

/// What is wrong with entries, each kind once.
#[derive(Default)]
struct Told(Vec<(&'static str, usize, usize)>);

impl Told {
    fn note(&mut self, what: &'static str, index: usize) {
        match self.0.iter_mut().find(|(told, ..)| *told == what) {
            Some((_, _, n)) => *n += 1,
            None => self.0.push((what, index, 1)),
        }
    }

    fn into_list(self) -> Vec<Problem> {
        let message = |(what, index, n): (&str, usize, usize)| match n {
            1 => format!("entry {} {what}", index + 1),
            _ => format!("entry {} {what}; and {} more", index + 1, n - 1),
        };
        self.0.into_iter().map(|told| Problem { message: message(told), line: None }).collect()
    }
}

/// Whether a form reads a time.
pub(super) fn is_time(form: Form) -> bool {
    matches!(form, Form::UnixS | Form::UnixMs | Form::UnixUs)
}
