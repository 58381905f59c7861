//! The draft of an offering's next version.

use serde_json::{Map, Value};

use super::{ChangedOffering, ChangedPart, EditedOffering, changed};
use crate::{
    commands::{Command, Outcome, Precondition, Registry, Route, TargetView, Tx},
    domain::{
        error::DomainError,
        offering::{Offering, OfferingCommand, OfferingState},
        role::{CallerIdentity, Editor},
        validation::ValidationErrors,
        values::{text::Code, time::Instant},
    },
    json::{
        form::{Form, to_fields},
        offering::draft::{DraftContent, OfferingDraft},
    },
    store::Failure,
};

/// Start an offering.
///
/// One per municipality and service. Missing fields are not errors; reading the draft lists them.
#[derive(Debug, Form)]
#[form(name = "OfferingBody", closed, example({"service": "personal-assistance"}))]
pub struct CreateOffering {
    /// The code of the service, see `/v1/service-types`.
    service: Code,
    /// Initial content.
    #[form(default)]
    content: DraftContent,
}

impl Command for CreateOffering {
    type Target = Registry;
    type Answer = TargetView<EditedOffering, OfferingDraft>;
    type Role = Editor;
    const ROUTE: Route =
        Route::create("create", "offeringCreate", "/offerings").with(Precondition::None);

    fn guard(_: &Registry, _: &CallerIdentity, _: Instant) -> Result<(), DomainError> {
        Ok(())
    }

    fn run(self, _: Registry, by: &Editor, tx: &mut Tx) -> Outcome<Self::Answer> {
        let Self { service, content } = self;
        let mut errors = ValidationErrors::default();
        let service = tx.catalogue().choosable_service(service.as_str());
        let service = errors.collect("/service", service);
        let mut invalid = ValidationErrors::default();
        content.check_topics(tx.catalogue(), &mut invalid);
        errors.extend(invalid.under("/content"));
        let service = errors.finish(service).map_err(DomainError::validation)?;
        if let Some((former, draft)) = tx.session.offering_of(&by.municipality, &service)? {
            if former.state_at(tx.now) != OfferingState::Ended {
                let draft = format!("/v1/offerings/{}/draft", former.id);
                return Err(DomainError::offering_exists(draft).into());
            }
            // Its day may have come without an event yet.
            tx.session.save_offering(&former, &draft, Some(former.revision), tx.now)?;
        }
        let drafted = Offering::draft(tx.new_id(), service, by);
        tx.insert(changed(drafted, content, ChangedPart::Draft))?.try_map(|it| show(it, tx))
    }
}

/// Change the draft.
///
/// A JSON Merge Patch (RFC 7396): null removes, lists are replaced as a whole. Missing fields are not errors.
#[derive(Debug, Form)]
#[form(name = "OfferingDraftContent", closed, example({"title": {"nb": "Brukerstyrt personlig assistanse"}}))]
pub struct ChangeOfferingDraft {
    #[form(flatten)]
    content: DraftContent,
}

impl Command for ChangeOfferingDraft {
    type Target = EditedOffering;
    type Answer = TargetView<EditedOffering, OfferingDraft>;
    type Role = Editor;
    const ROUTE: Route =
        Route::patch("change-draft", "offeringDraftPatch", "/offerings/{id}/draft");

    fn guard(edited: &EditedOffering, _: &CallerIdentity, now: Instant) -> Result<(), DomainError> {
        edited.guard(OfferingCommand::ChangeDraft, now)
    }

    fn current(edited: &EditedOffering, _: &Value) -> Option<Map<String, Value>> {
        Some(to_fields(&edited.draft))
    }

    fn run(self, edited: EditedOffering, by: &Editor, tx: &mut Tx) -> Outcome<Self::Answer> {
        let mut errors = ValidationErrors::default();
        self.content.check_topics(tx.catalogue(), &mut errors);
        errors.finish(Some(())).map_err(DomainError::validation)?;
        let EditedOffering { offering, draft, .. } = edited;
        let part = ChangedPart::Draft;
        let before = ChangedOffering { offering: offering.clone(), draft, part: part.clone() };
        let change = changed(offering.change_draft(by, tx.now)?, self.content, part);
        tx.save_if_changed(change, Some(before), |_| Ok(()))?.try_map(|it| show(it, tx))
    }
}

fn show(
    changed: ChangedOffering,
    tx: &mut Tx,
) -> Result<TargetView<EditedOffering, OfferingDraft>, Failure> {
    let ChangedOffering { offering, draft, .. } = changed;
    Ok(EditedOffering::of(tx, offering, draft)?.show_draft(tx.now))
}
