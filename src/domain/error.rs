//! Domain errors, each under a stable code.

mod appeal;
mod codes;
pub(crate) mod details;
mod evidence;
mod hearing;
mod impartiality;
mod notice;
pub(crate) mod noun;
mod offering;
mod revocation;

pub use self::{
    codes::{ErrorCode, ErrorKind},
    noun::Noun,
};

use std::fmt;

use chrono::TimeDelta;

use super::{
    message::{Arg, Message},
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
    pub detail: Message,
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
    fn new(code: ErrorCode, detail: impl Into<Message>) -> Self {
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

    fn with_errors(code: ErrorCode, detail: impl Into<Message>, errors: ValidationErrors) -> Self {
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
        Self::with_errors(ErrorCode::Validation, details::validation(), errors)
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
    pub fn not_found(what: Noun) -> Self {
        Self::new(ErrorCode::NotFound, what.missing())
    }

    /// No municipality has this number. If it is the name of some, each with its county, the detail gives their
    /// numbers.
    #[must_use]
    pub fn unknown_municipality(named: &[(&str, &str, &str)]) -> Self {
        let numbers: Vec<_> = named
            .iter()
            .map(|(name, county, number)| details::municipality_number(*name, *county, *number))
            .collect();
        let detail = if numbers.is_empty() {
            details::not_found_municipality_number()
        } else {
            details::not_found_municipality_name(Arg::Messages(numbers))
        };
        Self::new(ErrorCode::NotFound, detail)
    }

    /// No service type has this code. It may be the name of one, which is given with its code.
    #[must_use]
    pub fn unknown_service_type(
        named: Option<(&str, &str)>,
        municipality: &str,
        published: &[&str],
    ) -> Self {
        let detail = match (named, published.is_empty()) {
            (None, true) => details::not_found_service_type_nothing(municipality),
            (None, false) => details::not_found_service_type(municipality, published),
            (Some((name, code)), true) => {
                details::not_found_service_name_nothing(name, code, municipality)
            }
            (Some((name, code)), false) => {
                details::not_found_service_name(name, code, municipality, published)
            }
        };
        Self::new(ErrorCode::NotFound, detail)
    }

    /// A municipality has not published this service, but perhaps others.
    #[must_use]
    pub fn service_not_published(municipality: &str, published: &[&str]) -> Self {
        let detail = if published.is_empty() {
            details::not_found_nothing_published(municipality)
        } else {
            details::not_found_service_not_published(municipality, published)
        };
        Self::new(ErrorCode::NotFound, detail)
    }

    /// The issuer is not sure enough of the person (eIDAS level of the login).
    #[must_use]
    pub fn assurance_too_low(least: Assurance) -> Self {
        let level = least.as_str();
        Self::new(ErrorCode::AssuranceTooLow, details::assurance_too_low(level))
    }

    /// The token's role is another.
    #[must_use]
    pub fn role_missing(roles: &[Role]) -> Self {
        let roles = roles.iter().map(|role| role.as_str().to_owned()).collect();
        Self::new(ErrorCode::RoleMissing, details::role_missing(Arg::AnyOf(roles)))
    }

    /// A public resource of another organisation.
    #[must_use]
    pub fn not_your_organisation() -> Self {
        Self::new(ErrorCode::NotYourOrganisation, details::not_your_organisation())
    }

    /// A municipal role in an organisation that is no municipality.
    #[must_use]
    pub fn not_a_municipality() -> Self {
        Self::new(ErrorCode::NotAMunicipality, details::not_a_municipality())
    }

    /// The command is not possible in this state.
    #[must_use]
    pub fn illegal_transition(
        command: &str,
        state: &'static str,
        allowed: Vec<&'static str>,
    ) -> Self {
        let detail = if allowed.is_empty() {
            details::illegal_transition_end(command, state)
        } else {
            details::illegal_transition_next(command, state, allowed.as_slice())
        };
        Self {
            state: Some(state),
            allowed: Some(allowed),
            ..Self::new(ErrorCode::IllegalTransition, detail)
        }
    }

    /// The organisation has reached the daily limit of profile and listing changes.
    #[must_use]
    pub fn too_many_changes(limit: i64, left: TimeDelta) -> Self {
        let seconds = left.num_seconds() + i64::from(left.subsec_nanos() > 0);
        Self {
            retry_after: Some(seconds),
            ..Self::new(ErrorCode::TooManyChanges, details::too_many_changes(limit))
        }
    }

    /// The caller's revision is not the present one.
    #[must_use]
    pub fn stale() -> Self {
        Self::new(ErrorCode::PreconditionFailed, details::precondition_failed())
    }

    /// One offering of a service in a municipality at a time.
    #[must_use]
    pub fn offering_exists(existing: String) -> Self {
        Self {
            existing: Some(existing),
            ..Self::new(ErrorCode::OfferingExists, details::offering_exists())
        }
    }

    /// The offering takes no applications.
    #[must_use]
    pub fn offering_not_open(state: &'static str) -> Self {
        Self {
            state: Some(state),
            ..Self::new(ErrorCode::OfferingNotOpen, details::offering_not_open())
        }
    }

    /// Parts are missing or wrong.
    #[must_use]
    pub fn offering_incomplete(errors: ValidationErrors) -> Self {
        Self::with_errors(ErrorCode::OfferingIncomplete, details::offering_incomplete(), errors)
    }

    /// No profile of the provider.
    #[must_use]
    pub fn provider_not_registered() -> Self {
        Self::new(ErrorCode::ProviderNotRegistered, details::provider_not_registered())
    }

    /// One open application per provider and offering.
    #[must_use]
    pub fn duplicate_application(existing: String) -> Self {
        Self {
            existing: Some(existing),
            ..Self::new(ErrorCode::DuplicateApplication, details::duplicate_application())
        }
    }

    /// A case cannot be taken up again beside a newer one.
    #[must_use]
    pub fn applied_anew(existing: String) -> Self {
        Self {
            detail: details::duplicate_application_newer(),
            ..Self::duplicate_application(existing)
        }
    }

    /// Something is missing in the application.
    #[must_use]
    pub fn application_incomplete(errors: ValidationErrors) -> Self {
        Self::with_errors(
            ErrorCode::ApplicationIncomplete,
            details::application_incomplete(),
            errors,
        )
    }

    /// Lines are open.
    #[must_use]
    pub fn review_incomplete(open: ValidationErrors) -> Self {
        Self::with_errors(ErrorCode::ReviewIncomplete, details::review_incomplete(), open)
    }

    /// An approval although a mandatory criterion fails.
    #[must_use]
    pub fn criteria_not_met(failing: ValidationErrors) -> Self {
        Self::with_errors(ErrorCode::CriteriaNotMet, details::criteria_not_met(), failing)
    }

    /// A refusal although all criteria are met (helse- og omsorgstjenesteloven § 3-11, as it was).
    #[must_use]
    pub fn no_ground_to_refuse() -> Self {
        Self::new(ErrorCode::NoGroundToRefuse, details::no_ground_to_refuse())
    }

    /// A ground that the published terms lack.
    #[must_use]
    pub fn ground_not_in_terms(ground: &str) -> Self {
        Self::new(ErrorCode::GroundNotInTerms, details::ground_not_in_terms(ground))
    }

    /// The assessor signs.
    #[must_use]
    pub fn four_eyes() -> Self {
        Self::new(ErrorCode::FourEyes, details::four_eyes())
    }

    /// A deviation that is neither corrected nor out of time.
    #[must_use]
    pub fn deviations_open() -> Self {
        Self::new(ErrorCode::DeviationsOpen, details::deviations_open())
    }

    /// The named follow-up is of another approval.
    #[must_use]
    pub fn follow_up_of_another() -> Self {
        Self::new(ErrorCode::NotFounded, details::not_founded_other_approval())
    }

    /// A ground of an authority without what the authority found.
    #[must_use]
    pub fn finding_missing() -> Self {
        Self::new(ErrorCode::NotFounded, details::not_founded_finding())
    }

    /// A ground of an authority without a follow-up.
    #[must_use]
    pub fn finding_unrecorded() -> Self {
        Self::new(ErrorCode::NotFounded, details::not_founded_finding_first())
    }

    /// A follow-up without a deviation that carries the notice.
    #[must_use]
    pub fn nothing_left_uncorrected() -> Self {
        Self::new(ErrorCode::NotFounded, details::not_founded_nothing_uncorrected())
    }

    /// A notice about something else.
    #[must_use]
    pub fn prior_notice_used() -> Self {
        Self::new(ErrorCode::PriorNoticeUsed, details::prior_notice_used())
    }

    /// A notice on which a revocation has been decided.
    #[must_use]
    pub fn prior_notice_concluded() -> Self {
        Self::new(ErrorCode::PriorNoticeUsed, details::prior_notice_concluded())
    }

    /// The ground was not in the notice, so the provider could not answer it.
    #[must_use]
    pub fn ground_not_notified(ground: &str) -> Self {
        Self::new(ErrorCode::GroundNotNotified, details::ground_not_notified(ground))
    }

    /// Competitors still have time to object (anskaffelsesforskriften § 30-9).
    #[must_use]
    pub fn stand_still(last: chrono::NaiveDate) -> Self {
        Self::new(ErrorCode::StandStill, details::stand_still(last))
    }

    /// In an open arrangement an approval ends only on a ground.
    #[must_use]
    pub fn termination_needs_ground() -> Self {
        Self::new(ErrorCode::TerminationNeedsGround, details::termination_needs_ground())
    }

    /// The time to complete is not out (forvaltningsloven § 11).
    #[must_use]
    pub fn deadline_running(deadline: chrono::NaiveDate) -> Self {
        Self::new(ErrorCode::DeadlineRunning, details::deadline_running(deadline))
    }

    /// An item that was not requested.
    #[must_use]
    pub fn not_asked_for(criterion: &str) -> Self {
        Self::new(ErrorCode::NotAskedFor, details::not_asked_for(criterion))
    }

    /// Dismissed for uncorrected defects without an unanswered request.
    #[must_use]
    pub fn nothing_uncorrected() -> Self {
        Self::new(ErrorCode::NothingUnmended, details::nothing_unmended())
    }
}

/// The code, and the sentence as its key and arguments.
impl fmt::Display for DomainError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.code.as_str(), self.detail)
    }
}

#[cfg(test)]
mod tests;
