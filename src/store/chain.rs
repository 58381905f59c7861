//! Hash chain: each row of the journal carries a hash of itself and of the previous row.
//!
//! The hash is SHA-256 over netstrings (`<length>:<bytes>,`), so that no two rows have the same encoding: first
//! the hash of the previous row in hexadecimal digits (64 zeros before the first row), then the columns in
//! table order. A number is written in decimal digits, an id with hyphens in lower case, a time in microseconds
//! since 1970, a text as its UTF-8 bytes; a missing value is `-,`. JSON is text in both databases, so its bytes
//! are the written ones.

use std::borrow::Cow;

use aws_lc_rs::digest::{Context, SHA256};

use super::journal_rows::{Head, JournalRow};

/// The hash before the first row.
pub const GENESIS: [u8; 32] = [0; 32];

impl Head {
    /// Puts a row behind the last one: gives it its positions and its hash.
    pub(super) fn chain(&mut self, row: &mut JournalRow) {
        self.position += 1;
        row.position = self.position;
        if row.public.is_some() {
            self.public_position += 1;
            row.public_position = Some(self.public_position);
        }
        row.hash = link(&self.hash, row);
        self.hash.clone_from(&row.hash);
    }
}

/// The hash of a row that follows one with the hash `previous`.
#[must_use]
pub fn link(previous: &[u8], row: &JournalRow) -> Vec<u8> {
    let mut sum = Context::new(&SHA256);
    let mut put = |value: Option<&str>| match value {
        None => sum.update(b"-,"),
        Some(value) => {
            sum.update(format!("{}:", value.len()).as_bytes());
            sum.update(value.as_bytes());
            sum.update(b",");
        }
    };
    put(Some(&hex::encode(previous)));
    for column in columns(row) {
        put(column.as_deref());
    }
    sum.finish().as_ref().to_vec()
}

/// The columns that are hashed, as texts.
fn columns(row: &JournalRow) -> Vec<Option<Cow<'_, str>>> {
    // A new column must be added to the hash here.
    let JournalRow {
        position,
        public_position,
        id,
        at,
        actor,
        actor_name,
        role,
        organisation,
        request_id,
        kind,
        subject_type,
        subject_id,
        municipality,
        provider,
        revision,
        detail,
        public,
        hash: _,
    } = row;
    let mut columns = vec![
        Some(position.to_string().into()),
        public_position.map(|it| it.to_string().into()),
        Some(id.0.hyphenated().to_string().into()),
        Some(at.0.timestamp_micros().to_string().into()),
    ];
    columns.extend([actor, actor_name, role].map(|it| Some(it.into())));
    columns.push(organisation.as_ref().map(Cow::from));
    columns.extend([request_id, kind, subject_type, subject_id].map(|it| Some(it.into())));
    columns.extend([municipality, provider].map(|it| it.as_ref().map(Cow::from)));
    columns.extend([Some(revision.to_string().into()), Some((&detail.0).into())]);
    columns.push(public.as_ref().map(|json| (&json.0).into()));
    columns
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::store::sql::{Id16, Json, Ts};

    fn row(position: i64) -> JournalRow {
        let id = 0x0197_0000_0000_7000_8000_0000_0000_0000;
        let id = Id16(Uuid::from_u128(id + u128::try_from(position).unwrap()));
        let at = chrono::DateTime::from_timestamp_micros(1_790_000_000_123_456).unwrap();
        JournalRow {
            position,
            public_position: Some(1),
            id,
            at: Ts(at),
            actor: "kari".to_owned(),
            actor_name: "Kari Nordmann".to_owned(),
            role: "editor".to_owned(),
            organisation: Some("820852982".to_owned()),
            request_id: "r-1".to_owned(),
            kind: "offering.published".to_owned(),
            subject_type: "offerings".to_owned(),
            subject_id: "0197".to_owned(),
            municipality: Some("4204".to_owned()),
            provider: None,
            revision: 3,
            detail: Json(r#"{"a": "Ærlig"}"#.to_owned()),
            public: Some(Json(r#"{"b":1.0}"#.to_owned())),
            hash: vec![],
        }
    }

    #[test]
    fn the_hash_is_the_one_that_another_program_computes() {
        let first = link(&GENESIS, &row(1));
        let by_python = "0c904629c62f38472fe42ffa4a74aedbc59e82b4d5027d9cfbe5ad969a76f498";
        assert_eq!(hex::encode(&first), by_python);
        let without =
            JournalRow { public_position: None, public: None, organisation: None, ..row(2) };
        let by_python = "cd8266540619f45f4ac0848d87e16b04cae784f81218c04fe5e05ad1a67264a4";
        assert_eq!(hex::encode(link(&first, &without)), by_python);
    }

    #[test]
    fn what_moves_from_one_column_to_the_next_gives_another_hash() {
        let moved = JournalRow { municipality: None, provider: Some("4204".to_owned()), ..row(1) };
        assert_ne!(link(&GENESIS, &moved), link(&GENESIS, &row(1)));
        let split = JournalRow {
            actor: "kar".to_owned(),
            actor_name: "iKari Nordmann".to_owned(),
            ..row(1)
        };
        assert_ne!(link(&GENESIS, &split), link(&GENESIS, &row(1)));
        let empty = JournalRow { provider: Some(String::new()), ..row(1) };
        assert_ne!(link(&GENESIS, &empty), link(&GENESIS, &row(1)));
    }
}
