//! Files of the whole register.

pub mod digest;
mod range;

use std::{
    collections::VecDeque,
    convert::Infallible,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use actix_web::{
    HttpMessage, HttpRequest, HttpResponse, HttpResponseBuilder,
    body::BodyStream,
    get,
    http::{
        StatusCode,
        header::{self, HttpDate},
    },
    web::{Data, Path},
};
use bytes::Bytes;
use futures_util::stream;
use tokio::sync::Mutex;
use utoipa::openapi::schema::Object;

use self::range::{RangePart, asked_for};
use crate::{
    api::{
        AppData, AppState,
        extract::{
            as_of::{AsOf, AsOfQuery},
            min_position,
            preconditions::{CACHE, coding_of, is_known, ready_value},
            principal::WasHead,
        },
        middleware::bodies::holding,
        problem::{HttpError, Problem, ReadProblems, sentences},
        view::FileBytes,
    },
    domain::values::time::Instant,
    json::words,
    register::{
        body::Coding,
        export::{EncodedFile, Proof, SnapshotFile, SnapshotFormat, SnapshotTable, field_of},
    },
};

/// How many proofs of former positions are remembered.
const PROOFS: usize = 64;

/// A finished file, or one being built by the holder of the lock.
type FileSlot = Arc<Mutex<Option<Arc<SnapshotFile>>>>;

/// Recently requested files. Each is built once for all requests.
#[derive(Debug, Default)]
pub struct Files {
    ndjson: FileSlot,
    csv: [FileSlot; 4],
    xlsx: FileSlot,
    proofs: Arc<Mutex<VecDeque<Proof>>>,
    made: AtomicU64,
}

impl Files {
    /// Number of files built since the start.
    #[must_use]
    pub fn made(&self) -> u64 {
        self.made.load(Ordering::Relaxed)
    }

    fn place(&self, form: SnapshotFormat) -> FileSlot {
        let [approvals, municipalities, offerings, providers] = &self.csv;
        Arc::clone(match form {
            SnapshotFormat::Ndjson => &self.ndjson,
            SnapshotFormat::Csv(SnapshotTable::Approvals) => approvals,
            SnapshotFormat::Csv(SnapshotTable::Municipalities) => municipalities,
            SnapshotFormat::Csv(SnapshotTable::Offerings) => offerings,
            SnapshotFormat::Csv(SnapshotTable::Providers) => providers,
            SnapshotFormat::Xlsx => &self.xlsx,
        })
    }
}

crate::json::parameter_schema!(TableParameter, tables);

fn tables() -> Object {
    words("A table of the register.", SnapshotTable::ALL.map(SnapshotTable::as_str))
}

/// How reading a part of a file can fail.
#[derive(Debug, utoipa::IntoResponses)]
#[allow(dead_code, reason = "describes answers in the document only")]
enum PartProblems {
    /// The requested range is outside the file; `Content-Range` has its length.
    #[response(status = 416, content_type = "application/problem+json")]
    NoSuchPart(Problem),
}

/// The register as NDJSON.
///
/// All public records of municipalities, offerings, providers and approvals, ended ones too, by subject. The
/// first line has `position`, `asOf`, `count`, `digest` and the `sha256` of all bytes after it; then one record
/// per line: its `subject`, the `position` of its last change, and in `data` the record as in the change feed,
/// with its status as of `asOf`. Continue with the change feed after `position`.
#[utoipa::path(
    tag = "changes", operation_id = "snapshotNdjson", security(),
    params(("Range" = Option<String>, Header, description = "One range of bytes, to go on with a download"),
        ("If-Range" = Option<String>, Header, description = "The ETag of the interrupted download: a changed \
         file is sent in full"),
        AsOfQuery),
    responses(
        (status = 200, description = "The file.", content((FileBytes = "application/x-ndjson")), headers(
            ("Feed-Position" = i64, description = "The feed position of the file"),
            ("Record-Count" = i64, description = "The number of records at that position"),
            ("Record-Digest" = String, description = "As in the digest of that position"),
            ("Content-Digest" = String, description = "SHA-256 of these bytes as sent (RFC 9530)"),
            ("Repr-Digest" = String, description = "SHA-256 of the whole in this coding (RFC 9530)"),
        )),
        (status = 206, description = "A part of it.", content((FileBytes = "application/x-ndjson"))),
        (status = 304, description = "The reader has it already."),
        ReadProblems, PartProblems,
    ),
)]
#[get("/snapshots/register.ndjson")]
pub(crate) async fn snapshot_ndjson(
    request: HttpRequest,
    times: AsOf,
    state: AppData,
    files: Data<Files>,
) -> Result<HttpResponse, Problem> {
    file(request, state, files, times, SnapshotFormat::Ndjson).await
}

/// A table of the register as CSV.
///
/// All that is public of one kind: UTF-8 with a byte order mark, semicolons, CRLF. A value that a spreadsheet would take for
/// a formula begins with an apostrophe. Approvals have the names of municipality, service and provider. The headers
/// have the position, and the count and digest of the whole register at it.
#[utoipa::path(
    tag = "changes", operation_id = "snapshotCsv", security(),
    params(
        ("table" = inline(TableParameter), Path, description = "A kind of records", example = "approvals"),
        ("Range" = Option<String>, Header, description = "One range of bytes, to go on with a download"),
        ("If-Range" = Option<String>, Header, description = "The ETag of the interrupted download: a changed \
         file is sent in full"),
        AsOfQuery),
    responses(
        (status = 200, description = "The file.", content((String = "text/csv")), headers(
            ("Feed-Position" = i64, description = "The feed position of the file"),
            ("Record-Count" = i64, description = "The number of records at that position"),
            ("Record-Digest" = String, description = "As in the digest of that position"),
            ("Content-Digest" = String, description = "SHA-256 of these bytes as sent (RFC 9530)"),
            ("Repr-Digest" = String, description = "SHA-256 of the whole in this coding (RFC 9530)"),
        )),
        (status = 206, description = "A part of it.", content((String = "text/csv"))),
        (status = 304, description = "The reader has it already."),
        ReadProblems, PartProblems,
    ),
)]
#[get("/snapshots/{table}.csv")]
pub(crate) async fn snapshot_csv(
    request: HttpRequest,
    table: Path<String>,
    times: AsOf,
    state: AppData,
    files: Data<Files>,
) -> Result<HttpResponse, Problem> {
    let unknown = || {
        let names = SnapshotTable::ALL.map(SnapshotTable::as_str).join(", ");
        Problem::edge(HttpError::UnknownRoute, sentences::unknown_route_table(names))
    };
    let table = SnapshotTable::from_name(&table).ok_or_else(unknown)?;
    file(request, state, files, times, SnapshotFormat::Csv(table)).await
}

/// The register as a workbook.
///
/// A sheet for each kind, for a spreadsheet. Every value is text, so that `0301` stays so; the last sheet has position,
/// instant, count and digest.
#[utoipa::path(
    tag = "changes", operation_id = "snapshotXlsx", security(),
    params(("Range" = Option<String>, Header, description = "One range of bytes, to go on with a download"),
        ("If-Range" = Option<String>, Header, description = "The ETag of the interrupted download: a changed \
         file is sent in full"),
        AsOfQuery),
    responses(
        (status = 200, description = "The file.", content((FileBytes = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")), headers(
            ("Feed-Position" = i64, description = "The feed position of the file"),
            ("Record-Count" = i64, description = "The number of records at that position"),
            ("Record-Digest" = String, description = "As in the digest of that position"),
            ("Content-Digest" = String, description = "SHA-256 of these bytes as sent (RFC 9530)"),
            ("Repr-Digest" = String, description = "SHA-256 of the whole in this coding (RFC 9530)"),
        )),
        (status = 206, description = "A part of it.", content((FileBytes = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))),
        (status = 304, description = "The reader has it already."),
        ReadProblems, PartProblems,
    ),
)]
#[get("/snapshots/register.xlsx")]
pub(crate) async fn snapshot_xlsx(
    request: HttpRequest,
    times: AsOf,
    state: AppData,
    files: Data<Files>,
) -> Result<HttpResponse, Problem> {
    file(request, state, files, times, SnapshotFormat::Xlsx).await
}

async fn file(
    request: HttpRequest,
    state: AppData,
    files: Data<Files>,
    times: AsOf,
    form: SnapshotFormat,
) -> Result<HttpResponse, Problem> {
    let coding = coding_of(request.headers());
    if request.extensions().get::<WasHead>().is_some() {
        return head(&request, &state, &files, times, form, coding).await;
    }
    if times.are_now() {
        let least = min_position::least(request.headers())?;
        let file = ready(&request, &state, &files, form, coding, least).await?;
        return answer(&request, form, &file, file.sent(coding));
    }
    let place = state.heavy_reads.file_permit(&request)?;
    let file = past(&request, &state, form, coding, times).await?;
    Ok(holding(answer(&request, form, &file, file.sent(coding))?, place))
}

/// An answer to HEAD: all that is known of a file without making it (RFC 9110 section 9.3.2).
async fn head(
    request: &HttpRequest,
    state: &AppData,
    files: &Files,
    times: AsOf,
    form: SnapshotFormat,
    coding: Coding,
) -> Result<HttpResponse, Problem> {
    let (now, snapshot) = (state.context.now(), state.register.snapshot());
    times.view(&snapshot, now)?;
    if times.are_now() {
        let least = min_position::least(request.headers())?;
        let stored = files.place(form).lock_owned().await.clone();
        let stored = stored.filter(|file| file.serves(snapshot.position(), least, now));
        if let Some((file, sent)) = stored.as_ref().and_then(|it| Some((it, it.ready(coding)?))) {
            return answer(request, form, file, sent);
        }
    }
    // Without a length: it is not known.
    let nothing = BodyStream::new(stream::empty::<Result<Bytes, Infallible>>());
    let mut answer = HttpResponse::Ok();
    answer
        .insert_header((header::CACHE_CONTROL, CACHE))
        .insert_header((header::VARY, "Accept-Encoding"))
        .insert_header((header::ACCEPT_RANGES, "bytes"));
    Ok(answer.content_type(form.media_type()).body(nothing))
}

/// The file of another time, for a single reader: such requests are rare.
async fn past(
    request: &HttpRequest,
    state: &AppData,
    form: SnapshotFormat,
    coding: Coding,
    times: AsOf,
) -> Result<Arc<SnapshotFile>, Problem> {
    let (now, snapshot) = (state.context.now(), state.register.snapshot());
    let make = move |state: &AppState| {
        let file = SnapshotFile::of(times.view(&snapshot, now)?, &state.catalogue, form, now);
        let file = Arc::new(file.map_err(|cause| Problem::internal(&cause))?);
        file.sent(coding);
        Ok(file)
    };
    state.heavy(request, make).await
}

/// The file in a coding: the stored one while valid, else a new one. Only the builder takes a blocking thread;
/// the others wait without one, and a disconnected reader stops no other.
async fn ready(
    request: &HttpRequest,
    state: &AppData,
    files: &Data<Files>,
    form: SnapshotFormat,
    coding: Coding,
    least: i64,
) -> Result<Arc<SnapshotFile>, Problem> {
    let mut place = files.place(form).lock_owned().await;
    let (now, snapshot) = (state.context.now(), state.register.snapshot());
    let stored = place.clone().filter(|file| file.serves(snapshot.position(), least, now));
    if let Some(file) = stored.as_ref().filter(|file| file.ready(coding).is_some()) {
        return Ok(Arc::clone(file));
    }
    let files = files.clone();
    let make = move |state: &AppState| {
        let file = if let Some(file) = stored {
            file
        } else {
            files.made.fetch_add(1, Ordering::Relaxed);
            let file = SnapshotFile::make(&snapshot, &state.catalogue, form, now);
            Arc::new(file.map_err(|cause| Problem::internal(&cause))?)
        };
        file.sent(coding);
        *place = Some(Arc::clone(&file));
        Ok(file)
    };
    state.heavy(request, make).await
}

fn answer(
    request: &HttpRequest,
    form: SnapshotFormat,
    file: &SnapshotFile,
    sent: &EncodedFile,
) -> Result<HttpResponse, Problem> {
    let mut answer = HttpResponse::Ok();
    insert_file_headers(&mut answer, file, sent);
    if is_known(request.headers(), |tag| file.is(tag), Some(file.as_of)) {
        return Ok(answer.status(StatusCode::NOT_MODIFIED).finish());
    }
    let disposition = format!("attachment; filename=\"{}\"", file.name());
    answer
        .insert_header((header::CONTENT_DISPOSITION, disposition))
        .content_type(form.media_type());
    if let Some(name) = sent.coding.name() {
        answer.insert_header((header::CONTENT_ENCODING, name));
    }
    let length = sent.bytes.len();
    match asked_for(request.headers(), length, std::str::from_utf8(&sent.etag).unwrap_or_default())?
    {
        RangePart::Whole => {
            answer.insert_header(("Content-Digest", sent.digest.as_str()));
            Ok(answer.body(sent.bytes.clone()))
        }
        RangePart::Bytes { first, last } => {
            let bytes = sent.bytes.slice(first..=last);
            answer
                .status(StatusCode::PARTIAL_CONTENT)
                .insert_header((header::CONTENT_RANGE, format!("bytes {first}-{last}/{length}")))
                .insert_header(("Content-Digest", field_of(&bytes)));
            Ok(answer.body(bytes))
        }
        RangePart::Nowhere => Err(Problem::edge(
            HttpError::RangeNotSatisfiable,
            sentences::range_not_satisfiable(length),
        )
        .with_header(header::CONTENT_RANGE, &format!("bytes */{length}"))),
    }
}

fn insert_file_headers(answer: &mut HttpResponseBuilder, file: &SnapshotFile, sent: &EncodedFile) {
    answer
        .insert_header((header::ETAG, ready_value(&sent.etag)))
        .insert_header((header::LAST_MODIFIED, HttpDate::from(modified(file.as_of))))
        .insert_header((header::CACHE_CONTROL, CACHE))
        .insert_header((header::VARY, "Accept-Encoding"))
        .insert_header((header::ACCEPT_RANGES, "bytes"))
        .insert_header((min_position::FEED_POSITION, file.proof.position))
        .insert_header(("Record-Count", file.proof.count))
        .insert_header(("Record-Digest", file.proof.digest.as_str()))
        .insert_header(("Repr-Digest", sent.digest.as_str()));
}

/// The instant as HTTP has it, in whole seconds.
fn modified(at: Instant) -> std::time::SystemTime {
    at.into()
}
