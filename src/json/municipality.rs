//! The JSON forms of a municipality's settings.

use super::form::{form, scalars::keyword_forms, serde_bridge::serde_by_form};
use crate::domain::{
    municipality::{Contact, LanguageForm, MunicipalitySettings},
    rules::{impartiality::Staff, notification::NoticeChannel},
    values::text::{Email, Line, Phone},
};

keyword_forms!(LanguageForm);
serde_by_form!(Contact);

form! {
    /// Contact.
    #[form(closed, example({"name": "Innkjøp helse og mestring", "email": "brukervalg@example.no"}))]
    struct Contact {
        /// Unit or person.
        name: Line,
        /// E-mail address.
        email: Email,
        /// Telephone.
        phone: Option<Phone>,
    }
}

form! {
    /// A municipality's settings, with its deciding and appeal bodies.
    struct MunicipalitySettings {
        /// Fixed contact towards providers.
        contact: Contact,
        /// The body that decides on applications.
        deciding_body: Line,
        /// The delegation that gives it the power (kommuneloven § 13-1).
        delegation: Line,
        /// The body that hears appeals (forvaltningsloven § 28).
        appeal_body: Line,
        /// Whether a decision can be brought before a court only after an appeal against it was decided (forvaltningsloven §
        /// 27 b). Each decision tells of it; off unless switched on.
        #[form(omit_default)]
        court_condition: bool,
        /// Whether the signer must be another person than the assessor. On unless switched off.
        #[form(default = true)]
        four_eyes: bool,
        /// Keys of the staff of the municipality's own provider. They handle none of its cases. Not public.
        #[form(omit_default, max_items = 2000)]
        own_provider_staff: Staff,
        /// The written form of its letters; that of the catalogue where it is left out.
        language: Option<LanguageForm>,
        /// How providers get notice of its messages: by e-mail, or by hand, and then each notice is a task of a case worker.
        #[form(default)]
        notice_channel: NoticeChannel,
    }
}
