-- A file that could not be scanned waits longer after each attempt, on every instance and over restarts.
ALTER TABLE evidence ADD COLUMN scan_attempts INTEGER NOT NULL DEFAULT 0;
ALTER TABLE evidence ADD COLUMN scan_not_before INTEGER;
ALTER TABLE evidence ADD COLUMN scan_error TEXT;
CREATE INDEX evidence_set_aside ON evidence (id) WHERE scan_attempts > 0;
