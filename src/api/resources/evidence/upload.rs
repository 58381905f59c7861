//! Upload: streams a multipart body into the vault.

use std::time::Duration;

use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::{HttpRequest, http::header, web::Payload};
use futures_util::{Stream, StreamExt};
use tokio::time::timeout;

use crate::{
    api::{
        AppData,
        extract::body::{self, Walk},
        middleware::request_smuggling,
        problem::{HttpError, Problem, sentences},
    },
    domain::{
        error::DomainError,
        evidence::Description,
        message::Message,
        validation::ValidationErrors,
        values::{ids::FileId, text::Line},
    },
    json::form::Object,
    vault::incoming::ReceivedBytes,
};

/// The largest part `metadata`.
const MOST_METADATA: usize = 64 * 1024;
/// How long the sender may be silent.
const PART_TIMEOUT: Duration = Duration::from_secs(30);

/// Accepts a file; a rejected one is not stored.
pub(super) async fn receive(
    request: &HttpRequest,
    payload: Payload,
    state: &AppData,
    (id, room): (FileId, i64),
) -> Result<(Description, ReceivedBytes, Line), Problem> {
    let media_type =
        request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    if !media_type.is_some_and(|media_type| {
        media_type.to_ascii_lowercase().starts_with("multipart/form-data")
    }) {
        let detail = sentences::unsupported_media_type_multipart();
        let accept = header::HeaderName::from_static("accept-post");
        let problem = Problem::edge(HttpError::UnsupportedMediaType, detail);
        return Err(problem.with_header(accept, "multipart/form-data"));
    }
    let mut parts = Multipart::new(request.headers(), payload);
    let taken = take(&mut parts, state, (id, room)).await;
    // A client that is still sending would miss the answer: the rest is drained, unless it cannot be read.
    let unreadable = [HttpError::MALFORMED_MULTIPART, HttpError::REQUEST_TIMEOUT];
    if taken.as_ref().is_err_and(|problem| !unreadable.contains(&problem.code)) {
        let rest = async { while let Some(Ok(_)) = parts.next().await {} };
        // Too slow, and it is cut off.
        let _ = timeout(PART_TIMEOUT, rest).await;
    }
    taken
}

async fn take(
    parts: &mut Multipart,
    state: &AppData,
    (id, room): (FileId, i64),
) -> Result<(Description, ReceivedBytes, Line), Problem> {
    let mut metadata = part(parts, "metadata").await?;
    let input = match timeout(PART_TIMEOUT, metadata.bytes(MOST_METADATA)).await {
        Ok(Ok(Ok(bytes))) => body::read(&bytes, Walk::default())?,
        Ok(Err(_)) => {
            let detail = sentences::payload_too_large_metadata(MOST_METADATA);
            return Err(Problem::edge(HttpError::PayloadTooLarge, detail));
        }
        Ok(Ok(Err(error))) => return Err(unread(&error)),
        Err(_) => return Err(body::too_slow()),
    };
    drop(metadata);
    let mut errors = ValidationErrors::default();
    let description: Option<Description> = Object::of_request(&input, &[]).parse(&mut errors);
    let description = errors.finish(description).map_err(DomainError::validation)?;
    description.check(state.context.now())?;
    let mut file = part(parts, "file").await?;
    let (declared, name) = (declared(&file), label(&file));
    let received = store(&mut file, state, (id, room)).await?;
    drop(file);
    let agrees = declared.as_deref().is_none_or(|input| input == received.media_type.as_str());
    let ended = agrees && matches!(next(parts).await, Ok(None));
    if ended {
        return Ok((description, received, name));
    }
    state.vault.remove(id).await?;
    Err(if agrees {
        malformed(sentences::malformed_multipart_after())
    } else {
        let detail = sentences::content_mismatch(received.media_type.as_str());
        Problem::edge(HttpError::ContentMismatch, detail)
    })
}

/// Receives the bytes, within the provider's free space.
async fn store(
    file: &mut Field,
    state: &AppData,
    (id, room): (FileId, i64),
) -> Result<ReceivedBytes, Problem> {
    let (mut incoming, mut left) = (state.vault.begin(id).await?, room);
    loop {
        let written = match next(file).await {
            Ok(Some(piece)) => {
                left -= i64::try_from(piece.len()).unwrap_or(i64::MAX);
                if left < 0 {
                    let limit = state.vault.limits.provider.0;
                    Err(DomainError::provider_files_too_large(limit).into())
                } else {
                    incoming.write(piece).await.map_err(Problem::from)
                }
            }
            Ok(None) => return Ok(incoming.finish().await?),
            Err(problem) => Err(problem),
        };
        if let Err(problem) = written {
            incoming.abort().await;
            return Err(problem);
        }
    }
}

/// The next part, which must have this name.
async fn part(parts: &mut Multipart, name: &str) -> Result<Field, Problem> {
    let found = next(parts).await?.filter(|part| part.name() == Some(name));
    found.ok_or_else(|| malformed(sentences::malformed_multipart_order()))
}

/// The next item of a body that is still coming in.
async fn next<T>(
    items: &mut (impl Stream<Item = Result<T, MultipartError>> + Unpin),
) -> Result<Option<T>, Problem> {
    match timeout(PART_TIMEOUT, items.next()).await {
        Ok(item) => item.transpose().map_err(|error| unread(&error)),
        Err(_) => Err(body::too_slow()),
    }
}

fn unread(error: &MultipartError) -> Problem {
    match error {
        MultipartError::Payload(error) if request_smuggling::is_late(error) => body::too_slow(),
        MultipartError::Incomplete | MultipartError::Payload(_) => {
            malformed(sentences::malformed_multipart_broken_off())
        }
        _ => malformed(sentences::malformed_multipart_boundary()),
    }
}

fn malformed(detail: Message) -> Problem {
    Problem::edge(HttpError::MalformedMultipart, detail)
}

/// The type that the sender declares, if it is one.
fn declared(file: &Field) -> Option<String> {
    let input = file.content_type()?.essence_str().to_ascii_lowercase();
    (input != "application/octet-stream").then_some(input)
}

/// The name that the sender gives it, as a label.
fn label(file: &Field) -> Line {
    let input = file.content_disposition().and_then(|it| it.get_filename());
    Line::of_file_name(input.unwrap_or_default())
}
