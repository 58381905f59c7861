//! Correction: clerical errors are corrected beside the original, and the party is notified.
//!
//! A correction changes running text only: not outcome, grounds or last day.

use super::{DecisionCommand, DecisionHistory};
use crate::domain::{
    Change,
    decision::{Decision, DecisionOutcome},
    error::DomainError,
    event::EventKind,
    message::fields,
    role::{Actor, DecisionMaker},
    rules::notification::{Channel, Notification},
    value_error::ValueError,
    values::{
        text::{Note, Prose},
        time::Instant,
    },
};

/// A text of a decision that may hold a slip.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CorrectedText {
    /// `/reasons/rules`
    Rules,
    /// `/reasons/facts`
    Facts,
    /// `/reasons/considerations`
    Considerations,
    /// `/grounds/0/facts`
    GroundFacts(usize),
}

impl CorrectedText {
    /// Parses a JSON Pointer into the decision. Error: `not-a-text`.
    pub fn parse(pointer: &str) -> Result<Self, ValueError> {
        let ground = || {
            let index = pointer.strip_prefix("/grounds/")?.strip_suffix("/facts")?;
            index.parse().ok().map(Self::GroundFacts)
        };
        match pointer {
            "/reasons/rules" => Some(Self::Rules),
            "/reasons/facts" => Some(Self::Facts),
            "/reasons/considerations" => Some(Self::Considerations),
            _ => ground(),
        }
        .ok_or_else(not_a_text)
    }

    /// The JSON Pointer.
    #[must_use]
    pub fn pointer(self) -> String {
        match self {
            Self::Rules => "/reasons/rules".to_owned(),
            Self::Facts => "/reasons/facts".to_owned(),
            Self::Considerations => "/reasons/considerations".to_owned(),
            Self::GroundFacts(index) => format!("/grounds/{index}/facts"),
        }
    }
}

fn not_a_text() -> ValueError {
    fields::not_a_text()
}

/// One corrected clerical error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecisionCorrection {
    /// Where.
    pub place: CorrectedText,
    /// The original text.
    pub before: Note,
    /// The corrected text.
    pub after: Note,
    /// Why it is a clear slip.
    pub why: Note,
    pub by: Actor,
    /// Its notification.
    pub notification: Notification,
}

impl DecisionHistory {
    /// A text as it reads with every correction; none where the decision has no such text.
    #[must_use]
    pub fn text(&self, place: CorrectedText, decision: &Decision) -> Option<String> {
        let reasons = self.reasons(decision);
        let original = match place {
            CorrectedText::Rules => &reasons?.rules,
            CorrectedText::Facts => &reasons?.facts,
            CorrectedText::Considerations => &reasons?.considerations,
            CorrectedText::GroundFacts(index) => match &decision.outcome {
                DecisionOutcome::Refuse { grounds, .. } => &grounds.get(index)?.facts,
                DecisionOutcome::Revoke { grounds, .. } => &grounds.get(index)?.facts,
                _ => return None,
            },
        };
        let own = self.course.corrections.iter().filter(|correction| correction.place == place);
        Some(own.fold(original.to_string(), |text, correction| {
            text.replacen(correction.before.as_str(), correction.after.as_str(), 1)
        }))
    }

    /// Guards a correction: there is a text.
    ///
    /// # Errors
    /// `illegal-transition`; `validation` (`not-a-text`) where the decision came without reasons.
    pub fn may_correct(&self, decision: &Decision, now: Instant) -> Result<(), DomainError> {
        self.may(DecisionCommand::Correct, decision, now)?;
        match self.reasons(decision) {
            Some(_) => Ok(()),
            None => Err(DomainError::invalid("/pointer", not_a_text())),
        }
    }

    /// Mends a clear slip. What is mended must stand in the text exactly once.
    ///
    /// # Errors
    /// `not-found`, `illegal-transition`, `validation` (`not-a-text`, `not-in-text`).
    pub fn correct(
        mut self,
        place: CorrectedText,
        (before, after, why): (Note, Note, Note),
        decision: &Decision,
        by: &DecisionMaker,
        now: Instant,
    ) -> Result<Change<Self>, DomainError> {
        self.handled_by(&by.municipality)?;
        self.may_correct(decision, now)?;
        let text = self
            .text(place, decision)
            .ok_or_else(|| DomainError::invalid("/pointer", not_a_text()))?;
        if text.matches(before.as_str()).count() != 1 {
            return Err(DomainError::invalid("/before", fields::not_in_text()));
        }
        Prose::parse(&text.replacen(before.as_str(), after.as_str(), 1))
            .map_err(|error| DomainError::invalid("/after", error))?;
        let notification = Notification::new(Channel::Electronic, now);
        let detail = vec![("pointer", place.pointer())];
        let by = by.actor.clone();
        self.course.corrections.push(DecisionCorrection {
            place,
            before,
            after,
            why,
            by,
            notification,
        });
        Ok(self.step(EventKind::DecisionCorrected, detail))
    }
}
