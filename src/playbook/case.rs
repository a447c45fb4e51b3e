//! One opportunity as the playbook sees it: what it is for, and which conditions hold.

use super::play::Purpose;
use crate::lexicon::{self, CUE_LANGUAGES, OCCASIONS, Phrases, PhrasesBuilder};
use crate::model::{Emotion, Item, Judgement, Kind, Mention, NearestOutlet};
use crate::text::Tokens;
use jiff::Timestamp;
use std::sync::OnceLock;

/// As much of a post as is searched for occasions, in characters.
const SEARCHED_LIMIT: usize = 20_000;
/// From so many earlier mentions on somebody is a regular.
const REGULAR_MENTIONS: u32 = 3;

/// A judged mention, and the moment at which somebody looks at it.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    /// The item.
    pub item: &'a Item,
    /// What analysis says of the brand in it.
    pub mention: &'a Mention,
    /// What judging it gave.
    pub judgement: &'a Judgement,
    /// The own location that can act soonest.
    pub nearest: Option<&'a NearestOutlet>,
    /// It cannot be done in time, or was not.
    pub is_missed: bool,
    /// Deadlines are counted from here.
    pub now: Timestamp,
}

impl Case<'_> {
    /// What a play has to be for. Care goes over everything; what is no surprise is service.
    pub(super) fn purpose(&self) -> Purpose {
        match (self.judgement.care, self.judgement.surprise) {
            (true, _) => Purpose::Care,
            (false, true) => Purpose::Surprise,
            (false, false) => Purpose::Service,
        }
    }

    /// The seconds until the deadline; `None` without one, and where it cannot be met any more.
    pub(super) fn seconds_left(&self) -> Option<i64> {
        let deadline = self.judgement.slots.deadline.as_ref()?;
        Some(deadline.at.at.as_second() - self.now.as_second()).filter(|left| *left > 0 && !self.is_missed)
    }

    /// Every condition that holds, occasions with the words that show them.
    pub(super) fn holding(&self) -> Vec<(&'static str, String)> {
        let (slots, kinds) = (&self.judgement.slots, &self.judgement.kinds);
        let has_deadline = slots.deadline.is_some();
        let is_coming = self.seconds_left().is_some();
        let facts = [
            ("angry", self.mention.emotion == Some(Emotion::Anger)),
            ("broken", kinds.iter().any(|kind| matches!(kind, Kind::Recovery | Kind::SilentGripe | Kind::Churn))),
            ("deadline", is_coming),
            ("late", has_deadline && !is_coming),
            ("direct", self.mention.direct),
            ("overheard", !self.mention.direct),
            ("outlet", self.nearest.is_some() && !self.is_missed),
            ("place", slots.place.is_some() && !self.is_missed),
            ("reach", kinds.contains(&Kind::Reach)),
            ("loyal", self.item.author.past_mentions.is_some_and(|n| n >= REGULAR_MENTIONS)),
        ];
        let known = facts.into_iter().filter(|(_, holds)| *holds).map(|(name, _)| (name, String::new()));
        known.chain(self.occasions()).collect()
    }

    /// The occasions that the post's words show, in the order of the text, each once.
    fn occasions(&self) -> Vec<(&'static str, String)> {
        let text: String = self.item.reading_text().chars().take(SEARCHED_LIMIT).collect();
        let tokens = Tokens::new(&text);
        let lang = self.item.lang.as_deref();
        let mut shown: Vec<(&'static str, String)> = Vec::new();
        for book in BOOKS.iter().filter(|book| lang.is_none_or(|lang| lang.starts_with(book.language))) {
            for found in book.phrases().find(&tokens) {
                if shown.iter().all(|(name, _)| name != found.value) {
                    shown.push((*found.value, tokens.words(found.tokens).to_owned()));
                }
            }
        }
        shown
    }
}

/// The occasions of each language, read on first use.
static BOOKS: [Occasions; CUE_LANGUAGES.len()] = [
    Occasions::unread("en"),
    Occasions::unread("de"),
    Occasions::unread("fr"),
    Occasions::unread("es"),
    Occasions::unread("it"),
];

struct Occasions {
    language: &'static str,
    phrases: OnceLock<Phrases<&'static str>>,
}

impl Occasions {
    const fn unread(language: &'static str) -> Self {
        Self { language, phrases: OnceLock::new() }
    }

    fn phrases(&self) -> &Phrases<&'static str> {
        self.phrases.get_or_init(|| {
            let mut builder = PhrasesBuilder::default();
            for row in lexicon::all_rows(self.language, "occasions") {
                if let Some(name) = OCCASIONS.into_iter().find(|known| *known == row.cell(0)) {
                    // A row that cannot be used is left out; a test holds that there is none.
                    let _unusable = builder.add(row.cell(1), name);
                }
            }
            builder.build()
        })
    }
}
