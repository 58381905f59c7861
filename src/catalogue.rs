//! Catalogues: municipalities, service types, topics, national criteria and grounds, from the files in `data/`.
//!
//! The files are part of the binary. They are parsed once, at start; an invalid row stops the start, and a test
//! parses them all.

use std::collections::BTreeMap;

use serde::{Deserialize, de::DeserializeOwned};

use crate::domain::{
    message::fields,
    value_error::ValueError,
    values::{
        numbers::{MunicipalityNumber, OrganisationNumber},
        text::Code,
    },
};

/// A municipality as Statistics Norway and Enhetsregisteret have it.
#[derive(Debug, Clone, Deserialize)]
pub struct MunicipalityEntry {
    /// Four digits.
    pub number: String,
    /// The official Norwegian name.
    pub name: String,
    /// Two digits.
    pub county_number: String,
    /// The county's name.
    pub county_name: String,
    /// The main unit's organisation number.
    pub organisation_number: String,
    /// `nb`, `nn` or `neutral` (FOR-2019-12-20-2114).
    pub language_form: String,
}

/// A service type of the municipal patient and user register (KPR).
#[derive(Debug, Clone, Deserialize)]
pub struct ServiceType {
    /// The code in paths.
    pub code: String,
    /// The number in KPR.
    pub kpr_code: u16,
    /// Bokmål.
    pub name_nb: String,
    /// Nynorsk.
    pub name_nn: String,
    /// English.
    pub name_en: String,
    /// `common`, `possible`, `rare` or `no`.
    pub choosable: String,
    /// The name in addresses of pages, in every language.
    pub slug: String,
}

/// One of the nineteen topics of criteria.
#[derive(Debug, Clone, Deserialize)]
pub struct Topic {
    pub code: String,
    /// Its place in the list.
    pub order: u16,
    /// Bokmål.
    pub name_nb: String,
    /// Nynorsk.
    pub name_nn: String,
    /// English.
    pub name_en: String,
    /// The first day on which it applies.
    pub valid_from: String,
    /// Why it is believed to be there.
    pub basis: String,
}

/// A criterion that a municipality can take over.
#[derive(Debug, Clone, Deserialize)]
pub struct NationalCriterion {
    /// The code; unique among those valid on one day.
    pub code: String,
    /// The topic it belongs to.
    pub matter: String,
    /// Bokmål.
    pub text_nb: String,
    /// Nynorsk.
    pub text_nn: String,
    /// English.
    pub text_en: String,
    /// `yes` or `no`.
    pub mandatory: String,
    /// Kinds of evidence, joined by `|`.
    pub evidence: String,
    /// How old the evidence may be.
    pub max_age_amount: Option<u16>,
    /// `month` or `year`.
    pub max_age_unit: Option<String>,
    /// The reference day of the age.
    pub age_reference: Option<String>,
    /// Legal source.
    pub legal_source: String,
    /// First day.
    pub valid_from: String,
    /// Last day, where it has one.
    pub valid_to: Option<String>,
}

/// A ground for refusing, revoking or dismissing.
#[derive(Debug, Clone, Deserialize)]
pub struct GroundEntry {
    pub code: String,
    /// `yes` or `no`.
    pub may_refuse: String,
    /// `yes` or `no`.
    pub may_revoke: String,
    /// `yes` or `no`.
    pub may_dismiss: String,
    /// Required facts, joined by `|`.
    pub needs: String,
    /// Bokmål.
    pub name_nb: String,
    /// Nynorsk.
    pub name_nn: String,
    /// English.
    pub name_en: String,
    /// Legal source.
    pub basis: String,
}

#[derive(Deserialize)]
struct FormerRow {
    former_number: String,
    name: String,
    current_number: String,
}

/// A municipality that became part of another one, or got a new number.
#[derive(Debug, Clone)]
pub struct FormerMunicipality {
    /// The name at that time.
    pub name: String,
    /// The present number of its area.
    pub current: MunicipalityNumber,
}

/// Why a data file was not accepted.
#[derive(Debug, thiserror::Error)]
#[error("data/{file}: {reason}")]
pub struct CatalogueError {
    file: &'static str,
    reason: String,
}

/// All catalogues.
#[derive(Debug, Clone)]
pub struct Catalogue {
    municipalities: BTreeMap<MunicipalityNumber, MunicipalityEntry>,
    former: BTreeMap<String, FormerMunicipality>,
    by_organisation: BTreeMap<OrganisationNumber, MunicipalityNumber>,
    /// Service types in the order of KPR.
    pub service_types: Vec<ServiceType>,
    /// The nineteen topics in order.
    pub topics: Vec<Topic>,
    /// National criteria.
    pub criteria: Vec<NationalCriterion>,
    pub grounds: Vec<GroundEntry>,
}

impl Catalogue {
    /// Reads the files that were built in.
    pub fn load() -> Result<Self, CatalogueError> {
        let entries: Vec<MunicipalityEntry> =
            rows("municipalities.csv", include_str!("../data/municipalities.csv"))?;
        let mut municipalities = BTreeMap::new();
        let mut by_organisation = BTreeMap::new();
        for entry in entries {
            let wrong = |error: ValueError| CatalogueError {
                file: "municipalities.csv",
                reason: error.to_string(),
            };
            let number = MunicipalityNumber::parse(&entry.number).map_err(wrong)?;
            let organisation =
                OrganisationNumber::parse(&entry.organisation_number).map_err(wrong)?;
            by_organisation.insert(organisation, number.clone());
            municipalities.insert(number, entry);
        }
        let mut former = BTreeMap::new();
        let file = "former_municipality_numbers.csv";
        for row in rows::<FormerRow>(file, include_str!("../data/former_municipality_numbers.csv"))?
        {
            let current = MunicipalityNumber::parse(&row.current_number)
                .ok()
                .filter(|number| municipalities.contains_key(number))
                .ok_or_else(|| CatalogueError {
                    file,
                    reason: format!("no {}", row.current_number),
                })?;
            former.insert(row.former_number, FormerMunicipality { name: row.name, current });
        }
        Ok(Self {
            municipalities,
            former,
            by_organisation,
            service_types: rows("service_types.csv", include_str!("../data/service_types.csv"))?,
            topics: rows("matters.csv", include_str!("../data/matters.csv"))?,
            criteria: rows("national_criteria.csv", include_str!("../data/national_criteria.csv"))?,
            grounds: rows("grounds.csv", include_str!("../data/grounds.csv"))?,
        })
    }

    /// All municipalities by number.
    pub fn municipalities(&self) -> impl Iterator<Item = &MunicipalityEntry> {
        self.municipalities.values()
    }

    /// The municipality of a number, present or former.
    #[must_use]
    pub fn municipality(&self, number: &str) -> Option<(&MunicipalityNumber, &MunicipalityEntry)> {
        let number = MunicipalityNumber::parse(number).ok()?;
        let current = self.former.get(number.as_str()).map_or(&number, |it| &it.current);
        self.municipalities.get_key_value(current)
    }

    /// Former municipalities, by their numbers.
    pub fn former_municipalities(&self) -> impl Iterator<Item = (&str, &FormerMunicipality)> {
        self.former.iter().map(|(number, former)| (number.as_str(), former))
    }

    /// The service type of that name in addresses of pages.
    #[must_use]
    pub fn service_by_slug(&self, slug: &str) -> Option<&ServiceType> {
        self.service_types.iter().find(|service| service.slug == slug)
    }

    /// The present number for one that is present, former or neither.
    #[must_use]
    pub fn present_number(&self, number: Option<String>) -> Option<String> {
        number.map(|number| match self.municipality(&number) {
            Some((number, _)) => number.to_string(),
            None => number,
        })
    }

    /// The municipality whose main unit has this organisation number.
    #[must_use]
    pub fn municipality_of(
        &self,
        organisation: &OrganisationNumber,
    ) -> Option<&MunicipalityNumber> {
        self.by_organisation.get(organisation)
    }

    /// The service type of that code.
    #[must_use]
    pub fn service_type(&self, code: &str) -> Option<&ServiceType> {
        self.service_types.iter().find(|service| service.code == code)
    }

    /// The service of that code, if citizens can choose a provider for it.
    ///
    /// # Errors
    /// `unknown-service`, `service-not-choosable`.
    pub fn choosable_service(&self, code: &str) -> Result<Code, ValueError> {
        match self.service_type(code) {
            None => Err(fields::unknown_service()),
            Some(service) if service.choosable == "no" => Err(fields::service_not_choosable()),
            Some(service) => Code::parse(&service.code),
        }
    }

    /// The topic of that code.
    ///
    /// # Errors
    /// `unknown-matter`.
    pub fn topic(&self, code: &str) -> Result<Code, ValueError> {
        let known = self.topics.iter().find(|topic| topic.code == code);
        known.ok_or_else(fields::unknown_matter).and_then(|topic| Code::parse(&topic.code))
    }
}

fn rows<T: DeserializeOwned>(file: &'static str, text: &str) -> Result<Vec<T>, CatalogueError> {
    csv::Reader::from_reader(text.as_bytes())
        .deserialize()
        .collect::<Result<_, _>>()
        .map_err(|error| CatalogueError { file, reason: error.to_string() })
}

#[cfg(test)]
mod tests;
