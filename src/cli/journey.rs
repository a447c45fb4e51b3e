//! `journey`: how many mentions felt how, by phase, medium, aspect, hour or day.

use super::talk::{print, print_json, say};
use super::{DONE, runtime};
use crate::app::{self, Along, Folders, LookedAt};
use crate::model::{BrandId, JourneyBy, JourneyCount, Medium, Phase, Touchpoint};
use crate::wording::{Language, aspect_name, medium_name, one_line, phase_name, touchpoint_name};

/// Results are in the language of the commands.
const LANGUAGE: Language = Language::En;
/// The longest name in the table.
const NAME_WIDTH: usize = 24;
/// How wide the bar of all mentions of a row is.
const BAR_WIDTH: u64 = 30;

/// What `--by` takes.
pub(super) const BY: [&str; 5] = ["phase", "medium", "aspect", "hour", "day"];

pub(super) fn journey(folders: &Folders, brand: Option<&str>, by: &str, since: &str, json: bool) -> anyhow::Result<u8> {
    let along = along(by);
    let found = runtime()?.block_on(app::journey(folders, brand.map(BrandId::new), along, since))?;
    if json {
        found.found.iter().try_for_each(print_json)?;
    } else if found.found.is_empty() {
        say("no mentions");
    } else {
        table(&found, by)?;
    }
    Ok(DONE)
}

fn along(by: &str) -> Along {
    match by {
        "medium" => Along::Stored(JourneyBy::Medium),
        "aspect" => Along::Stored(JourneyBy::Aspect),
        "hour" => Along::Stored(JourneyBy::Hour),
        "day" => Along::Day,
        _ => Along::Stored(JourneyBy::Phase),
    }
}

/// A part for each brand; the bars of one brand are of one scale.
fn table(found: &LookedAt<Vec<JourneyCount>>, by: &str) -> std::io::Result<()> {
    for counts in found.found.chunk_by(|one, other| one.brand == other.brand) {
        let Some(first) = counts.first() else { continue };
        let brand = found.brands.iter().find(|brand| brand.id == first.brand);
        print(&one_line(brand.map_or(first.brand.as_str(), |brand| &brand.name), 60))?;
        print(&format!("  {:NAME_WIDTH$} {:>8} {:>8} {:>8} {:>8}", by, "good", "neutral", "bad", "mixed"))?;
        let most = counts.iter().map(JourneyCount::n).max().unwrap_or(1).max(1);
        counts.iter().try_for_each(|count| row(count, by, most))?;
    }
    Ok(())
}

fn row(count: &JourneyCount, by: &str, most: u64) -> std::io::Result<()> {
    let JourneyCount { positive, neutral, negative, mixed, .. } = count;
    let bar = |n: u64, mark: &str| mark.repeat(usize::try_from((n * BAR_WIDTH).div_ceil(most)).unwrap_or_default());
    let bars = format!("{}{}{}", bar(*positive, "+"), bar(neutral + mixed, "·"), bar(*negative, "-"));
    let name = one_line(&name(&count.of, by), NAME_WIDTH);
    print(&format!("  {name:NAME_WIDTH$} {positive:>8} {neutral:>8} {negative:>8} {mixed:>8}  {bars}"))
}

fn name(of: &str, by: &str) -> String {
    match by {
        "phase" => Phase::from_name(of).map_or(of, |phase| phase_name(phase, LANGUAGE)).to_owned(),
        "medium" => name_of_medium(of).to_owned(),
        "aspect" => aspect_name(of, LANGUAGE),
        _ => of.to_owned(),
    }
}

/// Where the touch took place, or where it was told.
fn name_of_medium(of: &str) -> &str {
    let told = |_| Touchpoint::from_name(of).map_or(of, |touchpoint| touchpoint_name(touchpoint, LANGUAGE));
    of.parse::<Medium>().map_or_else(told, |medium| medium_name(medium, LANGUAGE))
}
