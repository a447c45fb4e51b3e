//! `[[channel]]`: where alerts and digests go. Secrets stay references until the program starts.

use super::brand::unique_id;
use super::form;
use super::reader::Reader;
use super::secret::{SecretError, read_reference};
use crate::alert::{self, ChannelKind, Route};
use crate::model::{ChannelName, Secret, SecretRef};
use crate::net::{MailSecurity, Relay};
use std::collections::HashMap;
use std::time::Duration;

/// The longest that one delivery of a mail may take.
const RELAY_TIMEOUT: Duration = Duration::from_secs(60);

/// [`alert::Settings`] before the secrets are there.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AlertPlan {
    /// The channels by name. None means: the terminal.
    pub channels: Vec<ChannelPlan>,
    /// The routes, in order. None means: everything to every channel.
    pub routes: Vec<Route>,
    /// The language of alerts: `en` or `de`.
    pub language: String,
    /// The time zone that times are shown in (IANA).
    pub zone: String,
}

/// A channel before its secret is there.
#[derive(Debug, Clone, PartialEq)]
pub struct ChannelPlan {
    /// Its name.
    pub name: ChannelName,
    kind: KindPlan,
}

#[derive(Debug, Clone, PartialEq)]
enum KindPlan {
    Terminal,
    Email { relay: Relay, login: Option<(String, SecretRef)>, from: String, to: Vec<String> },
    Webhook { url: String, secret: Option<SecretRef>, private: bool },
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Terminal,
    Email,
    Webhook,
}

impl ChannelPlan {
    /// Whom its mails go to; none where it sends no mail.
    #[must_use]
    pub fn recipients(&self) -> &[String] {
        match &self.kind {
            KindPlan::Email { to, .. } => to,
            KindPlan::Terminal | KindPlan::Webhook { .. } => &[],
        }
    }
}

impl AlertPlan {
    /// The settings with every secret in its place.
    ///
    /// # Errors
    /// What `resolve` said of every secret that it could not fetch, in the order of the channels.
    pub fn with_secrets(
        &self,
        resolve: &dyn Fn(&SecretRef) -> Result<Secret, SecretError>,
    ) -> Result<alert::Settings, Vec<SecretError>> {
        let mut errors = Vec::new();
        let mut channels = Vec::new();
        for plan in &self.channels {
            match plan.kind.with_secret(resolve) {
                Ok(kind) => channels.push(alert::Channel { name: plan.name.clone(), kind }),
                Err(error) => errors.push(error),
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        let (routes, language, zone) = (self.routes.clone(), self.language.clone(), self.zone.clone());
        Ok(alert::Settings { channels, routes, language, zone, links: None })
    }

    /// Every secret that is needed, in the order of the channels.
    pub fn secrets(&self) -> impl Iterator<Item = &SecretRef> {
        self.channels.iter().filter_map(|channel| channel.secret())
    }
}

impl ChannelPlan {
    /// Whether it sends mails.
    #[must_use]
    pub fn is_email(&self) -> bool {
        matches!(self.kind, KindPlan::Email { .. })
    }

    /// The secret that it needs.
    #[must_use]
    pub fn secret(&self) -> Option<&SecretRef> {
        match &self.kind {
            KindPlan::Terminal => None,
            KindPlan::Email { login, .. } => login.as_ref().map(|(_, password)| password),
            KindPlan::Webhook { secret, .. } => secret.as_ref(),
        }
    }
}

impl KindPlan {
    fn with_secret(
        &self,
        resolve: &dyn Fn(&SecretRef) -> Result<Secret, SecretError>,
    ) -> Result<ChannelKind, SecretError> {
        Ok(match self.clone() {
            Self::Terminal => ChannelKind::Terminal,
            Self::Email { relay, login, from, to } => {
                let with_password = |(user, password)| resolve(&password).map(|password| (user, password));
                let login = login.map(with_password).transpose()?;
                ChannelKind::Email { relay: Relay { login, ..relay }, from, to }
            }
            Self::Webhook { url, secret, private } => {
                let secret = secret.map(|secret| resolve(&secret)).transpose()?;
                ChannelKind::Webhook { url, secret, private }
            }
        })
    }
}

/// Reads every `[[channel]]`; `names` gets those with mistakes as well, so that naming them is none.
pub(super) fn read_channels(root: &mut Reader<'_>, names: &mut Vec<String>) -> Vec<ChannelPlan> {
    let mut taken = HashMap::new();
    let mut channels = Vec::new();
    for mut table in root.tables("channel", "channel", "a channel") {
        let name = table.required("name", "name = \"...\"").and_then(|name| unique_id(&name, &mut taken));
        names.extend(name.clone());
        let kinds = [("terminal", Kind::Terminal), ("email", Kind::Email), ("webhook", Kind::Webhook)];
        let is_kindless = !table.has("kind");
        match table.choice("kind", &kinds) {
            Some(kind) => {
                let kind = match kind {
                    Kind::Terminal => Some(KindPlan::Terminal),
                    Kind::Email => read_email(&mut table),
                    Kind::Webhook => read_webhook(&mut table),
                };
                channels.extend(name.zip(kind).map(|(name, kind)| ChannelPlan { name: ChannelName(name), kind }));
                table.finish();
            }
            // Without its kind nobody knows which other keys the channel may have.
            None if is_kindless => table.missing("kind", "write `kind = \"terminal\"`, \"email\" or \"webhook\""),
            None => {}
        }
    }
    channels
}

fn read_email(table: &mut Reader<'_>) -> Option<KindPlan> {
    let host = table.required("host", "host = \"mail.example.com\"");
    let securities = [("starttls", MailSecurity::StartTls), ("tls", MailSecurity::Tls), ("none", MailSecurity::None)];
    let written = table.text("security");
    let security = written.as_ref().and_then(|security| security.choice(&securities)).unwrap_or_default();
    let port = table.whole("port", 1, u16::MAX.into()).and_then(|port| u16::try_from(port).ok());
    let private = table.flag("private").unwrap_or(false);
    if let (MailSecurity::None, Some(written), false) = (security, &written, private) {
        let help = "write \"starttls\" or \"tls\", or `private = true` where the relay stands in the house";
        written.reject("sends mails and the password in the open", help);
    }
    let login = read_login(table);
    let from = table.required("from", "from = \"Porterhouse <listen@example.com>\"");
    let from = from.and_then(|from| form::mailbox(&from).map(|_| from.text));
    let to = table.required_texts("to", "to = [\"team@example.com\"]");
    let to = to.into_iter().filter_map(|to| form::mailbox(&to).map(|_| to.text)).collect();
    let relay = Relay {
        host: host?.text,
        port: port.unwrap_or(usual_port(security)),
        security,
        login: None,
        private,
        timeout: RELAY_TIMEOUT,
    };
    Some(KindPlan::Email { relay, login, from: from?, to })
}

/// User and password: both or none.
fn read_login(table: &mut Reader<'_>) -> Option<(String, SecretRef)> {
    let (has_user, has_password) = (table.has("user"), table.has("password"));
    let user = table.text("user");
    let password = read_reference(table, "password");
    match (has_user, has_password) {
        (true, false) => table.missing("password", "write `password = { env = \"NAME\" }` beside `user`"),
        (false, true) => table.missing("user", "write `user = \"...\"` beside `password`"),
        _ => {}
    }
    Some((user?.text, password?))
}

fn read_webhook(table: &mut Reader<'_>) -> Option<KindPlan> {
    let url = table.required("url", "url = \"https://...\"").and_then(|url| form::address(&url));
    let secret = read_reference(table, "secret");
    let private = table.flag("private").unwrap_or(false);
    Some(KindPlan::Webhook { url: url?.into(), secret, private })
}

fn usual_port(security: MailSecurity) -> u16 {
    match security {
        MailSecurity::Tls => 465,
        MailSecurity::StartTls => 587,
        MailSecurity::None => 25,
    }
}
