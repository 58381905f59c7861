//! Godkjenninger i lageret.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::{
    Failure, Session, StoreError,
    connection::{repository, save_row},
    corrupt, expect_one_row,
    json_column::optional_json,
    locks::{InCase, Lock},
    parse_json,
    schema::approval,
    sql::{Id16, Json, Ts},
    to_json,
};
use crate::{
    domain::{
        approval::{Approval, StandStill},
        event::Subject,
        offering::VersionNumber,
        values::{
            ids::{ApplicationId, ApprovalId, DecisionId, OfferingId, Revision},
            numbers::{MunicipalityNumber, OrganisationNumber},
            text::Code,
            time::Instant,
        },
    },
    json::public::{ApprovalOffering, ApprovalRecord, ApprovalView, ProviderRecord},
};

#[derive(Debug, Queryable, Selectable, Insertable, Identifiable, AsChangeset)]
#[diesel(table_name = approval, treat_none_as_null = true)]
pub(crate) struct ApprovalRow {
    id: Id16,
    application: Id16,
    offering: Id16,
    version: i32,
    municipality: String,
    service: String,
    provider: String,
    zones: Json,
    decision: Id16,
    granted_at: Ts,
    lifecycle: Json,
    stand_still_until: Option<NaiveDate>,
    awaits_notice: bool,
    reviewed_on: Option<NaiveDate>,
    impartiality: Json,
    proposal: Option<Json>,
    listing: Option<Json>,
    revision: i64,
}

repository! {
    /// Approvals.
    impl DbConnection {
        fn approval_row(c, id: Id16) -> QueryResult<Option<ApprovalRow>> {
            approval::table.find(id).select(ApprovalRow::as_select()).first(c).optional()
        }
        fn approval_row_from(c, application: Id16) -> QueryResult<Option<ApprovalRow>> {
            approval::table
                .filter(approval::application.eq(application))
                .select(ApprovalRow::as_select())
                .first(c)
                .optional()
        }
        fn approval_rows_of_offering(c, offering: Id16) -> QueryResult<Vec<ApprovalRow>> {
            approval::table
                .filter(approval::offering.eq(offering))
                .order(approval::id)
                .select(ApprovalRow::as_select())
                .load(c)
        }
        fn save_approval_row(c, row: &ApprovalRow, from: Option<Revision>) -> QueryResult<usize> {
            save_row!(c, approval, row, from)
        }
    }
}

impl Session<'_> {
    /// The approval of that id.
    pub fn approval(&mut self, id: ApprovalId) -> Result<Option<Approval>, StoreError> {
        let id = Id16(id.uuid());
        self.lock_case(InCase::Approval(id))?;
        let mut row = self.rows.approval_row(id)?;
        if let Some(found) = &row
            && self.lock_another_case(found.offering)?
        {
            row = self.rows.approval_row(id)?;
        }
        row.map(|row| read_approval(&row)).transpose()
    }

    /// The approval that an application led to.
    pub fn approval_from(
        &mut self,
        application: ApplicationId,
    ) -> Result<Option<Approval>, StoreError> {
        let application = Id16(application.uuid());
        self.lock_case(InCase::Application(application))?;
        let row = self.rows.approval_row_from(application)?;
        row.map(|row| read_approval(&row)).transpose()
    }

    /// Every approval of an offering, whatever it is worth.
    pub fn approvals_of(&mut self, offering: OfferingId) -> Result<Vec<Approval>, StoreError> {
        let offering = Id16(offering.uuid());
        self.lock_case(InCase::Offering(offering))?;
        let rows = self.rows.approval_rows_of_offering(offering)?;
        rows.iter().map(read_approval).collect()
    }

    /// Saves an approval with former revision `from`.
    pub fn save_approval(
        &mut self,
        approval: &Approval,
        from: Option<Revision>,
    ) -> Result<(), Failure> {
        let zones: Vec<_> = approval.zones.iter().map(ToString::to_string).collect();
        let row = ApprovalRow {
            id: Id16(approval.id.uuid()),
            application: Id16(approval.application.uuid()),
            offering: Id16(approval.offering.uuid()),
            version: approval.version.0,
            municipality: approval.municipality.to_string(),
            service: approval.service.to_string(),
            provider: approval.provider.to_string(),
            zones: to_json(&zones)?,
            decision: Id16(approval.decision.uuid()),
            granted_at: Ts::from(approval.granted_at),
            lifecycle: to_json(&approval.lifecycle)?,
            stand_still_until: approval.stand_still.and_then(StandStill::last_day),
            awaits_notice: approval.stand_still == Some(StandStill::AwaitsNotice),
            reviewed_on: approval.reviewed_on,
            impartiality: to_json(&approval.impartiality)?,
            proposal: optional_json(approval.proposal.as_ref())?,
            listing: optional_json(approval.listing.as_ref())?,
            revision: approval.revision.0,
        };
        expect_one_row(self.rows.save_approval_row(&row, from))?;
        let subject = Subject::Approval(approval.id);
        let (of, provider) = (Some(row.municipality.as_str()), Some(row.provider.as_str()));
        Ok(self.save_agenda(&subject, of, provider, &approval.agenda(), from)?)
    }

    /// An approval as its parties see it, with the present provider and offering.
    pub fn approval_view(
        &mut self,
        approval: &Approval,
        now: Instant,
    ) -> Result<ApprovalView, StoreError> {
        let id = approval.offering;
        // Displayed only.
        let profile = self.provider_with(&approval.provider, Lock::None)?;
        let (offering, _) = self.offering(id)?.ok_or_else(|| corrupt("offering", id))?;
        let offering = self.offering_record(&offering, now)?;
        Ok(ApprovalView {
            record: ApprovalRecord::of(approval, now),
            profile: profile.map(|provider| ProviderRecord::of(&provider).into()),
            offering: offering.map(|record| ApprovalOffering::of(&record, now)),
        })
    }
}

pub(super) fn read_approval(row: &ApprovalRow) -> Result<Approval, StoreError> {
    let bad = || corrupt("approval", row.id.0);
    let zones: Vec<String> = parse_json(&row.zones, "approval", row.id.0)?;
    let lifecycle = parse_json(&row.lifecycle, "approval", row.id.0)?;
    let proposal = row.proposal.as_ref();
    let proposal = proposal.map(|json| parse_json(json, "approval", row.id.0)).transpose()?;
    let listing = row.listing.as_ref();
    let listing = listing.map(|json| parse_json(json, "approval", row.id.0)).transpose()?;
    Ok(Approval {
        id: ApprovalId::new(row.id.0),
        application: ApplicationId::new(row.application.0),
        offering: OfferingId::new(row.offering.0),
        version: VersionNumber(row.version),
        municipality: MunicipalityNumber::parse(&row.municipality).map_err(|_| bad())?,
        service: Code::parse(&row.service).map_err(|_| bad())?,
        provider: OrganisationNumber::parse(&row.provider).map_err(|_| bad())?,
        zones: zones.iter().map(|z| Code::parse(z)).collect::<Result<_, _>>().map_err(|_| bad())?,
        decision: DecisionId::new(row.decision.0),
        granted_at: row.granted_at.0,
        stand_still: if row.awaits_notice {
            Some(StandStill::AwaitsNotice)
        } else {
            row.stand_still_until.map(StandStill::Until)
        },
        reviewed_on: row.reviewed_on,
        listing,
        lifecycle,
        impartiality: parse_json(&row.impartiality, "approval", row.id.0)?,
        proposal,
        revision: Revision(row.revision),
    })
}
