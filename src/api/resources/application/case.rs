//! What the acts on an application share: loading it for a party, running one transition, showing it.

use actix_web::HttpResponse;
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    api::{
        AppData, AppState,
        extract::{caller::Caller, preconditions::IfMatch},
        problem::Problem,
    },
    commands::decision::municipality,
    domain::{
        Change,
        application::{Application, ApplicationState as Stage, Case, guard::CaseContext},
        error::DomainError,
        municipality::Municipality,
        offering::{Offering, VersionNumber, content::OfferingContent, intake::Places},
        role::{CallerIdentity, FromCaller, Party},
        values::{
            ids::{ApplicationId, DecisionId},
            text::Code,
            time::Instant,
        },
    },
    json::{
        ActionForm, application::DossierView, case::AgeForm, evidence::CoverageForm,
        field_error::FieldErrorForm, form::ConvertedForm,
    },
    store::{CommandOutcome, Done, Failure, Session},
};

/// An application as its parties see it.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Application)]
pub(crate) struct ApplicationView {
    /// Its id.
    pub(crate) id: uuid::Uuid,
    /// The offering applied for.
    offering_id: uuid::Uuid,
    /// The municipality's number.
    municipality: String,
    /// The code of the service.
    service: String,
    /// The provider's organisation number.
    provider: String,
    /// Where it is in its life.
    #[schema(schema_with = states)]
    state: String,
    /// What the provider has put together.
    #[serde(flatten)]
    pub(super) dossier: DossierView,
    /// What is still missing before it can be submitted, with pointers into this resource.
    missing: Option<Vec<FieldErrorForm>>,
    /// Evidence whose age is bounded, and whether it is young enough; while the application is open.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    evidence_ages: Vec<AgeForm>,
    /// What the provider's own files cover on this day; for the provider, while it can attach them.
    pub(super) coverage: Option<Vec<CoverageForm>>,
    /// Receipt, declarations of impartiality and assessment, from the submission on.
    case: Option<Case>,
    /// The decision, where there is one.
    decision_id: Option<uuid::Uuid>,
    /// The day by which the applicant is owed a preliminary answer or a decision; while the case is under way.
    preliminary_answer_due: Option<NaiveDate>,
    /// The acts of this caller's role, whether they can be done now and, where not, why.
    actions: Vec<ActionForm>,
}

/// The states of an application.
pub(crate) const STATES: [&str; 9] = [
    "draft",
    "submitted",
    "under-assessment",
    "awaiting-completion",
    "ready",
    "approved",
    "refused",
    "dismissed",
    "withdrawn",
];

pub(crate) fn states() -> utoipa::openapi::schema::Object {
    crate::json::words("Where it is in its life.", STATES)
}

crate::json::parameter_schema!(StateParameter, states);

/// Loads, runs one transition at the expected revision, keeps, and shows the application.
pub(crate) async fn execute<R: FromCaller + Send + 'static>(
    state: &AppData,
    by: Caller<R>,
    id: ApplicationId,
    expected: IfMatch,
    transition: impl FnOnce(
        Application,
        &Caller<R>,
        CaseContext<'_>,
    ) -> Result<Change<Application>, DomainError>
    + Send
    + 'static,
) -> Result<HttpResponse, Problem> {
    act_reading(state, by, id, expected, move |_, application, by, case_context| {
        Ok(transition(application, by, case_context)?)
    })
    .await
}

/// The same for a transition that reads more from the database, in the transaction of the command.
pub(crate) async fn act_reading<R: FromCaller + Send + 'static>(
    state: &AppData,
    by: Caller<R>,
    id: ApplicationId,
    expected: IfMatch,
    transition: impl FnOnce(
        &mut Session<'_>,
        Application,
        &Caller<R>,
        CaseContext<'_>,
    ) -> Result<Change<Application>, Failure>
    + Send
    + 'static,
) -> Result<HttpResponse, Problem> {
    state
        .execute_if_changed(by.metadata(&state.context), move |session, state, now| {
            let party = Party::of(by.caller.clone())?;
            let (application, (offering, content)) = load(session, state, id, &party)?;
            expected.matches(application.revision)?;
            let (municipality, places) = load_context(session, state, (&offering, &content), now)?;
            let case_context = CaseContext {
                municipality: &municipality,
                content: &content,
                places: &places,
                now,
            };
            let before = application.clone();
            let change =
                match transition(session, application, &by, case_context)?.compare(Some(before)) {
                    Ok(change) => change,
                    Err(same) => {
                        let view = view(&same, case_context, &by.caller);
                        return Ok(CommandOutcome::Unchanged((same.revision, view)));
                    }
                };
            session.save_application(&change.value, Some(expected.0))?;
            let view = view(&change.value, case_context, &by.caller);
            let answer = (change.value.revision, view);
            Ok(CommandOutcome::Changed(Done {
                event: change.event,
                public: None,
                related: vec![],
                answer,
            }))
        })
        .await
}

pub(crate) fn criterion(input: &str) -> Result<Code, DomainError> {
    Code::parse(input).map_err(|_| DomainError::not_found("criterion"))
}

/// An application that the party may see, with its offering and the content it is measured by.
pub(crate) fn load(
    session: &mut Session<'_>,
    state: &AppState,
    id: ApplicationId,
    party: &Party,
) -> Result<(Application, (Offering, OfferingContent)), Failure> {
    let application = seen_by(session, id, party)?;
    let measured = measure(session, state, &application)?;
    Ok((application, measured))
}

/// An application that the party may see.
pub(crate) fn seen_by(
    session: &mut Session<'_>,
    id: ApplicationId,
    party: &Party,
) -> Result<Application, Failure> {
    let nothing = || DomainError::not_found("application");
    let application = session.application(id)?.ok_or_else(nothing)?;
    // What was never submitted is the provider's alone.
    let unseen = matches!(party, Party::Municipality(_)) && application.state.case().is_none();
    if unseen || !party.may_see(&application.municipality, &application.provider) {
        return Err(nothing().into());
    }
    Ok(application)
}

/// The offering of an application and the content that it is measured by.
pub(super) fn measure(
    session: &mut Session<'_>,
    state: &AppState,
    application: &Application,
) -> Result<(Offering, OfferingContent), Failure> {
    let nothing = || DomainError::not_found("application");
    let (offering, _) = session.offering(application.offering)?.ok_or_else(nothing)?;
    let in_force = offering.lifecycle.version().unwrap_or(VersionNumber(1));
    let version = application.version(in_force);
    let content = session.content(offering.id, version, &state.catalogue)?;
    Ok((offering, content))
}

/// The municipality that handles applications for an offering, and the offering's places.
pub(crate) fn load_context(
    session: &mut Session<'_>,
    state: &AppState,
    (offering, content): (&Offering, &OfferingContent),
    now: Instant,
) -> Result<(Municipality, Places), Failure> {
    let places = session.places(offering, content, &state.catalogue, now)?;
    Ok((municipality(session, &offering.municipality)?, places))
}

/// The application as a caller sees it from a desk.
pub(crate) fn view(
    application: &Application,
    case_context: CaseContext<'_>,
    by: &CallerIdentity,
) -> ApplicationView {
    let missing = matches!(application.state, Stage::Draft).then(|| {
        let missing = application.missing(case_context.content).into_vec();
        missing.into_iter().map(FieldErrorForm::from).collect()
    });
    let ages = application.evidence_ages(case_context.content, case_context.now);
    let under_way = application.state.case().filter(|_| application.state.is_under_way());
    ApplicationView {
        evidence_ages: ages.iter().map(Into::into).collect(),
        coverage: None,
        id: application.id.uuid(),
        offering_id: application.offering.uuid(),
        municipality: application.municipality.to_string(),
        service: application.service.to_string(),
        provider: application.provider.to_string(),
        state: application.state.as_str().to_owned(),
        dossier: application.dossier.to_fields(),
        missing,
        case: application.state.case().cloned(),
        decision_id: application.state.decision().map(DecisionId::uuid),
        preliminary_answer_due: under_way.map(Case::preliminary_answer_due),
        actions: application
            .actions(by.role, &by.actor, case_context)
            .iter()
            .map(Into::into)
            .collect(),
    }
}
