//! A ruling on an appeal, within a decision.

use chrono::NaiveDate;
use utoipa::openapi::schema::Object;

use crate::{
    domain::{
        appeal::{AppealOutcome, DismissalGround, Harm, Instance, Verdict},
        approval::WindingDown,
        decision::RevocationTerms,
        validation::ValidationErrors,
        values::{
            text::{Line, Prose},
            time::Instant,
        },
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
    /// When the approval ends that the appeal of another takes away.
    effective_at: Option<Instant>,
    /// How its users are taken over.
    winding_down: Option<WindingDown>,
}

impl ConvertedForm for Verdict {
    type Fields = VerdictFields;

    fn to_fields(&self) -> VerdictFields {
        let Self { ruling, dismissal, instance, harm, withdrawal } = self.clone();
        let (effective_at, winding_down) =
            withdrawal.map(|it| (it.effective_at, it.winding_down)).unzip();
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
            effective_at,
            winding_down: winding_down.flatten(),
        }
    }

    fn from_fields(fields: VerdictFields, _: &str, _: &mut ValidationErrors) -> Option<Self> {
        let instance = Instance::of(fields.appeal_body.zip(fields.decided_on));
        let harm = fields.weighty_interests.map(|weighty_interests| Harm { weighty_interests });
        let winding_down = fields.winding_down;
        let withdrawal = fields.effective_at;
        let withdrawal = withdrawal.map(|at| RevocationTerms { effective_at: at, winding_down });
        let (ruling, dismissal) = (fields.ruling, fields.dismissal_ground);
        Some(Self { ruling, dismissal, instance, harm, withdrawal })
    }
}
