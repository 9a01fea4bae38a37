use std::process::Command;

use serde_json::Value;

/// Runs tests against a broker that the tool starts, with a fault; the JSON report.
fn run_started(fault: &str, select: &[&str]) -> Value {
    let tool = env!("CARGO_BIN_EXE_mqtt-assay");
    let output = Command::new(tool)
        .args(["run", "--report", "json=-"])
        .args(select)
        .args(["--", tool, "serve", "--listen", "127.0.0.1:{port}"])
        .args(["--fault", fault])
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {stderr}"))
}

#[test]
fn a_broker_that_goes_down_is_started_again_and_the_test_that_did_it_is_named() {
    let select = [
        "malformed/remaining-length-of-five-bytes",
        "qos1/puback-has-the-id",
        "ping/*",
    ];
    let report = run_started("long-remaining-length-takes-it-down", &select);
    let tests = report["tests"].as_array().unwrap();
    assert!(tests.len() > 20, "{} tests", tests.len());
    for test in tests {
        let id = test["id"].as_str().unwrap();
        let did_it = id.starts_with("malformed/");
        assert_eq!(test["crash"], did_it, "{id}");
        let verdict = if did_it { "fail" } else { "pass" };
        assert_eq!(test["verdict"], verdict, "{id}: {}", test["message"]);
        if did_it {
            let message = test["message"].as_str().unwrap();
            assert!(
                message.starts_with("the broker went down in this test: `")
                    && message.ends_with("` ended with exit status: 3"),
                "{message}"
            );
        }
    }
    assert_eq!(report["crashes"], Value::Array(Vec::new()));
}
