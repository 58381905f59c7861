//! Background tasks of a running server.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use actix_web::web;

use super::{ServerComponents, supervisor::TaskSupervisor};
use crate::{
    api::AppState,
    jobs::{self, evidence},
};

/// Interval of the deletion of expired answers.
const FORGET_EVERY: Duration = Duration::from_secs(3600);
/// Interval of polling the journal for changes of other instances.
const FOLLOW_EVERY: Duration = Duration::from_secs(1);
/// How often the outbox is looked through.
const SEND_EVERY: Duration = Duration::from_secs(1);
/// How often files that wait for the scanner are looked for.
const SCAN_EVERY: Duration = Duration::from_secs(2);
/// How often bytes without a row are looked for.
const SWEEP_EVERY: Duration = Duration::from_secs(600);

/// Starts the background tasks.
pub(super) fn start(components: &ServerComponents) -> TaskSupervisor {
    let mut supervisor = TaskSupervisor::new(Arc::clone(&components.upkeep));
    let of = || components.clone();
    let (keys, journal, answers, files, outbox, signals) = (of(), of(), of(), of(), of(), of());
    supervisor.run("token-keys", move || tend(keys.clone()));
    supervisor.run("follower", move || follow(journal.clone()));
    supervisor.run("answers", move || forget(answers.state.clone()));
    supervisor.run("evidence", move || keep_evidence(files.clone()));
    supervisor.run("notices", move || send_notices(outbox.clone()));
    supervisor.run("signals", move || shutdown(signals.state.clone()));
    supervisor
}

/// Has files scanned, and sweeps away bytes that nothing needs.
async fn keep_evidence(ServerComponents { state, upkeep, .. }: ServerComponents) {
    let mut tick = tokio::time::interval(SCAN_EVERY);
    let mut swept: Option<Instant> = None;
    loop {
        tick.tick().await;
        let (jobs, vault) = (state.jobs(), &state.vault);
        match upkeep.scan(&jobs, vault).await {
            Ok(0) => {}
            Ok(scanned) => tracing::info!(scanned, "files of evidence were scanned"),
            Err(error) => tracing::warn!(%error, "files of evidence wait for the scanner"),
        }
        if swept.is_some_and(|at| at.elapsed() < SWEEP_EVERY) {
            continue;
        }
        swept = Some(Instant::now());
        match evidence::remove_unused(&jobs, vault.limits.unused).await {
            Ok(0) => {}
            Ok(removed) => tracing::info!(removed, "unused files of evidence were removed"),
            Err(error) => tracing::warn!(%error, "unused files of evidence could not be removed"),
        }
        match upkeep.sweep(&jobs, vault).await {
            Ok(swept) if swept == evidence::Swept::default() => {}
            Ok(swept) => tracing::info!(?swept, "the evidence store was swept"),
            Err(error) => tracing::warn!(%error, "the evidence store could not be swept"),
        }
    }
}

/// Sends notices. Separate from the follower, which must not wait for a mail server.
async fn send_notices(ServerComponents { state, upkeep, notices, .. }: ServerComponents) {
    let mut tick = tokio::time::interval(SEND_EVERY);
    loop {
        tick.tick().await;
        // A wrong clock would start periods on a wrong day.
        if upkeep.report().jumped.is_some() {
            continue;
        }
        let (state, notices) = (state.clone(), notices.clone());
        let sent =
            tokio::task::spawn_blocking(move || jobs::send_notices(&state.jobs(), &notices)).await;
        match sent {
            Ok(Ok(0)) => {}
            Ok(Ok(tried)) => tracing::info!(tried, "notices were sent or tried"),
            Ok(Err(error)) => tracing::warn!(%error, "notices cannot be sent"),
            Err(error) => return tracing::error!(%error, "sending notices panicked"),
        }
    }
}

/// Ends streams and long polls on a stop signal: they have no end of their own.
async fn shutdown(state: web::Data<AppState>) {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! { _ = interrupted => {}, _ = terminated.recv() => {} }
            state.register.stop();
            return std::future::pending::<()>().await;
        }
    }
    if interrupted.await.is_ok() {
        state.register.stop();
        std::future::pending::<()>().await;
    }
}

/// Refreshes the keys of issuers.
async fn tend(ServerComponents { state, tokens, .. }: ServerComponents) {
    let mut tick = tokio::time::interval(FOLLOW_EVERY);
    loop {
        tick.tick().await;
        tokens.tend(state.context.now()).await;
    }
}

/// Executes due items, and applies changes of this and other instances.
async fn follow(ServerComponents { state, upkeep, limits, .. }: ServerComponents) {
    let started = Instant::now();
    let mut tick = tokio::time::interval(FOLLOW_EVERY);
    loop {
        tick.tick().await;
        let (state, upkeep, limits) = (state.clone(), upkeep.clone(), limits.clone());
        let followed = tokio::task::spawn_blocking(move || {
            limits.forget(state.context.now());
            upkeep.round(&state.jobs(), &state.register, started.elapsed())
        });
        match followed.await {
            Ok(Ok(0)) => {}
            Ok(Ok(done)) => tracing::info!(done, "due items were executed"),
            Ok(Err(error)) => tracing::warn!(%error, "due work or the journal cannot be followed"),
            // A panic: the supervisor starts the task again.
            Err(error) => return tracing::error!(%error, "the follower panicked"),
        }
    }
}

/// Deletes expired answers. Separate from the follower, which must wait only for the journal.
async fn forget(state: web::Data<AppState>) {
    let mut tick = tokio::time::interval(FORGET_EVERY);
    loop {
        tick.tick().await;
        let state = state.clone();
        let forgotten =
            tokio::task::spawn_blocking(move || state.store.forget_answers(state.context.now()));
        match forgotten.await {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => {
                tracing::warn!(%error, "expired answers could not be deleted");
            }
            Err(error) => return tracing::error!(%error, "deleting expired answers panicked"),
        }
    }
}
