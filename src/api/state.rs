//! State shared by all handlers, and access to the database.

use std::sync::Arc;

use actix_web::{HttpResponse, web};

use super::{
    answer::{replayed, to_response},
    middleware::{bulkhead::ConcurrencyLimits, heavy_reads::HeavyReads},
    problem::Problem,
    write_health::WriteHealth,
};
use crate::{
    catalogue::Catalogue,
    commands::Environment,
    context::Context,
    domain::{access::AccessLogEntry, values::time::Instant},
    jobs::{self, JobContext},
    register::Register,
    store::{
        self, CommandMetadata, CommandOutcome, Done, Failure, IdempotencyRecord, IdempotentCommand,
        Reader, Session, Store, StoredResponse,
    },
    vault::{UploadLimits, Vault},
};

/// State shared by all handlers. State of a single part is separate application data.
#[derive(Debug)]
pub struct AppState {
    /// The database.
    pub store: Store,
    /// The bytes of evidence.
    pub vault: Vault,
    /// The public view in memory.
    pub register: Register,
    /// The catalogues.
    pub catalogue: Arc<Catalogue>,
    /// Clock and ids.
    pub context: Context,
    /// Concurrency limits of the database.
    pub concurrency: ConcurrencyLimits,
    /// How many heavy reads are computed at a time.
    pub heavy_reads: HeavyReads,
    /// Whether rows could be written.
    pub writes: WriteHealth,
    /// The address under which the world reaches the registry, without a slash at its end.
    pub public_url: String,
}

/// The state as handlers get it.
pub type AppData = web::Data<AppState>;

/// Metadata of a command: for the journal, and under the caller's idempotency key if there is one.
#[derive(Debug)]
pub struct CommandRequest {
    pub(super) metadata: CommandMetadata,
    pub(super) idempotent: Option<IdempotentCommand>,
}

/// Why a command was not executed.
#[derive(Debug)]
enum NotExecuted {
    /// The command was rejected, or the database failed.
    Failed(Failure),
    /// It was done before, on this instance or another.
    Known(IdempotencyRecord),
}

impl From<store::StoreError> for NotExecuted {
    fn from(error: store::StoreError) -> Self {
        Self::Failed(error.into())
    }
}

impl From<Failure> for NotExecuted {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl AppState {
    /// Dependencies of commands beside the database.
    #[must_use]
    pub fn environment(&self) -> Environment<'_> {
        let UploadLimits { case: case_limit, provider: provider_limit, .. } = self.vault.limits;
        let Self { context, catalogue, .. } = self;
        Environment { context, catalogue, case_limit, provider_limit }
    }

    /// What jobs use.
    #[must_use]
    pub fn jobs(&self) -> JobContext {
        let Self { store, context, catalogue, .. } = self;
        JobContext {
            store: store.clone(),
            context: context.clone(),
            catalogue: Arc::clone(catalogue),
        }
    }

    /// Reads from the database on a blocking thread.
    ///
    /// # Errors
    /// Those of `read`, as a problem; `overloaded`.
    pub async fn read<T: Send + 'static>(
        self: &Arc<Self>,
        read: impl FnOnce(&mut Session<'_>, &Self) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Problem> {
        let state = Arc::clone(self);
        let permit = state.concurrency.reads.enter().await?;
        // The permit is held until the work ends, even after a disconnection of the client.
        blocking(move || {
            let _permit = permit;
            state.store.read(|session| read(session, &state))
        })
        .await
    }

    /// Reads private files, and logs the access of another organisation before the answer. Without a reader, as
    /// for the caller's own files, nothing is logged.
    ///
    /// # Errors
    /// Those of `read`, as a problem; `overloaded`; a failing database.
    pub async fn read_private<T: Send + 'static>(
        self: &Arc<Self>,
        reader: Option<Reader>,
        read: impl FnOnce(&mut Session<'_>, &Self) -> Result<(T, Vec<AccessLogEntry>), Failure>
        + Send
        + 'static,
    ) -> Result<T, Problem> {
        let state = Arc::clone(self);
        let permit = state.concurrency.reads.enter().await?;
        blocking(move || {
            let _permit = permit;
            let (answer, accesses) = state.store.read(|session| read(session, &state))?;
            if let Some(reader) = reader {
                state.store.log_accesses(&reader, state.context.now(), accesses)?;
            }
            Ok::<_, Failure>(answer)
        })
        .await
        .inspect_err(|problem| self.writes.observe(problem))
    }

    /// Executes one command on a blocking thread, once for each key of the caller. On success command and
    /// answer are durable, and this instance's register includes it.
    ///
    /// # Errors
    /// Those of `execute`, as a problem; `overloaded`. Nothing is changed then.
    pub async fn execute(
        self: &Arc<Self>,
        request: CommandRequest,
        execute: impl FnOnce(&mut Session<'_>, &Self, Instant) -> Result<Done<StoredResponse>, Failure>
        + Send
        + 'static,
    ) -> Result<HttpResponse, Problem> {
        let execute = |session: &mut Session<'_>, state: &Self, now| {
            execute(session, state, now).map(CommandOutcome::Changed)
        };
        self.execute_if_changed(request, execute).await
    }

    /// The same for a command that may change nothing: then it is answered and leaves no journal row.
    pub async fn execute_if_changed(
        self: &Arc<Self>,
        CommandRequest { metadata, idempotent }: CommandRequest,
        execute: impl FnOnce(
            &mut Session<'_>,
            &Self,
            Instant,
        ) -> Result<CommandOutcome<StoredResponse>, Failure>
        + Send
        + 'static,
    ) -> Result<HttpResponse, Problem> {
        let state = Arc::clone(self);
        let permit = state.concurrency.commands.enter().await?;
        let (answer, replayed) = blocking(move || {
            let _permit = permit;
            let now = metadata.at;
            let written = state.store.write_if_changed(&metadata, |session| {
                let known = idempotent.as_ref().map(|it| session.known(it, now)).transpose()?;
                if let Some(known) = known.flatten() {
                    return Err(NotExecuted::Known(known));
                }
                let outcome = execute(session, &state, now)?;
                if let Some(idempotent) = &idempotent {
                    session.save_answer(idempotent, outcome.answer(), now)?;
                }
                Ok(outcome)
            });
            let answered = match written {
                Ok(answer) => (answer, false),
                Err(NotExecuted::Known(it)) => (replayed(it)?, true),
                Err(NotExecuted::Failed(failure)) => return Err(Problem::from(failure)),
            };
            state.follow(now);
            Ok(answered)
        })
        .await
        .inspect_err(|problem| self.writes.observe(problem))?;
        Ok(to_response(answer, replayed))
    }

    /// Records a side effect of a read, such as a read receipt, in its own transaction.
    ///
    /// # Errors
    /// Those of `write`, as a problem; nothing is changed then.
    pub async fn record(
        self: &Arc<Self>,
        CommandRequest { metadata, .. }: CommandRequest,
        write: impl FnOnce(&mut Session<'_>, &Self, Instant) -> Result<Done<()>, Failure>
        + Send
        + 'static,
    ) -> Result<(), Problem> {
        let state = Arc::clone(self);
        let permit = state.concurrency.commands.enter().await?;
        blocking(move || {
            let _permit = permit;
            state.store.write(&metadata, |session| write(session, &state, metadata.at))?;
            state.follow(metadata.at);
            Ok::<_, Failure>(())
        })
        .await
        .inspect_err(|problem| self.writes.observe(problem))
    }

    /// Runs work of the registry that a request without a token causes, on a blocking thread.
    ///
    /// # Errors
    /// Those of `work`, as a problem; `overloaded`.
    pub async fn run<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&JobContext) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Problem> {
        let state = Arc::clone(self);
        let permit = state.concurrency.commands.enter().await?;
        blocking(move || {
            let _permit = permit;
            work(&state.jobs())
        })
        .await
        .inspect_err(|problem| self.writes.observe(problem))
    }

    /// The write is durable. If applying it fails here, the follower retries it.
    fn follow(&self, now: Instant) {
        if let Err(error) = jobs::follow_own(&self.store, &self.register, now) {
            tracing::warn!(%error, "the register could not apply the change at once");
        }
    }
}

/// Runs long work on a blocking thread.
async fn blocking<T: Send + 'static, E: Into<Problem> + Send + 'static>(
    work: impl FnOnce() -> Result<T, E> + Send + 'static,
) -> Result<T, Problem> {
    match web::block(work).await {
        Ok(result) => result.map_err(Into::into),
        Err(error) => Err(Problem::internal(&error)),
    }
}
