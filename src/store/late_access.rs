//! Forsinket adgang i lageret, og om et tilbud har plass til en søknad.

use diesel::prelude::*;

use super::{
    Failure, Session, StoreError,
    connection::repository,
    expect_one_row, parse_json,
    schema::late_access,
    sql::{Id16, Json},
    to_json,
};
use crate::domain::{
    application::Application,
    late_access::LateAccess,
    offering::{
        Offering,
        content::OfferingContent,
        intake::{Admission, Places},
    },
    values::{ids::Revision, time::Instant},
};

#[derive(Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = late_access)]
pub(crate) struct LateAccessRow {
    id: Id16,
    offering: Id16,
    municipality: String,
    provider: String,
    body: Json,
    revision: i64,
}

repository! {
    /// Grants of late access.
    impl DbConnection {
        fn insert_late_access(c, row: &LateAccessRow) -> QueryResult<usize> {
            diesel::insert_into(late_access::table).values(row).execute(c)
        }
        fn late_access_of(c, offering: Id16, provider: &str) -> QueryResult<Vec<LateAccessRow>> {
            late_access::table
                .filter(late_access::offering.eq(offering))
                .filter(late_access::provider.eq(provider))
                .order(late_access::id)
                .select(LateAccessRow::as_select())
                .load(c)
        }
    }
}

impl Session<'_> {
    /// Saves a new grant.
    pub fn save_late_access(&mut self, grant: &LateAccess) -> Result<(), Failure> {
        let row = LateAccessRow {
            id: Id16(grant.id.uuid()),
            offering: Id16(grant.offering.uuid()),
            municipality: grant.municipality.to_string(),
            provider: grant.provider.to_string(),
            body: to_json(grant)?,
            revision: grant.revision.0,
        };
        expect_one_row(self.rows.insert_late_access(&row))
    }

    /// Free place and round for a provider's submission now.
    pub fn admission(
        &mut self,
        offering: &Offering,
        content: &OfferingContent,
        application: &Application,
        now: Instant,
    ) -> Result<Admission, Failure> {
        let provider = &application.provider;
        let approvals = self.active_approvals(offering.id, now)?;
        for approval in &approvals {
            approval.leaves_room_for(application)?;
        }
        let approved = approvals.into_iter().map(|approval| approval.provider).collect();
        let rows = self.rows.late_access_of(Id16(offering.id.uuid()), provider.as_str());
        let rows = rows.map_err(StoreError::from)?;
        let grants = rows.into_iter().map(read_row).collect::<Result<Vec<_>, _>>()?;
        Ok(content.admit(provider, approved, &grants, now)?)
    }

    /// The places for an applicant who is assessed by one version of an offering. If the version in force has
    /// more places, it applies.
    pub fn places(
        &mut self,
        offering: &Offering,
        content: &OfferingContent,
        now: Instant,
    ) -> Result<Places, StoreError> {
        if content.process().max_providers.is_none() {
            return Ok(Places::default());
        }
        let approvals = self.active_approvals(offering.id, now)?;
        let taken = approvals.into_iter().map(|approval| approval.provider).collect();
        let places = Places::new(content, taken);
        match offering.lifecycle.version() {
            None => Ok(places),
            Some(version) => Ok(places.or(&self.content(offering.id, version)?)),
        }
    }
}

/// The grant in a row.
pub(super) fn read_row(row: LateAccessRow) -> Result<LateAccess, StoreError> {
    let grant: LateAccess = parse_json(&row.body, "late_access", row.id.0)?;
    Ok(LateAccess { revision: Revision(row.revision), ..grant })
}
