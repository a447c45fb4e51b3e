//! The program's own house on a temporary folder and a fixed clock, with sinks for what it sends.

use super::Site;
use jiff::{SignedDuration, Timestamp};
use porterhouse::app::demo::{MailSink, WebhookSink};
use porterhouse::app::{CrawlOutcome, House, Terminal, crawl};
use porterhouse::config;
use porterhouse::pipeline::Clock;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;

/// When tests begin: a Friday at noon in New York.
const START: &str = "2026-03-06T17:00:00Z";

/// The world of a test.
pub struct TestHouse {
    folder: TempDir,
    now: Arc<Mutex<Timestamp>>,
    printed: Printed,
    deadlines: Option<(Duration, Duration)>,
    pub site: Site,
    pub mail: MailSink,
    pub hook: WebhookSink,
}

impl TestHouse {
    /// A house that watches Morton's and nothing else yet; alerts go to the terminal.
    pub async fn new() -> Self {
        let house = Self {
            folder: tempfile::tempdir().expect("a folder"),
            now: Arc::new(Mutex::new(START.parse().expect("a time"))),
            printed: Printed::default(),
            deadlines: None,
            site: Site::start().await,
            mail: MailSink::start().await.expect("a mail sink"),
            hook: WebhookSink::start().await.expect("a webhook sink"),
        };
        house.write("sources.toml", BRAND);
        house.write("porterhouse.toml", FETCH);
        house
    }

    pub fn config_folder(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    pub fn data_folder(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Shortens the deadlines of a fetch: on the whole, and of silence.
    pub fn hurry(&mut self, total: Duration, idle: Duration) {
        self.deadlines = Some((total, idle));
    }

    /// Adds a feed source at `path` of the site.
    pub fn watch(&self, id: &str, path: &str) {
        self.watch_url(id, &self.site.url(path));
    }

    /// Adds a feed source anywhere.
    pub fn watch_url(&self, id: &str, url: &str) {
        self.append(
            "sources.toml",
            &format!("\n[[source]]\nid = \"{id}\"\nengine = \"feed\"\nurl = \"{url}\"\nevery = \"15m\"\n"),
        );
    }

    /// Sends alerts to the mail sink.
    pub fn mail_alerts(&self) {
        let port = self.mail.address().port();
        self.append("porterhouse.toml", &format!(
            "\n[[channel]]\nname = \"team\"\nkind = \"email\"\nhost = \"127.0.0.1\"\nport = {port}\nsecurity = \"none\"\n\
             private = true\nfrom = \"Porterhouse <listen@example.com>\"\nto = [\"guests@example.com\"]\n"
        ));
    }

    /// Sends alerts to the webhook sink, signed.
    pub fn hook_alerts(&self) {
        std::fs::write(self.folder.path().join("hook.secret"), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n")
            .expect("written");
        let url = self.hook.url();
        self.append("porterhouse.toml", &format!(
            "\n[[channel]]\nname = \"hook\"\nkind = \"webhook\"\nurl = \"{url}\"\nprivate = true\nsecret = {{ file = \"hook.secret\" }}\n"
        ));
    }

    pub fn write(&self, name: &str, text: &str) {
        std::fs::write(self.folder.path().join(name), text).expect("written");
    }

    pub fn append(&self, name: &str, text: &str) {
        let path = self.folder.path().join(name);
        let mut file = std::fs::OpenOptions::new().append(true).open(path).expect("opened");
        file.write_all(text.as_bytes()).expect("written");
    }

    /// Sets the clock, forward or back.
    pub fn set_clock(&self, at: Timestamp) {
        *self.now.lock().expect("unpoisoned") = at;
    }

    /// What time it is.
    pub fn clock(&self) -> Timestamp {
        *self.now.lock().expect("unpoisoned")
    }

    pub fn advance_minutes(&self, minutes: i64) {
        let mut now = self.now.lock().expect("unpoisoned");
        *now = now.checked_add(SignedDuration::from_mins(minutes)).expect("in range");
    }

    /// Opens the house as it is configured now.
    pub fn open(&self) -> House {
        let mut config = config::load(self.folder.path()).unwrap_or_else(|error| panic!("{error}"));
        if let Some((total, idle)) = self.deadlines {
            (config.fetch.total_deadline, config.fetch.idle_deadline) = (total, idle);
        }
        let now = Arc::clone(&self.now);
        let clock: Clock = Arc::new(move || *now.lock().expect("unpoisoned"));
        let terminal = Terminal::new(Box::new(self.printed.clone()));
        House::open_at(&self.data_folder(), config, terminal, clock).unwrap_or_else(|error| panic!("{error:#}"))
    }

    /// One `crawl --once --force`, from opening to closing.
    pub async fn crawl(&self) -> CrawlOutcome {
        let house = self.open();
        crawl(&house, None, true, &|_| {}).await.unwrap_or_else(|error| panic!("{error:#}"))
    }

    /// What the terminal channel wrote.
    pub fn printed(&self) -> String {
        String::from_utf8(self.printed.0.lock().expect("unpoisoned").clone()).expect("UTF-8")
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }
}

#[derive(Clone, Default)]
struct Printed(Arc<Mutex<Vec<u8>>>);

impl Write for Printed {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("unpoisoned").write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

const BRAND: &str = r##"
[[brand]]
id = "mortons"
name = "Morton's The Steakhouse"
aliases = ["Morton's", "Mortons"]
handles = ["@Mortons"]
own_accounts = ["@Mortons"]
not_context = ["salt", "neuroma"]

[[brand.location]]
name = "Morton's Hackensack"
place = "Hackensack, NJ"
contact = "+1 201 555 0142"
prepares_in = "45m"
"##;

const FETCH: &str = r#"
language = "en"
zone = "America/New_York"

[fetch]
contact = "https://example.com/listening"
per_host_pause = "0s"
page_pause = "0s"
per_host_in_flight = 8
allow_networks = ["127.0.0.0/8"]
"#;
