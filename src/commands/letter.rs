//! Letters, written in the transaction of the command that makes their message available, and kept as they are then.

use crate::{
    domain::{
        appeal::{Appeal, AppealState, Appellant},
        application::{Application, Case},
        decision::Decision,
        error::{DomainError, Noun},
        event::{Event, Subject},
        municipality::Municipality,
        notice::{NoticeKind, WrittenLetter},
        prior_notice::PriorNotice,
        rules::regime::Regime,
        values::{
            ids::{AppealId, ApplicationId, DecisionId, PriorNoticeId},
            text::Line,
            time::{Instant, day_of},
        },
    },
    letters::{
        self, Letter, Parties,
        decision::Matter,
        {html, plain},
    },
    store::{CommandOutcome, Failure, corrupt},
};

use super::{Tx, application::measure};

/// Writes the letters of the messages that a command made available. The state is the one after the command.
///
/// # Errors
/// A failing database.
pub(super) fn write_letters<T>(outcome: &CommandOutcome<T>, tx: &mut Tx) -> Result<(), Failure> {
    let CommandOutcome::Changed(done) = outcome else { return Ok(()) };
    for event in done.related.iter().map(|it| &it.event).chain([&done.event]) {
        let Some(kind) = NoticeKind::of_message(event).filter(|kind| kind.has_letter()) else {
            continue;
        };
        if let Some(letter) = write(kind, event, tx)? {
            tx.session.keep_letter(WrittenLetter {
                kind,
                subject: event.subject.clone(),
                appellant: event.informed_appellant(),
                language: letter.language,
                html: html::page(&letter),
                text: plain::page(&letter),
            });
        }
    }
    Ok(())
}

fn write(kind: NoticeKind, event: &Event, tx: &mut Tx) -> Result<Option<Letter>, Failure> {
    match event.subject {
        Subject::Application(id) => of_application(kind, id, event, tx),
        Subject::Decision(id) => of_decision(kind, id, tx),
        Subject::Appeal(id) => of_appeal(kind, id, event.informed_appellant().is_some(), tx),
        Subject::PriorNotice(id) => of_prior_notice(kind, id, tx).map(Some),
        _ => Ok(None),
    }
}

/// Who a letter is from and to, and what it is about.
struct Letterhead {
    application: Application,
    municipality: Municipality,
    name: String,
    /// Another appellant that it goes to instead of the provider.
    appellant: Option<Appellant>,
}

impl Letterhead {
    fn of(id: ApplicationId, tx: &mut Tx) -> Result<Self, Failure> {
        let found = tx.session.application(id)?;
        let application = found.ok_or_else(|| corrupt("application", id))?;
        let municipality = super::decision::municipality(tx.session, &application.municipality)?;
        let provider = tx.session.provider_as_committed(&application.provider)?;
        let number = || application.provider.to_string();
        let name = provider.map_or_else(number, |provider| provider.profile.name.to_string());
        Ok(Self { application, municipality, name, appellant: None })
    }

    fn parties<'a>(&'a self, tx: &Tx<'a, '_>) -> Parties<'a> {
        Parties {
            catalogue: tx.catalogue(),
            municipality: &self.municipality,
            provider: &self.application.provider,
            name: &self.name,
            appellant: self.appellant.as_ref(),
            service: &self.application.service,
            address: tx.environment.context.public_url(),
        }
    }

    fn case(&self) -> Result<&Case, Failure> {
        let case = self.application.state.case();
        Ok(case.ok_or_else(|| DomainError::not_found(Noun::Receipt))?)
    }
}

/// The Act that governs a case which began at an instant.
fn regime(tx: &Tx, began: Instant) -> Regime {
    Regime::on(day_of(began), tx.environment.context.commencement())
}

fn of_application(
    kind: NoticeKind,
    id: ApplicationId,
    event: &Event,
    tx: &mut Tx,
) -> Result<Option<Letter>, Failure> {
    let head = Letterhead::of(id, tx)?;
    let (_, content) = measure(tx.session, &head.application)?;
    let case = head.case()?;
    let receipt = &case.receipt;
    let (regime, reference) = (regime(tx, receipt.received_at), receipt.reference.as_str());
    let parties = head.parties(tx);
    Ok(match kind {
        NoticeKind::Receipt => {
            let expected = content.process().expected_time;
            Some(letters::receipt::letter(&parties, receipt, expected, regime))
        }
        NoticeKind::PreliminaryAnswer => case
            .preliminary_answers
            .last()
            .map(|answer| letters::preliminary::letter(&parties, answer, reference, regime)),
        NoticeKind::CompletionRequest => case.completions.last().map(|request| {
            letters::completion::letter(&parties, request, &content, (id, reference), regime)
        }),
        NoticeKind::Disclosure => case.disclosures.last().map(|disclosure| {
            letters::disclosure::letter(&parties, disclosure, (id, reference), regime)
        }),
        NoticeKind::EvidenceExpires => {
            let expiring = head.application.dossier.expiring(|piece| event.names_evidence(piece));
            let about = (reference, day_of(tx.now));
            Some(letters::evidence::letter(&parties, id, &expiring, about, regime))
        }
        _ => None,
    })
}

fn of_decision(kind: NoticeKind, id: DecisionId, tx: &mut Tx) -> Result<Option<Letter>, Failure> {
    if kind == NoticeKind::Decision {
        return signed(id, None, tx).map(Some);
    }
    let found = tx.session.decision_with_history(id)?;
    let (decision, history) = found.ok_or_else(|| corrupt("decision", id))?;
    let head = Letterhead::of(decision.application, tx)?;
    let parties = head.parties(tx);
    let course = &history.course;
    Ok(match kind {
        NoticeKind::Reasons => {
            let demand = course.reasons_demand.as_ref();
            demand.and_then(|demand| {
                let given = demand.given.as_ref()?;
                Some(letters::decision::reasons::letter(&parties, &decision, demand, given))
            })
        }
        NoticeKind::Correction => course.corrections.last().map(|correction| {
            let whole = history.text(correction.place, &decision).unwrap_or_default();
            letters::decision::correction::letter(&parties, &decision, correction, &whole)
        }),
        NoticeKind::Extension => course
            .extensions
            .last()
            .map(|extension| letters::decision::extension::letter(&parties, &decision, extension)),
        _ => None,
    })
}

/// The letter of a decision that was signed just now, to the provider or to another appellant.
fn signed(id: DecisionId, appellant: Option<Appellant>, tx: &mut Tx) -> Result<Letter, Failure> {
    let decision = found_decision(id, tx)?;
    let head = Letterhead { appellant, ..Letterhead::of(decision.application, tx)? };
    let earlier = decision.outcome.earlier().map(|id| found_decision(id, tx)).transpose()?;
    let first = earlier.as_ref().and_then(|it| it.outcome.approval());
    let approval = match decision.outcome.approval().or(first) {
        Some(id) => tx.session.approval(id)?,
        None => None,
    };
    let application = &head.application;
    let (version, zones) = match &approval {
        Some(approval) => (approval.version, &approval.zones),
        None => (head.case()?.version(), &application.dossier.zones),
    };
    let content = tx.session.content(application.offering, version)?;
    let lifecycle = approval.as_ref().map(|it| &it.lifecycle);
    let revocation = lifecycle.and_then(|it| it.revocation.as_ref()).filter(|it| it.decision == id);
    let gaps = lifecycle.and_then(|it| it.contract_period()).into_iter().flat_map(|it| &it.gaps);
    let restored_at = gaps.filter(|gap| gap.by == id).map(|gap| gap.to).next();
    let broken = match (&approval, revocation) {
        (Some(approval), Some(_)) => {
            let notices = tx.session.prior_notices_of(approval.id)?;
            let open = notices.iter().rfind(|it| it.closure.is_none());
            open.map(|notice| broken_points(notice, tx)).transpose()?.unwrap_or_default()
        }
        _ => vec![],
    };
    let matter = Matter {
        decision: &decision,
        content: &content,
        version,
        zones,
        assessments: &head.case()?.lines,
        earlier: earlier.as_ref(),
        revocation,
        restored_at,
        broken: &broken,
    };
    Ok(letters::decision::letter(&head.parties(tx), &matter))
}

fn found_decision(id: DecisionId, tx: &mut Tx) -> Result<Decision, Failure> {
    Ok(tx.session.decision(id)?.ok_or_else(|| corrupt("decision", id))?)
}

/// The points that the deviations of the follow-up behind a prior notice break.
fn broken_points(notice: &PriorNotice, tx: &mut Tx) -> Result<Vec<Line>, Failure> {
    let follow_up = match notice.founded_on {
        Some(id) => tx.session.follow_up(id)?,
        None => None,
    };
    Ok(follow_up.map(|it| it.broken_points()).unwrap_or_default())
}

fn of_appeal(
    kind: NoticeKind,
    id: AppealId,
    to_another: bool,
    tx: &mut Tx,
) -> Result<Option<Letter>, Failure> {
    let found = tx.session.appeal(id)?;
    let appeal: Appeal = found.ok_or_else(|| corrupt("appeal", id))?;
    let appellant = to_another.then(|| appeal.appellant.clone());
    if let (NoticeKind::Decision, Some(outcome)) = (kind, appeal.outcome()) {
        return signed(outcome, appellant, tx).map(Some);
    }
    let decision = found_decision(appeal.decision, tx)?;
    let head = Letterhead { appellant, ..Letterhead::of(appeal.application, tx)? };
    let parties = head.parties(tx);
    Ok(match kind {
        NoticeKind::AppealHearing => appeal
            .hearing
            .as_ref()
            .map(|hearing| letters::appeal::hearing::letter(&parties, &appeal, hearing, &decision)),
        NoticeKind::AppealReceived => {
            Some(letters::appeal::received::letter(&parties, &appeal, &decision))
        }
        NoticeKind::AppealDefects => appeal
            .defect_request
            .as_ref()
            .map(|request| letters::appeal::defects::letter(&parties, &appeal, request, &decision)),
        NoticeKind::AppealStatement => match &appeal.state {
            AppealState::Forwarded(.., forwarding) => {
                Some(letters::appeal::statement::letter(&parties, forwarding, &decision))
            }
            _ => None,
        },
        _ => None,
    })
}

fn of_prior_notice(kind: NoticeKind, id: PriorNoticeId, tx: &mut Tx) -> Result<Letter, Failure> {
    let found = tx.session.prior_notice(id)?;
    let notice = found.ok_or_else(|| corrupt("prior_notice", id))?;
    let approval = tx.session.approval(notice.approval)?;
    let approval = approval.ok_or_else(|| corrupt("prior_notice", id))?;
    let head = Letterhead::of(approval.application, tx)?;
    let broken = broken_points(&notice, tx)?;
    let reference = head.case()?.receipt.reference.as_str();
    let (parties, regime) = (head.parties(tx), regime(tx, notice.sent_at));
    Ok(match (&notice.closure, kind) {
        (Some(closure), NoticeKind::NoticeClosed) => {
            letters::closed_notice::letter(&parties, &notice, closure, reference, regime)
        }
        _ => letters::prior_notice::letter(&parties, &notice, &broken, reference, regime),
    })
}
