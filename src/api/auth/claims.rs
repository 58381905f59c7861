//! Claims of a token, before and after the signature check.

use std::collections::BTreeSet;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Map, Value};

use super::error::AuthError;
use crate::{
    api::{auth::reasons, extract::body::unique::has_unique_names},
    domain::{
        role::Actor,
        values::{numbers::OrganisationNumber, text::Line},
    },
};

/// A JSON object.
pub(super) type ClaimSet = Map<String, Value>;

/// The unverified parts of a token.
pub(super) struct UnverifiedToken {
    pub(super) header: ClaimSet,
    pub(super) claims: ClaimSet,
}

impl UnverifiedToken {
    /// Reads header and claims of a token with three parts.
    pub(super) fn at(token: &str) -> Option<Self> {
        let mut parts = token.split('.');
        let header = object(parts.next()?)?;
        let claims = object(parts.next()?)?;
        parts.next().filter(|_| parts.next().is_none())?;
        Some(Self { header, claims })
    }

    /// A text in the header.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.header.get(name)?.as_str()
    }

    /// The claimed issuer.
    pub(super) fn issuer(&self) -> Option<&str> {
        self.claims.get("iss")?.as_str()
    }
}

/// An object without duplicate names: readers could disagree about which of two values counts.
fn object(part: &str) -> Option<ClaimSet> {
    let json = BASE64_URL_SAFE_NO_PAD.decode(part).ok()?;
    has_unique_names(&json).then(|| serde_json::from_slice(&json).ok())?
}

/// Claims of a verified token.
pub(super) struct Claims(pub(super) ClaimSet);

impl Claims {
    /// A claim: by its name, or by a JSON Pointer where the name begins with `/`.
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        let Some(path) = name.strip_prefix('/') else { return self.0.get(name) };
        let mut steps = path.split('/');
        let first = self.0.get(steps.next()?)?;
        steps.try_fold(first, |value, step| value.get(step))
    }

    /// A claim that is a text.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_str()
    }

    /// Whether a claim is the text, or a list with it.
    pub(super) fn has(&self, name: &str, wanted: &str) -> bool {
        self.texts(name).any(|text| text == wanted)
    }

    /// A claim as one text or several.
    pub(super) fn texts(&self, name: &str) -> impl Iterator<Item = &str> {
        let (one, many) = match self.get(name) {
            Some(Value::String(text)) => (Some(text.as_str()), None),
            Some(Value::Array(list)) => (None, Some(list.iter().filter_map(Value::as_str))),
            _ => (None, None),
        };
        one.into_iter().chain(many.into_iter().flatten())
    }

    /// The scopes: one text with spaces between (RFC 8693), or a list.
    pub(super) fn scopes(&self) -> BTreeSet<&str> {
        self.texts("scope").flat_map(|text| text.split(' ')).filter(|it| !it.is_empty()).collect()
    }

    /// An instant in seconds; the claim may be missing but nothing else than a whole number.
    pub(super) fn seconds(&self, name: &str) -> Result<Option<i64>, AuthError> {
        match self.0.get(name) {
            None => Ok(None),
            Some(value) => value.as_i64().map(Some).ok_or(AuthError::Invalid(reasons::TOKEN_TIMES)),
        }
    }

    /// The elements of `authorization_details` (RFC 9396).
    pub(super) fn details(&self) -> Result<&[Value], AuthError> {
        match self.0.get("authorization_details") {
            None => Ok(&[]),
            Some(Value::Array(list)) => Ok(list),
            Some(_) => Err(AuthError::Invalid(reasons::TOKEN_DETAILS)),
        }
    }
}

/// The number of a Norwegian organisation in the form of ISO 6523: `0192:` and the number. Other registers are
/// unknown here, which prevents confusion.
pub(super) fn organisation(
    authority: Option<&Value>,
    id: Option<&Value>,
) -> Option<OrganisationNumber> {
    if authority?.as_str()? != "iso6523-actorid-upis" {
        return None;
    }
    // Two to four parts: register, number, and a unit of the organisation.
    let parts: Vec<_> = id?.as_str()?.split(':').collect();
    match parts.as_slice() {
        ["0192", number] | ["0192", number, _] | ["0192", number, _, _] => {
            OrganisationNumber::parse(number).ok()
        }
        _ => None,
    }
}

/// The same with both in one object.
pub(super) fn organisation_in(value: Option<&Value>) -> Option<OrganisationNumber> {
    organisation(value?.get("authority"), value?.get("ID"))
}

/// An organisation whose system is the actor.
pub(super) fn system(organisation: &OrganisationNumber) -> Result<Actor, AuthError> {
    actor(&format!("0192:{organisation}"), &format!("Organisasjon {organisation}"))
}

/// An actor with a key and a name.
pub(super) fn actor(key: &str, name: &str) -> Result<Actor, AuthError> {
    let line =
        |text: &str| Line::parse(text).map_err(|_| AuthError::Invalid(reasons::TOKEN_PERSON));
    Ok(Actor { subject: line(key)?, name: line(name)? })
}
