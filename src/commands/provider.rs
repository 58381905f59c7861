//! Providers: the profile is put and confirmed by the provider itself.

use super::{
    Aggregate, Command, CommandVisitor, Outcome, Precondition, Route, Target, TargetView, Tx,
};
use crate::{
    domain::{
        Change,
        error::{DomainError, Noun},
        provider::{NoticeAddress, Profile, Provider},
        role::{CallerIdentity, Party, ProviderUser},
        values::{
            ids::{AddressToken, Revision},
            numbers::OrganisationNumber,
            text::Email,
            time::Instant,
        },
    },
    json::{
        form::Form,
        public::{ProviderRecord, PublicRecord},
    },
    store::{CommandOutcome, Done, Failure},
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
    /// Where notices are sent, once confirmed.
    addresses: Vec<AddressState>,
}

/// An address for notices, and whether somebody there has confirmed it.
#[derive(Debug, Form)]
#[form(name = "NoticeAddressState")]
pub struct AddressState {
    /// The address.
    address: Email,
    /// When it was confirmed by its link. It is not used before.
    confirmed_at: Option<Instant>,
}

impl From<&NoticeAddress> for AddressState {
    fn from(it: &NoticeAddress) -> Self {
        Self { address: it.address.clone(), confirmed_at: it.confirmed_at }
    }
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
        let new_token = || tx.new_id();
        let change = Provider::put(before.clone(), number, self.profile, by, new_token, tx.now)?;
        if let Some(event) = change.value.addresses_asked(tx.now) {
            tx.relate(event, None);
        }
        let saved = tx.save_if_changed(change, before, Tx::check_daily_limit)?;
        Ok(saved.map(|provider| {
            let profile = provider.profile.clone();
            let addresses = provider.addresses.iter().map(AddressState::from).collect();
            show(provider, SavedProfile { profile, addresses })
        }))
    }
}

/// Confirms the address for notices whose link was opened, on behalf of the registry.
///
/// # Errors
/// `not-found` for an unknown or replaced link, or a failing database.
pub fn confirm_address(
    number: &OrganisationNumber,
    token: AddressToken,
    tx: &mut Tx,
) -> Outcome<Provider> {
    let found = tx.session.provider_for_update(number)?;
    let before = found.ok_or_else(|| DomainError::not_found(Noun::NoticeAddress))?;
    let Change { value, event } = before.clone().confirm_address(token, tx.now)?;
    if value == before {
        return Ok(CommandOutcome::Unchanged(value));
    }
    tx.session.save_provider(&value, Some(before.revision))?;
    Ok(CommandOutcome::Changed(Done { event, public: None, related: vec![], answer: value }))
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
