//! `serve`: the reference broker on a TCP port.

use std::io::{self, Write as _};

use super::{Exit, Failure, faults};
use crate::args::ServeArgs;
use crate::broker::{BrokerOptions, Server};

/// Serves until Ctrl-C, or a request to terminate.
pub(super) fn serve(args: &ServeArgs) -> Result<Exit, Failure> {
    let fault = args.fault.as_deref().map(faults::find).transpose()?;
    let options = BrokerOptions {
        fault,
        users: args
            .user
            .iter()
            .map(|(name, password)| (name.clone(), password.clone().into_bytes()))
            .collect(),
        allows_anonymous: args.user.is_empty(),
        ..BrokerOptions::default()
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let mut server = Server::bind(args.listen.as_str(), options)
            .await
            .map_err(|error| {
                let failure = Failure::new(
                    Exit::CouldNotTest,
                    format!("cannot listen on {}: {error}", args.listen),
                );
                let is_taken = error.kind() == io::ErrorKind::AddrInUse;
                let hint = "another broker listens there; --listen 127.0.0.1:0 takes a free port";
                failure.maybe_hint(is_taken.then(|| hint.to_owned()))
            })?;
        let mut out = anstream::stdout();
        // Whoever started the broker reads the port from this line, and knows that it is ready.
        writeln!(out, "listening on {}", server.local_addr())?;
        out.flush()?;
        tokio::select! {
            () = until_asked_to_end() => {
                server.stop().await;
                Ok(Exit::AsExpected)
            }
            () = server.ended() => Err(Failure::new(Exit::CouldNotTest, "the broker went down".to_owned())),
        }
    })
}

/// Waits for Ctrl-C, or for SIGTERM where that exists.
async fn until_asked_to_end() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupted => {}
                _ = terminated.recv() => {}
            }
            return;
        }
    }
    // Without a signal to wait for the broker runs until it is killed.
    if interrupted.await.is_err() {
        std::future::pending::<()>().await;
    }
}
