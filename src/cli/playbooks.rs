//! `playbooks`: what the playbook says, and copies of it to edit.

use super::talk::{print, print_json, say};
use super::{DONE, FAILED};
use crate::app::{Folders, load_config_or_default};
use crate::desk::{self, Play};
use crate::model::Kind;
use anyhow::{Context, bail};
use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::Path;

pub(super) fn list(folders: &Folders, kind: Option<&str>, language: &str, json: bool) -> anyhow::Result<u8> {
    load_config_or_default(folders)?;
    let languages = desk::playbook_languages();
    if !languages.contains(&language) {
        bail!("there is no playbook for `{language}`; the languages are {}", languages.join(", "));
    }
    let plays = desk::plays(language, kind.and_then(Kind::from_name));
    if json {
        plays.into_iter().try_for_each(|play| print_json(&desk::play_as_json(play)))?;
        return Ok(DONE);
    }
    let n_own = plays.iter().filter(|play| play.is_users).count();
    for play in &plays {
        tell(play)?;
    }
    say(&format!("{} plays, {n_own} of your own", plays.len()));
    Ok(DONE)
}

fn tell(play: &Play) -> std::io::Result<()> {
    let own = if play.is_users { "  (your own)" } else { "" };
    print(&format!("{}{own}", play.id))?;
    let kinds: Vec<&str> = play.kinds.iter().map(|kind| kind.as_str()).collect();
    let mut asked = format!("for {}", play.purpose.as_str());
    for (words, names) in [
        (": ", kinds),
        ("; when ", play.when.iter().map(|one| one.as_str()).collect()),
        ("; unless ", play.unless.iter().map(|one| one.as_str()).collect()),
    ] {
        if !names.is_empty() {
            asked.push_str(&format!("{words}{}", names.join(", ")));
        }
    }
    print(&format!("  {asked}"))?;
    for deed in &play.gestures {
        print(&format!("  - {} ({}, cost {})", deed.what, deed.effort.as_str(), deed.cost.as_str()))?;
    }
    play.say.iter().try_for_each(|say| print(&format!("  say: {say}")))?;
    play.avoid.iter().try_for_each(|avoid| print(&format!("  careful: {avoid}")))
}

/// Copies the built-in playbooks into `folder/<language>/playbooks.toml`; never over what is there.
pub(super) fn write(folder: &Path, only: Option<&str>) -> anyhow::Result<u8> {
    let mut code = DONE;
    for language in desk::playbook_languages().into_iter().filter(|language| only.is_none_or(|only| only == *language))
    {
        let below = folder.join(language);
        std::fs::create_dir_all(&below).with_context(|| format!("{} cannot be made", below.display()))?;
        let path = below.join("playbooks.toml");
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(mut file) => {
                let text = desk::playbook_text(language).unwrap_or_default();
                file.write_all(text.as_bytes()).with_context(|| format!("{} cannot be written", path.display()))?;
                print(&format!("wrote {}", path.display()))?;
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                say(&format!("{} is there already; left as it is", path.display()));
                code = FAILED;
            }
            Err(error) => return Err(error).with_context(|| format!("{} cannot be written", path.display())),
        }
    }
    if code == DONE {
        print("next: keep the plays that you change, and write `lexicons = \"FOLDER\"` into porterhouse.toml")?;
    }
    Ok(code)
}
