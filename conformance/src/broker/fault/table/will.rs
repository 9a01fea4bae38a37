//! Will Messages.

macro_rules! will {
    ({ $($rows:tt)* } $next:ident $($others:ident)*) => {
        $next! {
            {
                $($rows)*
                /// Never publishes a Will.
                WillNeverPublished = "will-never-published": ["v3-3.1.2-8", "v5-3.1.2-8", "v5-3.1.2-7"], also ["v3-3.1.3-1"] "the Will shows what was read from the CONNECT";
                /// Refuses a Will with an empty payload.
                EmptyWillRefused = "empty-will-refused": ["v3-3.1.4-4", "v5-3.1.4-5"];
                /// Publishes a Will twice.
                WillSentTwice = "will-sent-twice": ["v3-3.1.2-10", "v5-3.1.2-10", "v3-3.1.2-8", "v5-3.1.2-8"];
                /// Publishes a delayed Will once more when its session ends.
                DelayedWillSentAgain = "delayed-will-sent-again": ["v5-3.1.2-10"];
                /// Publishes no Will to shared subscriptions.
                WillNotForSharedSubscriptions = "will-not-for-shared-subscriptions": ["u5-22", "v5-3.1.2-8"];
                /// Publishes Wills without subscription identifiers.
                WillWithoutSubscriptionId = "will-without-subscription-id": ["u5-29", "v5-3.3.4-3"];
                /// Publishes the Will of a client that said goodbye.
                WillSentAfterDisconnect = "will-sent-after-disconnect": ["v3-3.1.2-10", "v3-3.14.4-3", "v5-3.1.2-10", "v5-3.14.4-3"];
                /// Publishes the Will of a client that said goodbye, if it is to be retained.
                RetainedWillSentAfterDisconnect = "retained-will-sent-after-disconnect": ["v3-3.1.2-10", "v3-3.14.4-3", "v5-3.1.2-10", "v5-3.14.4-3"];
                /// Overlooks a goodbye behind which the client closes its half of the connection.
                GoodbyeLostWithConnection = "goodbye-lost-with-connection": ["v3-3.1.2-10", "v3-3.14.4-3", "v5-3.1.2-10", "v5-3.14.4-3"];
                /// Takes DISCONNECT 0x04 for 0x00.
                DisconnectWithWillForgetsWill = "disconnect-with-will-forgets-will": ["u5-26", "v5-3.1.2-8"];
                /// Takes DISCONNECT 0x04 for 0x00 where the Will has a delay.
                DisconnectWithWillForgetsDelayedWill = "disconnect-with-will-forgets-delayed-will": ["u5-26", "u5-24"];
                /// Keeps the delay of a Will in two bytes.
                WillDelayOfTwoBytes = "will-delay-of-two-bytes": ["u5-24"];
                /// Publishes a Will that had a delay at QoS 0.
                DelayedWillAtQosZero = "delayed-will-at-qos-zero": ["v5-3.8.4-8"];
                /// Does not retain a Will that had a delay.
                DelayedWillNotRetained = "delayed-will-not-retained": ["v5-3.1.2-15"];
                /// Publishes a Will that had a delay without its properties.
                DelayedWillWithoutProperties = "delayed-will-without-properties": ["v5-3.1.3-10"];
                /// Publishes a Will that had a delay with a lifetime of a second.
                DelayedWillExpires = "delayed-will-expires": ["v5-3.3.2-6"];
                /// Sends a Will that is retained without RETAIN, also to those who want it as published.
                RetainedWillSentWithoutFlag = "retained-will-sent-without-flag": ["v5-3.3.1-13"];
                /// Takes the Will Payload for the Will Topic, and the other way round.
                WillFieldsSwapped = "will-fields-swapped": ["v3-3.1.3-1", "v5-3.1.3-1", "v3-3.1.2-8", "v5-3.1.2-8"];
                /// Publishes the Will of an earlier connection of the client.
                EarlierWillKept = "earlier-will-kept": ["v3-3.1.2-12", "v3-3.1.2-10", "v5-3.1.2-10"], also ["v5-3.1.2-8", "v5-3.1.3-9"] "one with a delay too, whose client is back";
                /// Drops the Will of a client that it closes because of an error.
                WillLostAtProtocolError = "will-lost-at-protocol-error": ["u3-11", "v3-3.1.2-8", "v5-3.1.2-8"];
                /// Drops the Will of a client that sends a second CONNECT.
                WillLostAtSecondConnect = "will-lost-at-second-connect": ["u3-11", "v5-3.1.2-8"];
                /// Drops the Will of a client that fell silent.
                WillLostAtKeepAlive = "will-lost-at-keep-alive": ["v3-3.1.2-8", "v3-3.1.2-24", "v5-3.1.2-8", "v5-3.1.2-22"];
                /// Drops the Will of a connection that another one replaces.
                WillLostAtTakeover = "will-lost-at-takeover": ["v3-3.1.2-8", "u5-24", "u5-25", "v5-3.1.2-8"];
                /// Drops the Will of a connection whose session another one goes on with.
                WillLostAtResumingTakeover = "will-lost-at-resuming-takeover": ["v3-3.1.2-8", "u5-24", "u5-25"];
                /// Drops a delayed Will of a connection that another one replaces, although its session ends.
                DelayedWillLostAtTakeover = "delayed-will-lost-at-takeover": ["u5-24"];
                /// Publishes the Will of a connection that was replaced once more when its successor ends.
                WillSentAgainBySuccessor = "will-sent-again-by-successor": ["v3-3.1.2-10", "v5-3.1.2-10"];
                /// Publishes no Will of a client that took one back.
                NextWillLost = "next-will-lost": ["v5-3.1.2-8"];
                /// Drops a delayed Will when its session ends.
                WillLostAtSessionEnd = "will-lost-at-session-end": ["u5-24", "v5-3.1.2-8"];
                /// Publishes a Will at once although it has a delay.
                WillDelayIgnored = "will-delay-ignored": ["u5-24", "v5-3.1.2-8", "v5-3.1.3-9"];
                /// Publishes a delayed Will although the client is back.
                WillSentAlthoughClientIsBack = "will-sent-although-client-is-back": ["v5-3.1.3-9", "v5-3.1.2-8"];
                /// Publishes every Will at QoS 0.
                WillSentAtQosZero = "will-sent-at-qos-zero": ["v3-3.1.2-8", "v3-3.8.4-6", "v5-3.1.2-8", "v5-3.8.4-8"];
                /// Does not retain a Will.
                WillRetainIgnored = "will-retain-ignored": ["v3-3.1.2-17", "v5-3.1.2-15"], also ["v5-3.3.1-13"] "what is not to be retained has no flag to keep";
                /// Retains every Will.
                WillAlwaysRetained = "will-always-retained": ["v3-3.1.2-16", "v5-3.1.2-14"];
                /// Publishes a Will without its payload.
                WillPayloadLost = "will-payload-lost": ["v3-3.1.2-8", "v5-3.1.2-8"], also ["v3-3.1.3-1", "u3-11", "v5-3.1.2-23"] "the Will that should come is another one";
                /// Publishes a Will without its properties.
                WillPropertiesLost = "will-properties-lost": ["v5-3.1.3-10", "v5-3.3.2-17", "v5-3.3.2-15", "v5-3.3.2-16", "v5-3.3.2-20", "v5-3.3.2-4"];
                /// Retains a Will without its properties.
                RetainedWillLosesProperties = "retained-will-loses-properties": ["v5-3.3.2-20", "v5-3.3.2-15", "v5-3.3.2-16", "v5-3.3.2-17", "v5-3.1.3-10"];
            }
            $($others)*
        }
    };
}

pub(super) use will;
