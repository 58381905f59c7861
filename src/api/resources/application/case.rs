//! What the acts on an application share: loading it for a party, running one transition, showing it.

use actix_web::HttpResponse;
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    api::{
        Shared, State,
        extract::{caller::By, preconditions::Expected},
        problem::{FaultView, Problem},
        resources::decision::municipality,
    },
    domain::{
        Change,
        application::{Application, Case, State as Stage, guard::Desk},
        municipality::Municipality,
        offering::{Offering, VersionNumber, content::Content, intake::Places},
        refusal::Refusal,
        role::{Caller, Demand, Party},
        values::{
            ids::{ApplicationId, DecisionId},
            text::Code,
            time::Instant,
        },
    },
    json::{
        ActionForm,
        application::DossierForm,
        case::{AgeForm, CaseForm},
        evidence::CoverageForm,
    },
    store::{Done, Failure, Outcome, Session},
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
    pub(super) dossier: DossierForm,
    /// What is still missing before it can be submitted, with pointers into this resource.
    missing: Option<Vec<FaultView>>,
    /// Evidence whose age is bounded, and whether it is young enough; while the application is open.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    evidence_ages: Vec<AgeForm>,
    /// What the provider's own files cover on this day; for the provider, while it can attach them.
    pub(super) coverage: Option<Vec<CoverageForm>>,
    /// Receipt, declarations of impartiality and assessment, from the submission on.
    case: Option<CaseForm>,
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
pub(crate) async fn act<R: Demand + Send + 'static>(
    state: &Shared,
    by: By<R>,
    id: ApplicationId,
    expected: Expected,
    transition: impl FnOnce(Application, &By<R>, Desk<'_>) -> Result<Change<Application>, Refusal>
    + Send
    + 'static,
) -> Result<HttpResponse, Problem> {
    act_reading(state, by, id, expected, move |_, application, by, desk| {
        Ok(transition(application, by, desk)?)
    })
    .await
}

/// The same for a transition that reads more from the database, in the transaction of the command.
pub(crate) async fn act_reading<R: Demand + Send + 'static>(
    state: &Shared,
    by: By<R>,
    id: ApplicationId,
    expected: Expected,
    transition: impl FnOnce(
        &mut Session<'_>,
        Application,
        &By<R>,
        Desk<'_>,
    ) -> Result<Change<Application>, Failure>
    + Send
    + 'static,
) -> Result<HttpResponse, Problem> {
    state
        .act_if_changed(by.stamp(&state.context), move |session, state, now| {
            let party = Party::of(by.caller.clone())?;
            let (application, (offering, content)) = load(session, state, id, &party)?;
            expected.matches(application.revision)?;
            let (municipality, places) = desk_of(session, state, (&offering, &content), now)?;
            let desk =
                Desk { municipality: &municipality, content: &content, places: &places, now };
            let before = application.clone();
            let change = match transition(session, application, &by, desk)?.compare(Some(before)) {
                Ok(change) => change,
                Err(same) => {
                    let view = view(&same, desk, &by.caller);
                    return Ok(Outcome::Unchanged((same.revision, view)));
                }
            };
            session.keep_application(&change.value, Some(expected.0))?;
            let view = view(&change.value, desk, &by.caller);
            let answer = (change.value.revision, view);
            Ok(Outcome::Changed(Done { event: change.event, public: None, also: vec![], answer }))
        })
        .await
}

pub(crate) fn criterion(said: &str) -> Result<Code, Refusal> {
    Code::parse(said).map_err(|_| Refusal::not_found("criterion"))
}

/// An application that the party may see, with its offering and the content it is measured by.
pub(crate) fn load(
    session: &mut Session<'_>,
    state: &State,
    id: ApplicationId,
    party: &Party,
) -> Result<(Application, (Offering, Content)), Failure> {
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
    let nothing = || Refusal::not_found("application");
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
    state: &State,
    application: &Application,
) -> Result<(Offering, Content), Failure> {
    let nothing = || Refusal::not_found("application");
    let (offering, _) = session.offering(application.offering)?.ok_or_else(nothing)?;
    let in_force = offering.life.version().unwrap_or(VersionNumber(1));
    let version = application.version(in_force);
    let content = session.content(offering.id, version, &state.catalogue)?;
    Ok((offering, content))
}

/// The municipality that handles applications for an offering, and the offering's places.
pub(crate) fn desk_of(
    session: &mut Session<'_>,
    state: &State,
    (offering, content): (&Offering, &Content),
    now: Instant,
) -> Result<(Municipality, Places), Failure> {
    let places = session.places(offering, content, &state.catalogue, now)?;
    Ok((municipality(session, &offering.municipality)?, places))
}

/// The application as a caller sees it from a desk.
pub(crate) fn view(application: &Application, desk: Desk<'_>, by: &Caller) -> ApplicationView {
    let missing = matches!(application.state, Stage::Draft).then(|| {
        let missing = application.missing(desk.content).into_vec();
        missing.into_iter().map(FaultView::from).collect()
    });
    let ages = application.evidence_ages(desk.content, desk.now);
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
        dossier: (&application.dossier).into(),
        missing,
        case: application.state.case().map(Into::into),
        decision_id: application.state.decision().map(DecisionId::uuid),
        preliminary_answer_due: under_way.map(Case::preliminary_answer_due),
        actions: application.actions(by.role, &by.actor, desk).iter().map(Into::into).collect(),
    }
}
