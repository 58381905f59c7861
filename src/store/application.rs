//! Søknader i lageret.

use diesel::prelude::*;

use super::{
    Failure, Session, StoreError,
    connection::{repository, save_row},
    corrupt, expect_one_row,
    locks::InCase,
    parse_json,
    party_list::{PartyList, party_list},
    schema::application,
    sql::{Id16, Json},
    to_json,
};
use crate::domain::{
    agenda::Item,
    application::{Application, ApplicationState, Case},
    approval::ApprovalLifecycle,
    event::Subject,
    role::Party,
    values::{
        ids::{ApplicationId, DecisionId, OfferingId, Revision},
        numbers::{MunicipalityNumber, OrganisationNumber},
        text::Code,
    },
};

#[derive(Debug, Queryable, Selectable, Insertable, Identifiable, AsChangeset)]
#[diesel(table_name = application, treat_none_as_null = true)]
pub(crate) struct ApplicationRow {
    id: Id16,
    offering: Id16,
    municipality: String,
    service: String,
    provider: String,
    state: String,
    dossier: Json,
    case_file: Option<Json>,
    version: Option<i32>,
    decision: Option<Id16>,
    revision: i64,
}

const OPEN: [&str; 5] = ["draft", "submitted", "under-assessment", "awaiting-completion", "ready"];

repository! {
    /// Applications.
    impl DbConnection {
        fn application_row(c, id: Id16) -> QueryResult<Option<ApplicationRow>> {
            application::table.find(id).select(ApplicationRow::as_select()).first(c).optional()
        }
        fn open_application(c, offering: Id16, provider: &str) -> QueryResult<Option<Id16>> {
            application::table
                .filter(application::offering.eq(offering))
                .filter(application::provider.eq(provider))
                .filter(application::state.eq_any(OPEN))
                .select(application::id)
                .first(c)
                .optional()
        }
        /// A municipality does not see applications that were never submitted.
        fn application_rows(c, list: &PartyList<'_>) -> QueryResult<Vec<ApplicationRow>> {
            let mut query = party_list!(list, application, ApplicationRow);
            if let Party::Municipality(_) = list.party {
                query = query.filter(application::case_file.is_not_null());
            }
            query.load(c)
        }
        fn save_application_row(c, row: &ApplicationRow, from: Option<Revision>) -> QueryResult<usize> {
            save_row!(c, application, row, from)
        }
    }
}

impl Session<'_> {
    /// The application of that id.
    pub fn application(&mut self, id: ApplicationId) -> Result<Option<Application>, StoreError> {
        let id = Id16(id.uuid());
        if let Some(read) = self.write_state.as_ref().and_then(|it| it.applications.get(&id)) {
            return Ok(Some(read.clone()));
        }
        self.lock_case(InCase::Application(id))?;
        let mut row = self.rows.application_row(id)?;
        if let Some(found) = &row
            && self.lock_another_case(found.offering)?
        {
            row = self.rows.application_row(id)?;
        }
        let application = row.map(read_row).transpose()?;
        if let (Some(state), Some(application)) = (&mut self.write_state, &application) {
            state.services.insert(id, application.service.to_string());
            state.applications.insert(id, application.clone());
        }
        Ok(application)
    }

    /// The provider's open application for an offering.
    pub fn open_application(
        &mut self,
        offering: OfferingId,
        provider: &OrganisationNumber,
    ) -> Result<Option<ApplicationId>, StoreError> {
        let offering = Id16(offering.uuid());
        self.lock_case(InCase::Offering(offering))?;
        let id = self.rows.open_application(offering, provider.as_str())?;
        Ok(id.map(|id| ApplicationId::new(id.0)))
    }

    /// The applications that a party may see, oldest first. A municipality does not see drafts.
    pub fn applications(&mut self, list: &PartyList<'_>) -> Result<Vec<Application>, StoreError> {
        self.rows.application_rows(list)?.into_iter().map(read_row).collect()
    }

    /// Saves an application with former revision `from`, and its due items; those of an approved one only by
    /// [`Self::save_approved_agenda`].
    pub fn save_application(
        &mut self,
        application: &Application,
        from: Option<Revision>,
    ) -> Result<(), Failure> {
        let case = application.state.case();
        let row = ApplicationRow {
            id: Id16(application.id.uuid()),
            offering: Id16(application.offering.uuid()),
            municipality: application.municipality.to_string(),
            service: application.service.to_string(),
            provider: application.provider.to_string(),
            state: application.state.as_str().to_owned(),
            dossier: to_json(&application.dossier)?,
            case_file: case.map(to_json).transpose()?,
            version: case.map(|case| case.version().0),
            decision: application.state.decision().map(|id| Id16(id.uuid())),
            revision: application.revision.0,
        };
        expect_one_row(self.rows.save_application_row(&row, from))?;
        if let Some(state) = &mut self.write_state {
            state.applications.insert(row.id, application.clone());
            state.services.insert(row.id, row.service.clone());
        }
        self.save_shown_files(application)?;
        self.save_case(application.into(), from.is_none());
        match application.state {
            ApplicationState::Approved(..) => Ok(()),
            _ => Ok(self.save_application_agenda(application, &application.agenda(), from)?),
        }
    }

    /// Saves the due items of an approved application. Call it whenever its evidence or the lifecycle of its
    /// approval changes.
    pub fn save_approved_agenda(
        &mut self,
        application: &Application,
        lifecycle: &ApprovalLifecycle,
    ) -> Result<(), StoreError> {
        let items = application.agenda_under(lifecycle);
        self.save_application_agenda(application, &items, Some(application.revision))
    }

    fn save_application_agenda(
        &mut self,
        application: &Application,
        items: &[Item],
        from: Option<Revision>,
    ) -> Result<(), StoreError> {
        let (of, provider) = (&application.municipality, &application.provider);
        let subject = Subject::Application(application.id);
        self.save_agenda(&subject, Some(of.as_str()), Some(provider.as_str()), items, from)
    }
}

fn read_row(row: ApplicationRow) -> Result<Application, StoreError> {
    let bad = || corrupt("application", row.id.0);
    let case = row.case_file.as_ref();
    let case = case.map(|json| parse_json(json, "application", row.id.0)).transpose()?;
    let decision = row.decision.map(|id| DecisionId::new(id.0));
    Ok(Application {
        id: ApplicationId::new(row.id.0),
        offering: OfferingId::new(row.offering.0),
        municipality: MunicipalityNumber::parse(&row.municipality).map_err(|_| bad())?,
        service: Code::parse(&row.service).map_err(|_| bad())?,
        provider: OrganisationNumber::parse(&row.provider).map_err(|_| bad())?,
        dossier: parse_json(&row.dossier, "application", row.id.0)?,
        state: read_state(&row.state, case, decision).ok_or_else(bad)?,
        revision: Revision(row.revision),
    })
}

/// The state of a name and its columns; `None` if they disagree.
fn read_state(
    name: &str,
    case: Option<Case>,
    decision: Option<DecisionId>,
) -> Option<ApplicationState> {
    Some(match (name, case, decision) {
        ("draft", None, None) => ApplicationState::Draft,
        ("submitted", Some(case), None) => ApplicationState::Submitted(case),
        ("under-assessment", Some(case), None) => ApplicationState::UnderAssessment(case),
        ("awaiting-completion", Some(case), None) => ApplicationState::AwaitingCompletion(case),
        ("ready", Some(case), None) => ApplicationState::Ready(case),
        ("approved", Some(case), Some(decision)) => ApplicationState::Approved(case, decision),
        ("refused", Some(case), Some(decision)) => ApplicationState::Refused(case, decision),
        ("dismissed", Some(case), Some(decision)) => ApplicationState::Dismissed(case, decision),
        ("withdrawn", case, None) => ApplicationState::Withdrawn(case),
        _ => return None,
    })
}
