//! Keeps items, mentions, opportunities, notices, the outbox and the sources' states in SQLite. Owns every line of SQL.
