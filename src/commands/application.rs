//! Applications: put together and submitted by the provider, assessed by the municipality.

mod assessment;
mod disclosure;
mod draft;
mod evidence;
mod impartiality;
mod submission;

pub use self::{
    assessment::*, disclosure::*, draft::*, evidence::*, impartiality::*, submission::*,
};

use std::{collections::HashMap, sync::Arc};

use uuid::Uuid;

use super::{
    Aggregate, CommandVisitor, HandlerAction, Outcome, Resource, Route, Target, Tx,
    decision::{self, DecideApplication},
};
use crate::{
    domain::{
        Change,
        application::{
            Application, ApplicationCommand, ApplicationState, Coverage, guard::CaseContext,
        },
        error::{DomainError, Noun},
        evidence::EvidenceState,
        municipality::Municipality,
        offering::{
            Offering, VersionNumber,
            content::OfferingContent,
            intake::{Admission, Places},
        },
        role::{CallerIdentity, DecisionMaker, Party},
        validation::FieldError,
        values::{
            ids::{ApplicationId, FileId, Revision},
            time::Instant,
        },
    },
    json::{application::ApplicationFields, form::ConvertedForm},
    store::{CommandOutcome, Failure, Session},
};

/// An application with the data that its guards need. Cases of one offering share all but the application.
#[derive(Debug)]
pub struct ApplicationCase {
    /// The application.
    pub application: Application,
    /// The offering applied for.
    pub offering: Arc<Offering>,
    /// The version of the offering that the application is measured by.
    pub content: Arc<OfferingContent>,
    /// The municipality that handles it.
    pub municipality: Arc<Municipality>,
    /// The offering's maximum of providers, and the approved ones.
    pub places: Arc<Places>,
    /// Whether the municipality takes it in now, and into which round; for drafts.
    pub admission: Option<Result<Admission, DomainError>>,
    /// When it was loaded.
    pub now: Instant,
    /// Details read only for a single application.
    pub details: CaseDetails,
}

/// Details of a single application beyond those that commands need.
#[derive(Debug, Default)]
pub struct CaseDetails {
    /// Coverage by the provider's own files, for the provider while it can attach them.
    pub coverage: Option<Vec<Coverage>>,
    /// The scanner verdict of the files in the case.
    pub file_states: HashMap<FileId, EvidenceState>,
}

impl ApplicationCase {
    /// An application with its related data.
    pub fn of(tx: &mut Tx, application: Application) -> Result<Self, Failure> {
        let (offering, content) = measure(tx.session, &application)?;
        let places = tx.session.places(&offering, &content, tx.now)?;
        let municipality = decision::municipality(tx.session, &offering.municipality)?;
        let is_draft = matches!(application.state, ApplicationState::Draft);
        let admission = is_draft
            .then(|| domain_answer(tx.session.admission(&offering, &content, &application, tx.now)))
            .transpose()?;
        Ok(Self {
            admission,
            application,
            offering: Arc::new(offering),
            content: Arc::new(content),
            municipality: Arc::new(municipality),
            places: Arc::new(places),
            now: tx.now,
            details: CaseDetails::default(),
        })
    }

    /// Another application that is measured by the same content.
    #[must_use]
    pub fn sibling(&self, application: Application) -> Self {
        Self {
            admission: self.admission.clone(),
            application,
            offering: Arc::clone(&self.offering),
            content: Arc::clone(&self.content),
            municipality: Arc::clone(&self.municipality),
            places: Arc::clone(&self.places),
            now: self.now,
            details: CaseDetails::default(),
        }
    }

    /// The data that guards need beside the application.
    #[must_use]
    pub fn context(&self) -> CaseContext<'_> {
        CaseContext {
            municipality: &self.municipality,
            content: &self.content,
            places: &self.places,
            now: self.now,
        }
    }

    /// Whether a command is possible now.
    ///
    /// # Errors
    /// Why not.
    pub fn guard(
        &self,
        command: ApplicationCommand,
        caller: &CallerIdentity,
    ) -> Result<(), DomainError> {
        self.application.guard(command, &caller.actor, self.context())
    }

    /// Changes the application.
    ///
    /// # Errors
    /// Domain errors.
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
    /// Domain errors; `stale`; a failing database.
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

/// The answer with what forbids it as a value, or a failing database.
///
/// # Errors
/// A failing database.
fn domain_answer<T>(answer: Result<T, Failure>) -> Result<Result<T, DomainError>, Failure> {
    match answer {
        Ok(value) => Ok(Ok(value)),
        Err(Failure::Refused(because)) => Ok(Err(because)),
        Err(failure) => Err(failure),
    }
}

/// An application that the party may see.
///
/// # Errors
/// `not-found`, or a failing database.
pub fn load(
    session: &mut Session<'_>,
    id: ApplicationId,
    party: &Party,
) -> Result<Application, Failure> {
    let found = find(session, id, party)?;
    Ok(found.ok_or_else(|| DomainError::not_found(ApplicationCase::NOUN))?)
}

/// A never submitted application is visible to the provider only.
fn find(
    session: &mut Session<'_>,
    id: ApplicationId,
    party: &Party,
) -> Result<Option<Application>, Failure> {
    let found = session.application(id)?;
    Ok(found.filter(|it| {
        let is_unseen = matches!(party, Party::Municipality(_)) && it.state.case().is_none();
        !is_unseen && party.may_see(&it.municipality, &it.provider)
    }))
}

/// The offering of an application and the content that it is measured by.
///
/// # Errors
/// A failing database.
pub fn measure(
    session: &mut Session<'_>,
    application: &Application,
) -> Result<(Offering, OfferingContent), Failure> {
    let missing = || DomainError::not_found(ApplicationCase::NOUN);
    let (offering, _) = session.offering(application.offering)?.ok_or_else(missing)?;
    let in_force = offering.lifecycle.version().unwrap_or(VersionNumber(1));
    let content = session.content(offering.id, application.version(in_force))?;
    Ok((offering, content))
}

impl Target for ApplicationCase {
    type Key = Uuid;
    const NOUN: Noun = Noun::Application;
    const TAG: &'static str = "applications";

    fn missing(&self) -> Vec<FieldError> {
        match self.application.state {
            ApplicationState::Draft => self.application.missing(self.context().content).into_vec(),
            _ => Vec::new(),
        }
    }

    fn load(tx: &mut Tx, id: &Uuid, party: &Party) -> Result<Option<Self>, Failure> {
        let application = find(tx.session, ApplicationId::new(*id), party)?;
        application.map(|application| Self::of(tx, application)).transpose()
    }

    fn key(&self) -> Uuid {
        self.application.id.uuid()
    }

    fn revision(&self) -> Option<Revision> {
        Some(self.application.revision)
    }

    fn commands(visitor: &mut impl CommandVisitor<Self>) {
        visitor.visit::<ChangeDraft>();
        visitor.visit::<AnswerCriterion>();
        visitor.visit::<AttachEvidence>();
        visitor.visit::<WithdrawConsent>();
        visitor.visit::<SubmitApplication>();
        visitor.visit::<CompleteApplication>();
        visitor.visit::<WithdrawApplication>();
        visitor.visit::<ChangeVersion>();
        visitor.visit::<ChallengeImpartiality>();
        visitor.visit::<DeclareImpartiality>();
        visitor.visit::<RuleOnImpartiality>();
        visitor.visit::<StartAssessment>();
        visitor.visit::<AssessCriterion>();
        visitor.visit::<SendPreliminaryAnswer>();
        visitor.visit::<RequestCompletion>();
        visitor.visit::<ResumeAssessment>();
        visitor.visit::<DiscloseInformation>();
        visitor.visit::<CommentOnInformation>();
        visitor.visit::<DecideApplication>();
        // A decision can dismiss, too, which is possible at other times.
        let path = "/applications/{id}/decision";
        visitor.visit_handler::<DecisionMaker>(&HandlerAction {
            route: Route::create("dismiss", "applicationDecide", path),
            guard: |case, caller, _| case.guard(ApplicationCommand::Dismiss, caller),
        });
        visitor.visit::<RemoveContact>();
    }
}

impl Aggregate for Application {
    fn save(&self, tx: &mut Tx, from: Option<Revision>) -> Result<(), Failure> {
        tx.session.save_application(self, from)
    }
}

impl Aggregate for ApplicationCase {
    fn save(&self, tx: &mut Tx, from: Option<Revision>) -> Result<(), Failure> {
        self.application.save(tx, from)
    }
}

impl Resource for ApplicationCase {
    const COLLECTION: &'static str = "applications";
}

impl ConvertedForm for ApplicationCase {
    type Fields = ApplicationFields;

    fn to_fields(&self) -> ApplicationFields {
        let CaseDetails { coverage, file_states } = &self.details;
        let view = ApplicationFields::new(&self.application, self.context());
        view.with_details(coverage.as_deref(), file_states)
    }
}
