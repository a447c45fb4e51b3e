//! The words behind `sources`.

use clap::Subcommand;
use std::path::PathBuf;

/// What to do with the sources.
#[derive(Debug, Clone, Subcommand)]
pub(in crate::cli) enum SourcesAct {
    /// List every source: how well it can be read, since when, why, and when it is read next
    List,
    /// Look what can be listened to at an address, try it, and add the best of it to sources.toml
    ///
    /// Looks for feeds, feeds of comments, the interface of WordPress, forums, sitemaps, and items on the page itself;
    /// reads each once, shows the first items of the chosen one, and writes its `[[source]]` block. Comments and order of
    /// sources.toml stay as they are. At a terminal it asks where there are several; else it takes the first.
    ///
    /// Example: `porterhouse sources add blog.example.com`
    Add {
        /// The address of a site, a page or a feed; without a scheme it is taken for https
        #[arg(value_name = "URL")]
        url: String,
        /// Take this one of the offers
        #[arg(long, value_name = "N")]
        pick: Option<usize>,
        /// The id of the new source [default: made of its title]
        #[arg(long, value_name = "ID")]
        id: Option<String>,
        /// Print what would be added, and change nothing
        #[arg(long)]
        dry_run: bool,
    },
    /// Read a source now and show what it gives; nothing is kept or told
    Test {
        /// Its id
        #[arg(value_name = "ID")]
        id: String,
    },
    /// Add the feeds of an OPML list to sources.toml
    ///
    /// Comments and order of sources.toml stay as they are; the new sources stand behind the last one. What is read
    /// already is left out, and an address that cannot be read is named with its line. The file is checked before it
    /// takes the place of the old one.
    ///
    /// Example: `porterhouse sources import feeds.opml --dry-run`
    Import {
        /// The list, as feed readers export it
        #[arg(value_name = "FILE.opml")]
        file: PathBuf,
        /// Print what would be added, and change nothing
        #[arg(long)]
        dry_run: bool,
    },
    /// Write sources.toml as an OPML list, which feed readers and `sources import` read
    Export {
        /// The new file [default: standard output]
        #[arg(value_name = "FILE.opml")]
        file: Option<PathBuf>,
    },
}
