//! Malformed packets that are overlooked.

macro_rules! malformed {
    ({ $($rows:tt)* } $next:ident $($others:ident)*) => {
        $next! {
            {
                $($rows)*
                /// Accepts reserved flags in any packet but those that have a fault of their own.
                ReservedFlagsOverlooked = "reserved-flags-overlooked": ["v3-2.2.2-2", "v5-2.1.3-1"];
                /// Accepts PUBREL with flags other than 0010.
                PubrelFlagsOverlooked = "pubrel-flags-overlooked": ["v3-3.6.1-1", "v3-2.2.2-2", "v5-3.6.1-1", "v5-2.1.3-1"];
                /// Accepts SUBSCRIBE with flags other than 0010.
                SubscribeFlagsOverlooked = "subscribe-flags-overlooked": ["v3-3.8.1-1", "v3-2.2.2-2", "v5-3.8.1-1", "v5-2.1.3-1"];
                /// Takes a PUBACK without a reason code for malformed.
                ShortPubackRefused = "short-puback-refused": ["u5-37"], also ["v5-3.1.2-22", "v5-3.8.4-3", "v5-4.5.0-1", "v5-3.8.4-4", "v5-3.1.2-5", "v5-3.1.2-8", "v5-3.3.1-6"] "a client that acknowledges in the short form is thrown out";
                /// Accepts UNSUBSCRIBE with flags other than 0010.
                UnsubscribeFlagsOverlooked = "unsubscribe-flags-overlooked": ["v3-3.10.1-1", "v3-2.2.2-2", "v5-3.10.1-1", "v5-2.1.3-1"];
                /// Does not close when a remaining length has five bytes.
                LongRemainingLengthOverlooked = "long-remaining-length-overlooked": ["u3-01", "u5-34"];
                /// Does not close when a remaining length has a needless byte.
                NeedlessLengthByteOverlooked = "needless-length-byte-overlooked": ["u3-01", "v5-1.5.5-1"];
                /// Does not close when a number in the properties is too long.
                PropertyLengthFormOverlooked = "property-length-form-overlooked": ["v5-1.5.5-1", "u5-34"];
                /// Drops a packet of a reserved type, and reads on.
                ReservedTypeOverlooked = "reserved-type-overlooked": ["u3-02", "v5-4.13.1-1"];
                /// Drops a packet that only a server sends, and reads on.
                ServerPacketOverlooked = "server-packet-overlooked": ["u3-03", "v5-4.13.1-1"];
                /// Drops a PUBLISH of QoS 3, and reads on.
                PublishQosThreeOverlooked = "publish-qos-three-overlooked": ["v3-3.3.1-4", "v5-3.3.1-4"];
                /// Drops a PUBLISH of QoS 0 with DUP, and reads on.
                DupWithoutQosOverlooked = "dup-without-qos-overlooked": ["v3-3.3.1-2", "v5-3.3.1-2"];
                /// Drops a packet with packet identifier 0, and reads on.
                PacketIdZeroOverlooked = "packet-id-zero-overlooked": ["v3-2.3.1-1", "v5-2.2.1-3"];
                /// Drops a packet that goes on behind its last field, and reads on.
                TrailingBytesOverlooked = "trailing-bytes-overlooked": ["u3-04", "v5-4.13.1-1"];
                /// Drops a packet that ends within a field, and reads on.
                TruncationOverlooked = "truncation-overlooked": ["u3-04", "v3-4.8.0-1", "v5-4.13.1-1"], also refusals "what is not there cannot be wrong";
                /// Does not close when a client identifier is no UTF-8.
                IllFormedClientIdOverlooked = "ill-formed-client-id-overlooked": ["v3-3.1.3-4", "v3-1.5.3-1", "v5-3.1.3-4", "v5-1.5.4-1"];
                /// Does not close when a Will Topic is no UTF-8.
                IllFormedWillTopicOverlooked = "ill-formed-will-topic-overlooked": ["v3-3.1.3-10", "v3-1.5.3-1", "v5-3.1.3-11", "v5-1.5.4-1"];
                /// Does not close when a user name is no UTF-8.
                IllFormedUserNameOverlooked = "ill-formed-user-name-overlooked": ["v3-3.1.3-11", "v3-1.5.3-1", "v5-3.1.3-12", "v5-1.5.4-1"];
                /// Drops a PUBLISH whose topic is no UTF-8, and reads on.
                IllFormedTopicOverlooked = "ill-formed-topic-overlooked": ["v3-3.3.2-1", "v3-1.5.3-1", "v5-3.3.2-1", "v5-1.5.4-1"];
                /// Drops a SUBSCRIBE with a filter that is no UTF-8, and reads on.
                IllFormedFilterOverlooked = "ill-formed-filter-overlooked": ["v3-3.8.3-1", "v3-1.5.3-1", "v5-3.8.3-1", "v5-1.5.4-1"];
                /// Drops an UNSUBSCRIBE with a filter that is no UTF-8, and reads on.
                IllFormedUnsubscribeOverlooked = "ill-formed-unsubscribe-overlooked": ["v3-3.10.3-1", "v3-1.5.3-1", "v5-3.10.3-1", "v5-1.5.4-1"];
                /// Drops a PUBLISH whose response topic is no UTF-8, and reads on.
                IllFormedResponseTopicOverlooked = "ill-formed-response-topic-overlooked": ["v5-3.3.2-13", "v5-1.5.4-1"];
                /// Drops a PUBLISH whose content type is no UTF-8, and reads on.
                IllFormedContentTypeOverlooked = "ill-formed-content-type-overlooked": ["v5-3.3.2-19", "v5-1.5.4-1"];
                /// Drops a packet with a user property that is no UTF-8, and reads on.
                IllFormedUserPropertyOverlooked = "ill-formed-user-property-overlooked": ["v5-1.5.7-1", "v5-1.5.4-1"];
                /// Drops a packet with another string that is no UTF-8, and reads on.
                IllFormedStringOverlooked = "ill-formed-string-overlooked": ["v3-1.5.3-1", "v5-1.5.4-1"];
                /// Drops a packet with U+0000 in a topic or a filter, and reads on.
                NulInTopicOverlooked = "nul-in-topic-overlooked": ["v3-4.7.3-2", "v3-1.5.3-2", "v5-4.7.3-2", "v5-1.5.4-2"];
                /// Drops a packet with U+0000 in another string, and reads on.
                NulCharacterOverlooked = "nul-character-overlooked": ["v3-1.5.3-2", "v5-1.5.4-2"];
                /// Closes every connection when a malformed packet comes on one.
                MalformedPacketClosesAll = "malformed-packet-closes-all": ["v3-4.8.0-1", "v5-4.13.1-1"], also ["v5-3.1.2-8", "u3-11"] "who watches is thrown out too";
                /// Drops a packet with a property that does not exist, and reads on.
                UnknownPropertyOverlooked = "unknown-property-overlooked": ["u5-01", "v5-4.13.1-1"];
                /// Drops a packet with a property that it may not have, and reads on.
                MisplacedPropertyOverlooked = "misplaced-property-overlooked": ["u5-01", "v5-4.13.1-1"];
                /// Drops a PUBLISH of a client with a subscription identifier, and reads on.
                SubscriptionIdOfClientOverlooked = "subscription-id-of-client-overlooked": ["v5-3.3.4-6"];
                /// Drops a packet with the same property twice, and reads on.
                RepeatedPropertyOverlooked = "repeated-property-overlooked": ["u5-02", "v5-4.13.1-1"];
                /// Does not close when Receive Maximum is 0.
                ReceiveMaximumZeroOverlooked = "receive-maximum-zero-overlooked": ["u5-03"];
                /// Does not close when Maximum Packet Size is 0.
                MaximumPacketSizeZeroOverlooked = "maximum-packet-size-zero-overlooked": ["u5-04"];
                /// Does not close when a property of two values has a third.
                RequestInformationTwoOverlooked = "request-information-two-overlooked": ["u5-05"];
                /// Drops a SUBSCRIBE with subscription identifier 0, and reads on.
                SubscriptionIdZeroOverlooked = "subscription-id-zero-overlooked": ["u5-08"];
                /// Drops a PUBLISH with topic alias 0, and reads on.
                TopicAliasZeroOverlooked = "topic-alias-zero-overlooked": ["v5-3.3.2-8"];
                /// Replaces what is no UTF-8 in a payload that is said to be text.
                PayloadMadeText = "payload-made-text": ["u5-13"];
                /// Takes white space off the ends of a payload.
                PayloadTrimmed = "payload-trimmed": ["v3-4.5.0-1", "v5-4.5.0-1"];
                /// Takes control characters and non-characters out of topics.
                DiscouragedCharactersStripped = "discouraged-characters-stripped": ["u5-38"];
                /// Stores QoS 0 messages for a client that is away, and sends them at the QoS of its subscription.
                StoredQosZeroRaised = "stored-qos-zero-raised": ["u3-10"];
                /// Drops a message with payload format indicator 2, and reads on.
                PayloadFormatTwoOverlooked = "payload-format-two-overlooked": ["u5-14"];
                /// Drops an acknowledgement with a reason code that it may not have, and reads on.
                ReasonOfAckOverlooked = "reason-of-ack-overlooked": ["v5-3.4.2-1", "v5-3.5.2-1", "v5-3.6.2-1", "v5-3.7.2-1"];
                /// Drops a packet with an empty topic or filter, and reads on.
                EmptyTopicOverlooked = "empty-topic-overlooked": ["v3-4.7.3-1", "v5-4.7.3-1", "u5-07"];
                /// Drops a PUBLISH with a wildcard in its topic, and reads on.
                WildcardInTopicOverlooked = "wildcard-in-topic-overlooked": ["v3-3.3.2-2", "v3-4.7.1-1", "v5-3.3.2-2", "v5-4.7.0-1"];
                /// Does not close when a Will Topic has a wildcard.
                WildcardInWillTopicOverlooked = "wildcard-in-will-topic-overlooked": ["v3-4.7.1-1", "v5-4.7.0-1"];
                /// Drops a PUBLISH with a wildcard in its response topic, and reads on.
                WildcardInResponseTopicOverlooked = "wildcard-in-response-topic-overlooked": ["v5-3.3.2-14"];
                /// Drops a SUBSCRIBE with a misplaced #, and reads on.
                MultiLevelWildcardOverlooked = "multi-level-wildcard-overlooked": ["v3-4.7.1-2", "v5-4.7.1-1"], also ["v5-3.9.3-2"] "a filter that is granted has no failure code";
                /// Drops a SUBSCRIBE with a misplaced +, and reads on.
                SingleLevelWildcardOverlooked = "single-level-wildcard-overlooked": ["v3-4.7.1-3", "v5-4.7.1-2"], also ["v5-4.7.1-1"] "in +# both stand where they may not";
                /// Drops a SUBSCRIBE with an empty share name, and reads on.
                EmptyShareNameOverlooked = "empty-share-name-overlooked": ["v5-4.8.2-1"];
                /// Drops a SUBSCRIBE with a share name that is not valid, and reads on.
                ShareNameOverlooked = "share-name-overlooked": ["v5-4.8.2-2"];
                /// Drops a SUBSCRIBE with No Local on a shared subscription, and reads on.
                NoLocalOnSharedOverlooked = "no-local-on-shared-overlooked": ["v5-3.8.3-4"];
                /// Drops a SUBSCRIBE without a filter, and reads on.
                EmptySubscribeOverlooked = "empty-subscribe-overlooked": ["v3-3.8.3-3", "v5-3.8.3-2"];
                /// Drops an UNSUBSCRIBE without a filter, and reads on.
                EmptyUnsubscribeOverlooked = "empty-unsubscribe-overlooked": ["v3-3.10.3-2", "v5-3.10.3-2"];
                /// Drops a SUBSCRIBE with reserved bits in its options, and reads on.
                ReservedOptionsOverlooked = "reserved-options-overlooked": ["v3-3.8.3-4", "v5-3.8.3-5"];
                /// Drops a SUBSCRIBE that asks for QoS 3 or Retain Handling 3, and reads on.
                OptionThreeOverlooked = "option-three-overlooked": ["v3-3.8.3-4", "u5-09"];
            }
            $($others)*
        }
    };
}

pub(super) use malformed;
