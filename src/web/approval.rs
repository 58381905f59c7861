//! `/godkjenning/{id}`: whether an approval is in force today, or was on another day. A letter leads here.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web::Path};
use chrono::{NaiveDate, TimeDelta};
use maud::{Markup, html};
use uuid::Uuid;

use super::{
    address,
    layout::WebPage,
    missing,
    municipality::contact_lines,
    request::{FormValues, PageContext},
    sentences as s,
};
use crate::{
    api::AppData,
    domain::{
        approval::{ApprovalLifecycle, ApprovalStatus},
        rules::ground::RevocationGround,
        values::time::{day_of, end_of_day, parse_day},
    },
    register::{AsOfView, ViewedApproval},
    words::Locale,
};

/// The day that a reader asks about.
enum AskedDay<'a> {
    Today,
    Earlier(NaiveDate),
    /// What was typed is no day, or a day to come.
    Wrong(&'a str),
}

impl<'a> AskedDay<'a> {
    fn of(value: Option<&'a str>, today: NaiveDate) -> Self {
        match value.map(|value| (parse_day(value), value)) {
            None => Self::Today,
            Some((Ok(day), _)) if day == today => Self::Today,
            Some((Ok(day), _)) if day < today => Self::Earlier(day),
            Some((_, value)) => Self::Wrong(value),
        }
    }
}

pub(super) async fn approval(
    request: HttpRequest,
    id: Path<String>,
    state: AppData,
) -> HttpResponse {
    let snapshot = state.register.snapshot();
    let cx = PageContext::of(&request, &state, &snapshot);
    let words = cx.words;
    let id = Uuid::parse_str(&id).ok();
    let Some(present) = id.and_then(|id| cx.view.approval(id)) else {
        let removed_at = id.and_then(|id| cx.view.removed_at(id));
        let (status, sentence) = match removed_at {
            Some(at) => (StatusCode::GONE, words.say(s::approval_removed(words.day(at)))),
            None => (StatusCode::NOT_FOUND, words.say(s::NO_APPROVAL_TEXT)),
        };
        let text = html! { p .lead { (sentence) } };
        return missing::respond(&cx, &request, status, words.say(s::NO_APPROVAL), text);
    };
    let values = FormValues::of(&request);
    let asked = AskedDay::of(values.get("dag"), day_of(cx.view.at()));
    let page = page(&cx, &present, &asked);
    match asked {
        AskedDay::Wrong(_) => cx.respond_error(StatusCode::BAD_REQUEST, &page),
        _ => cx.respond(&request, &page),
    }
}

fn page(cx: &PageContext<'_>, present: &ViewedApproval<'_>, asked: &AskedDay<'_>) -> WebPage {
    let (words, record) = (cx.words, present.record());
    let provider = provider_name(present);
    let entry = cx.municipality(&record.municipality);
    let municipality = entry.map_or(record.municipality.as_str(), |it| it.name.as_str());
    let title = words.say(s::approval_title(provider, municipality));
    let is_wrong = matches!(asked, AskedDay::Wrong(_));
    let prefix = if is_wrong { format!("{} ", words.say(s::ERROR_PREFIX)) } else { String::new() };
    let earlier = match asked {
        AskedDay::Earlier(day) => Some(*day),
        _ => None,
    };
    let main = html! {
        p .caption { (service_name(cx, present)) }
        h1 { (words.say(s::approval_of(provider))) }
        @match earlier {
            Some(day) => (verdict_then(cx, record.id, day)),
            None => (verdict(cx, present, day_of(cx.view.at()))),
        }
        (facts(cx, present))
        (day_form(cx, record.id, asked))
        (contact(cx, present))
    };
    WebPage {
        path: address::approval(record.id),
        title: format!("{prefix}{title}"),
        description: (earlier.is_none() && !is_wrong)
            .then(|| words.say(s::approval_description(provider, municipality))),
        crumbs: vec![
            (words.say(s::MUNICIPALITIES), "/".to_owned()),
            (municipality.to_owned(), entry.map_or("/".to_owned(), address::municipality)),
        ],
        here: words.say(s::APPROVAL_HEADING),
        main,
    }
}

fn provider_name<'a>(approval: &'a ViewedApproval<'_>) -> &'a str {
    let number = approval.record().provider.as_str();
    approval.profile().map_or(number, |profile| profile.name.as_str())
}

/// The service of an approval and its municipality, in words.
pub(super) fn service_name(cx: &PageContext<'_>, approval: &ViewedApproval<'_>) -> String {
    let record = approval.record();
    let service = cx.catalogue.service_type(&record.service);
    let service = service.map_or(record.service.as_str(), |it| cx.service_name(it));
    let entry = cx.municipality(&record.municipality);
    let municipality = entry.map_or(record.municipality.as_str(), |it| it.name.as_str());
    cx.words.say(s::service_in(service, municipality))
}

/// The names of grounds.
pub(super) fn grounds(cx: &PageContext<'_>, grounds: &[RevocationGround]) -> Markup {
    if grounds.is_empty() {
        return html! { (cx.words.say(s::TAKEN_AWAY_ON_APPEAL)) };
    }
    let name = |ground: &RevocationGround| {
        let entry = cx.catalogue.grounds.iter().find(|it| it.code == ground.as_str());
        entry.map_or(ground.as_str().to_owned(), |it| match cx.words.0 {
            Locale::Nb => it.name_nb.clone(),
            Locale::Nn => it.name_nn.clone(),
            Locale::En => it.name_en.clone(),
        })
    };
    let names: Vec<_> = grounds.iter().map(name).collect();
    html! { (names.join("; ")) }
}

/// The answer for the end of an earlier day, by all present knowledge.
fn verdict_then(cx: &PageContext<'_>, id: Uuid, day: NaiveDate) -> Markup {
    let at = end_of_day(day) - TimeDelta::microseconds(1);
    let view = AsOfView::of(cx.view.snapshot(), Some(at), None, cx.view.at());
    let then = view.approval(id);
    html! {
        @if let Some(then) = then { (verdict(cx, &then, day)) }
        @else { p .verdict.no { (cx.words.say(s::APPROVAL_UNKNOWN_THEN)) } }
    }
}

fn verdict(cx: &PageContext<'_>, approval: &ViewedApproval<'_>, day: NaiveDate) -> Markup {
    let (words, status) = (cx.words, approval.status());
    let date = words.date(day);
    html! {
        @if status.is_choosable() { p .verdict.yes { (words.say(s::in_force_on(date))) } }
        @else { p .verdict.no { (words.say(s::not_in_force_on(date))) } }
        @if status != ApprovalStatus::Active { p { (words.say(s::status_short(status.as_str()))) "." } }
    }
}

fn facts(cx: &PageContext<'_>, approval: &ViewedApproval<'_>) -> Markup {
    let (words, record) = (cx.words, approval.record());
    html! {
        dl .list {
            dt { (words.say(s::PROVIDER)) }
            dd {
                a href=(cx.link(&address::provider(&record.provider))) { (provider_name(approval)) }
                " (" (record.provider) ")"
            }
            dt { (words.say(s::SERVICE)) }
            dd { (service_link(cx, approval)) }
            dt { (words.say(s::GRANTED)) }
            dd { (words.day(record.granted_at)) }
            (life(cx, approval.lifecycle()))
            dt { (words.say(s::DECISION_NUMBER)) }
            dd .number { (record.decision_id) }
            dt { (words.say(s::APPROVAL_NUMBER)) }
            dd .number { (record.id) }
        }
    }
}

fn service_link(cx: &PageContext<'_>, approval: &ViewedApproval<'_>) -> Markup {
    let (record, name) = (approval.record(), service_name(cx, approval));
    let entry = cx.municipality(&record.municipality);
    let service = cx.catalogue.service_type(&record.service);
    html! {
        @match entry.zip(service) {
            Some((entry, service)) => a href=(cx.link(&address::service(entry, service))) { (name) },
            None => (name),
        }
    }
}

/// The days of a contract and of its end.
fn life(cx: &PageContext<'_>, lifecycle: &ApprovalLifecycle) -> Markup {
    let words = cx.words;
    let gaps = lifecycle.contract_period().map(|it| it.gaps.as_slice()).unwrap_or_default();
    html! {
        @if let Some(contract) = lifecycle.contract() {
            dt { (words.say(s::CONTRACT_FROM)) }
            dd { (words.date(contract.from)) }
            @if let Some(to) = contract.to {
                dt { (words.say(s::CONTRACT_TO)) }
                dd { (words.date(to)) }
            }
        }
        @if let Some(revocation) = &lifecycle.revocation {
            dt { (words.say(s::REVOKED_FROM)) }
            dd { (words.day(revocation.effective_at)) }
            dt { (words.say(s::GROUNDS)) }
            dd { (grounds(cx, &revocation.grounds)) }
            @if let Some(plan) = &revocation.winding_down {
                dt { (words.say(s::TAKEN_OVER_BY)) }
                dd { (plan.taken_over_by) }
            }
        } @else if let Some(day) = lifecycle.available_until() {
            dt { (words.say(s::LAST_DAY)) }
            dd { (words.date(day)) }
        }
        @for gap in gaps {
            dt { (words.say(s::status_short("revoked"))) }
            dd { (words.say(s::gap(words.day(gap.from), words.day(gap.to)))) }
        }
    }
}

/// The question about another day, with what was typed and what is wrong with it.
fn day_form(cx: &PageContext<'_>, id: Uuid, asked: &AskedDay<'_>) -> Markup {
    let words = cx.words;
    let path = cx.link(&address::approval(id));
    let (value, wrong) = match asked {
        AskedDay::Today => (None, false),
        AskedDay::Earlier(day) => (Some(day.to_string()), false),
        AskedDay::Wrong(value) => (Some((*value).to_owned()), true),
    };
    html! {
        h2 { (words.say(s::ANOTHER_DAY)) }
        form .search action=(path) method="get" novalidate {
            label for="day" { (words.say(s::DAY_LABEL)) }
            p .hint #day-hint { (words.say(s::DAY_HINT)) }
            @if wrong { p .error #day-error { (words.say(s::DAY_WRONG)) } }
            div .row {
                input #day type="text" name="dag" value=[value] autocomplete="off" maxlength="10"
                    aria-describedby=(if wrong { "day-hint day-error" } else { "day-hint" })
                    aria-invalid=[wrong.then_some("true")];
                button type="submit" { (words.say(s::DAY_BUTTON)) }
            }
        }
        @if !matches!(asked, AskedDay::Today) { p { a href=(path) { (words.say(s::DAY_TODAY)) } } }
    }
}

/// Who answers questions: the contact of the offering.
fn contact(cx: &PageContext<'_>, approval: &ViewedApproval<'_>) -> Markup {
    let offering = cx.view.offering(approval.record().offering_id);
    html! {
        @if let Some(offering) = offering {
            h2 { (cx.words.say(s::WHO_TO_ASK)) }
            (contact_lines(&offering.content.process().contact))
        }
    }
}
