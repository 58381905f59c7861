//! Announced prices: the content of an offering in force, including announcements since its version.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::{
    Failure, Session, StoreError,
    connection::repository,
    corrupt, expect_one_row, parse_json,
    schema::offering,
    sql::{Id16, Json},
    to_json,
};
use crate::{
    catalogue::Catalogue,
    domain::{
        offering::{Offering, VersionNumber, content::OfferingContent},
        values::{ids::OfferingId, time::Instant},
    },
    json::{
        compensation::{AnnouncedForm, CompensationForm},
        offering::ContentForm,
    },
};

/// Announcements since the version in force.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Kept {
    announced: AnnouncedForm,
    compensation: CompensationForm,
}

/// A version in force, with the present prices.
#[derive(Debug)]
pub struct InForce {
    /// Its number, and when it was published.
    pub version: (VersionNumber, Instant),
    /// Its content, with the present prices.
    pub said: ContentForm,
    /// The latest announcement of prices, if any.
    pub announced: Option<AnnouncedForm>,
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

impl InForce {
    pub fn content(
        &self,
        id: OfferingId,
        catalogue: &Catalogue,
    ) -> Result<OfferingContent, StoreError> {
        self.said.read(catalogue).map_err(|_| corrupt("offering", id))
    }
}

impl Session<'_> {
    /// The content of an offering in force, if it was ever published.
    pub fn in_force(&mut self, offering: &Offering) -> Result<Option<InForce>, StoreError> {
        let Some(number) = offering.lifecycle.version() else { return Ok(None) };
        let (mut said, published_at) = self.version(offering.id, number)?;
        let kept = self.rows.announced(Id16(offering.id.uuid()))?;
        let kept: Option<Kept> =
            kept.map(|json| parse_json(&json, "offering", offering.id)).transpose()?;
        let announced = kept.map(|kept| {
            said.compensation = Some(kept.compensation);
            kept.announced
        });
        Ok(Some(InForce { version: (number, published_at), said, announced }))
    }

    /// Saves the present prices of an offering after an announcement.
    pub fn save_announced(
        &mut self,
        offering: OfferingId,
        announced: AnnouncedForm,
        compensation: CompensationForm,
    ) -> Result<(), Failure> {
        let kept = to_json(&Kept { announced, compensation })?;
        let id = Id16(offering.uuid());
        expect_one_row(self.rows.set_announced(id, Some(&kept)))
    }
}
