//! What a preset reads and needs, told from the preset itself: the pages of `docs/presets` and `porterhouse presets`.

use crate::model::{AuthStyle, PageStyle, Preset, Terms};
use crate::source::json;
use serde_json::{Value, json};

/// What is to be written into `sources.toml`.
#[must_use]
pub fn preset_block(preset: &Preset) -> String {
    let mut block = format!("[[source]]\nid = \"{}-1\"\npreset = \"{}\"\n", preset.name, preset.name);
    if !makes_address(preset) {
        block.push_str(&format!("url = \"{}\"\n", preset.example));
    }
    for (name, variable) in in_order(preset) {
        let value = variable.default.as_ref().unwrap_or(&variable.example);
        block.push_str(&format!("{name} = \"{value}\"\n"));
    }
    if preset.auth.as_ref().is_some_and(|auth| auth.required) {
        block.push_str(&format!("key = {{ env = \"{}\" }}\n", key_name(preset)));
    }
    block
}

/// The page of a preset in Markdown.
#[must_use]
pub fn preset_page(preset: &Preset) -> String {
    let mut page = format!("# {}\n\nReads {}.\n\n```toml\n{}```\n", preset.name, preset.about, preset_block(preset));
    if !preset.variables.is_empty() {
        page.push_str("\n| key | meaning | unless you say |\n| --- | --- | --- |\n");
        for (name, variable) in in_order(preset) {
            let default = variable.default.as_ref().map_or("needed".to_owned(), |default| format!("`{default}`"));
            page.push_str(&format!("| `{name}` | {} | {default} |\n", variable.about));
        }
    }
    page.push('\n');
    for line in facts(preset) {
        page.push_str(&format!("- {line}\n"));
    }
    page
}

/// The same for programs.
#[must_use]
pub fn preset_as_json(preset: &Preset, is_users: bool) -> Value {
    let variables = in_order(preset).into_iter().map(|(name, variable)| {
        json!({ "name": name, "about": variable.about, "default": variable.default, "example": variable.example })
    });
    json!({
        "name": preset.name,
        "about": preset.about,
        "engine": preset.engine,
        "medium": preset.medium,
        "terms": terms(preset.terms),
        "is_users": is_users,
        "variables": variables.collect::<Vec<_>>(),
        "every_s": json::every(preset).map(|every| every.as_secs()),
        "facts": facts(preset),
        "example": preset_block(preset),
    })
}

fn makes_address(preset: &Preset) -> bool {
    preset.engine == "json" || preset.url.is_some()
}

/// What the user has to fill in comes first.
fn in_order(preset: &Preset) -> Vec<(&String, &crate::model::Variable)> {
    let mut variables: Vec<_> = preset.variables.iter().collect();
    variables.sort_by_key(|(_, variable)| variable.default.is_some());
    variables
}

/// What a person should know of it, one sentence each.
fn facts(preset: &Preset) -> Vec<String> {
    let mut facts = vec![format!("Terms: {}.", terms(preset.terms)), format!("Engine: `{}`.", preset.engine)];
    if let Some(base) = preset.base.as_ref().or(preset.url.as_ref()) {
        facts.push(format!("Asks `{base}`."));
    }
    facts.extend(preset.every.as_ref().map(|every| format!("Is read every {every}, unless `every` says otherwise.")));
    facts.extend(preset.auth.as_ref().map(|auth| {
        let how = match auth.style {
            AuthStyle::Bearer => "as a bearer token".to_owned(),
            AuthStyle::Header => format!("in the header `{}`", auth.name),
            AuthStyle::Query => format!("as `{}` of the query, which no log and no page shows", auth.name),
            AuthStyle::OAuth2 => "for access tokens, which are kept and renewed".to_owned(),
            AuthStyle::Basic => format!("as the password of `{}`", auth.name),
        };
        let need = if auth.required { "needed" } else { "optional" };
        format!("A key is {need}, `key = {{ env = \"{}\" }}`; it is sent {how}.", key_name(preset))
    }));
    facts.extend(preset.limits.min_spacing.as_ref().map(|spacing| format!("Asks at most every {spacing}.")));
    facts.extend(preset.limits.per_hour.map(|n| format!("Asks at most {n} times an hour.")));
    facts.extend(limit_facts(preset));
    if let Some(ask) = preset.request.first() {
        facts.push(format!(
            "{} Looks back {} for what is listed late.",
            pages(ask.paging.style),
            preset.cursor.overlap
        ));
    }
    if !preset.again.is_empty() {
        facts.push(
            "What was kept is looked at again for two days: edits and deletions there are followed here.".to_owned(),
        );
    }
    facts.extend(preset.notes.iter().map(|note| {
        let mut letters = note.chars();
        let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
        format!("{first}{}.", letters.as_str())
    }));
    facts
}

/// Quotas and prices.
fn limit_facts(preset: &Preset) -> Vec<String> {
    let limits = &preset.limits;
    let zone = limits.zone.as_deref().unwrap_or("UTC");
    let mut facts = Vec::new();
    facts.extend(limits.per_day.map(|n| {
        format!("Asks at most {n} times a day, from midnight to midnight of {zone}, unless `per_day` says otherwise.")
    }));
    if let Some(cost) = &limits.cost {
        let request = cost.request.as_ref().map(|price| format!("{price} a request"));
        let item = cost.item.as_ref().map(|price| format!("{price} an item"));
        let prices: Vec<String> = request.into_iter().chain(item).collect();
        facts.push(format!("Costs {}; needs `budget`, what may be spent in a month.", prices.join(" and ")));
    }
    if limits.remaining.is_some() {
        facts.push("What is left of the day's quota is read from its answers, and its last part spread.".to_owned());
    }
    facts
}

fn pages(style: PageStyle) -> &'static str {
    match style {
        PageStyle::None => "Gives one page.",
        PageStyle::Page | PageStyle::Offset => "Gives numbered pages, the newest first.",
        PageStyle::Token | PageStyle::Link | PageStyle::Next => "Gives pages that name the next one.",
        PageStyle::Until => "Is read from the newest down to what is known.",
        PageStyle::Forward => "Is read from what is known up to the newest.",
    }
}

fn key_name(preset: &Preset) -> String {
    format!("{}_KEY", preset.name.to_ascii_uppercase().replace('-', "_"))
}

fn terms(terms: Terms) -> &'static str {
    match terms {
        Terms::Ok => "open to anybody",
        Terms::Key => "open with a free key",
        Terms::Permission => "for personal use, or with the operator's permission",
        Terms::Forbidden => "not open to programs",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::PRESETS;
    use std::fs;
    use std::path::Path;

    #[test]
    fn every_preset_has_the_page_that_it_makes() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/presets");
        let is_update = std::env::var_os("UPDATE_EXPECT").is_some();
        for preset in PRESETS.iter() {
            let path = folder.join(format!("{}.md", preset.name));
            if is_update {
                fs::create_dir_all(&folder).expect("a folder");
                fs::write(&path, preset_page(preset)).expect("written");
            }
            let there = fs::read_to_string(&path).unwrap_or_default();
            assert_eq!(there, preset_page(preset), "{}: run with UPDATE_EXPECT=1", path.display());
        }
        let n_pages = fs::read_dir(&folder).expect("a folder").count();
        assert_eq!(n_pages, PRESETS.len(), "a page of a preset that is gone");
    }

    #[test]
    fn the_block_of_every_preset_is_a_sound_source() {
        let folder = tempfile::tempdir().expect("a folder");
        let blocks: String = PRESETS.iter().map(|preset| preset_block(preset) + "\n").collect();
        let brand = "[[brand]]\nid = \"b\"\nname = \"Porterhouse Grill\"\n\n";
        fs::write(folder.path().join("sources.toml"), format!("{brand}{blocks}")).expect("written");
        let config = crate::config::load(folder.path()).unwrap_or_else(|error| panic!("{error:#?}"));
        assert_eq!(config.watch.sources.len(), PRESETS.len());
    }
}
