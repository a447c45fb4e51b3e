//! Which play fits best, and its texts with the words of the post filled in.

use super::book::{book, plays, primary};
use super::case::Case;
use super::condition::Condition;
use super::play::{Deed, Play, places};
use crate::model::{Cost, Gesture, Ideas};
use crate::wording::{fill, one_line};

/// The most gestures, and the most texts of each list.
const SHOWN_MOST: usize = 3;
/// The longest words of a post that are filled in, in visible characters.
const WORDS_LIMIT: usize = 60;

/// The ideas for `case`, told in `team` (ISO 639-1); `None` where nobody should act or no play fits.
///
/// The play whose every condition holds and that has the most of them; of equals the first. Gestures that take longer
/// than there is time are left out; where all of them do, they stay and say so. A text with a place to fill that the
/// post leaves empty is left out.
#[must_use]
pub fn ideas(case: &Case<'_>, team: &str) -> Option<Ideas> {
    if !case.judgement.is_opportunity() {
        return None;
    }
    let holding = case.holding();
    let play = best(plays(team), case, &holding)?;
    let words = words_of(case, play, &holding);
    let values: Vec<(&str, &str)> = words.iter().map(|(name, words)| (*name, words.as_str())).collect();
    let filled = |texts: &[String]| -> Vec<String> {
        texts.iter().filter_map(|text| filled_in(text, &values)).take(SHOWN_MOST).collect()
    };
    let (say_lang, say) = say_of(case, play, team);
    let kinds = case.judgement.kinds.iter().filter(|kind| play.kinds.contains(kind)).map(|kind| kind.as_str());
    let because = kinds.chain(play.when.iter().map(|condition| condition.as_str())).map(str::to_owned).collect();
    Some(Ideas {
        play: play.id.clone(),
        is_users: play.is_users,
        because,
        gestures: gestures(case, &play.gestures, &values),
        say: filled(say),
        say_lang: say_lang.to_owned(),
        ask_first: !case.mention.direct && !case.judgement.care,
        avoid: filled(&play.avoid),
    })
}

/// The most special of the plays that fit; of equals the first.
fn best<'p>(plays: &'p [Play], case: &Case<'_>, holding: &[(&'static str, String)]) -> Option<&'p Play> {
    let holds = |condition: &Condition| holding.iter().any(|(name, _)| *name == condition.as_str());
    let fits = |play: &&Play| {
        play.purpose == case.purpose()
            && (play.kinds.is_empty() || play.kinds.iter().any(|kind| case.judgement.kinds.contains(kind)))
            && play.when.iter().all(holds)
            && !play.unless.iter().any(holds)
    };
    // `min_by_key` takes the first of equals.
    plays.iter().filter(fits).min_by_key(|play| std::cmp::Reverse(play.when.len()))
}

/// What can be filled in, bounded and on one line; not yet escaped.
fn words_of(case: &Case<'_>, play: &Play, holding: &[(&'static str, String)]) -> Vec<(&'static str, String)> {
    let slots = &case.judgement.slots;
    let is_told = |name: &str| play.when.iter().any(|condition| condition.as_str() == name);
    let occasion = holding.iter().find(|(name, words)| !words.is_empty() && is_told(name)).map(|(_, words)| words);
    let words = [("wish", slots.wish.as_ref()), ("place", slots.place.as_ref()), ("occasion", occasion)];
    words.into_iter().map(|(name, words)| (name, words.map(|w| one_line(w, WORDS_LIMIT)).unwrap_or_default())).collect()
}

/// `text` with its places filled; `None` where there is nothing to fill one with.
fn filled_in(text: &str, values: &[(&str, &str)]) -> Option<String> {
    let has = |name: &str| values.iter().any(|(known, words)| *known == name && !words.is_empty());
    places(text).all(has).then(|| fill(text, values))
}

fn gestures(case: &Case<'_>, deeds: &[Deed], values: &[(&str, &str)]) -> Vec<Gesture> {
    let is_late = |deed: &Deed| case.seconds_left().is_some_and(|left| left < deed.effort.least_seconds());
    let gesture = |deed: &Deed| {
        let what = filled_in(&deed.what, values)?;
        Some(Gesture { what, effort: deed.effort, cost: deed.cost, is_late: is_late(deed) })
    };
    let all: Vec<Gesture> = deeds.iter().filter_map(gesture).collect();
    // Care is no gift, whatever a playbook says.
    let all = all.into_iter().filter(|gesture| !case.judgement.care || gesture.cost == Cost::None);
    let (late, mut in_time): (Vec<Gesture>, Vec<Gesture>) = all.partition(|gesture| gesture.is_late);
    if in_time.is_empty() {
        in_time = late;
    }
    in_time.truncate(SHOWN_MOST);
    in_time
}

/// How to word `play`, and in which language: the customer's, where its playbook has the same play.
fn say_of<'p>(case: &Case<'p>, play: &'p Play, team: &'p str) -> (&'p str, &'p [String]) {
    let customers = case.item.lang.as_deref().map(primary);
    let found = customers.and_then(|lang| {
        let same = book(lang)?.iter().find(|other| other.id == play.id && !other.say.is_empty())?;
        Some((lang, same.say.as_slice()))
    });
    found.unwrap_or((primary(team), &play.say))
}
