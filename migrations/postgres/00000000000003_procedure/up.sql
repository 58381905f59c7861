-- What the procedure needs beyond the first cases: offerings that close and end, decisions that are
-- corrected, reversed and appealed against, approvals that are followed up, and what falls due.

ALTER TABLE offering DROP CONSTRAINT offering_state_check;
ALTER TABLE offering ADD CONSTRAINT offering_state_check
    CHECK (state IN ('draft', 'published', 'closed-to-new', 'ended'));
-- When and why it closes or ends, from the day that it is announced.
ALTER TABLE offering ADD COLUMN closing text CHECK (closing IS NULL OR closing::json IS NOT NULL);
ALTER TABLE offering ADD CONSTRAINT offering_closing_known
    CHECK (state NOT IN ('closed-to-new', 'ended') OR closing IS NOT NULL);
-- One that has ended is history, and may have a successor.
ALTER TABLE offering DROP CONSTRAINT offering_municipality_service_key;
CREATE UNIQUE INDEX offering_living ON offering (municipality, service) WHERE state <> 'ended';
ALTER TABLE decision DROP CONSTRAINT decision_outcome_check;
ALTER TABLE decision ADD CONSTRAINT decision_outcome_check CHECK (outcome IN (
        'approve', 'refuse', 'dismiss', 'revoke', 'reverse', 'defer', 'appeal'
    ));

-- What the provider says of its place in the list, and what has gone before (gaps).
ALTER TABLE approval ADD COLUMN listing text CHECK (listing IS NULL OR listing::json IS NOT NULL);
-- How it was notified, and how it ended.
ALTER TABLE prior_notice ADD COLUMN course text CHECK (course IS NULL OR course::json IS NOT NULL);

-- Frister og oppgaver: what falls due, for whom, and what of it is done. Derived from the things
-- themselves whenever they change; what is done stays, so that nothing is done twice.
CREATE TABLE agenda (
    subject_type text COLLATE "C" NOT NULL,
    subject_id text COLLATE "C" NOT NULL,
    task text COLLATE "C" NOT NULL,
    due_at timestamptz NOT NULL,
    owner text COLLATE "C" NOT NULL CHECK (
        owner IN ('case-worker', 'decision-maker', 'inspector', 'provider', 'registry')
    ),
    municipality text COLLATE "C",
    provider text COLLATE "C",
    done_at timestamptz,
    PRIMARY KEY (subject_type, subject_id, task, due_at)
);
CREATE INDEX agenda_open ON agenda (owner, due_at) WHERE done_at IS NULL;
CREATE INDEX agenda_of_provider ON agenda (provider, owner, due_at) WHERE done_at IS NULL;
CREATE INDEX agenda_of_municipality ON agenda (municipality, owner, due_at) WHERE done_at IS NULL;

-- Forsinket adgang: who may apply after the cut-off of a round, why, and until when.
CREATE TABLE late_access (
    id uuid PRIMARY KEY NOT NULL,
    offering uuid NOT NULL REFERENCES offering (id),
    municipality text COLLATE "C" NOT NULL,
    provider text COLLATE "C" NOT NULL,
    body text NOT NULL CHECK (body IS NULL OR body::json IS NOT NULL),
    revision bigint NOT NULL CHECK (revision > 0)
);
CREATE INDEX late_access_of_offering ON late_access (offering, provider);

-- Vedtakets gang: what happens to a signed decision, which itself never changes.
CREATE TABLE decision_course (
    decision uuid PRIMARY KEY NOT NULL REFERENCES decision (id),
    municipality text COLLATE "C" NOT NULL,
    provider text COLLATE "C" NOT NULL,
    body text NOT NULL CHECK (body IS NULL OR body::json IS NOT NULL),
    revision bigint NOT NULL CHECK (revision > 0)
);

-- Klage.
CREATE TABLE appeal (
    id uuid PRIMARY KEY NOT NULL,
    decision uuid NOT NULL REFERENCES decision (id),
    municipality text COLLATE "C" NOT NULL,
    provider text COLLATE "C" NOT NULL,
    state text COLLATE "C" NOT NULL,
    body text NOT NULL CHECK (body IS NULL OR body::json IS NOT NULL),
    revision bigint NOT NULL CHECK (revision > 0)
);
CREATE INDEX appeal_of_decision ON appeal (decision, id);
CREATE INDEX appeal_of_municipality ON appeal (municipality, id);

-- Oppfølging: reviews, inspections, surveys, and the deviations that they find.
CREATE TABLE follow_up (
    id uuid PRIMARY KEY NOT NULL,
    approval uuid NOT NULL REFERENCES approval (id),
    municipality text COLLATE "C" NOT NULL,
    provider text COLLATE "C" NOT NULL,
    state text COLLATE "C" NOT NULL,
    body text NOT NULL CHECK (body IS NULL OR body::json IS NOT NULL),
    revision bigint NOT NULL CHECK (revision > 0)
);
CREATE INDEX follow_up_of_approval ON follow_up (approval, id);
CREATE INDEX follow_up_of_municipality ON follow_up (municipality, id);
