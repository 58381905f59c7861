-- Each row carries the hash of itself and of the row before it, and the head that of the last row: a
-- row that is altered, taken out or put in shows. Rows from before are given theirs at the first
-- start; until that is done their hash is empty, and so is the head's.
ALTER TABLE journal_head ADD COLUMN hash BLOB NOT NULL DEFAULT x'' CHECK (length(hash) IN (0, 32));
UPDATE journal_head SET hash = zeroblob(32) WHERE position = 0;

ALTER TABLE journal ADD COLUMN hash BLOB NOT NULL DEFAULT x'' CHECK (length(hash) IN (0, 32));

-- A row is given its hash once, and then nothing of it changes.
DROP TRIGGER journal_no_update;
CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal
WHEN length(OLD.hash) = 32 OR length(NEW.hash) = 0
BEGIN
    SELECT RAISE(ABORT, 'the journal is append-only');
END;

-- A program of before this migration, which knows no hashes, can no longer write.
CREATE TRIGGER journal_is_chained BEFORE INSERT ON journal
WHEN length(NEW.hash) <> 32
BEGIN
    SELECT RAISE(ABORT, 'a row of the journal needs its hash');
END;
