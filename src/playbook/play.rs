//! One play, and how a playbook is read.
//!
//! In: the text of a `playbooks.toml`. Out: the plays that can be used, and each mistake with its line. Every play is
//! read for itself, so that a slip in one leaves the others as they are.

use super::condition::Condition;
use crate::model::{Cost, Effort, Kind};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The first line of each play.
const HEAD: &str = "[[play]]";
/// The most plays of one playbook.
const PLAYS_MOST: usize = 500;
/// The longest text of a play, in characters.
const TEXT_LIMIT: usize = 400;
/// The most texts and gestures of one list.
const LIST_MOST: usize = 6;
/// The keys of a play.
const KEYS: [&str; 9] = ["id", "for", "kinds", "when", "unless", "gestures", "say", "avoid", "off"];
/// The keys of a gesture.
const GESTURE_KEYS: [&str; 3] = ["do", "effort", "cost"];
/// What may be filled in.
pub(super) const PLACES_TO_FILL: [&str; 3] = ["wish", "place", "occasion"];

/// What a play is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A gesture that nobody expects.
    Surprise,
    /// An answer that is owed, and nothing extra.
    Service,
    /// A person's care, never a gift.
    Care,
}

impl Purpose {
    const ALL: [Self; 3] = [Self::Surprise, Self::Service, Self::Care];

    /// The word used in playbooks.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Surprise => "surprise",
            Self::Service => "service",
            Self::Care => "care",
        }
    }
}

/// One thing to do, as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deed {
    /// What to do.
    pub what: String,
    /// How long it takes.
    pub effort: Effort,
    /// What it costs.
    pub cost: Cost,
}

/// One play, as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Play {
    /// Its name, by which a user's play replaces ours.
    pub id: String,
    /// What it is for.
    pub purpose: Purpose,
    /// One of these must hold; none: any.
    pub kinds: Vec<Kind>,
    /// All of these must hold.
    pub when: Vec<Condition>,
    /// None of these may hold.
    pub unless: Vec<Condition>,
    /// What to do, the best first.
    pub gestures: Vec<Deed>,
    /// How to word it.
    pub say: Vec<String>,
    /// What not to do.
    pub avoid: Vec<String>,
    /// It takes the play of this name away.
    pub off: bool,
    /// It is the user's own.
    pub is_users: bool,
}

/// The plays of `text` that can be used, and what is wrong with the others: line and message, in the order of lines.
#[must_use]
pub fn read(text: &str) -> (Vec<Play>, Vec<(usize, String)>) {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let (mut plays, mut wrong): (Vec<Play>, Vec<(usize, String)>) = (Vec::new(), Vec::new());
    for (at, part) in parts(text) {
        let line = |span_start: usize| at + part.get(..span_start).unwrap_or("").matches('\n').count();
        let read = DeTable::parse(&part).map_err(|error| vec![(line_of(&error, line), error.message().to_owned())]);
        let one = read.and_then(|table| match play(table.get_ref()) {
            Ok(play) => Ok(play),
            Err(mistakes) => Err(mistakes.into_iter().map(|(start, message)| (line(start), message)).collect()),
        });
        match one {
            Ok(Some(play)) if plays.iter().any(|known| known.id == play.id) => {
                wrong.push((at, format!("`{}` stands twice; give this play an id of its own", play.id)));
            }
            Ok(Some(_)) if plays.len() >= PLAYS_MOST => {
                wrong.push((at, format!("these are more than {PLAYS_MOST} plays; take some away")));
                break;
            }
            Ok(Some(play)) => plays.push(play),
            Ok(None) => {}
            Err(mistakes) => wrong.extend(mistakes),
        }
    }
    wrong.sort_by_key(|(line, _)| *line);
    (plays, wrong)
}

fn line_of(error: &toml::de::Error, line: impl Fn(usize) -> usize) -> usize {
    line(error.span().map_or(0, |span| span.start))
}

/// What stands before the first play, and each play, with the line that it begins on, from 1.
fn parts(text: &str) -> Vec<(usize, String)> {
    let mut parts = vec![(1, String::new())];
    for (index, line) in text.lines().enumerate() {
        if line.trim_end().starts_with(HEAD) {
            parts.push((index + 1, String::new()));
        }
        if let Some((_, part)) = parts.last_mut() {
            part.push_str(line);
            part.push('\n');
        }
    }
    parts
}

/// What is wrong, each with the byte where it stands.
type Mistakes = Vec<(usize, String)>;

/// The one play of a part; `None` where it has none, as before the first.
fn play(root: &DeTable<'_>) -> Result<Option<Play>, Mistakes> {
    let mut mistakes = unknown_keys(root, &["play"], "a playbook");
    let Some((_, value)) = root.iter().find(|(key, _)| key.get_ref() == "play") else {
        return if mistakes.is_empty() { Ok(None) } else { Err(mistakes) };
    };
    let table = value.get_ref().as_array().and_then(|plays| plays.iter().next()).map(Spanned::get_ref);
    let Some(table) = table.and_then(DeValue::as_table) else {
        return Err(vec![(value.span().start, "`play` is no list of plays; begin each with [[play]]".to_owned())]);
    };
    mistakes.extend(unknown_keys(table, &KEYS, "a play"));
    let mut reader = Reader { table, at: value.span().start, mistakes };
    let play = reader.play();
    if reader.mistakes.is_empty() { Ok(Some(play)) } else { Err(reader.mistakes) }
}

fn unknown_keys(table: &DeTable<'_>, known: &[&str], whose: &str) -> Mistakes {
    let unknown = table.keys().filter(|key| !known.contains(&&**key.get_ref()));
    unknown
        .map(|key| {
            (key.span().start, format!("`{}` is no key of {whose}; the keys are {}", key.get_ref(), known.join(", ")))
        })
        .collect()
}

/// Reads the keys of one play and collects what is wrong.
struct Reader<'t, 'd> {
    table: &'t DeTable<'d>,
    at: usize,
    mistakes: Mistakes,
}

impl<'t, 'd> Reader<'t, 'd> {
    fn play(&mut self) -> Play {
        let off = self.value("off").is_some_and(|(at, value)| match value {
            DeValue::Boolean(off) => *off,
            _ => {
                self.mistakes.push((at, "`off` is true or false".to_owned()));
                false
            }
        });
        let id = self.text("id").unwrap_or_default();
        if id.is_empty() {
            self.mistakes
                .push((self.at, "the play has no `id`; write one such as id = \"birthday-regular\"".to_owned()));
        }
        let play = Play {
            id,
            purpose: if off { Purpose::Service } else { self.purpose() },
            kinds: self.named("kinds", "kind", &Kind::ALL.map(Kind::as_str), Kind::from_name),
            when: self.named("when", "condition", &Condition::names(), Condition::from_name),
            unless: self.named("unless", "condition", &Condition::names(), Condition::from_name),
            gestures: self.gestures(),
            say: self.texts("say"),
            avoid: self.texts("avoid"),
            off,
            is_users: false,
        };
        if !off {
            self.check(&play);
        }
        play
    }

    fn check(&mut self, play: &Play) {
        let id = &play.id;
        if play.gestures.is_empty() && self.table.get("gestures").is_none() {
            self.mistakes.push((self.at, format!("`{id}` has no gestures; write at least one")));
        }
        if play.kinds.is_empty() && play.purpose != Purpose::Care && self.table.get("kinds").is_none() {
            self.mistakes.push((self.at, format!("`{id}` has no kinds; write those that it is for")));
        }
        if play.purpose != Purpose::Care {
            return;
        }
        if play.gestures.iter().any(|deed| deed.cost != Cost::None) {
            self.mistakes.push((self.at, format!("`{id}` is for care and costs something; care is never a gift")));
        }
        let texts = play.gestures.iter().map(|deed| &deed.what).chain(&play.say).chain(&play.avoid);
        if texts.into_iter().any(|text| text.contains("{wish}")) {
            self.mistakes.push((self.at, format!("`{id}` is for care and speaks of a wish; leave {{wish}} out")));
        }
    }

    /// The value of `key` and where it stands.
    fn value(&self, key: &str) -> Option<(usize, &'t DeValue<'d>)> {
        self.table.get(key).map(|value| (value.span().start, value.get_ref()))
    }

    fn text(&mut self, key: &str) -> Option<String> {
        let (at, text) = self.value(key).map(|(at, value)| (at, value.as_str().map(|text| text.trim().to_owned())))?;
        if text.is_none() {
            self.mistakes.push((at, format!("`{key}` is no text; write it between quotation marks")));
        }
        text
    }

    fn purpose(&mut self) -> Purpose {
        let known = Purpose::ALL.map(Purpose::as_str).join(", ");
        let Some(named) = self.text("for") else {
            self.mistakes.push((self.at, format!("the play does not say what it is for; write for = one of {known}")));
            return Purpose::Service;
        };
        let purpose = Purpose::ALL.into_iter().find(|purpose| purpose.as_str() == named);
        purpose.unwrap_or_else(|| {
            let at = self.value("for").map_or(self.at, |(at, _)| at);
            self.mistakes.push((at, format!("`{named}` is nothing that a play is for; write one of {known}")));
            Purpose::Service
        })
    }

    /// The elements of a list, each with the place where it stands.
    fn list(&mut self, key: &str) -> Vec<(usize, &'t DeValue<'d>)> {
        let Some((at, value)) = self.value(key) else { return Vec::new() };
        match value.as_array() {
            Some(list) => list.iter().map(|one| (one.span().start, one.get_ref())).collect(),
            None => {
                self.mistakes.push((at, format!("`{key}` is no list; write it between [ and ]")));
                Vec::new()
            }
        }
    }

    /// The names of a list as what they name.
    fn named<T>(&mut self, key: &str, what: &str, known: &[&str], find: impl Fn(&str) -> Option<T>) -> Vec<T> {
        let names: Vec<(usize, String)> =
            self.list(key).iter().map(|(at, value)| (*at, value.as_str().unwrap_or("").to_owned())).collect();
        let mut found = Vec::new();
        for (at, name) in names {
            match find(&name) {
                Some(one) => found.push(one),
                None => {
                    let all = known.join(", ");
                    self.mistakes.push((at, format!("`{name}` is no {what}; the {what}s are {all}")));
                }
            }
        }
        found
    }

    fn texts(&mut self, key: &str) -> Vec<String> {
        let texts: Vec<(usize, Option<String>)> =
            self.list(key).iter().map(|(at, value)| (*at, value.as_str().map(str::to_owned))).collect();
        self.count(key, texts.len());
        texts.into_iter().filter_map(|(at, text)| self.sound(at, key, text)).collect()
    }

    fn gestures(&mut self) -> Vec<Deed> {
        let mut read = Vec::new();
        for (at, value) in self.list("gestures") {
            let Some(table) = value.as_table() else {
                read.push(Err(vec![(
                    at,
                    "a gesture is no text; write { do = \"…\", effort = \"hours\", cost = \"small\" }".to_owned(),
                )]));
                continue;
            };
            let text =
                |key: &str| table.get(key).and_then(|value| value.get_ref().as_str()).map(|t| t.trim().to_owned());
            let mut mistakes = unknown_keys(table, &GESTURE_KEYS, "a gesture");
            let effort = text("effort").as_deref().and_then(Effort::from_name);
            let cost = text("cost").as_deref().and_then(Cost::from_name);
            if effort.is_none() {
                let known = Effort::ALL.map(Effort::as_str).join(", ");
                mistakes.push((at, format!("the gesture has no effort; write effort = one of {known}")));
            }
            if cost.is_none() {
                let known = Cost::ALL.map(Cost::as_str).join(", ");
                mistakes.push((at, format!("the gesture has no cost; write cost = one of {known}")));
            }
            read.push(match (effort, cost) {
                (Some(effort), Some(cost)) if mistakes.is_empty() => Ok((at, text("do"), effort, cost)),
                _ => Err(mistakes),
            });
        }
        self.count("gestures", read.len());
        let mut deeds = Vec::new();
        for one in read {
            match one {
                Ok((at, what, effort, cost)) => {
                    deeds.extend(self.sound(at, "do", what).map(|what| Deed { what, effort, cost }));
                }
                Err(mistakes) => self.mistakes.extend(mistakes),
            }
        }
        deeds
    }

    fn count(&mut self, key: &str, n: usize) {
        if n > LIST_MOST {
            let at = self.value(key).map_or(self.at, |(at, _)| at);
            self.mistakes.push((at, format!("`{key}` holds {n}, more than {LIST_MOST}; keep the best")));
        }
    }

    /// A text of `key` that can be shown; else what is wrong with it is noted.
    fn sound(&mut self, at: usize, key: &str, text: Option<String>) -> Option<String> {
        let message = match text.as_deref().map(str::trim) {
            None => format!("`{key}` is no text; write it between quotation marks"),
            Some("") => format!("`{key}` is empty; write what is meant or leave it out"),
            Some(text) if text.chars().count() > TEXT_LIMIT => {
                format!("this text of `{key}` is longer than {TEXT_LIMIT} characters; make it shorter")
            }
            Some(text) => match places(text).find(|place| !PLACES_TO_FILL.contains(place)) {
                Some(place) => {
                    format!("`{{{place}}}` is no place to fill; the places are {{wish}}, {{place}}, {{occasion}}")
                }
                None => return Some(text.to_owned()),
            },
        };
        self.mistakes.push((at, message));
        None
    }
}

/// The names between braces.
pub(super) fn places(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
}
