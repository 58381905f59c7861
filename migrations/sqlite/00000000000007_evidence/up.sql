-- Dokumentasjonsfiler: what a provider has given once. The bytes lie in the store, under the same id:
-- a row is written after its bytes are kept, so that a row never lacks them.
CREATE TABLE evidence (
    id BLOB PRIMARY KEY NOT NULL,
    provider TEXT NOT NULL REFERENCES provider (organisation_number),
    state TEXT NOT NULL CHECK (state IN ('not-scanned', 'quarantined', 'clean', 'rejected')),
    body TEXT NOT NULL CHECK (body IS NULL OR json_valid(body)),
    uploaded_at INTEGER NOT NULL,
    revision INTEGER NOT NULL CHECK (revision > 0)
) STRICT;
CREATE INDEX evidence_of_provider ON evidence (provider, id);
CREATE INDEX evidence_to_scan ON evidence (id) WHERE state IN ('not-scanned', 'quarantined');

-- Which cases may see which files; derived from the application whenever it is kept.
CREATE TABLE evidence_shown (
    evidence BLOB NOT NULL REFERENCES evidence (id),
    application BLOB NOT NULL REFERENCES application (id),
    PRIMARY KEY (evidence, application)
) STRICT;
CREATE INDEX evidence_shown_to ON evidence_shown (application);
