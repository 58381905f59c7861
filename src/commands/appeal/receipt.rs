//! Receipt of an appeal: from the party, or registered by a case worker.

use chrono::NaiveDate;

use super::AppealCase;
use crate::{
    commands::{Command, Outcome, Route, Tx, decision::DecisionCase},
    domain::{
        Change,
        appeal::{Appeal, AppealReceipt, AppealText, Appellant, LostAppeal},
        decision::{
            Decision,
            history::{DecisionCommand, DecisionHistory},
        },
        error::DomainError,
        keywords,
        message::{Message, fields},
        role::{CallerIdentity, CaseParty, Role},
        validation::ValidationErrors,
        values::{
            ids::AppealId,
            text::{Line, Note, Prose},
            time::{Instant, day_of},
        },
    },
    json::form::{Form, Object, scalars::keyword_forms},
};

keywords! {
    /// The appellant.
    #[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
    pub enum AppellantKind {
        /// The party of the decision.
        #[default]
        Party = "party",
        /// Another with legal interest.
        Other = "other",
    }
}

keyword_forms!(AppellantKind);

/// Appeal.
///
/// For the party of the decision, and for a case worker who registers an appeal on paper or by another
/// appellant with legal interest (forvaltningsloven §§ 28 to 32). Timeliness is computed. The fields after
/// `deferralWanted` are for case workers.
#[derive(Debug, Form)]
#[form(name = "AppealBody", closed, example({
    "text": "Beredskapsplanen lå ved søknaden som vedlegg 4.", "wantedChange": "Søknaden innvilges.",
    "signedBy": "Ola Eksempel", "deferralWanted": false
}))]
pub struct CreateAppeal {
    /// The appeal itself.
    text: Prose,
    /// The wanted change. An appeal on paper may lack it at first.
    wanted_change: Option<Prose>,
    /// The signer. An appeal on paper may lack it at first.
    signed_by: Option<Line>,
    /// Whether the decision should wait meanwhile.
    #[form(default)]
    deferral_wanted: bool,
    /// The appellant; by default the party.
    #[form(default)]
    appellant: AppellantKind,
    /// The name of another than the party.
    name: Option<Line>,
    /// The legal interest of another than the party.
    legal_interest: Option<Note>,
    /// Day of actual or presumed knowledge of the decision, for an appellant other than the party.
    knew_on: Option<NaiveDate>,
    /// Where messages to an appellant other than the party are sent: a postal or an e-mail address.
    contact: Option<Line>,
    /// Time of receipt by the municipality; by default now.
    received_at: Option<Instant>,
    /// Day of posting; by default the day of receipt.
    handed_in_on: Option<NaiveDate>,
    /// When an appeal that was lost was sent first; with `lostLearnedOn`.
    lost_sent_on: Option<NaiveDate>,
    /// Day on which the appellant learned of the loss; with `lostSentOn`.
    lost_learned_on: Option<NaiveDate>,
}

/// The fields that only a case worker sends.
const REGISTERED: [&str; 9] = [
    "appellant",
    "name",
    "legalInterest",
    "knewOn",
    "contact",
    "receivedAt",
    "handedInOn",
    "lostSentOn",
    "lostLearnedOn",
];

/// Fields of an appellant other than the party.
const OF_ANOTHER: [&str; 3] = ["name", "legalInterest", "knewOn"];

impl CreateAppeal {
    /// A case worker sends all fields of another appellant or none, and all of a lost appeal or none.
    fn check_registered(fields: &Object<'_>, errors: &mut ValidationErrors) {
        let another = Some(AppellantKind::Other.as_str());
        if fields.text("appellant") == another {
            require(fields, &OF_ANOTHER, errors);
        } else {
            let detail = fields::unexpected_appellant();
            refuse(fields, &OF_ANOTHER, &detail, errors);
            refuse(fields, &["contact"], &detail, errors);
        }
        if fields.has("lostSentOn") != fields.has("lostLearnedOn") {
            require(fields, &["lostSentOn", "lostLearnedOn"], errors);
        }
    }

    /// The appeal, from the party or registered.
    fn receive(
        self,
        id: AppealId,
        (decision, history): (&Decision, &DecisionHistory),
        by: &CaseParty,
        now: Instant,
    ) -> Result<Change<Appeal>, DomainError> {
        let Self { text, wanted_change: wanted, signed_by, deferral_wanted, .. } = self;
        let text = AppealText { text, wanted, signed_by, deferral_wanted };
        let by = match by {
            CaseParty::Provider(by) => {
                return Appeal::by_party(id, text, decision, history, by, now);
            }
            CaseParty::Municipality(by) => by,
        };
        let at = self.received_at.unwrap_or(now);
        let handed_in_on = self.handed_in_on.unwrap_or_else(|| day_of(at));
        let lost = self.lost_sent_on.zip(self.lost_learned_on);
        let lost = lost.map(|(sent_on, learned_on)| LostAppeal { sent_on, learned_on });
        let received = AppealReceipt { at, handed_in_on, lost };
        let appellant = match (self.name, self.legal_interest, self.knew_on) {
            (Some(name), Some(legal_interest), Some(knew_on)) => {
                Appellant::Other { name, legal_interest, knew_on, contact: self.contact }
            }
            _ => Appellant::Party,
        };
        Appeal::registered(id, appellant, text, received, decision, history, by, now)
    }
}

fn require(fields: &Object<'_>, names: &[&str], errors: &mut ValidationErrors) {
    for name in names {
        errors.require(&fields.pointer(name), fields.has(name).then_some(()));
    }
}

fn refuse(fields: &Object<'_>, names: &[&str], detail: &Message, errors: &mut ValidationErrors) {
    for name in names {
        errors.unexpected(fields.pointer(name), fields.has(name), detail);
    }
}

impl Command for CreateAppeal {
    type Target = DecisionCase;
    type Answer = AppealCase;
    type Role = CaseParty;
    const ROUTE: Route = Route::create("appeal", "appealCreate", "/decisions/{id}/appeals");
    const TAG: &'static str = "appeals";

    fn action(_: &DecisionCase, role: Role) -> Option<&'static str> {
        Some(command(role).as_str())
    }

    fn guard(
        case: &DecisionCase,
        caller: &CallerIdentity,
        now: Instant,
    ) -> Result<(), DomainError> {
        case.may(command(caller.role), now)
    }

    fn check_for_role(fields: &Object<'_>, role: Role, errors: &mut ValidationErrors) {
        if role == Role::Provider {
            // The party fills in the form itself, so a missing field is an error at once.
            require(fields, &["wantedChange", "signedBy"], errors);
            let detail = fields::unexpected_by_case_worker();
            refuse(fields, &REGISTERED, &detail, errors);
        } else {
            Self::check_registered(fields, errors);
        }
    }

    fn run(self, case: DecisionCase, by: &CaseParty, tx: &mut Tx) -> Outcome<AppealCase> {
        let (id, deferral_wanted, from) =
            (tx.new_id(), self.deferral_wanted, case.history.revision);
        let Change { value: appeal, event } =
            self.receive(id, (&case.decision, &case.history), by, tx.now)?;
        let by_party = appeal.appellant == Appellant::Party;
        let recorded = case.history.record_appeal(id, by_party, deferral_wanted, tx.now);
        tx.session.save_history(&recorded.value, Some(from))?;
        tx.relate(recorded.event, None);
        let against = DecisionCase { history: recorded.value, ..case };
        tx.insert(Change { value: AppealCase::received(appeal, against), event })
    }
}

/// A party appeals, a case worker registers an appeal.
const fn command(role: Role) -> DecisionCommand {
    if matches!(role, Role::Provider) {
        DecisionCommand::Appeal
    } else {
        DecisionCommand::RegisterAppeal
    }
}
