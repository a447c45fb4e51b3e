//! Asks for one answer of a source within its budgets: counted first, asked then, so that nothing paid for is forgotten.
//!
//! In: a request. Out: the answer with what was set aside for its items, or why there is none. What was set aside and
//! not used is given back; where that is cut off, more is counted than was used, never less.

use crate::fetch::{FetchError, Fetched, Fetcher};
use crate::model::{Budget, Request, SourceSpec, Spending, Stretch, Usage, Validators};
use crate::net::NetError;
use crate::source::json;
use crate::store::{Spent, Store, StoreError};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use jiff::{ToSpan, Unit, ZonedRound};

/// With what a source is asked.
#[derive(Clone, Copy)]
pub(super) struct Means<'m> {
    pub(super) fetcher: &'m Fetcher,
    /// Where budgets are counted; without it nothing is asked that has one.
    pub(super) store: Option<&'m Store>,
    pub(super) spec: &'m SourceSpec,
}

/// What was set aside for the items of an answer.
#[derive(Debug, Default)]
pub(super) struct SetAside {
    budgets: Vec<Budget>,
    taken: Vec<Spending>,
    n_items: u64,
}

/// Why there is no answer.
#[derive(Debug)]
pub(super) enum AskError {
    Fetch(FetchError),
    /// A budget of the source is used up; it was not asked.
    UsedUp(Usage),
    /// Its budgets cannot be counted here; it was not asked.
    Uncounted,
    Store(StoreError),
}

/// Asks for `request`.
pub(super) async fn ask(
    means: Means<'_>,
    request: &Request,
    validators: &Validators,
    now: Timestamp,
) -> Result<(Fetched, SetAside), AskError> {
    let Means { fetcher, store, spec } = means;
    let budgets = json::budgets(spec);
    if budgets.is_empty() {
        let fetched = fetcher.fetch(request, validators, now).await.map_err(AskError::Fetch)?;
        return Ok((fetched, SetAside::default()));
    }
    let store = store.ok_or(AskError::Uncounted)?;
    let mut may_repeat = true;
    loop {
        let n_items = json::most_items(spec);
        let taken = spendings(&budgets, spec, n_items, now);
        match store.spend(taken.clone()).await.map_err(AskError::Store)? {
            Spent::Counted => {}
            Spent::UsedUp(usage) => return Err(AskError::UsedUp(usage)),
        }
        let aside = SetAside { budgets: budgets.clone(), taken, n_items };
        match fetcher.fetch_once(request, validators, now).await {
            Ok(fetched) => return Ok((fetched, aside)),
            Err(error) => {
                let unused = match reached(&error) {
                    Reached::Never => aside.taken,
                    Reached::Answered => aside.beyond(0),
                    Reached::Perhaps => Vec::new(),
                };
                store.give_back(unused).await.map_err(AskError::Store)?;
                let is_renewed = matches!(error, FetchError::TokenRenewed { .. });
                if !(is_renewed && std::mem::take(&mut may_repeat)) {
                    return Err(AskError::Fetch(error));
                }
            }
        }
    }
}

/// Gives back what was set aside for more items than the `n_items` that came.
pub(super) async fn settle_up(store: Option<&Store>, aside: SetAside, n_items: u64) -> Result<(), StoreError> {
    let unused = aside.beyond(n_items);
    match store {
        Some(store) if !unused.is_empty() => store.give_back(unused).await,
        _ => Ok(()),
    }
}

impl SetAside {
    /// What was set aside for items beyond the first `n_items`.
    fn beyond(&self, n_items: u64) -> Vec<Spending> {
        let n_unused = self.n_items.saturating_sub(n_items);
        let unused = self
            .budgets
            .iter()
            .zip(&self.taken)
            .map(|(budget, taken)| Spending { amount: budget.per_item.saturating_mul(n_unused), ..taken.clone() });
        unused.filter(|spending| spending.amount > 0).collect()
    }
}

/// How far a request came that failed.
enum Reached {
    Never,
    Answered,
    Perhaps,
}

fn reached(error: &FetchError) -> Reached {
    match error {
        FetchError::Resting { .. }
        | FetchError::UnknownSecret { .. }
        | FetchError::Token { .. }
        | FetchError::RobotsForbid { .. }
        | FetchError::RobotsUnreachable { .. } => Reached::Never,
        FetchError::Net(
            NetError::NotUrl(_)
            | NetError::Scheme { .. }
            | NetError::Port { .. }
            | NetError::UserInfo { .. }
            | NetError::Refused { .. }
            | NetError::Unresolved { .. }
            | NetError::Header { .. }
            | NetError::Connect { .. },
        ) => Reached::Never,
        FetchError::Net(_) | FetchError::NoRoom { .. } => Reached::Perhaps,
        _ => Reached::Answered,
    }
}

/// What one request with `n_items` takes of each budget, in the stretch that `now` lies in.
fn spendings(budgets: &[Budget], spec: &SourceSpec, n_items: u64, now: Timestamp) -> Vec<Spending> {
    let spending = |budget: &Budget| {
        let (begins_at, ends_at) = stretch_of(budget.stretch, &budget.zone, now);
        Spending {
            source: spec.name.clone(),
            account: budget.account.clone(),
            stretch: budget.stretch,
            begins_at,
            ends_at,
            amount: budget.per_request.saturating_add(budget.per_item.saturating_mul(n_items)),
            most: budget.most,
            currency: budget.currency.clone(),
        }
    };
    budgets.iter().map(spending).collect()
}

/// When the stretch that `now` lies in began, and when it ends, on the clocks of `zone`.
fn stretch_of(stretch: Stretch, zone: &str, now: Timestamp) -> (Timestamp, Timestamp) {
    let here = now.to_zoned(TimeZone::get(zone).unwrap_or(TimeZone::UTC));
    let bounds = || {
        let (begin, end) = match stretch {
            Stretch::Hour => {
                let begin = here.round(ZonedRound::new().smallest(Unit::Hour).mode(jiff::RoundMode::Trunc))?;
                (begin.clone(), begin.checked_add(1.hour())?)
            }
            Stretch::Day => (here.start_of_day()?, here.tomorrow()?.start_of_day()?),
            Stretch::Month => {
                let begin = here.first_of_month()?.start_of_day()?;
                (begin.clone(), begin.checked_add(1.month())?.start_of_day()?)
            }
        };
        Ok::<_, jiff::Error>((begin.timestamp(), end.timestamp()))
    };
    // Only at the ends of time there is no such stretch.
    bounds().unwrap_or((now, now))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(stretch: Stretch, zone: &str, now: &str, expected: (&str, &str)) {
        let (begin, end) = stretch_of(stretch, zone, now.parse().expect("a time"));
        assert_eq!((begin.to_string().as_str(), end.to_string().as_str()), expected, "{now}");
    }

    #[test]
    fn days_and_months_begin_at_midnight_of_their_zone() {
        let pacific = "America/Los_Angeles";
        check(Stretch::Day, pacific, "2026-11-22T07:59:59Z", ("2026-11-21T08:00:00Z", "2026-11-22T08:00:00Z"));
        check(Stretch::Day, pacific, "2026-11-22T08:00:00Z", ("2026-11-22T08:00:00Z", "2026-11-23T08:00:00Z"));
        // The day on which the clocks go back has 25 hours.
        check(Stretch::Day, pacific, "2026-11-01T12:00:00Z", ("2026-11-01T07:00:00Z", "2026-11-02T08:00:00Z"));
        check(Stretch::Month, "UTC", "2026-02-15T12:00:00Z", ("2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z"));
        check(Stretch::Month, pacific, "2026-03-01T07:00:00Z", ("2026-02-01T08:00:00Z", "2026-03-01T08:00:00Z"));
        check(Stretch::Hour, "UTC", "2026-11-22T07:59:59Z", ("2026-11-22T07:00:00Z", "2026-11-22T08:00:00Z"));
        check(Stretch::Hour, "Asia/Kolkata", "2026-11-22T07:20:00Z", ("2026-11-22T06:30:00Z", "2026-11-22T07:30:00Z"));
    }
}
