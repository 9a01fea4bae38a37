//! Which rule a packet breaks that is larger than the client takes (5.0, section 3.1.2.11.4).

use mqtt_assay_codec::notation::Draft;
use mqtt_assay_codec::{PacketType, StatementId};

/// The rule on what made the packet large, where there is one: a reason string, or User Properties.
pub(crate) fn statement(draft: &Draft) -> StatementId {
    let has = |name: &str| draft.all(name).next().is_some();
    let rules = rules(draft.packet_type);
    match rules {
        Some((reason_string, _)) if has("reason-string") => reason_string,
        Some((_, user_property)) if has("user-property") => user_property,
        _ => StatementId::v5(3, 1, 2, 24),
    }
}

/// The rules of a packet type: on its reason string, and on its User Properties.
const fn rules(packet_type: PacketType) -> Option<(StatementId, StatementId)> {
    let (section, subsection, number) = match packet_type {
        PacketType::Connack => (2, 2, 19),
        PacketType::Puback => (4, 2, 2),
        PacketType::Pubrec => (5, 2, 2),
        PacketType::Pubrel => (6, 2, 2),
        PacketType::Pubcomp => (7, 2, 2),
        PacketType::Suback => (9, 2, 1),
        PacketType::Unsuback => (11, 2, 1),
        PacketType::Disconnect => (14, 2, 3),
        PacketType::Auth => (15, 2, 2),
        _ => return None,
    };
    Some((
        StatementId::v5(3, section, subsection, number),
        StatementId::v5(3, section, subsection, number + 1),
    ))
}

#[cfg(test)]
mod tests {
    use mqtt_assay_codec::notation::{Notation, parse};

    use super::*;

    #[test]
    fn what_made_the_packet_large_decides() {
        for (text, expected) in [
            (
                "PUBACK id=1 reason-string=\"long\"",
                StatementId::v5(3, 4, 2, 2),
            ),
            (
                "PUBACK id=1 user-property=\"k\":\"v\"",
                StatementId::v5(3, 4, 2, 3),
            ),
            (
                "UNSUBACK id=1 reason=0 user-property=\"k\":\"v\"",
                StatementId::v5(3, 11, 2, 2),
            ),
            (
                "PUBLISH topic=\"t\" user-property=\"k\":\"v\"",
                StatementId::v5(3, 1, 2, 24),
            ),
            ("PUBACK id=1", StatementId::v5(3, 1, 2, 24)),
        ] {
            let Ok(Notation::Packet(draft)) = parse(text) else {
                panic!("{text} is no packet");
            };
            assert_eq!(statement(&draft), expected, "{text}");
        }
    }
}
