//! Grunnlag: the grounds on which an application may be refused and an approval revoked.
//!
//! Two types, since the law keeps them apart (helse- og omsorgstjenesteloven § 3-11 fourth
//! paragraph, as it was): a probable bankruptcy can refuse and never revoke.

use crate::domain::{fault::Fault, faults::REQUIRED, refusal::Refusal, values::text::Prose};

/// What may ground a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RefusalGround {
    /// A mandatory criterion is not met.
    CriteriaNotMet,
    /// Requirements of health law are not met.
    HealthLawNotMet,
    /// A supervisory authority has found a breach of health law.
    SupervisoryBreach,
    /// Untrue information that matters.
    FalseInformation,
    /// Information that matters was held back.
    WithheldInformation,
    /// Bankruptcy seems probable.
    BankruptcyProbable,
    /// Must-exclude ground (anskaffelsesforskriften § 24-2 first paragraph).
    ProcurementMustExclude,
    /// May-exclude ground (anskaffelsesforskriften § 24-2 second and third paragraph).
    ProcurementMayExclude,
}

/// What may ground a revocation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RevocationGround {
    /// A mandatory criterion is no longer met.
    CriteriaNotMet,
    /// Requirements of health law are not met.
    HealthLawNotMet,
    /// A supervisory authority has found a breach of health law.
    SupervisoryBreach,
    /// Untrue information that matters.
    FalseInformation,
    /// Information that matters was held back.
    WithheldInformation,
    /// The provider is bankrupt.
    Bankruptcy,
    /// The terms are broken.
    TermsBreach,
    /// The approval was never valid (forvaltningsloven § 35 first paragraph c; lov 20. juni 2025 nr. 81 § 74).
    InvalidDecision,
}

/// Why an application may be dismissed without looking at its substance: the ground `formal`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FormalGround {
    /// It was sent to the wrong body.
    WrongBody,
    /// Defects were pointed out and not mended in time.
    NotMended,
    /// Whoever signed cannot bind the applicant.
    NoLegalCapacity,
}

impl FormalGround {
    /// Every formal ground.
    pub const ALL: [Self; 3] = [Self::WrongBody, Self::NotMended, Self::NoLegalCapacity];

    /// The name in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::WrongBody => "wrong-body",
            Self::NotMended => "not-mended",
            Self::NoLegalCapacity => "no-legal-capacity",
        }
    }
}

/// A ground with a code; the texts stand in the catalogue.
pub trait Ground: Copy + Ord + 'static {
    /// Every ground of this kind.
    const ALL: &'static [Self];
    /// The fault when a known ground is used for the wrong thing.
    const WRONG_USE: &'static str;
    /// The code in the catalogue.
    fn as_str(self) -> &'static str;

    /// The ground of that code.
    ///
    /// # Errors
    /// `ground-unknown`, or [`Ground::WRONG_USE`] for one that serves only the other purpose.
    fn parse(code: &str) -> Result<Self, Fault> {
        if let Some(ground) = Self::ALL.iter().copied().find(|ground| ground.as_str() == code) {
            return Ok(ground);
        }
        let known = RefusalGround::ALL.iter().any(|g| g.as_str() == code)
            || RevocationGround::ALL.iter().any(|g| g.as_str() == code)
            || code == "formal";
        let listed: Vec<_> = Self::ALL.iter().map(|g| g.as_str()).collect();
        Err(Fault::new(
            if known { Self::WRONG_USE } else { "ground-unknown" },
            format!("Use one of {}.", listed.join(", ")),
        ))
    }
}

impl Ground for RefusalGround {
    const ALL: &'static [Self] = &[
        Self::CriteriaNotMet,
        Self::HealthLawNotMet,
        Self::SupervisoryBreach,
        Self::FalseInformation,
        Self::WithheldInformation,
        Self::BankruptcyProbable,
        Self::ProcurementMustExclude,
        Self::ProcurementMayExclude,
    ];
    const WRONG_USE: &'static str = "ground-cannot-refuse";

    fn as_str(self) -> &'static str {
        match self {
            Self::CriteriaNotMet => "criteria-not-met",
            Self::HealthLawNotMet => "health-law-not-met",
            Self::SupervisoryBreach => "supervisory-breach",
            Self::FalseInformation => "false-information",
            Self::WithheldInformation => "withheld-information",
            Self::BankruptcyProbable => "bankruptcy-probable",
            Self::ProcurementMustExclude => "procurement-must-exclude",
            Self::ProcurementMayExclude => "procurement-may-exclude",
        }
    }
}

impl Ground for RevocationGround {
    const ALL: &'static [Self] = &[
        Self::CriteriaNotMet,
        Self::HealthLawNotMet,
        Self::SupervisoryBreach,
        Self::FalseInformation,
        Self::WithheldInformation,
        Self::Bankruptcy,
        Self::TermsBreach,
        Self::InvalidDecision,
    ];
    const WRONG_USE: &'static str = "ground-cannot-revoke";

    fn as_str(self) -> &'static str {
        match self {
            Self::CriteriaNotMet => "criteria-not-met",
            Self::HealthLawNotMet => "health-law-not-met",
            Self::SupervisoryBreach => "supervisory-breach",
            Self::FalseInformation => "false-information",
            Self::WithheldInformation => "withheld-information",
            Self::Bankruptcy => "bankruptcy",
            Self::TermsBreach => "terms-breach",
            Self::InvalidDecision => "invalid-decision",
        }
    }
}

/// A ground and the facts it rests on in this case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grounded<G> {
    /// The ground.
    pub ground: G,
    /// What happened that makes it apply.
    pub facts: Prose,
}

/// Guards that no ground is named twice.
///
/// # Errors
/// `validation` (`duplicate`).
pub fn named_once<G: Ground>(grounds: &[Grounded<G>]) -> Result<(), Refusal> {
    for (i, said) in grounds.iter().enumerate() {
        if grounds.iter().take(i).any(|earlier| earlier.ground == said.ground) {
            return Err(Refusal::invalid(
                &format!("/grounds/{i}/ground"),
                Fault::new("duplicate", "Name each ground once, with all its facts."),
            ));
        }
    }
    Ok(())
}

/// Guards that at least one ground is named, and none twice.
///
/// # Errors
/// `validation` (`required`, `duplicate`).
pub fn some_named_once<G: Ground>(grounds: &[Grounded<G>]) -> Result<(), Refusal> {
    if grounds.is_empty() {
        let fault = Fault::new(REQUIRED, "Name at least one ground, with its facts.");
        return Err(Refusal::invalid("/grounds", fault));
    }
    named_once(grounds)
}

#[cfg(test)]
mod tests;
