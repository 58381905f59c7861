//! Notices: sent by a job, and by hand where that fails. A sent notice starts the period of its message.

use chrono::NaiveDate;
use uuid::Uuid;

use super::{Aggregate, Command, CommandVisitor, Outcome, Resource, Route, Target, Tx};
use crate::{
    domain::{
        Change, Revised,
        decision::{Decision, DecisionOutcome},
        error::{DomainError, Noun},
        event::Subject,
        notice::{Acceptance, Notice, NoticeCommand, NoticeKind, Notifiable},
        role::{CallerIdentity, CaseWorker, Party},
        rules::notification::FirstNotice,
        values::{
            ids::{NoticeId, Revision},
            text::Line,
            time::Instant,
        },
    },
    json::form::Form,
    store::{CommandOutcome, Failure},
};

impl Target for Notice {
    type Key = Uuid;
    const NOUN: Noun = Noun::Notice;
    const TAG: &'static str = "letters";

    fn load(tx: &mut Tx, id: &Uuid, party: &Party) -> Result<Option<Self>, Failure> {
        let found = tx.session.notice(NoticeId::new(*id))?;
        Ok(found.filter(|it| match party {
            Party::Provider(number) => it.provider == *number && it.appellant.is_none(),
            Party::Municipality(number) => it.municipality.as_ref() == Some(number),
        }))
    }

    fn key(&self) -> Uuid {
        self.id.uuid()
    }

    fn revision(&self) -> Option<Revision> {
        Some(self.revision)
    }

    fn commands(visitor: &mut impl CommandVisitor<Self>) {
        visitor.visit::<RecordNoticeByHand>();
        visitor.visit::<RecordNoticeFailure>();
        visitor.visit::<ResendNotice>();
    }
}

impl Aggregate for Notice {
    fn save(&self, tx: &mut Tx, from: Option<Revision>) -> Result<(), Failure> {
        tx.session.save_notice(self, from)
    }
}

impl Resource for Notice {
    const COLLECTION: &'static str = "notices";
}

/// Record that notice was sent by hand.
///
/// By telephone, in a letter or otherwise outside the registry. The period of the message starts on that day
/// (eForvaltningsforskriften §§ 8 and 11).
#[derive(Debug, Form)]
#[form(name = "NoticeByHandBody", closed, example({
    "sentOn": "2026-03-12", "how": "Ringte daglig leder på 38 00 00 00"
}))]
pub struct RecordNoticeByHand {
    /// The day on which it was sent.
    sent_on: NaiveDate,
    /// How, and to whom.
    how: Line,
}

impl Command for RecordNoticeByHand {
    type Target = Notice;
    type Answer = Notice;
    type Role = CaseWorker;
    const ROUTE: Route =
        Route::change("record-by-hand", "noticeRecordByHand", "/notices/{id}/by-hand");

    fn guard(notice: &Notice, _: &CallerIdentity, _: Instant) -> Result<(), DomainError> {
        notice.may(NoticeCommand::RecordByHand)
    }

    fn run(self, notice: Notice, by: &CaseWorker, tx: &mut Tx) -> Outcome<Notice> {
        let (change, first) = notice.record_by_hand(self.sent_on, self.how, by, tx.now)?;
        save_with_effect(change, Effect::Sent(&first), tx)
    }
}

/// Record that a notice came back.
///
/// The mail server had accepted it, and it reached nobody. The period that it started is taken back, unless the
/// message was opened.
#[derive(Debug, Form)]
#[form(name = "NoticeFailureBody", closed, example({"why": "Adressen finnes ikke lenger"}))]
pub struct RecordNoticeFailure {
    /// Why, such as the answer of the other mail server.
    why: Line,
}

impl Command for RecordNoticeFailure {
    type Target = Notice;
    type Answer = Notice;
    type Role = CaseWorker;
    const ROUTE: Route =
        Route::change("record-failure", "noticeRecordFailure", "/notices/{id}/failure");

    fn guard(notice: &Notice, _: &CallerIdentity, _: Instant) -> Result<(), DomainError> {
        notice.may(NoticeCommand::RecordFailure)
    }

    fn run(self, notice: Notice, by: &CaseWorker, tx: &mut Tx) -> Outcome<Notice> {
        let change = notice.record_failure(self.why, by, tx.now)?;
        save_with_effect(change, Effect::Failed, tx)
    }
}

/// Send a notice again.
///
/// One that has failed, at the addresses that the provider has confirmed now.
#[derive(Debug, Form)]
pub struct ResendNotice {}

impl Command for ResendNotice {
    type Target = Notice;
    type Answer = Notice;
    type Role = CaseWorker;
    const ROUTE: Route = Route::change("resend", "noticeResend", "/notices/{id}/attempt");

    fn guard(notice: &Notice, _: &CallerIdentity, _: Instant) -> Result<(), DomainError> {
        notice.may(NoticeCommand::Resend)
    }

    fn run(self, notice: Notice, by: &CaseWorker, tx: &mut Tx) -> Outcome<Notice> {
        tx.save(notice.resend(by, tx.now)?)
    }
}

/// What a notice does to its message.
#[derive(Clone, Copy)]
enum Effect<'a> {
    /// The period starts.
    Sent(&'a FirstNotice),
    /// The period that it started is taken back.
    Failed,
}

/// Saves a notice that was sent, or that came back, with what it does to its message.
fn save_with_effect(change: Change<Notice>, effect: Effect<'_>, tx: &mut Tx) -> Outcome<Notice> {
    let notice = &change.value;
    // A second notice starts no period, and a letter to another appellant none of the provider's.
    if !notice.is_second && notice.appellant.is_none() {
        match notice.subject {
            Subject::Decision(id) => {
                if let Some((decision, history)) = tx.session.decision_with_history(id)? {
                    apply(history, notice, effect, tx)?;
                    if notice.kind == NoticeKind::Decision {
                        update_stand_still(&decision, effect, tx)?;
                    }
                }
            }
            Subject::Application(id) => {
                let found = tx.session.application(id)?;
                found.map(|it| apply(it, notice, effect, tx)).transpose()?;
            }
            Subject::PriorNotice(id) => {
                let found = tx.session.prior_notice(id)?;
                found.map(|it| apply(it, notice, effect, tx)).transpose()?;
            }
            Subject::Appeal(id) => {
                let found = tx.session.appeal(id)?;
                found.map(|it| apply(it, notice, effect, tx)).transpose()?;
            }
            _ => {}
        }
    }
    tx.save(change)
}

fn apply<T: Notifiable + Aggregate + Revised>(
    subject: T,
    notice: &Notice,
    effect: Effect<'_>,
    tx: &mut Tx,
) -> Result<(), Failure> {
    let from = subject.revision();
    let change = match effect {
        Effect::Sent(first) => subject.noticed(notice, first),
        Effect::Failed => subject.notice_failed(notice, tx.now),
    };
    if let Some(change) = change {
        tx.save_related(change, Some(from))?;
    }
    Ok(())
}

/// Begins the stand-still after an approval, or lets it wait again.
fn update_stand_still(decision: &Decision, effect: Effect<'_>, tx: &mut Tx) -> Result<(), Failure> {
    let DecisionOutcome::Approve { approval: id, .. } = decision.outcome else { return Ok(()) };
    let Some(approval) = tx.session.approval(id)? else { return Ok(()) };
    let (from, offering, version) = (approval.revision, approval.offering, approval.version);
    let basis = tx.session.content(offering, version)?.legal_basis();
    let sent_on = match effect {
        Effect::Sent(first) => Some(first.sent_on),
        Effect::Failed => None,
    };
    if let Some(change) = approval.decision_noticed(sent_on, basis) {
        tx.save_related(change, Some(from))?;
    }
    Ok(())
}

/// Outcome of an attempt to send a notice.
#[derive(Debug)]
pub enum Attempt {
    /// A mail server has accepted it for these addresses.
    Sent(Vec<Acceptance>),
    /// It may be accepted later.
    Postponed(Line),
    /// No address takes it.
    Failed(Line),
    /// It is not sent automatically.
    Held(Line),
}

/// Records an attempt to send a notice, on behalf of the registry.
///
/// # Errors
/// `not-found`, `illegal-transition` where a case worker was faster, or a failing database.
pub fn record_attempt(id: NoticeId, attempt: Attempt, tx: &mut Tx) -> Outcome<()> {
    let found = tx.session.notice(id)?;
    let notice = found.ok_or_else(|| DomainError::not_found(Noun::Notice))?;
    let from = notice.revision;
    tx.set_revision(Some(from));
    let now = tx.now;
    let outcome = match attempt {
        Attempt::Sent(accepted) => {
            let (change, first) = notice.sent(accepted, now)?;
            save_with_effect(change, Effect::Sent(&first), tx)?
        }
        Attempt::Failed(why) => tx.save(notice.failed(why, now)?)?,
        Attempt::Postponed(why) => match notice.postponed(why, now) {
            Ok(notice) => return save_silently(&notice, tx),
            Err(change) => tx.save(change)?,
        },
        Attempt::Held(why) => return save_silently(&notice.held(why), tx),
    };
    Ok(outcome.map(drop).with_related(tx.take_related()))
}

/// Saves what leaves no journal row: when it is tried next.
fn save_silently(notice: &Notice, tx: &mut Tx) -> Outcome<()> {
    tx.session.save_notice(notice, Some(notice.revision))?;
    Ok(CommandOutcome::Unchanged(()))
}
