//! Frister og oppgaver: what falls due in a case, when, and whose task it is.
//!
//! Each thing says for itself what falls due with it; nothing here decides. People find their items
//! in a work list. The registry's own items are reminders and changes that time brings about: they
//! never go against anyone.

#[cfg(test)]
mod tests;

use super::values::time::Instant;

keywords! {
    /// Whose task it is.
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
        /// What there is to do.
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

            /// Whose it is.
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
    /// Begin to assess an application that has come in.
    StartAssessment = "start-assessment", CaseWorker;
    /// Send notice once more of a message that nobody has opened within a week.
    Renotify = "renotify", Registry;
    /// Note that a decision is final: the last day to appeal is past and no appeal is open.
    BecomeFinal = "become-final", Registry;
    /// Give the reasons that were demanded.
    GiveReasons = "give-reasons", DecisionMaker;
    /// Defer a decision that is appealed against, or refuse to.
    DecideOnDeferral = "decide-on-deferral", DecisionMaker;
    /// Admit an appeal that has come in, and investigate what it says.
    ReviewAppeal = "review-appeal", CaseWorker;
    /// Change the decision in favour, or send the appeal on to the appeal body.
    ForwardAppeal = "forward-appeal", CaseWorker;
    /// Record what the appeal body has decided.
    RecordOutcome = "record-outcome", DecisionMaker;
    /// The last day on which a change to the appellant's harm can be sent.
    HarmLimit = "harm-limit", DecisionMaker;
    /// Decide on a claim for costs.
    DecideOnCosts = "decide-on-costs", DecisionMaker;
    /// Record the signed contract of an approval.
    RecordContract = "record-contract", DecisionMaker;
    /// Decide, or close the case: the provider has replied to a prior notice, or its time is out.
    DecideAfterNotice = "decide-after-notice", DecisionMaker;
    /// Review a year's deliveries under a contract.
    YearlyReview = "yearly-review", Inspector;
    /// Carry out a follow-up that was planned.
    CarryOutFollowUp = "carry-out-follow-up", Inspector;
    /// Look at a deviation whose time to correct is out, or whose correction was reported.
    DeviationDue = "deviation-due", Inspector;
    /// Tell that a profile has not been confirmed for twelve months.
    ProfileStale = "profile-stale", Registry;
    /// Tell that the status of an approval has changed with time.
    StatusChange = "status-change", Registry;
    /// Say publicly that an offering takes in nobody new, from the start of the day that was announced.
    OfferingCloses = "offering-closes", Registry;
    /// Say publicly that an offering has ended, when its last day is over.
    OfferingEnds = "offering-ends", Registry;
    /// Tell the applicant when the case will be decided (forvaltningsloven § 11 a).
    SendPreliminaryAnswer = "send-preliminary-answer", CaseWorker;
    /// Go on with what is there, or have it dismissed: the provider's time to complete is out.
    ResumeOrDecide = "resume-or-decide", CaseWorker;
    /// Close every line within the time that the offering announced.
    Assess = "assess", CaseWorker;
    /// Sign the decision of an application that is ready.
    Sign = "sign", DecisionMaker;
    /// Rule on somebody's impartiality (forvaltningsloven § 8).
    RuleOnImpartiality = "rule-on-impartiality", DecisionMaker;
    /// Remind that a month has passed without an answer to the applicant.
    WarnOneMonth = "warn-one-month", Registry;
    /// Remind that evidence behind an approval is about to run out.
    EvidenceExpires = "evidence-expires", Registry;
    /// Attach anew what runs out that day.
    RenewEvidence = "renew-evidence", Provider;
    /// Supply what was asked for.
    CompleteApplication = "complete-application", Provider;
    /// Answer a prior notice.
    ReplyToNotice = "reply-to-notice", Provider;
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

/// A task and when it falls due. One thing has each task at most once for an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Item {
    /// What.
    pub task: Task,
    /// When: for people the end of the last day, for the registry the instant to act.
    pub due_at: Instant,
}

impl Item {
    /// A task that falls due at an instant.
    #[must_use]
    pub const fn new(task: Task, due_at: Instant) -> Self {
        Self { task, due_at }
    }
}
