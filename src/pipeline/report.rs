//! The digest: when it is due, into the outbox; on demand, as a preview.

use super::{Parts, PipelineError};
use crate::alert::{self, ChannelKind};
use crate::digest::{self, DigestMail, Settings};
use crate::model::Watch;
use crate::store::Store;
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
    let Some(name) = &parts.settings.digest.channel else { return Ok(()) };
    let recipients =
        parts.settings.alert.channels.iter().find(|channel| channel.name == *name).map(|channel| &channel.kind);
    let Some(ChannelKind::Email { to, .. }) = recipients else { return Ok(()) };
    for recipient in to {
        let now = (parts.clock)();
        let last = parts.store.last_digest(recipient).await?;
        if let Some(due) = digest::due(&parts.settings.digest, now, last) {
            let facts = parts.store.digest_facts(due.from, due.to, now, &parts.settings.watch.brands).await?;
            let mail = digest::render(&facts, &parts.settings.digest, now);
            let digest = digest::alert(&mail, due.date, recipient, name, now);
            parts.store.enqueue_digest(digest, due.date).await?;
            tracing::info!(day = %due.date, "made the digest of {}", due.date);
        }
    }
    Ok(())
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
