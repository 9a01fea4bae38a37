use mqtt_assay::scenario::{self, Scenario, Step, print_step};

/// A script of every kind of line; each is printed as it stands here.
const LINES: &[&str] = &[
    "c opens",
    r#"c -> CONNECT client-id="{ns}c" clean-start keep-alive=60"#,
    r#"c -> PUBLISH qos=2 dup id=7 topic="{ns}t" payload="once""#,
    r#"c -> PUBLISH topic="{ns}"+"x"*65523"#,
    r#"[5.0] c -> PUBLISH topic="{ns}t" user-property="k":"v" user-property="k":"w""#,
    r#"c -> SUBSCRIBE id=1 filter="{ns}a" qos=1 filter="{ns}b" qos=0"#,
    r#"c -> SUBSCRIBE id=1 filter="a/b" qos=0 with flags=0b0000"#,
    "c -> PINGREQ with remaining-length=5 truncate=1 byte@0=200",
    r#"c -> PINGREQ with remaining-length=0x"ffffffff7f" append=0x"ff""#,
    "c -> PINGREQ then PINGREQ in pieces of 1",
    r#"c -> hex 82 09 0b ff 1e "{ns}" then PINGREQ"#,
    "c -> PUBREL id=$m",
    "c <- CONNACK",
    "c <- CONNACK session-present=no reason=0x00",
    "[5.0] c <- PUBACK id=7 reason=0x00..0x7f",
    "[5.0] c <- PUBACK id=7 reason=..0x7f | PUBACK id=7 reason=0x80..",
    "c <- PUBLISH qos=2 dup=no id=?m topic=present payload=\"x\"",
    "[5.0] c <- CONNACK session-expiry=absent topic-alias-maximum=present",
    "c <- closed",
    "c <- refused",
    "c <- refused 0x82 0x81",
    "c <- closed within 2s",
    "c <- closed within 500ms..2m",
    "c <- PUBREC id=7 then PUBREC id=8 | weak closed | info nothing for 2s",
    r#"c <- nothing matching PUBLISH topic="{ns}t""#,
    "c <- nothing",
    "c <- silence for 10s",
    r#"c connects client-id="{ns}s" session=60s session-present"#,
    "c connects",
    r#"[5.0] c subscribes "{ns}t" qos=2 no-local "{ns}u" qos=0"#,
    r#"c unsubscribes "{ns}t" "{ns}u""#,
    r#"c publishes "{ns}t" "hi" qos=1 retain"#,
    r#"c receives topic="{ns}t" payload="hi" qos=1 within 2s"#,
    "c pings",
    "c disconnects",
    "[5.0] c disconnects reason=0x04 session-expiry=0",
    "c drops",
    "wait 2m",
    "broker restarts",
];

fn script(lines: &str) -> String {
    format!("scenario a/b\n  \"Sentence.\"\n  case one m=1 n=2 d=5s\n{lines}\n")
}

#[track_caller]
fn parse(text: &str) -> Vec<Scenario> {
    match scenario::parse("a/b.mqtt", text) {
        Ok(scenarios) => scenarios,
        Err(errors) => {
            let rendered: Vec<String> = errors.iter().map(|it| it.render(text, false)).collect();
            panic!("{}", rendered.join("\n"))
        }
    }
}

#[track_caller]
fn only(text: &str) -> Step {
    let mut scenarios = parse(&script(text));
    let mut steps = scenarios.remove(0).steps;
    assert_eq!(steps.len(), 1, "{text}");
    steps.remove(0)
}

#[test]
fn every_kind_of_line_is_read_and_printed() {
    for line in LINES {
        let step = only(line);
        assert_eq!(print_step(&step), *line);
        assert_eq!(step.text, *line);
    }
}
