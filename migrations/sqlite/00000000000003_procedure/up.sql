-- What the procedure needs beyond the first cases: offerings that close and end, decisions that are
-- corrected, reversed and appealed against, approvals that are followed up, and what falls due.

-- SQLite cannot change a CHECK: the rows move out and, into the new table, back again. The rows that
-- point at them are checked when the transaction commits.
PRAGMA defer_foreign_keys = ON;

CREATE TABLE offering_moved AS SELECT * FROM offering;
DROP TABLE offering;
CREATE TABLE offering (
    id BLOB PRIMARY KEY NOT NULL,
    municipality TEXT NOT NULL,
    service TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('draft', 'published', 'closed-to-new', 'ended')),
    version INTEGER CHECK (version > 0),
    draft TEXT NOT NULL CHECK (draft IS NULL OR json_valid(draft)),
    revision INTEGER NOT NULL CHECK (revision > 0),
    -- When and why it closes or ends, from the day that it is announced.
    closing TEXT CHECK (closing IS NULL OR json_valid(closing)),
    CHECK ((state = 'draft') = (version IS NULL)),
    CHECK (state NOT IN ('closed-to-new', 'ended') OR closing IS NOT NULL)
) STRICT;
INSERT INTO offering (id, municipality, service, state, version, draft, revision)
    SELECT id, municipality, service, state, version, draft, revision FROM offering_moved;
DROP TABLE offering_moved;
-- One that has ended is history, and may have a successor.
CREATE UNIQUE INDEX offering_living ON offering (municipality, service) WHERE state <> 'ended';

CREATE TABLE decision_moved AS SELECT * FROM decision;
DROP TABLE decision;
CREATE TABLE decision (
    id BLOB PRIMARY KEY NOT NULL,
    municipality TEXT NOT NULL,
    provider TEXT NOT NULL REFERENCES provider (organisation_number),
    application BLOB NOT NULL REFERENCES application (id),
    number TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN (
        'approve', 'refuse', 'dismiss', 'revoke', 'reverse', 'defer', 'appeal'
    )),
    signed_at INTEGER NOT NULL,
    body TEXT NOT NULL CHECK (body IS NULL OR json_valid(body)),
    UNIQUE (municipality, number)
) STRICT;
INSERT INTO decision (id, municipality, provider, application, number, outcome, signed_at, body)
    SELECT id, municipality, provider, application, number, outcome, signed_at, body FROM decision_moved;
DROP TABLE decision_moved;

-- What the provider says of its place in the list, and what has gone before (gaps).
ALTER TABLE approval ADD COLUMN listing TEXT CHECK (listing IS NULL OR json_valid(listing));
-- How it was notified, and how it ended.
ALTER TABLE prior_notice ADD COLUMN course TEXT CHECK (course IS NULL OR json_valid(course));

-- Frister og oppgaver: what falls due, for whom, and what of it is done. Derived from the things
-- themselves whenever they change; what is done stays, so that nothing is done twice.
CREATE TABLE agenda (
    subject_type TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    task TEXT NOT NULL,
    due_at INTEGER NOT NULL,
    owner TEXT NOT NULL CHECK (
        owner IN ('case-worker', 'decision-maker', 'inspector', 'provider', 'registry')
    ),
    municipality TEXT,
    provider TEXT,
    done_at INTEGER,
    PRIMARY KEY (subject_type, subject_id, task, due_at)
) STRICT;
CREATE INDEX agenda_open ON agenda (owner, due_at) WHERE done_at IS NULL;
CREATE INDEX agenda_of_provider ON agenda (provider, owner, due_at) WHERE done_at IS NULL;
CREATE INDEX agenda_of_municipality ON agenda (municipality, owner, due_at) WHERE done_at IS NULL;

-- Forsinket adgang: who may apply after the cut-off of a round, why, and until when.
CREATE TABLE late_access (
    id BLOB PRIMARY KEY NOT NULL,
    offering BLOB NOT NULL REFERENCES offering (id),
    municipality TEXT NOT NULL,
    provider TEXT NOT NULL,
    body TEXT NOT NULL CHECK (body IS NULL OR json_valid(body)),
    revision INTEGER NOT NULL CHECK (revision > 0)
) STRICT;
CREATE INDEX late_access_of_offering ON late_access (offering, provider);

-- Vedtakets gang: what happens to a signed decision, which itself never changes.
CREATE TABLE decision_course (
    decision BLOB PRIMARY KEY NOT NULL REFERENCES decision (id),
    municipality TEXT NOT NULL,
    provider TEXT NOT NULL,
    body TEXT NOT NULL CHECK (body IS NULL OR json_valid(body)),
    revision INTEGER NOT NULL CHECK (revision > 0)
) STRICT;

-- Klage.
CREATE TABLE appeal (
    id BLOB PRIMARY KEY NOT NULL,
    decision BLOB NOT NULL REFERENCES decision (id),
    municipality TEXT NOT NULL,
    provider TEXT NOT NULL,
    state TEXT NOT NULL,
    body TEXT NOT NULL CHECK (body IS NULL OR json_valid(body)),
    revision INTEGER NOT NULL CHECK (revision > 0)
) STRICT;
CREATE INDEX appeal_of_decision ON appeal (decision, id);
CREATE INDEX appeal_of_municipality ON appeal (municipality, id);

-- Oppfølging: reviews, inspections, surveys, and the deviations that they find.
CREATE TABLE follow_up (
    id BLOB PRIMARY KEY NOT NULL,
    approval BLOB NOT NULL REFERENCES approval (id),
    municipality TEXT NOT NULL,
    provider TEXT NOT NULL,
    state TEXT NOT NULL,
    body TEXT NOT NULL CHECK (body IS NULL OR json_valid(body)),
    revision INTEGER NOT NULL CHECK (revision > 0)
) STRICT;
CREATE INDEX follow_up_of_approval ON follow_up (approval, id);
CREATE INDEX follow_up_of_municipality ON follow_up (municipality, id);
