use std::sync::Arc;

use mqtt_assay::broker::{BrokerOptions, Fault};
use mqtt_assay::runner::select;
use mqtt_assay::scenario;
use mqtt_assay::verdict::{TestResult, Verdict};
use mqtt_assay_codec::ProtocolVersion;

use crate::suite;

/// Runs a script of 5.0 against a broker with a fault: what is said of it, and which statements are named.
#[track_caller]
fn check(fault: Fault, script: &str, verdict: Verdict, violated: &str) {
    let result = result(fault, script);
    let keys: Vec<String> = result.violated.iter().map(ToString::to_string).collect();
    assert_eq!(
        (result.verdict, keys.join(" ").as_str()),
        (verdict, violated),
        "{fault}: {}",
        result.message
    );
}

/// Runs a script of 5.0 against a broker with a fault.
fn result(fault: Fault, script: &str) -> TestResult {
    let text = format!("scenario a/b\n\"A test.\"\nversions 5.0\n{script}\n");
    let scenarios = scenario::parse("a/b.mqtt", &text).unwrap();
    let scenarios: Vec<_> = scenarios.into_iter().map(Arc::new).collect();
    let tests = select(&scenarios, &[], &ProtocolVersion::ALL).unwrap();
    let results = suite::run(&tests, BrokerOptions::with_fault(fault));
    results.into_iter().next().unwrap()
}

const FORWARDED: &str = r#"
  sub connects
  sub subscribes "{ns}/t" qos=1
  pub connects
  pub publishes "{ns}/t" "m" qos=1 content-type="text/plain" user-property="k":"v"
  sub receives "{ns}/t" "m"                    @ v5-4.5.0-1
  sub <- that PUBLISH user-property="k":"v"    @ v5-3.3.2-17
  sub <- that PUBLISH content-type=?type       @ v5-3.3.2-20
  sub <- that SUBACK reason=0x01               @ v5-3.8.4-7
"#;

#[test]
fn each_field_of_a_packet_may_have_its_own_statement() {
    let forwarded = |fault, key| check(fault, FORWARDED, Verdict::Fail, key);
    forwarded(Fault::ContentTypeNotForwarded, "v5-3.3.2-20");
    forwarded(Fault::UserPropertiesNotForwarded, "v5-3.3.2-17");
    check(Fault::DupForwarded, FORWARDED, Verdict::Pass, "");
}

#[test]
fn that_needs_a_packet() {
    let script = "c connects\nc <- that PUBLISH dup=no @ v5-3.3.1-3";
    check(Fault::DupForwarded, script, Verdict::Error, "");
}

#[test]
fn what_a_connack_says_is_judged_where_there_is_one() {
    let script = "c connects session=60s\nc connects session=60s session-present @ v5-3.2.2-3";
    check(Fault::ConnackMissing, script, Verdict::Fail, "");
    check(
        Fault::SessionPresentNeverSet,
        script,
        Verdict::Fail,
        "v5-3.2.2-3",
    );
}

#[test]
fn a_broker_that_ends_the_connection_has_kept_silent() {
    let script = r#"
      sub connects
      sub subscribes "{ns}/t" qos=1
      pub connects
      pub publishes "{ns}/t" "m" qos=1
      sub <- PUBLISH topic="{ns}/t" id=?m
      sub -> PUBACK id=$m
      sub <- nothing  @ v5-3.3.2-3
    "#;
    check(Fault::ShortPubackRefused, script, Verdict::Inconclusive, "");
}

#[test]
fn a_line_that_pings_is_about_the_connection() {
    let script = "c connects keep-alive=10\nc pings @ v5-3.1.2-22";
    check(Fault::PingreqIgnored, script, Verdict::Fail, "v5-3.12.4-1");
}

#[test]
fn an_answer_that_is_wrong_at_any_time_breaks_its_own_rule() {
    let subscribe = r#"
      c connects
      c -> SUBSCRIBE id=1 filter="{ns}/t" qos=0
      c <- SUBACK id=1 reason=0x00  @ v5-3.8.4-7
    "#;
    check(
        Fault::SubackWithWrongId,
        subscribe,
        Verdict::Fail,
        "v5-2.2.1-6",
    );
    let publish = r#"
      c connects
      c -> PUBLISH qos=1 id=1 topic="{ns}/t"
      c <- PUBACK id=1              @ v5-4.2.0-1
    "#;
    check(
        Fault::PubackSentAsPubrec,
        publish,
        Verdict::Fail,
        "v5-3.3.4-1",
    );
    let ping = r#"
      c connects
      c pings
      c <- nothing                  @ v5-3.3.2-3
    "#;
    check(Fault::PingrespTwice, ping, Verdict::Fail, "v5-3.12.4-1");
}

#[test]
fn what_is_behind_the_end_of_a_test_is_not_judged() {
    let script = "c connects
      repeat 3
        c -> PINGREQ
        c <- PINGRESP @ v5-3.12.4-1
        c <- that PINGRESP | last closed @ v5-3.1.2-22
      end
      c -> SUBSCRIBE id=0 filter=\"{ns}/t\" qos=0
      c <- last refused | SUBACK @ v5-2.2.1-3
      c <- PINGRESP @ v5-4.5.0-1";
    let ended = result(Fault::DupForwarded, script);
    let judged: Vec<String> = ended.statements.iter().map(ToString::to_string).collect();
    assert_eq!(ended.verdict, Verdict::Info, "{}", ended.message);
    assert_eq!(judged, ["v5-3.1.2-22", "v5-3.12.4-1"]);
}

#[test]
fn a_lifetime_is_not_judged_when_the_test_is_behind_its_time() {
    let script = |pause: &str| {
        format!(
            "sub connects session=60s
             sub subscribes \"{{ns}}/t\" qos=1
             sub disconnects
             pub connects
             pub publishes \"{{ns}}/t\" \"m\" qos=1 message-expiry=100
             {pause}
             sub connects session=60s
             sub receives \"{{ns}}/t\" \"m\"
             sub <- that PUBLISH message-expiry=100 @ v5-3.3.2-6"
        )
    };
    let check =
        |pause, verdict, violated| check(Fault::DupForwarded, &script(pause), verdict, violated);
    check("wait 3s", Verdict::Fail, "v5-3.3.2-6");
    check("pub <- silence for 3s", Verdict::Inconclusive, "");
    check("pub <- silence for 1s", Verdict::Fail, "v5-3.3.2-6");
}
