//! Places in texts, by the table of expressions and one by one.

use super::*;
use proptest::prelude::*;

fn check(lang: &str, cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        let tokens = Tokens::new(text);
        let found = search(&tokens, Some(lang), Hints::default());
        let shown: Vec<String> =
            found.iter().map(|f| format!("{}={}", tokens.words(f.tokens.clone()), f.place.name)).collect();
        assert_eq!(&shown.join("; "), expected, "{text}");
    }
}

#[test]
fn airports_are_found_by_name_and_by_code() {
    check(
        "en",
        &[
            (
                "can you meet me at newark airport with a porterhouse",
                "newark airport=Newark Liberty International Airport",
            ),
            ("Landing at LGA at 9", "LGA=La Guardia Airport"),
            ("stuck at Heathrow again", "Heathrow=London Heathrow Airport"),
            ("at the airport with my mother", ""),
            ("THE flight was FUN AND cheap", ""),
            (
                "flight IAD to LAX today",
                "IAD=Washington Dulles International Airport; LAX=Los Angeles International Airport",
            ),
            ("Is this LOL or WTF", ""),
            ("need to make it to #JAX for a flight", "#JAX=Jacksonville International Airport"),
        ],
    );
    check(
        "de",
        &[
            ("am Flughafen München", "Flughafen München=Munich Airport"),
            ("von FRA nach Lissabon geflogen", "FRA=Frankfurt Airport; Lissabon=Lisbon"),
        ],
    );
    check(
        "es",
        &[("en el aeropuerto de Barcelona", "aeropuerto de Barcelona=Josep Tarradellas Barcelona-El Prat Airport")],
    );
}

#[test]
fn stations_are_found_by_their_city() {
    check(
        "de",
        &[
            ("Treffpunkt Zürich HB um acht", "Zürich HB=Zürich"),
            ("gestern am Kölner Hbf", "Kölner Hbf=Köln"),
            ("steht am Bahnhof", ""),
        ],
    );
    check("en", &[("waiting at Penn Station", "Penn Station=New York City"), ("at the train station", "")]);
}

#[test]
fn cities_need_evidence() {
    check(
        "en",
        &[
            ("Stuck on the plane in Charlotte.", "Charlotte=Charlotte"),
            ("Nice one, best deal", ""),
            ("such a Nice steak", ""),
            ("a week in Nice", "Nice=Nice"),
            ("I was reading in the bath", ""),
            ("Hackensack, NJ", "Hackensack, NJ=Hackensack"),
            ("from your Basildon branch", "Basildon=Basildon"),
            ("Paris Hilton", ""),
            ("we split the bill", ""),
            ("an Orange phone on the Mobile network", ""),
            ("Back to Seattle to the rain", "Seattle=Seattle"),
        ],
    );
    check(
        "de",
        &[
            ("Das Essen war gut", ""),
            ("der ICE hält in Freiburg", "Freiburg=Freiburg"),
            ("Halle 7 der Messe", ""),
            ("verspätet in allen Zügen", ""),
            ("endlich in köln", "köln=Köln"),
            ("in Przemysl, Polen, gestrandet", "Przemysl, Polen=Przemyśl"),
            ("endlich in Frankfurt am Main", "Frankfurt am Main=Frankfurt am Main"),
        ],
    );
}

#[test]
fn a_hint_decides_between_cities_of_one_name() {
    let tokens = Tokens::new("dinner in Birmingham");
    let alabama = [Coordinates { lat: 33.4, lon: -86.7 }];
    let near = search(&tokens, Some("en"), Hints { near: &alabama, ..Hints::default() });
    assert_eq!(near.first().map(|found| found.place.country.as_str()), Some("US"));
    let anywhere = search(&tokens, Some("en"), Hints::default());
    assert_eq!(anywhere.first().map(|found| found.place.country.as_str()), Some("GB"));
}

proptest! {
    #[test]
    fn searching_never_panics(text in "\\PC{0,60}") {
        let tokens = Tokens::new(&text);
        for lang in [None, Some("en"), Some("de"), Some("é")] {
            for found in search(&tokens, lang, Hints::default()) {
                prop_assert!(found.tokens.end <= tokens.len() && (0.0..=1.0).contains(&found.certainty));
            }
        }
    }

    #[test]
    fn searching_in_rows_of_names_never_panics(words in proptest::collection::vec("in|at|airport|Flughafen|Hbf|Zürich|NJ|,|Newark|St|\\.|-|EWR|to|New|York|#JAX|de", 0..10)) {
        let text = words.join(" ");
        let tokens = Tokens::new(&text);
        let _ = search(&tokens, Some("en"), Hints::default());
        let _ = super::super::find(&text);
    }
}
