//! Retained messages.

macro_rules! retain {
    ({ $($rows:tt)* } $next:ident $($others:ident)*) => {
        $next! {
            {
                $($rows)*
                /// Retains nothing.
                RetainIgnored = "retain-ignored": ["v3-3.3.1-5", "v3-3.3.1-6", "v5-3.3.1-5", "v5-3.3.1-9"], also ["u5-36", "u5-20", "v5-3.3.1-10", "v5-3.3.1-8", "u5-32", "v5-4.7.3-4", "v3-3.1.2-7", "v5-3.1.2-15"] "nothing is retained of which more could be right";
                /// Forgets retained messages with the session of their publisher.
                RetainedEndsWithSession = "retained-ends-with-session": ["v3-3.1.2-7", "v3-3.3.1-5", "v5-3.3.1-5"], also ["u5-36"] "what was retained is gone before another version asks";
                /// Retains every message.
                EverythingRetained = "everything-retained": ["v3-3.3.1-12", "v5-3.3.1-8"], also ["v5-3.8.4-4", "v5-3.1.2-14"] "a subscription gets what was never retained";
                /// Removes a retained message when another comes that is not to be retained.
                UnretainedRemovesRetained = "unretained-removes-retained": ["v3-3.3.1-12", "v5-3.3.1-8"];
                /// Keeps the first retained message of a topic.
                FirstRetainedStays = "first-retained-stays": ["v3-3.3.1-5", "v3-3.3.1-6", "v5-3.3.1-5"], also ["v3-3.3.1-7", "v5-3.1.2-15"] "nothing replaces what was retained first";
                /// Does not replace a retained message by one of QoS 0.
                RetainedQosZeroNotReplacing = "retained-qos-zero-not-replacing": ["v3-3.3.1-7", "v5-3.3.1-5"];
                /// Retains an empty message.
                EmptyPayloadRetained = "empty-payload-retained": ["v3-3.3.1-10", "v3-3.3.1-11", "v5-3.3.1-6", "v5-3.3.1-7"];
                /// Does not remove a retained message because of an empty one.
                EmptyPayloadRemovesNothing = "empty-payload-removes-nothing": ["v3-3.3.1-10", "v5-3.3.1-6"];
                /// Does not remove a retained message because of an empty one of QoS 0.
                EmptyQosZeroRemovesNothing = "empty-qos-zero-removes-nothing": ["v3-3.3.1-10", "v3-3.3.1-11", "v5-3.3.1-6", "v5-3.3.1-7"];
                /// Does not remove a retained message because of an empty one with QoS 2.
                EmptyQosTwoRemovesNothing = "empty-qos-two-removes-nothing": ["v3-3.3.1-10", "v5-3.3.1-6"];
                /// Removes the retained messages of lower levels as well.
                RemovalTakesLowerLevels = "removal-takes-lower-levels": ["v3-3.3.1-10", "v5-3.3.1-6"];
                /// Does not deliver the empty message that removes a retained one.
                RemovalNotDelivered = "removal-not-delivered": ["v3-3.3.1-10", "v5-3.3.1-6"];
                /// Sends retained messages to new subscriptions without RETAIN.
                RetainedSentWithoutFlag = "retained-sent-without-flag": ["v3-3.3.1-8", "u5-20"], also ["u3-13", "v5-3.3.1-9", "v5-4.7.3-4"] "a message without the flag was not retained";
                /// Sends retained messages at their own QoS, whatever was granted.
                RetainedSentAtStoredQos = "retained-sent-at-stored-qos": ["u3-15", "v3-3.8.4-6", "v5-3.8.4-8"];
                /// Sends the retained messages of all filters of a SUBSCRIBE at the QoS that the first was granted.
                RetainedSentAtFirstQos = "retained-sent-at-first-qos": ["v3-3.8.4-6", "v5-3.8.4-8", "u3-15"];
                /// Sends no retained messages to a subscription with a wildcard.
                RetainedNotSentForWildcard = "retained-not-sent-for-wildcard": ["v3-3.3.1-6", "v5-3.3.1-9"], also ["v5-3.3.1-10"] "a new filter with wildcards gets nothing";
                /// Does not find a retained message by a wildcard any more once its topic was unsubscribed from.
                RetainedLostToWildcardsAtUnsubscribe = "retained-lost-to-wildcards-at-unsubscribe": ["v3-3.3.1-6", "v5-3.3.1-9"];
                /// Sends the retained messages of one branch to a filter with a wildcard before its last level.
                RetainedOfOneBranchSent = "retained-of-one-branch-sent": ["v3-3.3.1-6", "v5-3.3.1-9"];
                /// Sends no retained messages with $ in a lower level to a filter with a wildcard.
                RetainedDollarLevelSkipped = "retained-dollar-level-skipped": ["v3-3.3.1-6", "v5-3.3.1-9"];
                /// Sends no retained messages whose topic begins with a slash to a filter with a wildcard.
                RetainedEmptyFirstLevelSkipped = "retained-empty-first-level-skipped": ["v3-3.3.1-6", "v5-3.3.1-9"];
                /// Cuts the payload of a retained message at 65,535 bytes.
                RetainedPayloadCut = "retained-payload-cut": ["v3-3.3.1-6", "v5-3.3.1-9"];
                /// Sends retained messages to a new subscription only, whatever it asks for.
                RetainedNotSentAgain = "retained-not-sent-again": ["v3-3.8.4-3", "v5-3.3.1-9", "v5-3.8.4-4"];
                /// Sends no retained messages again to a subscription of an earlier connection.
                RetainedNotSentAgainAfterResume = "retained-not-sent-again-after-resume": ["v3-3.8.4-3", "v5-3.3.1-9", "v5-3.8.4-4"];
                /// Sends retained messages when a session is resumed.
                RetainedSentOnResume = "retained-sent-on-resume": ["u3-12"], also ["v3-4.4.0-1", "v5-4.4.0-1", "v5-3.3.1-13", "v5-3.3.1-12"] "the retained copy comes where the live one is due";
                /// Passes on the RETAIN flag to every subscription.
                RetainFlagForwarded = "retain-flag-forwarded": ["v3-3.3.1-9", "v5-3.3.1-12"];
                /// Clears RETAIN although the subscription asks to keep it.
                RetainAsPublishedIgnored = "retain-as-published-ignored": ["v5-3.3.1-13"];
                /// Clears RETAIN although all of several subscriptions that overlap ask to keep it.
                RetainAsPublishedLostInOverlap = "retain-as-published-lost-in-overlap": ["v5-3.3.1-13"];
                /// Sends retained messages to an old subscription with Retain Handling 1.
                RetainHandlingOneTakenForZero = "retain-handling-one-taken-for-zero": ["v5-3.3.1-10"];
                /// Sends no retained messages to a new subscription with Retain Handling 1.
                RetainHandlingOneSendsNothing = "retain-handling-one-sends-nothing": ["v5-3.3.1-10"];
                /// Sends retained messages although Retain Handling is 2.
                RetainHandlingTwoTakenForZero = "retain-handling-two-taken-for-zero": ["v5-3.3.1-11"], also ["v5-3.8.4-3"] "the retained copy comes where the live one is due";
                /// Counts the expiry interval of a retained message from its delivery.
                RetainedNeverExpires = "retained-never-expires": ["u5-28", "v5-3.3.2-5"];
                /// Lets a retained message without an expiry interval expire with the one that it replaced.
                ReplacedExpiryStays = "replaced-expiry-stays": ["v5-3.3.1-5"];
                /// Does not retain a message that has an expiry interval.
                RetainedWithLifetimeLost = "retained-with-lifetime-lost": ["v5-3.3.1-5", "v5-3.3.1-9", "u5-28"];
                /// Removes a retained message when the expiry interval of the one before it has passed.
                EarlierLifetimeEndsRetained = "earlier-lifetime-ends-retained": ["v5-3.3.1-5", "u5-28"];
                /// Sends a client its own retained messages although No Local is set.
                NoLocalIgnoredForRetained = "no-local-ignored-for-retained": ["v5-3.8.3-3"];
            }
            $($others)*
        }
    };
}

pub(super) use retain;
