//! Guards: the conditions of each command in a case, for a person, now.
//!
//! Commands call these guards before they read their input, and `actions` of every view calls the same ones: an
//! action listed as possible is not rejected because of the case.

use super::{Application, ApplicationCommand, ApplicationState, AssessmentResult, Case};
use crate::domain::{
    error::DomainError,
    municipality::{Municipality, MunicipalitySettings},
    offering::{content::OfferingContent, intake::Places},
    role::Actor,
    values::time::Instant,
};

/// The context of a guard, beside the case itself.
#[derive(Debug, Clone, Copy)]
pub struct CaseContext<'a> {
    /// The municipality that handles it.
    pub municipality: &'a Municipality,
    /// The content that applies to the application.
    pub content: &'a OfferingContent,
    /// The offering's maximum of providers, and the approved ones.
    pub places: &'a Places,
    pub now: Instant,
}

impl Application {
    /// Checks a command by a person: state, impartiality, four eyes, deadlines and open lines, not the input.
    ///
    /// # Errors
    /// The error of the command itself.
    pub fn guard(
        &self,
        command: ApplicationCommand,
        by: &Actor,
        context: CaseContext<'_>,
    ) -> Result<(), DomainError> {
        self.may(command)?;
        match (command, self.state.case()) {
            (ApplicationCommand::Submit, _) => {
                context.places.room_for(&self.provider)?;
                self.must_be_complete(context.content)
            }
            (ApplicationCommand::RemoveContact, _) => self.contact().map(drop),
            (_, Some(case)) => self.guard_case(command, case, by, context),
            _ => Ok(()),
        }
    }

    /// Guards a command of the municipality.
    fn guard_case(
        &self,
        command: ApplicationCommand,
        case: &Case,
        by: &Actor,
        context: CaseContext<'_>,
    ) -> Result<(), DomainError> {
        let settings = &context.municipality.settings;
        match command {
            ApplicationCommand::StartAssessment
            | ApplicationCommand::Assess
            | ApplicationCommand::RequestCompletion
            | ApplicationCommand::SendPreliminaryAnswer => case.handled_impartially(by, settings),
            ApplicationCommand::DiscloseInformation => {
                case.handled_impartially(by, settings)?;
                case.may_disclose(context.now)
            }
            ApplicationCommand::Resume => {
                case.handled_impartially(by, settings)?;
                case.time_is_out(context.now)
            }
            ApplicationCommand::RuleOnImpartiality => case.awaits_ruling(by, settings),
            ApplicationCommand::Decide => {
                case.may_be_signed(by, settings)?;
                let staff = &settings.own_provider_staff;
                let review = case.review_for_decision(context.content, staff)?;
                let all_met = matches!(review, AssessmentResult::AllMet(_));
                // Without a ground to refuse, only an approval is possible.
                if all_met && !context.content.terms().has_further_refusal_ground() {
                    context.places.room_for(&self.provider)?;
                }
                Ok(())
            }
            ApplicationCommand::Dismiss => {
                case.may_be_signed(by, settings)?;
                case.time_is_out(context.now)
            }
            _ => Ok(()),
        }
    }

    /// Checks that the dossier is complete for submission.
    ///
    /// # Errors
    /// `application-incomplete` with all that is missing.
    pub(super) fn must_be_complete(&self, content: &OfferingContent) -> Result<(), DomainError> {
        let missing = self.missing(content);
        if missing.is_empty() { Ok(()) } else { Err(DomainError::application_incomplete(missing)) }
    }

    /// The case of an application for which the command is possible.
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

    /// Checks that the person may sign a decision: impartial, no subordinate of a disqualified superior, and
    /// not an assessor if the municipality requires four eyes.
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

    /// Checks that another person's impartiality awaits a ruling that this person may give.
    fn awaits_ruling(
        &self,
        by: &Actor,
        settings: &MunicipalitySettings,
    ) -> Result<(), DomainError> {
        self.impartiality.awaits_ruling(by, &settings.own_provider_staff)
    }
}

impl ApplicationState {
    /// Under way at the municipality: neither a draft nor decided nor withdrawn.
    #[must_use]
    pub const fn is_under_way(&self) -> bool {
        self.is_open() && !matches!(self, Self::Draft)
    }
}
