//! Decision: approve, refuse and revoke, each with the parts required by law; immutable after the signature.
//!
//! Later events are its [`history`].

pub mod costs;
mod decided_case;
pub mod history;
mod on_application;
pub mod on_decision;
#[cfg(test)]
mod tests;

pub use decided_case::DecidedCase;

use chrono::NaiveDate;

use super::{
    appeal::{Instance, Verdict},
    approval::{Approval, WindingDown},
    event::{Event, EventKind, Subject},
    municipality::{Municipality, MunicipalitySettings},
    offering::content::{LegalBasis, StandStillRule},
    prior_notice::{Exception, Heard},
    role::DecisionMaker,
    rules::{
        ground::{FormalGround, Grounded, RefusalGround, RevocationGround},
        notification::Channel,
        regime::Regime,
    },
    values::{
        ids::{AppealId, ApplicationId, ApprovalId, DecisionId, Revision},
        money::Price,
        numbers::{MunicipalityNumber, OrganisationNumber},
        text::{Line, Prose},
        time::{Instant, day_of},
    },
};

/// The three required parts of reasons (forvaltningsloven § 25).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reasons {
    pub rules: Prose,
    pub facts: Prose,
    /// The main considerations.
    pub considerations: Prose,
}

/// The responsible authority and persons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authority {
    /// The deciding body.
    pub body: Line,
    /// The delegation it decides by.
    pub delegation: Line,
    pub case_worker: Line,
    /// The responsible person, who signs.
    pub responsible: Line,
}

/// The right to appeal (forvaltningsloven §§ 27 to 29).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppealRight {
    /// The appeal body.
    pub body: Line,
    /// Lawsuits only after an appeal that is decided (§ 27 b).
    pub court_condition: bool,
}

/// Outcome of a decision. A refusal or a revocation without grounds and reasons cannot be constructed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DecisionOutcome {
    /// Innvilgelse. Reasons may be omitted (forvaltningsloven § 24 second paragraph).
    Approve {
        /// The approval that it gives.
        approval: ApprovalId,
        /// The legal basis of the arrangement.
        basis: LegalBasis,
        /// The reasons, if given.
        reasons: Option<Reasons>,
    },
    /// Avslag.
    Refuse {
        /// At least one.
        grounds: Vec<Grounded<RefusalGround>>,
        /// Rules, facts, considerations.
        reasons: Reasons,
    },
    /// A dismissal does not consider the substance.
    Dismiss {
        /// Why.
        ground: FormalGround,
        /// The right body, where it went to the wrong one (forvaltningsloven § 11 fourth paragraph).
        right_body: Option<Line>,
        /// Rules, facts, considerations.
        reasons: Reasons,
    },
    /// Tilbakekall.
    Revoke {
        /// The approval that it ends.
        approval: ApprovalId,
        /// At least one.
        grounds: Vec<Grounded<RevocationGround>>,
        /// Why the provider was sent no prior notice; none where it was (forvaltningsloven § 16 third paragraph).
        exception: Option<Exception>,
        /// Rules, facts, considerations.
        reasons: Reasons,
    },
    /// Omgjøring without an appeal (forvaltningsloven § 35).
    Reverse {
        /// The decision that it takes away.
        decision: DecisionId,
        /// The legal ground.
        ground: on_decision::ReversalGround,
        /// Rules, facts, considerations.
        reasons: Reasons,
    },
    /// Suspended effect, granted or refused (forvaltningsloven § 42).
    Defer {
        /// The decision that waits, or does not.
        decision: DecisionId,
        /// Whether it waits.
        granted: bool,
        /// Rules, facts, considerations.
        reasons: Reasons,
    },
    /// Avgjørelse i klagesak (forvaltningsloven §§ 31 to 34).
    Appeal {
        /// The decision appealed against.
        decision: DecisionId,
        appeal: AppealId,
        /// The result and the deciding body.
        verdict: Verdict,
        /// The approval that it gives, restores or ends.
        approval: Option<ApprovalId>,
        /// Rules, facts, considerations.
        reasons: Reasons,
    },
    /// Sakskostnader (forvaltningsloven § 36).
    Costs {
        /// The decision that changed an earlier one in favour of the party.
        decision: DecisionId,
        /// The appeal that led to it; none in a reversal without an appeal.
        appeal: Option<AppealId>,
        /// The granted amount; none in a refusal.
        granted: Option<Price>,
        /// The deciding body.
        instance: Instance,
        /// Rules, facts, considerations.
        reasons: Reasons,
    },
}

impl DecisionOutcome {
    /// The name in JSON and in the database.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Approve { .. } => "approve",
            Self::Refuse { .. } => "refuse",
            Self::Dismiss { .. } => "dismiss",
            Self::Revoke { .. } => "revoke",
            Self::Reverse { .. } => "reverse",
            Self::Defer { .. } => "defer",
            Self::Appeal { .. } => "appeal",
            Self::Costs { .. } => "costs",
        }
    }

    /// The approval that it gives or ends.
    #[must_use]
    pub const fn approval(&self) -> Option<ApprovalId> {
        match self {
            Self::Approve { approval, .. } | Self::Revoke { approval, .. } => Some(*approval),
            Self::Appeal { approval, .. } => *approval,
            Self::Refuse { .. }
            | Self::Dismiss { .. }
            | Self::Reverse { .. }
            | Self::Defer { .. }
            | Self::Costs { .. } => None,
        }
    }

    /// The appeal body that made it, and the day on which it did.
    #[must_use]
    pub const fn appeal_body(&self) -> Option<(&Line, NaiveDate)> {
        let instance = match self {
            Self::Appeal { verdict, .. } => &verdict.instance,
            Self::Costs { instance, .. } => instance,
            _ => return None,
        };
        match instance {
            Instance::AppealBody { name, decided_on } => Some((name, *decided_on)),
            Instance::LowerBody => None,
        }
    }

    /// The reasons, where there are any.
    #[must_use]
    pub const fn reasons(&self) -> Option<&Reasons> {
        match self {
            Self::Approve { reasons, .. } => reasons.as_ref(),
            Self::Refuse { reasons, .. }
            | Self::Dismiss { reasons, .. }
            | Self::Revoke { reasons, .. }
            | Self::Reverse { reasons, .. }
            | Self::Defer { reasons, .. }
            | Self::Appeal { reasons, .. }
            | Self::Costs { reasons, .. } => Some(reasons),
        }
    }

    /// Whether it dismisses an appeal by the body that made the first decision: it can itself be appealed against
    /// (forvaltningsloven § 2 third paragraph, § 28 first paragraph).
    #[must_use]
    pub const fn dismisses_appeal_below(&self) -> bool {
        matches!(self, Self::Appeal { verdict, .. } if verdict.dismissal.is_some())
    }

    /// Whether the body that made the first decision rules on an appeal so that a party can appeal in turn: it
    /// dismisses the appeal, or takes the approval away on the appeal of another.
    #[must_use]
    pub fn is_appealable_ruling(&self) -> bool {
        let takes_below = matches!(self, Self::Appeal { verdict, .. }
            if verdict.withdrawal.is_some() && verdict.instance == Instance::LowerBody);
        self.dismisses_appeal_below() || takes_below
    }

    /// How the approval ends, where the appeal of another takes it away.
    #[must_use]
    pub const fn withdrawal(&self) -> Option<&RevocationTerms> {
        match self {
            Self::Appeal { verdict, .. } => verdict.withdrawal.as_ref(),
            _ => None,
        }
    }

    /// The decision that it is about.
    #[must_use]
    pub const fn earlier(&self) -> Option<DecisionId> {
        match self {
            Self::Reverse { decision, .. }
            | Self::Defer { decision, .. }
            | Self::Appeal { decision, .. }
            | Self::Costs { decision, .. } => Some(*decision),
            _ => None,
        }
    }
}

/// A signed decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    pub id: DecisionId,
    /// Its number within the municipality, such as `4204-2026/17`.
    pub number: Line,
    /// The application it decides, or behind the approval.
    pub application: ApplicationId,
    /// The deciding municipality.
    pub municipality: MunicipalityNumber,
    /// The party.
    pub provider: OrganisationNumber,
    /// The outcome.
    pub outcome: DecisionOutcome,
    /// The responsible authority.
    pub authority: Authority,
    /// The Act that governed the procedure.
    pub regime: Regime,
    /// When it was signed.
    pub signed_at: Instant,
    /// How it goes to the party.
    pub channel: Channel,
    /// The right to appeal, where there is one.
    pub appeal: Option<AppealRight>,
}

impl Decision {
    /// The stand-still before the contract, which the message of an approval tells of where the legal basis demands it.
    #[must_use]
    pub fn stand_still(&self) -> Option<StandStillRule> {
        match self.outcome {
            DecisionOutcome::Approve { basis, .. } => {
                basis.stand_still_rule(self.channel == Channel::Electronic)
            }
            _ => None,
        }
    }

    /// That it was signed, for everyone to know.
    #[must_use]
    pub fn signed(&self) -> Event {
        Event {
            kind: EventKind::DecisionSigned,
            subject: Subject::Decision(self.id),
            revision: Revision::FIRST,
            municipality: Some(self.municipality.clone()),
            provider: Some(self.provider.clone()),
            detail: vec![
                ("outcome", self.outcome.as_str().to_owned()),
                ("number", self.number.to_string()),
                ("channel", self.channel.as_str().to_owned()),
            ],
        }
    }
}

/// External inputs of a decision: id, number, time, municipality settings.
#[derive(Debug, Clone)]
pub struct SigningContext<'a> {
    /// The new id.
    pub id: DecisionId,
    /// The next number of the municipality's year.
    pub number: Line,
    /// The municipality that decides.
    pub municipality: &'a Municipality,
    /// Now. The decision is made available in the same instant.
    pub now: Instant,
    /// The first day of the Act of 2025, if set.
    pub commencement: Option<NaiveDate>,
    /// How it is sent.
    pub channel: Channel,
}

impl SigningContext<'_> {
    /// Signs. The case keeps the Act of the day on which it began.
    fn sign(
        self,
        began: Instant,
        application: ApplicationId,
        provider: OrganisationNumber,
        outcome: DecisionOutcome,
        case_worker: Line,
        responsible: Line,
    ) -> Decision {
        let appeal = Some(self.appeal_right());
        let MunicipalitySettings { deciding_body, delegation, .. } =
            self.municipality.settings.clone();
        Decision {
            id: self.id,
            number: self.number,
            application,
            municipality: self.municipality.number.clone(),
            provider,
            outcome,
            authority: Authority { body: deciding_body, delegation, case_worker, responsible },
            regime: Regime::on(day_of(began), self.commencement),
            signed_at: self.now,
            channel: self.channel,
            appeal,
        }
    }

    /// The right to appeal against a decision that is signed now.
    pub(in crate::domain) fn appeal_right(&self) -> AppealRight {
        let settings = &self.municipality.settings;
        let (body, court_condition) = (settings.appeal_body.clone(), settings.court_condition);
        AppealRight { body, court_condition }
    }
}

/// Fields of a revocation beside its grounds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevocationTerms {
    /// When it takes effect; not before now.
    pub effective_at: Instant,
    /// How users are taken over; required where there can be users when it takes effect.
    pub winding_down: Option<WindingDown>,
}

impl SigningContext<'_> {
    /// Signs a revocation; only [`Approval::revoke`] calls it, after its guards.
    pub(super) fn revoke(
        self,
        approval: &Approval,
        grounds: Vec<Grounded<RevocationGround>>,
        reasons: Reasons,
        heard: Heard<'_>,
        by: &DecisionMaker,
    ) -> Decision {
        let exception = heard.exception().cloned();
        let outcome =
            DecisionOutcome::Revoke { approval: approval.id, grounds, exception, reasons };
        let (_, prepared_by, began) = heard.prepared();
        self.sign(
            began,
            approval.application,
            approval.provider.clone(),
            outcome,
            prepared_by.name.clone(),
            by.actor.name.clone(),
        )
    }
}
