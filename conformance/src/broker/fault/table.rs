//! THE table of deliberate violations, one row each.

faults! {
    /// Loses all but the first bytes of what comes in one segment.
    LongSegmentsCut = "long-segments-cut": ["v3-7.1.1-1", "v5-4.2.0-1"];
    /// Takes no notice of a client that has closed its half of the connection.
    ClosedHalfOverlooked = "closed-half-overlooked": ["v3-3.1.2-8", "v3-3.1.2-24", "v5-3.1.2-8", "v5-3.1.2-22"];
    /// Reads WebSocket messages of text as well.
    TextFramesAccepted = "text-frames-accepted": ["v3-6.0.0-1", "v5-6.0.0-1"];
    /// Sends WebSocket messages of text.
    TextFramesSent = "text-frames-sent": ["v3-6.0.0-1", "v5-6.0.0-1"];
    /// Takes a WebSocket message for one packet.
    MessageTakenForPacket = "message-taken-for-packet": ["v3-6.0.0-2", "v5-6.0.0-2"];
    /// Selects no WebSocket subprotocol.
    SubprotocolLeftOut = "subprotocol-left-out": ["v3-6.0.0-4", "v5-6.0.0-4"];
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
    MissingClientIdOverlooked = "missing-client-id-overlooked": ["v3-3.1.3-3", "v3-3.1.4-1", "v5-3.1.3-3", "v5-3.1.4-1"];
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
    /// Takes client identifiers that differ in case for the same.
    ClientIdCaseFolded = "client-id-case-folded": ["v3-3.1.3-2", "v5-3.1.3-2"];
    /// Drops U+FEFF from client identifiers.
    ByteOrderMarkStrippedFromClientId = "byte-order-mark-stripped-from-client-id": ["v3-1.5.3-3", "v5-1.5.4-3"];
    /// Assigns the same client identifier to every client that has none.
    AssignedClientIdNotUnique = "assigned-client-id-not-unique": ["v3-3.1.3-6", "v5-3.1.3-6", "v5-3.2.2-16"];
    /// Assigns a client identifier and does not say which.
    AssignedClientIdNotTold = "assigned-client-id-not-told": ["v5-3.1.3-7", "v5-3.2.2-16"];
    /// Sets a reserved bit in the CONNACK flags.
    ConnackReservedFlag = "connack-reserved-flag": ["u3-05", "v5-3.2.2-1"];
    /// Sends CONNACK twice.
    ConnackTwice = "connack-twice": ["v3-3.2.0-1", "v5-3.2.0-2"];
    /// Accepts a client without CONNACK.
    ConnackMissing = "connack-missing": ["v3-3.1.4-4", "v3-3.2.0-1", "v5-3.1.4-5"];
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
    ErrorConnackWithoutClose = "error-connack-without-close": ["v3-3.2.2-5", "v5-3.2.2-7", "v5-3.1.4-2", "v5-3.1.3-8", "v3-3.1.3-9"];
    /// Rejects a 5.0 client with a return code of 3.1.1.
    OldReturnCodeInConnack = "old-return-code-in-connack": ["v5-3.2.2-8"];
    /// Rejects a 3.1.1 client with a reason code of 5.0.
    NewReasonCodeInConnack = "new-reason-code-in-connack": ["v3-3.2.2-6", "v3-3.1.2-2", "v3-3.1.3-8", "v3-3.1.3-9"];
    /// Announces a Maximum QoS of 2, which means nothing.
    ConnackMaximumQosTwo = "connack-maximum-qos-two": ["u5-35"];
    /// Announces the same capability twice.
    ConnackRepeatsProperty = "connack-repeats-property": ["u5-35", "u5-02"];
    /// Does not announce that it takes QoS 0 or 1 only.
    MaximumQosNotTold = "maximum-qos-not-told": ["v5-3.2.2-9"];
    /// Sends Response Information to a client that did not ask for it.
    ResponseInformationUnasked = "response-information-unasked": ["v5-3.1.2-28"];
    /// Drops packets that came together with CONNECT.
    PacketsBehindConnectLost = "packets-behind-connect-lost": ["u3-08", "u5-32"];
    /// Publishes what came behind a CONNECT that it rejects.
    PacketsBehindRefusedConnectProcessed = "packets-behind-refused-connect-processed": ["v3-3.1.4-5", "v5-3.1.4-6"];
    /// Sends DISCONNECT to a client that is not connected.
    DisconnectBeforeConnack = "disconnect-before-connack": ["v5-3.14.0-1"];
    /// Lets in whoever sends a user name, whatever the password.
    PasswordNotChecked = "password-not-checked": ["u3-06", "v5-3.1.4-2"];
    /// Accepts a Will of a QoS that it does not offer.
    WillAboveMaximumQosAccepted = "will-above-maximum-qos-accepted": ["v5-3.2.2-12"];
    /// Accepts a Will to be retained although it does not retain.
    RetainedWillAccepted = "retained-will-accepted": ["v5-3.2.2-13"];
    /// Accepts any authentication method.
    UnknownAuthMethodAccepted = "unknown-auth-method-accepted": ["v5-4.12.0-1"];
    /// Sends AUTH to a client that named no authentication method.
    AuthUnasked = "auth-unasked": ["v5-4.12.0-6"];
    /// Sends an authentication method in CONNACK to a client that named none.
    AuthMethodUnasked = "auth-method-unasked": ["v5-4.12.0-6"];
    /// Leaves the authentication method out of CONNACK.
    AuthMethodNotRepeated = "auth-method-not-repeated": ["v5-4.12.0-5"];
    /// Accepts another authentication method in AUTH than in CONNECT.
    AuthMethodMayChange = "auth-method-may-change": ["v5-4.12.0-5", "v5-4.12.1-1", "u5-12"];
    /// Asks for more authentication data with reason 0x00.
    ChallengeWithReasonSuccess = "challenge-with-reason-success": ["v5-4.12.0-2"];
    /// Sends AUTH with a reason code that does not exist.
    AuthWithReservedReason = "auth-with-reserved-reason": ["v5-3.15.2-1"];
    /// Lets in a client whose authentication data is wrong.
    WrongAuthDataAccepted = "wrong-auth-data-accepted": ["v5-4.12.0-4"];
    /// Takes an answer to a challenge for right whatever its reason code.
    ReasonOfAnswerOverlooked = "reason-of-answer-overlooked": ["v5-4.12.0-3"];
    /// Drops other packets than AUTH before CONNACK, and waits on.
    PacketsBeforeConnackOverlooked = "packets-before-connack-overlooked": ["v5-3.1.2-30"];
    /// Keeps a client whose re-authentication failed.
    FailedReauthenticationIgnored = "failed-reauthentication-ignored": ["v5-4.12.1-2"];
    /// Takes no notice of AUTH from a client that named no method.
    AuthWithoutMethodIgnored = "auth-without-method-ignored": ["v5-4.12.0-7", "u5-12"];
    /// Drops an AUTH with flags, and reads on.
    AuthFlagsOverlooked = "auth-flags-overlooked": ["v5-3.15.1-1"];
    /// Does not close when authentication data comes without a method.
    AuthDataWithoutMethodOverlooked = "auth-data-without-method-overlooked": ["u5-06"];
    /// Does not close when an AUTH has no authentication method.
    AuthWithoutMethodOverlooked = "auth-without-method-overlooked": ["u5-12"];
    /// Does not close when an AUTH has a reason code that does not exist.
    ReasonOfAuthOverlooked = "reason-of-auth-overlooked": ["v5-3.15.2-1"];
    /// Goes on with the old session when the client wants a new one.
    CleanStartKeepsSession = "clean-start-keeps-session": ["v3-3.1.2-6", "v3-3.1.4-3", "v5-3.1.2-4", "v5-3.1.4-4"];
    /// Begins a new session whenever a client comes back.
    SessionNotKept = "session-not-kept": ["v3-3.1.2-4", "v3-3.2.2-2", "v5-3.1.2-5", "v5-3.1.2-23", "v5-3.2.2-3"];
    /// Refuses a client that wants to resume a session that is not there.
    NewSessionRefusedWithoutCleanStart = "new-session-refused-without-clean-start": ["v3-3.1.2-4", "v3-3.2.2-3", "v5-3.1.2-6", "v5-3.2.2-3"];
    /// Keeps a session that ends with its connection.
    SessionSurvivesExpiryZero = "session-survives-expiry-zero": ["v3-3.1.2-6", "v5-4.1.0-2", "u5-23"];
    /// Keeps a session whose expiry interval has passed.
    SessionNeverExpires = "session-never-expires": ["v5-4.1.0-2", "u5-23"];
    /// Ends a session when half of its expiry interval has passed.
    SessionEndsInHalfItsTime = "session-ends-in-half-its-time": ["v5-3.1.2-23", "v5-3.2.2-3"];
    /// Ends the session with a connection that it closes for an error.
    SessionEndsWithError = "session-ends-with-error": ["v3-3.1.2-4", "v3-4.1.0-1", "v5-3.1.2-5", "v5-3.1.2-23"];
    /// Forgets Retain As Published when the client comes back.
    RetainAsPublishedLostOnResume = "retain-as-published-lost-on-resume": ["v5-3.1.2-5", "v5-3.3.1-13"];
    /// Discards a session while its client is connected.
    SessionEndsWhileConnected = "session-ends-while-connected": ["v3-4.1.0-1", "v3-4.1.0-2", "v5-4.1.0-1"];
    /// Keeps the subscriptions of a session that it discards.
    SubscriptionsOutliveSession = "subscriptions-outlive-session": ["v3-3.1.2-6", "v5-3.1.2-4", "v5-4.1.0-2"];
    /// Forgets the subscriptions of a session when the client comes back.
    SubscriptionsLostOnResume = "subscriptions-lost-on-resume": ["v3-3.1.2-4", "v3-4.1.0-1", "v5-3.1.2-5"];
    /// Forgets queued messages when the client comes back.
    QueuedMessagesLost = "queued-messages-lost": ["v3-3.1.2-5", "v3-4.1.0-1", "v3-4.5.0-1", "v5-3.1.2-5", "v5-4.5.0-1"];
    /// Queues nothing for a client that is away.
    NothingQueuedForAbsentClient = "nothing-queued-for-absent-client": ["v3-3.1.2-5", "v3-4.5.0-1", "v5-4.5.0-1", "v5-4.3.2-4"];
    /// Forgets unfinished messages when the client comes back.
    InflightLostOnResume = "inflight-lost-on-resume": ["v3-4.4.0-1", "v3-4.1.0-1", "v5-4.4.0-1", "v5-3.1.2-5", "v5-4.3.3-3", "v5-4.8.2-4"];
    /// Sends unfinished messages again once, and no more at later reconnects.
    SentAgainOnce = "sent-again-once": ["v3-4.4.0-1", "v5-4.4.0-1"];
    /// Sends one PUBREL again where several were not answered.
    OnlyFirstPubrelResent = "only-first-pubrel-resent": ["v3-4.4.0-1", "v5-4.4.0-1"];
    /// Forgets which QoS 2 messages a client had started.
    IncomingQos2Forgotten = "incoming-qos-2-forgotten": ["v3-4.3.3-2", "v3-4.1.0-1", "v5-4.3.3-10", "v5-3.1.2-5"];
    /// Takes no notice of a session expiry interval in DISCONNECT.
    ExpiryOfDisconnectIgnored = "expiry-of-disconnect-ignored": ["u5-10", "u5-23"];
    /// Lets DISCONNECT keep a session that was to end with the connection.
    ExpiryRaisedAtDisconnect = "expiry-raised-at-disconnect": ["u5-10"];
    /// Keeps the old connection when a client connects again.
    OldConnectionKept = "old-connection-kept": ["v3-3.1.4-2", "v5-3.1.4-3"];
    /// Lets a client that it refuses take the place of another one.
    RefusedClientTakesPlace = "refused-client-takes-place": ["u3-16", "u5-39"];
    /// Goes down when a remaining length has five bytes.
    LongRemainingLengthTakesItDown = "long-remaining-length-takes-it-down": ["u3-01", "u5-34"];
    /// Loses sessions when it restarts.
    SessionsLostOnRestart = "sessions-lost-on-restart": ["v3-4.1.0-1", "v3-3.1.2-4", "v5-3.1.2-23"];
    /// Loses unfinished messages when it restarts.
    InflightLostOnRestart = "inflight-lost-on-restart": ["v3-4.4.0-1", "v3-4.1.0-1", "v5-4.4.0-1", "v5-3.1.2-23"];
    /// Forgets which QoS 2 messages a client had started when it restarts.
    IncomingQos2LostOnRestart = "incoming-qos-2-lost-on-restart": ["v3-4.3.3-2", "v3-4.1.0-1", "v5-4.3.3-10", "v5-3.1.2-23"];
    /// Loses retained messages when it restarts.
    RetainedLostOnRestart = "retained-lost-on-restart": ["u3-13"];
    /// Announces a Server Keep Alive, and uses the client's.
    ServerKeepAliveNotUsed = "server-keep-alive-not-used": ["v5-3.1.2-22"];
    /// Never closes a silent connection.
    KeepAliveNotEnforced = "keep-alive-not-enforced": ["v3-3.1.2-24", "v5-3.1.2-22", "v5-3.2.2-22"];
    /// Closes after half the keep alive.
    KeepAliveTooShort = "keep-alive-too-short": ["v3-3.1.2-24", "v5-3.1.2-22", "v5-3.2.2-22"];
    /// Closes after ten times the keep alive.
    KeepAliveTooLong = "keep-alive-too-long": ["v3-3.1.2-24", "v5-3.1.2-22", "v5-3.2.2-22"];
    /// Closes after twice the keep alive.
    KeepAliveTwiceAsLong = "keep-alive-twice-as-long": ["v3-3.1.2-24", "v5-3.1.2-22", "v5-3.2.2-22"];
    /// Closes a silent connection although its keep alive is off.
    KeepAliveZeroTakenForShort = "keep-alive-zero-taken-for-short": ["v3-3.1.2-24", "v5-3.1.2-22", "v5-3.2.2-22"];
    /// Does not answer PINGREQ.
    PingreqIgnored = "pingreq-ignored": ["v3-3.12.4-1", "v5-3.12.4-1"];
    /// Answers PINGREQ with two PINGRESPs.
    PingrespTwice = "pingresp-twice": ["v3-3.12.4-1", "v5-3.12.4-1"];
    /// Does not answer PINGREQ while messages wait for the client.
    PingWaitsForQuota = "ping-waits-for-quota": ["v5-3.3.4-10", "v5-4.9.0-3", "v3-3.12.4-1", "v5-3.12.4-1"];
    /// Sends a PINGRESP with a body.
    PingrespWithBody = "pingresp-with-body": ["u3-04", "v5-3.12.4-1", "v5-4.13.1-1"];
    /// Writes the remaining length of PINGRESP with a needless byte.
    PingrespLengthNotMinimal = "pingresp-length-not-minimal": ["u3-01", "v5-1.5.5-1"];
    /// Sets a reserved flag in PINGRESP.
    PingrespWithFlags = "pingresp-with-flags": ["v3-2.2.2-1", "v5-2.1.3-1"];
    /// Says that there was an error, and leaves the connection open.
    ConnectionLeftOpenAfterError = "connection-left-open-after-error": ["v3-4.8.0-1", "v5-4.13.1-1", "v5-4.13.2-1", "v5-3.14.4-2"];
    /// Leaves the connection open after DISCONNECT of the client.
    ConnectionLeftOpenAfterDisconnect = "connection-left-open-after-disconnect": ["v5-4.13.2-1", "v3-3.14.4-3"];
    /// Closes because of an error without saying so.
    ClosesWithoutDisconnect = "closes-without-disconnect": ["u5-31"];
    /// Takes no notice of protocol errors.
    ProtocolErrorsIgnored = "protocol-errors-ignored": ["v3-4.8.0-1", "v5-4.13.1-1", "v3-3.1.0-2", "v5-3.1.0-2"];
    /// Takes no notice of malformed packets.
    MalformedPacketsIgnored = "malformed-packets-ignored": ["v3-4.8.0-1", "v5-4.13.1-1", "v3-2.2.2-2", "v5-2.1.3-1"];
    /// Sends DISCONNECT to a 3.1.1 client.
    DisconnectSentInOldVersion = "disconnect-sent-in-old-version": ["v3-4.8.0-1", "u3-03"];
    /// Says in a second CONNACK why it closes.
    ErrorSaidInConnack = "error-said-in-connack": ["u5-31", "v5-3.2.0-2", "v3-4.8.0-1"];
    /// Sends DISCONNECT with a reason that is for clients only.
    DisconnectReasonOfClient = "disconnect-reason-of-client": ["v5-3.14.2-1"];
    /// Sends a session expiry interval in DISCONNECT.
    SessionExpiryInDisconnect = "session-expiry-in-disconnect": ["v5-3.14.2-2"];
    /// Sends a second DISCONNECT after the first.
    PacketAfterDisconnect = "packet-after-disconnect": ["v5-3.14.4-1"];
    /// Drops a DISCONNECT with flags, and reads on.
    DisconnectFlagsOverlooked = "disconnect-flags-overlooked": ["v3-3.14.1-1", "v5-3.14.1-1"];
    /// Does not close when a DISCONNECT has a reason that is not for clients.
    ReasonOfDisconnectOverlooked = "reason-of-disconnect-overlooked": ["v5-3.14.2-1"];
    /// Never publishes a Will.
    WillNeverPublished = "will-never-published": ["v3-3.1.2-8", "v5-3.1.2-8", "v5-3.1.2-7"];
    /// Publishes a Will twice.
    WillSentTwice = "will-sent-twice": ["v3-3.1.2-10", "v5-3.1.2-10"];
    /// Publishes the Will of a client that said goodbye.
    WillSentAfterDisconnect = "will-sent-after-disconnect": ["v3-3.1.2-10", "v3-3.14.4-3", "v5-3.1.2-10", "v5-3.14.4-3"];
    /// Takes DISCONNECT 0x04 for 0x00.
    DisconnectWithWillForgetsWill = "disconnect-with-will-forgets-will": ["u5-26", "v5-3.1.2-8"];
    /// Takes the Will Payload for the Will Topic, and the other way round.
    WillFieldsSwapped = "will-fields-swapped": ["v3-3.1.3-1", "v5-3.1.3-1"];
    /// Publishes the Will of an earlier connection of the client.
    EarlierWillKept = "earlier-will-kept": ["v3-3.1.2-12", "v3-3.1.2-10", "v5-3.1.2-10"];
    /// Drops the Will of a client that it closes because of an error.
    WillLostAtProtocolError = "will-lost-at-protocol-error": ["u3-11", "v3-3.1.2-8", "v5-3.1.2-8"];
    /// Drops the Will of a client that fell silent.
    WillLostAtKeepAlive = "will-lost-at-keep-alive": ["v3-3.1.2-8", "v3-3.1.2-24", "v5-3.1.2-8", "v5-3.1.2-22"];
    /// Drops the Will of a connection that another one replaces.
    WillLostAtTakeover = "will-lost-at-takeover": ["v3-3.1.2-8", "u5-25", "v5-3.1.2-8"];
    /// Drops the Will of a connection whose session another one goes on with.
    WillLostAtResumingTakeover = "will-lost-at-resuming-takeover": ["v3-3.1.2-8", "u5-25"];
    /// Drops a delayed Will when its session ends.
    WillLostAtSessionEnd = "will-lost-at-session-end": ["u5-24", "v5-3.1.2-8"];
    /// Publishes a Will at once although it has a delay.
    WillDelayIgnored = "will-delay-ignored": ["u5-24", "v5-3.1.2-8", "v5-3.1.3-9"];
    /// Publishes a delayed Will although the client is back.
    WillSentAlthoughClientIsBack = "will-sent-although-client-is-back": ["v5-3.1.3-9", "v5-3.1.2-8"];
    /// Publishes every Will at QoS 0.
    WillSentAtQosZero = "will-sent-at-qos-zero": ["v3-3.1.2-8", "v3-3.8.4-6", "v5-3.1.2-8", "v5-3.8.4-8"];
    /// Does not retain a Will.
    WillRetainIgnored = "will-retain-ignored": ["v3-3.1.2-17", "v5-3.1.2-15"];
    /// Retains every Will.
    WillAlwaysRetained = "will-always-retained": ["v3-3.1.2-16", "v5-3.1.2-14"];
    /// Publishes a Will without its payload.
    WillPayloadLost = "will-payload-lost": ["v3-3.1.2-8", "v5-3.1.2-8"];
    /// Publishes a Will without its properties.
    WillPropertiesLost = "will-properties-lost": ["v5-3.1.3-10", "v5-3.3.2-17", "v5-3.3.2-15", "v5-3.3.2-16", "v5-3.3.2-20", "v5-3.3.2-4"];
    /// Does not acknowledge QoS 1.
    PubackMissing = "puback-missing": ["v3-3.3.4-1", "v3-4.3.2-2", "v5-3.3.4-1", "v5-4.3.2-4"];
    /// Acknowledges QoS 1 twice.
    PubackTwice = "puback-twice": ["v3-4.3.2-2", "v5-4.3.2-4"];
    /// Answers QoS 1 with PUBREC.
    PubackSentAsPubrec = "puback-sent-as-pubrec": ["v3-3.3.4-1", "v3-4.3.2-2", "v5-3.3.4-1", "v5-4.3.2-4"];
    /// Sends PUBACK with another packet identifier.
    PubackWithWrongId = "puback-with-wrong-id": ["v3-2.3.1-6", "v3-4.3.2-2", "v5-2.2.1-5", "v5-4.3.2-4"];
    /// Sets a reserved flag in PUBACK.
    PubackWithFlags = "puback-with-flags": ["v3-2.2.2-1", "v5-2.1.3-1"];
    /// Sends PUBACK with a reason code that it may not have.
    PubackWithReservedReason = "puback-with-reserved-reason": ["v5-3.4.2-1"];
    /// Drops a QoS 1 message because its DUP flag is set.
    DupTakenForDuplicate = "dup-taken-for-duplicate": ["v3-4.3.2-2", "v5-4.3.2-5"];
    /// Does not answer QoS 2.
    PubrecMissing = "pubrec-missing": ["v3-3.3.4-1", "v3-4.3.3-2", "v5-3.3.4-1", "v5-4.3.3-8"];
    /// Sends PUBREC with another packet identifier.
    PubrecWithWrongId = "pubrec-with-wrong-id": ["v3-2.3.1-6", "v5-2.2.1-5", "v5-4.3.3-8"];
    /// Sends PUBREC with a reason code that it may not have.
    PubrecWithReservedReason = "pubrec-with-reserved-reason": ["v5-3.5.2-1"];
    /// Does not answer PUBREL.
    PubcompMissing = "pubcomp-missing": ["v3-4.3.3-2", "v5-4.3.3-11", "v5-4.3.3-13"];
    /// Sends PUBCOMP with PUBREC, before PUBREL has come.
    PubcompWithPubrec = "pubcomp-with-pubrec": ["v3-4.3.3-2", "v5-2.2.1-5", "v5-4.3.3-11"];
    /// Sends PUBCOMP with another packet identifier.
    PubcompWithWrongId = "pubcomp-with-wrong-id": ["v3-4.3.3-2", "v5-2.2.1-5", "v5-4.3.3-11"];
    /// Sends PUBCOMP with a reason code that it may not have.
    PubcompWithReservedReason = "pubcomp-with-reserved-reason": ["v5-3.7.2-1"];
    /// Does not answer PUBREL for an unknown identifier.
    UnknownPubrelIgnored = "unknown-pubrel-ignored": ["u3-14", "u5-27", "v5-4.3.3-11"];
    /// Delivers a QoS 2 message again when it is sent again before PUBREL.
    RepeatedQos2Delivered = "repeated-qos-2-delivered": ["v3-4.3.3-2", "v5-4.3.3-10"];
    /// Does not answer a QoS 2 message that is sent again.
    RepeatedQos2NotAnswered = "repeated-qos-2-not-answered": ["v3-4.3.3-2", "v5-4.3.3-10"];
    /// Takes a new QoS 2 message for an old one whose identifier it has.
    IdNotFreedByPubrel = "id-not-freed-by-pubrel": ["v3-4.3.3-2", "v5-4.3.3-12"];
    /// Keeps the identifier of a QoS 2 message that it refused.
    RefusedIdStaysInUse = "refused-id-stays-in-use": ["v5-4.3.3-9"];
    /// Takes more unfinished messages than its Receive Maximum.
    ReceiveMaximumNotEnforced = "receive-maximum-not-enforced": ["v5-3.3.4-7"];
    /// Sends acknowledgements with a reason code to 3.1.1 clients.
    NewAckInOldVersion = "new-ack-in-old-version": ["u3-04"];
    /// Does not answer a message that it denies.
    DeniedPublishNotAnswered = "denied-publish-not-answered": ["v3-3.3.5-2", "v3-3.3.4-1", "v5-3.3.4-1"];
    /// Does not look at its access list.
    AccessListIgnored = "access-list-ignored": ["v3-3.3.5-2"];
    /// Takes messages of a QoS that it does not offer.
    PublishAboveMaximumQosAccepted = "publish-above-maximum-qos-accepted": ["v5-3.2.2-11", "u5-11"];
    /// Refuses a subscription of a QoS that it does not offer.
    SubscribeAboveMaximumQosRefused = "subscribe-above-maximum-qos-refused": ["v5-3.2.2-10"];
    /// Takes messages to be retained although it does not retain.
    RetainAcceptedAlthoughUnavailable = "retain-accepted-although-unavailable": ["v5-3.2.2-14", "u5-11"];
    /// Takes packets larger than its Maximum Packet Size.
    MaximumPacketSizeNotEnforced = "maximum-packet-size-not-enforced": ["v5-3.2.2-15", "u5-11", "u5-33"];
    /// Refuses a packet that is just as large as its Maximum Packet Size.
    PacketOfMaximumSizeRefused = "packet-of-maximum-size-refused": ["u5-33", "v5-3.2.2-15"];
    /// Passes on the DUP flag of the publisher.
    DupForwarded = "dup-forwarded": ["v3-3.3.1-3", "v5-3.3.1-3"];
    /// Sends again without DUP.
    DupNotSetOnResend = "dup-not-set-on-resend": ["v3-3.3.1-1", "v5-3.3.1-1"];
    /// Sets DUP on a first delivery.
    DupAlwaysSet = "dup-always-set": ["v3-4.3.2-1", "v3-4.3.3-1", "v3-3.3.1-3", "v5-4.3.2-2", "v5-4.3.3-2", "v5-3.3.1-3"];
    /// Sets DUP on retained messages.
    DupSetOnRetained = "dup-set-on-retained": ["v3-3.3.1-3", "v5-3.3.1-3"];
    /// Sets DUP on QoS 0.
    DupSetOnQosZero = "dup-set-on-qos-zero": ["v3-3.3.1-2", "v3-4.3.1-1", "v5-3.3.1-2", "v5-4.3.1-1"];
    /// Writes a packet identifier into QoS 0.
    PacketIdInQosZero = "packet-id-in-qos-zero": ["v3-2.3.1-5", "v5-2.2.1-2"];
    /// Sends QoS 1 and 2 with packet identifier 0.
    PacketIdZeroInPublish = "packet-id-zero-in-publish": ["v3-2.3.1-1", "v3-2.3.1-4", "v5-2.2.1-4"];
    /// Uses one packet identifier for every message.
    PacketIdAlwaysOne = "packet-id-always-one": ["v3-2.3.1-4", "v3-4.3.2-1", "v3-4.3.3-1", "v5-2.2.1-4", "v5-4.3.2-1", "v5-4.3.3-1"];
    /// Gives out the packet identifiers 1 to 255 in turn, whether or not they are in use.
    PacketIdsOfOneByte = "packet-ids-of-one-byte": ["v3-2.3.1-4", "v5-2.2.1-4"];
    /// Takes any PUBACK for that of the oldest message.
    PubackFinishesOldest = "puback-finishes-oldest": ["v3-4.3.2-1", "v3-4.4.0-1", "v5-4.3.2-3", "v5-4.4.0-1"];
    /// Sends again with other packet identifiers.
    IdsChangeOnResume = "ids-change-on-resume": ["v3-4.4.0-1", "v3-2.3.1-4", "v5-4.4.0-1"];
    /// Sends unanswered messages again while the connection lasts.
    ResendsWithoutReconnect = "resends-without-reconnect": ["v5-4.4.0-1"];
    /// Sends again in another order.
    InflightReorderedOnResume = "inflight-reordered-on-resume": ["v3-4.6.0-1", "v3-4.6.0-6", "v5-4.6.0-5"];
    /// Sends the latest of the queued messages first.
    QueueIsAStack = "queue-is-a-stack": ["v3-4.6.0-6", "v3-4.6.0-5", "v5-4.6.0-5", "v5-4.6.0-6"];
    /// Sends QoS 1 again although PUBACK came.
    PubackIgnored = "puback-ignored": ["v3-4.3.2-1", "v5-4.3.2-3", "v5-4.9.0-1"];
    /// Sends QoS 1 again although PUBACK with an error came.
    PubackErrorKeepsMessage = "puback-error-keeps-message": ["v5-4.4.0-2", "v5-4.8.2-6"];
    /// Does not answer PUBREC.
    PubrelMissing = "pubrel-missing": ["v3-4.3.3-1", "v5-4.3.3-4"];
    /// Sends PUBREL with another packet identifier.
    PubrelWithWrongId = "pubrel-with-wrong-id": ["v3-2.3.1-6", "v3-4.3.3-1", "v5-2.2.1-5", "v5-4.3.3-4"];
    /// Sends PUBREL with flags 0000.
    PubrelWithoutFlags = "pubrel-without-flags": ["v3-2.2.2-1", "v3-3.6.1-1", "v5-2.1.3-1", "v5-3.6.1-1"];
    /// Sends PUBREL with a reason code that it may not have.
    PubrelWithReservedReason = "pubrel-with-reserved-reason": ["v5-3.6.2-1"];
    /// Sends PUBREL although PUBREC reported an error.
    PubrelAfterPubrecError = "pubrel-after-pubrec-error": ["v5-4.3.3-4"];
    /// Does not send PUBREL again when the client comes back.
    PubrelNotResent = "pubrel-not-resent": ["v3-4.4.0-1", "v3-4.3.3-1", "v5-4.4.0-1", "v5-4.3.3-5"];
    /// Sends PUBREL again in another order than PUBREC came.
    PubrelOrderReversed = "pubrel-order-reversed": ["v3-4.6.0-4", "v3-4.6.0-6"];
    /// Sends a QoS 2 message again although PUBREC came.
    PublishResentAfterPubrec = "publish-resent-after-pubrec": ["v3-4.3.3-1", "v5-4.3.3-6"];
    /// Sends a QoS 2 message again although PUBREC with an error came.
    PubrecErrorKeepsMessage = "pubrec-error-keeps-message": ["v5-4.4.0-2", "v5-4.8.2-6"];
    /// Sends PUBREL again although PUBCOMP came.
    PubcompIgnored = "pubcomp-ignored": ["v3-4.3.3-1", "v5-4.3.3-5"];
    /// Does not answer PUBREC for an unknown identifier.
    UnknownPubrecIgnored = "unknown-pubrec-ignored": ["u5-27"];
    /// Sends more unfinished messages than the client takes.
    ReceiveMaximumIgnored = "receive-maximum-ignored": ["v5-3.3.4-9", "v5-4.9.0-2", "v5-4.9.0-1"];
    /// Sends all that is unfinished again at once, however few messages the client takes.
    ReceiveMaximumIgnoredOnResume = "receive-maximum-ignored-on-resume": ["v5-3.3.4-9", "v5-4.9.0-2", "u5-30"];
    /// Sends one more unfinished message than the client takes.
    ReceiveMaximumOffByOne = "receive-maximum-off-by-one": ["v5-3.3.4-9", "v5-4.9.0-2", "v5-4.9.0-1"];
    /// Counts what is unfinished from an earlier connection against the new one.
    QuotaKeptOverReconnect = "quota-kept-over-reconnect": ["u5-30"];
    /// Counts a QoS 2 message as finished once PUBREC came.
    SlotFreedByPubrec = "slot-freed-by-pubrec": ["v5-4.9.0-2", "v5-3.3.4-9"];
    /// Sends messages larger than the client takes.
    MaximumPacketSizeIgnored = "maximum-packet-size-ignored": ["v5-3.1.2-24"];
    /// Does not send a packet that is just as large as the client takes.
    PacketOfMaximumSizeNotSent = "packet-of-maximum-size-not-sent": ["u5-33"];
    /// Waits for the acknowledgement of a message that was too large to send.
    TooLargeMessageTakesSlot = "too-large-message-takes-slot": ["v5-3.1.2-25"];
    /// Delivers every message twice.
    OneCopyTooMany = "one-copy-too-many": ["v3-3.3.5-1", "v3-4.3.3-2", "v5-3.3.4-2", "v5-4.3.3-10", "v3-3.8.4-3", "v5-3.8.4-3"];
    /// Delivers at the QoS of the message, whatever was granted.
    QosOfSubscriptionIgnored = "qos-of-subscription-ignored": ["v3-3.8.4-6", "v3-4.3.1-1", "v5-3.8.4-8", "v5-4.3.1-1", "v5-4.8.2-3"];
    /// Delivers at the granted QoS, even if that is higher than the message's.
    QosRaisedToGranted = "qos-raised-to-granted": ["v3-3.8.4-6", "v5-3.8.4-8"];
    /// Retains nothing.
    RetainIgnored = "retain-ignored": ["v3-3.3.1-5", "v3-3.3.1-6", "v5-3.3.1-5", "v5-3.3.1-9"];
    /// Forgets retained messages with the session of their publisher.
    RetainedEndsWithSession = "retained-ends-with-session": ["v3-3.1.2-7", "v3-3.3.1-5", "v5-3.3.1-5"];
    /// Retains every message.
    EverythingRetained = "everything-retained": ["v3-3.3.1-12", "v5-3.3.1-8"];
    /// Removes a retained message when another comes that is not to be retained.
    UnretainedRemovesRetained = "unretained-removes-retained": ["v3-3.3.1-12", "v5-3.3.1-8"];
    /// Keeps the first retained message of a topic.
    FirstRetainedStays = "first-retained-stays": ["v3-3.3.1-5", "v3-3.3.1-6", "v5-3.3.1-5"];
    /// Does not replace a retained message by one of QoS 0.
    RetainedQosZeroNotReplacing = "retained-qos-zero-not-replacing": ["v3-3.3.1-7", "v5-3.3.1-5"];
    /// Retains an empty message.
    EmptyPayloadRetained = "empty-payload-retained": ["v3-3.3.1-10", "v3-3.3.1-11", "v5-3.3.1-6", "v5-3.3.1-7"];
    /// Does not remove a retained message because of an empty one.
    EmptyPayloadRemovesNothing = "empty-payload-removes-nothing": ["v3-3.3.1-10", "v5-3.3.1-6"];
    /// Removes the retained messages of lower levels as well.
    RemovalTakesLowerLevels = "removal-takes-lower-levels": ["v3-3.3.1-10", "v5-3.3.1-6"];
    /// Does not deliver the empty message that removes a retained one.
    RemovalNotDelivered = "removal-not-delivered": ["v3-3.3.1-10", "v5-3.3.1-6"];
    /// Sends retained messages to new subscriptions without RETAIN.
    RetainedSentWithoutFlag = "retained-sent-without-flag": ["v3-3.3.1-8", "u5-20"];
    /// Sends retained messages at their own QoS, whatever was granted.
    RetainedSentAtStoredQos = "retained-sent-at-stored-qos": ["u3-15", "v3-3.8.4-6", "v5-3.8.4-8"];
    /// Sends no retained messages to a subscription with a wildcard.
    RetainedNotSentForWildcard = "retained-not-sent-for-wildcard": ["v3-3.3.1-6", "v5-3.3.1-9"];
    /// Sends retained messages to a new subscription only, whatever it asks for.
    RetainedNotSentAgain = "retained-not-sent-again": ["v3-3.8.4-3", "v5-3.3.1-9", "v5-3.8.4-4"];
    /// Sends retained messages when a session is resumed.
    RetainedSentOnResume = "retained-sent-on-resume": ["u3-12"];
    /// Passes on the RETAIN flag to every subscription.
    RetainFlagForwarded = "retain-flag-forwarded": ["v3-3.3.1-9", "v5-3.3.1-12"];
    /// Clears RETAIN although the subscription asks to keep it.
    RetainAsPublishedIgnored = "retain-as-published-ignored": ["v5-3.3.1-13"];
    /// Sends retained messages to an old subscription with Retain Handling 1.
    RetainHandlingOneTakenForZero = "retain-handling-one-taken-for-zero": ["v5-3.3.1-10"];
    /// Sends no retained messages to a new subscription with Retain Handling 1.
    RetainHandlingOneSendsNothing = "retain-handling-one-sends-nothing": ["v5-3.3.1-10"];
    /// Sends retained messages although Retain Handling is 2.
    RetainHandlingTwoTakenForZero = "retain-handling-two-taken-for-zero": ["v5-3.3.1-11"];
    /// Counts the expiry interval of a retained message from its delivery.
    RetainedNeverExpires = "retained-never-expires": ["u5-28", "v5-3.3.2-5"];
    /// Sends a client its own retained messages although No Local is set.
    NoLocalIgnoredForRetained = "no-local-ignored-for-retained": ["v5-3.8.3-3"];
    /// Matches topics that start with $ by a wildcard.
    WildcardMatchesDollarTopic = "wildcard-matches-dollar-topic": ["v3-4.7.2-1", "v5-4.7.2-1"];
    /// Matches topics without regard to case.
    TopicMatchIgnoresCase = "topic-match-ignores-case": ["v3-4.7.3-4", "v5-4.7.3-4", "v3-3.3.2-3", "v5-3.3.2-3"];
    /// Matches topics without regard to a slash at their end.
    TrailingSlashIgnored = "trailing-slash-ignored": ["v3-4.7.3-4", "v5-4.7.3-4", "v3-3.3.2-3", "v5-3.3.2-3"];
    /// Cuts very long topics.
    LongTopicTruncated = "long-topic-truncated": ["v3-4.7.3-3", "v5-4.7.3-3"];
    /// Matches topics without regard to U+FEFF.
    ByteOrderMarkIgnoredInMatch = "byte-order-mark-ignored-in-match": ["v3-1.5.3-3", "v3-4.7.3-4", "v5-1.5.4-3", "v5-4.7.3-4"];
    /// Matches a filter with topics one level below it.
    SingleLevelMatchesMore = "single-level-matches-more": ["v3-4.7.1-3", "v3-3.3.2-3", "v5-4.7.1-2", "v5-3.3.2-3"];
    /// Does not answer SUBSCRIBE.
    SubackMissing = "suback-missing": ["v3-3.8.4-1", "v5-3.8.4-1"];
    /// Sends no SUBACK when retained messages go out for the SUBSCRIBE.
    SubackLostBehindRetained = "suback-lost-behind-retained": ["u3-09", "u5-32"];
    /// Sends SUBACK with another packet identifier.
    SubackWithWrongId = "suback-with-wrong-id": ["v3-2.3.1-7", "v3-3.8.4-2", "v5-2.2.1-6", "v5-3.8.4-2"];
    /// Sends the codes of SUBACK in another order than the filters.
    SubackReasonsReversed = "suback-reasons-reversed": ["v3-3.9.3-1", "v5-3.9.3-1"];
    /// Sends one code in SUBACK, however many filters there are.
    SubackHasOneReason = "suback-has-one-reason": ["v3-3.8.4-5", "v5-3.8.4-6"];
    /// Grants QoS 0 and delivers at what was asked for.
    SubackSaysAlwaysQosZero = "suback-says-always-qos-zero": ["v3-3.8.4-6", "v3-3.8.4-5", "v5-3.8.4-7", "v5-3.8.4-8"];
    /// Grants more than was asked for, or than it delivers.
    SubackSaysMoreThanGranted = "suback-says-more-than-granted": ["v3-3.8.4-5", "v5-3.8.4-7"];
    /// Sends SUBACK with a code that does not exist.
    SubackWithReservedReason = "suback-with-reserved-reason": ["v3-3.9.3-2", "v5-3.9.3-2"];
    /// Refuses a subscription of 3.1.1 with a reason code of 5.0.
    NewReasonCodeInSuback = "new-reason-code-in-suback": ["v3-3.9.3-2"];
    /// Leaves out the property length of SUBACK where there are no properties.
    SubackWithoutPropertyLength = "suback-without-property-length": ["v5-2.2.2-1", "u5-01", "v5-3.8.4-6"];
    /// Delivers at QoS 0, whatever was granted.
    SubscriptionKeptAtQosZero = "subscription-kept-at-qos-zero": ["v3-3.8.4-6", "v3-3.8.4-5", "v5-3.8.4-7", "v5-3.8.4-8"];
    /// Takes the first filter of SUBSCRIBE and forgets the others.
    OnlyFirstFilterTaken = "only-first-filter-taken": ["v3-3.8.4-4", "v3-3.8.4-5", "v5-3.8.4-5", "v5-3.8.4-6"];
    /// Keeps the options of a subscription that is made again.
    RepeatedSubscribeKeepsOldOptions = "repeated-subscribe-keeps-old-options": ["v3-3.8.4-3", "v5-3.8.4-3"];
    /// Delivers at the lowest QoS of overlapping subscriptions.
    OverlapAtLowestQos = "overlap-at-lowest-qos": ["v3-3.3.5-1", "v5-3.3.4-2"];
    /// Delivers to every client at the lowest QoS that any of them was granted.
    LowestQosForAllSubscribers = "lowest-qos-for-all-subscribers": ["v3-3.8.4-6", "v5-3.8.4-8"];
    /// Sends the identifier of one of several overlapping subscriptions.
    OverlapKeepsOneSubscriptionId = "overlap-keeps-one-subscription-id": ["v5-3.3.4-3", "v5-3.3.4-4"];
    /// Sends a copy for each match, and in each the identifiers of all.
    EachCopyHasEveryId = "each-copy-has-every-id": ["v5-3.3.4-5"];
    /// Does not send subscription identifiers.
    SubscriptionIdMissing = "subscription-id-missing": ["u5-29", "v5-3.3.4-3"];
    /// Does not send subscription identifiers with retained messages.
    SubscriptionIdMissingOnRetained = "subscription-id-missing-on-retained": ["u5-29"];
    /// Keeps the identifier of a subscription that is made again without one.
    SubscriptionIdSurvivesReplacement = "subscription-id-survives-replacement": ["v5-3.8.4-3"];
    /// Sends a client its own messages although No Local is set.
    NoLocalIgnored = "no-local-ignored": ["v5-3.8.3-3"];
    /// Sends a message to every member of a shared subscription.
    SharedMessageToAllMembers = "shared-message-to-all-members": ["u5-22"];
    /// Gives a message that its receiver refuses to others.
    RefusedMessageGivenToOthers = "refused-message-given-to-others": ["v5-4.8.2-6"];
    /// Gives an unfinished QoS 2 message to others when its session ends.
    UnfinishedMessageGivenToOthers = "unfinished-message-given-to-others": ["v5-4.8.2-5"];
    /// Sends retained messages to a shared subscription.
    RetainedSentToSharedSubscription = "retained-sent-to-shared-subscription": ["u5-21"];
    /// Grants filters with wildcards, and sends nothing because of them.
    WildcardsGrantedInVain = "wildcards-granted-in-vain": ["v3-3.8.3-2", "v3-4.5.0-1", "v5-4.5.0-1"];
    /// Grants a filter with a wildcard although it announced that it does not.
    WildcardGrantedAlthoughUnavailable = "wildcard-granted-although-unavailable": ["u5-11"];
    /// Grants a shared subscription although it announced that it does not.
    SharedGrantedAlthoughUnavailable = "shared-granted-although-unavailable": ["u5-11"];
    /// Takes a subscription identifier although it announced that it does not.
    SubscriptionIdGrantedAlthoughUnavailable = "subscription-id-granted-although-unavailable": ["u5-11"];
    /// Does not answer UNSUBSCRIBE.
    UnsubackMissing = "unsuback-missing": ["v3-3.10.4-4", "v5-3.10.4-4"];
    /// Answers UNSUBSCRIBE only if there was such a subscription.
    UnsubackOnlyIfRemoved = "unsuback-only-if-removed": ["v3-3.10.4-5", "v5-3.10.4-5"];
    /// Sends UNSUBACK with another packet identifier.
    UnsubackWithWrongId = "unsuback-with-wrong-id": ["v3-2.3.1-7", "v3-3.10.4-4", "v5-2.2.1-6", "v5-3.10.4-5"];
    /// Sends the codes of UNSUBACK in another order than the filters.
    UnsubackReasonsReversed = "unsuback-reasons-reversed": ["v5-3.11.3-1"];
    /// Sends one code in UNSUBACK, however many filters there are.
    UnsubackHasOneReason = "unsuback-has-one-reason": ["v5-3.11.3-2"];
    /// Sends UNSUBACK with a code that is for SUBACK.
    UnsubackReasonOfSuback = "unsuback-reason-of-suback": ["v5-3.11.3-2"];
    /// Sends UNSUBACK with a code to 3.1.1 clients.
    NewUnsubackInOldVersion = "new-unsuback-in-old-version": ["u3-04"];
    /// Answers UNSUBSCRIBE and removes nothing.
    UnsubscribeDoesNothing = "unsubscribe-does-nothing": ["v3-3.10.4-2", "v3-3.10.4-1", "v5-3.10.4-2", "v5-3.10.4-1"];
    /// Removes all subscriptions that the filter of UNSUBSCRIBE matches.
    UnsubscribeMatchesWildcards = "unsubscribe-matches-wildcards": ["v3-3.10.4-1", "v5-3.10.4-1"];
    /// Removes the first filter of UNSUBSCRIBE and forgets the others.
    OnlyFirstFilterRemoved = "only-first-filter-removed": ["v3-3.10.4-6", "v5-3.10.4-6", "v5-3.11.3-2"];
    /// Forgets unfinished messages at UNSUBSCRIBE.
    InflightLostAtUnsubscribe = "inflight-lost-at-unsubscribe": ["v3-3.10.4-3", "v5-3.10.4-3"];
    /// Drops the payload format indicator.
    PayloadFormatNotForwarded = "payload-format-not-forwarded": ["v5-3.3.2-4"];
    /// Drops the content type.
    ContentTypeNotForwarded = "content-type-not-forwarded": ["v5-3.3.2-20"];
    /// Drops the response topic.
    ResponseTopicNotForwarded = "response-topic-not-forwarded": ["v5-3.3.2-15"];
    /// Drops the correlation data.
    CorrelationDataNotForwarded = "correlation-data-not-forwarded": ["v5-3.3.2-16"];
    /// Drops user properties.
    UserPropertiesNotForwarded = "user-properties-not-forwarded": ["v5-3.3.2-17"];
    /// Does not deliver a message with properties to a 3.1.1 client.
    NewMessagesNotForOldClients = "new-messages-not-for-old-clients": ["u5-36"];
    /// Changes the order of user properties.
    UserPropertiesSorted = "user-properties-sorted": ["v5-3.3.2-18", "v5-3.1.3-10"];
    /// Keeps one of several user properties of the same name.
    RepeatedUserPropertiesMerged = "repeated-user-properties-merged": ["v5-3.3.2-17"];
    /// Drops the message expiry interval.
    MessageExpiryNotForwarded = "message-expiry-not-forwarded": ["v5-3.3.2-6"];
    /// Passes on the message expiry interval as it came.
    MessageExpiryNotDecremented = "message-expiry-not-decremented": ["v5-3.3.2-6", "u5-28"];
    /// Sends a queued message whose expiry interval has passed.
    ExpiredMessageSent = "expired-message-sent": ["v5-3.3.2-5"];
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
    /// Accepts reserved flags in any packet but those that have a fault of their own.
    ReservedFlagsOverlooked = "reserved-flags-overlooked": ["v3-2.2.2-2", "v5-2.1.3-1"];
    /// Accepts PUBREL with flags other than 0010.
    PubrelFlagsOverlooked = "pubrel-flags-overlooked": ["v3-3.6.1-1", "v3-2.2.2-2", "v5-3.6.1-1", "v5-2.1.3-1"];
    /// Accepts SUBSCRIBE with flags other than 0010.
    SubscribeFlagsOverlooked = "subscribe-flags-overlooked": ["v3-3.8.1-1", "v3-2.2.2-2", "v5-3.8.1-1", "v5-2.1.3-1"];
    /// Takes a PUBACK without a reason code for malformed.
    ShortPubackRefused = "short-puback-refused": ["u5-37"];
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
    TruncationOverlooked = "truncation-overlooked": ["u3-04", "v3-4.8.0-1", "v5-4.13.1-1"];
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
    MalformedPacketClosesAll = "malformed-packet-closes-all": ["v3-4.8.0-1", "v5-4.13.1-1"];
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
    MultiLevelWildcardOverlooked = "multi-level-wildcard-overlooked": ["v3-4.7.1-2", "v5-4.7.1-1"];
    /// Drops a SUBSCRIBE with a misplaced +, and reads on.
    SingleLevelWildcardOverlooked = "single-level-wildcard-overlooked": ["v3-4.7.1-3", "v5-4.7.1-2"];
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
