//! Impartiality in an application: declarations of the people who handle it, challenges by the applicant,
//! rulings.

use super::{Application, ApplicationCommand, ApplicationState};
use crate::domain::{
    Change,
    error::DomainError,
    event::EventKind,
    role::{CaseHandler, DecisionMaker, ProviderUser},
    rules::impartiality::{ImpartialityAnswer, ImpartialityFinding, Staff, Whom},
    values::{
        text::{Code, Line, Note},
        time::Instant,
    },
};

impl Application {
    /// A person declares whether he or she is impartial in the case (forvaltningsloven §§ 6 and 8). The lines
    /// of one who is barred are open again.
    ///
    /// # Errors
    /// `not-found`, `illegal-transition`, `own-provider-staff`, `validation` (`own-superior`).
    pub fn declare_impartiality(
        mut self,
        value: ImpartialityAnswer,
        superior: Option<Line>,
        staff: &Staff,
        by: &CaseHandler,
        now: Instant,
    ) -> Result<Change<Self>, DomainError> {
        self.handled_by(&by.municipality)?.may(ApplicationCommand::DeclareImpartiality)?;
        let finding = value.finding().map(|finding| finding.is_able().to_string());
        let finding = finding.unwrap_or_else(|| "left-to-superior".to_owned());
        if let Some(case) = self.state.case_mut() {
            case.impartiality.declare(&by.actor, value, superior, staff, now)?;
        }
        let mut detail = vec![("impartial", finding)];
        detail.extend(self.reopen_lines(staff));
        Ok(self.step(EventKind::ImpartialityDeclared, detail))
    }

    /// The applicant demands a ruling on a person's impartiality (§ 8 first paragraph). Until it is made, that
    /// person does nothing in the case.
    ///
    /// # Errors
    /// `not-found`, `illegal-transition`.
    pub fn challenge_impartiality(
        mut self,
        whom: Whom,
        reason: Note,
        by: &ProviderUser,
        now: Instant,
    ) -> Result<Change<Self>, DomainError> {
        self.owned_by(by)?.may(ApplicationCommand::ChallengeImpartiality)?;
        if let Some(case) = self.state.case_mut() {
            case.impartiality.challenge(whom, reason, &by.actor, now);
        }
        Ok(self.step(EventKind::ImpartialityChallenged, vec![]))
    }

    /// A decision maker rules on the impartiality of another (§ 8). The lines of one who is barred are open
    /// again.
    ///
    /// # Errors
    /// `not-found`, `illegal-transition`, `ruling-on-oneself`, `no-impartiality-question`,
    /// `not-impartial`, `own-provider-staff`, `impartiality-unsettled`.
    pub fn rule_on_impartiality(
        mut self,
        whom: Whom,
        finding: ImpartialityFinding,
        outside: Option<Line>,
        staff: &Staff,
        by: &DecisionMaker,
        now: Instant,
    ) -> Result<Change<Self>, DomainError> {
        self.handled_by(&by.municipality)?.may(ApplicationCommand::RuleOnImpartiality)?;
        let able = finding.is_able().to_string();
        if let Some(case) = self.state.case_mut() {
            case.impartiality.rule(whom, finding, outside, &by.actor, staff, now)?;
        }
        let mut detail = vec![("impartial", able)];
        detail.extend(self.reopen_lines(staff));
        Ok(self.step(EventKind::ImpartialityRuled, detail))
    }

    /// Reopens the lines of barred people in an open case: it is no longer ready. Returns the detail of the event.
    fn reopen_lines(&mut self, staff: &Staff) -> Option<(&'static str, String)> {
        let is_open = self.state.is_open();
        let case = self.state.case_mut().filter(|_| is_open)?;
        let reopened = case.reopen_lines_of_barred(staff);
        if reopened.is_empty() {
            return None;
        }
        if let ApplicationState::Ready(case) = &self.state {
            self.state = ApplicationState::UnderAssessment(case.clone());
        }
        let codes: Vec<_> = reopened.iter().map(Code::as_str).collect();
        Some(("reopened", codes.join(",")))
    }
}
