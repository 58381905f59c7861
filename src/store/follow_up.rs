//! Oppfølginger i lageret.

use diesel::prelude::*;

use super::{
    Failure, Session, StoreError,
    connection::{repository, save_row},
    expect_one_row,
    locks::InCase,
    parse_json,
    party_list::{PartyList, party_list},
    schema::follow_up,
    sql::{Id16, Json},
    to_json,
};
use crate::domain::{
    event::Subject,
    follow_up::FollowUp,
    role::Party,
    values::ids::{FollowUpId, Revision},
};

#[derive(Debug, Queryable, Selectable, Insertable, Identifiable, AsChangeset)]
#[diesel(table_name = follow_up)]
pub(crate) struct FollowUpRow {
    id: Id16,
    approval: Id16,
    municipality: String,
    provider: String,
    state: String,
    body: Json,
    revision: i64,
}

repository! {
    /// Follow-ups.
    impl DbConnection {
        fn follow_up_row(c, id: Id16) -> QueryResult<Option<FollowUpRow>> {
            follow_up::table.find(id).select(FollowUpRow::as_select()).first(c).optional()
        }
        fn follow_up_rows(c, list: &PartyList<'_>) -> QueryResult<Vec<FollowUpRow>> {
            party_list!(list, follow_up, FollowUpRow).load(c)
        }
        fn save_follow_up_row(c, row: &FollowUpRow, from: Option<Revision>) -> QueryResult<usize> {
            save_row!(c, follow_up, row, from)
        }
    }
}

impl Session<'_> {
    /// The follow-up of that id.
    pub fn follow_up(&mut self, id: FollowUpId) -> Result<Option<FollowUp>, StoreError> {
        self.lock_case(InCase::FollowUp(Id16(id.uuid())))?;
        self.rows.follow_up_row(Id16(id.uuid()))?.map(read_row).transpose()
    }

    /// The follow-ups that a party may see, by id, after one of them.
    pub fn follow_ups(&mut self, list: &PartyList<'_>) -> Result<Vec<FollowUp>, StoreError> {
        self.rows.follow_up_rows(list)?.into_iter().map(read_row).collect()
    }

    /// Saves a follow-up with former revision `from`.
    pub fn save_follow_up(
        &mut self,
        follow_up: &FollowUp,
        from: Option<Revision>,
    ) -> Result<(), Failure> {
        let row = FollowUpRow {
            id: Id16(follow_up.id.uuid()),
            approval: Id16(follow_up.approval.uuid()),
            municipality: follow_up.municipality.to_string(),
            provider: follow_up.provider.to_string(),
            state: follow_up.status().as_str().to_owned(),
            body: to_json(follow_up)?,
            revision: follow_up.revision.0,
        };
        expect_one_row(self.rows.save_follow_up_row(&row, from))?;
        self.save_case(follow_up.into(), from.is_none());
        let subject = Subject::FollowUp(follow_up.id);
        let (of, provider) = (Some(row.municipality.as_str()), Some(row.provider.as_str()));
        Ok(self.save_agenda(&subject, of, provider, &follow_up.agenda(), from)?)
    }
}

fn read_row(row: FollowUpRow) -> Result<FollowUp, StoreError> {
    let follow_up: FollowUp = parse_json(&row.body, "follow_up", row.id.0)?;
    Ok(FollowUp { revision: Revision(row.revision), ..follow_up })
}
