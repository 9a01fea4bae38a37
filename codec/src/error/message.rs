//! What an error says to people: what was found, and what is allowed.

use std::fmt::{Display, Formatter, Result};

use super::{Context, DecodeErrorKind, Field};
use crate::packet::{PacketType, Sender};
use crate::property::PropertyId;
use crate::reason::ReasonCode;
use crate::version::ProtocolVersion;

/// Writes the message of an error, without its offset.
pub(super) fn write(f: &mut Formatter<'_>, kind: DecodeErrorKind, context: Context) -> Result {
    use DecodeErrorKind as Kind;

    let packet = context.packet.map_or("a reserved packet", PacketType::name);
    match kind {
        Kind::RemainingLengthTooLong
        | Kind::RemainingLengthNotMinimal
        | Kind::FrameTooLong { .. }
        | Kind::ReservedPacketType(_)
        | Kind::WrongSender(_)
        | Kind::ReservedFlags { .. }
        | Kind::PublishQosThree
        | Kind::DupWithoutQos => write_about_headers(f, kind, context, packet),

        Kind::Truncated(_)
        | Kind::TrailingBytes { .. }
        | Kind::IllFormedUtf8(_)
        | Kind::NulCharacter(_)
        | Kind::VariableByteIntegerTooLong(_)
        | Kind::VariableByteIntegerNotMinimal(_)
        | Kind::PacketIdZero => write_about_fields(f, kind, packet),

        Kind::PropertyLengthTooLong(_)
        | Kind::UnknownProperty(_)
        | Kind::PropertyNotAllowed { .. }
        | Kind::PropertyWrongSender { .. }
        | Kind::PropertyRepeated { .. }
        | Kind::PropertyValue { .. }
        | Kind::AuthenticationDataWithoutMethod
        | Kind::AuthenticationMethodMissing => write_about_properties(f, kind, packet),

        Kind::ReasonNotAllowed(reason) => write_misplaced_reason(f, reason, context),

        Kind::ProtocolName
        | Kind::UnsupportedProtocolVersion(_)
        | Kind::ReservedConnectFlag
        | Kind::WillQosThree
        | Kind::WillQosWithoutWill
        | Kind::WillRetainWithoutWill
        | Kind::PasswordWithoutUserName
        | Kind::FieldWithoutFlag(_)
        | Kind::EmptyClientId
        | Kind::ReservedConnackFlags(_)
        | Kind::SessionPresentWithError(_) => write_about_connections(f, kind, context.version),

        Kind::EmptyTopic(_)
        | Kind::WildcardInTopic(_)
        | Kind::MultiLevelWildcard
        | Kind::SingleLevelWildcard
        | Kind::EmptyShareName
        | Kind::SharedSubscription
        | Kind::NoFilters
        | Kind::NoReasons
        | Kind::ReservedSubscriptionOptions(_)
        | Kind::SubscriptionQosThree
        | Kind::RetainHandlingThree
        | Kind::NoLocalOnSharedSubscription => write_about_topics(f, kind, context, packet),
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the caller lists every kind"
)]
fn write_about_headers(
    f: &mut Formatter<'_>,
    kind: DecodeErrorKind,
    context: Context,
    packet: &str,
) -> Result {
    use DecodeErrorKind as Kind;

    let version = context.version;
    match kind {
        Kind::RemainingLengthTooLong => {
            write!(
                f,
                "remaining length of more than four bytes; allowed are one to four"
            )
        }
        Kind::RemainingLengthNotMinimal => {
            write!(
                f,
                "remaining length with a needless last byte of zero; allowed is the shortest form only"
            )
        }
        Kind::FrameTooLong { len, max } => {
            write!(f, "{packet} of {len} bytes; allowed are at most {max}")
        }
        Kind::ReservedPacketType(number) => write!(
            f,
            "reserved packet type {number}; allowed in MQTT {version} are 1 to {}",
            if version.has_reason_codes() { 15 } else { 14 }
        ),
        Kind::WrongSender(sender) => write!(
            f,
            "{packet} from the {}; allowed from the {} only",
            side(sender),
            side(other(sender))
        ),
        Kind::ReservedFlags { found, allowed } => {
            write!(
                f,
                "flags {found:#06b} in {packet}; allowed are {allowed:#06b} only"
            )
        }
        Kind::PublishQosThree => write!(f, "QoS 3 in {packet}; allowed are 0 to 2"),
        Kind::DupWithoutQos => write!(f, "DUP in {packet} of QoS 0; allowed with QoS 1 and 2 only"),
        _ => Ok(()),
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the caller lists every kind"
)]
fn write_about_fields(f: &mut Formatter<'_>, kind: DecodeErrorKind, packet: &str) -> Result {
    use DecodeErrorKind as Kind;

    match kind {
        // These are cut by the property length: the packet goes on, or not.
        Kind::Truncated(field @ (Field::PropertyIdentifier | Field::Property(_))) => {
            write!(f, "properties of {packet} end within ")?;
            write_field(f, field)
        }
        Kind::Truncated(field) => {
            write!(f, "{packet} ends within its ")?;
            write_field(f, field)
        }
        Kind::TrailingBytes { len } => {
            write!(
                f,
                "{len} more {} in {packet} behind its last field; allowed are none",
                if len == 1 { "byte" } else { "bytes" }
            )
        }
        Kind::IllFormedUtf8(field) => {
            write_field(f, field)?;
            write!(
                f,
                " of {packet} is ill-formed; allowed is UTF-8 without surrogates"
            )
        }
        Kind::NulCharacter(field) => {
            write!(f, "U+0000 in ")?;
            write_field(f, field)?;
            write!(f, " of {packet}; allowed is any other character")
        }
        Kind::VariableByteIntegerTooLong(field) => {
            write_field(f, field)?;
            write!(
                f,
                " of {packet} with more than four bytes; allowed are one to four"
            )
        }
        Kind::VariableByteIntegerNotMinimal(field) => {
            write_field(f, field)?;
            write!(
                f,
                " of {packet} with a needless last byte of zero; allowed is the shortest form only"
            )
        }
        Kind::PacketIdZero => write!(f, "packet id 0 in {packet}; allowed are 1 to 65535"),
        _ => Ok(()),
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the caller lists every kind"
)]
fn write_about_properties(f: &mut Formatter<'_>, kind: DecodeErrorKind, packet: &str) -> Result {
    use DecodeErrorKind as Kind;

    match kind {
        Kind::PropertyLengthTooLong(field) => {
            write_field(f, field)?;
            write!(f, " beyond the end of {packet}")
        }
        Kind::UnknownProperty(code) => {
            write!(
                f,
                "unknown property {code:#04x} in {packet}; allowed are those of section 2.2.2.2"
            )
        }
        Kind::PropertyNotAllowed { property, place } => {
            write_misplaced_property(f, property, place.name())
        }
        Kind::PropertyWrongSender { property, sender } => {
            write_property(f, property)?;
            write!(
                f,
                " in {packet} from the {}; allowed from the {} only",
                side(sender),
                side(other(sender))
            )
        }
        Kind::PropertyRepeated { property, place } => {
            write_repeated_property(f, property, place.name())
        }
        Kind::PropertyValue { property, value } => {
            write_property(f, property)?;
            let allowed = match property {
                PropertyId::ReceiveMaximum | PropertyId::TopicAlias => "1 to 65535",
                PropertyId::MaximumPacketSize => "1 to 4294967295",
                PropertyId::SubscriptionIdentifier => "1 to 268435455",
                _ => "0 and 1",
            };
            write!(f, " of {value} in {packet}; allowed are {allowed}")
        }
        Kind::AuthenticationDataWithoutMethod => {
            write_property(f, PropertyId::AuthenticationData)?;
            write!(
                f,
                " in {packet}; allowed beside an authentication method only"
            )
        }
        Kind::AuthenticationMethodMissing => {
            write!(f, "no ")?;
            write_property(f, PropertyId::AuthenticationMethod)?;
            write!(f, " in {packet}; allowed is exactly one")
        }
        _ => Ok(()),
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the caller lists every kind"
)]
fn write_about_connections(
    f: &mut Formatter<'_>,
    kind: DecodeErrorKind,
    version: ProtocolVersion,
) -> Result {
    use DecodeErrorKind as Kind;

    match kind {
        Kind::ProtocolName => write!(
            f,
            "another protocol name in CONNECT; allowed is \"MQTT\" only"
        ),
        Kind::UnsupportedProtocolVersion(level) => {
            write!(f, "protocol level {level} in CONNECT; ")?;
            match ProtocolVersion::from_level(level) {
                None => write!(f, "allowed are 4 and 5"),
                Some(_) => write!(f, "allowed in MQTT {version} is {}", version.level()),
            }
        }
        Kind::ReservedConnectFlag => {
            write!(
                f,
                "reserved connect flag of 1 in CONNECT; allowed is 0 only"
            )
        }
        Kind::WillQosThree => write!(f, "Will QoS 3 in CONNECT; allowed are 0 to 2"),
        Kind::WillQosWithoutWill => {
            write!(f, "Will QoS in CONNECT without a Will; allowed is 0 only")
        }
        Kind::WillRetainWithoutWill => {
            write!(
                f,
                "Will Retain in CONNECT without a Will; allowed is 0 only"
            )
        }
        Kind::PasswordWithoutUserName => write!(
            f,
            "password in CONNECT without a user name; allowed with a user name only"
        ),
        Kind::FieldWithoutFlag(field) => {
            write_field(f, field)?;
            write!(
                f,
                " in CONNECT without its flag; allowed with the flag only"
            )
        }
        Kind::EmptyClientId => write!(
            f,
            "empty client id in CONNECT with clean session 0; allowed with clean session 1 only"
        ),
        Kind::ReservedConnackFlags(flags) => {
            write!(
                f,
                "flags {flags:#04x} in CONNACK; allowed are 0x00 and 0x01"
            )
        }
        Kind::SessionPresentWithError(reason) => write!(
            f,
            "session present in CONNACK with reason code {reason}; allowed with 0x00 only"
        ),
        _ => Ok(()),
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the caller lists every kind"
)]
fn write_about_topics(
    f: &mut Formatter<'_>,
    kind: DecodeErrorKind,
    context: Context,
    packet: &str,
) -> Result {
    use DecodeErrorKind as Kind;

    match kind {
        Kind::EmptyTopic(field) => {
            write!(f, "empty ")?;
            write_field(f, field)?;
            write!(f, " in {packet}; allowed is one character and more")?;
            if field == Field::TopicName && context.version.has_properties() {
                write!(f, ", or a topic alias beside it")?;
            }
            Ok(())
        }
        Kind::WildcardInTopic(field) => {
            write!(f, "wildcard in ")?;
            write_field(f, field)?;
            write!(f, " of {packet}; allowed in topic filters only")
        }
        Kind::MultiLevelWildcard => {
            write!(
                f,
                "misplaced \"#\" in {packet}; allowed alone in the last level only"
            )
        }
        Kind::SingleLevelWildcard => {
            write!(
                f,
                "misplaced \"+\" in {packet}; allowed alone in its level only"
            )
        }
        Kind::EmptyShareName => {
            write!(
                f,
                "empty share name in {packet}; allowed is one character and more"
            )
        }
        Kind::SharedSubscription => write!(
            f,
            "ill-formed shared subscription in {packet}; allowed is $share/NAME/FILTER, the name without wildcards"
        ),
        Kind::NoFilters => write!(f, "no topic filter in {packet}; allowed is one and more"),
        Kind::NoReasons => write!(f, "no reason code in {packet}; allowed is one and more"),
        Kind::ReservedSubscriptionOptions(options) => write!(
            f,
            "reserved bits in subscription options {options:#04x} in {packet}; allowed are zeros"
        ),
        Kind::SubscriptionQosThree => {
            write!(f, "QoS 3 for a filter in {packet}; allowed are 0 to 2")
        }
        Kind::RetainHandlingThree => {
            write!(
                f,
                "retain handling 3 for a filter in {packet}; allowed are 0 to 2"
            )
        }
        Kind::NoLocalOnSharedSubscription => write!(
            f,
            "no local on a shared subscription in {packet}; allowed on others only"
        ),
        _ => Ok(()),
    }
}

/// `property 0x23 (topic alias) in PUBACK; allowed in PUBLISH only`.
pub(super) fn write_misplaced_property(
    f: &mut Formatter<'_>,
    property: PropertyId,
    place: &str,
) -> Result {
    write_property(f, property)?;
    write!(f, " in {place}; allowed in ")?;
    let places = property.places().iter().map(|place| place.name());
    write_list(f, &places.collect::<Vec<_>>())?;
    write!(f, " only")
}

/// `reason code 0x10 (no matching subscribers) in PUBREL; allowed are 0x00 and 0x92`.
fn write_misplaced_reason(f: &mut Formatter<'_>, reason: ReasonCode, context: Context) -> Result {
    let Some(packet) = context.packet else {
        return Ok(());
    };
    write!(f, "reason code {reason}")?;
    if let Some(name) = reason.name() {
        write!(f, " ({})", name.to_lowercase())?;
    }
    write!(f, " in {}; allowed ", packet.name())?;
    match context.sender {
        Sender::Client | Sender::Server => write!(f, "from the {} ", side(context.sender))?,
        Sender::Either => {}
    }
    let codes = (0..=u8::MAX).map(ReasonCode::new);
    let allowed: Vec<ReasonCode> = codes
        .filter(|code| code.is_allowed_in(packet, context.version, context.sender))
        .collect();
    let mut listed = Vec::new();
    for run in allowed.chunk_by(|one, next| one.code() + 1 == next.code()) {
        match run {
            [first, _, .., last] => listed.push(format!("{first} to {last}")),
            _ => listed.extend(run.iter().map(ReasonCode::to_string)),
        }
    }
    write!(f, "are ")?;
    write_list(f, &listed)
}

/// `one, two and three`.
fn write_list(f: &mut Formatter<'_>, items: &[impl Display]) -> Result {
    for (index, item) in items.iter().enumerate() {
        let separator = match index {
            0 => "",
            _ if index + 1 == items.len() => " and ",
            _ => ", ",
        };
        write!(f, "{separator}{item}")?;
    }
    Ok(())
}

/// `property 0x23 (topic alias) repeated in PUBLISH; allowed once`.
pub(super) fn write_repeated_property(
    f: &mut Formatter<'_>,
    property: PropertyId,
    place: &str,
) -> Result {
    write_property(f, property)?;
    write!(f, " repeated in {place}; allowed once")
}

fn write_property(f: &mut Formatter<'_>, property: PropertyId) -> Result {
    write!(f, "property {:#04x} (", property.code())?;
    for (index, word) in property.full_name().split('-').enumerate() {
        let separator = if index == 0 { "" } else { " " };
        write!(f, "{separator}{word}")?;
    }
    write!(f, ")")
}

fn write_field(f: &mut Formatter<'_>, field: Field) -> Result {
    f.write_str(match field {
        Field::Body => "body",
        Field::ProtocolName => "protocol name",
        Field::ProtocolLevel => "protocol level",
        Field::ConnectFlags => "connect flags",
        Field::KeepAlive => "keep alive",
        Field::PropertyLength => "property length",
        Field::PropertyIdentifier => "property identifier",
        Field::Property(property) => return write_property(f, property),
        Field::ClientId => "client id",
        Field::WillPropertyLength => "will property length",
        Field::WillTopic => "will topic",
        Field::WillPayload => "will payload",
        Field::UserName => "user name",
        Field::Password => "password",
        Field::ConnackFlags => "connect acknowledge flags",
        Field::ReasonCode => "reason code",
        Field::PacketId => "packet id",
        Field::TopicName => "topic name",
        Field::TopicFilter => "topic filter",
        Field::SubscriptionOptions => "subscription options",
    })
}

const fn side(sender: Sender) -> &'static str {
    match sender {
        Sender::Client => "client",
        Sender::Server => "server",
        Sender::Either => "peer",
    }
}

const fn other(sender: Sender) -> Sender {
    match sender {
        Sender::Client => Sender::Server,
        Sender::Server => Sender::Client,
        Sender::Either => Sender::Either,
    }
}
