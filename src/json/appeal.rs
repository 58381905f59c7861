//! JSON forms of an appeal: content, handling, outcome, costs.

pub mod verdict;

pub use self::verdict::VerdictFields;
pub(crate) use self::verdict::rulings;

use chrono::NaiveDate;

use super::form::{
    Components, Form, Object, ObjectForm, ObjectSchema, SerializeMap, form, scalars::keyword_forms,
};
use crate::domain::{
    appeal::{
        Appeal, AppealAdmission, AppealHistory, AppealOutcome, AppealReceipt, AppealState,
        AppealStatus, AppealText, Appellant, CounterpartyHearing, CounterpartyStatement,
        DefectRequest, DismissalGround, Excuse, Forwarding, LateGround, LostAppeal,
        LowerBodyReview,
    },
    decision::costs::{Costs, CostsAnswer},
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
            /// The legal interest of another appellant (forvaltningsloven § 28).
            legal_interest: Note,
            /// The day of actual or presumed knowledge of the decision.
            knew_on: NaiveDate,
            /// Where the messages to another are sent.
            contact: Option<Line>,
        },
    }
}

form! {
    /// Content of an appeal.
    struct AppealText {
        /// The appeal itself.
        text: Prose,
        /// The change that is wanted.
        #[form(name = "wantedChange")]
        wanted: Option<Prose>,
        /// The signer.
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
        /// The day on which the appellant learned of the loss.
        #[form(name = "lostLearnedOn")]
        learned_on: NaiveDate,
    }
}

form! {
    /// Receipt of an appeal.
    #[form(name = "ReceivedAppeal")]
    struct AppealReceipt {
        /// When the municipality received it.
        #[form(name = "receivedAt")]
        at: Instant,
        /// The day of delivery to the post or the authority, which is decisive.
        handed_in_on: NaiveDate,
        #[form(flatten)]
        lost: Option<LostAppeal>,
    }
}

form! {
    /// A request to correct defects of an appeal (forvaltningsloven § 32).
    struct DefectRequest {
        /// Last day to correct.
        deadline: NaiveDate,
        /// The case worker.
        asked_by: Actor,
        /// When.
        asked_at: Instant,
    }
}

form! {
    /// What the provider says of the appeal of another.
    struct CounterpartyStatement {
        /// The statement.
        text: Prose,
        /// Whether the provider had nothing to add.
        #[form(name = "final")]
        is_final: bool,
        /// The sender.
        by: Actor,
        /// When.
        at: Instant,
    }
}

form! {
    /// The hearing of the provider on the appeal of another (forvaltningsloven § 33).
    struct CounterpartyHearing {
        /// Last day for a statement.
        deadline: NaiveDate,
        /// The case worker.
        asked_by: Actor,
        /// When.
        asked_at: Instant,
        /// How the appeal reached the provider.
        notification: Notification,
        /// The provider's statements, oldest first.
        #[form(omit_default)]
        statements: Vec<CounterpartyStatement>,
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
        /// The decision that annulled its dismissal.
        #[form(name = "annulmentId")]
        annulment: Option<DecisionId>,
        /// The person who took it.
        by: Actor,
        /// When.
        at: Instant,
    }
}

form! {
    /// The lower body's investigation and findings.
    #[form(name = "AppealReview")]
    struct LowerBodyReview {
        /// Findings.
        #[form(name = "text")]
        findings: Prose,
        /// The case worker.
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
        /// The case worker.
        by: Actor,
        /// When.
        at: Instant,
        /// How a copy reached the party.
        notification: Notification,
    }
}

form! {
    /// Progress of an appeal.
    #[form(name = "AppealTrail")]
    struct AppealHistory {
        /// When it was taken, and why where it was late.
        admission: Option<AppealAdmission>,
        /// The lower body's investigation and findings.
        review: Option<LowerBodyReview>,
        /// The lower body's statement to the appeal body.
        forwarding: Option<Forwarding>,
    }
}

form! {
    /// The answer to a claim for costs.
    struct CostsAnswer {
        /// The decision on the claim, with its reasons.
        #[form(name = "decisionId")]
        decision: DecisionId,
        /// The granted amount; omitted in a refusal.
        granted: Option<Price>,
        /// The decision maker.
        by: Actor,
        /// When.
        at: Instant,
    }
}

form! {
    /// A claim for costs and its answer (forvaltningsloven § 36).
    #[form(name = "CostsClaim")]
    struct Costs {
        /// The claimed amount.
        claimed: Price,
        /// Purpose of the costs.
        what_for: Prose,
        /// When.
        at: Instant,
        /// The answer.
        answer: Option<CostsAnswer>,
    }
}

/// State: its name, its progress, and its closing.
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

    fn write_fields<M: SerializeMap>(&self, object: &mut M) -> Result<(), M::Error> {
        let (outcome_id, closed_at) = match self {
            Self::Decided(_, _, by, at) => (Some(*by), Some(*at)),
            Self::Withdrawn(_, at) => (None, Some(*at)),
            _ => (None, None),
        };
        let progress =
            Progress { state: self.status(), trail: self.trail(), outcome_id, closed_at };
        progress.write_fields(object)
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
        /// Whether it was received in time.
        #[form(computed, name = "inTime")]
        is_in_time: bool,
        /// The appellant.
        appellant: Appellant,
        #[form(flatten)]
        text: AppealText,
        #[form(flatten)]
        received: AppealReceipt,
        /// The last day that it missed; omitted if it is in time.
        #[form(name = "missedLastDay")]
        missed: Option<NaiveDate>,
        /// The hearing of the provider, on the appeal of another.
        hearing: Option<CounterpartyHearing>,
        /// The request to correct defects.
        #[form(name = "mending")]
        defect_request: Option<DefectRequest>,
        /// A claim for costs.
        costs: Option<Costs>,
        #[form(skip = Revision::FIRST)]
        revision: Revision,
    }
}
