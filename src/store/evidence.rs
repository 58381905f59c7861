//! Rows of files of evidence, and the cases with access to them. The vault holds the bytes.

pub(crate) mod scans;

use std::collections::{BTreeMap, BTreeSet};

use diesel::{
    dsl::{auto_type, sql},
    prelude::*,
    sql_types::BigInt,
};

use super::{
    Failure, Session, Store, StoreError,
    connection::{DbConnection, repository, save_row},
    expect_one_row,
    locks::{InCase, Lock, read_locked},
    parse_json,
    schema::{application, evidence, evidence_consent},
    sql::{Id16, Json, Ts},
    to_json,
};
use crate::domain::{
    application::Application,
    evidence::ProviderFile,
    values::{
        ids::{ApplicationId, FileId, Revision},
        numbers::{MunicipalityNumber, OrganisationNumber},
        time::Instant,
    },
};

#[derive(Debug, Queryable, Selectable, Insertable, Identifiable, AsChangeset)]
#[diesel(table_name = evidence, treat_none_as_null = true)]
pub(crate) struct EvidenceRow {
    id: Id16,
    provider: String,
    state: String,
    body: Json,
    uploaded_at: Ts,
    revision: i64,
    bytes: i64,
    remove_after: Option<Ts>,
}

/// The state of a file with deleted bytes.
const REJECTED: &str = "rejected";
/// Number of files that get a removal time in one transaction.
const TOGETHER: i64 = 500;

/// Files unused by any case and without a removal time.
#[auto_type(no_type_alias)]
fn unused_evidence() -> _ {
    let rejected: &'static str = REJECTED;
    let consent = evidence_consent::table.select(evidence_consent::evidence);
    evidence::table
        .filter(evidence::remove_after.is_null())
        .filter(evidence::state.ne(rejected))
        .filter(evidence::id.ne_all(consent))
        .select(evidence::id)
}

repository! {
    /// Files of providers.
    impl DbConnection {
        fn evidence_of(
            c, provider: &str, after: Option<Id16>, limit: i64
        ) -> QueryResult<Vec<EvidenceRow>> {
            let mut query = evidence::table
                .filter(evidence::provider.eq(provider.to_owned()))
                .order(evidence::id)
                .limit(limit)
                .select(EvidenceRow::as_select())
                .into_boxed();
            if let Some(after) = after {
                query = query.filter(evidence::id.gt(after));
            }
            query.load(c)
        }
        fn evidence_latest(c, provider: &str, limit: i64) -> QueryResult<Vec<EvidenceRow>> {
            evidence::table
                .filter(evidence::provider.eq(provider))
                .order(evidence::id.desc())
                .limit(limit)
                .select(EvidenceRow::as_select())
                .load(c)
        }
        /// The ids that have a row, with the state in it.
        fn evidence_states(c, ids: &[Id16]) -> QueryResult<Vec<(Id16, String)>> {
            evidence::table
                .filter(evidence::id.eq_any(ids))
                .select((evidence::id, evidence::state))
                .load(c)
        }
        /// How many files must have bytes.
        fn evidence_count(c) -> QueryResult<i64> {
            evidence::table.filter(evidence::state.ne(REJECTED)).count().get_result(c)
        }
        /// The cases that a municipality handles and in which it may see a file.
        fn evidence_cases(c, id: Id16, municipality: &str) -> QueryResult<Vec<Id16>> {
            evidence_consent::table
                .inner_join(application::table.on(application::id.eq(evidence_consent::application)))
                .filter(evidence_consent::evidence.eq(id))
                .filter(application::municipality.eq(municipality))
                .filter(application::case_file.is_not_null())
                .order(application::id)
                .select(application::id)
                .load(c)
        }
        fn cases_shown(c, id: Id16) -> QueryResult<Vec<Id16>> {
            evidence_consent::table
                .filter(evidence_consent::evidence.eq(id))
                .order(evidence_consent::application)
                .select(evidence_consent::application)
                .load(c)
        }
        /// The sum of a provider's files, in bytes.
        fn provider_bytes(c, provider: &str) -> QueryResult<i64> {
            evidence::table
                .filter(evidence::provider.eq(provider.to_owned()))
                .filter(evidence::state.ne(REJECTED))
                .select(sql::<BigInt>("CAST(COALESCE(SUM(bytes), 0) AS BIGINT)"))
                .first(c)
        }
        /// Sets a removal time for unused files without one.
        fn set_removal(c, files: &[Id16], after: Ts) -> QueryResult<usize> {
            diesel::update(evidence::table)
                .filter(evidence::id.eq_any(files))
                .filter(evidence::id.ne_all(evidence_consent::table.select(evidence_consent::evidence)))
                .set(evidence::remove_after.eq(after))
                .execute(c)
        }
        /// Takes the instant of removal from a file.
        fn keep_used(c, id: Id16) -> QueryResult<usize> {
            diesel::update(evidence::table.find(id))
                .set(evidence::remove_after.eq(None::<Ts>))
                .execute(c)
        }
        fn evidence_to_remove(c, now: Ts, after: Id16, limit: i64) -> QueryResult<Vec<Id16>> {
            evidence::table
                .filter(evidence::remove_after.le(now))
                .filter(evidence::id.gt(after))
                .order(evidence::id)
                .limit(limit)
                .select(evidence::id)
                .load(c)
        }
        fn delete_evidence(c, id: Id16) -> QueryResult<usize> {
            diesel::delete(evidence::table.find(id)).execute(c)
        }
        fn save_evidence_row(c, row: &EvidenceRow, from: Option<Revision>) -> QueryResult<usize> {
            save_row!(c, evidence, row, from)
        }
        /// Shows an application no files but these.
        fn hide_evidence(c, application: Id16, but: &[Id16]) -> QueryResult<usize> {
            diesel::delete(evidence_consent::table)
                .filter(evidence_consent::application.eq(application))
                .filter(evidence_consent::evidence.ne_all(but))
                .execute(c)
        }
        /// Attaches a file to a case, unless it is attached already.
        fn show_evidence(c, evidence: Id16, application: Id16) -> QueryResult<usize> {
            diesel::insert_into(evidence_consent::table)
                .values((
                    evidence_consent::evidence.eq(evidence),
                    evidence_consent::application.eq(application),
                ))
                .on_conflict_do_nothing()
                .execute(c)
        }
    }
}

impl DbConnection<'_> {
    /// The row of that key, with a lock.
    pub(super) fn evidence_row(
        &mut self,
        id: Id16,
        lock: Lock,
    ) -> QueryResult<Option<EvidenceRow>> {
        read_locked!(self, evidence::table.find(id).select(EvidenceRow::as_select()), lock)
    }

    /// Unused files without a removal time, except those locked by another.
    fn lock_unused_evidence(&mut self, limit: i64) -> QueryResult<Vec<Id16>> {
        let unused = unused_evidence().limit(limit);
        match self {
            Self::Sqlite(c) => unused.load(*c),
            Self::Postgres(c) => unused.for_no_key_update().skip_locked().load(*c),
        }
    }
}

impl Session<'_> {
    /// The file of that id.
    pub fn evidence_file(&mut self, id: FileId) -> Result<Option<ProviderFile>, StoreError> {
        self.rows.evidence_row(Id16(id.uuid()), self.update())?.map(read_row).transpose()
    }

    /// A provider's files, the oldest first.
    pub fn evidence_files(
        &mut self,
        provider: &OrganisationNumber,
        after: Option<FileId>,
        limit: i64,
    ) -> Result<Vec<ProviderFile>, StoreError> {
        let after = after.map(|id| Id16(id.uuid()));
        let rows = self.rows.evidence_of(provider.as_str(), after, limit)?;
        rows.into_iter().map(read_row).collect()
    }

    /// A provider's files, the youngest first.
    pub fn latest_evidence_files(
        &mut self,
        provider: &OrganisationNumber,
        limit: i64,
    ) -> Result<Vec<ProviderFile>, StoreError> {
        let rows = self.rows.evidence_latest(provider.as_str(), limit)?;
        rows.into_iter().map(read_row).collect()
    }

    /// The ids that have a row, and whether that row needs its bytes: a rejected file does not.
    pub fn evidence_rows(&mut self, ids: &[FileId]) -> Result<BTreeMap<FileId, bool>, StoreError> {
        let ids: Vec<_> = ids.iter().map(|id| Id16(id.uuid())).collect();
        let rows = self.rows.evidence_states(&ids)?.into_iter();
        Ok(rows.map(|(id, state)| (FileId::new(id.0), state != REJECTED)).collect())
    }

    /// How many files of evidence must have bytes.
    pub fn evidence_count(&mut self) -> Result<i64, StoreError> {
        Ok(self.rows.evidence_count()?)
    }

    /// The cases that a municipality handles and in which it may see a file.
    pub fn evidence_cases(
        &mut self,
        id: FileId,
        to: &MunicipalityNumber,
    ) -> Result<Vec<ApplicationId>, StoreError> {
        let cases = self.rows.evidence_cases(Id16(id.uuid()), to.as_str())?;
        Ok(cases.into_iter().map(|id| ApplicationId::new(id.0)).collect())
    }

    /// The cases that use a file.
    pub fn cases_shown(&mut self, id: FileId) -> Result<Vec<ApplicationId>, StoreError> {
        let cases = self.rows.cases_shown(Id16(id.uuid()))?;
        Ok(cases.into_iter().map(|id| ApplicationId::new(id.0)).collect())
    }

    /// Locks the cases that use a file, before a change of both: cases are locked before files.
    pub fn lock_cases_shown(&mut self, id: FileId) -> Result<(), StoreError> {
        self.lock_case(InCase::Evidence(Id16(id.uuid())))
    }

    /// The total size of a provider's files, in bytes. No file is added before the end of a write transaction.
    pub fn provider_bytes(&mut self, provider: &OrganisationNumber) -> Result<i64, StoreError> {
        if self.update() == Lock::Update {
            self.rows.provider_row(provider.as_str(), Lock::Update)?;
        }
        Ok(self.rows.provider_bytes(provider.as_str())?)
    }

    /// Files whose removal time has come, in id order.
    pub fn evidence_to_remove(
        &mut self,
        now: Instant,
        after: FileId,
        limit: i64,
    ) -> Result<Vec<FileId>, StoreError> {
        let rows = self.rows.evidence_to_remove(Ts::from(now), Id16(after.uuid()), limit)?;
        Ok(rows.into_iter().map(|id| FileId::new(id.0)).collect())
    }

    /// Deletes the row of an unused file.
    pub fn delete_evidence(&mut self, id: FileId) -> Result<(), Failure> {
        expect_one_row(self.rows.delete_evidence(Id16(id.uuid())))
    }

    /// Saves a file with former revision `from`.
    pub fn save_evidence_file(
        &mut self,
        file: &ProviderFile,
        from: Option<Revision>,
    ) -> Result<(), Failure> {
        let row = EvidenceRow {
            id: Id16(file.id.uuid()),
            provider: file.provider.to_string(),
            state: file.state.as_str().to_owned(),
            body: to_json(file)?,
            uploaded_at: Ts::from(file.uploaded_at),
            revision: file.revision.0,
            bytes: file.content.bytes,
            remove_after: file.remove_after.map(Ts::from),
        };
        expect_one_row(self.rows.save_evidence_row(&row, from))
    }

    /// Saves the files that a case may read. Call it whenever the application is saved.
    pub(super) fn save_shown_files(&mut self, application: &Application) -> Result<(), StoreError> {
        let id = Id16(application.id.uuid());
        let consent = application.dossier.evidence.iter().filter_map(|it| it.consent.as_ref());
        let files: BTreeSet<_> = consent.map(|consent| Id16(consent.file.uuid())).collect();
        let files: Vec<_> = files.into_iter().collect();
        // A consent is withdrawn before the submission only.
        if application.state.case().is_none() {
            self.rows.hide_evidence(id, &files)?;
        }
        for file in files {
            // Only new ones are locked, and they were locked when they were read.
            if self.rows.show_evidence(file, id)? > 0 {
                self.rows.keep_used(file)?;
            }
        }
        Ok(())
    }
}

impl Store {
    /// Sets a removal time for unused files without one.
    pub fn set_evidence_removal(&self, after: Instant) -> Result<usize, StoreError> {
        let mut given = 0;
        loop {
            // A locked row is read again: a case may have attached it meanwhile.
            let (locked, set) = self.pool.write(|rows| {
                let files = rows.lock_unused_evidence(TOGETHER)?;
                Ok::<_, StoreError>((files.len(), rows.set_removal(&files, Ts::from(after))?))
            })?;
            given += set;
            if locked == 0 || set == 0 {
                return Ok(given);
            }
        }
    }
}

fn read_row(row: EvidenceRow) -> Result<ProviderFile, StoreError> {
    let file: ProviderFile = parse_json(&row.body, "evidence", row.id.0)?;
    // Set and cleared without reading the file.
    let remove_after = row.remove_after.map(|at| at.0);
    Ok(ProviderFile { remove_after, revision: Revision(row.revision), ..file })
}
