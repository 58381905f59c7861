//! The transaction of one command.

use std::mem;

use super::{Aggregate, Outcome};
use crate::{
    catalogue::Catalogue,
    context::Context,
    domain::{
        Change, Revised,
        decision::{Decision, history::DecisionHistory},
        event::Event,
        evidence::{CaseLimit, ProviderLimit},
        role::Actor,
        values::{
            ids::{Id, Revision},
            numbers::OrganisationNumber,
            time::Instant,
        },
    },
    json::public::PublicRecord,
    store::{CommandOutcome, Done, Failure, RelatedChange, Session},
};

/// Dependencies of commands beside the database: ids, catalogues, limits.
#[derive(Debug, Clone, Copy)]
pub struct Environment<'a> {
    /// The source of ids.
    pub context: &'a Context,
    /// Services, criteria and grounds.
    pub catalogue: &'a Catalogue,
    /// How many bytes of files one case may have.
    pub case_limit: CaseLimit,
    /// How many bytes of files one provider may have.
    pub provider_limit: ProviderLimit,
}

impl<'a> Environment<'a> {
    /// For callers that upload no files.
    pub const fn without_files(context: &'a Context, catalogue: &'a Catalogue) -> Self {
        Self { context, catalogue, case_limit: CaseLimit(0), provider_limit: ProviderLimit(0) }
    }
}

/// The transaction of one command: the database, the time, new ids, and changes beside the target.
#[derive(Debug)]
pub struct Tx<'a, 's> {
    /// The time at which it runs.
    pub now: Instant,
    /// The database.
    pub session: &'a mut Session<'s>,
    /// Further dependencies.
    pub environment: Environment<'a>,
    /// The revision of the target before the command.
    revision: Option<Revision>,
    /// The caller's organisation.
    organisation: Option<OrganisationNumber>,
    related: Vec<RelatedChange>,
}

impl<'a, 's> Tx<'a, 's> {
    /// The transaction of a command that runs at an instant.
    pub const fn new(
        session: &'a mut Session<'s>,
        environment: Environment<'a>,
        now: Instant,
    ) -> Self {
        Self { now, session, environment, revision: None, organisation: None, related: Vec::new() }
    }

    pub(super) const fn set_revision(&mut self, revision: Option<Revision>) {
        self.revision = revision;
    }

    pub(super) fn set_organisation(&mut self, organisation: &OrganisationNumber) {
        self.organisation = Some(organisation.clone());
    }

    /// Guards one more change of a profile or a listing by the caller's organisation.
    ///
    /// # Errors
    /// `too-many-changes`, or a failing database.
    pub fn check_daily_limit(&mut self) -> Result<(), Failure> {
        match &self.organisation {
            Some(organisation) => self.session.check_daily_limit(organisation.as_str(), self.now),
            None => Ok(()),
        }
    }

    /// The catalogues.
    #[must_use]
    pub const fn catalogue(&self) -> &'a Catalogue {
        self.environment.catalogue
    }

    /// The id of a new resource.
    #[must_use]
    pub fn new_id<T>(&self) -> Id<T> {
        self.environment.context.id()
    }

    /// Saves the changed target.
    ///
    /// # Errors
    /// `stale`, or a failing database.
    pub fn save<A: Aggregate>(&mut self, change: Change<A>) -> Outcome<A> {
        let from = self.revision;
        self.write(change, from)
    }

    /// Saves the changed target, unless it differs from the former one in its revision only.
    ///
    /// # Errors
    /// Those of `check`; `stale`; a failing database.
    pub fn save_if_changed<A: Aggregate + Revised>(
        &mut self,
        change: Change<A>,
        before: Option<A>,
        check: impl FnOnce(&mut Self) -> Result<(), Failure>,
    ) -> Outcome<A> {
        match change.compare(before) {
            Ok(change) => {
                check(self)?;
                self.save(change)
            }
            Err(same) => Ok(CommandOutcome::Unchanged(same)),
        }
    }

    /// Saves a new resource.
    ///
    /// # Errors
    /// A failing database.
    pub fn insert<A: Aggregate>(&mut self, change: Change<A>) -> Outcome<A> {
        self.write(change, None)
    }

    fn write<A: Aggregate>(&mut self, change: Change<A>, from: Option<Revision>) -> Outcome<A> {
        change.value.save(self, from)?;
        A::add_consequences(&change, self)?;
        let public = change.value.public(self)?;
        let Change { value: answer, event } = change;
        Ok(CommandOutcome::Changed(Done { event, public, related: Vec::new(), answer }))
    }

    /// Saves another aggregate that changes with the target; it gets its own journal row.
    ///
    /// # Errors
    /// `stale`, or a failing database.
    pub fn save_related<A: Aggregate>(
        &mut self,
        change: Change<A>,
        from: Option<Revision>,
    ) -> Result<A, Failure> {
        change.value.save(self, from)?;
        A::add_consequences(&change, self)?;
        let public = change.value.public(self)?;
        self.relate(change.event, public);
        Ok(change.value)
    }

    /// Adds a journal row for a related change, with its public record.
    pub fn relate(&mut self, event: Event, public: Option<PublicRecord>) {
        let id = self.environment.context.row_id();
        self.related.push(RelatedChange { id, event, public });
    }

    /// Saves a decision that was signed just now and is sent to the party; returns its history.
    ///
    /// # Errors
    /// A failing database.
    pub fn save_signed(
        &mut self,
        decision: &Decision,
        signed_by: &Actor,
    ) -> Result<DecisionHistory, Failure> {
        let history = DecisionHistory::begin(decision, signed_by.subject.clone());
        self.session.save_decision(decision)?;
        self.session.save_history(&history, None)?;
        let public = self.session.decision_record(decision, None)?;
        self.relate(decision.signed(), Some(public.into()));
        Ok(history)
    }

    /// Takes the journal rows of related changes.
    pub fn take_related(&mut self) -> Vec<RelatedChange> {
        mem::take(&mut self.related)
    }
}
