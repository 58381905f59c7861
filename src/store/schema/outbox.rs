//! The tables of the outbox and of the letters.

diesel::table! {
    use diesel::sql_types::{BigInt, Bool, Nullable, Text};
    use crate::store::sql::{Micros, UuidBytes};

    notice (id) {
        id -> UuidBytes,
        kind -> Text,
        is_second -> Bool,
        subject_type -> Text,
        subject_id -> Text,
        municipality -> Nullable<Text>,
        provider -> Text,
        appellant -> Nullable<Text>,
        created_at -> Micros,
        state -> Text,
        body -> Text,
        attempts -> BigInt,
        next_attempt_at -> Nullable<Micros>,
        obstacle -> Nullable<Text>,
        read_at -> Nullable<Micros>,
        claimed_until -> Nullable<Micros>,
        revision -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Nullable, Text};
    use crate::store::sql::{Micros, UuidBytes};

    /// Letters as they were made available. Append only.
    letter (id) {
        id -> UuidBytes,
        kind -> Text,
        subject_type -> Text,
        subject_id -> Text,
        revision -> BigInt,
        municipality -> Text,
        provider -> Text,
        appellant -> Nullable<Text>,
        language -> Text,
        available_at -> Micros,
        html -> Text,
        html_digest -> Text,
        plain -> Text,
        plain_digest -> Text,
    }
}
