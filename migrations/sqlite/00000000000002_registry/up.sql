-- What the registry holds. Columns carry what is searched for and what rules tie together; the
-- rest of each thing is a JSON document in the form that the code calls `document`.

-- The last number given out, per municipality, year and kind of number.
CREATE TABLE serial (
    municipality TEXT NOT NULL,
    year INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('application', 'decision')),
    last INTEGER NOT NULL CHECK (last > 0),
    PRIMARY KEY (municipality, year, kind)
) STRICT;

-- Kommune: what a municipality has said of itself.
CREATE TABLE municipality (
    number TEXT PRIMARY KEY NOT NULL,
    settings TEXT NOT NULL CHECK (settings IS NULL OR json_valid(settings)),
    revision INTEGER NOT NULL CHECK (revision > 0)
) STRICT;

-- Leverandør.
CREATE TABLE provider (
    organisation_number TEXT PRIMARY KEY NOT NULL,
    profile TEXT NOT NULL CHECK (profile IS NULL OR json_valid(profile)),
    confirmed_at INTEGER NOT NULL,
    revision INTEGER NOT NULL CHECK (revision > 0)
) STRICT;

-- Tilbud. One per municipality and service; `draft` is the next version in the making.
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

-- A published version never changes.
CREATE TABLE offering_version (
    offering BLOB NOT NULL REFERENCES offering (id),
    number INTEGER NOT NULL CHECK (number > 0),
    content TEXT NOT NULL CHECK (content IS NULL OR json_valid(content)),
    published_at INTEGER NOT NULL,
    PRIMARY KEY (offering, number)
) STRICT;

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
    dossier TEXT NOT NULL CHECK (dossier IS NULL OR json_valid(dossier)),
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
    outcome TEXT NOT NULL CHECK (outcome IN ('approve', 'refuse', 'dismiss', 'revoke')),
    signed_at INTEGER NOT NULL,
    body TEXT NOT NULL CHECK (body IS NULL OR json_valid(body)),
    UNIQUE (municipality, number)
) STRICT;

-- Godkjenning. Its status is derived from the dates in `standing`.
CREATE TABLE approval (
    id BLOB PRIMARY KEY NOT NULL,
    application BLOB NOT NULL UNIQUE REFERENCES application (id),
    offering BLOB NOT NULL,
    version INTEGER NOT NULL,
    municipality TEXT NOT NULL,
    service TEXT NOT NULL,
    provider TEXT NOT NULL REFERENCES provider (organisation_number),
    zones TEXT NOT NULL CHECK (zones IS NULL OR json_valid(zones)),
    decision BLOB NOT NULL REFERENCES decision (id),
    granted_at INTEGER NOT NULL,
    standing TEXT NOT NULL CHECK (standing IS NULL OR json_valid(standing)),
    revision INTEGER NOT NULL CHECK (revision > 0),
    FOREIGN KEY (offering, version) REFERENCES offering_version (offering, number)
) STRICT;

-- Forhåndsvarsel.
CREATE TABLE prior_notice (
    id BLOB PRIMARY KEY NOT NULL,
    approval BLOB NOT NULL REFERENCES approval (id),
    municipality TEXT NOT NULL,
    provider TEXT NOT NULL REFERENCES provider (organisation_number),
    grounds TEXT NOT NULL CHECK (grounds IS NULL OR json_valid(grounds)),
    sent_at INTEGER NOT NULL,
    sent_by TEXT NOT NULL CHECK (sent_by IS NULL OR json_valid(sent_by)),
    reply_by TEXT NOT NULL,
    reply TEXT CHECK (reply IS NULL OR json_valid(reply)),
    revision INTEGER NOT NULL CHECK (revision > 0)
) STRICT;
CREATE INDEX prior_notice_of_approval ON prior_notice (approval, id);
