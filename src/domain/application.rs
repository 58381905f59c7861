//! Application: a provider asks to be approved for one offering; the municipality assesses every criterion.
//!
//! `draft → submitted → under-assessment → ready → approved | refused`, and `withdrawn` from any open state.
//! Ready means that every line is closed. From there the law permits one outcome only: approve if and only if
//! every mandatory criterion is met and no ground is given.

pub mod age;
mod agenda;
mod assessment;
pub mod completion;
mod contact;
pub mod disclosure;
mod dossier;
mod evidence;
mod files;
pub mod guard;
mod impartiality;
pub mod preliminary;
mod reopened;
pub mod review;
pub mod succession;
#[cfg(test)]
mod tests;
mod version;

pub use dossier::{CriterionAnswer, Document, Dossier, Evidence, POLICE_CERTIFICATE};
pub use files::{Coverage, FileConsent};
pub use reopened::CriterionFinding;
pub use review::{
    AssessmentResult, Case, CriterionAssessment as AssessmentLine, CriterionOutcome, Receipt,
};

use super::{
    Change,
    error::{DomainError, Noun},
    event::{Event, EventKind, Subject},
    offering::VersionNumber,
    values::{
        ids::{ApplicationId, DecisionId, OfferingId, Revision},
        numbers::{MunicipalityNumber, OrganisationNumber},
        text::Code,
    },
};
/// Where an application is in its life.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ApplicationState {
    /// Utkast.
    Draft,
    /// Mottatt.
    Submitted(Case),
    /// Under behandling.
    UnderAssessment(Case),
    /// A request for completion is pending.
    AwaitingCompletion(Case),
    /// Every line is closed.
    Ready(Case),
    /// Innvilget.
    Approved(Case, DecisionId),
    /// Avslått.
    Refused(Case, DecisionId),
    /// Avvist.
    Dismissed(Case, DecisionId),
    /// Withdrawn, with the case if there was one.
    Withdrawn(Option<Case>),
}

impl ApplicationState {
    /// The names of all states.
    pub const NAMES: [&'static str; 9] = [
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

    /// The name in JSON and in the database.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Submitted(_) => "submitted",
            Self::UnderAssessment(_) => "under-assessment",
            Self::AwaitingCompletion(_) => "awaiting-completion",
            Self::Ready(_) => "ready",
            Self::Approved(..) => "approved",
            Self::Refused(..) => "refused",
            Self::Dismissed(..) => "dismissed",
            Self::Withdrawn(_) => "withdrawn",
        }
    }

    /// The case, from the receipt on.
    #[must_use]
    pub const fn case(&self) -> Option<&Case> {
        match self {
            Self::Draft | Self::Withdrawn(None) => None,
            Self::Submitted(case)
            | Self::UnderAssessment(case)
            | Self::AwaitingCompletion(case)
            | Self::Ready(case)
            | Self::Approved(case, _)
            | Self::Refused(case, _)
            | Self::Dismissed(case, _)
            | Self::Withdrawn(Some(case)) => Some(case),
        }
    }

    pub(super) const fn case_mut(&mut self) -> Option<&mut Case> {
        match self {
            Self::Draft | Self::Withdrawn(None) => None,
            Self::Submitted(case)
            | Self::UnderAssessment(case)
            | Self::AwaitingCompletion(case)
            | Self::Ready(case)
            | Self::Approved(case, _)
            | Self::Refused(case, _)
            | Self::Dismissed(case, _)
            | Self::Withdrawn(Some(case)) => Some(case),
        }
    }

    /// The decision, where there is one.
    #[must_use]
    pub const fn decision(&self) -> Option<DecisionId> {
        match self {
            Self::Approved(_, decision)
            | Self::Refused(_, decision)
            | Self::Dismissed(_, decision) => Some(*decision),
            _ => None,
        }
    }

    /// Open: neither decided nor withdrawn.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.decision().is_none() && !matches!(self, Self::Withdrawn(_))
    }
}

keywords! {
    /// A command on an application.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum ApplicationCommand {
        ChangeDraft = "change-draft",
        Supply = "supply",
        RenewEvidence = "renew-evidence",
        Submit = "submit",
        Complete = "complete",
        Withdraw = "withdraw",
        ChangeVersion = "change-version",
        ChallengeImpartiality = "challenge-impartiality",
        DeclareImpartiality = "declare-impartiality",
        RuleOnImpartiality = "rule-on-impartiality",
        StartAssessment = "start-assessment",
        Assess = "assess",
        SendPreliminaryAnswer = "send-preliminary-answer",
        RequestCompletion = "request-completion",
        DiscloseInformation = "disclose-information",
        Comment = "comment",
        Resume = "resume",
        Decide = "decide",
        Dismiss = "dismiss",
        RemoveContact = "remove-contact",
    }
}

impl ApplicationCommand {
    /// In which states it can be done. Deciding is tried while lines are open so that the answer can name them.
    #[must_use]
    pub fn possible_in(self, state: &ApplicationState) -> bool {
        match self {
            Self::ChangeDraft | Self::Submit => matches!(state, ApplicationState::Draft),
            Self::Supply => {
                matches!(state, ApplicationState::Draft | ApplicationState::AwaitingCompletion(_))
            }
            // Evidence expires; the content behind the decision stays unchanged.
            Self::RenewEvidence => matches!(state, ApplicationState::Approved(..)),
            Self::Complete | Self::Resume => {
                matches!(state, ApplicationState::AwaitingCompletion(_))
            }
            Self::Withdraw => state.is_open(),
            // Possible after the decision too: the people who handle an appeal declare in the same case.
            Self::ChallengeImpartiality | Self::DeclareImpartiality | Self::RuleOnImpartiality => {
                !matches!(state, ApplicationState::Draft | ApplicationState::Withdrawn(_))
            }
            Self::SendPreliminaryAnswer | Self::Dismiss | Self::ChangeVersion => {
                state.is_under_way()
            }
            // An open case needs a contact person.
            Self::RemoveContact => !state.is_open(),
            Self::StartAssessment => matches!(state, ApplicationState::Submitted(_)),
            Self::Comment => {
                let open = state.case().is_some_and(|case| case.open_disclosure().is_some());
                open && state.is_under_way()
            }
            Self::Assess | Self::RequestCompletion | Self::DiscloseInformation | Self::Decide => {
                matches!(state, ApplicationState::UnderAssessment(_) | ApplicationState::Ready(_))
            }
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Application {
    pub id: ApplicationId,
    /// The offering applied for.
    pub offering: OfferingId,
    /// The municipality of the offering.
    pub municipality: MunicipalityNumber,
    pub service: Code,
    /// The applicant.
    pub provider: OrganisationNumber,
    /// The applicant's content.
    pub dossier: Dossier,
    /// Where it is in its life.
    pub state: ApplicationState,
    /// Number of accepted commands.
    pub revision: Revision,
}

impl Application {
    /// The applicable version: the pinned one or the requested newer one, else the one in force.
    #[must_use]
    pub fn version(&self, in_force: VersionNumber) -> VersionNumber {
        self.state.case().map_or(in_force, Case::version)
    }

    /// Checks a transition.
    ///
    /// # Errors
    /// `illegal-transition` with the state and the commands possible in it.
    pub fn may(&self, command: ApplicationCommand) -> Result<(), DomainError> {
        if command.possible_in(&self.state) { Ok(()) } else { Err(self.illegal(command)) }
    }

    /// The refusal of a command that does not fit the state.
    #[must_use]
    pub fn illegal(&self, command: ApplicationCommand) -> DomainError {
        let allowed =
            ApplicationCommand::ALL.into_iter().filter(|command| command.possible_in(&self.state));
        let allowed = allowed.map(ApplicationCommand::as_str).collect();
        DomainError::illegal_transition(command.as_str(), self.state.as_str(), allowed)
    }

    /// Others may not know of a municipality's cases.
    ///
    /// # Errors
    /// `not-found`.
    pub fn handled_by(&self, municipality: &MunicipalityNumber) -> Result<&Self, DomainError> {
        // A never submitted application is visible to the provider only, also after a withdrawal.
        if *municipality == self.municipality && self.state.case().is_some() {
            Ok(self)
        } else {
            Err(DomainError::not_found(Noun::Application))
        }
    }

    /// Increments the revision and builds the event.
    pub(super) fn step(
        mut self,
        kind: EventKind,
        detail: Vec<(&'static str, String)>,
    ) -> Change<Self> {
        self.revision = self.revision.next();
        let event = self.event(kind, detail);
        Change { value: self, event }
    }

    fn event(&self, kind: EventKind, detail: Vec<(&'static str, String)>) -> Event {
        Event {
            kind,
            subject: Subject::Application(self.id),
            revision: self.revision,
            municipality: Some(self.municipality.clone()),
            provider: Some(self.provider.clone()),
            detail,
        }
    }
}
