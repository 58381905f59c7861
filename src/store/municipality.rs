//! Kommuner i lageret.

use diesel::prelude::*;

use super::{
    Failure, Session, StoreError,
    connection::{DbConnection, repository, save_row},
    expect_one_row,
    locks::{Lock, read_locked},
    parse_json,
    schema::municipality,
    sql::Json,
    to_json,
};
use crate::domain::{
    municipality::Municipality,
    values::{ids::Revision, numbers::MunicipalityNumber},
};

#[derive(Debug, Queryable, Selectable, Insertable, Identifiable, AsChangeset)]
#[diesel(table_name = municipality, primary_key(number))]
pub(crate) struct MunicipalityRow {
    number: String,
    settings: Json,
    revision: i64,
}

repository! {
    /// Municipalities.
    impl DbConnection {
        fn save_municipality_row(c, row: &MunicipalityRow, from: Option<Revision>) -> QueryResult<usize> {
            save_row!(c, municipality, row, from)
        }
    }
}

impl DbConnection<'_> {
    /// The row of that key, with a lock.
    pub(super) fn municipality_row(
        &mut self,
        number: &str,
        lock: Lock,
    ) -> QueryResult<Option<MunicipalityRow>> {
        read_locked!(
            self,
            municipality::table.find(number).select(MunicipalityRow::as_select()),
            lock
        )
    }
}

impl Session<'_> {
    /// The municipality, if it has set itself up.
    pub fn municipality(
        &mut self,
        number: &MunicipalityNumber,
    ) -> Result<Option<Municipality>, StoreError> {
        let state = self.write_state.as_ref();
        if let Some(read) = state.and_then(|it| it.municipalities.get(number.as_str())) {
            return Ok(Some(read.clone()));
        }
        let found = self.municipality_with(number, self.share())?;
        if let (Some(state), Some(found)) = (&mut self.write_state, &found) {
            state.municipalities.insert(number.to_string(), found.clone());
        }
        Ok(found)
    }

    /// The same for a command that changes it.
    pub fn municipality_for_update(
        &mut self,
        number: &MunicipalityNumber,
    ) -> Result<Option<Municipality>, StoreError> {
        self.municipality_with(number, self.update())
    }

    fn municipality_with(
        &mut self,
        number: &MunicipalityNumber,
        lock: Lock,
    ) -> Result<Option<Municipality>, StoreError> {
        let row = self.rows.municipality_row(number.as_str(), lock)?;
        row.map(|row| {
            Ok(Municipality {
                number: number.clone(),
                settings: parse_json(&row.settings, "municipality", &row.number)?,
                revision: Revision(row.revision),
            })
        })
        .transpose()
    }

    /// Saves a municipality with former revision `from`.
    pub fn save_municipality(
        &mut self,
        municipality: &Municipality,
        from: Option<Revision>,
    ) -> Result<(), Failure> {
        let row = MunicipalityRow {
            number: municipality.number.to_string(),
            settings: to_json(&municipality.settings)?,
            revision: municipality.revision.0,
        };
        if let Some(state) = &mut self.write_state {
            state.municipalities.remove(&row.number);
        }
        expect_one_row(self.rows.save_municipality_row(&row, from))
    }
}
