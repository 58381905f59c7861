DROP TRIGGER journal_no_update ON journal;
DROP TRIGGER journal_append_only ON journal;
CREATE TRIGGER journal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal
    FOR EACH STATEMENT EXECUTE FUNCTION journal_append_only();
ALTER TABLE journal DROP CONSTRAINT journal_is_chained;
ALTER TABLE journal DROP COLUMN hash;
ALTER TABLE journal_head DROP COLUMN hash;
