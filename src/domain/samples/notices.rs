//! Messages after their notice.

use crate::domain::{
    decision::Decision,
    notice::Notifiable,
    rules::notification::{Channel, FirstNotice, NoticeChannel},
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
