-- What everyone saw last of a thing is no longer looked up when something else changes.
DROP INDEX journal_public_of;
