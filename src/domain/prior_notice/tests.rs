use chrono::TimeDelta;

use super::*;
use crate::domain::{
    ground::Ground as _,
    refusal::Code,
    samples::{
        active, answered_notice, at, case_worker, content, contracted, day, granted, grounded, id,
        notice, now, other_provider_number, prose, provider_user, revoked, table,
    },
    snapshot::assert_snapshot,
};

type Command = fn(PriorNotice) -> Result<String, Refusal>;

/// Replying changes the notice; the proof of having been heard does not.
const COMMANDS: [(&str, Command); 2] = [
    ("reply", |it| {
        let after = it.answer(prose("Vi er uenige"), &provider_user(), now())?.value;
        Ok(format!("→ {}", after.state()))
    }),
    ("prove heard", |it| Ok(format!("heard on {}", it.heard(now())?.notice().approval == it.approval))),
];

fn sent(grounds: &[RevocationGround], reply_by: NaiveDate) -> Result<Change<PriorNotice>, Refusal> {
    let grounds = grounds.iter().copied().map(grounded).collect();
    PriorNotice::send(id(7), &active(), grounds, reply_by, &content(), &case_worker(), now())
}
