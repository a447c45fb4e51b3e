//! robots.txt (RFC 9309): asked once a day for each origin, before the first of its pages.
//!
//! In: the address of a page. Out: how long to pause before it (`Crawl-delay`), or why it may not be read.
//! Missing (4xx) means all is allowed; a server's fault (5xx, 429) means that what was known holds on, or where nothing
//! was, wait. Where the site cannot be reached at all, the page's own error is told.

use super::headers::plain;
use super::lane::{Turn, Who};
use super::{Ask, FetchError, Fetcher, REDIRECTS, ROBOTS_LIMIT_BYTES, Rules, host_key};
use crate::model::Holder;
use jiff::Timestamp;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;
use url::{Position, Url};

/// The name that rules address us by.
const AGENT: &str = "porterhouse";

/// How long rules are believed (RFC 9309, 2.4).
const RULES_KEPT: Duration = Duration::from_secs(24 * 60 * 60);

/// How long a server's fault is believed.
const FAULT_KEPT: Duration = Duration::from_secs(10 * 60);

/// Origins remembered.
const ORIGINS_KEPT: usize = 10_000;

/// Bytes of robots.txt files whose rules are remembered, all together.
const BYTES_KEPT: usize = 8 << 20;

/// What is known of each origin.
#[derive(Debug, Default)]
pub(super) struct RobotsCache {
    origins: Mutex<Origins>,
}

#[derive(Debug, Default)]
struct Origins {
    slots: HashMap<String, Slot>,
    bytes: usize,
}

#[derive(Debug, Clone)]
struct Slot {
    /// Held while asking, so that many pages of one site ask once.
    known: Arc<tokio::sync::Mutex<Option<Known>>>,
    until: Instant,
    bytes: usize,
}

#[derive(Debug, Clone)]
struct Known {
    verdict: Verdict,
    until: Instant,
    bytes: usize,
}

#[derive(Debug, Clone)]
enum Verdict {
    Rules(Arc<Rules>),
    Fault(u16),
}

/// The pause that the site asks for before `url`, or its refusal.
pub(super) async fn check(fetcher: &Fetcher, url: &Url, now: Timestamp) -> Result<Duration, FetchError> {
    let host = url.host_str().unwrap_or("").to_owned();
    let Ok(robots_txt) = url.join("/robots.txt") else {
        // Not http, or no host: the gate refuses it in its own words.
        return Ok(Duration::ZERO);
    };
    let cache = &fetcher.inner.robots;
    let slot = cache.slot(robots_txt.as_str());
    let mut known = slot.known.lock().await;
    let verdict = match &*known {
        Some(known) if known.until > Instant::now() => known.verdict.clone(),
        before => {
            let mut fresh = ask(fetcher, robots_txt.clone(), now).await?;
            if let (Verdict::Fault(_), Some(before)) = (&fresh.verdict, before) {
                // What was known holds while it cannot be asked for (RFC 9309, 2.4).
                (fresh.verdict, fresh.bytes) = (before.verdict.clone(), before.bytes);
            }
            cache.note(robots_txt.as_str(), &fresh);
            known.insert(fresh).verdict.clone()
        }
    };
    drop(known);
    judge(&verdict, url, host)
}

fn judge(verdict: &Verdict, url: &Url, host: String) -> Result<Duration, FetchError> {
    let rules = match verdict {
        Verdict::Fault(status) => return Err(FetchError::RobotsUnreachable { host, status: *status }),
        Verdict::Rules(rules) => rules,
    };
    match rules.forbidding(&url[Position::BeforePath..Position::AfterQuery]) {
        None => Ok(rules.crawl_delay().unwrap_or_default()),
        Some(rule) => Err(FetchError::RobotsForbid { host, rule }),
    }
}

/// Asks for a robots.txt and follows its redirects, each through the gate and the lane of its host.
async fn ask(fetcher: &Fetcher, mut url: Url, now: Timestamp) -> Result<Known, FetchError> {
    let keep = |verdict, kept, bytes| Known { verdict, until: Instant::now() + kept, bytes };
    let allow_all = || Verdict::Rules(Arc::new(Rules::allow_all()));
    for _ in 0..=REDIRECTS {
        let headers = plain(&fetcher.inner.user_agent);
        let turn = Turn { pause: fetcher.inner.settings.per_host_pause, is_page: false };
        // No limit here: what is above the 500 KiB of the standard is cut off, not refused.
        let who = Who { host: host_key(&url), holder: Holder::Nobody };
        let (sent, limit_bytes) = (url.to_string(), usize::MAX);
        let ask = Ask { who: &who, sent, headers, body: None, limit_bytes, turn };
        let (mut answer, pass) = fetcher.ask(ask, fetcher.inner.settings.total_deadline).await?;
        fetcher.hear(&answer, &who, pass.entered(), now);
        match answer.status {
            200..=299 => {
                // One byte more tells a file that ends at the limit from one that was cut.
                let (body, _share) = fetcher.read(&mut answer, ROBOTS_LIMIT_BYTES + 1).await?;
                let rules = Verdict::Rules(Arc::new(Rules::parse(&body, AGENT)));
                return Ok(keep(rules, RULES_KEPT, body.len()));
            }
            301 | 302 | 303 | 307 | 308 => match answer.header("location").and_then(|to| url.join(to).ok()) {
                Some(target) => url = target,
                None => return Ok(keep(allow_all(), RULES_KEPT, 0)),
            },
            429 | 500..=599 => return Ok(keep(Verdict::Fault(answer.status), FAULT_KEPT, 0)),
            _ => return Ok(keep(allow_all(), RULES_KEPT, 0)),
        }
    }
    // Not reached within five redirects counts as missing (RFC 9309, 2.3.1.2).
    Ok(keep(allow_all(), RULES_KEPT, 0))
}

impl RobotsCache {
    fn origins(&self) -> MutexGuard<'_, Origins> {
        self.origins.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn slot(&self, robots_txt: &str) -> Slot {
        let mut origins = self.origins();
        if let Some(slot) = origins.slots.get(robots_txt) {
            return slot.clone();
        }
        origins.make_space();
        let slot = Slot { known: Arc::default(), until: Instant::now(), bytes: 0 };
        origins.slots.insert(robots_txt.to_owned(), slot.clone());
        slot
    }

    fn note(&self, robots_txt: &str, known: &Known) {
        let mut origins = self.origins();
        let Some(slot) = origins.slots.get_mut(robots_txt) else { return };
        let before = std::mem::replace(&mut slot.bytes, known.bytes);
        slot.until = known.until;
        origins.bytes = origins.bytes - before + known.bytes;
        origins.make_space();
    }
}

impl Origins {
    /// Forgets what is out of date soonest, until there is space for one more.
    fn make_space(&mut self) {
        while self.slots.len() >= ORIGINS_KEPT || self.bytes > BYTES_KEPT {
            let Some(soonest) = self.slots.iter().min_by_key(|(_, slot)| slot.until).map(|(key, _)| key.clone()) else {
                return;
            };
            self.bytes -= self.slots.remove(&soonest).map_or(0, |slot| slot.bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cache_forgets_before_it_grows_beyond_its_bounds() {
        let cache = RobotsCache::default();
        let known = |bytes| Known { verdict: Verdict::Fault(500), until: Instant::now() + RULES_KEPT, bytes };
        for n in 0..100 {
            let key = format!("http://host-{n}/robots.txt");
            let _ = cache.slot(&key);
            cache.note(&key, &known(500 << 10));
            assert!(cache.origins().bytes <= BYTES_KEPT);
        }
        assert_eq!(cache.origins().slots.len(), BYTES_KEPT / (500 << 10));
    }

    #[test]
    fn the_rule_that_forbids_is_named() {
        let url = Url::parse("https://forum.example/private/7?page=2").unwrap();
        let rules = Verdict::Rules(Arc::new(Rules::parse(b"User-agent: *\nDisallow: /private/", AGENT)));
        let told = judge(&rules, &url, "forum.example".to_owned()).unwrap_err().to_string();
        assert!(told.contains("`Disallow: /private/`"), "{told}");
    }
}
