//! The log. It never blocks or ends the program.
//!
//! Lines go through a bounded queue to a thread that writes them. When they cannot be written, or the queue is full,
//! they are dropped, and the next line gives their number.

use std::{
    fmt,
    io::{self, IsTerminal, Write},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
        mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel},
    },
    thread,
    time::Duration,
};

use prometheus_client::{collector::Collector, encoding::DescriptorEncoder, registry::Registry};
use tracing_subscriber::{
    EnvFilter, Layer, fmt::MakeWriter, layer, layer::SubscriberExt, util::SubscriberInitExt,
};

use crate::{api::middleware::samples::Samples, config::LogFormat};

/// How many lines may wait to be written.
const WAITING: usize = 8192;
/// How long the end of the process waits for the last lines.
const LAST_LINES: Duration = Duration::from_secs(1);

/// What is logged where `RUST_LOG` is not set. The dispatcher reports each request that is not HTTP as an error: clients
/// would raise alerts.
const FILTER: &str = "info,actix_server=warn,actix_http::h1::dispatcher=off";

/// Events of this process, for `/metrics`: there is one log.
static COUNTS: Counts =
    Counts { warnings: AtomicU64::new(0), errors: AtomicU64::new(0), dropped: AtomicU64::new(0) };

#[derive(Debug)]
struct Counts {
    warnings: AtomicU64,
    errors: AtomicU64,
    /// Lines that were not written.
    dropped: AtomicU64,
}

/// Registers the numbers of warnings and errors as metrics, so that no line has to be searched for.
pub fn register(registry: &mut Registry) {
    registry.register_collector(Box::new(&COUNTS));
}

impl Collector for &'static Counts {
    fn encode(&self, encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let (mut samples, of) = (Samples(encoder), |it: &AtomicU64| it.load(Ordering::Relaxed));
        let events = [("warn", of(&self.warnings)), ("error", of(&self.errors))];
        let events = events.map(|(level, count)| ([("level", level)], count));
        samples.counters("godkjent_log_events", "Warnings and errors in the log", events)?;
        let help = "Lines of the log that could not be written";
        samples.counter("godkjent_log_lines_dropped", help, of(&self.dropped))
    }
}

/// Counts warnings and errors.
struct CountEvents;

impl<S: tracing::Subscriber> Layer<S> for CountEvents {
    fn on_event(&self, event: &tracing::Event<'_>, _: layer::Context<'_, S>) {
        let count = match *event.metadata().level() {
            tracing::Level::WARN => &COUNTS.warnings,
            tracing::Level::ERROR => &COUNTS.errors,
            _ => return,
        };
        count.fetch_add(1, Ordering::Relaxed);
    }
}

/// Sends lines to the thread that writes them.
#[derive(Debug, Clone)]
struct Queue {
    lines: SyncSender<Line>,
    dropped: Arc<AtomicU64>,
}

#[derive(Debug)]
enum Line {
    Text(Vec<u8>),
    /// Confirms to the sender that all lines before it are written.
    End(SyncSender<()>),
}

/// Waits for the last lines to be written when it is dropped.
#[derive(Debug)]
pub struct Guard(Queue);

impl Drop for Guard {
    fn drop(&mut self) {
        let (written, is_written) = sync_channel(1);
        // A blocked log reader must not prevent the end of the process.
        if self.0.lines.try_send(Line::End(written)).is_ok() {
            let _ = is_written.recv_timeout(LAST_LINES);
        }
    }
}

/// Starts the log on standard error. Hold the guard until the process ends.
#[must_use]
pub fn init(format: LogFormat) -> Guard {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(FILTER));
    let queue = Queue::start(io::stderr());
    let log = tracing_subscriber::fmt::layer()
        .with_ansi(io::stderr().is_terminal())
        .log_internal_errors(false)
        .with_writer(queue.clone());
    let log = match format {
        LogFormat::Text => log.compact().boxed(),
        LogFormat::Json => log.json().boxed(),
    };
    tracing_subscriber::registry().with(log).with(CountEvents).with(filter).init();
    // The default hook writes to standard error itself, and blocks while its reader does.
    std::panic::set_hook(Box::new(|panic| tracing::error!(%panic, "a thread panicked")));
    Guard(queue)
}

/// Writes a line for the operator. Errors are ignored.
pub fn write_line(mut to: impl Write, text: &str) {
    // An error of the terminal cannot be reported anywhere.
    let _ = writeln!(to, "{text}").and_then(|()| to.flush());
}

impl Queue {
    /// Starts a queue and the thread that empties it.
    fn start(to: impl Write + Send + 'static) -> Self {
        let (lines, waiting) = sync_channel(WAITING);
        let queue = Self { lines, dropped: Arc::default() };
        let dropped = Arc::clone(&queue.dropped);
        let thread = thread::Builder::new().name("log".to_owned());
        // Without a thread every line is dropped, and the registry serves.
        let _ = thread.spawn(move || write_all(&waiting, &dropped, to));
        queue
    }

    fn send(&self, line: &[u8]) {
        if self.lines.try_send(Line::Text(line.to_vec())).is_err() {
            self.dropped.fetch_add(1, Ordering::Relaxed);
            COUNTS.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }
}

fn write_all(waiting: &Receiver<Line>, dropped: &AtomicU64, mut to: impl Write) {
    loop {
        let line = match waiting.recv_timeout(LAST_LINES) {
            Ok(line) => Some(line),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => return,
        };
        let lost = dropped.swap(0, Ordering::Relaxed);
        if lost > 0 && writeln!(to, "{lost} log lines were dropped before this one").is_err() {
            dropped.fetch_add(lost, Ordering::Relaxed);
        }
        match line {
            Some(Line::Text(text)) if to.write_all(&text).is_err() => {
                dropped.fetch_add(1, Ordering::Relaxed);
                COUNTS.dropped.fetch_add(1, Ordering::Relaxed);
            }
            Some(Line::End(written)) => {
                let _ = written.try_send(());
            }
            Some(Line::Text(_)) | None => {}
        }
    }
}

impl<'a> MakeWriter<'a> for Queue {
    type Writer = &'a Self;

    fn make_writer(&'a self) -> Self::Writer {
        self
    }
}

/// One call writes one line: the formatter hands over whole events.
impl Write for &Queue {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.send(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    /// A reader of the log that fails while `is_full` is set.
    #[derive(Clone, Default)]
    struct Reader {
        text: Arc<Mutex<Vec<u8>>>,
        is_full: Arc<Mutex<bool>>,
    }

    impl Write for Reader {
        fn write(&mut self, line: &[u8]) -> io::Result<usize> {
            if *self.is_full.lock().unwrap() {
                return Err(io::ErrorKind::StorageFull.into());
            }
            self.text.lock().unwrap().extend_from_slice(line);
            Ok(line.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn written(queue: &Queue) {
        let (done, is_done) = sync_channel(1);
        queue.lines.send(Line::End(done)).unwrap();
        is_done.recv().unwrap();
    }

    #[test]
    fn lines_that_cannot_be_written_are_counted_and_the_log_goes_on() {
        let reader = Reader::default();
        let queue = Queue::start(reader.clone());
        queue.send(b"one\n");
        written(&queue);
        *reader.is_full.lock().unwrap() = true;
        queue.send(b"two\n");
        queue.send(b"three\n");
        written(&queue);
        *reader.is_full.lock().unwrap() = false;
        queue.send(b"four\n");
        written(&queue);
        let text = String::from_utf8(reader.text.lock().unwrap().clone()).unwrap();
        assert_eq!(text, "one\n2 log lines were dropped before this one\nfour\n");
    }

    #[test]
    fn a_blocked_reader_does_not_block_the_program() {
        struct Asleep(SyncSender<()>, Receiver<()>);
        impl Write for Asleep {
            fn write(&mut self, line: &[u8]) -> io::Result<usize> {
                let _ = self.0.try_send(());
                let _ = self.1.recv();
                Ok(line.len())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let (begun, writing) = sync_channel(1);
        let (wake, asleep) = sync_channel(0);
        let queue = Queue::start(Asleep(begun, asleep));
        queue.send(b"a line\n");
        writing.recv().unwrap();
        for _ in 0..2 * WAITING {
            queue.send(b"a line\n");
        }
        let dropped = queue.dropped.load(Ordering::Relaxed);
        assert_eq!(dropped, u64::try_from(WAITING).unwrap());
        drop(wake);
    }
}
