//! Impartiality: the people who may handle and decide a case, and their declarations.
//!
//! Forvaltningsloven 1967 §§ 6, 8 and 10; forvaltningsloven 2025 §§ 25–29. Everyone who handles a case first
//! decides on his or her own impartiality, or leaves it to the superior; a party may demand a ruling. Only
//! [`Impartiality`] constructs the proofs that the commands of a case require.

mod finding;
#[cfg(test)]
mod tests;

pub use self::finding::{BarringGround, ImpartialityFinding};

use std::collections::BTreeSet;

use crate::domain::{
    error::DomainError,
    message::fields,
    role::Actor,
    values::{
        text::{Line, Note},
        time::Instant,
    },
};

/// Keys of the staff of the municipality's own provider; they handle none of its cases.
pub type Staff = BTreeSet<Line>;

/// A person's declaration about himself or herself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImpartialityAnswer {
    /// Decided by the person (§ 8 first paragraph).
    Own(ImpartialityFinding),
    /// Decided by the person although a party demands a ruling, since that would delay the case substantially (§ 8 first
    /// paragraph).
    OwnOnChallenge {
        finding: ImpartialityFinding,
        /// Why the superior cannot rule in time.
        why: Note,
    },
    /// Special circumstances, left to the superior (§ 8).
    LeftToSuperior {
        /// Special circumstances.
        note: Note,
        /// A ruling was made.
        settled: bool,
    },
}

impl ImpartialityAnswer {
    /// The person's own finding; none where it is left to the superior.
    #[must_use]
    pub const fn finding(&self) -> Option<&ImpartialityFinding> {
        match self {
            Self::Own(finding) | Self::OwnOnChallenge { finding, .. } => Some(finding),
            Self::LeftToSuperior { .. } => None,
        }
    }

    /// Whether the person found to be disqualified.
    fn bars(&self) -> bool {
        self.finding().is_some_and(|finding| !finding.is_able())
    }
}

/// A person's declaration in a case. The last one counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declaration {
    pub by: Actor,
    pub answer: ImpartialityAnswer,
    /// The key of the person's immediate superior. Once stated it applies; another one only after a ruling.
    pub superior: Option<Line>,
    /// When.
    pub at: Instant,
}

impl Declaration {
    /// Left to the superior, without a ruling.
    #[must_use]
    pub const fn waits(&self) -> bool {
        matches!(self.answer, ImpartialityAnswer::LeftToSuperior { settled: false, .. })
    }
}

/// A person as named by another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whom {
    /// By key.
    Key(Line),
    /// By name, as in a letter.
    Name(Line),
    /// A person with a part in the case.
    Known(Actor),
}

impl Whom {
    /// The key, where it is known.
    #[must_use]
    pub const fn key(&self) -> Option<&Line> {
        match self {
            Self::Key(key) => Some(key),
            Self::Known(actor) => Some(&actor.subject),
            Self::Name(_) => None,
        }
    }

    /// The name, where it is known.
    #[must_use]
    pub const fn name(&self) -> Option<&Line> {
        match self {
            Self::Name(name) => Some(name),
            Self::Known(actor) => Some(&actor.name),
            Self::Key(_) => None,
        }
    }

    /// The same person: by key where both have one, else by name whatever the case of its letters.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        match (self.key(), other.key()) {
            (Some(key), Some(other)) => key == other,
            _ => self.name().zip(other.name()).is_some_and(|(name, other)| {
                name.as_str().to_lowercase() == other.as_str().to_lowercase()
            }),
        }
    }
}

/// A party's demand for a ruling on a person's impartiality (§ 8 first paragraph).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenge {
    /// The challenged person.
    pub whom: Whom,
    /// Why.
    pub reason: Note,
    pub by: Actor,
    /// When.
    pub at: Instant,
    /// A ruling was made.
    pub settled: bool,
}

keywords! {
    /// Capacity of the ruler.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum RulingCapacity {
        /// The superior of the person concerned.
        Superior = "superior",
        /// Another decision maker.
        DecisionMaker = "ruling",
        /// A superior outside the registry, whose finding another person recorded.
        OutsideSuperior = "outside-superior",
    }
}

/// A ruling on a person's impartiality. The person concerned cannot undo it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImpartialityRuling {
    pub whom: Whom,
    pub finding: ImpartialityFinding,
    pub by: Actor,
    /// The superior outside the registry whose finding it is.
    pub outside: Option<Line>,
    /// In which capacity.
    pub capacity: RulingCapacity,
    /// When.
    pub at: Instant,
}

/// Proof that a person may handle a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Impartial(());

/// Proof that a person may also decide it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImpartialToDecide(());

/// All declarations, challenges and rulings of one case, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Impartiality {
    pub declarations: Vec<Declaration>,
    pub challenges: Vec<Challenge>,
    pub rulings: Vec<ImpartialityRuling>,
}

impl Impartiality {
    /// Records a person's declaration.
    ///
    /// # Errors
    /// `own-provider-staff` for one of the staff without a declared disqualification; `no-impartiality-question` for
    /// an answer to a challenge that was not made; `validation` (`own-superior`).
    pub fn declare(
        &mut self,
        by: &Actor,
        answer: ImpartialityAnswer,
        superior: Option<Line>,
        staff: &Staff,
        at: Instant,
    ) -> Result<(), DomainError> {
        if !answer.bars() && staff.contains(&by.subject) {
            return Err(DomainError::own_provider_staff());
        }
        if superior.as_ref() == Some(&by.subject) {
            let error = fields::own_superior();
            return Err(DomainError::invalid("/superior", error));
        }
        if matches!(answer, ImpartialityAnswer::OwnOnChallenge { .. }) {
            let own = Whom::Known(by.clone());
            let mut open = self.challenges.iter_mut().filter(|it| !it.settled && it.whom.is(&own));
            let first = open.next().ok_or_else(DomainError::no_impartiality_question)?;
            std::iter::once(first).chain(open).for_each(|challenge| challenge.settled = true);
        }
        self.declarations.push(Declaration { by: by.clone(), answer, superior, at });
        Ok(())
    }

    /// Records a party's demand for a ruling. Until it is made, the person does nothing in the case.
    pub fn challenge(&mut self, whom: Whom, reason: Note, by: &Actor, at: Instant) {
        let whom = self.known(whom);
        self.challenges.push(Challenge { whom, reason, by: by.clone(), at, settled: false });
    }

    /// Rules on the impartiality of a person who left it to the superior or was challenged, or records the
    /// finding of a superior outside the registry (§ 8 first paragraph). A person who is challenged too may do
    /// the latter, so challenges against all decision makers do not stop a case.
    ///
    /// # Errors
    /// `not-impartial`, `own-provider-staff` or `impartiality-unsettled` for an unfit ruler;
    /// `ruling-on-oneself`; `no-impartiality-question`.
    pub fn rule(
        &mut self,
        whom: Whom,
        finding: ImpartialityFinding,
        outside: Option<Line>,
        by: &Actor,
        staff: &Staff,
        at: Instant,
    ) -> Result<(), DomainError> {
        let (whom, ruler) = (self.known(whom), Whom::Known(by.clone()));
        if whom.is(&ruler) {
            return Err(DomainError::ruling_on_oneself());
        }
        self.may_record_ruling(by, staff)?;
        if outside.is_none() {
            self.may_rule(by, staff)?;
        }
        if !self.open_questions().iter().any(|open| open.is(&whom)) {
            return Err(DomainError::no_impartiality_question());
        }
        let superior = self.superiors_of(&whom).last() == Some(&&by.subject);
        let capacity = match (&outside, superior) {
            (Some(_), _) => RulingCapacity::OutsideSuperior,
            (None, true) => RulingCapacity::Superior,
            (None, false) => RulingCapacity::DecisionMaker,
        };
        for challenge in self.challenges.iter_mut().filter(|challenge| challenge.whom.is(&whom)) {
            challenge.settled = true;
        }
        for declaration in &mut self.declarations {
            if let ImpartialityAnswer::LeftToSuperior { settled, .. } = &mut declaration.answer
                && whom.is(&Whom::Known(declaration.by.clone()))
            {
                *settled = true;
            }
        }
        self.rulings.push(ImpartialityRuling {
            whom,
            finding,
            by: by.clone(),
            outside,
            capacity,
            at,
        });
        Ok(())
    }

    /// Checks a ruler: a disqualified or challenged person rules on no other.
    ///
    /// # Errors
    /// `own-provider-staff`, `not-impartial`, `impartiality-unsettled`.
    pub fn may_rule(&self, by: &Actor, staff: &Staff) -> Result<(), DomainError> {
        let ruler = Whom::Known(by.clone());
        self.may_record_ruling(by, staff)?;
        if self.open_questions().iter().any(|open| open.is(&ruler)) {
            return Err(DomainError::impartiality_unsettled());
        }
        Ok(())
    }

    /// Checks a person who records a ruling of another.
    ///
    /// # Errors
    /// `own-provider-staff`, `not-impartial`.
    fn may_record_ruling(&self, by: &Actor, staff: &Staff) -> Result<(), DomainError> {
        if staff.contains(&by.subject) {
            return Err(DomainError::own_provider_staff());
        }
        if self.is_barred(&Whom::Known(by.clone()), staff) {
            return Err(DomainError::not_impartial());
        }
        Ok(())
    }

    /// Checks that another person's impartiality awaits a ruling that this person may give or record.
    ///
    /// # Errors
    /// `own-provider-staff`, `not-impartial`, `no-impartiality-question`.
    pub fn awaits_ruling(&self, by: &Actor, staff: &Staff) -> Result<(), DomainError> {
        self.may_record_ruling(by, staff)?;
        let ruler = Whom::Known(by.clone());
        if self.open_questions().iter().all(|whom| whom.is(&ruler)) {
            return Err(DomainError::no_impartiality_question());
        }
        Ok(())
    }

    /// People with a pending request for a ruling.
    #[must_use]
    pub fn open_questions(&self) -> Vec<Whom> {
        let challenged = self.challenges.iter().filter(|challenge| !challenge.settled);
        let asks = |it: &&Declaration| it.waits() || self.changes_superior(it);
        let left = self.declarations.iter().filter(asks);
        let left = left.map(|declaration| Whom::Known(declaration.by.clone()));
        challenged.map(|challenge| challenge.whom.clone()).chain(left).collect()
    }

    /// Proof that the person may handle the case.
    ///
    /// # Errors
    /// `own-provider-staff`, `not-impartial`, `impartiality-unsettled`, `impartiality-not-declared`.
    pub fn impartial(&self, person: &Actor, staff: &Staff) -> Result<Impartial, DomainError> {
        self.may_rule(person, staff)?;
        if self.declarations.iter().any(|declared| declared.by.subject == person.subject) {
            Ok(Impartial(()))
        } else {
            Err(DomainError::impartiality_not_declared())
        }
    }

    /// Proof that the person may decide: impartial, and no direct subordinate of a disqualified person of the
    /// case (§ 6 third paragraph; preparation is still permitted).
    ///
    /// # Errors
    /// As [`Impartiality::impartial`], and `superior-not-impartial`.
    pub fn impartial_to_decide(
        &self,
        person: &Actor,
        staff: &Staff,
    ) -> Result<ImpartialToDecide, DomainError> {
        self.impartial(person, staff)?;
        let superiors = self.superiors_of(&Whom::Known(person.clone()));
        if superiors.into_iter().any(|key| self.is_barred(&Whom::Key(key.clone()), staff)) {
            return Err(DomainError::superior_not_impartial());
        }
        Ok(ImpartialToDecide(()))
    }

    /// Barred by own word, by the last ruling, or as one of the own provider's staff.
    #[must_use]
    pub fn is_barred(&self, whom: &Whom, staff: &Staff) -> bool {
        let by_ruling = self.rulings.iter().rev().find(|ruling| ruling.whom.is(whom));
        let own = self.declarations_of(whom).last();
        let by_own_word = own.is_some_and(|own| own.answer.bars());
        by_own_word
            || by_ruling.is_some_and(|ruling| !ruling.finding.is_able())
            || whom.key().is_some_and(|key| staff.contains(key))
    }

    fn declarations_of(&self, whom: &Whom) -> impl DoubleEndedIterator<Item = &Declaration> {
        let is = |declaration: &&Declaration| whom.is(&Whom::Known(declaration.by.clone()));
        self.declarations.iter().filter(is)
    }

    /// The superiors that a person stated: the last one before the last ruling on the person, and those since, so that
    /// nobody leaves a disqualified superior alone.
    fn superiors_of(&self, whom: &Whom) -> Vec<&Line> {
        let ruled_at = self.rulings.iter().rev().find(|it| it.whom.is(whom)).map(|it| it.at);
        let is_ruled = |it: &&Declaration| ruled_at.is_some_and(|ruled_at| it.at <= ruled_at);
        let stated = self.declarations_of(whom).filter(|it| it.superior.is_some());
        let (ruled, since): (Vec<_>, Vec<_>) = stated.partition(is_ruled);
        let mut superiors: Vec<_> =
            ruled.last().into_iter().chain(&since).filter_map(|it| it.superior.as_ref()).collect();
        superiors.dedup();
        superiors
    }

    /// Whether a person's last declaration leaves another superior stated than before, and nobody has ruled on that.
    fn changes_superior(&self, last: &Declaration) -> bool {
        let person = Whom::Known(last.by.clone());
        self.declarations_of(&person).last() == Some(last) && self.superiors_of(&person).len() > 1
    }

    /// The full person, if a declaration has that key or name.
    fn known(&self, whom: Whom) -> Whom {
        let known = self.declarations_of(&whom).last().map(|found| found.by.clone());
        known.map_or(whom, Whom::Known)
    }
}
