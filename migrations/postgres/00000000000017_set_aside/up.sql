-- An item that could not be done waits longer after each attempt, on every instance and over restarts.
ALTER TABLE agenda ADD COLUMN attempts bigint NOT NULL DEFAULT 0;
ALTER TABLE agenda ADD COLUMN not_before timestamptz;
ALTER TABLE agenda ADD COLUMN error text COLLATE "C";
CREATE INDEX agenda_set_aside ON agenda (due_at) WHERE attempts > 0 AND done_at IS NULL;
