//! Impartiality in a case: declarations, challenges by the applicant, rulings.

use super::ApplicationCase;
use crate::{
    commands::{Command, Outcome, Route, Tx},
    domain::{
        application::ApplicationCommand,
        error::DomainError,
        role::{CallerIdentity, CaseHandler, DecisionMaker, ProviderUser},
        values::time::Instant,
    },
    json::{
        form::Form,
        impartiality::{ImpartialityBody, ImpartialityChallengeBody, ImpartialityRulingBody},
    },
};

/// Declare impartiality.
///
/// Everyone who handles the case first declares it (forvaltningsloven §§ 6 and 8), or leaves it to the
/// superior. A person's last declaration counts; rulings stay in force.
#[derive(Debug, Form)]
pub struct DeclareImpartiality(ImpartialityBody);

impl Command for DeclareImpartiality {
    type Target = ApplicationCase;
    type Answer = ApplicationCase;
    type Role = CaseHandler;
    const ROUTE: Route = Route::change(
        "declare-impartiality",
        "applicationDeclareImpartiality",
        "/applications/{id}/impartiality",
    );

    fn guard(case: &Self::Target, caller: &CallerIdentity, _: Instant) -> Result<(), DomainError> {
        case.guard(ApplicationCommand::DeclareImpartiality, caller)
    }

    fn run(self, case: ApplicationCase, by: &CaseHandler, tx: &mut Tx) -> Outcome<ApplicationCase> {
        case.update(tx, |application, context| {
            let staff = &context.municipality.settings.own_provider_staff;
            let ImpartialityBody { answer, superior } = self.0;
            application.declare_impartiality(answer, superior, staff, by, context.now)
        })
    }
}

/// Challenge a person's impartiality.
///
/// The applicant demands a ruling (forvaltningsloven § 8). Until it is made, the person does nothing in the
/// case.
#[derive(Debug, Form)]
pub struct ChallengeImpartiality(ImpartialityChallengeBody);

impl Command for ChallengeImpartiality {
    type Target = ApplicationCase;
    type Answer = ApplicationCase;
    type Role = ProviderUser;
    const ROUTE: Route = Route::change(
        "challenge-impartiality",
        "applicationChallengeImpartiality",
        "/applications/{id}/impartiality-challenges",
    );

    fn guard(case: &Self::Target, caller: &CallerIdentity, _: Instant) -> Result<(), DomainError> {
        case.guard(ApplicationCommand::ChallengeImpartiality, caller)
    }

    fn run(self, case: Self::Target, by: &ProviderUser, tx: &mut Tx) -> Outcome<Self::Answer> {
        case.update(tx, |application, context| {
            let ImpartialityChallengeBody { whom, reason } = self.0;
            application.challenge_impartiality(whom, reason, by, context.now)
        })
    }
}

/// Rule on a person's impartiality.
///
/// If the person left it to the superior or the applicant demands it (forvaltningsloven § 8). No person rules
/// on himself or herself, and the person concerned cannot undo it.
#[derive(Debug, Form)]
pub struct RuleOnImpartiality(ImpartialityRulingBody);

impl Command for RuleOnImpartiality {
    type Target = ApplicationCase;
    type Answer = ApplicationCase;
    type Role = DecisionMaker;
    const ROUTE: Route = Route::change(
        "rule-on-impartiality",
        "applicationRuleOnImpartiality",
        "/applications/{id}/impartiality-rulings",
    );

    fn guard(case: &Self::Target, caller: &CallerIdentity, _: Instant) -> Result<(), DomainError> {
        case.guard(ApplicationCommand::RuleOnImpartiality, caller)
    }

    /// A person who names himself gets that error first.
    fn check(&self, _: &Self::Target, _: &CallerIdentity, _: Instant) -> Result<(), DomainError> {
        Ok(())
    }

    fn run(self, case: Self::Target, by: &DecisionMaker, tx: &mut Tx) -> Outcome<Self::Answer> {
        case.update(tx, |application, context| {
            let staff = &context.municipality.settings.own_provider_staff;
            let ImpartialityRulingBody { whom, finding, outside } = self.0;
            application.rule_on_impartiality(whom, finding, outside, staff, by, context.now)
        })
    }
}
