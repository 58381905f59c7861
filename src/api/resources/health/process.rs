//! Metrics of the program and its process, as other exporters name them.

use std::fmt;

use prometheus_client::{
    collector::Collector, encoding::DescriptorEncoder, metrics::info::Info, registry::Registry,
};

use crate::{
    api::middleware::samples::{Samples, unix_seconds},
    domain::values::time::Instant,
};

/// Reads the state of the process for `/metrics`.
#[derive(Debug)]
struct Reader {
    started: Instant,
}

/// Registers the metrics.
pub fn register(registry: &mut Registry, started: Instant) {
    let s3 = if cfg!(feature = "s3") { "true" } else { "false" };
    let build = Info::new([("version", env!("CARGO_PKG_VERSION")), ("s3", s3)]);
    registry.register("godkjent_build", "Version of the program, and its optional parts", build);
    registry.register_collector(Box::new(Reader { started }));
}

impl Collector for Reader {
    fn encode(&self, encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let mut samples = Samples(encoder);
        let help = "Start of the process, in Unix time";
        samples.gauge("process_start_time_seconds", help, unix_seconds(self.started))?;
        #[cfg(target_os = "linux")]
        linux::encode(&mut samples)?;
        Ok(())
    }
}

/// Linux shows a process to itself as files. What cannot be read is left out.
#[cfg(target_os = "linux")]
mod linux {
    use std::{fmt, fs};

    use crate::api::middleware::samples::{Samples, count};

    pub(super) fn encode(samples: &mut Samples<'_>) -> fmt::Result {
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        if let Some(bytes) = kibibytes(&status, "VmRSS:") {
            samples.gauge("process_resident_memory_bytes", "Memory in RAM", bytes)?;
        }
        if let Some(bytes) = kibibytes(&status, "VmSize:") {
            samples.gauge("process_virtual_memory_bytes", "Address space", bytes)?;
        }
        if let Some(threads) = number(&status, "Threads:") {
            samples.gauge("process_threads", "Threads", threads)?;
        }
        if let Ok(files) = fs::read_dir("/proc/self/fd") {
            // The directory itself is open while it is read.
            let open = count(files.count().saturating_sub(1));
            samples.gauge("process_open_fds", "Open files and connections", open)?;
        }
        let limits = fs::read_to_string("/proc/self/limits").unwrap_or_default();
        if let Some(most) = number(&limits, "Max open files") {
            samples.gauge("process_max_fds", "Maximum number of open files", most)?;
        }
        let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
        if let Some(seconds) = cpu_seconds(&stat) {
            samples.counter("process_cpu_seconds", "Used processor time", seconds)?;
        }
        Ok(())
    }

    /// The first number after a name at the beginning of a line.
    fn number(text: &str, name: &str) -> Option<i64> {
        let line = text.lines().find_map(|line| line.strip_prefix(name))?;
        line.split_whitespace().next()?.parse().ok()
    }

    fn kibibytes(text: &str, name: &str) -> Option<i64> {
        number(text, name).map(|it| it * 1024)
    }

    /// Ticks per second in `/proc` (`USER_HZ`), the same on every architecture of Linux that Rust has.
    const TICKS_PER_SECOND: f64 = 100.0;

    /// User and system time in `/proc/self/stat`. The name of the program, in parentheses, may contain spaces.
    fn cpu_seconds(stat: &str) -> Option<f64> {
        let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
        let user: u32 = fields.next()?.parse().ok()?;
        let system: u32 = fields.next()?.parse().ok()?;
        Some((f64::from(user) + f64::from(system)) / TICKS_PER_SECOND)
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn numbers_are_read_from_the_files_of_a_process() {
            let status = "Name:\tgodkjent\nVmSize:\t  2048 kB\nThreads:\t17\n";
            assert_eq!(kibibytes(status, "VmSize:"), Some(2 << 20));
            assert_eq!(number(status, "Threads:"), Some(17));
            assert_eq!(number(status, "VmRSS:"), None);
            let stat = "7 (a b) c) S 1 7 7 0 -1 4194304 900 0 3 0 250 50 0 0 20 0 17 0 100 0 0";
            assert_eq!(cpu_seconds(stat), Some(3.0));
            assert_eq!(cpu_seconds("7 (a"), None);
        }
    }
}
