//! Catalogues: service types, topics and national criteria, grounds.

use actix_web::{HttpRequest, HttpResponse, get};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    api::{AppData, extract::preconditions::public, problem::ReadProblems},
    catalogue::{GroundEntry, NationalCriterion, ServiceType, Topic},
    domain::values::text::LocalText,
};

/// All entries of a catalogue.
#[derive(Debug, Serialize, ToSchema)]
pub struct ServiceTypes {
    /// Service types in the order of KPR.
    items: Vec<ServiceTypeView>,
}

/// A service type of the municipal patient and user register (KPR).
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ServiceType, example = json!({
    "code": "personal-assistance", "kprCode": 3, "choosable": "common",
    "name": {"nb": "Brukerstyrt personlig assistanse", "nn": "Brukarstyrt personleg assistanse"}
}))]
struct ServiceTypeView {
    /// The code in paths.
    code: String,
    /// The number in KPR.
    kpr_code: u16,
    /// Name.
    name: LocalText,
    /// Whether citizens can choose a provider for it: `common`, `possible`, `rare`, `no`.
    choosable: String,
}

/// Topics and criteria.
#[derive(Debug, Serialize, ToSchema)]
pub struct Criteria {
    /// The nineteen topics of criteria.
    matters: Vec<TopicView>,
    /// Criteria that a municipality can take over.
    items: Vec<CriterionView>,
}

/// A topic.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Topic)]
struct TopicView {
    /// Its code.
    code: String,
    /// Its place in the list.
    order: u16,
    /// Name.
    name: LocalText,
    /// First day.
    valid_from: String,
    /// Why it is in the list.
    basis: String,
}

/// A national criterion.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = NationalCriterion)]
struct CriterionView {
    /// Its code; unique among those valid on one day.
    code: String,
    /// The topic it belongs to.
    matter: String,
    /// The requirement.
    text: LocalText,
    /// Whether it is mandatory for an approval.
    mandatory: bool,
    /// Kinds of evidence.
    evidence: Vec<String>,
    /// How old the evidence may be, such as `6 month`.
    max_age: Option<String>,
    /// The reference day of the age.
    age_counted_to: Option<String>,
    /// Legal source.
    legal_source: String,
    /// First day.
    valid_from: String,
    /// Last day.
    valid_to: Option<String>,
}

/// Grounds.
#[derive(Debug, Serialize, ToSchema)]
pub struct Grounds {
    /// All grounds.
    items: Vec<GroundView>,
}

/// A ground.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = GroundEntry)]
struct GroundView {
    /// Its code.
    code: String,
    /// Name.
    name: LocalText,
    /// Whether an application may be refused on it.
    may_refuse: bool,
    /// Whether an approval may be revoked on it.
    may_revoke: bool,
    /// Whether an application may be dismissed on it.
    may_dismiss: bool,
    /// Required facts.
    needs: Vec<String>,
    /// Source.
    basis: String,
}

fn list(joined: &str) -> Vec<String> {
    joined.split('|').filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

impl From<&ServiceType> for ServiceTypeView {
    fn from(entry: &ServiceType) -> Self {
        Self {
            code: entry.code.clone(),
            kpr_code: entry.kpr_code,
            name: LocalText::of_registry(&entry.name_nb, &entry.name_nn, &entry.name_en),
            choosable: entry.choosable.clone(),
        }
    }
}

impl From<&Topic> for TopicView {
    fn from(entry: &Topic) -> Self {
        Self {
            code: entry.code.clone(),
            order: entry.order,
            name: LocalText::of_registry(&entry.name_nb, &entry.name_nn, &entry.name_en),
            valid_from: entry.valid_from.clone(),
            basis: entry.basis.clone(),
        }
    }
}

impl From<&NationalCriterion> for CriterionView {
    fn from(entry: &NationalCriterion) -> Self {
        let age = entry.max_age_amount.zip(entry.max_age_unit.as_ref());
        Self {
            code: entry.code.clone(),
            matter: entry.matter.clone(),
            text: LocalText::of_registry(&entry.text_nb, &entry.text_nn, &entry.text_en),
            mandatory: entry.mandatory == "yes",
            evidence: list(&entry.evidence),
            max_age: age.map(|(amount, unit)| format!("{amount} {unit}")),
            age_counted_to: entry.age_reference.clone(),
            legal_source: entry.legal_source.clone(),
            valid_from: entry.valid_from.clone(),
            valid_to: entry.valid_to.clone(),
        }
    }
}

impl From<&GroundEntry> for GroundView {
    fn from(entry: &GroundEntry) -> Self {
        Self {
            code: entry.code.clone(),
            name: LocalText::of_registry(&entry.name_nb, &entry.name_nn, &entry.name_en),
            may_refuse: entry.may_refuse == "yes",
            may_revoke: entry.may_revoke == "yes",
            may_dismiss: entry.may_dismiss == "yes",
            needs: list(&entry.needs),
            basis: entry.basis.clone(),
        }
    }
}

/// Service types.
///
/// The types of the municipal patient and user register (KPR), and whether they can be chosen.
#[utoipa::path(
    tag = "catalogues", operation_id = "serviceTypeList", security(),
    responses((status = 200, description = "All service types.", body = ServiceTypes), ReadProblems),
)]
#[get("/service-types")]
pub(crate) async fn service_type_list(request: HttpRequest, state: AppData) -> HttpResponse {
    let items = state.catalogue.service_types.iter().map(Into::into).collect();
    public(&request, None, &ServiceTypes { items })
}

/// Topics and national criteria.
///
/// The nineteen topics of an offering's criteria, and criteria that a municipality can adopt.
#[utoipa::path(
    tag = "catalogues", operation_id = "criterionList", security(),
    responses((status = 200, description = "All topics and criteria.", body = Criteria), ReadProblems),
)]
#[get("/criteria")]
pub(crate) async fn criterion_list(request: HttpRequest, state: AppData) -> HttpResponse {
    let matters = state.catalogue.topics.iter().map(Into::into).collect();
    let items = state.catalogue.criteria.iter().map(Into::into).collect();
    public(&request, None, &Criteria { matters, items })
}

/// Grounds.
///
/// The grounds on which an application may be refused or dismissed and an approval revoked.
#[utoipa::path(
    tag = "catalogues", operation_id = "groundList", security(),
    responses((status = 200, description = "All grounds.", body = Grounds), ReadProblems),
)]
#[get("/grounds")]
pub(crate) async fn ground_list(request: HttpRequest, state: AppData) -> HttpResponse {
    let items = state.catalogue.grounds.iter().map(Into::into).collect();
    public(&request, None, &Grounds { items })
}
