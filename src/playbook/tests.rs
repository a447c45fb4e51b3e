//! The five playbooks, and what is chosen from them.

use super::book::laid_over;
use super::*;
use crate::lexicon::{self, CUE_LANGUAGES, OCCASIONS, PhrasesBuilder};
use crate::model::{Card, Emotion, Kind};
use crate::wording::{Language, because_name, sample};
use expect_test::{Expect, expect};
use proptest::prelude::*;

/// A card of `brand` with a judgement of `kinds`; a surprise.
fn card(lang: &str, text: &str, kinds: &[Kind]) -> Card {
    let mut card = sample::card("acme", 1, "Mina", text, kinds);
    card.item.lang = Some(lang.to_owned());
    if let Some(opportunity) = &mut card.opportunity {
        opportunity.judgement.surprise = true;
    }
    card
}

fn service(mut card: Card) -> Card {
    card.opportunity.as_mut().expect("an opportunity").judgement.surprise = false;
    card
}

fn chosen(card: &Card) -> String {
    let ideas = of_card(card, "en", sample::now()).expect("ideas");
    format!("{}: {}", ideas.play, ideas.because.join(", "))
}

fn shown(card: &Card, team: &str) -> String {
    let ideas = of_card(card, team, sample::now()).expect("ideas");
    let gestures = ideas.gestures.iter().map(|gesture| {
        let late = if gesture.is_late { ", too slow" } else { "" };
        format!("- {} ({}, {}{late})", gesture.what, gesture.effort.as_str(), gesture.cost.as_str())
    });
    let say = ideas.say.iter().map(|say| format!("{}> {say}", ideas.say_lang));
    let avoid = ideas.avoid.iter().map(|avoid| format!("! {avoid}"));
    let lines: Vec<String> = std::iter::once(format!("{}: {}", ideas.play, ideas.because.join(", ")))
        .chain(gestures)
        .chain(say)
        .chain(avoid)
        .collect();
    format!("{}\n", lines.join("\n"))
}

fn check(card: &Card, team: &str, expected: Expect) {
    expected.assert_eq(&shown(card, team));
}

#[test]
fn every_play_of_every_language_can_be_used() {
    for language in CUE_LANGUAGES {
        let (plays, wrong) = read(text(language).expect("a playbook"));
        assert_eq!(wrong, [], "{language}");
        assert!(plays.len() >= 45, "{language} has {}", plays.len());
        for play in &plays {
            assert!(!play.gestures.is_empty() && play.gestures.len() <= 3, "{language}: {}", play.id);
            assert!(!play.say.is_empty() && !play.avoid.is_empty(), "{language}: {}", play.id);
        }
    }
}

#[test]
fn the_five_languages_have_the_same_plays() {
    let frame = |language: &str| -> Vec<String> {
        let plays = read(text(language).expect("a playbook")).0;
        let told = |play: &Play| {
            let classes: Vec<_> = play.gestures.iter().map(|deed| (deed.effort, deed.cost)).collect();
            format!("{} {:?} {:?} {:?} {:?} {classes:?}", play.id, play.purpose, play.kinds, play.when, play.unless)
        };
        plays.iter().map(told).collect()
    };
    for language in CUE_LANGUAGES {
        assert_eq!(frame(language), frame("en"), "{language}");
    }
}

#[test]
fn texts_of_one_language_fill_what_those_of_the_others_fill() {
    let wanted = |language: &str| -> Vec<Vec<String>> {
        let places = |play: &Play| -> Vec<String> {
            let texts = play.gestures.iter().map(|deed| &deed.what).chain(&play.say).chain(&play.avoid);
            texts.flat_map(|text| play::places(text).map(str::to_owned)).collect()
        };
        read(text(language).expect("a playbook")).0.iter().map(places).collect()
    };
    for language in CUE_LANGUAGES {
        assert_eq!(wanted(language), wanted("en"), "{language}");
    }
}

#[test]
fn every_kind_has_a_play_in_every_language_as_surprise_and_as_service() {
    for (kind, language) in Kind::ALL.into_iter().flat_map(|kind| CUE_LANGUAGES.map(|language| (kind, language))) {
        let surprise = card(language, "", &[kind]);
        for card in [service(surprise.clone()), surprise] {
            let ideas = of_card(&card, language, sample::now());
            assert!(ideas.is_some_and(|ideas| !ideas.gestures.is_empty() && ideas.say_lang == language), "{kind:?}");
        }
    }
}

#[test]
fn every_row_of_occasions_can_be_used_and_each_language_knows_each() {
    for language in CUE_LANGUAGES {
        let mut known = Vec::new();
        for row in lexicon::rows(lexicon::built_in(language, "occasions").expect("registered")) {
            let place = format!("{language}/occasions.tsv:{}", row.line);
            let name = OCCASIONS.into_iter().find(|name| *name == row.cell(0));
            known.push(name.unwrap_or_else(|| panic!("{place}: {}", row.cell(0))));
            let added = PhrasesBuilder::default().add(row.cell(1), ());
            added.unwrap_or_else(|error| panic!("{place}: {error}"));
        }
        for name in OCCASIONS {
            assert!(known.contains(&name), "{language} has no `{name}`");
        }
    }
}

#[test]
fn every_condition_is_known_and_has_a_name_in_words() {
    for name in Condition::names() {
        assert_ne!(because_name(name, Language::De), name, "it has no name in words");
    }
    for play in plays("en") {
        for condition in play.when.iter().chain(&play.unless) {
            assert!(Condition::names().contains(&condition.as_str()), "{}", play.id);
        }
    }
}

#[test]
fn the_founding_story_gets_its_steak_in_time() {
    check(
        &{
            let mut card = sample::mortons();
            card.item.text =
                "can you meet me at newark airport with a porterhouse when I land in two hours?".to_owned();
            card
        },
        "en",
        expect![[r#"
            wish-food-place-deadline: wish, food, place, deadline
            - Meet the person at “Newark airport” with what was wished for (“a porterhouse”), brought by somebody of the house (hours, medium)
            - Have it ready at the nearest outlet and say where, should the way be too long (hours, small)
            - Answer at once in the tone of the post, without giving it away (minutes, none)
            en> You said “a porterhouse”. Do not eat anything before you arrive.
            en> Look for somebody at the exit who is dressed for dinner.
            ! No condition, no request to post about it; bring nothing that the person did not say in public
        "#]],
    );
}

#[test]
fn the_team_reads_its_own_language_and_the_customer_theirs() {
    check(
        &card("fr", "Ma fille fête ses 6 ans demain, elle adore Acme", &[Kind::Moment]),
        "de",
        expect![[r#"
            birthday-child: moment, birthday, child
            - Eine kleine Überraschung über die Eltern, im Ton für dieses Alter (hours, small)
            - Eine Karte, unterschrieben von denen, von denen das Kind gern hören würde (days, small)
            fr> Quelqu'un ici aimerait souhaiter un joyeux anniversaire. Pouvons-nous vous confier quelque chose pour la fête ?
            ! Name und Alter des Kindes nicht öffentlich schreiben; nur mit den Eltern sprechen
        "#]],
    );
    check(
        &card("nl", "Wat een mooie bril", &[Kind::BrandLove]),
        "de",
        expect![[r#"
        love-overheard: brand_love, overheard
        - Ein freundlicher Satz, der zeigt, dass jemand es gelesen hat (minutes, none)
        - Nach Rückfrage etwas Großzügiges ohne Bedingungen (days, medium)
        de> Uns hat niemand gefragt, und trotzdem: Das hat unseren Tag gerettet. Dürfen wir etwas zurückgeben?
        ! Keine Werbeantwort, kein „Teilen Sie Ihre Geschichte mit uns“
    "#]],
    );
}

#[test]
fn care_is_a_person_and_never_a_gift() {
    check(
        &sample::care(),
        "de",
        expect![[r#"
        care-grief: grief
        - Ein Mensch mit Namen hilft bei dem, was zu regeln ist: absagen, erstatten, umbuchen, Konto schließen (minutes, none)
        - Dafür sorgen, dass diese Person kein Angebot, keine Umfrage und keine Mahnung mehr erreicht (hours, none)
        de> Mein herzliches Beileid. Ich kümmere mich darum; Sie müssen nichts weiter tun.
        ! Keine Blumen, kein Gutschein, kein Like, kein Ausrufezeichen; keine Antwort vor Publikum
    "#]],
    );
    for play in CUE_LANGUAGES.iter().flat_map(|language| plays(language)).filter(|play| play.purpose == Purpose::Care) {
        assert!(play.gestures.iter().all(|deed| deed.cost == crate::model::Cost::None), "{}", play.id);
    }
}

#[test]
fn the_most_special_play_that_fits_is_taken() {
    let moment = |text: &str| chosen(&card("en", text, &[Kind::Moment]));
    expect!["birthday-child: moment, birthday, child"].assert_eq(&moment("My little son turns 6 on his birthday"));
    expect!["retirement: moment, retirement"].assert_eq(&moment("She retires and this was her last shift"));
    expect!["moment-overheard: moment, overheard"].assert_eq(&moment("Something nice happened"));
    let spoiled = card("en", "We missed our own wedding dinner", &[Kind::Moment, Kind::Recovery]);
    expect!["spoiled-wedding: recovery, wedding"].assert_eq(&chosen(&spoiled));
    let mut angry = service(card("en", "what is this", &[Kind::Recovery]));
    angry.mention.emotion = Some(Emotion::Anger);
    expect!["recovery-angry: recovery, angry"].assert_eq(&chosen(&angry));
    expect!["question-overheard: question, overheard"].assert_eq(&chosen(&service(card(
        "de",
        "Wer kennt Acme?",
        &[Kind::Question],
    ))));
}

#[test]
fn gestures_that_take_longer_than_there_is_time_are_left_out() {
    let with = |now: &str| {
        let ideas = of_card(&sample::mortons(), "en", sample::at(now)).expect("ideas");
        (
            ideas.play,
            ideas.gestures.iter().map(|gesture| (gesture.effort.as_str(), gesture.is_late)).collect::<Vec<_>>(),
        )
    };
    assert_eq!(with("2026-11-21T19:59:00Z").1, [("hours", false), ("hours", false), ("minutes", false)]);
    let too_late = with("2026-11-21T21:18:00Z");
    assert_eq!(too_late.0, "wish-late", "40 minutes before the deadline nobody can be there");
    let late = with("2026-11-21T23:00:00Z");
    assert!(late.1.iter().all(|(_, is_late)| !is_late), "what is over does not press: {late:?}");
}

#[test]
fn a_users_play_replaces_adds_and_takes_away() {
    let own = "[[play]]\nid = \"wish\"\nfor = \"surprise\"\nkinds = [\"wish\"]\ngestures = [{ do = \"Sing\", effort = \"minutes\", cost = \"none\" }]\n\
               [[play]]\nid = \"sing\"\nfor = \"surprise\"\nkinds = [\"moment\"]\nwhen = [\"birthday\"]\ngestures = [{ do = \"Sing\", effort = \"minutes\", cost = \"none\" }]\n\
               [[play]]\nid = \"reach\"\noff = true\n";
    let plays = laid_over(text("en").expect("ours"), [own].into_iter());
    let find = |id: &str| plays.iter().find(|play| play.id == id);
    assert_eq!(find("wish").map(|play| (play.gestures.len(), play.is_users)), Some((1, true)));
    assert_eq!(find("sing").map(|play| play.is_users), Some(true));
    assert_eq!(find("reach"), None);
    assert_eq!(find("love").map(|play| play.is_users), Some(false));
    let first = plays.iter().position(|play| play.id == "sing") < plays.iter().position(|play| play.id == "birthday");
    assert!(first, "of equals the user's own is taken");
}

#[test]
fn each_mistake_is_told_with_its_line_and_the_other_plays_count() {
    let text = "# mine\n[[play]]\nid = \"a\"\nfor = \"surprise\"\nkinds = [\"momnet\"]\nwhen = [\"borthday\"]\ngestures = []\n\
                [[play]]\nid = \"b\"\nfor = \"fun\"\nkinds = [\"wish\"]\ngesture = []\n\
                [[play]]\nid = \"c\nfor = 1\n\
                [[play]]\nid = \"d\"\nfor = \"care\"\ngestures = [{ do = \"Bring {wish}\", effort = \"hours\", cost = \"small\" }]\n\
                [[play]]\nid = \"e\"\nfor = \"service\"\nkinds = [\"wish\"]\ngestures = [{ do = \"Say {name}\", effort = \"soon\", cost = \"none\" }]\nsay = \"hm\"\n\
                [[play]]\nid = \"f\"\nfor = \"service\"\nkinds = [\"wish\"]\ngestures = [{ do = \"Answer\", effort = \"minutes\", cost = \"none\" }]\n\
                [[play]]\nid = \"f\"\noff = true\n";
    let (plays, wrong) = read(text);
    assert_eq!(plays.iter().map(|play| play.id.as_str()).collect::<Vec<_>>(), ["f"]);
    let told: String = wrong.iter().map(|(line, message)| format!("{line}: {message}\n")).collect();
    expect![[r#"
        5: `momnet` is no kind; the kinds are wish, moment, brand_love, advocate, recovery, silent_gripe, churn, purchase, newcomer, question, reach
        6: `borthday` is no condition; the conditions are accident, angry, anniversary, baby, birthday, broken, child, deadline, direct, exam, far, farewell, first_time, food, grief, illness, late, lost_thing, loyal, new_home, new_job, old_thing, outlet, overheard, place, reach, retirement, staff, stranded, travel, wedding
        8: `b` has no gestures; write at least one
        10: `fun` is nothing that a play is for; write one of surprise, service, care
        12: `gesture` is no key of a play; the keys are id, for, kinds, when, unless, gestures, say, avoid, off
        14: invalid basic string, expected `"`
        16: `d` is for care and costs something; care is never a gift
        16: `d` is for care and speaks of a wish; leave {wish} out
        24: the gesture has no effort; write effort = one of minutes, hours, days
        25: `say` is no list; write it between [ and ]
        31: `f` stands twice; give this play an id of its own
    "#]].assert_eq(&told);
}

#[test]
fn words_of_the_post_are_bounded_and_stand_on_one_line() {
    let mut hostile = sample::mortons();
    hostile.item.text = "porterhouse dinner".to_owned();
    let slots = &mut hostile.opportunity.as_mut().expect("an opportunity").judgement.slots;
    slots.wish = Some(format!("<script>\u{202e}{{place}}\n{}", "x".repeat(5000)));
    slots.place = Some("\u{2066}EWR\u{2069}\r\nBcc: x".to_owned());
    let ideas = of_card(&hostile, "en", sample::now()).expect("ideas");
    let texts: Vec<&String> = ideas.gestures.iter().map(|g| &g.what).chain(&ideas.say).collect();
    assert!(texts.iter().any(|text| text.contains("<script>{place}")), "a face escapes it: {texts:?}");
    for text in texts {
        assert!(text.chars().count() < 400, "{}", text.chars().count());
        assert!(!text.contains(['\n', '\r', '\u{202e}', '\u{2066}', '\u{2069}']), "{text:?}");
    }
}

#[test]
fn a_text_without_its_words_is_left_out() {
    let mut card = sample::mortons();
    card.item.text = "porterhouse dinner".to_owned();
    card.opportunity.as_mut().expect("an opportunity").judgement.slots.wish = None;
    let ideas = of_card(&card, "en", sample::now()).expect("ideas");
    assert!(ideas.gestures.iter().all(|gesture| !gesture.what.contains("{wish}") && !gesture.what.contains("“”")));
    assert_eq!(ideas.gestures.len(), 2);
}

#[test]
fn nobody_gets_ideas_where_nobody_should_act() {
    assert_eq!(of_card(&sample::card("acme", 1, "Mina", "hello", &[]), "en", sample::now()), None);
}

proptest! {
    #[test]
    fn reading_any_playbook_never_panics(text in "(\\[\\[play\\]\\]|id = |\"|for|care|\\[|\\]|\\{|\\}|=|\n|#|say|\\PC){0,60}") {
        let (plays, wrong) = read(&text);
        let n_lines = text.lines().count().max(1);
        prop_assert!(plays.len() <= n_lines);
        prop_assert!(wrong.iter().all(|(line, _)| (1..=n_lines + 1).contains(line)));
    }

    #[test]
    fn any_post_gets_the_same_ideas_twice(text in "\\PC{0,80}", at in 0_usize..11) {
        let kind = Kind::ALL[at];
        let card = card("de", &text, &[kind]);
        let once = of_card(&card, "de", sample::now());
        prop_assert_eq!(&once, &of_card(&card, "de", sample::now()));
        prop_assert!(once.is_some());
    }
}
