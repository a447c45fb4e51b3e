//! `try`: what a query or a brand would catch.

use super::talk::{print, print_json, say};
use super::{DONE, runtime};
use crate::app::{self, Folders, Ground, Trial, TrialFound};
use crate::model::BrandId;
use crate::query::Query;
use crate::wording::{Reader, host_of, one_line};
use anyhow::Context;
use serde_json::json;
use std::io::Read;
use std::path::Path;

/// The longest file, and as much of a text as is read at a glance.
const FILE_LIMIT_BYTES: u64 = 256 * 1024 * 1024;
const QUOTE_LIMIT: usize = 160;

/// What is asked for.
pub(super) struct Wish<'w> {
    pub(super) query: &'w str,
    pub(super) brand: Option<&'w str>,
    pub(super) file: Option<&'w Path>,
    pub(super) now: bool,
}

pub(super) fn try_out(folders: &Folders, wish: &Wish<'_>, limit: usize, json: bool) -> anyhow::Result<u8> {
    let trial = match wish.brand {
        Some(id) => Trial::Brand(BrandId::new(id)),
        None => Trial::Query(Box::new(Query::parse(wish.query)?)),
    };
    let ground = match wish.file {
        Some(file) => Ground::Items(app::items_of_lines(&read(file)?)),
        None if wish.now => Ground::Sources,
        None => Ground::Kept,
    };
    let told = |n: usize, of: usize| {
        if !json && (n == of || n.is_multiple_of(10)) {
            say(&format!("{n} of {of} sources read"));
        }
    };
    let looked = runtime()?.block_on(app::try_out(folders, &trial, ground, &told))?;
    let found = &looked.found;
    if json {
        let caught: Vec<_> = found.caught.iter().take(limit).collect();
        let silent: Vec<_> = found.silent.iter().map(|(name, why)| json!({ "source": name, "why": why })).collect();
        print_json(&json!({
            "caught": found.caught.len(), "looked_at": found.n_looked_at, "sources": found.n_sources,
            "silent": silent, "cut_off": found.is_cut_off, "first": caught,
        }))?;
        return Ok(DONE);
    }
    print(&in_short(found))?;
    let reader = Reader::new("en", &looked.zone);
    for item in found.caught.iter().take(limit) {
        let when = item.published.map(|at| format!("{}  ", reader.moment(at.at, looked.now))).unwrap_or_default();
        let who = item.author.name.as_deref().map(|name| format!("{}: ", one_line(name, 40))).unwrap_or_default();
        print(&format!("  {when}{who}{}", one_line(&item.reading_text(), QUOTE_LIMIT)))?;
        if let Some(url) = item.url.as_deref().filter(|url| host_of(url).is_some()) {
            print(&format!("      {}", one_line(url, 200)))?;
        }
    }
    for (name, why) in found.silent.iter().take(limit) {
        say(&format!("{name} gave nothing: {}", one_line(why, QUOTE_LIMIT)));
    }
    if found.is_cut_off {
        say("not all was looked at: it is too much for one look");
    }
    Ok(DONE)
}

/// `would catch 3 of 120 posts of 8 sources`.
fn in_short(found: &TrialFound) -> String {
    let noun = if found.n_looked_at == 1 { "post" } else { "posts" };
    let of = match found.n_sources {
        0 => String::new(),
        1 => " of 1 source".to_owned(),
        n => format!(" of {n} sources"),
    };
    format!("would catch {} of {} {noun}{of}", found.caught.len(), found.n_looked_at)
}

fn read(file: &Path) -> anyhow::Result<String> {
    let context = || format!("{} cannot be read", file.display());
    let mut bytes = Vec::new();
    std::fs::File::open(file)
        .with_context(context)?
        .take(FILE_LIMIT_BYTES)
        .read_to_end(&mut bytes)
        .with_context(context)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
