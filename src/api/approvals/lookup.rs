//! Many organisation numbers at once: who of them is approved, where and for what.

use actix_web::{HttpRequest, HttpResponse, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    api::{
        Shared,
        body::{QuestionProblems, Said},
        condition::public,
        problem::{Problem, ReadProblems},
        times::{Times, TimesQuery},
    },
    document::{each, public::ApprovalRecord},
    domain::{fault::Fault, faults::Faults, numbers::OrganisationNumber, refusal::Refusal},
    register::Seen,
};

/// How many numbers one may ask about at once.
const MOST: usize = 500;

/// Whom one asks about.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"organisationNumbers": ["313000028", "313000036"]}))]
pub struct ApprovalLookup {
    /// Organisation numbers, 1 to 500.
    #[schema(min_items = 1, max_items = 500)]
    organisation_numbers: Vec<String>,
}

/// What is known of those who were asked about, in the order of the question.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ApprovalLookupAnswer {
    /// One for each number.
    items: Vec<LookedUp>,
}

/// What is known of one organisation number.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LookedUp {
    /// The number.
    organisation_number: String,
    /// The provider's name; absent for one that is not registered.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    name: Option<String>,
    /// Whether citizens can choose it anywhere.
    choosable: bool,
    /// All its approvals, ended ones too, the oldest first.
    approvals: Vec<ApprovalRecord>,
}

/// Look up many organisation numbers.
///
/// Up to 500 at once; one that is not registered has no name and no approvals.
#[utoipa::path(
    tag = "approvals", operation_id = "approvalLookup", security(), params(TimesQuery),
    request_body = ApprovalLookup,
    responses((status = 200, description = "What is known of each.", body = ApprovalLookupAnswer), ReadProblems, QuestionProblems),
)]
#[post("/approvals/lookup")]
pub(crate) async fn approval_lookup(
    request: HttpRequest,
    said: Said<ApprovalLookup>,
    times: Times,
    state: Shared,
) -> Result<HttpResponse, Problem> {
    let (mut faults, asked) = (Faults::default(), said.0.organisation_numbers);
    let at = "/organisationNumbers";
    if asked.is_empty() {
        faults.add(at, Fault::new("too-few", "Send at least one organisation number."));
    } else if asked.len() > MOST {
        faults.add(at, Fault::new("too-many", "Send at most 500 organisation numbers at once."));
    }
    let numbers = each(&mut faults, at, &asked, |faults, at, number| {
        faults.parse(at, Some(number), OrganisationNumber::parse)
    });
    let numbers = faults.settle(numbers).map_err(Refusal::validation)?;
    let snapshot = state.register.snapshot();
    let lens = times.lens(&snapshot, state.context.now())?;
    let items = numbers.iter().map(|number| {
        let found: Vec<_> = lens.approvals_of_provider(number.as_str()).collect();
        LookedUp {
            organisation_number: number.to_string(),
            name: lens.provider(number.as_str()).map(|profile| profile.name.clone()),
            choosable: found.iter().any(|seen| seen.status().is_choosable()),
            approvals: found.iter().map(Seen::shown).collect(),
        }
    });
    Ok(public(&request, None, &ApprovalLookupAnswer { items: items.collect() }))
}
