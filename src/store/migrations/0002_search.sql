-- The words of every kept item, for search; the row number is the item's. No text is kept here: it stands in
-- `items`. `plain` and `spelled` are the two spellings of `text::spelling` (the second only where they differ),
-- `brands` holds a word for each brand that the item is about.
CREATE VIRTUAL TABLE search USING fts5 (
    plain, spelled, brands,
    content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 0', prefix = '1 2 3'
);

-- What people said is otherwise than we judged it; the newest of a field stands. `brand` is empty where the whole
-- item is meant. `before_json` is what stood there, so that our judgement can be measured against theirs.
CREATE TABLE corrections (
    id          INTEGER PRIMARY KEY,
    item_id     INTEGER NOT NULL REFERENCES items (id) ON DELETE CASCADE,
    brand       TEXT,
    change_json TEXT    NOT NULL,
    before_json TEXT    NOT NULL,
    at          INTEGER NOT NULL,
    who         TEXT    NOT NULL
) STRICT;
CREATE INDEX corrections_by_item ON corrections (item_id);

-- Somebody said that this brand is not meant: the mention is not shown any more.
ALTER TABLE mentions ADD COLUMN dismissed INTEGER NOT NULL DEFAULT 0;
CREATE INDEX mentions_by_brand ON mentions (brand, seen_at);

-- What can still be acted on is found by when it was said, or by its deadline, whatever its kind.
CREATE INDEX opportunities_by_saying ON opportunities (said_at);
CREATE INDEX opportunities_by_any_deadline ON opportunities (deadline_at) WHERE deadline_at IS NOT NULL;

-- Where the stretch of the last digest ended: one that is asked for by hand ends at that moment, and the next begins there.
ALTER TABLE digests ADD COLUMN until_at INTEGER;

-- Which engine and address the state of a source speaks of: at another place it begins anew.
ALTER TABLE sources ADD COLUMN place_hash INTEGER;

-- Why a source cannot be read, and what was learned of it (rhythm, delay, new address); empty where nothing is known.
ALTER TABLE sources ADD COLUMN cause TEXT;
ALTER TABLE sources ADD COLUMN memory_json TEXT NOT NULL DEFAULT '';

-- Why a notice about a source was made, so that every language can tell it.
ALTER TABLE notices ADD COLUMN cause TEXT;

-- What a source whose ids change at every reading has given already.
CREATE INDEX items_by_content ON items (source_id, content_hash);

-- What of our own does not work; `since_at` is NULL where it is over. `told_at` outlives it: once a day is enough.
CREATE TABLE troubles (
    part     TEXT    PRIMARY KEY,
    since_at INTEGER,
    told_at  INTEGER,
    message  TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

-- The hash of the one form of an item's address (`text::address_hash`): `why` finds by it what became of a link.
ALTER TABLE items ADD COLUMN url_hash INTEGER;
CREATE INDEX items_by_url_hash ON items (url_hash) WHERE url_hash IS NOT NULL;

-- The first item of the story that an item tells again; empty where it is the first itself, or alone.
ALTER TABLE items ADD COLUMN story INTEGER;
CREATE INDEX items_by_story ON items (story) WHERE story IS NOT NULL;

-- A mention that only repeats what was told of the brand before: it is not counted, listed or told again.
ALTER TABLE mentions ADD COLUMN echo INTEGER NOT NULL DEFAULT 0;

-- By which an item is found that may tell the same (`story::keys`), behind the fortnight in which it was read: new keys
-- lie beside each other, however many there are. Stored by item, so that its rows lie together as well.
CREATE TABLE story_keys (
    item_id INTEGER NOT NULL REFERENCES items (id) ON DELETE CASCADE,
    key     INTEGER NOT NULL,
    PRIMARY KEY (item_id, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX story_keys_by_key ON story_keys (key);

-- Feelings by brand, hour (since 1970, of the first reading), phase, medium and aspect, counted as mentions come, change
-- and go: where it hurts, and since when, is read without looking at mentions. The empty aspect counts each mention once.
ALTER TABLE mentions ADD COLUMN medium TEXT NOT NULL DEFAULT 'post';
ALTER TABLE mentions ADD COLUMN aspects_json TEXT NOT NULL DEFAULT '[]';
CREATE TABLE journey (
    brand    TEXT    NOT NULL,
    hour     INTEGER NOT NULL,
    phase    TEXT    NOT NULL,
    medium   TEXT    NOT NULL,
    aspect   TEXT    NOT NULL,
    positive INTEGER NOT NULL,
    neutral  INTEGER NOT NULL,
    negative INTEGER NOT NULL,
    mixed    INTEGER NOT NULL,
    PRIMARY KEY (brand, hour, phase, medium, aspect)
) STRICT, WITHOUT ROWID;
INSERT INTO journey
SELECT brand, seen_at / 3600000000, phase, medium, '', sum(sentiment = 'positive'), sum(sentiment = 'neutral'),
       sum(sentiment = 'negative'), sum(sentiment = 'mixed')
FROM mentions WHERE spam = 0 AND own = 0 AND dismissed = 0 AND echo = 0 GROUP BY 1, 2, 3, 4, 5;

CREATE TRIGGER journey_of_new AFTER INSERT ON mentions
WHEN NEW.spam = 0 AND NEW.own = 0 AND NEW.dismissed = 0 AND NEW.echo = 0 BEGIN
    INSERT INTO journey
    SELECT NEW.brand, NEW.seen_at / 3600000000, NEW.phase, NEW.medium, aspects.value, NEW.sentiment = 'positive',
           NEW.sentiment = 'neutral', NEW.sentiment = 'negative', NEW.sentiment = 'mixed'
    FROM (SELECT '' AS value UNION SELECT value FROM json_each(NEW.aspects_json)) aspects WHERE true
    ON CONFLICT DO UPDATE SET positive = positive + excluded.positive, neutral = neutral + excluded.neutral,
                              negative = negative + excluded.negative, mixed = mixed + excluded.mixed;
END;
CREATE TRIGGER journey_of_gone AFTER DELETE ON mentions
WHEN OLD.spam = 0 AND OLD.own = 0 AND OLD.dismissed = 0 AND OLD.echo = 0 BEGIN
    UPDATE journey SET positive = positive - (OLD.sentiment = 'positive'), neutral = neutral - (OLD.sentiment = 'neutral'),
                       negative = negative - (OLD.sentiment = 'negative'), mixed = mixed - (OLD.sentiment = 'mixed')
    WHERE brand = OLD.brand AND hour = OLD.seen_at / 3600000000 AND phase = OLD.phase AND medium = OLD.medium
      AND aspect IN (SELECT '' UNION SELECT value FROM json_each(OLD.aspects_json));
END;
CREATE TRIGGER journey_of_before AFTER UPDATE ON mentions
WHEN OLD.spam = 0 AND OLD.own = 0 AND OLD.dismissed = 0 AND OLD.echo = 0 BEGIN
    UPDATE journey SET positive = positive - (OLD.sentiment = 'positive'), neutral = neutral - (OLD.sentiment = 'neutral'),
                       negative = negative - (OLD.sentiment = 'negative'), mixed = mixed - (OLD.sentiment = 'mixed')
    WHERE brand = OLD.brand AND hour = OLD.seen_at / 3600000000 AND phase = OLD.phase AND medium = OLD.medium
      AND aspect IN (SELECT '' UNION SELECT value FROM json_each(OLD.aspects_json));
END;
CREATE TRIGGER journey_of_after AFTER UPDATE ON mentions
WHEN NEW.spam = 0 AND NEW.own = 0 AND NEW.dismissed = 0 AND NEW.echo = 0 BEGIN
    INSERT INTO journey
    SELECT NEW.brand, NEW.seen_at / 3600000000, NEW.phase, NEW.medium, aspects.value, NEW.sentiment = 'positive',
           NEW.sentiment = 'neutral', NEW.sentiment = 'negative', NEW.sentiment = 'mixed'
    FROM (SELECT '' AS value UNION SELECT value FROM json_each(NEW.aspects_json)) aspects WHERE true
    ON CONFLICT DO UPDATE SET positive = positive + excluded.positive, neutral = neutral + excluded.neutral,
                              negative = negative + excluded.negative, mixed = mixed + excluded.mixed;
END;

-- Somebody said that it was acted on: it is no longer open, waits for nobody and was not missed.
ALTER TABLE mentions ADD COLUMN done INTEGER NOT NULL DEFAULT 0;

-- From when on an opportunity is missed unless somebody acts: when acting would have been too late, but not before we
-- read it. Empty where nothing can be missed: no deadline, a person's care, who waits for an answer all the same, a
-- backlog that was over before we read it, and what nobody has to act on.
ALTER TABLE opportunities ADD COLUMN missed_at INTEGER;
CREATE INDEX opportunities_by_miss ON opportunities (missed_at) WHERE missed_at IS NOT NULL;
UPDATE opportunities SET missed_at = deadline_at
WHERE deadline_at IS NOT NULL AND care = 0 AND (surprise = 1 OR waits = 0)
  AND EXISTS (SELECT 1 FROM mentions m WHERE m.id = mention_id AND m.spam = 0 AND m.own = 0 AND m.dismissed = 0
                                             AND m.echo = 0 AND m.seen_at <= opportunities.deadline_at);

-- How many opportunities of a brand have been or can be missed: with the few that lie ahead taken off, it says how many
-- were, without looking at all of them.
CREATE TABLE timed (
    brand TEXT    PRIMARY KEY,
    n     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO timed SELECT brand, count(*) FROM opportunities WHERE missed_at IS NOT NULL GROUP BY brand;
CREATE TRIGGER timed_of_new AFTER INSERT ON opportunities WHEN NEW.missed_at IS NOT NULL BEGIN
    INSERT INTO timed VALUES (NEW.brand, 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER timed_of_gone AFTER DELETE ON opportunities WHEN OLD.missed_at IS NOT NULL BEGIN
    UPDATE timed SET n = n - 1 WHERE brand = OLD.brand;
END;
CREATE TRIGGER timed_of_changed AFTER UPDATE ON opportunities
WHEN (OLD.missed_at IS NULL) <> (NEW.missed_at IS NULL) BEGIN
    INSERT INTO timed VALUES (NEW.brand, CASE WHEN NEW.missed_at IS NULL THEN -1 ELSE 1 END)
    ON CONFLICT DO UPDATE SET n = n + excluded.n;
END;

-- What was posted to us, as it came, until it was worked on: the row goes in the commit that keeps what it gave.
-- What could not be read stays a while, with why.
CREATE TABLE inbox (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    source      TEXT    NOT NULL,
    received_at INTEGER NOT NULL,
    body        BLOB    NOT NULL,
    refused_at  INTEGER,
    trouble     TEXT    NOT NULL DEFAULT '',
    -- What a hub brought (empty otherwise: a sender posted it), how it is written, and of what it says it is.
    subscription TEXT   NOT NULL DEFAULT '',
    content_type TEXT   NOT NULL DEFAULT '',
    links       TEXT    NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX inbox_pushed ON inbox (subscription) WHERE subscription <> '';
CREATE INDEX inbox_refused ON inbox (refused_at) WHERE refused_at IS NOT NULL;

-- Hashes of the keys of what was posted, so that what is posted again is not worked on again; each until it may.
CREATE TABLE inbox_keys (
    key_hash TEXT    PRIMARY KEY,
    until_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX inbox_keys_by_end ON inbox_keys (until_at);

-- Who left a list by the link in its mails.
CREATE TABLE left_lists (
    list      TEXT    NOT NULL,
    recipient TEXT    NOT NULL,
    left_at   INTEGER NOT NULL,
    PRIMARY KEY (list, recipient)
) STRICT, WITHOUT ROWID;

-- What is asked of hubs, and what they agreed to; `model::Subscription` says what each column means.
CREATE TABLE subscriptions (
    id          TEXT    PRIMARY KEY,
    source      TEXT    NOT NULL,
    hub         TEXT    NOT NULL,
    topic       TEXT    NOT NULL,
    wish        TEXT    NOT NULL,
    asked_at    INTEGER,
    next_at     INTEGER,
    failures    INTEGER NOT NULL DEFAULT 0,
    alive_at    INTEGER,
    lease_until INTEGER,
    told_at     INTEGER,
    brought_at  INTEGER,
    missed_at   INTEGER,
    message     TEXT    NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;
CREATE INDEX subscriptions_by_source ON subscriptions (source);
CREATE INDEX subscriptions_by_turn ON subscriptions (next_at) WHERE next_at IS NOT NULL;

-- Cards that somebody wants to see again later. `link` names the link that was used, so that each works once; the row
-- stays as long as the item, with the time at which the card went out again.
CREATE TABLE snoozes (
    item_id INTEGER NOT NULL REFERENCES items (id) ON DELETE CASCADE,
    brand   TEXT    NOT NULL,
    link    TEXT    NOT NULL,
    due_at  INTEGER NOT NULL,
    over_at INTEGER,
    PRIMARY KEY (item_id, brand, link)
) STRICT, WITHOUT ROWID;
CREATE INDEX snoozes_by_turn ON snoozes (due_at) WHERE over_at IS NULL;
-- How often an item was edited since it was first read, and when that was last noticed; whether its form came from a second look, which older copies do
-- not overrule; when it is to be looked at again at its origin (empty: never), and since when its origin does not have it.
ALTER TABLE items ADD COLUMN n_edits INTEGER NOT NULL DEFAULT 0;
ALTER TABLE items ADD COLUMN edited_at INTEGER;
ALTER TABLE items ADD COLUMN by_look INTEGER NOT NULL DEFAULT 0;
ALTER TABLE items ADD COLUMN look_at INTEGER;
ALTER TABLE items ADD COLUMN missed_at INTEGER;
CREATE INDEX items_by_look ON items (source_id, look_at) WHERE look_at IS NOT NULL;

-- What stood in an item before it was edited, the newest few of it. `until_at` is when the next form was read.
CREATE TABLE revisions (
    item_id   INTEGER NOT NULL REFERENCES items (id) ON DELETE CASCADE,
    n         INTEGER NOT NULL,
    since_at  INTEGER NOT NULL,
    until_at  INTEGER NOT NULL,
    form_hash INTEGER NOT NULL,
    title     TEXT    NOT NULL,
    text      TEXT    NOT NULL,
    PRIMARY KEY (item_id, n)
) STRICT, WITHOUT ROWID;

-- All that stays of an item that was deleted at its origin, or is hidden there: no word of it, and not its own id. A copy
-- that is read later does not get past the tombstone of what was deleted, unless its revision is later. `state`: deleted, hidden.
CREATE TABLE tombstones (
    key_hash  INTEGER PRIMARY KEY,
    item_id   INTEGER NOT NULL,
    source_id INTEGER NOT NULL REFERENCES sources (id),
    url_hash  INTEGER,
    state     TEXT    NOT NULL,
    proof     TEXT    NOT NULL,
    revision  TEXT    NOT NULL,
    gone_at   INTEGER NOT NULL
) STRICT;
CREATE INDEX tombstones_by_url_hash ON tombstones (url_hash) WHERE url_hash IS NOT NULL;

-- What stays of the cards of such an item. `told_at` is when an alert about it was delivered.
CREATE TABLE closed_cards (
    item_id   INTEGER NOT NULL,
    brand     TEXT    NOT NULL,
    state     TEXT    NOT NULL,
    seen_at   INTEGER NOT NULL,
    closed_at INTEGER NOT NULL,
    was_open  INTEGER NOT NULL,
    told_at   INTEGER,
    PRIMARY KEY (item_id, brand)
) STRICT, WITHOUT ROWID;
CREATE INDEX closed_cards_by_time ON closed_cards (closed_at);

-- What is told of an item: once that it is an opportunity, and again for each edit that turns it.
DROP INDEX notices_once_per_opportunity;
CREATE UNIQUE INDEX notices_once_per_opportunity ON notices (item_id, brand) WHERE item_id IS NOT NULL AND kind = 'opportunity';
-- By this one everything that was told of an item is found when it goes, however much was told of others.
CREATE UNIQUE INDEX notices_once_per_turn ON notices (item_id, brand, kind, at) WHERE item_id IS NOT NULL;

-- Of which notices an alert tells, and of which items a digest that waits: so that both are found when an item goes.
CREATE TABLE alert_notices (
    notice_id INTEGER NOT NULL,
    outbox_id INTEGER NOT NULL REFERENCES outbox (id) ON DELETE CASCADE,
    PRIMARY KEY (notice_id, outbox_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX alert_notices_by_alert ON alert_notices (outbox_id);
INSERT INTO alert_notices SELECT DISTINCT value, outbox.id FROM outbox, json_each(outbox.alert_json, '$.notices');
CREATE TABLE digest_items (
    item_id   INTEGER NOT NULL,
    outbox_id INTEGER NOT NULL REFERENCES outbox (id) ON DELETE CASCADE,
    PRIMARY KEY (item_id, outbox_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX digest_items_by_alert ON digest_items (outbox_id);

-- What was noted before the last digest, so that one that waits can be taken back and made anew.
ALTER TABLE digests ADD COLUMN before_day TEXT;
ALTER TABLE digests ADD COLUMN before_until_at INTEGER;
-- What hosts grant, to whom (`everybody`, `nobody` in particular, or the hash of where a credential is found), as long as
-- it holds: so that a restart asks nobody who wants to be left alone.
CREATE TABLE host_limits (
    host      TEXT    NOT NULL,
    holder    TEXT    NOT NULL,
    rests_at  INTEGER,
    strikes   INTEGER NOT NULL,
    remaining REAL,
    most      REAL,
    resets_at INTEGER,
    until_at  INTEGER NOT NULL,
    PRIMARY KEY (host, holder)
) STRICT, WITHOUT ROWID;

-- What sources took of their budgets in the stretch of time that is under way, counted before they ask. Those with the
-- same account draw on one budget. Requests, or millionths of the currency.
CREATE TABLE spent (
    source    TEXT    NOT NULL,
    account   TEXT    NOT NULL,
    stretch   TEXT    NOT NULL,
    begins_at INTEGER NOT NULL,
    ends_at   INTEGER NOT NULL,
    used      INTEGER NOT NULL,
    most      INTEGER NOT NULL,
    currency  TEXT,
    PRIMARY KEY (source, account, stretch)
) STRICT, WITHOUT ROWID;
CREATE INDEX spent_by_account ON spent (account, stretch);

-- What a service calls an item besides its own id: a hash of namespace and name, as of a key.
CREATE TABLE item_aliases (
    alias_hash INTEGER NOT NULL PRIMARY KEY,
    item_id    INTEGER NOT NULL REFERENCES items (id) ON DELETE CASCADE
) STRICT;
CREATE INDEX item_aliases_by_item ON item_aliases (item_id);
