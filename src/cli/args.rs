//! The words of the command line.

use super::sources::SourcesAct;
use crate::desk::{self, Gauge};
use crate::model::{ImportField, Kind};
use clap::builder::PossibleValuesParser;
use clap::{Args, Parser, Subcommand};
use std::ffi::OsString;
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
    /// Take what is odd in the configuration or in word lists of your own for a mistake, and do nothing
    #[arg(long, global = true)]
    pub(super) strict: bool,
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
    ///
    /// SIGTERM and SIGINT stop it. SIGHUP makes it read both configuration files again: where they hold a mistake, the
    /// log says so with file and line, and it runs on as before. Another data folder is only taken at a start.
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
    Check {
        /// Check the database instead; `check --data` and `check --data DIR` say the same
        #[arg(long)]
        stored: bool,
    },
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
    /// Measure how well verdicts agree with people's, on a file of labelled posts
    ///
    /// Each line is a JSON object with `text` and what people say of it, and optionally what `analyze --jsonl` takes;
    /// `target` names the brand that it is about (`from` and `to` its place in code points), `brand` says all of it.
    /// What people say stands in `label`, or in a field of its own:
    ///
    /// sentiment, of the text: `text_label`; target, toward the brand: `sentiment`; positive, neutral, negative, mixed.
    /// relevance: `relevant`; spam: `spam`; surprise: `surprise`; true or false. In `label`: relevant or irrelevant, spam
    /// or ham. language: its code. kinds, aspects: lists. phase, emotion: a name. deadline, place: in `slots`.
    ///
    /// A feeling that we find mixed counts on the side of its score where no label of the file is mixed. A deadline is
    /// right within 15 minutes. Posts that people call spam or irrelevant do not count for target and phase.
    ///
    /// Examples: `porterhouse evaluate target labelled.jsonl --only part=test --misses 10`,
    /// `porterhouse evaluate sentiment labelled.jsonl --blame`
    Evaluate(Gauged),
    /// Show what a reader makes of a saved answer, as JSON lines
    Read {
        /// The engine or preset, for instance feed
        engine: String,
        /// The saved answer
        file: PathBuf,
        /// The address that it came from; a preset with an address of its own needs none
        #[arg(long)]
        url: Option<String>,
        /// The preset that says how the service is read, for instance hackernews
        #[arg(long, value_name = "NAME")]
        preset: Option<String>,
        /// What is filled in for the preset, as 'name=value'; may be repeated
        #[arg(long = "set", value_name = "NAME=VALUE")]
        filled: Vec<String>,
        /// The Content-Type that came with it
        #[arg(long, value_name = "TYPE")]
        content_type: Option<String>,
        /// A header that came with it, as 'Name: value'; may be repeated
        #[arg(long = "header", value_name = "HEADER")]
        headers: Vec<String>,
    },
    /// Show what services can be read by a preset, and what one of them needs
    ///
    /// Those of your own, in the folder that `presets` of porterhouse.toml names, are among them.
    Presets {
        /// Only this one, with all there is to say of it
        name: Option<String>,
    },
    /// Take in a file of posts: CSV, TSV, JSON or JSON lines, of surveys, phone notes, closed networks
    ///
    /// Finds out encoding, separator, and which column means what by their names in German, English, French, Spanish and
    /// Italian; --preview shows that and keeps nothing. Rows with an id that is known are passed over or, where the text
    /// changed, taken as edits; rows without an id are known by who said what, when. So a second import adds nothing.
    /// Of the first file of a source only what still has a deadline ahead is told. Works beside a running service.
    ///
    /// Fields: id, text, title, created_at, edited_at, author, handle, author_url, followers, url, rating, lang, parent,
    /// thread, target, tags, likes, replies, reposts, views. A column is its name, a dotted path into JSON, or its number.
    ///
    /// Example: `porterhouse import survey.csv --map text=Kommentar,created_at=Datum --preview`
    Import(Handed),
    /// Count what is stored
    Stats,
    /// Find mentions by a query, the newest first
    ///
    /// Words must all occur; OR, NOT and brackets say otherwise. A phrase stands in quotation marks, `*` and `?` stand
    /// for letters inside a word, `="ICE"` means these capitals, `price NEAR/5 high` words near each other. Fields:
    /// author: site: source: lang: type: title: sentiment: phase: kind: brand: followers:>1000
    ///
    /// Example: `porterhouse search 'steak (newark OR ewr) -salt lang:en sentiment:negative'`
    Search {
        /// The query
        #[arg(required = true)]
        words: Vec<String>,
        #[command(flatten)]
        asked: Asked,
    },
    /// Try a query, or a brand as it is configured now, on what is kept, on a file, or on what the sources hold
    ///
    /// Says how many posts it would catch and shows the first of them; nothing is kept or told. The language is that of
    /// `search`. With --brand instead of a query, the rules of that brand in sources.toml are tried, whether a running
    /// service knows them yet or not.
    ///
    /// Example: `porterhouse try 'gift* NEAR/5 steak' --now`
    Try {
        /// The query
        #[arg(required_unless_present = "brand")]
        query: Vec<String>,
        /// Try this brand instead
        #[arg(long, value_name = "ID", conflicts_with = "query")]
        brand: Option<String>,
        /// Try it on the posts of this file: one text a line, or one JSON object with `text` a line
        #[arg(long, value_name = "FILE", conflicts_with = "now")]
        file: Option<PathBuf>,
        /// Try it on what the sources hold right now: each is read once
        #[arg(long)]
        now: bool,
        /// Show at most so many
        #[arg(long, value_name = "N", default_value_t = 10)]
        limit: usize,
    },
    /// List mentions, the newest first
    Mentions {
        /// Only with this feeling toward the brand
        #[arg(long, value_parser = ["positive", "neutral", "negative", "mixed"])]
        sentiment: Option<String>,
        #[command(flatten)]
        asked: Asked,
    },
    /// Count feelings along the customer's journey: where it hurts, and since when
    ///
    /// Spam, what a brand says itself, repeats of one story and what somebody said is not meant are left out. A mention
    /// counts when it was first read; one that is about several aspects counts for each of them. The medium is where
    /// the touch took place, such as the phone, and where a post does not tell that, where it was said.
    ///
    /// Example: `porterhouse journey --by aspect --since 30d`
    Journey {
        /// Only of this brand [default: every brand]
        #[arg(long, value_name = "ID")]
        brand: Option<String>,
        /// By what they are told apart
        #[arg(long, value_parser = super::journey::BY, default_value = "phase")]
        by: String,
        /// Since when: a time ago (24h, 7d), a date, or a time as 2026-05-04T12:00:00Z
        #[arg(long, value_name = "TIME", default_value = "7d")]
        since: String,
    },
    /// List opportunities that can still be met, the least slack first, then missed ones
    ///
    /// Without a deadline they come last, the best first. What was missed in the last seven days comes with the reason:
    /// too late, closed, nobody within reach, or nobody said that it was done (`correct ITEM --done true`).
    Opportunities {
        /// Only of this brand [default: every brand that is no competitor]
        #[arg(long, value_name = "ID")]
        brand: Option<String>,
        /// Show at most so many
        #[arg(long, value_name = "N", default_value_t = 20)]
        limit: usize,
    },
    /// List the plays of the playbook: what could be done about an opportunity, and which of them are your own
    ///
    /// A play is chosen by the kinds of an opportunity and by what is known of it; of several the one that asks for most
    /// is taken, yours before ours. To have your own, write copies, keep the plays that you change, and name the folder
    /// in porterhouse.toml: `lexicons = "words"`.
    ///
    /// Examples: `porterhouse playbooks --kind moment --lang de`, `porterhouse playbooks --write words`
    Playbooks {
        /// Only plays for this kind, and those for all
        #[arg(long, value_name = "KIND", value_parser = PossibleValuesParser::new(Kind::ALL.map(Kind::as_str)))]
        kind: Option<String>,
        /// The language of the playbook: de, en, fr, es or it [default: en, or all with --write]
        #[arg(long, value_name = "LANG", value_parser = PossibleValuesParser::new(desk::playbook_languages()), hide_possible_values = true)]
        lang: Option<String>,
        /// Copy the built-in playbooks into this folder, for editing; what is there stays as it is
        #[arg(long, value_name = "DIR", conflicts_with = "kind")]
        write: Option<PathBuf>,
    },
    /// List every source: how well it can be read, since when, why, and when it is read next; or change the list
    Sources {
        #[command(subcommand)]
        act: Option<SourcesAct>,
    },
    /// Look an installation over: rights, database, disk, clock, names, mail relay, and whether each host answers
    ///
    /// Says of each point whether it is ok, and what to do where it is not. Knocks once at the host of every source
    /// and greets the mail relays; nothing is sent, stored or made, and a running service is not disturbed. Run it as
    /// root or as the user of the service, so that it may look at everything. Without --data, beside the
    /// configuration in /etc/porterhouse, it looks at the service's folder, /var/lib/porterhouse.
    ///
    /// Exit code 0: nothing is wrong; 1: something is.
    Doctor {
        /// Ask nobody: only look at this machine
        #[arg(long)]
        offline: bool,
    },
    /// Say what became of a link: read or not, matched or not, told or not, and why
    ///
    /// Looks it up among what was kept and what was passed over, whichever form of the address a source gave. Where
    /// nothing of it is kept, it names the sources that read the same site, asks for the page now, and says what it
    /// would give: language, brands with the words that matched, feeling, score, and what each route would do. Nothing
    /// is stored or sent, and a running service is not disturbed.
    ///
    /// Example: `porterhouse why https://forum.example.com/thread/7`
    Why {
        /// The link; without a scheme it is taken for https
        #[arg(value_name = "URL")]
        url: String,
        /// Ask nobody: only say what is stored, and which sources read the same site
        #[arg(long)]
        offline: bool,
    },
    /// Say that a mention is otherwise than the program judged it
    Correct(Said),
    /// Write what people said is otherwise as labelled posts, which `evaluate` reads
    ///
    /// One JSON object a line for each item and brand: the post, what was corrected (`sentiment`, `relevant`, `spam`,
    /// `kinds`, `phase`), and in `before` what the program had said. They are texts of people: keep them as you keep the
    /// database.
    ///
    /// Example: `porterhouse corrections said.jsonl && porterhouse evaluate target said.jsonl`
    Corrections {
        /// The new file [default: standard output]
        file: Option<PathBuf>,
    },
    /// Make the digest: as files, or sent at once
    Digest {
        /// Write digest.eml, digest.html and digest.txt into this folder; nothing is sent
        #[arg(long, value_name = "DIR", required_unless_present_any = ["send", "put_back"], conflicts_with = "send")]
        preview: Option<PathBuf>,
        /// Send it to the recipients of the digest's channel who have none of today yet
        #[arg(long)]
        send: bool,
        /// Send it also to those who have today's
        #[arg(long, requires = "send")]
        again: bool,
        /// Send the digest, and alerts, again to a recipient who left them by the link in a mail
        #[arg(long, value_name = "ADDRESS", conflicts_with_all = ["send", "preview"])]
        put_back: Option<String>,
    },
    /// Copy the database into a new file, also while the service runs, and check the copy
    Backup {
        /// The new file
        file: PathBuf,
    },
    /// Put a backup in the place of the database; the old one is kept beside it
    Restore {
        /// A file that `porterhouse backup` made
        file: PathBuf,
    },
    /// Print the completions for a shell
    Completions {
        /// The shell
        #[arg(value_parser = ["bash", "zsh", "fish"])]
        shell: String,
    },
    /// Print the manual page
    Man {
        /// Write one page for each command into this folder instead
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
    },
}

/// Which mentions to show.
#[derive(Debug, Clone, Args)]
pub(super) struct Asked {
    /// Only of this brand
    #[arg(long, value_name = "ID")]
    pub(super) brand: Option<String>,
    /// Only those first read since then: a time ago (24h, 7d), a date, or a time as 2026-05-04T12:00:00Z
    #[arg(long, value_name = "WHEN")]
    pub(super) since: Option<String>,
    /// Also show spam, the brand's own posts, and what was corrected to be about something else
    #[arg(long)]
    pub(super) all: bool,
    /// Show at most so many
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub(super) limit: usize,
}

/// What is evaluated, and on what.
#[derive(Debug, Clone, Args)]
pub(super) struct Gauged {
    /// What to measure
    #[arg(value_parser = PossibleValuesParser::new(Gauge::ALL.map(|(name, _)| name)))]
    pub(super) kind: String,
    /// The labelled posts
    pub(super) gold: PathBuf,
    /// Show so many of the worst misses, with what they rest on
    #[arg(long, value_name = "N", default_value_t = 5)]
    pub(super) misses: usize,
    /// Only posts with this value in this field, as part=test or origin.pick=random; `id=feel-de-*` for all that begin so; may be repeated
    #[arg(long, value_name = "FIELD=VALUE")]
    pub(super) only: Vec<String>,
    /// What posts are that do not say it in `source`: tweet, post, comment, review, blog, forum, news, web, video, mail, facebook
    #[arg(long, value_name = "MEDIUM", default_value = "post")]
    pub(super) medium: String,
    /// Show what changed since an earlier evaluation, which `evaluate --json` wrote
    #[arg(long, value_name = "OLD.json")]
    pub(super) compare: Option<PathBuf>,
    /// Show which rows of the word lists hurt and which help: what the figures would be without each, of rows that bear feeling in at least N posts; for sentiment and target
    #[arg(long, value_name = "N", num_args = 0..=1, require_equals = true, default_missing_value = "3")]
    pub(super) blame: Option<usize>,
}

/// A file that is handed in.
#[derive(Debug, Clone, Args)]
pub(super) struct Handed {
    /// The file
    pub(super) file: PathBuf,
    /// The source that it belongs to [default: the name of the file]
    #[arg(long, value_name = "NAME")]
    pub(super) source: Option<String>,
    /// Which column is which field, where the names do not tell: text=Kommentar,author=3
    #[arg(long, value_name = "FIELD=COLUMN", value_delimiter = ',', value_parser = field_and_column)]
    pub(super) map: Vec<(ImportField, String)>,
    /// Show columns, mapping, the first items and what is odd; keep nothing
    #[arg(long)]
    pub(super) preview: bool,
    /// Its encoding, such as windows-1252, where the guess is wrong
    #[arg(long, value_name = "LABEL")]
    pub(super) encoding: Option<String>,
    /// The zone of times that name none, such as Europe/Berlin [default: `zone` of porterhouse.toml]
    #[arg(long, value_name = "ZONE")]
    pub(super) zone: Option<String>,
    /// The first row is no header: columns are numbered from 1
    #[arg(long)]
    pub(super) no_header: bool,
}

fn field_and_column(text: &str) -> Result<(ImportField, String), String> {
    let (field, column) = text.split_once('=').ok_or("write FIELD=COLUMN, such as text=Kommentar")?;
    let known = || ImportField::ALL.map(|(name, _)| name).join(", ");
    let field = ImportField::from_name(field.trim())
        .ok_or_else(|| format!("there is no field `{}`; there are: {}", field.trim(), known()))?;
    Ok((field, column.trim().to_owned()))
}

/// What is otherwise.
#[derive(Debug, Clone, Args)]
#[command(group(clap::ArgGroup::new("what").required(true).multiple(true)))]
pub(super) struct Said {
    /// The number of the item, as `search` and `mentions` show it
    #[arg(value_name = "ITEM")]
    pub(super) item: i64,
    /// The brand that is meant, where the item is about several
    #[arg(long, value_name = "ID")]
    pub(super) brand: Option<String>,
    /// The feeling toward the brand
    #[arg(long, group = "what", value_parser = ["positive", "neutral", "negative", "mixed"])]
    pub(super) sentiment: Option<String>,
    /// Whether the brand is meant at all
    #[arg(long, group = "what", value_name = "BOOL", action = clap::ArgAction::Set)]
    pub(super) relevant: Option<bool>,
    /// Whether the item is spam
    #[arg(long, group = "what", value_name = "BOOL", action = clap::ArgAction::Set)]
    pub(super) spam: Option<bool>,
    /// The kind of opportunity: wish, moment, brand_love, advocate, recovery, silent_gripe, churn, purchase, newcomer, question, reach, or none; may be repeated
    #[arg(long = "kind", group = "what", value_name = "KIND")]
    pub(super) kinds: Vec<String>,
    /// The part of the customer's journey
    #[arg(long, group = "what", value_parser = ["presales", "sales", "use", "aftersales", "none"])]
    pub(super) phase: Option<String>,
    /// Whether somebody acted on it: it is no longer open and does not count as missed
    #[arg(long, group = "what", value_name = "BOOL", action = clap::ArgAction::Set)]
    pub(super) done: Option<bool>,
}

/// The command line with `check --data` spelled out.
///
/// `--data DIR` names the folder for every command. Behind `check` it also says what to check, with or without the
/// folder, which clap cannot tell apart: the bare word becomes `--stored`, the folder stays.
pub(super) fn with_data_meant(typed: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let mut typed = typed.peekable();
    let mut words: Vec<OsString> = typed.next().into_iter().collect();
    let mut command = None;
    let stored = OsString::from("--stored");
    while let Some(word) = typed.next() {
        let text = word.to_string_lossy().into_owned();
        if command.is_none() && !text.starts_with('-') {
            command = Some(text.clone());
        }
        if command.as_deref() == Some("check") && (text == "--data" || text.starts_with("--data=")) {
            if !words.contains(&stored) {
                words.push(stored.clone());
            }
            if text == "--data" && typed.peek().is_none_or(|next| next.to_string_lossy().starts_with('-')) {
                continue;
            }
        }
        words.push(word);
        if matches!(text.as_str(), "--data" | "--config") {
            words.extend(typed.next());
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_behind_check_says_what_to_check() {
        for (typed, meant) in [
            ("p check", "p check"),
            ("p check --data", "p check --stored"),
            ("p check --data --json", "p check --stored --json"),
            ("p check --data d", "p check --stored --data d"),
            ("p check --data=d", "p check --stored --data=d"),
            ("p --data d check", "p --data d check"),
            ("p --data check check --data", "p --data check check --stored"),
            ("p --config c --data d stats", "p --config c --data d stats"),
            ("p stats --data d", "p stats --data d"),
        ] {
            let words = with_data_meant(typed.split(' ').map(OsString::from));
            let words: Vec<_> = words.iter().map(|word| word.to_string_lossy()).collect();
            assert_eq!(words.join(" "), meant);
        }
    }

    #[test]
    fn the_definitions_hold_together() {
        use clap::CommandFactory;
        Cli::command().debug_assert();
    }
}
