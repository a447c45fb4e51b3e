//! The digest: when it is due, into the outbox; on demand, as a preview.

use super::{Parts, PipelineError};
use crate::alert::{self, ChannelKind};
use crate::digest::{self, DigestMail, Settings};
use crate::model::{AlertKey, ChannelName, Watch};
use crate::store::{LeftList, Store};
use crate::text::hash_hex;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};

/// What stands in for sender and recipient in a preview that nobody gets.
const PREVIEW_ADDRESS: &str = "preview@porterhouse.invalid";

/// A digest that nobody gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DigestPreview {
    /// What it says.
    pub mail: DigestMail,
    /// The whole mail as it would be sent (RFC 5322).
    pub eml: Vec<u8>,
}

/// Puts a digest into the outbox for each recipient whose local day is due.
///
/// # Errors
/// [`PipelineError`] where the store fails; a recipient who has his digest keeps it and gets no second one.
pub async fn digest_due(parts: &Parts) -> Result<(), PipelineError> {
    let Some((name, to)) = digest_recipients(&parts.settings.digest, &parts.settings.alert) else { return Ok(()) };
    let left = parts.store.left_lists().await?;
    for recipient in to.iter().filter(|recipient| !has_left(&left, recipient)) {
        let now = (parts.clock)();
        let last = parts.store.last_digest(recipient).await?;
        if let Some(due) = digest::due(&parts.settings.digest, now, last) {
            let from = from_last_end(due.from, due.to, parts.store.last_digest_end(recipient).await?);
            let facts = parts.store.digest_facts(from, due.to, now, &parts.settings.watch.brands).await?;
            let mail = digest::render(&facts, &parts.settings.digest, now);
            let mut digest = digest::alert(&mail, due.date, recipient, name, now);
            digest.unsubscribe = leave_link(&parts.settings.digest, recipient);
            if parts.store.enqueue_digest(digest, due.date, due.to).await? {
                tracing::info!(day = %due.date, "made the digest of {}", due.date);
            }
        }
    }
    Ok(())
}

/// The channel of the digest and its recipients; `None` where no digest is sent.
fn digest_recipients<'s>(digest: &'s Settings, alert: &'s alert::Settings) -> Option<(&'s ChannelName, &'s [String])> {
    let name = digest.channel.as_ref()?;
    match &alert.channels.iter().find(|channel| channel.name == *name)?.kind {
        ChannelKind::Email { to, .. } => Some((name, to)),
        _ => None,
    }
}

/// Where a stretch begins: where the last one ended, if that was about when it should have. One that was asked for
/// by hand ended earlier or later, and nothing between may be left out or told twice.
fn from_last_end(from: Timestamp, to: Timestamp, last_end: Option<Timestamp>) -> Timestamp {
    // A local day has 25 hours at most.
    let earliest = from.saturating_sub(SignedDuration::from_hours(25)).unwrap_or(Timestamp::MIN);
    last_end.filter(|end| (earliest..to).contains(end)).unwrap_or(from)
}

/// Puts the digest of now into the outbox for each of `recipients`; whether there is a digest for each of them, in
/// their order. None where no digest channel is set.
///
/// It counts as the digest of its local day: who has that already gets none, but with `again` one more. The next
/// regular digest begins where this one ends.
///
/// # Errors
/// [`PipelineError`] where the store fails; a recipient who has the digest keeps it.
pub async fn digest_now(
    store: &Store,
    watch: &Watch,
    settings: &Settings,
    recipients: &[String],
    again: bool,
    now: Timestamp,
) -> Result<Vec<bool>, PipelineError> {
    let Some(name) = &settings.channel else { return Ok(Vec::new()) };
    let today = digest::day(settings, now);
    let mut made = Vec::new();
    let left = store.left_lists().await?;
    for recipient in recipients {
        if has_left(&left, recipient) || !again && store.last_digest(recipient).await?.is_some_and(|last| last >= today)
        {
            made.push(false);
            continue;
        }
        let a_day_ago = now.saturating_sub(SignedDuration::from_hours(24)).unwrap_or(Timestamp::MIN);
        let from = from_last_end(a_day_ago, now, store.last_digest_end(recipient).await?);
        let facts = store.digest_facts(from, now, now, &watch.brands).await?;
        let mut digest = digest::alert(&digest::render(&facts, settings, now), today, recipient, name, now);
        digest.unsubscribe = leave_link(settings, recipient);
        if again {
            digest.key = AlertKey::new(hash_hex(&["digest", recipient, &now.to_string()]));
        }
        made.push(store.enqueue_digest(digest, today, now).await?);
    }
    Ok(made)
}

/// The list that a recipient of the digest leaves.
pub const DIGEST_LIST: &str = "digest";

fn has_left(left: &[LeftList], recipient: &str) -> bool {
    left.iter().any(|left| left.list == DIGEST_LIST && left.recipient == recipient)
}

fn leave_link(settings: &Settings, recipient: &str) -> Option<String> {
    settings.links.as_ref().map(|links| links.leave(DIGEST_LIST, recipient))
}

/// The digest of the day that ends at `now`; nothing is sent or noted.
///
/// # Errors
/// [`PipelineError`] where the store cannot be read.
pub async fn preview_digest(
    store: &Store,
    watch: &Watch,
    settings: &Settings,
    now: Timestamp,
) -> Result<DigestPreview, PipelineError> {
    let from = now.checked_sub(SignedDuration::from_hours(24)).unwrap_or(Timestamp::MIN);
    let facts = store.digest_facts(from, now, now, &watch.brands).await?;
    let mail = digest::render(&facts, settings, now);
    let channel = settings.channel.clone().unwrap_or_else(|| alert::terminal_channel().name);
    let today = Offset::UTC.to_datetime(now).date();
    let digest = digest::alert(&mail, today, PREVIEW_ADDRESS, &channel, now);
    let eml = alert::email_bytes(&digest, PREVIEW_ADDRESS)?;
    Ok(DigestPreview { mail, eml })
}
