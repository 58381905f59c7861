//! Tilbud og deres versjoner i lageret.

use diesel::prelude::*;

use super::{
    Failure, InForce, Session, StoreError,
    connection::repository,
    corrupt, expect_one_row,
    locks::InCase,
    parse_json,
    schema::{application, offering, offering_version},
    sql::{Id16, Json, Ts},
    to_json,
};
use crate::{
    domain::{
        approval::Approval,
        event::Subject,
        offering::{
            Offering, OfferingClosure, OfferingLifecycle, OfferingState, Version, VersionNumber,
            content::OfferingContent,
        },
        values::{
            ids::{ApplicationId, OfferingId, Revision},
            numbers::MunicipalityNumber,
            text::Code,
            time::Instant,
        },
    },
    json::{offering::draft::DraftContent, public::OfferingRecord},
};

#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = offering, treat_none_as_null = true)]
pub(crate) struct OfferingRow {
    id: Id16,
    municipality: String,
    service: String,
    state: String,
    version: Option<i32>,
    draft: Json,
    revision: i64,
    closure: Option<Json>,
    own_listing: Option<Json>,
}

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = offering_version)]
pub(crate) struct VersionRow {
    offering: Id16,
    number: i32,
    content: Json,
    published_at: Ts,
}

repository! {
    /// Offerings.
    impl DbConnection {
        fn offering_row(c, id: Id16) -> QueryResult<Option<OfferingRow>> {
            offering::table.find(id).select(OfferingRow::as_select()).first(c).optional()
        }
        fn offering_row_of(c, municipality: &str, service: &str) -> QueryResult<Option<OfferingRow>> {
            offering::table
                .filter(offering::municipality.eq(municipality))
                .filter(offering::service.eq(service))
                .order((offering::state.eq(ENDED), offering::id.desc()))
                .select(OfferingRow::as_select())
                .first(c)
                .optional()
        }
        fn insert_offering(c, row: &OfferingRow) -> QueryResult<usize> {
            diesel::insert_into(offering::table).values(row).execute(c)
        }
        fn update_offering(c, row: &OfferingRow, from: i64) -> QueryResult<usize> {
            diesel::update(offering::table.find(row.id))
                .filter(offering::revision.eq(from))
                .set(row)
                .execute(c)
        }
        fn insert_version(c, row: &VersionRow) -> QueryResult<usize> {
            diesel::insert_into(offering_version::table).values(row).execute(c)
        }
        fn version_row(c, offering: Id16, number: i32) -> QueryResult<Option<VersionRow>> {
            offering_version::table
                .find((offering, number))
                .select(VersionRow::as_select())
                .first(c)
                .optional()
        }
        /// Applications submitted, and neither decided nor withdrawn.
        fn open_case_ids_of(c, offering: Id16) -> QueryResult<Vec<Id16>> {
            application::table
                .filter(application::offering.eq(offering))
                .filter(application::case_file.is_not_null())
                .filter(application::decision.is_null())
                .filter(application::state.ne("withdrawn"))
                .order(application::id)
                .select(application::id)
                .load(c)
        }
    }
}

impl Session<'_> {
    /// An offering with its draft.
    pub fn offering(
        &mut self,
        id: OfferingId,
    ) -> Result<Option<(Offering, DraftContent)>, StoreError> {
        let id = Id16(id.uuid());
        if let Some(known) = self.write_state.as_ref().and_then(|it| it.offerings.get(&id)) {
            return Ok(Some(known.clone()));
        }
        self.lock_case(InCase::Offering(id))?;
        let found = self.rows.offering_row(id)?.map(read_row).transpose()?;
        if let (Some(state), Some(found)) = (&mut self.write_state, &found) {
            state.offerings.insert(id, found.clone());
        }
        Ok(found)
    }

    /// The municipality's offering of a service: the living one, else the one that ended last.
    pub fn offering_of(
        &mut self,
        municipality: &MunicipalityNumber,
        service: &Code,
    ) -> Result<Option<(Offering, DraftContent)>, StoreError> {
        let (municipality, service) = (municipality.as_str(), service.as_str());
        // No lock on a row holds where there is none.
        self.lock_name(&format!("offering {municipality} {service}"))?;
        let mut row = self.rows.offering_row_of(municipality, service)?;
        if let Some(found) = &row
            && self.lock_another_case(found.id)?
        {
            row = self.rows.offering_row_of(municipality, service)?;
        }
        row.map(read_row).transpose()
    }

    /// Saves an offering with former revision `from`, its draft and its due items.
    pub fn save_offering(
        &mut self,
        offering: &Offering,
        draft: &DraftContent,
        from: Option<Revision>,
        now: Instant,
    ) -> Result<(), Failure> {
        let version = offering.lifecycle.version();
        let closure = offering.lifecycle.closure();
        let row = OfferingRow {
            id: Id16(offering.id.uuid()),
            municipality: offering.municipality.to_string(),
            service: offering.service.to_string(),
            state: kept_state(offering.state_at(now)).to_owned(),
            version: version.map(|version| version.0),
            draft: to_json(draft)?,
            revision: offering.revision.0,
            closure: closure.as_ref().map(to_json).transpose()?,
            own_listing: (offering.own_listing.as_ref()).map(to_json).transpose()?,
        };
        let changed = match from {
            None => self.rows.insert_offering(&row),
            Some(from) => self.rows.update_offering(&row, from.0),
        };
        expect_one_row(changed)?;
        if let Some(state) = &mut self.write_state {
            state.offerings.remove(&row.id);
        }
        let (subject, place) = (Subject::Offering(offering.id), offering.municipality.as_str());
        Ok(self.save_agenda(&subject, Some(place), None, &offering.agenda(), from)?)
    }

    /// Saves a published version unchanged. It includes announcements since the previous one.
    pub fn save_version(&mut self, version: &Version) -> Result<(), Failure> {
        let row = VersionRow {
            offering: Id16(version.offering.uuid()),
            number: version.number.0,
            content: to_json(&version.content)?,
            published_at: Ts::from(version.published_at),
        };
        expect_one_row(self.rows.insert_version(&row))?;
        expect_one_row(self.rows.set_announced(row.offering, None))
    }

    /// The content of a published version, which must be there.
    pub fn content(
        &mut self,
        offering: OfferingId,
        number: VersionNumber,
    ) -> Result<OfferingContent, StoreError> {
        Ok(self.version(offering, number)?.0)
    }

    /// The content of a published version, which must exist, and the time of its publication.
    pub fn version(
        &mut self,
        offering: OfferingId,
        number: VersionNumber,
    ) -> Result<(OfferingContent, Instant), StoreError> {
        let key = || key(offering, number);
        let read = (Id16(offering.uuid()), number.0);
        if let Some(known) = self.write_state.as_ref().and_then(|it| it.versions.get(&read)) {
            return Ok(known.clone());
        }
        let row = self.rows.version_row(read.0, read.1)?;
        let row = row.ok_or_else(|| corrupt("offering_version", key()))?;
        let content: OfferingContent = parse_json(&row.content, "offering_version", key())?;
        let version = (content, row.published_at.0);
        if let Some(state) = &mut self.write_state {
            state.versions.insert(read, version.clone());
        }
        Ok(version)
    }

    /// The public record of an offering at an instant, if it was ever published.
    pub fn offering_record(
        &mut self,
        offering: &Offering,
        now: Instant,
    ) -> Result<Option<OfferingRecord>, StoreError> {
        let Some(InForce { version, content, announced }) = self.in_force(offering)? else {
            return Ok(None);
        };
        let record = OfferingRecord::of(offering, version, content, now);
        Ok(Some(OfferingRecord { compensation_announced: announced, ..record }))
    }

    /// The active approvals of an offering at an instant: they bind the municipality, with or without a
    /// contract.
    pub fn active_approvals(
        &mut self,
        offering: OfferingId,
        now: Instant,
    ) -> Result<Vec<Approval>, StoreError> {
        let mut all = self.approvals_of(offering)?;
        all.retain(|approval| !approval.lifecycle.status_at(now).is_over());
        Ok(all)
    }

    /// The applications for an offering that were submitted and are open.
    pub fn open_cases(&mut self, offering: OfferingId) -> Result<Vec<ApplicationId>, StoreError> {
        let offering = Id16(offering.uuid());
        self.lock_case(InCase::Offering(offering))?;
        let ids = self.rows.open_case_ids_of(offering)?;
        Ok(ids.into_iter().map(|id| ApplicationId::new(id.0)).collect())
    }
}

const DRAFT: &str = "draft";
const PUBLISHED: &str = "published";
const ENDED: &str = "ended";

/// The stored state. Changes by time follow from the dates; only an ended offering is marked at its next save,
/// so that it makes room for a successor.
const fn kept_state(state: OfferingState) -> &'static str {
    match state {
        OfferingState::Draft => DRAFT,
        OfferingState::Published | OfferingState::ClosedToNew => PUBLISHED,
        OfferingState::Ended => ENDED,
    }
}

fn key(offering: OfferingId, number: VersionNumber) -> String {
    format!("{offering}/{}", number.0)
}

fn read_row(row: OfferingRow) -> Result<(Offering, DraftContent), StoreError> {
    let bad = || corrupt("offering", row.id.0);
    let closure = match &row.closure {
        None => (None, None),
        Some(json) => {
            let closure: OfferingClosure = parse_json(json, "offering", row.id.0)?;
            (closure.to_new, closure.ending)
        }
    };
    let lifecycle = match (row.state.as_str(), row.version.map(VersionNumber), closure) {
        (DRAFT, None, (None, None)) => OfferingLifecycle::Draft,
        (PUBLISHED, Some(version), (None, None)) => OfferingLifecycle::Published(version),
        (PUBLISHED, Some(version), (Some(closing), None)) => {
            OfferingLifecycle::Closing(version, closing)
        }
        (PUBLISHED | ENDED, Some(version), (closing, Some(ending))) => {
            OfferingLifecycle::Ending(version, closing, ending)
        }
        _ => return Err(bad()),
    };
    let own_listing = row.own_listing.as_ref();
    let own_listing = own_listing.map(|json| parse_json(json, "offering", row.id.0)).transpose()?;
    let offering = Offering {
        id: OfferingId::new(row.id.0),
        municipality: MunicipalityNumber::parse(&row.municipality).map_err(|_| bad())?,
        service: Code::parse(&row.service).map_err(|_| bad())?,
        lifecycle,
        own_listing,
        revision: Revision(row.revision),
    };
    Ok((offering, parse_json(&row.draft, "offering", row.id.0)?))
}
