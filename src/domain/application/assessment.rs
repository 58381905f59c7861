//! Saksbehandling: the municipality starts the assessment and closes each line.

use super::{Act, Application, AssessmentLine, Outcome, State, guard::Desk};
use crate::domain::{
    Change,
    event::Kind,
    refusal::Refusal,
    role::CaseWorker,
    values::text::{Code, Note},
};

impl Application {
    /// Starts the assessment.
    ///
    /// # Errors
    /// `not-found`, `illegal-transition`, those of impartiality.
    pub fn start_assessment(
        mut self,
        by: &CaseWorker,
        desk: Desk<'_>,
    ) -> Result<Change<Self>, Refusal> {
        self.handled_by(&by.municipality)?;
        let case = self.guarded(Act::StartAssessment, &by.actor, desk)?;
        self.state = State::UnderAssessment(case);
        Ok(self.step(Kind::AssessmentStarted, vec![]))
    }

    /// Closes one line, or closes it otherwise. With the last one the application is ready.
    ///
    /// # Errors
    /// `not-found` (also for an unknown criterion), `illegal-transition`, those of impartiality.
    pub fn assess(
        mut self,
        criterion: Code,
        outcome: Outcome,
        note: Note,
        by: &CaseWorker,
        desk: Desk<'_>,
    ) -> Result<Change<Self>, Refusal> {
        self.handled_by(&by.municipality)?;
        let mut case = self.guarded(Act::Assess, &by.actor, desk)?;
        desk.content.criterion(&criterion).ok_or_else(|| Refusal::not_found("criterion"))?;
        let detail =
            vec![("criterion", criterion.to_string()), ("outcome", outcome.as_str().to_owned())];
        let line = AssessmentLine { outcome, note, by: by.actor.clone(), at: desk.now };
        let is_same =
            |former: &AssessmentLine| AssessmentLine { at: former.at, ..line.clone() } == *former;
        if !case.lines.get(&criterion).is_some_and(is_same) {
            case.lines.insert(criterion, line);
        }
        case.assessors.insert(by.actor.subject.clone());
        self.state = if case.open_lines(desk.content).is_empty() {
            State::Ready(case)
        } else {
            State::UnderAssessment(case)
        };
        Ok(self.step(Kind::CriterionAssessed, detail))
    }
}
