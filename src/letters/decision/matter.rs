//! What the letter of a decision is written from.

use std::collections::BTreeMap;

use crate::domain::{
    appeal::Effect,
    application::AssessmentLine,
    approval::Revocation,
    decision::{Decision, DecisionOutcome},
    offering::{VersionNumber, content::OfferingContent},
    values::{
        text::{Code, Line},
        time::Instant,
    },
};

/// A decision with all that its letter tells, as it is when the decision is signed.
#[derive(Debug, Clone, Copy)]
pub struct Matter<'a> {
    pub decision: &'a Decision,
    /// The published content that governs the case.
    pub content: &'a OfferingContent,
    /// Its version.
    pub version: VersionNumber,
    /// Where the provider applied to serve.
    pub zones: &'a [Code],
    /// The assessment of each criterion.
    pub assessments: &'a BTreeMap<Code, AssessmentLine>,
    /// The decision that it is about.
    pub earlier: Option<&'a Decision>,
    /// The approval's record of a revocation by this decision.
    pub revocation: Option<&'a Revocation>,
    /// When the approval is in force again, where a revocation had taken effect.
    pub restored_at: Option<Instant>,
    /// The points of terms and criteria that deviations break.
    pub broken: &'a [Line],
}

impl Matter<'_> {
    /// What it does to the subject of the earlier decision.
    pub(super) fn effect(&self) -> Option<Effect> {
        let first = &self.earlier?.outcome;
        match &self.decision.outcome {
            DecisionOutcome::Reverse { .. } if first.approval().is_some() => {
                Some(Effect::Reinstate)
            }
            DecisionOutcome::Reverse { .. } => Some(Effect::Reopen),
            DecisionOutcome::Appeal { verdict, .. } => verdict.effect(first).ok(),
            _ => None,
        }
    }

    /// Whether it gives an approval.
    pub(super) fn approves(&self) -> bool {
        matches!(self.decision.outcome, DecisionOutcome::Approve { .. })
            || self.effect() == Some(Effect::Approve)
    }
}
