-- Columns carry what is searched for and what constraints need; the rest of each thing is a JSON document.

-- The ends of the journal, in one row. Every write transaction updates it.
CREATE TABLE journal_head (
    one_row INTEGER NOT NULL PRIMARY KEY CHECK (one_row = 1),
    position INTEGER NOT NULL CHECK (position >= 0),
    public_position INTEGER NOT NULL CHECK (public_position >= 0),
    -- The hash of the last row.
    hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;

INSERT INTO journal_head (one_row, position, public_position, hash) VALUES (1, 0, 0, zeroblob(32));

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
    -- SHA-256 of this row and of the hash of the row before it.
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    CHECK ((public IS NULL) = (public_position IS NULL))
) STRICT;
CREATE INDEX journal_of_subject ON journal (subject_type, subject_id, position);
CREATE INDEX journal_of_actor ON journal (actor, position);
CREATE INDEX journal_of_organisation ON journal (organisation, position);
CREATE INDEX journal_of_kind ON journal (kind, position);
CREATE INDEX journal_of_time ON journal (at, position);

-- Append only. Connections set recursive_triggers, else REPLACE would delete past these triggers.
CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal
BEGIN
    SELECT RAISE(ABORT, 'the journal is append-only');
END;
CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal
BEGIN
    SELECT RAISE(ABORT, 'the journal is append-only');
END;

-- Who of another organisation has read a private file, and by what right. Not part of the journal:
-- nothing was changed, writers do not wait for it, and it may be kept for a shorter time.
CREATE TABLE access_log (
    number INTEGER NOT NULL PRIMARY KEY,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    actor_name TEXT NOT NULL,
    role TEXT NOT NULL,
    organisation TEXT NOT NULL,
    basis TEXT NOT NULL,
    request_id TEXT NOT NULL,
    subject_type TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    municipality TEXT,
    provider TEXT,
    -- The application and the approval whose file it is a part of.
    application BLOB CHECK (application IS NULL OR length(application) = 16),
    approval BLOB CHECK (approval IS NULL OR length(approval) = 16)
) STRICT;
CREATE INDEX access_of_application ON access_log (application, number) WHERE application IS NOT NULL;
CREATE INDEX access_of_approval ON access_log (approval, number) WHERE approval IS NOT NULL;

CREATE TRIGGER access_log_no_update BEFORE UPDATE ON access_log
BEGIN
    SELECT RAISE(ABORT, 'the log of accesses is never changed');
END;

-- The id of this registry. The evidence store holds the same one, so that a database and a store that do not
-- belong together are found out. It is written when the two first meet.
CREATE TABLE registry_identity (
    one_row INTEGER PRIMARY KEY NOT NULL CHECK (one_row = 1),
    id BLOB NOT NULL CHECK (length(id) = 16)
) STRICT;

-- The last number given out, per municipality, year and kind of number.
CREATE TABLE serial (
    municipality TEXT NOT NULL,
    year INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('application', 'decision')),
    last INTEGER NOT NULL CHECK (last > 0),
    PRIMARY KEY (municipality, year, kind)
) STRICT;

-- Kommune: what a municipality has set for itself.
CREATE TABLE municipality (
    number TEXT PRIMARY KEY NOT NULL,
    settings TEXT NOT NULL CHECK (json_valid(settings)),
    revision INTEGER NOT NULL CHECK (revision > 0)
) STRICT;

-- Leverandør.
CREATE TABLE provider (
    organisation_number TEXT PRIMARY KEY NOT NULL,
    profile TEXT NOT NULL CHECK (json_valid(profile)),
    confirmed_at INTEGER NOT NULL,
    -- Where notices are sent, once confirmed.
    addresses TEXT NOT NULL CHECK (json_valid(addresses)),
    revision INTEGER NOT NULL CHECK (revision > 0)
) STRICT;

-- Tilbud. One per municipality and service.
CREATE TABLE offering (
    id BLOB PRIMARY KEY NOT NULL,
    municipality TEXT NOT NULL,
    service TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('draft', 'published', 'closed-to-new', 'ended')),
    version INTEGER CHECK (version > 0),
    -- The next version in the making.
    draft TEXT NOT NULL CHECK (json_valid(draft)),
    -- When and why it closes or ends, from the day that it is announced.
    closure TEXT CHECK (closure IS NULL OR json_valid(closure)),
    -- What a municipality says of its own offer today, beside the version in force.
    own_listing TEXT CHECK (own_listing IS NULL OR json_valid(own_listing)),
    -- Prices as they stand since they were announced under the version in force; a new version takes them over.
    announced_compensation TEXT CHECK (announced_compensation IS NULL OR json_valid(announced_compensation)),
    revision INTEGER NOT NULL CHECK (revision > 0),
    CHECK ((state = 'draft') = (version IS NULL)),
    CONSTRAINT offering_closure_known CHECK (state NOT IN ('closed-to-new', 'ended') OR closure IS NOT NULL)
) STRICT;
-- One that has ended is history, and may have a successor.
CREATE UNIQUE INDEX offering_active ON offering (municipality, service) WHERE state <> 'ended';

-- A published version never changes.
CREATE TABLE offering_version (
    offering BLOB NOT NULL REFERENCES offering (id),
    number INTEGER NOT NULL CHECK (number > 0),
    content TEXT NOT NULL CHECK (json_valid(content)),
    published_at INTEGER NOT NULL,
    PRIMARY KEY (offering, number)
) STRICT;

-- Forsinket adgang: who may apply after the cut-off of a round, why, and until when.
CREATE TABLE late_access (
    id BLOB PRIMARY KEY NOT NULL,
    offering BLOB NOT NULL REFERENCES offering (id),
    municipality TEXT NOT NULL,
    provider TEXT NOT NULL,
    body TEXT NOT NULL CHECK (json_valid(body)),
    revision INTEGER NOT NULL CHECK (revision > 0)
) STRICT;
CREATE INDEX late_access_of_offering ON late_access (offering, provider);

-- Søknad. The case file is there from the receipt on, the decision once it is decided.
CREATE TABLE application (
    id BLOB PRIMARY KEY NOT NULL,
    offering BLOB NOT NULL REFERENCES offering (id),
    municipality TEXT NOT NULL,
    service TEXT NOT NULL,
    provider TEXT NOT NULL REFERENCES provider (organisation_number),
    state TEXT NOT NULL CHECK (state IN (
        'draft', 'submitted', 'under-assessment', 'awaiting-completion', 'ready', 'approved',
        'refused', 'dismissed', 'withdrawn'
    )),
    dossier TEXT NOT NULL CHECK (json_valid(dossier)),
    case_file TEXT CHECK (case_file IS NULL OR json_valid(case_file)),
    version INTEGER,
    decision BLOB,
    revision INTEGER NOT NULL CHECK (revision > 0),
    FOREIGN KEY (offering, version) REFERENCES offering_version (offering, number),
    CHECK ((case_file IS NULL) = (version IS NULL)),
    CHECK (state <> 'draft' OR case_file IS NULL),
    CHECK (state IN ('draft', 'withdrawn') OR case_file IS NOT NULL),
    CHECK ((state IN ('approved', 'refused', 'dismissed')) = (decision IS NOT NULL))
) STRICT;
-- One open application per provider and offering.
CREATE UNIQUE INDEX application_open ON application (offering, provider)
    WHERE state IN ('draft', 'submitted', 'under-assessment', 'awaiting-completion', 'ready');
CREATE INDEX application_of_municipality ON application (municipality, id);
CREATE INDEX application_of_provider ON application (provider, id);

-- Vedtak. Signed once, never changed.
CREATE TABLE decision (
    id BLOB PRIMARY KEY NOT NULL,
    municipality TEXT NOT NULL,
    provider TEXT NOT NULL REFERENCES provider (organisation_number),
    application BLOB NOT NULL REFERENCES application (id),
    number TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN (
        'approve', 'refuse', 'dismiss', 'revoke', 'reverse', 'defer', 'appeal', 'costs'
    )),
    signed_at INTEGER NOT NULL,
    body TEXT NOT NULL CHECK (json_valid(body)),
    UNIQUE (municipality, number)
) STRICT;

-- Vedtakets gang: what happens to a decision after it is signed.
CREATE TABLE decision_history (
    decision BLOB PRIMARY KEY NOT NULL REFERENCES decision (id),
    municipality TEXT NOT NULL,
    provider TEXT NOT NULL,
    body TEXT NOT NULL CHECK (json_valid(body)),
    revision INTEGER NOT NULL CHECK (revision > 0)
) STRICT;

-- Klage.
CREATE TABLE appeal (
    id BLOB PRIMARY KEY NOT NULL,
    decision BLOB NOT NULL REFERENCES decision (id),
    municipality TEXT NOT NULL,
    provider TEXT NOT NULL,
    state TEXT NOT NULL,
    body TEXT NOT NULL CHECK (json_valid(body)),
    revision INTEGER NOT NULL CHECK (revision > 0)
) STRICT;
CREATE INDEX appeal_of_decision ON appeal (decision, id);
CREATE INDEX appeal_of_municipality ON appeal (municipality, id);
CREATE INDEX appeal_of_provider ON appeal (provider, id);

-- Godkjenning. Its status is derived from the dates in `lifecycle`.
CREATE TABLE approval (
    id BLOB PRIMARY KEY NOT NULL,
    application BLOB NOT NULL UNIQUE REFERENCES application (id),
    offering BLOB NOT NULL,
    version INTEGER NOT NULL,
    municipality TEXT NOT NULL,
    service TEXT NOT NULL,
    provider TEXT NOT NULL REFERENCES provider (organisation_number),
    zones TEXT NOT NULL CHECK (json_valid(zones)),
    decision BLOB NOT NULL REFERENCES decision (id),
    granted_at INTEGER NOT NULL,
    lifecycle TEXT NOT NULL CHECK (json_valid(lifecycle)),
    stand_still_until TEXT,
    -- The stand-still begins with the notice of the decision.
    awaits_notice INTEGER NOT NULL CHECK (awaits_notice IN (0, 1)),
    reviewed_on TEXT,
    -- Who may handle what comes after it.
    impartiality TEXT NOT NULL CHECK (json_valid(impartiality)),
    -- To revoke it without a prior notice.
    proposal TEXT CHECK (proposal IS NULL OR json_valid(proposal)),
    -- What the provider says of itself in the register.
    listing TEXT CHECK (listing IS NULL OR json_valid(listing)),
    revision INTEGER NOT NULL CHECK (revision > 0),
    FOREIGN KEY (offering, version) REFERENCES offering_version (offering, number)
) STRICT;
CREATE INDEX approval_of_provider ON approval (provider, id);
CREATE INDEX approval_of_offering ON approval (offering, id);

-- Oppfølging: reviews, inspections, surveys, and the deviations that they find.
CREATE TABLE follow_up (
    id BLOB PRIMARY KEY NOT NULL,
    approval BLOB NOT NULL REFERENCES approval (id),
    municipality TEXT NOT NULL,
    provider TEXT NOT NULL,
    state TEXT NOT NULL,
    body TEXT NOT NULL CHECK (json_valid(body)),
    revision INTEGER NOT NULL CHECK (revision > 0)
) STRICT;
CREATE INDEX follow_up_of_approval ON follow_up (approval, id);
CREATE INDEX follow_up_of_municipality ON follow_up (municipality, id);
CREATE INDEX follow_up_of_provider ON follow_up (provider, id);

-- Forhåndsvarsel.
CREATE TABLE prior_notice (
    id BLOB PRIMARY KEY NOT NULL,
    approval BLOB NOT NULL REFERENCES approval (id),
    municipality TEXT NOT NULL,
    provider TEXT NOT NULL REFERENCES provider (organisation_number),
    grounds TEXT NOT NULL CHECK (json_valid(grounds)),
    sent_at INTEGER NOT NULL,
    sent_by TEXT NOT NULL CHECK (json_valid(sent_by)),
    reply_by TEXT NOT NULL,
    replies TEXT NOT NULL CHECK (json_valid(replies)),
    notification TEXT NOT NULL CHECK (json_valid(notification)),
    -- Why nothing comes of it.
    closure TEXT CHECK (closure IS NULL OR json_valid(closure)),
    state TEXT NOT NULL CHECK (state IN ('sent', 'answered', 'closed')),
    -- The follow-up that it builds on.
    follow_up BLOB REFERENCES follow_up (id),
    revision INTEGER NOT NULL CHECK (revision > 0)
) STRICT;
CREATE INDEX prior_notice_of_approval ON prior_notice (approval, id);
CREATE INDEX prior_notice_of_municipality ON prior_notice (municipality, id);
CREATE INDEX prior_notice_of_provider ON prior_notice (provider, id);

-- Saksliste: each application, decision, appeal, prior notice and follow-up in short. Derived from the
-- things themselves whenever they change.
CREATE TABLE case_summary (
    id BLOB PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL CHECK (
        kind IN ('application', 'decision', 'appeal', 'prior-notice', 'follow-up')
    ),
    application BLOB NOT NULL REFERENCES application (id),
    approval BLOB REFERENCES approval (id),
    municipality TEXT NOT NULL,
    service TEXT NOT NULL,
    provider TEXT NOT NULL,
    state TEXT NOT NULL,
    is_open INTEGER NOT NULL CHECK (is_open IN (0, 1)),
    -- Only the provider sees it.
    is_draft INTEGER NOT NULL CHECK (is_draft IN (0, 1)),
    -- A notice waits for its first reader.
    is_unread INTEGER NOT NULL CHECK (is_unread IN (0, 1)),
    -- When time alone makes a decision final.
    final_from INTEGER,
    notices TEXT NOT NULL CHECK (json_valid(notices)),
    changed_at INTEGER NOT NULL
) STRICT;
CREATE INDEX case_of_provider ON case_summary (provider, changed_at, id);
CREATE INDEX case_of_municipality ON case_summary (municipality, changed_at, id);
CREATE INDEX open_case_of_provider ON case_summary (provider, changed_at, id) WHERE is_open;
CREATE INDEX open_case_of_municipality ON case_summary (municipality, changed_at, id) WHERE is_open;

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
    -- An item that could not be done waits longer after each attempt, on every instance and over restarts.
    attempts INTEGER NOT NULL DEFAULT 0,
    not_before INTEGER,
    error TEXT,
    PRIMARY KEY (subject_type, subject_id, task, due_at)
) STRICT;
CREATE INDEX agenda_open ON agenda (owner, due_at) WHERE done_at IS NULL;
CREATE INDEX agenda_of_provider ON agenda (provider, owner, due_at) WHERE done_at IS NULL;
CREATE INDEX agenda_of_municipality ON agenda (municipality, owner, due_at) WHERE done_at IS NULL;
CREATE INDEX agenda_set_aside ON agenda (due_at) WHERE attempts > 0 AND done_at IS NULL;

-- Varsler: the outbox. Each follows from one event of a case, in the transaction of its command.
CREATE TABLE notice (
    -- That of the event's journal row.
    id BLOB PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL,
    is_second INTEGER NOT NULL CHECK (is_second IN (0, 1)),
    subject_type TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    municipality TEXT,
    provider TEXT NOT NULL,
    -- Another appellant that it goes to instead.
    appellant TEXT,
    created_at INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'read', 'failed', 'by-hand')),
    body TEXT NOT NULL CHECK (json_valid(body)),
    attempts INTEGER NOT NULL,
    next_attempt_at INTEGER,
    obstacle TEXT,
    read_at INTEGER,
    -- An instance is sending it. After that time it is taken for lost, and sent again.
    claimed_until INTEGER,
    revision INTEGER NOT NULL CHECK (revision > 0)
) STRICT;
CREATE INDEX notice_of_municipality ON notice (municipality, id);
CREATE INDEX notice_of_provider ON notice (provider, id);
CREATE INDEX notice_of_subject ON notice (subject_type, subject_id);
CREATE INDEX notice_to_send ON notice (next_attempt_at) WHERE next_attempt_at IS NOT NULL;

-- Brev: each as it was made available to its party. Its bytes never change; the journal row has their digests.
CREATE TABLE letter (
    -- That of the event's journal row, and of the notice about it.
    id BLOB PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL,
    subject_type TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    -- The revision of the subject after the event.
    revision INTEGER NOT NULL CHECK (revision > 0),
    municipality TEXT NOT NULL,
    provider TEXT NOT NULL,
    -- Another appellant that it goes to instead.
    appellant TEXT,
    language TEXT NOT NULL CHECK (language IN ('nb', 'nn')),
    available_at INTEGER NOT NULL,
    html TEXT NOT NULL,
    html_digest TEXT NOT NULL CHECK (length(html_digest) = 64),
    plain TEXT NOT NULL,
    plain_digest TEXT NOT NULL CHECK (length(plain_digest) = 64)
) STRICT;
CREATE INDEX letter_of_subject ON letter (subject_type, subject_id, kind, revision);
CREATE TRIGGER letter_no_update BEFORE UPDATE ON letter
BEGIN
    SELECT RAISE(ABORT, 'a letter is never changed');
END;

-- Dokumentasjonsfiler: what a provider has given once. The bytes lie in the store, under the same id:
-- a row is written after its bytes are kept, so that a row never lacks them.
CREATE TABLE evidence (
    id BLOB PRIMARY KEY NOT NULL,
    provider TEXT NOT NULL REFERENCES provider (organisation_number),
    state TEXT NOT NULL CHECK (state IN ('not-scanned', 'quarantined', 'clean', 'rejected')),
    body TEXT NOT NULL CHECK (json_valid(body)),
    bytes INTEGER NOT NULL DEFAULT 0 CHECK (bytes >= 0),
    uploaded_at INTEGER NOT NULL,
    -- When it is removed, if no case is shown it.
    remove_after INTEGER,
    -- A file that could not be scanned waits longer after each attempt, on every instance and over restarts.
    scan_attempts INTEGER NOT NULL DEFAULT 0,
    scan_not_before INTEGER,
    scan_error TEXT,
    revision INTEGER NOT NULL CHECK (revision > 0)
) STRICT;
CREATE INDEX evidence_of_provider ON evidence (provider, id);
CREATE INDEX evidence_to_scan ON evidence (id) WHERE state IN ('not-scanned', 'quarantined');
CREATE INDEX evidence_to_remove ON evidence (remove_after) WHERE remove_after IS NOT NULL;
CREATE INDEX evidence_set_aside ON evidence (id) WHERE scan_attempts > 0;

-- Which cases may see which files; derived from the application whenever it is saved.
CREATE TABLE evidence_consent (
    evidence BLOB NOT NULL REFERENCES evidence (id),
    application BLOB NOT NULL REFERENCES application (id),
    PRIMARY KEY (evidence, application)
) STRICT;
CREATE INDEX evidence_consent_of_application ON evidence_consent (application);

-- Svar: what was answered to a command under an idempotency key, kept for seven days for the one who asked.
CREATE TABLE idempotency_record (
    organisation TEXT NOT NULL,
    role TEXT NOT NULL,
    subject TEXT NOT NULL,
    method TEXT NOT NULL,
    path TEXT NOT NULL,
    key TEXT NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
    request_digest TEXT NOT NULL CHECK (length(request_digest) = 64),
    answered_at INTEGER NOT NULL,
    status INTEGER NOT NULL CHECK (status BETWEEN 200 AND 299),
    location TEXT,
    etag TEXT,
    media_type TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (organisation, role, subject, method, path, key)
) STRICT;
CREATE INDEX idempotency_record_age ON idempotency_record (answered_at);
