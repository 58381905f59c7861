//! The outbox is sent: notices are claimed, sent by e-mail, and their outcome is recorded.
//!
//! A notice is claimed before it is sent and recorded afterwards. An instance that stops in between leaves a claim
//! that runs out: the notice is sent again, with the same id, rather than lost.

use std::panic::{AssertUnwindSafe, catch_unwind};

use uuid::Uuid;

use super::JobContext;
use crate::{
    commands::{
        notice::{Attempt, record_attempt},
        provider,
    },
    domain::{
        error::{DomainError, ErrorCode},
        municipality::{LanguageForm, MunicipalitySettings},
        notice::{Acceptance, Notice, NoticeKind},
        provider::{NoticeAddress, Provider},
        rules::notification::NoticeChannel,
        values::{
            ids::AddressToken,
            numbers::OrganisationNumber,
            text::{Email, Line},
            time::Instant,
        },
    },
    mail::{
        Mail, Mailer, SendError,
        text::{LetterNotice, MailText, compose, compose_confirmation},
    },
    store::{Failure, StoreError},
    words::Locale,
};

/// How many notices are claimed at a time.
const BATCH: i64 = 20;
/// Who sends what no municipality sends.
const REGISTRY: &str = "Godkjent";

/// How notices leave this instance.
#[derive(Debug, Clone, Default)]
pub struct NoticeSender {
    /// None where nothing is sent automatically.
    pub mailer: Option<Mailer>,
    /// The address of the registry, without a slash at its end: links begin with it.
    pub public_url: String,
}

/// Sends the notices that are due; gives how many were tried.
///
/// # Errors
/// A failing database. What was claimed is sent once its claim has run out.
pub fn send_notices(jobs: &JobContext, sender: &NoticeSender) -> Result<usize, StoreError> {
    let mut tried = 0;
    loop {
        let claimed = jobs.store.claim_notices(jobs.context.now(), BATCH)?;
        if claimed.is_empty() {
            return Ok(tried);
        }
        for notice in &claimed {
            tried += 1;
            // A panic leaves the claim, and the others continue.
            let attempt = AssertUnwindSafe(|| attempt(jobs, sender, notice));
            if let Ok(attempt) = catch_unwind(attempt) {
                record(jobs, notice, attempt?)?;
            } else {
                tracing::error!(notice = %notice.id, "sending a notice panicked");
            }
        }
    }
}

/// Confirms the address for notices whose link was opened.
///
/// # Errors
/// `not-found` for an unknown or replaced link, or a failing database.
pub fn confirm_address(
    jobs: &JobContext,
    number: &OrganisationNumber,
    token: AddressToken,
) -> Result<Provider, Failure> {
    jobs.write(jobs.context.now(), |tx| provider::confirm_address(number, token, tx))
}

fn record(jobs: &JobContext, notice: &Notice, attempt: Attempt) -> Result<(), StoreError> {
    let recorded: Result<(), Failure> =
        jobs.write(jobs.context.now(), |tx| record_attempt(notice.id, attempt, tx));
    match recorded {
        // Recorded, or a case worker was faster.
        Ok(()) | Err(Failure::Refused(DomainError { code: ErrorCode::IllegalTransition, .. })) => {
            Ok(())
        }
        Err(Failure::Store(error)) if error.is_outage() => Err(error),
        // The claim stays, so that the same mail leaves again after minutes and not at once.
        Err(error) => {
            tracing::warn!(notice = %notice.id, %error, "the outcome of a notice was not recorded");
            Ok(())
        }
    }
}

/// Sends one notice to each address that the provider has confirmed.
fn attempt(
    jobs: &JobContext,
    sender: &NoticeSender,
    notice: &Notice,
) -> Result<Attempt, StoreError> {
    if notice.appellant.is_some() {
        return Ok(Attempt::Held(reason(
            "the appellant is no user of the registry: send the letter",
        )));
    }
    let settings = match &notice.municipality {
        Some(number) => jobs.store.read(|session| session.municipality(number))?,
        None => None,
    };
    let settings = settings.map(|it| it.settings);
    if settings.as_ref().is_some_and(|it| it.notice_channel == NoticeChannel::ByHand) {
        return Ok(Attempt::Held(reason("the municipality sends its notices by hand")));
    }
    let Some(mailer) = &sender.mailer else {
        return Ok(Attempt::Held(reason("no mail server is configured")));
    };
    let addresses = jobs.store.read(|session| {
        let provider = session.provider(&notice.provider)?;
        Ok::<_, StoreError>(provider.map(|it| it.recipients(notice)).unwrap_or_default())
    })?;
    if addresses.is_empty() && notice.kind == NoticeKind::ConfirmAddress {
        return Ok(Attempt::Failed(reason("the address was confirmed or replaced")));
    }
    if addresses.is_empty() {
        return Ok(Attempt::Held(reason("the provider has confirmed no address for notices")));
    }
    let letterhead = Letterhead::of(jobs, notice, settings.as_ref());
    let (mut accepted, mut postponed, mut refused) = (vec![], None, None);
    for (place, recipient) in (0..).zip(&addresses) {
        let now = jobs.context.now();
        match mailer.send(&letterhead.mail(sender, notice, place, recipient, now)) {
            Ok(by) => accepted.push(acceptance(&recipient.address, &by.reference, now)),
            Err(SendError::Temporary(why)) => postponed = Some(why),
            Err(SendError::Permanent(why)) => refused = Some(why),
        }
    }
    Ok(match (accepted.is_empty(), postponed, refused) {
        (false, ..) => Attempt::Sent(accepted),
        (true, Some(why), _) => Attempt::Postponed(reason(&why)),
        (true, None, why) => Attempt::Failed(reason(&why.unwrap_or_default())),
    })
}

/// Who sends a notice, and in which written form of Norwegian.
struct Letterhead {
    name: String,
    language: Locale,
}

impl Letterhead {
    fn of(jobs: &JobContext, notice: &Notice, settings: Option<&MunicipalitySettings>) -> Self {
        let number = notice.municipality.as_ref();
        let language = match settings.map(MunicipalitySettings::letter_language) {
            Some(LanguageForm::Nynorsk) => Locale::Nn,
            _ => Locale::Nb,
        };
        let entry = number.and_then(|number| jobs.catalogue.municipality(number.as_str()));
        let name = entry
            .map_or_else(|| notice.provider.to_string(), |(_, it)| format!("{} kommune", it.name));
        Self { name, language }
    }

    /// The mail to one recipient. Its id is the same at each attempt.
    fn mail(
        &self,
        sender: &NoticeSender,
        notice: &Notice,
        place: u128,
        recipient: &NoticeAddress,
        now: Instant,
    ) -> Mail {
        let path = match notice.kind {
            NoticeKind::ConfirmAddress => {
                format!("notice-addresses/{}/{}", notice.provider, recipient.token)
            }
            kind => match kind.letter() {
                Some(letter) => {
                    let (of, key) = (notice.subject.collection(), notice.subject.key());
                    format!("v1/{of}/{key}/{letter}")
                }
                None => format!("v1/notices/{}/letter", notice.id),
            },
        };
        let link = format!("{}/{path}", sender.public_url);
        let letter = LetterNotice {
            kind: notice.kind.as_str(),
            is_reminder: notice.is_second,
            sender: &self.name,
            link: &link,
        };
        let confirmation =
            || compose_confirmation(&notice.provider, REGISTRY, &link, self.language);
        let MailText { subject, text } =
            compose(&letter, self.language).unwrap_or_else(confirmation);
        let id = Uuid::from_u128(notice.id.uuid().as_u128().wrapping_add(place));
        let to = recipient.address.clone();
        Mail { id, to, subject, text, language: self.language, at: now }
    }
}

fn acceptance(address: &Email, reference: &str, at: Instant) -> Acceptance {
    Acceptance { address: address.clone(), at, reference: reason(reference) }
}

/// A line of text out of what a mail server answered.
fn reason(text: &str) -> Line {
    Line::from_foreign(text)
}
