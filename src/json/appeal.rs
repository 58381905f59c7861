//! The JSON forms of an appeal: what it says, how it was handled, how it came out, costs.

mod read;

pub use self::read::AppealKeys;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{ToSchema, openapi::schema::Object};

use super::{ActorForm, MoneyForm, notification::NotificationForm, words};
use crate::domain::{
    appeal::{
        Appeal, AppealAdmission, AppealHistory, AppealOutcome, AppealState, Appellant, Costs,
        CostsAnswer, DismissalGround, Forwarding, Instance, LateGround, LowerBodyReview, Mending,
        Verdict,
    },
    values::{ids::DecisionId, money::Price},
};

/// Who appeals.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Appellant)]
pub struct AppellantForm {
    /// The party of the decision, or another.
    #[schema(schema_with = appellants)]
    pub kind: String,
    /// The name of another.
    #[serde(default)]
    pub name: Option<String>,
    /// What the legal interest of another is (forvaltningsloven § 28).
    #[serde(default)]
    pub legal_interest: Option<String>,
    /// When another came to know of the decision, or should have.
    #[serde(default)]
    pub knew_on: Option<NaiveDate>,
}

pub(crate) const APPELLANTS: [&str; 2] = ["party", "other"];

pub(crate) fn appellants() -> Object {
    words("The party of the decision, or another with legal interest.", APPELLANTS)
}

pub(crate) fn late_grounds() -> Object {
    let description = "Why a late appeal is taken all the same (forvaltningsloven § 31).";
    words(description, LateGround::ALL.map(LateGround::as_str))
}

pub(crate) fn dismissal_grounds() -> Object {
    words("Why the appeal is dismissed.", DismissalGround::ALL.map(DismissalGround::as_str))
}

pub(crate) fn states() -> Object {
    words("Where the appeal is in its life.", AppealState::NAMES)
}

pub(crate) fn rulings() -> Object {
    words("How an appeal came out.", AppealOutcome::ALL.map(AppealOutcome::as_str))
}

/// What became of an appeal on its way: admission, review, forwarding.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AppealStep)]
pub struct AppealStepForm {
    /// What was found or said.
    #[serde(default)]
    pub text: Option<String>,
    /// The ground on which a late appeal was taken.
    #[serde(default)]
    #[schema(schema_with = late_grounds)]
    pub late_ground: Option<String>,
    /// Who.
    #[serde(default)]
    pub by: Option<ActorForm>,
    /// When.
    #[serde(default)]
    pub at: Option<DateTime<Utc>>,
    /// How a copy reached the party.
    #[serde(default)]
    pub notification: Option<NotificationForm>,
}

/// What the appellant was asked to mend (forvaltningsloven § 32).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Mending)]
pub struct MendingForm {
    /// Last day to mend.
    pub deadline: NaiveDate,
    /// Who asked.
    pub asked_by: ActorForm,
    /// When.
    pub asked_at: DateTime<Utc>,
}

/// A claim for costs and its answer (forvaltningsloven § 36).
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CostsClaim)]
pub struct CostsForm {
    /// What is claimed.
    pub claimed: MoneyForm,
    /// What for.
    pub what_for: String,
    /// When.
    pub at: DateTime<Utc>,
    /// The answer.
    #[serde(default)]
    pub answer: Option<CostsAnswerForm>,
}

/// The answer to a claim for costs.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CostsAnswer)]
pub struct CostsAnswerForm {
    /// What is granted; left out where the claim is refused.
    #[serde(default)]
    pub granted: Option<MoneyForm>,
    /// Why.
    pub reasons: String,
    /// Who.
    pub by: ActorForm,
    /// When.
    pub at: DateTime<Utc>,
}

/// An appeal, but for the keys that stand beside it.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AppealCase)]
pub struct AppealBodyForm {
    /// The application behind the decision.
    pub application_id: uuid::Uuid,
    /// Who appeals.
    pub appellant: AppellantForm,
    /// The appeal itself.
    pub text: String,
    /// The change that is wanted.
    #[serde(default)]
    pub wanted_change: Option<String>,
    /// Who signed it.
    #[serde(default)]
    pub signed_by: Option<String>,
    /// Whether the decision should wait.
    pub deferral_wanted: bool,
    /// When the municipality received it.
    pub received_at: DateTime<Utc>,
    /// When it was handed to the post or the authority, which is what counts.
    pub handed_in_on: NaiveDate,
    /// When an appeal that was lost was sent first.
    #[serde(default)]
    pub lost_sent_on: Option<NaiveDate>,
    /// When the appellant came to know that it was lost.
    #[serde(default)]
    pub lost_learned_on: Option<NaiveDate>,
    /// The last day that it missed; left out where it is in time.
    #[serde(default)]
    pub missed_last_day: Option<NaiveDate>,
    /// What the appellant was asked to mend.
    #[serde(default)]
    pub mending: Option<MendingForm>,
    /// When it was taken, and why where it was late.
    #[serde(default)]
    pub admission: Option<AppealStepForm>,
    /// What the lower body looked into and found.
    #[serde(default)]
    pub review: Option<AppealStepForm>,
    /// The lower body's statement to the appeal body.
    #[serde(default)]
    pub forwarding: Option<AppealStepForm>,
    /// The decision on the appeal.
    #[serde(default)]
    pub outcome_id: Option<uuid::Uuid>,
    /// When it was decided or withdrawn.
    #[serde(default)]
    pub closed_at: Option<DateTime<Utc>>,
    /// A claim for costs.
    #[serde(default)]
    pub costs: Option<CostsForm>,
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

impl From<&AppealAdmission> for AppealStepForm {
    fn from(admission: &AppealAdmission) -> Self {
        let excuse = admission.excuse.as_ref();
        Self {
            text: excuse.map(|excuse| excuse.reasons.to_string()),
            late_ground: excuse.map(|excuse| excuse.ground.as_str().to_owned()),
            by: Some((&admission.by).into()),
            at: Some(admission.at),
            notification: None,
        }
    }
}

impl From<&LowerBodyReview> for AppealStepForm {
    fn from(review: &LowerBodyReview) -> Self {
        let (text, by) = (Some(review.findings.to_string()), Some((&review.by).into()));
        Self { text, by, at: Some(review.at), ..Self::default() }
    }
}

impl From<&Forwarding> for AppealStepForm {
    fn from(forwarding: &Forwarding) -> Self {
        Self {
            text: Some(forwarding.statement.to_string()),
            late_ground: None,
            by: Some((&forwarding.by).into()),
            at: Some(forwarding.at),
            notification: Some((&forwarding.notification).into()),
        }
    }
}

impl From<&Costs> for CostsForm {
    fn from(costs: &Costs) -> Self {
        let answer = |answer: &CostsAnswer| CostsAnswerForm {
            granted: answer.granted.map(money),
            reasons: answer.reasons.to_string(),
            by: (&answer.by).into(),
            at: answer.at,
        };
        Self {
            claimed: money(costs.claimed),
            what_for: costs.what_for.to_string(),
            at: costs.at,
            answer: costs.answer.as_ref().map(answer),
        }
    }
}

fn money(price: Price) -> MoneyForm {
    price.money().into()
}

impl From<&Appellant> for AppellantForm {
    fn from(appellant: &Appellant) -> Self {
        let kind = appellant.as_str().to_owned();
        match appellant {
            Appellant::Party => Self { kind, name: None, legal_interest: None, knew_on: None },
            Appellant::Other { name, legal_interest, knew_on } => Self {
                kind,
                name: Some(name.to_string()),
                legal_interest: Some(legal_interest.to_string()),
                knew_on: Some(*knew_on),
            },
        }
    }
}

impl From<&Mending> for MendingForm {
    fn from(mending: &Mending) -> Self {
        let asked_by = (&mending.asked_by).into();
        Self { deadline: mending.deadline, asked_by, asked_at: mending.asked_at }
    }
}

impl From<&Appeal> for AppealBodyForm {
    fn from(appeal: &Appeal) -> Self {
        let AppealHistory { admission, review, forwarding } = appeal.state.trail();
        let (outcome, closed_at) = match &appeal.state {
            AppealState::Decided(_, _, by, at) => (Some(*by), Some(*at)),
            AppealState::Withdrawn(_, at) => (None, Some(*at)),
            _ => (None, None),
        };
        let said = &appeal.said;
        Self {
            application_id: appeal.application.uuid(),
            appellant: (&appeal.appellant).into(),
            text: said.text.to_string(),
            wanted_change: said.wanted.as_ref().map(ToString::to_string),
            signed_by: said.signed_by.as_ref().map(ToString::to_string),
            deferral_wanted: said.deferral_wanted,
            received_at: appeal.received.at,
            handed_in_on: appeal.received.handed_in_on,
            lost_sent_on: appeal.received.lost.map(|lost| lost.sent_on),
            lost_learned_on: appeal.received.lost.map(|lost| lost.learned_on),
            missed_last_day: appeal.missed,
            mending: appeal.mending.as_ref().map(Into::into),
            admission: admission.as_ref().map(Into::into),
            review: review.as_ref().map(Into::into),
            forwarding: forwarding.as_ref().map(Into::into),
            outcome_id: outcome.map(DecisionId::uuid),
            closed_at,
            costs: appeal.costs.as_ref().map(Into::into),
        }
    }
}
