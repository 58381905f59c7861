//! An application as its parties see it.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::{DossierView, FileState, scalars::StateName};
use crate::{
    domain::{
        application::{
            Application, ApplicationState, Case, Coverage, age::Age, guard::CaseContext,
        },
        evidence::EvidenceState,
        values::{
            ids::{ApplicationId, DecisionId, FileId, OfferingId},
            numbers::{MunicipalityNumber, OrganisationNumber},
            text::Code,
        },
    },
    json::{
        evidence::CoverageView,
        field_error::FieldErrorForm,
        form::{ConvertedForm, Form},
    },
};

/// An application as its parties see it.
#[derive(Debug, Form)]
#[form(name = "Application")]
pub struct ApplicationFields {
    /// Its id.
    id: ApplicationId,
    /// The offering applied for.
    offering_id: OfferingId,
    /// The municipality's number.
    municipality: MunicipalityNumber,
    /// The code of the service.
    service: Code,
    /// The provider's organisation number.
    provider: OrganisationNumber,
    /// Where it is in its life.
    state: StateName,
    #[form(flatten)]
    dossier: DossierView,
    /// Content missing for a submission, with pointers into this resource.
    missing: Option<Vec<FieldErrorForm>>,
    /// Evidence with a maximum age, and its compliance; while the application is open.
    #[form(omit_default)]
    evidence_ages: Vec<Age>,
    /// Coverage by the provider's own files on this day; for the provider, while it can attach them.
    coverage: Option<Vec<CoverageView>>,
    /// Receipt, declarations of impartiality and assessment, from the submission on.
    case: Option<Case>,
    /// The decision, where there is one.
    decision_id: Option<DecisionId>,
    /// The day by which the applicant is owed a preliminary answer or a decision; while the case is under way.
    preliminary_answer_due: Option<NaiveDate>,
}

impl ApplicationFields {
    /// The common view of both parties.
    #[must_use]
    pub fn new(application: &Application, context: CaseContext<'_>) -> Self {
        let missing = matches!(application.state, ApplicationState::Draft).then(|| {
            let missing = application.missing(context.content);
            missing.iter().map(FieldErrorForm::from).collect()
        });
        let ages = application.evidence_ages(context.content, context.now);
        let under_way = application.state.case().filter(|_| application.state.is_under_way());
        Self {
            id: application.id,
            offering_id: application.offering,
            municipality: application.municipality.clone(),
            service: application.service.clone(),
            provider: application.provider.clone(),
            state: StateName(application.state.as_str()),
            dossier: application.dossier.to_fields(),
            missing,
            evidence_ages: ages.clone(),
            coverage: None,
            case: application.state.case().cloned(),
            decision_id: application.state.decision(),
            preliminary_answer_due: under_way.map(Case::preliminary_answer_due),
        }
    }

    /// The same with the details of a single application.
    #[must_use]
    pub fn with_details(
        mut self,
        coverage: Option<&[Coverage]>,
        file_states: &HashMap<FileId, EvidenceState>,
    ) -> Self {
        self.coverage = coverage.map(|all| all.iter().map(Into::into).collect());
        for piece in &mut self.dossier.evidence {
            let state = piece.file().and_then(|file| file_states.get(&file));
            piece.file_state = state.map(|state| FileState(state.as_str()));
        }
        self
    }
}
