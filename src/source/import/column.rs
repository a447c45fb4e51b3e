//! Which column means what: guessed from its name in five languages, or said by a person.

use super::names::NAMES;
use crate::model::{ImportFault, ImportField};
use crate::text::plain_spelling;

/// Words that make a column somebody else's: of the firm's answer, of the file, of a device.
const OTHERS: &[&str] = &[
    "developer",
    "reply",
    "replies",
    "antwort",
    "owner",
    "reponse",
    "respuesta",
    "risposta",
    "app",
    "device",
    "version",
    "file",
    "datei",
    "internal",
    "intern",
    "millis",
    "timezone",
    "zeitzone",
    "agent",
    "store",
    "package",
];

/// Names of columns that are listed in a message.
const LISTED: usize = 30;

/// The columns of `names` by their fields: as `said`, and guessed for every field that nobody spoke of.
///
/// # Errors
/// [`ImportFault::NoColumn`] where a column is named that is not there.
pub(super) fn fields(
    names: &[String],
    said: &[(ImportField, String)],
) -> Result<Vec<(ImportField, usize)>, ImportFault> {
    let mut map = Vec::new();
    for (field, wanted) in said {
        let column = position(names, wanted).ok_or_else(|| ImportFault::NoColumn {
            field: field.as_str(),
            column: wanted.clone(),
            columns: listed(names),
        })?;
        map.push((*field, column));
    }
    let spelled: Vec<String> = names.iter().map(|name| spelled(name)).collect();
    let mut guesses: Vec<(usize, ImportField, usize)> = Vec::new();
    for (field, words) in NAMES {
        if !map.iter().any(|(taken, _)| taken == field) {
            let weigh = |(column, name): (usize, &String)| Some((weight(name, words)?, *field, column));
            guesses.extend(spelled.iter().enumerate().filter_map(weigh));
        }
    }
    guesses.sort_by_key(|(weight, _, column)| (*weight, *column));
    for (_, field, column) in guesses {
        if !map.iter().any(|(taken, at)| *taken == field || *at == column) {
            map.push((field, column));
        }
    }
    map.sort_unstable();
    Ok(map)
}

/// The names of the columns, for a message.
pub(super) fn listed(names: &[String]) -> String {
    let shown: Vec<&str> = names.iter().take(LISTED).map(String::as_str).collect();
    let more = names.len().checked_sub(LISTED).filter(|more| *more > 0);
    format!("{}{}", shown.join(", "), more.map(|more| format!(" and {more} more")).unwrap_or_default())
}

/// The column called `wanted`, however it is spelled, else the one of that number from 1.
fn position(names: &[String], wanted: &str) -> Option<usize> {
    let by_number = || wanted.parse::<usize>().ok()?.checked_sub(1).filter(|column| *column < names.len());
    let exact = names.iter().position(|name| name.trim() == wanted.trim());
    let alike = || names.iter().position(|name| spelled(name) == spelled(wanted) && !spelled(wanted).is_empty());
    exact.or_else(alike).or_else(by_number)
}

/// How well a name fits the words of a field, best first: 0 to 99 is the word itself, from 100 on it holds one.
fn weight(name: &str, words: &[&str]) -> Option<usize> {
    if let Some(rank) = words.iter().position(|word| *word == name) {
        return Some(rank.min(99));
    }
    let parts: Vec<&str> = name.split(' ').collect();
    if parts.len() > 8 || parts.iter().any(|part| OTHERS.contains(part)) {
        return None;
    }
    let is_part = |word: &&str| {
        let word: Vec<&str> = word.split(' ').collect();
        parts.windows(word.len()).any(|window| window == word.as_slice())
    };
    words.iter().position(|word| word.len() > 2 && is_part(word)).map(|rank| 100 + rank * 10 + parts.len())
}

/// Small letters without accents, words apart: `COMMENT_ID`, `commentId` and `Comment ID` are `comment id`.
fn spelled(name: &str) -> String {
    let mut apart = String::new();
    let mut was_small = false;
    for character in name.chars().take(200) {
        if was_small && character.is_uppercase() {
            apart.push(' ');
        }
        was_small = character.is_lowercase();
        apart.push(if character.is_alphanumeric() { character } else { ' ' });
    }
    plain_spelling(&apart).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The names of a header, each once: an empty one is called by its number, a repeated one gets a number.
pub(super) fn distinct<'n>(cells: impl Iterator<Item = &'n str>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for (index, cell) in cells.enumerate() {
        let name = if cell.is_empty() { (index + 1).to_string() } else { cell.to_owned() };
        let mut numbered = name.clone();
        let mut n = 1;
        while names.contains(&numbered) {
            n += 1;
            numbered = format!("{name} {n}");
        }
        names.push(numbered);
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(header: &str, expected: &str) {
        let names: Vec<String> = header.split(',').map(str::to_owned).collect();
        let fields = fields(&names, &[]).expect("nothing was said");
        let told: Vec<String> = fields.iter().map(|(field, at)| format!("{}={}", field.as_str(), names[*at])).collect();
        assert_eq!(told.join(" "), expected);
    }

    #[test]
    fn columns_are_known_in_five_languages() {
        check("Kommentar,Datum,Name,Bewertung", "text=Kommentar created_at=Datum author=Name rating=Bewertung");
        check("id,comment,date,user,likes", "id=id text=comment created_at=date author=user likes=likes");
        check(
            "Commentaire,Date de création,Auteur,Note",
            "text=Commentaire created_at=Date de création author=Auteur rating=Note",
        );
        check("Comentario,Fecha,Autor,Puntuación", "text=Comentario created_at=Fecha author=Autor rating=Puntuación");
        check("Commento,Data,Autore,Voto", "text=Commento created_at=Data author=Autore rating=Voto");
        check(
            "created_at,user.screen_name,full_text,id_str",
            "id=id_str text=full_text created_at=created_at handle=user.screen_name",
        );
        check("Notiz,Anrufer,Uhrzeit", "text=Notiz created_at=Uhrzeit author=Anrufer");
    }

    #[test]
    fn the_firm_s_own_answer_is_not_the_review() {
        check(
            "Package Name,Reviewer Language,Review Submit Date and Time,Review Submit Millis Since Epoch,Star Rating,Review Title,Review Text,Developer Reply Date and Time,Developer Reply Text,Review Link",
            "text=Review Text title=Review Title created_at=Review Submit Date and Time url=Review Link rating=Star Rating lang=Reviewer Language",
        );
    }

    #[test]
    fn what_a_person_says_goes_first_and_a_wrong_name_is_told() {
        let names: Vec<String> = ["Text", "Anmerkung", "Text 2"].map(str::to_owned).to_vec();
        let said = |column: &str| fields(&names, &[(ImportField::Text, column.to_owned())]);
        assert_eq!(said("anmerkung"), Ok(vec![(ImportField::Text, 1)]));
        assert_eq!(said("3"), Ok(vec![(ImportField::Text, 2)]));
        let error = said("Notiz").expect_err("it is not there").to_string();
        assert_eq!(error, "`text=Notiz`: there is no column `Notiz`; there are: Text, Anmerkung, Text 2");
    }

    #[test]
    fn doubled_and_empty_names_are_told_apart() {
        assert_eq!(distinct(["Datum", "", "Datum", "Datum"].into_iter()), ["Datum", "2", "Datum 2", "Datum 3"]);
    }
}
