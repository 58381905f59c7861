//! Late access: a decision maker publicly admits one provider to a round that it missed.

use chrono::NaiveDate;
use uuid::Uuid;

use super::{
    Aggregate, Command, CommandVisitor, Outcome, Precondition, Route, Target, TargetView, Tx,
};
use crate::{
    domain::{
        error::{DomainError, Noun},
        late_access::LateAccess,
        offering::{Offering, content::OfferingContent},
        role::{CallerIdentity, DecisionMaker, Party},
        values::{
            ids::{OfferingId, Revision},
            numbers::OrganisationNumber,
            text::LocalText,
            time::Instant,
        },
    },
    json::{form::Form, public::PublicRecord},
    store::Failure,
};

/// An offering that is published, and what is in force.
#[derive(Debug)]
pub struct PublishedOffering {
    offering: Offering,
    content: OfferingContent,
}

impl Target for PublishedOffering {
    type Key = Uuid;
    const NOUN: Noun = Noun::Offering;
    const TAG: &'static str = "offerings";

    fn load(tx: &mut Tx, id: &Uuid, party: &Party) -> Result<Option<Self>, Failure> {
        let found = tx.session.offering(OfferingId::new(*id))?;
        let own = found.filter(|(it, _)| *party == Party::Municipality(it.municipality.clone()));
        let Some((offering, _)) = own else { return Ok(None) };
        let Some(version) = offering.lifecycle.version() else { return Ok(None) };
        let content = tx.session.content(offering.id, version)?;
        Ok(Some(Self { offering, content }))
    }

    fn key(&self) -> Uuid {
        self.offering.id.uuid()
    }

    fn revision(&self) -> Option<Revision> {
        Some(self.offering.revision)
    }

    fn commands(visitor: &mut impl CommandVisitor<Self>) {
        visitor.visit::<GrantLateAccess>();
    }
}

impl Aggregate for LateAccess {
    fn save(&self, tx: &mut Tx, _: Option<Revision>) -> Result<(), Failure> {
        tx.session.save_late_access(self)
    }

    fn public(&self, _: &mut Tx) -> Result<Option<PublicRecord>, Failure> {
        Ok(Some(self.clone().into()))
    }
}

/// Grant late access.
///
/// One provider may still enter the last round whose cut-off has passed. The grant is public at once, with
/// reason and expiry, and is never withdrawn.
#[derive(Debug, Form)]
#[form(name = "LateAccessBody", closed, example({
    "provider": "313000028", "reason": {"nb": "Innsendingen var nede siste kveld."}, "expiresOn": "2026-05-15"
}))]
pub struct GrantLateAccess {
    /// The provider.
    provider: OrganisationNumber,
    /// Why, for everyone to read.
    reason: LocalText,
    /// The last day on which it can be used, today or later.
    expires_on: NaiveDate,
}

impl Command for GrantLateAccess {
    type Target = PublishedOffering;
    type Answer = TargetView<PublishedOffering, LateAccess>;
    type Role = DecisionMaker;
    const ROUTE: Route =
        Route::create("grant-late-access", "lateAccessGrant", "/offerings/{id}/late-access")
            .with(Precondition::None);

    fn guard(target: &Self::Target, _: &CallerIdentity, now: Instant) -> Result<(), DomainError> {
        LateAccess::may_be_granted(&target.offering, &target.content, now)
    }

    fn run(self, target: Self::Target, by: &DecisionMaker, tx: &mut Tx) -> Outcome<Self::Answer> {
        let PublishedOffering { offering, content } = &target;
        let terms = (self.reason, self.expires_on);
        let (id, to) = (tx.new_id(), self.provider);
        let granted = LateAccess::grant(id, offering, content, to, terms, by, tx.now)?;
        Ok(tx.insert(granted)?.map(|grant| TargetView {
            target,
            revision: grant.revision,
            path: format!("late-access/{id}"),
            view: grant,
        }))
    }
}
