//! Enhanced authentication.

macro_rules! auth {
    ({ $($rows:tt)* } $next:ident $($others:ident)*) => {
        $next! {
            {
                $($rows)*
                /// Accepts any authentication method.
                UnknownAuthMethodAccepted = "unknown-auth-method-accepted": ["v5-4.12.0-1"];
                /// Sends AUTH to a client that named no authentication method.
                AuthUnasked = "auth-unasked": ["v5-4.12.0-6"], also everything "a client that knows no method waits for its CONNACK";
                /// Sends an authentication method in CONNACK to a client that named none.
                AuthMethodUnasked = "auth-method-unasked": ["v5-4.12.0-6"];
                /// Leaves the authentication method out of CONNACK.
                AuthMethodNotRepeated = "auth-method-not-repeated": ["v5-4.12.0-5"];
                /// Accepts another authentication method in AUTH than in CONNECT.
                AuthMethodMayChange = "auth-method-may-change": ["v5-4.12.0-5", "v5-4.12.1-1", "u5-12"];
                /// Asks for more authentication data with reason 0x00.
                ChallengeWithReasonSuccess = "challenge-with-reason-success": ["v5-4.12.0-2"], also ["v5-3.15.2-2"] "an AUTH with success is no challenge that fits";
                /// Sends AUTH with a reason code that does not exist.
                AuthWithReservedReason = "auth-with-reserved-reason": ["v5-3.15.2-1"];
                /// Lets in a client whose authentication data is wrong.
                WrongAuthDataAccepted = "wrong-auth-data-accepted": ["v5-4.12.0-4"], also ["v5-4.12.0-5", "v5-4.12.0-3"] "whatever AUTH comes ends the exchange";
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
                ReasonOfAuthOverlooked = "reason-of-auth-overlooked": ["v5-3.15.2-1"], also ["v5-4.12.0-7", "u5-12"] "an AUTH of no bytes has the reason 0x00, and is dropped as well";
            }
            $($others)*
        }
    };
}

pub(super) use auth;
