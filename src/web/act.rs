//! `/a/…`: a link in an alert that does one thing. Looking at it changes nothing; its button does it, once.

use super::page::page;
use super::{Settings, Web, language, out_of_order};
use crate::model::{BrandId, Change, ItemId};
use crate::net::Reply;
use crate::store::{Acted, Snooze, StoreError};
use crate::wording::{Act, ActLink, Reader, act_link, act_name, fill};
use jiff::Timestamp;

/// Who is named in corrections that a link made: the link proves the mail, not the reader.
const WHO: &str = "link in a mail";

pub(super) async fn answer(web: &Web, settings: &Settings, path: &str, is_post: bool) -> Reply {
    let words = language(settings).words();
    let link = match checked(web, settings, path).await {
        Err(error) => return out_of_order(&error),
        Ok(Checked::Wrong) => return page(settings, 404, words.page_wrong, None),
        Ok(Checked::Expired) => return page(settings, 410, words.page_expired, None),
        Ok(Checked::Holds(link)) => link,
    };
    let reader = Reader::new(&settings.language, &settings.zone);
    let later = link.act.later_at(web.now(), &reader.zone);
    let done = match (change(link.act), later) {
        (Some(change), _) => correct(web, &link, change, is_post).await,
        (None, Some(due_at)) => put_off(web, &link, due_at, is_post).await,
        (None, None) => Ok(Outcome::TooLate),
    };
    let act = act_name(link.act, language(settings));
    let places = [("act", act), ("item", &link.item.to_string()), ("brand", &link.brand)];
    match (done, later) {
        (Err(error), _) => out_of_order(&error),
        (Ok(Outcome::Open), None) => page(settings, 200, &fill(words.page_ask, &places), Some(act)),
        (Ok(Outcome::Open), Some(_)) => page(settings, 200, &fill(words.page_ask_later, &places), Some(act)),
        (Ok(Outcome::Done), None) => page(settings, 200, words.page_done, None),
        (Ok(Outcome::Done), Some(due_at)) => {
            let moment = reader.moment(due_at, web.now());
            page(settings, 200, &fill(words.page_later, &[("time", &moment)]), None)
        }
        (Ok(Outcome::Already), _) => page(settings, 200, words.page_already, None),
        (Ok(Outcome::TooLate), _) => page(settings, 409, words.page_too_late, None),
        (Ok(Outcome::Gone), _) => page(settings, 410, words.page_gone, None),
    }
}

enum Checked {
    Holds(ActLink),
    Expired,
    Wrong,
}

/// How it is after a visit.
enum Outcome {
    /// It can be done.
    Open,
    /// It was done now.
    Done,
    /// It was so before.
    Already,
    /// It would come too late.
    TooLate,
    /// What it speaks of is not kept any more, or nobody has to act on it.
    Gone,
}

impl From<Acted> for Outcome {
    fn from(acted: Acted) -> Self {
        match acted {
            Acted::Done => Self::Done,
            Acted::Already => Self::Already,
            Acted::Gone => Self::Gone,
        }
    }
}

async fn checked(web: &Web, settings: &Settings, path: &str) -> Result<Checked, StoreError> {
    let (Some(links), Some(link)) = (&settings.links, act_link(path)) else { return Ok(Checked::Wrong) };
    // Of an item that is gone nothing can be proven; what is asked instead costs as much.
    let key_hash = web.store.item_key_hash(ItemId(link.item)).await?.unwrap_or_default();
    Ok(match links.is_act(&link, key_hash) {
        false => Checked::Wrong,
        true if web.now().as_second() > link.until => Checked::Expired,
        true => Checked::Holds(link),
    })
}

async fn correct(web: &Web, link: &ActLink, change: Change, is_post: bool) -> Result<Outcome, StoreError> {
    let (item, brand) = (ItemId(link.item), BrandId::new(&link.brand));
    if !is_post {
        return Ok(match web.store.is_so(item, brand, change).await? {
            None => Outcome::Gone,
            Some(true) => Outcome::Already,
            Some(false) => Outcome::Open,
        });
    }
    let acted = web.store.act(item, brand, change, WHO.to_owned(), web.now()).await?;
    note(link, acted);
    Ok(acted.into())
}

/// Lets the card come again at `due_at`, unless it has to be acted on before.
async fn put_off(web: &Web, link: &ActLink, due_at: Timestamp, is_post: bool) -> Result<Outcome, StoreError> {
    let (item, brand) = (ItemId(link.item), BrandId::new(&link.brand));
    let until = web.store.waits_until(item, &brand).await?;
    let snooze = Snooze { item, brand, link: link.seal.clone(), due_at };
    if let Some(acted) = web.store.is_snoozed(snooze.clone()).await? {
        return Ok(acted.into());
    }
    if until.is_some_and(|until| due_at >= until) {
        return Ok(Outcome::TooLate);
    }
    if !is_post {
        return Ok(Outcome::Open);
    }
    let acted = web.store.snooze(snooze, web.now()).await?;
    note(link, acted);
    Ok(acted.into())
}

fn note(link: &ActLink, acted: Acted) {
    if acted == Acted::Done {
        let (act, item, brand) = (link.act.as_str(), link.item, &link.brand);
        tracing::info!(act, item, %brand, "a link in a mail was used");
    }
}

/// What an act says of a mention; `None` where it puts the card off.
fn change(act: Act) -> Option<Change> {
    match act {
        Act::Done => Some(Change::Done(true)),
        Act::Dismiss => Some(Change::Kinds(Vec::new())),
        Act::OtherBrand => Some(Change::Relevant(false)),
        Act::InAnHour | Act::Tomorrow => None,
    }
}
