//! `completions` and `man`, made from the same words as the help.

use super::DONE;
use super::args::Cli;
use super::talk::print;
use anyhow::{Context, anyhow};
use clap::CommandFactory;
use clap_complete::{Shell, generate};
use std::io::Write;
use std::path::Path;

pub(super) fn completions(shell: &str) -> anyhow::Result<u8> {
    let shell: Shell = shell.parse().map_err(|wrong: String| anyhow!(wrong))?;
    let mut text = Vec::new();
    generate(shell, &mut Cli::command(), "porterhouse", &mut text);
    std::io::stdout().write_all(&text)?;
    Ok(DONE)
}

pub(super) fn man(folder: Option<&Path>) -> anyhow::Result<u8> {
    if let Some(folder) = folder {
        std::fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
        clap_mangen::generate_to(Cli::command(), folder)
            .with_context(|| format!("{} cannot be written", folder.display()))?;
        print(&format!("wrote the manual pages into {}", folder.display()))?;
    } else {
        let mut page = Vec::new();
        clap_mangen::Man::new(Cli::command()).render(&mut page)?;
        std::io::stdout().write_all(&page)?;
    }
    Ok(DONE)
}
