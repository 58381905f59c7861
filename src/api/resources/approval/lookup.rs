//! Lookup of many organisation numbers: their approvals.
//!
//! The answer is built in pieces off the event loop, each after the reader has taken the previous one. So a
//! slow reader of a large answer costs the memory of two pieces.

mod pieces;

use std::{collections::HashSet, sync::Arc};

use actix_web::{HttpRequest, HttpResponse, post};
use serde::Serialize;
use utoipa::ToSchema;

use self::pieces::{Lookup, Pieces};
use crate::{
    api::{
        AppData,
        extract::{
            as_of::{AsOf, AsOfQuery},
            body::{QuestionProblems, ValidJson},
            preconditions::{CODING, JSON, public_form},
        },
        middleware::rate_limits::{self, Class},
        problem::{Problem, ReadProblems},
    },
    domain::{message::fields, validation::ValidationErrors, values::numbers::OrganisationNumber},
    json::{
        form::{Form, serde_bridge::serde_by_form},
        public::ApprovalView,
    },
    register::body::Body,
};

serde_by_form!(ApprovalLookup);

/// Maximum number of approvals in an answer, unless the first number alone has more.
const MAX_APPROVALS: usize = 1000;
/// How many numbers and approvals cost as much as a search.
const PER_UNIT: usize = 50;

/// The organisation numbers.
#[derive(Debug, Form)]
#[form(closed, check = ApprovalLookup::check, example({"organisationNumbers": ["313000028", "313000036"]}))]
pub struct ApprovalLookup {
    /// Organisation numbers, 1 to 500, each once.
    #[form(min_items = 1, max_items = 500)]
    organisation_numbers: Vec<OrganisationNumber>,
}

impl ApprovalLookup {
    fn check(&self, errors: &mut ValidationErrors) {
        let mut seen = HashSet::new();
        for (i, number) in self.organisation_numbers.iter().enumerate() {
            if !seen.insert(number) {
                let error = fields::duplicate_organisation_number();
                errors.add(format!("/organisationNumbers/{i}"), error);
            }
        }
    }
}

/// The results, in the order of the request.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code, reason = "only describes the answer in the OpenAPI document")]
pub struct ApprovalLookupAnswer {
    /// One for each number that is answered.
    items: Vec<LookedUp>,
    /// Numbers without a result, since the answer already has 1000 approvals: send them again. Usually empty.
    unanswered: Vec<String>,
}

/// Result of one organisation number.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code, reason = "only describes the answer in the OpenAPI document")]
pub struct LookedUp {
    /// The number.
    organisation_number: String,
    /// The provider's name; absent for one that is not registered.
    name: Option<String>,
    /// Whether citizens can choose it anywhere.
    choosable: bool,
    /// All its approvals, ended ones too, the oldest first.
    approvals: Vec<ApprovalView>,
}

/// Look up many organisation numbers.
///
/// Up to 500 distinct numbers; an unregistered one has no name and no approvals. An answer has at most 1000
/// approvals: further numbers are in `unanswered`; send them again. It costs one search of the quota, and one
/// more for each 50 numbers and approvals.
#[utoipa::path(
    tag = "approvals", operation_id = "approvalLookup", security(), params(AsOfQuery),
    request_body = ApprovalLookup,
    responses((status = 200, description = "The result of each number.", body = ApprovalLookupAnswer), ReadProblems, QuestionProblems),
)]
#[post("/approvals/lookup")]
pub(crate) async fn approval_lookup(
    request: HttpRequest,
    body: ValidJson<ApprovalLookup>,
    times: AsOf,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let mut numbers = body.0.organisation_numbers;
    let (snapshot, now) = (state.register.snapshot(), state.context.now());
    times.view(&snapshot, now)?;
    let (mut answered, mut approvals) = (0, 0);
    for number in &numbers {
        let count = snapshot.approval_count_of(number.as_str());
        if answered > 0 && approvals + count > MAX_APPROVALS {
            break;
        }
        (answered, approvals) = (answered + 1, approvals + count);
    }
    let units = u32::try_from((answered + approvals) / PER_UNIT).unwrap_or(u32::MAX);
    rate_limits::charge(&request, now, Class::Searches, units)?;
    let unanswered = numbers.split_off(answered);
    let lookup = Arc::new(Lookup { snapshot, times, now, numbers, unanswered });
    let first = Arc::clone(&lookup);
    let (bytes, next) = state.heavy(&request, move |_| first.piece(Some((0, 0)))).await?;
    if next.is_none() {
        let body = Body::once(bytes, None);
        return Ok(public_form(request.headers(), &body, JSON, CODING));
    }
    let pieces = Pieces::after((*state).clone(), lookup, bytes, next);
    Ok(HttpResponse::Ok().content_type(JSON).body(pieces))
}
