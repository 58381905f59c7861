//! Domain errors, each under a stable code.

mod appeal;
mod codes;
mod evidence;
mod impartiality;
mod offering;

pub use codes::{ErrorCode, ErrorKind};

use chrono::TimeDelta;

use super::{
    role::{Assurance, Role},
    validation::{FieldError, ValidationErrors},
    value_error::ValueError,
};

/// An error of the domain, with the details that the caller needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DomainError {
    /// The stable code.
    pub code: ErrorCode,
    /// One or two sentences with the cause and the next step.
    pub detail: String,
    /// Errors of single fields.
    pub errors: Vec<FieldError>,
    /// Whether there are more errors.
    pub more_faults: bool,
    /// The present state, if it is the cause.
    pub state: Option<&'static str>,
    /// Commands that are possible now.
    pub allowed: Option<Vec<&'static str>>,
    /// Path of the conflicting resource.
    pub existing: Option<String>,
    /// After how many seconds it can be tried again, where that is known.
    pub retry_after: Option<i64>,
}

impl DomainError {
    fn new(code: ErrorCode, detail: impl Into<String>) -> Self {
        Self {
            code,
            detail: detail.into(),
            errors: Vec::new(),
            more_faults: false,
            state: None,
            allowed: None,
            existing: None,
            retry_after: None,
        }
    }

    fn with_errors(code: ErrorCode, detail: impl Into<String>, errors: ValidationErrors) -> Self {
        let mut more_faults = errors.has_more();
        let mut errors = errors.into_vec();
        more_faults |= errors.len() > ValidationErrors::MOST;
        errors.truncate(ValidationErrors::MOST);
        Self { errors, more_faults, ..Self::new(code, detail) }
    }

    /// The kind of the error.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.code.kind()
    }

    /// Fields that are missing or wrong.
    #[must_use]
    pub fn validation(errors: ValidationErrors) -> Self {
        Self::with_errors(
            ErrorCode::Validation,
            "Correct all listed errors and send it again.",
            errors,
        )
    }

    /// One wrong field.
    #[must_use]
    pub fn invalid(pointer: &str, error: ValueError) -> Self {
        let mut errors = ValidationErrors::default();
        errors.add(pointer, error);
        Self::validation(errors)
    }

    /// Nothing there, or not for this caller.
    #[must_use]
    pub fn not_found(what: &str) -> Self {
        Self::not_found_since(format!("This {what} does not exist, or you have no access to it."))
    }

    /// Nothing there, for a public reason.
    #[must_use]
    pub fn not_found_since(detail: String) -> Self {
        Self::new(ErrorCode::NotFound, detail)
    }
    /// The issuer is not sure enough of the person (eIDAS level of the login).
    #[must_use]
    pub fn assurance_too_low(least: Assurance) -> Self {
        let level = least.as_str();
        Self::new(
            ErrorCode::AssuranceTooLow,
            format!("Log in again at the level ‘{level}’, and send the command with that token."),
        )
    }

    /// The token's role is another.
    #[must_use]
    pub fn role_missing(roles: &[Role]) -> Self {
        let names: Vec<_> = roles.iter().map(|role| role.as_str()).collect();
        Self::new(
            ErrorCode::RoleMissing,
            format!("This needs a token with the role {}.", names.join(" or ")),
        )
    }

    /// A public resource of another organisation.
    #[must_use]
    pub fn not_your_organisation() -> Self {
        Self::new(ErrorCode::NotYourOrganisation, "Use a token of the organisation that owns it.")
    }

    /// A municipal role in an organisation that is no municipality.
    #[must_use]
    pub fn not_a_municipality() -> Self {
        Self::new(
            ErrorCode::NotAMunicipality,
            "Municipal roles belong to the municipality's main organisation number.",
        )
    }

    /// The command is not possible in this state.
    #[must_use]
    pub fn illegal_transition(act: &str, state: &'static str, allowed: Vec<&'static str>) -> Self {
        let next = if allowed.is_empty() {
            "No further command is possible.".to_owned()
        } else {
            format!("Possible now: {}.", allowed.join(", "))
        };
        Self {
            state: Some(state),
            allowed: Some(allowed),
            ..Self::new(
                ErrorCode::IllegalTransition,
                format!("‘{act}’ is not possible while the state is ‘{state}’. {next}"),
            )
        }
    }

    /// The organisation has reached the daily limit of profile and listing changes.
    #[must_use]
    pub fn too_many_changes(limit: i64, left: TimeDelta) -> Self {
        let seconds = left.num_seconds() + i64::from(left.subsec_nanos() > 0);
        Self {
            retry_after: Some(seconds),
            ..Self::new(
                ErrorCode::TooManyChanges,
                format!(
                    "Your organisation has reached its limit of {limit} profile and listing changes today. \
                     Send it again after midnight, Norwegian time, as stated in Retry-After."
                ),
            )
        }
    }

    /// The caller's revision is not the present one.
    #[must_use]
    pub fn stale() -> Self {
        Self::new(
            ErrorCode::PreconditionFailed,
            "Read the resource again, check the changes, and send the command with its new ETag.",
        )
    }

    /// One offering of a service in a municipality at a time.
    #[must_use]
    pub fn offering_exists(existing: String) -> Self {
        Self {
            existing: Some(existing),
            ..Self::new(ErrorCode::OfferingExists, "Draft a new version of the existing offering.")
        }
    }

    /// The offering takes no applications.
    #[must_use]
    pub fn offering_not_open(state: &'static str) -> Self {
        Self {
            state: Some(state),
            ..Self::new(
                ErrorCode::OfferingNotOpen,
                "An offering accepts applications while it is published and neither closed nor ended.",
            )
        }
    }

    /// Parts are missing or wrong.
    #[must_use]
    pub fn offering_incomplete(errors: ValidationErrors) -> Self {
        Self::with_errors(
            ErrorCode::OfferingIncomplete,
            "Complete the draft: all listed fields are required for a publication.",
            errors,
        )
    }

    /// No profile of the provider.
    #[must_use]
    pub fn provider_not_registered() -> Self {
        Self::new(
            ErrorCode::ProviderNotRegistered,
            "Put the profile at /v1/providers/{organisationNumber} first.",
        )
    }

    /// One open application per provider and offering.
    #[must_use]
    pub fn duplicate_application(existing: String) -> Self {
        Self {
            existing: Some(existing),
            ..Self::new(
                ErrorCode::DuplicateApplication,
                "Continue the open application, or withdraw it first.",
            )
        }
    }

    /// A case cannot be taken up again beside a newer one.
    #[must_use]
    pub fn applied_anew(existing: String) -> Self {
        Self {
            detail: "The provider has applied again: decide that application, or have it withdrawn, and then \
             reopen this case.".to_owned(),
            ..Self::duplicate_application(existing)
        }
    }

    /// Something is missing in the application.
    #[must_use]
    pub fn application_incomplete(errors: ValidationErrors) -> Self {
        Self::with_errors(
            ErrorCode::ApplicationIncomplete,
            "Supply all listed items, then submit again.",
            errors,
        )
    }

    /// Lines are open.
    #[must_use]
    pub fn review_incomplete(open: ValidationErrors) -> Self {
        Self::with_errors(
            ErrorCode::ReviewIncomplete,
            "Close every line as met, not met or not applicable before deciding.",
            open,
        )
    }

    /// An approval although a mandatory criterion fails.
    #[must_use]
    pub fn criteria_not_met(failing: ValidationErrors) -> Self {
        Self::with_errors(
            ErrorCode::CriteriaNotMet,
            "An approval needs every mandatory criterion met; the listed ones are not.",
            failing,
        )
    }

    /// A refusal although all criteria are met (helse- og omsorgstjenesteloven § 3-11, as it was).
    #[must_use]
    pub fn no_ground_to_refuse() -> Self {
        Self::new(
            ErrorCode::NoGroundToRefuse,
            "Every mandatory criterion is met and no ground is given: the application must be approved.",
        )
    }

    /// A ground that the published terms lack.
    #[must_use]
    pub fn ground_not_in_terms(ground: &str) -> Self {
        Self::new(
            ErrorCode::GroundNotInTerms,
            format!("‘{ground}’ can be used only if the published terms list it."),
        )
    }

    /// The assessor signs.
    #[must_use]
    pub fn four_eyes() -> Self {
        Self::new(
            ErrorCode::FourEyes,
            "A person other than the assessor must sign (four eyes, a setting of the municipality).",
        )
    }

    /// No notice (forvaltningsloven § 16).
    #[must_use]
    pub fn prior_notice_missing() -> Self {
        Self::new(
            ErrorCode::PriorNoticeMissing,
            "Send a prior notice with a deadline; revoke after the reply or the deadline.",
        )
    }

    /// The time to reply is not out.
    #[must_use]
    pub fn prior_notice_running(reply_by: chrono::NaiveDate) -> Self {
        Self::new(
            ErrorCode::PriorNoticeRunning,
            format!("Wait for the reply, or until {reply_by} is over."),
        )
    }

    /// A notice closed without a decision (lov 20. juni 2025 nr. 81 § 58).
    #[must_use]
    pub fn prior_notice_closed() -> Self {
        Self::new(
            ErrorCode::PriorNoticeClosed,
            "The provider was notified of its closure: send a new prior notice.",
        )
    }

    /// A deviation that is neither corrected nor out of time.
    #[must_use]
    pub fn deviations_open() -> Self {
        Self::new(
            ErrorCode::DeviationsOpen,
            "Assess each correction, and wait until the deadline to correct has passed, before you close.",
        )
    }

    /// A follow-up that does not carry the notice.
    #[must_use]
    pub fn not_founded(detail: &str) -> Self {
        Self::new(ErrorCode::NotFounded, detail)
    }

    /// A notice about something else.
    #[must_use]
    pub fn prior_notice_used() -> Self {
        Self::new(ErrorCode::PriorNoticeUsed, "Name a prior notice about this approval.")
    }

    /// The ground was not in the notice, so the provider could not answer it.
    #[must_use]
    pub fn ground_not_notified(ground: &str) -> Self {
        Self::new(
            ErrorCode::GroundNotNotified,
            format!("The prior notice does not name ‘{ground}’: send one that names it."),
        )
    }

    /// Competitors still have time to object (anskaffelsesforskriften § 30-9).
    #[must_use]
    pub fn stand_still(last: chrono::NaiveDate) -> Self {
        Self::new(
            ErrorCode::StandStill,
            format!("The stand-still lasts through {last}: record the contract after that day."),
        )
    }

    /// In an open arrangement an approval ends only on a ground.
    #[must_use]
    pub fn termination_needs_ground() -> Self {
        Self::new(
            ErrorCode::TerminationNeedsGround,
            "Everyone who qualifies is approved here: send a prior notice with a ground and revoke.",
        )
    }

    /// The time to complete is not out (forvaltningsloven § 11).
    #[must_use]
    pub fn deadline_running(deadline: chrono::NaiveDate) -> Self {
        Self::new(
            ErrorCode::DeadlineRunning,
            format!("Wait until the provider has completed, or until {deadline} is over."),
        )
    }

    /// An item that was not requested.
    #[must_use]
    pub fn not_asked_for(criterion: &str) -> Self {
        Self::new(
            ErrorCode::NotAskedFor,
            format!("Supply only items of the last request; ‘{criterion}’ is not in it."),
        )
    }

    /// Dismissed for uncorrected defects without an unanswered request.
    #[must_use]
    pub fn nothing_uncorrected() -> Self {
        Self::new(
            ErrorCode::NothingUnmended,
            "Dismiss for uncorrected defects only after a request for completion whose deadline passed unanswered.",
        )
    }
}

#[cfg(test)]
mod tests;
