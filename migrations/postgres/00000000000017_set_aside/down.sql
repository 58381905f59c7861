DROP INDEX agenda_set_aside;
ALTER TABLE agenda DROP COLUMN error;
ALTER TABLE agenda DROP COLUMN not_before;
ALTER TABLE agenda DROP COLUMN attempts;
