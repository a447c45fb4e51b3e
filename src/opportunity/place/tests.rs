//! Which place of a post is the one to meet: the table `places.tsv`, our labelled posts, and cases one by one.

use super::*;
use proptest::prelude::*;

const TABLE: &str = include_str!("places.tsv");

fn brand(name: &str, about: &str) -> Brand {
    serde_json::from_value(serde_json::json!({ "id": "b", "name": name, "about": about })).expect("a brand")
}

/// The brand of the table.
fn acme() -> Brand {
    let place = gazetteer::find("Hackensack, NJ");
    let location = crate::model::Location {
        name: "Riverside".to_owned(),
        place,
        contact: None,
        prepares_in: None,
        hours: None,
        reach_km: None,
        zone: None,
    };
    Brand { locations: vec![location], ..brand("Acme", "restaurants") }
}

fn meeting(text: &str, lang: &str, brand: &Brand) -> Option<Meeting> {
    let tokens = Tokens::new(text);
    let posted = "2026-05-04T14:00:00Z".parse().ok();
    place(&Scene { tokens: &tokens, lang: Some(lang), brand, author: None, posted })
}

fn on_map(place: &Place) -> String {
    let region = if place.region.is_empty() { String::new() } else { format!("-{}", place.region) };
    format!("{} {}{region}", place.name, place.country)
}

/// Whether `place` is what the table says: by country, by name, by region.
fn fits(place: &Place, expected: &str) -> bool {
    let (name, land) = expected.rsplit_once(' ').map_or((None, expected), |(name, land)| (Some(name), land));
    let (country, region) = land.split_once('-').unwrap_or((land, ""));
    name.is_none_or(|name| name == place.name)
        && country == place.country
        && (region.is_empty() || region == place.region)
}

#[test]
fn the_table_of_places_holds() {
    let mut failures = Vec::new();
    let mut n_rows = 0;
    for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
        let cells: Vec<&str> = line.split('\t').collect();
        let [text, lang, words, spot] = cells.as_slice() else { panic!("four columns: {line}") };
        n_rows += 1;
        let brand = if text.contains("Acme") { acme() } else { brand("Acme", "restaurants") };
        let found = meeting(text, lang, &brand).unwrap_or_default();
        let is_said = found.words == words.trim_start_matches('-') || (found.words == "-" && *words == "-");
        let is_there = match (spot.strip_prefix('?'), &found.found) {
            (Some(open), None) => {
                let mut rest: Vec<&Place> = found.candidates.iter().collect();
                open.split("; ").all(|one| rest.iter().position(|c| fits(c, one)).map(|at| rest.remove(at)).is_some())
                    && rest.is_empty()
            }
            (Some(_), Some(_)) => false,
            (None, None) => *spot == "-" && found.candidates.is_empty(),
            (None, Some(place)) => *spot != "-" && fits(place, spot),
        };
        if !is_said || !is_there {
            let candidates: Vec<String> = found.candidates.iter().map(on_map).collect();
            let place = found.found.as_ref().map_or_else(|| candidates.join("; "), on_map);
            failures
                .push(format!("{lang}: {text}\n    expected {words} = {spot}\n    found    {} = {place}", found.words));
        }
    }
    assert!(n_rows >= 200, "{n_rows}");
    assert!(failures.is_empty(), "{} of {n_rows} rows:\n{}", failures.len(), failures.join("\n"));
}

fn check(lang: &str, brand_name: &str, text: &str, expected: Option<&str>) {
    let found = meeting(text, lang, &brand(brand_name, "")).map(|meeting| match meeting.found {
        Some(on_map) => format!("{}={}", meeting.words, on_map.name),
        None => meeting.words,
    });
    assert_eq!(found.as_deref(), expected, "{text}");
}

#[test]
fn the_guest_can_be_met_at_the_airport() {
    let text =
        "Hey @Mortons - can you meet me at newark airport with a porterhouse when I land in two hours? K, thanks. :)";
    check("en", "Morton's", text, Some("newark airport=Newark Liberty International Airport"));
}

#[test]
fn the_end_where_somebody_lands_is_meant_and_a_route_is_not() {
    check("en", "Delta", "Landing at LGA at 9, haven't eaten since breakfast", Some("LGA=La Guardia Airport"));
    check("en", "Delta", "flight JFK - SFO today was bumpy", None);
    check(
        "en",
        "Delta",
        "left my hat on flight 89 IAD to LAX. Nobody answers at LAX!",
        Some("LAX=Los Angeles International Airport"),
    );
    check("de", "Lufthansa", "Opa fliegt morgen zum ersten Mal, FRA nach Oslo", Some("FRA=Frankfurt Airport"));
    check("de", "Bahn", "Fährt der Zug Hannover - Berlin heute?", None);
}

#[test]
fn stations_and_rooms_are_meeting_places() {
    check("de", "SBB", "Wer bringt mir was an den Zürich HB?", Some("Zürich HB=Zürich"));
    check("de", "Motel One", "Weisheitszähne raus, Zimmer 512, Suppe gibt es leider nicht", Some("Zimmer 512"));
    check("en", "Delta", "Shoutout to Carla at gate B7", Some("gate B7"));
    check("de", "Bahn", "Aus dem Bf Musterstadt herausgefunden", Some("Bf Musterstadt"));
}

#[test]
fn the_brands_own_name_is_no_place() {
    check("en", "Orange", "no signal in Orange land", None);
    check("en", "Boston Market", "dinner at Boston Market", None);
}

#[test]
fn what_the_author_says_of_themself_decides_between_places_of_one_name() {
    let author = Author { bio: Some("Baker. Chicago, IL".to_owned()), ..Author::default() };
    let tokens = Tokens::new("stuck in Springfield with a wedding cake");
    let brand = brand("Acme", "");
    let scene = Scene { tokens: &tokens, lang: Some("en"), brand: &brand, author: Some(&author), posted: None };
    let found = place(&scene).and_then(|meeting| meeting.found).map(|place| place.region);
    assert_eq!(found.as_deref(), Some("IL"));
}

/// How the places of our own labelled posts are read, whatever kinds they are given: right, wrong, missed, extra.
fn tally(part: &str) -> [usize; 4] {
    let mut tally = [0; 4];
    let lively = |id: &str| id.starts_with("opp-");
    let posts = crate::opportunity::posts::posts();
    for post in posts.iter().filter(|post| post["part"] == part && post["id"].as_str().is_some_and(lively)) {
        let gold = &post["gold"];
        let told = gold["slots"]["place"].as_str();
        // A post in which nothing is to be done gives no place, whatever it says.
        if gold["kinds"].as_array().is_none_or(Vec::is_empty) && told.is_none() {
            continue;
        }
        let mut value = post["brand"].clone();
        value["id"] = "b".into();
        let brand: Brand = serde_json::from_value(value).expect("a brand");
        let said = meeting(post["text"].as_str().unwrap_or(""), post["lang"].as_str().unwrap_or("en"), &brand);
        let index = match (told, &said) {
            (None, None) => continue,
            (None, Some(_)) => 3,
            (Some(_), None) => 2,
            (Some(told), Some(said)) => usize::from(!is_same(told, &said.words)),
        };
        tally[index] += 1;
    }
    tally
}

fn is_same(told: &str, said: &str) -> bool {
    let words = |text: &str| {
        let key = gazetteer::key(text);
        key.split(' ').filter(|word| word.len() > 1).map(str::to_owned).collect::<Vec<_>>()
    };
    let (told, said) = (words(told), words(said));
    let holds = told.iter().all(|word| said.contains(word)) && said.len() <= told.len() + 3;
    holds || (said.iter().all(|word| told.contains(word)) && said.len() * 2 >= told.len())
}

#[test]
fn most_places_of_our_own_posts_are_read() {
    let [right, wrong, missed, extra] = tally("train");
    // Of the extra ones many are real, in posts whose labels give no place to praise.
    assert!(
        right >= 250 && wrong <= 50 && extra <= 190,
        "right {right}, wrong {wrong}, missed {missed}, extra {extra}"
    );
}

#[test]
fn a_list_of_twenty_thousand_words_is_read_to_its_end() {
    let text = "Springfield, Newark, in Paris, Hbf Köln, #Berlin, @flypdx, room 7, Neustadt. ".repeat(1_500);
    assert!(meeting(&text, "en", &acme()).is_some());
    let words = "the quick brown fox jumps over in the lazy Dog ".repeat(2_000);
    assert_eq!(meeting(&words, "en", &acme()), None);
}

proptest! {
    #[test]
    fn a_place_is_words_of_the_text(text in "\\PC{0,80}") {
        for lang in ["en", "de", "fr", "es", "it", "xx"] {
            if let Some(meeting) = meeting(&text, lang, &acme()) {
                prop_assert!(text.contains(&meeting.words) && !meeting.words.is_empty());
            }
        }
    }

    #[test]
    fn rows_of_names_never_panic(words in proptest::collection::vec("in|at|am|Acme|de|Hbf|Zürich|NJ|,|Newark|Gleis|7|-|EWR|to|New|York|#JAX|@flypdx|via|last|year|Springfield|\\.", 0..14)) {
        let text = words.join(" ");
        for lang in ["en", "de", "fr", "es", "it"] {
            let _ = meeting(&text, lang, &acme());
        }
    }
}
