//! Signals of the operating system.

use super::log;

/// Handles SIGXFSZ, which otherwise kills the process when a file would exceed `ulimit -f`. The write then fails as on a
/// full disk. The handler stays until the process ends.
pub fn handle_file_size_signal() {
    #[cfg(unix)]
    {
        /// On Linux (but for MIPS), macOS and the BSDs.
        const SIGXFSZ: i32 = 25;
        use tokio::signal::unix::{SignalKind, signal};
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let handle = |runtime: tokio::runtime::Runtime| {
            runtime.block_on(async { signal(SignalKind::from_raw(SIGXFSZ)).map(drop) })
        };
        if let Err(error) = runtime.and_then(handle) {
            let text = "godkjent: a file that reaches ulimit -f will end the process";
            log::write_line(std::io::stderr(), &format!("{text}: {error}"));
        }
    }
}
