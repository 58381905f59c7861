//! The JSON forms of an offering's closing and end.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{ToSchema, openapi::schema::Object};

use crate::{
    domain::{
        approval::WindingDown,
        offering::{Closing, Ending, OfferingLifecycle, OfferingState},
        validation::ValidationErrors,
        values::time::{Instant, end_of_day, parse_day, start_of_day},
    },
    json::{
        LocalTextForm, approval::WindingDownForm, form::serde_bridge::object_by_serde, need_text,
        one_of, words,
    },
};

object_by_serde!(OfferingClosureBody);

/// The announced closing to new providers, the end, or both.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = OfferingClosure)]
pub struct OfferingClosureForm {
    /// No new provider is admitted from a day on.
    pub to_new: Option<ClosingForm>,
    /// The offering ends, and with it every approval.
    pub ending: Option<EndingForm>,
}

/// The closing to new providers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = OfferingClosing)]
pub struct ClosingForm {
    /// The first day on which nothing new is taken.
    #[schema(format = Date)]
    pub from: String,
    /// Why.
    pub reason: LocalTextForm,
}

/// The end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = OfferingEnding)]
pub struct EndingForm {
    /// The last day.
    #[schema(format = Date)]
    pub on: String,
    /// Why.
    pub reason: LocalTextForm,
    /// How users are taken over.
    pub winding_down: WindingDown,
}

impl OfferingClosureForm {
    /// The announced dates, if any.
    #[must_use]
    pub fn of(lifecycle: &OfferingLifecycle) -> Option<Self> {
        let to_new = lifecycle.closing().map(|closing| ClosingForm {
            from: closing.from.to_string(),
            reason: (&closing.reason).into(),
        });
        let ending = lifecycle.ending().map(|ending| EndingForm {
            on: ending.on.to_string(),
            reason: (&ending.reason).into(),
            winding_down: ending.winding_down.clone(),
        });
        (to_new.is_some() || ending.is_some()).then_some(Self { to_new, ending })
    }

    /// The closing and the end; `None` if a stored date is invalid.
    #[must_use]
    pub fn read(&self) -> Option<(Option<Closing>, Option<Ending>)> {
        let mut errors = ValidationErrors::default();
        let f = &mut errors;
        let closing = match &self.to_new {
            None => None,
            Some(form) => Some(Closing {
                from: parse_day(&form.from).ok()?,
                reason: form.reason.read(f, "")?,
            }),
        };
        let ending = match &self.ending {
            None => None,
            Some(form) => Some(Ending {
                on: parse_day(&form.on).ok()?,
                reason: form.reason.read(f, "")?,
                winding_down: form.winding_down.clone(),
            }),
        };
        Some((closing, ending))
    }

    /// The state of a published offering with this announced.
    #[must_use]
    pub fn state_at(&self, now: Instant) -> OfferingState {
        let (from, on) = self.days();
        OfferingState::published_at(now, from, on)
    }

    /// The instants at which the state changes.
    pub fn instants(&self) -> impl Iterator<Item = Instant> + use<> {
        let (from, on) = self.days();
        from.map(start_of_day).into_iter().chain(on.map(end_of_day))
    }

    fn days(&self) -> (Option<NaiveDate>, Option<NaiveDate>) {
        let from = self.to_new.as_ref().and_then(|closing| parse_day(&closing.from).ok());
        (from, self.ending.as_ref().and_then(|ending| parse_day(&ending.on).ok()))
    }
}

/// A closing as an editor announces it.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = ClosureBody, example = json!({
    "kind": "ending", "on": "2026-12-31", "reason": {"nb": "Kommunestyret har avviklet ordningen."},
    "windingDown": {"until": "2027-03-31", "takenOverBy": "Kommunens egen tjeneste"}
}))]
pub struct OfferingClosureBody {
    /// To new providers only, or the end.
    #[schema(required, schema_with = kinds)]
    kind: Option<String>,
    /// `to-new`: the first day on which nothing new is taken, today or later.
    #[schema(format = Date)]
    from: Option<String>,
    /// `ending`: the last day, today or later.
    #[schema(format = Date)]
    on: Option<String>,
    /// Why, for everyone to read.
    #[schema(required)]
    reason: Option<LocalTextForm>,
    /// `ending`: how users are taken over.
    winding_down: Option<WindingDownForm>,
}

/// An editor's announcement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AnnouncedClosure {
    /// No new provider is admitted.
    ToNew(Closing),
    /// The offering ends.
    Ending(Ending),
}

const KINDS: [&str; 2] = ["to-new", "ending"];

fn kinds() -> Object {
    words("To new providers only, or the end.", KINDS)
}

impl OfferingClosureBody {
    /// The announcement.
    pub fn read(&self) -> Result<AnnouncedClosure, ValidationErrors> {
        let mut errors = ValidationErrors::default();
        let f = &mut errors;
        let kind = f.parse("/kind", self.kind.as_ref(), |value| one_of(value, &KINDS, |name| name));
        let reason = need_text(f, "/reason", self.reason.as_ref());
        let detail = "This does not belong to that kind of closing: leave it out.";
        let closure = match kind {
            Some("to-new") => {
                f.unexpected("/on", self.on.is_some(), detail);
                f.unexpected("/windingDown", self.winding_down.is_some(), detail);
                let from = f.parse("/from", self.from.as_ref(), parse_day);
                from.zip(reason)
                    .map(|(from, reason)| AnnouncedClosure::ToNew(Closing { from, reason }))
            }
            Some(_) => {
                f.unexpected("/from", self.from.is_some(), detail);
                let on = f.parse("/on", self.on.as_ref(), parse_day);
                let winding_down = f
                    .require("/windingDown", self.winding_down.as_ref())
                    .and_then(|form| form.read(f, "/windingDown"));
                on.zip(reason).zip(winding_down).map(|((on, reason), winding_down)| {
                    AnnouncedClosure::Ending(Ending { on, reason, winding_down })
                })
            }
            None => None,
        };
        errors.finish(closure)
    }
}

#[cfg(test)]
mod tests;
