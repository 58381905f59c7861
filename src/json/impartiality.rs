//! The JSON forms of impartiality: declarations, challenges and rulings of one case.

use super::form::{ConvertedForm, Form, form, scalars::keyword_forms, serde_bridge::serde_by_form};
use crate::domain::{
    keywords,
    message::fields,
    role::Actor,
    rules::impartiality::{
        BarringGround, Challenge, Declaration, Impartiality, ImpartialityAnswer,
        ImpartialityFinding, ImpartialityRuling, RulingCapacity, Whom,
    },
    validation::ValidationErrors,
    values::{
        text::{Line, Note},
        time::Instant,
    },
};

keywords! {
    /// The superior or another person to whom it is left.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum LeftTo {
        Superior = "superior",
    }
}

serde_by_form!(Impartiality);
keyword_forms!(BarringGround, LeftTo, RulingCapacity);

/// A person, by key, by name or by both.
#[derive(Debug, Form)]
pub struct NamedPerson {
    /// The person's key. This or `name` is required.
    subject: Option<Line>,
    /// The person's name.
    name: Option<Line>,
}

impl ConvertedForm for Whom {
    type Fields = NamedPerson;

    fn to_fields(&self) -> NamedPerson {
        NamedPerson { subject: self.key().cloned(), name: self.name().cloned() }
    }

    fn from_fields(person: NamedPerson, at: &str, errors: &mut ValidationErrors) -> Option<Self> {
        match (person.subject, person.name) {
            (Some(subject), Some(name)) => Some(Self::Known(Actor { subject, name })),
            (Some(key), None) => Some(Self::Key(key)),
            (None, Some(name)) => Some(Self::Name(name)),
            (None, None) => {
                errors.missing(format!("{at}/subject"), fields::required_person());
                None
            }
        }
    }
}

/// Finding on a person.
#[derive(Debug, Form)]
pub struct FindingFields {
    /// Whether the person is able to handle the case.
    impartial: bool,
    /// On which ground of forvaltningsloven § 6, or as staff of the municipality's own provider.
    ground: Option<BarringGround>,
    /// Reasons and considerations; required for special circumstances.
    note: Option<Note>,
}

impl ConvertedForm for ImpartialityFinding {
    type Fields = FindingFields;

    fn to_fields(&self) -> FindingFields {
        let (ground, note) = (self.ground(), self.note().cloned());
        FindingFields { impartial: self.is_able(), ground, note }
    }

    fn from_fields(found: FindingFields, at: &str, errors: &mut ValidationErrors) -> Option<Self> {
        let finding = Self::new(found.impartial, found.ground, found.note);
        finding.map_err(|own| errors.extend(own.under(at))).ok()
    }
}

/// A person's declaration about himself or herself.
#[derive(Debug, Form)]
pub struct AnswerFields {
    /// Whether the person is impartial (forvaltningsloven § 6). Required unless it is left to the superior.
    impartial: Option<bool>,
    /// The superior to whom the person leaves it (forvaltningsloven § 8).
    left_to: Option<LeftTo>,
    /// On which ground of forvaltningsloven § 6, or as staff of the municipality's own provider.
    ground: Option<BarringGround>,
    /// Reasons or considerations; required for special circumstances.
    note: Option<Note>,
    /// Why a challenge of the party cannot be put to the superior without substantial delay. Then the person decides
    /// on it (forvaltningsloven § 8 first paragraph).
    without_superior: Option<Note>,
}

impl ConvertedForm for ImpartialityAnswer {
    type Fields = AnswerFields;

    fn to_fields(&self) -> AnswerFields {
        match self {
            Self::Own(found) | Self::OwnOnChallenge { finding: found, .. } => {
                let FindingFields { impartial, ground, note } = found.to_fields();
                let without_superior = match self {
                    Self::OwnOnChallenge { why, .. } => Some(why.clone()),
                    _ => None,
                };
                let impartial = Some(impartial);
                AnswerFields { impartial, left_to: None, ground, note, without_superior }
            }
            Self::LeftToSuperior { note, .. } => AnswerFields {
                impartial: None,
                left_to: Some(LeftTo::Superior),
                ground: None,
                note: Some(note.clone()),
                without_superior: None,
            },
        }
    }

    fn from_fields(answer: AnswerFields, at: &str, errors: &mut ValidationErrors) -> Option<Self> {
        let AnswerFields { impartial, left_to, ground, note, without_superior } = answer;
        if left_to.is_some() {
            let detail = fields::unexpected_finding_or_superior();
            let is_found = impartial.is_some() || ground.is_some() || without_superior.is_some();
            errors.unexpected(format!("{at}/leftTo"), is_found, detail);
            let note = errors.require(&format!("{at}/note"), note)?;
            return Some(Self::LeftToSuperior { note, settled: false });
        }
        let impartial = errors.require(&format!("{at}/impartial"), impartial)?;
        let found = FindingFields { impartial, ground, note };
        let finding = ImpartialityFinding::from_fields(found, at, errors)?;
        Some(match without_superior {
            Some(why) => Self::OwnOnChallenge { finding, why },
            None => Self::Own(finding),
        })
    }
}

/// A person's declaration of impartiality in a case.
#[derive(Debug, Form)]
#[form(closed, example({"impartial": true}))]
pub struct ImpartialityBody {
    #[form(flatten)]
    pub answer: ImpartialityAnswer,
    /// Key of the person's immediate superior. Once stated it applies: while the superior is disqualified in
    /// the case, the person does not decide it. Another person rules on a change of it.
    pub superior: Option<Line>,
}

/// A demand for a ruling on a person's impartiality.
#[derive(Debug, Form)]
#[form(closed, example({
    "name": "Kari Nordmann", "reason": "Hun er søster av en konkurrent."
}))]
pub struct ImpartialityChallengeBody {
    #[form(flatten)]
    pub whom: Whom,
    /// Why.
    pub reason: Note,
}

/// A ruling on a person's impartiality.
#[derive(Debug, Form)]
#[form(closed, example({
    "subject": "kari", "impartial": true, "ground": "special-circumstances",
    "note": "Slektskapet er fjernt og uten betydning for saken."
}))]
pub struct ImpartialityRulingBody {
    #[form(flatten)]
    pub whom: Whom,
    #[form(flatten)]
    pub finding: ImpartialityFinding,
    /// The superior outside the registry whose finding the caller records.
    #[form(name = "superior")]
    pub outside: Option<Line>,
}

/// A person's recorded declaration of impartiality.
#[derive(Debug, Form)]
#[form(name = "ImpartialityDeclaration")]
pub struct DeclarationFields {
    /// The person.
    by: Actor,
    #[form(flatten)]
    answer: ImpartialityAnswer,
    /// The key of the immediate superior.
    superior: Option<Line>,
    /// Whether a ruling was made on a question left to the superior.
    #[form(omit_default)]
    settled: bool,
    /// When.
    at: Instant,
}

impl ConvertedForm for Declaration {
    type Fields = DeclarationFields;

    fn to_fields(&self) -> DeclarationFields {
        let Self { by, answer, superior, at } = self.clone();
        let settled = matches!(answer, ImpartialityAnswer::LeftToSuperior { settled: true, .. });
        DeclarationFields { by, answer, superior, settled, at }
    }

    fn from_fields(fields: DeclarationFields, _: &str, _: &mut ValidationErrors) -> Option<Self> {
        let DeclarationFields { by, answer, superior, settled, at } = fields;
        let answer = match answer {
            ImpartialityAnswer::LeftToSuperior { note, .. } => {
                ImpartialityAnswer::LeftToSuperior { note, settled }
            }
            own => own,
        };
        Some(Self { by, answer, superior, at })
    }
}

form! {
    /// A party's demand for a ruling.
    #[form(name = "ImpartialityChallenge")]
    struct Challenge {
        #[form(flatten)]
        whom: Whom,
        /// Why.
        reason: Note,
        /// The challenger.
        by: Actor,
        /// When.
        at: Instant,
        /// Whether a ruling was made.
        settled: bool,
    }
}

form! {
    /// A ruling on a person's impartiality.
    struct ImpartialityRuling {
        #[form(flatten)]
        whom: Whom,
        #[form(flatten)]
        finding: ImpartialityFinding,
        /// The ruler, or who recorded it.
        by: Actor,
        /// The superior outside the registry whose finding it is.
        #[form(name = "superior")]
        outside: Option<Line>,
        /// In which capacity.
        #[form(name = "decidedBy")]
        capacity: RulingCapacity,
        /// When.
        at: Instant,
    }
}

form! {
    /// All declarations, challenges and rulings of one case, in order.
    struct Impartiality {
        /// Declarations; a person's last one counts.
        #[form(default)]
        declarations: Vec<Declaration>,
        /// Challenges by parties.
        #[form(default)]
        challenges: Vec<Challenge>,
        /// Rulings.
        #[form(default)]
        rulings: Vec<ImpartialityRuling>,
    }
}
