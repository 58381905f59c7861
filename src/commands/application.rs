//! Applications: put together and submitted by the provider, assessed by the municipality.

use std::sync::Arc;

use uuid::Uuid;

use super::{Aggregate, Outcome, Target, Tx, decision};
use crate::{
    domain::{
        Change,
        application::{Application, guard::CaseContext},
        error::DomainError,
        municipality::Municipality,
        offering::{Offering, VersionNumber, content::OfferingContent, intake::Places},
        role::Party,
        values::{
            ids::{ApplicationId, Revision},
            time::Instant,
        },
    },
    store::{CommandOutcome, Failure},
};

/// An application with what its commands are held against. Cases of one offering share the rest.
#[derive(Debug, Clone)]
pub struct ApplicationCase {
    /// The application.
    pub application: Application,
    /// The offering applied for.
    pub offering: Arc<Offering>,
    /// The version of the offering that the application is measured by.
    pub content: Arc<OfferingContent>,
    /// The municipality that handles it.
    pub municipality: Arc<Municipality>,
    /// How many providers the offering takes, and who is approved there.
    pub places: Arc<Places>,
    /// When it was loaded.
    pub now: Instant,
}

impl ApplicationCase {
    /// An application with what is read beside it.
    ///
    /// # Errors
    /// A failing database.
    pub fn of(tx: &mut Tx, application: Application) -> Result<Self, Failure> {
        let (offering, _) = tx
            .session
            .offering(application.offering)?
            .ok_or_else(|| DomainError::not_found(Self::NOUN))?;
        let in_force = offering.lifecycle.version().unwrap_or(VersionNumber(1));
        let version = application.version(in_force);
        let content = tx.session.content(offering.id, version, tx.catalogue())?;
        let places = tx.session.places(&offering, &content, tx.catalogue(), tx.now)?;
        let municipality = decision::municipality(tx.session, &offering.municipality)?;
        Ok(Self {
            application,
            offering: Arc::new(offering),
            content: Arc::new(content),
            municipality: Arc::new(municipality),
            places: Arc::new(places),
            now: tx.now,
        })
    }

    /// What a command is held against, beside the application itself.
    #[must_use]
    pub fn context(&self) -> CaseContext<'_> {
        CaseContext {
            municipality: &self.municipality,
            content: &self.content,
            places: &self.places,
            now: self.now,
        }
    }

    /// Changes the application.
    ///
    /// # Errors
    /// What the domain answers.
    pub fn change(
        self,
        change: impl FnOnce(Application, CaseContext<'_>) -> Result<Change<Application>, DomainError>,
    ) -> Result<Change<Self>, DomainError> {
        let Change { value, event } = change(self.application.clone(), self.context())?;
        Ok(Change { value: Self { application: value, ..self }, event })
    }

    /// Changes and saves the application, unless nothing differs.
    ///
    /// # Errors
    /// What the domain answers; `stale`; a failing database.
    pub fn update(
        self,
        tx: &mut Tx,
        change: impl FnOnce(Application, CaseContext<'_>) -> Result<Change<Application>, DomainError>,
    ) -> Outcome<Self> {
        let before = self.application.clone();
        match change(before.clone(), self.context())?.compare(Some(before)) {
            Ok(Change { value, event }) => {
                tx.save(Change { value: Self { application: value, ..self }, event })
            }
            Err(_) => Ok(CommandOutcome::Unchanged(self)),
        }
    }
}

/// An application that the party may see. What was never submitted is the provider's alone.
///
/// # Errors
/// A failing database.
pub fn load(tx: &mut Tx, id: ApplicationId, party: &Party) -> Result<Option<Application>, Failure> {
    let found = tx.session.application(id)?;
    Ok(found.filter(|it| {
        let is_unseen = matches!(party, Party::Municipality(_)) && it.state.case().is_none();
        !is_unseen && party.may_see(&it.municipality, &it.provider)
    }))
}

impl Target for ApplicationCase {
    type Key = Uuid;
    const NOUN: &'static str = "application";

    fn load(tx: &mut Tx, id: &Uuid, party: &Party) -> Result<Option<Self>, Failure> {
        let application = load(tx, ApplicationId::new(*id), party)?;
        application.map(|application| Self::of(tx, application)).transpose()
    }

    fn key(&self) -> Uuid {
        self.application.id.uuid()
    }

    fn revision(&self) -> Option<Revision> {
        Some(self.application.revision)
    }
}

impl Aggregate for ApplicationCase {
    fn save(&self, tx: &mut Tx, from: Option<Revision>) -> Result<(), Failure> {
        tx.session.save_application(&self.application, from)
    }
}
