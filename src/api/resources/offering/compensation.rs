//! A preview of an adjustment of prices by an index. It changes nothing, so it is no command.

use actix_web::{HttpResponse, http::StatusCode, post, web::Path};

use crate::{
    api::{
        AppData,
        extract::{body::ValidJson, caller::Caller, preconditions::respond_private},
        problem::{ActProblems, Problem},
    },
    commands::{
        self, Tx,
        offering::{AdjustCompensation, EditedOffering},
    },
    domain::role::{Editor, Party},
    json::compensation::AnnouncementView,
};

/// Preview an index adjustment.
///
/// The result of the adjustment now, line by line with its computation, or the reason for its rejection.
/// Nothing is saved.
#[utoipa::path(
    tag = "offerings", operation_id = "offeringPreviewAdjustment", security(("token" = [])),
    params(("id" = uuid::Uuid, Path, description = "Id of the offering")),
    request_body = AdjustCompensation,
    responses((status = 200, description = "Effect of the adjustment.", body = AnnouncementView), ActProblems),
)]
#[post("/offerings/{id}/index-adjustments/preview")]
pub(crate) async fn offering_preview_adjustment(
    by: Caller<Editor>,
    id: Path<uuid::Uuid>,
    body: ValidJson<AdjustCompensation>,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let ValidJson(adjustment) = body;
    let party = Party::Municipality(by.role.municipality.clone());
    let (revision, view) = state
        .read(move |session, state| {
            let now = state.context.now();
            let mut tx = Tx::new(session, state.environment(), now);
            let edited = commands::load::<EditedOffering>(&mut tx, &id, &party)?;
            let change = adjustment.change(&edited, &by.role, now)?;
            Ok((edited.offering().revision, change.value.view()))
        })
        .await?;
    Ok(respond_private(StatusCode::OK, revision, &view))
}
