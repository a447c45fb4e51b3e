//! What became of a file that was handed in: sums, oddities, refused rows, and why nothing of it was taken.

use super::Language;
use crate::model::{ImportFault, ImportOddity, Refusal, RefusedRow};

/// What was taken of a file: rows read, new, changed, known, refused.
#[must_use]
pub fn import_sum(language: Language, [read, new, changed, known, refused]: [u64; 5]) -> String {
    match language {
        Language::En => {
            format!("{read} rows read: {new} new, {changed} changed, {known} known already, {refused} refused")
        }
        Language::De => {
            format!("{read} Zeilen gelesen: {new} neu, {changed} geändert, {known} schon bekannt, {refused} abgelehnt")
        }
    }
}

/// That the contents of a file were read before.
#[must_use]
pub fn import_known(language: Language) -> &'static str {
    match language {
        Language::En => "a file with the same contents was read before; nothing was done",
        Language::De => "eine Datei mit demselben Inhalt wurde schon gelesen; es war nichts zu tun",
    }
}

/// A refused row with its number and the way out.
#[must_use]
pub fn refused_row(refusal: &Refusal, language: Language) -> String {
    let row = refusal.row;
    match language {
        Language::En => format!("row {row}: {}", refusal.why),
        Language::De => format!("Zeile {row}: {}", refused_german(&refusal.why)),
    }
}

fn refused_german(why: &RefusedRow) -> String {
    match why {
        RefusedRow::NoText => "sie hat weder Text noch Titel".to_owned(),
        RefusedRow::RoundedId(id) => format!(
            "die Kennung „{id}“ hat eine Tabellenkalkulation gerundet; die Spalte vor dem Speichern als Text formatieren oder eine andere Kennung wählen"
        ),
        RefusedRow::TooManyCells { found, expected } => format!(
            "sie hat {found} Zellen, die Kopfzeile {expected}; ein Text mit dem Trennzeichen braucht Anführungszeichen"
        ),
        RefusedRow::TooManyColumns { found, limit } => {
            format!("sie hat {found} Spalten, gelesen werden höchstens {limit}; einige entfernen")
        }
        RefusedRow::TooLong { limit_bytes } => format!(
            "sie ist größer als {} KB; vielleicht ist ein Anführungszeichen nicht geschlossen",
            limit_bytes / 1024
        ),
        RefusedRow::OpenQuote => "ein Anführungszeichen wird nie geschlossen; es schließen oder verdoppeln".to_owned(),
        RefusedRow::BrokenJson(reason) => format!("sie ist kein JSON-Objekt ({reason})"),
    }
}

/// Something odd about a file.
#[must_use]
pub fn import_oddity(odd: &ImportOddity, language: Language) -> String {
    if language == Language::En {
        return odd.to_string();
    }
    match odd {
        ImportOddity::Undated(n) => format!("{n} Zeilen nennen keine Zeit; es gilt, wann sie gelesen wurden"),
        ImportOddity::UnreadDates(n) => {
            format!("{n} Zeiten waren nicht lesbar; es gilt, wann die Zeilen gelesen wurden")
        }
        ImportOddity::Ahead(n) => {
            format!("{n} Zeiten liegen in der Zukunft; es gilt, wann die Zeilen gelesen wurden")
        }
        ImportOddity::UnreadRatings(n) => format!("{n} Bewertungen waren nicht lesbar"),
        ImportOddity::ZeroedIds(n) => format!(
            "{n} lange Kennungen enden auf Nullen: vielleicht hat eine Tabellenkalkulation sie gerundet; die Spalte als Text formatieren"
        ),
        ImportOddity::Headers(n) => format!("{n} Zeilen wiederholen die Kopfzeile; sie wurden übergangen"),
        ImportOddity::Short(n) => format!("{n} Zeilen haben weniger Zellen, als es Spalten gibt"),
        ImportOddity::Joined(n) => format!(
            "{n} Zeilen haben einen Text mit dem Trennzeichen ohne Anführungszeichen; seine Teile wurden verbunden"
        ),
        ImportOddity::Empty(n) => format!("{n} Zeilen sind leer"),
        ImportOddity::Nul(n) => format!("{n} NUL-Zeichen wurden entfernt"),
        ImportOddity::Holes => {
            "einige Bytes gehören nicht zur Zeichenkodierung; an ihrer Stelle steht \u{fffd}".to_owned()
        }
        ImportOddity::OpenOrder { month_first } => format!(
            "kein Datum sagt, ob der Tag oder der Monat vorn steht; angenommen wurde der {}",
            if *month_first { "Monat" } else { "Tag" }
        ),
        ImportOddity::MixedOrder => {
            "bei einigen Daten steht der Tag vorn, bei anderen der Monat; unklare wurden wie die meisten gelesen"
                .to_owned()
        }
        ImportOddity::TextByLength(column) => {
            format!("keine Spalte heißt wie ein Text; „{column}“ hat den längsten, sonst text = \"SPALTE\" angeben")
        }
    }
}

/// Why nothing of a file was taken.
#[must_use]
pub fn import_fault(fault: &ImportFault, language: Language) -> String {
    if language == Language::En {
        return fault.to_string();
    }
    match fault {
        ImportFault::Empty => "die Datei ist leer".to_owned(),
        ImportFault::NotText { found } => {
            format!("die Datei ist kein Text ({found}); sie als CSV (UTF-8) speichern und das einlesen")
        }
        ImportFault::Encoding(label) => {
            format!(
                "die Zeichenkodierung „{label}“ ist unbekannt; zum Beispiel utf-8, utf-16 oder windows-1252 schreiben"
            )
        }
        ImportFault::Zone(zone) => format!("„{zone}“ ist keine Zeitzone; zum Beispiel Europe/Berlin schreiben"),
        ImportFault::NoColumn { field, column, columns } => {
            format!("{field} = \"{column}\": es gibt keine Spalte „{column}“; es gibt: {columns}")
        }
        ImportFault::NoTextColumn { columns } => {
            format!(
                "keine Spalte sieht wie der Text aus; mit text = \"SPALTE\" sagen, welche es ist, es gibt: {columns}"
            )
        }
        ImportFault::BrokenJson(reason) => format!("die Datei ist beschädigtes JSON: {reason}"),
        ImportFault::Io(reason) => format!("die Datei kann nicht gelesen werden: {reason}"),
        ImportFault::AllRefused(n) => format!("keine ihrer {n} Zeilen konnte übernommen werden"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_row_is_told_in_both_languages() {
        let refusal = Refusal { row: 7, why: RefusedRow::NoText };
        assert_eq!(refused_row(&refusal, Language::En), "row 7: it has neither text nor title");
        assert_eq!(refused_row(&refusal, Language::De), "Zeile 7: sie hat weder Text noch Titel");
        assert_eq!(
            import_sum(Language::De, [3, 1, 0, 1, 1]),
            "3 Zeilen gelesen: 1 neu, 0 geändert, 1 schon bekannt, 1 abgelehnt"
        );
    }
}
