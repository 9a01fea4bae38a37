//! Choices that the specification leaves to a broker.
//!
//! A variant is no mistake. It is what some broker does and may do, other than the reference broker does by itself, so
//! a suite that is fair finds no failure in it. Each row names the freedom; the broker asks for each with `may`.

use std::fmt;
use std::str::FromStr;

macro_rules! variants {
    ($(#[doc = $summary:literal] $variant:ident = $name:literal;)+) => {
        /// Something that a broker may do otherwise.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Variant {
            $(#[doc = $summary] $variant,)+
        }

        impl Variant {
            /// Every variant, by topic.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Its name on the command line, such as `bare-close`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// What the broker does, in a sentence.
            #[must_use]
            pub fn summary(self) -> &'static str {
                match self { $(Self::$variant => $summary.trim_start(),)+ }
            }
        }
    };
}

variants! {
    /// Sends a client one copy of a message for each of its subscriptions that match, each at its own QoS.
    OneCopyPerMatch = "one-copy-per-match";
    /// Gives the subscription identifiers of a copy in descending order.
    SubscriptionIdsDescend = "subscription-ids-descend";
    /// Passes a QoS 2 message on when its PUBREL comes.
    DeliversOnPubrel = "delivers-on-pubrel";
    /// Sends a client its own message before it acknowledges it.
    DeliversBeforeAcknowledging = "delivers-before-acknowledging";
    /// Sends a client messages some time after it acknowledged them to the publisher.
    DeliversLate = "delivers-late";
    /// Acknowledges some time after it has answered a ping that came later.
    AcknowledgesLate = "acknowledges-late";
    /// Sends a client messages of each topic, QoS and publisher at a pace of their own, so that they overtake others.
    TopicsOvertake = "topics-overtake";
    /// Sends a client what waited for it some time after the CONNACK.
    ResumesLate = "resumes-late";
    /// Publishes a Will some time after it is due.
    WillsLate = "wills-late";
    /// Sends retained messages in descending order of their topics.
    RetainedDescend = "retained-descend";
    /// Sends retained messages before the SUBACK (U3-09).
    RetainedBeforeSuback = "retained-before-suback";
    /// Sends a retained message once for a SUBSCRIBE of which several filters match it.
    RetainedOncePerSubscribe = "retained-once-per-subscribe";
    /// Keeps no retained message of QoS 0.
    RetainedQosZeroDropped = "retained-qos-zero-dropped";
    /// Repeats what is not acknowledged on a connection that lives, in 3.1.1.
    RepeatsOnLiveConnection = "repeats-on-live-connection";
    /// Sends what waited before what it repeats, after a reconnect.
    NewBeforeRepeated = "new-before-repeated";
    /// Repeats PUBREL after PUBLISH, after a reconnect.
    PubrelRepeatedLast = "pubrel-repeated-last";
    /// Numbers packets downwards.
    PacketIdsDescend = "packet-ids-descend";
    /// Numbers each packet with the lowest identifier that is free, which is often the one that came free last.
    PacketIdsReused = "packet-ids-reused";
    /// Gives an alias that it has given out to another topic when there are no more.
    AliasesMoved = "aliases-moved";
    /// Lets QoS 0 messages wait for those with an acknowledgement to come.
    QosZeroWaitsForQuota = "qos-zero-waits-for-quota";
    /// Routes nothing to topics that begin with `$`.
    DollarTopicsDropped = "dollar-topics-dropped";
    /// Allows nobody to publish or to subscribe to topics that begin with `$`.
    DollarTopicsDenied = "dollar-topics-denied";
    /// Closes the connection of a client that publishes what it may not.
    DeniedPublishCloses = "denied-publish-closes";
    /// Acknowledges what a client may not publish as if it might.
    DeniedPublishAcknowledged = "denied-publish-acknowledged";
    /// Refuses control characters and non-characters in topics, filters and client identifiers.
    DiscouragedCharactersRefused = "discouraged-characters-refused";
    /// Refuses a payload that is said to be text and is none (U5-13).
    PayloadFormatChecked = "payload-format-checked";
    /// Counts the seconds of a message's lifetime a bit late.
    LifetimesRoundedUp = "lifetimes-rounded-up";
    /// Counts the seconds of a message's lifetime a bit early.
    LifetimesRoundedDown = "lifetimes-rounded-down";
    /// Closes at PUBACK, PUBREC or PUBCOMP for an unknown packet identifier, in 3.1.1 (U3-14).
    UnknownIdsClose = "unknown-ids-close";
    /// Answers PUBREC and PUBREL for an unknown packet identifier with success (U5-27).
    UnknownIdsTakenForKnown = "unknown-ids-taken-for-known";
    /// Closes the connection of a client that acknowledges messages in another order than that in which they came.
    AcknowledgementsChecked = "acknowledgements-checked";
    /// Passes over an acknowledgement of the wrong type.
    WrongAcknowledgementsIgnored = "wrong-acknowledgements-ignored";
    /// Leaves it to a client that says goodbye to close the connection.
    GoodbyeLeftOpen = "goodbye-left-open";
    /// Takes no client identifiers but those of letters and digits, which it must.
    ClientIdsOfLettersAndDigits = "client-ids-of-letters-and-digits";
    /// Closes the old connection, and publishes its Will, after the new one has its CONNACK.
    TakesOverBehindConnack = "takes-over-behind-connack";
    /// Takes a Will for a message of nobody, so that No Local does not concern it.
    WillIsNobodys = "will-is-nobodys";
    /// Takes a malformed DISCONNECT for a DISCONNECT as far as the Will goes, in 3.1.1.
    WillDroppedAtMalformedDisconnect = "will-dropped-at-malformed-disconnect";
    /// Says in CONNACK what would hold if it said nothing.
    DefaultsAnnounced = "defaults-announced";
    /// Adds a reason string and a user property wherever the client takes them.
    Talkative = "talkative";
    /// Adds a user property of its own to each message that has room for it.
    OwnUserProperty = "own-user-property";
    /// Writes reason codes and property lengths that it could leave out (U5-37).
    LongForms = "long-forms";
    /// Answers a protocol level that it does not know in the form of 5.0.
    UnknownLevelAnsweredInNewForm = "unknown-level-answered-in-new-form";
    /// Answers a protocol level that it does not know in the form of 3.1.1.
    UnknownLevelAnsweredInOldForm = "unknown-level-answered-in-old-form";
    /// Gives no other reason than 0x80, Unspecified error.
    UnspecifiedErrors = "unspecified-errors";
    /// Gives no other reason than 0x83, Implementation specific error.
    ImplementationSpecificErrors = "implementation-specific-errors";
    /// Closes without a DISCONNECT that says why.
    BareClose = "bare-close";
    /// Grants QoS 1 at most, and does not say so before the SUBACK.
    GrantsAtMostQosOne = "grants-at-most-qos-one";
    /// Grants QoS 0 at most, and does not say so before the SUBACK.
    GrantsAtMostQosZero = "grants-at-most-qos-zero";
    /// Answers a filter that is not valid with a failure, and keeps the connection.
    InvalidFiltersAnswered = "invalid-filters-answered";
    /// Knows shared subscriptions in 3.1.1 as well.
    SharedInOldVersion = "shared-in-old-version";
    /// Gives every message of a shared subscription to the same member, even one that is away.
    SharedSticky = "shared-sticky";
    /// Drops what waits for a client when the client unsubscribes from it.
    WaitingDroppedAtUnsubscribe = "waiting-dropped-at-unsubscribe";
    /// Finds out ten seconds late that a session has expired, or that the delay of a Will is over.
    SessionsSwept = "sessions-swept";
    /// Closes as soon as the keep alive itself has passed in silence.
    KeepAliveShort = "keep-alive-short";
    /// Closes some seconds after one and a half times the keep alive.
    KeepAliveLate = "keep-alive-late";
    /// Sends every byte by itself.
    ByteByByte = "byte-by-byte";
}

impl fmt::Display for Variant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Variant {
    type Err = UnknownVariant;

    fn from_str(name: &str) -> Result<Self, UnknownVariant> {
        let variant = Self::ALL.iter().find(|variant| variant.name() == name);
        variant.copied().ok_or(UnknownVariant)
    }
}

/// The text names no variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnknownVariant;

impl fmt::Display for UnknownVariant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("unknown variant")
    }
}

impl std::error::Error for UnknownVariant {}

/// The variants that a broker has, one bit each.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Variants(u64);

impl Variants {
    pub(super) fn new(variants: &[Variant]) -> Self {
        debug_assert!(Variant::ALL.len() <= 64, "there is a bit for each");
        Self(variants.iter().fold(0, |bits, it| bits | 1 << *it as u64))
    }

    /// Whether the broker does this.
    pub(super) const fn has(self, variant: Variant) -> bool {
        self.0 >> variant as u64 & 1 == 1
    }
}
