//! Vilkår for hver handling: what must hold before an act in a case, for this person, now.
//!
//! The acts ask these guards before they look at what they are given, and `actions` of every view
//! asks the same: what is offered as possible is not refused for the case.

use super::{Application, ApplicationCommand, ApplicationState, AssessmentResult, Case};
use crate::domain::{
    error::DomainError,
    municipality::{Municipality, MunicipalitySettings},
    offering::{content::OfferingContent, intake::Places},
    role::Actor,
    values::time::Instant,
};

/// What an act in a case is held against, beside the case itself.
#[derive(Debug, Clone, Copy)]
pub struct CaseContext<'a> {
    /// The municipality that handles it.
    pub municipality: &'a Municipality,
    /// What the application is measured by.
    pub content: &'a OfferingContent,
    /// How many providers the offering takes, and who is approved there.
    pub places: &'a Places,
    pub now: Instant,
}

impl Application {
    /// Guards an act by a person: the state, impartiality, four eyes, deadlines and open lines.
    /// What the act is given with is not looked at.
    ///
    /// # Errors
    /// The refusal that the act itself would answer with.
    pub fn guard(
        &self,
        command: ApplicationCommand,
        by: &Actor,
        context: CaseContext<'_>,
    ) -> Result<(), DomainError> {
        self.may(command)?;
        let settings = &context.municipality.settings;
        match (command, self.state.case()) {
            (ApplicationCommand::Submit, _) => {
                context.places.room_for(&self.provider)?;
                self.must_be_complete(context.content)
            }
            (
                ApplicationCommand::StartAssessment
                | ApplicationCommand::Assess
                | ApplicationCommand::RequestCompletion
                | ApplicationCommand::SendPreliminaryAnswer,
                Some(case),
            ) => case.handled_impartially(by, settings),
            (ApplicationCommand::Resume, Some(case)) => {
                case.handled_impartially(by, settings)?;
                case.time_is_out(context.now)
            }
            (ApplicationCommand::RuleOnImpartiality, Some(case)) => {
                case.awaits_ruling(by, settings)
            }
            (ApplicationCommand::Decide, Some(case)) => {
                case.may_be_signed(by, settings)?;
                let all_met = matches!(case.review(context.content)?, AssessmentResult::AllMet(_));
                // Where there is no ground to refuse, an approval is all that can be decided.
                if all_met && !context.content.terms().has_further_refusal_ground() {
                    context.places.room_for(&self.provider)?;
                }
                Ok(())
            }
            (ApplicationCommand::Dismiss, Some(case)) => {
                case.may_be_signed(by, settings)?;
                case.time_is_out(context.now)
            }
            (ApplicationCommand::RemoveContact, _) => self.contact().map(drop),
            _ => Ok(()),
        }
    }

    /// Everything that a submission needs is there.
    ///
    /// # Errors
    /// `application-incomplete` with all that is missing.
    pub(super) fn must_be_complete(&self, content: &OfferingContent) -> Result<(), DomainError> {
        let missing = self.missing(content);
        if missing.is_empty() { Ok(()) } else { Err(DomainError::application_incomplete(missing)) }
    }

    /// The case of an application on which the act is possible for the person.
    ///
    /// # Errors
    /// As [`Application::guard`]; `illegal-transition` where there is no case.
    pub(super) fn guarded(
        &self,
        command: ApplicationCommand,
        by: &Actor,
        context: CaseContext<'_>,
    ) -> Result<Case, DomainError> {
        self.guard(command, by, context)?;
        self.state.case().cloned().ok_or_else(|| self.illegal(command))
    }
}

impl Case {
    /// The person may handle the case.
    fn handled_impartially(
        &self,
        by: &Actor,
        settings: &MunicipalitySettings,
    ) -> Result<(), DomainError> {
        self.impartiality.impartial(by, &settings.own_provider_staff).map(drop)
    }

    /// The person may sign a decision: impartial, no subordinate of one who is barred, and another
    /// than those who assessed where the municipality demands four eyes.
    ///
    /// # Errors
    /// As `Impartiality::impartial_to_decide`, and `four-eyes`.
    pub fn may_be_signed(
        &self,
        by: &Actor,
        settings: &MunicipalitySettings,
    ) -> Result<(), DomainError> {
        self.impartiality.impartial_to_decide(by, &settings.own_provider_staff)?;
        if settings.four_eyes && self.assessors.contains(&by.subject) {
            return Err(DomainError::four_eyes());
        }
        Ok(())
    }

    /// Somebody else's impartiality waits for a ruling that the person may give.
    fn awaits_ruling(
        &self,
        by: &Actor,
        settings: &MunicipalitySettings,
    ) -> Result<(), DomainError> {
        self.impartiality.may_rule(by, &settings.own_provider_staff)?;
        if self.impartiality.open_questions().is_empty() {
            return Err(DomainError::no_impartiality_question());
        }
        Ok(())
    }
}

impl ApplicationState {
    /// Under way at the municipality: neither a draft nor decided nor withdrawn.
    #[must_use]
    pub const fn is_under_way(&self) -> bool {
        self.is_open() && !matches!(self, Self::Draft)
    }
}
