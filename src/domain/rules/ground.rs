//! Grounds to refuse an application and to revoke an approval.
//!
//! Two types, since the law separates them (helse- og omsorgstjenesteloven § 3-11 fourth paragraph, as it was):
//! a probable bankruptcy can refuse and never revoke.

use crate::domain::{
    error::DomainError,
    message::{Arg, fields},
    value_error::ValueError,
    values::text::Prose,
};

keywords! {
    /// Ground to refuse.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum RefusalGround {
        /// A mandatory criterion is not met.
        CriteriaNotMet = "criteria-not-met",
        /// Requirements of health law are not met.
        HealthLawNotMet = "health-law-not-met",
        /// A supervisory authority has found a breach of health law.
        SupervisoryBreach = "supervisory-breach",
        /// Untrue material information.
        FalseInformation = "false-information",
        /// Withheld material information.
        WithheldInformation = "withheld-information",
        /// Bankruptcy seems probable.
        BankruptcyProbable = "bankruptcy-probable",
        /// Must-exclude ground (anskaffelsesforskriften § 24-2 first paragraph).
        ProcurementMustExclude = "procurement-must-exclude",
        /// May-exclude ground (anskaffelsesforskriften § 24-2 second and third paragraph).
        ProcurementMayExclude = "procurement-may-exclude",
    }
}

keywords! {
    /// Ground to revoke.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum RevocationGround {
        /// A mandatory criterion is no longer met.
        CriteriaNotMet = "criteria-not-met",
        /// Requirements of health law are not met.
        HealthLawNotMet = "health-law-not-met",
        /// A supervisory authority has found a breach of health law.
        SupervisoryBreach = "supervisory-breach",
        /// Untrue material information.
        FalseInformation = "false-information",
        /// Withheld material information.
        WithheldInformation = "withheld-information",
        /// The provider is bankrupt.
        Bankruptcy = "bankruptcy",
        /// The terms are broken.
        TermsBreach = "terms-breach",
        /// The approval was never valid (forvaltningsloven § 35 first paragraph c; lov 20. juni 2025 nr. 81 § 74).
        InvalidDecision = "invalid-decision",
    }
}

keywords! {
    /// Why an application may be dismissed without looking at its substance: the ground `formal`.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum FormalGround {
        /// It was sent to the wrong body.
        WrongBody = "wrong-body",
        /// Defects were not corrected within the deadline.
        NotMended = "not-mended",
        /// The signer cannot bind the applicant.
        NoLegalCapacity = "no-legal-capacity",
    }
}

/// A ground with a code; the texts are in the catalogue.
pub trait Ground: Copy + Ord + 'static {
    /// Every ground of this kind.
    const ALL: &'static [Self];
    /// The error of a known ground used for the wrong purpose.
    fn wrong_use(known: Arg) -> ValueError;
    /// The code in the catalogue.
    fn as_str(self) -> &'static str;

    /// The ground of that code.
    ///
    /// # Errors
    /// `ground-unknown`, or that of [`Ground::wrong_use`] for one that serves only the other purpose.
    fn parse(code: &str) -> Result<Self, ValueError> {
        if let Some(ground) = Self::ALL.iter().copied().find(|ground| ground.as_str() == code) {
            return Ok(ground);
        }
        let known = RefusalGround::ALL.iter().any(|g| g.as_str() == code)
            || RevocationGround::ALL.iter().any(|g| g.as_str() == code)
            || code == "formal";
        let listed: Vec<_> = Self::ALL.iter().map(|g| g.as_str().to_owned()).collect();
        let listed = Arg::from(listed);
        Err(if known { Self::wrong_use(listed) } else { fields::ground_unknown(listed) })
    }
}

impl Ground for RefusalGround {
    const ALL: &'static [Self] = &RefusalGround::ALL;

    fn wrong_use(known: Arg) -> ValueError {
        fields::ground_cannot_refuse(known)
    }

    fn as_str(self) -> &'static str {
        RefusalGround::as_str(self)
    }
}

impl Ground for RevocationGround {
    const ALL: &'static [Self] = &RevocationGround::ALL;

    fn wrong_use(known: Arg) -> ValueError {
        fields::ground_cannot_revoke(known)
    }

    fn as_str(self) -> &'static str {
        RevocationGround::as_str(self)
    }
}

/// A ground and the facts it rests on in this case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grounded<G> {
    pub ground: G,
    /// The facts to which it applies.
    pub facts: Prose,
}

/// Guards that no ground is named twice.
///
/// # Errors
/// `validation` (`duplicate`).
pub fn named_once<G: Ground>(grounds: &[Grounded<G>]) -> Result<(), DomainError> {
    for (i, value) in grounds.iter().enumerate() {
        if grounds.iter().take(i).any(|earlier| earlier.ground == value.ground) {
            return Err(DomainError::invalid(
                &format!("/grounds/{i}/ground"),
                fields::duplicate_ground(),
            ));
        }
    }
    Ok(())
}

/// Guards that at least one ground is named, and none twice.
///
/// # Errors
/// `validation` (`required`, `duplicate`).
pub fn some_named_once<G: Ground>(grounds: &[Grounded<G>]) -> Result<(), DomainError> {
    if grounds.is_empty() {
        let error = ValueError::from(fields::required_grounds());
        return Err(DomainError::invalid("/grounds", error));
    }
    named_once(grounds)
}

#[cfg(test)]
mod tests;
