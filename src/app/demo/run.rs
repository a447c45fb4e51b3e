//! The demo's course: a small internet, the real pipeline over it, an alert in a mail sink, a digest in files.

use super::{MailSink, ReceivedMail, Site};
use crate::app::clock::{clock, now};
use crate::app::house::House;
use crate::app::report::{DigestFiles, write_preview};
use crate::app::run::run;
use crate::config;
use crate::model::{Card, Chance, SourceState};
use crate::pipeline::{self, Selection, Tally, Terminal};
use anyhow::Context;
use jiff::Timestamp;
use std::path::{Path, PathBuf};

/// Cards that are shown in the list below the first one.
const CARDS_LISTED: usize = 6;

/// What the demo found and left behind.
#[derive(Debug)]
pub struct Shown {
    /// What was read.
    pub tally: Tally,
    /// The best opportunity, as its card reads.
    pub card: String,
    /// The best opportunities, best first, one line each.
    pub ranking: Vec<String>,
    /// The mails that arrived in the sink.
    pub mails: Vec<ReceivedMail>,
    /// The mail of the best opportunity, where it was left.
    pub mail: Option<PathBuf>,
    /// The digest, where it was left.
    pub digest: DigestFiles,
    /// The configuration that the demo ran on.
    pub config: PathBuf,
}

/// A running demo: the sites, the mail sink, and the program's own house on a new data folder.
pub struct Demo {
    folder: PathBuf,
    _site: Site,
    sink: MailSink,
    house: House,
}

impl Demo {
    /// Starts the sites and the sink, writes the configuration into `folder` (made where it is missing) and opens it.
    ///
    /// # Errors
    /// Where loopback or the folder cannot be used.
    pub async fn start(folder: &Path) -> anyhow::Result<Self> {
        let site = Site::start(now()).await.context("no port of 127.0.0.1 can be opened")?;
        let sink = MailSink::start().await.context("no port of 127.0.0.1 can be opened")?;
        let config_folder = folder.join("config");
        write_config(&config_folder, site.base(), sink.address().port())?;
        let config = config::load(&config_folder)?;
        let terminal = Terminal::new(Box::new(std::io::sink()));
        let house = House::open_at(&folder.join("data"), config, terminal, clock())?;
        Ok(Self { folder: folder.to_owned(), _site: site, sink, house })
    }

    /// Reads every source once, alerts, and makes a digest. `on_read` is called after each source.
    ///
    /// # Errors
    /// Where the store or the folder cannot be used.
    pub async fn show(&self, on_read: &(dyn Fn(&SourceState) + Sync)) -> anyhow::Result<Shown> {
        let parts = &self.house.parts;
        let tally = pipeline::crawl_once(parts, &Selection { source: None, force: true }, on_read).await?;
        pipeline::route_pending(parts).await?;
        let (n_delivered, _) = pipeline::deliver_due(parts).await?;
        let mails = self.sink.wait_for(usize::try_from(n_delivered).unwrap_or(0)).await;
        let mut cards = parts.store.opportunities(CARDS_LISTED).await?;
        let shown_at = now();
        cards.sort_by_key(|card| slack(card, shown_at).unwrap_or(i64::MAX));
        let best = cards.first().context("the demo found no opportunity")?;
        let card = parts.card_text(best);
        let mail = leave_mail(&mails, best, &self.folder)?;
        let preview =
            pipeline::preview_digest(&parts.store, &parts.settings.watch, &parts.settings.digest, now()).await?;
        let digest = write_preview(&preview, &self.folder)?;
        let ranking = cards.iter().map(ranked).collect();
        Ok(Shown { tally, card, ranking, mails, mail, digest, config: self.folder.join("config") })
    }

    /// Goes on as the service does, until it is asked to stop.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn keep(&self) -> anyhow::Result<()> {
        run(&self.house).await
    }

    /// Closes the store.
    pub async fn end(self) {
        self.house.parts.store.close().await;
    }
}

/// The demo's documents with the addresses of this run in them.
fn write_config(folder: &Path, site: &str, mail_port: u16) -> anyhow::Result<()> {
    let write = |name: &str, text: &str| {
        let path = folder.join(name);
        let text = text.replace("{site}", site).replace("{mail_port}", &mail_port.to_string());
        std::fs::write(&path, text).with_context(|| format!("{} cannot be written", path.display()))
    };
    std::fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    write(config::SOURCES_FILE, include_str!("sources.toml"))?;
    write(config::SETTINGS_FILE, include_str!("porterhouse.toml"))
}

/// Leaves the mail that tells of `card` as a file.
fn leave_mail(mails: &[ReceivedMail], card: &Card, folder: &Path) -> anyhow::Result<Option<PathBuf>> {
    let Some(author) = card.item.author.name.as_deref() else { return Ok(None) };
    let tells = |mail: &&ReceivedMail| String::from_utf8_lossy(&mail.data).contains(author);
    let Some(mail) = mails.iter().find(tells) else { return Ok(None) };
    let path = folder.join("alert.eml");
    std::fs::write(&path, &mail.data).with_context(|| format!("{} cannot be written", path.display()))?;
    Ok(Some(path))
}

/// The seconds left to act in time; `None` where nothing presses, or it is too late.
fn slack(card: &Card, now: Timestamp) -> Option<i64> {
    match card.opportunity.as_ref()?.chance(now) {
        Chance::InTime { slack_seconds } => Some(slack_seconds),
        Chance::Open | Chance::Missed(_) => None,
    }
}

/// One line of the ranking: score, kinds, who, the first words.
fn ranked(card: &Card) -> String {
    let judgement = card.opportunity.as_ref().map(|opportunity| &opportunity.judgement);
    let score = judgement.map_or(0.0, |judgement| judgement.score);
    let kinds: Vec<&str> = judgement.map(|j| j.kinds.iter().map(|kind| kind.as_str()).collect()).unwrap_or_default();
    let care = judgement.is_some_and(|judgement| judgement.care);
    let words: String = card.item.text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(64).collect();
    let who = card.item.author.name.as_deref().unwrap_or("somebody");
    let kinds = if care { "care".to_owned() } else { kinds.join(", ") };
    format!("{score:.2}  {kinds:<24} {who}: {words} ...")
}
