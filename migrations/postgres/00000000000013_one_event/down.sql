CREATE INDEX journal_public_of ON journal (subject_type, subject_id, public_position)
    WHERE public_position IS NOT NULL;
