//! TLS, with the system's authorities or those of the operator.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::client::danger::{
    HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier,
};
use tokio_rustls::rustls::client::{ResolvesClientCert, WebPkiServerVerifier, verify_server_name};
use tokio_rustls::rustls::crypto::{self, CryptoProvider};
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use tokio_rustls::rustls::server::ParsedCertificate;
use tokio_rustls::rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
};

use super::Refusal;

/// Whom to trust, and who we are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "plain data")]
pub struct TlsOptions {
    /// The certificates of authorities, as PEM, instead of the system's.
    pub authorities: Option<PathBuf>,
    /// Whether any certificate will do.
    pub is_insecure: bool,
    /// The client's certificate and its key, as PEM.
    pub identity: Option<(PathBuf, PathBuf)>,
}

/// The client's side of TLS.
#[derive(Clone)]
pub struct TlsClient {
    connector: TlsConnector,
}

impl TlsClient {
    /// Reads what the options name.
    ///
    /// # Errors
    ///
    /// When a file cannot be used; a phrase for the user.
    pub fn new(options: &TlsOptions) -> Result<Self, String> {
        let provider = Arc::new(crypto::ring::default_provider());
        let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(|error| error.to_string())?;
        let trust = if options.is_insecure {
            None
        } else {
            Some(Trust::of(options.authorities.as_deref(), &provider)?)
        };
        let verifier = Arc::new(Verifier { provider, trust });
        let builder = builder
            .dangerous()
            .with_custom_certificate_verifier(verifier);
        let config = match &options.identity {
            None => builder.with_no_client_auth(),
            Some((certificate, key)) => {
                let chain = certificates(certificate)?;
                let secret = PrivateKeyDer::from_pem_file(key)
                    .map_err(|error| format!("{}: {error}", key.display()))?;
                builder
                    .with_client_auth_cert(chain, secret)
                    .map_err(|error| format!("{}: {error}", certificate.display()))?
            }
        };
        Ok(Self {
            connector: TlsConnector::from(Arc::new(config)),
        })
    }

    pub(super) async fn connect<S: super::Stream + 'static>(
        &self,
        host: &str,
        stream: S,
    ) -> io::Result<impl super::Stream + use<S>> {
        let name = ServerName::try_from(host.to_owned())
            .map_err(|_| Refusal::error("no certificate can be for such a host name"))?;
        let connecting = self.connector.connect(name, stream);
        connecting.await.map_err(explain)
    }
}

impl std::fmt::Debug for TlsClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let resolver: &Arc<dyn ResolvesClientCert> =
            &self.connector.config().client_auth_cert_resolver;
        f.debug_struct("TlsClient")
            .field("has_identity", &resolver.has_certs())
            .finish_non_exhaustive()
    }
}

fn roots(
    authorities: Option<&Path>,
    named: &[CertificateDer<'static>],
) -> Result<RootCertStore, String> {
    let mut roots = RootCertStore::empty();
    let Some(path) = authorities else {
        // A certificate of the system that cannot be read would not have been of use.
        let found = rustls_native_certs::load_native_certs();
        let (_added, _ignored) = roots.add_parsable_certificates(found.certs);
        return if roots.is_empty() {
            Err("the system has no list of authorities; --ca FILE names one".to_owned())
        } else {
            Ok(roots)
        };
    };
    for certificate in named {
        roots
            .add(certificate.clone())
            .map_err(|error| format!("{}: {error}", path.display()))?;
    }
    Ok(roots)
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let named = |error: String| format!("{}: {error}", path.display());
    let found: Vec<_> = CertificateDer::pem_file_iter(path)
        .and_then(Iterator::collect)
        .map_err(|error| named(error.to_string()))?;
    if found.is_empty() {
        return Err(named(
            "there is no certificate in it; the form is PEM".to_owned(),
        ));
    }
    Ok(found)
}

/// What a failed handshake means to the user.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "names the few of many errors that a user can mend"
)]
fn explain(error: io::Error) -> io::Error {
    let Some(inner) = error.get_ref().and_then(|inner| inner.downcast_ref()) else {
        return error;
    };
    Refusal::error(match inner {
        // The second is a certificate of somebody else who has the name of one whom we trust.
        Error::InvalidCertificate(
            CertificateError::UnknownIssuer | CertificateError::BadSignature,
        ) => "nobody whom we trust signed its certificate; --ca FILE names the authority, \
             --insecure takes any certificate"
            .to_owned(),
        Error::InvalidCertificate(why) => {
            format!("its certificate is not valid: {why}; --insecure takes any certificate")
        }
        Error::InvalidMessage(_) => "the answer is not TLS: is it a port for TLS?".to_owned(),
        Error::AlertReceived(alert) => format!("it refuses TLS with the alert {alert:?}"),
        other => format!("TLS failed: {other}"),
    })
}

/// How a certificate is judged. Whoever shows it must have its key, whatever it is worth.
#[derive(Debug)]
struct Verifier {
    provider: Arc<CryptoProvider>,
    /// Whom to trust; none takes any certificate.
    trust: Option<Trust>,
}

/// Takes what an authority signed, and the very certificates that the operator named.
///
/// A self-signed certificate, as a broker on a test machine has, is its own authority: `openssl req -x509` marks it so,
/// and for that alone no server may show it.
#[derive(Debug)]
struct Trust {
    by_authority: Arc<WebPkiServerVerifier>,
    named: Vec<CertificateDer<'static>>,
}

impl Trust {
    fn of(authorities: Option<&Path>, provider: &Arc<CryptoProvider>) -> Result<Self, String> {
        let named = authorities.map(certificates).transpose()?;
        let named = named.unwrap_or_default();
        let roots = Arc::new(roots(authorities, &named)?);
        let by_authority = WebPkiServerVerifier::builder_with_provider(roots, Arc::clone(provider))
            .build()
            .map_err(|error| format!("the authorities cannot be used: {error}"))?;
        Ok(Self {
            by_authority,
            named,
        })
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let Some(trust) = &self.trust else {
            return Ok(ServerCertVerified::assertion());
        };
        let found = trust.by_authority.verify_server_cert(
            end_entity,
            intermediates,
            server_name,
            ocsp_response,
            now,
        );
        match found {
            // That it is an authority's has no variant of its own; that its time is over has one, and comes first.
            Err(Error::InvalidCertificate(CertificateError::Other(_)))
                if trust.named.iter().any(|named| named == end_entity) =>
            {
                verify_server_name(&ParsedCertificate::try_from(end_entity)?, server_name)?;
                Ok(ServerCertVerified::assertion())
            }
            found => found,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        crypto::verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        crypto::verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}
