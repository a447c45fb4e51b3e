//! Writes into `sources.toml`: appends `[[source]]` blocks and leaves every byte that a person wrote as it is.
//!
//! In: a configuration folder and any number of [`NewSource`]. Out: the same file with the blocks behind its last
//! source, checked as every configuration is before it takes the place of the old one, which it does at once or not
//! at all. What somebody else wrote meanwhile is never lost: then nothing is changed. Linear in file and blocks.

mod block;
mod place;
mod replace;
mod slug;
#[cfg(test)]
mod tests;

pub use block::NewSource;

use super::duration::duration_text;
use super::finding::ConfigError;
use super::folder::SOURCES_FILE;
use super::load::{FILE_LIMIT_BYTES, load_with_sources};
use super::source::EVERY;
use super::{Config, form};
use crate::source;
use crate::text::canonical_address;
use slug::Ids;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use toml_edit::{Document, TableLike};
use url::Url;

/// What a file may begin with, and keeps.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// `sources.toml`, read and about to be written.
#[derive(Debug)]
pub struct SourcesFile {
    folder: PathBuf,
    path: PathBuf,
    /// The text as it was read, byte order mark included.
    text: String,
    /// The byte of `text` behind the last source.
    end_of_sources: usize,
    ids: Ids,
    /// The id of the source that reads an address, by its one form.
    by_address: HashMap<String, String>,
    blocks: String,
    n_added: usize,
}

/// A source as it stands in the file, unchecked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenSource {
    /// Its keys with texts, or `true` and `false`, as values, in order; those of a table in it as `table.key`.
    pub keys: Vec<(String, String)>,
}

/// Why a source was not added.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddError {
    /// There is a source for this address.
    #[error("`{url}` is read already, by the source `{id}`")]
    Known {
        /// The address.
        url: String,
        /// The id of the source that is there.
        id: String,
    },
    /// Nobody can ask that.
    #[error("`{url}` is no address of a source; write it as `https://host/path`, without a login")]
    NotAddress {
        /// The address, without the login that it may hold.
        url: String,
    },
    /// A value that a source cannot have.
    #[error("`{key} = \"{value}\"` cannot stand in a source; {help}")]
    Value {
        /// The key.
        key: &'static str,
        /// The value.
        value: String,
        /// What may stand there.
        help: String,
    },
}

/// Why `sources.toml` was left as it is.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    /// It cannot be read.
    #[error("{} cannot be read; `porterhouse init` writes one to start from", .path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// It has mistakes already.
    #[error("mend {SOURCES_FILE} first, nothing was changed:\n{0}")]
    Mistakes(#[source] ConfigError),
    /// It would have mistakes.
    #[error("with the new sources there would be mistakes, nothing was changed:\n{0}")]
    NewMistakes(#[source] ConfigError),
    /// Its sources are a list in brackets, behind which no block can stand.
    #[error("{}: `source = [...]` is one list; write each source below a `[[source]]` of its own", .path.display())]
    InlineList {
        /// The file.
        path: PathBuf,
    },
    /// Somebody else wrote it.
    #[error("{} was changed by somebody else meanwhile; nothing was changed, do it again", .path.display())]
    ChangedMeanwhile {
        /// The file.
        path: PathBuf,
    },
    /// It cannot be written.
    #[error("{} cannot be written; it is as it was", .path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
}

impl SourcesFile {
    /// Reads `sources.toml` in `folder`. What other mistakes it has is looked at when it is written.
    ///
    /// # Errors
    /// [`EditError`] where it is missing, is no TOML, or holds its sources in one inline list.
    pub fn open(folder: &Path) -> Result<Self, EditError> {
        let path = folder.join(SOURCES_FILE);
        let text = read(&path).map_err(|source| EditError::Read { path: path.clone(), source })?;
        let marked = text.len() - text.trim_start_matches(BYTE_ORDER_MARK).len();
        let toml = text.get(marked..).unwrap_or_default();
        let document = match Document::parse(toml) {
            Ok(document) => document,
            Err(error) => return Err(broken(folder, &text, &path, &error)),
        };
        let sources = document.get("source");
        if sources.is_some_and(|item| !item.is_array_of_tables()) {
            return Err(EditError::InlineList { path });
        }
        let (mut ids, mut by_address) = (Ids::default(), HashMap::new());
        let tables = sources.and_then(toml_edit::Item::as_array_of_tables);
        for table in tables.into_iter().flatten() {
            let text = |key| table.get(key).and_then(toml_edit::Item::as_str).map(str::trim);
            let id = text("id").unwrap_or_default();
            ids.take(id);
            if let Some(form) = text("url").and_then(canonical_address) {
                by_address.entry(form).or_insert_with(|| id.to_owned());
            }
        }
        let last = tables.and_then(|tables| tables.iter().last());
        let end_of_sources = marked + last.map_or(toml.len(), |last| place::end_of(toml, last));
        let folder = folder.to_owned();
        Ok(Self { folder, path, text, end_of_sources, ids, by_address, blocks: String::new(), n_added: 0 })
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The id of the source that reads `url` already, in whatever form it is written there.
    #[must_use]
    pub fn reader_of(&self, url: &str) -> Option<&str> {
        self.by_address.get(&canonical_address(url)?).map(String::as_str)
    }

    /// How many sources were added.
    #[must_use]
    pub fn n_added(&self) -> usize {
        self.n_added
    }

    /// The blocks that were added, as they will stand in the file but for its line ends.
    #[must_use]
    pub fn blocks(&self) -> &str {
        &self.blocks
    }

    /// The sources that stand in the file as it was read, in order.
    #[must_use]
    pub fn written(&self) -> Vec<WrittenSource> {
        let toml = self.text.trim_start_matches(BYTE_ORDER_MARK);
        let document = Document::parse(toml).ok();
        let tables = document.as_ref().and_then(|document| document.get("source")?.as_array_of_tables());
        tables.into_iter().flatten().map(|table| WrittenSource { keys: texts_of(table, "") }).collect()
    }

    /// Adds `source`; the answer is its id: the wished one, or one made of title and host, numbered where it is taken.
    ///
    /// # Errors
    /// [`AddError`]; then nothing was added.
    pub fn add(&mut self, source: &NewSource) -> Result<String, AddError> {
        let url = address(&source.url)?;
        check_values(source)?;
        let form = canonical_address(&url).unwrap_or_else(|| url.clone());
        let vacant = match self.by_address.entry(form) {
            Entry::Occupied(known) => return Err(AddError::Known { url, id: known.get().clone() }),
            Entry::Vacant(vacant) => vacant,
        };
        let wished = source.id.as_deref().map(slug::plain).filter(|id| !id.is_empty());
        let id = self.ids.next(&wished.unwrap_or_else(|| slug::of(source.title.as_deref(), &url)));
        vacant.insert(id.clone());
        block::push(&mut self.blocks, source, &id, &url);
        self.n_added += 1;
        Ok(id)
    }

    /// The whole file with what was added.
    #[must_use]
    pub fn new_text(&self) -> String {
        place::insert(&self.text, self.end_of_sources, &self.blocks)
    }

    /// Checks the file with what was added, beside `porterhouse.toml`, as `porterhouse check` does.
    ///
    /// # Errors
    /// [`EditError::Mistakes`] where it was wrong before, [`EditError::NewMistakes`] where it would be.
    pub fn check(&self) -> Result<Config, EditError> {
        load_with_sources(&self.folder, &self.new_text()).map_err(|new| {
            match load_with_sources(&self.folder, &self.text) {
                Err(old) => EditError::Mistakes(old),
                Ok(_) => EditError::NewMistakes(new),
            }
        })
    }

    /// Checks the file and puts it in the place of the old one, with its rights and, where we may, its owner. A link
    /// stays a link. Nothing is written where nothing was added.
    ///
    /// # Errors
    /// [`EditError`]; then the file is as it was, or as somebody else has made it meanwhile.
    pub fn save(self) -> Result<Config, EditError> {
        let config = self.check()?;
        if self.n_added > 0 {
            replace::replace(&self.path, self.text.as_bytes(), self.new_text().as_bytes())?;
        }
        Ok(config)
    }
}

/// The keys of `table` that have texts or `true` and `false` as values, each behind `prefix`; those of tables in it behind their names.
fn texts_of(table: &dyn TableLike, prefix: &str) -> Vec<(String, String)> {
    let mut texts = Vec::new();
    for (key, item) in table.iter() {
        let key = format!("{prefix}{key}");
        if let Some(table) = item.as_table_like() {
            texts.extend(texts_of(table, &format!("{key}.")));
        } else if let Some(text) = item.as_str().map(str::to_owned).or(item.as_bool().map(|flag| flag.to_string())) {
            texts.push((key, text));
        }
    }
    texts
}

/// The file, which must be UTF-8 and within its bound.
fn read(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    let n_bytes = std::fs::File::open(path)?.take(FILE_LIMIT_BYTES + 1).read_to_string(&mut text)?;
    if n_bytes as u64 > FILE_LIMIT_BYTES {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("it is larger than {FILE_LIMIT_BYTES} bytes")));
    }
    Ok(text)
}

/// The checker's words for what is wrong, else those of the parser.
fn broken(folder: &Path, text: &str, path: &Path, error: &toml_edit::TomlError) -> EditError {
    match load_with_sources(folder, text) {
        Err(mistakes) => EditError::Mistakes(mistakes),
        Ok(_) => EditError::Read { path: path.to_owned(), source: io::Error::other(error.message().to_owned()) },
    }
}

/// The address as it will stand in the file.
fn address(typed: &str) -> Result<String, AddError> {
    let url = Url::parse(typed.trim()).map_err(|_| AddError::NotAddress { url: typed.trim().to_owned() })?;
    if url.username().is_empty() && url.password().is_none() && matches!(url.scheme(), "http" | "https") {
        return Ok(url.into());
    }
    let (scheme, host) = (url.scheme(), url.host_str().unwrap_or_default());
    Err(AddError::NotAddress { url: format!("{scheme}://{host}") })
}

/// The values that the check would refuse; told here, they cost one source and not all of them.
fn check_values(source: &NewSource) -> Result<(), AddError> {
    let wrong = |key, value: &str, help: String| Err(AddError::Value { key, value: value.to_owned(), help });
    if let Some(engine) = source.engine.as_deref().filter(|name| !source::is_engine(name)) {
        let known: Vec<&str> = source::ENGINES.iter().map(|engine| engine.name).collect();
        return wrong("engine", engine, format!("the engines are {}", known.join(", ")));
    }
    if let Some(preset) = source.preset.as_deref().filter(|name| source::preset(name).is_none()) {
        let known: Vec<&str> = source::PRESETS.iter().map(|preset| preset.name.as_str()).collect();
        return wrong("preset", preset, format!("the presets are {}", known.join(", ")));
    }
    if let Some(lang) = source.lang.as_deref().filter(|code| !form::is_language(code)) {
        return wrong("lang", lang, "write two letters of ISO 639-1, as \"de\"".to_owned());
    }
    if let Some(every) = source.every.filter(|every| !(EVERY.0..=EVERY.1).contains(every)) {
        let help = format!("write {} to {}", duration_text(EVERY.0), duration_text(EVERY.1));
        return wrong("every", &duration_text(every), help);
    }
    Ok(())
}
