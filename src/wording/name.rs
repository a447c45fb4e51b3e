//! What kinds, phases, feelings, emotions, aspects, media, touchpoints and the health of sources are called.

use super::{Act, Language};
use crate::model::{Emotion, Kind, Medium, Phase, Sentiment, SourceHealth, Touchpoint};

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

/// Where the touch took place.
#[must_use]
pub fn touchpoint_name(touchpoint: Touchpoint, language: Language) -> &'static str {
    let (en, de) = match touchpoint {
        Touchpoint::LiveChat => ("live chat", "Chat"),
        Touchpoint::SocialPost => ("social network", "soziales Netzwerk"),
        Touchpoint::Event => ("event", "Veranstaltung"),
        Touchpoint::Advertisement => ("advertisement", "Werbung"),
        Touchpoint::Review => ("review", "Bewertung"),
        Touchpoint::Demo => ("demonstration", "Vorführung"),
        Touchpoint::Phone => ("phone", "Telefon"),
        Touchpoint::Catalogue => ("catalogue", "Katalog"),
        Touchpoint::Email => ("e-mail", "E-Mail"),
        Touchpoint::Letter => ("letter", "Brief"),
        Touchpoint::Shop => ("shop", "Laden"),
        Touchpoint::Newsletter => ("newsletter", "Newsletter"),
        Touchpoint::Survey => ("survey", "Umfrage"),
        Touchpoint::LoyaltyProgramme => ("loyalty programme", "Treueprogramm"),
        Touchpoint::Website => ("website or app", "Website oder App"),
        Touchpoint::Referral => ("referral", "Empfehlung"),
        Touchpoint::Blog => ("blog", "Blog"),
        Touchpoint::Forum => ("forum", "Forum"),
        Touchpoint::Packaging => ("packaging", "Verpackung"),
        Touchpoint::Delivery => ("delivery", "Zustellung"),
    };
    pick(language, en, de)
}

/// The emotion as a word: `anger`, `Ärger`.
#[must_use]
pub fn emotion_name(emotion: Emotion, language: Language) -> &'static str {
    let (en, de) = match emotion {
        Emotion::Joy => ("joy", "Freude"),
        Emotion::Gratitude => ("gratitude", "Dankbarkeit"),
        Emotion::Love => ("love", "Liebe"),
        Emotion::Surprise => ("surprise", "Überraschung"),
        Emotion::Hope => ("hope", "Hoffnung"),
        Emotion::Anger => ("anger", "Ärger"),
        Emotion::Disappointment => ("disappointment", "Enttäuschung"),
        Emotion::Sadness => ("sadness", "Trauer"),
        Emotion::Fear => ("fear", "Angst"),
        Emotion::Disgust => ("disgust", "Ekel"),
    };
    pick(language, en, de)
}

/// Name, English, German; the names of `lexicons/<language>/aspects.tsv`.
const ASPECTS: [(&str, &str, &str); 19] = [
    ("advertising", "brand and advertising", "Marke und Werbung"),
    ("availability", "offer and availability", "Angebot und Verfügbarkeit"),
    ("cleanliness", "cleanliness", "Sauberkeit"),
    ("comfort", "comfort", "Komfort"),
    ("contract", "contract and cancellation", "Vertrag und Kündigung"),
    ("defect", "defect and warranty", "Mangel und Garantie"),
    ("delivery", "delivery", "Lieferung"),
    ("food", "food", "Essen"),
    ("information", "information and honesty", "Auskunft und Ehrlichkeit"),
    ("loyalty", "loyalty programme", "Treueprogramm"),
    ("ordering", "ordering and payment", "Bestellung und Bezahlung"),
    ("price", "price", "Preis"),
    ("punctuality", "punctuality", "Pünktlichkeit"),
    ("quality", "product quality", "Qualität"),
    ("returns", "returns and refunds", "Rückgabe und Erstattung"),
    ("shop", "shop and opening hours", "Laden und Öffnungszeiten"),
    ("staff", "staff", "Personal"),
    ("waiting", "waiting and hotline", "Warten und Hotline"),
    ("website", "app and website", "App und Website"),
];

/// What a feeling is about. An aspect that we have no name for, of a list of the user's, is shown under its own.
#[must_use]
pub fn aspect_name(aspect: &str, language: Language) -> String {
    match ASPECTS.iter().find(|(name, ..)| *name == aspect) {
        Some((_, en, de)) => pick(language, en, de).to_owned(),
        None => super::one_line(&aspect.replace('_', " "), 40),
    }
}

fn pick(language: Language, en: &'static str, de: &'static str) -> &'static str {
    match language {
        Language::En => en,
        Language::De => de,
    }
}

/// What a link of this act says.
#[must_use]
pub fn act_name(act: Act, language: Language) -> &'static str {
    let words = language.words();
    match act {
        Act::Done => words.link_done,
        Act::Dismiss => words.link_dismiss,
        Act::OtherBrand => words.link_other_brand,
        Act::InAnHour => words.link_in_an_hour,
        Act::Tomorrow => words.link_tomorrow,
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

    #[test]
    fn every_aspect_of_our_lists_has_a_name_in_both_languages() {
        for language in crate::lexicon::LANGUAGES {
            let text = crate::lexicon::built_in(language, "aspects").expect("registered");
            for row in crate::lexicon::rows(text).filter(|row| row.cell(0) != crate::lexicon::NOTHING) {
                assert!(ASPECTS.iter().any(|(name, ..)| *name == row.cell(0)), "{language}:{}", row.line);
            }
        }
        assert!(ASPECTS.is_sorted_by(|a, b| a.0 < b.0));
        assert_eq!(aspect_name("waiting", Language::De), "Warten und Hotline");
        assert_eq!(aspect_name("room_service", Language::De), "room service");
    }
}
