DROP TRIGGER journal_is_chained;
DROP TRIGGER journal_no_update;
ALTER TABLE journal DROP COLUMN hash;
ALTER TABLE journal_head DROP COLUMN hash;
CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal
BEGIN
    SELECT RAISE(ABORT, 'the journal is append-only');
END;
