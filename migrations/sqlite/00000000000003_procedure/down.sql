DROP TABLE follow_up;
DROP TABLE appeal;
DROP TABLE decision_course;
DROP TABLE late_access;
DROP TABLE agenda;
ALTER TABLE prior_notice DROP COLUMN course;
ALTER TABLE approval DROP COLUMN listing;
PRAGMA defer_foreign_keys = ON;
CREATE TABLE decision_moved AS SELECT * FROM decision;
DROP TABLE decision;
CREATE TABLE decision (
    id BLOB PRIMARY KEY NOT NULL,
    municipality TEXT NOT NULL,
    provider TEXT NOT NULL REFERENCES provider (organisation_number),
    application BLOB NOT NULL REFERENCES application (id),
    number TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('approve', 'refuse', 'dismiss', 'revoke')),
    signed_at INTEGER NOT NULL,
    body TEXT NOT NULL CHECK (body IS NULL OR json_valid(body)),
    UNIQUE (municipality, number)
) STRICT;
INSERT INTO decision (id, municipality, provider, application, number, outcome, signed_at, body)
    SELECT id, municipality, provider, application, number, outcome, signed_at, body FROM decision_moved;
DROP TABLE decision_moved;
CREATE TABLE offering_moved AS SELECT * FROM offering;
DROP TABLE offering;
CREATE TABLE offering (
    id BLOB PRIMARY KEY NOT NULL,
    municipality TEXT NOT NULL,
    service TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('draft', 'published')),
    version INTEGER CHECK (version > 0),
    draft TEXT NOT NULL CHECK (draft IS NULL OR json_valid(draft)),
    revision INTEGER NOT NULL CHECK (revision > 0),
    CHECK ((state = 'draft') = (version IS NULL)),
    UNIQUE (municipality, service)
) STRICT;
INSERT INTO offering (id, municipality, service, state, version, draft, revision)
    SELECT id, municipality, service, iif(version IS NULL, 'draft', 'published'), version, draft, revision
    FROM offering_moved;
DROP TABLE offering_moved;
