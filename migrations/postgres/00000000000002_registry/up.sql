-- What the registry holds. Columns carry what is searched for and what rules tie together; the
-- rest of each thing is a JSON document in the form that the code calls `document`.

-- The last number given out, per municipality, year and kind of number.
CREATE TABLE serial (
    municipality text COLLATE "C" NOT NULL,
    year integer NOT NULL,
    kind text COLLATE "C" NOT NULL CHECK (kind IN ('application', 'decision')),
    last integer NOT NULL CHECK (last > 0),
    PRIMARY KEY (municipality, year, kind)
);

-- Kommune: what a municipality has said of itself.
CREATE TABLE municipality (
    number text COLLATE "C" PRIMARY KEY NOT NULL,
    settings text NOT NULL CHECK (settings IS NULL OR settings::json IS NOT NULL),
    revision bigint NOT NULL CHECK (revision > 0)
);

-- Leverandør.
CREATE TABLE provider (
    organisation_number text COLLATE "C" PRIMARY KEY NOT NULL,
    profile text NOT NULL CHECK (profile IS NULL OR profile::json IS NOT NULL),
    confirmed_at timestamptz NOT NULL,
    revision bigint NOT NULL CHECK (revision > 0)
);

-- Tilbud. One per municipality and service; `draft` is the next version in the making.
CREATE TABLE offering (
    id uuid PRIMARY KEY NOT NULL,
    municipality text COLLATE "C" NOT NULL,
    service text COLLATE "C" NOT NULL,
    state text COLLATE "C" NOT NULL CHECK (state IN ('draft', 'published')),
    version integer CHECK (version > 0),
    draft text NOT NULL CHECK (draft IS NULL OR draft::json IS NOT NULL),
    revision bigint NOT NULL CHECK (revision > 0),
    CHECK ((state = 'draft') = (version IS NULL)),
    UNIQUE (municipality, service)
);

-- A published version never changes.
CREATE TABLE offering_version (
    offering uuid NOT NULL REFERENCES offering (id),
    number integer NOT NULL CHECK (number > 0),
    content text NOT NULL CHECK (content IS NULL OR content::json IS NOT NULL),
    published_at timestamptz NOT NULL,
    PRIMARY KEY (offering, number)
);

-- Søknad. The case file is there from the receipt on, the decision once it is decided.
CREATE TABLE application (
    id uuid PRIMARY KEY NOT NULL,
    offering uuid NOT NULL REFERENCES offering (id),
    municipality text COLLATE "C" NOT NULL,
    service text COLLATE "C" NOT NULL,
    provider text COLLATE "C" NOT NULL REFERENCES provider (organisation_number),
    state text COLLATE "C" NOT NULL CHECK (state IN (
        'draft', 'submitted', 'under-assessment', 'awaiting-completion', 'ready', 'approved',
        'refused', 'dismissed', 'withdrawn'
    )),
    dossier text NOT NULL CHECK (dossier IS NULL OR dossier::json IS NOT NULL),
    case_file text CHECK (case_file IS NULL OR case_file::json IS NOT NULL),
    version integer,
    decision uuid,
    revision bigint NOT NULL CHECK (revision > 0),
    FOREIGN KEY (offering, version) REFERENCES offering_version (offering, number),
    CHECK ((case_file IS NULL) = (version IS NULL)),
    CHECK (state <> 'draft' OR case_file IS NULL),
    CHECK (state IN ('draft', 'withdrawn') OR case_file IS NOT NULL),
    CHECK ((state IN ('approved', 'refused', 'dismissed')) = (decision IS NOT NULL))
);

-- One open application per provider and offering.
CREATE UNIQUE INDEX application_open ON application (offering, provider)
    WHERE state IN ('draft', 'submitted', 'under-assessment', 'awaiting-completion', 'ready');
CREATE INDEX application_of_municipality ON application (municipality, id);
CREATE INDEX application_of_provider ON application (provider, id);

-- Vedtak. Signed once, never changed.
CREATE TABLE decision (
    id uuid PRIMARY KEY NOT NULL,
    municipality text COLLATE "C" NOT NULL,
    provider text COLLATE "C" NOT NULL REFERENCES provider (organisation_number),
    application uuid NOT NULL REFERENCES application (id),
    number text COLLATE "C" NOT NULL,
    outcome text COLLATE "C" NOT NULL CHECK (outcome IN ('approve', 'refuse', 'dismiss', 'revoke')),
    signed_at timestamptz NOT NULL,
    body text NOT NULL CHECK (body IS NULL OR body::json IS NOT NULL),
    UNIQUE (municipality, number)
);

-- Godkjenning. Its status is derived from the dates in `standing`.
CREATE TABLE approval (
    id uuid PRIMARY KEY NOT NULL,
    application uuid NOT NULL UNIQUE REFERENCES application (id),
    offering uuid NOT NULL,
    version integer NOT NULL,
    municipality text COLLATE "C" NOT NULL,
    service text COLLATE "C" NOT NULL,
    provider text COLLATE "C" NOT NULL REFERENCES provider (organisation_number),
    zones text NOT NULL CHECK (zones IS NULL OR zones::json IS NOT NULL),
    decision uuid NOT NULL REFERENCES decision (id),
    granted_at timestamptz NOT NULL,
    standing text NOT NULL CHECK (standing IS NULL OR standing::json IS NOT NULL),
    revision bigint NOT NULL CHECK (revision > 0),
    FOREIGN KEY (offering, version) REFERENCES offering_version (offering, number)
);

-- Forhåndsvarsel.
CREATE TABLE prior_notice (
    id uuid PRIMARY KEY NOT NULL,
    approval uuid NOT NULL REFERENCES approval (id),
    municipality text COLLATE "C" NOT NULL,
    provider text COLLATE "C" NOT NULL REFERENCES provider (organisation_number),
    grounds text NOT NULL CHECK (grounds IS NULL OR grounds::json IS NOT NULL),
    sent_at timestamptz NOT NULL,
    sent_by text NOT NULL CHECK (sent_by IS NULL OR sent_by::json IS NOT NULL),
    reply_by date NOT NULL,
    reply text CHECK (reply IS NULL OR reply::json IS NOT NULL),
    revision bigint NOT NULL CHECK (revision > 0)
);
CREATE INDEX prior_notice_of_approval ON prior_notice (approval, id);
