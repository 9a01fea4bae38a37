//! Sessions, and what outlives a restart.

macro_rules! session {
    ({ $($rows:tt)* } $next:ident $($others:ident)*) => {
        $next! {
            {
                $($rows)*
                /// Goes on with the old session when the client wants a new one.
                CleanStartKeepsSession = "clean-start-keeps-session": ["v3-3.1.2-6", "v3-3.1.4-3", "v5-3.1.2-4", "v5-3.1.4-4"], also ["u5-24", "v5-3.3.1-3", "v5-4.5.0-1"] "what the old session held is sent, its Will is not, and a message with an identifier of its own is a repeat";
                /// Goes on with the old session when the client wants a new one that outlives its connection.
                LastingCleanStartKeepsSession = "lasting-clean-start-keeps-session": ["v5-3.1.2-4", "v5-3.1.4-4"];
                /// Begins a new session whenever a client comes back.
                SessionNotKept = "session-not-kept": ["v3-3.1.2-4", "v3-3.2.2-2", "v5-3.1.2-5", "v5-3.1.2-23", "v5-3.2.2-3"];
                /// Refuses a client that wants to resume a session that is not there.
                NewSessionRefusedWithoutCleanStart = "new-session-refused-without-clean-start": ["v3-3.1.2-4", "v3-3.2.2-3", "v5-3.1.2-6", "v5-3.2.2-3"];
                /// Keeps a session that ends with its connection.
                SessionSurvivesExpiryZero = "session-survives-expiry-zero": ["v3-3.1.2-6", "v5-4.1.0-2", "u5-23"], also ["u5-10"] "a DISCONNECT may say zero too";
                /// Keeps a session whose expiry interval has passed.
                SessionNeverExpires = "session-never-expires": ["v5-4.1.0-2", "u5-23"], also ["u5-10", "u5-24"] "whatever a DISCONNECT says, and a Will that waits for the end of the session waits for ever";
                /// Keeps a session whose expiry interval has passed while a message is not acknowledged.
                UnfinishedSessionNeverExpires = "unfinished-session-never-expires": ["v5-4.1.0-2"];
                /// Ends a session when half of its expiry interval has passed.
                SessionEndsInHalfItsTime = "session-ends-in-half-its-time": ["v5-3.1.2-23", "v5-3.2.2-3"];
                /// Takes a session that never expires for one that ends with its connection.
                EndlessSessionEndsAtClose = "endless-session-ends-at-close": ["v3-3.1.2-4", "u5-23", "v5-3.1.2-23", "v5-3.2.2-3"];
                /// Keeps the session expiry interval in two bytes.
                SessionExpiryOfTwoBytes = "session-expiry-of-two-bytes": ["v5-3.1.2-23"];
                /// Ends the session with a connection that it closes for an error.
                SessionEndsWithError = "session-ends-with-error": ["v3-3.1.2-4", "v3-4.1.0-1", "v5-3.1.2-5", "v5-3.1.2-23"];
                /// Forgets Retain As Published when the client comes back.
                RetainAsPublishedLostOnResume = "retain-as-published-lost-on-resume": ["v5-3.1.2-5", "v5-3.1.2-23", "v5-3.3.1-13"];
                /// Discards a session while its client is connected.
                SessionEndsWhileConnected = "session-ends-while-connected": ["v3-4.1.0-1", "v3-4.1.0-2", "v5-4.1.0-1"], also ["v5-3.1.2-8", "u5-24", "v5-4.5.0-1", "v5-4.3.3-11"] "the Will, the queue and the handshakes end with the session";
                /// Counts the expiry interval of a session that was resumed from then on.
                ResumedSessionEndsWhileConnected = "resumed-session-ends-while-connected": ["v5-4.1.0-1", "v5-3.1.2-23"];
                /// Discards the next session of a client that said goodbye when the delay of its Will has passed.
                DelayOfWillEndsNextSession = "delay-of-will-ends-next-session": ["v5-4.1.0-1", "v5-4.5.0-1"];
                /// Keeps the subscriptions of a session that it discards.
                SubscriptionsOutliveSession = "subscriptions-outlive-session": ["v3-3.1.2-6", "v5-3.1.2-4", "v5-4.1.0-2"];
                /// Forgets the subscriptions of a session when the client comes back.
                SubscriptionsLostOnResume = "subscriptions-lost-on-resume": ["v3-3.1.2-4", "v3-4.1.0-1", "v5-3.1.2-5"], also ["v5-3.3.1-10"] "a subscription that is lost is new when it is made again";
                /// Forgets the subscriptions with a wildcard when the client comes back.
                WildcardSubscriptionsLostOnResume = "wildcard-subscriptions-lost-on-resume": ["v3-3.1.2-4", "v3-4.1.0-1", "v5-3.1.2-5", "v5-3.1.2-23"];
                /// Lowers subscriptions to QoS 1 when the client comes back.
                SubscriptionsLoweredOnResume = "subscriptions-lowered-on-resume": ["v3-3.1.2-4", "v3-4.1.0-1", "v5-3.1.2-5", "v5-3.1.2-23"];
                /// Goes back to the options that a subscription first had when the client comes back.
                FirstOptionsBackOnResume = "first-options-back-on-resume": ["v3-3.8.4-3", "v3-4.1.0-1", "v5-3.8.4-3", "v5-3.1.2-23"];
                /// Makes subscriptions again that were given up when the client comes back.
                GivenUpBackOnResume = "given-up-back-on-resume": ["v3-3.10.4-2", "v5-3.10.4-2"];
                /// Forgets the subscriptions with QoS 0 when the client comes back.
                QosZeroSubscriptionsLostOnResume = "qos-zero-subscriptions-lost-on-resume": ["v3-3.1.2-4", "v3-4.1.0-1", "v5-3.1.2-5", "v5-3.1.2-23"];
                /// Forgets the subscriptions that were made in a resumed session when the client comes back once more.
                LaterSubscriptionsNotKept = "later-subscriptions-not-kept": ["v3-4.1.0-1", "v5-3.1.2-23"];
                /// Forgets queued messages when the client comes back.
                QueuedMessagesLost = "queued-messages-lost": ["v3-3.1.2-5", "v3-4.1.0-1", "v3-4.5.0-1", "v5-3.1.2-5", "v5-4.5.0-1"], also ["v5-4.6.0-5", "v5-3.1.2-8", "u5-30"] "what should have waited is not there";
                /// Forgets queued messages when another connection takes over.
                QueueLostAtTakeover = "queue-lost-at-takeover": ["v5-3.1.2-5", "v5-4.5.0-1"];
                /// Keeps one subscription identifier of several with a message that waits for an absent client.
                QueuedKeepsOneSubscriptionId = "queued-keeps-one-subscription-id": ["v5-3.3.4-3", "v5-3.3.4-4", "u5-29"];
                /// Lets a message wait for an absent client at the lowest QoS of overlapping subscriptions.
                OverlapAtLowestQosWhileAway = "overlap-at-lowest-qos-while-away": ["v3-3.3.5-1", "v5-3.3.4-2"];
                /// Queues nothing for a client that is away.
                NothingQueuedForAbsentClient = "nothing-queued-for-absent-client": ["v3-3.1.2-5", "v3-4.5.0-1", "v5-4.5.0-1", "v5-4.3.2-4"], also ["v3-4.1.0-1", "v5-4.6.0-5", "v5-3.1.2-8"] "what should have waited is not there";
                /// Queues no empty message for a client that is away.
                EmptyMessageNotQueued = "empty-message-not-queued": ["v3-3.1.2-5", "v3-4.5.0-1", "v5-3.1.2-23", "v5-4.5.0-1"];
                /// Queues no message for a client that is away and was granted less than its QoS.
                MessageOfHigherQosNotQueued = "message-of-higher-qos-not-queued": ["v3-3.1.2-5", "v3-4.5.0-1", "v5-3.1.2-23", "v5-4.5.0-1"];
                /// Forgets unfinished messages when the client comes back.
                InflightLostOnResume = "inflight-lost-on-resume": ["v3-4.4.0-1", "v3-4.1.0-1", "v5-4.4.0-1", "v5-3.1.2-5", "v5-4.3.3-3", "v5-4.8.2-4"], also ["v3-4.6.0-4", "v5-4.6.0-5", "v5-4.3.3-7", "u5-30", "v5-3.10.4-3"] "what should be sent again is not there";
                /// Sends unfinished messages again once, and no more at later reconnects.
                SentAgainOnce = "sent-again-once": ["v3-4.4.0-1", "v5-4.4.0-1"];
                /// Sends one PUBREL again where several were not answered.
                OnlyFirstPubrelResent = "only-first-pubrel-resent": ["v3-4.4.0-1", "v5-4.4.0-1"], also ["v3-4.6.0-4"] "the second one has no order";
                /// Does not send PUBREL again when another connection takes over.
                PubrelsLostAtTakeover = "pubrels-lost-at-takeover": ["v3-4.4.0-1", "v5-4.4.0-1"];
                /// Does not send PUBREL again for a message whose expiry interval has passed.
                ReleasedMessageExpires = "released-message-expires": ["v5-4.3.3-5", "v5-4.3.3-7"];
                /// Gives the packet identifiers of messages whose PUBREC came to new ones when the client comes back.
                ReleasedIdsGivenOutAgain = "released-ids-given-out-again": ["v3-2.3.1-4", "v3-4.3.3-1", "v5-2.2.1-4", "v5-4.3.3-1"];
                /// Does not send retained messages again that were not acknowledged.
                UnansweredRetainedForgotten = "unanswered-retained-forgotten": ["v3-4.4.0-1", "v5-4.4.0-1"], also ["v5-3.3.4-9", "v5-4.9.0-2", "v5-4.3.3-4"] "nothing is remembered of a retained message that was sent";
                /// Sends messages again without RETAIN.
                SentAgainWithoutRetain = "sent-again-without-retain": ["v3-3.3.1-8", "u5-20"];
                /// Sends QoS 0 messages again when the client comes back.
                QosZeroSentAgain = "qos-zero-sent-again": ["v3-4.3.1-1", "v5-4.4.0-1"];
                /// Forgets which QoS 2 messages a client had started.
                IncomingQos2Forgotten = "incoming-qos-2-forgotten": ["v3-4.3.3-2", "v3-4.1.0-1", "v5-4.3.3-10", "v5-3.1.2-5"];
                /// Forgets which QoS 2 messages a client had started when another connection takes over.
                IncomingQos2ForgottenAtTakeover = "incoming-qos-2-forgotten-at-takeover": ["v3-4.3.3-2", "v3-4.1.0-1", "v5-4.3.3-10", "v5-4.1.0-1"];
                /// Takes PUBREL after a reconnect for that of an unknown message.
                PubrelUnknownOnResume = "pubrel-unknown-on-resume": ["v5-3.1.2-23", "v5-4.3.3-10"];
                /// Takes no notice of a session expiry interval in DISCONNECT.
                ExpiryOfDisconnectIgnored = "expiry-of-disconnect-ignored": ["u5-10", "u5-23"];
                /// Lets DISCONNECT keep a session that was to end with the connection.
                ExpiryRaisedAtDisconnect = "expiry-raised-at-disconnect": ["u5-10"];
                /// Keeps the old connection when a client connects again.
                OldConnectionKept = "old-connection-kept": ["v3-3.1.4-2", "v5-3.1.4-3"], also ["v5-3.1.2-8", "u5-24", "u5-25", "v5-4.4.0-1"] "the old connection does not end, with its Will and its messages under way";
                /// Lets a client that it refuses take the place of another one.
                RefusedClientTakesPlace = "refused-client-takes-place": ["u3-16", "u5-39"], shows with "--user NAME:PASSWORD";
                /// Goes down when a remaining length has five bytes.
                LongRemainingLengthTakesItDown = "long-remaining-length-takes-it-down": ["u3-01", "u5-34"];
                /// Loses sessions when it restarts.
                SessionsLostOnRestart = "sessions-lost-on-restart": ["v3-4.1.0-1", "v3-3.1.2-4", "v5-3.1.2-23"], shows with "a restart";
                /// Forgets Retain As Published when it restarts.
                RetainAsPublishedLostOnRestart = "retain-as-published-lost-on-restart": ["v5-3.1.2-23", "v5-3.3.1-13"], shows with "a restart";
                /// Forgets the QoS of subscriptions when it restarts.
                SubscriptionQosLostOnRestart = "subscription-qos-lost-on-restart": ["v3-4.1.0-1", "v5-3.1.2-23"], shows with "a restart";
                /// Loses unfinished messages when it restarts.
                InflightLostOnRestart = "inflight-lost-on-restart": ["v3-4.4.0-1", "v3-4.1.0-1", "v5-4.4.0-1", "v5-3.1.2-23"], shows with "a restart";
                /// Forgets which QoS 2 messages a client had started when it restarts.
                IncomingQos2LostOnRestart = "incoming-qos-2-lost-on-restart": ["v3-4.3.3-2", "v3-4.1.0-1", "v5-4.3.3-10", "v5-3.1.2-23"], shows with "a restart";
                /// Loses retained messages when it restarts.
                RetainedLostOnRestart = "retained-lost-on-restart": ["u3-13"], shows with "a restart";
            }
            $($others)*
        }
    };
}

pub(super) use session;
