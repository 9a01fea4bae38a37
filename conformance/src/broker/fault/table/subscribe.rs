//! Topics, SUBSCRIBE and UNSUBSCRIBE.

macro_rules! subscribe {
    ({ $($rows:tt)* } $next:ident $($others:ident)*) => {
        $next! {
            {
                $($rows)*
                /// Matches topics that start with $ by a wildcard.
                WildcardMatchesDollarTopic = "wildcard-matches-dollar-topic": ["v3-4.7.2-1", "v5-4.7.2-1"];
                /// Matches topics without regard to case.
                TopicMatchIgnoresCase = "topic-match-ignores-case": ["v3-4.7.3-4", "v5-4.7.3-4", "v3-3.3.2-3", "v5-3.3.2-3"];
                /// Matches topics without regard to a slash at their end.
                TrailingSlashIgnored = "trailing-slash-ignored": ["v3-4.7.3-4", "v5-4.7.3-4", "v3-3.3.2-3", "v5-3.3.2-3"];
                /// Cuts very long topics.
                LongTopicTruncated = "long-topic-truncated": ["v3-4.7.3-3", "v5-4.7.3-3"], also ["v5-4.5.0-1"] "a message whose topic was cut goes elsewhere";
                /// Matches topics without regard to U+FEFF.
                ByteOrderMarkIgnoredInMatch = "byte-order-mark-ignored-in-match": ["v3-1.5.3-3", "v3-4.7.3-4", "v5-1.5.4-3", "v5-4.7.3-4"];
                /// Matches a filter with topics one level below it.
                SingleLevelMatchesMore = "single-level-matches-more": ["v3-4.7.1-3", "v3-3.3.2-3", "v5-4.7.1-2", "v5-3.3.2-3"], also ["v5-4.7.3-4"] "what stands behind a slash at the end is a level";
                /// Does not answer SUBSCRIBE.
                SubackMissing = "suback-missing": ["v3-3.8.4-1", "v5-3.8.4-1"], also ["v5-3.9.3-2", "v5-3.2.2-10", "u5-11", "v5-3.8.4-7", "u5-32", "v5-2.1.3-1", "v5-3.1.2-29", "v5-3.8.4-6", "v5-3.9.2-1"] "what is said in a SUBACK, or by it, is not said";
                /// Sends no SUBACK when retained messages go out for the SUBSCRIBE.
                SubackLostBehindRetained = "suback-lost-behind-retained": ["u3-09", "u5-32"];
                /// Sends SUBACK with another packet identifier.
                SubackWithWrongId = "suback-with-wrong-id": ["v3-2.3.1-7", "v3-3.8.4-2", "v5-2.2.1-6", "v5-3.8.4-2"];
                /// Sends the codes of SUBACK in another order than the filters.
                SubackReasonsReversed = "suback-reasons-reversed": ["v3-3.9.3-1", "v5-3.9.3-1"], also ["v3-3.8.4-6", "v5-3.8.4-8", "v5-3.8.4-5"] "the later code stands at the earlier filter";
                /// Sends one code in SUBACK, however many filters there are.
                SubackHasOneReason = "suback-has-one-reason": ["v3-3.8.4-5", "v5-3.8.4-6"];
                /// Grants the QoS of a subscription that is made again, if that is higher.
                HigherQosGrantedAgain = "higher-qos-granted-again": ["v3-3.8.4-3", "v5-3.8.4-3"];
                /// Sends the codes of the first 255 filters in SUBACK.
                SubackReasonsCountedInByte = "suback-reasons-counted-in-byte": ["v3-3.8.4-5", "v5-3.8.4-6"];
                /// Grants QoS 0 and delivers at what was asked for.
                SubackSaysAlwaysQosZero = "suback-says-always-qos-zero": ["v3-3.8.4-6", "v3-3.8.4-5", "v5-3.8.4-7", "v5-3.8.4-8"];
                /// Grants more than was asked for, or than it delivers.
                SubackSaysMoreThanGranted = "suback-says-more-than-granted": ["v3-3.8.4-5", "v5-3.8.4-7"], also ["v3-3.8.4-3", "v5-3.8.4-3", "v5-3.8.4-1", "v5-3.9.3-1"] "every code is another one";
                /// Sends SUBACK with a code that does not exist.
                SubackWithReservedReason = "suback-with-reserved-reason": ["v3-3.9.3-2", "v5-3.9.3-2"];
                /// Refuses a subscription of 3.1.1 with a reason code of 5.0.
                NewReasonCodeInSuback = "new-reason-code-in-suback": ["v3-3.9.3-2"], shows with "--deny ACTION=FILTER";
                /// Leaves out the property length of SUBACK where there are no properties.
                SubackWithoutPropertyLength = "suback-without-property-length": ["v5-2.2.2-1", "u5-01", "v5-3.8.4-6"];
                /// Delivers at QoS 0, whatever was granted.
                SubscriptionKeptAtQosZero = "subscription-kept-at-qos-zero": ["v3-3.8.4-6", "v3-3.8.4-5", "v5-3.8.4-7", "v5-3.8.4-8"], also everything "no message comes at QoS 1 or 2, or waits for a client that is away";
                /// Takes the first filter of SUBSCRIBE and forgets the others.
                OnlyFirstFilterTaken = "only-first-filter-taken": ["v3-3.8.4-4", "v3-3.8.4-5", "v5-3.8.4-5", "v5-3.8.4-6"];
                /// Keeps the options of a subscription that is made again.
                RepeatedSubscribeKeepsOldOptions = "repeated-subscribe-keeps-old-options": ["v3-3.8.4-3", "v5-3.8.4-3"];
                /// Keeps the options of a shared subscription that is made again.
                RepeatedShareKeepsOldOptions = "repeated-share-keeps-old-options": ["v5-3.8.4-3"];
                /// Delivers at the lowest QoS of overlapping subscriptions.
                OverlapAtLowestQos = "overlap-at-lowest-qos": ["v3-3.3.5-1", "v5-3.3.4-2"];
                /// Delivers to every client at the lowest QoS that any of them was granted.
                LowestQosForAllSubscribers = "lowest-qos-for-all-subscribers": ["v3-3.8.4-6", "v5-3.8.4-8"];
                /// Sends the identifier of one of several overlapping subscriptions.
                OverlapKeepsOneSubscriptionId = "overlap-keeps-one-subscription-id": ["v5-3.3.4-3", "v5-3.3.4-4"];
                /// Sends a copy for each match, and in each the identifiers of all.
                EachCopyHasEveryId = "each-copy-has-every-id": ["v5-3.3.4-5"], also ["v5-3.3.4-2"] "every copy says that it came by all subscriptions";
                /// Does not send subscription identifiers.
                SubscriptionIdMissing = "subscription-id-missing": ["u5-29", "v5-3.3.4-3"];
                /// Does not send subscription identifiers with retained messages.
                SubscriptionIdMissingOnRetained = "subscription-id-missing-on-retained": ["u5-29"];
                /// Keeps the identifier of a subscription that is made again without one.
                SubscriptionIdSurvivesReplacement = "subscription-id-survives-replacement": ["v5-3.8.4-3"];
                /// Sends a client its own messages although No Local is set.
                NoLocalIgnored = "no-local-ignored": ["v5-3.8.3-3"];
                /// Takes no notice of No Local in a filter with a wildcard.
                NoLocalIgnoredForWildcard = "no-local-ignored-for-wildcard": ["v5-3.8.3-3"];
                /// Sends a message to every member of a shared subscription.
                SharedMessageToAllMembers = "shared-message-to-all-members": ["u5-22"];
                /// Sends a message to every member of a shared subscription that has more than two.
                SharedMessageToAllOfThree = "shared-message-to-all-of-three": ["u5-22"];
                /// Does not match a shared subscription that ends with # with the level above.
                SharedWildcardMissesParent = "shared-wildcard-misses-parent": ["u5-22", "v5-4.5.0-1"];
                /// Takes share names for one that differ in case.
                ShareNameCaseFolded = "share-name-case-folded": ["u5-22"];
                /// Gives a message that its receiver refuses to others.
                RefusedMessageGivenToOthers = "refused-message-given-to-others": ["v5-4.8.2-6"], also ["v5-4.4.0-2"] "without another member it comes again to the one that refused it";
                /// Gives an unfinished QoS 2 message to others when its session ends.
                UnfinishedMessageGivenToOthers = "unfinished-message-given-to-others": ["v5-4.8.2-5"];
                /// Sends retained messages to a shared subscription.
                RetainedSentToSharedSubscription = "retained-sent-to-shared-subscription": ["u5-21"];
                /// Grants filters with wildcards, and sends nothing because of them.
                WildcardsGrantedInVain = "wildcards-granted-in-vain": ["v3-3.8.3-2", "v3-4.5.0-1", "v5-4.5.0-1"], also ["v5-3.3.4-2", "v5-3.10.4-1", "u5-22", "v5-3.3.4-3", "v5-3.3.2-11"] "no message comes by a filter with wildcards";
                /// Grants a filter with a wildcard although it announced that it does not.
                WildcardGrantedAlthoughUnavailable = "wildcard-granted-although-unavailable": ["u5-11"], shows with "--no-wildcards";
                /// Grants a shared subscription although it announced that it does not.
                SharedGrantedAlthoughUnavailable = "shared-granted-although-unavailable": ["u5-11"], shows with "--no-shared-subscriptions";
                /// Takes a subscription identifier although it announced that it does not.
                SubscriptionIdGrantedAlthoughUnavailable = "subscription-id-granted-although-unavailable": ["u5-11"], shows with "--no-subscription-ids";
                /// Does not answer UNSUBSCRIBE.
                UnsubackMissing = "unsuback-missing": ["v3-3.10.4-4", "v5-3.10.4-4"], also ["v5-3.11.2-1", "v5-2.1.3-1", "v5-3.3.4-10", "v3-3.10.4-5"] "what is said in an UNSUBACK, or by it, is not said";
                /// Answers UNSUBSCRIBE only if there was such a subscription.
                UnsubackOnlyIfRemoved = "unsuback-only-if-removed": ["v3-3.10.4-5", "v5-3.10.4-5"], also ["v5-3.11.2-1"] "what is said in an UNSUBACK is not said";
                /// Sends UNSUBACK with another packet identifier.
                UnsubackWithWrongId = "unsuback-with-wrong-id": ["v3-2.3.1-7", "v3-3.10.4-4", "v5-2.2.1-6", "v5-3.10.4-5"];
                /// Sends the codes of UNSUBACK in another order than the filters.
                UnsubackReasonsReversed = "unsuback-reasons-reversed": ["v5-3.11.3-1"];
                /// Sends one code in UNSUBACK, however many filters there are.
                UnsubackHasOneReason = "unsuback-has-one-reason": ["v5-3.11.3-2"];
                /// Sends the codes of the first 255 filters in UNSUBACK.
                UnsubackReasonsCountedInByte = "unsuback-reasons-counted-in-byte": ["v5-3.11.3-2"];
                /// Sends UNSUBACK with a code that is for SUBACK.
                UnsubackReasonOfSuback = "unsuback-reason-of-suback": ["v5-3.11.3-2"];
                /// Sends UNSUBACK with a code to 3.1.1 clients.
                NewUnsubackInOldVersion = "new-unsuback-in-old-version": ["u3-04"];
                /// Answers UNSUBSCRIBE and removes nothing.
                UnsubscribeDoesNothing = "unsubscribe-does-nothing": ["v3-3.10.4-2", "v3-3.10.4-1", "v5-3.10.4-2", "v5-3.10.4-1"], also ["v5-3.3.1-10", "u5-22", "v5-3.10.4-3"] "the subscription is still there";
                /// Answers UNSUBSCRIBE in a resumed session and removes nothing.
                UnsubscribeDoesNothingAfterResume = "unsubscribe-does-nothing-after-resume": ["v3-3.10.4-2", "v5-3.10.4-2"];
                /// Removes all subscriptions that the filter of UNSUBSCRIBE matches.
                UnsubscribeMatchesWildcards = "unsubscribe-matches-wildcards": ["v3-3.10.4-1", "v5-3.10.4-1"], also ["v5-3.11.3-1"] "more is removed than was asked for";
                /// Removes the first filter of UNSUBSCRIBE and forgets the others.
                OnlyFirstFilterRemoved = "only-first-filter-removed": ["v3-3.10.4-6", "v5-3.10.4-6", "v5-3.11.3-2"];
                /// Forgets unfinished messages at UNSUBSCRIBE.
                InflightLostAtUnsubscribe = "inflight-lost-at-unsubscribe": ["v3-3.10.4-3", "v5-3.10.4-3"], also ["v5-3.3.4-9"] "its place is taken by another message, which the client still has to acknowledge";
                /// Forgets at UNSUBSCRIBE which PUBREL were not answered.
                PubrelsLostAtUnsubscribe = "pubrels-lost-at-unsubscribe": ["v3-3.10.4-3", "v5-3.10.4-3"];
            }
            $($others)*
        }
    };
}

pub(super) use subscribe;
