//! What a query is asked about: an item, and what is known of it.

use super::pattern::Words;
use crate::model::{BrandId, Card, Item, Kind, Phase, Sentiment};
use std::borrow::Cow;
use std::cell::OnceCell;
use url::Url;

/// An item and what is known of it.
#[derive(Debug)]
pub struct Subject<'s> {
    /// The item.
    pub item: &'s Item,
    /// The language that was decided.
    pub lang: Option<&'s str>,
    /// The brand that it is seen to be about.
    pub brand: Option<&'s BrandId>,
    /// The feeling toward that brand.
    pub sentiment: Option<Sentiment>,
    /// The part of the customer's journey.
    pub phase: Option<Phase>,
    /// The kinds of opportunity that hold.
    pub kinds: &'s [Kind],
    words: OnceCell<Words>,
}

impl<'s> Subject<'s> {
    /// An item of which nothing is known but what its source says.
    #[must_use]
    pub fn new(item: &'s Item) -> Self {
        let lang = item.lang.as_deref().map(|lang| lang.split(['-', '_']).next().unwrap_or(lang));
        Self { item, lang, brand: None, sentiment: None, phase: None, kinds: &[], words: OnceCell::new() }
    }

    /// A kept mention in its phase of the customer's journey.
    #[must_use]
    pub fn of_card(card: &'s Card, phase: Phase) -> Self {
        let judgement = card.opportunity.as_ref().map(|opportunity| &opportunity.judgement);
        let kinds = judgement.map_or(&[][..], |judgement| judgement.kinds.as_slice());
        Self::new(&card.item).about(&card.mention.brand, card.mention.sentiment.label, phase, kinds)
    }

    /// The same, seen as being about `brand`.
    #[must_use]
    pub fn about(self, brand: &'s BrandId, sentiment: Sentiment, phase: Phase, kinds: &'s [Kind]) -> Self {
        Self { brand: Some(brand), sentiment: Some(sentiment), phase: Some(phase), kinds, ..self }
    }

    /// The same in a language that was decided.
    #[must_use]
    pub fn in_language(self, lang: Option<&'s str>) -> Self {
        Self { lang: lang.or(self.lang), ..self }
    }

    /// The title and the text.
    pub(super) fn text(&self) -> Cow<'_, str> {
        self.item.reading_text()
    }

    /// The words of title, text, and the author's names, as the search's index holds them.
    pub(super) fn words(&self) -> &Words {
        self.words.get_or_init(|| {
            let author = [&self.item.author.name, &self.item.author.handle].into_iter().flatten();
            let mut text = self.text().into_owned();
            for name in author {
                text.push('\n');
                text.push_str(name);
            }
            Words::of(&text)
        })
    }

    /// The host of its link, without `www.`.
    pub(super) fn host(&self) -> Option<String> {
        let url = Url::parse(self.item.url.as_deref()?).ok()?;
        Some(url.host_str()?.trim_start_matches("www.").to_owned())
    }
}
