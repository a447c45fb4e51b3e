//! `sources`: lists them, and takes lists of them in and out. Each subcommand is a file.

mod act;
mod add;
mod export;
mod import;
mod items;
mod list;
mod test;

pub(super) use act::SourcesAct;
pub(super) use list::tell_troubles;

use crate::app::Folders;

/// Does what is asked; without a subcommand, `list`.
pub(super) fn sources(folders: &Folders, act: Option<&SourcesAct>, json: bool) -> anyhow::Result<u8> {
    match act {
        None | Some(SourcesAct::List) => list::list(folders, json),
        Some(SourcesAct::Add { url, pick, id, dry_run }) => {
            let wish = add::Wish { url, pick: *pick, id: id.as_deref(), dry_run: *dry_run };
            add::add(folders, &wish, json)
        }
        Some(SourcesAct::Test { id }) => test::test(folders, id, json),
        Some(SourcesAct::Import { file, dry_run }) => import::import(folders, file, *dry_run, json),
        Some(SourcesAct::Export { file }) => export::export(folders, file.as_deref(), json),
    }
}
