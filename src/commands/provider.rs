//! Providers: the profile is put and confirmed by the provider itself.

use super::{
    Aggregate, Command, CommandVisitor, Outcome, Precondition, Route, Target, TargetView, Tx,
};
use crate::{
    domain::{
        error::{DomainError, Noun},
        provider::{Profile, Provider},
        role::{CallerIdentity, Party, ProviderUser},
        values::{ids::Revision, numbers::OrganisationNumber, time::Instant},
    },
    json::{
        form::Form,
        public::{ProviderRecord, PublicRecord},
    },
    store::Failure,
};

/// An organisation number, and the provider that is registered under it.
#[derive(Debug)]
pub struct ProviderEntry {
    number: OrganisationNumber,
    provider: Option<Provider>,
}

impl ProviderEntry {
    fn registered(&self) -> Result<Provider, DomainError> {
        self.provider.clone().ok_or_else(|| DomainError::not_found(Self::NOUN))
    }
}

impl Target for ProviderEntry {
    type Key = OrganisationNumber;
    const NOUN: Noun = Noun::Provider;
    const TAG: &'static str = "providers";

    fn load(
        tx: &mut Tx,
        number: &OrganisationNumber,
        party: &Party,
    ) -> Result<Option<Self>, Failure> {
        if *party != Party::Provider(number.clone()) {
            return Err(DomainError::not_your_organisation().into());
        }
        let provider = tx.session.provider_for_update(number)?;
        Ok(Some(Self { number: number.clone(), provider }))
    }

    fn key(&self) -> OrganisationNumber {
        self.number.clone()
    }

    fn revision(&self) -> Option<Revision> {
        self.provider.as_ref().map(|provider| provider.revision)
    }

    fn commands(visitor: &mut impl CommandVisitor<Self>) {
        visitor.visit::<PutProfile>();
        visitor.visit::<ConfirmProfile>();
    }
}

impl Aggregate for Provider {
    fn save(&self, tx: &mut Tx, from: Option<Revision>) -> Result<(), Failure> {
        tx.session.save_provider(self, from)
    }

    fn public(&self, _: &mut Tx) -> Result<Option<PublicRecord>, Failure> {
        Ok(Some(ProviderRecord::of(self).into()))
    }
}

/// A provider's profile, as saved.
#[derive(Debug, Form)]
#[form(name = "SavedProviderProfile")]
pub struct SavedProfile {
    #[form(flatten)]
    profile: Profile,
}

fn show<V>(provider: Provider, view: V) -> TargetView<ProviderEntry, V> {
    let number = provider.organisation_number.clone();
    TargetView {
        view,
        revision: provider.revision,
        path: format!("providers/{number}"),
        target: ProviderEntry { number, provider: Some(provider) },
    }
}

/// Put a provider's profile.
///
/// By the provider itself. Putting it also confirms that it is right. Create with
/// `If-None-Match: *`, replace with `If-Match`. An equal profile changes nothing more on the same day.
#[derive(Debug, Form)]
#[form(name = "ProviderProfile", closed, example({
    "name": "Eksempel Assistanse AS", "kind": "commercial",
    "notificationAddress": "post@example.no",
    "presentation": {"nb": "Vi har faste assistenter i hele Agder."},
    "languages": ["nb", "en"], "phone": "38 00 00 00", "web": "https://example.no"
}))]
pub struct PutProfile {
    #[form(flatten)]
    profile: Profile,
}

impl Command for PutProfile {
    type Target = ProviderEntry;
    type Answer = TargetView<ProviderEntry, SavedProfile>;
    type Role = ProviderUser;
    const ROUTE: Route = Route::put("put", "providerPut", "/providers/{organisation_number}")
        .with(Precondition::RevisionOrAbsence);

    fn guard(_: &ProviderEntry, _: &CallerIdentity, _: Instant) -> Result<(), DomainError> {
        Ok(())
    }

    fn run(self, entry: ProviderEntry, by: &ProviderUser, tx: &mut Tx) -> Outcome<Self::Answer> {
        let ProviderEntry { number, provider: before } = entry;
        let change = Provider::put(before.clone(), number, self.profile, by, tx.now)?;
        let saved = tx.save_if_changed(change, before, Tx::check_daily_limit)?;
        Ok(saved.map(|provider| {
            let profile = provider.profile.clone();
            show(provider, SavedProfile { profile })
        }))
    }
}

/// Confirm the profile.
///
/// The provider confirms its present profile. A profile without confirmation for twelve months is marked as
/// stale. A second confirmation on the same day changes nothing.
#[derive(Debug, Form)]
pub struct ConfirmProfile {}

impl Command for ConfirmProfile {
    type Target = ProviderEntry;
    type Answer = TargetView<ProviderEntry, ProviderRecord>;
    type Role = ProviderUser;
    const ROUTE: Route = Route::change(
        "confirm",
        "providerConfirm",
        "/providers/{organisation_number}/confirmation",
    );

    fn guard(entry: &ProviderEntry, _: &CallerIdentity, _: Instant) -> Result<(), DomainError> {
        entry.registered().map(|_| ())
    }

    fn run(self, entry: ProviderEntry, by: &ProviderUser, tx: &mut Tx) -> Outcome<Self::Answer> {
        let before = entry.registered()?;
        let change = before.clone().confirm(by, tx.now)?;
        let saved = tx.save_if_changed(change, Some(before), Tx::check_daily_limit)?;
        Ok(saved.map(|provider| {
            let record = ProviderRecord::of(&provider);
            show(provider, record)
        }))
    }
}
