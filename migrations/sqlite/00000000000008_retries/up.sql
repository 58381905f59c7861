-- Svar: what was answered to an act under an idempotency key, kept for seven days for the one who asked.
CREATE TABLE answer (
    organisation TEXT NOT NULL,
    role TEXT NOT NULL,
    subject TEXT NOT NULL,
    method TEXT NOT NULL,
    path TEXT NOT NULL,
    key TEXT NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
    digest TEXT NOT NULL CHECK (length(digest) = 64),
    answered_at INTEGER NOT NULL,
    status INTEGER NOT NULL CHECK (status BETWEEN 200 AND 299),
    location TEXT,
    etag TEXT,
    media_type TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (organisation, role, subject, method, path, key)
) STRICT;
CREATE INDEX answer_age ON answer (answered_at);
