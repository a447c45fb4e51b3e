-- Every time (`.._at`) is a UTC instant in microseconds since 1970; every hash a 64-bit integer; flags are 0 or 1.
-- Columns hold what is queried; the JSON beside them holds the whole value of `model`.

-- What is remembered of a source between two readings.
CREATE TABLE sources (
    id            INTEGER PRIMARY KEY,
    name          TEXT    NOT NULL UNIQUE,
    watched       INTEGER NOT NULL DEFAULT 1,
    health        TEXT    NOT NULL,
    message       TEXT    NOT NULL,
    since_at      INTEGER,
    asked_at      INTEGER,
    read_at       INTEGER,
    due_at        INTEGER,
    failures      INTEGER NOT NULL,
    etag          TEXT,
    last_modified TEXT,
    cursor_json   TEXT    NOT NULL
) STRICT;

-- Items that mention a watched brand. A row number is never used twice: notices and alerts remember it.
CREATE TABLE items (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    namespace     TEXT    NOT NULL,
    own_id        TEXT    NOT NULL,
    key_hash      INTEGER NOT NULL,
    content_hash  INTEGER NOT NULL,
    source_id     INTEGER NOT NULL REFERENCES sources (id),
    published_at  INTEGER,
    seen_at       INTEGER NOT NULL,
    changed_at    INTEGER NOT NULL,
    item_json     TEXT    NOT NULL,
    analysis_json TEXT    NOT NULL,
    UNIQUE (namespace, own_id)
) STRICT;
CREATE INDEX items_by_key_hash ON items (key_hash);

-- One row for each brand that an item is about.
CREATE TABLE mentions (
    id              INTEGER PRIMARY KEY,
    item_id         INTEGER NOT NULL REFERENCES items (id) ON DELETE CASCADE,
    brand           TEXT    NOT NULL,
    seen_at         INTEGER NOT NULL,
    relevance       REAL    NOT NULL,
    sentiment       TEXT    NOT NULL,
    sentiment_score REAL    NOT NULL,
    phase           TEXT    NOT NULL,
    direct          INTEGER NOT NULL,
    own             INTEGER NOT NULL,
    spam            INTEGER NOT NULL,
    score           REAL    NOT NULL,
    followers       INTEGER,
    mention_json    TEXT    NOT NULL,
    UNIQUE (item_id, brand)
) STRICT;
CREATE INDEX mentions_by_time ON mentions (seen_at);

-- Mentions on which somebody should act. `said_at` is when it was published, or first seen where that is unknown.
CREATE TABLE opportunities (
    mention_id       INTEGER PRIMARY KEY REFERENCES mentions (id) ON DELETE CASCADE,
    brand            TEXT    NOT NULL,
    said_at          INTEGER NOT NULL,
    kinds_json       TEXT    NOT NULL,
    waits            INTEGER NOT NULL,
    surprise         INTEGER NOT NULL,
    care             INTEGER NOT NULL,
    score            REAL    NOT NULL,
    wish             TEXT,
    deadline_at      INTEGER,
    place            TEXT,
    outlet           TEXT,
    opportunity_json TEXT    NOT NULL
) STRICT;
CREATE INDEX opportunities_by_score ON opportunities (score, said_at);
CREATE INDEX opportunities_by_deadline ON opportunities (deadline_at)
    WHERE deadline_at IS NOT NULL AND (surprise = 1 OR care = 1);
CREATE INDEX opportunities_without_deadline ON opportunities (said_at)
    WHERE deadline_at IS NULL AND (surprise = 1 OR care = 1);
CREATE INDEX opportunities_that_wait ON opportunities (said_at) WHERE waits = 1;

-- All that stays of an item that mentions no brand. `seen_day` counts days since 1970.
-- A key that is one integer is the row number itself: smaller than WITHOUT ROWID.
CREATE TABLE fingerprints (
    key_hash     INTEGER PRIMARY KEY,
    content_hash INTEGER NOT NULL,
    url_hash     INTEGER NOT NULL,
    source_id    INTEGER NOT NULL REFERENCES sources (id),
    seen_day     INTEGER NOT NULL,
    reason       TEXT    NOT NULL
) STRICT;
CREATE INDEX fingerprints_by_day ON fingerprints (seen_day);

-- Facts worth telling. `item_id` outlives its item, so that a deletion at the origin leaves no dangling alert.
CREATE TABLE notices (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    kind      TEXT    NOT NULL,
    at        INTEGER NOT NULL,
    backlog   INTEGER NOT NULL,
    item_id   INTEGER,
    brand     TEXT,
    source    TEXT,
    message   TEXT,
    routed_at INTEGER
) STRICT;
CREATE UNIQUE INDEX notices_once_per_opportunity ON notices (item_id, brand) WHERE item_id IS NOT NULL;
CREATE UNIQUE INDEX notices_once_per_change ON notices (source, kind, at) WHERE source IS NOT NULL;
CREATE INDEX notices_pending ON notices (id) WHERE routed_at IS NULL;

-- Why a notice went out on a route, or did not.
CREATE TABLE verdicts (
    notice_id  INTEGER NOT NULL REFERENCES notices (id) ON DELETE CASCADE,
    route      TEXT    NOT NULL,
    verdict    TEXT    NOT NULL,
    reason     TEXT    NOT NULL,
    decided_at INTEGER NOT NULL,
    PRIMARY KEY (notice_id, route)
) STRICT, WITHOUT ROWID;

-- Messages to send, and those that were sent: a key is never sent twice. `state`: pending, delivered, parked.
CREATE TABLE outbox (
    id              INTEGER PRIMARY KEY,
    key             TEXT    NOT NULL UNIQUE,
    state           TEXT    NOT NULL DEFAULT 'pending',
    attempts        INTEGER NOT NULL DEFAULT 0,
    next_attempt_at INTEGER NOT NULL,
    settled_at      INTEGER,
    trouble         TEXT    NOT NULL DEFAULT '',
    alert_json      TEXT    NOT NULL
) STRICT;
CREATE INDEX outbox_due ON outbox (next_attempt_at) WHERE state = 'pending';
CREATE INDEX outbox_parked ON outbox (settled_at) WHERE state = 'parked';

-- Running totals, kept in the commit that changes them.
CREATE TABLE counters (
    name  TEXT    PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT;
INSERT INTO counters (name, value)
VALUES ('items_seen', 0), ('items_kept', 0), ('mentions', 0), ('opportunities', 0);

-- New items by quarter of an hour (quarters since 1970): local days of every zone begin on one.
CREATE TABLE seen_by_quarter (
    quarter INTEGER PRIMARY KEY,
    items   INTEGER NOT NULL
) STRICT;

-- The local day of the last digest that went into the outbox, for each recipient.
CREATE TABLE digests (
    recipient TEXT PRIMARY KEY,
    day       TEXT NOT NULL
) STRICT, WITHOUT ROWID;
