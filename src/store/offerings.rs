//! Tilbud og deres versjoner i lageret.

use diesel::prelude::*;

use super::{
    Error, Failure, Session,
    connection::repository,
    corrupt, form, json, one,
    schema::{offering, offering_version},
    sql::{Id16, Json, Ts},
};
use crate::{
    catalogue::Catalogue,
    document::offering::ContentForm,
    domain::{
        ids::{OfferingId, Revision},
        numbers::MunicipalityNumber,
        offering::{Offering, State, Version, VersionNumber, content::Content},
        text::Code,
    },
};

#[derive(Debug, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = offering, treat_none_as_null = true)]
pub(crate) struct OfferingRow {
    id: Id16,
    municipality: String,
    service: String,
    state: String,
    version: Option<i32>,
    draft: Json,
    revision: i64,
}

#[derive(Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = offering_version)]
pub(crate) struct VersionRow {
    offering: Id16,
    number: i32,
    content: Json,
    published_at: Ts,
}

repository! {
    /// Offerings.
    pub(crate) trait OfferingRows {
        fn offering_row(c, id: Id16) -> QueryResult<Option<OfferingRow>> {
            offering::table.find(id).select(OfferingRow::as_select()).first(c).optional()
        }
        fn offering_row_of(c, municipality: &str, service: &str) -> QueryResult<Option<OfferingRow>> {
            offering::table
                .filter(offering::municipality.eq(municipality))
                .filter(offering::service.eq(service))
                .select(OfferingRow::as_select())
                .first(c)
                .optional()
        }
        fn insert_offering(c, row: &OfferingRow) -> QueryResult<usize> {
            diesel::insert_into(offering::table).values(row).execute(c)
        }
        fn update_offering(c, row: &OfferingRow, from: i64) -> QueryResult<usize> {
            diesel::update(offering::table.find(row.id))
                .filter(offering::revision.eq(from))
                .set(row)
                .execute(c)
        }
        fn insert_version(c, row: &VersionRow) -> QueryResult<usize> {
            diesel::insert_into(offering_version::table).values(row).execute(c)
        }
        fn version_row(c, offering: Id16, number: i32) -> QueryResult<Option<VersionRow>> {
            offering_version::table
                .find((offering, number))
                .select(VersionRow::as_select())
                .first(c)
                .optional()
        }
    }
}

impl Session<'_> {
    /// An offering and what its draft says.
    ///
    /// # Errors
    /// A failing database or a corrupt row.
    pub fn offering(&mut self, id: OfferingId) -> Result<Option<(Offering, ContentForm)>, Error> {
        self.rows.offering_row(Id16(id.uuid()))?.map(read_row).transpose()
    }

    /// The municipality's offering of a service.
    ///
    /// # Errors
    /// A failing database or a corrupt row.
    pub fn offering_of(
        &mut self,
        municipality: &MunicipalityNumber,
        service: &Code,
    ) -> Result<Option<Offering>, Error> {
        let row = self.rows.offering_row_of(municipality.as_str(), service.as_str())?;
        Ok(row.map(read_row).transpose()?.map(|(offering, _)| offering))
    }

    /// Keeps an offering and its draft; its previous revision was `from`.
    ///
    /// # Errors
    /// `precondition-failed`, or a failing database.
    pub fn keep_offering(
        &mut self,
        offering: &Offering,
        draft: &ContentForm,
        from: Option<Revision>,
    ) -> Result<(), Failure> {
        let version = match offering.state {
            State::Draft => None,
            State::Published { version } => Some(version.0),
        };
        let row = OfferingRow {
            id: Id16(offering.id.uuid()),
            municipality: offering.municipality.to_string(),
            service: offering.service.to_string(),
            state: offering.state.as_str().to_owned(),
            version,
            draft: json(draft)?,
            revision: offering.revision.0,
        };
        let changed = match from {
            None => self.rows.insert_offering(&row),
            Some(from) => self.rows.update_offering(&row, from.0),
        };
        one(changed.map_err(Error::from)?)
    }

    /// Keeps a published version, as it was said.
    ///
    /// # Errors
    /// A failing database.
    pub fn keep_version(&mut self, version: &Version, said: &ContentForm) -> Result<(), Failure> {
        let row = VersionRow {
            offering: Id16(version.offering.uuid()),
            number: version.number.0,
            content: json(said)?,
            published_at: Ts::from(version.published_at),
        };
        one(self.rows.insert_version(&row).map_err(Error::from)?)
    }

    /// The content of a published version, which must be there.
    ///
    /// # Errors
    /// A failing database or a corrupt row.
    pub fn content(
        &mut self,
        offering: OfferingId,
        number: VersionNumber,
        catalogue: &Catalogue,
    ) -> Result<Content, Error> {
        let key = || format!("{offering}/{}", number.0);
        let row = self
            .rows
            .version_row(Id16(offering.uuid()), number.0)?
            .ok_or_else(|| corrupt("offering_version", key()))?;
        let said: ContentForm = form(&row.content, "offering_version", key())?;
        said.read(catalogue).map_err(|_| corrupt("offering_version", key()))
    }
}

fn read_row(row: OfferingRow) -> Result<(Offering, ContentForm), Error> {
    let bad = || corrupt("offering", row.id.0);
    let state = match (row.state.as_str(), row.version) {
        ("draft", None) => State::Draft,
        ("published", Some(number)) => State::Published { version: VersionNumber(number) },
        _ => return Err(bad()),
    };
    let offering = Offering {
        id: OfferingId::new(row.id.0),
        municipality: MunicipalityNumber::parse(&row.municipality).map_err(|_| bad())?,
        service: Code::parse(&row.service).map_err(|_| bad())?,
        state,
        revision: Revision(row.revision),
    };
    Ok((offering, form(&row.draft, "offering", row.id.0)?))
}
