//! Appeals: the party appeals, a case worker registers for others; both read.

pub mod outcome;

use actix_web::{
    HttpRequest, HttpResponse, get,
    http::StatusCode,
    post,
    web::{self, Path},
};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema, openapi::schema::Object};

use super::{
    decision::{self, changes::consequence},
    read_receipt::record_read_receipt,
};
use crate::{
    api::{
        AppData, AppState,
        extract::{
            body::ValidJson,
            caller::Caller,
            negotiation::private,
            page::{Page, PageRequest, ValidQuery},
            preconditions::{IfMatch, respond_private},
        },
        problem::{ActProblems, HttpError, PrivateProblems, Problem},
        view::{View, Viewer},
    },
    commands::{self, Tx},
    domain::{
        Change,
        access::AccessLogEntry,
        appeal::{
            Appeal, AppealReceipt, AppealStatus, AppealText as Written, Appellant, LostAppeal,
        },
        application::Application,
        decision::{Decision, history::DecisionHistory},
        error::DomainError,
        role::{CaseParty, FromCaller, Party, Role},
        validation::ValidationErrors,
        values::{
            ids::{AppealId, DecisionId},
            text::{Line, Note, Prose},
            time::{Instant, day_of, parse_day},
        },
    },
    json::{one_of, words},
    store::{Done, Failure, Session},
    words::{Locale, Words},
};

/// An appeal. What follows `deferralWanted` is for case workers, who register one that came on paper
/// or from another with legal interest.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({
    "text": "Beredskapsplanen lå ved søknaden som vedlegg 4.", "wantedChange": "Søknaden innvilges.",
    "signedBy": "Ola Eksempel", "deferralWanted": false
}))]
pub struct AppealBody {
    /// The appeal itself.
    #[schema(required, min_length = 1, max_length = 10000)]
    text: Option<String>,
    /// The change that is wanted. One that came on paper may lack it at first.
    #[schema(min_length = 1, max_length = 10000)]
    wanted_change: Option<String>,
    /// Who signs it. One that came on paper may lack it at first.
    #[schema(min_length = 1, max_length = 200)]
    signed_by: Option<String>,
    /// Whether the decision should wait meanwhile.
    #[serde(default)]
    deferral_wanted: bool,
    /// Who appeals; the party unless said otherwise.
    #[schema(schema_with = appellants)]
    appellant: Option<String>,
    /// The name of another than the party.
    #[schema(min_length = 1, max_length = 200)]
    name: Option<String>,
    /// The legal interest of another than the party.
    #[schema(min_length = 1, max_length = 2000)]
    legal_interest: Option<String>,
    /// When another than the party came to know of the decision, or should have.
    #[schema(format = Date)]
    knew_on: Option<String>,
    /// When the municipality received it; now unless said otherwise.
    received_at: Option<DateTime<Utc>>,
    /// When it was handed to the post; the day of receipt unless said otherwise.
    #[schema(format = Date)]
    handed_in_on: Option<String>,
    /// When an appeal that was lost was sent first; with `lostLearnedOn`.
    #[schema(format = Date)]
    lost_sent_on: Option<String>,
    /// When the appellant came to know that it was lost; with `lostSentOn`.
    #[schema(format = Date)]
    lost_learned_on: Option<String>,
}

/// What its parties see.
type AppealView = View<Appeal>;

/// What a list of appeals can be asked.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct AppealQuery {
    /// Only those in this state.
    #[param(inline, value_type = AppealStateParameter, required = false)]
    state: Option<String>,
    /// How many at the most.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u16>,
    /// Where the last page ended.
    cursor: Option<String>,
}

fn statuses() -> Object {
    words("Where the appeal is in its life.", AppealStatus::ALL.map(AppealStatus::as_str))
}

fn appellants() -> Object {
    words("The party of the decision, or another with legal interest.", ["party", "other"])
}

crate::json::parameter_schema!(AppealStateParameter, statuses);

/// What was said, read, with the instant of receipt still open.
struct Read {
    said: Written,
    other: Option<Appellant>,
    received_at: Option<Instant>,
    handed_in_on: Option<chrono::NaiveDate>,
    lost: Option<LostAppeal>,
}

impl AppealBody {
    fn read(&self, role: Role) -> Result<Read, ValidationErrors> {
        let mut errors = ValidationErrors::default();
        let f = &mut errors;
        let text = f.parse("/text", self.text.as_ref(), Prose::parse);
        let wanted = f.parse_optional("/wantedChange", self.wanted_change.as_ref(), Prose::parse);
        let signed_by = f.parse_optional("/signedBy", self.signed_by.as_ref(), Line::parse);
        if role == Role::Provider {
            // Who writes here can be told at once what is missing.
            f.require("/wantedChange", self.wanted_change.as_ref());
            f.require("/signedBy", self.signed_by.as_ref());
            self.only_the_party(f);
        }
        let appellant = self.appellant.as_ref().filter(|_| role != Role::Provider);
        let kind = f.parse_optional("/appellant", appellant, |said| {
            one_of(said, &["party", "other"], |name| name)
        });
        let other = if kind == Some("other") {
            self.other(f).map(Some)
        } else if role == Role::Provider {
            Some(None)
        } else {
            let detail = "This is said of another than the party: leave it out, or name ‘other’.";
            f.unexpected("/name", self.name.is_some(), detail);
            f.unexpected("/legalInterest", self.legal_interest.is_some(), detail);
            f.unexpected("/knewOn", self.knew_on.is_some(), detail);
            Some(None)
        };
        let handed_in_on = f.parse_optional("/handedInOn", self.handed_in_on.as_ref(), parse_day);
        let sent_on = f.parse_optional("/lostSentOn", self.lost_sent_on.as_ref(), parse_day);
        let learned = f.parse_optional("/lostLearnedOn", self.lost_learned_on.as_ref(), parse_day);
        if role != Role::Provider && self.lost_sent_on.is_some() != self.lost_learned_on.is_some() {
            f.require("/lostSentOn", self.lost_sent_on.as_ref());
            f.require("/lostLearnedOn", self.lost_learned_on.as_ref());
        }
        let lost =
            sent_on.zip(learned).map(|(sent_on, learned_on)| LostAppeal { sent_on, learned_on });
        let deferral_wanted = self.deferral_wanted;
        let read = text.zip(other).map(|(text, other)| Read {
            said: Written { text, wanted, signed_by, deferral_wanted },
            other,
            received_at: self.received_at,
            handed_in_on,
            lost,
        });
        errors.finish(read)
    }

    /// The party appeals for itself, now: it says nothing of others, and nothing of how a letter came in.
    fn only_the_party(&self, f: &mut ValidationErrors) {
        let detail = "Only a case worker says this of an appeal that came otherwise: leave it out.";
        for (pointer, is_there) in [
            ("/appellant", self.appellant.is_some()),
            ("/name", self.name.is_some()),
            ("/legalInterest", self.legal_interest.is_some()),
            ("/knewOn", self.knew_on.is_some()),
            ("/receivedAt", self.received_at.is_some()),
            ("/handedInOn", self.handed_in_on.is_some()),
            ("/lostSentOn", self.lost_sent_on.is_some()),
            ("/lostLearnedOn", self.lost_learned_on.is_some()),
        ] {
            f.unexpected(pointer, is_there, detail);
        }
    }

    fn other(&self, f: &mut ValidationErrors) -> Option<Appellant> {
        let name = f.parse("/name", self.name.as_ref(), Line::parse);
        let interest = f.parse("/legalInterest", self.legal_interest.as_ref(), Note::parse);
        let knew_on = f.parse("/knewOn", self.knew_on.as_ref(), parse_day);
        Some(Appellant::Other { name: name?, legal_interest: interest?, knew_on: knew_on? })
    }
}

impl Read {
    /// The appeal, from whoever brings it.
    fn receive(
        self,
        id: AppealId,
        (decision, history): (&Decision, &DecisionHistory),
        by: &CaseParty,
        now: Instant,
    ) -> Result<Change<Appeal>, DomainError> {
        let by = match by {
            CaseParty::Provider(by) => {
                return Appeal::by_party(id, self.said, decision, history, by, now);
            }
            CaseParty::Municipality(by) => by,
        };
        let at = self.received_at.unwrap_or(now);
        let handed_in_on = self.handed_in_on.unwrap_or_else(|| day_of(at));
        let received = AppealReceipt { at, handed_in_on, lost: self.lost };
        let appellant = self.other.unwrap_or(Appellant::Party);
        Appeal::registered(id, appellant, self.said, received, decision, history, by, now)
    }
}

/// Appeal.
///
/// For the party of the decision, and for a case worker who registers an appeal that came on paper or
/// from another with legal interest (forvaltningsloven §§ 28 to 32). Whether it is in time is computed.
#[utoipa::path(
    tag = "appeals", operation_id = "appealCreate", security(("token" = [])),
    params(
        ("id" = uuid::Uuid, Path, description = "Id of the decision"),
        ("If-Match" = String, Header, description = "The ETag of the decision that was read"),
    ),
    request_body = AppealBody,
    responses((status = 201, description = "The appeal.", body = AppealView), ActProblems),
)]
#[post("/decisions/{id}/appeals")]
pub(crate) async fn appeal_create(
    by: Caller<CaseParty>,
    id: Path<uuid::Uuid>,
    expected: IfMatch,
    body: ValidJson<AppealBody>,
    locale: Locale,
    words: web::Data<Words>,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let read = body.0.read(by.caller.role).map_err(DomainError::validation)?;
    let decision = DecisionId::new(*id);
    let id = state.context.id();
    state
        .execute(by.metadata(&state.context), move |session, state, now| {
            let party = Party::of(by.caller.clone())?;
            let (decision, history) = decision::load(session, decision, &party)?;
            expected.matches(history.revision)?;
            let deferral_wanted = read.said.deferral_wanted;
            let Change { value, event } = read.receive(id, (&decision, &history), &by.role, now)?;
            session.save_appeal(&value, None)?;
            let by_party = value.appellant == Appellant::Party;
            let change = history.record_appeal(id, by_party, deferral_wanted, now);
            session.save_history(&change.value, Some(expected.0))?;
            let related = vec![consequence(state, change.event)];
            let viewer = Viewer { caller: &by.caller, now, locale, words: &words };
            let answer = viewer.answer(&value, true);
            Ok(Done { event, public: None, related, answer })
        })
        .await
}

/// One appeal.
///
/// For the party of the decision and for the municipality that made it. That the party has read the
/// statement to the appeal body is logged.
#[utoipa::path(
    tag = "appeals", operation_id = "appealGet", security(("token" = [])),
    params(("id" = uuid::Uuid, Path, description = "Id of the appeal")),
    responses((status = 200, description = "The appeal.", body = AppealView), PrivateProblems),
)]
#[get("/appeals/{id}")]
pub(crate) async fn appeal_get(
    by: Caller<Party>,
    id: Path<uuid::Uuid>,
    locale: Locale,
    words: web::Data<Words>,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let id = AppealId::new(*id);
    record_read_receipt::<Appeal>(&state, &by, id).await?;
    let (caller, reader, now) = (by.caller.clone(), by.reader(), state.context.now());
    let read = move |session: &mut Session<'_>, state: &AppState| {
        let mut tx = Tx::new(session, state.environment(), now);
        let appeal = commands::load::<Appeal>(&mut tx, &id.uuid(), &by.role)?;
        let looked = vec![AccessLogEntry::from(&appeal)];
        Ok::<_, Failure>((appeal, looked))
    };
    let appeal = state.read_private(reader, read).await?;
    let view = Viewer { caller: &caller, now, locale, words: &words }.view(&appeal);
    Ok(respond_private(StatusCode::OK, appeal.revision, &view))
}

/// Own appeals.
///
/// A provider sees those against decisions that concern it, a municipality those against its
/// decisions, the oldest first.
#[utoipa::path(
    tag = "appeals", operation_id = "appealList", security(("token" = [])), params(AppealQuery),
    responses((status = 200, description = "A page of appeals.", body = Page<AppealView>), PrivateProblems),
)]
#[get("/appeals")]
pub(crate) async fn appeal_list(
    by: Caller<Party>,
    request: HttpRequest,
    asked: ValidQuery<AppealQuery>,
    locale: Locale,
    words: web::Data<Words>,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let ValidQuery(query) = asked;
    let slice = PageRequest::of(&request, query.limit, query.cursor.as_deref())?;
    let wanted = query.state;
    if let Some(wanted) = &wanted {
        one_of(wanted, &AppealStatus::ALL, AppealStatus::as_str).map_err(|error| {
            Problem::parameter(HttpError::InvalidParameter, "state", error.detail)
        })?;
    }
    let after = slice.after(|key| key.parse().ok())?.map(AppealId::new);
    let fetch = i64::try_from(slice.fetch()).unwrap_or(i64::MAX);
    let on_page = usize::from(slice.limit);
    let caller = by.caller.clone();
    let items = state
        .read_private(by.reader(), move |session, _| {
            let found = session.appeals(&by.role, wanted.as_deref(), after, fetch)?;
            let looked = found.iter().take(on_page).map(AccessLogEntry::from).collect();
            Ok((found, looked))
        })
        .await?;
    let viewer = Viewer { caller: &caller, now: state.context.now(), locale, words: &words };
    let page = slice.page(items, |item| item.id.to_string()).map(|it| viewer.view(it));
    Ok(private(&page, &page.page))
}

/// The decision appealed against, with its course and the application behind it.
fn about(
    session: &mut Session<'_>,
    appeal: &Appeal,
    party: &Party,
) -> Result<(Decision, DecisionHistory, Application), Failure> {
    let (decision, history) = decision::load(session, appeal.decision, party)?;
    let application = commands::decision::application_of(session, &decision)?;
    Ok((decision, history, application))
}
