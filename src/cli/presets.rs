//! `presets`: what services can be read by a preset, and what one of them needs.

use super::DONE;
use super::talk::{print, print_json, say};
use crate::app::{Folders, load_config_or_default};
use crate::desk;
use anyhow::bail;

pub(super) fn presets(folders: &Folders, name: Option<&str>, json: bool) -> anyhow::Result<u8> {
    let presets = load_config_or_default(folders)?.presets;
    let all = presets.list();
    let chosen: Vec<_> = all.iter().filter(|(preset, _)| name.is_none_or(|name| preset.name == name)).collect();
    if chosen.is_empty() {
        let names: Vec<&str> = all.iter().map(|(preset, _)| preset.name.as_str()).collect();
        bail!("there is no preset `{}`; there are {}", name.unwrap_or_default(), names.join(", "));
    }
    for (preset, is_users) in &chosen {
        if json {
            print_json(&desk::preset_as_json(preset, *is_users))?;
        } else if name.is_some() {
            print(desk::preset_page(preset).trim_end())?;
        } else {
            let own = if *is_users { "  (your own)" } else { "" };
            print(&format!("{:<18} {}{own}", preset.name, preset.about))?;
        }
    }
    if !json && name.is_none() {
        say("`porterhouse presets NAME` shows what one needs");
    }
    Ok(DONE)
}
