//! `serve`: the reference broker on TCP ports.

use std::io::{self, Write as _};

use super::{Exit, Failure, faults};
use crate::args::ServeArgs;
use crate::broker::{BrokerOptions, Server, TlsIdentity};

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
    let identity = match (&args.cert, &args.key) {
        (Some(certificate), Some(key)) => Some(
            TlsIdentity::read(certificate, key)
                .map_err(|message| Failure::new(Exit::Usage, message))?,
        ),
        _ => None,
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let mut server = Server::bind(args.listen.as_str(), options)
            .await
            .map_err(|error| cannot_listen(&args.listen, &error))?;
        let mut out = anstream::stdout();
        if let Some(address) = &args.websocket {
            let listening = server.listen_websocket(address.as_str()).await;
            let local_addr = listening.map_err(|error| cannot_listen(address, &error))?;
            writeln!(out, "WebSocket on ws://{local_addr}/mqtt")?;
        }
        if let (Some(address), Some(identity)) = (&args.tls, identity) {
            let listening = server.listen_tls(address.as_str(), identity).await;
            let local_addr = listening.map_err(|error| cannot_listen(address, &error))?;
            writeln!(out, "TLS on mqtts://{local_addr}")?;
        }
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

fn cannot_listen(address: &str, error: &io::Error) -> Failure {
    let message = format!("cannot listen on {address}: {error}");
    let is_taken = error.kind() == io::ErrorKind::AddrInUse;
    let hint = "another broker listens there; port 0 takes a free one";
    Failure::new(Exit::CouldNotTest, message).maybe_hint(is_taken.then(|| hint.to_owned()))
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
