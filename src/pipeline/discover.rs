//! Finds what can be listened to at an address that somebody names, and tries it.
//!
//! In: an address. Out: offers, each read once, the best first. Nothing is kept.

use super::asking::Means;
use super::probe::{Probe, probe};
use super::{NetError, Settings, import};
use crate::fetch::{Fetcher, PAGE_LIMIT_BYTES};
use crate::model::{HostLimit, Request, SourceName, SourceSpec, Validators};
use crate::net::Net;
use crate::source::{self, Offer, OfferKind};
use crate::store::Store;
use jiff::Timestamp;
use url::Url;

/// What we prefer to be answered.
const ACCEPT: &str = "text/html, application/xhtml+xml;q=0.9, application/rss+xml;q=0.8, */*;q=0.5";

/// How many offers are tried, and how many answers each may ask for.
const TRIED_MOST: usize = 8;
const ANSWERS_MOST: usize = 3;

/// The most bytes of a robots.txt (RFC 9309, 2.5).
const ROBOTS_LIMIT_BYTES: usize = 512 * 1024;

/// An offer, read once.
#[derive(Debug, Clone, PartialEq)]
pub struct Tried {
    /// The offer.
    pub offer: Offer,
    /// What it gave.
    pub probe: Probe,
}

impl Tried {
    /// Whether there is something to listen to.
    #[must_use]
    pub fn is_good(&self) -> bool {
        !self.probe.items.is_empty()
    }
}

/// What an address offers.
#[derive(Debug, Clone, PartialEq)]
pub struct Discovery {
    /// The address that answered.
    pub url: String,
    /// The offers that were tried, the good ones first.
    pub tried: Vec<Tried>,
    /// Why nothing answered; in plain words.
    pub error: Option<String>,
}

/// Looks at `url` and tries what it offers; `told` hears of each before it is tried.
///
/// # Errors
/// [`NetError`] where the network cannot be set up.
pub async fn discover(
    settings: &Settings,
    url: &str,
    limits: &[HostLimit],
    now: Timestamp,
    told: &(dyn Fn(&str) + Sync),
) -> Result<Discovery, NetError> {
    let fetcher = Fetcher::new(settings.fetch.clone(), Net::new(&settings.net)?).with_secrets(settings.secrets.clone());
    fetcher.recall(limits, now);
    told(url);
    let request = request(url, true, PAGE_LIMIT_BYTES);
    let response = match fetcher.fetch(&request, &Validators::default(), now).await {
        Ok(fetched) => fetched.response,
        Err(error) => {
            return Ok(Discovery { url: url.to_owned(), tried: Vec::new(), error: Some(error.to_string()) });
        }
    };
    let url = response.url.clone();
    let offers = match source::own_offer(&response) {
        Some(offer) => vec![offer],
        None => {
            let mut offers = source::offers(&response.body, response.header("content-type"), &url);
            if !offers.iter().any(|offer| offer.kind == OfferKind::Sitemap) {
                offers.extend(sitemaps(&fetcher, &url, now).await);
            }
            if !offers.iter().any(|offer| offer.engine != "page") {
                offers.extend(source::guesses(&url));
            }
            offers.sort_by_key(|offer| offer.kind);
            offers
        }
    };
    let mut tried = Vec::new();
    for offer in offers {
        let is_guess = offer.is_guess;
        if tried.len() == TRIED_MOST
            || (is_guess && tried.iter().any(|tried: &Tried| tried.offer.is_guess && tried.is_good()))
        {
            continue;
        }
        told(&offer.url);
        let spec = offer.spec(SourceName::new("new"));
        let means = Means { fetcher: &fetcher, store: None, spec: &spec };
        let probe = probe(means, settings, ANSWERS_MOST, now).await;
        let it = Tried { offer, probe };
        // Of what was only guessed nobody needs to hear that it is not there.
        if it.is_good() || !is_guess {
            tried.push(it);
        }
    }
    tried.sort_by_key(|tried| !tried.is_good());
    Ok(Discovery { url, tried, error: None })
}

/// Reads the source `spec` now, within its budgets. Those are counted in `store`, which knows as well which hosts want to be
/// left alone.
///
/// # Errors
/// [`NetError`] where the network cannot be set up.
pub async fn try_source(
    settings: &Settings,
    spec: &SourceSpec,
    store: Option<&Store>,
    now: Timestamp,
) -> Result<Probe, NetError> {
    if let Some(import) = &spec.import {
        return Ok(import::probe_folder(settings, spec, import, now));
    }
    let mut fetcher =
        Fetcher::new(settings.fetch.clone(), Net::new(&settings.net)?).with_secrets(settings.secrets.clone());
    if let Some(store) = store {
        fetcher = fetcher.with_tokens_in(store.folder());
        // Where the store cannot be read, the reading below says so.
        fetcher.recall(&store.host_limits(now).await.unwrap_or_default(), now);
    }
    let mut probe = probe(Means { fetcher: &fetcher, store, spec }, settings, ANSWERS_MOST, now).await;
    if let Some(store) = store {
        let usages = store.usages(now).await.unwrap_or_default();
        probe.usages = usages.into_iter().filter(|usage| usage.source == spec.name).collect();
    }
    Ok(probe)
}

async fn sitemaps(fetcher: &Fetcher, url: &str, now: Timestamp) -> Vec<Offer> {
    let Some(robots) = Url::parse(url).ok().and_then(|url| url.join("/robots.txt").ok()) else { return Vec::new() };
    let request = request(robots.as_str(), false, ROBOTS_LIMIT_BYTES);
    match fetcher.fetch(&request, &Validators::default(), now).await {
        Ok(fetched) => source::sitemaps_in_robots(&String::from_utf8_lossy(&fetched.response.body)),
        Err(_) => Vec::new(),
    }
}

fn request(url: &str, obeys_robots: bool, body_limit_bytes: usize) -> Request {
    Request {
        headers: vec![("accept".to_owned(), ACCEPT.to_owned())],
        obeys_robots,
        ..Request::plain(url.to_owned(), body_limit_bytes)
    }
}
