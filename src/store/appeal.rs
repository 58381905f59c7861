//! Klager i lageret.

use diesel::prelude::*;

use super::{
    Failure, Session, StoreError,
    connection::{repository, save_row},
    expect_one_row,
    locks::InCase,
    parse_json,
    party_list::{PartyList, party_list},
    schema::appeal,
    sql::{Id16, Json},
    to_json,
};
use crate::domain::{
    appeal::Appeal,
    event::Subject,
    role::Party,
    values::ids::{AppealId, Revision},
};

#[derive(Debug, Queryable, Selectable, Insertable, Identifiable, AsChangeset)]
#[diesel(table_name = appeal)]
pub(crate) struct AppealRow {
    id: Id16,
    decision: Id16,
    municipality: String,
    provider: String,
    state: String,
    body: Json,
    revision: i64,
}

repository! {
    /// Appeals.
    impl DbConnection {
        fn appeal_row(c, id: Id16) -> QueryResult<Option<AppealRow>> {
            appeal::table.find(id).select(AppealRow::as_select()).first(c).optional()
        }
        fn appeal_rows(c, list: &PartyList<'_>) -> QueryResult<Vec<AppealRow>> {
            party_list!(list, appeal, AppealRow).load(c)
        }
        fn save_appeal_row(c, row: &AppealRow, from: Option<Revision>) -> QueryResult<usize> {
            save_row!(c, appeal, row, from)
        }
    }
}

impl Session<'_> {
    /// The appeal of that id.
    pub fn appeal(&mut self, id: AppealId) -> Result<Option<Appeal>, StoreError> {
        self.lock_case(InCase::Appeal(Id16(id.uuid())))?;
        self.rows.appeal_row(Id16(id.uuid()))?.map(read_row).transpose()
    }

    /// The appeals that a party may see, oldest first.
    pub fn appeals(&mut self, list: &PartyList<'_>) -> Result<Vec<Appeal>, StoreError> {
        self.rows.appeal_rows(list)?.into_iter().map(read_row).collect()
    }

    /// Saves an appeal with former revision `from`, and its due items.
    pub fn save_appeal(&mut self, appeal: &Appeal, from: Option<Revision>) -> Result<(), Failure> {
        let row = AppealRow {
            id: Id16(appeal.id.uuid()),
            decision: Id16(appeal.decision.uuid()),
            municipality: appeal.municipality.to_string(),
            provider: appeal.provider.to_string(),
            state: appeal.state.status().as_str().to_owned(),
            body: to_json(appeal)?,
            revision: appeal.revision.0,
        };
        expect_one_row(self.rows.save_appeal_row(&row, from))?;
        self.save_case(appeal.into(), from.is_none());
        let subject = Subject::Appeal(appeal.id);
        let (of, provider) = (Some(row.municipality.as_str()), Some(row.provider.as_str()));
        Ok(self.save_agenda(&subject, of, provider, &appeal.agenda(), from)?)
    }
}

fn read_row(row: AppealRow) -> Result<Appeal, StoreError> {
    let appeal: Appeal = parse_json(&row.body, "appeal", row.id.0)?;
    Ok(Appeal { revision: Revision(row.revision), ..appeal })
}
