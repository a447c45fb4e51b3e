//! What is listened to: the brands and the sources of `sources.toml`.

use super::{Brand, ImportFolder, Medium, Money, Preset, Recipe, SecretRef, SourceName};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// Everything of `sources.toml`, checked.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Watch {
    /// What is watched.
    pub brands: Vec<Brand>,
    /// Where we listen.
    pub sources: Vec<SourceSpec>,
    /// Where we are told without asking.
    pub hooks: Vec<Hook>,
}

/// One `[[source]]` that others post to: an inbound webhook.
#[derive(Debug, Clone, PartialEq)]
pub struct Hook {
    /// What is said of it as of any source; its address is `webhook:` and its name.
    pub spec: SourceSpec,
    /// What senders prove themselves with.
    pub secret: SecretRef,
    /// Where a sender's own JSON holds what we call otherwise: our name of a field, and the dotted path to it. Empty
    /// where senders write our form.
    pub map: BTreeMap<String, String>,
}

/// One `[[source]]`.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceSpec {
    /// Its `id`.
    pub name: SourceName,
    /// The engine that reads it, for instance `feed`.
    pub engine: String,
    /// The address to start from.
    pub url: String,
    /// How often it is read; `None` means as often as it brings something.
    pub every: Option<Duration>,
    /// Where its items were said, where the reader cannot know better.
    pub medium: Option<Medium>,
    /// The language that its items are mostly in (ISO 639-1).
    pub lang: Option<String>,
    /// How its items are found on a page.
    pub recipe: Option<Recipe>,
    /// Whether a page is a list of links to read; `None` means as it looks.
    pub follow: Option<bool>,
    /// Whether what others tell as well is grouped with theirs.
    pub stories: bool,
    /// Whether the hub that it names is asked to tell us what is new.
    pub websub: bool,
    /// The preset that it is read by, where the engine reads by one.
    pub preset: Option<Arc<Preset>>,
    /// What the user filled in for the preset, by name.
    pub variables: BTreeMap<String, String>,
    /// The key that the service is asked with.
    pub key: Option<SecretRef>,
    /// The client's id, or the name of the account, where the preset gets tokens.
    pub login: Option<String>,
    /// The first refresh token, where the preset gets tokens for one.
    pub refresh: Option<SecretRef>,
    /// What may be spent on it in a month.
    pub budget: Option<Money>,
    /// Requests a day, where the user says another number than the preset.
    pub per_day: Option<u32>,
    /// The folder that is watched; only of the engine `import`.
    pub import: Option<ImportFolder>,
    /// How it is listened to, where it is a stream.
    pub stream: StreamSpec,
    /// What is asked of which servers; only of the engine `mastodon`.
    pub mastodon: Option<MastodonSpec>,
}

/// What one `[[source]]` says of a stream.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct StreamSpec {
    /// The addresses (`wss://host`) that speak, the preferred one first; empty means those of the engine.
    pub hosts: Vec<String>,
    /// The dictionary that messages are packed with; without one they are asked for unpacked.
    pub dictionary: Option<Dictionary>,
    /// The address of the interface that tells of authors; `None` means the engine's.
    pub profiles: Option<String>,
    /// Who searches for what the stream no longer has; `None` means that nobody does.
    pub search: Option<StreamSearch>,
}

/// The account that a stream's gaps are searched with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamSearch {
    /// The name of the account.
    pub login: String,
    /// Its password, best one for programs.
    pub key: SecretRef,
    /// The address of the account's own host.
    pub service: String,
}

/// What one `[[source]]` of the engine `mastodon` asks, and whom.
#[derive(Debug, Clone, PartialEq)]
pub struct MastodonSpec {
    /// The servers, each asked for everything; the first one with a token is listened to.
    pub servers: Vec<MastodonServer>,
    /// Hashtags, folded, without `#`.
    pub tags: Vec<String>,
    /// A post with one of these tags counts as well.
    pub any: Vec<String>,
    /// Only posts with all of these tags count.
    pub all: Vec<String>,
    /// Posts with one of these tags do not count.
    pub none: Vec<String>,
    /// Words to search posts for; only servers with a token answer that.
    pub search: Vec<String>,
    /// Posts that their authors keep out of public lists count too.
    pub unlisted: bool,
    /// What authors ask of programs (`noindex`, `#nobot`) is heeded.
    pub respect: bool,
    /// How the first server with a token is listened to.
    pub listen: MastodonListen,
}

/// A server, and what it knows us by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MastodonServer {
    /// Its address, `https://host`, without a slash at the end.
    pub url: String,
    /// A token of this server and no other.
    pub token: Option<SecretRef>,
}

/// How a server's stream is heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MastodonListen {
    /// By WebSocket, and by server-sent events where that is refused.
    #[default]
    Socket,
    /// By server-sent events.
    Events,
    /// Not at all: it is only asked.
    Never,
}

/// A dictionary of zstd.
#[derive(Clone, PartialEq, Eq)]
pub struct Dictionary(pub bytes::Bytes);

impl std::fmt::Debug for Dictionary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Dictionary({} bytes)", self.0.len())
    }
}

impl SourceSpec {
    /// Whether what it asks is counted.
    #[must_use]
    pub fn has_budget(&self) -> bool {
        let limits = self.preset.as_deref().map(|preset| &preset.limits);
        self.per_day.is_some()
            || limits
                .is_some_and(|limits| limits.per_hour.is_some() || limits.per_day.is_some() || limits.cost.is_some())
    }

    /// Every secret that it is read with.
    pub fn secrets(&self) -> impl Iterator<Item = &SecretRef> {
        let servers = self.mastodon.iter().flat_map(|asked| &asked.servers);
        let tokens = servers.filter_map(|server| server.token.as_ref());
        let search = self.stream.search.iter().map(|search| &search.key);
        self.key.iter().chain(&self.refresh).chain(tokens).chain(search)
    }

    /// The source `name` that `engine` reads at `url`, with nothing else said of it.
    #[must_use]
    pub fn new(name: SourceName, engine: impl Into<String>, url: impl Into<String>) -> Self {
        Self {
            name,
            engine: engine.into(),
            url: url.into(),
            every: None,
            medium: None,
            lang: None,
            recipe: None,
            follow: None,
            stories: true,
            websub: true,
            preset: None,
            variables: BTreeMap::new(),
            key: None,
            login: None,
            refresh: None,
            budget: None,
            per_day: None,
            import: None,
            stream: StreamSpec::default(),
            mastodon: None,
        }
    }
}
