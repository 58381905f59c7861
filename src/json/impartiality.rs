//! The JSON forms of impartiality: declarations, challenges and rulings of one case.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{ToSchema, openapi::schema::Object};

use super::{ActorForm, each, one_of, words};
use crate::domain::{
    rules::impartiality::{
        BarringGround, Challenge, Declaration, Impartiality, ImpartialityAnswer,
        ImpartialityFinding, ImpartialityRuling, RulingCapacity, Whom,
    },
    validation::ValidationErrors,
    value_error::ValueError,
    values::text::{Line, Note},
};

/// What a person said of his or her own impartiality.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ImpartialityDeclaration)]
pub struct DeclarationForm {
    /// Who.
    pub by: ActorForm,
    /// Able to handle the case; absent where it is left to the superior.
    pub impartial: Option<bool>,
    /// Who decides it where the person does not: the superior.
    #[schema(schema_with = left)]
    pub left_to: Option<String>,
    /// The ground, where there is one.
    #[schema(schema_with = grounds)]
    pub ground: Option<String>,
    /// Why not, or what was weighed.
    pub note: Option<String>,
    /// The key of the immediate superior.
    pub superior: Option<String>,
    /// Whether a ruling has come on what was left to the superior.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub settled: bool,
    /// When.
    pub at: DateTime<Utc>,
}

pub(crate) fn grounds() -> Object {
    words(
        "On which ground of forvaltningsloven § 6, or as staff of the municipality's own provider.",
        BarringGround::ALL.map(BarringGround::as_str),
    )
}

pub(crate) fn left() -> Object {
    words("To whom the person leaves it (forvaltningsloven § 8).", [SUPERIOR])
}

/// The one to whom it can be left.
const SUPERIOR: &str = "superior";

fn capacities() -> Object {
    words("In which capacity it was ruled.", RulingCapacity::ALL.map(RulingCapacity::as_str))
}

/// A party's demand for a ruling.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ImpartialityChallenge)]
pub struct ChallengeForm {
    /// Whose impartiality, by key.
    pub subject: Option<String>,
    /// Whose, by name.
    pub name: Option<String>,
    /// Why.
    pub reason: String,
    /// Who demands it.
    pub by: ActorForm,
    /// When.
    pub at: DateTime<Utc>,
    /// Whether a ruling has come.
    pub settled: bool,
}

/// A ruling on somebody's impartiality.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ImpartialityRuling)]
pub struct RulingForm {
    /// Whose, by key.
    pub subject: Option<String>,
    /// Whose, by name.
    pub name: Option<String>,
    /// Able to handle the case.
    pub impartial: bool,
    /// The ground, where there is one.
    #[schema(schema_with = grounds)]
    pub ground: Option<String>,
    /// Why, and what was weighed.
    pub note: Option<String>,
    /// Who ruled.
    pub by: ActorForm,
    /// In which capacity.
    #[schema(schema_with = capacities)]
    pub decided_by: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// All that was said of impartiality in one case, each list in the order in which it came.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Impartiality)]
pub struct ImpartialityForm {
    /// What persons said of themselves; a person's last declaration counts.
    #[serde(default)]
    pub declarations: Vec<DeclarationForm>,
    /// What parties demanded.
    #[serde(default)]
    pub challenges: Vec<ChallengeForm>,
    /// What was ruled.
    #[serde(default)]
    pub rulings: Vec<RulingForm>,
}

impl ImpartialityForm {
    /// The value, or its faults.
    pub fn read(&self, f: &mut ValidationErrors) -> Option<Impartiality> {
        let declarations =
            each(f, "/declarations", &self.declarations, |f, at, form| form.read(f, at));
        let challenges = each(f, "/challenges", &self.challenges, |f, at, form| {
            let whom = read_whom(f, at, form.subject.as_ref(), form.name.as_ref());
            let reason = f.collect(at, Note::parse(&form.reason));
            let by = form.by.read(f, at);
            Some(Challenge {
                whom: whom?,
                reason: reason?,
                by: by?,
                at: form.at,
                settled: form.settled,
            })
        });
        let rulings = each(f, "/rulings", &self.rulings, |f, at, form| form.read(f, at));
        Some(Impartiality {
            declarations: declarations?,
            challenges: challenges?,
            rulings: rulings?,
        })
    }
}

impl From<&Impartiality> for ImpartialityForm {
    fn from(said: &Impartiality) -> Self {
        Self {
            declarations: said.declarations.iter().map(Into::into).collect(),
            challenges: said.challenges.iter().map(Into::into).collect(),
            rulings: said.rulings.iter().map(Into::into).collect(),
        }
    }
}

impl DeclarationForm {
    fn read(&self, f: &mut ValidationErrors, at: &str) -> Option<Declaration> {
        let by = self.by.read(f, at);
        let superior = f.parse_optional(at, self.superior.as_ref(), Line::parse);
        let note = f.parse_optional(at, self.note.as_ref(), Note::parse);
        let said = match self.impartial {
            None => ImpartialityAnswer::LeftToSuperior { note: note?, settled: self.settled },
            Some(_) => ImpartialityAnswer::Own(read_finding(
                f,
                self.impartial,
                self.ground.as_ref(),
                note,
            )?),
        };
        Some(Declaration { by: by?, said, superior, at: self.at })
    }
}

impl From<&Declaration> for DeclarationForm {
    fn from(declaration: &Declaration) -> Self {
        let (impartial, ground, note, settled) = match &declaration.said {
            ImpartialityAnswer::Own(found) => {
                (Some(found.is_able()), found.ground(), found.note(), false)
            }
            ImpartialityAnswer::LeftToSuperior { note, settled } => {
                (None, None, Some(note), *settled)
            }
        };
        Self {
            by: (&declaration.by).into(),
            impartial,
            left_to: impartial.is_none().then(|| SUPERIOR.to_owned()),
            ground: ground.map(|ground| ground.as_str().to_owned()),
            note: note.map(ToString::to_string),
            superior: declaration.superior.as_ref().map(ToString::to_string),
            settled,
            at: declaration.at,
        }
    }
}

impl From<&Challenge> for ChallengeForm {
    fn from(challenge: &Challenge) -> Self {
        Self {
            subject: challenge.whom.key().map(ToString::to_string),
            name: challenge.whom.name().map(ToString::to_string),
            reason: challenge.reason.to_string(),
            by: (&challenge.by).into(),
            at: challenge.at,
            settled: challenge.settled,
        }
    }
}

impl RulingForm {
    fn read(&self, f: &mut ValidationErrors, at: &str) -> Option<ImpartialityRuling> {
        let whom = read_whom(f, at, self.subject.as_ref(), self.name.as_ref());
        let note = f.parse_optional(at, self.note.as_ref(), Note::parse);
        let finding = read_finding(f, Some(self.impartial), self.ground.as_ref(), note);
        let by = self.by.read(f, at);
        let capacity =
            f.collect(at, one_of(&self.decided_by, &RulingCapacity::ALL, RulingCapacity::as_str));
        Some(ImpartialityRuling {
            whom: whom?,
            finding: finding?,
            by: by?,
            capacity: capacity?,
            at: self.at,
        })
    }
}

impl From<&ImpartialityRuling> for RulingForm {
    fn from(ruling: &ImpartialityRuling) -> Self {
        let finding = &ruling.finding;
        Self {
            subject: ruling.whom.key().map(ToString::to_string),
            name: ruling.whom.name().map(ToString::to_string),
            impartial: finding.is_able(),
            ground: finding.ground().map(|ground| ground.as_str().to_owned()),
            note: finding.note().map(ToString::to_string),
            by: (&ruling.by).into(),
            decided_by: ruling.capacity.as_str().to_owned(),
            at: ruling.at,
        }
    }
}

fn read_ground(said: &str) -> Result<BarringGround, ValueError> {
    one_of(said, &BarringGround::ALL, BarringGround::as_str)
}

/// A person by key, by name or by both; at least one.
pub fn read_whom(
    f: &mut ValidationErrors,
    at: &str,
    subject: Option<&String>,
    name: Option<&String>,
) -> Option<Whom> {
    let key = f.parse_optional(&format!("{at}/subject"), subject, Line::parse);
    let named = f.parse_optional(&format!("{at}/name"), name, Line::parse);
    match (key, named) {
        (Some(subject), Some(name)) => {
            Some(Whom::Known(crate::domain::role::Actor { subject, name }))
        }
        (Some(key), None) => Some(Whom::Key(key)),
        (None, Some(name)) => Some(Whom::Name(name)),
        (None, None) => {
            if subject.is_none() && name.is_none() {
                f.missing(format!("{at}/subject"), "Name the person by key or by name.");
            }
            None
        }
    }
}

/// A declaration of impartiality.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"impartial": true}))]
pub struct ImpartialityBody {
    /// Whether the person is impartial (forvaltningsloven § 6). Required unless it is left to the superior.
    impartial: Option<bool>,
    /// `superior`, where the person does not decide it; the note says what there is to weigh.
    #[schema(schema_with = left)]
    left_to: Option<String>,
    /// On which ground not, or what kind of circumstances were weighed.
    #[schema(schema_with = grounds)]
    ground: Option<String>,
    /// Why not, or what was weighed; required for special circumstances.
    #[schema(min_length = 1, max_length = 2000)]
    note: Option<String>,
    /// The key of the person's immediate superior. Once said it counts: while the superior is
    /// barred in the case, the person does not decide it.
    #[schema(min_length = 1, max_length = 200)]
    superior: Option<String>,
}

impl ImpartialityBody {
    /// What is said, with the superior's key, or all faults.
    pub fn read(&self) -> Result<(ImpartialityAnswer, Option<Line>), ValidationErrors> {
        let mut errors = ValidationErrors::default();
        let f = &mut errors;
        let superior = f.parse_optional("/superior", self.superior.as_ref(), Line::parse);
        let note = f.parse_optional("/note", self.note.as_ref(), Note::parse);
        let said = if let Some(left_to) = &self.left_to {
            f.collect("/leftTo", one_of(left_to, &[SUPERIOR], |name| name));
            let found = self.impartial.is_some() || self.ground.is_some();
            let detail = "Say either what you find or that you leave it to the superior.";
            f.unexpected("/leftTo", found, detail);
            f.require("/note", note)
                .map(|note| ImpartialityAnswer::LeftToSuperior { note, settled: false })
        } else {
            read_finding(f, self.impartial, self.ground.as_ref(), note).map(ImpartialityAnswer::Own)
        };
        errors.finish(said).map(|said| (said, superior))
    }
}

/// What is found of a person.
pub fn read_finding(
    f: &mut ValidationErrors,
    able: Option<bool>,
    ground: Option<&String>,
    note: Option<Note>,
) -> Option<ImpartialityFinding> {
    let able = f.require("/impartial", able);
    let ground = f.parse_optional("/ground", ground, read_ground);
    if !f.is_empty() {
        return None;
    }
    ImpartialityFinding::new(able?, ground, note).map_err(|errors| f.extend(errors)).ok()
}
