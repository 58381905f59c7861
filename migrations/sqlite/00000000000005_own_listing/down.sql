ALTER TABLE offering DROP COLUMN own_listing;
