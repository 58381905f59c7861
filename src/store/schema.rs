//! The tables as diesel sees them; `migrations/` holds the SQL for each database.

use super::sql::{Micros, UuidBytes};

diesel::table! {
    /// One row with the position of the last journal entry.
    journal_head (one_row) {
        one_row -> Integer,
        position -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{Micros, UuidBytes};

    /// Everything that happened, in order: audit log and change feed. Append only.
    journal (position) {
        position -> BigInt,
        id -> UuidBytes,
        at -> Micros,
        actor -> Text,
        actor_name -> Text,
        role -> Text,
        organisation -> Nullable<Text>,
        request_id -> Text,
        kind -> Text,
        subject_type -> Text,
        subject_id -> Text,
        municipality -> Nullable<Text>,
        provider -> Nullable<Text>,
        revision -> BigInt,
        detail -> Text,
        public -> Nullable<Text>,
    }
}
