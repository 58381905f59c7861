//! The JSON forms of an appeal: what it says, how it was handled, how it came out, costs.

pub mod verdict;

pub use self::verdict::VerdictFields;
pub(crate) use self::verdict::rulings;

use chrono::NaiveDate;

use super::form::{
    Components, Fields, Form, Object, ObjectForm, ObjectSchema, form, scalars::keyword_forms,
};
use crate::domain::{
    appeal::{
        Appeal, AppealAdmission, AppealHistory, AppealOutcome, AppealReceipt, AppealState,
        AppealStatus, AppealText, Appellant, Costs, CostsAnswer, DismissalGround, Excuse,
        Forwarding, LateGround, LostAppeal, LowerBodyReview, Mending,
    },
    role::Actor,
    rules::notification::Notification,
    validation::ValidationErrors,
    values::{
        ids::{AppealId, ApplicationId, DecisionId, Revision},
        money::Price,
        numbers::{MunicipalityNumber, OrganisationNumber},
        text::{Line, Note, Prose},
        time::Instant,
    },
};

keyword_forms!(DismissalGround, LateGround, AppealOutcome, AppealStatus);

form! {
    /// The party of the decision, or another with legal interest.
    #[form(tag = "kind")]
    enum Appellant {
        Party,
        Other {
            /// The name of another.
            name: Line,
            /// What the legal interest of another is (forvaltningsloven § 28).
            legal_interest: Note,
            /// When another came to know of the decision, or should have.
            knew_on: NaiveDate,
        },
    }
}

form! {
    /// What an appeal says.
    struct AppealText {
        /// The appeal itself.
        text: Prose,
        /// The change that is wanted.
        #[form(name = "wantedChange")]
        wanted: Option<Prose>,
        /// Who signed it.
        signed_by: Option<Line>,
        /// Whether the decision should wait.
        deferral_wanted: bool,
    }
}

form! {
    /// An appeal that was lost on the way, and repeated.
    #[form(name = "LostAppeal")]
    struct LostAppeal {
        /// When an appeal that was lost was sent first.
        #[form(name = "lostSentOn")]
        sent_on: NaiveDate,
        /// When the appellant came to know that it was lost.
        #[form(name = "lostLearnedOn")]
        learned_on: NaiveDate,
    }
}

form! {
    /// How an appeal came in.
    #[form(name = "ReceivedAppeal")]
    struct AppealReceipt {
        /// When the municipality received it.
        #[form(name = "receivedAt")]
        at: Instant,
        /// When it was handed to the post or the authority, which is what counts.
        handed_in_on: NaiveDate,
        #[form(flatten)]
        lost: Option<LostAppeal>,
    }
}

form! {
    /// What the appellant was asked to mend (forvaltningsloven § 32).
    struct Mending {
        /// Last day to mend.
        deadline: NaiveDate,
        /// Who asked.
        asked_by: Actor,
        /// When.
        asked_at: Instant,
    }
}

form! {
    /// Why a late appeal was taken all the same (forvaltningsloven § 31).
    #[form(name = "LateAppealExcuse")]
    struct Excuse {
        /// Why the ground holds.
        #[form(name = "text")]
        reasons: Prose,
        /// The ground on which a late appeal was taken.
        #[form(name = "lateGround")]
        ground: LateGround,
    }
}

form! {
    /// The appeal was taken.
    #[form(name = "AppealAdmission")]
    struct AppealAdmission {
        #[form(flatten)]
        excuse: Option<Excuse>,
        /// Who.
        by: Actor,
        /// When.
        at: Instant,
    }
}

form! {
    /// What the lower body looked into and found.
    #[form(name = "AppealReview")]
    struct LowerBodyReview {
        /// What was found.
        #[form(name = "text")]
        findings: Prose,
        /// Who.
        by: Actor,
        /// When.
        at: Instant,
    }
}

form! {
    /// The lower body's statement to the appeal body.
    #[form(name = "AppealForwarding")]
    struct Forwarding {
        /// The statement.
        #[form(name = "text")]
        statement: Prose,
        /// Who.
        by: Actor,
        /// When.
        at: Instant,
        /// How a copy reached the party.
        notification: Notification,
    }
}

form! {
    /// How far an appeal had come.
    #[form(name = "AppealTrail")]
    struct AppealHistory {
        /// When it was taken, and why where it was late.
        admission: Option<AppealAdmission>,
        /// What the lower body looked into and found.
        review: Option<LowerBodyReview>,
        /// The lower body's statement to the appeal body.
        forwarding: Option<Forwarding>,
    }
}

form! {
    /// The answer to a claim for costs.
    struct CostsAnswer {
        /// What is granted; left out where the claim is refused.
        granted: Option<Price>,
        /// Why.
        reasons: Prose,
        /// Who.
        by: Actor,
        /// When.
        at: Instant,
    }
}

form! {
    /// A claim for costs and its answer (forvaltningsloven § 36).
    #[form(name = "CostsClaim")]
    struct Costs {
        /// What is claimed.
        claimed: Price,
        /// What for.
        what_for: Prose,
        /// When.
        at: Instant,
        /// The answer.
        answer: Option<CostsAnswer>,
    }
}

/// Its name, how far it had come, and how it was closed.
#[derive(Debug, Form)]
struct Progress {
    /// Where the appeal is in its life.
    state: AppealStatus,
    #[form(flatten)]
    trail: AppealHistory,
    /// The decision on the appeal.
    outcome_id: Option<DecisionId>,
    /// When it was decided or withdrawn.
    closed_at: Option<Instant>,
}

impl ObjectForm for AppealState {
    fn parse_fields(object: &Object<'_>, errors: &mut ValidationErrors) -> Option<Self> {
        let Progress { state, trail, outcome_id, closed_at } =
            Progress::parse_fields(object, errors)?;
        let read = match (state, trail) {
            (AppealStatus::Received, _) => Some(Self::Received),
            (AppealStatus::Admitted, AppealHistory { admission, .. }) => {
                admission.map(Self::Admitted)
            }
            (AppealStatus::LowerBodyReview, AppealHistory { admission, review, .. }) => admission
                .zip(review)
                .map(|(admission, review)| Self::LowerBodyReview(admission, review)),
            (AppealStatus::Forwarded, AppealHistory { admission, review, forwarding }) => {
                let before = admission.zip(review).zip(forwarding);
                before.map(|((admission, review), it)| Self::Forwarded(admission, review, it))
            }
            (AppealStatus::Withdrawn, trail) => closed_at.map(|at| Self::Withdrawn(trail, at)),
            (AppealStatus::Ruled(ruling), trail) => {
                outcome_id.zip(closed_at).map(|(by, at)| Self::Decided(trail, ruling, by, at))
            }
        };
        errors.require(&object.pointer("closedAt"), read)
    }

    fn write_fields(&self, object: &mut Fields) {
        let (outcome_id, closed_at) = match self {
            Self::Decided(_, _, by, at) => (Some(*by), Some(*at)),
            Self::Withdrawn(_, at) => (None, Some(*at)),
            _ => (None, None),
        };
        let progress =
            Progress { state: self.status(), trail: self.trail(), outcome_id, closed_at };
        progress.write_fields(object);
    }

    fn names(names: &mut Vec<&'static str>) {
        Progress::names(names);
    }

    fn properties(schema: ObjectSchema) -> ObjectSchema {
        Progress::properties(schema)
    }

    fn components(components: &mut Components) {
        <Progress as ObjectForm>::components(components);
    }
}

form! {
    /// An appeal.
    struct Appeal {
        /// Its id.
        id: AppealId,
        /// The decision appealed against.
        #[form(name = "decisionId")]
        decision: DecisionId,
        /// The application behind the decision.
        #[form(name = "applicationId")]
        application: ApplicationId,
        /// The municipality's number.
        municipality: MunicipalityNumber,
        /// The organisation number of the party of the decision.
        provider: OrganisationNumber,
        #[form(flatten)]
        state: AppealState,
        /// Whether it came in time.
        #[form(computed, name = "inTime")]
        is_in_time: bool,
        /// Who appeals.
        appellant: Appellant,
        #[form(flatten)]
        said: AppealText,
        #[form(flatten)]
        received: AppealReceipt,
        /// The last day that it missed; left out where it is in time.
        #[form(name = "missedLastDay")]
        missed: Option<NaiveDate>,
        /// What the appellant was asked to mend.
        mending: Option<Mending>,
        /// A claim for costs.
        costs: Option<Costs>,
        #[form(skip = Revision::FIRST)]
        revision: Revision,
    }
}
