//! What kinds, phases, feelings, media and the health of sources are called.

use super::Language;
use crate::model::{Kind, Medium, Phase, Sentiment, SourceHealth};

/// The kind as a label: `Wish`, `Wunsch`.
#[must_use]
pub fn kind_name(kind: Kind, language: Language) -> &'static str {
    let (en, de) = match kind {
        Kind::Wish => ("Wish", "Wunsch"),
        Kind::Moment => ("Occasion", "Anlass"),
        Kind::BrandLove => ("Fondness", "Zuneigung"),
        Kind::Advocate => ("Recommendation", "Empfehlung"),
        Kind::Recovery => ("Complaint", "Beschwerde"),
        Kind::SilentGripe => ("Anger that nobody tells you", "Ärger, den Ihnen niemand sagt"),
        Kind::Churn => ("Farewell", "Abschied"),
        Kind::Purchase => ("Thinking of buying", "Kaufüberlegung"),
        Kind::Newcomer => ("New guest", "Neuer Gast"),
        Kind::Question => ("Question", "Frage"),
        Kind::Reach => ("Wide reach", "Große Reichweite"),
    };
    pick(language, en, de)
}

/// The kind within a headline, after a name: `a complaint`, `eine Beschwerde`.
#[must_use]
pub fn kind_phrase(kind: Kind, language: Language) -> &'static str {
    let (en, de) = match kind {
        Kind::Wish => ("a wish", "ein Wunsch"),
        Kind::Moment => ("an occasion", "ein Anlass"),
        Kind::BrandLove => ("fond of you", "Ihnen zugetan"),
        Kind::Advocate => ("recommends you", "empfiehlt Sie"),
        Kind::Recovery => ("a complaint", "eine Beschwerde"),
        Kind::SilentGripe => ("angry, not to your face", "verärgert, anderswo gesagt"),
        Kind::Churn => ("is leaving", "will gehen"),
        Kind::Purchase => ("thinks of buying", "überlegt zu kaufen"),
        Kind::Newcomer => ("is new with you", "ist neu bei Ihnen"),
        Kind::Question => ("a question", "eine Frage"),
        Kind::Reach => ("heard by many", "von vielen gehört"),
    };
    pick(language, en, de)
}

/// The kind that a headline names: what somebody needs comes before how far they are heard.
#[must_use]
pub fn main_kind(kinds: &[Kind]) -> Option<Kind> {
    kinds.iter().copied().find(|kind| *kind != Kind::Reach).or_else(|| kinds.first().copied())
}

/// The phase of the customer's journey; [`Phase::None`] is "elsewhere".
#[must_use]
pub fn phase_name(phase: Phase, language: Language) -> &'static str {
    let (en, de) = match phase {
        Phase::Presales => ("Presales", "Vor dem Kauf"),
        Phase::Sales => ("Sales", "Kauf"),
        Phase::Use => ("Use", "Nutzung"),
        Phase::Aftersales => ("Aftersales", "Nach dem Kauf"),
        Phase::None => ("No phase", "Keine Phase"),
    };
    pick(language, en, de)
}

/// The feeling with its sign, so that color is never the only difference: `+ positive`.
#[must_use]
pub fn feeling_name(sentiment: Sentiment, language: Language) -> &'static str {
    let (en, de) = match sentiment {
        Sentiment::Positive => ("+ positive", "+ positiv"),
        Sentiment::Neutral => ("○ neutral", "○ neutral"),
        Sentiment::Negative => ("− negative", "− negativ"),
        Sentiment::Mixed => ("± mixed", "± gemischt"),
    };
    pick(language, en, de)
}

/// Where something was said.
#[must_use]
pub fn medium_name(medium: Medium, language: Language) -> &'static str {
    let (en, de) = match medium {
        Medium::Tweet => ("X", "X"),
        Medium::Post => ("post", "Beitrag"),
        Medium::Comment => ("comment", "Kommentar"),
        Medium::Review => ("review", "Bewertung"),
        Medium::Blog => ("blog", "Blog"),
        Medium::Forum => ("forum", "Forum"),
        Medium::News => ("news", "Nachrichten"),
        Medium::Web => ("web page", "Webseite"),
        Medium::Video => ("video", "Video"),
        Medium::Mail => ("mail", "Mail"),
        Medium::Facebook => ("Facebook", "Facebook"),
    };
    pick(language, en, de)
}

/// How well a source can be read, said without blame.
#[must_use]
pub fn health_name(health: SourceHealth, language: Language) -> &'static str {
    let (en, de) = match health {
        SourceHealth::New => ("not read yet", "noch nicht gelesen"),
        SourceHealth::Fresh => ("up to date", "auf dem neuesten Stand"),
        SourceHealth::Quiet => ("quiet longer than usual", "stiller als gewöhnlich"),
        SourceHealth::Throttled => ("throttled: it asks us to wait", "gebremst: sie bittet uns zu warten"),
        SourceHealth::Blocked => ("closed to us", "für uns geschlossen"),
        SourceHealth::NeedsAttention => ("needs one of you", "braucht jemanden von Ihnen"),
        SourceHealth::Down => ("out of reach", "nicht erreichbar"),
        SourceHealth::Broken => {
            ("answers with something we cannot read", "antwortet mit etwas, das wir nicht lesen können")
        }
        SourceHealth::Gone => ("gone for good", "dauerhaft fort"),
    };
    pick(language, en, de)
}

/// What a feeling is about. An aspect that this table lacks is shown under its own name.
#[must_use]
pub fn aspect_name(aspect: &str, language: Language) -> String {
    let german = match aspect {
        "price" => "Preis",
        "delivery" => "Lieferung",
        "staff" => "Personal",
        "service" => "Service",
        "support" => "Hilfe",
        "quality" => "Qualität",
        "food" => "Essen",
        "room" => "Zimmer",
        "cleanliness" => "Sauberkeit",
        "app" => "App",
        "website" => "Website",
        "location" => "Lage",
        "waiting" | "wait" => "Wartezeit",
        "opening_hours" | "opening hours" => "Öffnungszeiten",
        "billing" | "payment" => "Bezahlung",
        "punctuality" => "Pünktlichkeit",
        _ => return super::one_line(&aspect.replace('_', " "), 40),
    };
    if language == Language::De { german.to_owned() } else { aspect.replace('_', " ") }
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
    fn reach_names_a_headline_only_alone() {
        assert_eq!(main_kind(&[Kind::Reach, Kind::Wish]), Some(Kind::Wish));
        assert_eq!(main_kind(&[Kind::Reach]), Some(Kind::Reach));
        assert_eq!(main_kind(&[]), None);
    }
}
