//! What a broker may answer to a packet with a mistake: the refusal, and what a fair judge lets pass beside it.

use mqtt_assay_codec::error::{DecodeErrorKind as Kind, Field};
use mqtt_assay_codec::property::PropertyId;
use mqtt_assay_codec::{DecodeError, PacketType, ProtocolVersion, ReasonCode};

/// The answers to one packet.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Outcome {
    /// Whether a PINGREQ follows the packet, so that one that is passed over is told from one that is still being read.
    pub(super) is_pinged: bool,
    /// The alternatives of the line, in the language of scenarios.
    pub(super) alternatives: String,
}

/// What is allowed where the packet breaks a rule by its mere presence, with these reason codes.
pub(super) fn refused(codes: &[u8]) -> Outcome {
    Outcome {
        is_pinged: false,
        alternatives: refusal(codes),
    }
}

/// What is allowed after a packet with this error; `is_surplus` says that it is valid but for bytes behind its end.
/// `None` where a server is free to take the packet.
pub(super) fn of(
    packet_type: Option<PacketType>,
    error: &DecodeError,
    is_surplus: bool,
) -> Option<Outcome> {
    let refusal = refusal(&codes(packet_type, error));
    let version = error.version();
    let kind = error.kind();
    let and = |is_pinged: bool, other: &str| {
        Some(Outcome {
            is_pinged,
            alternatives: format!("{refusal} | {other}"),
        })
    };
    // No receiver is told to look for what is left over, and one that steps over a packet which only servers
    // send does no harm (U3-03).
    let is_laxity = is_surplus || matches!(kind, Kind::WrongSender(_));
    match (packet_type, kind) {
        // 3.1.1 describes the encoding, and says nowhere that a longer one is wrong.
        (_, Kind::RemainingLengthNotMinimal) if version == ProtocolVersion::V3_1_1 => return None,
        // Whoever takes these closes the connection as well.
        (Some(PacketType::Disconnect), _) => {}
        (Some(PacketType::Connect), _) if is_laxity => {
            return and(false, "weak CONNACK reason=0x00");
        }
        (_, _) if is_laxity => return and(true, "weak PINGRESP"),
        // It cannot be the identifier of any message, and what follows from one that is unknown is not defined (U3-14);
        // the answer to a PUBREC or a PUBREL repeats it.
        (Some(PacketType::Pubrec | PacketType::Pubrel), Kind::PacketIdZero) => return None,
        (Some(PacketType::Puback | PacketType::Pubcomp), Kind::PacketIdZero) => {
            return and(true, "info PINGRESP");
        }
        // The specification names no reaction to a filter that is not valid.
        (Some(PacketType::Unsubscribe), _) if is_filter_error(kind) => return None,
        (_, _) if is_filter_error(kind) => {
            return Some(Outcome {
                is_pinged: false,
                alternatives: format!("SUBACK id=1 reason=0x80.. | {refusal}"),
            });
        }
        // A failure for the filter alone leaves nothing behind, and 3.1.1 tells to close.
        (
            Some(PacketType::Subscribe),
            Kind::IllFormedUtf8(Field::TopicFilter) | Kind::NulCharacter(Field::TopicFilter),
        ) if version == ProtocolVersion::V5_0 => {
            return and(false, "weak SUBACK id=1 reason=0x80..");
        }
        (
            Some(PacketType::Unsubscribe),
            Kind::IllFormedUtf8(Field::TopicFilter) | Kind::NulCharacter(Field::TopicFilter),
        ) if version == ProtocolVersion::V5_0 => {
            return and(false, "weak UNSUBACK id=1 reason=0x80..");
        }
        // To pass these on is a laxity (U5-14); of an empty Response Topic no receiver is told anything.
        (
            Some(PacketType::Connect),
            Kind::PropertyValue {
                property: PropertyId::PayloadFormatIndicator,
                ..
            }
            | Kind::EmptyTopic(Field::Property(_)),
        ) => return and(false, "weak CONNACK reason=0x00"),
        (
            _,
            Kind::PropertyValue {
                property: PropertyId::PayloadFormatIndicator,
                ..
            }
            | Kind::EmptyTopic(Field::Property(_)),
        ) => return and(true, "weak PINGRESP"),
        // A code of their tables, though one that only servers send: what it says is clear all the same.
        (
            Some(PacketType::Puback | PacketType::Pubrec),
            Kind::ReasonNotAllowed(ReasonCode::NO_MATCHING_SUBSCRIBERS),
        ) => return None,
        // The codes of the other acknowledgements may be overlooked, says the catalogue; so may these.
        (Some(PacketType::Pubcomp), Kind::ReasonNotAllowed(_)) => {
            return and(true, "weak PINGRESP");
        }
        // A server that speaks both versions has to choose a form for its answer.
        (_, Kind::UnsupportedProtocolVersion(_)) if version == ProtocolVersion::V3_1_1 => {
            return Some(Outcome {
                is_pinged: false,
                alternatives: format!("CONNACK reason=0x01 then closed | weak {refusal}"),
            });
        }
        _ => {}
    }
    Some(Outcome {
        is_pinged: false,
        alternatives: refusal,
    })
}

/// Whether a filter can be read, and is not valid.
const fn is_filter_error(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::MultiLevelWildcard
            | Kind::SingleLevelWildcard
            | Kind::EmptyShareName
            | Kind::SharedSubscription
            | Kind::EmptyTopic(Field::TopicFilter)
    )
}

/// The reason codes that fit, the best first; others pass with a note.
fn codes(packet_type: Option<PacketType>, error: &DecodeError) -> Vec<u8> {
    let mut codes = vec![error.reason_code().code()];
    match error.kind() {
        Kind::IllFormedUtf8(Field::ClientId) | Kind::NulCharacter(Field::ClientId) => {
            codes.push(0x85);
        }
        Kind::IllFormedUtf8(Field::UserName) | Kind::NulCharacter(Field::UserName) => {
            codes.push(0x86);
        }
        Kind::IllFormedUtf8(field) | Kind::NulCharacter(field) | Kind::EmptyTopic(field) => {
            match field {
                Field::TopicName
                | Field::WillTopic
                | Field::Property(PropertyId::ResponseTopic) => codes.push(0x90),
                Field::TopicFilter => codes.push(0x8f),
                _ => {}
            }
        }
        Kind::WildcardInTopic(_) => codes.push(0x90),
        // What a server that speaks 3.1.1 alone says.
        Kind::UnsupportedProtocolVersion(_) => codes.push(0x01),
        _ => {}
    }
    let is_authentication = error.statement() == UNKNOWN_METHOD
        || packet_type == Some(PacketType::Auth)
        || matches!(error.kind(), Kind::PropertyRepeated { property, .. } if is_of_authentication(property));
    if is_authentication {
        codes.push(0x8c);
    }
    codes.extend([0x81, 0x82]);
    let mut seen = Vec::new();
    codes.retain(|code| {
        let is_new = !seen.contains(code);
        seen.push(*code);
        is_new
    });
    codes
}

const fn is_of_authentication(property: PropertyId) -> bool {
    matches!(
        property,
        PropertyId::AuthenticationMethod | PropertyId::AuthenticationData
    )
}

fn refusal(codes: &[u8]) -> String {
    let codes: Vec<String> = codes.iter().map(|code| format!(" {code:#04x}")).collect();
    format!("refused{}", codes.concat())
}

/// [`u5-12`](mqtt_assay_codec::StatementId): AUTH without a method, or with another.
const UNKNOWN_METHOD: mqtt_assay_codec::StatementId = mqtt_assay_codec::StatementId::u5(12);
