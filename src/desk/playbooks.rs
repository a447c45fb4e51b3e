//! The plays of the playbook as somebody looks at them.

use super::Looked;
use crate::model::{Chance, Ideas, Kind, Mention};
use crate::pipeline::Judged;
use crate::playbook::{self, Case, Play};
use jiff::Timestamp;
use serde_json::{Value, json};

/// The languages that have a playbook.
#[must_use]
pub fn playbook_languages() -> Vec<&'static str> {
    playbook::languages()
}

/// The built-in playbook for `language` as it is written, to be edited.
#[must_use]
pub fn playbook_text(language: &str) -> Option<&'static str> {
    playbook::text(language)
}

/// The plays for `language`, the user's own first; only those for `kind`, where one is asked for, and those for all.
#[must_use]
pub fn plays(language: &str, kind: Option<Kind>) -> Vec<&'static Play> {
    let fits = |play: &&Play| kind.is_none_or(|kind| play.kinds.is_empty() || play.kinds.contains(&kind));
    playbook::plays(language).iter().filter(fits).collect()
}

/// A play for machines, in the words of the file.
#[must_use]
pub fn play_as_json(play: &Play) -> Value {
    let names = |conditions: &[playbook::Condition]| conditions.iter().map(|one| one.as_str()).collect::<Vec<_>>();
    let gestures =
        play.gestures.iter().map(|deed| json!({ "do": deed.what, "effort": deed.effort, "cost": deed.cost }));
    json!({
        "id": play.id,
        "own": play.is_users,
        "for": play.purpose.as_str(),
        "kinds": play.kinds,
        "when": names(&play.when),
        "unless": names(&play.unless),
        "gestures": gestures.collect::<Vec<_>>(),
        "say": play.say,
        "avoid": play.avoid,
    })
}

/// The ideas for each mention of `looked`, told in `language`.
#[must_use]
pub fn ideas(looked: &Looked, language: &str, now: Timestamp) -> Vec<Option<Ideas>> {
    let mut item = looked.item.clone();
    item.lang = looked.studied.analysis.lang.clone().or(item.lang);
    let ideas_of = |(mention, judged): (&Mention, &Judged)| {
        let opportunity = judged.clone().into_opportunity();
        let is_missed = opportunity.is_some_and(|found| matches!(found.chance(now), Chance::Missed(_)));
        let (judgement, nearest) = (&judged.judgement, judged.nearest.as_ref());
        let case = Case { item: &item, mention, judgement, nearest, is_missed, now };
        playbook::ideas(&case, language)
    };
    looked.studied.analysis.mentions.iter().zip(&looked.studied.judged).map(ideas_of).collect()
}
