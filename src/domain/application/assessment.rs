//! Saksbehandling: the municipality declares impartiality, starts the assessment and closes each line.

use super::{Act, Application, AssessmentLine, Declaration, Outcome, State};
use crate::domain::{
    Change,
    event::Kind,
    offering::content::Content,
    refusal::Refusal,
    role::{CaseHandler, CaseWorker},
    text::{Code, Note},
    time::Instant,
};

impl Application {
    /// A person says whether he or she is impartial in the case (forvaltningsloven §§ 6 and 8).
    ///
    /// # Errors
    /// `not-found`, `illegal-transition`.
    pub fn declare_impartiality(
        mut self,
        impartial: bool,
        note: Option<Note>,
        by: &CaseHandler,
        now: Instant,
    ) -> Result<Change<Self>, Refusal> {
        self.handled_by(&by.municipality)?.may(Act::DeclareImpartiality)?;
        let declaration = Declaration { by: by.actor.clone(), impartial, note, at: now };
        if let Some(case) = self.state.case_mut() {
            case.declarations.push(declaration);
        }
        Ok(self.step(Kind::ImpartialityDeclared, vec![("impartial", impartial.to_string())]))
    }

    /// Starts the assessment.
    ///
    /// # Errors
    /// `not-found`, `illegal-transition`, `impartiality-not-declared`, `not-impartial`.
    pub fn start_assessment(mut self, by: &CaseWorker) -> Result<Change<Self>, Refusal> {
        self.handled_by(&by.municipality)?;
        let State::Submitted(case) = self.state.clone() else {
            return Err(self.illegal(Act::StartAssessment));
        };
        case.impartial(&by.actor)?;
        self.state = State::UnderAssessment(case);
        Ok(self.step(Kind::AssessmentStarted, vec![]))
    }

    /// Closes one line, or closes it otherwise. With the last one the application is ready.
    ///
    /// # Errors
    /// `not-found` (also for an unknown criterion), `illegal-transition`, `impartiality-not-declared`,
    /// `not-impartial`.
    pub fn assess(
        mut self,
        criterion: Code,
        outcome: Outcome,
        note: Note,
        content: &Content,
        by: &CaseWorker,
        now: Instant,
    ) -> Result<Change<Self>, Refusal> {
        self.handled_by(&by.municipality)?;
        let (State::UnderAssessment(mut case) | State::Ready(mut case)) = self.state.clone() else {
            return Err(self.illegal(Act::Assess));
        };
        content.criterion(&criterion).ok_or_else(|| Refusal::not_found("criterion"))?;
        case.impartial(&by.actor)?;
        let detail =
            vec![("criterion", criterion.to_string()), ("outcome", outcome.as_str().to_owned())];
        let line = AssessmentLine { outcome, note, by: by.actor.clone(), at: now };
        case.lines.insert(criterion, line);
        case.assessors.insert(by.actor.subject.clone());
        self.state = if case.open_lines(content).is_empty() {
            State::Ready(case)
        } else {
            State::UnderAssessment(case)
        };
        Ok(self.step(Kind::CriterionAssessed, detail))
    }
}
