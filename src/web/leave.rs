//! `/u/…`: who leaves the digest, with one click of a mail program (RFC 8058) or of a person. Looking changes nothing.

use super::page::page;
use super::{Settings, Web, language, out_of_order};
use crate::net::Reply;
use crate::store::StoreError;
use crate::wording::{leave_link, recipient_hash};

/// The list of the digest.
const DIGEST: &str = "digest";

pub(super) async fn answer(web: &Web, settings: &Settings, path: &str, is_post: bool) -> Reply {
    let words = language(settings).words();
    let link = leave_link(path)
        .filter(|link| link.list == DIGEST && settings.links.as_ref().is_some_and(|links| links.is_leave(link)));
    let Some(link) = link else { return page(settings, 404, words.page_wrong, None) };
    let mut named = settings.recipients.iter().filter(|recipient| recipient_hash(recipient) == link.recipient_hash);
    // Who is not written to any more has left already.
    let Some(recipient) = named.next() else { return page(settings, 200, words.page_left, None) };
    match leave(web, recipient, is_post).await {
        Err(error) => out_of_order(&error),
        Ok(true) => page(settings, 200, words.page_left, None),
        Ok(false) => page(settings, 200, words.page_leave, Some(words.unsubscribe)),
    }
}

/// Whether `recipient` has left, now at the latest where it is asked for.
async fn leave(web: &Web, recipient: &str, is_post: bool) -> Result<bool, StoreError> {
    if !is_post {
        return Ok(web.store.left_lists().await?.iter().any(|left| left.list == DIGEST && left.recipient == recipient));
    }
    if web.store.leave(DIGEST, recipient, web.now()).await? {
        tracing::warn!("a recipient left the digest; `porterhouse doctor` says who");
    }
    Ok(true)
}
