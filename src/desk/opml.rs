//! `porterhouse sources import` and `export`: lists of feeds into `sources.toml` and out of it.
//!
//! Pure but for [`SourcesFile`], which the caller opens and saves.

use super::web_address;
use crate::config::{AddError, NewSource, SourcesFile, WrittenSource, parse_duration};
use crate::source::opml::{self, OpmlError, Subscription, Written};
use serde::Serialize;

/// What our own attributes call the keys of `[source.recipe]`.
const RECIPE: &str = "recipe.";

/// What became of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Imported {
    /// The sources that were added, in the order of the list.
    pub added: Vec<Added>,
    /// Outlines whose address is read already, or stood in the list before.
    pub known: usize,
    /// Outlines that cannot be sources, in the order of the list.
    pub unreadable: Vec<Unreadable>,
    /// Outlines that name a page and no feed.
    pub without_feed: usize,
    /// Places where the markup of the list is broken.
    pub broken: usize,
    /// The list is longer than is read.
    pub is_cut: bool,
}

/// A source that was added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Added {
    /// Its id.
    pub id: String,
    /// Its address as the list writes it.
    pub url: String,
    /// The line of the list.
    pub line: usize,
}

/// An outline that cannot be a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unreadable {
    /// The line of the list.
    pub line: usize,
    /// Why.
    pub message: String,
}

/// The most bytes that a list may have.
pub const OPML_LIMIT_BYTES: usize = opml::FILE_LIMIT_BYTES;

/// The most outlines of a list that are read.
pub const OPML_LIMIT_OUTLINES: usize = opml::OUTLINES_LIMIT;

/// Adds what the list in `bytes` subscribes to. The file is not saved.
///
/// # Errors
/// [`OpmlError`] where it is no list; single outlines that cannot be sources are told in the answer.
pub fn import_opml(bytes: &[u8], file: &mut SourcesFile) -> Result<Imported, OpmlError> {
    let list = opml::read(bytes)?;
    let mut imported = Imported {
        without_feed: list.n_without_feed,
        broken: list.n_broken,
        is_cut: list.is_full,
        ..Imported::default()
    };
    for outline in list.found {
        let line = outline.line;
        match add(file, outline) {
            Ok(added) => imported.added.push(added),
            Err(AddError::Known { .. }) => imported.known += 1,
            Err(error) => imported.unreadable.push(Unreadable { line, message: error.to_string() }),
        }
    }
    Ok(imported)
}

fn add(file: &mut SourcesFile, outline: Subscription) -> Result<Added, AddError> {
    let (line, url) = (outline.line, outline.url.clone());
    let source = new_source(outline)?;
    let id = match file.add(&source) {
        // A language that only the list knows is no reason to go without the feed.
        Err(AddError::Value { key: "lang", .. }) => file.add(&NewSource { lang: None, ..source })?,
        other => other?,
    };
    Ok(Added { id, url, line })
}

fn new_source(outline: Subscription) -> Result<NewSource, AddError> {
    let mut source = NewSource { url: with_scheme(&outline.url), lang: outline.lang, ..NewSource::default() };
    for (key, value) in outline.own {
        let wrong = |help: &str| AddError::Value { key: "every", value: value.clone(), help: help.to_owned() };
        match key.as_str() {
            "id" => source.id = Some(value),
            "engine" => source.engine = Some(value),
            "preset" => source.preset = Some(value),
            "every" => source.every = Some(parse_duration(&value).map_err(|error| wrong(&error.help()))?),
            "medium" => source.medium = value.parse().ok(),
            "lang" => source.lang = Some(value),
            "follow" => source.follow = value.parse().ok(),
            key => source.recipe.extend(key.strip_prefix(RECIPE).map(|key| (key.to_owned(), value.clone()))),
        }
    }
    if source.engine.is_none() && source.preset.is_none() {
        source.engine = Some("feed".to_owned());
    }
    let code = source.lang.as_deref().and_then(|lang| lang.split(['-', '_']).next()).map(str::to_ascii_lowercase);
    source.lang = code;
    // A title that we wrote ourselves is the id.
    let title = outline.title.as_deref().filter(|title| source.id.as_deref() != Some(title));
    source.comment = comment(title, &outline.folders);
    source.title = outline.title;
    Ok(source)
}

/// What a person recognizes the source by: `The steak blog (Food / Meat)`.
fn comment(title: Option<&str>, folders: &[String]) -> Option<String> {
    let folders = folders.join(" / ");
    match (title, folders.as_str()) {
        (None, "") => None,
        (Some(title), "") => Some(title.to_owned()),
        (None, folders) => Some(format!("({folders})")),
        (Some(title), folders) => Some(format!("{title} ({folders})")),
    }
}

/// Some lists leave the scheme out. What else is wrong with an address is told when it is added.
fn with_scheme(url: &str) -> String {
    if url.contains("://") { url.to_owned() } else { web_address(url).unwrap_or_else(|_| url.to_owned()) }
}

/// The sources of `file` as OPML 2.0. Imported again, it gives the same sources.
///
/// What a source has beside its address stands in attributes of our own, so that keys are kept that nobody knew when
/// this was written.
#[must_use]
pub fn export_opml(file: &SourcesFile) -> String {
    // OPML has no word for a folder of files.
    let sources = file.written().into_iter().map(outline).filter(|source| !source.url.is_empty());
    let sources: Vec<Written> = sources.collect();
    opml::write("Sources of porterhouse", &sources)
}

fn outline(source: WrittenSource) -> Written {
    let mut written = Written { title: String::new(), url: String::new(), is_feed: false, lang: None, own: Vec::new() };
    for (key, value) in source.keys {
        match key.as_str() {
            "url" => written.url = value,
            "lang" => written.lang = Some(value),
            _ => {
                match key.as_str() {
                    "id" => written.title = value.clone(),
                    "engine" => written.is_feed = value == "feed",
                    _ => {}
                }
                written.own.push((key, value));
            }
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    const BRAND: &str = "[[brand]]\nid = \"kranich\"\nname = \"Kranichbahn\"\n";

    fn opened(text: &str) -> (tempfile::TempDir, SourcesFile) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("sources.toml"), text).unwrap();
        let file = SourcesFile::open(folder.path()).unwrap();
        (folder, file)
    }

    #[test]
    fn a_list_becomes_sources_and_says_what_did_not() {
        let (_folder, mut file) = opened(BRAND);
        let list = "<opml><body><outline text='Food'>\n\
             <outline text='A' xmlUrl='https://a.example/feed' language='de-AT'/>\n\
             <outline text='A again' xmlUrl='http://www.a.example/feed/'/>\n\
             <outline text='B' xmlUrl='b.example/rss' language='Klingon'/>\n\
             <outline text='C' xmlUrl='ftp://c.example/'/>\n\
             <outline text='D' htmlUrl='https://d.example/'/></outline></body></opml>";
        let imported = import_opml(list.as_bytes(), &mut file).unwrap();
        let ids: Vec<&str> = imported.added.iter().map(|added| added.id.as_str()).collect();
        assert_eq!(ids, ["a-example", "b-example"]);
        assert_eq!((imported.known, imported.without_feed, imported.unreadable[0].line), (1, 1, 5));
        expect_test::expect![[r##"
            # A (Food)
            [[source]]
            id = "a-example"
            engine = "feed"
            url = "https://a.example/feed"
            lang = "de"

            # B (Food)
            [[source]]
            id = "b-example"
            engine = "feed"
            url = "https://b.example/rss"
        "##]]
        .assert_eq(file.blocks());
    }

    #[test]
    fn what_is_exported_is_imported_as_it_was() {
        let sources = "\n[[source]]\nid = \"blog-x\"\nengine = \"feed\"\nurl = \"https://a.example/?a=1&b=2\"\nevery = \"1h30m\"\n\
             medium = \"forum\"\nlang = \"de\"\n\n[[source]]\nid = \"other\"\nengine = \"feed\"\nurl = \"https://b.example/\"\n";
        let (_folder, file) = opened(&format!("{BRAND}{sources}"));
        let list = export_opml(&file);
        let (_folder, mut file) = opened(BRAND);
        assert_eq!(import_opml(list.as_bytes(), &mut file).unwrap().added.len(), 2);
        assert_eq!(file.blocks(), sources.trim_start());
    }

    #[test]
    fn a_recipe_and_a_flag_survive_the_way_through_a_list() {
        let list = "<outline text='F' url='https://a.example/' porterhouse:preset='phpbb' porterhouse:follow='false' porterhouse:recipe.item='a &gt; b'/>";
        let (_folder, mut file) = opened(BRAND);
        import_opml(list.as_bytes(), &mut file).unwrap();
        assert!(file.blocks().contains("\nfollow = false\n"), "{}", file.blocks());
        assert!(file.blocks().ends_with("[source.recipe]\nitem = \"a > b\"\n"), "{}", file.blocks());
        let (_folder, file) = opened(&format!("{BRAND}{}", file.blocks()));
        let list = export_opml(&file);
        assert!(list.contains("porterhouse:recipe.item=\"a &gt; b\"") && list.contains("porterhouse:follow=\"false\""));
    }
}
