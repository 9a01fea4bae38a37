//! Each test has a broker of its own on a free port; time is real, and bounded.

mod client;

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::net::SocketAddr;
use std::time::Duration;

use mqtt_assay::broker::{BrokerOptions, MemoryBroker, Server, Usage};
use mqtt_assay_codec::packet::Delivery;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::task::{self, JoinSet};
use tokio::time;

use self::client::Client;

/// Far more than any of this takes.
const PATIENCE: Duration = Duration::from_secs(120);

fn within_patience(test: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let done = runtime.block_on(async { time::timeout(PATIENCE, test).await });
    done.unwrap();
}

async fn serve(options: BrokerOptions) -> Server {
    Server::bind("127.0.0.1:0", options).await.unwrap()
}

/// Waits until the broker keeps what it is expected to keep.
async fn settles(server: &Server, is_settled: impl Fn(&Usage) -> bool) {
    loop {
        if is_settled(&server.usage().await) {
            return;
        }
        task::yield_now().await;
    }
}

/// As many clients as there may be open files, up to a number.
fn clients_max(wanted: usize) -> usize {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        let limit = getrlimit(Resource::Nofile);
        let raised = Rlimit {
            current: limit.maximum,
            maximum: limit.maximum,
        };
        setrlimit(Resource::Nofile, raised).ok();
        if let Some(files) = getrlimit(Resource::Nofile).current {
            // Both ends are in this process, beside the other tests.
            let files = usize::try_from(files).unwrap_or(usize::MAX);
            return wanted.min(files.saturating_sub(200) / 2);
        }
    }
    wanted
}

/// The topics of the load, the QoS of each, and the messages on each.
const TOPICS: [(&str, u8); 4] = [("l/a", 1), ("l/b", 2), ("l/c", 1), ("l/d", 2)];
const MESSAGES: usize = 25;

#[test]
fn messages_to_a_thousand_clients_are_neither_lost_nor_doubled_and_keep_their_order() {
    within_patience(async {
        let clients = clients_max(1_000);
        let server = serve(BrokerOptions::default()).await;
        let address = server.local_addr();
        let mut subscribers = JoinSet::new();
        for number in 0..clients {
            let (mut client, _) = Client::connect(address, &connect_line(number)).await;
            client.send("SUBSCRIBE id=1 filter=\"l/+\" qos=2").await;
            client.expect("SUBACK id=1 reason=0x02").await;
            subscribers.spawn(subscriber(number, client, address));
        }
        let mut publishers = JoinSet::new();
        for (topic, qos) in TOPICS {
            publishers.spawn(publisher(topic, qos, address));
        }
        let mut taken = 0;
        while let Some(count) = subscribers.join_next().await {
            taken += count.unwrap();
            let usage = server.usage().await;
            let all = clients * TOPICS.len() * MESSAGES;
            assert!(usage.queued_messages <= all, "{usage:?}");
        }
        publishers.join_all().await;
        assert_eq!(taken, clients * TOPICS.len() * MESSAGES);
        settles(&server, |usage| *usage == Usage::default()).await;
    });
}

/// Every tenth subscriber keeps its session, for it loses its connection in between.
fn connect_line(number: usize) -> String {
    let expiry = if number.is_multiple_of(10) { 600 } else { 0 };
    format!("CONNECT client-id=\"s{number}\" session-expiry={expiry}")
}

/// Takes all messages once and in order; how many those were.
async fn subscriber(number: usize, mut client: Client, address: SocketAddr) -> usize {
    let mut next: BTreeMap<String, usize> = BTreeMap::new();
    let mut unreleased = BTreeSet::new();
    let all = TOPICS.len() * MESSAGES;
    let (mut count, mut drops) = (0, number.is_multiple_of(10));
    while count < all {
        let taken = client.take().await;
        let next = next.entry(taken.topic.clone()).or_default();
        let sequence: usize = taken.payload.parse().unwrap();
        match taken.delivery {
            // What was not acknowledged in time comes again, and says so.
            Delivery::AtLeastOnce { dup: true, .. } if sequence < *next => continue,
            Delivery::ExactlyOnce { packet_id, dup } => {
                if dup && !unreleased.insert((packet_id, sequence)) {
                    continue;
                }
                unreleased.insert((packet_id, sequence));
            }
            Delivery::AtMostOnce | Delivery::AtLeastOnce { .. } => {}
        }
        assert_eq!(sequence, *next, "{} to s{number}", taken.topic);
        *next += 1;
        count += 1;
        if drops && count == all / 2 {
            drops = false;
            drop(client);
            let resumed = Client::connect(address, &connect_line(number)).await;
            assert!(resumed.1, "the session is there");
            client = resumed.0;
        }
    }
    client.send("DISCONNECT session-expiry=0").await;
    count
}

/// Publishes all messages of a topic, and sees each of them finished.
async fn publisher(topic: &str, qos: u8, address: SocketAddr) {
    let line = format!("CONNECT client-id=\"{topic}\" clean-start");
    let (mut client, _) = Client::connect(address, &line).await;
    for sequence in 0..MESSAGES {
        let id = sequence + 1;
        let line = format!("PUBLISH qos={qos} id={id} topic=\"{topic}\" payload=\"{sequence}\"");
        client.send(&line).await;
    }
    let mut finished = 0;
    while finished < MESSAGES {
        let frame = client.next().await.unwrap();
        let id = u16::from_be_bytes([frame[2], frame[3]]);
        match frame[0] {
            0x40 | 0x70 => finished += 1,
            0x50 => client.acknowledge(0x62, id).await,
            _ => panic!("{frame:?}"),
        }
    }
    client.send("DISCONNECT").await;
}

#[test]
fn a_client_that_never_reads_is_cut_off_and_harms_nobody() {
    const OUTPUT_BYTES_MAX: usize = 1 << 20;
    within_patience(async {
        let server = serve(BrokerOptions {
            output_bytes_max: OUTPUT_BYTES_MAX,
            ..BrokerOptions::default()
        })
        .await;
        let address = server.local_addr();
        let line =
            "CONNECT client-id=\"deaf\" clean-start will-topic=\"will\" will-payload=\"gone\"";
        let (mut deaf, _) = Client::connect(address, line).await;
        deaf.send("SUBSCRIBE id=1 filter=\"flood\" qos=0").await;
        deaf.expect("SUBACK id=1 reason=0x00").await;
        let (mut other, _) = Client::connect(address, "CONNECT client-id=\"o\" clean-start").await;
        other.send("SUBSCRIBE id=1 filter=\"#\" qos=0").await;
        other.expect("SUBACK id=1 reason=0x00").await;
        let payload = "x".repeat(64 << 10);
        let flood = format!("PUBLISH topic=\"flood\" payload=\"{payload}\"");
        // The socket takes some megabytes before the broker has to keep anything.
        loop {
            other.send(&flood).await;
            let taken = other.take().await;
            if taken.topic == "will" {
                break;
            }
            let waiting = server.usage().await.output_bytes;
            assert!(waiting <= OUTPUT_BYTES_MAX + flood.len(), "{waiting}");
        }
        settles(&server, |usage| {
            (usage.connections, usage.output_bytes) == (1, 0)
        })
        .await;
        drop(deaf);
    });
}

#[test]
fn what_has_qos_1_waits_for_a_client_that_reads_late() {
    const MESSAGES: usize = 1_000;
    within_patience(async {
        let server = serve(BrokerOptions {
            output_bytes_max: 1 << 20,
            ..BrokerOptions::default()
        })
        .await;
        let address = server.local_addr();
        let (mut late, _) = Client::connect(address, "CONNECT client-id=\"l\" clean-start").await;
        late.send("SUBSCRIBE id=1 filter=\"t\" qos=1").await;
        late.expect("SUBACK id=1 reason=0x01").await;
        let (mut other, _) = Client::connect(address, "CONNECT client-id=\"o\" clean-start").await;
        for sequence in 0..MESSAGES {
            let payload = format!("\"{sequence:016384}\"");
            let line = format!("PUBLISH qos=1 id=1 topic=\"t\" payload={payload}");
            other.send(&line).await;
            other.expect("PUBACK id=1").await;
        }
        let usage = server.usage().await;
        assert_eq!(usage.queued_messages, MESSAGES);
        assert!(usage.output_bytes < 1 << 20, "{usage:?}");
        for sequence in 0..MESSAGES {
            let taken = late.take().await;
            assert_eq!(taken.payload.parse::<usize>().unwrap(), sequence);
        }
        settles(&server, |usage| usage.queued_messages == 0).await;
    });
}

#[tokio::test(start_paused = true)]
async fn what_a_client_left_unread_is_dropped_soon_after_its_end() {
    let broker = MemoryBroker::new(BrokerOptions::default());
    let mut deaf = broker.connect();
    // Its own messages: of 1 MiB, which no stream takes at once.
    let lines = [
        "CONNECT client-id=\"deaf\" clean-start",
        "SUBSCRIBE id=1 filter=\"t\" qos=0",
        "PUBLISH topic=\"t\" payload=\"x\"*1048576",
    ];
    for line in lines {
        let bytes = mqtt_assay_codec::notation::parse_packet(line, client::VERSION).unwrap();
        deaf.write_all(&bytes).await.unwrap();
    }
    while broker.usage().await.output_bytes <= 1 << 20 {
        task::yield_now().await;
    }
    deaf.write_all(&[0xe0, 0x00]).await.unwrap();
    let start = time::Instant::now();
    while broker.usage().await != Usage::default() {
        time::sleep(Duration::from_millis(100)).await;
        assert!(start.elapsed() < Duration::from_secs(10));
    }
}

#[test]
fn there_are_no_more_connections_than_allowed() {
    within_patience(async {
        let server = serve(BrokerOptions {
            connections_max: 2,
            ..BrokerOptions::default()
        })
        .await;
        let address = server.local_addr();
        let (a, _) = Client::connect(address, "CONNECT client-id=\"a\" clean-start").await;
        let (_b, _) = Client::connect(address, "CONNECT client-id=\"b\" clean-start").await;
        let mut refused = Client::open(address).await;
        assert!(refused.next().await.is_none());
        drop(a);
        settles(&server, |usage| usage.connections == 1).await;
        let (mut c, _) = Client::connect(address, "CONNECT client-id=\"c\" clean-start").await;
        c.send("PINGREQ").await;
        c.expect("PINGRESP").await;
    });
}

#[test]
fn a_connect_that_never_comes_is_not_waited_for() {
    within_patience(async {
        let server = serve(BrokerOptions {
            connect_timeout: Duration::from_millis(50),
            ..BrokerOptions::default()
        })
        .await;
        let mut silent = Client::open(server.local_addr()).await;
        let mut slow = Client::open(server.local_addr()).await;
        slow.stream.write_all(&[0x10, 0x20]).await.unwrap();
        assert!(silent.next().await.is_none());
        assert!(slow.next().await.is_none());
        settles(&server, |usage| *usage == Usage::default()).await;
    });
}

#[test]
fn random_bytes_on_many_connections_harm_nobody() {
    within_patience(async {
        let server = serve(BrokerOptions::default()).await;
        let address = server.local_addr();
        let (mut other, _) = Client::connect(address, "CONNECT client-id=\"o\" clean-start").await;
        other.send("SUBSCRIBE id=1 filter=\"safe\" qos=1").await;
        other.expect("SUBACK id=1 reason=0x01").await;
        let mut random = 0x2545_f491_4f6c_dd1d_u64;
        for number in 0..500_u16 {
            let mut bytes = Vec::new();
            for _ in 0..200 {
                random ^= random << 13;
                random ^= random >> 7;
                random ^= random << 17;
                bytes.extend(random.to_be_bytes());
            }
            let mut client = if number.is_multiple_of(2) {
                Client::open(address).await
            } else {
                let line = format!("CONNECT client-id=\"r{number}\" clean-start");
                Client::connect(address, &line).await.0
            };
            // The broker may have closed before all was written.
            client.stream.write_all(&bytes).await.ok();
            client.stream.shutdown().await.ok();
            let mut sink = Vec::new();
            client.stream.read_to_end(&mut sink).await.ok();
            let line = format!("PUBLISH qos=1 id=1 topic=\"safe\" payload=\"{number}\"");
            other.send(&line).await;
            other.expect("PUBACK id=1").await;
            assert_eq!(other.take().await.payload, number.to_string());
        }
        settles(&server, |usage| usage.connections == 1).await;
    });
}
