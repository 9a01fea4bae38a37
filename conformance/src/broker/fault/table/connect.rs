//! Transports, CONNECT and CONNACK.

macro_rules! connect {
    ({ $($rows:tt)* } $next:ident $($others:ident)*) => {
        $next! {
            {
                $($rows)*
                /// Loses all but the first bytes of what comes in one segment.
                LongSegmentsCut = "long-segments-cut": ["v3-7.1.1-1", "v5-4.2.0-1"], also everything "half of a packet is taken for a whole one, or waited for";
                /// Takes no notice of a client that has closed its half of the connection.
                ClosedHalfOverlooked = "closed-half-overlooked": ["v3-3.1.2-8", "v3-3.1.2-24", "v5-3.1.2-8", "v5-3.1.2-22"], also ["v5-4.1.0-2", "v3-3.1.3-1"] "a connection that is not over holds its session";
                /// Reads WebSocket messages of text as well.
                TextFramesAccepted = "text-frames-accepted": ["v3-6.0.0-1", "v5-6.0.0-1"], shows with "--websocket ADDRESS";
                /// Sends WebSocket messages of text.
                TextFramesSent = "text-frames-sent": ["v3-6.0.0-1", "v5-6.0.0-1"], shows with "--websocket ADDRESS";
                /// Takes a WebSocket message for one packet.
                MessageTakenForPacket = "message-taken-for-packet": ["v3-6.0.0-2", "v5-6.0.0-2"], shows with "--websocket ADDRESS";
                /// Selects no WebSocket subprotocol.
                SubprotocolLeftOut = "subprotocol-left-out": ["v3-6.0.0-4", "v5-6.0.0-4"], shows with "--websocket ADDRESS";
                /// Selects the first WebSocket subprotocol that is offered, whatever it is.
                SubprotocolEchoed = "subprotocol-echoed": ["v3-6.0.0-4", "v5-6.0.0-4"], shows with "--websocket ADDRESS";
                /// Waits for CONNECT when another packet comes first.
                FirstPacketNeedNotBeConnect = "first-packet-need-not-be-connect": ["v3-3.1.0-1", "v5-3.1.0-1"];
                /// Answers a second CONNECT with a second CONNACK.
                SecondConnectAnswered = "second-connect-answered": ["v3-3.1.0-2", "v5-3.1.0-2", "v5-3.2.0-2"];
                /// Takes no notice of a second CONNECT.
                SecondConnectIgnored = "second-connect-ignored": ["v3-3.1.0-2", "v5-3.1.0-2"];
                /// Keeps a connection on which no CONNECT comes.
                WaitsForConnectForEver = "waits-for-connect-for-ever": ["u3-07", "u5-32"];
                /// Waits for another packet when the protocol name is not MQTT.
                ProtocolNameOverlooked = "protocol-name-overlooked": ["v3-3.1.2-1", "v5-3.1.2-1"];
                /// Takes a CONNECT of an unknown protocol level for one that it knows.
                UnknownLevelAccepted = "unknown-level-accepted": ["v3-3.1.2-2", "v5-3.1.2-2"];
                /// Closes without CONNACK when it does not speak the protocol level.
                UnknownLevelNotAnswered = "unknown-level-not-answered": ["v3-3.1.2-2"];
                /// Takes a CONNECT without a property length for one without properties.
                MissingPropertyLengthMended = "missing-property-length-mended": ["v5-2.2.2-1"];
                /// Accepts a CONNECT with the reserved connect flag.
                ReservedConnectFlagOverlooked = "reserved-connect-flag-overlooked": ["v3-3.1.2-3", "v5-3.1.2-3"];
                /// Takes Will QoS 3 for 2.
                WillQosThreeOverlooked = "will-qos-three-overlooked": ["v3-3.1.2-14", "v5-3.1.2-12"];
                /// Accepts a Will QoS without a Will.
                WillQosWithoutWillOverlooked = "will-qos-without-will-overlooked": ["v3-3.1.2-11", "v3-3.1.2-13", "v5-3.1.2-11"];
                /// Accepts Will Retain without a Will.
                WillRetainWithoutWillOverlooked = "will-retain-without-will-overlooked": ["v3-3.1.2-11", "v3-3.1.2-15", "v5-3.1.2-13"];
                /// Does not close when a CONNECT of 3.1.1 has a password and no user name.
                PasswordWithoutUserNameOverlooked = "password-without-user-name-overlooked": ["v3-3.1.2-22"];
                /// Does not close when a CONNECT ends before its client identifier does.
                MissingClientIdOverlooked = "missing-client-id-overlooked": ["v3-3.1.3-3", "v3-3.1.4-1", "v5-3.1.3-3", "v5-3.1.4-1"], also ["v5-2.2.2-1"] "a CONNECT that ends before its properties has no client identifier either";
                /// Does not close when a CONNECT promises a Will and ends before it does.
                MissingWillOverlooked = "missing-will-overlooked": ["v3-3.1.2-9", "v5-3.1.2-9"];
                /// Does not close when a CONNECT promises a user name that is not there.
                MissingUserNameOverlooked = "missing-user-name-overlooked": ["v3-3.1.2-19", "v5-3.1.2-17"];
                /// Does not close when a CONNECT promises a password that is not there.
                MissingPasswordOverlooked = "missing-password-overlooked": ["v3-3.1.2-21", "v5-3.1.2-19"];
                /// Does not close when a CONNECT goes on behind its last field.
                TrailingBytesInConnectOverlooked = "trailing-bytes-in-connect-overlooked": ["v3-3.1.2-18", "v3-3.1.2-20", "v3-3.1.4-1", "v5-3.1.2-16", "v5-3.1.2-18", "v5-3.1.4-1"];
                /// Answers a malformed CONNECT of 3.1.1 with CONNACK.
                MalformedConnectAnswered = "malformed-connect-answered": ["v3-3.1.4-1"];
                /// Accepts an empty client identifier with Clean Session 0.
                EmptyClientIdMayKeepSession = "empty-client-id-may-keep-session": ["v3-3.1.3-8"];
                /// Allows one byte less in a client identifier than it must.
                ClientIdOf23BytesRefused = "client-id-of-23-bytes-refused": ["v3-3.1.3-5", "v5-3.1.3-5"];
                /// Keeps 23 characters of a client identifier, and forgets the rest.
                ClientIdCut = "client-id-cut": ["v3-3.1.3-2", "v5-3.1.3-2"];
                /// Takes spaces off the ends of a client identifier.
                ClientIdTrimmed = "client-id-trimmed": ["v3-3.1.3-2", "v5-3.1.3-2"];
                /// Takes a client identifier up to its first slash.
                ClientIdEndsAtSlash = "client-id-ends-at-slash": ["v3-3.1.3-2", "v5-3.1.3-2"];
                /// Takes client identifiers that differ in case for the same.
                ClientIdCaseFolded = "client-id-case-folded": ["v3-3.1.3-2", "v5-3.1.3-2"];
                /// Drops U+FEFF from client identifiers.
                ByteOrderMarkStrippedFromClientId = "byte-order-mark-stripped-from-client-id": ["v3-1.5.3-3", "v5-1.5.4-3"];
                /// Assigns the same client identifier to every client that has none.
                AssignedClientIdNotUnique = "assigned-client-id-not-unique": ["v3-3.1.3-6", "v5-3.1.3-6", "v5-3.2.2-16"];
                /// Assigns a client identifier and does not say which.
                AssignedClientIdNotTold = "assigned-client-id-not-told": ["v5-3.1.3-7", "v5-3.2.2-16"];
                /// Does not tell a client with a Will the identifier that it assigned to it.
                AssignedClientIdNotToldBesideWill = "assigned-client-id-not-told-beside-will": ["v5-3.1.3-7", "v5-3.2.2-16"];
                /// Sets a reserved bit in the CONNACK flags.
                ConnackReservedFlag = "connack-reserved-flag": ["u3-05", "v5-3.2.2-1"];
                /// Sends CONNACK twice.
                ConnackTwice = "connack-twice": ["v3-3.2.0-1", "v5-3.2.0-2"], also ["v3-3.1.0-2"] "a second CONNECT in the segment may have been answered";
                /// Accepts a client without CONNACK.
                ConnackMissing = "connack-missing": ["v3-3.1.4-4", "v3-3.2.0-1", "v5-3.1.4-5"], also everything "no client gets in";
                /// Sends what a session has queued before CONNACK.
                QueuedMessagesBeforeConnack = "queued-messages-before-connack": ["v3-3.2.0-1", "v5-3.2.0-1"];
                /// Never says that a session is present.
                SessionPresentNeverSet = "session-present-never-set": ["v3-3.2.2-2", "v5-3.2.2-3"];
                /// Always says that a session is present.
                SessionPresentAlwaysSet = "session-present-always-set": ["v3-3.2.2-1", "v3-3.2.2-3", "v5-3.2.2-2", "v5-3.2.2-3"];
                /// Says that a session is present when it has just discarded it.
                SessionPresentOnCleanStart = "session-present-on-clean-start": ["v3-3.2.2-1", "v5-3.2.2-2"];
                /// Says that a session is present in a CONNACK with an error.
                SessionPresentOnError = "session-present-on-error": ["v3-3.2.2-4", "v5-3.2.2-6"];
                /// Leaves the connection open after a CONNACK with an error.
                ErrorConnackWithoutClose = "error-connack-without-close": ["v3-3.2.2-5", "v5-3.2.2-7", "v5-3.1.4-2", "v5-3.1.3-8", "v3-3.1.3-9"], also refusals "a CONNECT that is refused leaves the connection open, whatever is wrong with it";
                /// Rejects a 5.0 client with a return code of 3.1.1.
                OldReturnCodeInConnack = "old-return-code-in-connack": ["v5-3.2.2-8"];
                /// Rejects a 3.1.1 client with a reason code of 5.0.
                NewReasonCodeInConnack = "new-reason-code-in-connack": ["v3-3.2.2-6", "v3-3.1.2-2", "v3-3.1.3-8", "v3-3.1.3-9"];
                /// Announces a Maximum QoS of 2, which means nothing.
                ConnackMaximumQosTwo = "connack-maximum-qos-two": ["u5-35"], also ["u5-02"] "a broker with a maximum of its own says two";
                /// Announces the same capability twice.
                ConnackRepeatsProperty = "connack-repeats-property": ["u5-35", "u5-02"];
                /// Does not announce that it takes QoS 0 or 1 only.
                MaximumQosNotTold = "maximum-qos-not-told": ["v5-3.2.2-9"], shows with "--maximum-qos 1";
                /// Sends Response Information to a client that did not ask for it.
                ResponseInformationUnasked = "response-information-unasked": ["v5-3.1.2-28"];
                /// Drops packets that came together with CONNECT.
                PacketsBehindConnectLost = "packets-behind-connect-lost": ["u3-08", "u5-32"], also ["v5-3.1.0-2"] "a second CONNECT in the segment is lost too";
                /// Publishes what came behind a CONNECT that it rejects.
                PacketsBehindRefusedConnectProcessed = "packets-behind-refused-connect-processed": ["v3-3.1.4-5", "v5-3.1.4-6"];
                /// Sends DISCONNECT to a client that is not connected.
                DisconnectBeforeConnack = "disconnect-before-connack": ["v5-3.14.0-1", "v5-3.14.2-1"];
                /// Lets in whoever sends a user name, whatever the password.
                PasswordNotChecked = "password-not-checked": ["u3-06", "v5-3.1.4-2"], shows with "--user NAME:PASSWORD";
                /// Accepts a Will of a QoS that it does not offer.
                WillAboveMaximumQosAccepted = "will-above-maximum-qos-accepted": ["v5-3.2.2-12"], shows with "--maximum-qos 1";
                /// Accepts a Will to be retained although it does not retain.
                RetainedWillAccepted = "retained-will-accepted": ["v5-3.2.2-13"], shows with "--no-retain";
            }
            $($others)*
        }
    };
}

pub(super) use connect;
