//! How it goes: whether the work is done, and the figures of it in the text form of Prometheus.
//!
//! Every label is a word of a closed list: no name of a brand, a channel or a person. Only budgets are told by the id of
//! their source, as the operator wrote it: money is spent there.

use super::{Web, out_of_order};
use crate::model::{Part, Usage, amount};
use crate::net::Reply;
use crate::store::{Metrics, StoreError};
use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// After so many seconds without a turn the loop that reads sources stands still.
const STANDSTILL_SECONDS: i64 = 60;

/// The longest that the store may take to say how it goes.
const PATIENCE: Duration = Duration::from_secs(5);

/// What was answered since the start.
#[derive(Debug, Default)]
pub(super) struct Tally {
    /// By the first digit of the status, from 1.
    answers: [AtomicU64; 5],
    denied: AtomicU64,
    dropped: AtomicU64,
}

impl Tally {
    pub(super) fn count(&self, status: u16) {
        if let Some(answers) = usize::from(status / 100).checked_sub(1).and_then(|class| self.answers.get(class)) {
            answers.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Counts what came in a hub's name and was not signed by it.
    pub(super) fn drop_one(&self) {
        self.dropped.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn deny(&self) {
        self.denied.fetch_add(1, Ordering::Relaxed);
    }
}

/// Whether the store answers and sources are read; and which parts of the house do not work.
pub(super) async fn readiness(web: &Web) -> Reply {
    let metrics = metrics_in_time(web).await;
    let silent = web.now().as_second().saturating_sub(web.pulse.second());
    let mut is_ready = true;
    let mut text = String::new();
    match &metrics {
        Some(Ok(_)) => text.push_str("store: ok\n"),
        Some(Err(_)) | None => {
            is_ready = false;
            text.push_str("store: does not answer\n");
        }
    }
    if silent <= STANDSTILL_SECONDS {
        text.push_str("sources: being read\n");
    } else {
        is_ready = false;
        text.push_str("sources: the loop that reads them stands still\n");
    }
    let troubles = metrics.and_then(Result::ok).map(|metrics| metrics.troubles).unwrap_or_default();
    let channels = troubles.iter().filter(|trouble| matches!(trouble.part, Part::Channel(_))).count();
    match channels {
        0 => text.push_str("channels: ok\n"),
        // No reason to take the service out of service: another start would not mend them.
        n => text.push_str(&format!("channels: {n} do not take messages\n")),
    }
    Reply::text(if is_ready { 200 } else { 503 }, text)
}

async fn metrics_in_time(web: &Web) -> Option<Result<Metrics, StoreError>> {
    tokio::time::timeout(PATIENCE, web.store.metrics(web.now())).await.ok()
}

pub(super) async fn metrics(web: &Web) -> Reply {
    let metrics = match metrics_in_time(web).await {
        Some(Ok(metrics)) => metrics,
        Some(Err(error)) => return out_of_order(&error),
        None => return Reply::text(503, "the store does not answer in time\n"),
    };
    let mut reply = Reply::text(200, text(web, &metrics));
    reply.headers = vec![("content-type", "text/plain; version=0.0.4; charset=utf-8".to_owned())];
    reply
}

fn text(web: &Web, metrics: &Metrics) -> String {
    let mut page = Page(String::new());
    for (name, value) in &metrics.totals {
        let (name, help) = match name.as_str() {
            "items_seen" => ("porterhouse_items_seen_total", "Items that were new to us."),
            "items_kept" => ("porterhouse_items_kept", "Items that are kept."),
            "mentions" => ("porterhouse_mentions", "Mentions of brands that are kept."),
            "opportunities" => ("porterhouse_opportunities", "Opportunities that are kept."),
            _ => continue,
        };
        page.family(name, if name.ends_with("_total") { "counter" } else { "gauge" }, help, [("", "", *value)]);
    }
    let by = |label: &'static str, list: &[(String, u64)]| -> Vec<(&'static str, String, u64)> {
        list.iter().map(|(name, n)| (label, name.clone(), *n)).collect()
    };
    page.family("porterhouse_sources", "gauge", "Sources by health.", by("health", &metrics.sources));
    page.family("porterhouse_alerts", "gauge", "Alerts in the outbox by state.", by("state", &metrics.alerts));
    page.one("porterhouse_notices_pending", "Notices that wait for the router.", metrics.notices_pending);
    page.one("porterhouse_inbox_waiting", "Posted bodies that wait to be worked on.", metrics.inbox.n_waiting);
    page.one(
        "porterhouse_inbox_refused",
        "Posted bodies that could not be read and are still kept.",
        metrics.inbox.n_refused,
    );
    page.one("porterhouse_recipients_left", "Recipients who left a list.", metrics.left);
    page.one("porterhouse_sources_pushed", "Sources of which a hub agreed to tell us.", metrics.pushed);
    page.budgets(&metrics.budgets);
    let parts = [("disk", 0), ("store", 1), ("outbox", 2), ("digest", 3), ("channel", 4)].map(|(name, index)| {
        let n = metrics.troubles.iter().filter(|trouble| part_index(&trouble.part) == index).count() as u64;
        ("part", name, n)
    });
    page.family("porterhouse_trouble", "gauge", "Parts of porterhouse itself that do not work.", parts);
    page.one(
        "porterhouse_last_turn_seconds",
        "When the loop that reads sources last turned, since 1970.",
        web.pulse.second().unsigned_abs(),
    );
    if let Some((free, _)) = web.store.room_bytes() {
        page.one("porterhouse_disk_free_bytes", "Room on the disk with the data folder.", free);
    }
    let classes = ["1xx", "2xx", "3xx", "4xx", "5xx"];
    let answers = classes.iter().zip(&web.tally.answers).map(|(class, n)| ("class", *class, n.load(Ordering::Relaxed)));
    page.family(
        "porterhouse_web_answers_total",
        "counter",
        "Answers of this listener by class.",
        answers.collect::<Vec<_>>(),
    );
    let denied = [("", "", web.tally.denied.load(Ordering::Relaxed))];
    page.family("porterhouse_web_denied_total", "counter", "Posts without the secret or a right signature.", denied);
    let dropped = [("", "", web.tally.dropped.load(Ordering::Relaxed))];
    page.family("porterhouse_web_dropped_total", "counter", "What came in a hub's name, not signed by it.", dropped);
    page.0
}

fn part_index(part: &Part) -> u8 {
    match part {
        Part::Disk => 0,
        Part::Store => 1,
        Part::Outbox => 2,
        Part::Digest => 3,
        Part::Channel(_) => 4,
    }
}

/// The text in the making.
struct Page(String);

impl Page {
    fn one(&mut self, name: &str, help: &str, value: u64) {
        self.family(name, "gauge", help, [("", "", value)]);
    }

    /// Of requests their number; of money its units.
    fn budgets(&mut self, usages: &[Usage]) {
        type Figure = fn(&Usage) -> u64;
        let families: [(&str, &str, Figure); 2] = [
            ("porterhouse_budget_used", "What is used of a source's budget.", |usage| usage.used),
            ("porterhouse_budget_limit", "What may be used of a source's budget.", |usage| usage.most),
        ];
        for (name, help, figure) in families {
            let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} gauge");
            for usage in usages {
                let (source, stretch) = (escaped(usage.source.as_str()), usage.stretch.as_str());
                let unit = usage.currency.as_deref().unwrap_or("requests");
                let value = match usage.currency {
                    Some(_) => amount(figure(usage)),
                    None => figure(usage).to_string(),
                };
                let _ = writeln!(
                    self.0,
                    "{name}{{source=\"{source}\",stretch=\"{stretch}\",unit=\"{}\"}} {value}",
                    escaped(unit)
                );
            }
        }
    }

    fn family<L: AsRef<str>, V: AsRef<str>>(
        &mut self,
        name: &str,
        kind: &str,
        help: &str,
        samples: impl IntoIterator<Item = (L, V, u64)>,
    ) {
        // Writing to a text cannot fail.
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}");
        for (label, value, figure) in samples {
            let _ = match label.as_ref() {
                "" => writeln!(self.0, "{name} {figure}"),
                label => writeln!(self.0, "{name}{{{label}=\"{}\"}} {figure}", escaped(value.as_ref())),
            };
        }
    }
}

fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{SourceName, Stretch};

    #[test]
    fn budgets_are_told_by_source_stretch_and_unit() {
        let usage = |currency: Option<&str>, used, most, stretch| Usage {
            source: SourceName::new("tag \"x\""),
            stretch,
            used,
            most,
            currency: currency.map(str::to_owned),
            ends_at: jiff::Timestamp::UNIX_EPOCH,
        };
        let mut page = Page(String::new());
        let money = usage(Some("USD"), 3_200_000, 20_000_000, Stretch::Month);
        page.budgets(&[usage(None, 212, 300, Stretch::Day), money]);
        let day = "{source=\"tag \\\"x\\\"\",stretch=\"day\",unit=\"requests\"}";
        let month = "{source=\"tag \\\"x\\\"\",stretch=\"month\",unit=\"USD\"}";
        for line in [
            format!("porterhouse_budget_used{day} 212"),
            format!("porterhouse_budget_limit{day} 300"),
            format!("porterhouse_budget_used{month} 3.20"),
            format!("porterhouse_budget_limit{month} 20.00"),
        ] {
            assert!(page.0.lines().any(|told| told == line), "{line}\n{}", page.0);
        }
    }
}
