//! Rebuild: the public records, from the tables alone, page by page.

use std::ops::ControlFlow;

use diesel::prelude::*;
use uuid::Uuid;

use super::{
    Session, StoreError,
    approval::{ApprovalRow, read_approval},
    connection::repository,
    corrupt,
    late_access::{self, LateAccessRow},
    schema,
    sql::Id16,
};
use crate::{
    domain::{
        decision::Decision,
        offering::VersionNumber,
        values::{
            ids::{DecisionId, OfferingId},
            numbers::{MunicipalityNumber, OrganisationNumber},
            time::Instant,
        },
    },
    json::public::{
        ApprovalRecord, DecisionRecord, MunicipalityRecord, OfferingRecord, ProviderRecord,
        PublicRecord,
    },
};

/// How many rows are read at a time.
const PAGE: i64 = 500;

/// A public record, from the tables.
#[derive(Debug)]
pub enum Rebuilt {
    /// All of it.
    Whole(PublicRecord),
    /// A decision whose case has continued since. Its version and criteria were those of the case at that time,
    /// which the tables no longer have.
    Outlived(Box<DecisionRecord>),
    /// An offering and each of its published versions, the first first. State and closure of a version
    /// are those of the offering.
    Offering(Box<OfferingRecord>, Vec<OfferingRecord>),
}

repository! {
    /// Reading whole tables in the order of their keys.
    impl DbConnection {
        fn municipalities_after(c, after: &str, limit: i64) -> QueryResult<Vec<String>> {
            use schema::municipality::dsl::{municipality, number};
            municipality.filter(number.gt(after)).order(number).limit(limit).select(number).load(c)
        }
        fn providers_after(c, after: &str, limit: i64) -> QueryResult<Vec<String>> {
            use schema::provider::dsl::{organisation_number, provider};
            provider
                .filter(organisation_number.gt(after))
                .order(organisation_number)
                .limit(limit)
                .select(organisation_number)
                .load(c)
        }
        fn offerings_after(c, after: Id16, limit: i64) -> QueryResult<Vec<Id16>> {
            use schema::offering::dsl::{id, offering};
            offering.filter(id.gt(after)).order(id).limit(limit).select(id).load(c)
        }
        fn versions_of(c, of: Id16) -> QueryResult<Vec<i32>> {
            use schema::offering_version::dsl::{number, offering, offering_version};
            offering_version.filter(offering.eq(of)).order(number).select(number).load(c)
        }
        fn late_access_after(c, after: Id16, limit: i64) -> QueryResult<Vec<LateAccessRow>> {
            use schema::late_access::dsl::{id, late_access};
            late_access
                .filter(id.gt(after))
                .order(id)
                .limit(limit)
                .select(LateAccessRow::as_select())
                .load(c)
        }
        fn decisions_after(c, after: Id16, limit: i64) -> QueryResult<Vec<Id16>> {
            use schema::decision::dsl::{decision, id};
            decision.filter(id.gt(after)).order(id).limit(limit).select(id).load(c)
        }
        fn approvals_after(c, after: Id16, limit: i64) -> QueryResult<Vec<ApprovalRow>> {
            use schema::approval::dsl::{approval, id};
            approval
                .filter(id.gt(after))
                .order(id)
                .limit(limit)
                .select(ApprovalRow::as_select())
                .load(c)
        }
    }
}

/// A visitor of each record, which may stop early.
type Each<'a, B> = &'a mut dyn FnMut(Rebuilt) -> ControlFlow<B>;

/// Continues, or ends the whole walk with a result.
macro_rules! show {
    ($each:ident, $rebuilt:expr) => {
        if let ControlFlow::Break(found) = $each($rebuilt) {
            return Ok(ControlFlow::Break(found));
        }
    };
}

/// The same for a part of the walk.
macro_rules! walk {
    ($part:expr) => {
        if let ControlFlow::Break(found) = $part? {
            return Ok(ControlFlow::Break(found));
        }
    };
}

impl Session<'_> {
    /// Visits each public record at an instant, once, from the tables alone. At most a page of each table is in
    /// memory.
    pub fn rebuild<B>(
        &mut self,
        now: Instant,
        each: Each<'_, B>,
    ) -> Result<ControlFlow<B>, StoreError> {
        walk!(self.rebuild_municipalities(each));
        walk!(self.rebuild_providers(each));
        walk!(self.rebuild_offerings(now, each));
        walk!(self.rebuild_late_access(each));
        walk!(self.rebuild_decisions(each));
        self.rebuild_approvals(now, each)
    }

    fn rebuild_municipalities<B>(
        &mut self,
        each: Each<'_, B>,
    ) -> Result<ControlFlow<B>, StoreError> {
        let mut after = String::new();
        loop {
            let page = self.rows.municipalities_after(&after, PAGE)?;
            let Some(last) = page.last() else { return Ok(ControlFlow::Continue(())) };
            after.clone_from(last);
            for key in page {
                let bad = || corrupt("municipality", &key);
                let number = MunicipalityNumber::parse(&key).map_err(|_| bad())?;
                let found = self.municipality(&number)?.ok_or_else(bad)?;
                show!(each, Rebuilt::Whole(MunicipalityRecord::of(&found).into()));
            }
        }
    }

    fn rebuild_providers<B>(&mut self, each: Each<'_, B>) -> Result<ControlFlow<B>, StoreError> {
        let mut after = String::new();
        loop {
            let page = self.rows.providers_after(&after, PAGE)?;
            let Some(last) = page.last() else { return Ok(ControlFlow::Continue(())) };
            after.clone_from(last);
            for key in page {
                let bad = || corrupt("provider", &key);
                let number = OrganisationNumber::parse(&key).map_err(|_| bad())?;
                let found = self.provider(&number)?.ok_or_else(bad)?;
                show!(each, Rebuilt::Whole(ProviderRecord::of(&found).into()));
            }
        }
    }

    fn rebuild_offerings<B>(
        &mut self,
        now: Instant,
        each: Each<'_, B>,
    ) -> Result<ControlFlow<B>, StoreError> {
        let mut after = Id16(Uuid::nil());
        loop {
            let page = self.rows.offerings_after(after, PAGE)?;
            let Some(last) = page.last() else { return Ok(ControlFlow::Continue(())) };
            after = *last;
            for key in page {
                let id = OfferingId::new(key.0);
                let (offering, _) = self.offering(id)?.ok_or_else(|| corrupt("offering", id))?;
                let Some(record) = self.offering_record(&offering, now)? else { continue };
                let mut versions = vec![];
                for number in self.rows.versions_of(key)? {
                    let number = VersionNumber(number);
                    let (value, published_at) = self.version(id, number)?;
                    let version = OfferingRecord::of(&offering, (number, published_at), value, now);
                    versions.push(version);
                }
                show!(each, Rebuilt::Offering(record.into(), versions));
            }
        }
    }

    fn rebuild_late_access<B>(&mut self, each: Each<'_, B>) -> Result<ControlFlow<B>, StoreError> {
        let mut after = Uuid::nil();
        loop {
            let page = self.rows.late_access_after(Id16(after), PAGE)?;
            let page: Vec<_> =
                page.into_iter().map(late_access::read_row).collect::<Result<_, _>>()?;
            let Some(last) = page.last() else { return Ok(ControlFlow::Continue(())) };
            after = last.id.uuid();
            for grant in page {
                show!(each, Rebuilt::Whole(grant.into()));
            }
        }
    }

    fn rebuild_decisions<B>(&mut self, each: Each<'_, B>) -> Result<ControlFlow<B>, StoreError> {
        let mut after = Id16(Uuid::nil());
        loop {
            let page = self.rows.decisions_after(after, PAGE)?;
            let Some(last) = page.last() else { return Ok(ControlFlow::Continue(())) };
            after = *last;
            for key in page {
                let id = DecisionId::new(key.0);
                let (decision, history) =
                    self.decision_with_history(id)?.ok_or_else(|| corrupt("decision", id))?;
                let record = self.decision_record(&decision, history.course.end)?;
                if self.is_outlived(&decision)? {
                    show!(each, Rebuilt::Outlived(record.into()));
                } else {
                    show!(each, Rebuilt::Whole(record.into()));
                }
            }
        }
    }

    /// Whether the case has continued since the decision: it was reopened, or approved on an appeal.
    fn is_outlived(&mut self, decision: &Decision) -> Result<bool, StoreError> {
        let application = self.application(decision.application)?;
        let last = application.and_then(|application| application.state.decision());
        // Ids grow with time.
        Ok(last.is_none_or(|last| decision.id.uuid() < last.uuid()))
    }

    fn rebuild_approvals<B>(
        &mut self,
        now: Instant,
        each: Each<'_, B>,
    ) -> Result<ControlFlow<B>, StoreError> {
        let mut after = Uuid::nil();
        loop {
            let page = self.rows.approvals_after(Id16(after), PAGE)?;
            let page: Vec<_> = page.iter().map(read_approval).collect::<Result<_, _>>()?;
            let Some(last) = page.last() else { return Ok(ControlFlow::Continue(())) };
            after = last.id.uuid();
            // One that waits for its contract is not public yet.
            for approval in page.iter().filter(|it| it.lifecycle.contract_period().is_some()) {
                let record = ApprovalRecord::of(approval, now);
                show!(each, Rebuilt::Whole(record.into()));
            }
        }
    }
}
