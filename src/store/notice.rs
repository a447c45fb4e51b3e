//! Notices, and the routing that turns them into alerts.

use super::row::{execute, instant, micros, rows, word};
use super::{Store, StoreError, card, outbox};
use crate::model::{
    Alert, BrandId, Cause, ItemId, Notice, NoticeId, NoticeKind, Part, PendingNotice, RouteName, SourceName, Turn,
    Verdict,
};
use jiff::Timestamp;
use rusqlite::{Connection, Row, params};

impl Store {
    /// The notices on which no route has decided yet, oldest first, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn pending_notices(&self, limit: usize) -> Result<Vec<PendingNotice>, StoreError> {
        self.read(move |connection| pending(connection, limit)).await
    }

    /// Writes what the router decided, in one transaction: verdicts, alerts for the outbox, and that every notice
    /// named by a verdict is routed.
    ///
    /// To route the same twice changes nothing: a verdict stands, and an alert's key enters the outbox once.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing of it is written and the notices are still pending.
    pub async fn route(
        &self,
        verdicts: Vec<(NoticeId, RouteName, Verdict)>,
        alerts: Vec<Alert>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(verdicts.len() + alerts.len(), move |connection| {
            verdicts
                .iter()
                .try_for_each(|(notice, route, verdict)| decide(connection, *notice, route, verdict, now))?;
            alerts.iter().try_for_each(|alert| outbox::put(connection, alert).map(|_| ()))
        })
        .await
    }
}

/// Writes a notice; whether it is new. An opportunity has one for ever, a source one for each change of its health.
pub(super) fn put(connection: &Connection, notice: &Notice) -> Result<bool, StoreError> {
    const PUT: &str = "
        INSERT INTO notices (kind, at, backlog, item_id, brand, source, message, cause)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO NOTHING";
    let (item, brand) = match &notice.kind {
        NoticeKind::Opportunity { item, brand } | NoticeKind::OpportunityTurned { item, brand, .. } => {
            (Some(item.0), Some(brand.as_str()))
        }
        _ => (None, None),
    };
    let (source, message, cause) = subject(&notice.kind);
    let turn = if let NoticeKind::OpportunityTurned { turn, .. } = &notice.kind { Some(turn.words()) } else { None };
    let message = turn.as_deref().or(message);
    let columns = params![
        notice.kind.as_str(),
        micros(notice.at),
        notice.backlog,
        item,
        brand,
        source,
        message,
        cause.map(Cause::as_str)
    ];
    Ok(execute(connection, PUT, columns)? > 0)
}

/// What a notice that is no opportunity speaks of: a source or a part of the house, the words, the cause.
fn subject(kind: &NoticeKind) -> (Option<String>, Option<&str>, Option<Cause>) {
    match kind {
        NoticeKind::Opportunity { .. } | NoticeKind::OpportunityTurned { .. } => (None, None, None),
        NoticeKind::SourceTrouble { source, cause, message } => (Some(source.to_string()), Some(message), *cause),
        NoticeKind::SourceRecovered { source } => (Some(source.to_string()), None, None),
        NoticeKind::SourceMoved { source, to } => (Some(source.to_string()), Some(to), None),
        NoticeKind::HouseTrouble { part, message } => (Some(part.to_string()), Some(message), None),
        NoticeKind::HouseRecovered { part } => (Some(part.to_string()), None, None),
    }
}

fn pending(connection: &Connection, limit: usize) -> Result<Vec<PendingNotice>, StoreError> {
    const PENDING: &str = "
        SELECT id, kind, at, backlog, item_id, brand, source, message, cause,
               kind = 'opportunity' AND item_id IS NOT NULL AND backlog AND NOT EXISTS (
                   SELECT 1 FROM mentions m JOIN opportunities o ON o.mention_id = m.id
                   WHERE m.item_id = n.item_id AND m.brand = n.brand AND o.deadline_at > n.at) AS is_past
        FROM notices n WHERE routed_at IS NULL ORDER BY id LIMIT ?1";
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut notices = rows(connection, PENDING, [limit], |row| {
        let (id, is_past) = (NoticeId(row.get("id")?), row.get("is_past")?);
        Ok(PendingNotice { id, notice: notice(row)?, is_past, card: None, told_by: Vec::new() })
    })?;
    for pending in notices.iter_mut().filter(|pending| !pending.is_past) {
        match &pending.notice.kind {
            NoticeKind::Opportunity { item, brand } => pending.card = card::of(connection, *item, brand)?,
            NoticeKind::OpportunityTurned { item, brand, .. } => {
                pending.card = card::of(connection, *item, brand)?;
                pending.told_by = told_by(connection, *item, brand)?;
            }
            _ => {}
        }
    }
    Ok(notices)
}

/// What told first of what `item` says of `brand`, with the card as it is now; `None` where nothing did.
pub(super) fn of_mention(
    connection: &Connection,
    item: ItemId,
    brand: &BrandId,
) -> Result<Option<PendingNotice>, StoreError> {
    const OF: &str = "
        SELECT id, kind, at, backlog, item_id, brand, source, message, cause FROM notices
        WHERE kind = 'opportunity' AND item_id = ?1 AND brand = ?2";
    let found = super::row::row(connection, OF, params![item.0, brand.as_str()], |row| {
        Ok(PendingNotice {
            id: NoticeId(row.get("id")?),
            notice: notice(row)?,
            is_past: false,
            card: None,
            told_by: Vec::new(),
        })
    })?;
    let card = card::of(connection, item, brand)?;
    Ok(found.map(|found| PendingNotice { card, ..found }))
}

/// The routes by which people heard of an opportunity.
fn told_by(connection: &Connection, item: ItemId, brand: &BrandId) -> Result<Vec<RouteName>, StoreError> {
    const TOLD: &str = "
        SELECT v.route FROM notices n JOIN verdicts v ON v.notice_id = n.id
        WHERE n.item_id = ?1 AND n.brand = ?2 AND n.kind = 'opportunity' AND v.verdict = 'send' ORDER BY v.route";
    rows(connection, TOLD, params![item.0, brand.as_str()], |row| Ok(RouteName(row.get(0)?)))
}

fn notice(row: &Row<'_>) -> Result<Notice, StoreError> {
    let source = || Ok::<_, StoreError>(SourceName::new(row.get::<_, String>("source")?));
    let part = || word(row, "source", |word| Part::try_from(word.to_owned()).ok());
    let kind = match row.get_ref("kind")?.as_str().unwrap_or_default() {
        "source_trouble" => {
            let cause = row.get::<_, Option<String>>("cause")?.and_then(|word| Cause::from_name(&word));
            NoticeKind::SourceTrouble { source: source()?, cause, message: row.get("message")? }
        }
        "source_recovered" => NoticeKind::SourceRecovered { source: source()? },
        "source_moved" => NoticeKind::SourceMoved { source: source()?, to: row.get("message")? },
        "house_trouble" => NoticeKind::HouseTrouble { part: part()?, message: row.get("message")? },
        "house_recovered" => NoticeKind::HouseRecovered { part: part()? },
        "opportunity_turned" => NoticeKind::OpportunityTurned {
            item: ItemId(row.get("item_id")?),
            brand: BrandId::new(row.get::<_, String>("brand")?),
            turn: Turn::from_words(&row.get::<_, String>("message")?),
        },
        // Of any other kind the columns of an opportunity are missing, which is an error of its own.
        _ => NoticeKind::Opportunity {
            item: ItemId(row.get("item_id")?),
            brand: BrandId::new(row.get::<_, String>("brand")?),
        },
    };
    Ok(Notice { kind, at: instant(row, "at")?, backlog: row.get("backlog")? })
}

fn decide(
    connection: &Connection,
    notice: NoticeId,
    route: &RouteName,
    verdict: &Verdict,
    now: Timestamp,
) -> Result<(), StoreError> {
    const DECIDE: &str = "
        INSERT INTO verdicts (notice_id, route, verdict, reason, decided_at) VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT (notice_id, route) DO NOTHING";
    const ROUTED: &str = "UPDATE notices SET routed_at = ?2 WHERE id = ?1 AND routed_at IS NULL";
    let (word, reason) = match verdict {
        Verdict::Send(reason) => ("send", reason),
        Verdict::Hold(reason) => ("hold", reason),
    };
    execute(connection, DECIDE, params![notice.0, route.0, word, reason.as_str(), micros(now)])?;
    execute(connection, ROUTED, params![notice.0, micros(now)]).map(|_| ())
}
