//! Kept letters. A row is inserted in the transaction of the command that makes its message available, and never changed.

use aws_lc_rs::digest::{SHA256, digest};
use diesel::prelude::*;

use super::{
    Session, StoreError,
    connection::repository,
    corrupt,
    schema::letter,
    sql::{Id16, Ts},
};
use crate::domain::{
    event::{Event, Subject},
    municipality::LanguageForm,
    notice::{KeptLetter, Notice, NoticeKind, WrittenLetter},
    values::{
        ids::{NoticeId, Revision},
        numbers::{MunicipalityNumber, OrganisationNumber},
        text::Line,
        time::Instant,
    },
};

#[derive(Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = letter)]
pub(crate) struct LetterRow {
    id: Id16,
    kind: String,
    subject_type: String,
    subject_id: String,
    revision: i64,
    municipality: String,
    provider: String,
    appellant: Option<String>,
    language: String,
    available_at: Ts,
    html: String,
    html_digest: String,
    plain: String,
    plain_digest: String,
}

repository! {
    /// Letters.
    impl DbConnection {
        fn letter_row(c, id: Id16) -> QueryResult<Option<LetterRow>> {
            letter::table.find(id).select(LetterRow::as_select()).first(c).optional()
        }
        /// The letters of one kind about a subject, in the order in which they were made available.
        fn letter_rows(c, of: (&str, &str), of_kind: &str) -> QueryResult<Vec<LetterRow>> {
            letter::table
                .filter(letter::subject_type.eq(of.0).and(letter::subject_id.eq(of.1)))
                .filter(letter::kind.eq(of_kind).and(letter::appellant.is_null()))
                .order((letter::revision, letter::id))
                .select(LetterRow::as_select())
                .load(c)
        }
        fn insert_letters(c, rows: &[LetterRow]) -> QueryResult<usize> {
            diesel::insert_into(letter::table).values(rows).execute(c)
        }
    }
}

impl Session<'_> {
    /// Keeps a letter with the event that makes it available, at the end of the transaction.
    pub fn keep_letter(&mut self, letter: WrittenLetter) {
        if let Some(state) = &mut self.write_state {
            state.letters.push(letter);
        }
    }

    /// The letters of one kind about a subject, in the order in which they were made available.
    pub fn letters(
        &mut self,
        subject: &Subject,
        kind: NoticeKind,
    ) -> Result<Vec<KeptLetter>, StoreError> {
        let of = (subject.collection(), &*subject.key());
        self.rows.letter_rows(of, kind.as_str())?.into_iter().map(read_row).collect()
    }

    /// The letter that a notice is about. That of a second notice is the last one before it.
    pub fn letter_of(&mut self, notice: &Notice) -> Result<Option<KeptLetter>, StoreError> {
        if let Some(row) = self.rows.letter_row(Id16(notice.id.uuid()))? {
            return read_row(row).map(Some);
        }
        let letters = self.letters(&notice.subject, notice.kind)?;
        Ok(letters.into_iter().rfind(|it| it.available_at <= notice.created_at))
    }

    /// Inserts the letters of events, and adds their digests to the details of the events.
    pub(super) fn insert_letters<'e>(
        &mut self,
        events: impl Iterator<Item = (uuid::Uuid, &'e mut Event)>,
        now: Instant,
    ) -> Result<(), StoreError> {
        let Some(state) = &mut self.write_state else { return Ok(()) };
        let mut rows = vec![];
        for (id, event) in events {
            let Some(kind) = NoticeKind::of_message(event) else { continue };
            let appellant = event.informed_appellant();
            let of = |it: &WrittenLetter| {
                it.kind == kind && it.subject == event.subject && it.appellant == appellant
            };
            let Some(index) = state.letters.iter().position(of) else { continue };
            let letter = state.letters.swap_remove(index);
            if let Some(row) = to_row(id, letter, event, now) {
                event.detail.push(("letterHtmlDigest", row.html_digest.clone()));
                event.detail.push(("letterTextDigest", row.plain_digest.clone()));
                rows.push(row);
            }
        }
        if !rows.is_empty() {
            self.rows.insert_letters(&rows)?;
        }
        Ok(())
    }
}

fn to_row(id: uuid::Uuid, letter: WrittenLetter, event: &Event, now: Instant) -> Option<LetterRow> {
    Some(LetterRow {
        id: Id16(id),
        kind: letter.kind.as_str().to_owned(),
        subject_type: event.subject.collection().to_owned(),
        subject_id: event.subject.key(),
        revision: event.revision.0,
        municipality: event.municipality.as_ref()?.to_string(),
        provider: event.provider.as_ref()?.to_string(),
        appellant: letter.appellant.as_ref().map(ToString::to_string),
        language: letter.language.as_str().to_owned(),
        available_at: Ts::from(now),
        html_digest: hex::encode(digest(&SHA256, letter.html.as_bytes())),
        plain_digest: hex::encode(digest(&SHA256, letter.text.as_bytes())),
        html: letter.html,
        plain: letter.text,
    })
}

fn read_row(row: LetterRow) -> Result<KeptLetter, StoreError> {
    let id = row.id.0;
    let bad = || corrupt("letter", id);
    let appellant = row.appellant.as_deref().map(Line::parse).transpose();
    Ok(KeptLetter {
        id: NoticeId::new(id),
        letter: WrittenLetter {
            kind: NoticeKind::from_name(&row.kind).ok_or_else(bad)?,
            subject: Subject::parse(&row.subject_type, &row.subject_id).ok_or_else(bad)?,
            appellant: appellant.map_err(|_| bad())?,
            language: LanguageForm::from_name(&row.language).ok_or_else(bad)?,
            html: row.html,
            text: row.plain,
        },
        municipality: MunicipalityNumber::parse(&row.municipality).map_err(|_| bad())?,
        provider: OrganisationNumber::parse(&row.provider).map_err(|_| bad())?,
        revision: Revision(row.revision),
        available_at: row.available_at.0,
        html_digest: row.html_digest,
        text_digest: row.plain_digest,
    })
}
