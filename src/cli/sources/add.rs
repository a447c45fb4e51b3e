//! `sources add`: what can be listened to at an address, tried, chosen, and written into `sources.toml`.

use super::super::talk::{print, print_json, say};
use super::super::{DONE, FAILED, runtime};
use super::items::{first_items, item_json};
use crate::app::{self, Discovery, Folders, OfferKind, Tried};
use crate::config::{NewSource, SourcesFile};
use crate::model::{Item, Recipe};
use crate::wording::{Reader, one_line};
use anyhow::{Context, anyhow, bail};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::io::{BufRead, IsTerminal};

/// The longest reason that is shown.
const REASON_LIMIT: usize = 160;

/// What is asked for.
pub(super) struct Wish<'w> {
    pub(super) url: &'w str,
    pub(super) pick: Option<usize>,
    pub(super) id: Option<&'w str>,
    pub(super) dry_run: bool,
}

pub(super) fn add(folders: &Folders, wish: &Wish<'_>, json: bool) -> anyhow::Result<u8> {
    let mut file = SourcesFile::open(&folders.config())?;
    let told = |url: &str| say(&format!("asking {url}"));
    let looked = runtime()?.block_on(app::discover(folders, wish.url, &told))?;
    let reader = Reader::new("en", &looked.zone);
    let Discovery { url, tried, error } = looked.found;
    let n_good = tried.iter().take_while(|tried| tried.is_good()).count();
    if !json {
        tell_offers(&url, &tried, &reader, looked.now)?;
    }
    if let Some(error) = error {
        bail!("{url} cannot be looked at: {error}");
    }
    if n_good == 0 {
        if json {
            print_json(&as_json(&url, &tried, None, None))?;
        }
        say("nothing there can be listened to: no feed, no items, no article; try the address of a blog or a thread");
        return Ok(FAILED);
    }
    let chosen = choose(wish, &tried, n_good, json)?;
    let source = new_source(chosen, wish.id);
    if let Some(id) = file.reader_of(&source.url) {
        if json {
            print_json(&as_json(&url, &tried, None, Some(id)))?;
        }
        say(&format!("{} is read already, by the source `{id}`; nothing was changed", source.url));
        return Ok(DONE);
    }
    let id = file.add(&source)?;
    let (path, block) = (file.path().to_owned(), file.blocks().trim().to_owned());
    if wish.dry_run {
        file.check()?;
    } else {
        file.save()?;
    }
    if json {
        print_json(&as_json(&url, &tried, Some((&id, &block)), None))?;
        return Ok(DONE);
    }
    print("")?;
    print("The first items:")?;
    let items: Vec<&Item> = chosen.probe.items.iter().map(|(item, _)| item).collect();
    first_items(&items, &reader, looked.now)?;
    print("")?;
    print(&block)?;
    say(&if wish.dry_run {
        format!("nothing was written; without --dry-run this would stand in {}", path.display())
    } else {
        format!("added to {}; a running service reads it after `systemctl reload porterhouse`", path.display())
    });
    let others = tried.iter().take(n_good).enumerate().filter(|(_, other)| !std::ptr::eq(*other, chosen));
    if let Some((index, _)) = others.into_iter().find(|(_, other)| other.offer.kind == OfferKind::CommentFeed)
        && chosen.offer.kind == OfferKind::Feed
    {
        say(&format!("for the comments as well, do it again with --pick {}", index + 1));
    }
    Ok(DONE)
}

fn tell_offers(url: &str, tried: &[Tried], reader: &Reader, now: Timestamp) -> std::io::Result<()> {
    print(&format!("{url} offers:"))?;
    for (index, tried) in tried.iter().enumerate() {
        let number = if tried.is_good() { format!("{:>2}", index + 1) } else { " -".to_owned() };
        print(&format!("{number}  {:<14} {}", name(tried.offer.kind), tried.offer.url))?;
        print(&format!("    {}; {}", tried.offer.why, outcome(tried, reader, now)))?;
    }
    Ok(())
}

/// `20 items, the newest of yesterday 14:02`, or why nothing came.
fn outcome(tried: &Tried, reader: &Reader, now: Timestamp) -> String {
    let probe = &tried.probe;
    if let (Some(error), true) = (&probe.error, probe.items.is_empty()) {
        return one_line(&format!("nothing came: {error}"), REASON_LIMIT);
    }
    let newest = probe.items.iter().filter_map(|(item, _)| item.published).map(|at| at.at).max();
    let newest = newest.map(|at| format!(", the newest of {}", reader.moment(at, now))).unwrap_or_default();
    let more = if probe.n_left > 0 { format!(", and {} more pages to read", probe.n_left) } else { String::new() };
    match probe.items.len() {
        0 => "nothing is on it".to_owned(),
        1 => format!("1 item{newest}{more}"),
        n => format!("{n} items{newest}{more}"),
    }
}

fn name(kind: OfferKind) -> &'static str {
    match kind {
        OfferKind::Preset => "service",
        OfferKind::WordPress => "WordPress",
        OfferKind::Feed => "feed",
        OfferKind::CommentFeed => "comment feed",
        OfferKind::ForumFeed => "forum feed",
        OfferKind::Page => "page",
        OfferKind::Sitemap => "sitemap",
    }
}

/// The one that was picked; a person at a terminal is asked, else the best is taken.
fn choose<'t>(wish: &Wish<'_>, tried: &'t [Tried], n_good: usize, json: bool) -> anyhow::Result<&'t Tried> {
    let number = match wish.pick {
        Some(number) => number,
        None if n_good > 1 && !json && std::io::stdin().is_terminal() => ask(n_good)?,
        None => 1,
    };
    let chosen = number.checked_sub(1).and_then(|index| tried.get(index)).filter(|tried| tried.is_good());
    chosen.ok_or_else(|| anyhow!("{number} is none of the offers; choose 1 to {n_good}"))
}

fn ask(n_good: usize) -> anyhow::Result<usize> {
    say(&format!("Which one? 1 to {n_good}, or return for 1"));
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).context("the answer cannot be read")?;
    let answer = line.trim();
    if answer.is_empty() { Ok(1) } else { answer.parse().map_err(|_| anyhow!("`{answer}` is no number")) }
}

fn new_source(tried: &Tried, id: Option<&str>) -> NewSource {
    let offer = &tried.offer;
    let title = offer.title.clone().or_else(|| tried.probe.title.clone());
    let recipe = offer.recipe.iter().flat_map(Recipe::parts);
    NewSource {
        id: id.map(str::to_owned),
        comment: title.clone(),
        title,
        engine: offer.preset.is_none().then(|| offer.engine.to_owned()),
        preset: offer.preset.map(str::to_owned),
        url: offer.url.clone(),
        every: None,
        medium: offer.medium.filter(|_| offer.preset.is_none()),
        lang: common_lang(tried),
        follow: None,
        recipe: recipe.map(|(key, part)| (key.to_owned(), part.to_owned())).collect(),
    }
}

/// The language that nearly all items are said to be in.
fn common_lang(tried: &Tried) -> Option<String> {
    let langs = tried.probe.items.iter().filter_map(|(item, _)| item.lang.as_deref());
    let langs: Vec<String> = langs.map(|lang| lang.chars().take(2).collect::<String>().to_lowercase()).collect();
    let first = langs.first().filter(|lang| lang.len() == 2 && lang.chars().all(|c| c.is_ascii_lowercase()))?;
    let n_same = langs.iter().filter(|lang| *lang == first).count();
    (n_same * 4 >= tried.probe.items.len() * 3).then(|| first.clone())
}

fn as_json(url: &str, tried: &[Tried], added: Option<(&str, &str)>, known: Option<&str>) -> Value {
    let offers: Vec<Value> = tried
        .iter()
        .map(|tried| {
            json!({
                "kind": name(tried.offer.kind), "engine": tried.offer.engine, "preset": tried.offer.preset,
                "url": tried.offer.url, "title": tried.offer.title, "why": tried.offer.why,
                "items": tried.probe.items.len(), "error": tried.probe.error, "pages_left": tried.probe.n_left,
                "first": tried.probe.items.iter().take(3).map(|(item, _)| item_json(item)).collect::<Vec<_>>(),
            })
        })
        .collect();
    json!({
        "url": url, "offers": offers, "id": added.map(|(id, _)| id), "block": added.map(|(_, block)| block),
        "known_as": known,
    })
}
