use std::sync::Arc;

use mqtt_assay::broker::BrokerOptions;
use mqtt_assay::runner::{Selected, Settings, select};
use mqtt_assay::scenario;
use mqtt_assay::verdict::{TestResult, Verdict};
use mqtt_assay_codec::ProtocolVersion;

use crate::suite::{run_to_the_limits_with, run_with};

/// More than the reference broker takes by default, and more than the runner does.
const LARGE: &str = r#"
scenario limits/large
  "A large message arrives."
  requires full_limits
  case whole payload="assayer"*3000000
  case part payload="{ns}"+"assayer"*3000000+"{ns}"

  sub connects
  sub subscribes "{ns}t" qos=2
  pub connects
  pub publishes "{ns}t" $payload qos=2
  sub receives "{ns}t" $payload qos=2  @ v3-4.5.0-1 v5-4.5.0-1
"#;

fn tests_of(text: &str) -> Vec<Selected> {
    let scenarios = scenario::parse("limits/test.mqtt", text).unwrap();
    let scenarios: Vec<_> = scenarios.into_iter().map(Arc::new).collect();
    select(&scenarios, &[], &ProtocolVersion::ALL).unwrap()
}

fn large_ones() -> Settings {
    Settings {
        payload_max: 32 << 20,
        ..Settings::default()
    }
}

fn verdicts(results: &[TestResult]) -> Vec<(Verdict, &str)> {
    let verdicts = results.iter().map(|it| (it.verdict, it.message.as_str()));
    let mut verdicts: Vec<_> = verdicts.collect();
    verdicts.dedup();
    verdicts
}

#[test]
fn a_large_message_arrives_where_the_limits_are_full() {
    let results = run_to_the_limits_with(&tests_of(LARGE), BrokerOptions::default(), large_ones());
    assert_eq!(verdicts(&results), [(Verdict::Pass, "")]);
    assert_eq!(results.len(), 4);
    for result in results {
        let longest = result.trace.iter().map(|it| it.packet.len() + it.hex.len());
        assert!(longest.max().unwrap_or(0) < 2_000, "{}", result.id);
    }
}

#[test]
fn a_large_message_that_is_another_is_noticed_and_cut() {
    let text = LARGE.replace(
        "receives \"{ns}t\" $payload",
        "receives \"{ns}t\" \"x\"*3000000",
    );
    let results = run_to_the_limits_with(&tests_of(&text), BrokerOptions::default(), large_ones());
    assert_eq!(results.len(), 4);
    for result in results {
        assert_eq!(result.verdict, Verdict::Fail, "{}", result.message);
        let expected = result.expected.unwrap_or_default();
        let actual = result.actual.unwrap_or_default();
        assert!(expected.contains("payload=\"x\"*3000000"), "{expected}");
        assert!(actual.len() < 1_000, "{actual}");
        assert!(result.message.len() < 1_000, "{}", result.message);
    }
}

#[test]
fn what_is_larger_than_wanted_is_skipped_with_the_reason() {
    let tests = tests_of(LARGE);
    let settings = Settings::default;
    let too_long = run_to_the_limits_with(&tests[..1], BrokerOptions::default(), settings());
    assert_eq!(
        verdicts(&too_long),
        [(
            Verdict::Skip,
            "its payload of 21000000 bytes is above `--payload-max`"
        )]
    );
    let takes_long = run_with(&tests, BrokerOptions::default(), large_ones());
    assert_eq!(
        verdicts(&takes_long),
        [(Verdict::Skip, "it takes long: only with `--limits full`")]
    );
}

#[test]
fn of_very_many_packets_the_first_and_the_last_are_kept() {
    let text = r#"
scenario limits/many
  "Every PINGREQ is answered."

  c connects
  repeat 4000
    c pings  @ v3-3.12.4-1 v5-3.12.4-1
  end
"#;
    for result in run_with(&tests_of(text), BrokerOptions::default(), large_ones()) {
        assert_eq!(result.verdict, Verdict::Pass, "{}", result.message);
        let trace = &result.trace;
        assert_eq!(trace.len(), 4_001);
        assert_eq!(
            (trace[2_000].dir, trace[2_000].packet.as_str()),
            ("..", "(4003 more)")
        );
        assert_eq!(trace.last().map(|it| it.packet.as_str()), Some("PINGRESP"));
    }
}
