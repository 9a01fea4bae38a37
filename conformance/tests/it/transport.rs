use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::{env, fs, thread};

use mqtt_assay::transport::{FrameKind, over_websocket};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

/// `mqtt-assay serve`, stopped when it is dropped.
struct Served {
    child: Child,
    /// What it printed, up to the line that says that it is ready.
    lines: Vec<String>,
}

impl Served {
    fn start(arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_mqtt-assay"))
            .args(["serve", "--listen", "127.0.0.1:0"])
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = Vec::new();
        for line in BufReader::new(child.stdout.as_mut().unwrap()).lines() {
            lines.push(line.unwrap());
            if lines.last().unwrap().starts_with("listening on ") {
                break;
            }
        }
        Self { child, lines }
    }

    fn websocket() -> Self {
        Self::start(&["--websocket", "127.0.0.1:0"])
    }

    fn tls(identity: &Identity) -> Self {
        let (certificate, key) = (identity.path("crt"), identity.path("key"));
        Self::start(&[
            "--tls",
            "127.0.0.1:0",
            "--cert",
            &certificate,
            "--key",
            &key,
        ])
    }

    /// The address that stands behind these words.
    fn address(&self, words: &str) -> String {
        let mut addresses = self
            .lines
            .iter()
            .filter_map(|line| line.strip_prefix(words));
        addresses.next().unwrap().trim().to_owned()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// A certificate for the loopback addresses and its key, in files of their own for each test.
struct Identity(PathBuf);

impl Identity {
    fn new(name: &str) -> Self {
        Self::of(name, &["localhost", "127.0.0.1"], rcgen::IsCa::NoCa)
    }

    fn of(name: &str, hosts: &[&str], is_ca: rcgen::IsCa) -> Self {
        let hosts: Vec<_> = hosts.iter().map(|&host| host.to_owned()).collect();
        let mut parameters = rcgen::CertificateParams::new(hosts).unwrap();
        parameters.is_ca = is_ca;
        let key = rcgen::KeyPair::generate().unwrap();
        let certificate = parameters.self_signed(&key).unwrap();
        let identity =
            Self(env::temp_dir().join(format!("mqtt-assay-{}-{name}", std::process::id())));
        fs::write(identity.path("crt"), certificate.pem()).unwrap();
        fs::write(identity.path("key"), key.serialize_pem()).unwrap();
        identity
    }

    fn path(&self, extension: &str) -> String {
        self.0
            .with_extension(extension)
            .to_str()
            .unwrap()
            .to_owned()
    }
}

impl Drop for Identity {
    fn drop(&mut self) {
        for extension in ["crt", "key"] {
            fs::remove_file(self.path(extension)).unwrap();
        }
    }
}

/// The exit code of a run, and all that it printed.
fn run(arguments: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_mqtt-assay"))
        .arg("run")
        .args(arguments)
        .output()
        .unwrap();
    let printed = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(printed).unwrap())
}

/// A run that could not test, and why.
#[track_caller]
fn check_refused(arguments: &[&str], message: &str) {
    let (code, printed) = run(&[&["ping/*"], arguments].concat());
    assert_eq!(code, Some(3), "{printed}");
    assert!(printed.contains(message), "{printed}");
}

/// Something that answers each connection with this, and is not waited for.
fn answering(answer: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    thread::spawn(move || {
        while let Ok((mut stream, _)) = listener.accept() {
            let mut request = [0; 1024];
            let _len = stream.read(&mut request).unwrap();
            stream.write_all(answer.as_bytes()).unwrap();
        }
    });
    address
}

#[test]
fn the_suite_runs_over_websocket() {
    let served = Served::websocket();
    let broker = served.address("WebSocket on ");
    let (code, printed) = run(&["websocket/*", "transport/*", "will/*", "--broker", &broker]);
    assert_eq!(code, Some(0), "{printed}");
    assert!(!printed.contains("lacks `ws`"), "{printed}");
}

#[test]
fn over_tcp_what_is_about_websocket_is_skipped() {
    let served = Served::start(&[]);
    let broker = served.address("listening on ");
    let (code, printed) = run(&["websocket/text-before-connect@5.0", "--broker", &broker]);
    assert_eq!(code, Some(0), "{printed}");
    assert!(printed.contains("the broker lacks `ws`"), "{printed}");
}

#[test]
fn the_suite_runs_over_tls() {
    let identity = Identity::new("trusted");
    let served = Served::tls(&identity);
    let broker = served.address("TLS on ");
    let authority = identity.path("crt");
    let (code, printed) = run(&[
        "ping/*",
        "transport/*",
        "--broker",
        &broker,
        "--ca",
        &authority,
    ]);
    assert_eq!(code, Some(0), "{printed}");
    assert!(!printed.contains("not verified"), "{printed}");
}

#[test]
fn the_authority_that_the_user_names_may_be_the_broker_itself() {
    let authority = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let identity = Identity::of("authority", &["localhost"], authority);
    let served = Served::tls(&identity);
    let broker = served.address("TLS on ").replace("127.0.0.1", "localhost");
    let named = identity.path("crt");
    let (code, printed) = run(&["ping/*", "--broker", &broker, "--ca", &named]);
    assert_eq!(code, Some(0), "{printed}");

    let elsewhere = Identity::of("elsewhere", &["broker.example"], authority);
    let served = Served::tls(&elsewhere);
    let broker = served.address("TLS on ").replace("127.0.0.1", "localhost");
    let named = elsewhere.path("crt");
    check_refused(
        &["--broker", &broker, "--ca", &named],
        "its certificate is not valid",
    );
}

#[test]
fn a_certificate_is_verified_unless_the_user_says_otherwise() {
    let identity = Identity::new("mistrusted");
    let other = Identity::new("other");
    let served = Served::tls(&identity);
    let broker = served.address("TLS on ");
    let authority = other.path("crt");
    check_refused(
        &["--broker", &broker, "--ca", &authority],
        "nobody whom we trust signed its certificate; --ca FILE names the authority",
    );
    let (code, printed) = run(&[
        "ping/*",
        "--broker",
        &broker,
        "--insecure",
        "--report",
        "json=-",
    ]);
    assert_eq!(code, Some(0), "{printed}");
    assert!(printed.contains("(certificate not verified)"), "{printed}");
}

#[test]
fn what_is_no_websocket_server_is_told_apart() {
    let served = Served::start(&[]);
    let plain = served.address("listening on ");
    check_refused(
        &["--broker", &format!("ws://{plain}")],
        "it closed the connection at the WebSocket handshake: is it a port for WebSocket?",
    );
    let web = answering("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
    check_refused(
        &["--broker", &format!("ws://{web}/mqqt")],
        "it answers 404 Not Found to a WebSocket handshake on the path /mqqt",
    );
    let other = answering("220 mail.example ESMTP\r\n");
    check_refused(
        &["--broker", &format!("ws://{other}/mqtt")],
        "its answer to the WebSocket handshake is not HTTP",
    );
}

#[test]
fn what_is_no_tls_server_is_told_apart() {
    let served = Served::start(&[]);
    let plain = served.address("listening on ");
    check_refused(
        &["--broker", &format!("mqtts://{plain}"), "--insecure"],
        "it closed the connection at the start of TLS: is it a port for TLS?",
    );
    let other = answering("220 mail.example ESMTP\r\n");
    check_refused(
        &["--broker", &format!("mqtts://{other}"), "--insecure"],
        "the answer is not TLS: is it a port for TLS?",
    );
}

#[test]
fn options_of_tls_are_for_tls() {
    let (code, printed) = run(&["--broker", "127.0.0.1:1", "--insecure"]);
    assert_eq!(code, Some(2), "{printed}");
    assert!(
        printed.contains("are for TLS, and no address has it"),
        "{printed}"
    );
}

/// Each frame's first byte, and its payload without the mask.
fn frames(mut bytes: &[u8]) -> Vec<(u8, Vec<u8>)> {
    let mut found = Vec::new();
    while let [first, len, rest @ ..] = bytes {
        let len = usize::from(len & 0x7f);
        assert!(len < 126, "the frames of this test are small");
        let (mask, rest) = rest.split_at(4);
        let (payload, rest) = rest.split_at(len);
        let payload = payload.iter().zip(mask.iter().cycle()).map(|(a, b)| a ^ b);
        found.push((*first, payload.collect()));
        bytes = rest;
    }
    found
}

#[tokio::test]
async fn each_write_is_a_frame_of_the_kind_that_is_asked_for() {
    let (ours, mut server) = tokio::io::duplex(4096);
    let answer = async {
        let mut request = vec![0; 1024];
        let len = server.read(&mut request).await.unwrap();
        let request = String::from_utf8(request[..len].to_vec()).unwrap();
        assert!(request.starts_with("GET /mqtt HTTP/1.1\r\n"), "{request}");
        assert!(
            request.contains("\r\nSec-WebSocket-Protocol: other, mqtt\r\n"),
            "{request}"
        );
        let key = request.split("Sec-WebSocket-Key: ").nth(1).unwrap();
        let accept = derive_accept_key(key.split("\r\n").next().unwrap().as_bytes());
        let answer = format!(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Accept: {accept}\r\nSec-WebSocket-Protocol: mqttv3.1\r\n\r\n"
        );
        // A first frame in the same segment must not get lost.
        server
            .write_all(&[answer.as_bytes(), &[0x82, 0x02, 0xd0, 0x00]].concat())
            .await
            .unwrap();
    };
    let offered = ["other".to_owned(), "mqtt".to_owned()];
    let opening = over_websocket(Box::new(ours), "localhost", "/mqtt", &offered);
    let (line, ()) = tokio::join!(opening, answer);
    let mut line = line.unwrap();
    let kinds = line.frames.unwrap();
    assert_eq!(kinds.subprotocol(), Some("mqttv3.1"));
    let mut first = [0; 2];
    line.stream.read_exact(&mut first).await.unwrap();
    assert_eq!(first, [0xd0, 0x00]);
    for (kind, byte) in [
        (FrameKind::Binary, 1),
        (FrameKind::Text, 2),
        (FrameKind::First, 3),
        (FrameKind::Middle, 4),
        (FrameKind::Last, 5),
    ] {
        kinds.set_next(kind);
        line.stream.write_all(&[byte]).await.unwrap();
        line.stream.flush().await.unwrap();
    }
    line.stream.shutdown().await.unwrap();
    let mut sent = Vec::new();
    server.read_to_end(&mut sent).await.unwrap();
    let sent = frames(&sent);
    let data = [
        (0x82, vec![1]),
        (0x81, vec![2]),
        (0x02, vec![3]),
        (0x00, vec![4]),
        (0x80, vec![5]),
    ];
    assert_eq!(sent[..5], data);
    assert_eq!(sent[5].0, 0x88, "a close frame ends it");
}
