//! Evaluations of a few posts of our own.

use super::*;
use crate::opportunity;

fn lens() -> Lens {
    Lens::new(Vec::new(), opportunity::Settings::default(), jiff::Timestamp::UNIX_EPOCH)
}

fn of(gauge: Gauge, gold: &str) -> Evaluation {
    evaluate(&lens(), gauge, gold, &Options::default())
}

#[test]
fn labelled_posts_are_judged_and_wrong_lines_told() {
    let gold = "{\"id\":1,\"text\":\"Das Essen war leider kalt und der Kellner unfreundlich\",\"lang\":\"de\",\"label\":\"de\"}\n\n\
                {\"id\":\"x\",\"text\":\"The weather was lovely all day long\",\"lang\":\"en\",\"label\":\"fr\"}\nnonsense\n{\"label\":\"x\"}";
    let evaluation = of(Gauge::Language, gold);
    assert_eq!((evaluation.all.n, evaluation.n_wrong_lines), (2, 2));
    assert_eq!(evaluation.wrong_lines.iter().map(|(number, _)| *number).collect::<Vec<_>>(), [4, 5]);
    let miss = &evaluation.misses[0];
    assert_eq!((miss.id.as_str(), miss.label.as_str(), miss.said.as_str()), ("x", "fr", "en"));
    assert_eq!(evaluation.posts["1"], ("de".to_owned(), "de".to_owned(), true));
    let gold = "{\"text\":\"Dinner at Morton's was fine\",\"target\":\"Morton's\",\"label\":\"relevant\"}";
    assert_eq!(of(Gauge::Relevance, gold).all.accuracy, 1.0);
}

#[test]
fn every_gauge_has_a_name_of_its_own() {
    for (name, gauge) in Gauge::ALL {
        assert_eq!((Gauge::from_name(name), gauge.name()), (Some(gauge), name));
    }
}

/// A text that is praised and blamed alike, with the label of people.
fn two_sided(label: &str) -> String {
    format!(
        "{{\"id\":\"m\",\"lang\":\"en\",\"text\":\"Great food, wonderful staff. Terrible rooms, horrible noise, awful beds.\",\"label\":\"{label}\"}}"
    )
}

#[test]
fn mixed_counts_on_the_side_of_its_score_only_where_people_know_no_mixed() {
    let evaluation = of(Gauge::Sentiment, &two_sided("negative"));
    assert_eq!(evaluation.posts["m"], ("negative".to_owned(), "negative".to_owned(), true));
    let evaluation = of(Gauge::Sentiment, &two_sided("mixed"));
    assert_eq!(evaluation.posts["m"].1, "mixed");
}

#[test]
fn the_feeling_is_that_toward_the_target() {
    let post = |target: &str, label: &str| {
        format!(
            "{{\"id\":\"{target}\",\"lang\":\"en\",\"text\":\"Acme was wonderful but Zenith lost my luggage\",\"target\":\"{target}\",\"label\":\"{label}\"}}\n"
        )
    };
    let evaluation = of(Gauge::Target, &(post("Acme", "positive") + &post("Zenith", "negative")));
    assert_eq!((evaluation.all.accuracy, evaluation.n_not_found), (1.0, 0), "{:?}", evaluation.misses);
    // A word that no brand would be found by stands where its offsets say.
    let text = "the 1 was wonderful but the 2 lost my luggage";
    let by_place = |from: usize, to: usize, label: &str| {
        format!(
            "{{\"lang\":\"en\",\"text\":\"{text}\",\"target\":\"it\",\"from\":{from},\"to\":{to},\"label\":\"{label}\"}}\n"
        )
    };
    let evaluation = of(Gauge::Target, &(by_place(4, 5, "positive") + &by_place(28, 29, "negative")));
    assert_eq!((evaluation.all.n, evaluation.all.accuracy, evaluation.n_not_found), (2, 1.0, 2));
}

#[test]
fn records_of_opportunities_are_judged_field_by_field() {
    let gold = r#"{"id":"1","lang":"en","text":"@acme my flight lands at Newark in two hours, could you bring a steak to the airport?","posted_at":"2026-05-04T12:00:00Z","brand":{"name":"Acme","handles":["@acme"]},"gold":{"relevant":true,"spam":false,"sentiment":"neutral","kinds":["wish"],"surprise":true,"phase":"presales","slots":{"wish":"a steak","deadline":"2026-05-04T14:00:00Z","place":"Newark airport"}}}
{"id":"2","lang":"en","text":"Acme acne, my dog","posted_at":"2026-05-04T12:00:00Z","brand":{"name":"Zenith"},"gold":{"relevant":false,"spam":false,"sentiment":"neutral","kinds":[],"surprise":false,"phase":"none","slots":{"wish":null,"deadline":null,"place":null}}}"#;
    for gauge in [Gauge::Relevance, Gauge::Spam, Gauge::Kinds, Gauge::Surprise, Gauge::Deadline, Gauge::Place] {
        let evaluation = of(gauge, gold);
        assert_eq!((evaluation.all.n, evaluation.n_unlabelled, evaluation.n_wrong_lines), (2, 0, 0), "{gauge:?}");
    }
    for gauge in [Gauge::Target, Gauge::Phase] {
        let evaluation = of(gauge, gold);
        assert_eq!((evaluation.all.n, evaluation.n_unlabelled), (1, 1), "nothing is asked of what is not meant");
    }
    assert_eq!(of(Gauge::Relevance, gold).all.accuracy, 1.0);
    let deadline = of(Gauge::Deadline, gold);
    assert_eq!(deadline.posts["2"], ("none".to_owned(), "none".to_owned(), true));
    assert_eq!(deadline.posts["1"].1, "right", "{:?}", deadline.misses);
}

#[test]
fn a_row_is_blamed_for_what_would_be_right_without_it() {
    let post = |id: &str, text: &str, label: &str| {
        format!("{{\"id\":\"{id}\",\"lang\":\"en\",\"text\":\"{text}\",\"label\":\"{label}\"}}\n")
    };
    let gold = post("a", "The room was awful", "negative")
        + &post("b", "My neighbor is awful at chess", "neutral")
        + &post("c", "An awful meal in the evening", "negative")
        + &post("d", "The waiter was wonderful", "neutral");
    let options = Options { blame_from: Some(1), ..Options::default() };
    let evaluation = evaluate(&lens(), Gauge::Sentiment, &gold, &options);
    let row = |beginning: &str| {
        let found = evaluation.blame.iter().find(|row| row.term.starts_with(beginning));
        found.unwrap_or_else(|| panic!("{beginning}: {:?}", evaluation.blame))
    };
    let awful = row("awful");
    assert_eq!((awful.n, awful.list.as_str(), awful.is_users), (3, "en/feelings", false));
    assert!((awful.accuracy - 2.0 / 3.0).abs() < 1e-9 && (awful.accuracy_without - 1.0 / 3.0).abs() < 1e-9);
    assert!((awful.accuracy_gain + 0.25).abs() < 1e-9 && awful.macro_f1_gain < 0.0);
    assert_eq!(
        (awful.hurts.clone(), awful.helps.clone()),
        (vec!["b".to_owned()], vec!["a".to_owned(), "c".to_owned()])
    );
    let wonderful = row("wonderful");
    assert!((wonderful.accuracy_gain - 0.25).abs() < 1e-9 && wonderful.macro_f1_gain > 0.0);
    assert_eq!(evaluation.blame[0], *wonderful, "what hurts comes first");
    assert!(of(Gauge::Sentiment, &gold).blame.is_empty());
}
