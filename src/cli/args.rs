//! The words of the command line.

use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

/// Listens where customers talk about a brand and finds the moments to surprise them.
#[derive(Debug, Parser)]
#[command(
    name = "porterhouse",
    version,
    about,
    max_term_width = 100,
    subcommand_required = true,
    arg_required_else_help = true
)]
pub struct Cli {
    #[command(flatten)]
    pub(super) places: Places,
    #[command(subcommand)]
    pub(super) command: Command,
}

/// Where the program finds and keeps things.
#[derive(Debug, Clone, Args)]
pub(super) struct Places {
    /// Read sources.toml and porterhouse.toml from this folder [default: this folder, then ~/.config/porterhouse, then /etc/porterhouse]
    #[arg(long, global = true, value_name = "DIR")]
    pub(super) config: Option<PathBuf>,
    /// Keep the database in this folder [default: $STATE_DIRECTORY, then ~/.local/share/porterhouse]
    #[arg(long, global = true, value_name = "DIR")]
    pub(super) data: Option<PathBuf>,
    /// Print one JSON document or JSON lines instead of text
    #[arg(long, global = true)]
    pub(super) json: bool,
    /// Say more on stderr; twice says everything
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub(super) verbose: u8,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Show the main job on a small internet of its own: no network, no configuration
    Demo {
        /// Go on until Ctrl-C instead of ending by itself
        #[arg(long)]
        keep: bool,
        /// Leave the mail and the digest in this folder [default: a new folder below the temporary one]
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
    },
    /// Write a commented sources.toml and porterhouse.toml to start from
    Init {
        /// Write them into this folder
        #[arg(default_value = ".")]
        folder: PathBuf,
    },
    /// Read the sources when they are due, tell what is worth telling, until stopped
    Run,
    /// Read sources once, tell what is worth telling, and end
    Crawl {
        /// Read each source once; the only way to crawl for now
        #[arg(long, required = true)]
        once: bool,
        /// Read only this source
        #[arg(long, value_name = "ID")]
        source: Option<String>,
        /// Read sources whether they are due or not
        #[arg(long)]
        force: bool,
    },
    /// Check both configuration files and report every mistake at once; no network
    Check,
    /// Say what the program makes of a text
    Analyze {
        /// The text; read from stdin where it is left out
        #[arg(conflicts_with = "jsonl")]
        text: Option<String>,
        /// Show which rule matched which words, with its weight
        #[arg(long)]
        explain: bool,
        /// Read one JSON object a line from stdin and write one a line, in order
        #[arg(long)]
        jsonl: bool,
        /// The language of the text (ISO 639-1), where you know it
        #[arg(long, value_name = "LANG")]
        lang: Option<String>,
        /// What the text is: tweet, post, comment, review, blog, forum, news, web, video, mail, facebook
        #[arg(long, value_name = "MEDIUM", default_value = "post")]
        medium: String,
    },
    /// Show what a reader makes of a saved answer, as JSON lines
    Read {
        /// The engine or preset, for instance feed
        engine: String,
        /// The saved answer
        file: PathBuf,
        /// The address that it came from
        #[arg(long)]
        url: String,
        /// The Content-Type that came with it
        #[arg(long, value_name = "TYPE")]
        content_type: Option<String>,
        /// A header that came with it, as 'Name: value'; may be repeated
        #[arg(long = "header", value_name = "HEADER")]
        headers: Vec<String>,
    },
    /// Count what is stored
    Stats,
    /// Make the digest
    Digest {
        /// Write digest.eml, digest.html and digest.txt into this folder; nothing is sent
        #[arg(long, required = true, value_name = "DIR")]
        preview: PathBuf,
    },
}
