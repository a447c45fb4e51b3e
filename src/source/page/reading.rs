//! What one page gives: the article that it is with its comments, or the items that it tells of.
//!
//! The readers in order: a recipe (somebody's word), what the page tells programs, the text that a person would read.

use super::article::{self, Article};
use super::comments::{self, Comment};
use super::recipe::Cook;
use super::setting::Setting;
use super::structured::{self, Structured, Told};
use super::tree::tree;
use super::{change, listing};
use crate::model::{Author, FeedFacts, Item, ItemKind, Medium, SourceName};
use jiff::Timestamp;
use scraper::{Html, Selector};
use std::collections::HashSet;

/// From this share of its words on the body that a page tells programs is taken for one that people can see.
const SEEN_SHARE: f64 = 0.5;

/// An article of fewer letters is rather a list's foreword.
const ARTICLE_LETTERS: usize = 600;

/// What a page is.
#[derive(Debug)]
pub enum Found {
    /// Items that stand on it one below the other.
    Items(Vec<Item>),
    /// An article, and the comments below it.
    Article(Vec<Item>),
    /// A list of links to articles.
    Links(Vec<String>),
    /// None of these: the lines that people read.
    Lines(Vec<String>),
}

/// What a page would be read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageKind {
    /// Reviews that it tells programs of.
    Reviews,
    /// Posts and answers that it tells programs of.
    Thread,
    /// Other items that it tells programs of.
    Items,
    /// Links to articles.
    List,
    /// One article.
    Article {
        /// The comments below it.
        n_comments: usize,
    },
    /// None of these.
    Other,
}

/// What the page at `url` would be read as.
#[must_use]
pub fn kind(page: &Html, url: &str) -> PageKind {
    let source = SourceName::new("page");
    let setting = Setting { source, url: url.to_owned(), medium: Medium::Web, now: Timestamp::UNIX_EPOCH };
    match read(page, &setting, None, None).found {
        Found::Items(items) if items.iter().all(|item| item.kind == ItemKind::Review) => PageKind::Reviews,
        Found::Items(items) if items.iter().any(|item| item.medium == Medium::Forum) => PageKind::Thread,
        Found::Items(_) => PageKind::Items,
        Found::Links(_) => PageKind::List,
        Found::Article(items) => PageKind::Article { n_comments: items.len().saturating_sub(1) },
        Found::Lines(_) => PageKind::Other,
    }
}

/// A page as it was found.
#[derive(Debug)]
pub struct PageRead {
    /// What it is.
    pub found: Found,
    /// What it says of itself.
    pub facts: FeedFacts,
    /// What could not be read.
    pub problems: Vec<String>,
}

/// Reads `page`. Whether it is a list of links, `follow` says; `None` asks the page.
pub fn read(page: &Html, setting: &Setting, cook: Option<&Cook>, follow: Option<bool>) -> PageRead {
    let Structured { items, article: told, rating, problems } = structured::read(page, setting);
    let mut facts = FeedFacts {
        title: text_of(page, "title"),
        link: Some(setting.url.clone()),
        description: rating,
        lang: attribute_of(page, "html[lang]", "lang"),
        ..FeedFacts::default()
    };
    let cooked = cook.map(|cook| cook.items(page, setting)).unwrap_or_default();
    if !cooked.is_empty() {
        return PageRead { found: Found::Items(cooked), facts, problems };
    }
    let mut problems = problems;
    if cook.is_some() {
        problems.push("the recipe found no item; look whether the page changed its markup".to_owned());
    }
    let links = if follow == Some(false) { Vec::new() } else { listing::links(page, setting) };
    let article = article::article(page, &setting.url, setting.now);
    let comments = comments::comments(page, &setting.url, setting.now);
    let is_list = follow.unwrap_or_else(|| {
        let is_other = links.len() < listing::LINKS_LEAST || told.is_some();
        !is_other && is_list(page, setting, !comments.is_empty(), article.as_ref())
    });
    if is_list && !links.is_empty() {
        return PageRead { found: Found::Links(links), facts, problems };
    }
    if !items.is_empty() && told.is_none() && !is_shorter(&items, article.as_ref()) {
        return PageRead { found: Found::Items(items), facts, problems };
    }
    let is_untold = told.is_none() && items.is_empty();
    let found = match article {
        Some(article) if is_untold && comments.is_empty() && is_notice(page, &article) => {
            Found::Lines(change::lines(page))
        }
        Some(article) => {
            facts.lang = facts.lang.or_else(|| article.lang.clone());
            let mut found = article_items(article, comments, told, setting);
            add_comments(&mut found, items);
            Found::Article(found)
        }
        None => match told.filter(|told| told.body.is_some()) {
            Some(told) => Found::Article(vec![item_of(Article::default(), Some(told), setting)]),
            None => Found::Lines(change::lines(page)),
        },
    };
    PageRead { found, facts, problems }
}

/// Whether the page is a list of articles rather than one of them.
fn is_list(page: &Html, setting: &Setting, has_comments: bool, article: Option<&Article>) -> bool {
    let classes = attribute_of(page, "body", "class").unwrap_or_default();
    let has_class = |names: &[&str]| classes.split_whitespace().any(|class| names.contains(&class));
    if has_class(&["single", "single-post", "single-article", "item-view", "item"]) {
        return false;
    }
    let kind = attribute_of(page, "meta[property='og:type']", "content").unwrap_or_default();
    if kind == "article" {
        return false;
    }
    let is_front = url::Url::parse(&setting.url).is_ok_and(|url| url.path() == "/" && url.query().is_none());
    if is_front || has_class(&["home", "blog", "archive", "category", "tag", "index", "search"]) {
        return true;
    }
    if has_comments {
        return false;
    }
    // The body of an article has no titles of others in it; what is read of a list consists of them.
    article.is_none_or(|article| {
        letters(&article.html) < ARTICLE_LETTERS
            || listing::links(&tree(&article.html), setting).len() >= listing::LINKS_LEAST
    })
}

/// Whether the page is rather a notice that is changed in its place than an article: short, of nobody and no day.
fn is_notice(page: &Html, article: &Article) -> bool {
    let is_signed = article.author.is_some() || article.published.is_some();
    !is_signed
        && letters(&article.html) < ARTICLE_LETTERS
        && attribute_of(page, "meta[property='og:type']", "content").is_none_or(|kind| kind != "article")
}

/// Whether the one post that a page tells programs of says less than half of what people read there.
fn is_shorter(items: &[Item], article: Option<&Article>) -> bool {
    match (items, article) {
        ([post], Some(article)) if post.kind == ItemKind::Post => 2 * letters(&post.html) < letters(&article.html),
        _ => false,
    }
}

/// The article and its comments as items.
fn article_items(article: Article, comments: Vec<Comment>, told: Option<Told>, setting: &Setting) -> Vec<Item> {
    let item = item_of(article, told, setting);
    let (id, url) = (item.key.id.clone(), item.url.clone());
    let mut items = vec![item];
    let ids: HashSet<String> = comments.iter().map(|comment| comment.id.clone()).collect();
    for comment in comments.into_iter().filter(|comment| !comment.is_pingback) {
        items.push(comment_item(comment, &ids, (&id, url.as_deref()), setting));
    }
    items
}

fn item_of(article: Article, told: Option<Told>, setting: &Setting) -> Item {
    let told = told.unwrap_or_default();
    let mut item = setting.item(setting.article_id(), ItemKind::Article);
    item.url = Some(setting.url.clone());
    item.medium = told.medium.unwrap_or(setting.medium);
    item.html = match told.body {
        Some(body) if is_better(&body, &article.html) => body,
        _ => article.html,
    };
    item.title = if article.title.is_empty() { told.title.unwrap_or_default() } else { article.title };
    item.author = Author {
        name: told.author.name.or(article.author),
        url: told.author.url.or(article.author_url),
        ..Author::default()
    };
    item.published = told.published.or(article.published);
    item.updated = told.updated.or(article.updated);
    item.lang = told.lang.or(article.lang);
    item.tags = article.tags;
    item
}

/// Whether the body that a page tells programs says clearly more than what we read, which is part of it: a page that
/// is put together by a script shows less than it tells. What has nothing in common with the page is not believed.
fn is_better(told: &str, read: &str) -> bool {
    if letters(read) == 0 {
        return letters(told) > 0;
    }
    let words: HashSet<&str> = told.split_whitespace().collect();
    let (mut n, mut n_shared) = (0_u32, 0_u32);
    for word in read.split_whitespace().filter(|word| !word.contains(['<', '>', '='])) {
        n += 1;
        n_shared += u32::from(words.contains(word));
    }
    letters(read) < ARTICLE_LETTERS
        && letters(told) > 2 * letters(read)
        && f64::from(n_shared) >= SEEN_SHARE * f64::from(n)
}

fn comment_item(
    comment: Comment,
    ids: &HashSet<String>,
    (article, url): (&str, Option<&str>),
    setting: &Setting,
) -> Item {
    let id_of = |id: &str| format!("{article}#{id}");
    let mut item = setting.item(id_of(&comment.id), ItemKind::Comment);
    item.medium = Medium::Comment;
    let parent = comment.parent.filter(|parent| ids.contains(parent));
    item.parent = Some(parent.map_or_else(|| article.to_owned(), |parent| id_of(&parent)));
    item.url = comment.url.and_then(|url| setting.absolute(&url)).or_else(|| url.map(str::to_owned));
    (item.thread, item.target) = (url.map(str::to_owned), url.map(str::to_owned));
    item.author =
        Author { name: comment.author, url: comment.author_url, is_site_owner: comment.is_owner, ..Author::default() };
    item.published = comment.published;
    item.html = comment.html;
    item
}

/// Comments that the page tells programs of and does not show.
fn add_comments(found: &mut Vec<Item>, told: Vec<Item>) {
    if found.iter().any(|item| item.kind == ItemKind::Comment) {
        return;
    }
    let is_comment = |item: &Item| matches!(item.kind, ItemKind::Comment | ItemKind::Review);
    found.extend(told.into_iter().filter(is_comment));
}

fn letters(html: &str) -> usize {
    let mut is_tag = false;
    let is_letter = |c: &char| {
        match c {
            '<' => is_tag = true,
            '>' => is_tag = false,
            _ => {}
        }
        !is_tag && c.is_alphabetic()
    };
    html.chars().filter(is_letter).count()
}

/// The text of the first element that `selector` names.
pub fn text_of(page: &Html, selector: &str) -> Option<String> {
    let selector = Selector::parse(selector).ok()?;
    page.select(&selector).map(super::pick::squeezed).find(|text| !text.is_empty())
}

/// An attribute of the first element that `selector` names.
pub fn attribute_of(page: &Html, selector: &str, attribute: &str) -> Option<String> {
    let selector = Selector::parse(selector).ok()?;
    let values = page.select(&selector).filter_map(|element| element.attr(attribute));
    values.map(str::trim).find(|value| !value.is_empty()).map(str::to_owned)
}
