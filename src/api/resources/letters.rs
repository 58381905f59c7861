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
        AppData,
        extract::caller::Caller,
        problem::{PrivateProblems, Problem},
    },
    commands::{self, Tx},
    domain::{
        access::AccessLogEntry,
        appeal::Appeal,
        application::Application,
        decision::history::DecisionHistory,
        error::{DomainError, Noun},
        event::Subject,
        notice::{KeptLetter, Notice, NoticeKind},
        prior_notice::PriorNotice,
        role::Party,
        values::ids::{ApplicationId, DecisionId, PriorNoticeId},
    },
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
    let letter = state.read_private(by.reader(), move |session, _| {
        let found = session.decision(id)?;
        let own = found.filter(|it| by.role.may_see(&it.municipality, &it.provider));
        let decision = own.ok_or_else(|| DomainError::not_found(Noun::Decision))?;
        let of = (Subject::Decision(id), NoticeKind::Decision);
        Ok((only_letter(session, &of, Noun::Decision)?, vec![AccessLogEntry::from(&decision)]))
    });
    Ok(to_response(letter.await?, form.0))
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
        let of = (Subject::PriorNotice(id), NoticeKind::PriorNotice);
        let letter = only_letter(tx.session, &of, Noun::PriorNotice)?;
        Ok((letter, vec![AccessLogEntry::from(&notice)]))
    });
    Ok(to_response(letter.await?, form.0))
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
    let letter = state.read_private(by.reader(), move |session, _| {
        let (application, _) = application::load(session, id, &by.role)?;
        let of = (Subject::Application(id), NoticeKind::Receipt);
        let letter = only_letter(session, &of, Noun::Receipt)?;
        Ok((letter, vec![AccessLogEntry::from(&application)]))
    });
    Ok(to_response(letter.await?, form.0))
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
    let letter = state.read_private(by.reader(), move |session, _| {
        let (application, _) = application::load(session, id, &party)?;
        let letters = session.letters(&Subject::Application(id), NoticeKind::CompletionRequest)?;
        let count = letters.len();
        let letter = nth.checked_sub(1).and_then(|place| letters.into_iter().nth(place));
        let letter = letter.ok_or_else(|| DomainError::not_found(Noun::RequestForCompletion))?;
        Ok(((letter, nth == count), vec![AccessLogEntry::from(&application)]))
    });
    let (letter, latest) = letter.await?;
    // An older letter does not describe the present request.
    if latest {
        record_read_receipt::<Application>(&state, &by, id.uuid()).await?;
    }
    Ok(to_response(letter, form.0))
}

/// The letter that a notice is about.
///
/// As it was made available: its bytes never change, whatever happens in the case afterwards. The `ETag` is its SHA-256
/// digest, which is also in the journal row of its event. A second notice has the letter of the first one. Reading it opens
/// the message.
#[utoipa::path(
    tag = "letters", operation_id = "noticeLetter", security(("token" = [])),
    params(
        ("id" = uuid::Uuid, Path, description = "Id of the notice"),
    ),
    responses(
        (status = 200, description = "The letter.", content((String = "text/html"), (String = "text/plain"))),
        PrivateProblems, FormProblems,
    ),
)]
#[get("/notices/{id}/letter")]
pub(crate) async fn notice_letter(
    by: Caller<Party>,
    id: Path<uuid::Uuid>,
    form: Accepted,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let (id, party) = (*id, by.role.clone());
    let letter = state.read_private(by.reader(), move |session, state| {
        let mut tx = Tx::new(session, state.environment(), state.context.now());
        let notice = commands::load::<Notice>(&mut tx, &id, &party)?;
        let letter = tx.session.letter_of(&notice)?;
        let letter = letter.ok_or_else(|| DomainError::not_found(Noun::Notice))?;
        let is_latest = tx.session.letters(&notice.subject, notice.kind)?.last() == Some(&letter);
        Ok(((letter, is_latest), vec![AccessLogEntry::from(&notice)]))
    });
    let (letter, is_latest) = letter.await?;
    match (letter.letter.kind, &letter.letter.subject) {
        (NoticeKind::CompletionRequest, Subject::Application(of)) if is_latest => {
            record_read_receipt::<Application>(&state, &by, of.uuid()).await?;
        }
        (_, Subject::Decision(of)) => {
            record_read_receipt::<DecisionHistory>(&state, &by, of.uuid()).await?;
        }
        (NoticeKind::PriorNotice, Subject::PriorNotice(of)) => {
            record_read_receipt::<PriorNotice>(&state, &by, of.uuid()).await?;
        }
        (NoticeKind::AppealStatement, Subject::Appeal(of)) => {
            record_read_receipt::<Appeal>(&state, &by, of.uuid()).await?;
        }
        _ => {}
    }
    Ok(to_response(letter, form.0))
}

/// The letter of a message that there is one of.
fn only_letter(
    session: &mut Session<'_>,
    (subject, kind): &(Subject, NoticeKind),
    noun: Noun,
) -> Result<KeptLetter, Failure> {
    let letter = session.letters(subject, *kind)?.into_iter().next();
    Ok(letter.ok_or_else(|| DomainError::not_found(noun))?)
}

/// The policy of the page: its own style, nothing from elsewhere, no scripts, in no frame.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Sends the letter. Its tag is the SHA-256 digest of its bytes; only its parties may store it, and no cache.
fn to_response(letter: KeptLetter, form: LetterFormat) -> HttpResponse {
    let KeptLetter { letter, html_digest, text_digest, .. } = letter;
    let (body, digest) = match form {
        LetterFormat::Html => (letter.html, html_digest),
        LetterFormat::Plain => (letter.text, text_digest),
    };
    HttpResponse::Ok()
        .content_type(form.content_type())
        .insert_header((header::CONTENT_LANGUAGE, letter.language.as_str()))
        .insert_header((header::ETAG, format!("\"{digest}\"")))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::VARY, "Accept"))
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((HeaderName::from_static("referrer-policy"), "no-referrer"))
        .body(body)
}
