//! One violation in a packet that is valid but for it.

mod breaker;
mod properties;
mod topics;

use arbitrary::{Arbitrary, Result, Unstructured};

use super::ValidPacket;
use crate::notation::Value;
use crate::packet::Sender;
use crate::statement::StatementId;
use crate::version::ProtocolVersion;
use breaker::Breaker;

/// A way to break one rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[expect(missing_docs, reason = "each names what is wrong")]
pub enum Violation {
    RemainingLengthTooLong,
    RemainingLengthNotMinimal,
    ReservedPacketType,
    WrongSender,
    ReservedFlags,
    PublishQosThree,
    DupWithoutQos,
    TrailingByte,
    PacketIdZero,
    IllFormedUtf8,
    NulCharacter,
    UnknownProperty,
    PropertyMisplaced,
    PropertyRepeated,
    PropertyLengthTooLong,
    TopicAliasZero,
    SubscriptionIdZero,
    ReceiveMaximumZero,
    AuthenticationDataWithoutMethod,
    ReasonNotAllowed,
    ProtocolName,
    ProtocolLevel,
    ReservedConnectFlag,
    WillQosThree,
    WillRetainWithoutWill,
    PasswordWithoutUserName,
    EmptyClientId,
    ReservedConnackFlags,
    SessionPresentWithError,
    EmptyTopic,
    WildcardInTopic,
    MultiLevelWildcard,
    SingleLevelWildcard,
    EmptyShareName,
    NoFilters,
    NoReasons,
    ReservedSubscriptionOptions,
    SubscriptionQosThree,
    RetainHandlingThree,
    NoLocalOnSharedSubscription,
}

/// A packet with one violation, and the statement by which it must be refused.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_structs, reason = "plain data")]
pub struct Violated {
    /// The version of the connection.
    pub version: ProtocolVersion,
    /// Who sends it.
    pub sender: Sender,
    /// What is wrong with it.
    pub violation: Violation,
    /// The packet.
    pub bytes: Vec<u8>,
    /// The statement that it breaks.
    pub statement: StatementId,
}

impl Violation {
    /// Every violation.
    pub const ALL: &'static [Self] = &[
        Self::RemainingLengthTooLong,
        Self::RemainingLengthNotMinimal,
        Self::ReservedPacketType,
        Self::WrongSender,
        Self::ReservedFlags,
        Self::PublishQosThree,
        Self::DupWithoutQos,
        Self::TrailingByte,
        Self::PacketIdZero,
        Self::IllFormedUtf8,
        Self::NulCharacter,
        Self::UnknownProperty,
        Self::PropertyMisplaced,
        Self::PropertyRepeated,
        Self::PropertyLengthTooLong,
        Self::TopicAliasZero,
        Self::SubscriptionIdZero,
        Self::ReceiveMaximumZero,
        Self::AuthenticationDataWithoutMethod,
        Self::ReasonNotAllowed,
        Self::ProtocolName,
        Self::ProtocolLevel,
        Self::ReservedConnectFlag,
        Self::WillQosThree,
        Self::WillRetainWithoutWill,
        Self::PasswordWithoutUserName,
        Self::EmptyClientId,
        Self::ReservedConnackFlags,
        Self::SessionPresentWithError,
        Self::EmptyTopic,
        Self::WildcardInTopic,
        Self::MultiLevelWildcard,
        Self::SingleLevelWildcard,
        Self::EmptyShareName,
        Self::NoFilters,
        Self::NoReasons,
        Self::ReservedSubscriptionOptions,
        Self::SubscriptionQosThree,
        Self::RetainHandlingThree,
        Self::NoLocalOnSharedSubscription,
    ];
}

/// Violations that a packet cannot have are passed over: the next in the list that it can have is taken.
impl<'a> Arbitrary<'a> for Violated {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let packet = ValidPacket::arbitrary(u)?;
        let start = u.choose_index(Violation::ALL.len())?;
        let from_start = Violation::ALL.iter().cycle().skip(start);
        for &violation in from_start.take(Violation::ALL.len()) {
            let mut breaker = Breaker {
                u,
                version: layout_version(&packet),
                draft: packet.draft.clone(),
                sender: Sender::Either,
                change: |_| {},
            };
            let Some(statement) = breaker.apply(violation)? else {
                continue;
            };
            let Ok(mut bytes) = breaker.draft.to_bytes(packet.version) else {
                continue;
            };
            (breaker.change)(&mut bytes);
            return Ok(Self {
                version: packet.version,
                sender: breaker.sender,
                violation,
                bytes,
                statement,
            });
        }
        Err(arbitrary::Error::IncorrectFormat)
    }
}

/// The version of a packet: that of its protocol level, if it has one.
fn layout_version(packet: &ValidPacket) -> ProtocolVersion {
    let level = packet.draft.all("protocol-level").next();
    match level {
        Some(Value::Number(4)) => ProtocolVersion::V3_1_1,
        Some(Value::Number(5)) => ProtocolVersion::V5_0,
        _ => packet.version,
    }
}
