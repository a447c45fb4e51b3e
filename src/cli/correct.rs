//! `correct`: a person says that a mention is otherwise; `corrections`: what was said so.

use super::args::Said;
use super::talk::{print, print_json, say};
use super::{DONE, FAILED, WRONG, runtime};
use crate::app::{self, Folders};
use crate::model::{BrandId, Change, Corrected, Correction, ItemId, Kind, Phase, Sentiment};
use anyhow::Context;
use std::fs::File;
use std::io::Write;
use std::path::Path;

pub(super) fn correct(folders: &Folders, said: &Said, json: bool) -> anyhow::Result<u8> {
    let changes = match changes(said) {
        Ok(changes) => changes,
        Err(wrong) => {
            say(&format!("error: {wrong}"));
            return Ok(WRONG);
        }
    };
    let brand = said.brand.as_deref().map(BrandId::new);
    let corrected = runtime()?.block_on(app::correct(folders, ItemId(said.item), brand, changes))?;
    let item = said.item;
    match corrected {
        Corrected::Done(corrections) if json => print_json(&corrections)?,
        Corrected::Done(corrections) => corrections.iter().try_for_each(tell)?,
        Corrected::NoItem => {
            return refuse(&format!("there is no item {item}; `porterhouse mentions` shows their numbers"));
        }
        Corrected::OtherBrands(brands) => return refuse(&format!("item {item} is about {}", list(&brands))),
        Corrected::WhichBrand(brands) => {
            return refuse(&format!("item {item} is about {}; say which with --brand", list(&brands)));
        }
    }
    Ok(DONE)
}

/// Writes what people said is otherwise into `target`, a new file, else to standard output.
pub(super) fn export(folders: &Folders, target: Option<&Path>) -> anyhow::Result<u8> {
    let posts = runtime()?.block_on(app::corrections(folders))?;
    match target {
        None => posts.iter().try_for_each(print_json)?,
        Some(target) => {
            let text: String = posts.iter().map(|post| format!("{post}\n")).collect();
            let written = File::create_new(target).and_then(|mut file| file.write_all(text.as_bytes()));
            written.with_context(|| format!("{} cannot be written", target.display()))?;
            say(&format!("{} posts are in {}", posts.len(), target.display()));
        }
    }
    Ok(DONE)
}

fn refuse(why: &str) -> anyhow::Result<u8> {
    say(&format!("error: {why}"));
    Ok(FAILED)
}

fn changes(said: &Said) -> Result<Vec<Change>, String> {
    let mut changes = Vec::new();
    changes.extend(said.sentiment.as_deref().and_then(Sentiment::from_name).map(Change::Sentiment));
    changes.extend(said.relevant.map(Change::Relevant));
    changes.extend(said.spam.map(Change::Spam));
    if !said.kinds.is_empty() {
        changes.push(Change::Kinds(kinds(&said.kinds)?));
    }
    changes.extend(said.done.map(Change::Done));
    changes.extend(said.phase.as_deref().and_then(Phase::from_name).map(Change::Phase));
    Ok(changes)
}

/// The kinds in the order of the rule book; `none` is none of them.
fn kinds(names: &[String]) -> Result<Vec<Kind>, String> {
    if let [only] = names
        && only == "none"
    {
        return Ok(Vec::new());
    }
    let known = || Kind::ALL.map(Kind::as_str).join(", ");
    match names.iter().find(|name| Kind::from_name(name).is_none()) {
        Some(unknown) => Err(format!("`{unknown}` is no kind; write one of {}, or none alone", known())),
        None => Ok(Kind::ALL.into_iter().filter(|kind| names.iter().any(|name| name == kind.as_str())).collect()),
    }
}

fn tell(correction: &Correction) -> std::io::Result<()> {
    let about = correction.brand.as_ref().map(|brand| format!(" about {brand}")).unwrap_or_default();
    let (field, is) = words(&correction.change);
    let (_, was) = words(&correction.before);
    print(&format!("#{}{about}: {field} is {is} (was {was}), says {}", correction.item.0, correction.who))
}

fn words(change: &Change) -> (&'static str, String) {
    let yes_or_no = |is: bool| if is { "yes" } else { "no" }.to_owned();
    match change {
        Change::Sentiment(label) => ("sentiment", label.as_str().to_owned()),
        Change::Relevant(is_relevant) => ("relevant", yes_or_no(*is_relevant)),
        Change::Spam(is_spam) => ("spam", yes_or_no(*is_spam)),
        Change::Kinds(kinds) if kinds.is_empty() => ("kind", "none".to_owned()),
        Change::Kinds(kinds) => ("kind", kinds.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(", ")),
        Change::Phase(phase) => ("phase", phase.as_str().to_owned()),
        Change::Done(is_done) => ("done", yes_or_no(*is_done)),
    }
}

fn list(brands: &[BrandId]) -> String {
    brands.iter().map(|brand| format!("`{brand}`")).collect::<Vec<_>>().join(", ")
}
