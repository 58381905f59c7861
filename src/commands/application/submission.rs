//! Commands of the provider on a whole application.

use std::sync::Arc;

use super::ApplicationCase;
use crate::{
    commands::{Command, Outcome, Route, Tx},
    domain::{
        application::ApplicationCommand,
        error::DomainError,
        message::fields,
        offering::VersionNumber,
        role::{CallerIdentity, CaseParty, ProviderUser},
        values::time::Instant,
    },
    json::{application::LaterVersion, form::Form},
};

/// Submit.
///
/// Everything is checked, and all errors are in one answer. The version of the offering is pinned, and the
/// receipt has reference and time.
#[derive(Debug, Form)]
pub struct SubmitApplication {}

impl Command for SubmitApplication {
    type Target = ApplicationCase;
    type Answer = ApplicationCase;
    type Role = ProviderUser;
    const ROUTE: Route =
        Route::change("submit", "applicationSubmit", "/applications/{id}/submission");

    fn guard(case: &Self::Target, caller: &CallerIdentity, _: Instant) -> Result<(), DomainError> {
        case.guard(ApplicationCommand::Submit, caller)?;
        case.offering.open(case.now)?;
        case.admission.clone().transpose().map(drop)
    }

    fn run(self, case: Self::Target, by: &ProviderUser, tx: &mut Tx) -> Outcome<Self::Answer> {
        let offering = Arc::clone(&case.offering);
        let open = offering.open(tx.now)?;
        let illegal = || case.application.illegal(ApplicationCommand::Submit);
        let admission = case.admission.clone().ok_or_else(illegal)??;
        let reference = tx.session.next_reference(&case.application.municipality, tx.now)?;
        case.update(tx, |application, context| {
            application.submit(open, context.content, admission, reference, by)
        })
    }
}

/// Withdraw.
///
/// While it is not decided.
#[derive(Debug, Form)]
pub struct WithdrawApplication {}

impl Command for WithdrawApplication {
    type Target = ApplicationCase;
    type Answer = ApplicationCase;
    type Role = ProviderUser;
    const ROUTE: Route =
        Route::change("withdraw", "applicationWithdraw", "/applications/{id}/withdrawal");

    fn guard(case: &Self::Target, caller: &CallerIdentity, _: Instant) -> Result<(), DomainError> {
        case.guard(ApplicationCommand::Withdraw, caller)
    }

    fn run(self, case: Self::Target, by: &ProviderUser, tx: &mut Tx) -> Outcome<Self::Answer> {
        case.update(tx, |application, _| application.withdraw(by))
    }
}

/// Remove the contact person.
///
/// Name, address and telephone are taken out of an application that has ended, by its provider or a case worker. The
/// case, the decision and the letters stay as they are.
#[derive(Debug, Form)]
pub struct RemoveContact {}

impl Command for RemoveContact {
    type Target = ApplicationCase;
    type Answer = ApplicationCase;
    type Role = CaseParty;
    const ROUTE: Route = Route::change(
        "remove-contact",
        "applicationRemoveContact",
        "/applications/{id}/contact-removal",
    );

    fn guard(case: &Self::Target, caller: &CallerIdentity, _: Instant) -> Result<(), DomainError> {
        case.guard(ApplicationCommand::RemoveContact, caller)
    }

    fn run(self, case: ApplicationCase, by: &CaseParty, tx: &mut Tx) -> Outcome<ApplicationCase> {
        case.update(tx, |application, context| application.remove_contact(by, context.now))
    }
}

/// Ask for a newer version.
///
/// An application is assessed by the version in force at its receipt. Before the decision the applicant may ask
/// for an assessment by a newer one. Lines with a changed or missing criterion are reopened.
#[derive(Debug, Form)]
#[form(name = "VersionBody", closed, example({"version": 2}))]
pub struct ChangeVersion {
    /// The number of a published version, newer than the one that applies now.
    version: LaterVersion,
}

impl Command for ChangeVersion {
    type Target = ApplicationCase;
    type Answer = ApplicationCase;
    type Role = ProviderUser;
    const ROUTE: Route =
        Route::change("change-version", "applicationChangeVersion", "/applications/{id}/version");

    fn guard(case: &Self::Target, caller: &CallerIdentity, _: Instant) -> Result<(), DomainError> {
        case.guard(ApplicationCommand::ChangeVersion, caller)?;
        let last = case.offering.lifecycle.version();
        if last.is_some_and(|last| case.application.version(last) < last) {
            Ok(())
        } else {
            Err(unknown_version())
        }
    }

    fn run(self, case: Self::Target, by: &ProviderUser, tx: &mut Tx) -> Outcome<Self::Answer> {
        let LaterVersion(number) = self.version;
        let last = case.offering.lifecycle.version().unwrap_or(VersionNumber(0));
        if !(VersionNumber(1)..=last).contains(&number) {
            return Err(unknown_version().into());
        }
        let newer = tx.session.content(case.offering.id, number)?;
        let mut change = case.change(|application, context| {
            application.change_version(context.content, (number, &newer), by)
        })?;
        change.value.content = newer.into();
        tx.save(change)
    }
}

fn unknown_version() -> DomainError {
    DomainError::invalid("/version", fields::unknown_version())
}
