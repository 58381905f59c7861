//! Due items of an application under way.

use super::{Application, ApplicationState, Case, completion::Completion, disclosure::Disclosure};
use crate::domain::{
    agenda::{Item, Task},
    values::time::{Instant, day_of, end_of_day, start_of_day},
};

impl Application {
    /// Due items: none before the submission and after the end, except expiring evidence of an approval.
    #[must_use]
    pub fn agenda(&self) -> Vec<Item> {
        if matches!(self.state, ApplicationState::Approved(..)) {
            return self.dossier.agenda();
        }
        let (ApplicationState::Submitted(case)
        | ApplicationState::UnderAssessment(case)
        | ApplicationState::AwaitingCompletion(case)
        | ApplicationState::Ready(case)) = &self.state
        else {
            return vec![];
        };
        let next = match &self.state {
            // Without undue delay (forvaltningsloven § 11 a).
            ApplicationState::Submitted(_) => {
                let received = day_of(case.receipt.received_at);
                Some(Item::new(Task::StartAssessment, end_of_day(received)))
            }
            ApplicationState::AwaitingCompletion(_) => None,
            ApplicationState::Ready(_) => {
                Some(Item::new(Task::Sign, end_of_day(case.expected_by())))
            }
            _ => Some(Item::new(Task::Assess, end_of_day(case.expected_by()))),
        };
        let due = case.preliminary_answer_due();
        let answer = [
            Item::new(Task::WarnOneMonth, start_of_day(due)),
            Item::new(Task::SendPreliminaryAnswer, end_of_day(due)),
        ];
        let ruling = case.first_open_question();
        let ruling =
            ruling.map(|asked| Item::new(Task::RuleOnImpartiality, end_of_day(day_of(asked))));
        let asked = case.completions.last().into_iter();
        let asked = asked.filter(|_| matches!(self.state, ApplicationState::AwaitingCompletion(_)));
        let mut items: Vec<_> = next
            .into_iter()
            .chain(answer)
            .chain(ruling)
            .chain(asked.flat_map(Completion::agenda))
            .collect();
        // One second notice for both messages, where they are due together.
        let disclosed = case.disclosures.last().map(Disclosure::agenda).unwrap_or_default();
        items
            .extend(disclosed.into_iter().filter(|item| !items.contains(item)).collect::<Vec<_>>());
        items
    }
}

impl Case {
    /// Time of the first pending request for a ruling on impartiality.
    fn first_open_question(&self) -> Option<Instant> {
        let value = &self.impartiality;
        let challenged = value.challenges.iter().filter(|it| !it.settled).map(|it| it.at);
        let left = value.declarations.iter().filter(|it| it.waits()).map(|it| it.at);
        challenged.chain(left).min()
    }
}
