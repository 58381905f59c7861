//! Decisions, and what the commands of others need of them.

use super::{Target, Tx};
use crate::{
    domain::{
        Change,
        application::Application,
        approval::Approval,
        decision::{Decision, history::DecisionHistory},
        error::DomainError,
        municipality::Municipality,
        role::Party,
        values::{ids::DecisionId, numbers::MunicipalityNumber, text::Email},
    },
    store::{self, Failure, Session},
};

/// A decision that the party may see, with its history.
pub fn load(
    session: &mut Session<'_>,
    id: DecisionId,
    party: &Party,
) -> Result<(Decision, DecisionHistory), Failure> {
    let found = session.decision_with_history(id)?;
    let own = found.filter(|(it, _)| party.may_see(&it.municipality, &it.provider));
    Ok(own.ok_or_else(|| DomainError::not_found("decision"))?)
}

/// The application behind a decision.
pub fn application_of(session: &mut Session<'_>, of: &Decision) -> Result<Application, Failure> {
    let found = session.application(of.application)?;
    Ok(found.ok_or_else(|| DomainError::not_found("application"))?)
}

/// The approval that a decision was about.
pub fn approval_of(session: &mut Session<'_>, of: &Decision) -> Result<Approval, Failure> {
    let missing = || DomainError::not_found(Approval::NOUN);
    let approval = session.approval(of.outcome.approval().ok_or_else(missing)?)?;
    let own = approval.filter(|it| it.municipality == of.municipality);
    Ok(own.ok_or_else(missing)?)
}

/// Where notice to the party is sent.
pub fn address_of(session: &mut Session<'_>, of: &Decision) -> Result<Option<Email>, Failure> {
    let provider = session.provider(&of.provider)?;
    Ok(provider.map(|provider| provider.profile.notification_address))
}

/// The municipality, which must have set itself up to come so far.
pub fn municipality(
    session: &mut Session<'_>,
    number: &MunicipalityNumber,
) -> Result<Municipality, Failure> {
    let found = session.municipality(number)?;
    Ok(found.ok_or_else(|| store::corrupt("municipality", number))?)
}

/// Changes the approval that a decision was about.
pub fn change_approval(
    tx: &mut Tx,
    of: &Decision,
    change: impl FnOnce(Approval) -> Result<Change<Approval>, DomainError>,
) -> Result<Approval, Failure> {
    let approval = approval_of(tx.session, of)?;
    let from = approval.revision;
    tx.save_related(change(approval)?, Some(from))
}

/// A revocation whose effect was suspended takes effect; nothing where none is.
pub fn end_suspension(tx: &mut Tx, of: &Decision) -> Result<(), Failure> {
    let Some(id) = of.outcome.approval() else { return Ok(()) };
    let approval = tx.session.approval(id)?;
    let revocation = approval.as_ref().and_then(|it| it.lifecycle.revocation());
    if revocation.is_some_and(|it| it.decision == of.id && it.suspension.is_some()) {
        let now = tx.now;
        change_approval(tx, of, |approval| approval.end_suspension(now))?;
    }
    Ok(())
}
