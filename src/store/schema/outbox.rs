//! The table of the outbox.

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
