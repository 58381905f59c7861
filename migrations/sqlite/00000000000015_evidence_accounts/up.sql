-- What a provider's files come to, and when one that no case is shown is removed.
ALTER TABLE evidence ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0 CHECK (bytes >= 0);
ALTER TABLE evidence ADD COLUMN remove_after INTEGER;
UPDATE evidence SET bytes = json_extract(body, '$.content.bytes');
CREATE INDEX evidence_to_remove ON evidence (remove_after) WHERE remove_after IS NOT NULL;
