//! Ctrl-C: the first ends the run and its report is written; the second ends the process.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use super::super::Exit;

/// Whether somebody wants the run to end.
pub(super) struct Interrupt {
    stop: Arc<AtomicBool>,
    was_seen: Arc<AtomicBool>,
}

impl Interrupt {
    /// Watches for Ctrl-C from now on.
    pub(super) fn watch() -> io::Result<Self> {
        let this = Self {
            stop: Arc::default(),
            was_seen: Arc::default(),
        };
        let (stop, was_seen) = (Arc::clone(&this.stop), Arc::clone(&this.was_seen));
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_io()
            .build()?;
        thread::spawn(move || {
            runtime.block_on(async {
                while tokio::signal::ctrl_c().await.is_ok() {
                    if was_seen.swap(true, Ordering::Relaxed) {
                        // Asked for twice: nothing is left to do.
                        std::process::exit(i32::from(Exit::Interrupted.code()));
                    }
                    stop.store(true, Ordering::Relaxed);
                }
            });
        });
        Ok(this)
    }

    /// Set when the run is to end, by Ctrl-C or by the runner itself.
    pub(super) fn stop(&self) -> &AtomicBool {
        &self.stop
    }

    /// Whether it was Ctrl-C.
    pub(super) fn was_seen(&self) -> bool {
        self.was_seen.load(Ordering::Relaxed)
    }
}
