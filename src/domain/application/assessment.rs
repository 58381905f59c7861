//! Saksbehandling: the municipality declares impartiality, starts the assessment and closes each line.

use super::{Act, Application, AssessmentLine, Case, Declaration, Outcome, State};
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
        self.change_case(|case| case.declarations.push(declaration));
        Ok(self.step(Kind::ImpartialityDeclared, vec![("impartial", impartial.to_string())]))
    }

    /// Starts the assessment.
    ///
    /// # Errors
    /// `not-found`, `illegal-transition`, `impartiality-not-declared`, `not-impartial`.
    pub fn start_assessment(mut self, by: &CaseWorker) -> Result<Change<Self>, Refusal> {
        self.handled_by(&by.municipality)?.may(Act::StartAssessment)?;
        if let State::Submitted(case) = &self.state {
            case.impartial(&by.actor)?;
            self.state = State::UnderAssessment(case.clone());
        }
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
        self.handled_by(&by.municipality)?.may(Act::Assess)?;
        content.criterion(&criterion).ok_or_else(|| Refusal::not_found("criterion"))?;
        let detail =
            vec![("criterion", criterion.to_string()), ("outcome", outcome.as_str().to_owned())];
        if let State::UnderAssessment(case) | State::Ready(case) = &self.state {
            case.impartial(&by.actor)?;
            let mut case = case.clone();
            let line = AssessmentLine { outcome, note, by: by.actor.clone(), at: now };
            case.lines.insert(criterion, line);
            self.state = if case.open_lines(content).is_empty() {
                State::Ready(case)
            } else {
                State::UnderAssessment(case)
            };
        }
        Ok(self.step(Kind::CriterionAssessed, detail))
    }

    fn change_case(&mut self, change: impl FnOnce(&mut Case)) {
        if let State::Submitted(case) | State::UnderAssessment(case) | State::Ready(case) =
            &mut self.state
        {
            change(case);
        }
    }
}
