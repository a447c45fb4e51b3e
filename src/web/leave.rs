//! `/u/…`: who leaves a list (the digest, the alerts), with one click of a mail program (RFC 8058) or of a person.
//! Looking changes nothing.

use super::page::page;
use super::{Settings, Web, language, out_of_order};
use crate::net::Reply;
use crate::store::StoreError;
use crate::wording::{leave_link, recipient_hash};

/// The lists that can be left.
const DIGEST: &str = "digest";
const ALERTS: &str = "alerts";

pub(super) async fn answer(web: &Web, settings: &Settings, path: &str, is_post: bool) -> Reply {
    let words = language(settings).words();
    let link = leave_link(path).filter(|link| settings.links.as_ref().is_some_and(|links| links.is_leave(link)));
    let list = link.as_ref().and_then(|link| match link.list.as_str() {
        DIGEST => Some((DIGEST, &settings.recipients, words.page_leave, words.page_left)),
        ALERTS => Some((ALERTS, &settings.alert_recipients, words.page_leave_alerts, words.page_left_alerts)),
        _ => None,
    });
    let Some((link, (list, recipients, ask, done))) = link.as_ref().zip(list) else {
        return page(settings, 404, words.page_wrong, None);
    };
    let mut named = recipients.iter().filter(|recipient| recipient_hash(recipient) == link.recipient_hash);
    // Who is not written to any more has left already.
    let Some(recipient) = named.next() else { return page(settings, 200, done, None) };
    match leave(web, (list, recipient), is_post).await {
        Err(error) => out_of_order(&error),
        Ok(true) => page(settings, 200, done, None),
        Ok(false) => page(settings, 200, ask, Some(words.unsubscribe)),
    }
}

/// Whether `recipient` has left `list`, now at the latest where it is asked for.
async fn leave(web: &Web, (list, recipient): (&str, &str), is_post: bool) -> Result<bool, StoreError> {
    if !is_post {
        return Ok(web.store.left_lists().await?.iter().any(|left| left.list == list && left.recipient == recipient));
    }
    if web.store.leave(list, recipient, web.now()).await? {
        tracing::warn!(list, "a recipient left the list of the {list}; `porterhouse doctor` says who");
    }
    Ok(true)
}
