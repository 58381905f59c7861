//! Agenda: the due items of a case, with time and owner.
//!
//! Each aggregate derives its own items; no decision is made here. People find their items in a work list. The
//! registry's own items are reminders and changes by time: they never harm a party.

#[cfg(test)]
mod tests;

use super::values::time::Instant;

keywords! {
    /// Owner of a task.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Owner {
        /// Saksbehandler.
        CaseWorker = "case-worker",
        /// Beslutter.
        DecisionMaker = "decision-maker",
        /// Kontrollør.
        Inspector = "inspector",
        /// Leverandør.
        Provider = "provider",
        /// The registry itself.
        Registry = "registry",
    }
}

/// Makes the tasks from one list: the enum, all of it, names and owners.
macro_rules! tasks {
    ($($(#[$doc:meta])* $task:ident = $name:literal, $owner:ident;)+) => {
        /// Kind of task.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Task {
            $($(#[$doc])* $task,)+
        }

        impl Task {
            /// Every task.
            pub const ALL: &[Self] = &[$(Self::$task),+];

            /// The name in JSON and in the database.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$task => $name,)+
                }
            }

            /// Owner of the task.
            #[must_use]
            pub const fn owner(self) -> Owner {
                match self {
                    $(Self::$task => Owner::$owner,)+
                }
            }
        }
    };
}

tasks! {
    /// Begin to assess a submitted application.
    StartAssessment = "start-assessment", CaseWorker;
    /// Send a second notice of a message that was not opened within a week.
    Renotify = "renotify", Registry;
    /// Note that a decision is final: the last day to appeal is past and no appeal is open.
    BecomeFinal = "become-final", Registry;
    /// Notify the provider by hand: no notice of a message was sent automatically.
    SendNotice = "send-notice", CaseWorker;
    /// Record the day on which the letter of a decision arrived: until then no time to appeal runs.
    RecordArrival = "record-arrival", CaseWorker;
    /// Give the reasons that were demanded.
    GiveReasons = "give-reasons", DecisionMaker;
    /// Suspend the effect of an appealed decision, or refuse to.
    DecideOnDeferral = "decide-on-deferral", DecisionMaker;
    /// Admit a received appeal, and investigate it.
    ReviewAppeal = "review-appeal", CaseWorker;
    /// Change the decision in favour, or send the appeal on to the appeal body.
    ForwardAppeal = "forward-appeal", CaseWorker;
    /// Record the appeal body's decision.
    RecordOutcome = "record-outcome", DecisionMaker;
    /// The last day on which a change to the appellant's harm can be sent.
    HarmLimit = "harm-limit", DecisionMaker;
    /// Decide on a claim for costs.
    DecideOnCosts = "decide-on-costs", DecisionMaker;
    /// Record the signed contract of an approval.
    RecordContract = "record-contract", DecisionMaker;
    /// Decide, or close the case: the provider has replied to a prior notice, or the deadline has passed.
    DecideAfterNotice = "decide-after-notice", DecisionMaker;
    /// Review a year's deliveries under a contract.
    YearlyReview = "yearly-review", Inspector;
    /// Carry out a follow-up that was planned.
    CarryOutFollowUp = "carry-out-follow-up", Inspector;
    /// Assess a deviation with an expired deadline or a reported correction.
    DeviationDue = "deviation-due", Inspector;
    /// Publish that a profile was not confirmed for twelve months.
    ProfileStale = "profile-stale", Registry;
    /// Publish that time has changed the status of an approval.
    StatusChange = "status-change", Registry;
    /// Publish the closing of an offering to new providers, at the start of the announced day.
    OfferingCloses = "offering-closes", Registry;
    /// Publish the end of an offering, after its last day.
    OfferingEnds = "offering-ends", Registry;
    /// Give the applicant an expected decision date (forvaltningsloven § 11 a).
    SendPreliminaryAnswer = "send-preliminary-answer", CaseWorker;
    /// Continue with the present content, or dismiss: the provider's deadline to complete has passed.
    ResumeOrDecide = "resume-or-decide", CaseWorker;
    /// Close every line within the time that the offering announced.
    Assess = "assess", CaseWorker;
    /// Sign the decision of an application that is ready.
    Sign = "sign", DecisionMaker;
    /// Rule on a person's impartiality (forvaltningsloven § 8).
    RuleOnImpartiality = "rule-on-impartiality", DecisionMaker;
    /// Remind that a month has passed without an answer to the applicant.
    WarnOneMonth = "warn-one-month", Registry;
    /// Remind of expiring evidence of an approval.
    EvidenceExpires = "evidence-expires", Registry;
    /// Replace evidence that expires that day.
    RenewEvidence = "renew-evidence", Provider;
    /// Supply the requested items.
    CompleteApplication = "complete-application", Provider;
    /// Comment on information that was put to the applicant.
    CommentOnInformation = "comment-on-information", Provider;
    /// Answer a prior notice.
    ReplyToNotice = "reply-to-notice", Provider;
    /// State the provider's view of the appeal of another against its approval.
    StateOnAppeal = "state-on-appeal", Provider;
    /// Correct a deviation, and report it.
    CorrectDeviation = "correct-deviation", Provider;
    /// Confirm that the profile is right, twelve months after the last time.
    ConfirmProfile = "confirm-profile", Provider;
}

impl Task {
    /// The task of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|task| task.as_str() == name)
    }
}

/// A task with its due time. An aggregate has each task at most once per instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Item {
    pub task: Task,
    /// Due time: for people the end of the last day, for the registry the instant of execution.
    pub due_at: Instant,
}

impl Item {
    /// A task that falls due at an instant.
    #[must_use]
    pub const fn new(task: Task, due_at: Instant) -> Self {
        Self { task, due_at }
    }
}
