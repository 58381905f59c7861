//! A ruling on an appeal, as it stands in a decision.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{ToSchema, openapi::schema::Object};

use crate::{
    domain::{
        appeal::{AppealOutcome, DismissalGround, Harm, Instance, Verdict},
        values::text::{Line, Prose},
    },
    json::{one_of, words},
};

pub(crate) fn dismissal_grounds() -> Object {
    words("Why the appeal is dismissed.", DismissalGround::ALL.map(DismissalGround::as_str))
}

pub(crate) fn rulings() -> Object {
    words("How an appeal came out.", AppealOutcome::ALL.map(AppealOutcome::as_str))
}

/// A ruling on an appeal, as it stands in a decision.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AppealRuling)]
pub struct VerdictForm {
    /// How it came out.
    #[schema(schema_with = rulings)]
    pub ruling: String,
    /// Why the lower body dismissed it.
    #[serde(default)]
    #[schema(schema_with = dismissal_grounds)]
    pub dismissal_ground: Option<String>,
    /// The appeal body; left out where the lower body ruled.
    #[serde(default)]
    pub appeal_body: Option<String>,
    /// When the appeal body decided.
    #[serde(default)]
    pub decided_on: Option<NaiveDate>,
    /// The interests that demand a change to the appellant's harm.
    #[serde(default)]
    pub weighty_interests: Option<String>,
}

impl From<&Verdict> for VerdictForm {
    fn from(verdict: &Verdict) -> Self {
        let (appeal_body, decided_on) = match &verdict.instance {
            Instance::LowerBody => (None, None),
            Instance::AppealBody { name, decided_on } => {
                (Some(name.to_string()), Some(*decided_on))
            }
        };
        Self {
            ruling: verdict.ruling.as_str().to_owned(),
            dismissal_ground: verdict.dismissal.map(|ground| ground.as_str().to_owned()),
            appeal_body,
            decided_on,
            weighty_interests: verdict.harm.as_ref().map(|it| it.weighty_interests.to_string()),
        }
    }
}

impl VerdictForm {
    /// The verdict, or none where a part is not as it must be.
    #[must_use]
    pub fn read(&self) -> Option<Verdict> {
        let instance = match (&self.appeal_body, self.decided_on) {
            (Some(name), Some(decided_on)) => {
                Instance::AppealBody { name: Line::parse(name).ok()?, decided_on }
            }
            _ => Instance::LowerBody,
        };
        let ground = |value: &String| one_of(value, &DismissalGround::ALL, DismissalGround::as_str);
        let dismissal = self.dismissal_ground.as_ref().map(ground).transpose().ok()?;
        let harm = match &self.weighty_interests {
            None => None,
            Some(value) => Some(Harm { weighty_interests: Prose::parse(value).ok()? }),
        };
        let ruling = one_of(&self.ruling, &AppealOutcome::ALL, AppealOutcome::as_str).ok()?;
        Some(Verdict { ruling, dismissal, instance, harm })
    }
}
