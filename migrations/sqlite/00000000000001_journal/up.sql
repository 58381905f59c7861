-- One row: the position of the last journal entry, and of the last public one. Every write
-- transaction updates it first.
CREATE TABLE journal_head (
    one_row INTEGER NOT NULL PRIMARY KEY CHECK (one_row = 1),
    position INTEGER NOT NULL CHECK (position >= 0),
    public_position INTEGER NOT NULL CHECK (public_position >= 0)
) STRICT;

INSERT INTO journal_head (one_row, position, public_position) VALUES (1, 0, 0);

-- Everything that happened, in commit order and without gaps: audit log and change feed.
CREATE TABLE journal (
    position INTEGER NOT NULL PRIMARY KEY CHECK (position > 0),
    -- Counts the public rows alone, without gaps too: the position in the change feed.
    public_position INTEGER UNIQUE CHECK (public_position > 0),
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    actor_name TEXT NOT NULL,
    role TEXT NOT NULL,
    organisation TEXT,
    request_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject_type TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    municipality TEXT,
    provider TEXT,
    revision INTEGER NOT NULL CHECK (revision >= 0),
    detail TEXT NOT NULL CHECK (json_valid(detail)),
    public TEXT CHECK (public IS NULL OR json_valid(public)),
    CHECK ((public IS NULL) = (public_position IS NULL))
) STRICT;

-- Append only. Connections set recursive_triggers, else REPLACE would delete past this trigger.
CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal
BEGIN
    SELECT RAISE(ABORT, 'the journal is append-only');
END;

CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal
BEGIN
    SELECT RAISE(ABORT, 'the journal is append-only');
END;
