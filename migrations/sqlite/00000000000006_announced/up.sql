-- Prices as they stand since they were announced under the version in force; a new version takes them over.
ALTER TABLE offering ADD COLUMN announced TEXT CHECK (announced IS NULL OR json_valid(announced));
