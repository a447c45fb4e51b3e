//! One message of Jetstream, in the legacy form or that of 2026: read as far as is needed and borrowed from its bytes.

use super::lax::{Flag, Number, Text};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::value::RawValue;

/// What every message is, in one of two forms.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Envelope<'m> {
    /// `message` or `error` in the newer form.
    #[serde(borrow, rename = "$type")]
    form: Text<'m>,
    #[serde(borrow)]
    payload: Option<Payload<'m>>,
    #[serde(borrow)]
    error: Text<'m>,
    #[serde(borrow)]
    message: Text<'m>,
    #[serde(borrow)]
    did: Text<'m>,
    time_us: Number,
    #[serde(borrow)]
    kind: Text<'m>,
    #[serde(borrow)]
    commit: Option<Commit<'m>>,
    account: Option<Account<'m>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Payload<'m> {
    #[serde(borrow, rename = "$type")]
    form: Text<'m>,
    seq: Number,
    #[serde(borrow)]
    did: Text<'m>,
    #[serde(borrow)]
    time: Text<'m>,
    #[serde(borrow)]
    name: Text<'m>,
    #[serde(borrow)]
    rev: Text<'m>,
    #[serde(borrow)]
    operation: Text<'m>,
    #[serde(borrow)]
    collection: Text<'m>,
    #[serde(borrow)]
    rkey: Text<'m>,
    #[serde(borrow)]
    record: Option<&'m RawValue>,
    account: Option<Account<'m>>,
}

/// A change of one record.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Commit<'m> {
    #[serde(borrow)]
    pub(super) rev: Text<'m>,
    #[serde(borrow)]
    pub(super) operation: Text<'m>,
    #[serde(borrow)]
    pub(super) collection: Text<'m>,
    #[serde(borrow)]
    pub(super) rkey: Text<'m>,
    #[serde(borrow)]
    pub(super) record: Option<&'m RawValue>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Account<'m> {
    active: Flag,
    #[serde(borrow)]
    status: Text<'m>,
    #[serde(borrow)]
    time: Text<'m>,
}

/// One message, whatever its form.
#[derive(Debug)]
pub(super) struct Frame<'m> {
    /// Its number; newer form only.
    pub(super) seq: Option<u64>,
    /// When it was witnessed, in microseconds since 1970; 0 in notices.
    pub(super) time_us: u64,
    pub(super) did: Text<'m>,
    pub(super) act: Act<'m>,
}

/// What happened.
#[derive(Debug)]
pub(super) enum Act<'m> {
    Commit(Commit<'m>),
    /// An account was closed by somebody; it was deleted, or may be opened again.
    AccountClosed {
        is_deleted: bool,
        /// When, in microseconds since 1970, wherever it was witnessed.
        at_us: u64,
    },
    /// Going on where we asked was not possible.
    CursorOutdated,
    /// The server is about to close, and why.
    Error(String),
    /// Kinds that say nothing to us.
    Other,
}

/// Reads one message; the error is what is wrong with it.
pub(super) fn read(message: &str) -> Result<Frame<'_>, String> {
    let envelope: Envelope<'_> = serde_json::from_str(message).map_err(|error| error.to_string())?;
    match &*envelope.form {
        "error" => {
            let words = format!("{}: {}", &*envelope.error, &*envelope.message);
            Ok(Frame { seq: None, time_us: 0, did: Text::default(), act: Act::Error(words) })
        }
        "message" => newer(envelope.payload.ok_or("it has no payload")?),
        _ => legacy(envelope),
    }
}

/// Only what its owner deleted is gone for good; what was taken down, suspended or deactivated may come back.
fn closed<'m>(account: &Account<'_>, time_us: u64) -> Act<'m> {
    let at = account.time.parse::<Timestamp>().ok().and_then(|at| u64::try_from(at.as_microsecond()).ok());
    Act::AccountClosed { is_deleted: &*account.status == "deleted", at_us: at.unwrap_or(time_us) }
}

fn legacy(envelope: Envelope<'_>) -> Result<Frame<'_>, String> {
    if envelope.time_us.0 == 0 {
        return Err("it has no time_us".to_owned());
    }
    let act = match (&*envelope.kind, envelope.commit, envelope.account) {
        ("commit", Some(commit), _) => Act::Commit(commit),
        ("account", _, Some(account)) if account.active.0 == Some(false) => closed(&account, envelope.time_us.0),
        _ => Act::Other,
    };
    Ok(Frame { seq: None, time_us: envelope.time_us.0, did: envelope.did, act })
}

fn newer(payload: Payload<'_>) -> Result<Frame<'_>, String> {
    let kind = payload.form.rsplit('#').next().unwrap_or_default();
    if kind == "info" {
        let is_outdated = &*payload.name == "OutdatedCursor";
        let act = if is_outdated { Act::CursorOutdated } else { Act::Other };
        return Ok(Frame { seq: None, time_us: 0, did: Text::default(), act });
    }
    let time: Timestamp = payload.time.parse().map_err(|_| "it has no time".to_owned())?;
    let time_us = u64::try_from(time.as_microsecond()).unwrap_or(0);
    let act = match (kind, payload.account) {
        ("commit", _) => Act::Commit(Commit {
            rev: payload.rev,
            operation: payload.operation,
            collection: payload.collection,
            rkey: payload.rkey,
            record: payload.record,
        }),
        ("account", Some(account)) if account.active.0 == Some(false) => closed(&account, time_us),
        _ => Act::Other,
    };
    Ok(Frame { seq: Some(payload.seq.0).filter(|seq| *seq > 0), time_us, did: payload.did, act })
}
