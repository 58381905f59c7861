//! Letters to the parties, as a page or as plain text.

mod accept;

use actix_web::{
    HttpResponse, get,
    http::header::{self, HeaderName},
    web::Path,
};
use utoipa::IntoResponses;

use self::accept::{Accepted, LetterFormat};
use super::{application, read_receipt::record_read_receipt};
use crate::{
    api::{
        AppData, AppState,
        extract::caller::Caller,
        problem::{PrivateProblems, Problem},
    },
    commands::{self, Tx, decision::municipality},
    domain::{
        access::AccessLogEntry,
        application::{Application, Case},
        decision::history::DecisionHistory,
        error::{DomainError, Noun},
        municipality::Municipality,
        prior_notice::PriorNotice,
        role::Party,
        rules::regime::Regime,
        values::{
            ids::{ApplicationId, DecisionId, PriorNoticeId},
            time::{Instant, day_of},
        },
    },
    letters::{self, Letter, Parties, RunningPeriod, html, plain},
    register::body::{Body, Coding},
    store::{Failure, Session},
};

/// How a letter can fail beside the usual.
#[derive(Debug, IntoResponses)]
#[allow(dead_code, reason = "describes answers in the document only")]
enum FormProblems {
    /// The letter has neither of the requested media types.
    #[response(status = 406, content_type = "application/problem+json")]
    NotAcceptable(Problem),
}

/// The letter of a decision.
///
/// Outcome, rules, facts and considerations, and the right to appeal with its deadline. In the municipality's
/// written form of Norwegian; section numbers are those of the Act that governs the case. Reading it opens the
/// decision.
#[utoipa::path(
    tag = "letters", operation_id = "decisionLetter", security(("token" = [])),
    params(
        ("id" = uuid::Uuid, Path, description = "Id of the decision"),
    ),
    responses(
        (status = 200, description = "The letter.", content((String = "text/html"), (String = "text/plain"))),
        PrivateProblems, FormProblems,
    ),
)]
#[get("/decisions/{id}/letter")]
pub(crate) async fn decision_letter(
    by: Caller<Party>,
    id: Path<uuid::Uuid>,
    form: Accepted,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let id = DecisionId::new(*id);
    record_read_receipt::<DecisionHistory>(&state, &by, id.uuid()).await?;
    let letter = state.read_private(by.reader(), move |session, state| {
        let found = session.decision_with_history(id)?;
        let own = found.filter(|(d, _)| by.role.may_see(&d.municipality, &d.provider));
        let (decision, history) = own.ok_or_else(|| DomainError::not_found(Noun::Decision))?;
        let (application, (_, content)) =
            application::load(session, decision.application, &by.role)?;
        let approval = match decision.outcome.approval() {
            Some(id) => session.approval(id)?,
            None => None,
        };
        let revocation =
            approval.as_ref().and_then(|approval| approval.lifecycle.revocation.as_ref());
        let revocation = revocation.filter(|revocation| revocation.decision == decision.id);
        let letter_context = LetterContext::of(session, &application)?;
        let parties = letter_context.parties(state, &application);
        let letter = letters::decision::letter(
            &parties,
            &decision,
            content.terms(),
            revocation,
            running_period(&history),
        );
        Ok((letter, vec![AccessLogEntry::from(&decision)]))
    });
    Ok(to_response(&letter.await?, form.0))
}

/// The letter of a prior notice.
///
/// Subject of the case, grounds, deadline to reply, and possible consequences. Reading it opens the notice.
#[utoipa::path(
    tag = "letters", operation_id = "priorNoticeLetter", security(("token" = [])),
    params(
        ("id" = uuid::Uuid, Path, description = "Id of the prior notice"),
    ),
    responses(
        (status = 200, description = "The letter.", content((String = "text/html"), (String = "text/plain"))),
        PrivateProblems, FormProblems,
    ),
)]
#[get("/prior-notices/{id}/letter")]
pub(crate) async fn prior_notice_letter(
    by: Caller<Party>,
    id: Path<uuid::Uuid>,
    form: Accepted,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let id = PriorNoticeId::new(*id);
    record_read_receipt::<PriorNotice>(&state, &by, id.uuid()).await?;
    let letter = state.read_private(by.reader(), move |session, state| {
        let mut tx = Tx::new(session, state.environment(), state.context.now());
        let notice = commands::load::<PriorNotice>(&mut tx, &id.uuid(), &by.role)?;
        let approval = session.approval(notice.approval)?;
        let approval = approval.ok_or_else(|| DomainError::not_found(Noun::Approval))?;
        let (application, _) = application::load(session, approval.application, &by.role)?;
        let case = case(&application)?;
        let letter_context = LetterContext::of(session, &application)?;
        let parties = letter_context.parties(state, &application);
        let regime = regime(state, notice.sent_at);
        let reference = case.receipt.reference.as_str();
        let letter = letters::prior_notice::letter(&parties, &notice, reference, regime);
        Ok((letter, vec![AccessLogEntry::from(&notice)]))
    });
    Ok(to_response(&letter.await?, form.0))
}

/// The letter that confirms receipt.
///
/// Reference, time, the version that the application is measured by, and when to expect an answer.
#[utoipa::path(
    tag = "letters", operation_id = "receiptLetter", security(("token" = [])),
    params(
        ("id" = uuid::Uuid, Path, description = "Id of the application"),
    ),
    responses(
        (status = 200, description = "The letter.", content((String = "text/html"), (String = "text/plain"))),
        PrivateProblems, FormProblems,
    ),
)]
#[get("/applications/{id}/receipt/letter")]
pub(crate) async fn receipt_letter(
    by: Caller<Party>,
    id: Path<uuid::Uuid>,
    form: Accepted,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let id = ApplicationId::new(*id);
    let letter = state.read_private(by.reader(), move |session, state| {
        let (application, (_, content)) = application::load(session, id, &by.role)?;
        let receipt = &case(&application)?.receipt;
        let letter_context = LetterContext::of(session, &application)?;
        let parties = letter_context.parties(state, &application);
        let regime = regime(state, receipt.received_at);
        let expected = content.process().expected_time;
        let letter = letters::receipt::letter(&parties, receipt, expected, regime);
        Ok((letter, vec![AccessLogEntry::from(&application)]))
    });
    Ok(to_response(&letter.await?, form.0))
}

/// The letter of a request for completion.
///
/// Missing content, the deadline, and the consequence of a missing answer. Reading it opens the request.
#[utoipa::path(
    tag = "letters", operation_id = "completionLetter", security(("token" = [])),
    params(
        ("id" = uuid::Uuid, Path, description = "Id of the application"),
        ("n" = u16, Path, maximum = 65535, description = "Which request, from 1 in the order in which they were sent"),
    ),
    responses(
        (status = 200, description = "The letter.", content((String = "text/html"), (String = "text/plain"))),
        PrivateProblems, FormProblems,
    ),
)]
#[get("/applications/{id}/completion-requests/{n}/letter")]
pub(crate) async fn completion_letter(
    by: Caller<Party>,
    path: Path<(uuid::Uuid, u16)>,
    form: Accepted,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let (id, nth) = (ApplicationId::new(path.0), usize::from(path.1));
    let party = by.role.clone();
    let letter = state.read_private(by.reader(), move |session, state| {
        let (application, (_, content)) = application::load(session, id, &party)?;
        let Case { receipt, completions, .. } = case(&application)?;
        let request = nth.checked_sub(1).and_then(|place| completions.get(place));
        let request = request.ok_or_else(|| DomainError::not_found(Noun::RequestForCompletion))?;
        let letter_context = LetterContext::of(session, &application)?;
        let parties = letter_context.parties(state, &application);
        let regime = regime(state, receipt.received_at);
        let reference = receipt.reference.as_str();
        let letter = letters::completion::letter(&parties, request, &content, reference, regime);
        Ok(((letter, nth == completions.len()), vec![AccessLogEntry::from(&application)]))
    });
    let (letter, latest) = letter.await?;
    // An older letter does not describe the present request.
    if latest {
        record_read_receipt::<Application>(&state, &by, id.uuid()).await?;
    }
    Ok(to_response(&letter, form.0))
}

/// Database content of a letter about an application.
struct LetterContext {
    municipality: Municipality,
    name: String,
}

impl LetterContext {
    fn of(session: &mut Session<'_>, application: &Application) -> Result<Self, Failure> {
        let municipality = municipality(session, &application.municipality)?;
        let provider = session.provider(&application.provider)?;
        let number = || application.provider.to_string();
        let name = provider.map_or_else(number, |provider| provider.profile.name.to_string());
        Ok(Self { municipality, name })
    }

    fn parties<'a>(&'a self, state: &'a AppState, application: &'a Application) -> Parties<'a> {
        Parties {
            catalogue: &state.catalogue,
            municipality: &self.municipality,
            provider: &application.provider,
            name: &self.name,
            service: &application.service,
        }
    }
}

/// The time to appeal, once it has begun.
fn running_period(history: &DecisionHistory) -> Option<RunningPeriod> {
    let from = history.course.notification.starts_on()?;
    let last_day = history.appeal_period().last_day()?;
    Some(RunningPeriod { from, last_day })
}

/// The case, from the receipt on.
fn case(application: &Application) -> Result<&Case, DomainError> {
    application.state.case().ok_or_else(|| DomainError::not_found(Noun::Receipt))
}

/// The Act that governs a case which began at an instant.
fn regime(state: &AppState, began: Instant) -> Regime {
    Regime::on(day_of(began), state.context.commencement())
}

/// The policy of the page: its own style, nothing from elsewhere, no scripts, in no frame.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Sends the letter. Its tag is a digest of its bytes; only its parties may store it, and no cache.
fn to_response(letter: &Letter, form: LetterFormat) -> HttpResponse {
    let body = match form {
        LetterFormat::Html => html::page(letter),
        LetterFormat::Plain => plain::page(letter),
    };
    HttpResponse::Ok()
        .content_type(form.content_type())
        .insert_header((header::CONTENT_LANGUAGE, letter.language.as_str()))
        .insert_header((header::ETAG, &**Body::once(body.clone(), None).etag(Coding::Identity)))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::VARY, "Accept"))
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((HeaderName::from_static("referrer-policy"), "no-referrer"))
        .body(body)
}
