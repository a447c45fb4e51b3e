//! What one sighting says: how the name is written, and what stands right beside it.

use super::case::Letters;
use super::words::{
    ACTS, ALSO_VERBS, ARTICLES, AT, CALLED, DOERS, DONE_TO, FUSED, LONGER, NO_ADJECTIVES, PLACE_MARKERS, THE, TITLES,
    TOWN, WEAK_MARKERS,
};
use super::{PLACE_MARKER, Scene, Subject, context};
use crate::analyze::Sighting;
use crate::lexicon::ordinary;
use crate::model::{EvidenceKind, Reason};
use crate::text::{TokenKind, fold_to_string};
use std::ops::Range;

/// What a name is, apart from being a brand's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    /// Nothing else that we know.
    Own,
    Family,
    Given,
    /// An ordinary word, though not in the text's language.
    Foreign,
    Ordinary,
}

pub(super) fn weigh(scene: &Scene<'_>, subject: &Subject<'_>, sighting: &Sighting) -> Vec<Reason> {
    let words = scene.tokens.text().get(sighting.span.clone()).unwrap_or("");
    let at = scene.tokens.covering(&sighting.span);
    let reason = |rule: &str, weight: f32| Reason::at(rule, words, sighting.span.clone(), weight);
    let is_in_link = scene.tokens.kind(at.start) == Some(TokenKind::Link);
    let is_product = sighting.kind == EvidenceKind::Product;
    match sighting.kind {
        EvidenceKind::Page => return vec![Reason::rule("relevance.page", 0.9)],
        EvidenceKind::Query => return Vec::new(),
        EvidenceKind::Handle => return vec![reason("relevance.handle", 0.95)],
        EvidenceKind::Domain => return vec![reason("relevance.domain", 0.85)],
        EvidenceKind::Hashtag => return vec![reason("relevance.hashtag", 0.85)],
        _ if is_in_link => return vec![reason("relevance.only_in_link", 0.3)],
        EvidenceKind::Person => return vec![reason("relevance.person", 0.55)],
        EvidenceKind::Name | EvidenceKind::Alias | EvidenceKind::Product => {}
    }
    let is_long = words.split_whitespace().nth(1).is_some();
    let class = if is_long { Class::Own } else { class_of(scene, words) };
    let mut reasons = vec![match class {
        _ if sighting.is_misspelled => reason("relevance.misspelled", 0.6),
        _ if is_product => reason("relevance.product", if class == Class::Own { 0.6 } else { 0.5 }),
        Class::Own if is_long => reason("relevance.full_name", 0.9),
        Class::Own => reason("relevance.name", 0.75),
        Class::Family => reason("relevance.family_name", 0.65),
        Class::Given => reason("relevance.given_name", 0.45),
        Class::Foreign | Class::Ordinary => reason("relevance.ordinary_word", 0.55),
    }];
    let near = Near { scene, subject, words, at, class, kind: sighting.kind };
    if is_long {
        reasons.extend(near.place());
    } else {
        reasons.extend(near.doubts());
    }
    reasons
}

fn class_of(scene: &Scene<'_>, words: &str) -> Class {
    let folded = fold_to_string(words.trim_start_matches(['#', '@']));
    // "Two apples", "Mr Morton's dog": the ending makes no other word of it.
    let stem = folded.strip_suffix("'s").or(folded.strip_suffix('s')).filter(|stem| stem.len() > 2);
    let is_any = |known: &dyn Fn(&str) -> bool| known(&folded) || stem.is_some_and(known);
    if is_any(&|word| ordinary::is_word(word, scene.lang)) {
        Class::Ordinary
    } else if is_any(&ordinary::is_given_name) {
        Class::Given
    } else if is_any(&|word| ordinary::is_word(word, None)) {
        Class::Foreign
    } else if is_any(&ordinary::is_family_name) {
        Class::Family
    } else {
        Class::Own
    }
}

/// A name of ours and its neighborhood.
struct Near<'n, 's, 'b> {
    scene: &'n Scene<'s>,
    subject: &'n Subject<'b>,
    words: &'n str,
    at: Range<usize>,
    class: Class,
    kind: EvidenceKind,
}

impl Near<'_, '_, '_> {
    /// What speaks for and against a name of one word, from the words beside it.
    fn doubts(&self) -> Vec<Reason> {
        let rules = [
            self.capitals(),
            self.article(),
            self.compound(),
            self.person(),
            self.place(),
            self.longer_name(),
            self.called_so(),
            self.town(),
            self.as_written(),
            self.common_noun(),
            self.other_meaning(),
            self.verb(),
            self.firm(),
        ];
        rules.into_iter().flatten().collect()
    }

    fn before(&self, steps: usize) -> &str {
        self.scene.before(self.at.start, steps)
    }

    fn after(&self, steps: usize) -> &str {
        self.scene.tokens.folded(self.at.end + steps - 1)
    }

    /// Whether the token at `index` is a word with a capital.
    fn is_capital(&self, index: Option<usize>) -> bool {
        let token = index.and_then(|index| self.scene.tokens.get(index));
        token.is_some_and(|token| token.kind == TokenKind::Word && token.is_capitalized)
    }

    fn is_ordinary(&self) -> bool {
        matches!(self.class, Class::Ordinary | Class::Foreign)
    }

    fn is_tag(&self) -> bool {
        matches!(self.scene.tokens.kind(self.at.start), Some(TokenKind::Hashtag | TokenKind::Handle))
    }

    fn opens_sentence(&self, index: usize) -> bool {
        let Some(before) = index.checked_sub(1) else { return true };
        self.scene.tokens.ends_sentence(before)
            || matches!(
                self.scene.tokens.kind(before),
                Some(TokenKind::Emoji | TokenKind::Emoticon | TokenKind::Handle)
            )
            || matches!(self.scene.tokens.folded(before), ":" | "\"" | "“" | "„" | "-" | "–" | "—" | "|" | "•")
    }

    fn is_german(&self) -> bool {
        self.scene.lang == Some("de")
    }

    fn capitals(&self) -> Option<Reason> {
        let brand_has_capital = self.subject.brand.name.starts_with(char::is_uppercase);
        if !self.is_ordinary() || !brand_has_capital || self.is_tag() {
            return None;
        }
        let letters = self.scene.letters;
        if self.words.starts_with(char::is_lowercase) {
            let weight = if letters == Letters::Small { -0.15 } else { -0.3 };
            return Some(Reason::rule("relevance.small_letters", weight));
        }
        // In German every noun has a capital; in the others only a name has, unless it begins the sentence.
        if self.is_german() || letters == Letters::Capitals {
            return None;
        }
        let is_shouted = self.words.chars().filter(|c| c.is_alphabetic()).count() > 1
            && self.words.chars().all(|c| !c.is_lowercase())
            && self.subject.brand.name.chars().any(char::is_lowercase);
        match () {
            () if is_shouted => Some(Reason::rule("relevance.all_capitals", -0.1)),
            () if self.opens_sentence(self.at.start) && self.acts() => None,
            () if self.opens_sentence(self.at.start) => Some(Reason::rule("relevance.opens_sentence", -0.1)),
            () if self.class == Class::Ordinary => Some(Reason::rule("relevance.capital", 0.15)),
            () => None,
        }
    }

    /// "Delta lost my bag": without an article only a firm does things.
    fn acts(&self) -> bool {
        let next = self.after(1);
        let is_out = matches!(next, "is" | "was")
            && matches!(
                self.after(2),
                "down" | "closed" | "broken" | "out" | "offline" | "useless" | "terrible" | "hiring"
            );
        is_out || ACTS.contains(&next) || self.scene.lang == Some("en") && next.len() >= 5 && next.ends_with("ed")
    }

    fn article(&self) -> Option<Reason> {
        // A word of another language with a capital is no noun of this one: "mi Seat", "meine Swatch".
        let is_borrowed = self.class == Class::Foreign
            && self.scene.lang.is_some()
            && !self.words.starts_with(char::is_lowercase)
            && self.scene.letters == Letters::Proper;
        if !self.is_ordinary() || is_borrowed {
            return None;
        }
        let (first, second) = (self.before(1), self.before(2));
        let is_any =
            ARTICLES.contains(&first) || self.is_described() && (ARTICLES.contains(&second) || first.ends_with("es"));
        // "Die schiefe Bahn": one of several, so there are others.
        let opens = self.at.start.checked_sub(1).is_some_and(|index| self.opens_sentence(index));
        let is_one = self.is_described() && opens
            || self.is_german() && self.is_described() && (THE.contains(&second) || FUSED.contains(&second));
        if is_any || is_one {
            return Some(Reason::rule("relevance.article", -0.15));
        }
        // A German noun with "the" may be anything; who knows the brand's trade hears of that, too.
        let is_the = self.is_german()
            && self.class == Class::Ordinary
            && (THE.contains(&first) || FUSED.contains(&first) || first == "als")
            && self.subject.notes.has_field()
            && !self.subject.brand.name.contains(' ');
        if is_the {
            return Some(Reason::rule("relevance.article", -0.1));
        }
        let is_inside = matches!(second, "in" | "auf" | "aus") && matches!(first, "der" | "dem" | "den" | "the");
        is_inside.then(|| Reason::rule("relevance.inside", -0.1))
    }

    /// Whether a German adjective stands right before the name.
    fn is_described(&self) -> bool {
        let word = self.before(1);
        let is_small = self
            .at
            .start
            .checked_sub(1)
            .is_some_and(|index| !self.is_capital(Some(index)) || self.opens_sentence(index));
        is_small
            && self.is_german()
            && word.len() >= 5
            && ["es", "er", "en", "em", "e"].iter().any(|end| word.ends_with(end))
            && !NO_ADJECTIVES.contains(&word)
    }

    /// "S-Bahn" is another thing than "Bahn", whatever field it is of; "Bahn-App" is not.
    fn compound(&self) -> Option<Reason> {
        let first = self.scene.tokens.kind(self.at.start.saturating_sub(2));
        let is_joined =
            self.before(1) == "-" && matches!(first, Some(TokenKind::Word | TokenKind::Number | TokenKind::Hashtag));
        let is_letter = self.is_german() && !self.is_tag() && matches!(self.before(1), "s" | "u" | "e" | "x" | "t");
        let weight = if is_joined { -0.6 } else { -0.3 };
        (self.is_ordinary() && (is_joined || is_letter)).then(|| Reason::rule("relevance.part_of_compound", weight))
    }

    fn person(&self) -> Option<Reason> {
        let has_title = TITLES.contains(&self.before(1)) || (self.before(1) == "." && TITLES.contains(&self.before(2)));
        if has_title {
            let is_name = self.class != Class::Own;
            return Some(Reason::rule("relevance.title", if is_name { -0.45 } else { -0.2 }));
        }
        if self.scene.letters == Letters::Small || !self.is_capital(Some(self.at.start)) {
            return None;
        }
        let opens = self.at.start.checked_sub(1).is_some_and(|index| self.opens_sentence(index));
        let is_verb = opens && ALSO_VERBS.contains(&self.before(1));
        let given_before =
            !is_verb && self.is_capital(self.at.start.checked_sub(1)) && ordinary::is_given_name(self.before(1));
        let family_after =
            self.class == Class::Given && self.is_capital(Some(self.at.end)) && ordinary::is_family_name(self.after(1));
        (given_before || family_after).then(|| Reason::rule("relevance.person_name", -0.45))
    }

    fn place(&self) -> Option<Reason> {
        let is_marker = |steps: &usize| {
            let word = self.before(*steps);
            PLACE_MARKERS.contains(&word)
                && (*steps <= 2 || !WEAK_MARKERS.contains(&word))
                && !matches!(word, "beim" | "behind")
                || word == "next" && *steps >= 2
        };
        [1, 2, 3].iter().any(is_marker).then(|| Reason::rule(PLACE_MARKER, -0.4))
    }

    /// Part of a longer proper name: "Los Angeles Galaxy", "Orange County".
    fn longer_name(&self) -> Option<Reason> {
        if self.scene.letters == Letters::Small || !self.is_capital(Some(self.at.start)) {
            return None;
        }
        if self.is_capital(Some(self.at.end)) && LONGER.contains(&self.after(1)) {
            return Some(Reason::rule("relevance.longer_name", -0.35));
        }
        // "Orange Is the New Black": more of a title follows, and it is nothing of the brand's.
        let goes_on = self.class == Class::Ordinary
            && !self.is_german()
            && self.scene.letters == Letters::Proper
            && self.is_capital(Some(self.at.end))
            && !self.opens_sentence(self.at.start)
            && !context::speaks_of_firm(self.subject, self.after(1));
        if goes_on {
            return Some(Reason::rule("relevance.longer_name", -0.25));
        }
        let index = self.at.start.checked_sub(1)?;
        let is_name = self.is_capital(Some(index))
            && !self.opens_sentence(index)
            && self.scene.letters == Letters::Proper
            && !THE.contains(&self.before(1))
            && !AT.contains(&self.before(1));
        // German nouns stand before names as what they are ("Autobauer Ford"), but seldom before another noun.
        let says_so = is_name
            && !matches!(self.before(1), "deutsche" | "deutschen" | "liebe")
            && (!self.is_german() || self.is_ordinary() || ordinary::is_word(self.before(1), Some("en")));
        let weight = match self.class {
            Class::Ordinary | Class::Foreign if self.is_german() => -0.4,
            Class::Ordinary | Class::Foreign | Class::Given => -0.25,
            Class::Own | Class::Family => -0.15,
        };
        says_so.then(|| Reason::rule("relevance.longer_name", weight))
    }

    /// "Avenue Leclerc", "canal de Suez", "southern Patagonia": something else is called so.
    fn called_so(&self) -> Option<Reason> {
        if !self.is_capital(Some(self.at.start)) {
            return None;
        }
        let is_linked = matches!(self.before(1), "de" | "du" | "del" | "di" | "della" | "of" | "the" | "do");
        let is_called = CALLED.contains(&self.before(1)) || is_linked && CALLED.contains(&self.before(2));
        is_called.then(|| Reason::rule("relevance.longer_name", -0.35))
    }

    /// "In Santander", "à Orange": there is a town of that name.
    fn town(&self) -> Option<Reason> {
        let is_article = matches!(self.before(1), "a" | "da") && !matches!(self.scene.lang, Some("es" | "it"));
        let is_gone_to = TOWN.contains(&self.before(1)) && !is_article && self.is_capital(Some(self.at.start));
        (is_gone_to && self.subject.notes.is_town()).then(|| Reason::rule("relevance.town", -0.3))
    }

    /// "TIM" is written as the firm writes it, "Tim" as people do.
    fn as_written(&self) -> Option<Reason> {
        let name = &self.subject.brand.name;
        let is_firm = self.class != Class::Own
            && self.words == name
            && name.chars().filter(|c| c.is_uppercase()).count() > 1
            && !name.contains(char::is_lowercase)
            && self.scene.letters == Letters::Proper;
        is_firm.then(|| Reason::rule("relevance.as_written", 0.15))
    }

    /// A small letter and an article before a word that no list has: "there is a swatch of the paint".
    fn common_noun(&self) -> Option<Reason> {
        // Other names and products are often written small, or begin so: "my iPhone", "a coke".
        let is_noun = self.kind == EvidenceKind::Name
            && matches!(self.class, Class::Own | Class::Family)
            && self.scene.letters == Letters::Proper
            && self.words.starts_with(char::is_lowercase)
            && self.subject.brand.name.starts_with(char::is_uppercase)
            && (ARTICLES.contains(&self.before(1)) || THE.contains(&self.before(1)));
        is_noun.then(|| Reason::rule("relevance.small_letters", -0.3))
    }

    /// What stands beside an ordinary word that is used as one.
    fn other_meaning(&self) -> Option<Reason> {
        let tokens = self.scene.tokens;
        let folded = fold_to_string(self.words.trim_start_matches(['#', '@']));
        let from = self.at.start.saturating_sub(3);
        let around = (from..self.at.start).chain(self.at.end..self.at.end + 3);
        let near: Vec<&str> = around.map(|index| tokens.folded(index)).filter(|word| !word.is_empty()).collect();
        let word = ordinary::neighbors(&folded).find(|neighbor| {
            near.iter().any(|word| word == neighbor || neighbor.len() >= 5 && word.starts_with(neighbor))
        })?;
        Some(Reason { words: word.to_owned(), ..Reason::rule("relevance.other_meaning", -0.35) })
    }

    fn verb(&self) -> Option<Reason> {
        let is_small =
            self.words.starts_with(char::is_lowercase) && self.subject.brand.name.starts_with(char::is_uppercase);
        let is_done = is_small && DOERS.contains(&self.before(1)) && DONE_TO.contains(&self.after(1));
        is_done.then(|| Reason::rule("relevance.verb", -0.3))
    }

    /// What only a firm has: one buys at it, it has an app.
    fn firm(&self) -> Option<Reason> {
        let is_doubtful = self.is_ordinary() || self.class == Class::Given;
        let is_name_like = !self.words.starts_with(char::is_lowercase) || self.scene.letters == Letters::Small;
        if !is_doubtful || !is_name_like {
            return None;
        }
        let is_at =
            AT.contains(&self.before(1)) || self.before(2) == "bei" && matches!(self.before(1), "der" | "dem" | "den");
        let is_owner = self.after(1) == "-" && self.is_capital(Some(self.at.end + 1));
        (is_at || is_owner).then(|| Reason::rule("relevance.as_firm", 0.15))
    }
}
