-- Who of another organisation has read a private file, and by what right. Not a part of the journal:
-- nothing was changed, writers of acts do not wait for it, and it may be kept for a shorter time.
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

-- What an auditor asks the journal for.
CREATE INDEX journal_of_subject ON journal (subject_type, subject_id, position);
CREATE INDEX journal_of_actor ON journal (actor, position);
CREATE INDEX journal_of_organisation ON journal (organisation, position);
CREATE INDEX journal_of_kind ON journal (kind, position);
CREATE INDEX journal_of_time ON journal (at, position);
