-- What a municipality says of its own offer today, beside the version in force.
ALTER TABLE offering ADD COLUMN own_listing TEXT CHECK (own_listing IS NULL OR json_valid(own_listing));
