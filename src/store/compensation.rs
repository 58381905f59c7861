//! Announced prices: the content of an offering in force, including announcements since its version.

use diesel::prelude::*;

use super::{
    Failure, Session, StoreError,
    connection::repository,
    corrupt, expect_one_row, parse_json,
    schema::offering,
    sql::{Id16, Json},
    to_json,
};
use crate::{
    domain::{
        offering::{
            Offering, VersionNumber,
            announcement::Announced,
            content::{Compensation, OfferingContent},
        },
        values::{ids::OfferingId, time::Instant},
    },
    json::form::Form,
};

/// Announcements since the version in force, as stored.
#[derive(Debug, Form)]
#[form(name = "StoredPrices")]
struct StoredPrices {
    announced: Announced,
    compensation: Compensation,
}

/// A version in force, with the present prices.
#[derive(Debug)]
pub struct InForce {
    /// Its number, and when it was published.
    pub version: (VersionNumber, Instant),
    /// Its content, with the present prices.
    pub content: OfferingContent,
    /// The latest announcement of prices, if any.
    pub announced: Option<Announced>,
}

repository! {
    /// Prices that were announced between versions.
    impl DbConnection {
        fn announced(c, id: Id16) -> QueryResult<Option<Json>> {
            let found = offering::table.find(id).select(offering::announced_compensation).first(c).optional();
            found.map(Option::flatten)
        }
        fn set_announced(c, id: Id16, to: Option<&Json>) -> QueryResult<usize> {
            diesel::update(offering::table.find(id)).set(offering::announced_compensation.eq(to)).execute(c)
        }
    }
}

impl Session<'_> {
    /// The content of an offering in force, if it was ever published.
    pub fn in_force(&mut self, offering: &Offering) -> Result<Option<InForce>, StoreError> {
        let Some(number) = offering.lifecycle.version() else { return Ok(None) };
        let (content, published_at) = self.version(offering.id, number)?;
        let version = (number, published_at);
        let Some(json) = self.rows.announced(Id16(offering.id.uuid()))? else {
            return Ok(Some(InForce { version, content, announced: None }));
        };
        let stored: StoredPrices = parse_json(&json, "offering", offering.id)?;
        let content = content.with_compensation(stored.compensation);
        let content = content.map_err(|_| corrupt("offering", offering.id))?;
        Ok(Some(InForce { version, content, announced: Some(stored.announced) }))
    }

    /// Saves the present prices of an offering after an announcement.
    pub fn save_announced(
        &mut self,
        offering: OfferingId,
        announced: Announced,
        compensation: Compensation,
    ) -> Result<(), Failure> {
        let json = to_json(&StoredPrices { announced, compensation })?;
        expect_one_row(self.rows.set_announced(Id16(offering.uuid()), Some(&json)))
    }
}
