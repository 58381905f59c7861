//! Løpenummer: numbers per municipality and year, without gaps.

use chrono::Datelike;
use diesel::prelude::*;

use super::{Session, StoreError, connection::repository, schema::serial};
use crate::domain::values::{
    numbers::MunicipalityNumber,
    text::Line,
    time::{Instant, day_of},
};

repository! {
    /// Serial numbers.
    impl DbConnection {
        /// The next number; the first is 1.
        fn next_serial(c, municipality: &str, year: i32, kind: &str) -> QueryResult<i32> {
            diesel::insert_into(serial::table)
                .values((
                    serial::municipality.eq(municipality),
                    serial::year.eq(year),
                    serial::kind.eq(kind),
                    serial::last.eq(1),
                ))
                .on_conflict((serial::municipality, serial::year, serial::kind))
                .do_update()
                .set(serial::last.eq(serial::last + 1))
                .returning(serial::last)
                .get_result(c)
        }
    }
}

impl Session<'_> {
    /// The reference of a new case, such as `4204-2026-S17`.
    pub fn next_reference(
        &mut self,
        of: &MunicipalityNumber,
        now: Instant,
    ) -> Result<Line, StoreError> {
        let year = day_of(now).year();
        let serial = self.rows.next_serial(of.as_str(), year, "application")?;
        line(format!("{of}-{year}-S{serial}"))
    }

    /// The number of a new decision, such as `4204-2026/17`.
    pub fn next_decision_number(
        &mut self,
        of: &MunicipalityNumber,
        now: Instant,
    ) -> Result<Line, StoreError> {
        let year = day_of(now).year();
        let serial = self.rows.next_serial(of.as_str(), year, "decision")?;
        line(format!("{of}-{year}/{serial}"))
    }
}

fn line(number: String) -> Result<Line, StoreError> {
    Line::parse(&number).map_err(|error| StoreError::Database(error.to_string()))
}
