-- One row: the position of the last journal entry, and of the last public one. Every write
-- transaction updates it first.
CREATE TABLE journal_head (
    one_row integer NOT NULL PRIMARY KEY CHECK (one_row = 1),
    position bigint NOT NULL CHECK (position >= 0),
    public_position bigint NOT NULL CHECK (public_position >= 0)
);

INSERT INTO journal_head (one_row, position, public_position) VALUES (1, 0, 0);

-- Everything that happened, in commit order and without gaps: audit log and change feed.
-- Text sorts bytewise (COLLATE "C"), as it does in SQLite.
CREATE TABLE journal (
    position bigint NOT NULL PRIMARY KEY CHECK (position > 0),
    -- Counts the public rows alone, without gaps too: the position in the change feed.
    public_position bigint UNIQUE CHECK (public_position > 0),
    id uuid NOT NULL UNIQUE,
    at timestamptz NOT NULL,
    actor text COLLATE "C" NOT NULL,
    actor_name text COLLATE "C" NOT NULL,
    role text COLLATE "C" NOT NULL,
    organisation text COLLATE "C",
    request_id text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    subject_type text COLLATE "C" NOT NULL,
    subject_id text COLLATE "C" NOT NULL,
    municipality text COLLATE "C",
    provider text COLLATE "C",
    revision bigint NOT NULL CHECK (revision >= 0),
    -- JSON kept byte for byte as text: jsonb would reorder keys and rewrite numbers.
    detail text NOT NULL CHECK (detail::json IS NOT NULL),
    public text CHECK (public IS NULL OR public::json IS NOT NULL),
    CHECK ((public IS NULL) = (public_position IS NULL))
);

CREATE FUNCTION journal_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal is append-only';
END
$$;

CREATE TRIGGER journal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal
    FOR EACH STATEMENT EXECUTE FUNCTION journal_append_only();
