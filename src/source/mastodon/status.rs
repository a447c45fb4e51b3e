//! One status of a Mastodon server, or of one that speaks like it, as an item.
//!
//! In: the JSON of a status. Out: an [`Item`] under its `uri`, or why it is none of ours. Every key may be missing.

use super::markup::{paragraph, plain_form};
use super::value::{address, count, each, host_of, is_yes, origin_of, text, time};
use crate::model::{Author, Item, ItemKey, ItemKind, SourceName};
use crate::source::feed::plain_title;
use crate::text::push_unescaped;
use jiff::Timestamp;
use serde_json::Value;

/// Items of every source of this engine share it: a post that several servers know is one.
pub(super) const NAMESPACE: &str = "activitypub";

/// Tags, pictures and so on that one post may bring.
const EACH_MOST: usize = 64;

/// What all statuses of an answer share.
#[derive(Debug, Clone)]
pub(super) struct Setting<'a> {
    pub(super) source: &'a SourceName,
    /// The server that gave it, without a slash at the end; `None` where nobody says.
    pub(super) server: Option<&'a str>,
    pub(super) now: Timestamp,
    pub(super) wishes: Wishes,
}

/// Which posts are wanted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wishes {
    /// Those that their authors keep out of public lists as well.
    pub(super) unlisted: bool,
    /// What authors ask of programs is heeded.
    pub(super) respect: bool,
    /// They were found by their words: only of authors who let themselves be found so.
    pub(super) by_words: bool,
}

/// Why a status is no item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Not {
    /// It is no object, or there is nothing of a status in it.
    Status,
    /// It has neither `uri` nor `id`.
    Named,
    /// It is for some people only.
    Public,
    /// Its author keeps it out of public lists.
    Listed,
    /// Its author does not want to be read by programs.
    Welcome,
}

impl Not {
    /// What is told of `n` such statuses; `None` where nothing is wrong with them.
    pub(super) fn words(self, n: usize) -> Option<String> {
        let (is, their) = if n == 1 { ("post is", "its author") } else { ("posts are", "their authors") };
        match self {
            Self::Status => Some(format!("{n} {is} none: an object with a text was expected; skipped")),
            Self::Named => Some(format!("{n} {is} without `uri` and `id`; skipped")),
            Self::Public => Some(format!("{n} {is} not public; skipped")),
            Self::Listed => None,
            Self::Welcome => Some(format!("{n} {is} left out: {their} asked not to be read by programs")),
        }
    }
}

/// The status that somebody wrote: of a boost that which is boosted.
pub(super) fn own_words(status: &Value) -> &Value {
    status.get("reblog").filter(|inner| inner.is_object()).unwrap_or(status)
}

/// The item that `status` is.
pub(super) fn item(status: &Value, setting: &Setting<'_>) -> Result<Item, Not> {
    let status = own_words(status);
    if !status.is_object() || !["content", "account", "uri", "created_at"].iter().any(|key| status.get(key).is_some()) {
        return Err(Not::Status);
    }
    admit(status, setting.wishes)?;
    let id = text(status.get("id"));
    let account = status.get("account").unwrap_or(&Value::Null);
    let server = setting.server.map(str::to_owned).or_else(|| server_of(status));
    let alias = server.as_deref().zip(id.as_deref()).map(|(server, id)| alias(server, id));
    let key = text(status.get("uri")).or_else(|| address(status.get("url"))).or_else(|| alias.clone());
    let key = key.or_else(|| id.clone()).ok_or(Not::Named)?;
    let mut item = Item::new(setting.source.clone(), ItemKey { namespace: NAMESPACE.to_owned(), id: key.clone() });
    item.aliases = alias.into_iter().filter(|alias| *alias != key).collect();
    item.url = address(status.get("url")).or_else(|| Some(key).filter(|key| key.starts_with("http")));
    item.html = said(status);
    item.lang = text(status.get("language")).filter(|lang| is_language(lang));
    item.author = author(account, server.as_deref());
    item.published = time(status.get("created_at"), setting.now);
    let edited = time(status.get("edited_at"), setting.now);
    item.updated = edited.filter(|edited| item.published.is_none_or(|published| edited.at > published.at));
    item.counts.replies = count(status.get("replies_count"));
    item.counts.reposts = count(status.get("reblogs_count"));
    item.counts.likes = count(status.get("favourites_count"));
    item.counts.views = count(status.get("view_count"));
    for tag in each(status.get("tags")).take(EACH_MOST) {
        let name = text(tag.get("name")).or_else(|| text(Some(tag)));
        item.tags.extend(name.map(|name| name.trim_start_matches('#').to_owned()));
    }
    answered(&mut item, status, server.as_deref());
    Ok(item)
}

/// Whether a status may be read at all.
fn admit(status: &Value, wishes: Wishes) -> Result<(), Not> {
    match text(status.get("visibility")).as_deref() {
        None | Some("public" | "local") => {}
        Some("unlisted") if wishes.unlisted => {}
        Some("unlisted") => return Err(Not::Listed),
        Some(_) => return Err(Not::Public),
    }
    let account = status.get("account").unwrap_or(&Value::Null);
    if wishes.respect && !is_welcome(account, wishes.by_words) {
        return Err(Not::Welcome);
    }
    Ok(())
}

/// Whether the author lets programs read: `indexable` speaks of search alone, and most have never set it.
fn is_welcome(account: &Value, by_words: bool) -> bool {
    let is_closed = |flag: &str| is_yes(account.get(flag)) || is_yes(account.pointer(&format!("/source/{flag}")));
    let note = text(account.get("note")).unwrap_or_default();
    let fields = each(account.get("fields")).filter_map(|field| text(field.get("value")));
    let bio = fields.fold(note, |bio, field| bio + " " + &field);
    let bio: String = plain_title(bio).to_lowercase();
    let asks = |word: &str| {
        bio.match_indices(word).any(|(at, _)| {
            let behind = bio.get(at + word.len()..).unwrap_or_default();
            !behind.starts_with(|next: char| next.is_alphanumeric() || next == '_')
        })
    };
    let is_unsearched = by_words && account.get("indexable").and_then(Value::as_bool) == Some(false);
    !(is_closed("noindex") || is_unsearched || asks("#nobot") || asks("#noindex") || asks("#nobots"))
}

/// What a server calls a status that it did not write itself: an address that it leads to the post from.
pub(super) fn alias(server: &str, id: &str) -> String {
    format!("{server}/statuses/{id}")
}

/// The server that a status lies on, as it says itself: where its author is local, that is where it was written.
pub(super) fn server_of(status: &Value) -> Option<String> {
    let acct = text(status.pointer("/account/acct"))?;
    if acct.contains('@') {
        return None;
    }
    origin_of(&address(status.pointer("/account/url")).or_else(|| address(status.get("uri")))?)
}

/// Everything that the author says, as markup: the warning before it, the text, the choices of a poll, what pictures
/// show. What is quoted is linked to.
fn said(status: &Value) -> String {
    let mut html = String::new();
    if let Some(warning) = text(status.get("spoiler_text")) {
        // Some servers send it as markup, most as plain words.
        let is_markup = warning.contains("</") || warning.contains("&#") || warning.contains("&amp;");
        html.push_str(&paragraph(&if is_markup { plain_title(warning) } else { warning }));
    }
    match text(status.get("content")) {
        Some(content) if content.contains('<') => html.push_str(&plain_form(&content)),
        Some(content) => html.push_str(&paragraph(&unescaped(&content))),
        None => html.extend(text(status.get("text")).map(|words| paragraph(&words))),
    }
    for choice in each(status.pointer("/poll/options")).take(EACH_MOST) {
        html.extend(text(choice.get("title")).map(|title| paragraph(&title)));
    }
    for media in each(status.get("media_attachments")).take(EACH_MOST) {
        html.extend(text(media.get("description")).map(|shown| paragraph(&shown)));
    }
    let quoted = status.get("quote").map(|quote| quote.get("quoted_status").unwrap_or(quote));
    let quoted = quoted.and_then(|quoted| address(quoted.get("url")).or_else(|| address(quoted.get("uri"))));
    let card = address(status.pointer("/card/url"));
    for link in [quoted, card].into_iter().flatten() {
        let escaped = link.replace('&', "&amp;").replace('"', "&quot;");
        if !html.contains(&link) && !html.contains(&escaped) {
            html.push_str(&format!("<a href=\"{escaped}\"></a>"));
        }
    }
    html
}

fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    push_unescaped(&mut plain, text);
    plain
}

/// The author, with the host added where the server leaves out its own.
pub(super) fn author(account: &Value, server: Option<&str>) -> Author {
    let url = address(account.get("url"));
    let written = text(account.get("acct")).or_else(|| text(account.get("username")));
    let written = written.map(|acct| acct.trim_start_matches('@').to_owned());
    let home = || url.as_deref().and_then(host_of).or_else(|| server.and_then(host_of));
    let handle = written.map(|acct| match home() {
        Some(host) if !acct.contains('@') => format!("{acct}@{host}"),
        _ => acct,
    });
    let name = text(account.get("display_name")).or_else(|| text(account.get("username")));
    Author {
        name,
        handle,
        url,
        followers: count(account.get("followers_count")),
        bio: text(account.get("note")).map(plain_title).filter(|bio| !bio.is_empty()),
        is_bot: is_yes(account.get("bot")) || text(account.get("actor_type")).as_deref() == Some("Service"),
        ..Author::default()
    }
}

/// What the status answers: the post as the server calls it, and whom.
fn answered(item: &mut Item, status: &Value, server: Option<&str>) {
    let Some(parent) = text(status.get("in_reply_to_id")) else { return };
    item.kind = ItemKind::Reply;
    item.parent = Some(server.map_or_else(|| parent.clone(), |server| alias(server, &parent)));
    let Some(account) = text(status.get("in_reply_to_account_id")) else { return };
    if text(status.pointer("/account/id")).as_ref() == Some(&account) {
        item.in_reply_to = item.author.handle.as_ref().map(|handle| format!("@{handle}"));
        return;
    }
    let mentioned = each(status.get("mentions")).find(|mention| text(mention.get("id")).as_ref() == Some(&account));
    let handle = mentioned.and_then(|mention| author(mention, server).handle);
    item.in_reply_to = handle.map(|handle| format!("@{handle}"));
}

/// Whether it looks like a language tag (BCP 47).
fn is_language(tag: &str) -> bool {
    (2..=35).contains(&tag.len()) && tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// When a status was last changed, in milliseconds since 1970: what tells an older copy from a newer one.
pub(super) fn changed_ms(item: &Item) -> i64 {
    item.updated.or(item.published).map_or(0, |posted| posted.at.as_millisecond())
}
