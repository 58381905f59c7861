//! Messages after their notice.

use super::{case_worker, day, grounded, line, now, prose, provider_user};
use crate::domain::{
    application::{
        Application,
        disclosure::{ApplicantComment, Disclosure},
    },
    decision::Decision,
    notice::Notifiable,
    rules::{
        ground::RefusalGround,
        notification::{Channel, FirstNotice, NoticeChannel, Notification},
    },
    values::time::day_of,
};

/// The same decision, sent by post.
pub(in crate::domain) fn on_paper(decision: Decision) -> Decision {
    Decision { channel: Channel::Paper, ..decision }
}

/// The same, with notice of each electronic message sent on the day on which it was made available.
pub(in crate::domain) fn noticed<T: Notifiable>(mut it: T) -> T {
    for message in it.messages_mut() {
        let recorded_at = message.notification.issued_at();
        let first = FirstNotice {
            sent_on: day_of(recorded_at),
            recorded_at,
            channel: NoticeChannel::Email,
            failed_at: None,
        };
        if let Some((noticed, _)) = message.notification.clone().noticed(first) {
            *message.notification = noticed;
        }
    }
    it
}

/// The same case, with information on every ground that needs it put to the applicant, who has commented.
pub(in crate::domain) fn heard(mut it: Application) -> Application {
    let grounds = RefusalGround::ALL.into_iter().filter(|ground| ground.rests_on_others());
    let comment = ApplicantComment { text: prose("Nei"), at: now(), by: provider_user().actor };
    let disclosure = Disclosure {
        grounds: grounds.map(grounded).collect(),
        source: line("Helsetilsynet"),
        notification: Notification::new(Channel::Electronic, now()),
        sent_by: case_worker().actor,
        deadline: day("2026-03-26"),
        comment: Some(comment),
    };
    it.state.case_mut().unwrap().disclosures.push(disclosure);
    it
}
