use std::fs;
use std::path::Path;

use mqtt_assay::catalogue::Catalogue;
use mqtt_assay::scenario::{
    self, Action, Alternative, Content, Event, Literal, Operand, Pattern, Scenario, SourceFile,
};
use mqtt_assay::scenario::{Step, print_step, template};
use mqtt_assay_codec::ProtocolVersion;
use mqtt_assay_codec::notation::Repeated;
use proptest::collection::vec;
use proptest::sample::select;
use proptest::{prop_assert, prop_assert_eq, proptest};

/// A script of every kind of line; each is printed as it stands here.
const LINES: &[&str] = &[
    "c opens",
    r#"c -> CONNECT client-id="{ns}c" clean-start keep-alive=60"#,
    r#"c -> PUBLISH qos=2 dup id=7 topic="{ns}t" payload="once""#,
    r#"c -> PUBLISH topic="{ns}"+"x"*65523"#,
    r#"c -> PUBLISH topic="{ns}t" payload="{ns}"+"assayer"*38347917"#,
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
    "c <- PUBREC id=7 then PUBREC id=8 | weak closed | info nothing for 2s | last refused 0x97",
    r#"c <- nothing matching PUBLISH topic="{ns}t""#,
    "c <- nothing",
    "c <- silence for 10s",
    "c <- that PUBLISH dup=no | weak that PUBLISH dup then closed",
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
    "broker is killed",
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

#[test]
fn the_longest_payload_takes_no_memory_before_it_is_sent() {
    let text = r#"c -> PUBLISH topic="{ns}t" payload="x"*268435455"#;
    let Action::Send { packets, .. } = only(text).action else {
        panic!("{text} sends nothing");
    };
    let Content::Packet(_, fields) = &packets[0].content else {
        panic!("{text} sends no packet");
    };
    let part = Repeated {
        part: b"x".to_vec(),
        count: 268_435_455,
    };
    let long = Operand::Literal(Literal::Long(vec![part]));
    assert_eq!(fields.last().map(|field| &field.value), Some(&long));
    let plans = scenario::tests(&parse(&script(text))[0]);
    assert_eq!(plans[0].payload_len, 268_435_455);
}

#[test]
fn fields_may_stand_many_times() {
    for (short, long) in [
        (
            r#"c -> SUBSCRIBE id=1 3 times filter="{ns}{i}" qos=1"#,
            r#"c -> SUBSCRIBE id=1 filter="{ns}1" qos=1 filter="{ns}2" qos=1 filter="{ns}3" qos=1"#,
        ),
        (
            r#"[5.0] c -> PUBLISH topic="{ns}t" 2 times user-property="k{i}":"v""#,
            r#"[5.0] c -> PUBLISH topic="{ns}t" user-property="k1":"v" user-property="k2":"v""#,
        ),
        (
            "c <- SUBACK id=1 2 times reason=$i | SUBACK id=1 2 times reason=..0x01",
            "c <- SUBACK id=1 reason=0x01 reason=0x02 | SUBACK id=1 reason=..0x01 reason=..0x01",
        ),
    ] {
        assert_eq!(print_step(&only(short)), long);
    }
}

#[test]
fn every_scenario_is_right() {
    let files = scenario::embedded();
    let scenarios = match scenario::parse_all(&files) {
        Ok(scenarios) => scenarios,
        Err(errors) => panic!("{}", scenario::render_all(&errors, &files, false)),
    };
    let errors: Vec<_> = scenarios.iter().flat_map(check).collect();
    assert!(
        errors.is_empty(),
        "{}",
        scenario::render_all(&errors, &files, false)
    );
}

#[test]
fn the_files_on_disk_are_those_compiled_in() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/scenarios");
    assert_eq!(scenario::load(&folder).unwrap(), scenario::embedded());
}

#[test]
fn layout_keeps_the_meaning_and_is_stable() {
    for file in scenario::embedded() {
        let laid_out = scenario::format(&file.text).unwrap();
        assert_eq!(
            meaning(&laid_out),
            meaning(&file.text),
            "{}:\n{laid_out}",
            file.name
        );
        assert_eq!(scenario::format(&laid_out).unwrap(), laid_out);
    }
}

#[test]
fn a_printed_step_is_the_same_step() {
    for file in scenario::embedded() {
        for mut scenario in parse(&file.text) {
            strip(&mut scenario);
            let mut text = format!("scenario {}\n  \"Sentence.\"\n", scenario.name);
            for step in &scenario.steps {
                text.push_str(&print_step(step));
                text.push('\n');
            }
            let printed = meaning(&text).remove(0);
            assert_eq!(printed.steps, scenario.steps, "{text}");
        }
    }
}

#[test]
fn layout_is_uniform() {
    let text = r#"
# On top.


scenario   a/b
case one   n=1   # the first
case two n = 2
requires qos2   retain
"A  sentence."


# Which versions.
versions 5.0 3.1.1
c connects   session=60s
   c -> SUBSCRIBE id=1 filter="a  b"   qos=0 with flags = 0b1111  # why
c <- closed|weak PINGRESP @   v5-3.8.1-1   v3-3.8.1-1  # because
[5.0]c pings @ v5-3.8.1-1


[one]c -> PUBLISH topic = "{ns}" + "x"*1000 # comment

repeat   $n
# inside
unordered
c <- closed within 1s .. 2s @ v5-3.8.1-1

    # too
c receives topic="a/b" payload = $n
end
end
# last
scenario a/c
"S."
c connects
"#;
    insta::assert_snapshot!(scenario::format(text).unwrap());
}

#[test]
fn a_test_for_each_version_and_case() {
    let text = r#"
scenario a/b
  "Sentence."
  case one
  case two [5.0]
  c connects
  [one] c pings            @ v3-3.12.4-1
  [5.0] c pings            @ v5-3.12.4-1
  unordered
    [5.0 two] c <- closed  @ u5-02 v3-3.12.4-1
  end
"#;
    let plans: Vec<String> = scenario::tests(&parse(text)[0])
        .iter()
        .map(|plan| {
            let statements: Vec<String> = plan.statements.iter().map(ToString::to_string).collect();
            format!("{} {}", plan.id, statements.join(" "))
        })
        .collect();
    assert_eq!(
        plans,
        [
            "a/b@3.1.1+one v3-3.12.4-1",
            "a/b@5.0+one v5-3.12.4-1",
            "a/b@5.0+two u5-02 v5-3.12.4-1",
        ]
    );
}

#[test]
fn a_guard_asks_for_a_version_and_a_case() {
    let step = only("[5.0 one two] c pings");
    let applies = |version, case| step.applies(version, case);
    assert!(applies(ProtocolVersion::V5_0, Some("two")));
    assert!(!applies(ProtocolVersion::V5_0, None));
    assert!(!applies(ProtocolVersion::V5_0, Some("three")));
    assert!(!applies(ProtocolVersion::V3_1_1, Some("one")));
}

#[test]
fn spans_are_those_of_the_line_s_text() {
    let step = only("  c <- PUBLISH  qos=2 dup=no id=?m   # why");
    let Action::Expect { alternatives, .. } = &step.action else {
        panic!("{step:?}");
    };
    let [Alternative { events, .. }] = alternatives.as_slice() else {
        panic!("{step:?}");
    };
    let [Event::Packet(Pattern { fields, .. })] = events.as_slice() else {
        panic!("{step:?}");
    };
    let spans: Vec<&str> = fields
        .iter()
        .map(|it| &step.text[it.span.clone()])
        .collect();
    assert_eq!(spans, ["qos=2", "dup=no", "id=?m"]);
}

#[test]
fn placeholders_are_words_in_braces() {
    let names = |text: &str| -> Vec<String> {
        template::placeholders(text.as_bytes())
            .map(|(name, span)| format!("{name}@{}", span.start))
            .collect()
    };
    assert_eq!(names("{ns}a/{i}{x-1}"), ["ns@0", "i@6", "x-1@9"]);
    assert_eq!(names(r#"{"a":{b}} {} {A} {1} {ns"#), ["b@5"]);
    let filled = template::substitute(b"{ns}/{other}{i}", |name| match name {
        "ns" => Some(b"N".to_vec()),
        "i" => Some(b"3".to_vec()),
        _ => None,
    });
    assert_eq!(filled, b"N/{other}3");
}

#[test]
fn every_example_of_the_page_is_a_scenario() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/writing-scenarios.md");
    let Ok(page) = fs::read_to_string(page) else {
        // The page is not in the package, and the examples were tried before it was made.
        return;
    };
    let mut blocks = page.split("```mqtt\n").skip(1).peekable();
    assert!(blocks.peek().is_some());
    for block in blocks {
        let (text, _) = block.split_once("```").unwrap();
        let errors: Vec<_> = parse(text).iter().flat_map(check).collect();
        let files = [SourceFile {
            name: "a/b.mqtt".to_owned(),
            text: text.to_owned(),
        }];
        let rendered = scenario::render_all(&errors, &files, false);
        assert!(errors.is_empty(), "{rendered}");
        assert_eq!(scenario::format(text).unwrap(), text);
    }
}

fn check(scenario: &Scenario) -> Vec<scenario::ScenarioError> {
    scenario::check(scenario, &|id| Catalogue::embedded().get(id).is_some())
}

/// The scenarios of a text, without what tells where they stand.
#[track_caller]
fn meaning(text: &str) -> Vec<Scenario> {
    let mut scenarios = parse(text);
    scenarios.iter_mut().for_each(strip);
    scenarios
}

fn strip(scenario: &mut Scenario) {
    scenario.line = 0;
    for case in &mut scenario.cases {
        case.line = 0;
    }
    scenario.steps.iter_mut().for_each(strip_step);
}

fn strip_step(step: &mut Step) {
    step.line = 0;
    step.text.clear();
    match &mut step.action {
        Action::Connect { connack, .. } => connack.iter_mut().for_each(|it| it.span = 0..0),
        Action::Receive { pattern, .. } => strip_pattern(pattern),
        Action::Expect { alternatives, .. } => {
            for event in alternatives.iter_mut().flat_map(|it| &mut it.events) {
                if let Event::Packet(pattern)
                | Event::That(pattern)
                | Event::Nothing {
                    matching: Some(pattern),
                    ..
                } = event
                {
                    strip_pattern(pattern);
                }
            }
        }
        Action::Unordered { steps }
        | Action::Repeat { steps, .. }
        | Action::Eventually { steps, .. } => {
            steps.iter_mut().for_each(strip_step);
        }
        Action::Speak { .. }
        | Action::Open { .. }
        | Action::Send { .. }
        | Action::Subscribe { .. }
        | Action::Unsubscribe { .. }
        | Action::Publish { .. }
        | Action::Ping { .. }
        | Action::Disconnect { .. }
        | Action::Drop { .. }
        | Action::HalfClose { .. }
        | Action::Wait { .. }
        | Action::RestartBroker { .. } => {}
    }
}

fn strip_pattern(pattern: &mut Pattern) {
    for field in &mut pattern.fields {
        field.span = 0..0;
    }
}

/// Pieces of which scenarios are made, right and wrong ones.
const PIECES: &[&str] = &[
    "scenario a/b\n",
    "\"Sentence.\"\n",
    "versions ",
    "case ",
    "requires ",
    "exclusive\n",
    "\n",
    "\n",
    "\n",
    "end\n",
    "unordered\n",
    "repeat 2\n",
    "repeat ",
    "c ",
    "c ",
    "[5.0] ",
    "[",
    "]",
    "-> ",
    "<- ",
    "connects ",
    "subscribes ",
    "receives ",
    "publishes ",
    "pings ",
    "drops ",
    "opens ",
    "offering ",
    "subprotocol=",
    "in a text frame",
    "in fragments of 2",
    "wait ",
    "broker restarts",
    "PUBLISH ",
    "CONNACK ",
    "hex ",
    "82 ",
    "topic=",
    "id=",
    "qos=1 ",
    "dup ",
    "dup=",
    "\"a/b\" ",
    "\"{ns}\"",
    "\"",
    "\"{x}\" ",
    "0x\"ff\"",
    "*3 ",
    "+",
    "$x ",
    "?x ",
    "=",
    "..",
    "7",
    " 9 ",
    "2s ",
    "absent ",
    "no ",
    "then ",
    "with ",
    "flags=",
    "byte@0=",
    "in pieces of ",
    "| ",
    "weak ",
    "info ",
    "last ",
    "nothing ",
    "matching ",
    "for ",
    "silence ",
    "refused ",
    "within ",
    "@ ",
    "v5-3.12.4-1 ",
    "# why ",
    "\u{e9}",
    "\u{a7}",
    "session=",
    "user-property=",
    ":",
    "one ",
    "3.1.1 ",
];

proptest! {
    #[test]
    fn any_text_is_read_or_told_its_mistakes(pieces in vec(select(PIECES), 0..40)) {
        let text = pieces.concat();
        for text in [text.clone(), script(&text), script(&format!("c connects\nc {text}"))] {
            match scenario::parse("a/b.mqtt", &text) {
                Ok(scenarios) => {
                    let laid_out = scenario::format(&text).unwrap();
                    prop_assert_eq!(meaning(&laid_out), meaning(&text), "{}", laid_out);
                    prop_assert_eq!(&scenario::format(&laid_out).unwrap(), &laid_out);
                    for error in scenarios.iter().flat_map(check) {
                        prop_assert!(!error.render(&text, false).is_empty());
                    }
                }
                Err(errors) => {
                    for error in errors {
                        let columns = error.columns(&text);
                        let line = text.lines().nth(error.line() as usize - 1).unwrap_or_default();
                        prop_assert!(line.get(columns).is_some(), "{}", error);
                        prop_assert!(!error.render(&text, true).is_empty());
                    }
                }
            }
        }
    }
}
