//! The way of one fetch through its redirects: where we are, what we may still carry, how much time is left.

use super::{FetchError, REDIRECTS};
use crate::model::Request;
use crate::net::{Answer, NetError};
use std::time::Duration;
use url::{Origin, Url};

/// Where a fetch stands.
#[derive(Debug)]
pub(super) struct Trail {
    first: Url,
    here: Url,
    n_hops: usize,
    all_permanent: bool,
    carries_secret: bool,
    /// Once we left the first host, what was meant for it stays behind, even where the chain returns.
    at_home: bool,
    total_deadline: Duration,
    spent: Duration,
}

impl Trail {
    pub(super) fn start(request: &Request, has_bearer: bool, total_deadline: Duration) -> Result<Self, FetchError> {
        let mut here = Url::parse(&request.url).map_err(NetError::NotUrl)?;
        here.set_fragment(None);
        Ok(Self {
            first: here.clone(),
            here,
            n_hops: 0,
            all_permanent: true,
            carries_secret: has_bearer || request.headers.iter().any(|(name, _)| !name.eq_ignore_ascii_case("accept")),
            at_home: true,
            total_deadline,
            spent: Duration::ZERO,
        })
    }

    /// The address that was asked first.
    pub(super) fn first(&self) -> &Url {
        &self.first
    }

    /// The address to ask now.
    pub(super) fn url(&self) -> &Url {
        &self.here
    }

    /// Whether what was meant for the first host may be sent.
    pub(super) fn is_at_home(&self) -> bool {
        self.at_home
    }

    /// What is left of the total deadline; never zero, so that a last hop fails as late and not as impossible.
    pub(super) fn time_left(&self) -> Duration {
        self.total_deadline.saturating_sub(self.spent).max(Duration::from_millis(1))
    }

    /// Where the source has moved for good, if it has.
    pub(super) fn moved_to(&self) -> Option<String> {
        (self.n_hops > 0 && self.all_permanent && self.here != self.first).then(|| self.here.to_string())
    }

    /// Goes where the answer points, `spent` after it was asked for.
    pub(super) fn follow(&mut self, answer: &Answer, spent: Duration) -> Result<(), FetchError> {
        let (host, status) = (answer.host().to_owned(), answer.status);
        if self.n_hops == REDIRECTS {
            return Err(FetchError::Redirects { host: self.first.host_str().unwrap_or("").to_owned() });
        }
        let location = answer.header("location").unwrap_or("").trim();
        let target = if location.is_empty() { None } else { self.here.join(location).ok() };
        let mut target = target.ok_or(FetchError::BadRedirect { host: host.clone(), status })?;
        target.set_fragment(None);
        let loses_tls = self.here.scheme() == "https" && target.scheme() == "http";
        if loses_tls && self.carries_secret && self.at_home {
            return Err(FetchError::Downgrade { host });
        }
        self.at_home &= is_same_home(&self.here, &target);
        self.all_permanent &= matches!(status, 301 | 308) && !loses_tls;
        self.n_hops += 1;
        self.spent += spent;
        self.here = target;
        Ok(())
    }
}

/// The same origin, or the same host with TLS added.
pub(super) fn is_same_home(here: &Url, target: &Url) -> bool {
    let mut encrypted = here.clone();
    let gains_tls = here.port().is_none() && encrypted.set_scheme("https").is_ok();
    let same = |origin: Origin| origin == target.origin();
    same(here.origin()) || (gains_tls && same(encrypted.origin()))
}
