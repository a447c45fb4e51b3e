//! The names that dates are written with: months in a dozen languages, zones by their letters.

use crate::text::fold_to_string;
use jiff::tz::Offset;

/// The beginnings of the names of the twelve months, folded: a word is a month if it begins with one of them and is
/// not longer than a month's name. Longer beginnings stand before shorter ones of another month.
const MONTHS: [(i8, &[&str]); 12] = [
    (1, &["jan", "jän", "ene", "gen", "ιαν", "янв", "stycz", "ocak"]),
    (2, &["feb", "fév", "fev", "φεβ", "фев", "luteg", "şubat"]),
    (3, &["mar", "mär", "maer", "mrz", "már", "μαρ", "μάρ", "мар", "mrt", "maart"]),
    (4, &["apr", "avr", "abr", "ápr", "απρ", "апр", "kwie", "nisan"]),
    (5, &["may", "mai", "mag", "máj", "μαι", "μαϊ", "μάι", "μάϊ", "май", "мая", "maj", "mei", "mayıs"]),
    (6, &["jun", "juin", "giu", "jún", "ιουν", "ιούν", "июн", "czerw", "haziran"]),
    (7, &["jul", "juil", "lug", "júl", "ιουλ", "ιούλ", "июл", "lipc", "lipiec", "temmuz"]),
    (8, &["aug", "aoû", "aou", "ago", "αυγ", "αύγ", "авг", "sierp", "ağustos"]),
    (9, &["sep", "set", "szept", "σεπ", "σεπτ", "сен", "wrze", "eylül"]),
    (10, &["oct", "okt", "ott", "οκτ", "окт", "paźdz", "paździ", "outubro", "ekim"]),
    (11, &["nov", "νοε", "νοέ", "ноя", "listopad", "kasım"]),
    (12, &["dec", "dez", "déc", "dic", "δεκ", "дек", "grud", "aralık"]),
];

/// "septiembre" and "szeptember" are the longest.
const LONGEST_MONTH_LETTERS: usize = 11;

/// Words that begin like a month and are none.
const NO_MONTHS: &[&str] = &["martes", "mardi", "martedì", "marted", "general", "generale"];

/// The month that `word` names, from 1.
pub(super) fn month_of(word: &str) -> Option<i8> {
    let folded = fold_to_string(word);
    if folded.chars().count() > LONGEST_MONTH_LETTERS || NO_MONTHS.contains(&folded.as_str()) {
        return None;
    }
    let is_one = |stems: &[&str]| stems.iter().any(|stem| folded.starts_with(stem));
    MONTHS.iter().find(|(_, stems)| is_one(stems)).map(|(month, _)| *month)
}

/// `AM` and its like.
pub(super) fn is_morning_word(word: &str) -> bool {
    word.eq_ignore_ascii_case("am") || word == "오전"
}

/// `PM` and its like.
pub(super) fn is_evening_word(word: &str) -> bool {
    word.eq_ignore_ascii_case("pm") || word == "오후"
}

/// Zones by their letters, in minutes east of UTC. Where two zones share letters, the one more often seen in feeds.
const ZONES: &[(&str, i32)] = &[
    ("z", 0),
    ("ut", 0),
    ("utc", 0),
    ("gmt", 0),
    ("wet", 0),
    ("west", 60),
    ("bst", 60),
    ("cet", 60),
    ("mez", 60),
    ("met", 60),
    ("mewz", 60),
    ("cest", 120),
    ("mesz", 120),
    ("mest", 120),
    ("eet", 120),
    ("oez", 120),
    ("sast", 120),
    ("eest", 180),
    ("oesz", 180),
    ("msk", 180),
    ("trt", 180),
    ("gst", 240),
    ("pkt", 300),
    ("ist", 330),
    ("npt", 345),
    ("ict", 420),
    ("wib", 420),
    ("hkt", 480),
    ("sgt", 480),
    ("awst", 480),
    ("pht", 480),
    ("jst", 540),
    ("kst", 540),
    ("acst", 570),
    ("acdt", 630),
    ("aest", 600),
    ("aedt", 660),
    ("nzst", 720),
    ("nzdt", 780),
    ("hst", -600),
    ("akst", -540),
    ("akdt", -480),
    ("pst", -480),
    ("pdt", -420),
    ("mst", -420),
    ("mdt", -360),
    ("cst", -360),
    ("cdt", -300),
    ("est", -300),
    ("edt", -240),
    ("ast", -240),
    ("adt", -180),
    ("nst", -210),
    ("ndt", -150),
    ("brt", -180),
    ("brst", -120),
    ("art", -180),
    ("clt", -240),
    ("cot", -300),
    ("pet", -300),
    ("et", -300),
    ("ct", -360),
    ("mt", -420),
    ("pt", -480),
];

/// The offset of the zone that `letters` name. A military letter means nothing certain, hence UTC (RFC 2822, 4.3).
pub(super) fn offset_of(letters: &str) -> Option<Offset> {
    if letters.len() == 1 && letters.chars().all(|c| c.is_ascii_uppercase() && c != 'T') {
        return Some(Offset::UTC);
    }
    // "at" is a word as well.
    if letters == "AT" {
        return Offset::from_seconds(-4 * 3600).ok();
    }
    let (_, minutes) = ZONES.iter().find(|(name, _)| name.eq_ignore_ascii_case(letters))?;
    Offset::from_seconds(minutes * 60).ok()
}
