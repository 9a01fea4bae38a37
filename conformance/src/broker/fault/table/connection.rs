//! Keep alive, and the ends of connections.

macro_rules! connection {
    ({ $($rows:tt)* } $next:ident $($others:ident)*) => {
        $next! {
            {
                $($rows)*
                /// Announces a Server Keep Alive, and uses the client's.
                ServerKeepAliveNotUsed = "server-keep-alive-not-used": ["v5-3.1.2-22"], shows with "--server-keep-alive SECONDS";
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
                /// Keeps the keep alive in one byte.
                KeepAliveOfOneByte = "keep-alive-of-one-byte": ["v3-3.1.2-24", "v5-3.1.2-22"];
                /// Reckons one and a half times the keep alive in two bytes.
                KeepAliveOverflows = "keep-alive-overflows": ["v3-3.1.2-24", "v5-3.1.2-22"];
                /// Keeps to the keep alive of the first connection of a session.
                FirstKeepAliveStays = "first-keep-alive-stays": ["v3-3.1.2-24", "v5-3.1.2-22"];
                /// Takes no SUBSCRIBE or UNSUBSCRIBE for a sign of life.
                SubscribeIsNoSignOfLife = "subscribe-is-no-sign-of-life": ["v3-3.1.2-24", "v5-3.1.2-22"];
                /// Takes no PUBACK for a sign of life.
                PubackIsNoSignOfLife = "puback-is-no-sign-of-life": ["v3-3.1.2-24", "v5-3.1.2-22"];
                /// Does not answer PINGREQ.
                PingreqIgnored = "pingreq-ignored": ["v3-3.12.4-1", "v5-3.12.4-1"], also ["u5-39", "u3-14", "v5-2.1.3-1"] "a PINGRESP shows that the connection lives";
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
                ConnectionLeftOpenAfterError = "connection-left-open-after-error": ["v3-4.8.0-1", "v5-4.13.1-1", "v5-4.13.2-1", "v5-3.14.4-2", "v5-3.14.4-1"], also refusals "the connection lives on after each of them";
                /// Leaves the connection open after DISCONNECT of the client.
                ConnectionLeftOpenAfterDisconnect = "connection-left-open-after-disconnect": ["v5-4.13.2-1", "v3-3.14.4-3"], also ["v5-3.1.2-10"] "a Will may come as long as the connection is there";
                /// Closes because of an error without saying so.
                ClosesWithoutDisconnect = "closes-without-disconnect": ["u5-31"];
                /// Takes no notice of protocol errors.
                ProtocolErrorsIgnored = "protocol-errors-ignored": ["v3-4.8.0-1", "v5-4.13.1-1", "v3-3.1.0-2", "v5-3.1.0-2"], also refusals "what is a protocol error is not refused, whatever it is";
                /// Takes no notice of malformed packets.
                MalformedPacketsIgnored = "malformed-packets-ignored": ["v3-4.8.0-1", "v5-4.13.1-1", "v3-2.2.2-2", "v5-2.1.3-1"], also refusals "what is malformed is not refused, whatever is wrong with it";
                /// Sends DISCONNECT to a 3.1.1 client.
                DisconnectSentInOldVersion = "disconnect-sent-in-old-version": ["v3-4.8.0-1", "u3-03"];
                /// Says in a second CONNACK why it closes.
                ErrorSaidInConnack = "error-said-in-connack": ["u5-31", "v5-3.2.0-2", "v3-4.8.0-1", "v3-3.2.2-6", "v5-3.2.2-8"];
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
            }
            $($others)*
        }
    };
}

pub(super) use connection;
