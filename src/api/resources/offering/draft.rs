//! Draft of an offering's next version. Its commands are in `commands::offering`.

use actix_web::{HttpResponse, get, http::StatusCode, web::Path};

use crate::{
    api::{
        AppData,
        extract::{caller::Caller, locale::ReaderLanguage, preconditions::respond_private},
        problem::{PrivateProblems, Problem},
        view::{View, Viewer},
    },
    commands::{self, TargetView, Tx, offering::EditedOffering},
    domain::role::{Editor, Party},
    json::offering::draft::OfferingDraft,
};

/// The editor's view of a draft.
type DraftView = View<TargetView<EditedOffering, OfferingDraft>>;

/// The draft of the next version.
///
/// Its content, and all fields missing for a publication.
#[utoipa::path(
    tag = "offerings", operation_id = "offeringDraftGet", security(("token" = [])),
    params(("id" = uuid::Uuid, Path, description = "Id of the offering")),
    responses((status = 200, description = "The draft.", body = DraftView), PrivateProblems),
)]
#[get("/offerings/{id}/draft")]
pub(crate) async fn offering_draft_get(
    by: Caller<Editor>,
    id: Path<uuid::Uuid>,
    language: ReaderLanguage,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let (caller, now) = (by.caller.clone(), state.context.now());
    let party = Party::Municipality(by.role.municipality);
    let draft = state
        .read(move |session, state| {
            let mut tx = Tx::new(session, state.environment(), now);
            Ok(commands::load::<EditedOffering>(&mut tx, &id, &party)?.show_draft(now))
        })
        .await?;
    let view = Viewer { caller: &caller, now, language }.view(&draft);
    Ok(respond_private(StatusCode::OK, draft.revision, &view))
}
