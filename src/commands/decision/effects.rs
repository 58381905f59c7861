//! Consequences of a decision about a decision for the subject of the earlier one.

use super::{application_of, approval_of, change_approval, end_suspension, municipality, places};
use crate::{
    commands::{Tx, application::ApplicationCase, approval, load},
    domain::{
        Change,
        appeal::Effect,
        application::{Application, ApplicationState, CriterionFinding},
        decision::{Decision, DecisionOutcome},
        error::{DomainError, Noun},
        role::{Actor, Party},
    },
    store::{Failure, corrupt},
};

/// Applies the consequences of the decision `by` on the decision `first`. Findings are for an approval only.
pub fn apply_effect(
    effect: Effect,
    (first, by): (&Decision, &Decision),
    findings: Vec<CriterionFinding>,
    actor: &Actor,
    tx: &mut Tx,
) -> Result<(), Failure> {
    match effect {
        Effect::Stands | Effect::Replaced => end_suspension(tx, first),
        Effect::Reinstate => reinstate(first, by, tx),
        Effect::Withdraw | Effect::WithdrawAndReopen => withdraw(effect, first, by, tx),
        Effect::Restore => restore(first, by, tx),
        Effect::Reopen => reopen(first, by, tx),
        Effect::ResumeAppeal => resume_appeal(first, by, actor, tx),
        Effect::ReopenCosts => reopen_costs(first, by, tx),
        Effect::Approve => approve(first, by, findings, actor, tx),
    }
}

/// Restores the approval that the first decision ended, unless another decision has ended it since.
fn reinstate(first: &Decision, by: &Decision, tx: &mut Tx) -> Result<(), Failure> {
    let approval = approval_of(tx.session, first)?;
    let ended_by = approval.lifecycle.revocation.as_ref().map(|it| it.decision);
    if ended_by.is_some_and(|decision| decision != first.id) {
        return Ok(());
    }
    let (places, now) = (places(tx, first)?, tx.now);
    let approval = change_approval(tx, first, |approval| approval.reinstate(by.id, &places, now))?;
    let found = tx.session.offering(approval.offering)?;
    let (offering, _) = found.ok_or_else(|| corrupt("approval", approval.id))?;
    approval::end_with_offering(tx, &offering, approval)?;
    Ok(())
}

/// Ends the approval that the first decision gave, and refuses its application or assesses it again.
fn withdraw(effect: Effect, first: &Decision, by: &Decision, tx: &mut Tx) -> Result<(), Failure> {
    let terms = by.outcome.withdrawal().cloned();
    let terms = terms.ok_or_else(|| DomainError::not_found(Noun::Approval))?;
    let now = tx.now;
    if !approval_of(tx.session, first)?.lifecycle.status_at(now).is_over() {
        change_approval(tx, first, |approval| approval.withdraw(by.id, terms, now))?;
    }
    if effect == Effect::WithdrawAndReopen {
        return reopen(first, by, tx);
    }
    change_application(first, tx, |application| application.refuse_on_appeal(by.id))
}

/// Restores the approval that the lower body took away on the appeal of another.
fn restore(first: &Decision, by: &Decision, tx: &mut Tx) -> Result<(), Failure> {
    reinstate(first, by, tx)?;
    let approving = approval_of(tx.session, first)?.decision;
    change_application(first, tx, |application| application.approve_again(first.id, approving))
}

fn change_application(
    first: &Decision,
    tx: &mut Tx,
    change: impl FnOnce(Application) -> Result<Change<Application>, DomainError>,
) -> Result<(), Failure> {
    let application = application_of(tx.session, first)?;
    let from = application.revision;
    let Change { value, event } = change(application)?;
    tx.session.save_application(&value, Some(from))?;
    tx.relate(event, None);
    Ok(())
}

/// Takes up the appeal that the first decision dismissed.
fn resume_appeal(
    first: &Decision,
    by: &Decision,
    actor: &Actor,
    tx: &mut Tx,
) -> Result<(), Failure> {
    let DecisionOutcome::Appeal { appeal: id, .. } = first.outcome else {
        return Err(DomainError::not_found(Noun::Appeal).into());
    };
    let appeal = tx.session.appeal(id)?.ok_or_else(|| corrupt("appeal", id))?;
    let from = appeal.revision;
    let appeal = tx.save_related(appeal.resume(by.id, actor, tx.now)?, Some(from))?;
    let found = tx.session.decision_with_history(appeal.decision)?;
    let (_, history) = found.ok_or_else(|| corrupt("decision", appeal.decision))?;
    let from = history.revision;
    tx.save_related(history.resume_appeal(id), Some(from))?;
    Ok(())
}

/// The claim that the first decision decided waits for another.
fn reopen_costs(first: &Decision, by: &Decision, tx: &mut Tx) -> Result<(), Failure> {
    match &first.outcome {
        DecisionOutcome::Costs { appeal: Some(id), .. } => {
            let appeal = tx.session.appeal(*id)?.ok_or_else(|| corrupt("appeal", id))?;
            let from = appeal.revision;
            tx.save_related(appeal.reopen_costs(by), Some(from))?;
        }
        DecisionOutcome::Costs { decision, .. } => {
            let found = tx.session.decision_with_history(*decision)?;
            let (_, history) = found.ok_or_else(|| corrupt("decision", decision))?;
            let from = history.revision;
            tx.save_related(history.reopen_costs(by), Some(from))?;
        }
        _ => {}
    }
    Ok(())
}

/// Puts the application under assessment again.
fn reopen(first: &Decision, by: &Decision, tx: &mut Tx) -> Result<(), Failure> {
    let application = application_of(tx.session, first)?;
    let from = application.revision;
    let open = tx.session.open_application(application.offering, &application.provider)?;
    if let Some(open) = open {
        return Err(DomainError::applied_anew(format!("/v1/applications/{open}")).into());
    }
    let municipality = municipality(tx.session, &first.municipality)?;
    let staff = &municipality.settings.own_provider_staff;
    let Change { value, event } = match application.state {
        ApplicationState::Approved(..) => application.reopen_approved(by.id, staff)?,
        _ => application.reopen(by.id, staff)?,
    };
    tx.session.save_application(&value, Some(from))?;
    tx.relate(event, None);
    Ok(())
}

/// Approves the application.
fn approve(
    first: &Decision,
    by: &Decision,
    findings: Vec<CriterionFinding>,
    actor: &Actor,
    tx: &mut Tx,
) -> Result<(), Failure> {
    let party = Party::Municipality(first.municipality.clone());
    let case = load::<ApplicationCase>(tx, &first.application.uuid(), &party)?;
    let from = case.application.revision;
    let approval = by.outcome.approval().ok_or_else(|| DomainError::not_found(Noun::Approval))?;
    let ApplicationCase { application, offering, content, places, municipality, .. } = case;
    let staff = &municipality.settings.own_provider_staff;
    let terms = (&*content, &*places);
    let Change { value: (application, approval), event } =
        application.approve_on_appeal(findings, approval, terms, by, staff, actor, tx.now)?;
    tx.session.save_application(&application, Some(from))?;
    tx.relate(event, None);
    approval::insert(tx, &offering, &application, approval)
}
