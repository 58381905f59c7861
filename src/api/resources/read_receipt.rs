//! Opening: a message of legal weight is opened when its receiver reads it, or the letter of it.
//!
//! Each reader is logged once (eForvaltningsforskriften § 8). No clock starts.

use crate::{
    api::{AppData, extract::caller::Caller, problem::Problem},
    commands,
    domain::{
        Change,
        appeal::Appeal,
        application::Application,
        decision::history::DecisionHistory,
        error::DomainError,
        prior_notice::PriorNotice,
        role::{FromCaller, Party, ProviderUser},
        values::{
            ids::{AppealId, ApplicationId, DecisionId, PriorNoticeId, Revision},
            time::Instant,
        },
    },
    store::{Done, Failure, Session},
};

/// Something that carries a message of legal weight to a provider.
pub(super) trait Message: Sized + Send + 'static {
    type Id: Copy + Send + 'static;

    /// The thing, where the party may see it.
    fn find(session: &mut Session<'_>, id: Self::Id, by: &Party) -> Result<Self, Failure>;
    /// With the reader logged; none where there is nothing to log.
    fn read_by(self, reader: &ProviderUser, now: Instant) -> Option<Change<Self>>;
    fn revision(&self) -> Revision;
    fn keep(&self, session: &mut Session<'_>, from: Revision) -> Result<(), Failure>;
}

/// Logs the provider's reader, the first time. Whoever else reads opens nothing, and neither does a token
/// that may only read: it could be in hands for which it was not meant.
pub(super) async fn record_read_receipt<M: Message>(
    state: &AppData,
    by: &Caller<Party>,
    id: M::Id,
) -> Result<(), Problem> {
    let Ok(reader) = ProviderUser::of(by.caller.clone()) else { return Ok(()) };
    if by.reads_only {
        return Ok(());
    }
    let (party, again) = (by.role.clone(), by.role.clone());
    let seen = state.read(move |session, _| M::find(session, id, &party)).await?;
    if seen.read_by(&reader, state.context.now()).is_none() {
        return Ok(());
    }
    state
        .record(by.metadata(&state.context), move |session, now| {
            let message = M::find(session, id, &again)?;
            let from = message.revision();
            // The same person may have been here a moment ago, and then reads again.
            let opened = message.read_by(&reader, now);
            let Change { value, event } = opened.ok_or_else(DomainError::stale)?;
            value.keep(session, from)?;
            Ok(Done { event, public: None, related: vec![], answer: () })
        })
        .await
}

/// What the four have in common: how each is found and kept, by name.
macro_rules! messages {
    ($($message:ident, $id:ident, $find:expr, $keep:ident;)+) => {$(
        impl Message for $message {
            type Id = $id;

            fn find(session: &mut Session<'_>, id: $id, by: &Party) -> Result<Self, Failure> {
                let find: fn(&mut Session<'_>, $id, &Party) -> Result<Self, Failure> = $find;
                find(session, id, by)
            }

            fn read_by(self, reader: &ProviderUser, now: Instant) -> Option<Change<Self>> {
                Self::opened_by(self, reader, now)
            }

            fn revision(&self) -> Revision {
                self.revision
            }

            fn keep(&self, session: &mut Session<'_>, from: Revision) -> Result<(), Failure> {
                session.$keep(self, Some(from))
            }
        }
    )+};
}

messages! {
    Application, ApplicationId, commands::application::load, save_application;
    Appeal, AppealId, appeal, save_appeal;
    PriorNotice, PriorNoticeId, prior_notice, save_prior_notice;
    DecisionHistory, DecisionId, |session, id, by| Ok(commands::decision::load(session, id, by)?.1), save_history;
}

fn appeal(session: &mut Session<'_>, id: AppealId, by: &Party) -> Result<Appeal, Failure> {
    let found = session.appeal(id)?.filter(|it| by.may_see(&it.municipality, &it.provider));
    Ok(found.ok_or_else(|| DomainError::not_found("appeal"))?)
}

fn prior_notice(
    session: &mut Session<'_>,
    id: PriorNoticeId,
    by: &Party,
) -> Result<PriorNotice, Failure> {
    let found = session.prior_notice(id)?.filter(|it| by.may_see(&it.municipality, &it.provider));
    Ok(found.ok_or_else(|| DomainError::not_found("prior notice"))?)
}
