//! The demo's commands up to a registered provider; completed ones are skipped.

use std::{cell::Cell, sync::Arc};

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::files::{DemoMunicipality, DemoOffering, DemoProvider};
use crate::{
    catalogue::Catalogue,
    commands::{
        self, Command, Environment, Expected, Input, NoKey, Target, Tx,
        municipality::PutSettings,
        offering::{CreateOffering, PublishOffering},
        provider::{PutProfile, confirm_address},
    },
    context::Context,
    domain::{
        error::DomainError,
        offering::OfferingLifecycle,
        role::{Actor, Assured, CallerIdentity, FromCaller, Role},
        values::{
            numbers::OrganisationNumber,
            text::{Code, Line},
        },
    },
    jobs::{self, JobContext, NoticeSender},
    store::{CommandMetadata, Failure, Store},
};

/// Request id of the demo's journal rows.
pub(super) const REQUEST: &str = "demo";

/// The key of the demo's person with a role.
pub(super) fn subject_of(role: Role) -> String {
    format!("demo-{}", role.as_str())
}

/// Context of the demo.
pub(super) struct Stage<'a> {
    pub(super) store: &'a Store,
    pub(super) catalogue: &'a Arc<Catalogue>,
    pub(super) context: &'a Context,
    pub(super) notices: &'a NoticeSender,
    /// How long ago the commands are run: a contract waits for the stand-still of a procurement.
    pub(super) ago: TimeDelta,
    /// How many commands were run.
    pub(super) count: Cell<u32>,
}

impl<'a> Stage<'a> {
    pub(super) const fn new(
        store: &'a Store,
        catalogue: &'a Arc<Catalogue>,
        context: &'a Context,
        notices: &'a NoticeSender,
        ago: TimeDelta,
    ) -> Self {
        Self { store, catalogue, context, notices, ago, count: Cell::new(0) }
    }
}

impl Stage<'_> {
    /// A person of the demo. One name for each role, so that four eyes are two people.
    pub(super) fn caller(
        &self,
        role: Role,
        organisation: &OrganisationNumber,
    ) -> Result<CallerIdentity, DomainError> {
        let name = format!("Demo {}", role.as_str().replace('-', " "));
        let line =
            |input: &str| Line::parse(input).map_err(|error| DomainError::invalid("/name", error));
        Ok(CallerIdentity {
            actor: Actor { subject: line(&subject_of(role))?, name: line(&name)? },
            role,
            municipality: self.catalogue.municipality_of(organisation).cloned(),
            organisation: organisation.clone(),
            assured: Assured::default(),
            reads_only: None,
        })
    }

    /// Sends a command with its body and the parameters of its path, as the API runs it: one transaction, one journal row.
    pub(super) fn send<C: Command>(
        &self,
        body: Value,
        path: &[(&str, &Code)],
        key: &<C::Target as Target>::Key,
        by: &CallerIdentity,
    ) -> Result<C::Answer, Failure> {
        let path = path.iter().map(|(name, value)| ((*name).to_owned(), value.to_string()));
        let fields = body.as_object().cloned().unwrap_or_default();
        let input = Input::parse(fields, path.collect(), by.role)?;
        let role = C::Role::of(by.clone())?;
        let metadata = self.metadata(by);
        let Self { context, catalogue, .. } = *self;
        let answer = self.store.write_if_changed(&metadata, |session| {
            let environment = Environment::without_files(context, catalogue);
            let mut tx = Tx::new(session, environment, metadata.at);
            commands::execute::<C>(input, key, Expected::Any, by, &role, &mut tx)
        })?;
        self.count.set(self.count.get() + 1);
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

    /// Sets the deciding and appeal bodies of a municipality.
    pub(super) fn set_up(&self, demo: &DemoMunicipality) -> Result<(), Failure> {
        let number = &demo.at.number;
        if self.store.read(|session| session.municipality(number))?.is_some() {
            return Ok(());
        }
        tracing::info!(municipality = %number, "demo: setting up");
        let editor = self.caller(Role::Editor, &demo.at.organisation)?;
        self.send::<PutSettings>(demo.settings.clone(), &[], number, &editor).map(drop)
    }

    /// Drafts an offering, then publishes it.
    pub(super) fn publish(&self, demo: &DemoOffering) -> Result<(), Failure> {
        let (number, service) = (&demo.at.number, &demo.service);
        let editor = self.caller(Role::Editor, &demo.at.organisation)?;
        let find = || self.store.read(|session| session.offering_of(number, service));
        let found = find()?;
        if found.is_none() {
            tracing::info!(municipality = %number, %service, "demo: publishing");
            let body = json!({"service": service.as_str(), "content": demo.content});
            self.send::<CreateOffering>(body, &[], &NoKey, &editor)?;
        }
        let Some(draft) =
            find()?.map(|it| it.0).filter(|it| it.lifecycle == OfferingLifecycle::Draft)
        else {
            return Ok(());
        };
        self.send::<PublishOffering>(json!({}), &[], &draft.id.uuid(), &editor).map(drop)
    }

    /// Registers a provider.
    pub(super) fn register(&self, demo: &DemoProvider) -> Result<(), Failure> {
        if self.store.read(|session| session.provider(&demo.number))?.is_some() {
            return Ok(());
        }
        tracing::info!(provider = %demo.number, "demo: registering");
        let provider = self.caller(Role::Provider, &demo.number)?;
        self.send::<PutProfile>(demo.profile.clone(), &[], &demo.number, &provider).map(drop)
    }

    /// Sends the notices that wait.
    pub(super) fn send_notices(&self) -> Result<(), Failure> {
        let jobs = JobContext {
            store: self.store.clone(),
            context: self.context.clone().earlier(self.ago),
            catalogue: Arc::clone(self.catalogue),
        };
        jobs::send_notices(&jobs, self.notices)?;
        Ok(())
    }

    /// Confirms the addresses of a provider, as its links do.
    pub(super) fn confirm_addresses(&self, demo: &DemoProvider) -> Result<(), Failure> {
        self.send_notices()?;
        let by = self.caller(Role::Provider, &demo.number)?;
        let provider = self.store.read(|session| session.provider(&demo.number))?;
        let addresses = provider.iter().flat_map(|provider| &provider.addresses);
        for address in addresses.filter(|address| address.confirmed_at.is_none()) {
            let metadata = self.metadata(&by);
            let Self { context, catalogue, .. } = *self;
            self.store.write_if_changed(&metadata, |session| {
                let environment = Environment::without_files(context, catalogue);
                let mut tx = Tx::new(session, environment, metadata.at);
                confirm_address(&demo.number, address.token, &mut tx)
            })?;
        }
        Ok(())
    }
}
