DROP INDEX evidence_set_aside;
ALTER TABLE evidence DROP COLUMN scan_error;
ALTER TABLE evidence DROP COLUMN scan_not_before;
ALTER TABLE evidence DROP COLUMN scan_attempts;
