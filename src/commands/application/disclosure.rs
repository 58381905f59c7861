//! Information from others is put to the applicant, who comments on it.

use chrono::NaiveDate;

use super::ApplicationCase;
use crate::{
    commands::{Command, Outcome, Route, Tx},
    domain::{
        application::ApplicationCommand,
        error::DomainError,
        role::{CallerIdentity, CaseWorker, ProviderUser},
        rules::ground::{Grounded, RefusalGround},
        values::{
            text::{Line, Prose},
            time::Instant,
        },
    },
    json::form::Form,
};

/// Put information to the applicant.
///
/// Information from others that may carry a refusal, with time to comment (forvaltningsloven § 17 second paragraph). Without it
/// nobody is refused on `supervisory-breach`, `false-information`, `withheld-information` or `bankruptcy-probable`
/// (`applicant-not-heard`).
#[derive(Debug, Form)]
#[form(name = "DisclosureBody", closed, example({
    "grounds": [{"ground": "bankruptcy-probable", "facts": "To utlegg uten dekning i februar."}],
    "source": "Løsøreregisteret, utskrift av 2. mars 2026", "deadline": "2026-03-26"
}))]
pub struct DiscloseInformation {
    /// The grounds that it may carry, each with the information; at least one.
    #[form(min_items = 1, max_items = 20)]
    grounds: Vec<Grounded<RefusalGround>>,
    /// Where the information comes from.
    source: Line,
    /// The last day to comment. One that is no working day moves to the next.
    deadline: NaiveDate,
}

impl Command for DiscloseInformation {
    type Target = ApplicationCase;
    type Answer = ApplicationCase;
    type Role = CaseWorker;
    const ROUTE: Route = Route::change(
        "disclose-information",
        "applicationDisclose",
        "/applications/{id}/disclosures",
    );

    fn guard(case: &Self::Target, caller: &CallerIdentity, _: Instant) -> Result<(), DomainError> {
        case.guard(ApplicationCommand::DiscloseInformation, caller)
    }

    fn run(self, case: ApplicationCase, by: &CaseWorker, tx: &mut Tx) -> Outcome<ApplicationCase> {
        let Self { grounds, source, deadline } = self;
        case.update(tx, |application, context| {
            application.disclose_information(grounds, source, deadline, by, context)
        })
    }
}

/// Comment on the information.
///
/// On what the municipality has put to you last. A late comment is taken too, as long as nothing is decided.
#[derive(Debug, Form)]
#[form(name = "CommentBody", closed, example({"text": "Utleggene gjelder et krav som er betalt."}))]
pub struct CommentOnInformation {
    /// The comment.
    text: Prose,
}

impl Command for CommentOnInformation {
    type Target = ApplicationCase;
    type Answer = ApplicationCase;
    type Role = ProviderUser;
    const ROUTE: Route =
        Route::change("comment", "applicationComment", "/applications/{id}/comment");

    fn guard(case: &Self::Target, caller: &CallerIdentity, _: Instant) -> Result<(), DomainError> {
        case.guard(ApplicationCommand::Comment, caller)
    }

    fn run(self, case: Self::Target, by: &ProviderUser, tx: &mut Tx) -> Outcome<Self::Answer> {
        case.update(tx, |application, context| application.comment(self.text, by, context.now))
    }
}
