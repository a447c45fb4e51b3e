//! What a page tells programs, as items: reviews, forum posts with their comments, questions with their answers.
//!
//! In: the tree of a page. Out: items, and what it says of the article that it is, if it is one.
//! What it says is believed as far as it can be right: dates, ratings within their scale, addresses of the web.

mod json_ld;
mod microdata;
mod thing;

use super::setting::Setting;
use crate::model::{Author, Item, ItemKind, Medium, PostedAt};
use crate::text::push_unescaped;
use scraper::Html;
use std::collections::HashSet;
use thing::{Thing, Value};

const ARTICLES: &[&str] = &[
    "Article",
    "NewsArticle",
    "BlogPosting",
    "LiveBlogPosting",
    "Report",
    "TechArticle",
    "ScholarlyArticle",
    "OpinionNewsArticle",
    "ReportageNewsArticle",
    "AnalysisNewsArticle",
    "AdvertiserContentArticle",
];
const POSTS: &[&str] = &["DiscussionForumPosting", "SocialMediaPosting", "Question"];
const REVIEWS: &[&str] = &["Review", "UserReview", "EmployerReview", "CriticReview"];
const COMMENTS: &[&str] = &["Comment", "UserComments", "Answer", "CorrectionComment"];

/// The most items of one page.
const ITEMS_MOST: usize = 5_000;

/// How deep answers to answers are followed.
const DEPTH_MOST: usize = 24;

/// The scale that ratings are told on.
const SCALE: f32 = 5.0;

/// What a page tells programs.
#[derive(Debug, Default)]
pub struct Structured {
    /// Reviews, posts, comments, answers, in the order of the page.
    pub items: Vec<Item>,
    /// What it says of the one article that it is.
    pub article: Option<Told>,
    /// The rating of the product or place as a whole, in words.
    pub rating: Option<String>,
    /// What could not be read.
    pub problems: Vec<String>,
}

/// What a page tells programs of its article.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Told {
    /// Its headline, plain.
    pub title: Option<String>,
    /// Its text, often without paragraphs, sometimes cut.
    pub body: Option<String>,
    /// Who wrote it.
    pub author: Author,
    /// When it was published.
    pub published: Option<PostedAt>,
    /// When it was changed.
    pub updated: Option<PostedAt>,
    /// Its language.
    pub lang: Option<String>,
    /// Where it appeared.
    pub medium: Option<Medium>,
}

/// Reads what `page` tells programs.
pub fn read(page: &Html, setting: &Setting) -> Structured {
    let (mut things, problems) = json_ld::read(page);
    things.extend(microdata::read(page));
    let mut reader = Reader { setting, found: Structured { problems, ..Structured::default() }, ids: HashSet::new() };
    for thing in &things {
        reader.look(thing, None, 0);
    }
    // Several articles are a list of them, and tell nothing of the page.
    let mut articles = things.iter().flat_map(|thing| articles_in(thing, 0));
    reader.found.article = match (articles.next(), articles.next()) {
        (Some(one), None) => Some(told(one, setting)),
        (Some(one), Some(other)) if one.text("headline") == other.text("headline") => Some(told(one, setting)),
        _ => None,
    };
    reader.found
}

struct Reader<'s> {
    setting: &'s Setting,
    found: Structured,
    ids: HashSet<String>,
}

impl Reader<'_> {
    /// Looks for items in `thing`; `target` is the name or address of what reviews in it are about.
    fn look(&mut self, thing: &Thing, target: Option<&Thing>, depth: usize) {
        if depth > DEPTH_MOST || self.found.items.len() >= ITEMS_MOST {
            return;
        }
        if thing.is(REVIEWS) {
            self.review(thing, target);
            return;
        }
        if thing.is(POSTS) {
            self.post(thing);
            return;
        }
        if thing.is(COMMENTS) {
            self.comment(thing, None, None, depth);
            return;
        }
        if thing.is(ARTICLES) {
            let (parent, thread) = (self.setting.article_id(), self.setting.url.clone());
            for comment in thing.things("comment") {
                self.comment(comment, Some(&parent), Some(&thread), depth + 1);
            }
        }
        if let Some(rating) = thing.things("aggregateRating").next() {
            self.found.rating = self.found.rating.take().or_else(|| in_words(thing, rating));
        }
        for (name, value) in &thing.properties {
            if let (Value::Thing(inner), true) = (value, name != "itemReviewed" && name != "comment") {
                self.look(inner, Some(thing), depth + 1);
            }
        }
    }

    fn review(&mut self, thing: &Thing, target: Option<&Thing>) {
        let Some(mut item) = self.item(thing, &["reviewBody", "description", "text"], ItemKind::Review) else { return };
        item.medium = Medium::Review;
        item.rating = thing.things("reviewRating").next().and_then(stars);
        let about = thing.things("itemReviewed").next().or(target);
        item.target = about.and_then(|about| self.address(about.address()?)).or_else(|| Some(self.setting.url.clone()));
        item.tags.extend(about.and_then(|about| about.text("name")).map(str::to_owned));
        self.push(item);
    }

    fn post(&mut self, thing: &Thing) {
        let bodies = ["text", "articleBody", "description", "headline", "name"];
        let Some(mut item) = self.item(thing, &bodies, ItemKind::Post) else { return };
        item.medium = if thing.is(&["SocialMediaPosting"]) { Medium::Post } else { Medium::Forum };
        let (id, url) = (item.key.id.clone(), item.url.clone());
        self.push(item);
        for name in ["comment", "acceptedAnswer", "suggestedAnswer"] {
            for answer in thing.things(name) {
                self.comment(answer, Some(&id), url.as_deref(), 1);
            }
        }
    }

    fn comment(&mut self, thing: &Thing, parent: Option<&str>, thread: Option<&str>, depth: usize) {
        if depth > DEPTH_MOST || self.found.items.len() >= ITEMS_MOST {
            return;
        }
        let Some(mut item) =
            self.item(thing, &["text", "commentText", "description", "articleBody"], ItemKind::Comment)
        else {
            return;
        };
        let is_answer = thing.is(&["Answer"]);
        item.kind = if is_answer { ItemKind::Reply } else { ItemKind::Comment };
        item.medium = if is_answer { Medium::Forum } else { Medium::Comment };
        item.parent = parent.map(str::to_owned);
        item.thread = thread.map(str::to_owned).or_else(|| Some(self.setting.url.clone()));
        item.target = item.thread.clone();
        let id = item.key.id.clone();
        self.push(item);
        for answer in thing.things("comment").chain(thing.things("reply")) {
            self.comment(answer, Some(&id), thread, depth + 1);
        }
    }

    /// An item with what all of them have; `None` where it says nothing.
    fn item(&self, thing: &Thing, bodies: &[&str], kind: ItemKind) -> Option<Item> {
        let html = thing.any_text(bodies).map(as_markup).unwrap_or_default();
        let title = thing.any_text(&["headline", "name"]).map(plain).unwrap_or_default();
        if html.is_empty() && title.is_empty() {
            return None;
        }
        let url = thing.text("url").or(thing.id.as_deref()).and_then(|url| self.address(url));
        let author = author(thing, self.setting);
        let published = date(thing, &["datePublished", "dateCreated", "uploadDate", "commentTime"], self.setting);
        let id = thing.any_text(&["identifier", "postId"]).or(thing.id.as_deref()).map(str::to_owned);
        let id = id.or_else(|| thing.text("url").and_then(|url| self.address(url)));
        let id = id.unwrap_or_else(|| self.setting.own_id(author.name.as_deref(), &title, &html));
        let mut item = self.setting.item(id, kind);
        item.url = url.or_else(|| Some(self.setting.url.clone()));
        (item.title, item.html, item.author, item.published) = (title, html, author, published);
        item.updated = date(thing, &["dateModified"], self.setting);
        item.lang = thing.text("inLanguage").map(str::to_owned);
        let count = |names: &[&str]| thing.any_text(names).and_then(|text| text.parse().ok());
        item.counts.likes = count(&["upvoteCount"]);
        item.counts.replies = count(&["commentCount", "answerCount"]);
        Some(item)
    }

    fn push(&mut self, item: Item) {
        // The same thing is often told twice, as JSON-LD and in the markup.
        if self.found.items.len() < ITEMS_MOST && self.ids.insert(item.key.id.clone()) {
            self.found.items.push(item);
        }
    }

    fn address(&self, address: &str) -> Option<String> {
        self.setting.absolute(address)
    }
}

/// The articles that the page is, or that are its main thing; not those that it merely lists.
fn articles_in(thing: &Thing, depth: usize) -> Vec<&Thing> {
    if thing.is(ARTICLES) {
        return vec![thing];
    }
    if depth > 3 || thing.is(&["ItemList", "CollectionPage", "Blog"]) {
        return Vec::new();
    }
    let main = thing.things("mainEntity").chain(thing.things("mainEntityOfPage"));
    main.flat_map(|inner| articles_in(inner, depth + 1)).collect()
}

fn told(thing: &Thing, setting: &Setting) -> Told {
    let medium = if thing.is(&["BlogPosting"]) {
        Some(Medium::Blog)
    } else if thing.types.iter().any(|name| name.contains("News")) {
        Some(Medium::News)
    } else {
        None
    };
    Told {
        title: thing.any_text(&["headline", "name"]).map(plain),
        body: thing.text("articleBody").map(as_markup),
        author: author(thing, setting),
        published: date(thing, &["datePublished", "dateCreated"], setting),
        updated: date(thing, &["dateModified"], setting),
        lang: thing.text("inLanguage").map(str::to_owned),
        medium,
    }
}

fn author(thing: &Thing, setting: &Setting) -> Author {
    let person = thing.things("author").chain(thing.things("creator")).next();
    let name = thing.any_text(&["author", "creator"]).map(plain);
    // An address in place of a name is the author's page.
    let (name, address) = match name {
        Some(name) if name.starts_with("http") => (None, Some(name)),
        name => (name, person.and_then(Thing::address).map(str::to_owned)),
    };
    Author { name, url: address.and_then(|address| setting.absolute(&address)), ..Author::default() }
}

fn date(thing: &Thing, names: &[&str], setting: &Setting) -> Option<PostedAt> {
    names.iter().find_map(|name| setting.date(thing.text(name)?))
}

/// A rating on a scale of five.
fn stars(rating: &Thing) -> Option<f32> {
    let number = |name: &str| rating.text(name).and_then(number);
    let (value, best, worst) = (number("ratingValue")?, number("bestRating"), number("worstRating"));
    let best = best.filter(|best| *best > 0.0).unwrap_or(if value > SCALE { 10.0 } else { SCALE });
    let is_within = (worst.unwrap_or(0.0)..=best).contains(&value);
    is_within.then_some(value * SCALE / best)
}

/// `4`, `4.5`, `4,5`, `4/5`.
fn number(text: &str) -> Option<f32> {
    let text = text.split('/').next().unwrap_or(text).trim().replace(',', ".");
    text.parse().ok().filter(|number: &f32| number.is_finite())
}

/// `Steakhaus Nord: 3.4 of 5 by 212`.
fn in_words(thing: &Thing, rating: &Thing) -> Option<String> {
    let value = stars(rating)?;
    let by = rating.any_text(&["reviewCount", "ratingCount"]).map(|count| format!(" by {count}")).unwrap_or_default();
    let name = thing.text("name").map(|name| format!("{}: ", plain(name))).unwrap_or_default();
    Some(format!("{name}{value} of {SCALE}{by}"))
}

/// Plain text of one line, entities resolved.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    push_unescaped(&mut plain, text);
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A text that may or may not be markup, as markup: without tags its lines are lines.
fn as_markup(text: &str) -> String {
    let has_tags = text.contains("</") || text.contains("<br") || text.contains("<p");
    if has_tags { text.to_owned() } else { text.replace('<', "&lt;").replace('\n', "<br>\n") }
}

#[cfg(test)]
mod tests;
