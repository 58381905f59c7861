//! Leverandører i lageret.

use diesel::prelude::*;

use super::{
    Failure, Session, StoreError,
    connection::{DbConnection, repository, save_row},
    expect_one_row,
    locks::{Lock, read_locked},
    parse_json,
    schema::provider,
    sql::{Json, Ts},
    to_json,
};
use crate::domain::{
    event::Subject,
    provider::Provider,
    values::{ids::Revision, numbers::OrganisationNumber},
};

#[derive(Debug, Queryable, Selectable, Insertable, Identifiable, AsChangeset)]
#[diesel(table_name = provider, primary_key(organisation_number))]
pub(crate) struct ProviderRow {
    organisation_number: String,
    profile: Json,
    confirmed_at: Ts,
    addresses: Json,
    revision: i64,
}

repository! {
    /// Providers.
    impl DbConnection {
        fn save_provider_row(c, row: &ProviderRow, from: Option<Revision>) -> QueryResult<usize> {
            save_row!(c, provider, row, from)
        }
    }
}

impl DbConnection<'_> {
    /// The row of that key, with a lock.
    pub(super) fn provider_row(
        &mut self,
        number: &str,
        lock: Lock,
    ) -> QueryResult<Option<ProviderRow>> {
        read_locked!(self, provider::table.find(number).select(ProviderRow::as_select()), lock)
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

    /// The same as it was committed last, without a lock: for the name in a letter.
    pub fn provider_as_committed(
        &mut self,
        number: &OrganisationNumber,
    ) -> Result<Option<Provider>, StoreError> {
        self.provider_with(number, Lock::None)
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
                profile: parse_json(&row.profile, "provider", number)?,
                confirmed_at: row.confirmed_at.0,
                addresses: parse_json(&row.addresses, "provider", number)?,
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
            profile: to_json(&provider.profile)?,
            confirmed_at: Ts::from(provider.confirmed_at),
            addresses: to_json(&provider.addresses)?,
            revision: provider.revision.0,
        };
        expect_one_row(self.rows.save_provider_row(&row, from))?;
        let number = &provider.organisation_number;
        let subject = Subject::Provider(number.clone());
        Ok(self.save_agenda(&subject, None, Some(number.as_str()), &provider.agenda(), from)?)
    }
}
