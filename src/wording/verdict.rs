//! Why something was told or not, and why an item was not kept, in plain words.

use super::Language;
use crate::model::{ItemState, PassReason, Proof, VerdictReason};

/// Why a route sent a notice or held it back, to stand behind a colon.
#[must_use]
pub fn verdict_words(reason: VerdictReason, language: Language) -> &'static str {
    let (en, de) = match reason {
        VerdictReason::NewOpportunity => ("it is a new opportunity", "es ist eine neue Gelegenheit"),
        VerdictReason::SourceChanged => ("a source turned bad, or good again", "eine Quelle fiel aus oder geht wieder"),
        VerdictReason::HouseChanged => {
            ("something of our own stopped or began to work", "etwas von uns selbst fiel aus oder geht wieder")
        }
        VerdictReason::DeadlineAhead => (
            "it is of the first reading of its source, or old, but its deadline lies ahead",
            "es stammt vom ersten Lesen der Quelle oder ist alt, aber die Frist läuft noch",
        ),
        VerdictReason::Backlog => (
            "it is of the first reading of its source, or older than `alert_max_age`, and no deadline lies ahead",
            "es stammt vom ersten Lesen der Quelle oder ist älter als `alert_max_age`, und keine Frist läuft noch",
        ),
        VerdictReason::Competitor => {
            ("the brand is watched as a competitor", "die Marke wird als Wettbewerber beobachtet")
        }
        VerdictReason::BelowScore => {
            ("its score is below the route's `min_score`", "die Punktzahl liegt unter `min_score` der Route")
        }
        VerdictReason::Care => {
            ("it asks for a person's care, whatever its score", "es braucht Zuwendung, gleich welche Punktzahl es hat")
        }
        VerdictReason::OtherBrand => ("the route names other brands", "die Route nennt andere Marken"),
        VerdictReason::NoSurprise => {
            ("the route takes moments to surprise only", "die Route nimmt nur Gelegenheiten zu überraschen")
        }
        VerdictReason::SourcesNotAsked => {
            ("the route takes no news of sources", "die Route nimmt keine Nachrichten über Quellen")
        }
        VerdictReason::QueryNotMet => ("the route's `query` means others", "die `query` der Route meint andere"),
        VerdictReason::Turned => {
            ("it was edited after you were told of it", "es wurde geändert, nachdem es gemeldet war")
        }
        VerdictReason::NotTold => ("nobody was told of it here", "hier war niemandem davon berichtet"),
        VerdictReason::ItemGone => (
            "the item was not kept any more, or was no opportunity any more",
            "der Beitrag war nicht mehr da oder keine Gelegenheit mehr",
        ),
    };
    pick(language, en, de)
}

/// Why a card was closed, as half a sentence.
#[must_use]
pub fn closed_words(state: ItemState, language: Language) -> &'static str {
    let (en, de) = match state {
        ItemState::Hidden => ("hidden at its origin", "am Ursprung verborgen"),
        _ => ("deleted by its author at the origin", "vom Verfasser am Ursprung gelöscht"),
    };
    pick(language, en, de)
}

/// How we know that an item is gone, as half a sentence.
#[must_use]
pub fn proof_words(proof: Proof, language: Language) -> &'static str {
    let (en, de) = match proof {
        Proof::Told => ("its source said that it was deleted", "die Quelle sagt, dass es gelöscht wurde"),
        Proof::AccountClosed => ("its author's account was closed", "das Konto des Verfassers wurde geschlossen"),
        Proof::Marked => {
            ("asked for it again, its service marks it as gone", "auf Nachfrage nennt der Dienst es gelöscht")
        }
        Proof::MissingAmongOthers => (
            "asked for it again, its service does not have it, while it has others",
            "auf Nachfrage hat der Dienst es nicht mehr, andere aber doch",
        ),
        Proof::MissingTwice => (
            "asked for it twice, some time apart, its service does not have it",
            "auf zweimalige Nachfrage hat der Dienst es nicht mehr",
        ),
    };
    pick(language, en, de)
}

/// Why an item was not kept, as half a sentence.
#[must_use]
pub fn pass_words(reason: PassReason, language: Language) -> &'static str {
    let (en, de) = match reason {
        PassReason::NoBrand => ("it names no watched brand", "es nennt keine beobachtete Marke"),
        PassReason::NotRelevant => (
            "it holds a name of a watched brand, but most likely another is meant",
            "es enthält den Namen einer beobachteten Marke, aber gemeint ist wohl etwas anderes",
        ),
        PassReason::OtherLanguage => (
            "it is in a language that the brand does not ask for (`languages`)",
            "es ist in einer Sprache, die die Marke nicht verlangt (`languages`)",
        ),
    };
    pick(language, en, de)
}

fn pick(language: Language, en: &'static str, de: &'static str) -> &'static str {
    match language {
        Language::En => en,
        Language::De => de,
    }
}
