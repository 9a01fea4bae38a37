//! A strict reference codec for MQTT 3.1.1 and 5.0.
//!
//! It reads and writes every packet of both versions, cuts streams into frames, matches topics with filters, and prints
//! packets in one notation. Decoding borrows and does not allocate; what the specification forbids is refused, with the
//! place, the reason code to answer with, and the statement that is broken.
//!
//! # Decode
//!
//! ```
//! use mqtt_assay_codec::frame::Split;
//! use mqtt_assay_codec::packet::Sender;
//! use mqtt_assay_codec::{Frame, Packet, ProtocolVersion};
//!
//! let bytes = [0x32, 0x0a, 0x00, 0x03, b'a', b'/', b'b', 0x00, 0x07, 0x00, b'h', b'i'];
//! let Split::Frame(frame) = Frame::split(&bytes, ProtocolVersion::V5_0)? else {
//!     panic!("the bytes end within the packet");
//! };
//! let Packet::Publish(publish) = Packet::decode(&frame, ProtocolVersion::V5_0, Sender::Client)? else {
//!     panic!("another packet");
//! };
//! assert_eq!(publish.payload, b"hi");
//! # Ok::<(), mqtt_assay_codec::DecodeError>(())
//! ```
//!
//! What is wrong says so:
//!
//! ```
//! # use mqtt_assay_codec::frame::Split;
//! # use mqtt_assay_codec::packet::Sender;
//! # use mqtt_assay_codec::{Frame, Packet, ProtocolVersion};
//! let bytes = [0x80, 0x07, 0x00, 0x01, 0x00, 0x00, 0x01, b'a', 0x00]; // a SUBSCRIBE without its flags
//! let Split::Frame(frame) = Frame::split(&bytes, ProtocolVersion::V5_0)? else {
//!     panic!("the bytes end within the packet");
//! };
//! let error = Packet::decode(&frame, ProtocolVersion::V5_0, Sender::Client).unwrap_err();
//! assert_eq!(error.statement().to_string(), "v5-3.8.1-1");
//! assert_eq!(error.reason_code().code(), 0x81);
//! assert_eq!(error.offset(), 0);
//! # Ok::<(), mqtt_assay_codec::DecodeError>(())
//! ```
//!
//! # Encode
//!
//! ```
//! use mqtt_assay_codec::{Packet, ProtocolVersion};
//!
//! let mut bytes = Vec::new();
//! Packet::Pingreq.encode(ProtocolVersion::V3_1_1, &mut bytes)?;
//! assert_eq!(bytes, [0xc0, 0x00]);
//! # Ok::<(), mqtt_assay_codec::EncodeError>(())
//! ```
//!
//! A packet that was decoded becomes the same bytes again, and no packet is written that would not be read:
//!
//! ```
//! use mqtt_assay_codec::packet::{Delivery, PacketId, Publish};
//! use mqtt_assay_codec::property::{PropertiesBuf, Property};
//! use mqtt_assay_codec::topic::TopicName;
//! use mqtt_assay_codec::{EncodeError, Packet, ProtocolVersion};
//!
//! let mut properties = PropertiesBuf::new();
//! properties.push(Property::TopicAlias(0))?;
//! let packet = Packet::Publish(Publish {
//!     delivery: Delivery::AtLeastOnce { packet_id: PacketId::MIN, dup: false },
//!     retain: false,
//!     topic: Some(TopicName::new("a/b")?),
//!     properties: properties.as_properties(),
//!     payload: b"hi",
//! });
//! let Err(EncodeError::Refused(error)) = packet.encode(ProtocolVersion::V5_0, &mut Vec::new()) else {
//!     panic!("a topic alias is never 0");
//! };
//! assert_eq!(error.statement().to_string(), "v5-3.3.2-8");
//! // In 3.1.1 there are no properties.
//! packet.encode(ProtocolVersion::V3_1_1, &mut Vec::new())?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! What no receiver may take, a tester writes as a [`Draft`](notation::Draft) or as bytes.
//!
//! # Cut a stream into frames
//!
//! ```
//! use mqtt_assay_codec::{Framer, ProtocolVersion};
//!
//! let mut framer = Framer::new(ProtocolVersion::V5_0, 1024);
//! framer.push(&[0xc0]);
//! assert_eq!(framer.next_frame()?, None);
//! framer.push(&[0x00, 0xc0]);
//! assert_eq!(framer.next_frame()?.as_deref(), Some(&[0xc0, 0x00][..]));
//! # Ok::<(), mqtt_assay_codec::DecodeError>(())
//! ```
//!
//! # Match a topic
//!
//! ```
//! use mqtt_assay_codec::ProtocolVersion;
//! use mqtt_assay_codec::topic::{TopicFilter, TopicName};
//!
//! let filter = TopicFilter::new("sport/+/player", ProtocolVersion::V5_0)?;
//! assert!(filter.matches(&TopicName::new("sport/tennis/player")?));
//! # Ok::<(), mqtt_assay_codec::topic::TopicError>(())
//! ```
//!
//! [`FilterTree`](topic::FilterTree) finds all filters that match, out of any number of them.
//!
//! # The notation
//!
//! ```
//! use mqtt_assay_codec::ProtocolVersion;
//! use mqtt_assay_codec::notation::{print_bytes, parse_packet};
//! use mqtt_assay_codec::packet::Sender;
//!
//! let text = r#"PUBLISH qos=1 id=7 topic="a/b" payload="hi""#;
//! let bytes = parse_packet(text, ProtocolVersion::V5_0)?;
//! assert_eq!(print_bytes(&bytes, ProtocolVersion::V5_0, Sender::Either), text);
//! # Ok::<(), mqtt_assay_codec::notation::NotationError>(())
//! ```
//!
//! # Features
//!
//! None is on by default, and then `bytes` is the only dependency. `arbitrary` adds the module of that name: packets for
//! property tests and fuzz targets, valid ones and ones with a single violation.

#[cfg(feature = "arbitrary")]
pub mod arbitrary;
pub mod error;
pub mod frame;
pub mod notation;
pub mod packet;
pub mod property;
pub mod reason;
mod scan;
pub mod statement;
pub mod topic;
pub mod version;
pub mod wire;

pub use error::{DecodeError, EncodeError};
pub use frame::{Frame, Framer};
pub use packet::{Packet, PacketType, Qos};
pub use reason::ReasonCode;
pub use statement::StatementId;
pub use version::ProtocolVersion;
