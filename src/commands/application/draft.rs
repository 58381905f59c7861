//! Dossier: content that the provider compiles before it submits.

use serde_json::{Map, Value};

use super::ApplicationCase;
use crate::{
    commands::{Command, Outcome, Precondition, Registry, Route, Tx},
    domain::{
        application::{Application, ApplicationCommand, CriterionAnswer},
        error::{DomainError, Noun},
        municipality::Contact,
        offering::OfferingLifecycle,
        role::{CallerIdentity, ProviderUser},
        values::{
            ids::{ApprovalId, OfferingId},
            text::Code,
            time::Instant,
        },
    },
    json::{
        application::CriterionKey,
        form::{Form, to_fields},
    },
};

/// Start an application.
///
/// For a published offering. One open application per provider and offering.
#[derive(Debug, Form)]
#[form(name = "ApplicationBody", closed, example({
    "offeringId": "0197f6c8-0000-7000-8000-000000000001"
}))]
pub struct CreateApplication {
    /// The offering applied for.
    #[form(name = "offeringId")]
    offering: OfferingId,
}

impl Command for CreateApplication {
    type Target = Registry;
    type Answer = ApplicationCase;
    type Role = ProviderUser;
    const ROUTE: Route =
        Route::create("apply", "applicationCreate", "/applications").with(Precondition::None);
    const TAG: &'static str = "applications";

    fn guard(_: &Registry, _: &CallerIdentity, _: Instant) -> Result<(), DomainError> {
        Ok(())
    }

    fn run(self, _: Registry, by: &ProviderUser, tx: &mut Tx) -> Outcome<ApplicationCase> {
        let provider = &by.organisation;
        let missing = || DomainError::not_found(Noun::Offering);
        let (offering, _) = tx.session.offering(self.offering)?.ok_or_else(missing)?;
        if offering.lifecycle == OfferingLifecycle::Draft {
            return Err(missing().into());
        }
        let open = offering.open(tx.now)?;
        if tx.session.provider(provider)?.is_none() {
            return Err(DomainError::provider_not_registered().into());
        }
        if let Some(existing) = tx.session.open_application(offering.id, provider)? {
            let path = format!("/v1/applications/{existing}");
            return Err(DomainError::duplicate_application(path).into());
        }
        let draft = Application::draft(tx.new_id(), open, by);
        let case = ApplicationCase::of(tx, draft.value.clone())?;
        tx.insert(case.change(|_, _| Ok(draft))?)
    }
}

/// Change contact, zones and predecessor of a draft.
///
/// A JSON Merge Patch (RFC 7396). Missing fields are not errors.
#[derive(Debug, Form)]
#[form(name = "ApplicationPatch", closed, example({
    "contact": {"name": "Ola Eksempel", "email": "ola@example.no"}, "zones": ["whole"]
}))]
pub struct ChangeDraft {
    /// The contact person in the case.
    contact: Option<Contact>,
    /// The zones applied for.
    #[form(default, max_items = 200)]
    zones: Vec<Code>,
    /// The public approval of another organisation, for the same offering, that the applicant succeeds
    /// (agreements are not transferable: a merged provider applies again).
    succeeds: Option<ApprovalId>,
}

impl Command for ChangeDraft {
    type Target = ApplicationCase;
    type Answer = ApplicationCase;
    type Role = ProviderUser;
    const ROUTE: Route = Route::patch("change-draft", "applicationPatch", "/applications/{id}");

    fn guard(case: &Self::Target, caller: &CallerIdentity, _: Instant) -> Result<(), DomainError> {
        case.guard(ApplicationCommand::ChangeDraft, caller)
    }

    fn current(case: &ApplicationCase, _: &Value) -> Option<Map<String, Value>> {
        let dossier = &case.application.dossier;
        Some(to_fields(&Self {
            contact: dossier.contact.clone(),
            zones: dossier.zones.clone(),
            succeeds: dossier.succeeds,
        }))
    }

    fn run(self, case: Self::Target, by: &ProviderUser, tx: &mut Tx) -> Outcome<Self::Answer> {
        let succeeds = match self.succeeds {
            None => None,
            Some(id) => {
                let approval = tx.session.approval(id)?;
                Some(case.application.successor_to(approval.as_ref())?)
            }
        };
        case.update(tx, |application, context| {
            application.change_draft(self.contact, self.zones, succeeds, context.content, by)
        })
    }
}

/// Answer a criterion.
///
/// For the first time or again, while the application is a draft.
#[derive(Debug, Form)]
#[form(name = "Answer", closed, example({"declaredMet": true, "text": "Attest er lagt ved."}))]
pub struct AnswerCriterion {
    /// Code of the criterion
    #[form(path)]
    criterion: CriterionKey,
    #[form(flatten)]
    answer: CriterionAnswer,
}

impl Command for AnswerCriterion {
    type Target = ApplicationCase;
    type Answer = ApplicationCase;
    type Role = ProviderUser;
    const ROUTE: Route =
        Route::put("supply", "applicationAnswer", "/applications/{id}/answers/{criterion}");

    fn guard(case: &Self::Target, caller: &CallerIdentity, _: Instant) -> Result<(), DomainError> {
        case.guard(ApplicationCommand::Supply, caller)
    }

    fn run(self, case: Self::Target, by: &ProviderUser, tx: &mut Tx) -> Outcome<Self::Answer> {
        let criterion = self.criterion.code()?;
        case.update(tx, |application, context| {
            application.answer(criterion, self.answer, context.content, by)
        })
    }
}
