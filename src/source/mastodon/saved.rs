//! Saved answers and recordings, read alone: who hands them in wants to see all that is public in them.

use super::answer::{self, Holds};
use super::heard::Hearing;
use super::status::{NAMESPACE, Setting, Wishes, alias};
use super::value::{each, origin_of, text, time};
use super::{items, name_parents, status};
use crate::model::{Batch, Cursor, FeedFacts, Item, ItemKey, Problem, Request, Response, SourceName};
use crate::source::feed::plain_title;
use crate::source::{Event, NOWHERE, ReadError, Source};
use crate::text::hash_hex;
use jiff::Timestamp;
use serde_json::{Value, json};

/// The most bytes of a saved answer.
const BODY_LIMIT_BYTES: usize = 20_000_000;

const WISHES: Wishes = Wishes { unlisted: true, respect: true, by_words: false };

/// Reads saved answers.
pub(super) struct Saved {
    pub(super) name: SourceName,
    pub(super) url: String,
}

impl Source for Saved {
    fn start(&self, _cursor: &Cursor, _now: Timestamp) -> Vec<Request> {
        vec![Request {
            headers: vec![("accept".to_owned(), "application/json".to_owned())],
            ..Request::plain(self.url.clone(), BODY_LIMIT_BYTES)
        }]
    }

    fn read(
        &self,
        _cursor: &Cursor,
        _request: &Request,
        response: &Response,
        now: Timestamp,
    ) -> Result<Batch, ReadError> {
        read(&self.name, response, now)
    }
}

/// What a saved answer holds. Its address names the server; else its posts do.
pub(super) fn read(source: &SourceName, response: &Response, now: Timestamp) -> Result<Batch, ReadError> {
    let told = origin_of(&response.url).filter(|_| response.url != NOWHERE);
    match answer::read(&response.body)? {
        Holds::Statuses(statuses) => {
            let server = told.or_else(|| statuses.iter().find_map(status::server_of));
            let setting = Setting { source, server: server.as_deref(), now, wishes: WISHES };
            let (items, problems) = items(&statuses, &setting);
            Ok(Batch { items, problems, ..Batch::default() })
        }
        Holds::Versions(versions) => Ok(of_versions(source, &versions, &response.url, now)),
        Holds::Messages(messages) => of_messages(source, told, &messages),
        Holds::Instance(instance) => Ok(of_instance(&instance)),
    }
}

/// The versions of one status, oldest first, under one key: the last is how it reads now.
fn of_versions(source: &SourceName, versions: &[Value], url: &str, now: Timestamp) -> Batch {
    let first = versions.iter().find_map(|version| time(version.get("created_at"), now));
    let account = versions.first().and_then(|version| version.get("account")).unwrap_or(&Value::Null);
    let server = origin_of(url).or_else(|| origin_of(&text(account.get("url"))?));
    let id = url.split("/statuses/").nth(1).and_then(|rest| rest.split(['/', '?']).next()).filter(|id| !id.is_empty());
    let written = first.map(|posted| posted.to_string()).unwrap_or_default();
    // The answer does not say which status it is of: where the address does not either, author and time have to do.
    let key = match (&server, id) {
        (Some(server), Some(id)) => alias(server, id),
        _ => hash_hex(&["versions", &text(account.get("url")).unwrap_or_default(), &written]),
    };
    let mut batch = Batch::default();
    for version in versions {
        let mut version = version.clone();
        let at = version.get("created_at").cloned().unwrap_or(Value::Null);
        if let Some(fields) = version.as_object_mut() {
            fields.insert("uri".to_owned(), json!(key));
            fields.insert("edited_at".to_owned(), at);
            fields.insert(
                "created_at".to_owned(),
                versions.first().and_then(|first| first.get("created_at")).cloned().unwrap_or_default(),
            );
        }
        let setting = Setting { source, server: server.as_deref(), now, wishes: WISHES };
        match status::item(&version, &setting) {
            Ok(item) => batch.items.push(item),
            Err(not) => batch.problems.extend(not.words(1).map(|message| Problem { message, line: None })),
        }
    }
    batch
}

/// What a recording of a stream means, event by event.
fn of_messages(source: &SourceName, server: Option<String>, messages: &[(u32, String)]) -> Result<Batch, ReadError> {
    let mut hearing = Hearing::new(source.clone(), server, WISHES);
    let mut batch = Batch::default();
    let mut n_heard = 0;
    for (line, message) in messages {
        match hearing.message(message, &mut |_| true) {
            Ok(event) => {
                n_heard += 1;
                take(event, &mut batch);
            }
            Err(error) => batch.problems.push(Problem { message: error.to_string(), line: Some(*line) }),
        }
    }
    if n_heard == 0 {
        let reason = batch.problems.into_iter().next().map(|problem| problem.message).unwrap_or_default();
        return Err(ReadError::BrokenJson { reason });
    }
    name_parents(&mut batch.items);
    Ok(batch)
}

fn take(event: Event, batch: &mut Batch) {
    match event {
        Event::Item { item, .. } => put(&mut batch.items, *item),
        Event::Deleted { key, .. } => batch.deletions.push(key),
        Event::AuthorGone { id_prefix, .. } => {
            batch.deletions.push(ItemKey { namespace: NAMESPACE.to_owned(), id: id_prefix });
        }
        Event::Gap { then, .. } => take(*then, batch),
        Event::Ending(words) => {
            batch.problems.push(Problem { message: format!("the stream ended: {words}"), line: None });
        }
        Event::Nothing => {}
    }
}

/// A post that several streams of one connection told of is one; an edit stands for itself.
fn put(items: &mut Vec<Item>, item: Item) {
    if !items.contains(&item) {
        items.push(item);
    }
}

fn of_instance(instance: &Value) -> Batch {
    let facts = FeedFacts {
        title: text(instance.get("title")),
        link: text(instance.get("domain")).or_else(|| text(instance.get("uri"))).map(|host| {
            match host.contains("://") {
                true => host,
                false => format!("https://{host}"),
            }
        }),
        description: text(instance.get("description")).map(plain_title),
        lang: each(instance.get("languages")).find_map(|lang| text(Some(lang))),
        ..FeedFacts::default()
    };
    Batch { feed: Some(facts), ..Batch::default() }
}
