//! `analyze`: what the program makes of a text, or of a stream of posts.

use super::DONE;
use super::talk::{print, print_json};
use crate::app::{self, Folders, load_config_or_default};
use crate::desk::{self, Lens, Looked};
use crate::model::{Chance, Feeling, Ideas, Medium, Mention, Opportunity, Reason, Sentiment};
use crate::wording::{Language, Reader, because_name, effort_and_cost, hours_words, missed_words, which_one};
use std::io::{BufWriter, Read, stdin, stdout};

/// Results are in the language of the commands.
const LANGUAGE: Language = Language::En;

/// The longest text that is read from stdin.
const TEXT_LIMIT_BYTES: u64 = 4 * 1024 * 1024;

/// What was asked.
pub(super) struct Asked<'a> {
    pub(super) text: Option<&'a str>,
    pub(super) lang: Option<&'a str>,
    pub(super) medium: &'a str,
    pub(super) explain: bool,
    pub(super) json: bool,
}

pub(super) fn jsonl(folders: &Folders) -> anyhow::Result<u8> {
    let lens = lens(folders)?;
    let mut output = BufWriter::new(stdout().lock());
    desk::look_at_lines(lens, stdin(), &mut output)?;
    Ok(DONE)
}

pub(super) fn one(folders: &Folders, asked: &Asked<'_>) -> anyhow::Result<u8> {
    let medium: Medium = asked.medium.parse()?;
    let text = match asked.text {
        Some(text) => text.to_owned(),
        None => {
            let mut text = String::new();
            stdin().take(TEXT_LIMIT_BYTES).read_to_string(&mut text)?;
            text
        }
    };
    let lens = lens(folders)?;
    let looked = desk::look_at_text(&lens, &text, asked.lang.map(str::to_owned), medium);
    if asked.json {
        print_json(&desk::as_json(&looked.studied))?;
    } else {
        tell(&looked, asked.explain)?;
    }
    Ok(DONE)
}

fn lens(folders: &Folders) -> anyhow::Result<Lens> {
    let config = load_config_or_default(folders)?;
    Ok(Lens::new(config.watch.brands, config.opportunity, app::now()))
}

fn tell(looked: &Looked, explain: bool) -> std::io::Result<()> {
    let analysis = &looked.studied.analysis;
    print(&format!("language   {}", analysis.lang.as_deref().unwrap_or("undecided")))?;
    let Feeling { label, score, confidence, .. } = &analysis.sentiment;
    print(&format!("feeling    {} ({score:+.2}), confidence {confidence:.2}", label.as_str()))?;
    if explain {
        reasons(&analysis.sentiment.reasons)?;
    }
    let spam = if analysis.spam.is_spam { "yes" } else { "no" };
    print(&format!("spam       {spam} ({:.2})", analysis.spam.score))?;
    if explain {
        reasons(&analysis.spam.reasons)?;
    }
    if analysis.mentions.is_empty() {
        print("mentions   none of a watched brand")?;
    }
    let ideas = if explain { desk::ideas(looked, LANGUAGE.tag(), app::now()) } else { Vec::new() };
    let mut ideas = ideas.into_iter();
    for (mention, judged) in analysis.mentions.iter().zip(&looked.studied.judged) {
        tell_mention(mention, &judged.judgement, explain)?;
        if let Some(opportunity) = judged.clone().into_opportunity() {
            tell_outlet(&opportunity)?;
        }
        ideas.next().flatten().map_or(Ok(()), |ideas| tell_ideas(&ideas))?;
    }
    Ok(())
}

fn tell_mention(mention: &Mention, judgement: &crate::model::Judgement, explain: bool) -> std::io::Result<()> {
    let address = if mention.direct { "said to it" } else { "overheard" };
    print(&format!("\nbrand      {} (relevance {:.2}, {address})", mention.brand, mention.relevance))?;
    if explain {
        reasons(&mention.reasons)?;
    }
    let feeling = &mention.sentiment;
    let Feeling { label, score, confidence, .. } = feeling;
    print(&format!("feeling    {} ({score:+.2}) toward it, confidence {confidence:.2}", label.as_str()))?;
    if explain && feeling.label != Sentiment::Neutral {
        reasons(&feeling.reasons)?;
    }
    if let Some(emotion) = mention.emotion {
        print(&format!("emotion    {}", emotion.as_str()))?;
    }
    if !mention.aspects.is_empty() {
        print(&format!("about      {}", mention.aspects.join(", ")))?;
    }
    if let Some(touchpoint) = mention.touchpoint {
        print(&format!("touchpoint {}", touchpoint.as_str()))?;
    }
    let kinds: Vec<&str> = judgement.kinds.iter().map(|kind| kind.as_str()).collect();
    let kinds = if kinds.is_empty() { "none".to_owned() } else { kinds.join(", ") };
    print(&format!("phase      {}", judgement.phase.as_str()))?;
    print(&format!("kinds      {kinds}"))?;
    print(&format!(
        "score      {:.2}{}",
        judgement.score,
        if judgement.surprise { ", a moment to surprise" } else { "" }
    ))?;
    if judgement.care {
        print("care       yes: a person's care, never a gift")?;
    }
    if explain {
        reasons(&judgement.reasons)?;
    }
    let slots = &judgement.slots;
    if let Some(wish) = &slots.wish {
        print(&format!("wish       {wish}"))?;
    }
    if let Some(deadline) = &slots.deadline {
        print(&format!("deadline   {} (\"{}\")", deadline.at, deadline.words))?;
    }
    if let Some(place) = &slots.place {
        let found = slots.place_found.as_ref().map(|found| format!(" = {}", found.name)).unwrap_or_default();
        let place = which_one(place, &slots.place_candidates, Language::En);
        print(&format!("place      {place}{found}"))?;
    }
    Ok(())
}

/// Who could be there, and whether there is time.
fn tell_outlet(opportunity: &Opportunity) -> std::io::Result<()> {
    let (now, reader) = (app::now(), Reader::new("en", "UTC"));
    let country = opportunity.judgement.slots.place_found.as_ref().map_or("", |place| place.country.as_str());
    if let Some(outlet) = opportunity.outlet(now) {
        let zone = outlet.zone.as_deref().unwrap_or("UTC");
        let hours = hours_words(outlet, &Reader::new("en", zone), now).map(|hours| format!(", {hours}"));
        let distance = reader.language.distance(outlet.distance_km, country);
        print(&format!("outlet     {}, {distance}{}", outlet.name, hours.unwrap_or_default()))?;
    }
    match opportunity.chance(now) {
        Chance::Open => Ok(()),
        Chance::InTime { slack_seconds } => print(&format!("slack      {}", reader.language.duration(slack_seconds))),
        Chance::Missed(missed) => print(&format!("missed     {}", missed_words(&missed, country, &reader, now))),
    }
}

/// The play, why it was chosen, what to do, how to word it and what to leave.
fn tell_ideas(ideas: &Ideas) -> std::io::Result<()> {
    let own = if ideas.is_users { ", your own" } else { "" };
    let because: Vec<String> = ideas.because.iter().map(|name| because_name(name, LANGUAGE)).collect();
    print(&format!("ideas      {}{own}; because: {}", ideas.play, because.join(", ")))?;
    for gesture in &ideas.gestures {
        let class = effort_and_cost(gesture.effort, gesture.cost, LANGUAGE);
        let late = if gesture.is_late { ", longer than there is time" } else { "" };
        print(&format!("             - {} ({class}{late})", gesture.what))?;
    }
    ideas.say.iter().try_for_each(|say| print(&format!("             say ({}): {say}", ideas.say_lang)))?;
    if ideas.ask_first {
        print("             not said to you: ask before you step in")?;
    }
    ideas.avoid.iter().try_for_each(|avoid| print(&format!("             careful: {avoid}")))
}

/// One line for each reason: weight, rule, words and where they stand.
fn reasons(reasons: &[Reason]) -> std::io::Result<()> {
    for reason in reasons {
        let place = reason.span.as_ref().map(|span| format!(" at {}..{}", span.start, span.end)).unwrap_or_default();
        let words =
            if reason.words.is_empty() { String::new() } else { format!(" \"{}\"", reason.words.escape_debug()) };
        print(&format!("             {:+.2} {}{words}{place}", reason.weight, reason.rule))?;
    }
    Ok(())
}
