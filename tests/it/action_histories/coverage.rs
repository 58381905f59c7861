//! Coverage of generated histories: the operations that must be possible and impossible in them.

use std::collections::{BTreeMap, BTreeSet};

use godkjent::commands::{self, Command, CommandVisitor, FromCaller, HandlerAction, Target};
use serde_json::Value;

use super::dead_ends;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Never {
    /// No `actions[]` has it.
    Offered,
    /// It is always possible.
    Impossible,
}

/// Operations that are not both possible and impossible in the histories, with the reason.
const NEVER: [(&str, Never, &str); 11] = [
    ("offeringCreate", Never::Offered, "it belongs to the registry, which has no resource"),
    ("applicationCreate", Never::Offered, "it belongs to the registry, which has no resource"),
    ("applicationWithdrawConsent", Never::Offered, "it is part of the change of the draft"),
    ("noticeRecordByHand", Never::Offered, "notices have tests of their own"),
    ("noticeRecordFailure", Never::Offered, "notices have tests of their own"),
    ("noticeResend", Never::Offered, "notices have tests of their own"),
    ("municipalityPut", Never::Impossible, "settings can be put in every state"),
    ("providerPut", Never::Impossible, "a profile can be put in every state"),
    ("providerConfirm", Never::Impossible, "a readable profile can be confirmed"),
    ("approvalDeclareImpartiality", Never::Impossible, "an approval has no state without cases"),
    ("approvalChallengeImpartiality", Never::Impossible, "an approval has no state without cases"),
];

/// Numbers of observations, by operation.
#[derive(Default)]
pub struct Coverage {
    pub possible: BTreeMap<String, usize>,
    /// With the code.
    pub impossible: BTreeMap<(String, String), usize>,
    /// The tasks that were checked.
    pub tasks: BTreeSet<String>,
    /// Differences between `actions[]` and the server's answers.
    pub different: Vec<String>,
}

impl Coverage {
    /// Number of successes of an action.
    pub fn times(&self, action: &Value) -> usize {
        let operation = action["operation"].as_str().unwrap();
        self.possible.get(operation).copied().unwrap_or_default()
    }

    pub fn add(&mut self, other: Self) {
        for (operation, times) in other.possible {
            *self.possible.entry(operation).or_default() += times;
        }
        for (refusal, times) in other.impossible {
            *self.impossible.entry(refusal).or_default() += times;
        }
        self.tasks.extend(other.tasks);
        self.different.extend(other.different);
    }

    /// Asserts that each operation was both possible and impossible, except those of [`NEVER`].
    pub fn assert_complete(&self) {
        let mut operations = Operations::default();
        commands::all(&mut operations);
        let mut wrong = self.different.clone();
        for operation in operations.0.iter().copied() {
            let never = NEVER.iter().find(|(it, ..)| *it == operation).map(|(_, never, _)| *never);
            let wanted = match never {
                Some(Never::Offered) => (false, false),
                Some(Never::Impossible) => (true, false),
                None => (true, true),
            };
            let is_impossible = self.impossible.keys().any(|(it, _)| it == operation);
            let found = (self.possible.contains_key(operation), is_impossible);
            if wanted != found {
                wrong.push(format!("{operation}: (possible, impossible) {found:?}"));
            }
        }
        if self.tasks.len() < dead_ends::MET {
            wrong.push(format!("the histories have few tasks: {:?}", self.tasks));
        }
        println!("possible {:#?}\nimpossible {:#?}", self.possible, self.impossible);
        assert!(wrong.is_empty(), "{wrong:#?}");
        for (name, ..) in &NEVER {
            assert!(operations.0.contains(name), "there is no {name}");
        }
    }
}

#[derive(Default)]
struct Operations(BTreeSet<&'static str>);

impl<T: Target> CommandVisitor<T> for Operations {
    fn visit<C: Command<Target = T>>(&mut self) {
        self.0.insert(C::ROUTE.operation);
    }

    fn visit_handler<R: FromCaller>(&mut self, action: &HandlerAction<T>) {
        self.0.insert(action.route.operation);
    }
}

pub fn key(operation: &str, code: &str) -> (String, String) {
    (operation.to_owned(), code.to_owned())
}
