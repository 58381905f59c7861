//! Vedtak i lageret. A decision is inserted once and never changed.

use diesel::prelude::*;

use super::{
    Error, Failure, Session,
    connection::repository,
    corrupt, form, json, one,
    schema::decision,
    sql::{Id16, Json, Ts},
};
use crate::{
    document::decision::DecisionForm,
    domain::{decision::Decision, ids::DecisionId},
};

#[derive(Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = decision)]
pub(crate) struct DecisionRow {
    id: Id16,
    municipality: String,
    provider: String,
    application: Id16,
    number: String,
    outcome: String,
    signed_at: Ts,
    body: Json,
}

repository! {
    /// Decisions.
    pub(crate) trait DecisionRows {
        fn decision_row(c, id: Id16) -> QueryResult<Option<DecisionRow>> {
            decision::table.find(id).select(DecisionRow::as_select()).first(c).optional()
        }
        fn insert_decision(c, row: &DecisionRow) -> QueryResult<usize> {
            diesel::insert_into(decision::table).values(row).execute(c)
        }
    }
}

impl Session<'_> {
    /// The decision of that id.
    ///
    /// # Errors
    /// A failing database or a corrupt row.
    pub fn decision(&mut self, id: DecisionId) -> Result<Option<Decision>, Error> {
        let row = self.rows.decision_row(Id16(id.uuid()))?;
        row.map(|row| {
            let kept: DecisionForm = form(&row.body, "decision", id)?;
            kept.read().ok_or_else(|| corrupt("decision", id))
        })
        .transpose()
    }

    /// Keeps a signed decision.
    ///
    /// # Errors
    /// A failing database.
    pub fn keep_decision(&mut self, decision: &Decision) -> Result<(), Failure> {
        let row = DecisionRow {
            id: Id16(decision.id.uuid()),
            municipality: decision.municipality.to_string(),
            provider: decision.provider.to_string(),
            application: Id16(decision.application.uuid()),
            number: decision.number.to_string(),
            outcome: decision.outcome.as_str().to_owned(),
            signed_at: Ts::from(decision.signed_at),
            body: json(&DecisionForm::from(decision))?,
        };
        one(self.rows.insert_decision(&row).map_err(Error::from)?)
    }
}
