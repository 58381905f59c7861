DROP INDEX evidence_to_remove;
ALTER TABLE evidence DROP COLUMN remove_after;
ALTER TABLE evidence DROP COLUMN bytes;
