//! Leverandører i lageret.

use diesel::prelude::*;

use super::{
    Failure, Session, StoreError,
    connection::repository,
    expect_one_row,
    locks::Lock,
    parse_form,
    schema::provider,
    sql::{Json, Ts},
    to_json,
};
use crate::{
    domain::{
        event::Subject,
        provider::Provider,
        values::{ids::Revision, numbers::OrganisationNumber},
    },
    json::form::Written,
};

#[derive(Debug, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = provider)]
pub(crate) struct ProviderRow {
    organisation_number: String,
    profile: Json,
    confirmed_at: Ts,
    revision: i64,
}

repository! {
    /// Providers.
    pub(crate) trait ProviderRows {
        fn insert_provider(c, row: &ProviderRow) -> QueryResult<usize> {
            diesel::insert_into(provider::table).values(row).execute(c)
        }
        fn update_provider(c, row: &ProviderRow, from: i64) -> QueryResult<usize> {
            diesel::update(provider::table.find(&row.organisation_number))
                .filter(provider::revision.eq(from))
                .set(row)
                .execute(c)
        }
    }
}

impl Session<'_> {
    /// The provider of that number, if it is registered.
    pub fn provider(
        &mut self,
        number: &OrganisationNumber,
    ) -> Result<Option<Provider>, StoreError> {
        self.provider_with(number, self.share())
    }

    /// The same for a command that changes it.
    pub fn provider_for_update(
        &mut self,
        number: &OrganisationNumber,
    ) -> Result<Option<Provider>, StoreError> {
        self.provider_with(number, self.update())
    }

    /// The provider of that number, read with a lock.
    pub(super) fn provider_with(
        &mut self,
        number: &OrganisationNumber,
        lock: Lock,
    ) -> Result<Option<Provider>, StoreError> {
        let row = self.rows.provider_row(number.as_str(), lock)?;
        row.map(|row| {
            Ok(Provider {
                organisation_number: number.clone(),
                profile: parse_form(&row.profile, "provider", number)?,
                confirmed_at: row.confirmed_at.0,
                revision: Revision(row.revision),
            })
        })
        .transpose()
    }

    /// Saves a provider with former revision `from`.
    pub fn save_provider(
        &mut self,
        provider: &Provider,
        from: Option<Revision>,
    ) -> Result<(), Failure> {
        let row = ProviderRow {
            organisation_number: provider.organisation_number.to_string(),
            profile: to_json(&Written(&provider.profile))?,
            confirmed_at: Ts::from(provider.confirmed_at),
            revision: provider.revision.0,
        };
        let changed = match from {
            None => self.rows.insert_provider(&row),
            Some(from) => self.rows.update_provider(&row, from.0),
        };
        expect_one_row(changed)?;
        let number = &provider.organisation_number;
        let subject = Subject::Provider(number.clone());
        Ok(self.save_agenda(&subject, None, Some(number.as_str()), &provider.agenda(), from)?)
    }
}
