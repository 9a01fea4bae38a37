//! What a test leaves in a broker that others use: sessions and retained messages, to be removed.

use std::collections::BTreeSet;
use std::time::Duration;

use mqtt_assay_codec::notation::{Draft, Field, Value};
use mqtt_assay_codec::{PacketType, ProtocolVersion};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time;

use super::endpoint::Endpoint;
use super::inbox::{bytes_of, number_of};
use super::{Settings, client, value};
use crate::transport::Line;

/// Sessions and retained messages that a test made.
#[derive(Debug, Default)]
pub(crate) struct Leftovers {
    client_ids: BTreeSet<Vec<u8>>,
    topics: BTreeSet<Vec<u8>>,
}

impl Leftovers {
    /// Notes a packet that was sent.
    pub(crate) fn note(&mut self, draft: &Draft) {
        let has = |name: &str| draft.all(name).any(|value| *value == Value::Flag(true));
        let bytes = |name: &str| draft.all(name).find_map(bytes_of).map(<[u8]>::to_vec);
        match draft.packet_type {
            PacketType::Connect => {
                let expiry = draft.all("session-expiry").find_map(number_of).unwrap_or(0);
                if (!has("clean-start") || expiry > 0)
                    && let Some(id) = bytes("client-id").filter(|id| !id.is_empty())
                {
                    self.client_ids.insert(id);
                }
                if has("will-retain") {
                    self.topics.extend(bytes("will-topic"));
                }
            }
            PacketType::Publish if has("retain") => {
                self.topics
                    .extend(bytes("topic").filter(|topic| !topic.is_empty()));
            }
            _ => {}
        }
    }

    /// Removes them, as far as the broker lets us; a broker that does not is no worse for it.
    pub(crate) async fn remove(
        &self,
        endpoint: &Endpoint,
        version: ProtocolVersion,
        settings: &Settings,
        namespace: &str,
    ) {
        if !endpoint.outlives_test() {
            return;
        }
        let all = async {
            for client_id in &self.client_ids {
                exchange(endpoint, version, settings, client_id, &BTreeSet::new()).await;
            }
            if !self.topics.is_empty() {
                // An identifier that tests shared would make each cleaning end the one before it.
                let id = format!("{namespace}clean");
                exchange(endpoint, version, settings, id.as_bytes(), &self.topics).await;
            }
        };
        let topics = u32::try_from(self.topics.len()).unwrap_or(u32::MAX);
        let patience = settings.patience() + settings.scaled(PER_TOPIC) * topics;
        let _in_time = time::timeout(patience, all).await;
    }
}

/// Connects with a clean start, clears the retained messages of some topics, and disconnects.
async fn exchange(
    endpoint: &Endpoint,
    version: ProtocolVersion,
    settings: &Settings,
    client_id: &[u8],
    topics: &BTreeSet<Vec<u8>>,
) {
    let Ok(Line { mut stream, .. }) = endpoint.connect(version, settings.patience(), &[]).await
    else {
        return;
    };
    let mut bytes = Vec::new();
    let mut connect = Draft {
        packet_type: PacketType::Connect,
        fields: vec![
            Field {
                name: "client-id",
                value: Value::Bytes(client_id.to_vec().into()),
            },
            Field {
                name: "clean-start",
                value: Value::Flag(true),
            },
            client::number("keep-alive", 60),
        ],
    };
    settings.sign(&mut connect);
    push(&connect, version, &mut bytes);
    for (topic, id) in topics.iter().zip(1..) {
        let publish = Draft {
            packet_type: PacketType::Publish,
            fields: vec![
                client::number("qos", 1),
                Field {
                    name: "retain",
                    value: Value::Flag(true),
                },
                client::number("id", id),
                Field {
                    name: "topic",
                    value: Value::Bytes(topic.clone().into()),
                },
            ],
        };
        push(&publish, version, &mut bytes);
    }
    push(
        &Draft {
            packet_type: PacketType::Disconnect,
            fields: Vec::new(),
        },
        version,
        &mut bytes,
    );
    if stream.write_all(&bytes).await.is_ok() && stream.flush().await.is_ok() {
        // The broker closes when it has read the DISCONNECT, and so all before it.
        let mut sink = [0; 256];
        while matches!(
            time::timeout(settings.grace(), stream.read(&mut sink)).await,
            Ok(Ok(1..))
        ) {}
    }
}

fn push(draft: &Draft, version: ProtocolVersion, out: &mut Vec<u8>) {
    if let Ok(bytes) = value::write(draft, version) {
        out.extend_from_slice(&bytes);
    }
}

/// How much longer it may take for each topic: as long as a write to a disk.
const PER_TOPIC: Duration = Duration::from_millis(5);
