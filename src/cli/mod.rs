//! The command line: the only room that prints. Results go to stdout, talk to stderr.
//!
//! Exit code 0: done; 1: failed; 2: wrong usage or configuration. A closed pipe is not an error.

mod analyze;
mod args;
mod check;
mod correct;
mod crawl;
mod demo;
mod doctor;
mod evaluate;
mod import;
mod init;
mod journal;
mod journey;
mod keep;
mod look;
mod playbooks;
mod presets;
mod progress;
mod read;
mod report;
mod shell;
mod sources;
mod talk;
mod trial;
mod why;

use crate::app::Folders;
use crate::config::ConfigError;
use args::{Cli, Command};
use clap::Parser;
use std::process::ExitCode;

/// Done.
const DONE: u8 = 0;
/// Failed.
const FAILED: u8 = 1;
/// Wrong usage or configuration.
const WRONG: u8 = 2;

/// Reads the command line, does what it says, and answers the exit code.
#[must_use]
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse_from(args::with_data_meant(std::env::args_os())) {
        Ok(cli) => cli,
        Err(error) => {
            let code = if error.use_stderr() { WRONG } else { DONE };
            // Help on a closed pipe is nobody's loss.
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    // The demo opens loopback on purpose; its talk stands beside its result, not in a log.
    let is_demo = matches!(cli.command, Command::Demo { .. });
    talk::start_log(cli.places.verbose, cli.places.json, is_demo);
    match dispatch(&cli) {
        Ok(code) => ExitCode::from(code),
        Err(error) if is_closed_pipe(&error) => ExitCode::from(DONE),
        Err(error) => {
            talk::fail(&format!("error: {}", chain(&error)));
            ExitCode::from(if is_wrong_config(&error) { WRONG } else { FAILED })
        }
    }
}

fn dispatch(cli: &Cli) -> anyhow::Result<u8> {
    let folders =
        Folders { config: cli.places.config.clone(), data: cli.places.data.clone(), is_strict: cli.places.strict };
    let json = cli.places.json;
    match &cli.command {
        Command::Demo { keep, out } => demo::demo(*keep, out.as_deref()),
        Command::Init { folder } => init::init(folder),
        Command::Run => crawl::run(&folders),
        Command::Crawl { once: _, source, force } => crawl::crawl(&folders, source.as_deref(), *force, json),
        Command::Check { stored: false } => check::check(&folders, json),
        Command::Check { stored: true } => keep::check_data(&folders, json),
        Command::Analyze { text, explain, jsonl, lang, medium } => {
            if *jsonl {
                analyze::jsonl(&folders)
            } else {
                let asked =
                    analyze::Asked { text: text.as_deref(), lang: lang.as_deref(), medium, explain: *explain, json };
                analyze::one(&folders, &asked)
            }
        }
        Command::Evaluate(asked) => evaluate::evaluate(&folders, asked, json),
        Command::Read { engine, file, url, preset, filled, content_type, headers } => {
            let (url, preset, content_type) = (url.as_deref(), preset.as_deref(), content_type.as_deref());
            read::read(&folders, &read::Wish { engine, file, url, preset, filled, content_type, headers })
        }
        Command::Presets { name } => presets::presets(&folders, name.as_deref(), json),
        Command::Import(asked) => import::import(&folders, asked, json),
        Command::Stats => report::stats(&folders, json),
        Command::Search { words, asked } => look::search(&folders, &words.join(" "), asked, json),
        Command::Try { query, brand, file, now, limit } => {
            let wish =
                trial::Wish { query: &query.join(" "), brand: brand.as_deref(), file: file.as_deref(), now: *now };
            trial::try_out(&folders, &wish, *limit, json)
        }
        Command::Mentions { sentiment, asked } => look::mentions(&folders, sentiment.as_deref(), asked, json),
        Command::Journey { brand, by, since } => journey::journey(&folders, brand.as_deref(), by, since, json),
        Command::Opportunities { brand, limit } => look::opportunities(&folders, brand.as_deref(), *limit, json),
        Command::Playbooks { write: Some(target), lang, .. } => playbooks::write(target, lang.as_deref()),
        Command::Playbooks { kind, lang, .. } => {
            playbooks::list(&folders, kind.as_deref(), lang.as_deref().unwrap_or("en"), json)
        }
        Command::Sources { act } => sources::sources(&folders, act.as_ref(), json),
        Command::Doctor { offline } => doctor::doctor(&folders, *offline, json),
        Command::Why { url, offline } => why::why(&folders, url, *offline, json),
        Command::Correct(said) => correct::correct(&folders, said, json),
        Command::Corrections { file } => correct::export(&folders, file.as_deref()),
        Command::Digest { preview: Some(target), .. } => report::digest(&folders, target, json),
        Command::Digest { put_back: Some(recipient), .. } => report::put_back(&folders, recipient, json),
        Command::Digest { again, .. } => report::send(&folders, *again, json),
        Command::Backup { file } => keep::backup(&folders, file, json),
        Command::Restore { file } => keep::restore(&folders, file, json),
        Command::Completions { shell } => shell::completions(shell),
        Command::Man { out } => shell::man(out.as_deref()),
    }
}

/// The error and its causes in one line, none said twice.
fn chain(error: &anyhow::Error) -> String {
    let mut text = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if text.is_empty() {
            text = cause;
        } else if !text.contains(&cause) {
            text = format!("{text}: {cause}");
        }
    }
    text
}

fn is_wrong_config(error: &anyhow::Error) -> bool {
    error.chain().any(<dyn std::error::Error>::is::<ConfigError>)
}

fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
    })
}

/// A runtime for commands that talk to the network or the store.
fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_multi_thread().enable_all().build()?)
}
