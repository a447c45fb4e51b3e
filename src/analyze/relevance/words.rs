//! Small lists of words that stand beside a name and say what it is there.

/// Words after which a name only marks a place: "next to the Migros".
pub(super) const PLACE_MARKERS: &[&str] = &[
    "neben",
    "gegenüber",
    "nähe",
    "near",
    "opposite",
    "beside",
    "behind",
    "hinter",
    "outside",
    "ecke",
    "nebenan",
    "hinterm",
    "beim",
    "corner",
    "côté",
    "face",
    "près",
    "devant",
    "derrière",
    "lado",
    "cerca",
    "enfrente",
    "frente",
    "detrás",
    "accanto",
    "vicino",
    "fronte",
    "dietro",
];

/// Markers that mean a place only where something else says so; "beim Otto" buys, "behind Spotify" stands a team.
pub(super) const WEAK_MARKERS: &[&str] = &["beim", "behind", "face", "frente", "devant", "corner", "ecke"];

/// Given names with which an English sentence may begin as well: "Will Mortons open today?".
pub(super) const ALSO_VERBS: &[&str] =
    &["will", "may", "mark", "sue", "bill", "pat", "rob", "chase", "grant", "drew", "hope", "grace", "chuck", "skip"];

/// Words after which a name is a person's.
pub(super) const TITLES: &[&str] = &[
    "mr",
    "mrs",
    "ms",
    "dr",
    "prof",
    "herr",
    "herrn",
    "frau",
    "fräulein",
    "onkel",
    "tante",
    "uncle",
    "aunt",
    "kater",
    "opa",
    "oma",
    "señor",
    "señora",
    "don",
    "doña",
    "monsieur",
    "madame",
    "signor",
    "signora",
    "zio",
    "zia",
    "tío",
    "tía",
    "oncle",
    "tatie",
    "grandpa",
    "grandma",
    "professor",
    "doktor",
    "familie",
    "coach",
    "sir",
    "lord",
    "lady",
    "bruder",
    "cousin",
    "hund",
    "kleiner",
    "kleine",
    "nachbar",
    "sohn",
];

/// Words that make the next noun any one of its kind.
pub(super) const ARTICLES: &[&str] = &[
    "a", "an", "ein", "eine", "einen", "einem", "einer", "eines", "kein", "keine", "keinen", "une", "un", "una", "uno",
    "some", "any", "every", "each", "this", "that", "these", "those", "my", "your", "his", "her", "their", "our",
    "mein", "meine", "meinen", "meinem", "meiner", "dein", "deine", "sein", "seine", "ihr", "ihre", "unser", "unsere",
    "jede", "jeder", "jedes", "jeden", "dieses", "diese", "diesen", "diesem", "dieser", "welches", "viele", "zwei",
    "drei", "two", "three", "many", "mon", "ma", "mes", "ton", "ta", "cette", "ce", "cet", "chaque", "des", "mi", "tu",
    "este", "esta", "cada", "unas", "unos", "mio", "mia", "questo", "questa", "ogni", "another", "no", "what", "beide",
];

/// Articles that say which one: in our languages a firm may have one as well.
pub(super) const THE: &[&str] = &[
    "the", "der", "die", "das", "den", "dem", "des", "le", "la", "les", "l", "el", "los", "las", "il", "lo", "i", "gli",
];

/// German prepositions with their article.
pub(super) const FUSED: &[&str] = &["zur", "zum", "im", "am", "vom", "beim", "ins", "ans"];

/// German words that end like adjectives and are none, or are said to firms.
pub(super) const NO_ADJECTIVES: &[&str] = &[
    "haben",
    "werden",
    "können",
    "müssen",
    "wollen",
    "sollen",
    "dürfen",
    "zwischen",
    "gegen",
    "wegen",
    "neben",
    "unter",
    "hinter",
    "immer",
    "wieder",
    "heute",
    "gerne",
    "liebe",
    "lieber",
    "liebes",
    "danke",
    "deutsche",
    "deutschen",
    "alles",
    "bitte",
    "leider",
    "dieses",
    "hatte",
    "wurde",
    "würde",
    "könnte",
    "macht",
    "meines",
    "seines",
    "werte",
    "blöde",
    "scheiß",
    "verdammte",
    "dämliche",
    "beschissene",
];

/// Words before a name that a firm has: one buys at it.
pub(super) const AT: &[&str] = &["bei", "chez", "from", "von", "at", "vs", "versus", "via"];

/// What stands behind a place's or thing's name, as in "Orange County".
pub(super) const LONGER: &[&str] = &[
    "county",
    "street",
    "beach",
    "valley",
    "river",
    "lake",
    "park",
    "road",
    "avenue",
    "bay",
    "hills",
    "city",
    "island",
    "mountain",
    "university",
    "college",
    "school",
    "center",
    "stadium",
    "field",
    "bridge",
    "castle",
    "church",
    "straße",
    "strasse",
    "platz",
    "allee",
    "gasse",
    "force",
    "series",
    "movie",
    "song",
    "festival",
    "award",
    "awards",
    "forest",
    "creek",
    "springs",
    "heights",
    "township",
    "museum",
    "opera",
    "theater",
    "theatre",
    "cup",
    "club",
    "fc",
    "united",
];

/// Words around a small-lettered name that make it a verb: "I google it".
pub(super) const DOERS: &[&str] =
    &["i", "we", "you", "they", "to", "ich", "wir", "du", "man", "just", "gotta", "lemme", "please", "can", "could"];
pub(super) const DONE_TO: &[&str] = &[
    "it", "that", "this", "them", "him", "her", "me", "us", "das", "es", "mal", "how", "what", "where", "why", "ihn",
    "sie",
];

/// What follows a firm's name that opens a sentence.
pub(super) const ACTS: &[&str] = &[
    "lost", "sent", "got", "had", "has", "wants", "made", "gave", "took", "told", "said", "says", "keeps", "kept",
    "forgot", "just", "finally", "never", "still", "won't", "doesn't", "didn't", "can't", "refuses", "sells", "sold",
    "let", "needs", "a", "m'a", "nous", "ne", "me", "mi", "ha", "ont", "n'a", "no", "non", "please", "shares", "stock",
];
