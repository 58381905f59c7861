//! The ways that a case can go, and the steps of each with the days between them.

use std::collections::VecDeque;

/// Course of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Approved and still there at the end.
    Approved,
    /// Approved with a contract that expires within the year.
    RunsOut,
    /// Withdrawn by the provider.
    Withdrawn,
    /// Refused, without an appeal.
    Refused,
    /// Refused; upheld by the appeal body.
    RefusalUpheld,
    /// Refused; changed on appeal, since the plan existed.
    RefusalChanged,
    /// Refused; annulled, returned, and approved in the second round.
    RefusalReturned,
    /// Refused; a late appeal is dismissed.
    TooLate,
    /// A request for completion without an answer, and a dismissal.
    Dismissed,
    /// The provider gives notice.
    Terminated,
    /// Warned, then revoked.
    Revoked,
    /// Revoked; the appeal body changes that.
    Reinstated,
    /// Warned; the reply is good and the notice is closed.
    Spared,
}

/// One step of a case; some need several commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Apply,
    Withdraw,
    AssessMet,
    AssessFailing,
    AskForCompletion,
    Dismiss,
    Approve,
    Refuse,
    Contract,
    ShortContract,
    Terminate,
    Warn,
    CloseNotice,
    Revoke,
    Appeal,
    Forward,
    Uphold,
    ChangeRefusal,
    ReturnRefusal,
    ChangeRevocation,
    DismissAppeal,
    AssessAgain,
}

impl Step {
    /// The outcome of the decision that is signed in it.
    pub const fn signs(self) -> Option<&'static str> {
        match self {
            Self::Approve => Some("approve"),
            Self::Refuse => Some("refuse"),
            Self::Dismiss => Some("dismiss"),
            Self::Revoke => Some("revoke"),
            _ if self.rules().is_some() => Some("appeal"),
            _ => None,
        }
    }

    /// The state of the appeal that is decided in it.
    pub const fn rules(self) -> Option<&'static str> {
        match self {
            Self::Uphold => Some("upheld"),
            Self::ChangeRefusal | Self::ChangeRevocation => Some("changed"),
            Self::ReturnRefusal => Some("annulled-returned"),
            Self::DismissAppeal => Some("dismissed-late"),
            _ => None,
        }
    }

    /// Consequences of its command, as event kinds.
    pub const fn brings_about(self) -> Option<&'static str> {
        match self {
            Self::Approve => Some("application.approved, decision.signed"),
            Self::Refuse => Some("application.refused, decision.signed"),
            Self::Dismiss => Some("application.dismissed, decision.signed"),
            Self::Revoke => Some("approval.revoked, decision.signed"),
            Self::Appeal => Some("appeal.received, decision.appealed"),
            Self::Uphold | Self::DismissAppeal => {
                Some("appeal.decided, decision.signed, decision.appeal-closed")
            }
            Self::ChangeRefusal => {
                Some("appeal.decided, decision.signed, decision.reversed, application.approved")
            }
            Self::ReturnRefusal => {
                Some("appeal.decided, decision.signed, decision.annulled, application.reopened")
            }
            Self::ChangeRevocation => {
                Some("appeal.decided, decision.signed, decision.reversed, approval.reinstated")
            }
            _ => None,
        }
    }
}

impl Fate {
    /// Every course; common ones are repeated.
    pub const ALL: [Self; 20] = [
        Self::Approved,
        Self::RunsOut,
        Self::Approved,
        Self::Withdrawn,
        Self::Approved,
        Self::Refused,
        Self::Approved,
        Self::RefusalUpheld,
        Self::Approved,
        Self::RefusalChanged,
        Self::Approved,
        Self::RefusalReturned,
        Self::RunsOut,
        Self::Dismissed,
        Self::TooLate,
        Self::Terminated,
        Self::Approved,
        Self::Revoked,
        Self::Spared,
        Self::Reinstated,
    ];

    /// The steps, each with the days that it waits after the one before.
    pub fn steps(self) -> VecDeque<(u64, Step)> {
        use Step::{
            Appeal, Apply, Approve, AskForCompletion, AssessAgain, AssessFailing, AssessMet,
            ChangeRefusal, ChangeRevocation, CloseNotice, Contract, Dismiss, DismissAppeal,
            Forward, Refuse, ReturnRefusal, Revoke, ShortContract, Terminate, Uphold, Warn,
            Withdraw,
        };
        let refused = [(0, Apply), (9, AssessFailing), (2, Refuse)];
        let approved = [(0, Apply), (12, AssessMet), (3, Approve)];
        let appealed = [(10, Appeal), (14, Forward)];
        let contracted = [&approved[..], &[(4, Contract)]].concat();
        let steps = match self {
            Self::Approved => contracted,
            Self::RunsOut => [&approved[..], &[(4, ShortContract)]].concat(),
            Self::Withdrawn => vec![(0, Apply), (5, Withdraw)],
            Self::Refused => refused.to_vec(),
            Self::RefusalUpheld => [&refused[..], &appealed, &[(30, Uphold)]].concat(),
            Self::RefusalChanged => {
                [&refused[..], &appealed, &[(30, ChangeRefusal), (4, Contract)]].concat()
            }
            Self::RefusalReturned => {
                let again = [(30, ReturnRefusal), (6, AssessAgain), (2, Approve), (4, Contract)];
                [&refused[..], &appealed, &again].concat()
            }
            Self::TooLate => [&refused[..], &[(26, Appeal), (3, DismissAppeal)]].concat(),
            Self::Dismissed => vec![(0, Apply), (7, AskForCompletion), (22, Dismiss)],
            Self::Terminated => [&contracted[..], &[(30, Terminate)]].concat(),
            Self::Revoked => [&contracted[..], &[(20, Warn), (28, Revoke)]].concat(),
            Self::Spared => [&contracted[..], &[(20, Warn), (28, CloseNotice)]].concat(),
            Self::Reinstated => {
                let changed = [(20, Warn), (28, Revoke), (10, Appeal), (14, Forward)];
                [&contracted[..], &changed, &[(25, ChangeRevocation)]].concat()
            }
        };
        steps.into()
    }

    /// The state in which the application is at the end.
    pub const fn application_state(self) -> &'static str {
        match self {
            Self::Withdrawn => "withdrawn",
            Self::Refused | Self::RefusalUpheld | Self::TooLate => "refused",
            Self::Dismissed => "dismissed",
            _ => "approved",
        }
    }

    /// The final status of the approval, if any, while its offering runs.
    pub const fn approval_status(self) -> Option<&'static str> {
        match self {
            Self::Withdrawn
            | Self::Dismissed
            | Self::Refused
            | Self::RefusalUpheld
            | Self::TooLate => None,
            Self::RunsOut => Some("expired"),
            Self::Terminated => Some("ended"),
            Self::Revoked => Some("revoked"),
            _ => Some("active"),
        }
    }
}
