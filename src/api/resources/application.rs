//! Applications: lists and single ones. Their commands are in `commands::application`.

mod case;
mod evidence;
mod list;

pub(crate) use self::{case::load, list::*};

use self::case::ApplicationView;

use actix_web::{HttpResponse, get, web::Path};

use super::read_receipt::record_read_receipt;
use crate::{
    api::{
        extract::caller::Caller,
        private_read::PrivateReads,
        problem::{PrivateProblems, Problem},
    },
    commands::{self, Tx, application::ApplicationCase},
    domain::{access::AccessLogEntry, application::Application, role::Party},
};

/// One application.
///
/// For its provider and for the municipality that handles it. Lists missing content and possible actions, and
/// for the provider its own files that cover each criterion, while it can attach them. The provider's read of a
/// request for completion is recorded, once for each reader.
#[utoipa::path(
    tag = "applications", operation_id = "applicationGet", security(("token" = [])),
    params(("id" = uuid::Uuid, Path, description = "Id of the application")),
    responses((status = 200, description = "The application.", body = ApplicationView), PrivateProblems),
)]
#[get("/applications/{id}")]
pub(crate) async fn application_get(
    by: Caller<Party>,
    id: Path<uuid::Uuid>,
    reads: PrivateReads,
) -> Result<HttpResponse, Problem> {
    record_read_receipt::<Application>(&reads.state, &by, *id).await?;
    let load = move |tx: &mut Tx, by: &Caller<Party>| {
        let mut case = commands::load::<ApplicationCase>(tx, &id, &by.role)?;
        case.details = evidence::details(tx.session, &case, &by.role)?;
        let entry = AccessLogEntry::from(&case);
        Ok((case, vec![entry]))
    };
    reads.get_with(by, load).await
}

impl From<&ApplicationCase> for AccessLogEntry {
    fn from(case: &ApplicationCase) -> Self {
        (&case.application).into()
    }
}
