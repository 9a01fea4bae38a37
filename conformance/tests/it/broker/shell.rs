//! The shells: TCP, and in-memory streams in virtual time.

use std::time::Duration;

use mqtt_assay::broker::{BrokerOptions, MemoryBroker, Server};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::Instant;

const CONNECT: &[u8] = b"\x10\x0d\0\x04MQTT\x04\x02\0\x0a\0\x01a";

#[tokio::test(start_paused = true)]
async fn a_silent_client_is_closed_in_virtual_time() {
    let broker = MemoryBroker::new(BrokerOptions::default());
    let mut client = broker.connect();
    client.write_all(CONNECT).await.unwrap();
    let start = Instant::now();
    let mut received = Vec::new();
    client.read_to_end(&mut received).await.unwrap();
    assert_eq!(received, [0x20, 0x02, 0x00, 0x00]);
    let elapsed = start.elapsed();
    assert!(
        (Duration::from_secs(15)..Duration::from_secs(16)).contains(&elapsed),
        "{elapsed:?}"
    );
}

#[tokio::test]
async fn a_server_answers_over_tcp_and_closes_when_it_stops() {
    let server = Server::bind("127.0.0.1:0", BrokerOptions::default())
        .await
        .unwrap();
    let mut client = TcpStream::connect(server.local_addr()).await.unwrap();
    client.write_all(CONNECT).await.unwrap();
    let mut connack = [0; 4];
    client.read_exact(&mut connack).await.unwrap();
    assert_eq!(connack, [0x20, 0x02, 0x00, 0x00]);
    server.stop().await;
    assert_eq!(client.read(&mut connack).await.unwrap(), 0);
}
