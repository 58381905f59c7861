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
            "Correct every fault that is listed and send it again.",
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
        Self::new(
            ErrorCode::NotFound,
            format!("There is no such {what}, or it is not yours to see."),
        )
    }

    /// The issuer is not sure enough of the person (eIDAS level of the login).
    #[must_use]
    pub fn assurance_too_low(least: Assurance) -> Self {
        let level = least.as_str();
        Self::new(
            ErrorCode::AssuranceTooLow,
            format!("Log in again at the level ‘{level}’, and send the act with that token."),
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
            "Nothing more can be done with it.".to_owned()
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
                    "Your organisation has made {limit} profile and listing changes today, and there is room \
                     for no more. Send it again after midnight, Norwegian time, as Retry-After says."
                ),
            )
        }
    }

    /// The caller's revision is not the present one.
    #[must_use]
    pub fn stale() -> Self {
        Self::new(
            ErrorCode::PreconditionFailed,
            "Read the resource again, look at what changed, and send the act with its new ETag.",
        )
    }

    /// One offering of a service in a municipality at a time.
    #[must_use]
    pub fn offering_exists(existing: String) -> Self {
        Self {
            existing: Some(existing),
            ..Self::new(
                ErrorCode::OfferingExists,
                "Draft a new version of the offering that is there.",
            )
        }
    }

    /// The offering takes no applications.
    #[must_use]
    pub fn offering_not_open(state: &'static str) -> Self {
        Self {
            state: Some(state),
            ..Self::new(
                ErrorCode::OfferingNotOpen,
                "Applications are taken while the offering is published and neither closed nor ended.",
            )
        }
    }

    /// Parts are missing or wrong.
    #[must_use]
    pub fn offering_incomplete(errors: ValidationErrors) -> Self {
        Self::with_errors(
            ErrorCode::OfferingIncomplete,
            "Complete the draft: everything that is listed must be there before it is published.",
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
                "Go on with the application that is open, or withdraw it first.",
            )
        }
    }

    /// A case cannot be taken up again beside a newer one.
    #[must_use]
    pub fn applied_anew(existing: String) -> Self {
        Self {
            detail: "The provider has applied anew: decide that application, or have it withdrawn, and then take this case up again.".to_owned(),
            ..Self::duplicate_application(existing)
        }
    }

    /// Something is missing in the application.
    #[must_use]
    pub fn application_incomplete(errors: ValidationErrors) -> Self {
        Self::with_errors(
            ErrorCode::ApplicationIncomplete,
            "Supply everything that is listed, then submit again.",
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
            "An approval needs every mandatory criterion met; the ones listed are not.",
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
            format!("‘{ground}’ can be used only where the terms that were published list it."),
        )
    }

    /// The assessor signs.
    #[must_use]
    pub fn four_eyes() -> Self {
        Self::new(
            ErrorCode::FourEyes,
            "Another person than the one who assessed must sign (four eyes, the municipality's setting).",
        )
    }

    /// No notice (forvaltningsloven § 16).
    #[must_use]
    pub fn prior_notice_missing() -> Self {
        Self::new(
            ErrorCode::PriorNoticeMissing,
            "Send a prior notice with a time to reply; revoke when the reply is in or the time is out.",
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
            "The provider was told that nothing comes of it: send a new prior notice.",
        )
    }

    /// A deviation that is neither corrected nor out of time.
    #[must_use]
    pub fn deviations_open() -> Self {
        Self::new(
            ErrorCode::DeviationsOpen,
            "Assess each correction, and wait until the time to correct is out, before you close.",
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
            format!(
                "The provider was not warned of ‘{ground}’: send a prior notice that names it."
            ),
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
            format!("Supply only what the last request asks for; ‘{criterion}’ is not in it."),
        )
    }

    /// Dismissed for uncorrected defects without an unanswered request.
    #[must_use]
    pub fn nothing_uncorrected() -> Self {
        Self::new(
            ErrorCode::NothingUnmended,
            "Dismiss as not mended only after a request for completion whose deadline passed unanswered.",
        )
    }
}

#[cfg(test)]
mod tests;
