//! Vurdering av habilitet: able or barred, and on which ground.

use crate::domain::{
    message::fields, validation::ValidationErrors, value_error::ValueError, values::text::Note,
};

keywords! {
    /// Ground of an actual or possible disqualification (forvaltningsloven § 6).
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum BarringGround {
        /// Part i saken (first paragraph a).
        Party = "party",
        /// Slekt eller svogerskap, up, down or to sibling (b).
        Kin = "kin",
        /// Gift, forlovet, foster relation (c).
        MarriedOrEngaged = "married-or-engaged",
        /// Verge eller fullmektig for a party (d).
        GuardianOrAgent = "guardian-or-agent",
        /// Leads a company that is a party, or sits on its board (e).
        LeadsOrSitsOnBoard = "leads-or-sits-on-board",
        /// Særegne forhold that weaken trust (second paragraph): weighed, either way.
        SpecialCircumstances = "special-circumstances",
        /// Works in the municipality's own provider.
        OwnProviderStaff = "own-provider-staff",
    }
}

impl BarringGround {
    /// Bars without any weighing: all but special circumstances.
    #[must_use]
    pub const fn bars_outright(self) -> bool {
        !matches!(self, Self::SpecialCircumstances)
    }
}

/// Finding on a person. Impartial on an absolute ground is impossible.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImpartialityFinding {
    /// Impartial without a ground.
    Able(Option<Note>),
    /// Impartial after special circumstances were considered, with a note.
    Weighed(Note),
    /// Disqualified on a ground; special circumstances need a note.
    Barred(BarringGround, Option<Note>),
}

impl ImpartialityFinding {
    /// The finding of a declaration.
    ///
    /// # Errors
    /// `required` (`/ground` where not able, `/note` for special circumstances), `bars-outright`.
    pub fn new(
        able: bool,
        ground: Option<BarringGround>,
        note: Option<Note>,
    ) -> Result<Self, ValidationErrors> {
        let mut errors = ValidationErrors::default();
        let finding = match (able, ground) {
            (true, None) => Some(Self::Able(note)),
            (false, None) => {
                errors.missing("/ground", fields::required_ground());
                None
            }
            (true, Some(ground)) if ground.bars_outright() => {
                errors.add("/ground", bars_outright());
                None
            }
            (_, Some(BarringGround::SpecialCircumstances)) if note.is_none() => {
                errors.missing("/note", fields::required_considerations());
                None
            }
            (true, Some(_)) => note.map(Self::Weighed),
            (false, Some(ground)) => Some(Self::Barred(ground, note)),
        };
        errors.finish(finding)
    }

    /// Able to handle the case.
    #[must_use]
    pub const fn is_able(&self) -> bool {
        !matches!(self, Self::Barred(..))
    }

    /// The ground that was named.
    #[must_use]
    pub const fn ground(&self) -> Option<BarringGround> {
        match self {
            Self::Able(_) => None,
            Self::Weighed(_) => Some(BarringGround::SpecialCircumstances),
            Self::Barred(ground, _) => Some(*ground),
        }
    }

    #[must_use]
    pub const fn note(&self) -> Option<&Note> {
        match self {
            Self::Weighed(note) => Some(note),
            Self::Able(note) | Self::Barred(_, note) => note.as_ref(),
        }
    }
}

fn bars_outright() -> ValueError {
    fields::bars_outright()
}
