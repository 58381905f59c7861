//! Offerings: drafted, published, closed and priced by the editor of their municipality.

mod closure;
mod compensation;
mod draft;
mod own_listing;
mod publication;

pub use self::{
    closure::CloseOffering,
    compensation::{AdjustCompensation, AnnounceCompensation, PriceChange},
    draft::{ChangeOfferingDraft, CreateOffering},
    own_listing::{ChangeOwnListing, ConfirmOwnListing},
    publication::{PublishOffering, PublishedVersion},
};

use uuid::Uuid;

use super::{Aggregate, CommandVisitor, HandlerAction, Route, Target, TargetView, Tx};
use crate::{
    domain::{
        Change, Revised,
        agenda::Task,
        error::{DomainError, Noun},
        message::fields,
        municipality::Municipality,
        offering::{
            Offering, OfferingCommand, Version,
            announcement::Announced,
            content::{Compensation, OfferingContent},
        },
        role::{Editor, Party},
        validation::{FieldError, ValidationErrors},
        values::{
            ids::{OfferingId, Revision},
            time::Instant,
        },
    },
    json::{
        offering::draft::{DraftContent, OfferingDraft},
        public::{OfferingRecord, PublicRecord},
    },
    store::{Failure, InForce, corrupt},
};

/// An offering as its editor sees it: with the draft of the next version, and the content in force.
#[derive(Debug)]
pub struct EditedOffering {
    offering: Offering,
    draft: DraftContent,
    in_force: Option<InForce>,
    complete: Result<(OfferingContent, Municipality), DomainError>,
}

impl EditedOffering {
    fn of(tx: &mut Tx, offering: Offering, draft: DraftContent) -> Result<Self, Failure> {
        let in_force = tx.session.in_force(&offering)?;
        let complete = complete(tx, &offering, &draft)?;
        Ok(Self { offering, draft, in_force, complete })
    }

    /// The offering.
    #[must_use]
    pub const fn offering(&self) -> &Offering {
        &self.offering
    }

    fn content_in_force(&self) -> Option<&OfferingContent> {
        self.in_force.as_ref().map(|it| &it.content)
    }

    fn guard(&self, command: OfferingCommand, now: Instant) -> Result<(), DomainError> {
        let draft = self.complete.as_ref().map(|(content, _)| content).map_err(Clone::clone);
        self.offering.guard(command, self.content_in_force(), draft, now)
    }

    /// The draft with its missing fields.
    #[must_use]
    pub fn show_draft(self, now: Instant) -> TargetView<Self, OfferingDraft> {
        let Self { offering, draft, in_force, complete, .. } = &self;
        let missing = complete.as_ref().err().map_or(&[][..], |error| &error.errors);
        let view = OfferingDraft {
            id: offering.id,
            municipality: offering.municipality.clone(),
            service: offering.service.clone(),
            state: offering.state_at(now),
            version: offering.lifecycle.version().map(|number| number.0),
            closure: offering.lifecycle.closure(),
            changes: in_force.as_ref().map(|it| draft.changes_from(&it.content)),
            content: draft.clone(),
            missing: missing.iter().map(Into::into).collect(),
        };
        let (revision, path) = (offering.revision, format!("offerings/{}/draft", offering.id));
        TargetView { target: self, view, revision, path }
    }
}

/// The draft as complete content, and the municipality that publishes it; or all that is missing.
fn complete(
    tx: &mut Tx,
    offering: &Offering,
    draft: &DraftContent,
) -> Result<Result<(OfferingContent, Municipality), DomainError>, Failure> {
    let municipality = tx.session.municipality(&offering.municipality)?;
    let mut errors = ValidationErrors::default();
    let content = draft.complete(tx.catalogue()).map_err(|found| errors.extend(found)).ok();
    if municipality.is_none() {
        errors.add("", fields::municipality_not_set_up(offering.municipality.to_string()));
    }
    Ok(content.zip(municipality).ok_or_else(|| DomainError::offering_incomplete(errors)))
}

impl Target for EditedOffering {
    type Key = Uuid;
    const NOUN: Noun = Noun::Offering;
    const TAG: &'static str = "offerings";

    fn missing(&self) -> Vec<FieldError> {
        self.complete.as_ref().err().map_or_else(Vec::new, |error| error.errors.clone())
    }

    fn load(tx: &mut Tx, id: &Uuid, party: &Party) -> Result<Option<Self>, Failure> {
        let found = tx.session.offering(OfferingId::new(*id))?;
        let own = found.filter(|(it, _)| *party == Party::Municipality(it.municipality.clone()));
        own.map(|(offering, draft)| Self::of(tx, offering, draft)).transpose()
    }

    fn key(&self) -> Uuid {
        self.offering.id.uuid()
    }

    fn revision(&self) -> Option<Revision> {
        Some(self.offering.revision)
    }

    fn commands(visitor: &mut impl CommandVisitor<Self>) {
        visitor.visit::<ChangeOfferingDraft>();
        visitor.visit::<PublishOffering>();
        visitor.visit::<CloseOffering>();
        // The same command with another kind.
        visitor.visit_handler::<Editor>(&HandlerAction {
            route: Route { action: OfferingCommand::End.as_str(), ..closure::ROUTE },
            guard: |edited, _, now| edited.guard(OfferingCommand::End, now),
        });
        visitor.visit::<ChangeOwnListing>();
        visitor.visit::<ConfirmOwnListing>();
        visitor.visit::<AnnounceCompensation>();
        visitor.visit::<AdjustCompensation>();
    }
}

/// A changed offering, with its related changes.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ChangedOffering {
    offering: Offering,
    draft: DraftContent,
    part: ChangedPart,
}

#[derive(Debug, Clone, PartialEq)]
enum ChangedPart {
    /// The draft, which is not public.
    Draft,
    /// Public data beside the version in force.
    Public,
    /// A new version.
    Version(Box<Version>),
    /// The present prices.
    Prices(Announced, Box<Compensation>),
}

impl Revised for ChangedOffering {
    fn set_revision(&mut self, revision: Revision) {
        self.offering.revision = revision;
    }

    fn revision(&self) -> Revision {
        self.offering.revision
    }
}

impl Aggregate for ChangedOffering {
    fn save(&self, tx: &mut Tx, from: Option<Revision>) -> Result<(), Failure> {
        let Self { offering, draft, part } = self;
        tx.session.save_offering(offering, draft, from, tx.now)?;
        match part {
            ChangedPart::Draft | ChangedPart::Public => Ok(()),
            ChangedPart::Version(version) => tx.session.save_version(version),
            ChangedPart::Prices(announced, prices) => {
                tx.session.save_announced(offering.id, *announced, Compensation::clone(prices))
            }
        }
    }

    fn public(&self, tx: &mut Tx) -> Result<Option<PublicRecord>, Failure> {
        if self.part == ChangedPart::Draft {
            return Ok(None);
        }
        Ok(tx.session.offering_record(&self.offering, tx.now)?.map(Into::into))
    }
}

/// An offering with its draft, for a change of its public part.
pub(super) fn load_for_change(
    id: OfferingId,
    tx: &mut Tx,
) -> Result<Option<ChangedOffering>, Failure> {
    let found = tx.session.offering(id)?;
    let part = ChangedPart::Public;
    Ok(found.map(|(offering, draft)| ChangedOffering { offering, draft, part }))
}

impl ChangedOffering {
    /// Closes or ends the offering on its day; `None` if it has no such day now.
    pub(super) fn day_has_come(self, task: Task, now: Instant) -> Option<Change<Self>> {
        let change = self.offering.day_has_come(task, now)?;
        Some(changed(change, self.draft, self.part))
    }
}

/// A changed offering with its draft.
fn changed(
    Change { value: offering, event }: Change<Offering>,
    draft: DraftContent,
    part: ChangedPart,
) -> Change<ChangedOffering> {
    Change { value: ChangedOffering { offering, draft, part }, event }
}

/// The public record of a published offering.
fn show_record(
    tx: &mut Tx,
    changed: ChangedOffering,
) -> Result<TargetView<EditedOffering, OfferingRecord>, Failure> {
    let ChangedOffering { offering, draft, .. } = changed;
    let record = tx.session.offering_record(&offering, tx.now)?;
    let view = record.ok_or_else(|| corrupt("offering", offering.id))?;
    let (revision, path) = (offering.revision, format!("offerings/{}", offering.id));
    Ok(TargetView { target: EditedOffering::of(tx, offering, draft)?, view, revision, path })
}
