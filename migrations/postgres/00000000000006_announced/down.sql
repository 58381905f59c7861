ALTER TABLE offering DROP COLUMN announced;
