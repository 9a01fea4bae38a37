//! Messages to clients, and their acknowledgements.

macro_rules! deliver {
    ({ $($rows:tt)* } $next:ident $($others:ident)*) => {
        $next! {
            {
                $($rows)*
                /// Passes on the DUP flag of the publisher.
                DupForwarded = "dup-forwarded": ["v3-3.3.1-3", "v5-3.3.1-3"];
                /// Sends again without DUP.
                DupNotSetOnResend = "dup-not-set-on-resend": ["v3-3.3.1-1", "v5-3.3.1-1"];
                /// Sends nobody its own QoS 2 messages.
                OwnQos2MessageNotSent = "own-qos-2-message-not-sent": ["v3-4.5.0-1", "v5-4.5.0-1"];
                /// Sends retained messages again without DUP.
                DupNotSetOnResendOfRetained = "dup-not-set-on-resend-of-retained": ["v3-3.3.1-1", "v5-3.3.1-1"];
                /// Sets DUP on a first delivery.
                DupAlwaysSet = "dup-always-set": ["v3-4.3.2-1", "v3-4.3.3-1", "v3-3.3.1-3", "v5-4.3.2-2", "v5-4.3.3-2", "v5-3.3.1-3"];
                /// Sets DUP on retained messages.
                DupSetOnRetained = "dup-set-on-retained": ["v3-3.3.1-3", "v5-3.3.1-3"];
                /// Sets DUP on what waited for an absent client and was never sent.
                DupSetOnQueued = "dup-set-on-queued": ["v3-3.3.1-3", "v5-3.3.1-3"];
                /// Sends what waited for an absent client with QoS 1 at most.
                QueuedAtQosOne = "queued-at-qos-one": ["v3-3.8.4-6", "v5-3.8.4-8"], also ["u5-36"] "what crosses versions waits as well";
                /// Sets DUP on QoS 0.
                DupSetOnQosZero = "dup-set-on-qos-zero": ["v3-3.3.1-2", "v3-4.3.1-1", "v5-3.3.1-2", "v5-4.3.1-1"];
                /// Writes a packet identifier into QoS 0.
                PacketIdInQosZero = "packet-id-in-qos-zero": ["v3-2.3.1-5", "v5-2.2.1-2"], also everything "no message of QoS 0 has the payload that it was sent with";
                /// Sends QoS 1 and 2 with packet identifier 0.
                PacketIdZeroInPublish = "packet-id-zero-in-publish": ["v3-2.3.1-1", "v3-2.3.1-4", "v5-2.2.1-4"];
                /// Uses one packet identifier for every message.
                PacketIdAlwaysOne = "packet-id-always-one": ["v3-2.3.1-4", "v3-4.3.2-1", "v3-4.3.3-1", "v5-2.2.1-4", "v5-4.3.2-1", "v5-4.3.3-1"], also ["v5-4.4.0-1", "v3-4.6.0-4"] "the second message takes the place of the first";
                /// Gives out the packet identifiers 1 to 255 in turn, whether or not they are in use.
                PacketIdsOfOneByte = "packet-ids-of-one-byte": ["v3-2.3.1-4", "v5-2.2.1-4"];
                /// Counts packet identifiers from 0 on once it has used all up to 65,534.
                PacketIdZeroInTurn = "packet-id-zero-in-turn": ["v3-2.3.1-1", "v5-2.2.1-4"];
                /// Gives out packet identifiers in turn, whether or not they are in use when they come again.
                PacketIdsInTurn = "packet-ids-in-turn": ["v3-2.3.1-4", "v5-2.2.1-4"];
                /// Takes any PUBACK for that of the oldest message.
                PubackFinishesOldest = "puback-finishes-oldest": ["v3-4.3.2-1", "v3-4.4.0-1", "v5-4.3.2-3", "v5-4.4.0-1"];
                /// Sends again with other packet identifiers.
                IdsChangeOnResume = "ids-change-on-resume": ["v3-4.4.0-1", "v3-2.3.1-4", "v5-4.4.0-1"];
                /// Sends unanswered messages again while the connection lasts.
                ResendsWithoutReconnect = "resends-without-reconnect": ["v5-4.4.0-1"], also ["v5-3.3.4-2", "v5-4.3.3-10", "v5-3.3.1-3", "v5-4.3.3-6", "v5-3.3.4-9", "v5-4.5.0-1", "u5-22", "v5-3.1.2-25", "v5-3.10.4-2"] "the message comes again where none or another one is due";
                /// Sends again in another order.
                InflightReorderedOnResume = "inflight-reordered-on-resume": ["v3-4.6.0-1", "v3-4.6.0-6", "v5-4.6.0-5"];
                /// Sends the latest of the queued messages first.
                QueueIsAStack = "queue-is-a-stack": ["v3-4.6.0-6", "v3-4.6.0-5", "v5-4.6.0-5", "v5-4.6.0-6"], also ["v5-4.5.0-1", "v5-3.8.4-4"] "another message comes than the one that is due";
                /// Sends QoS 1 again although PUBACK came.
                PubackIgnored = "puback-ignored": ["v3-4.3.2-1", "v5-4.3.2-3", "v5-4.9.0-1"], also ["v5-4.5.0-1", "v5-4.4.0-1", "v5-4.4.0-2", "u5-30", "u3-12", "v5-3.1.2-5", "v5-3.8.4-4", "v3-3.1.2-5", "v3-4.1.0-1"] "the message is sent again, and its place is never free";
                /// Sends QoS 1 again although PUBACK with an error came.
                PubackErrorKeepsMessage = "puback-error-keeps-message": ["v5-4.4.0-2", "v5-4.8.2-6"], also ["v5-4.5.0-1"] "the place of the message is never free";
                /// Does not answer PUBREC.
                PubrelMissing = "pubrel-missing": ["v3-4.3.3-1", "v5-4.3.3-4"], also ["v5-3.6.2-2", "v5-2.1.3-1", "v3-4.6.0-4", "v5-3.10.4-3"] "what is said in a PUBREL, or by it, is not said";
                /// Sends PUBREL with another packet identifier.
                PubrelWithWrongId = "pubrel-with-wrong-id": ["v3-2.3.1-6", "v3-4.3.3-1", "v5-2.2.1-5", "v5-4.3.3-4"];
                /// Sends PUBREL with flags 0000.
                PubrelWithoutFlags = "pubrel-without-flags": ["v3-2.2.2-1", "v3-3.6.1-1", "v5-2.1.3-1", "v5-3.6.1-1"];
                /// Sends PUBREL with a reason code that it may not have.
                PubrelWithReservedReason = "pubrel-with-reserved-reason": ["v5-3.6.2-1"];
                /// Sends PUBREL although PUBREC reported an error.
                PubrelAfterPubrecError = "pubrel-after-pubrec-error": ["v5-4.3.3-4"];
                /// Does not send PUBREL again when the client comes back.
                PubrelNotResent = "pubrel-not-resent": ["v3-4.4.0-1", "v3-4.3.3-1", "v5-4.4.0-1", "v5-4.3.3-5"], also ["v3-3.10.4-3", "v5-3.10.4-3", "v3-4.6.0-4", "v5-4.8.2-4"] "no PUBREL goes on with the handshake";
                /// Sends PUBREL again in another order than PUBREC came.
                PubrelOrderReversed = "pubrel-order-reversed": ["v3-4.6.0-4", "v3-4.6.0-6"];
                /// Sends a QoS 2 message again although PUBREC came.
                PublishResentAfterPubrec = "publish-resent-after-pubrec": ["v3-4.3.3-1", "v5-4.3.3-6"], also ["v3-3.10.4-3", "v5-3.10.4-3", "v5-3.10.4-4", "v5-4.3.3-12", "v5-2.1.3-1", "v3-4.6.0-4", "v5-4.4.0-1", "v5-4.5.0-1", "v5-4.8.2-4"] "the message takes the place of its PUBREL, and the PUBCOMP is an error then";
                /// Sends a QoS 2 message again although PUBREC with an error came.
                PubrecErrorKeepsMessage = "pubrec-error-keeps-message": ["v5-4.4.0-2", "v5-4.8.2-6"], also ["v5-4.5.0-1"] "the place of the message is never free";
                /// Sends PUBREL again although PUBCOMP came.
                PubcompIgnored = "pubcomp-ignored": ["v3-4.3.3-1", "v5-4.3.3-5"], also ["v5-4.5.0-1"] "the place of the message is never free";
                /// Waits on for PUBCOMP when one with an error came.
                PubcompErrorIgnored = "pubcomp-error-ignored": ["v5-4.3.3-5", "v5-4.5.0-1"];
                /// Does not answer PUBREC for an unknown identifier.
                UnknownPubrecIgnored = "unknown-pubrec-ignored": ["u5-27"];
                /// Sends more unfinished messages than the client takes.
                ReceiveMaximumIgnored = "receive-maximum-ignored": ["v5-3.3.4-9", "v5-4.9.0-2", "v5-4.9.0-1"], also ["v5-3.3.2-5"] "a message is sent before it could expire";
                /// Sends all that is unfinished again at once, however few messages the client takes.
                ReceiveMaximumIgnoredOnResume = "receive-maximum-ignored-on-resume": ["v5-3.3.4-9", "v5-4.9.0-2", "u5-30"];
                /// Sends retained messages however few messages the client takes.
                ReceiveMaximumIgnoredForRetained = "receive-maximum-ignored-for-retained": ["v5-3.3.4-9", "v5-4.9.0-2"];
                /// Sends one more unfinished message than the client takes.
                ReceiveMaximumOffByOne = "receive-maximum-off-by-one": ["v5-3.3.4-9", "v5-4.9.0-2", "v5-4.9.0-1"], also ["v5-3.3.2-5"] "a message is sent before it could expire";
                /// Counts what is unfinished from an earlier connection against the new one.
                QuotaKeptOverReconnect = "quota-kept-over-reconnect": ["u5-30"];
                /// Counts a QoS 2 message as finished once PUBREC came.
                SlotFreedByPubrec = "slot-freed-by-pubrec": ["v5-4.9.0-2", "v5-3.3.4-9"];
                /// Sends one more message for every acknowledgement, whatever it acknowledges.
                SlotFreedByStrayAcknowledgement = "slot-freed-by-stray-acknowledgement": ["v5-3.3.4-9", "v5-4.9.0-2"];
                /// Sends nothing behind a message that expired while it waited.
                ExpiredMessageHoldsUpOthers = "expired-message-holds-up-others": ["v5-4.5.0-1"];
                /// Sends messages larger than the client takes.
                MaximumPacketSizeIgnored = "maximum-packet-size-ignored": ["v5-3.1.2-24"];
                /// Sends messages again that are larger than the client takes by now.
                MaximumPacketSizeIgnoredOnResume = "maximum-packet-size-ignored-on-resume": ["v5-3.1.2-24"];
                /// Does not send a packet that is just as large as the client takes.
                PacketOfMaximumSizeNotSent = "packet-of-maximum-size-not-sent": ["u5-33"];
                /// Waits for the acknowledgement of a message that was too large to send.
                TooLargeMessageTakesSlot = "too-large-message-takes-slot": ["v5-3.1.2-25"];
                /// Delivers every message twice.
                OneCopyTooMany = "one-copy-too-many": ["v3-3.3.5-1", "v3-4.3.3-2", "v5-3.3.4-2", "v5-4.3.3-10", "v3-3.8.4-3", "v5-3.8.4-3"], also everything "every message comes once more, wherever none or another one is due";
                /// Delivers at the QoS of the message, whatever was granted.
                QosOfSubscriptionIgnored = "qos-of-subscription-ignored": ["v3-3.8.4-6", "v3-4.3.1-1", "v5-3.8.4-8", "v5-4.3.1-1", "v5-4.8.2-3"];
                /// Delivers at the granted QoS, even if that is higher than the message's.
                QosRaisedToGranted = "qos-raised-to-granted": ["v3-3.8.4-6", "v5-3.8.4-8"], also ["u3-10"] "a message above QoS 0 waits for a client that is away";
            }
            $($others)*
        }
    };
}

pub(super) use deliver;
