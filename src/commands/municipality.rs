//! Municipalities: the editor sets deciding body, appeal body and contact.

use super::{
    Aggregate, Command, CommandVisitor, Outcome, Precondition, Route, Target, TargetView, Tx,
};
use crate::{
    domain::{
        error::{DomainError, Noun},
        municipality::{LanguageForm, Municipality, MunicipalitySettings},
        role::{CallerIdentity, Editor, Party},
        values::{ids::Revision, numbers::MunicipalityNumber, time::Instant},
    },
    json::{
        form::Form,
        public::{MunicipalityRecord, PublicRecord},
    },
    store::Failure,
};

/// The number of a municipality, and its settings.
#[derive(Debug)]
pub struct SettingsEntry {
    number: MunicipalityNumber,
    municipality: Option<Municipality>,
}

impl Target for SettingsEntry {
    type Key = MunicipalityNumber;
    const NOUN: Noun = Noun::Municipality;
    const TAG: &'static str = "catalogues";

    fn load(
        tx: &mut Tx,
        number: &MunicipalityNumber,
        party: &Party,
    ) -> Result<Option<Self>, Failure> {
        if *party != Party::Municipality(number.clone()) {
            return Err(DomainError::not_your_organisation().into());
        }
        let municipality = tx.session.municipality_for_update(number)?;
        Ok(Some(Self { number: number.clone(), municipality }))
    }

    fn key(&self) -> MunicipalityNumber {
        self.number.clone()
    }

    fn revision(&self) -> Option<Revision> {
        self.municipality.as_ref().map(|municipality| municipality.revision)
    }

    fn commands(visitor: &mut impl CommandVisitor<Self>) {
        visitor.visit::<PutSettings>();
    }
}

impl Aggregate for Municipality {
    fn save(&self, tx: &mut Tx, from: Option<Revision>) -> Result<(), Failure> {
        tx.session.save_municipality(self, from)
    }

    fn public(&self, _: &mut Tx) -> Result<Option<PublicRecord>, Failure> {
        Ok(Some(MunicipalityRecord::of(self).into()))
    }
}

/// The settings of a municipality as they are saved.
#[derive(Debug, Form)]
#[form(name = "SavedMunicipalitySettings")]
pub struct SavedSettings {
    #[form(flatten)]
    settings: MunicipalitySettings,
}

/// Set a municipality up.
///
/// Deciding body, appeal body, contact. Create with `If-None-Match: *`, replace with `If-Match`.
#[derive(Debug, Form)]
#[form(name = "MunicipalitySettings", closed, example({
    "contact": {"name": "Innkjøp helse og mestring", "email": "brukervalg@example.no"},
    "decidingBody": "Kommunedirektøren",
    "delegation": "Delegasjonsreglementet punkt 4",
    "appealBody": "Kommunens klageutvalg",
    "fourEyes": true,
    "language": "nb"
}))]
pub struct PutSettings {
    #[form(flatten)]
    settings: MunicipalitySettings,
}

impl Command for PutSettings {
    type Target = SettingsEntry;
    type Answer = TargetView<SettingsEntry, SavedSettings>;
    type Role = Editor;
    const ROUTE: Route = Route::put("put", "municipalityPut", "/municipalities/{number}")
        .with(Precondition::RevisionOrAbsence);

    fn guard(_: &SettingsEntry, _: &CallerIdentity, _: Instant) -> Result<(), DomainError> {
        Ok(())
    }

    fn run(self, entry: SettingsEntry, by: &Editor, tx: &mut Tx) -> Outcome<Self::Answer> {
        let SettingsEntry { number, municipality: before } = entry;
        let entry = tx.catalogue().municipality(number.as_str());
        let of_catalogue =
            entry.and_then(|(_, entry)| LanguageForm::from_name(&entry.language_form));
        let language = self.settings.language.or(of_catalogue).or(Some(LanguageForm::Bokmal));
        let settings = MunicipalitySettings { language, ..self.settings };
        let change = Municipality::put(before.clone(), number, settings, by)?;
        let saved = tx.save_if_changed(change, before, Tx::check_daily_limit)?;
        Ok(saved.map(|municipality| TargetView {
            view: SavedSettings { settings: municipality.settings.clone() },
            revision: municipality.revision,
            path: format!("municipalities/{}", municipality.number),
            target: SettingsEntry {
                number: municipality.number.clone(),
                municipality: Some(municipality),
            },
        }))
    }
}
