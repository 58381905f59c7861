//! A provider's own files: uploaded once, attached to cases with its consent.

mod upload;

use actix_web::{
    HttpRequest, HttpResponse, get,
    http::header::{
        self, Charset, ContentDisposition, DispositionParam, DispositionType, ExtendedValue,
        HeaderName,
    },
    post,
    web::{Path, Payload},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use serde::Deserialize;
use serde_json::json;
use utoipa::{
    IntoParams, ToSchema,
    openapi::{Object, ObjectBuilder, Ref, extensions::Extensions, schema::Type},
};

use crate::{
    api::{
        AppData, AppState,
        extract::{
            caller::Caller,
            locale::ReaderLanguage,
            negotiation::private,
            page::{Page, PageLimit, PageRequest},
            query::ValidQuery,
        },
        private_read::PrivateReads,
        problem::{ActProblems, HttpError, PrivateProblems, Problem, sentences},
        view::{FileBytes, View, Viewer},
    },
    commands::{Tx, evidence::EvidenceFile},
    domain::{
        Change,
        access::AccessLogEntry,
        error::{DomainError, ErrorCode, Noun},
        evidence::{Description, ProviderFile, ReceivedContent, download_name},
        role::{CallerIdentity, Party, ProviderUser, Role},
        values::{ids::FileId, numbers::OrganisationNumber},
    },
    store::{Done, Failure, Session},
    vault,
};

impl From<vault::VaultError> for Problem {
    fn from(error: vault::VaultError) -> Self {
        tracing::error!(%error, "the evidence store failed");
        match error {
            vault::VaultError::Full => {
                Self::edge(HttpError::StorageFull, sentences::storage_full())
            }
            _ => Self::edge(HttpError::StorageUnavailable, sentences::storage_unavailable())
                .with_header(header::RETRY_AFTER, "30"),
        }
    }
}

impl From<vault::Refused> for Problem {
    fn from(refused: vault::Refused) -> Self {
        match refused {
            vault::Refused::TooLarge(most) => {
                Self::edge(HttpError::FileTooLarge, sentences::file_too_large(most))
            }
            vault::Refused::NotAllowed(why) => Self::edge(HttpError::ContentNotAllowed, why),
            vault::Refused::Store(error) => error.into(),
        }
    }
}

/// Problems of an upload beside those of every command.
#[derive(Debug, utoipa::IntoResponses)]
#[allow(dead_code, reason = "describes answers in the document only")]
enum StoreProblems {
    /// The store of files is full.
    #[response(status = 507, content_type = "application/problem+json")]
    Full(Problem),
}

/// What is known of a file, and what the caller may do.
type FileAnswer = View<EvidenceFile>;

/// A file with what is said of it.
#[derive(Debug, ToSchema)]
#[schema(as = EvidenceUpload)]
#[allow(dead_code, reason = "describes the body in the document only")]
pub(crate) struct Upload {
    #[schema(schema_with = metadata_part)]
    metadata: Description,
    /// The bytes: PDF, PNG, JPEG, plain text in UTF-8, DOCX, XLSX, ODT or ODS.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// The part with the metadata: JSON in a string, since code generators do not write an object as a part of a form.
fn metadata_part() -> Object {
    let schema = Ref::from_schema_name(Description::name());
    let part =
        ObjectBuilder::new().schema_type(Type::String).content_media_type("application/json");
    part.description(Some("Metadata as JSON. This part comes first."))
        .examples([
            r#"{"kind": "insurance", "title": "Forsikring 2026", "issuedOn": "2026-01-02"}"#,
        ])
        .extensions(Some(Extensions::from_iter([("contentSchema", json!(schema))])))
        .build()
}

/// Upload a file.
///
/// `multipart/form-data` with the part `metadata` and then the part `file`. The provider owns it, and a
/// municipality sees it only after it is attached to a case with consent. The file is streamed to the store;
/// its type is detected from its bytes, and a declared type must match. Never a police certificate.
#[utoipa::path(
    tag = "evidence", operation_id = "evidenceUpload", security(("token" = [])),
    request_body(content = Upload, content_type = "multipart/form-data"),
    responses(
        (status = 201, description = "The stored file, with its SHA-256.", body = FileAnswer),
        ActProblems, StoreProblems,
    ),
)]
#[post("/evidence")]
pub(crate) async fn evidence_upload(
    by: Caller<ProviderUser>,
    request: HttpRequest,
    payload: Payload,
    language: ReaderLanguage,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let limit = state.vault.limits.provider;
    // Checked before the body is read, and again under the lock, where concurrent uploads are counted.
    let room = room(&state, by.role.organisation.clone()).await?;
    let id = state.context.id();
    let received = upload::receive(&request, payload, &state, (id, room)).await?;
    let (description, received, file_name) = received;
    let vault::incoming::ReceivedBytes { media_type, bytes, sha256 } = received;
    let content = ReceivedContent { file_name, media_type, bytes, sha256 };
    // If the database fails, the row may have been saved: the bytes are left to the sweep.
    let answer = state
        .execute(by.metadata(&state.context), move |session, state, now| {
            limit.check(session.provider_bytes(&by.role.organisation)?, content.bytes)?;
            let scanned = state.vault.scanner.is_some();
            let time = (now, state.vault.limits.unused);
            let change = ProviderFile::receive(id, description, content, scanned, &by.role, time)?;
            let Change { value, event } = change;
            session.save_evidence_file(&value, None)?;
            let mut tx = Tx::new(session, state.environment(), now);
            let file = EvidenceFile::of(&mut tx, value)?;
            let viewer = Viewer { caller: &by.caller, now, language };
            let answer = viewer.answer(&file, true)?;
            Ok(Done { event, public: None, related: vec![], answer })
        })
        .await;
    let too_large = ErrorCode::ProviderFilesTooLarge.as_str();
    if answer.as_ref().is_err_and(|problem| problem.code == too_large) {
        state.vault.remove(id).await?;
    }
    answer
}

/// How many bytes the provider may still upload.
async fn room(state: &AppData, provider: OrganisationNumber) -> Result<i64, Problem> {
    let used = state.read(move |session, _| {
        let known = session.provider(&provider)?.is_some();
        Ok(if known { Some(session.provider_bytes(&provider)?) } else { None })
    });
    let used = used.await?.ok_or_else(DomainError::provider_not_registered)?;
    Ok(state.vault.limits.provider.room(used)?)
}

/// Query of the list of files.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct EvidenceQuery {
    /// Maximum number of items.
    #[param(inline, value_type = PageLimit, required = false)]
    limit: Option<u16>,
    /// Where the last page ended.
    cursor: Option<String>,
}

/// Own files.
///
/// All files of the provider, oldest first.
#[utoipa::path(
    tag = "evidence", operation_id = "evidenceList", security(("token" = [])), params(EvidenceQuery),
    responses((status = 200, description = "A page of files.", body = Page<FileAnswer>), PrivateProblems),
)]
#[get("/evidence")]
pub(crate) async fn evidence_list(
    by: Caller<ProviderUser>,
    request: HttpRequest,
    parameters: ValidQuery<EvidenceQuery>,
    language: ReaderLanguage,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let ValidQuery(query) = parameters;
    let slice = PageRequest::of(&request, query.limit, query.cursor.as_deref())?;
    let after = slice.after(|key| key.parse().ok())?.map(FileId::new);
    let fetch = i64::try_from(slice.fetch()).unwrap_or(i64::MAX);
    let (caller, now) = (by.caller.clone(), state.context.now());
    let read = move |session: &mut Session<'_>, state: &AppState| {
        let files = session.evidence_files(&by.role.organisation, after, fetch)?;
        let mut tx = Tx::new(session, state.environment(), now);
        EvidenceFile::all(&mut tx, files, &by.role.organisation)
    };
    let files = state.read(read).await?;
    let page = slice.page(files, |it| it.file.id.to_string());
    let viewer = Viewer { caller: &caller, now, language };
    let page = page.map(|file| viewer.view(file));
    Ok(private(&page, &page.page))
}

/// Metadata of a file.
///
/// For its provider, and for the municipality that handles a case with access to it. A confidential file is
/// visible only to the roles that handle the case.
#[utoipa::path(
    tag = "evidence", operation_id = "evidenceGet", security(("token" = [])),
    params(("id" = uuid::Uuid, Path, description = "Id of the file")),
    responses((status = 200, description = "The file, without its bytes.", body = FileAnswer), PrivateProblems),
)]
#[get("/evidence/{id}")]
pub(crate) async fn evidence_get(
    by: Caller<Party>,
    id: Path<uuid::Uuid>,
    reads: PrivateReads,
) -> Result<HttpResponse, Problem> {
    let load = move |tx: &mut Tx, by: &Caller<Party>| {
        let (file, accesses) = seen_by(tx.session, FileId::new(*id), &by.role, &by.caller)?;
        Ok((EvidenceFile::of(tx, file)?, accesses))
    };
    reads.get_with(by, load).await
}

/// Query of the bytes of a file.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ContentQuery {
    /// The caller knows that no scanner has looked at the file, and takes it all the same. Needed by municipalities for
    /// files that are `not-scanned`.
    #[serde(default)]
    #[param(default = false)]
    accept_unscanned: bool,
}

/// The bytes of a file.
///
/// For parties with access: as an attachment without content sniffing or caching. The file name has the
/// extension of the detected type, whatever its label. With a scanner the municipality gets clean files;
/// without one it must send `acceptUnscanned=true`.
#[utoipa::path(
    tag = "evidence", operation_id = "evidenceContent", security(("token" = [])),
    params(("id" = uuid::Uuid, Path, description = "Id of the file"), ContentQuery),
    responses(
        (status = 200, description = "The bytes.", content(
            (FileBytes = "application/pdf"),
            (FileBytes = "image/png"),
            (FileBytes = "image/jpeg"),
            (FileBytes = "text/plain"),
            (FileBytes = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
            (FileBytes = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            (FileBytes = "application/vnd.oasis.opendocument.text"),
            (FileBytes = "application/vnd.oasis.opendocument.spreadsheet"),
        ), headers(
            ("Content-Disposition" = String, description = "An attachment, with its name as a label"),
            ("Repr-Digest" = String, description = "SHA-256 of the bytes (RFC 9530)"),
        )),
        (status = 409, description = "The file was not scanned, or was rejected.", body = Problem, content_type = "application/problem+json"),
        PrivateProblems,
    ),
)]
#[get("/evidence/{id}/content")]
pub(crate) async fn evidence_content(
    by: Caller<Party>,
    id: Path<uuid::Uuid>,
    parameters: ValidQuery<ContentQuery>,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let (id, ValidQuery(ContentQuery { accept_unscanned })) = (FileId::new(*id), parameters);
    let own = matches!(by.role, Party::Provider(_));
    let read = state.read_private(by.reader(), move |session, state| {
        let (file, accesses) = seen_by(session, id, &by.role, &by.caller)?;
        file.may_be_read(own, state.vault.scanner.is_some(), accept_unscanned)?;
        Ok((file, accesses))
    });
    let file = read.await?;
    let bytes = state.vault.read(id).await?;
    let ProviderFile { content, .. } = file;
    let length = u64::try_from(content.bytes).unwrap_or_default();
    let name = download_name(content.file_name.as_str(), content.media_type);
    let mut answer = HttpResponse::Ok();
    answer
        .content_type(content.media_type.as_str())
        .insert_header(attachment_named(&name))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"))
        .insert_header((HeaderName::from_static("cross-origin-resource-policy"), "same-origin"))
        .insert_header(("Repr-Digest", digest_field(&content.sha256)));
    Ok(answer.body(actix_web::body::SizedStream::new(length, bytes)))
}

/// A file that the party may see, and the cases in which a municipality sees it. Others are not found.
fn seen_by(
    session: &mut Session<'_>,
    id: FileId,
    party: &Party,
    caller: &CallerIdentity,
) -> Result<(ProviderFile, Vec<AccessLogEntry>), Failure> {
    let nothing = || DomainError::not_found(Noun::Evidence);
    let file = session.evidence_file(id)?.ok_or_else(nothing)?;
    let (seen, accesses) = match party {
        Party::Provider(own) => (*own == file.provider, vec![]),
        Party::Municipality(number) => {
            let handles = matches!(caller.role, Role::CaseWorker | Role::DecisionMaker);
            let cases = session.evidence_cases(id, number)?;
            let seen = handles || file.description.confidential.is_none();
            let accesses =
                cases.iter().map(|case| AccessLogEntry::at_file(&file, number, *case)).collect();
            (seen && !cases.is_empty(), accesses)
        }
    };
    if seen { Ok((file, accesses)) } else { Err(nothing().into()) }
}

/// A name as a label on an attachment (RFC 6266, RFC 8187): plain for old readers, exact for others.
fn attachment_named(name: &str) -> ContentDisposition {
    let plain: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || ".-_ ".contains(c) { c } else { '_' })
        .collect();
    let exact = ExtendedValue {
        charset: Charset::Ext("UTF-8".to_owned()),
        language_tag: None,
        value: name.as_bytes().to_vec(),
    };
    let parameters = vec![DispositionParam::Filename(plain), DispositionParam::FilenameExt(exact)];
    ContentDisposition { disposition: DispositionType::Attachment, parameters }
}

/// `sha-256=:…:` of a digest in hexadecimal.
fn digest_field(sha256: &str) -> String {
    let pairs = sha256.as_bytes().chunks(2).filter_map(|pair| std::str::from_utf8(pair).ok());
    let bytes: Vec<u8> = pairs.filter_map(|pair| u8::from_str_radix(pair, 16).ok()).collect();
    format!("sha-256=:{}:", BASE64_STANDARD.encode(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_label_that_no_reader_can_be_fooled_by() {
        let label = |name| attachment_named(name).to_string();
        assert_eq!(
            label("Bærum \"plan\"; x.pdf"),
            "attachment; filename=\"B_rum _plan__ x.pdf\"; \
             filename*=UTF-8''B%C3%A6rum%20%22plan%22%3B%20x.pdf"
        );
    }

    #[test]
    fn a_digest_is_a_structured_field() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(digest_field(empty), "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:");
    }
}
