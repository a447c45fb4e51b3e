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
    ("aftersales", "About what comes after the purchase", "Über das, was nach dem Kauf kommt"),
    ("anchor", "Tied to a day or an hour", "An einen Tag oder eine Stunde gebunden"),
    ("angry", "Angry words", "Zornige Worte"),
    ("beg", "Begs, or enters a contest", "Bettelt oder macht bei einem Gewinnspiel mit"),
    ("beyond.first", "A first with a story", "Ein erstes Mal mit einer Geschichte"),
    (
        "beyond.love",
        "Fondness is owed nothing, and welcomes much",
        "Zuneigung: Nichts ist geschuldet, vieles willkommen",
    ),
    ("beyond.loyal", "Let down after a long time with you", "Enttäuscht nach langer Zeit mit Ihnen"),
    ("beyond.moment", "An occasion asks for more than service", "Ein Anlass verdient mehr als Service"),
    ("beyond.story", "Praise with a story", "Lob mit einer Geschichte"),
    ("beyond.wish", "A wish beyond what is owed", "Ein Wunsch, der über das Geschuldete hinausgeht"),
    ("beyond.wit", "A complaint with wit", "Eine Beschwerde mit Witz"),
    ("brand_love", "Fond of you", "Ihnen zugetan"),
    ("care", "Asks for a person’s care", "Braucht Zuwendung"),
    ("churn", "Leaves, or says so", "Geht, oder kündigt es an"),
    ("concrete", "A concrete thing", "Eine konkrete Sache"),
    ("corrected", "Said by one of your team", "Von jemandem aus Ihrem Team gesagt"),
    ("crave", "Longs for something", "Sehnt sich nach etwas"),
    ("crowd", "About firms and crowds, not about one person", "Über Firmen und viele, nicht über einen Menschen"),
    ("deadline", "A deadline that can be met", "Eine Frist, die zu halten ist"),
    ("detail", "A detail of their own", "Eine eigene Einzelheit"),
    ("direct", "Addressed to you", "An Sie gerichtet"),
    ("door", "The tone lets a gesture in", "Der Ton lässt eine Geste zu"),
    ("door.churn", "Is about to leave", "Ist dabei zu gehen"),
    ("door.demand", "Demanded, not wished for", "Gefordert, nicht gewünscht"),
    ("door.insult", "Insults close the door", "Beleidigungen schließen die Tür"),
    ("door.loyal", "Loyal to you", "Ihnen treu"),
    ("door.negative", "Let down by you", "Von Ihnen enttäuscht"),
    ("door.positive", "Thinks well of you", "Denkt gut von Ihnen"),
    ("door.shouting", "Shouts", "Ruft laut"),
    ("door.start", "The door is open unless something closes it", "Die Tür steht offen, wenn nichts sie schließt"),
    ("door.threat", "Threatens", "Droht"),
    ("door.warm", "Warm in tone", "Warm im Ton"),
    ("door.wit", "Said with a smile", "Mit einem Lächeln gesagt"),
    ("feast", "A feast or a celebration", "Ein Fest oder eine Feier"),
    ("feel", "How somebody feels in body or mood", "Wie sich jemand fühlt"),
    ("feeling", "The tone toward you", "Der Ton Ihnen gegenüber"),
    ("feeling.mixed", "Praise and blame in one", "Lob und Tadel in einem"),
    ("feeling.negative", "Speaks ill of you", "Spricht schlecht von Ihnen"),
    ("feeling.neutral", "Neither praise nor blame", "Weder Lob noch Tadel"),
    ("feeling.no_lexicon", "No word list for this language", "Keine Wortliste für diese Sprache"),
    ("feeling.positive", "Speaks well of you", "Spricht gut von Ihnen"),
    ("first", "A first or a last time", "Ein erstes oder letztes Mal"),
    ("gesture", "A gesture, not a thing", "Eine Geste, keine Sache"),
    ("glow", "Joy that shows", "Freude, die man sieht"),
    ("gripe", "Anger that nobody tells you", "Ärger, den Ihnen niemand sagt"),
    ("harm", "A gift would do harm", "Ein Geschenk würde schaden"),
    ("harm.care", "Needs a person, not a gift", "Braucht einen Menschen, kein Geschenk"),
    ("harm.contest", "Takes part in a contest", "Macht bei einem Gewinnspiel mit"),
    ("harm.late", "It is too late", "Es ist zu spät"),
    ("harm.minor", "Written by a minor", "Von einem Kind oder Jugendlichen"),
    ("harm.politics", "It is about politics", "Es geht um Politik"),
    ("harm.threat", "Threatens with the law", "Droht mit dem Recht"),
    ("harsh", "Harsh words", "Harte Worte"),
    ("hate", "Hatred", "Hass"),
    ("headline", "Reads like a headline", "Liest sich wie eine Schlagzeile"),
    ("hook", "How particular it is to this person", "Wie eigen es für diesen Menschen ist"),
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
    ("house", "Sounds like a firm’s own answer", "Klingt wie die Antwort einer Firma"),
    ("indirect", "Said elsewhere, not to you", "Anderswo gesagt, nicht zu Ihnen"),
    ("joke", "Said with a smile", "Mit einem Lächeln gesagt"),
    ("kind", "What kind of opportunity it is", "Welche Art Gelegenheit es ist"),
    ("kind.none", "No kind of opportunity", "Keine Art von Gelegenheit"),
    ("kindness", "Tells of somebody’s kindness", "Erzählt von jemandes Freundlichkeit"),
    ("large", "Too large for a gesture", "Zu groß für eine Geste"),
    ("love", "Fond of you", "Ihnen zugetan"),
    ("loyal", "Loyal to you", "Ihnen treu"),
    ("minor", "Written by a minor", "Von einem Kind oder Jugendlichen"),
    ("moment", "An occasion in somebody’s life", "Ein Anlass im Leben"),
    ("near", "Somebody close is part of it", "Jemand Nahestehendes gehört dazu"),
    ("nearest", "A place of your own within reach", "Ein eigener Standort in Reichweite"),
    ("newcomer", "New with you", "Neu bei Ihnen"),
    ("no_surprise.closed_door", "The tone closes the door", "Der Ton schließt die Tür"),
    ("no_surprise.no_hook", "Nothing particular to this person", "Nichts, das diesem Menschen eigen ist"),
    ("no_surprise.no_kind", "Nothing that you could act on", "Nichts, worauf Sie handeln könnten"),
    ("no_surprise.owed", "Good service is what fits", "Guter Service ist, was hier passt"),
    ("none", "Chat without a touchpoint", "Geplauder ohne Berührungspunkt"),
    ("out", "Shut out", "Ausgeschlossen"),
    ("owed", "Something is owed to them", "Etwas steht noch aus"),
    ("owed.all", "Nothing beyond what is owed", "Nichts über das Geschuldete hinaus"),
    ("past_mentions", "Earlier mentions of you", "Frühere Erwähnungen von Ihnen"),
    ("place", "A place that is known", "Ein bekannter Ort"),
    ("play", "Playful", "Verspielt"),
    ("politics", "It is about politics", "Es geht um Politik"),
    ("presales", "Before a purchase", "Vor einem Kauf"),
    ("process", "The ordinary business of service", "Gewöhnlicher Kundendienst"),
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
    ("review", "Written as a review", "Als Bewertung geschrieben"),
    ("ritual", "Done again and again", "Immer wieder getan"),
    ("rueful", "Sad rather than angry", "Eher traurig als zornig"),
    ("sales", "About ordering or paying", "Über Bestellen oder Bezahlen"),
    ("sentiment", "The tone", "Der Ton"),
    ("silent_gripe", "Anger that nobody tells you", "Ärger, den Ihnen niemand sagt"),
    ("slack", "How much time is left", "Wie viel Zeit bleibt"),
    ("small_things", "Small things together", "Kleinigkeiten zusammen"),
    ("spam", "Looks like advertising", "Sieht nach Werbung aus"),
    ("spam.flood", "Posted again and again", "Wieder und wieder gepostet"),
    ("spam.learned", "Learned from your corrections", "Aus Ihren Korrekturen gelernt"),
    ("threat", "Threatens", "Droht"),
    ("token", "Something kept or collected", "Etwas, das man aufhebt oder sammelt"),
    ("treat", "A small thing one could bring", "Eine Kleinigkeit, die man bringen könnte"),
    ("trip", "On the way", "Unterwegs"),
    ("use", "About using it", "Über die Nutzung"),
    ("voice", "Somebody speaks in person", "Jemand spricht selbst"),
    ("warm", "Warm in tone", "Warm im Ton"),
    ("wish", "A concrete wish", "Ein konkreter Wunsch"),
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
