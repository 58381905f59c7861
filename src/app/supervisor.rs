//! Supervisor of background tasks: a task that ends is restarted; one that ends too often stops the process.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::{sync::mpsc, task::JoinSet, time::sleep};

use crate::jobs::Upkeep;

/// How often a task may end in a row.
const ENDS: u32 = 8;

/// How a task that ended is started again.
#[derive(Debug, Clone, Copy)]
struct Backoff {
    /// The wait after the first end; it doubles with each end that follows soon.
    first_wait: Duration,
    /// How long a task must have run for its earlier ends to be forgotten.
    healthy: Duration,
}

const BACKOFF: Backoff =
    Backoff { first_wait: Duration::from_millis(500), healthy: Duration::from_secs(120) };

/// Starts tasks and restarts those that end. Ends them all when it is dropped.
#[derive(Debug)]
pub(super) struct TaskSupervisor {
    tasks: JoinSet<()>,
    upkeep: Arc<Upkeep>,
    backoff: Backoff,
    lost: (mpsc::Sender<&'static str>, mpsc::Receiver<&'static str>),
}

impl TaskSupervisor {
    /// A supervisor without tasks. It counts restarts in `upkeep`.
    pub(super) fn new(upkeep: Arc<Upkeep>) -> Self {
        Self { tasks: JoinSet::new(), upkeep, backoff: BACKOFF, lost: mpsc::channel(1) }
    }

    /// One that waits for nothing before it starts a task again.
    #[cfg(test)]
    pub(super) fn without_waits(upkeep: Arc<Upkeep>) -> Self {
        let backoff = Backoff { first_wait: Duration::ZERO, healthy: Duration::MAX };
        Self { backoff, ..Self::new(upkeep) }
    }

    /// Runs a task without an end.
    pub(super) fn run<F>(&mut self, name: &'static str, task: impl Fn() -> F + Send + 'static)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let (upkeep, lost) = (Arc::clone(&self.upkeep), self.lost.0.clone());
        let Backoff { first_wait, healthy } = self.backoff;
        self.tasks.spawn(async move {
            let mut ends = 0;
            while ends < ENDS {
                let started = Instant::now();
                // A set of one: it catches a panic, and ends the task when it is dropped.
                let mut one = JoinSet::new();
                one.spawn(task());
                let panicked = one.join_next().await.is_some_and(|ended| ended.is_err());
                upkeep.count_restart(name);
                ends = if started.elapsed() > healthy { 1 } else { ends + 1 };
                tracing::error!(task = name, panicked, ends, "a background task ended");
                sleep(first_wait * 2_u32.pow(ends - 1)).await;
            }
            // Fails where another task was reported first.
            let _ = lost.send(name).await;
        });
    }

    /// Waits for a task that ends too often, and returns its name.
    pub(super) async fn lost(&mut self) -> &'static str {
        // The supervisor holds a sender, so the channel never closes.
        match self.lost.1.recv().await {
            Some(name) => name,
            None => std::future::pending().await,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    fn supervisor() -> (TaskSupervisor, Arc<Upkeep>) {
        let upkeep = Arc::new(Upkeep::default());
        (TaskSupervisor::without_waits(Arc::clone(&upkeep)), upkeep)
    }

    #[actix_web::test]
    async fn a_task_that_panics_or_ends_is_started_again_and_counted() {
        let (mut supervisor, upkeep) = supervisor();
        let begun = Arc::new(AtomicUsize::new(0));
        let (count, done) = (Arc::clone(&begun), Arc::new(tokio::sync::Notify::new()));
        let reached = Arc::clone(&done);
        supervisor.run("fragile", move || {
            let (count, reached) = (Arc::clone(&count), Arc::clone(&reached));
            async move {
                match count.fetch_add(1, Ordering::SeqCst) {
                    0 => panic!("the first time"),
                    1 => {}
                    _ => {
                        reached.notify_one();
                        std::future::pending::<()>().await;
                    }
                }
            }
        });
        done.notified().await;
        assert_eq!(begun.load(Ordering::SeqCst), 3);
        assert_eq!(upkeep.report().restarts.get("fragile"), Some(&2));
    }

    #[actix_web::test]
    async fn a_task_that_keeps_ending_is_named() {
        let (mut supervisor, upkeep) = supervisor();
        supervisor.run("steady", std::future::pending);
        supervisor.run("broken", || async { panic!("each time") });
        assert_eq!(supervisor.lost().await, "broken");
        assert_eq!(upkeep.report().restarts.get("broken"), Some(&u64::from(ENDS)));
    }

    #[actix_web::test]
    async fn a_task_that_ends_now_and_then_is_kept_for_ever() {
        let (mut supervisor, upkeep) = supervisor();
        supervisor.backoff.healthy = Duration::ZERO;
        let done = Arc::new(tokio::sync::Notify::new());
        let (reached, begun) = (Arc::clone(&done), AtomicUsize::new(0));
        supervisor.run("daily", move || {
            if begun.fetch_add(1, Ordering::SeqCst) == 30 {
                reached.notify_one();
            }
            std::future::ready(())
        });
        done.notified().await;
        assert!(upkeep.report().restarts.get("daily").is_some_and(|count| *count >= 30));
    }
}
