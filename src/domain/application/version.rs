//! Nyere krav på søkerens ønske: the applicant asks to be assessed by a version newer than the pinned one.
//!
//! The pinned version protects the applicant from requirements that change under the case. A newer
//! one applies on its own wish alone, before the decision, and never the other way round.

use super::{Act, Application, Case, State, dossier::unknown_zones};
use crate::domain::{
    Change,
    event::Kind,
    fault::Fault,
    offering::{VersionNumber, content::Content},
    refusal::Refusal,
    role::ProviderUser,
};

impl Application {
    /// Moves to a newer published version. Lines whose criterion it words otherwise, or lacks, are
    /// open again; the others stay.
    ///
    /// # Errors
    /// `not-found`, `illegal-transition`, `validation` (`not-newer`; `unknown-zone` for a zone applied
    /// for that the newer version lacks).
    pub fn change_version(
        mut self,
        pinned: &Content,
        (number, newer): (VersionNumber, &Content),
        by: &ProviderUser,
    ) -> Result<Change<Self>, Refusal> {
        self.owned_by(by)?.may(Act::ChangeVersion)?;
        let faults = unknown_zones(&self.dossier.zones, newer);
        if !faults.is_empty() {
            return Err(Refusal::validation(faults));
        }
        let illegal = self.illegal(Act::ChangeVersion);
        let case = self.state.case_mut().ok_or(illegal)?;
        if number <= case.version() {
            let detail = "Name a version that is newer than the one that applies now.";
            return Err(Refusal::invalid("/version", Fault::new("not-newer", detail)));
        }
        case.newer_version = Some(number);
        case.lines.retain(|code, _| {
            newer.criterion(code).is_some_and(|found| pinned.criterion(code) == Some(found))
        });
        self.state = match self.state {
            State::UnderAssessment(case) | State::Ready(case) => assessed(case, newer),
            other => other,
        };
        Ok(self.step(Kind::VersionChanged, vec![("version", number.0.to_string())]))
    }
}

/// Ready means that every line is closed, by whatever version.
fn assessed(case: Case, content: &Content) -> State {
    if case.open_lines(content).is_empty() {
        State::Ready(case)
    } else {
        State::UnderAssessment(case)
    }
}
