//! What the rules behind a verdict are called when a person reads them.

use super::{Language, kind_name};
use crate::model::Kind;

/// A rule in plain words.
///
/// A rule is looked up by its whole name (`wish.can_you`), then by its family (`wish`), which may be a kind of
/// opportunity. What follows an unknown family stays readable: `queue_jump.by_phone` is "queue jump, by phone".
#[must_use]
pub fn rule_words(rule: &str, language: Language) -> String {
    let (family, rest) = rule.split_once('.').map_or((rule, ""), |(family, rest)| (family, rest));
    if let Some(words) = known(rule, language).or_else(|| known(family, language)) {
        return words.to_owned();
    }
    let family_words =
        Kind::from_name(family).map_or_else(|| readable(family), |kind| kind_name(kind, language).to_owned());
    if rest.is_empty() { family_words } else { format!("{family_words}, {}", readable(rest)) }
}

fn known(rule: &str, language: Language) -> Option<&'static str> {
    RULES.iter().find(|(name, ..)| *name == rule).map(|(_, en, de)| match language {
        Language::En => *en,
        Language::De => *de,
    })
}

fn readable(rule: &str) -> String {
    super::one_line(&rule.replace(['_', '.', ':'], " "), 60)
}

/// Rule, English, German. A rule that is missing here is shown under its own name.
const RULES: &[(&str, &str, &str)] = &[
    ("addressed", "Addressed to you", "An Sie gerichtet"),
    ("advocate", "Recommends you to others", "Empfiehlt Sie anderen"),
    ("brand_love", "Fond of you", "Ihnen zugetan"),
    ("care", "Asks for a person’s care", "Braucht Zuwendung"),
    ("churn", "Leaves, or says so", "Geht, oder kündigt es an"),
    ("concrete", "A concrete thing", "Eine konkrete Sache"),
    ("corrected", "Said by one of your team", "Von jemandem aus Ihrem Team gesagt"),
    ("deadline", "A deadline that can be met", "Eine Frist, die zu halten ist"),
    ("direct", "Addressed to you", "An Sie gerichtet"),
    ("door", "The tone lets a gesture in", "Der Ton lässt eine Geste zu"),
    ("door.demand", "Demanded, not wished for", "Gefordert, nicht gewünscht"),
    ("feeling.no_lexicon", "No word list for this language", "Keine Wortliste für diese Sprache"),
    ("gesture", "A gesture, not a thing", "Eine Geste, keine Sache"),
    ("gripe", "Anger that nobody tells you", "Ärger, den Ihnen niemand sagt"),
    ("hook.child", "A child is part of it", "Ein Kind gehört dazu"),
    ("hook.competing_names", "Other brands are named too", "Auch andere Marken sind genannt"),
    ("hook.deadline", "A moment that passes", "Ein Moment, der vergeht"),
    ("hook.detail", "A detail of their own", "Eine eigene Einzelheit"),
    ("hook.family", "Family is part of it", "Die Familie gehört dazu"),
    ("hook.gesture", "A gesture, not a thing", "Eine Geste, keine Sache"),
    ("hook.impersonal", "Little that is personal", "Wenig Persönliches"),
    ("hook.love", "Fond of you", "Ihnen zugetan"),
    ("hook.loyal", "Loyal to you", "Ihnen treu"),
    ("hook.moment", "An occasion in somebody’s life", "Ein Anlass im Leben"),
    ("hook.newcomer", "New with you", "Neu bei Ihnen"),
    ("hook.place", "A place to go to", "Ein Ort, an den man kommen kann"),
    ("hook.praise", "Praises you", "Lobt Sie"),
    ("hook.review", "Written as a review", "Als Bewertung geschrieben"),
    ("hook.ritual", "A habit of theirs", "Eine Gewohnheit"),
    ("hook.short", "Few words", "Wenige Worte"),
    ("hook.time", "A time is named", "Eine Zeit ist genannt"),
    ("hook.warm", "Warm in tone", "Warm im Ton"),
    ("hook.wish", "A concrete wish", "Ein konkreter Wunsch"),
    ("hook.wish_large", "A wish too large for a gesture", "Ein Wunsch, zu groß für eine Geste"),
    ("hook.wit", "Said with a smile", "Mit einem Lächeln gesagt"),
    ("hook.years", "Years with you", "Jahre mit Ihnen"),
    ("indirect", "Said elsewhere, not to you", "Anderswo gesagt, nicht zu Ihnen"),
    ("joke", "Said with a smile", "Mit einem Lächeln gesagt"),
    ("loyal", "Loyal to you", "Ihnen treu"),
    ("moment", "An occasion in somebody’s life", "Ein Anlass im Leben"),
    ("nearest", "A place of your own within reach", "Ein eigener Standort in Reichweite"),
    ("newcomer", "New with you", "Neu bei Ihnen"),
    ("no_kind", "Nothing that you could act on", "Nichts, worauf Sie handeln könnten"),
    ("owed", "Something is owed to them", "Etwas steht noch aus"),
    ("past_mentions", "Earlier mentions of you", "Frühere Erwähnungen von Ihnen"),
    ("place", "A place that is known", "Ein bekannter Ort"),
    ("purchase", "Thinks of buying", "Überlegt zu kaufen"),
    ("question", "A question that you can answer", "Eine Frage, die Sie beantworten können"),
    ("reach", "Heard by many", "Von vielen gehört"),
    ("recovery", "An expectation was broken", "Eine Erwartung wurde enttäuscht"),
    ("relevance", "How surely you are meant", "Wie sicher Sie gemeint sind"),
    ("relevance.all_capitals", "Shouted in capitals", "In Großbuchstaben gerufen"),
    (
        "relevance.article",
        "An article before the name, as before any word",
        "Ein Artikel vor dem Namen, wie vor jedem Wort",
    ),
    ("relevance.as_firm", "Said as of a firm: “from …”, “…-App”", "Wie von einer Firma gesagt: „bei …“, „…-App“"),
    ("relevance.as_written", "Written as you write it", "Geschrieben, wie Sie es schreiben"),
    ("relevance.author_before", "The author wrote of you before", "Der Autor hat schon früher von Ihnen geschrieben"),
    ("relevance.capital", "A capital that only names have", "Ein Großbuchstabe, wie ihn nur Namen haben"),
    ("relevance.context", "A word of `context` or `about`", "Ein Wort aus `context` oder `about`"),
    ("relevance.country", "From a country where you have places", "Aus einem Land, in dem Sie Standorte haben"),
    ("relevance.domain", "A link to your pages", "Ein Link zu Ihren Seiten"),
    ("relevance.exclude", "A phrase of `exclude` ends the matter", "Eine Wendung aus `exclude` schließt es aus"),
    ("relevance.family_name", "A name that is a family name, too", "Ein Name, der auch ein Familienname ist"),
    ("relevance.field", "A word of your field", "Ein Wort aus Ihrer Branche"),
    ("relevance.firm", "A word that is said of firms", "Ein Wort, das man von Firmen sagt"),
    ("relevance.full_name", "A name of several words", "Ein Name aus mehreren Wörtern"),
    ("relevance.given_name", "A name that is a given name, too", "Ein Name, der auch ein Vorname ist"),
    ("relevance.handle", "Your handle", "Ihr Handle"),
    ("relevance.hashtag", "Your hashtag", "Ihr Hashtag"),
    ("relevance.inside", "“In the …”, as of a thing", "„In der …“, wie von einer Sache"),
    ("relevance.longer_name", "Part of a longer name", "Teil eines längeren Namens"),
    ("relevance.misspelled", "Your name with a slip of the keyboard", "Ihr Name, vertippt"),
    ("relevance.name", "A name of one word", "Ein Name aus einem Wort"),
    ("relevance.not_context", "A word of `not_context`", "Ein Wort aus `not_context`"),
    ("relevance.only_in_link", "The name stands in a link only", "Der Name steht nur in einem Link"),
    ("relevance.opens_sentence", "The capital only opens the sentence", "Der Großbuchstabe steht nur am Satzanfang"),
    ("relevance.ordinary_word", "A name that is an ordinary word, too", "Ein Name, der auch ein gewöhnliches Wort ist"),
    ("relevance.other_country", "From a country where you have no place", "Aus einem Land ohne Standort von Ihnen"),
    (
        "relevance.other_language",
        "A language that is not in `languages`",
        "Eine Sprache, die nicht in `languages` steht",
    ),
    (
        "relevance.other_meaning",
        "A word beside it gives it another meaning",
        "Ein Wort daneben gibt ihm einen anderen Sinn",
    ),
    ("relevance.page", "On your own page, or an answer to you", "Auf Ihrer eigenen Seite, oder eine Antwort an Sie"),
    ("relevance.part_of_compound", "The name is part of another word", "Der Name ist Teil eines anderen Wortes"),
    ("relevance.person", "Somebody who stands for you", "Jemand, der für Sie steht"),
    ("relevance.person_name", "First and last name of a person", "Vor- und Nachname einer Person"),
    ("relevance.place_marker", "The name only says where", "Der Name sagt nur, wo"),
    ("relevance.product", "A thing that you sell", "Eine Sache, die Sie verkaufen"),
    ("relevance.query", "The brand’s query holds", "Die Abfrage der Marke trifft zu"),
    ("relevance.query_fails", "The brand’s query does not hold", "Die Abfrage der Marke trifft nicht zu"),
    ("relevance.small_letters", "Written with a small letter", "Kleingeschrieben"),
    ("relevance.tag", "Tagged with your hashtag", "Mit Ihrem Hashtag versehen"),
    ("relevance.thread", "An answer to what was about you", "Eine Antwort auf etwas über Sie"),
    ("relevance.title", "A title before it: a person’s name", "Eine Anrede davor: der Name einer Person"),
    ("relevance.topic", "The source is of your field", "Die Quelle ist aus Ihrer Branche"),
    ("relevance.town", "A town of that name", "Ein Ort dieses Namens"),
    ("relevance.verb", "Used as a verb", "Als Verb gebraucht"),
    ("request", "Asks you for something", "Bittet Sie um etwas"),
    ("sentiment", "The tone", "Der Ton"),
    ("silent_gripe", "Anger that nobody tells you", "Ärger, den Ihnen niemand sagt"),
    ("slack", "How much time is left", "Wie viel Zeit bleibt"),
    ("spam", "Looks like advertising", "Sieht nach Werbung aus"),
    ("spam.flood", "Posted again and again", "Wieder und wieder gepostet"),
    ("spam.learned", "Learned from your corrections", "Aus Ihren Korrekturen gelernt"),
    ("surprise", "A personal gesture would fit", "Eine persönliche Geste würde passen"),
    ("surprise_in_time", "It can be done in time", "Es ist noch rechtzeitig zu schaffen"),
    ("threat", "Threatens", "Droht"),
    ("warm", "Warm in tone", "Warm im Ton"),
    ("wish", "A concrete wish", "Ein konkreter Wunsch"),
    ("wish_slot", "It is clear what is wished for", "Klar, was gewünscht ist"),
    ("wit", "Said with a smile", "Mit einem Lächeln gesagt"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_rules_stay_readable() {
        assert_eq!(rule_words("wish.can_you", Language::En), "A concrete wish");
        assert_eq!(rule_words("direct", Language::De), "An Sie gerichtet");
        assert_eq!(rule_words("queue_jump.by_phone", Language::En), "queue jump, by phone");
        assert_eq!(rule_words("", Language::En), "");
    }

    #[test]
    fn the_table_is_in_order_and_names_each_rule_once() {
        assert!(RULES.is_sorted_by(|a, b| a.0 < b.0));
    }
}
