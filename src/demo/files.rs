//! The files in `data/demo`, parsed like request bodies.

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{
    catalogue::Catalogue,
    domain::{
        error::{DomainError, Noun},
        value_error::ValueError,
        values::{
            numbers::{MunicipalityNumber, OrganisationNumber},
            text::Code,
        },
    },
};

const MUNICIPALITIES: &str = include_str!("../../data/demo/municipalities.json");
const OWN_OFFERS: &str = include_str!("../../data/demo/own_offers.json");
const PROVIDERS: &str = include_str!("../../data/demo/providers.json");
/// Municipality, service and content of a published offering.
const OFFERINGS: [(&str, &str, &str); 5] = [
    ("4204", "practical-help", include_str!("../../data/demo/kristiansand-practical-help.json")),
    ("3201", "home-nursing", include_str!("../../data/demo/baerum-home-nursing.json")),
    ("0301", "home-nursing", include_str!("../../data/demo/oslo-home-nursing.json")),
    (
        "1508",
        "personal-assistance",
        include_str!("../../data/demo/alesund-personal-assistance.json"),
    ),
    ("4207", "practical-help", include_str!("../../data/demo/flekkefjord-practical-help.json")),
];

/// A municipality of the demo.
pub(super) struct DemoMunicipality {
    pub(super) at: Municipal,
    pub(super) settings: Value,
}

/// A municipality and its organisation.
#[derive(Clone)]
pub(super) struct Municipal {
    pub(super) number: MunicipalityNumber,
    pub(super) organisation: OrganisationNumber,
}

/// An offering of the demo.
pub(super) struct DemoOffering {
    pub(super) at: Municipal,
    pub(super) service: Code,
    pub(super) content: Value,
}

/// What a municipality adds to a published offering.
pub(super) struct DemoOwnOffer {
    pub(super) at: Municipal,
    pub(super) service: Code,
    /// The listing of its own offer.
    pub(super) listing: Value,
    /// The announced end, if it ends.
    pub(super) closure: Option<DemoClosure>,
}

/// An announced end, with days counted from the load.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct DemoClosure {
    pub(super) ends_in_days: u64,
    /// Days after the end in which users are still served.
    pub(super) served_for_days: u64,
    pub(super) reason: Value,
    pub(super) taken_over_by: String,
}

/// A synthetic provider.
pub(super) struct DemoProvider {
    pub(super) number: OrganisationNumber,
    pub(super) profile: Value,
    pub(super) approved_for: Vec<DemoApproval>,
}

/// Municipality and service of a provider's approval.
pub(super) struct DemoApproval {
    pub(super) at: Municipal,
    pub(super) service: Code,
    /// Codes of the zones; all of them by default.
    pub(super) zones: Option<Vec<String>>,
    /// What the provider says of itself there.
    pub(super) listing: Option<Value>,
}

/// All that the demo loads.
pub(super) struct Script {
    pub(super) municipalities: Vec<DemoMunicipality>,
    pub(super) offerings: Vec<DemoOffering>,
    pub(super) providers: Vec<DemoProvider>,
    pub(super) own_offers: Vec<DemoOwnOffer>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct MunicipalityFile {
    number: String,
    settings: Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ProviderFile {
    organisation_number: String,
    profile: Value,
    approved_for: Vec<PlaceFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlaceFile {
    municipality: String,
    service: String,
    zones: Option<Vec<String>>,
    listing: Option<Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OwnOfferFile {
    municipality: String,
    service: String,
    listing: Value,
    closure: Option<DemoClosure>,
}

impl Script {
    /// Parses the embedded files.
    ///
    /// # Errors
    /// `validation` with what does not fit in the first file that does not.
    pub(super) fn read(catalogue: &Catalogue) -> Result<Self, DomainError> {
        let municipalities = json::<Vec<MunicipalityFile>>("municipalities.json", MUNICIPALITIES)?;
        let providers = json::<Vec<ProviderFile>>("providers.json", PROVIDERS)?;
        let own_offers = json::<Vec<OwnOfferFile>>("own_offers.json", OWN_OFFERS)?;
        let municipality = |file: MunicipalityFile| {
            Ok(DemoMunicipality {
                at: municipal(catalogue, &file.number)?,
                settings: file.settings,
            })
        };
        let offering = |(number, service, content): (&str, &str, &str)| {
            Ok(DemoOffering {
                at: municipal(catalogue, number)?,
                service: choosable(catalogue, service)?,
                content: json(service, content)?,
            })
        };
        let own_offer = |file: OwnOfferFile| {
            let OwnOfferFile { municipality, service, listing, closure } = file;
            let at = municipal(catalogue, &municipality)?;
            Ok(DemoOwnOffer { at, service: choosable(catalogue, &service)?, listing, closure })
        };
        let place = |file: PlaceFile| {
            let PlaceFile { municipality, service, zones, listing } = file;
            let at = municipal(catalogue, &municipality)?;
            Ok(DemoApproval { at, service: choosable(catalogue, &service)?, zones, listing })
        };
        let provider = |file: ProviderFile| {
            let number = OrganisationNumber::parse(&file.organisation_number);
            Ok(DemoProvider {
                number: number
                    .map_err(|error| DomainError::invalid("/organisationNumber", error))?,
                profile: file.profile,
                approved_for: all(file.approved_for, place)?,
            })
        };
        Ok(Self {
            municipalities: all(municipalities, municipality)?,
            offerings: all(OFFERINGS, offering)?,
            providers: all(providers, provider)?,
            own_offers: all(own_offers, own_offer)?,
        })
    }
}

fn all<F, T>(
    files: impl IntoIterator<Item = F>,
    read: impl Fn(F) -> Result<T, DomainError>,
) -> Result<Vec<T>, DomainError> {
    files.into_iter().map(read).collect()
}

fn json<T: DeserializeOwned>(file: &str, text: &str) -> Result<T, DomainError> {
    serde_json::from_str(text).map_err(|error| {
        DomainError::invalid(file, ValueError::new("demo-file", error.to_string()))
    })
}

fn municipal(catalogue: &Catalogue, number: &str) -> Result<Municipal, DomainError> {
    let (number, entry) =
        catalogue.municipality(number).ok_or_else(|| DomainError::not_found(Noun::Municipality))?;
    let organisation = OrganisationNumber::parse(&entry.organisation_number)
        .map_err(|error| DomainError::invalid("/organisationNumber", error))?;
    Ok(Municipal { number: number.clone(), organisation })
}

fn choosable(catalogue: &Catalogue, service: &str) -> Result<Code, DomainError> {
    catalogue.choosable_service(service).map_err(|error| DomainError::invalid("/service", error))
}
