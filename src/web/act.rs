//! `/a/…`: a link in an alert that does one thing. Looking at it changes nothing; its button does it, once.

use super::page::page;
use super::{Settings, Web, language, out_of_order};
use crate::model::{BrandId, Change, ItemId};
use crate::net::Reply;
use crate::store::{Acted, StoreError};
use crate::wording::{Act, ActLink, act_link, act_name, fill};

/// Who is named in corrections that a link made: the link proves the mail, not the reader.
const WHO: &str = "link in a mail";

pub(super) async fn answer(web: &Web, settings: &Settings, path: &str, is_post: bool) -> Reply {
    let words = language(settings).words();
    match checked(web, settings, path).await {
        Err(error) => out_of_order(&error),
        Ok(Checked::Wrong) => page(settings, 404, words.page_wrong, None),
        Ok(Checked::Expired) => page(settings, 410, words.page_expired, None),
        Ok(Checked::Holds(link)) => {
            let done = if is_post { act(web, &link).await } else { look(web, &link).await };
            match done {
                Err(error) => out_of_order(&error),
                Ok(None) => {
                    let act = act_name(link.act, language(settings));
                    let places = [("act", act), ("item", &link.item.to_string()), ("brand", &link.brand)];
                    page(settings, 200, &fill(words.page_ask, &places), Some(act))
                }
                Ok(Some(Acted::Done)) => page(settings, 200, words.page_done, None),
                Ok(Some(Acted::Already)) => page(settings, 200, words.page_already, None),
                Ok(Some(Acted::Gone)) => page(settings, 410, words.page_gone, None),
            }
        }
    }
}

enum Checked {
    Holds(ActLink),
    Expired,
    Wrong,
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

/// What is so already; `None` where it can be done.
async fn look(web: &Web, link: &ActLink) -> Result<Option<Acted>, StoreError> {
    let is_so = web.store.is_so(ItemId(link.item), BrandId::new(&link.brand), change(link.act)).await?;
    Ok(match is_so {
        None => Some(Acted::Gone),
        Some(true) => Some(Acted::Already),
        Some(false) => None,
    })
}

async fn act(web: &Web, link: &ActLink) -> Result<Option<Acted>, StoreError> {
    let (item, brand) = (ItemId(link.item), BrandId::new(&link.brand));
    let acted = web.store.act(item, brand, change(link.act), WHO.to_owned(), web.now()).await?;
    if acted == Acted::Done {
        let (act, item, brand) = (link.act.as_str(), link.item, &link.brand);
        tracing::info!(act, item, %brand, "a link in a mail was used");
    }
    Ok(Some(acted))
}

fn change(act: Act) -> Change {
    match act {
        Act::Done => Change::Done(true),
        Act::Dismiss => Change::Kinds(Vec::new()),
        Act::OtherBrand => Change::Relevant(false),
    }
}
