//! The broker that an input is for.

use arbitrary::Unstructured;
use mqtt_assay::broker::{AccessRule, BrokerOptions, Denied};
use mqtt_assay_codec::Qos;

use super::one_of;

/// Takes what the broker offers from the first bytes.
pub(super) fn of_input(u: &mut Unstructured<'_>) -> BrokerOptions {
    let mut next = || u.arbitrary::<u8>().unwrap_or_default();
    let (limits, rare, whether) = (next(), next(), next());
    // Each of these takes something away from most inputs, so that few have one.
    let lacks = |feature: u8| rare % 24 == feature;
    BrokerOptions {
        inflight_max: one_of(&[1_024, 1, 2, 3], limits),
        receive_maximum: one_of(&[64, 65_535, 2, 1], limits >> 2),
        topic_alias_maximum: one_of(&[16, 2, 16, 0], limits >> 4),
        maximum_packet_size: if lacks(1) { 200 } else { 4 << 20 },
        maximum_qos: match rare % 24 {
            2 => Qos::AtMostOnce,
            3 => Qos::AtLeastOnce,
            _ => Qos::ExactlyOnce,
        },
        retain_available: !lacks(4),
        wildcard_available: !lacks(5),
        shared_available: !lacks(6),
        subscription_id_available: !lacks(7),
        server_keep_alive: lacks(8).then_some(20),
        session_expiry_max: lacks(9).then_some(50),
        stores_qos_0: whether & 1 != 0,
        sends_topic_aliases: whether & 2 == 0,
        reports_no_subscribers: whether & 4 == 0,
        // Whoever is asked for a method is outside of the model.
        has_auth_method: false,
        denied: [
            (DENIED_TO_PUBLISHERS, Denied::Publish),
            (DENIED_TO_SUBSCRIBERS, Denied::Subscribe),
        ]
        .map(|(filter, denied)| AccessRule {
            filter: filter.to_owned(),
            denied,
        })
        .to_vec(),
        ..BrokerOptions::default()
    }
}

const DENIED_TO_PUBLISHERS: &str = "no/#";
const DENIED_TO_SUBSCRIBERS: &str = "secret/+";
