//! The tables as diesel sees them; `migrations/` holds the SQL for each database.

mod outbox;

pub(crate) use outbox::{letter, notice};

diesel::table! {
    /// One row with the position of the last journal entry.
    journal_head (one_row) {
        one_row -> Integer,
        position -> BigInt,
        public_position -> BigInt,
        hash -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Nullable, Text};
    use crate::store::sql::{Micros, UuidBytes};

    /// Everything that happened, in order: audit log and change feed. Append only.
    journal (position) {
        position -> BigInt,
        public_position -> Nullable<BigInt>,
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
        hash -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Nullable, Text};
    use crate::store::sql::{Micros, UuidBytes};

    /// Reads of private files by another organisation.
    access_log (number) {
        number -> BigInt,
        at -> Micros,
        actor -> Text,
        actor_name -> Text,
        role -> Text,
        organisation -> Text,
        basis -> Text,
        request_id -> Text,
        subject_type -> Text,
        subject_id -> Text,
        municipality -> Nullable<Text>,
        provider -> Nullable<Text>,
        application -> Nullable<UuidBytes>,
        approval -> Nullable<UuidBytes>,
    }
}

diesel::table! {
    /// The last assigned number per municipality, year and kind.
    serial (municipality, year, kind) {
        municipality -> Text,
        year -> Integer,
        kind -> Text,
        last -> Integer,
    }
}

diesel::table! {
    municipality (number) {
        number -> Text,
        settings -> Text,
        revision -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Text};
    use crate::store::sql::Micros;

    provider (organisation_number) {
        organisation_number -> Text,
        profile -> Text,
        confirmed_at -> Micros,
        addresses -> Text,
        revision -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Integer, Nullable, Text};
    use crate::store::sql::UuidBytes;

    offering (id) {
        id -> UuidBytes,
        municipality -> Text,
        service -> Text,
        state -> Text,
        version -> Nullable<Integer>,
        draft -> Text,
        revision -> BigInt,
        closure -> Nullable<Text>,
        own_listing -> Nullable<Text>,
        announced_compensation -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::{Integer, Text};
    use crate::store::sql::{Micros, UuidBytes};

    offering_version (offering, number) {
        offering -> UuidBytes,
        number -> Integer,
        content -> Text,
        published_at -> Micros,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Integer, Nullable, Text};
    use crate::store::sql::UuidBytes;

    application (id) {
        id -> UuidBytes,
        offering -> UuidBytes,
        municipality -> Text,
        service -> Text,
        provider -> Text,
        state -> Text,
        dossier -> Text,
        case_file -> Nullable<Text>,
        version -> Nullable<Integer>,
        decision -> Nullable<UuidBytes>,
        revision -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{Text};
    use crate::store::sql::{Micros, UuidBytes};

    decision (id) {
        id -> UuidBytes,
        municipality -> Text,
        provider -> Text,
        application -> UuidBytes,
        number -> Text,
        outcome -> Text,
        signed_at -> Micros,
        body -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Bool, Date, Integer, Nullable, Text};
    use crate::store::sql::{Micros, UuidBytes};

    approval (id) {
        id -> UuidBytes,
        application -> UuidBytes,
        offering -> UuidBytes,
        version -> Integer,
        municipality -> Text,
        service -> Text,
        provider -> Text,
        zones -> Text,
        decision -> UuidBytes,
        granted_at -> Micros,
        lifecycle -> Text,
        stand_still_until -> Nullable<Date>,
        awaits_notice -> Bool,
        reviewed_on -> Nullable<Date>,
        impartiality -> Text,
        proposal -> Nullable<Text>,
        listing -> Nullable<Text>,
        revision -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Date, Nullable, Text};
    use crate::store::sql::{Micros, UuidBytes};

    prior_notice (id) {
        id -> UuidBytes,
        approval -> UuidBytes,
        municipality -> Text,
        provider -> Text,
        grounds -> Text,
        sent_at -> Micros,
        sent_by -> Text,
        reply_by -> Date,
        replies -> Text,
        notification -> Text,
        closure -> Nullable<Text>,
        state -> Text,
        follow_up -> Nullable<UuidBytes>,
        revision -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{Bool, Nullable, Text};
    use crate::store::sql::{Micros, UuidBytes};

    /// Cases of all kinds in short, derived from the aggregates.
    case_summary (id) {
        id -> UuidBytes,
        kind -> Text,
        application -> UuidBytes,
        approval -> Nullable<UuidBytes>,
        municipality -> Text,
        service -> Text,
        provider -> Text,
        state -> Text,
        is_open -> Bool,
        is_draft -> Bool,
        is_unread -> Bool,
        final_from -> Nullable<Micros>,
        notices -> Text,
        changed_at -> Micros,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Nullable, Text};
    use crate::store::sql::Micros;

    /// Due items, derived from the aggregates.
    agenda (subject_type, subject_id, task, due_at) {
        subject_type -> Text,
        subject_id -> Text,
        task -> Text,
        due_at -> Micros,
        owner -> Text,
        municipality -> Nullable<Text>,
        provider -> Nullable<Text>,
        done_at -> Nullable<Micros>,
        attempts -> BigInt,
        not_before -> Nullable<Micros>,
        error -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Text};
    use crate::store::sql::UuidBytes;

    late_access (id) {
        id -> UuidBytes,
        offering -> UuidBytes,
        municipality -> Text,
        provider -> Text,
        body -> Text,
        revision -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Text};
    use crate::store::sql::UuidBytes;

    decision_history (decision) {
        decision -> UuidBytes,
        municipality -> Text,
        provider -> Text,
        body -> Text,
        revision -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Text};
    use crate::store::sql::UuidBytes;

    appeal (id) {
        id -> UuidBytes,
        decision -> UuidBytes,
        municipality -> Text,
        provider -> Text,
        state -> Text,
        body -> Text,
        revision -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Text};
    use crate::store::sql::UuidBytes;

    follow_up (id) {
        id -> UuidBytes,
        approval -> UuidBytes,
        municipality -> Text,
        provider -> Text,
        state -> Text,
        body -> Text,
        revision -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{Integer, Nullable, Text};
    use crate::store::sql::Micros;

    idempotency_record (organisation, role, subject, method, path, key) {
        organisation -> Text,
        role -> Text,
        subject -> Text,
        method -> Text,
        path -> Text,
        key -> Text,
        request_digest -> Text,
        answered_at -> Micros,
        status -> Integer,
        location -> Nullable<Text>,
        etag -> Nullable<Text>,
        media_type -> Text,
        body -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::Integer;
    use crate::store::sql::UuidBytes;

    /// The id of this registry, in one row.
    registry_identity (one_row) {
        one_row -> Integer,
        id -> UuidBytes,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Nullable, Text};
    use crate::store::sql::{Micros, UuidBytes};

    evidence (id) {
        id -> UuidBytes,
        provider -> Text,
        state -> Text,
        body -> Text,
        uploaded_at -> Micros,
        revision -> BigInt,
        bytes -> BigInt,
        remove_after -> Nullable<Micros>,
        scan_attempts -> BigInt,
        scan_not_before -> Nullable<Micros>,
        scan_error -> Nullable<Text>,
    }
}

diesel::table! {
    use crate::store::sql::UuidBytes;

    /// Which cases may see which files.
    evidence_consent (evidence, application) {
        evidence -> UuidBytes,
        application -> UuidBytes,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    offering,
    application,
    approval,
    decision,
    appeal,
    prior_notice,
    follow_up,
    case_summary,
    evidence,
    evidence_consent,
);
