-- What a service calls an item besides its own id: a hash of namespace and name, as of a key.
CREATE TABLE item_aliases (
    alias_hash INTEGER NOT NULL PRIMARY KEY,
    item_id    INTEGER NOT NULL REFERENCES items (id) ON DELETE CASCADE
);
CREATE INDEX item_aliases_by_item ON item_aliases (item_id);
