//! Items by a recipe: CSS selectors for each part.
//!
//! In: the tree of a page and a [`Recipe`]. Out: items and the links to other pages. An item without an id gets one of
//! its link, or of its author and text.

use super::pick::{Pick, PickError};
use super::setting::Setting;
use crate::model::{Author, Item, ItemKind, Medium, Recipe};
use scraper::{ElementRef, Html, Selector};

/// The most items of one page.
const ITEMS_MOST: usize = 5_000;

/// A recipe that can be cooked.
#[derive(Debug)]
pub struct Cook {
    item: Selector,
    parts: Vec<(&'static str, Pick)>,
}

impl Cook {
    /// Reads the selectors of `recipe`.
    ///
    /// # Errors
    /// [`PickError`] of the first part that is none.
    pub fn new(recipe: &Recipe) -> Result<Self, PickError> {
        let item = Selector::parse(&recipe.item).map_err(|_| PickError::Selector(recipe.item.clone()))?;
        let parts = recipe.parts().filter(|(key, _)| *key != "item");
        let parts = parts.map(|(key, part)| Ok((key, Pick::parse(part)?))).collect::<Result<_, PickError>>()?;
        Ok(Self { item, parts })
    }

    /// The items of `page`, in its order; those that say nothing are left out.
    pub fn items(&self, page: &Html, setting: &Setting) -> Vec<Item> {
        page.select(&self.item).take(ITEMS_MOST).filter_map(|element| self.item(element, setting)).collect()
    }

    /// The link that the recipe calls `key`, absolute.
    pub fn link(&self, page: &Html, key: &str, setting: &Setting) -> Option<String> {
        setting.absolute(&self.pick(key)?.text(page.root_element())?)
    }

    /// Whether the recipe says where `key` stands.
    pub fn has(&self, key: &str) -> bool {
        self.pick(key).is_some()
    }

    fn pick(&self, key: &str) -> Option<&Pick> {
        self.parts.iter().find(|(own, _)| *own == key).map(|(_, pick)| pick)
    }

    fn item(&self, element: ElementRef<'_>, setting: &Setting) -> Option<Item> {
        let text = |key: &str| self.pick(key).and_then(|pick| pick.text(element));
        let title = text("title").unwrap_or_default();
        let html = match self.pick("text") {
            Some(pick) => pick.element(element).map(|body| body.inner_html()).unwrap_or_default(),
            None => element.inner_html(),
        };
        if title.is_empty() && html.trim().is_empty() {
            return None;
        }
        let url = text("url").and_then(|url| setting.absolute(&url));
        let author = Author {
            name: text("author"),
            url: text("author_url").and_then(|url| setting.absolute(&url)),
            ..Author::default()
        };
        let id = text("id").or_else(|| url.clone());
        let id = id.unwrap_or_else(|| setting.own_id(author.name.as_deref(), &title, &html));
        let mut item = setting.item(id, ItemKind::Post);
        item.published = text("time").and_then(|time| setting.date(&time));
        item.rating = text("rating").and_then(|rating| rating.replace(',', ".").parse().ok());
        item.parent = text("parent");
        item.counts.views = text("views").and_then(|views| short_number(&views));
        if item.rating.is_some() {
            (item.kind, item.medium) = (ItemKind::Review, Medium::Review);
        }
        item.url = url.or_else(|| Some(setting.url.clone()));
        item.thread = (item.medium == Medium::Forum).then(|| setting.url.clone());
        (item.title, item.html, item.author) = (title, html, author);
        Some(item)
    }
}

/// `1.8K`, `2M`, `1,2 Tsd.`, `3 Mio.`, `1234`.
pub(in crate::source) fn short_number(text: &str) -> Option<u64> {
    let text = text.trim();
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == ',')).unwrap_or(text.len());
    let (number, unit) = text.split_at_checked(end)?;
    let factor = match unit.trim().trim_end_matches('.').to_lowercase().as_str() {
        "" => return number.replace(['.', ','], "").parse().ok(),
        "k" | "tsd" => 1e3,
        "m" | "mio" => 1e6,
        "b" | "mrd" => 1e9,
        _ => return None,
    };
    let number: f64 = number.replace(',', ".").parse().ok()?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "rounded, not negative, and far below the bound"
    )]
    Some((number * factor).round() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::SourceName;
    use crate::source::page::tree::tree;

    fn cook(recipe: &Recipe, html: &str) -> Vec<Item> {
        let setting = Setting {
            source: SourceName::new("s"),
            url: "https://forum.example/t/7".to_owned(),
            medium: Medium::Forum,
            now: "2026-11-22T12:00:00Z".parse().expect("a time"),
        };
        Cook::new(recipe).expect("a recipe").items(&tree(html), &setting)
    }

    #[test]
    fn a_thread_by_its_recipe() {
        let part = |text: &str| Some(text.to_owned());
        let recipe = Recipe {
            item: ".p".to_owned(),
            id: part("@id"),
            author: part(".a"),
            author_url: part(".a@href"),
            text: part(".t"),
            time: part("time@datetime"),
            views: part(".v"),
            ..Recipe::default()
        };
        let items = cook(
            &recipe,
            "<div class=p id=p1><a class=a href=/u/1>Ann</a><time datetime=2026-01-02T03:04:05Z>x</time>\
             <div class=t>Der <b>Grill</b></div><i class=v>1.8K</i></div><div class=p id=p2></div>",
        );
        assert_eq!(items.len(), 1, "what says nothing is no item");
        let item = &items[0];
        assert_eq!((item.key.id.as_str(), item.html.as_str()), ("p1", "Der <b>Grill</b>"));
        assert_eq!(item.author.name.as_deref(), Some("Ann"));
        assert_eq!(item.author.url.as_deref(), Some("https://forum.example/u/1"));
        assert_eq!(item.counts.views, Some(1800));
        assert_eq!(item.thread.as_deref(), Some("https://forum.example/t/7"));
        assert!(item.published.is_some());
    }

    #[test]
    fn without_an_id_the_text_tells_items_apart() {
        let recipe = Recipe { item: "p".to_owned(), ..Recipe::default() };
        let items = cook(&recipe, "<p>a<p>b<p>a");
        let ids: Vec<&str> = items.iter().map(|item| item.key.id.as_str()).collect();
        assert_eq!((ids.len(), ids[0] == ids[2], ids[0] == ids[1]), (3, true, false));
    }

    #[test]
    fn short_numbers_are_read_in_both_languages() {
        for (text, number) in [
            ("1.8K", Some(1800)),
            ("1,2 Tsd.", Some(1200)),
            ("3 Mio.", Some(3_000_000)),
            ("1.234", Some(1234)),
            ("x", None),
        ] {
            assert_eq!(short_number(text), number, "{text}");
        }
    }
}
