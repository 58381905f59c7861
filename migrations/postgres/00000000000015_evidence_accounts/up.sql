-- What a provider's files come to, and when one that no case is shown is removed.
ALTER TABLE evidence ADD COLUMN bytes bigint NOT NULL DEFAULT 0 CHECK (bytes >= 0);
ALTER TABLE evidence ADD COLUMN remove_after timestamptz;
UPDATE evidence SET bytes = (body::json #>> '{content,bytes}')::bigint;
CREATE INDEX evidence_to_remove ON evidence (remove_after) WHERE remove_after IS NOT NULL;
