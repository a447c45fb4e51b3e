//! Between the types of `model` and what a column holds: instants as microseconds, hashes as signed integers,
//! whole values as JSON.

use super::StoreError;
use crate::model::ItemKey;
use crate::text::hash64;
use jiff::{Timestamp, civil::Date, tz::Offset};
use rusqlite::types::FromSql;
use rusqlite::{Connection, Params, Row};
use serde::{Serialize, de::DeserializeOwned};

const SECONDS_PER_DAY: i64 = 86_400;

/// The hash of an item's key, by which the store knows again what it has seen: [`hash64`] of namespace and id.
#[must_use]
pub fn key_hash(key: &ItemKey) -> u64 {
    hash64(&[&key.namespace, &key.id])
}

/// The last instant that can be read back.
const LAST_MICROSECOND: i64 = 253_402_207_200_000_000;

/// Microseconds since 1970, UTC; what is finer is cut, and [`Timestamp::MAX`] is the last whole second.
pub(super) fn micros(at: Timestamp) -> i64 {
    at.as_microsecond().min(LAST_MICROSECOND)
}

/// Whole days since 1970, UTC.
pub(super) fn day(at: Timestamp) -> i64 {
    at.as_second().div_euclid(SECONDS_PER_DAY)
}

/// The date of a day since 1970; the first or last there is for a number that names none.
pub(super) fn date(day: i64) -> Date {
    let start = day.saturating_mul(SECONDS_PER_DAY).clamp(Timestamp::MIN.as_second(), Timestamp::MAX.as_second());
    let start = Timestamp::from_second(start).unwrap_or(Timestamp::UNIX_EPOCH);
    Offset::UTC.to_datetime(start).date()
}

/// A count from a column; never negative.
pub(super) fn count(row: &Row<'_>, column: &'static str) -> Result<u64, StoreError> {
    Ok(u64::try_from(row.get::<_, i64>(column)?).unwrap_or(0))
}

/// Anything as JSON, for `column`.
pub(super) fn json<T: Serialize>(column: &'static str, value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|source| StoreError::Unwritable { column, source })
}

/// A value from a JSON column.
pub(super) fn from_json<T: DeserializeOwned>(row: &Row<'_>, column: &'static str) -> Result<T, StoreError> {
    let text = row.get_ref(column)?.as_str().map_err(|source| stored(column, source))?;
    serde_json::from_str(text).map_err(|source| stored(column, source))
}

/// An instant from a column.
pub(super) fn instant(row: &Row<'_>, column: &'static str) -> Result<Timestamp, StoreError> {
    Timestamp::from_microsecond(row.get(column)?).map_err(|source| stored(column, source))
}

/// An instant from a column that may be empty.
pub(super) fn optional_instant(row: &Row<'_>, column: &'static str) -> Result<Option<Timestamp>, StoreError> {
    let micros: Option<i64> = row.get(column)?;
    micros.map(|at| Timestamp::from_microsecond(at).map_err(|source| stored(column, source))).transpose()
}

/// A word of a closed list from a column.
pub(super) fn word<T>(row: &Row<'_>, column: &'static str, read: impl Fn(&str) -> Option<T>) -> Result<T, StoreError> {
    let name: String = row.get(column)?;
    read(&name).ok_or_else(|| stored(column, format!("`{name}` is no word that this binary knows")))
}

/// Every row of a statement, read by `read`.
pub(super) fn rows<T>(
    connection: &Connection,
    sql: &str,
    params: impl Params,
    mut read: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
) -> Result<Vec<T>, StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut found = statement.query(params)?;
    let mut values = Vec::new();
    while let Some(row) = found.next()? {
        values.push(read(row)?);
    }
    Ok(values)
}

/// The one row of a statement, if there is one, read by `read`.
pub(super) fn row<T>(
    connection: &Connection,
    sql: &str,
    params: impl Params,
    read: impl FnOnce(&Row<'_>) -> Result<T, StoreError>,
) -> Result<Option<T>, StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut found = statement.query(params)?;
    found.next()?.map(read).transpose()
}

/// The one value of a statement, if it has a row.
pub(super) fn value<T: FromSql>(
    connection: &Connection,
    sql: &str,
    params: impl Params,
) -> Result<Option<T>, StoreError> {
    row(connection, sql, params, |row| Ok(row.get(0)?))
}

/// Runs a statement; the number of rows that it changed.
pub(super) fn execute(connection: &Connection, sql: &str, params: impl Params) -> Result<usize, StoreError> {
    Ok(connection.prepare_cached(sql)?.execute(params)?)
}

fn stored(column: &'static str, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> StoreError {
    StoreError::Stored { column, source: source.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_count_downwards_before_1970() {
        let before: Timestamp = "1969-12-31T23:59:59Z".parse().expect("well-formed");
        assert_eq!((day(before), day(Timestamp::UNIX_EPOCH)), (-1, 0));
        assert_eq!((date(-1), date(20_000)), (jiff::civil::date(1969, 12, 31), jiff::civil::date(2024, 10, 4)));
        assert!(date(i64::MAX) > date(i64::MIN));
    }
}
