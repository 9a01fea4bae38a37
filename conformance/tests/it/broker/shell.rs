//! The shells: TCP, and in-memory streams in virtual time.

use std::time::Duration;

use mqtt_assay::broker::{BrokerOptions, Keep, MemoryBroker, Server};
use mqtt_assay_codec::ProtocolVersion::V5_0;
use mqtt_assay_codec::notation::parse_packet;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::Instant;

const CONNECT: &[u8] = b"\x10\x0d\0\x04MQTT\x04\x02\0\x0a\0\x01a";
/// With a session that is kept.
const CONNECT_AGAIN: &[u8] = b"\x10\x0d\0\x04MQTT\x04\x00\0\x0a\0\x01a";
const CONNACK: [u8; 4] = [0x20, 0x02, 0x00, 0x00];
const CONNACK_WITH_SESSION: [u8; 4] = [0x20, 0x02, 0x01, 0x00];
const PINGREQ: [u8; 2] = [0xc0, 0x00];
const PINGRESP: [u8; 2] = [0xd0, 0x00];

async fn server() -> Server {
    Server::bind("127.0.0.1:0", BrokerOptions::default())
        .await
        .unwrap()
}

async fn open(server: &Server) -> TcpStream {
    TcpStream::connect(server.local_addr()).await.unwrap()
}

/// Sends bytes, and reads as many as are expected.
async fn exchange<const N: usize>(stream: &mut TcpStream, bytes: &[u8]) -> [u8; N] {
    stream.write_all(bytes).await.unwrap();
    let mut answer = [0; N];
    stream.read_exact(&mut answer).await.unwrap();
    answer
}

async fn rest(mut stream: TcpStream) -> Vec<u8> {
    let mut received = Vec::new();
    stream.read_to_end(&mut received).await.unwrap();
    received
}

fn bytes(line: &str) -> Vec<u8> {
    parse_packet(line, V5_0).unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_silent_client_is_closed_in_virtual_time() {
    let broker = MemoryBroker::new(BrokerOptions::default());
    let mut client = broker.connect();
    client.write_all(CONNECT).await.unwrap();
    let start = Instant::now();
    let mut received = Vec::new();
    client.read_to_end(&mut received).await.unwrap();
    assert_eq!(received, CONNACK);
    let elapsed = start.elapsed();
    assert!(
        (Duration::from_secs(15)..Duration::from_secs(16)).contains(&elapsed),
        "{elapsed:?}"
    );
}

#[tokio::test]
async fn a_server_that_stops_says_so_and_closes() {
    let server = server().await;
    let mut old = open(&server).await;
    assert_eq!(exchange(&mut old, CONNECT).await, CONNACK);
    let mut new = open(&server).await;
    let connect = bytes("CONNECT client-id=\"n\" clean-start maximum-packet-size=30");
    assert_eq!(exchange::<2>(&mut new, &connect).await[0], 0x20);
    let address = server.local_addr();
    server.stop().await;
    assert!(rest(old).await.is_empty());
    let received = rest(new).await;
    let disconnect = bytes("DISCONNECT reason=0x8b reason-string=\"the server stops\"");
    assert!(received.ends_with(&disconnect), "{received:02x?}");
    assert!(
        TcpStream::connect(address).await.is_err(),
        "the port is free"
    );
    let options = BrokerOptions::default();
    let again = Server::bind(address, options).await.unwrap();
    let mut client = open(&again).await;
    assert_eq!(exchange(&mut client, CONNECT).await, CONNACK);
}

#[tokio::test]
async fn a_restart_keeps_the_state_or_loses_it() {
    let server = server().await;
    let mut client = open(&server).await;
    assert_eq!(exchange(&mut client, CONNECT_AGAIN).await, CONNACK);
    server.restart(Keep::State).await;
    assert!(rest(client).await.is_empty());
    let mut client = open(&server).await;
    let connack = exchange(&mut client, CONNECT_AGAIN).await;
    assert_eq!(connack, CONNACK_WITH_SESSION);
    server.restart(Keep::Nothing).await;
    assert_eq!(server.usage().await.sessions, 0);
    let mut client = open(&server).await;
    assert_eq!(exchange(&mut client, CONNECT_AGAIN).await, CONNACK);
}

#[tokio::test]
async fn packets_may_come_in_any_pieces() {
    let server = server().await;
    let mut client = open(&server).await;
    client.set_nodelay(true).unwrap();
    for byte in CONNECT {
        client.write_all(&[*byte]).await.unwrap();
    }
    assert_eq!(exchange(&mut client, &[]).await, CONNACK);
    let many = PINGREQ.repeat(10_000);
    let (mut read_half, mut write_half) = client.split();
    let mut answers = vec![0; many.len()];
    let (written, read) = tokio::join!(
        write_half.write_all(&many),
        read_half.read_exact(&mut answers)
    );
    written.unwrap();
    read.unwrap();
    assert_eq!(answers, PINGRESP.repeat(10_000));
}

#[tokio::test]
async fn a_client_that_closes_its_half_gets_its_answers_and_its_will_is_published() {
    let server = server().await;
    let mut watcher = open(&server).await;
    assert_eq!(exchange(&mut watcher, CONNECT).await, CONNACK);
    let subscribe = b"\x82\x06\x00\x01\x00\x01w\x00";
    let suback = [0x90, 0x03, 0x00, 0x01, 0x00];
    assert_eq!(exchange(&mut watcher, subscribe).await, suback);
    let mut client = open(&server).await;
    let will = b"\x10\x13\0\x04MQTT\x04\x06\0\x0a\0\x01b\0\x01w\0\x01!";
    let publish = b"\x32\x06\x00\x01t\x00\x07x";
    client
        .write_all(&[&will[..], publish].concat())
        .await
        .unwrap();
    client.shutdown().await.unwrap();
    let puback = [0x40, 0x02, 0x00, 0x07];
    assert_eq!(rest(client).await, [&CONNACK[..], &puback].concat());
    let published = exchange(&mut watcher, &[]).await;
    assert_eq!(&published, b"\x30\x04\x00\x01w!");
}

#[tokio::test]
async fn a_server_listens_on_more_than_one_address() {
    let mut server = server().await;
    let second = server.listen("127.0.0.1:0").await.unwrap();
    for address in [server.local_addr(), second] {
        let mut client = TcpStream::connect(address).await.unwrap();
        assert_eq!(exchange(&mut client, CONNECT).await, CONNACK);
        let pong: [u8; 2] = exchange(&mut client, &PINGREQ).await;
        assert_eq!(pong, PINGRESP);
    }
}
