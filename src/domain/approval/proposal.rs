//! Forslag om tilbakekall uten forhåndsvarsel: a case worker proposes it before another person signs.
//!
//! Where the law excuses the notice (forvaltningsloven § 16 third paragraph) the provider is not heard, so two
//! people must have looked at the case, whatever the municipality has set for other cases.

use super::{Approval, ApprovalCommand, impartiality::Handled};
use crate::domain::{
    Change,
    error::DomainError,
    event::EventKind,
    offering::content::OfferingContent,
    prior_notice::Exception,
    role::Actor,
    rules::ground::{Grounded, RevocationGround, some_named_once},
    values::time::Instant,
};

/// A proposal to revoke without a prior notice. The provider does not see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevocationProposal {
    /// Why the notice is excused.
    pub exception: Exception,
    /// The grounds, each with facts; at least one.
    pub grounds: Vec<Grounded<RevocationGround>>,
    /// The case worker.
    pub by: Actor,
    /// When.
    pub at: Instant,
}

impl Approval {
    /// Proposes a revocation without a prior notice. It takes the place of an earlier proposal, and serves one
    /// revocation.
    ///
    /// # Errors
    /// `illegal-transition`, `ground-not-in-terms`, `validation` (`required` and `duplicate` grounds).
    pub fn propose_revocation(
        handled: Handled<'_>,
        exception: Exception,
        grounds: Vec<Grounded<RevocationGround>>,
        content: &OfferingContent,
        now: Instant,
    ) -> Result<Change<Self>, DomainError> {
        let (approval, by) = (handled.approval(), handled.by());
        approval.may(ApprovalCommand::ProposeRevocation, now)?;
        some_named_once(&grounds)?;
        if let Some(unlisted) = grounds.iter().find(|it| !content.terms().may_revoke_on(it.ground))
        {
            return Err(DomainError::ground_not_in_terms(unlisted.ground.as_str()));
        }
        let kind = exception.kind.as_str().to_owned();
        let proposal = RevocationProposal { exception, grounds, by: by.actor.clone(), at: now };
        let proposed = Self { proposal: Some(proposal), ..approval.clone() };
        let detail = vec![("noticeException", kind)];
        // The public resource stays as it is, and so does its revision.
        let event = proposed.event(EventKind::RevocationProposed, detail);
        Ok(Change { value: proposed, event })
    }
}
