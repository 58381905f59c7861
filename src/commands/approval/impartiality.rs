//! Impartiality after an approval: declarations, challenges by the provider, rulings.

use super::ApprovalCase;
use crate::{
    commands::{Command, Outcome, Route, TargetView, Tx},
    domain::{
        Change,
        approval::Approval,
        error::DomainError,
        role::{ApprovalHandler, CallerIdentity, DecisionMaker, ProviderUser},
        rules::impartiality::Impartiality,
        values::time::Instant,
    },
    json::{
        form::Form,
        impartiality::{ImpartialityBody, ImpartialityChallengeBody, ImpartialityRulingBody},
    },
    store::{CommandOutcome, Done},
};

/// Impartiality after an approval.
type ApprovalImpartiality = TargetView<ApprovalCase, Impartiality>;

/// Declare impartiality after the approval.
///
/// Everyone who follows up, warns or revokes first declares it (forvaltningsloven §§ 6 and 8). The approval's revision
/// stays unchanged.
#[derive(Debug, Form)]
pub struct DeclareApprovalImpartiality(ImpartialityBody);

impl Command for DeclareApprovalImpartiality {
    type Target = ApprovalCase;
    type Answer = ApprovalImpartiality;
    type Role = ApprovalHandler;
    const ROUTE: Route = Route::change(
        "declare-impartiality",
        "approvalDeclareImpartiality",
        "/approvals/{id}/impartiality",
    );

    fn guard(_: &ApprovalCase, _: &CallerIdentity, _: Instant) -> Result<(), DomainError> {
        Ok(())
    }

    fn run(self, case: Self::Target, by: &ApprovalHandler, tx: &mut Tx) -> Outcome<Self::Answer> {
        let staff = &case.municipality.settings.own_provider_staff;
        let ImpartialityBody { answer, superior } = self.0;
        let approval = case.approval.clone();
        let change = approval.declare_impartiality(answer, superior, staff, by, tx.now)?;
        let view = change.value.impartiality.clone();
        save(case, change, view, tx)
    }
}

/// Challenge a person's impartiality after the approval.
///
/// The provider demands a ruling (forvaltningsloven § 8). Until it is made, the person neither follows up nor
/// warns nor revokes.
#[derive(Debug, Form)]
pub struct ChallengeApprovalImpartiality(ImpartialityChallengeBody);

impl Command for ChallengeApprovalImpartiality {
    type Target = ApprovalCase;
    type Answer = ApprovalImpartiality;
    type Role = ProviderUser;
    const ROUTE: Route = Route::change(
        "challenge-impartiality",
        "approvalChallengeImpartiality",
        "/approvals/{id}/impartiality-challenges",
    );

    fn guard(_: &ApprovalCase, _: &CallerIdentity, _: Instant) -> Result<(), DomainError> {
        Ok(())
    }

    fn run(self, case: Self::Target, by: &ProviderUser, tx: &mut Tx) -> Outcome<Self::Answer> {
        let approval = case.approval.clone();
        let ImpartialityChallengeBody { whom, reason } = self.0;
        let change = approval.challenge_impartiality(whom, reason, by, tx.now)?;
        let view = change.value.impartiality.clone();
        save(case, change, view, tx)
    }
}

/// Rule on a person's impartiality after the approval.
///
/// If the person left it to the superior or the provider demands it. No person rules on himself or herself.
#[derive(Debug, Form)]
pub struct RuleOnApprovalImpartiality(ImpartialityRulingBody);

impl Command for RuleOnApprovalImpartiality {
    type Target = ApprovalCase;
    type Answer = ApprovalImpartiality;
    type Role = DecisionMaker;
    const ROUTE: Route = Route::change(
        "rule-on-impartiality",
        "approvalRuleOnImpartiality",
        "/approvals/{id}/impartiality-rulings",
    );

    fn guard(case: &ApprovalCase, caller: &CallerIdentity, _: Instant) -> Result<(), DomainError> {
        case.approval.may_rule_on_impartiality(&caller.actor, &case.municipality.settings)
    }

    /// A person who names himself gets that error first.
    fn check(&self, _: &ApprovalCase, _: &CallerIdentity, _: Instant) -> Result<(), DomainError> {
        Ok(())
    }

    fn run(self, case: Self::Target, by: &DecisionMaker, tx: &mut Tx) -> Outcome<Self::Answer> {
        let staff = &case.municipality.settings.own_provider_staff;
        let approval = case.approval.clone();
        let ImpartialityRulingBody { whom, finding, outside } = self.0;
        let change = approval.rule_on_impartiality(whom, finding, outside, staff, by, tx.now)?;
        let view = change.value.impartiality.clone();
        save(case, change, view, tx)
    }
}

/// Saves what is not public of an approval, and answers with a part of it.
pub(super) fn save<V>(
    case: ApprovalCase,
    change: Change<Approval>,
    view: V,
    tx: &mut Tx,
) -> Outcome<TargetView<ApprovalCase, V>> {
    let Change { value: approval, event } = change;
    tx.session.save_approval(&approval, Some(approval.revision))?;
    let answer = TargetView {
        revision: approval.revision,
        path: format!("approvals/{}/case", approval.id),
        view,
        target: ApprovalCase { approval, ..case },
    };
    Ok(CommandOutcome::Changed(Done { event, public: None, related: vec![], answer }))
}
