-- Svar: what was answered to an act under an idempotency key, kept for seven days for the one who asked.
CREATE TABLE answer (
    organisation text COLLATE "C" NOT NULL,
    role text COLLATE "C" NOT NULL,
    subject text COLLATE "C" NOT NULL,
    method text COLLATE "C" NOT NULL,
    path text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
    digest text COLLATE "C" NOT NULL CHECK (length(digest) = 64),
    answered_at timestamptz NOT NULL,
    status integer NOT NULL CHECK (status BETWEEN 200 AND 299),
    location text COLLATE "C",
    etag text COLLATE "C",
    media_type text COLLATE "C" NOT NULL,
    body text COLLATE "C" NOT NULL,
    PRIMARY KEY (organisation, role, subject, method, path, key)
);
CREATE INDEX answer_age ON answer (answered_at);
