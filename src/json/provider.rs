//! The JSON form of a provider's profile.

use super::form::{form, scalars::keyword_forms};
use crate::domain::{
    provider::{NoticeAddress, Profile, ProviderKind},
    values::{
        ids::AddressToken,
        numbers::Language,
        text::{Email, Line, LocalPresentation, Phone, WebAddress},
        time::Instant,
    },
};

keyword_forms!(ProviderKind);

form! {
    /// A provider's profile.
    struct Profile {
        /// Name as in Enhetsregisteret.
        name: Line,
        /// Kind of organisation.
        kind: ProviderKind,
        /// Where notices are sent. Not public.
        notification_address: Email,
        /// Further addresses for notices. Not public.
        #[form(default, max_items = 9)]
        further_notification_addresses: Vec<Email>,
        /// A short factual presentation.
        presentation: LocalPresentation,
        /// Languages spoken with users, ISO 639.
        #[form(default, max_items = 40)]
        languages: Vec<Language>,
        /// Public telephone.
        phone: Option<Phone>,
        /// Public web page.
        web: Option<WebAddress>,
    }
}

form! {
    /// An address for notices.
    struct NoticeAddress {
        /// The address.
        address: Email,
        /// The secret in its link.
        token: AddressToken,
        /// When the link was made.
        asked_at: Instant,
        /// When it was confirmed.
        confirmed_at: Option<Instant>,
    }
}

/// The schema of a kind of provider.
pub(crate) fn kinds() -> utoipa::openapi::schema::Object {
    super::words("Kind of organisation.", ProviderKind::ALL.map(ProviderKind::as_str))
}
