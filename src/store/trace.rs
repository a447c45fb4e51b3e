//! What became of everything that was read at one address.

use super::row::{count, date, from_json, instant, micros, optional_instant, rows, word};
use super::{Store, StoreError, correction, tombstone};
use crate::model::{
    Alert, AlertState, AlertTrace, Analysis, Item, ItemId, KeptTrace, Mention, MentionTrace, NoticeId, NoticeTrace,
    PassReason, PassedTrace, Phase, RouteName, SourceName, Traces, Verdict, VerdictReason, VerdictTrace,
};
use crate::text::{address_hash, hash64};
use crate::wording::masked_recipient;
use jiff::Timestamp;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};

/// Kept items of one address that are told: an article and its comments may share one.
const KEPT_LIMIT: i64 = 50;

impl Store {
    /// What became of `url`: everything kept or passed over whose address has the same form.
    ///
    /// Looks through all fingerprints, which no index knows by address: a question of a person may take a moment.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn trace(&self, url: String) -> Result<Traces, StoreError> {
        self.read(move |connection| {
            let gone = tombstone::gone_at(connection, &url)?;
            Ok(Traces { kept: kept(connection, &url)?, passed: passed(connection, &url)?, gone })
        })
        .await
    }
}

fn kept(connection: &Connection, url: &str) -> Result<Vec<KeptTrace>, StoreError> {
    const KEPT: &str = "
        SELECT i.id AS id, s.name AS source, i.seen_at AS seen_at, i.changed_at AS changed_at,
               i.n_edits AS n_edits, i.edited_at AS edited_at,
               i.story AS story, i.item_json AS item_json, i.analysis_json AS analysis_json
        FROM items i JOIN sources s ON s.id = i.source_id
        WHERE i.url_hash = ?1 ORDER BY i.id LIMIT ?2";
    let Some(hash) = address_hash(url) else { return Ok(Vec::new()) };
    let mut kept = rows(connection, KEPT, [hash.cast_signed(), KEPT_LIMIT], kept_item)?;
    // A link to one comment means that comment, though its article and its neighbors have the same form.
    kept.sort_by_key(|item| item.url.as_deref() != Some(url));
    for item in &mut kept {
        item.mentions = mentions(connection, item.item_id)?;
        item.corrections = correction::of_item(connection, item.item_id.0)?;
    }
    Ok(kept)
}

fn kept_item(row: &Row<'_>) -> Result<KeptTrace, StoreError> {
    let (item, analysis): (Item, Analysis) = (from_json(row, "item_json")?, from_json(row, "analysis_json")?);
    Ok(KeptTrace {
        item_id: ItemId(row.get("id")?),
        source: SourceName::new(row.get::<_, String>("source")?),
        text: item.reading_text().into_owned(),
        url: item.url,
        published: item.published,
        seen_at: instant(row, "seen_at")?,
        changed_at: instant(row, "changed_at")?,
        edited_at: optional_instant(row, "edited_at")?,
        revisions: row.get("n_edits")?,
        lang: analysis.lang,
        retells: row.get::<_, Option<i64>>("story")?.map(ItemId),
        spam: analysis.spam,
        mentions: Vec::new(),
        corrections: Vec::new(),
    })
}

fn mentions(connection: &Connection, item: ItemId) -> Result<Vec<MentionTrace>, StoreError> {
    const MENTIONS: &str = "
        SELECT m.mention_json, m.phase, m.dismissed, o.opportunity_json
        FROM mentions m LEFT JOIN opportunities o ON o.mention_id = m.id
        WHERE m.item_id = ?1 ORDER BY m.relevance DESC, m.id";
    let mut mentions = rows(connection, MENTIONS, [item.0], |row| {
        let has_opportunity = row.get_ref("opportunity_json")? != ValueRef::Null;
        Ok(MentionTrace {
            mention: from_json(row, "mention_json")?,
            phase: word(row, "phase", Phase::from_name)?,
            is_dismissed: row.get("dismissed")?,
            opportunity: if has_opportunity { Some(from_json(row, "opportunity_json")?) } else { None },
            notice: None,
        })
    })?;
    for traced in &mut mentions {
        traced.notice = notice(connection, item, &traced.mention)?;
    }
    Ok(mentions)
}

fn notice(connection: &Connection, item: ItemId, mention: &Mention) -> Result<Option<NoticeTrace>, StoreError> {
    const NOTICE: &str =
        "SELECT id, at, backlog FROM notices WHERE item_id = ?1 AND brand = ?2 AND kind = 'opportunity'";
    let found = super::row::row(connection, NOTICE, (item.0, mention.brand.as_str()), |row| {
        let told = NoticeTrace {
            at: instant(row, "at")?,
            backlog: row.get("backlog")?,
            verdicts: Vec::new(),
            alerts: Vec::new(),
        };
        Ok((NoticeId(row.get("id")?), told))
    })?;
    let Some((id, mut told)) = found else { return Ok(None) };
    told.verdicts = verdicts(connection, id)?;
    let sent = told.verdicts.iter().filter(|decided| matches!(decided.verdict, Verdict::Send(_)));
    if let Some(first) = sent.map(|decided| decided.at).min() {
        told.alerts = alerts(connection, id, first)?;
    }
    Ok(Some(told))
}

fn verdicts(connection: &Connection, notice: NoticeId) -> Result<Vec<VerdictTrace>, StoreError> {
    const VERDICTS: &str = "
        SELECT route, verdict, reason, decided_at FROM verdicts WHERE notice_id = ?1 ORDER BY decided_at, route";
    rows(connection, VERDICTS, [notice.0], |row| {
        let reason = word(row, "reason", VerdictReason::from_name)?;
        let verdict = match row.get_ref("verdict")?.as_str().unwrap_or_default() {
            "send" => Verdict::Send(reason),
            _ => Verdict::Hold(reason),
        };
        Ok(VerdictTrace { route: RouteName(row.get("route")?), verdict, at: instant(row, "decided_at")? })
    })
}

/// The alerts that tell of `notice`, which was routed at `since`: no index knows them, but none of them is older.
fn alerts(connection: &Connection, notice: NoticeId, since: Timestamp) -> Result<Vec<AlertTrace>, StoreError> {
    const ALERTS: &str = "
        SELECT state, attempts, next_attempt_at, settled_at, trouble, alert_json FROM outbox
        WHERE next_attempt_at >= ?2
          AND EXISTS (SELECT 1 FROM json_each(alert_json, '$.notices') WHERE value = ?1)
        ORDER BY id";
    rows(connection, ALERTS, [notice.0, micros(since)], |row| {
        let alert: Alert = from_json(row, "alert_json")?;
        let state = word(row, "state", AlertState::from_name)?;
        let next = instant(row, "next_attempt_at")?;
        Ok(AlertTrace {
            route: alert.route,
            channel: alert.channel,
            recipient: masked_recipient(&alert.recipient),
            state,
            attempts: row.get("attempts")?,
            created_at: alert.created_at,
            next_attempt_at: (state == AlertState::Pending).then_some(next),
            settled_at: optional_instant(row, "settled_at")?,
            trouble: row.get("trouble")?,
        })
    })
}

fn passed(connection: &Connection, url: &str) -> Result<Vec<PassedTrace>, StoreError> {
    // Fingerprints of schema 1 hold the hash of the address as it was given.
    const PASSED: &str = "
        SELECT s.name AS source, f.reason AS reason, count(*) AS n_items, max(f.seen_day) AS day
        FROM fingerprints f JOIN sources s ON s.id = f.source_id
        WHERE f.url_hash IN (?1, ?2) GROUP BY f.source_id, f.reason ORDER BY day DESC, source";
    let as_given = hash64(&[url]);
    let hashes = [address_hash(url).unwrap_or(as_given).cast_signed(), as_given.cast_signed()];
    rows(connection, PASSED, hashes, |row| {
        Ok(PassedTrace {
            source: SourceName::new(row.get::<_, String>("source")?),
            reason: word(row, "reason", PassReason::from_name)?,
            n_items: count(row, "n_items")?,
            seen_on: date(row.get("day")?),
        })
    })
}
