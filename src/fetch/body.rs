//! The body of an answer: read as room is found, and what a refusal means.

use super::lane::Pass;
use super::plea::{self, Plea};
use super::room::STEP_BYTES;
use super::trail::Trail;
use super::wall::{self, Suspect, Wall};
use super::{FetchError, Fetched, Fetcher, Share, freshness, headers, who};
use crate::model::{Request, Response, Validators};
use crate::net::Answer;
use bytes::Bytes;
use jiff::Timestamp;
use std::time::Duration;

/// Of a refusal, what is read to learn why.
const REFUSAL_BYTES: usize = 64 << 10;

/// The longest that an answer waits for room among the bodies in flight. Above what any body may take to arrive.
const ROOM_DEADLINE: Duration = Duration::from_secs(60);

/// How often a body's size is taken from the room: what is read of it weighs as much again.
pub(super) const READ_WEIGHT: usize = 2;

/// Of an announced length, what is set aside at once; the rest as it comes, since the announcement may lie.
const FIRST_RESERVE_BYTES: usize = 256 << 10;

impl Fetcher {
    /// Reads the body as room for it is found, up to `cut_at` bytes.
    pub(super) async fn read(&self, answer: &mut Answer, cut_at: usize) -> Result<(Bytes, Share), FetchError> {
        let announced = answer.header("content-length").and_then(|text| text.parse::<usize>().ok());
        // Without an announced length the body may be packed, and brotli and zstd keep all they unpacked once more.
        let weight = if announced.is_some() { READ_WEIGHT } else { READ_WEIGHT + 1 };
        // HTTP cuts off what is above an announced length.
        let most = announced.unwrap_or(usize::MAX).min(answer.limit_bytes()).min(cut_at);
        let mut share = self.inner.room.share(most.saturating_mul(weight));
        let mut body = Vec::with_capacity(announced.unwrap_or(0).min(FIRST_RESERVE_BYTES));
        while let Some(piece) = answer.piece().await? {
            let size = (body.len() + piece.len()).saturating_mul(weight);
            let waited = share.hold(size, ROOM_DEADLINE).await.ok_or(FetchError::NoRoom { waited: ROOM_DEADLINE })?;
            answer.forgive(waited);
            reserve(&mut body, piece.len());
            body.extend_from_slice(&piece);
            if body.len() >= cut_at {
                body.truncate(cut_at);
                break;
            }
        }
        share.settle(body.len().saturating_mul(READ_WEIGHT));
        Ok((body.into(), share))
    }

    pub(super) async fn whole(
        &self,
        mut answer: Answer,
        pass: Pass,
        trail: &Trail,
        request: &Request,
        now: Timestamp,
    ) -> Result<Fetched, FetchError> {
        let (body, share) = self.read(&mut answer, usize::MAX).await?;
        drop(pass);
        if let Some(error) = wall_in(&answer, &body, trail, request) {
            return Err(error);
        }
        let validators = headers::validators(&answer, &Validators::default());
        let fresh_for = freshness::fresh_for(&answer, now);
        // The address as it was asked for: that of the answer may hold a secret.
        let response = Response { status: answer.status, url: trail.url().to_string(), headers: answer.headers, body };
        Ok(Fetched { response, validators, not_modified: false, moved_to: trail.moved_to(), fresh_for, share })
    }

    pub(super) fn unmodified(&self, answer: Answer, stored: &Validators, trail: &Trail, now: Timestamp) -> Fetched {
        let validators = headers::validators(&answer, stored);
        let fresh_for = freshness::fresh_for(&answer, now);
        let response =
            Response { status: 304, url: trail.url().to_string(), headers: answer.headers, body: Bytes::new() };
        let share = self.inner.room.share(0);
        Fetched { response, validators, not_modified: true, moved_to: trail.moved_to(), fresh_for, share }
    }

    /// Turns an answer that is neither success nor plea into what it means for the source.
    pub(super) async fn refusal(&self, mut answer: Answer, pass: Pass, trail: &Trail, request: &Request) -> FetchError {
        let (host, status) = (answer.host().to_owned(), answer.status);
        if matches!(status, 401 | 403 | 503) {
            // Where the reason cannot be read, the status is all there is to tell.
            let body = self.read(&mut answer, REFUSAL_BYTES).await.map(|(body, _)| body).unwrap_or_default();
            if let Some(error) = wall_in(&answer, &body, trail, request) {
                return error;
            }
            if status == 403 && plea::tells_of_limit(&body) {
                let who = who(trail.url(), request, trail.is_at_home());
                let rest = self.heed(Plea::SlowDown(None), &who, pass.entered());
                return FetchError::Throttled { host, status, wait: None, rest };
            }
        }
        match status {
            401 | 403 => FetchError::Denied { host, status },
            410 => FetchError::Gone { host },
            _ => FetchError::Status { host, status },
        }
    }
}

/// Makes room for `more` bytes. A large body grows by a quarter: doubling would hold three times its size at the end.
fn reserve(body: &mut Vec<u8>, more: usize) {
    if body.capacity() - body.len() < more {
        body.reserve_exact(more.max(body.len() / 4).max(STEP_BYTES));
    }
}

/// The wall that stands where the answer should be.
fn wall_in(answer: &Answer, body: &[u8], trail: &Trail, request: &Request) -> Option<FetchError> {
    let suspect = Suspect {
        status: answer.status,
        headers: &answer.headers,
        body,
        asked: trail.first(),
        here: trail.url(),
        expects_data: !request.obeys_robots,
    };
    let wall = wall::wall_of(&suspect)?;
    let host = trail.first().host_str().unwrap_or_default().to_owned();
    Some(match wall {
        Wall::Bot(by) => FetchError::BotWall { host, by },
        Wall::Login => FetchError::LoginWall { host },
        Wall::Consent => FetchError::ConsentPage { host },
    })
}
