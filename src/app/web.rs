//! The listener of a running service: opened before the service is ready, told of every reload, ended with it.

use super::house::House;
use crate::config::{Config, SecretError, WebPlan};
use crate::model::{Secret, SecretRef};
use crate::pipeline::Parts;
use crate::store::{DataFolder, OpenError};
use crate::web::{Bounds, Links, Listener, Pulse, Settings, Web};
use anyhow::{Context, bail};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;

/// A shorter secret can be guessed.
const SECRET_LEAST_BYTES: usize = 16;

/// How long the end of the listener may take: what it took in is durable already.
const CLOSING: Duration = Duration::from_millis(1_500);

/// Where is listened, and what is answered by.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct WebSetting {
    /// `None`: nowhere.
    pub(super) plan: Option<WebPlan>,
    pub(super) settings: Settings,
}

/// What makes and checks links: the key of `folder`, where `plan` says how the house is reached.
///
/// # Errors
/// Where the key can be neither read nor made.
pub(super) fn links(plan: Option<&WebPlan>, folder: &DataFolder) -> Result<Option<Links>, OpenError> {
    let base = plan.and_then(|plan| plan.public_url.clone());
    base.map(|base| Ok(Links { base, key: folder.seal_key()? })).transpose()
}

/// What the listener is told by `config`, but for the links.
///
/// # Errors
/// Every secret that is not there; one that can be guessed.
pub(super) fn web_setting(
    config: &Config,
    resolve: &dyn Fn(&SecretRef) -> Result<Secret, SecretError>,
) -> anyhow::Result<WebSetting> {
    let Some(plan) = config.web.clone() else { return Ok(WebSetting::default()) };
    let mut hooks = Vec::new();
    for hook in &config.watch.hooks {
        let secret = resolve(&hook.secret).with_context(|| format!("the webhook `{}`", hook.spec.name))?;
        if secret.expose().len() < SECRET_LEAST_BYTES {
            bail!(
                "the secret of the webhook `{}` is shorter than {SECRET_LEAST_BYTES} bytes; write a longer one",
                hook.spec.name
            );
        }
        hooks.push((hook.spec.name.clone(), secret));
    }
    let public_host = plan.public_url.as_ref().and_then(|url| host_of(url));
    let channel = config.alert.channels.iter().find(|channel| Some(&channel.name) == config.digest.channel.as_ref());
    let recipients = channel.map(|channel| channel.recipients().to_vec()).unwrap_or_default();
    let settings = Settings {
        public_host,
        hooks,
        links: None,
        language: config.alert.language.clone(),
        zone: config.alert.zone.clone(),
        recipients,
        alert_recipients: config.alert.channels.iter().flat_map(|channel| channel.recipients().to_vec()).collect(),
    };
    Ok(WebSetting { plan: Some(plan), settings })
}

fn host_of(url: &str) -> Option<String> {
    let rest = url.split_once("://")?.1;
    let name = if rest.starts_with('[') { rest.split_inclusive(']').next() } else { rest.split(':').next() };
    Some(name?.trim_matches(['[', ']']).to_ascii_lowercase())
}

/// The running listener.
pub(super) struct Listening {
    tell: watch::Sender<Arc<Settings>>,
    plan: Option<WebPlan>,
    stop: Arc<Notify>,
    task: Option<JoinHandle<()>>,
}

impl Listening {
    /// Opens the door, if one is configured. `rung` is told when something was posted.
    ///
    /// # Errors
    /// Where the address cannot be had.
    pub(super) async fn open(house: &House, pulse: Arc<Pulse>, rung: Arc<Notify>) -> anyhow::Result<Self> {
        let WebSetting { plan, settings } = house.web.clone();
        let (tell, told) = watch::channel(Arc::new(settings));
        let stop = Arc::new(Notify::new());
        let Some(address) = plan.as_ref().map(|plan| plan.listen) else {
            return Ok(Self { tell, plan, stop, task: None });
        };
        let listener = Listener::open(address).await?;
        let at = listener.address();
        tracing::info!("answering at http://{at}");
        if !at.ip().is_loopback() {
            tracing::warn!("{at} can be connected to from outside, without TLS");
        }
        let Parts { store, clock, .. } = house.parts.as_ref();
        let web = Arc::new(Web::new(store.clone(), Arc::clone(clock), told, pulse, rung));
        let stopped = Arc::clone(&stop);
        let task = tokio::spawn(async move {
            listener.serve(web, Bounds::default(), stopped.notified()).await;
        });
        Ok(Self { tell, plan, stop, task: Some(task) })
    }

    /// Answers by `setting` from now on. Another address is only taken at a start.
    pub(super) fn turn_to(&self, setting: WebSetting) {
        if setting.plan.as_ref().map(|plan| plan.listen) != self.plan.as_ref().map(|plan| plan.listen) {
            tracing::warn!("a changed `listen` counts from the next start");
        }
        self.tell.send_replace(Arc::new(setting.settings));
    }

    /// Lets nobody in any more and ends what is under way.
    pub(super) async fn close(self) {
        self.stop.notify_one();
        if let Some(mut task) = self.task
            && tokio::time::timeout(CLOSING, &mut task).await.is_err()
        {
            task.abort();
        }
    }
}
