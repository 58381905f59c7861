//! Følger for godkjenninger: what everyone sees of an approval, and which approvals show a parent anew.
//!
//! The public form of an approval is whole: it tells of its provider and its offering too. When one
//! of these changes, each of their approvals gets a row of its own in the same transaction.

use std::{
    collections::{HashMap, hash_map::Entry},
    sync::Arc,
};

use uuid::Uuid;

use super::{Consequence, Error, Session, corrupt, form};
use crate::{
    document::public::{ApprovalOffering, ApprovalRecord, Parents, ProviderRecord, PublicRecord},
    domain::{
        approval::{Approval, Parent},
        event::Subject,
        ids::OfferingId,
        numbers::OrganisationNumber,
        time::Instant,
    },
};

/// Makes the ids of rows.
pub type Ids<'a> = &'a dyn Fn() -> Uuid;

/// Parents of approvals that were loaded already.
#[derive(Default)]
pub(super) struct Loaded {
    profiles: HashMap<OrganisationNumber, Option<Arc<ProviderRecord>>>,
    offerings: HashMap<OfferingId, Option<ApprovalOffering>>,
}

impl Session<'_> {
    /// The whole form of an approval, as it goes to the public once there is a contract. Ask for it
    /// when the approval and its parents are kept.
    ///
    /// # Errors
    /// A failing database or a corrupt row.
    pub fn approval_record(
        &mut self,
        approval: &Approval,
        now: Instant,
    ) -> Result<ApprovalRecord, Error> {
        let profile = self.provider(&approval.provider)?;
        let parents = Parents {
            profile: profile.map(|provider| ProviderRecord::of(&provider).into()),
            offering: self.approval_offering(approval.offering, now)?,
        };
        Ok(ApprovalRecord::of(approval, parents, now))
    }

    /// What the public sees of an approval: nothing before there is a contract.
    ///
    /// # Errors
    /// A failing database or a corrupt row.
    pub fn public_approval(
        &mut self,
        approval: &Approval,
        now: Instant,
    ) -> Result<Option<PublicRecord>, Error> {
        match approval.standing.tenure() {
            None => Ok(None),
            Some(_) => Ok(Some(self.approval_record(approval, now)?.into())),
        }
    }

    /// A provider was kept: a row for each of its approvals that the public saw otherwise.
    ///
    /// # Errors
    /// A failing database or a corrupt row.
    pub fn provider_changed(
        &mut self,
        number: &OrganisationNumber,
        id: Ids<'_>,
        now: Instant,
    ) -> Result<Vec<Consequence>, Error> {
        let approvals = self.approvals_of_provider(number)?;
        self.told_anew(&approvals, Parent::Provider, id, now)
    }

    /// An offering was kept: a row for each of its approvals that the public saw otherwise.
    ///
    /// # Errors
    /// A failing database or a corrupt row.
    pub fn offering_changed(
        &mut self,
        offering: OfferingId,
        id: Ids<'_>,
        now: Instant,
    ) -> Result<Vec<Consequence>, Error> {
        let approvals = self.approvals_of(offering)?;
        self.told_anew(&approvals, Parent::Offering, id, now)
    }

    /// Prices were announced: a row for each approval of the offering. Whoever is approved and waits for
    /// its contract is told too, beside the public feed.
    ///
    /// # Errors
    /// A failing database or a corrupt row.
    pub fn compensation_announced(
        &mut self,
        offering: OfferingId,
        id: Ids<'_>,
        now: Instant,
    ) -> Result<Vec<Consequence>, Error> {
        let all = self.approvals_of(offering)?;
        let (over, standing): (Vec<_>, Vec<_>) =
            all.into_iter().partition(|it| it.standing.status_at(now).is_over());
        let mut also = self.told_anew(&standing, Parent::Prices, id, now)?;
        for approval in standing.iter().filter(|it| it.standing.tenure().is_none()) {
            let event = approval.parent_changed(Parent::Prices);
            also.push(Consequence { id: id(), event, public: None });
        }
        also.extend(self.told_anew(&over, Parent::Offering, id, now)?);
        Ok(also)
    }

    /// Compares what the public saw last with what it is to see; each parent is loaded once.
    fn told_anew(
        &mut self,
        approvals: &[Approval],
        parent: Parent,
        id: Ids<'_>,
        now: Instant,
    ) -> Result<Vec<Consequence>, Error> {
        let mut loaded = Loaded::default();
        let mut also = vec![];
        for approval in approvals {
            let Some(last) = self.last_approval(approval)? else { continue };
            let parents = self.parents(approval, &mut loaded, now)?;
            if last.parents() != parents {
                let record = ApprovalRecord::of(approval, parents, now);
                let event = approval.parent_changed(parent);
                also.push(Consequence { id: id(), event, public: Some(record.into()) });
            }
        }
        Ok(also)
    }

    /// What an approval tells of its parents, where each of them is loaded once.
    pub(super) fn parents(
        &mut self,
        approval: &Approval,
        loaded: &mut Loaded,
        now: Instant,
    ) -> Result<Parents, Error> {
        let profile = match loaded.profiles.entry(approval.provider.clone()) {
            Entry::Occupied(known) => known.get().clone(),
            Entry::Vacant(place) => {
                let found = self.provider(place.key())?;
                place.insert(found.map(|it| ProviderRecord::of(&it).into())).clone()
            }
        };
        let offering = match loaded.offerings.entry(approval.offering) {
            Entry::Occupied(known) => known.get().clone(),
            Entry::Vacant(place) => {
                let found = self.approval_offering(approval.offering, now)?;
                place.insert(found).clone()
            }
        };
        Ok(Parents { profile, offering })
    }

    /// What the public saw last of an approval; nothing where it is not public yet, or no longer.
    fn last_approval(&mut self, approval: &Approval) -> Result<Option<ApprovalRecord>, Error> {
        let subject = Subject::Approval(approval.id);
        let last = self.rows.last_public_of(subject.collection(), &subject.key())?;
        // A tombstone has no form.
        let last = last.map(|json| form::<Option<_>>(&json, "journal", approval.id));
        Ok(last.transpose()?.flatten())
    }

    fn approval_offering(
        &mut self,
        id: OfferingId,
        now: Instant,
    ) -> Result<Option<ApprovalOffering>, Error> {
        let (offering, _) = self.offering(id)?.ok_or_else(|| corrupt("offering", id))?;
        let record = self.offering_record(&offering, now)?;
        Ok(record.map(|record| ApprovalOffering::of(&record, now)))
    }
}
