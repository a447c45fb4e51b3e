//! Opens what a command works with: configuration, secrets, data folder, store, network.

use super::clock::clock;
use super::folders::Folders;
use super::limits::raise_open_files;
use super::web::{WebSetting, links, web_setting};
use crate::config::{self, Config, ConfigError, SecretError};
use crate::model::{Secret, SecretRef, SourceSpec};
use crate::pipeline::{Clock, Parts, PipelineError, Settings, Terminal};
use crate::store::{DataFolder, FolderLock, OpenError, Store};
use anyhow::{Context, anyhow, bail};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// An open data folder with everything that works on it. The folder is held until the value is dropped.
pub struct House {
    /// What the pipeline works with.
    pub parts: Arc<Parts>,
    pub(super) web: WebSetting,
    config_folder: PathBuf,
    folder: DataFolder,
    _lock: FolderLock,
}

/// Reads the configuration; `sources.toml` must be there.
///
/// # Errors
/// [`ConfigError`] with every mistake.
pub fn load_config(folders: &Folders) -> Result<Config, ConfigError> {
    config::load(&folders.config()).and_then(|config| strictly(folders, config)).map(with_lexicons)
}

/// Reads the configuration where there is one; defaults where there is none.
///
/// # Errors
/// [`ConfigError`] with every mistake of what is there.
pub fn load_config_or_default(folders: &Folders) -> Result<Config, ConfigError> {
    config::load_optional(&folders.config()).and_then(|config| strictly(folders, config)).map(with_lexicons)
}

/// The configuration, where nothing about it is odd or nobody asked for that.
fn strictly(folders: &Folders, config: Config) -> Result<Config, ConfigError> {
    if folders.is_strict && !config.warnings.is_empty() {
        return Err(ConfigError { findings: config.warnings });
    }
    Ok(config)
}

/// Lays the user's lists over ours, before any of them is read. Where the configuration is read again they stay as they
/// were: lists are read once.
fn with_lexicons(config: Config) -> Config {
    config.lay_over_lexicons();
    config
}

impl House {
    /// Opens everything and holds the data folder. Alerts for the terminal go to `terminal`.
    ///
    /// # Errors
    /// Where a secret is missing, the folder is held or cannot be used, or the network cannot be set up.
    pub fn open(folders: &Folders, config: Config, terminal: Terminal) -> anyhow::Result<Self> {
        Self::open_telling(folders, config, terminal, &mut |_, _| {})
    }

    /// [`House::open`]; `on_progress` is told how many of how many items a migration has been through.
    ///
    /// # Errors
    /// As [`House::open`].
    pub fn open_telling(
        folders: &Folders,
        config: Config,
        terminal: Terminal,
        on_progress: &mut dyn FnMut(u64, u64),
    ) -> anyhow::Result<Self> {
        let data = folders.data(Some(&config))?;
        raise_open_files(config.fetch.in_flight);
        Self::furnish(&data, config, terminal, clock(), on_progress)
    }

    /// Opens everything on the data folder `data`, on a clock of the caller's.
    ///
    /// # Errors
    /// As [`House::open`].
    pub fn open_at(data: &Path, config: Config, terminal: Terminal, clock: Clock) -> anyhow::Result<Self> {
        Self::furnish(data, config, terminal, clock, &mut |_, _| {})
    }

    fn furnish(
        data: &Path,
        config: Config,
        terminal: Terminal,
        clock: Clock,
        on_progress: &mut dyn FnMut(u64, u64),
    ) -> anyhow::Result<Self> {
        let config_folder = config.folder.clone();
        let (mut settings, mut web) = settings(config)?;
        let folder = DataFolder::open(data)?;
        let lock = folder.lock()?;
        link_up(&mut settings, &mut web, &folder)?;
        let store = Store::open_telling(&folder, on_progress)?;
        if lock.log_was_removed() {
            look_for_damage(&store, &folder)?;
        }
        let parts = Parts::new(settings, store, clock, terminal).context("the network cannot be used")?;
        Ok(Self { parts: Arc::new(parts), web, config_folder, folder, _lock: lock })
    }

    /// Reads both documents again and answers what the pipeline is to work with from now on, in place of `parts`.
    ///
    /// The data folder stays the one that is held: another one is only taken at a start.
    ///
    /// # Errors
    /// [`ConfigError`] with every mistake, or what [`House::open`] says of secrets and the network. Then nothing has
    /// changed.
    pub(super) fn reread(&self, parts: &Parts) -> anyhow::Result<(Parts, WebSetting)> {
        let config = config::load(&self.config_folder)?;
        config.warnings.iter().for_each(|warning| tracing::warn!("{}", warning.headline()));
        let (mut settings, mut web) = settings(config)?;
        link_up(&mut settings, &mut web, &self.folder)?;
        Ok((parts.retold(settings).context("the network cannot be used")?, web))
    }
}

/// Tells the store which sources are watched, so that digests and figures leave out those that are not any more.
pub(super) async fn watch_only(parts: &Parts) -> Result<(), PipelineError> {
    let watch = &parts.settings.watch;
    let specs = watch.sources.iter().chain(watch.hooks.iter().map(|hook| &hook.spec));
    let names = specs.map(|spec| spec.name.clone()).collect();
    Ok(parts.store.watch_only(names).await?)
}

/// What the pipeline and the listener are told, with their secrets.
pub(super) fn settings(config: Config) -> anyhow::Result<(Settings, WebSetting)> {
    if !config.net.allow_networks.is_empty() {
        let networks = &config.net.allow_networks;
        tracing::warn!(?networks, "`allow_networks` is set: sources may lead into closed networks");
    }
    if let Some(resolver) = config.net.resolver {
        tracing::warn!(%resolver, "`resolver` is set: names are not resolved by the system");
    }
    let folder = config.folder.clone();
    let web = web_setting(&config, &|reference| resolve(reference, &folder))?;
    Ok((settings_with(config, &|reference| resolve(reference, &folder))?, web))
}

/// Lets mails hold links, and the listener check them, by the key of `folder`.
fn link_up(settings: &mut Settings, web: &mut WebSetting, folder: &DataFolder) -> Result<(), OpenError> {
    let links = links(web.plan.as_ref(), folder)?;
    settings.alert.links.clone_from(&links);
    settings.digest.links.clone_from(&links);
    web.settings.links = links;
    Ok(())
}

/// What the pipeline is told, for one that asks and delivers nothing: the secrets of channels are left out.
pub(super) fn settings_to_ask(config: Config) -> anyhow::Result<Settings> {
    settings_with(config, &|_| Ok(Secret::new(String::new())))
}

/// What the pipeline is told, for one that only knocks at doors: a secret that is not there is an empty one.
pub(super) fn settings_for_doctor(config: Config) -> anyhow::Result<Settings> {
    let folder = config.folder.clone();
    settings_with(config, &|reference| Ok(resolve(reference, &folder).unwrap_or_else(|_| Secret::new(String::new()))))
}

fn settings_with(
    config: Config,
    of_channel: &dyn Fn(&SecretRef) -> Result<Secret, SecretError>,
) -> anyhow::Result<Settings> {
    let alert = config.alert.with_secrets(of_channel).map_err(|errors| missing(&errors))?;
    let mut net = config.net;
    if let (Some(proxy), Some((user, password))) = (&mut net.proxy, &config.proxy_login) {
        let password = resolve(password, &config.folder).map_err(|error| missing(&[error]))?;
        proxy.login = Some((user.clone(), password));
    }
    // One that is not there is told by the source that needs it.
    let keys = config.watch.sources.iter().flat_map(SourceSpec::secrets).cloned();
    let secrets = keys.filter_map(|key| Some((key.clone(), resolve(&key, &config.folder).ok()?))).collect();
    Ok(Settings {
        secrets,
        watch: config.watch,
        net,
        fetch: config.fetch,
        opportunity: config.opportunity,
        alert,
        digest: config.digest,
        alert_max_age: config.alert_max_age,
    })
}

/// Fetches a secret from the environment, or a file named from `folder`.
pub(super) fn resolve(reference: &SecretRef, folder: &Path) -> Result<Secret, SecretError> {
    config::resolve(reference, folder, &|name| std::env::var(name).ok())
}

/// After the newest changes were removed behind a program that was cut off: whether the rest still holds together.
fn look_for_damage(store: &Store, folder: &DataFolder) -> anyhow::Result<()> {
    let database = folder.database();
    if let Some(line) = store.damage()?.first() {
        bail!("database `{}` is damaged ({line}): its log was removed; restore a backup", database.display());
    }
    tracing::error!(
        "the log of `{}` was removed after porterhouse had been cut off: its last changes are lost, what is there is sound",
        database.display()
    );
    Ok(())
}

/// Every secret that could not be fetched, one a line.
fn missing(errors: &[SecretError]) -> anyhow::Error {
    let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
    anyhow!("{}", lines.join("\n"))
}
