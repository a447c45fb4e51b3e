//! `init`: a configuration to start from.

use super::talk::print;
use super::{DONE, FAILED};
use crate::config::{SETTINGS_FILE, SOURCES_FILE, init_template};
use anyhow::Context;
use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::Path;

pub(super) fn init(folder: &Path) -> anyhow::Result<u8> {
    std::fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    let template = init_template();
    let mut code = DONE;
    for (name, text) in [(SOURCES_FILE, template.sources), (SETTINGS_FILE, template.settings)] {
        let path = folder.join(name);
        // Never over what is there: it may be somebody's work.
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(mut file) => {
                file.write_all(text.as_bytes()).with_context(|| format!("{} cannot be written", path.display()))?;
                print(&format!("wrote {}", path.display()))?;
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                super::talk::say(&format!("{} is there already; left as it is", path.display()));
                code = FAILED;
            }
            Err(error) => return Err(error).with_context(|| format!("{} cannot be written", path.display())),
        }
    }
    if code == DONE {
        print("next: put your brand into sources.toml, then `porterhouse check` and `porterhouse crawl --once`")?;
    }
    Ok(code)
}
