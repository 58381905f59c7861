//! Checks of mail: whether it leaves, and whether notices wait.

use super::check::{CheckInput, CheckResult, fail, is_new, ok, warn};
use crate::{domain::notice::DeliveryStatus, mail::Mailer, store::StoreError};

/// Whether e-mail leaves this instance.
pub(super) fn mail(input: &CheckInput<'_>) -> Vec<CheckResult> {
    let mailer = match input.settings.mail.mailer() {
        Ok(Some(mailer)) => mailer,
        Ok(None) => {
            return warn(
                "no mail server is configured: nobody is notified automatically, and no period starts by itself",
                "Set GODKJENT_SMTP_URL and GODKJENT_MAIL_FROM, or notify by hand: each notice is a task of a case worker.",
            );
        }
        Err(error) => return fail(error.to_string(), "Correct the variable."),
    };
    // The check of a folder would create it.
    if matches!(mailer, Mailer::Folder(_)) {
        return warn(
            "e-mail goes into a folder, and nobody receives it",
            "Set GODKJENT_SMTP_URL instead of GODKJENT_MAIL_FOLDER, unless this is a trial.",
        );
    }
    match mailer.check() {
        Ok(()) => ok("the mail server answers"),
        Err(error) => fail(
            error.to_string(),
            "Check GODKJENT_SMTP_URL and GODKJENT_MAIL_FROM: notices wait until mail leaves.",
        ),
    }
}

/// Whether notices wait or have failed.
pub(super) fn notices(input: &CheckInput<'_>) -> Vec<CheckResult> {
    let Some(store) = input.store.as_ref().ok().filter(|store| !is_new(store)) else {
        return vec![];
    };
    let counted = store.read(|session| {
        let waiting = session.count_notices(DeliveryStatus::Waiting)?;
        Ok::<_, StoreError>((waiting, session.count_notices(DeliveryStatus::Failed)?))
    });
    match counted {
        Ok((0, 0)) => ok("each notice was sent"),
        Ok((waiting, 0)) => ok(format!("{waiting} notices wait to be sent")),
        Ok((waiting, failed)) => warn(
            format!("{failed} notices have failed, and {waiting} wait to be sent"),
            "Case workers find them in their work lists (send-notice), and in GET /v1/notices?state=failed.",
        ),
        // The findings on the database and its migrations say why.
        Err(_) => vec![],
    }
}
