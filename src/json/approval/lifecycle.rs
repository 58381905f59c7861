//! JSON form of an approval's facts: contract, notice, ends, revocation, gaps.

use chrono::NaiveDate;
use utoipa::openapi::schema::Object;

use crate::{
    domain::{
        approval::{
            ApprovalLifecycle, Contract, ContractPeriod, ContractState, GivenBy, OfferingEnd,
            Revocation, RevocationDeferral, RevocationGap, Termination, WindingDown,
        },
        keywords,
        message::fields,
        rules::ground::RevocationGround,
        validation::ValidationErrors,
        values::{ids::DecisionId, text::Prose, time::Instant},
    },
    json::{
        form::{ConvertedForm, Form, form, scalars::keyword_forms},
        words,
    },
};

form! {
    /// A stay of a revocation.
    struct RevocationDeferral {
        /// The decision that defers.
        #[form(name = "decisionId")]
        by: DecisionId,
        /// Since when.
        at: Instant,
    }
}

form! {
    /// The end of an approval by decision.
    struct Revocation {
        /// The decision.
        #[form(name = "decisionId")]
        decision: DecisionId,
        /// When it takes effect.
        effective_at: Instant,
        /// When that was set: by the decision, or by the end of the suspended effect.
        set_at: Instant,
        /// The grounds; the facts are in the decision. None where the approving decision lost its effect.
        grounds: Vec<RevocationGround>,
        /// How users are taken over; omitted where there were no users yet.
        winding_down: Option<WindingDown>,
        /// The suspended effect; during it the revocation has no effect.
        #[form(name = "deferral")]
        suspension: Option<RevocationDeferral>,
    }
}

keywords! {
    /// A side of a contract.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Side {
        Provider = "provider",
        Municipality = "municipality",
    }
}

keyword_forms!(Side);

/// The two sides of a contract.
pub fn sides() -> Object {
    words("The side that gave notice.", Side::ALL.map(Side::as_str))
}

/// Notice by one of the sides of a contract.
#[derive(Debug, Form)]
#[form(name = "Termination")]
pub struct TerminationFields {
    /// The side that gave notice.
    given_by: Side,
    /// The day of the notice.
    given_on: NaiveDate,
    /// Last day of the contract.
    effective_on: NaiveDate,
    /// Why the municipality gives notice.
    reason: Option<Prose>,
    /// How users are taken over, where that is settled.
    winding_down: Option<WindingDown>,
}

impl ConvertedForm for Termination {
    type Fields = TerminationFields;

    fn to_fields(&self) -> TerminationFields {
        let Self { given_on, given_by, effective_on } = self.clone();
        let (given_by, reason, winding_down) = match given_by {
            GivenBy::Provider(winding_down) => (Side::Provider, None, winding_down),
            GivenBy::Municipality { reason, winding_down } => {
                (Side::Municipality, Some(reason), Some(winding_down))
            }
        };
        TerminationFields { given_by, given_on, effective_on, reason, winding_down }
    }

    fn from_fields(
        fields: TerminationFields,
        at: &str,
        errors: &mut ValidationErrors,
    ) -> Option<Self> {
        let TerminationFields { given_by, given_on, effective_on, reason, winding_down } = fields;
        let given_by = match given_by {
            Side::Provider => GivenBy::Provider(winding_down),
            Side::Municipality => {
                let reason = errors.require(&format!("{at}/reason"), reason);
                let winding_down = errors.require(&format!("{at}/windingDown"), winding_down);
                GivenBy::Municipality { reason: reason?, winding_down: winding_down? }
            }
        };
        Some(Self { given_on, given_by, effective_on })
    }
}

form! {
    /// The end of the offering, and of every approval with it.
    #[form(name = "ApprovalEnd")]
    struct OfferingEnd {
        /// Last day.
        on: NaiveDate,
        /// How users are taken over.
        winding_down: WindingDown,
    }
}

form! {
    /// A time in which a revocation was in effect that was undone or deferred later.
    #[form(name = "ApprovalGap")]
    struct RevocationGap {
        /// First instant without approval.
        from: Instant,
        /// First instant with approval again.
        to: Instant,
        /// The decision that had revoked.
        revoked_by: DecisionId,
        /// The decision that undid or deferred it.
        #[form(name = "decisionId")]
        by: DecisionId,
    }
}

/// Facts of an approval.
#[derive(Debug, Form)]
#[form(name = "Standing")]
pub struct LifecycleFields {
    /// The contract, when it is recorded.
    contract: Option<Contract>,
    /// When the contract was recorded.
    recorded_at: Option<Instant>,
    /// The notice, if given by one of the sides.
    termination: Option<Termination>,
    /// The end of the offering, when it is decided.
    offering_end: Option<OfferingEnd>,
    /// When, on which grounds and how it was or will be revoked.
    revocation: Option<Revocation>,
    /// Past times without approval, oldest first.
    #[form(omit_default)]
    gaps: Vec<RevocationGap>,
}

impl ConvertedForm for ApprovalLifecycle {
    type Fields = LifecycleFields;

    fn to_fields(&self) -> LifecycleFields {
        let period = self.contract_period();
        LifecycleFields {
            contract: self.contract().cloned(),
            recorded_at: period.map(|period| period.recorded_at),
            termination: period.and_then(|it| it.termination.clone()),
            offering_end: self.offering_end().cloned(),
            revocation: self.revocation.clone(),
            gaps: period.map(|it| it.gaps.clone()).unwrap_or_default(),
        }
    }

    fn from_fields(
        fields: LifecycleFields,
        at: &str,
        errors: &mut ValidationErrors,
    ) -> Option<Self> {
        let LifecycleFields { contract, termination, offering_end, revocation, gaps, .. } = fields;
        let Some(contract) = contract else {
            if termination.is_some() {
                errors.missing(format!("{at}/contract"), fields::required_contract());
                return None;
            }
            return Some(Self { state: ContractState::Awaited(offering_end), revocation });
        };
        let recorded_at = fields.recorded_at;
        let recorded_at = errors.require(&format!("{at}/recordedAt"), recorded_at)?;
        let period = ContractPeriod { contract, recorded_at, termination, offering_end, gaps };
        Some(Self { state: ContractState::Recorded(period), revocation })
    }
}
