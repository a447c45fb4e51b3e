//! Places of one name, so that a person can tell which one is meant.

use super::{Language, clean::one_line, fill};
use crate::gazetteer;
use crate::model::Place;

/// The most visible characters of one candidate.
const NAME_LIMIT: usize = 40;

/// `said`, and between which places it stays open: "Springfield (which one? Illinois, Missouri, Massachusetts)".
///
/// Each candidate is told by what sets it apart: its longer name, its state, or its country. Without candidates `said` alone.
#[must_use]
pub fn which_one(said: &str, candidates: &[Place], language: Language) -> String {
    if candidates.len() < 2 {
        return said.to_owned();
    }
    let told: Vec<String> = candidates.iter().map(|place| apart(place, candidates, language)).collect();
    fill(language.words().place_which, &[("place", said), ("candidates", &told.join(", "))])
}

/// What sets `place` apart from the others.
fn apart(place: &Place, candidates: &[Place], language: Language) -> String {
    let others = || candidates.iter().filter(|other| *other != place);
    if others().all(|other| other.name != place.name && other.country == place.country) {
        return one_line(&place.name, NAME_LIMIT);
    }
    let is_state = place.country == "US" || others().any(|other| other.country == place.country);
    let state = gazetteer::state_name(&place.country, &place.region).map(str::to_owned);
    let state = state.or_else(|| (!place.region.is_empty()).then(|| place.region.clone())).filter(|_| is_state);
    state.unwrap_or_else(|| country_name(&place.country, language))
}

/// The name of a country in that language; its code where we have none.
fn country_name(code: &str, language: Language) -> String {
    let named = COUNTRIES.iter().find(|(country, ..)| *country == code);
    named
        .map_or(code, |(_, en, de)| match language {
            Language::En => en,
            Language::De => de,
        })
        .to_owned()
}

/// Countries with cities whose names others have as well.
const COUNTRIES: &[(&str, &str, &str)] = &[
    ("AR", "Argentina", "Argentinien"),
    ("AT", "Austria", "Österreich"),
    ("AU", "Australia", "Australien"),
    ("BE", "Belgium", "Belgien"),
    ("BR", "Brazil", "Brasilien"),
    ("CA", "Canada", "Kanada"),
    ("CH", "Switzerland", "Schweiz"),
    ("CL", "Chile", "Chile"),
    ("CO", "Colombia", "Kolumbien"),
    ("CR", "Costa Rica", "Costa Rica"),
    ("CU", "Cuba", "Kuba"),
    ("DE", "Germany", "Deutschland"),
    ("DO", "Dominican Republic", "Dominikanische Republik"),
    ("EC", "Ecuador", "Ecuador"),
    ("ES", "Spain", "Spanien"),
    ("FR", "France", "Frankreich"),
    ("GB", "United Kingdom", "Großbritannien"),
    ("IE", "Ireland", "Irland"),
    ("IN", "India", "Indien"),
    ("IT", "Italy", "Italien"),
    ("JM", "Jamaica", "Jamaika"),
    ("MX", "Mexico", "Mexiko"),
    ("NI", "Nicaragua", "Nicaragua"),
    ("NL", "Netherlands", "Niederlande"),
    ("NZ", "New Zealand", "Neuseeland"),
    ("PE", "Peru", "Peru"),
    ("PH", "Philippines", "Philippinen"),
    ("PL", "Poland", "Polen"),
    ("PT", "Portugal", "Portugal"),
    ("US", "United States", "USA"),
    ("VE", "Venezuela", "Venezuela"),
    ("ZA", "South Africa", "Südafrika"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Coordinates;

    fn place(name: &str, country: &str, region: &str) -> Place {
        let at = Coordinates { lat: 0.0, lon: 0.0 };
        Place { name: name.to_owned(), country: country.to_owned(), region: region.to_owned(), at, zone: None }
    }

    #[test]
    fn candidates_are_told_by_what_sets_them_apart() {
        let springfields = ["IL", "MO", "MA"].map(|state| place("Springfield", "US", state));
        assert_eq!(
            which_one("Springfield", &springfields, Language::En),
            "Springfield (which one? Illinois, Missouri, Massachusetts)"
        );
        let josés = [place("San José", "CR", ""), place("San Jose", "US", "CA")];
        assert_eq!(which_one("San José", &josés, Language::De), "San José (welcher Ort? Costa Rica, California)");
        let valencias = [place("Valencia", "ES", ""), place("Valencia", "VE", "")];
        assert_eq!(which_one("Valencia", &valencias, Language::De), "Valencia (welcher Ort? Spanien, Venezuela)");
        let towns = [place("Neustadt an der Weinstraße", "DE", "RP"), place("Neustadt am Rübenberge", "DE", "NI")];
        assert_eq!(
            which_one("Neustadt", &towns, Language::En),
            "Neustadt (which one? Neustadt an der Weinstraße, Neustadt am Rübenberge)"
        );
        assert_eq!(which_one("Newark", &[], Language::En), "Newark");
    }
}
