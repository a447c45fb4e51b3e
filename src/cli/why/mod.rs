//! `why`: what became of a link, and what reading it now would give, in plain words or as one JSON document.

mod json;
mod now;

use super::talk::{print, print_json};
use super::{DONE, runtime};
use crate::app::{self, Folders, LookedAt, SiteSource, Why};
use crate::desk::Nearness;
use crate::model::{
    AlertState, AlertTrace, Brand, BrandId, GoneTrace, Judgement, KeptTrace, Mention, MentionTrace, NoticeTrace,
    PassedTrace, Reason, RouteName, SourceHealth, Verdict,
};
use crate::wording::{
    Language, Reader, advice, aspect_name, emotion_name, feeling_name, health_name, kind_name, one_line, pass_words,
    proof_words, rule_words, touchpoint_name, verdict_words,
};
use jiff::Timestamp;

/// Results are in the language of the commands.
const LANGUAGE: Language = Language::En;
/// As much of a text, a link, a few words and a name as is read at a glance.
const QUOTE_LIMIT: usize = 200;
const LINK_LIMIT: usize = 300;
const WORDS_LIMIT: usize = 60;
const NAME_LIMIT: usize = 60;
/// Reasons that are told of one verdict, the weightiest first.
const REASONS_LIMIT: usize = 6;

const NO_DATABASE: &str = "\nNever read: there is no database yet; `porterhouse run` or `porterhouse crawl` makes one.";
const NOT_KNOWN: &str = "\nNot known: never read at this address, or passed over and not seen again for a month.";

pub(super) fn why(folders: &Folders, typed: &str, offline: bool, json: bool) -> anyhow::Result<u8> {
    let looked = runtime()?.block_on(app::why(folders, typed, offline))?;
    if json {
        print_json(&json::document(&looked.found))?;
    } else {
        Teller::of(&looked).tell(&looked.found, offline)?;
    }
    Ok(DONE)
}

/// What telling needs to know.
struct Teller<'l> {
    reader: Reader,
    now: Timestamp,
    brands: &'l [Brand],
}

impl<'l> Teller<'l> {
    fn of(looked: &'l LookedAt<Why>) -> Self {
        let reader = Reader { language: LANGUAGE, ..Reader::new("en", &looked.zone) };
        Self { reader, now: looked.now, brands: &looked.brands }
    }

    fn tell(&self, why: &Why, offline: bool) -> std::io::Result<()> {
        print(&one_line(&why.url, LINK_LIMIT))?;
        match &why.traces {
            None => print(NO_DATABASE)?,
            Some(traces) if traces.is_empty() => print(NOT_KNOWN)?,
            Some(traces) => {
                traces.kept.iter().try_for_each(|item| self.tell_kept(item))?;
                traces.passed.iter().try_for_each(tell_passed)?;
                traces.gone.iter().try_for_each(|gone| self.tell_gone(gone))?;
            }
        }
        self.tell_sources(&why.sources)?;
        match &why.outlook {
            Some(outlook) => self.tell_outlook(outlook, why),
            None if offline => print("\nNot asked for now, because of --offline."),
            None => Ok(()),
        }
    }

    fn tell_kept(&self, item: &KeptTrace) -> std::io::Result<()> {
        print(&format!("\nKept as #{}, read from `{}`", item.item_id.0, item.source))?;
        if let Some(url) = &item.url {
            line("address", &one_line(url, LINK_LIMIT))?;
        }
        line("text", &LANGUAGE.quoted(&one_line(&item.text, QUOTE_LIMIT)))?;
        if let Some(posted) = item.published {
            line("posted", &self.moment(posted.at))?;
        }
        line("read", &self.moment(item.seen_at))?;
        if item.changed_at != item.seen_at {
            line("changed", &self.moment(item.changed_at))?;
        }
        if let Some(at) = item.edited_at {
            let often = if item.revisions > 1 { format!(", {} times in all", item.revisions) } else { String::new() };
            line("edited", &format!("{}{often}", self.moment(at)))?;
        }
        line("language", item.lang.as_deref().unwrap_or("undecided"))?;
        if let Some(first) = item.retells {
            line("story", &format!("tells again what #{} told; what was told of a brand is told once", first.0))?;
        }
        tell_spam(item.spam.is_spam, &item.spam.reasons)?;
        for said in &item.corrections {
            let (before, after) = (json::words_of(&said.before), json::words_of(&said.change));
            let who = one_line(&said.who, NAME_LIMIT);
            line("corrected", &format!("{before} to {after}, by {who}, {}", self.moment(said.at)))?;
        }
        item.mentions.iter().try_for_each(|mention| self.tell_mention(mention))
    }

    fn tell_gone(&self, gone: &GoneTrace) -> std::io::Result<()> {
        print(&format!("\nWas kept as #{}, read from `{}`; nothing of it stays", gone.item_id.0, gone.source))?;
        line(
            gone.state.as_str(),
            &format!("noticed {}: {}", self.moment(gone.gone_at), proof_words(gone.proof, LANGUAGE)),
        )
    }

    fn tell_mention(&self, traced: &MentionTrace) -> std::io::Result<()> {
        self.tell_match(&traced.mention)?;
        if traced.is_dismissed {
            line("dismissed", "yes: somebody said that this brand is not meant")?;
        }
        match &traced.opportunity {
            Some(found) => tell_judgement(&found.judgement)?,
            None => line("kinds", "none: nothing that somebody should act on")?,
        }
        match &traced.notice {
            Some(notice) => self.tell_notice(notice),
            None if traced.opportunity.is_some() => line("told", "nobody yet"),
            None => line("told", "nobody: only what somebody should act on is told"),
        }
    }

    /// The brand, how surely it is meant and by which words, and the feeling.
    fn tell_match(&self, mention: &Mention) -> std::io::Result<()> {
        let own = if mention.own { ", written by the brand itself" } else { "" };
        line("brand", &format!("{}, relevance {:.2}{own}", self.brand(&mention.brand), mention.relevance))?;
        tell_reasons(&mention.reasons)?;
        let feeling = &mention.sentiment;
        let emotion =
            mention.emotion.map(|emotion| format!(", {}", emotion_name(emotion, LANGUAGE))).unwrap_or_default();
        let name = feeling_name(feeling.label, LANGUAGE);
        line("feeling", &format!("{name} ({:+.2}) toward it{emotion}", feeling.score))?;
        if !mention.aspects.is_empty() {
            let about: Vec<String> = mention.aspects.iter().map(|aspect| aspect_name(aspect, LANGUAGE)).collect();
            line("about", &about.join(", "))?;
        }
        match mention.touchpoint {
            Some(touchpoint) => line("touched by", touchpoint_name(touchpoint, LANGUAGE)),
            None => Ok(()),
        }
    }

    fn tell_notice(&self, notice: &NoticeTrace) -> std::io::Result<()> {
        if notice.verdicts.is_empty() {
            return line("told", "not yet: no route has decided on it");
        }
        for decided in &notice.verdicts {
            tell_verdict(&decided.route, &decided.verdict, Some(&self.moment(decided.at)))?;
            let of_route = notice.alerts.iter().filter(|alert| alert.route == decided.route);
            of_route.into_iter().try_for_each(|alert| self.tell_alert(alert))?;
        }
        Ok(())
    }

    fn tell_alert(&self, alert: &AlertTrace) -> std::io::Result<()> {
        let to = if alert.recipient.is_empty() { String::new() } else { format!(" to {}", alert.recipient) };
        let when = |at: Option<Timestamp>| at.map(|at| format!(" {}", self.moment(at))).unwrap_or_default();
        let tried = match alert.attempts {
            0 => "not tried yet".to_owned(),
            1 => "1 attempt".to_owned(),
            n => format!("{n} attempts"),
        };
        let state = match alert.state {
            AlertState::Delivered => format!("delivered{}, {tried}", when(alert.settled_at)),
            AlertState::Withdrawn => format!("taken back{}, {tried}", when(alert.settled_at)),
            AlertState::Parked => format!("given up{}, {tried}", when(alert.settled_at)),
            AlertState::Pending => format!("waits, {tried}, next{}", when(alert.next_attempt_at)),
        };
        let trouble = one_line(&alert.trouble, QUOTE_LIMIT);
        let trouble = if trouble.is_empty() { String::new() } else { format!(": {trouble}") };
        detail(&format!("channel {}{to}: {state}{trouble}", one_line(&alert.channel.0, NAME_LIMIT)))
    }

    fn tell_sources(&self, sources: &[SiteSource]) -> std::io::Result<()> {
        if sources.is_empty() {
            return print("\nNo source of sources.toml reads this site.");
        }
        print("\nSources")?;
        sources.iter().try_for_each(|near| self.tell_source(near))
    }

    fn tell_source(&self, near: &SiteSource) -> std::io::Result<()> {
        let url = near.url.as_deref().map(|url| one_line(url, LINK_LIMIT));
        let does = match (near.nearness, url) {
            (Nearness::Gave, Some(url)) => format!("gave it, from {url}"),
            (_, None) => "gave it, and is not in sources.toml any more".to_owned(),
            (Nearness::Itself, Some(_)) => "has this very address".to_owned(),
            (Nearness::Folder, Some(url)) => format!("reads {url} of the same site; it would probably read this"),
            (Nearness::Host, Some(url)) => format!("reads {url} of the same site; it may read this"),
            (Nearness::Domain, Some(url)) => format!("reads {url} of a neighboring site"),
        };
        let state = &near.state;
        line(&format!("`{}`", state.source), &does)?;
        let since = state.since.map(|at| format!(" since {}", self.moment(at))).unwrap_or_default();
        detail(&format!("health     {}{since}", health_name(state.health, LANGUAGE)))?;
        if !state.message.is_empty() {
            detail(&format!("why        {}", one_line(&state.message, LINK_LIMIT)))?;
        }
        let to_do = advice(state.cause, state.health, LANGUAGE);
        if !to_do.is_empty() {
            detail(&format!("to do      {to_do}"))?;
        }
        let read = state.read_at.map_or_else(|| "never".to_owned(), |at| self.moment(at));
        let next = match state.due_at.filter(|due| *due > self.now) {
            _ if near.url.is_none() || state.health == SourceHealth::Gone => "not any more".to_owned(),
            Some(due) => self.moment(due),
            None => "as soon as the service looks".to_owned(),
        };
        detail(&format!("last read  {read}; next {next}"))
    }

    fn moment(&self, at: Timestamp) -> String {
        self.reader.moment(at, self.now)
    }

    fn brand(&self, id: &BrandId) -> String {
        let brand = self.brands.iter().find(|brand| brand.id == *id);
        one_line(brand.map_or(id.as_str(), |brand| &brand.name), NAME_LIMIT)
    }
}

fn tell_passed(passed: &PassedTrace) -> std::io::Result<()> {
    let n = if passed.n_items == 1 { String::new() } else { format!(" ({} items)", passed.n_items) };
    print(&format!("\nPassed over, read from `{}`{n}", passed.source))?;
    line("why", pass_words(passed.reason, LANGUAGE))?;
    line("last seen", &format!("{}, or within a week after it; its text was not kept", passed.seen_on))
}

fn tell_spam(is_spam: bool, reasons: &[Reason]) -> std::io::Result<()> {
    if !is_spam {
        return Ok(());
    }
    line("spam", "yes: nobody is told of it")?;
    tell_reasons(reasons)
}

fn tell_judgement(judgement: &Judgement) -> std::io::Result<()> {
    let kinds: Vec<&str> = judgement.kinds.iter().map(|kind| kind_name(*kind, LANGUAGE)).collect();
    line("kinds", &if kinds.is_empty() { "none".to_owned() } else { kinds.join(", ") })?;
    if judgement.care {
        line("care", "yes: a person's care, never a gift")?;
    }
    let surprise = if judgement.surprise { ", a moment to surprise" } else { "" };
    line("score", &format!("{:.2}{surprise}", judgement.score))?;
    tell_reasons(&judgement.reasons)
}

fn tell_verdict(route: &RouteName, verdict: &Verdict, at: Option<&str>) -> std::io::Result<()> {
    let (said, reason) = match (verdict, at) {
        (Verdict::Send(reason), Some(at)) => (format!("sent {at}"), reason),
        (Verdict::Hold(reason), Some(at)) => (format!("not sent, decided {at}"), reason),
        (Verdict::Send(reason), None) => ("would send it".to_owned(), reason),
        (Verdict::Hold(reason), None) => ("would not send it".to_owned(), reason),
    };
    let route = format!("route {}", one_line(&route.0, NAME_LIMIT));
    line(&route, &format!("{said}: {}", verdict_words(*reason, LANGUAGE)))
}

/// The weightiest reasons in plain words, with the words that they rest on.
fn tell_reasons(reasons: &[Reason]) -> std::io::Result<()> {
    let mut weightiest: Vec<&Reason> = reasons.iter().collect();
    weightiest.sort_by(|a, b| b.weight.abs().total_cmp(&a.weight.abs()));
    for reason in weightiest.iter().take(REASONS_LIMIT) {
        let words = one_line(&reason.words, WORDS_LIMIT);
        let words = if words.is_empty() { String::new() } else { format!(" {}", LANGUAGE.quoted(&words)) };
        detail(&format!("{:+.2} {}{words}", reason.weight, rule_words(&reason.rule, LANGUAGE)))?;
    }
    Ok(())
}

/// One thing under its name.
fn line(name: &str, text: &str) -> std::io::Result<()> {
    print(&format!("    {name:<10} {text}"))
}

/// What stands below it.
fn detail(text: &str) -> std::io::Result<()> {
    print(&format!("               {text}"))
}
