-- The id of this registry. The evidence store holds the same one, so that a database and a store that do not
-- belong together are found out. It is written when the two first meet.
CREATE TABLE registry_identity (
    one_row INTEGER PRIMARY KEY NOT NULL CHECK (one_row = 1),
    id BLOB NOT NULL CHECK (length(id) = 16)
) STRICT;
