//! Read receipts: that a provider has read a message of legal weight is logged, once for each reader
//! (eForvaltningsforskriften § 8). No clock starts.

use crate::{
    api::{AppData, extract::caller::Caller, problem::Problem},
    commands::{self, Aggregate, Target, Tx, application::ApplicationCase, decision::DecisionCase},
    domain::{
        Change,
        appeal::Appeal,
        error::DomainError,
        prior_notice::PriorNotice,
        role::{FromCaller, Party, ProviderUser},
        values::time::Instant,
    },
    store::Done,
};

/// Something that carries a message of legal weight to a provider.
pub(super) trait Message: Target + Aggregate {
    /// With the reader logged; none where there is nothing to log.
    fn read_by(self, reader: &ProviderUser, now: Instant) -> Option<Change<Self>>;
}

/// Logs the provider's reader, the first time. Others leave no receipt, and neither does a token
/// that may only read: it could be in hands for which it was not meant.
pub(super) async fn record_read_receipt<M: Message>(
    state: &AppData,
    by: &Caller<Party>,
    key: M::Key,
) -> Result<(), Problem> {
    let Ok(reader) = ProviderUser::of(by.caller.clone()) else { return Ok(()) };
    if by.reads_only {
        return Ok(());
    }
    let (party, key_again, party_again) = (by.role.clone(), key.clone(), by.role.clone());
    let now = state.context.now();
    let seen = state
        .read(move |session, state| {
            commands::load::<M>(&mut Tx::new(session, state.environment(), now), &key, &party)
        })
        .await?;
    if seen.read_by(&reader, now).is_none() {
        return Ok(());
    }
    state
        .record(by.metadata(&state.context), move |session, state, now| {
            let mut tx = Tx::new(session, state.environment(), now);
            let message = commands::load::<M>(&mut tx, &key_again, &party_again)?;
            let from = message.revision();
            // The same person may have been here a moment ago, and then reads again.
            let read = message.read_by(&reader, now);
            let Change { value, event } = read.ok_or_else(DomainError::stale)?;
            value.save(&mut tx, from)?;
            Ok(Done { event, public: None, related: vec![], answer: () })
        })
        .await
}

impl Message for Appeal {
    fn read_by(self, reader: &ProviderUser, now: Instant) -> Option<Change<Self>> {
        self.opened_by(reader, now)
    }
}

impl Message for PriorNotice {
    fn read_by(self, reader: &ProviderUser, now: Instant) -> Option<Change<Self>> {
        self.opened_by(reader, now)
    }
}

impl Message for DecisionCase {
    fn read_by(self, reader: &ProviderUser, now: Instant) -> Option<Change<Self>> {
        let Change { value: history, event } = self.history.clone().opened_by(reader, now)?;
        Some(Change { value: Self { history, ..self }, event })
    }
}

impl Message for ApplicationCase {
    fn read_by(self, reader: &ProviderUser, now: Instant) -> Option<Change<Self>> {
        let Change { value: application, event } =
            self.application.clone().opened_by(reader, now)?;
        Some(Change { value: Self { application, ..self }, event })
    }
}
