use std::collections::BTreeMap;
use std::io::{ErrorKind, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use mqtt_assay::runner::{CannotTest, Run, Selected, Settings, Subject, Suite, select};
use mqtt_assay::scenario;
use mqtt_assay::transport::Route;
use mqtt_assay::verdict::{TestResult, Verdict};
use mqtt_assay_codec::ProtocolVersion;

const CONNACK: &[u8] = &[0x20, 0x02, 0x00, 0x00];
const PINGRESP: &[u8] = &[0xd0, 0x00];

/// Runs one scenario of 3.1.1 against a broker that treats every connection in its own way.
fn run(
    script: &str,
    broker: impl Fn(usize, TcpStream) + Send + Sync + 'static,
) -> Result<Run, CannotTest> {
    run_at(listen(broker), script)
}

/// The port of a broker that treats every connection in its own way.
fn listen(broker: impl Fn(usize, TcpStream) + Send + Sync + 'static) -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let broker = Arc::new(broker);
    thread::spawn(move || {
        for (number, stream) in listener.incoming().enumerate() {
            let (broker, stream) = (Arc::clone(&broker), stream.unwrap());
            thread::spawn(move || broker(number, stream));
        }
    });
    port
}

fn run_at(port: u16, script: &str) -> Result<Run, CannotTest> {
    run_within(Duration::from_millis(300), port, script)
}

#[expect(clippy::disallowed_methods, reason = "a hang is a matter of real time")]
fn run_within(timeout: Duration, port: u16, script: &str) -> Result<Run, CannotTest> {
    let text = format!("scenario a/b\n\"A test.\"\nversions 3.1.1\n{script}\n");
    let scenarios = scenario::parse("a/b.mqtt", &text).unwrap();
    let scenarios: Vec<_> = scenarios.into_iter().map(Arc::new).collect();
    let tests: Vec<Selected> = select(&scenarios, &[], &ProtocolVersion::ALL).unwrap();
    let settings = Settings {
        timeout,
        ..Settings::default()
    };
    let stop = AtomicBool::new(false);
    let on_result = |_: &TestResult| {};
    let suite = Suite::new(
        settings,
        BTreeMap::new(),
        Duration::from_secs(1),
        &on_result,
        &stop,
    );
    let route = Route::tcp("127.0.0.1", port);
    let start = Instant::now();
    let run = suite.run(
        &tests,
        Subject::Running(BTreeMap::from([(ProtocolVersion::V3_1_1, route)])),
    );
    assert!(
        start.elapsed() < Duration::from_secs(20),
        "a hostile broker held the runner up"
    );
    run
}

/// Answers as a broker would, as far as the probes and the liveness check ask.
fn serve(stream: TcpStream) {
    serve_after(Duration::ZERO, stream);
}

/// The same, but only after a while that it has for nobody.
fn serve_after(delay: Duration, mut stream: TcpStream) {
    let (_kept, never) = mpsc::channel::<()>();
    let mut buffer = [0; 4096];
    while let Ok(count @ 1..) = stream.read(&mut buffer) {
        never.recv_timeout(delay).ok();
        let answer: Vec<u8> = match buffer[0] >> 4 {
            1 => CONNACK.to_vec(),
            8 => vec![0x90, 0x03, buffer[2], buffer[3], buffer[count - 1]],
            12 => PINGRESP.to_vec(),
            14 => return,
            _ => Vec::new(),
        };
        if stream.write_all(&answer).is_err() {
            return;
        }
    }
}

/// Whether a connection is of the test: its client identifier is the namespace and `test`.
fn is_of_test(stream: &TcpStream) -> bool {
    let mut buffer = [0; 256];
    let count = stream.peek(&mut buffer).unwrap_or(0);
    buffer[..count].windows(4).any(|window| window == b"test")
}

#[track_caller]
fn check(
    script: &str,
    verdict: Verdict,
    message: &str,
    broker: impl Fn(TcpStream) + Send + Sync + 'static,
) {
    let run = run(script, move |_, stream| {
        if is_of_test(&stream) {
            broker(stream)
        } else {
            serve(stream)
        }
    });
    let result = run.unwrap().results.remove(0);
    assert_eq!(
        (result.verdict, result.crash),
        (verdict, false),
        "{result:?}"
    );
    assert!(result.message.contains(message), "{}", result.message);
}

#[test]
fn a_port_where_nothing_listens_cannot_be_tested() {
    let port = {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        listener.local_addr().unwrap().port()
    };
    let error = run_at(port, "c connects\nc pings @ v3-3.12.4-1").unwrap_err();
    assert!(error.is_unreachable, "{error:?}");
    assert!(error.message.contains("connection refused"), "{error:?}");
}

#[test]
fn a_broker_that_closes_at_once_cannot_be_tested() {
    let error = run("c connects\nc pings @ v3-3.12.4-1", |_, stream| {
        drop(stream)
    })
    .unwrap_err();
    assert!(!error.is_unreachable, "{error:?}");
    assert!(error.message.contains("closed"), "{error:?}");
}

#[test]
fn a_broker_that_is_late_with_everything_breaks_no_rule() {
    let late = Duration::from_millis(80);
    let port = listen(move |_, stream| serve_after(late, stream));
    let script = "c connects\nc pings @ v3-3.12.4-1";
    let run = run_within(late / 2, port, script).unwrap();
    let result = &run.results[0];
    assert_eq!(result.verdict, Verdict::Pass, "{result:?}");
    let note = "line 5: it came late, and so did what a fresh client waited for";
    assert!(result.notes.iter().any(|it| it == note), "{result:?}");
}

#[test]
fn a_broker_that_serves_others_and_one_client_not_breaks_a_rule() {
    let script = "test connects\ntest pings @ v3-3.12.4-1";
    let message = "nothing of the kind came within 0.3 s";
    check(script, Verdict::Fail, message, |mut stream| {
        let mut buffer = [0; 4096];
        while let Ok(1..) = stream.read(&mut buffer) {
            if buffer[0] >> 4 == 1 {
                stream.write_all(CONNACK).ok();
            }
        }
    });
}

#[test]
fn a_broker_that_never_answers_cannot_be_tested() {
    let error = run("c connects\nc pings @ v3-3.12.4-1", |_, mut stream| {
        let mut sink = Vec::new();
        let _end = stream.read_to_end(&mut sink);
    })
    .unwrap_err();
    assert!(error.message.contains("within 0.3 s"), "{error:?}");
}

#[test]
fn a_broker_that_speaks_something_else_cannot_be_tested() {
    let error = run("c connects\nc pings @ v3-3.12.4-1", |_, mut stream| {
        let _sent = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        serve(stream);
    })
    .unwrap_err();
    assert!(!error.is_unreachable, "{error:?}");
    assert!(
        error.message.contains("accepts no well-behaved client"),
        "{error:?}"
    );
}

#[test]
fn a_broker_that_answers_no_ping_is_tested_and_fails() {
    let run = run("c connects\nc pings @ v3-3.12.4-1", |_, mut stream| {
        let mut buffer = [0; 4096];
        while let Ok(1..) = stream.read(&mut buffer) {
            if buffer[0] >> 4 == 1 && stream.write_all(CONNACK).is_err() {
                return;
            }
        }
    });
    let result = run.unwrap().results.remove(0);
    assert_eq!(result.verdict, Verdict::Fail, "{result:?}");
}

#[test]
fn a_malformed_connack_that_accepts_is_a_violation() {
    let run = run("c connects\nc pings @ v3-3.12.4-1", |_, mut stream| {
        let mut buffer = [0; 4096];
        while let Ok(1..) = stream.read(&mut buffer) {
            if stream.write_all(&[0x20, 0x02, 0x02, 0x00]).is_err() {
                return;
            }
        }
    });
    let result = run.unwrap().results.remove(0);
    assert_eq!(result.verdict, Verdict::Fail, "{result:?}");
    assert!(result.message.contains("forbids"), "{}", result.message);
}

#[test]
fn closed_beside_a_goodbye_means_without_one() {
    let script = "c -> CONNECT client-id=\"{ns}test\" keep-alive=60\n\
                  c <- CONNACK reason=0x01 then closed | weak closed @ v3-3.1.2-2";
    check(
        script,
        Verdict::Fail,
        "reason 0x02 instead of 0x01",
        |mut stream| {
            let mut buffer = [0; 256];
            let _count = stream.read(&mut buffer);
            let _sent = stream.write_all(&[0x20, 0x02, 0x00, 0x02]);
        },
    );
    check(script, Verdict::Warn, "closed", |mut stream| {
        let mut buffer = [0; 256];
        let _count = stream.read(&mut buffer);
    });
}

#[test]
fn garbage_instead_of_an_answer_is_a_violation() {
    let script = "c connects client-id=\"{ns}test\"\nc pings @ v3-3.12.4-1";
    check(script, Verdict::Fail, "no packet", |mut stream| {
        let mut buffer = [0; 256];
        let _count = stream.read(&mut buffer);
        let _sent = stream.write_all(&[0x20, 0x02, 0x00, 0x00, 0xd0, 0xff, 0xff, 0xff, 0xff, 0xff]);
        let _count = stream.read(&mut buffer);
        let _end = stream.read(&mut buffer);
    });
}

#[test]
fn a_gigantic_length_is_waited_for_no_longer_than_any_answer() {
    let script = "c connects client-id=\"{ns}test\"\nc pings @ v3-3.12.4-1";
    check(script, Verdict::Fail, "", |mut stream| {
        let mut buffer = [0; 256];
        let _count = stream.read(&mut buffer);
        let _sent = stream.write_all(&[
            0x20, 0x02, 0x00, 0x00, 0x30, 0xff, 0xff, 0xff, 0x7f, 0, 1, b'a',
        ]);
        serve_nothing(stream);
    });
}

#[test]
fn a_flood_is_taken_up_to_a_bound() {
    let script = "c connects client-id=\"{ns}test\"\nc subscribes \"#\"\nc pings @ v3-3.12.4-1";
    check(script, Verdict::Fail, "", |mut stream| {
        let mut buffer = [0; 256];
        let _count = stream.read(&mut buffer);
        let _sent = stream.write_all(CONNACK);
        let count = stream.read(&mut buffer).unwrap_or(0);
        let _sent = stream.write_all(&[0x90, 0x03, buffer[2], buffer[3], buffer[count - 1]]);
        let message = [0x30, 0x06, 0x00, 0x01, b'a', b'x', b'x', b'x'].repeat(1000);
        stream
            .set_write_timeout(Some(Duration::from_secs(5)))
            .unwrap();
        // Ends when the runner reads no more, or has closed.
        while stream.write_all(&message).is_ok() {}
    });
}

#[test]
fn a_broker_that_dies_of_a_packet_is_found_out() {
    let mut run = run(DEADLY, mortal()).unwrap();
    let result = run.results.remove(0);
    assert_eq!(
        (result.verdict, result.crash),
        (Verdict::Fail, true),
        "{result:?}"
    );
}

#[test]
fn no_test_is_blamed_for_a_broker_that_stays_down() {
    let run = run(
        &format!("case one\ncase two\ncase three\n{DEADLY}"),
        mortal(),
    )
    .unwrap();
    for result in &run.results {
        assert_eq!(
            (result.verdict, result.crash, result.violated.as_slice()),
            (Verdict::Error, false, [].as_slice()),
            "{result:?}"
        );
        assert!(
            result.message.contains("did not come back within 1 s"),
            "{}",
            result.message
        );
    }
    let [crash] = run.crashes.as_slice() else {
        panic!("{:?}", run.crashes);
    };
    for what in [
        "; under way were ",
        "@3.1.1+one",
        "@3.1.1+two",
        "@3.1.1+three",
    ] {
        assert!(crash.contains(what), "{crash}");
    }
}

#[test]
fn a_test_is_not_blamed_for_what_the_one_before_it_left_the_broker_to_do() {
    let run = run(
        "exclusive\ncase first\ncase second\n\
         c connects client-id=\"{ns}test\"\n\
         c subscribes \"a\" @ v3-3.8.4-1",
        busy(Duration::from_millis(900)),
    );
    let verdicts: Vec<Verdict> = run.unwrap().results.iter().map(|it| it.verdict).collect();
    assert_eq!(verdicts, [Verdict::Fail, Verdict::Pass]);
}

/// A broker that a test's first SUBSCRIBE keeps from answering another one for a while.
#[expect(clippy::disallowed_methods, reason = "a hang is a matter of real time")]
fn busy(time: Duration) -> impl Fn(usize, TcpStream) + Send + Sync + 'static {
    let since: OnceLock<Instant> = OnceLock::new();
    move |_, mut stream| {
        let is_of_test = is_of_test(&stream);
        let mut buffer = [0; 4096];
        while let Ok(count @ 1..) = stream.read(&mut buffer) {
            let is_subscribe = buffer[0] >> 4 == 8;
            if is_of_test && is_subscribe {
                since.get_or_init(Instant::now);
            }
            let answer: Vec<u8> = match buffer[0] >> 4 {
                8 if since.get().is_some_and(|since| since.elapsed() < time) => Vec::new(),
                8 => vec![0x90, 0x03, buffer[2], buffer[3], buffer[count - 1]],
                1 => CONNACK.to_vec(),
                12 => PINGRESP.to_vec(),
                _ => return,
            };
            if stream.write_all(&answer).is_err() {
                return;
            }
        }
    }
}

const DEADLY: &str = "c connects client-id=\"{ns}test\"\nc -> hex f0 00\nc <- closed @ v3-4.8.0-1";

/// A broker that a test's second packet kills.
fn mortal() -> impl Fn(usize, TcpStream) + Send + Sync + 'static {
    let is_dead = AtomicBool::new(false);
    move |_, stream| {
        if is_dead.load(Ordering::SeqCst) {
            return;
        }
        if is_of_test(&stream) {
            let mut stream = stream;
            let mut buffer = [0; 256];
            let _count = stream.read(&mut buffer);
            let _sent = stream.write_all(CONNACK);
            let _count = stream.read(&mut buffer);
            is_dead.store(true, Ordering::SeqCst);
        } else {
            serve(stream);
        }
    }
}

/// Reads until the other side is gone.
fn serve_nothing(mut stream: TcpStream) {
    let mut buffer = [0; 256];
    loop {
        match stream.read(&mut buffer) {
            Ok(1..) => {}
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Ok(0) | Err(_) => return,
        }
    }
}
