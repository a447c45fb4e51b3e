//! What the efforts, costs and conditions of a playbook are called.

use super::{Language, kind_name};
use crate::model::{Cost, Effort, Kind};

/// Each condition of a playbook: its name, and what it is called.
const CONDITIONS: &[(&str, &str, &str)] = &[
    ("accident", "an accident or danger", "ein Unglück oder Gefahr"),
    ("angry", "anger", "Ärger"),
    ("anniversary", "an anniversary", "ein Jahrestag"),
    ("baby", "a new baby", "ein Baby"),
    ("birthday", "a birthday", "ein Geburtstag"),
    ("broken", "something went wrong", "etwas ging schief"),
    ("child", "a child", "ein Kind"),
    ("deadline", "a deadline ahead", "eine Frist"),
    ("direct", "said to you", "an Sie gerichtet"),
    ("exam", "an exam", "eine Prüfung"),
    ("far", "far from home", "fern der Heimat"),
    ("farewell", "a farewell", "ein Abschied"),
    ("first_time", "a first time", "ein erstes Mal"),
    ("food", "food or drink", "Essen oder Trinken"),
    ("grief", "grief", "Trauer"),
    ("illness", "illness", "Krankheit"),
    ("late", "the moment has passed", "der Moment ist vorbei"),
    ("lost_thing", "a lost thing", "etwas Verlorenes"),
    ("loyal", "loyalty", "Treue"),
    ("new_home", "a new home", "ein neues Zuhause"),
    ("new_job", "a new job", "eine neue Arbeit"),
    ("old_thing", "an old thing still in use", "ein altes Stück im Dienst"),
    ("outlet", "a place of yours nearby", "ein eigener Standort in der Nähe"),
    ("overheard", "overheard", "mitgehört"),
    ("place", "a place", "ein Ort"),
    ("reach", "heard by many", "von vielen gehört"),
    ("retirement", "retirement", "Ruhestand"),
    ("staff", "one of your people", "jemand von Ihnen"),
    ("stranded", "stranded", "gestrandet"),
    ("travel", "a journey", "eine Reise"),
    ("wedding", "a wedding", "eine Hochzeit"),
];

/// What a kind or a condition is called, by which a play was chosen; its bare name where it has none.
#[must_use]
pub fn because_name(name: &str, language: Language) -> String {
    let condition = CONDITIONS.iter().find(|(known, ..)| *known == name).map(|(_, en, de)| pick(language, en, de));
    let kind = || Kind::from_name(name).map(|kind| kind_name(kind, language));
    condition.or_else(kind).unwrap_or(name).to_owned()
}

/// How long a gesture takes, and what it costs: `hours, small cost`.
#[must_use]
pub fn effort_and_cost(effort: Effort, cost: Cost, language: Language) -> String {
    let effort = match effort {
        Effort::Minutes => pick(language, "minutes", "Minuten"),
        Effort::Hours => pick(language, "hours", "Stunden"),
        Effort::Days => pick(language, "days", "Tage"),
    };
    let cost = match cost {
        Cost::None => pick(language, "no cost", "keine Kosten"),
        Cost::Small => pick(language, "small cost", "kleine Kosten"),
        Cost::Medium => pick(language, "medium cost", "mittlere Kosten"),
    };
    format!("{effort}, {cost}")
}

/// What a language of playbooks is called; its tag where it has no name here.
#[must_use]
pub fn language_name(tag: &str, language: Language) -> &str {
    match tag {
        "de" => pick(language, "German", "Deutsch"),
        "en" => pick(language, "English", "Englisch"),
        "fr" => pick(language, "French", "Französisch"),
        "es" => pick(language, "Spanish", "Spanisch"),
        "it" => pick(language, "Italian", "Italienisch"),
        other => other,
    }
}

fn pick(language: Language, en: &'static str, de: &'static str) -> &'static str {
    match language {
        Language::En => en,
        Language::De => de,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_and_conditions_have_names() {
        assert_eq!(because_name("lost_thing", Language::De), "etwas Verlorenes");
        assert_eq!(because_name("wish", Language::De), kind_name(Kind::Wish, Language::De));
        assert_eq!(because_name("unheard_of", Language::En), "unheard_of");
    }
}
