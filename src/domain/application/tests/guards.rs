//! What guards say of commands, and what the commands themselves answer.

use super::*;

const OF_PROVIDERS: [ApplicationCommand; 9] = [
    ApplicationCommand::ChangeDraft,
    ApplicationCommand::Supply,
    ApplicationCommand::RenewEvidence,
    ApplicationCommand::Submit,
    ApplicationCommand::Complete,
    ApplicationCommand::Withdraw,
    ApplicationCommand::ChangeVersion,
    ApplicationCommand::ChallengeImpartiality,
    ApplicationCommand::RemoveContact,
];
const OF_CASE_WORKERS: [ApplicationCommand; 7] = [
    ApplicationCommand::DeclareImpartiality,
    ApplicationCommand::StartAssessment,
    ApplicationCommand::Assess,
    ApplicationCommand::SendPreliminaryAnswer,
    ApplicationCommand::RequestCompletion,
    ApplicationCommand::Resume,
    ApplicationCommand::RemoveContact,
];
const OF_DECISION_MAKERS: [ApplicationCommand; 4] = [
    ApplicationCommand::DeclareImpartiality,
    ApplicationCommand::RuleOnImpartiality,
    ApplicationCommand::Decide,
    ApplicationCommand::Dismiss,
];

/// The commands, with the codes of those that are not possible.
fn offered(
    it: &Application,
    commands: &[ApplicationCommand],
    by: &Actor,
) -> Vec<(&'static str, Option<&'static str>)> {
    let code = |command| it.guard(command, by, context()).err().map(|error| error.code.as_str());
    commands.iter().map(|command| (command.as_str(), code(*command))).collect()
}

#[test]
fn acts_are_offered_with_why_not() {
    let illegal = Some("illegal-transition");
    assert_eq!(
        offered(&draft(), &OF_PROVIDERS, &provider_user().actor),
        [
            ("change-draft", None),
            ("supply", None),
            ("renew-evidence", illegal),
            ("submit", Some("application-incomplete")),
            ("complete", illegal),
            ("withdraw", None),
            ("change-version", illegal),
            ("challenge-impartiality", illegal),
            ("remove-contact", illegal),
        ]
    );
    assert_eq!(
        offered(&awaiting(), &OF_CASE_WORKERS, &case_worker().actor),
        [
            ("declare-impartiality", None),
            ("start-assessment", illegal),
            ("assess", illegal),
            ("send-preliminary-answer", None),
            ("request-completion", illegal),
            ("resume", Some("deadline-running")),
            ("remove-contact", illegal),
        ]
    );
    let by = |person: Actor| offered(&ready(), &OF_DECISION_MAKERS, &person);
    assert_eq!(
        by(decision_maker().actor),
        [
            ("declare-impartiality", None),
            ("rule-on-impartiality", Some("no-impartiality-question")),
            ("decide", None),
            ("dismiss", None),
        ]
    );
    assert_eq!(
        by(case_worker().actor)[2..],
        [("decide", Some("four-eyes")), ("dismiss", Some("four-eyes"))]
    );
    assert_eq!(by(actor("Ida Lie"))[2], ("decide", Some("impartiality-not-declared")));
    let open = offered(&under_assessment(), &OF_DECISION_MAKERS, &decision_maker().actor);
    assert_eq!(open[2], ("decide", Some("review-incomplete")));
}

#[test]
fn what_is_offered_as_impossible_is_refused_for_the_same_reason() {
    for (state, application) in states() {
        for (name, act, command) in COMMANDS {
            let cast = own();
            let by = if OF_PROVIDERS.contains(&act) {
                cast.provider.actor.clone()
            } else if OF_CASE_WORKERS.contains(&act) {
                cast.worker.actor.clone()
            } else {
                cast.maker.actor.clone()
            };
            if let Err(offered) = application.guard(act, &by, context()) {
                let refused = command(application.clone(), &cast).unwrap_err();
                let unseen = refused.code == RefusalCode::NotFound;
                assert!(unseen || refused.code == offered.code, "{name} in {state}: {refused:?}");
            }
        }
    }
}
