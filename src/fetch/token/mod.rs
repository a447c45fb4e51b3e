//! Access tokens: got when they are needed, kept until they end, renewed once when they are refused.
//!
//! All who ask by one plan share one token and one renewal. A refused token is renewed once; where the new one is
//! refused as well, nobody asks with it for a while. Tokens lie in a file beside the data (`shelf`), because a refresh
//! token may be good for one use only. No token and no secret is told: not in errors, and not by `Debug`.

mod answer;
mod shelf;
#[cfg(test)]
mod tests;

use super::lane::{Turn, Who};
use super::plea::Plea;
use super::{Ask, FetchError, Fetcher, host_key};
use crate::model::{ClientAuth, GrantKind, Holder, Secret, SecretRef, TokenPlan};
use crate::net::NetError;
use crate::text::{hash_hex, hash64};
use answer::Granted;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use shelf::Shelf;
use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;
use url::Url;

pub use answer::TokenTrouble;
pub(super) use shelf::Token;

/// The most bytes of an answer that grants a token.
const ANSWER_LIMIT_BYTES: usize = 64 << 10;

/// How long nobody asks again for a token that was not granted, or with one that was refused although it was new.
const PAUSE: Duration = Duration::from_secs(5 * 60);

/// All tokens.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    slots: Mutex<HashMap<String, Arc<tokio::sync::Mutex<Slot>>>>,
    shelf: Shelf,
}

/// One token, and what came of asking for it. Held while one is asked for, so that others wait for that.
#[derive(Debug, Default)]
struct Slot {
    token: Option<Token>,
    /// It was got because the one before was refused, and nothing was answered to it yet.
    is_unproven: bool,
    failed: Option<(Instant, Fault)>,
}

/// Why there is no token; told to all who share it.
#[derive(Debug, Clone)]
enum Fault {
    Trouble(TokenTrouble),
    Refused,
}

impl Tokens {
    /// Tokens that are kept in the folder `path`.
    pub(super) fn kept_in(path: &Path) -> Self {
        Self { slots: Mutex::default(), shelf: Shelf::in_folder(path) }
    }

    fn slot(&self, id: &str) -> Arc<tokio::sync::Mutex<Slot>> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(slots.entry(id.to_owned()).or_default())
    }
}

impl Fetcher {
    /// The token of `plan`, asked for where there is none that is good.
    pub(super) async fn token(&self, plan: &TokenPlan, now: Timestamp) -> Result<Secret, FetchError> {
        let seed = self.seed(plan)?;
        let slot = self.tokens.slot(&plan_id(plan));
        let mut slot = slot.lock().await;
        slot.forget_another(&seed);
        if slot.token.is_none() {
            slot.token = self.tokens.shelf.read(&plan_id(plan)).filter(|token| token.seed == seed);
        }
        match &slot.token {
            Some(token) if token.ends_at > now && slot.failed.is_none() => Ok(token.access.clone()),
            _ => self.renew(plan, &seed, &mut slot, now).await,
        }
    }

    /// After the answer 401 to a request with `used`: the token is renewed, and the request may be sent once more.
    pub(super) async fn refused_token(&self, plan: &TokenPlan, used: &Secret, now: Timestamp) -> FetchError {
        let host = host_of(&plan.token_url);
        let seed = match self.seed(plan) {
            Ok(seed) => seed,
            Err(error) => return error,
        };
        let slot = self.tokens.slot(&plan_id(plan));
        let mut slot = slot.lock().await;
        if slot.token.as_ref().is_some_and(|token| token.access != *used) {
            // Somebody else was faster.
            return FetchError::TokenRenewed { host };
        }
        if slot.is_unproven {
            slot.failed = Some((Instant::now() + PAUSE, Fault::Refused));
            return FetchError::TokenRefused { host };
        }
        if let Some(token) = &mut slot.token {
            token.ends_at = Timestamp::UNIX_EPOCH;
        }
        match self.renew(plan, &seed, &mut slot, now).await {
            Ok(_) => {
                slot.is_unproven = true;
                FetchError::TokenRenewed { host }
            }
            Err(error) => error,
        }
    }

    /// Something was answered to `used`: it is good.
    pub(super) async fn good_token(&self, plan: &TokenPlan, used: &Secret) {
        let slot = self.tokens.slot(&plan_id(plan));
        let mut slot = slot.lock().await;
        if slot.is_unproven && slot.token.as_ref().is_some_and(|token| token.access == *used) {
            slot.is_unproven = false;
        }
    }

    async fn renew(&self, plan: &TokenPlan, seed: &str, slot: &mut Slot, now: Timestamp) -> Result<Secret, FetchError> {
        let host = host_of(&plan.token_url);
        if let Some((until, fault)) = &slot.failed {
            if *until > Instant::now() {
                return Err(fault.clone().told(host));
            }
            slot.failed = None;
        }
        // Another process on the same data may renew it at this moment: a refresh token may be good only once.
        let hold = self.tokens.shelf.hold().await;
        let id = plan_id(plan);
        let kept = self.tokens.shelf.read(&id).filter(|token| token.seed == seed);
        if let Some(theirs) = kept.filter(|kept| slot.token.as_ref().is_none_or(|own| own.access != kept.access)) {
            let (access, is_good) = (theirs.access.clone(), theirs.ends_at > now);
            slot.token = Some(theirs);
            if is_good {
                return Ok(access);
            }
        }
        let refresh = slot.token.as_ref().and_then(|token| token.refresh.clone());
        let granted = match self.granted(plan, refresh.as_ref(), now).await {
            Ok(granted) => granted,
            Err(error) => {
                if let FetchError::Token { trouble, .. } = &error {
                    slot.failed = Some((Instant::now() + PAUSE, Fault::Trouble(trouble.clone())));
                }
                return Err(error);
            }
        };
        let ends_at = now.checked_add(granted.life).unwrap_or(Timestamp::MAX);
        let refresh = granted.refresh.or(refresh);
        let token = Token { seed: seed.to_owned(), access: granted.access, ends_at, refresh };
        let access = token.access.clone();
        if let Err(error) = self.tokens.shelf.keep(&id, &token) {
            // It serves us until we end.
            tracing::error!(%error, "the token of {host} could not be kept; after a restart it has to be got anew");
        }
        drop(hold);
        (slot.token, slot.is_unproven) = (Some(token), false);
        Ok(access)
    }

    /// Asks for a token, by each way that there is, until one gives it.
    async fn granted(&self, plan: &TokenPlan, kept: Option<&Secret>, now: Timestamp) -> Result<Granted, FetchError> {
        let configured = plan.refresh.as_ref().map(|name| self.named(name)).transpose()?;
        match plan.grant {
            GrantKind::ClientCredentials => self.ask_token(plan, &[("grant_type", "client_credentials")], now).await,
            GrantKind::RefreshToken => {
                let kept = kept.filter(|kept| configured != Some(*kept));
                let with = async |refresh: &Secret| {
                    let form = [("grant_type", "refresh_token"), ("refresh_token", refresh.expose())];
                    self.ask_token(plan, &form, now).await
                };
                match (kept, configured) {
                    (Some(kept), Some(configured)) => match with(kept).await {
                        Err(error) if is_refusal(&error) => with(configured).await,
                        other => other,
                    },
                    (Some(one), None) | (None, Some(one)) => with(one).await,
                    (None, None) => Err(trouble(plan, TokenTrouble::NoRefresh)),
                }
            }
            GrantKind::Session => {
                if let Some(refresh) = kept.filter(|_| !plan.refresh_url.is_empty()) {
                    let headers = vec![("authorization".to_owned(), format!("Bearer {}", refresh.expose()))];
                    match self.post(plan, &plan.refresh_url, headers, Vec::new(), now).await {
                        Err(error) if is_refusal(&error) => {}
                        other => return other,
                    }
                }
                let key = plan.key.as_ref().map(|name| self.named(name)).transpose()?;
                let mut login = serde_json::Map::new();
                login.insert(plan.fields.login.clone(), plan.login.clone().into());
                login.insert(plan.fields.key.clone(), key.map_or("", Secret::expose).into());
                let body = serde_json::Value::Object(login).to_string().into_bytes();
                let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
                self.post(plan, &plan.token_url, headers, body, now).await
            }
        }
    }

    /// Posts a form to the token endpoint, with the client's own login.
    async fn ask_token(&self, plan: &TokenPlan, form: &[(&str, &str)], now: Timestamp) -> Result<Granted, FetchError> {
        let key = plan.key.as_ref().map(|name| self.named(name)).transpose()?;
        let (headers, body) = form_of(plan, form, key);
        self.post(plan, &plan.token_url, headers, body, now).await
    }

    /// Posts to `url`, which is followed nowhere else: what is sent is meant for it alone.
    async fn post(
        &self,
        plan: &TokenPlan,
        url: &str,
        mut headers: Vec<(String, String)>,
        body: Vec<u8>,
        now: Timestamp,
    ) -> Result<Granted, FetchError> {
        let url = Url::parse(url).map_err(NetError::NotUrl)?;
        headers.push(("user-agent".to_owned(), self.inner.user_agent.clone()));
        headers.push(("accept".to_owned(), "application/json".to_owned()));
        let who = Who { host: host_key(&url), holder: Holder::Key(key_hash_of_plan(plan)) };
        let turn = Turn { pause: self.inner.settings.per_host_pause, is_page: false };
        let ask = Ask {
            who: &who,
            sent: url.to_string(),
            headers,
            body: Some(body.into()),
            limit_bytes: ANSWER_LIMIT_BYTES,
            turn,
        };
        let (mut answer, pass) = self.ask(ask, self.inner.settings.total_deadline).await?;
        let (plea, rest) = self.hear(&answer, &who, pass.entered(), now);
        let status = answer.status;
        if let Plea::SlowDown(wait) = plea {
            return Err(FetchError::Throttled { host: who.host, status, wait, rest });
        }
        if matches!(status, 300..=399) {
            return Err(trouble(plan, TokenTrouble::Redirect));
        }
        let (body, _share) = self.read(&mut answer, usize::MAX).await?;
        answer::read(status, &body, plan).map_err(|told| trouble(plan, told))
    }

    fn named(&self, name: &SecretRef) -> Result<&Secret, FetchError> {
        self.secrets.get(name).ok_or_else(|| FetchError::UnknownSecret { name: name.clone() })
    }

    /// A hash over all that a token was got with: with another password it is another token.
    fn seed(&self, plan: &TokenPlan) -> Result<String, FetchError> {
        let of = |name: &Option<SecretRef>| name.as_ref().map_or(Ok(""), |name| self.named(name).map(Secret::expose));
        Ok(hash_hex(&[&plan.login, of(&plan.key)?, of(&plan.refresh)?, &plan.scope]))
    }
}

impl Slot {
    /// Forgets what was got with other secrets: the operator has changed them.
    fn forget_another(&mut self, seed: &str) {
        if self.token.as_ref().is_some_and(|token| token.seed != seed) {
            *self = Self::default();
        }
    }
}

impl Fault {
    fn told(self, host: String) -> FetchError {
        match self {
            Self::Trouble(trouble) => FetchError::Token { host, trouble },
            Self::Refused => FetchError::TokenRefused { host },
        }
    }
}

/// The headers and the body of a form, with the client's own login.
fn form_of(plan: &TokenPlan, form: &[(&str, &str)], key: Option<&Secret>) -> (Vec<(String, String)>, Vec<u8>) {
    let mut headers = vec![("content-type".to_owned(), "application/x-www-form-urlencoded".to_owned())];
    let mut body = url::form_urlencoded::Serializer::new(String::new());
    body.extend_pairs(form);
    if !plan.scope.is_empty() {
        body.append_pair("scope", &plan.scope);
    }
    match (plan.client, key) {
        (ClientAuth::Basic, Some(key)) => {
            let encoded = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
            let login = STANDARD.encode(format!("{}:{}", encoded(&plan.login), encoded(key.expose())));
            headers.push(("authorization".to_owned(), format!("Basic {login}")));
        }
        (_, key) => {
            body.append_pair("client_id", &plan.login);
            if let Some(key) = key {
                body.append_pair("client_secret", key.expose());
            }
        }
    }
    (headers, body.finish().into_bytes())
}

fn trouble(plan: &TokenPlan, trouble: TokenTrouble) -> FetchError {
    FetchError::Token { host: host_of(&plan.token_url), trouble }
}

/// Whether a token was refused that may be replaced by another one of ours.
fn is_refusal(error: &FetchError) -> bool {
    matches!(error, FetchError::Token { trouble: TokenTrouble::Refused { .. }, .. })
}

fn host_of(url: &str) -> String {
    Url::parse(url).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default()
}

/// What names a token: of the secrets only where they are found.
fn plan_id(plan: &TokenPlan) -> String {
    let kind = format!("{:?}", plan.grant);
    let (key, refresh) = (format!("{:?}", plan.key), format!("{:?}", plan.refresh));
    hash_hex(&[&kind, &plan.token_url, &plan.login, &key, &refresh, &plan.scope])
}

/// [`Holder::Key`] of who asks with the token of `plan`.
pub(super) fn key_hash_of_plan(plan: &TokenPlan) -> u64 {
    hash64(&["token", &plan_id(plan)])
}
