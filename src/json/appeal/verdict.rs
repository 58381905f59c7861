//! A ruling on an appeal, within a decision.

use chrono::NaiveDate;
use utoipa::openapi::schema::Object;

use crate::{
    domain::{
        appeal::{AppealOutcome, DismissalGround, Harm, Instance, Verdict},
        validation::ValidationErrors,
        values::text::{Line, Prose},
    },
    json::{
        form::{ConvertedForm, Form},
        words,
    },
};

pub(crate) fn rulings() -> Object {
    words("Result of an appeal.", AppealOutcome::ALL.map(AppealOutcome::as_str))
}

/// A ruling on an appeal, within a decision.
#[derive(Debug, Form)]
#[form(name = "AppealRuling")]
pub struct VerdictFields {
    /// Result of the appeal.
    ruling: AppealOutcome,
    /// Why the appeal is dismissed.
    dismissal_ground: Option<DismissalGround>,
    /// The appeal body; omitted if the lower body ruled.
    appeal_body: Option<Line>,
    /// When the appeal body decided.
    decided_on: Option<NaiveDate>,
    /// The interests that demand a change to the appellant's harm.
    weighty_interests: Option<Prose>,
}

impl ConvertedForm for Verdict {
    type Fields = VerdictFields;

    fn to_fields(&self) -> VerdictFields {
        let Self { ruling, dismissal, instance, harm } = self.clone();
        let (appeal_body, decided_on) = match instance {
            Instance::LowerBody => (None, None),
            Instance::AppealBody { name, decided_on } => (Some(name), Some(decided_on)),
        };
        let weighty_interests = harm.map(|it| it.weighty_interests);
        VerdictFields {
            ruling,
            dismissal_ground: dismissal,
            appeal_body,
            decided_on,
            weighty_interests,
        }
    }

    fn from_fields(fields: VerdictFields, _: &str, _: &mut ValidationErrors) -> Option<Self> {
        let instance = Instance::of(fields.appeal_body.zip(fields.decided_on));
        let harm = fields.weighty_interests.map(|weighty_interests| Harm { weighty_interests });
        Some(Self { ruling: fields.ruling, dismissal: fields.dismissal_ground, instance, harm })
    }
}
