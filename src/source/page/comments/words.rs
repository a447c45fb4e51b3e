//! What pages write around a comment in the languages of people.

/// What a page says of a name: "sagt", "says".
pub const SAYS: &[&str] = &[
    "sagt",
    "sagte",
    "schreibt",
    "schrieb",
    "meint",
    "meinte",
    "antwortet",
    "antwortete",
    "kommentiert",
    "kommentierte",
    "hat geschrieben",
    "hat gesagt",
    "says",
    "said",
    "wrote",
    "writes",
    "commented",
    "replied",
    "responds",
    "responded",
    "said...",
    "says...",
];

/// What a page writes before a name.
pub const BEFORE_NAMES: &[&str] = &[
    "kommentar von",
    "comment by",
    "posted by",
    "written by",
    "geschrieben von",
    "verfasst von",
    "eingetragen von",
    "antwort von",
    "reply by",
    "submitted by",
    "by",
    "von",
    "autor:",
    "author:",
    "name:",
    "from",
];

/// What a page offers to do with a comment.
pub const BUTTONS: &[&str] = &[
    "reply",
    "reply to this",
    "antworten",
    "antworten auf diesen kommentar",
    "antwort schreiben",
    "permalink",
    "permanent link",
    "edit",
    "bearbeiten",
    "report",
    "report comment",
    "melden",
    "kommentar melden",
    "beitrag melden",
    "zitieren",
    "löschen",
    "delete",
    "gefällt mir",
    "link zum kommentar",
    "auf diesen kommentar antworten",
    "reply to this comment",
    "log in to reply",
    "zum antworten anmelden",
    "your comment is awaiting moderation",
    "dein kommentar wartet auf freischaltung",
    "dein kommentar muss noch freigegeben werden",
    "ihr kommentar wartet auf freischaltung",
];

/// What a page writes behind a name.
pub const BEHIND_NAMES: &[&str] = &["(not verified)", "(nicht überprüft)", "(gast)", "(guest)", "(anonym)"];
