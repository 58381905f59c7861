//! Read receipts: a provider's read of a formal message is recorded, once for each reader
//! (eForvaltningsforskriften § 8). No clock starts.

use uuid::Uuid;

use crate::{
    api::{AppData, extract::caller::Caller, problem::Problem},
    commands::{self, Tx, appeal::AppealCase, application, decision},
    domain::{
        Change,
        appeal::Appeal,
        application::Application,
        decision::history::DecisionHistory,
        error::DomainError,
        prior_notice::PriorNotice,
        role::{FromCaller, Party, ProviderUser},
        values::{
            ids::{ApplicationId, DecisionId, Revision},
            time::Instant,
        },
    },
    store::{Done, Failure, Session},
};

/// Something that carries a message of legal weight to a provider.
pub(super) trait ReceiptTarget: Sized + Send + 'static {
    /// Loads the resource without its case, if the party may see it.
    fn find(tx: &mut Tx, id: Uuid, party: &Party) -> Result<Self, Failure>;
    /// With the reader logged; none where there is nothing to log.
    fn read_by(self, reader: &ProviderUser, now: Instant) -> Option<Change<Self>>;
    fn revision(&self) -> Revision;
    fn save(&self, session: &mut Session<'_>, from: Revision) -> Result<(), Failure>;
}

/// Logs the provider's reader, the first time. Others leave no receipt, and neither does a token
/// that may only read: it could be in hands for which it was not meant.
pub(super) async fn record_read_receipt<M: ReceiptTarget>(
    state: &AppData,
    by: &Caller<Party>,
    id: Uuid,
) -> Result<(), Problem> {
    let Ok(reader) = ProviderUser::of(by.caller.clone()) else { return Ok(()) };
    if by.caller.reads_only.is_some() {
        return Ok(());
    }
    let (party, again) = (by.role.clone(), by.role.clone());
    let now = state.context.now();
    let seen = state
        .read(move |session, state| {
            M::find(&mut Tx::new(session, state.environment(), now), id, &party)
        })
        .await?;
    if seen.read_by(&reader, now).is_none() {
        return Ok(());
    }
    state
        .record(by.metadata(&state.context), move |session, state, now| {
            let mut tx = Tx::new(session, state.environment(), now);
            let message = M::find(&mut tx, id, &again)?;
            let from = message.revision();
            // The same person may have been here a moment ago, and then reads again.
            let read = message.read_by(&reader, now);
            let Change { value, event } = read.ok_or_else(DomainError::stale)?;
            value.save(tx.session, from)?;
            Ok(Done { event, public: None, related: vec![], answer: () })
        })
        .await
}

/// The common part of the four kinds: loading and saving, by name.
macro_rules! messages {
    ($($message:ident, $find:expr, $save:ident;)+) => {$(
        impl ReceiptTarget for $message {
            fn find(tx: &mut Tx, id: Uuid, party: &Party) -> Result<Self, Failure> {
                let find: fn(&mut Tx, Uuid, &Party) -> Result<Self, Failure> = $find;
                find(tx, id, party)
            }

            fn read_by(self, reader: &ProviderUser, now: Instant) -> Option<Change<Self>> {
                Self::opened_by(self, reader, now)
            }

            fn revision(&self) -> Revision {
                self.revision
            }

            fn save(&self, session: &mut Session<'_>, from: Revision) -> Result<(), Failure> {
                session.$save(self, Some(from))
            }
        }
    )+};
}

messages! {
    Application, |tx, id, by| application::load(tx.session, ApplicationId::new(id), by), save_application;
    Appeal, |tx, id, by| Ok(commands::load::<AppealCase>(tx, &id, by)?.appeal), save_appeal;
    PriorNotice, |tx, id, by| commands::load(tx, &id, by), save_prior_notice;
    DecisionHistory, |tx, id, by| Ok(decision::load(tx.session, DecisionId::new(id), by)?.1), save_history;
}
