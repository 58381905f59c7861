-- Each row carries the hash of itself and of the row before it, and the head that of the last row: a
-- row that is altered, taken out or put in shows. Rows from before are given theirs at the first
-- start; until that is done their hash is empty, and so is the head's.
ALTER TABLE journal_head ADD COLUMN hash bytea NOT NULL DEFAULT '' CHECK (length(hash) IN (0, 32));
UPDATE journal_head SET hash = decode(repeat('00', 32), 'hex') WHERE position = 0;

ALTER TABLE journal ADD COLUMN hash bytea NOT NULL DEFAULT '';

-- A program of before this migration, which knows no hashes, can no longer write.
ALTER TABLE journal ADD CONSTRAINT journal_is_chained CHECK (length(hash) = 32) NOT VALID;

-- A row is given its hash once, and then nothing of it changes.
DROP TRIGGER journal_append_only ON journal;
CREATE TRIGGER journal_append_only BEFORE DELETE OR TRUNCATE ON journal
    FOR EACH STATEMENT EXECUTE FUNCTION journal_append_only();
CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal
    FOR EACH ROW WHEN (length(OLD.hash) = 32 OR length(NEW.hash) = 0)
    EXECUTE FUNCTION journal_append_only();
