//! `serve`: the reference broker on TCP ports.

use std::io::{self, Write as _};
use std::sync::Arc;

use super::{Exit, Failure, faults, files};
use crate::args::ServeArgs;
use crate::broker::{BrokerOptions, Server, TlsIdentity, Trace, TraceEvent};

/// Serves until Ctrl-C, or a request to terminate.
pub(super) fn serve(args: &ServeArgs) -> Result<Exit, Failure> {
    let fault = args.fault.as_deref().map(faults::find).transpose()?;
    let options = BrokerOptions {
        fault,
        variants: faults::find_variants(&args.variant)?,
        ..args.options()
    };
    let identity = match (&args.cert, &args.key) {
        (Some(certificate), Some(key)) => Some(
            TlsIdentity::read(certificate, key)
                .map_err(|message| Failure::new(Exit::Usage, message))?,
        ),
        _ => None,
    };
    // Each client takes a file.
    files::allow_open(u64::MAX);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        // Before anybody is told that the broker is there.
        let mut end = Signals::watch()?;
        let mut server = listen(args, options, identity).await?;
        tokio::select! {
            () = end.wait() => {
                server.stop().await;
                Ok(Exit::AsExpected)
            }
            () = server.ended() => Err(Failure::new(Exit::CouldNotTest, "the broker went down".to_owned())),
        }
    })
}

/// Listens on every address, and says so.
async fn listen(
    args: &ServeArgs,
    options: BrokerOptions,
    identity: Option<TlsIdentity>,
) -> Result<Server, Failure> {
    let (first, others) = args
        .listen
        .split_first()
        .ok_or_else(|| Failure::new(Exit::Usage, "there is no address to listen on".to_owned()))?;
    let binding = if args.trace {
        Server::bind_traced(first.as_str(), options, trace()).await
    } else {
        Server::bind(first.as_str(), options).await
    };
    let mut server = binding.map_err(|error| cannot_listen(first, &error))?;
    let mut out = anstream::stdout();
    for address in others {
        let listening = server.listen(address.as_str()).await;
        let local_addr = listening.map_err(|error| cannot_listen(address, &error))?;
        writeln!(out, "also on {local_addr}")?;
    }
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
    Ok(server)
}

/// Writes each packet to standard error, one a line.
fn trace() -> Trace {
    Arc::new(|event: &TraceEvent| {
        let mut line = event.to_string();
        if let Some((end, _)) = line.char_indices().nth(TRACE_LEN_MAX) {
            line.truncate(end);
            line.push_str(&format!(".. ({} bytes)", event.bytes.len()));
        }
        // Nobody may be listening; the broker goes on.
        writeln!(io::stderr(), "{line}").ok();
    })
}

fn cannot_listen(address: &str, error: &io::Error) -> Failure {
    let message = format!("cannot listen on {address}: {error}");
    let is_taken = error.kind() == io::ErrorKind::AddrInUse;
    let hint = "another broker listens there; port 0 takes a free one";
    Failure::new(Exit::CouldNotTest, message).maybe_hint(is_taken.then(|| hint.to_owned()))
}

/// Ctrl-C, and SIGTERM where that exists.
struct Signals {
    #[cfg(unix)]
    interrupted: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminated: tokio::signal::unix::Signal,
}

impl Signals {
    /// Takes them from now on.
    fn watch() -> io::Result<Self> {
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            Ok(Self {
                interrupted: signal(SignalKind::interrupt())?,
                terminated: signal(SignalKind::terminate())?,
            })
        }
        #[cfg(not(unix))]
        Ok(Self {})
    }

    /// Waits for one.
    async fn wait(&mut self) {
        #[cfg(unix)]
        tokio::select! {
            _ = self.interrupted.recv() => {}
            _ = self.terminated.recv() => {}
        }
        // Without a signal to wait for the broker runs until it is killed.
        #[cfg(not(unix))]
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

/// In characters: as much of a packet as anybody reads.
const TRACE_LEN_MAX: usize = 4_000;
