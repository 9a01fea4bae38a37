//! Properties, topic aliases, and packets that the client has no room for.

macro_rules! property {
    ({ $($rows:tt)* } $next:ident $($others:ident)*) => {
        $next! {
            {
                $($rows)*
                /// Drops the payload format indicator.
                PayloadFormatNotForwarded = "payload-format-not-forwarded": ["v5-3.3.2-4"];
                /// Drops a user property that says the same as the one before it.
                RepeatedUserPropertyDropped = "repeated-user-property-dropped": ["v5-3.3.2-17", "v5-3.3.2-18", "v5-3.1.3-10"];
                /// Drops the content type where there is a subscription identifier.
                ContentTypeLostBesideSubscriptionId = "content-type-lost-beside-subscription-id": ["v5-3.3.2-20"];
                /// Drops the content type.
                ContentTypeNotForwarded = "content-type-not-forwarded": ["v5-3.3.2-20"];
                /// Drops the response topic.
                ResponseTopicNotForwarded = "response-topic-not-forwarded": ["v5-3.3.2-15"];
                /// Drops the correlation data.
                CorrelationDataNotForwarded = "correlation-data-not-forwarded": ["v5-3.3.2-16"];
                /// Drops user properties.
                UserPropertiesNotForwarded = "user-properties-not-forwarded": ["v5-3.3.2-17", "v5-3.1.3-10"], also ["v5-3.1.2-24"] "a message without them is not too large";
                /// Does not deliver a message with properties to a 3.1.1 client.
                NewMessagesNotForOldClients = "new-messages-not-for-old-clients": ["u5-36", "v5-4.5.0-1"];
                /// Changes the order of user properties.
                UserPropertiesSorted = "user-properties-sorted": ["v5-3.3.2-18", "v5-3.1.3-10"];
                /// Keeps one of several user properties of the same name.
                RepeatedUserPropertiesMerged = "repeated-user-properties-merged": ["v5-3.3.2-17", "v5-3.1.3-10"];
                /// Passes each user property on twice.
                UserPropertiesDoubled = "user-properties-doubled": ["v5-3.3.2-17", "v5-3.1.3-10"];
                /// Passes on the user properties of the message before as well.
                UserPropertiesOfAnotherMessage = "user-properties-of-another-message": ["v5-3.3.2-17", "u5-36"], also ["v5-3.1.2-24", "v5-3.1.2-25"] "a message with more of them may be too large";
                /// Drops the message expiry interval.
                MessageExpiryNotForwarded = "message-expiry-not-forwarded": ["v5-3.3.2-6"];
                /// Passes on the message expiry interval as it came.
                MessageExpiryNotDecremented = "message-expiry-not-decremented": ["v5-3.3.2-6", "u5-28"];
                /// Takes what a message has waited off its message expiry interval twice.
                MessageExpiryDecrementedTwice = "message-expiry-decremented-twice": ["v5-3.3.2-6", "u5-28"];
                /// Sends a queued message whose expiry interval has passed.
                ExpiredMessageSent = "expired-message-sent": ["v5-3.3.2-5"];
                /// Sends a queued QoS 2 message whose expiry interval has passed.
                ExpiredQos2MessageSent = "expired-qos-2-message-sent": ["v5-3.3.2-5"];
                /// Does not send a message again whose expiry interval has passed meanwhile.
                StartedMessageExpires = "started-message-expires": ["v5-4.3.3-7"];
                /// Keeps topic aliases beyond their connection.
                AliasesOutliveConnection = "aliases-outlive-connection": ["v5-3.3.2-7"];
                /// Takes a topic alias above its maximum.
                AliasMaximumNotEnforced = "alias-maximum-not-enforced": ["v5-3.3.2-9", "v5-3.2.2-17", "v5-3.2.2-18"];
                /// Refuses the highest topic alias that it announced.
                HighestAliasRefused = "highest-alias-refused": ["v5-3.3.2-12"];
                /// Keeps the first topic of a topic alias that is set again.
                AliasKeepsFirstTopic = "alias-keeps-first-topic": ["v5-3.3.2-12"];
                /// Takes a topic alias that was never set.
                UnknownAliasIgnored = "unknown-alias-ignored": ["u5-07"];
                /// Uses a topic alias towards a client that takes none.
                AliasWithoutPermission = "alias-without-permission": ["v5-3.1.2-27", "v5-3.1.2-26", "v5-3.3.2-11"];
                /// Uses a topic alias above the maximum of the client.
                AliasAboveMaximum = "alias-above-maximum": ["v5-3.3.2-11", "v5-3.1.2-26"];
                /// Passes on the topic alias of the publisher.
                PublishersAliasForwarded = "publishers-alias-forwarded": ["v5-3.1.2-27", "v5-3.3.2-11"];
                /// Uses a topic alias that it said in a packet which was too large to send.
                UnsentAliasUsed = "unsent-alias-used": ["u5-07"];
                /// Keeps the topic aliases that it gave out beyond their connection.
                OwnAliasesOutliveConnection = "own-aliases-outlive-connection": ["u5-07"];
                /// Sends reason strings to a client that does not want them.
                ReasonStringUnwanted = "reason-string-unwanted": ["v5-3.1.2-29"];
                /// Sends a reason string in CONNACK that the client has no room for.
                ConnackReasonStringTooLarge = "connack-reason-string-too-large": ["v5-3.2.2-19", "v5-3.1.2-24"];
                /// Sends a reason string in PUBACK that the client has no room for.
                PubackReasonStringTooLarge = "puback-reason-string-too-large": ["v5-3.4.2-2", "v5-3.1.2-24"];
                /// Sends a reason string in PUBREC that the client has no room for.
                PubrecReasonStringTooLarge = "pubrec-reason-string-too-large": ["v5-3.5.2-2", "v5-3.1.2-24"];
                /// Sends a reason string in PUBREL that the client has no room for.
                PubrelReasonStringTooLarge = "pubrel-reason-string-too-large": ["v5-3.6.2-2", "v5-3.1.2-24"];
                /// Sends a reason string in PUBCOMP that the client has no room for.
                PubcompReasonStringTooLarge = "pubcomp-reason-string-too-large": ["v5-3.7.2-2", "v5-3.1.2-24"];
                /// Sends a reason string in SUBACK that the client has no room for.
                SubackReasonStringTooLarge = "suback-reason-string-too-large": ["v5-3.9.2-1", "v5-3.1.2-24"];
                /// Sends a reason string in UNSUBACK that the client has no room for.
                UnsubackReasonStringTooLarge = "unsuback-reason-string-too-large": ["v5-3.11.2-1", "v5-3.1.2-24"];
                /// Sends a reason string in DISCONNECT that the client has no room for.
                DisconnectReasonStringTooLarge = "disconnect-reason-string-too-large": ["v5-3.14.2-3", "v5-3.1.2-24"];
                /// Sends a reason string in AUTH that the client has no room for.
                AuthReasonStringTooLarge = "auth-reason-string-too-large": ["v5-3.15.2-2", "v5-3.1.2-24"];
                /// Sends a user property in CONNACK that the client has no room for.
                ConnackUserPropertyTooLarge = "connack-user-property-too-large": ["v5-3.2.2-20", "v5-3.1.2-24"];
                /// Sends a user property in PUBACK that the client has no room for.
                PubackUserPropertyTooLarge = "puback-user-property-too-large": ["v5-3.4.2-3", "v5-3.1.2-24", "v5-3.1.2-29"];
                /// Sends a user property in PUBREC that the client has no room for.
                PubrecUserPropertyTooLarge = "pubrec-user-property-too-large": ["v5-3.5.2-3", "v5-3.1.2-24", "v5-3.1.2-29"];
                /// Sends a user property in PUBREL that the client has no room for.
                PubrelUserPropertyTooLarge = "pubrel-user-property-too-large": ["v5-3.6.2-3", "v5-3.1.2-24", "v5-3.1.2-29"];
                /// Sends a user property in PUBCOMP that the client has no room for.
                PubcompUserPropertyTooLarge = "pubcomp-user-property-too-large": ["v5-3.7.2-3", "v5-3.1.2-24", "v5-3.1.2-29"];
                /// Sends a user property in SUBACK that the client has no room for.
                SubackUserPropertyTooLarge = "suback-user-property-too-large": ["v5-3.9.2-2", "v5-3.1.2-24", "v5-3.1.2-29"];
                /// Sends a user property in UNSUBACK that the client has no room for.
                UnsubackUserPropertyTooLarge = "unsuback-user-property-too-large": ["v5-3.11.2-2", "v5-3.1.2-24", "v5-3.1.2-29"];
                /// Sends a user property in DISCONNECT that the client has no room for.
                DisconnectUserPropertyTooLarge = "disconnect-user-property-too-large": ["v5-3.14.2-4", "v5-3.1.2-24"];
                /// Sends a user property in AUTH that the client has no room for.
                AuthUserPropertyTooLarge = "auth-user-property-too-large": ["v5-3.15.2-3", "v5-3.1.2-24", "v5-3.1.2-29"];
            }
            $($others)*
        }
    };
}

pub(super) use property;
