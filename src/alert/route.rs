//! Which notices become alerts, on which routes, and why or why not.
//!
//! Pure: the same notice, settings and `now` give the same alerts with the same keys. Grouping, quiet hours and
//! folding are not here yet; each notice is a group of its own and its window is all time.

use super::{Channel, ChannelKind, Route, Settings, message, news, turned};
use crate::model::{
    Alert, AlertBody, AlertKey, Brand, Card, ChannelName, Notice, NoticeId, NoticeKind, Part, PendingNotice, RouteName,
    Verdict, VerdictReason,
};
use crate::query::{Query, Subject};
use crate::text::hash_hex;
use crate::wording::{Links, Reader};
use jiff::Timestamp;

/// The name of the route that takes everything where none is configured, and of the terminal where no channel is.
const DEFAULT_ROUTE: &str = "all";
const DEFAULT_CHANNEL: &str = "terminal";

/// The list that a recipient of alerts by e-mail leaves.
pub const ALERT_LIST: &str = "alerts";

/// The name of the route that trouble of our own takes where no other is left.
const HOUSE_ROUTE: &str = "house";

/// What one route makes of one notice.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// The route.
    pub route: RouteName,
    /// Whether it goes out there, and why or why not.
    pub verdict: Verdict,
    /// One alert for each recipient; empty where the verdict is to hold.
    pub alerts: Vec<Alert>,
}

/// What every route makes of `pending`, in the order of the routes.
///
/// `brand` is the brand that the notice speaks of, where it is still configured.
#[must_use]
pub fn decide(pending: &PendingNotice, settings: &Settings, brand: Option<&Brand>, now: Timestamp) -> Vec<Decision> {
    let channels = channels_of(settings);
    let body = std::cell::OnceCell::new();
    routes_for(&pending.notice.kind, settings, &channels)
        .into_iter()
        .map(|route| {
            let verdict = judge(pending, &route, brand, now);
            let alerts = match verdict {
                Verdict::Hold(_) => Vec::new(),
                Verdict::Send(_) => {
                    let body = body.get_or_init(|| body_of(pending, settings, brand, now));
                    alerts_of(pending, &route, (&channels, settings.links.as_ref()), body, now)
                }
            };
            Decision { route: route.name, verdict, alerts }
        })
        .collect()
}

/// The channel that alerts go to where `porterhouse.toml` names none.
#[must_use]
pub fn terminal_channel() -> Channel {
    Channel { name: ChannelName(DEFAULT_CHANNEL.to_owned()), kind: ChannelKind::Terminal }
}

fn channels_of(settings: &Settings) -> Vec<Channel> {
    if settings.channels.is_empty() { vec![terminal_channel()] } else { settings.channels.clone() }
}

fn routes_of(settings: &Settings, channels: &[Channel]) -> Vec<Route> {
    if !settings.routes.is_empty() {
        return settings.routes.clone();
    }
    let channels = channels.iter().map(|channel| channel.name.clone()).collect();
    vec![Route { channels, ..default_route() }]
}

fn default_route() -> Route {
    Route {
        name: RouteName(DEFAULT_ROUTE.to_owned()),
        channels: Vec::new(),
        brands: Vec::new(),
        min_score: 0.0,
        surprise_only: false,
        sources: true,
        query: None,
    }
}

/// The routes that a notice is put to. Trouble of our own goes where news of sources goes, but never to the channel
/// that it is about; where that leaves no way, to every other channel there is.
fn routes_for(kind: &NoticeKind, settings: &Settings, channels: &[Channel]) -> Vec<Route> {
    let routes = routes_of(settings, channels);
    let failing = match kind {
        NoticeKind::HouseTrouble { part, .. } | NoticeKind::HouseRecovered { part } => match part {
            Part::Channel(name) => Some(name),
            // Its own channel is told of by a trouble of its own.
            Part::Digest | Part::Disk | Part::Store | Part::Outbox => None,
        },
        _ => return routes,
    };
    let is_way = |name: &ChannelName| Some(name) != failing;
    let asked: Vec<Route> = routes
        .into_iter()
        .filter(|route| route.sources)
        .map(|route| Route { channels: route.channels.into_iter().filter(is_way).collect(), ..route })
        .filter(|route| !route.channels.is_empty())
        .collect();
    if !asked.is_empty() {
        return asked;
    }
    let others: Vec<ChannelName> = channels.iter().map(|channel| channel.name.clone()).filter(is_way).collect();
    vec![Route { name: RouteName(HOUSE_ROUTE.to_owned()), channels: others, ..default_route() }]
}

fn judge(pending: &PendingNotice, route: &Route, brand: Option<&Brand>, now: Timestamp) -> Verdict {
    match &pending.notice.kind {
        // About ourselves: `routes_for` has chosen the ways.
        NoticeKind::HouseTrouble { .. } | NoticeKind::HouseRecovered { .. } => {
            Verdict::Send(VerdictReason::HouseChanged)
        }
        NoticeKind::SourceTrouble { .. } | NoticeKind::SourceRecovered { .. } | NoticeKind::SourceMoved { .. } => {
            if route.sources {
                Verdict::Send(VerdictReason::SourceChanged)
            } else {
                Verdict::Hold(VerdictReason::SourcesNotAsked)
            }
        }
        NoticeKind::OpportunityTurned { .. } if pending.told_by.contains(&route.name) => {
            Verdict::Send(VerdictReason::Turned)
        }
        NoticeKind::OpportunityTurned { .. } => Verdict::Hold(VerdictReason::NotTold),
        NoticeKind::Opportunity { .. } if brand.is_some_and(|brand| brand.competitor) => {
            Verdict::Hold(VerdictReason::Competitor)
        }
        NoticeKind::Opportunity { brand: id, .. } if !route.brands.is_empty() && !route.brands.contains(id) => {
            Verdict::Hold(VerdictReason::OtherBrand)
        }
        NoticeKind::Opportunity { .. } if pending.is_past => Verdict::Hold(VerdictReason::Backlog),
        NoticeKind::Opportunity { .. } => match &pending.card {
            None => Verdict::Hold(VerdictReason::ItemGone),
            Some(card) => judge_card(&pending.notice, card, route, now),
        },
    }
}

fn judge_card(notice: &Notice, card: &Card, route: &Route, now: Timestamp) -> Verdict {
    let Some(judgement) = card.opportunity.as_ref().map(|opportunity| &opportunity.judgement) else {
        return Verdict::Hold(VerdictReason::ItemGone);
    };
    let is_meant = |query: &Query| query.matches(&Subject::of_card(card, judgement.phase));
    if route.query.as_ref().is_some_and(|query| !is_meant(query)) {
        return Verdict::Hold(VerdictReason::QueryNotMet);
    }
    let deadline_ahead = judgement.slots.deadline.as_ref().is_some_and(|deadline| deadline.at.at > now);
    let reason = if notice.backlog && !deadline_ahead {
        VerdictReason::Backlog
    } else if judgement.care {
        // A person's distress does not compete for a score.
        return Verdict::Send(VerdictReason::Care);
    } else if route.surprise_only && !judgement.surprise {
        VerdictReason::NoSurprise
    } else if judgement.score < route.min_score {
        VerdictReason::BelowScore
    } else if notice.backlog {
        return Verdict::Send(VerdictReason::DeadlineAhead);
    } else {
        return Verdict::Send(VerdictReason::NewOpportunity);
    };
    Verdict::Hold(reason)
}

fn body_of(pending: &PendingNotice, settings: &Settings, brand: Option<&Brand>, now: Timestamp) -> AlertBody {
    let reader = Reader::new(&settings.language, &settings.zone);
    let at = pending.notice.at;
    match (&pending.notice.kind, &pending.card) {
        (NoticeKind::SourceTrouble { source, cause, message }, _) => {
            news::source_trouble(source, *cause, message, at, &reader, now)
        }
        (NoticeKind::SourceRecovered { source }, _) => news::source_recovered(source, at, &reader, now),
        (NoticeKind::SourceMoved { source, to }, _) => news::source_moved(source, to, at, &reader, now),
        (NoticeKind::HouseTrouble { part, message }, _) => news::house_trouble(part, message, at, &reader, now),
        (NoticeKind::HouseRecovered { part }, _) => news::house_recovered(part, at, &reader, now),
        (NoticeKind::OpportunityTurned { brand: id, turn, .. }, card) => {
            let name = brand.map_or(id.as_str(), |brand| brand.name.as_str());
            turned::note(*turn, card.as_ref(), name, &reader, now)
        }
        (NoticeKind::Opportunity { brand: id, .. }, card) => {
            let name = brand.map_or(id.as_str(), |brand| brand.name.as_str());
            // `judge` holds an opportunity without a card, so the empty body is never sent.
            card.as_ref().map_or_else(empty_body, |card| {
                message::render_linked(card, name, settings.links.as_ref(), &reader, now)
            })
        }
    }
}

fn empty_body() -> AlertBody {
    AlertBody { subject: String::new(), text: String::new(), html: String::new(), json: serde_json::Value::Null }
}

fn alerts_of(
    pending: &PendingNotice,
    route: &Route,
    (channels, links): (&[Channel], Option<&Links>),
    body: &AlertBody,
    now: Timestamp,
) -> Vec<Alert> {
    let named = channels.iter().filter(|channel| route.channels.contains(&channel.name));
    named
        .flat_map(|channel| recipients_of(&channel.kind).into_iter().map(move |recipient| (channel, recipient)))
        .map(|(channel, recipient)| Alert {
            key: key_of(&route.name, &channel.name, &recipient, pending),
            route: route.name.clone(),
            channel: channel.name.clone(),
            notices: vec![pending.id],
            body: body.clone(),
            unsubscribe: links
                .filter(|_| is_on_list(&pending.notice.kind, &channel.kind))
                .map(|links| links.leave(ALERT_LIST, &recipient)),
            recipient,
            created_at: now,
        })
        .collect()
}

/// Whether those who get such a notice there get it as one of a list, which they can leave. Trouble of our own and of
/// sources is no list: somebody has to hear of it.
fn is_on_list(notice: &NoticeKind, channel: &ChannelKind) -> bool {
    matches!((notice, channel), (NoticeKind::Opportunity { .. }, ChannelKind::Email { .. }))
}

/// Takes from `decisions` on `notice` what would go to the recipients by e-mail who `left` the list of alerts.
pub fn spare(decisions: &mut [Decision], notice: &NoticeKind, settings: &Settings, left: &[String]) {
    let is_spared = |alert: &Alert| {
        let channel = settings.channels.iter().find(|channel| channel.name == alert.channel);
        channel.is_some_and(|channel| is_on_list(notice, &channel.kind)) && left.contains(&alert.recipient)
    };
    decisions.iter_mut().for_each(|decision| decision.alerts.retain(|alert| !is_spared(alert)));
}

fn recipients_of(kind: &ChannelKind) -> Vec<String> {
    match kind {
        ChannelKind::Terminal => vec![String::new()],
        ChannelKind::Email { to, .. } => to.clone(),
        ChannelKind::Webhook { url, .. } => vec![url.clone()],
    }
}

/// hash(route, recipient, group, window). The group is the notice, named by row, time and subject, so that a data
/// folder that was made anew does not repeat the keys of the old one.
fn key_of(route: &RouteName, channel: &ChannelName, recipient: &str, pending: &PendingNotice) -> AlertKey {
    let NoticeId(row) = pending.id;
    let subject = match (&pending.notice.kind, &pending.card) {
        (
            NoticeKind::SourceTrouble { source, .. }
            | NoticeKind::SourceRecovered { source }
            | NoticeKind::SourceMoved { source, .. },
            _,
        ) => source.to_string(),
        (NoticeKind::HouseTrouble { part, .. } | NoticeKind::HouseRecovered { part }, _) => part.to_string(),
        (NoticeKind::Opportunity { brand, .. } | NoticeKind::OpportunityTurned { brand, .. }, Some(card)) => {
            format!("{brand}\n{}\n{}", card.item.key.namespace, card.item.key.id)
        }
        (NoticeKind::Opportunity { brand, .. } | NoticeKind::OpportunityTurned { brand, .. }, None) => {
            brand.to_string()
        }
    };
    let group = [pending.notice.kind.as_str(), &row.to_string(), &pending.notice.at.to_string(), &subject].join("\n");
    AlertKey::new(hash_hex(&["alert", &route.0, &channel.0, recipient, &group]))
}
