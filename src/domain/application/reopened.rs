//! Gjenopptatt søknad: a refusal or dismissal is annulled, or changed to an approval on an appeal.
//!
//! Also on this way an application is approved if and only if every mandatory criterion is met: who
//! changes a decision says what was found, and the approval follows from the same proof.

use std::collections::BTreeSet;

use super::{Application, AssessmentLine, Case, Outcome, State, review::AllMet};
use crate::domain::{
    Change,
    approval::Approval,
    decision::Decision,
    event::Kind,
    fault::Fault,
    faults::Faults,
    offering::{content::Content, intake::Places},
    refusal::Refusal,
    role::Actor,
    values::{
        ids::{ApprovalId, DecisionId},
        text::{Code, Note},
        time::Instant,
    },
};

/// What somebody who changes a decision found of one criterion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub criterion: Code,
    /// How its line is closed now.
    pub outcome: Outcome,
    /// Why.
    pub note: Note,
}

impl Application {
    /// Takes the case up again: the decision is annulled, what was assessed is kept, and the case
    /// worker goes on from there.
    ///
    /// # Errors
    /// `illegal-transition` where it was neither refused nor dismissed.
    pub fn reopen(mut self, by: DecisionId) -> Result<Change<Self>, Refusal> {
        self.state = State::UnderAssessment(self.turned_down("reopen")?);
        Ok(self.step(Kind::ApplicationReopened, vec![("by", by.to_string())]))
    }

    /// Approves what was turned down, by a decision on an appeal. Findings take the place of the lines
    /// that they name.
    ///
    /// # Errors
    /// `illegal-transition`, `validation` (`unknown-criterion`, `duplicate`), `review-incomplete`, `criteria-not-met`,
    /// `offering-full`.
    pub fn approve_on_appeal(
        mut self,
        findings: Vec<Finding>,
        approval: ApprovalId,
        (content, places): (&Content, &Places),
        decision: &Decision,
        by: &Actor,
        now: Instant,
    ) -> Result<Change<(Self, Approval)>, Refusal> {
        let mut case = self.turned_down("approve")?;
        let mut named = BTreeSet::new();
        for (i, Finding { criterion, outcome, note }) in findings.into_iter().enumerate() {
            if content.criterion(&criterion).is_none() {
                let mut faults = Faults::default();
                let fault =
                    Fault::new("unknown-criterion", "Use the code of a criterion of the offering.");
                faults.add(format!("/findings/{i}/criterion"), fault);
                return Err(Refusal::validation(faults));
            }
            if !named.insert(criterion.clone()) {
                let fault = Fault::new("duplicate", "Say once what was found of each criterion.");
                return Err(Refusal::invalid(&format!("/findings/{i}/criterion"), fault));
            }
            let line = AssessmentLine { outcome, note, by: by.clone(), at: now };
            case.lines.insert(criterion, line);
        }
        let _all_met: AllMet = case.review(content)?.all_met()?;
        places.room_for(&self.provider)?;
        let version = case.version();
        self.state = State::Approved(case, decision.id);
        let approval = Approval::granted(approval, &self, version, content, decision);
        let detail = vec![("decision", decision.id.to_string())];
        let Change { value, event } = self.step(Kind::ApplicationApproved, detail);
        Ok(Change { value: (value, approval), event })
    }

    fn turned_down(&self, act: &str) -> Result<Case, Refusal> {
        match &self.state {
            State::Refused(case, _) | State::Dismissed(case, _) => Ok(case.clone()),
            other => Err(Refusal::illegal_transition(act, other.as_str(), vec![])),
        }
    }
}
