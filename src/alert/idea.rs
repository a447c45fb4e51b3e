//! The section of an alert that says what could be done.

use crate::model::{Card, Gesture};
use crate::playbook;
use crate::wording::{self, Block, Reader, Run, Tone, Words, fill};
use jiff::Timestamp;

/// What to do, how to word it and what to leave; nothing where the playbook has no play.
pub(super) fn section(card: &Card, reader: &Reader, now: Timestamp) -> Vec<Block> {
    let (language, words) = (reader.language, reader.language.words());
    let Some(ideas) = playbook::of_card(card, language.tag(), now) else { return Vec::new() };
    let because: Vec<String> = ideas.because.iter().map(|name| wording::because_name(name, language)).collect();
    let note = if because.is_empty() { String::new() } else { fill(words.because, &[("what", &because.join(", "))]) };
    let mut blocks = vec![Block::section(words.section_ideas, note)];
    let is_care = card.opportunity.as_ref().is_some_and(|opportunity| opportunity.judgement.care);
    // Nobody's grief is told with a price.
    let class =
        |gesture: &Gesture| (!is_care).then(|| wording::effort_and_cost(gesture.effort, gesture.cost, language));
    blocks.extend(ideas.gestures.iter().map(|gesture| told(gesture, class(gesture), words)));
    let tongue = wording::language_name(&ideas.say_lang, language);
    let label = || Run::new(fill(words.say_it, &[("language", tongue)]), Tone::Dim);
    blocks.extend(ideas.say.iter().enumerate().map(|(index, say)| {
        let label = (index == 0).then(label);
        Block::Small(label.into_iter().chain([Run::plain(say)]).collect())
    }));
    let asked = ideas.ask_first.then(|| words.ask_first.to_owned());
    let avoid = ideas.avoid.iter().map(|avoid| fill(words.avoid_it, &[("what", avoid)]));
    blocks.extend(asked.into_iter().chain(avoid).map(Block::small));
    blocks
}

fn told(gesture: &Gesture, class: Option<String>, words: &Words) -> Block {
    let mut runs = vec![Run::plain(&gesture.what)];
    runs.extend(class.map(|class| Run::new(format!(" ({class})"), Tone::Dim)));
    if gesture.is_late {
        runs.push(Run::new(format!(" {}", words.too_slow), Tone::Accent));
    }
    Block::Para(runs)
}
