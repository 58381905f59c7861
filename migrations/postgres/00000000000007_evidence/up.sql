-- Dokumentasjonsfiler: what a provider has given once. The bytes lie in the store, under the same id:
-- a row is written after its bytes are kept, so that a row never lacks them.
CREATE TABLE evidence (
    id uuid PRIMARY KEY NOT NULL,
    provider text COLLATE "C" NOT NULL REFERENCES provider (organisation_number),
    state text COLLATE "C" NOT NULL
        CHECK (state IN ('not-scanned', 'quarantined', 'clean', 'rejected')),
    body text NOT NULL CHECK (body IS NULL OR body::json IS NOT NULL),
    uploaded_at timestamptz NOT NULL,
    revision bigint NOT NULL CHECK (revision > 0)
);
CREATE INDEX evidence_of_provider ON evidence (provider, id);
CREATE INDEX evidence_to_scan ON evidence (id) WHERE state IN ('not-scanned', 'quarantined');

-- Which cases may see which files; derived from the application whenever it is kept.
CREATE TABLE evidence_shown (
    evidence uuid NOT NULL REFERENCES evidence (id),
    application uuid NOT NULL REFERENCES application (id),
    PRIMARY KEY (evidence, application)
);
CREATE INDEX evidence_shown_to ON evidence_shown (application);
