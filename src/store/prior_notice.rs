//! Forhåndsvarsler i lageret.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::{
    Failure, Session, StoreError,
    connection::{repository, save_row},
    corrupt, expect_one_row,
    json_column::optional_json,
    locks::InCase,
    parse_json,
    party_list::{PartyList, party_list},
    schema::{case_summary, prior_notice},
    sql::{Id16, Json, Ts},
    to_json,
};
use crate::domain::{
    agenda::Item,
    case_summary::{CaseKind, CaseSummary},
    event::Subject,
    prior_notice::PriorNotice,
    role::Party,
    values::{
        ids::{ApprovalId, FollowUpId, PriorNoticeId, Revision},
        numbers::{MunicipalityNumber, OrganisationNumber},
    },
};

#[derive(Debug, Queryable, Selectable, Insertable, Identifiable, AsChangeset)]
#[diesel(table_name = prior_notice, treat_none_as_null = true)]
pub(crate) struct PriorNoticeRow {
    id: Id16,
    approval: Id16,
    municipality: String,
    provider: String,
    grounds: Json,
    sent_at: Ts,
    sent_by: Json,
    reply_by: NaiveDate,
    replies: Json,
    notification: Json,
    closure: Option<Json>,
    state: String,
    follow_up: Option<Id16>,
    revision: i64,
}

/// Which of a party's prior notices are listed.
#[derive(Debug, Clone, Copy, Default)]
pub struct PriorNoticeFilter {
    /// Only those of which something can still come, or only the others.
    pub is_open: Option<bool>,
    /// Only those about this approval.
    pub approval: Option<ApprovalId>,
    /// Only those whose last day to reply is this day or an earlier one.
    pub reply_by: Option<NaiveDate>,
}

repository! {
    /// Prior notices.
    impl DbConnection {
        fn prior_notice_row(c, id: Id16) -> QueryResult<Option<PriorNoticeRow>> {
            prior_notice::table
                .find(id)
                .select(PriorNoticeRow::as_select())
                .first(c)
                .optional()
        }
        fn prior_notices_of(c, approval: Id16) -> QueryResult<Vec<PriorNoticeRow>> {
            prior_notice::table
                .filter(prior_notice::approval.eq(approval))
                .order(prior_notice::id)
                .select(PriorNoticeRow::as_select())
                .load(c)
        }
        /// The notices that a party may see, of those asked for.
        fn prior_notice_rows(c, list: &PartyList<'_>, filter: &PriorNoticeFilter) -> QueryResult<Vec<PriorNoticeRow>> {
            let mut query = party_list!(list, prior_notice, PriorNoticeRow);
            if let Some(approval) = filter.approval {
                query = query.filter(prior_notice::approval.eq(Id16(approval.uuid())));
            }
            if let Some(day) = filter.reply_by {
                query = query.filter(prior_notice::reply_by.le(day));
            }
            let open = case_summary::table
                .filter(case_summary::is_open)
                .filter(case_summary::kind.eq(CaseKind::PriorNotice.as_str()))
                .select(case_summary::id);
            query = match filter.is_open {
                Some(true) => query.filter(prior_notice::id.eq_any(open)),
                Some(false) => query.filter(prior_notice::id.ne_all(open)),
                None => query,
            };
            query.load(c)
        }
        fn save_prior_notice_row(c, row: &PriorNoticeRow, from: Option<Revision>) -> QueryResult<usize> {
            save_row!(c, prior_notice, row, from)
        }
    }
}

impl Session<'_> {
    /// The prior notice of that id.
    pub fn prior_notice(&mut self, id: PriorNoticeId) -> Result<Option<PriorNotice>, StoreError> {
        let id = Id16(id.uuid());
        self.lock_case(InCase::PriorNotice(id))?;
        self.rows.prior_notice_row(id)?.map(|row| read_notice(&row)).transpose()
    }

    /// The prior notices about an approval, oldest first.
    pub fn prior_notices_of(
        &mut self,
        approval: ApprovalId,
    ) -> Result<Vec<PriorNotice>, StoreError> {
        let approval = Id16(approval.uuid());
        self.lock_case(InCase::Approval(approval))?;
        self.rows.prior_notices_of(approval)?.iter().map(read_notice).collect()
    }

    /// The prior notices that a party may see, oldest first.
    pub fn prior_notices(
        &mut self,
        list: &PartyList<'_>,
        filter: &PriorNoticeFilter,
    ) -> Result<Vec<PriorNotice>, StoreError> {
        self.rows.prior_notice_rows(list, filter)?.iter().map(read_notice).collect()
    }

    /// Saves a prior notice with former revision `from`.
    pub fn save_prior_notice(
        &mut self,
        notice: &PriorNotice,
        from: Option<Revision>,
    ) -> Result<(), Failure> {
        let row = PriorNoticeRow {
            id: Id16(notice.id.uuid()),
            approval: Id16(notice.approval.uuid()),
            municipality: notice.municipality.to_string(),
            provider: notice.provider.to_string(),
            grounds: to_json(&notice.grounds)?,
            sent_at: Ts::from(notice.sent_at),
            sent_by: to_json(&notice.sent_by)?,
            reply_by: notice.reply_by,
            replies: to_json(&notice.replies)?,
            notification: to_json(&notice.notification)?,
            closure: optional_json(notice.closure.as_ref())?,
            state: notice.status().as_str().to_owned(),
            follow_up: notice.founded_on.map(|id| Id16(id.uuid())),
            revision: notice.revision.0,
        };
        expect_one_row(self.rows.save_prior_notice_row(&row, from))?;
        let mut summary = CaseSummary::from(notice);
        // A reply may come after the decision; it opens nothing.
        summary.is_open &= from.is_none() || self.is_open_case(summary.id)?;
        let items = if summary.is_open { notice.agenda() } else { vec![] };
        self.save_case(summary, from.is_none());
        Ok(self.save_notice_agenda(notice, &items, from)?)
    }

    /// A decision was made: the notices about an approval have no more due items.
    pub fn conclude_prior_notices(&mut self, approval: ApprovalId) -> Result<(), StoreError> {
        for notice in self.prior_notices_of(approval)? {
            self.save_notice_agenda(&notice, &[], Some(notice.revision))?;
            self.save_case(CaseSummary { is_open: false, ..(&notice).into() }, false);
        }
        Ok(())
    }

    fn save_notice_agenda(
        &mut self,
        notice: &PriorNotice,
        items: &[Item],
        from: Option<Revision>,
    ) -> Result<(), StoreError> {
        let (of, provider) = (&notice.municipality, &notice.provider);
        let subject = Subject::PriorNotice(notice.id);
        self.save_agenda(&subject, Some(of.as_str()), Some(provider.as_str()), items, from)
    }
}

fn read_notice(row: &PriorNoticeRow) -> Result<PriorNotice, StoreError> {
    let bad = || corrupt("prior_notice", row.id.0);
    let id = row.id.0;
    Ok(PriorNotice {
        id: PriorNoticeId::new(row.id.0),
        approval: ApprovalId::new(row.approval.0),
        municipality: MunicipalityNumber::parse(&row.municipality).map_err(|_| bad())?,
        provider: OrganisationNumber::parse(&row.provider).map_err(|_| bad())?,
        grounds: parse_json(&row.grounds, "prior_notice", row.id.0)?,
        sent_at: row.sent_at.0,
        sent_by: parse_json(&row.sent_by, "prior_notice", row.id.0)?,
        reply_by: row.reply_by,
        founded_on: row.follow_up.map(|id| FollowUpId::new(id.0)),
        notification: parse_json(&row.notification, "prior_notice", row.id.0)?,
        replies: parse_json(&row.replies, "prior_notice", id)?,
        closure: row.closure.as_ref().map(|it| parse_json(it, "prior_notice", id)).transpose()?,
        revision: Revision(row.revision),
    })
}
