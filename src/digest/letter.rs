//! What a digest says: what needs a hand, how it feels, what is worth reading, what could not be read.

use super::window::STRETCH_LIMIT_DAYS;
use super::{DigestMail, Settings, feelings};
use crate::model::{Brand, BrandId, Card, DigestFacts, ItemId, Pain, Sentiment};
use crate::playbook;
use crate::wording::{self, Block, Letter, Reader, Row, Run, Tone, fill, one_line};
use jiff::Timestamp;

/// A longer mail is cut by Google Mail, together with what could not be read.
const MAIL_LIMIT_BYTES: usize = 102 * 1024;
/// What is shown as a rule, and where that would make the mail too long. Counts of what is left out stay true.
const BOUNDS: [Bounds; 2] = [
    Bounds { open: 10, missed: 5, care: 5, waiting: 10, top: 5, unread: 20, quote: 180 },
    Bounds { open: 5, missed: 2, care: 3, waiting: 4, top: 2, unread: 6, quote: 80 },
];
/// The longest name of a brand or source.
pub(super) const NAME_LIMIT: usize = 40;
/// How many brands the head names.
const BRANDS_NAMED: usize = 3;

/// The digest of one stretch for one reader. Time left and time waited are counted from `now`.
///
/// It opens with what needs a hand and ends with what could not be read. A day with nothing in it is one line.
#[must_use]
pub fn render(facts: &DigestFacts, settings: &Settings, now: Timestamp) -> DigestMail {
    let reader = Reader::new(&settings.language, &settings.zone);
    let [wide, narrow] = BOUNDS.map(|bounds| Page { facts, reader: &reader, now, bounds });
    let mail = wide.mail(settings);
    if mail.html.len() < MAIL_LIMIT_BYTES { mail } else { narrow.mail(settings) }
}

/// The most open and missed opportunities, care cases, waiting people, mentions and sources, and the longest quote in visible characters.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    open: usize,
    missed: usize,
    care: usize,
    waiting: usize,
    top: usize,
    pub(super) unread: usize,
    quote: usize,
}

/// One digest in the making.
pub(super) struct Page<'p> {
    pub(super) facts: &'p DigestFacts,
    pub(super) reader: &'p Reader,
    pub(super) now: Timestamp,
    pub(super) bounds: Bounds,
}

impl Page<'_> {
    fn mail(&self, settings: &Settings) -> DigestMail {
        let letter = self.letter(settings);
        let facts = self.facts;
        let cards = facts.open.iter().chain(&facts.missed).chain(&facts.waiting).chain(&facts.top);
        let mut items: Vec<ItemId> = cards.map(|card| card.item_id).collect();
        items.sort_by_key(|item| item.0);
        items.dedup();
        DigestMail { text: letter.text(), html: letter.html(), subject: letter.subject, items }
    }

    fn letter(&self, settings: &Settings) -> Letter {
        let (facts, words) = (self.facts, self.reader.language.words());
        let summary = self.summary();
        let day = self.reader.day(self.reader.date_of(facts.to));
        let is_empty = facts.open.is_empty()
            && facts.missed.is_empty()
            && facts.waiting.is_empty()
            && facts.top.is_empty()
            && facts.n_deleted == 0
            && facts.n_mentions == 0;
        let mut blocks: Vec<Block> = self.folded().into_iter().collect();
        blocks.extend(if is_empty { self.quiet() } else { self.full() });
        blocks.extend(self.still());
        blocks.extend(self.house());
        Letter {
            language: self.reader.language,
            subject: fill(words.digest_subject, &[("day", &day), ("what", &summary)]),
            preview: self.preview(),
            kicker: fill(words.digest_kicker, &[("brands", &self.brands())]),
            headline: vec![Run::plain(format!("{}.", capitalized(&summary)))],
            blocks,
            footer: self.footer(settings),
        }
    }

    /// `3 opportunities are still in time, 5 people wait for an answer`, or `a quiet day`.
    fn summary(&self) -> String {
        let (facts, language) = (self.facts, self.reader.language);
        let words = language.words();
        let n_care = count(facts.open.iter().filter(|card| is_care(card)).count());
        let n_open = count(facts.open.len()).saturating_sub(n_care);
        let counts = [
            (n_open, words.n_open),
            (n_care, words.n_care),
            (facts.n_missed, words.n_missed),
            (facts.n_waiting, words.n_waiting),
        ];
        let parts: Vec<String> = counts.iter().filter(|(n, _)| *n > 0).map(|(n, many)| many.of(*n, language)).collect();
        if !parts.is_empty() {
            return parts.join(", ");
        }
        match count(facts.unread.len()) {
            0 => words.quiet_day.to_owned(),
            n => words.n_unread.of(n, language),
        }
    }

    /// The first opportunity, else how many sources could be read.
    fn preview(&self) -> String {
        let language = self.reader.language;
        let Some(card) = self.facts.open.iter().find(|card| !is_care(card)) else { return self.coverage() };
        let line = wording::headline(card, language, ": ");
        match wording::time_left(card, language, self.now) {
            Some(left) => format!("{line}, {left}."),
            None => format!("{line}."),
        }
    }

    /// Where mornings passed without a digest: that this one stands for all of them, and how far it looks back.
    fn folded(&self) -> Option<Block> {
        let (facts, reader) = (self.facts, self.reader);
        let (language, words) = (reader.language, reader.language.words());
        let n_days = reader.date_of(facts.from).until(reader.date_of(facts.to)).ok()?.get_days();
        let days = |n: i32| words.n_days.of(u64::try_from(n).unwrap_or_default(), language);
        if n_days < 2 {
            return None;
        }
        let since = reader.moment(facts.from, facts.to);
        let mut line = fill(words.digest_folded, &[("days", &days(n_days)), ("from", &since)]);
        if n_days >= STRETCH_LIMIT_DAYS {
            line = format!("{line} {}", fill(words.digest_reach, &[("days", &days(n_days))]));
        }
        Some(Block::para(line))
    }

    fn quiet(&self) -> Vec<Block> {
        let (facts, language) = (self.facts, self.reader.language);
        let words = language.words();
        let items = words.n_items.of(facts.n_items_seen, language);
        let sources = words.n_sources.of(facts.n_sources_read, language);
        let line = if facts.n_sources_read > 0 {
            fill(words.quiet_line, &[("items", &items), ("sources", &sources)])
        } else if facts.unread.is_empty() {
            return vec![Block::para(words.no_sources)];
        } else {
            words.nothing_read.to_owned()
        };
        if facts.unread.is_empty() {
            return vec![Block::para(format!("{line} {}", self.coverage()))];
        }
        let mut blocks = vec![Block::para(line)];
        blocks.extend(self.unread());
        blocks
    }

    fn full(&self) -> Vec<Block> {
        let (facts, language) = (self.facts, self.reader.language);
        let words = language.words();
        let mut blocks = Vec::new();
        if facts.open.is_empty() && facts.missed.is_empty() && facts.n_waiting == 0 {
            let mentions = words.n_mentions.of(facts.n_mentions, language);
            let items = words.n_items.of(facts.n_items_seen, language);
            blocks.push(Block::para(fill(words.quiet_line_mentions, &[("mentions", &mentions), ("items", &items)])));
        }
        let (care, open): (Vec<Card>, Vec<Card>) = facts.open.iter().cloned().partition(is_care);
        let (n_care, n_open) = (count(care.len()), count(open.len()));
        let bounds = self.bounds;
        blocks.extend(self.listed(words.section_open, &open, bounds.open, n_open, Self::open));
        blocks.extend(self.listed(words.section_missed, &facts.missed, bounds.missed, facts.n_missed, Self::missed));
        blocks.extend(self.listed(words.section_care, &care, bounds.care, n_care, Self::care));
        blocks.extend(self.listed(
            words.section_waiting,
            &facts.waiting,
            bounds.waiting,
            facts.n_waiting,
            Self::waiting,
        ));
        if facts.n_deleted > 0 {
            blocks.push(Block::para(words.n_deleted.of(facts.n_deleted, language)));
        }
        blocks.extend(feelings::section(&facts.brands, &facts.feelings, language));
        blocks.extend(self.pains());
        let told = |card: &Card| {
            facts.open.iter().chain(&facts.missed).chain(&facts.waiting).any(|other| is_same(card, other))
        };
        let top: Vec<Card> = facts.top.iter().filter(|card| !told(card)).take(self.bounds.top).cloned().collect();
        blocks.extend(self.listed(words.section_top, &top, self.bounds.top, count(top.len()), Self::top));
        blocks.extend(self.unread());
        blocks
    }

    /// What hurt most of late, aspect by aspect.
    fn pains(&self) -> Vec<Block> {
        let (language, words) = (self.reader.language, self.reader.language.words());
        if self.facts.pains.is_empty() {
            return Vec::new();
        }
        let row = |pain: &Pain| {
            let aspect = capitalized(&wording::aspect_name(&pain.aspect, language));
            let n = format!("{} ({})", words.n_mentions.of(pain.negative, language), language.count(pain.before));
            Row::new(format!("{}, {aspect}", self.brand_name(&pain.brand)), n).toned(Tone::Bad)
        };
        let rows = self.facts.pains.iter().map(row).collect();
        vec![Block::section(words.section_pains, ""), Block::Rows(rows), Block::small(words.pains_note)]
    }

    fn listed(
        &self,
        title: &str,
        cards: &[Card],
        limit: usize,
        n_all: u64,
        told: impl Fn(&Self, &Card) -> Vec<Block>,
    ) -> Vec<Block> {
        if cards.is_empty() {
            return Vec::new();
        }
        let mut blocks = vec![Block::section(title, "")];
        blocks.extend(cards.iter().take(limit).flat_map(|card| told(self, card)));
        let n_more = n_all.saturating_sub(count(cards.len().min(limit)));
        if n_more > 0 {
            blocks.push(Block::small(self.reader.language.words().n_more.of(n_more, self.reader.language)));
        }
        blocks
    }

    fn open(&self, card: &Card) -> Vec<Block> {
        let language = self.reader.language;
        let mut head = vec![Run::strong(wording::headline(card, language, ", "))];
        if let Some(left) = wording::time_left(card, language, self.now) {
            head.extend([Run::plain(", "), Run::new(left, Tone::Accent)]);
        }
        let notes: Vec<String> = self.slack(card).into_iter().chain(self.idea(card)).collect();
        self.entry(head, card, (!notes.is_empty()).then(|| notes.join(" ")))
    }

    /// What could not be done, and why.
    fn missed(&self, card: &Card) -> Vec<Block> {
        let mut head = vec![Run::strong(wording::headline(card, self.reader.language, ", "))];
        if let Some(why) = card.why_missed(self.now) {
            let why = wording::missed_words(&why, wording::country_of(card), self.reader, self.now);
            head.extend([Run::plain(", "), Run::new(why, Tone::Bad)]);
        }
        self.entry(head, card, None)
    }

    /// Only who and what they wrote: no time that runs out, no place, no kind.
    fn care(&self, card: &Card) -> Vec<Block> {
        self.entry(vec![Run::strong(wording::who(&card.item.author, self.reader.language))], card, None)
    }

    fn waiting(&self, card: &Card) -> Vec<Block> {
        let language = self.reader.language;
        let since = card.item.published.map_or(card.seen_at, |posted| posted.at);
        let waited = language.duration(self.now.as_second() - since.as_second());
        let waiting = fill(language.words().waiting_since, &[("time", &waited)]);
        let head = vec![
            Run::strong(wording::headline(card, language, ", ")),
            Run::plain(", "),
            Run::new(waiting, Tone::Accent),
        ];
        self.entry(head, card, None)
    }

    fn top(&self, card: &Card) -> Vec<Block> {
        let language = self.reader.language;
        let sentiment = &card.mention.sentiment;
        let tone = match sentiment.label {
            Sentiment::Positive => Tone::Good,
            Sentiment::Negative => Tone::Bad,
            Sentiment::Neutral | Sentiment::Mixed => Tone::Dim,
        };
        let feeling =
            format!("{} ({})", wording::feeling_name(sentiment.label, language), language.signed(sentiment.score));
        let head =
            vec![Run::strong(wording::who(&card.item.author, language)), Run::plain(", "), Run::new(feeling, tone)];
        self.entry(head, card, None)
    }

    /// Head, words, and where they stand.
    fn entry(&self, head: Vec<Run>, card: &Card, note: Option<String>) -> Vec<Block> {
        let language = self.reader.language;
        let mut blocks = vec![Block::Para(head)];
        let runs = wording::quote(card, language, self.bounds.quote);
        if !runs.is_empty() {
            let lang = card.item.lang.as_deref().map(|lang| one_line(lang, 12));
            blocks.push(Block::Quote { runs, lang, is_hero: false });
        }
        let medium = wording::medium_name(card.item.medium, language);
        let mut foot = vec![Run::plain(format!("{}, {medium}. ", self.brand_name(&card.mention.brand)))];
        foot.extend(wording::retold(card, language).map(|retold| Run::plain(format!("{retold} "))));
        foot.extend(note.map(|note| Run::plain(format!("{note} "))));
        foot.push(wording::original(card, language));
        blocks.push(Block::Small(foot));
        blocks
    }

    /// How much slack the soonest outlet has, and whom to call there.
    fn slack(&self, card: &Card) -> Option<String> {
        let words = self.reader.language.words();
        let line = wording::slack_line(card, self.reader, self.now)?;
        let outlet = card.opportunity.as_ref()?.outlet(self.now);
        let contact = outlet.and_then(|outlet| outlet.contact.as_deref()).map(|contact| one_line(contact, NAME_LIMIT));
        Some(match contact.filter(|contact| !contact.is_empty()) {
            Some(contact) => format!("{line} {}", fill(words.preview_contact, &[("contact", &contact)])),
            None => line,
        })
    }

    /// The best gesture of the playbook.
    fn idea(&self, card: &Card) -> Option<String> {
        let language = self.reader.language;
        let ideas = playbook::of_card(card, language.tag(), self.now)?;
        let best = ideas.gestures.into_iter().find(|gesture| !gesture.is_late)?;
        Some(fill(language.words().idea, &[("what", &best.what)]))
    }

    fn brands(&self) -> String {
        let (facts, language) = (self.facts, self.reader.language);
        let own: Vec<&Brand> = facts.brands.iter().filter(|brand| !brand.competitor).collect();
        let named: Vec<String> = own.iter().take(BRANDS_NAMED).map(|brand| one_line(&brand.name, NAME_LIMIT)).collect();
        let n_more = count(own.len().saturating_sub(BRANDS_NAMED));
        let names = named.join(", ");
        if n_more == 0 { names } else { format!("{names} {}", language.words().n_more.of(n_more, language)) }
    }

    fn brand_name(&self, id: &BrandId) -> String {
        let brand = self.facts.brands.iter().find(|brand| brand.id == *id);
        one_line(brand.map_or(id.as_str(), |brand| &brand.name), NAME_LIMIT)
    }

    fn footer(&self, settings: &Settings) -> Vec<String> {
        let (facts, reader) = (self.facts, self.reader);
        let (language, words) = (reader.language, reader.language.words());
        let zone = one_line(&settings.zone, NAME_LIMIT);
        let every = fill(words.digest_every, &[("time", &language.time(settings.at)), ("zone", &zone)]);
        let span = fill(
            words.digest_span,
            &[
                ("from", &reader.moment(facts.from, facts.to)),
                ("to", &reader.moment(facts.to, facts.to)),
                ("items", &words.n_items.of(facts.n_items_seen, language)),
                ("mentions", &words.n_mentions.of(facts.n_mentions, language)),
            ],
        );
        // A preview that nobody is sent promises no daily mail and names no address.
        match settings.channel {
            Some(_) => vec![format!("{every} {span}"), words.digest_why.to_owned()],
            None => vec![span],
        }
    }
}

fn is_care(card: &Card) -> bool {
    card.opportunity.as_ref().is_some_and(|opportunity| opportunity.judgement.care)
}

fn is_same(card: &Card, other: &Card) -> bool {
    card.item_id == other.item_id && card.mention.brand == other.mention.brand
}

pub(super) fn count(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}

fn capitalized(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}
