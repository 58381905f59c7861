-- What a municipality says of its own offer today, beside the version in force.
ALTER TABLE offering ADD COLUMN own_listing TEXT;
