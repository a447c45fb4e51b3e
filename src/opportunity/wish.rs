//! The thing or gesture that is wished for, in the words of the post.

use super::cues::Hit;
use super::post::Post;
use crate::text::TokenKind;
use std::ops::Range;

/// The most words that a wish is told in.
const LONGEST: usize = 10;

/// Words that end the thing: what follows is a condition or a reason.
const ENDS: &[&str] = &[
    "when", "if", "because", "since", "before", "after", "while", "until", "but", "cause", "cuz", "so", "please",
    "pls", "plz", "wenn", "falls", "weil", "bevor", "nachdem", "während", "bis", "aber", "sobald", "denn", "dass",
    "bitte", "quand", "si", "parce", "mais", "cuando", "porque", "pero", "quando", "perché", "would", "wäre", "serait",
    "sería", "sarebbe",
];

/// Words that the thing does not begin with.
const LEADS: &[&str] = &[
    "me", "us", "for", "of", "to", "about", "you", "get", "have", "bring", "send", "give", "want", "need", "see",
    "that", "some", "of", "maybe", "just", "really", "mir", "uns", "von", "auf", "mal", "doch", "gern", "gerne",
    "jetzt", "so", "nur", "einfach", "endlich", "auch", "ihr", "bitte", "ich", "wir", "i", "we", "had", "is", "are",
    "nach", "de", "d'", "que", "nous", "moi", "me", "tener", "di", "there", "were", "was", "be", "it", "could", "can",
    "on", "haben", "over", "noch",
];

/// The thing that `post` wishes for; `None` where the cue names none.
pub(super) fn thing(post: &Post<'_>) -> Option<String> {
    let hit = post.hits.best("wish")?;
    let range = if hit.cue.thing_before { before(post, hit) } else { after(post, hit) };
    let words = post.tokens().words(trim(post, range)).trim();
    (!words.is_empty()).then(|| words.to_owned())
}

fn is_end(post: &Post<'_>, at: usize) -> bool {
    let tokens = post.tokens();
    let kind = tokens.kind(at);
    let is_mark = kind == Some(TokenKind::Punctuation) && !matches!(tokens.folded(at), "-" | "'" | "\"" | "&" | "+");
    let is_sign =
        matches!(kind, Some(TokenKind::Link | TokenKind::Handle | TokenKind::Emoji | TokenKind::Emoticon) | None);
    tokens.ends_sentence(at) || is_mark || is_sign || ENDS.contains(&tokens.folded(at))
}

/// From the first word of the cue that belongs to the thing ("settle for *that*") to the clause's end.
fn after(post: &Post<'_>, hit: &Hit<'_>) -> Range<usize> {
    let tokens = post.tokens();
    let is_cue = |at: &usize| CUE_WORDS.contains(&tokens.folded(*at)) || LEADS.contains(&tokens.folded(*at));
    let last_cue = hit.tokens.clone().rev().find(|at| is_cue(at) || tokens.kind(*at) != Some(TokenKind::Word));
    let start = last_cue.map_or(hit.tokens.start, |at| at + 1);
    let end = (start..tokens.len()).find(|at| is_end(post, *at)).unwrap_or(tokens.len());
    // "meet me at the airport with a porterhouse": the thing comes with "with".
    let with = (start..end).find(|at| matches!(tokens.folded(*at), "with" | "mit" | "avec" | "con"));
    let start = with.filter(|_| starts_with_place(tokens.folded(start))).map_or(start, |with| with + 1);
    start..end.min(start + LONGEST)
}

/// Words of cues that ask for a thing and are no part of it.
const CUE_WORDS: &[&str] = &[
    "can",
    "could",
    "would",
    "will",
    "please",
    "pls",
    "plz",
    "i'd",
    "we'd",
    "i'll",
    "meet",
    "settle",
    "take",
    "kill",
    "die",
    "love",
    "like",
    "wish",
    "wished",
    "hope",
    "hopes",
    "hoping",
    "hopefully",
    "only",
    "dream",
    "dreaming",
    "craving",
    "crave",
    "anything",
    "give",
    "murder",
    "go",
    "use",
    "back",
    "add",
    "they",
    "he",
    "she",
    "if",
    "all",
    "where",
    "anyone",
    "someone",
    "somebody",
    "make",
    "when",
    "open",
    "come",
    "fly",
    "how",
    "what",
    "about",
    "thoughts",
    "perhaps",
    "do",
    "making",
    "giving",
    "wanted",
    "wanna",
    "ask",
    "u",
    "gimme",
    "hey",
    "any",
    "chance",
    "needs",
    "must",
    "should",
    "even",
    "also",
    "help",
    "with",
    "let",
    "next",
    "one",
    "day",
    "könnt",
    "könntet",
    "kannst",
    "könnte",
    "würde",
    "würd",
    "hätte",
    "hätt",
    "möchte",
    "will",
    "wünsche",
    "wünschte",
    "wäre",
    "träume",
    "traum",
    "brauche",
    "bräuchte",
    "lust",
    "bock",
    "appetit",
    "vielleicht",
    "wie",
    "irgendwann",
    "lieber",
    "gehn",
    "wollen",
    "bringt",
    "bring",
    "schickt",
    "schick",
    "gebt",
    "gib",
    "macht",
    "nen",
    "man",
    "es",
    "dass",
    "der",
    "warum",
    "wann",
    "gibt",
    "auch",
    "zu",
    "rêve",
    "rêver",
    "aimerais",
    "j'aimerais",
    "voudrais",
    "obtenir",
    "d'un",
    "d'une",
    "pourriez",
    "pouvez",
    "vous",
    "faudra",
    "faire",
    "me",
    "envie",
    "ojalá",
    "ojala",
    "quiero",
    "quisiera",
    "regalen",
    "traigan",
    "me",
    "vorrei",
    "magari",
    "potete",
    "sogno",
    "voglio",
    "seulement",
    "si",
    "serait",
    "manque",
    "juste",
];

fn starts_with_place(word: &str) -> bool {
    matches!(word, "at" | "in" | "on" | "me" | "us" | "am" | "im" | "mich" | "uns" | "near" | "à" | "en")
}

/// From the clause's beginning to the cue.
fn before(post: &Post<'_>, hit: &Hit<'_>) -> Range<usize> {
    let end = hit.tokens.start;
    let start = (0..end).rev().find(|at| is_end(post, *at)).map_or(0, |at| at + 1);
    start.max(end.saturating_sub(LONGEST))..end
}

fn trim(post: &Post<'_>, range: Range<usize>) -> Range<usize> {
    let tokens = post.tokens();
    let start = range.clone().find(|at| !LEADS.contains(&tokens.folded(*at))).unwrap_or(range.end);
    start..range.end
}
