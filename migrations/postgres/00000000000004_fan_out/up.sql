-- A change of a provider or an offering is told for each of its approvals: which they are, and
-- what everyone saw of them last.
CREATE INDEX approval_of_provider ON approval (provider, id);
CREATE INDEX approval_of_offering ON approval (offering, id);
CREATE INDEX journal_public_of ON journal (subject_type, subject_id, public_position)
    WHERE public_position IS NOT NULL;
