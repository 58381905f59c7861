//! The demo's acts up to a registered provider; each is left out where it is done.

use std::cell::Cell;

use chrono::TimeDelta;

use super::{
    REQUEST,
    files::{DemoMunicipality, DemoOffering, DemoProvider},
};
use crate::{
    catalogue::Catalogue,
    commands::{self, Command, Environment, Expected, Input, Target, Tx},
    context::Context,
    domain::{
        error::DomainError,
        evidence::{CaseLimit, ProviderLimit},
        municipality::Municipality,
        offering::{Offering, OfferingLifecycle},
        provider::Provider,
        role::{Actor, Assured, CallerIdentity, Editor, FromCaller, ProviderUser, Role},
        value_error::ValueError,
        values::{numbers::OrganisationNumber, text::Line, time::Instant},
    },
    json::public::{MunicipalityRecord, OfferingRecord, ProviderRecord},
    store::{CommandMetadata, Done, Failure, Session, Store},
};

/// Where the demo acts.
pub(super) struct Stage<'a> {
    pub(super) store: &'a Store,
    pub(super) catalogue: &'a Catalogue,
    pub(super) context: &'a Context,
    /// How long ago its acts are done: a contract waits for the stand-still of a procurement.
    pub(super) ago: TimeDelta,
    /// How many acts were done.
    pub(super) acts: Cell<u32>,
}

impl<'a> Stage<'a> {
    pub(super) const fn new(
        store: &'a Store,
        catalogue: &'a Catalogue,
        context: &'a Context,
        ago: TimeDelta,
    ) -> Self {
        Self { store, catalogue, context, ago, acts: Cell::new(0) }
    }
}

impl Stage<'_> {
    /// Somebody of the demo. One name for each role, so that four eyes are four.
    pub(super) fn caller(
        &self,
        role: Role,
        organisation: &OrganisationNumber,
    ) -> Result<CallerIdentity, DomainError> {
        let name = format!("Demo {}", role.as_str().replace('-', " "));
        let line =
            |input: &str| Line::parse(input).map_err(|error| DomainError::invalid("/name", error));
        Ok(CallerIdentity {
            actor: Actor { subject: line(&format!("demo-{}", role.as_str()))?, name: line(&name)? },
            role,
            municipality: self.catalogue.municipality_of(organisation).cloned(),
            organisation: organisation.clone(),
            assured: Assured::default(),
        })
    }

    /// One act in one transaction, as a handler does it.
    pub(super) fn execute<R: FromCaller>(
        &self,
        by: &CallerIdentity,
        run: impl FnOnce(&mut Session<'_>, &R, Instant) -> Result<Done<()>, Failure>,
    ) -> Result<(), Failure> {
        let role = R::of(by.clone())?;
        let metadata = self.metadata(by);
        self.store.write(&metadata, |session| run(session, &role, metadata.at))?;
        self.acts.set(self.acts.get() + 1);
        Ok(())
    }

    /// Runs a command in one transaction, as the API does.
    pub(super) fn run<C: Command>(
        &self,
        command: C,
        key: &<C::Target as Target>::Key,
        by: &CallerIdentity,
    ) -> Result<C::Answer, Failure> {
        let role = C::Role::of(by.clone())?;
        let metadata = self.metadata(by);
        let (case_limit, provider_limit) = (CaseLimit(0), ProviderLimit(0));
        let Self { context, catalogue, .. } = *self;
        let answer = self.store.write_if_changed(&metadata, |session| {
            let environment = Environment { context, catalogue, case_limit, provider_limit };
            let mut tx = Tx::new(session, environment, metadata.at);
            commands::execute(Input::Whole(command), key, Expected::Any, by, &role, &mut tx)
        })?;
        self.acts.set(self.acts.get() + 1);
        Ok(answer)
    }

    fn metadata(&self, by: &CallerIdentity) -> CommandMetadata {
        CommandMetadata {
            id: self.context.row_id(),
            at: self.context.now() - self.ago,
            actor: by.actor.clone(),
            role: by.role.as_str(),
            organisation: by.organisation.to_string(),
            request_id: REQUEST.to_owned(),
        }
    }

    /// Says who decides and who hears appeals in a municipality.
    pub(super) fn set_up(&self, demo: &DemoMunicipality) -> Result<(), Failure> {
        let number = &demo.at.number;
        if self.store.read(|session| session.municipality(number))?.is_some() {
            return Ok(());
        }
        tracing::info!(municipality = %number, "demo: setting up");
        let editor = self.caller(Role::Editor, &demo.at.organisation)?;
        self.execute(&editor, |session, by: &Editor, _| {
            let change = Municipality::put(None, number.clone(), demo.settings.clone(), by)?;
            session.save_municipality(&change.value, None)?;
            let public = Some(MunicipalityRecord::of(&change.value).into());
            Ok(Done { event: change.event, public, related: vec![], answer: () })
        })
    }

    /// Drafts an offering, then publishes it.
    pub(super) fn publish(&self, demo: &DemoOffering) -> Result<(), Failure> {
        let (number, service) = (&demo.at.number, &demo.service);
        let editor = self.caller(Role::Editor, &demo.at.organisation)?;
        let find = || self.store.read(|session| session.offering_of(number, service));
        let found = find()?;
        if found.is_none() {
            tracing::info!(municipality = %number, %service, "demo: publishing");
            self.execute(&editor, |session, by: &Editor, now| {
                let change = Offering::draft(self.context.id(), service.clone(), by);
                session.save_offering(&change.value, &demo.content, None, now)?;
                Ok(Done { event: change.event, public: None, related: vec![], answer: () })
            })?;
        }
        let Some(draft) =
            find()?.map(|it| it.0).filter(|it| it.lifecycle == OfferingLifecycle::Draft)
        else {
            return Ok(());
        };
        self.execute(&editor, |session, by: &Editor, now| {
            let from = Some(draft.revision);
            let missing = || DomainError::not_found("municipality");
            let municipality = session.municipality(number)?.ok_or_else(missing)?;
            let content = demo.content.read(self.catalogue).map_err(DomainError::validation)?;
            let change = draft.publish(content, None, &municipality, by, now)?;
            let (offering, version) = change.value;
            session.save_offering(&offering, &demo.content, from, now)?;
            session.save_version(&version, &demo.content)?;
            let record = OfferingRecord::of(
                &offering,
                (version.number, version.published_at),
                demo.content.clone(),
                now,
            );
            Ok(Done {
                event: change.event,
                public: Some(record.into()),
                related: vec![],
                answer: (),
            })
        })
    }

    /// Registers a provider.
    pub(super) fn register(&self, demo: &DemoProvider) -> Result<(), Failure> {
        if self.store.read(|session| session.provider(&demo.number))?.is_some() {
            return Ok(());
        }
        tracing::info!(provider = %demo.number, name = %demo.profile.name, "demo: registering");
        let provider = self.caller(Role::Provider, &demo.number)?;
        self.execute(&provider, |session, by: &ProviderUser, now| {
            let profile = demo.profile.clone();
            let change = Provider::put(None, demo.number.clone(), profile, by, now)?;
            session.save_provider(&change.value, None)?;
            let public = Some(ProviderRecord::of(&change.value).into());
            Ok(Done { event: change.event, public, related: vec![], answer: () })
        })
    }
}

/// A text of the demo that the domain does not take.
pub(super) fn unfit(error: ValueError) -> DomainError {
    DomainError::invalid("", error)
}
