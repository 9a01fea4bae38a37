//! Messages from clients, and their acknowledgements.

macro_rules! receive {
    ({ $($rows:tt)* } $next:ident $($others:ident)*) => {
        $next! {
            {
                $($rows)*
                /// Does not acknowledge QoS 1.
                PubackMissing = "puback-missing": ["v3-3.3.4-1", "v3-4.3.2-2", "v5-3.3.4-1", "v5-4.3.2-4"], also ["v5-3.4.2-2", "u5-33", "u5-13", "v3-3.3.5-2", "v5-2.1.3-1", "v5-3.2.2-9", "v5-3.3.2-12", "u5-38"] "what is said in a PUBACK, or by it, is not said";
                /// Acknowledges QoS 1 twice.
                PubackTwice = "puback-twice": ["v3-4.3.2-2", "v5-4.3.2-4"];
                /// Answers QoS 1 with PUBREC.
                PubackSentAsPubrec = "puback-sent-as-pubrec": ["v3-3.3.4-1", "v3-4.3.2-2", "v5-3.3.4-1", "v5-4.3.2-4"];
                /// Sends PUBACK with another packet identifier.
                PubackWithWrongId = "puback-with-wrong-id": ["v3-2.3.1-6", "v3-4.3.2-2", "v5-2.2.1-5", "v5-4.3.2-4"], also ["v5-3.3.4-1"] "the identifier may be that of another message";
                /// Sets a reserved flag in PUBACK.
                PubackWithFlags = "puback-with-flags": ["v3-2.2.2-1", "v5-2.1.3-1"];
                /// Sends PUBACK with a reason code that it may not have.
                PubackWithReservedReason = "puback-with-reserved-reason": ["v5-3.4.2-1"];
                /// Drops a QoS 1 message because its DUP flag is set.
                DupTakenForDuplicate = "dup-taken-for-duplicate": ["v3-4.3.2-2", "v5-4.3.2-5"], also ["v5-4.5.0-1", "v5-3.3.1-3"] "a message with DUP is never delivered";
                /// Drops a QoS 2 message because its DUP flag is set.
                DupTakenForDuplicateAtQosTwo = "dup-taken-for-duplicate-at-qos-two": ["v3-3.3.1-3", "v3-4.5.0-1", "v5-3.3.1-3", "v5-4.5.0-1"];
                /// Does not answer QoS 2.
                PubrecMissing = "pubrec-missing": ["v3-3.3.4-1", "v3-4.3.3-2", "v5-3.3.4-1", "v5-4.3.3-8"], also ["v5-4.3.3-9", "v5-3.5.2-2", "v5-2.1.3-1", "v5-3.3.4-10", "v5-3.2.2-9"] "what is said in a PUBREC, or by it, is not said";
                /// Sends PUBREC with another packet identifier.
                PubrecWithWrongId = "pubrec-with-wrong-id": ["v3-2.3.1-6", "v5-2.2.1-5", "v5-4.3.3-8"];
                /// Sends PUBREC with a reason code that it may not have.
                PubrecWithReservedReason = "pubrec-with-reserved-reason": ["v5-3.5.2-1"];
                /// Does not answer PUBREL.
                PubcompMissing = "pubcomp-missing": ["v3-4.3.3-2", "v5-4.3.3-11", "v5-4.3.3-13"], also ["v5-3.7.2-2", "u3-14", "v5-2.1.3-1", "v5-3.3.4-10"] "what is said in a PUBCOMP, or by it, is not said";
                /// Sends PUBCOMP with PUBREC, before PUBREL has come.
                PubcompWithPubrec = "pubcomp-with-pubrec": ["v3-4.3.3-2", "v5-2.2.1-5", "v5-4.3.3-11"];
                /// Sends PUBCOMP with another packet identifier.
                PubcompWithWrongId = "pubcomp-with-wrong-id": ["v3-4.3.3-2", "v5-2.2.1-5", "v5-4.3.3-11"];
                /// Sends PUBCOMP with a reason code that it may not have.
                PubcompWithReservedReason = "pubcomp-with-reserved-reason": ["v5-3.7.2-1"];
                /// Does not answer PUBREL for an unknown identifier.
                UnknownPubrelIgnored = "unknown-pubrel-ignored": ["u3-14", "u5-27", "v5-4.3.3-11"], also ["v5-3.1.2-29"] "what is said in a PUBCOMP is not said";
                /// Delivers a QoS 2 message again when it is sent again before PUBREL.
                RepeatedQos2Delivered = "repeated-qos-2-delivered": ["v3-4.3.3-2", "v5-4.3.3-10"];
                /// Does not answer a QoS 2 message that is sent again.
                RepeatedQos2NotAnswered = "repeated-qos-2-not-answered": ["v3-4.3.3-2", "v5-4.3.3-10"];
                /// Takes a new QoS 2 message for an old one whose identifier it has.
                IdNotFreedByPubrel = "id-not-freed-by-pubrel": ["v3-4.3.3-2", "v5-4.3.3-12"];
                /// Keeps the identifier of a QoS 2 message that nobody subscribed to.
                IdNotFreedWithoutSubscribers = "id-not-freed-without-subscribers": ["v3-4.3.3-2", "v5-4.3.3-12"];
                /// Takes a QoS 2 message for that of another client that has its identifier.
                IdsSharedByClients = "ids-shared-by-clients": ["v3-4.3.3-2", "v5-4.3.3-8"];
                /// Keeps the identifier of a QoS 2 message that it refused.
                RefusedIdStaysInUse = "refused-id-stays-in-use": ["v5-4.3.3-9"], shows with "--deny ACTION=FILTER";
                /// Takes more unfinished messages than its Receive Maximum.
                ReceiveMaximumNotEnforced = "receive-maximum-not-enforced": ["v5-3.3.4-7"];
                /// Sends acknowledgements with a reason code to 3.1.1 clients.
                NewAckInOldVersion = "new-ack-in-old-version": ["u3-04"];
                /// Does not answer a message that it denies.
                DeniedPublishNotAnswered = "denied-publish-not-answered": ["v3-3.3.5-2", "v3-3.3.4-1", "v5-3.3.4-1"], shows with "--deny ACTION=FILTER";
                /// Does not look at its access list.
                AccessListIgnored = "access-list-ignored": ["v3-3.3.5-2"], also ["v5-3.1.2-8"] "a Will is published as well", shows with "--deny ACTION=FILTER";
                /// Takes messages of a QoS that it does not offer.
                PublishAboveMaximumQosAccepted = "publish-above-maximum-qos-accepted": ["v5-3.2.2-11", "u5-11"], shows with "--maximum-qos 1";
                /// Refuses a subscription of a QoS that it does not offer.
                SubscribeAboveMaximumQosRefused = "subscribe-above-maximum-qos-refused": ["v5-3.2.2-10"], shows with "--maximum-qos 1";
                /// Takes messages to be retained although it does not retain.
                RetainAcceptedAlthoughUnavailable = "retain-accepted-although-unavailable": ["v5-3.2.2-14", "u5-11"], shows with "--no-retain";
                /// Takes packets larger than its Maximum Packet Size.
                MaximumPacketSizeNotEnforced = "maximum-packet-size-not-enforced": ["v5-3.2.2-15", "u5-11", "u5-33"], shows with "--maximum-packet-size BYTES";
                /// Refuses a packet that is just as large as its Maximum Packet Size.
                PacketOfMaximumSizeRefused = "packet-of-maximum-size-refused": ["u5-33", "v5-3.2.2-15"], shows with "--maximum-packet-size BYTES";
            }
            $($others)*
        }
    };
}

pub(super) use receive;
