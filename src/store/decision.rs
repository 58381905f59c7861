//! Stored decisions. A decision is inserted once and never changed; later events are its history.

use diesel::prelude::*;

use super::{
    Failure, Session, StoreError,
    connection::{repository, save_row},
    corrupt, expect_one_row,
    locks::InCase,
    parse_json,
    schema::{decision, decision_history},
    sql::{Id16, Json, Ts},
    to_json,
};
use crate::{
    domain::{
        application::Case,
        decision::{
            Decision,
            history::{DecisionEnding, DecisionHistory},
        },
        event::Subject,
        values::{
            ids::{DecisionId, Revision},
            text::Code,
        },
    },
    json::public::DecisionRecord,
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

#[derive(Debug, Queryable, Selectable, Insertable, Identifiable, AsChangeset)]
#[diesel(table_name = decision_history, primary_key(decision))]
pub(crate) struct DecisionHistoryRow {
    decision: Id16,
    municipality: String,
    provider: String,
    body: Json,
    revision: i64,
}

repository! {
    /// Decisions.
    impl DbConnection {
        fn decision_row(c, id: Id16) -> QueryResult<Option<DecisionRow>> {
            decision::table.find(id).select(DecisionRow::as_select()).first(c).optional()
        }
        fn insert_decision(c, row: &DecisionRow) -> QueryResult<usize> {
            diesel::insert_into(decision::table).values(row).execute(c)
        }
        fn history_row(c, id: Id16) -> QueryResult<Option<DecisionHistoryRow>> {
            decision_history::table.find(id).select(DecisionHistoryRow::as_select()).first(c).optional()
        }
        fn save_history_row(c, row: &DecisionHistoryRow, from: Option<Revision>) -> QueryResult<usize> {
            save_row!(c, decision_history, row, from)
        }
    }
}

impl Session<'_> {
    /// The decision of that id.
    pub fn decision(&mut self, id: DecisionId) -> Result<Option<Decision>, StoreError> {
        self.lock_case(InCase::Decision(Id16(id.uuid())))?;
        let row = self.rows.decision_row(Id16(id.uuid()))?;
        row.map(|row| parse_json(&row.body, "decision", id)).transpose()
    }

    /// Saves a newly signed decision.
    pub fn save_decision(&mut self, decision: &Decision) -> Result<(), Failure> {
        let row = DecisionRow {
            id: Id16(decision.id.uuid()),
            municipality: decision.municipality.to_string(),
            provider: decision.provider.to_string(),
            application: Id16(decision.application.uuid()),
            number: decision.number.to_string(),
            outcome: decision.outcome.as_str().to_owned(),
            signed_at: Ts::from(decision.signed_at),
            body: to_json(decision)?,
        };
        if let Some(state) = &mut self.write_state {
            let approval = decision.outcome.approval().map(|id| Id16(id.uuid()));
            state.signed.insert(row.id, (row.application, approval));
        }
        expect_one_row(self.rows.insert_decision(&row))
    }

    /// The public record of a decision, with the end of its effect.
    pub fn decision_record(
        &mut self,
        decision: &Decision,
        end: Option<DecisionEnding>,
    ) -> Result<DecisionRecord, StoreError> {
        let found = self.application(decision.application)?;
        let application = found.ok_or_else(|| corrupt("decision", decision.id))?;
        let content = match application.state.case().map(Case::version) {
            Some(number) => Some(self.content(application.offering, number)?),
            None => None,
        };
        let mandatory = |code: &Code| {
            content.as_ref().and_then(|it| it.criterion(code)).is_some_and(|it| it.mandatory)
        };
        Ok(DecisionRecord::of(decision, &application, mandatory, end))
    }

    /// A decision with its course.
    pub fn decision_with_history(
        &mut self,
        id: DecisionId,
    ) -> Result<Option<(Decision, DecisionHistory)>, StoreError> {
        let Some(decision) = self.decision(id)? else { return Ok(None) };
        let row = self.rows.history_row(Id16(id.uuid()))?;
        let row = row.ok_or_else(|| corrupt("decision_history", id))?;
        let history = DecisionHistory {
            decision: id,
            municipality: decision.municipality.clone(),
            provider: decision.provider.clone(),
            course: parse_json(&row.body, "decision_history", id)?,
            revision: Revision(row.revision),
        };
        Ok(Some((decision, history)))
    }

    /// Saves a history with former revision `from`, and its due items.
    pub fn save_history(
        &mut self,
        history: &DecisionHistory,
        from: Option<Revision>,
    ) -> Result<(), Failure> {
        let row = DecisionHistoryRow {
            decision: Id16(history.decision.uuid()),
            municipality: history.municipality.to_string(),
            provider: history.provider.to_string(),
            body: to_json(&history.course)?,
            revision: history.revision.0,
        };
        expect_one_row(self.rows.save_history_row(&row, from))?;
        self.save_case(history.into(), from.is_none());
        let subject = Subject::Decision(history.decision);
        let (of, provider) = (Some(row.municipality.as_str()), Some(row.provider.as_str()));
        Ok(self.save_agenda(&subject, of, provider, &history.agenda(), from)?)
    }
}
