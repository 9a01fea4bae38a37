//! A scenario of the matrix: packets of one type with one class of mistake, written in the language of scenarios.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use mqtt_assay_codec::{DecodeError, PacketType, ProtocolVersion, StatementId};

use super::Specimen;
use super::mistake::{Variables, bytes, error_in};
use super::outcome::{self, Outcome};
use crate::scenario::{Case, Literal, Outgoing, print_case, print_outgoing};

/// A scenario, as it grows.
pub(super) struct Sheet {
    /// `packet/class`.
    name: String,
    summary: String,
    requires: Vec<&'static str>,
    is_exclusive: bool,
    setting: Setting,
    /// What a packet breaks by coming at all, in 3.1.1 and 5.0, whatever is in it.
    breach: Option<Breach>,
    rows: Vec<Row>,
}

/// When the packets are sent.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Setting {
    /// As the first packet of a connection.
    First,
    /// On a connection on which this packet may come now.
    Due(PacketType),
}

struct Breach {
    statements: [StatementId; 2],
    codes: &'static [u8],
}

/// One test.
struct Row {
    case: String,
    version: ProtocolVersion,
    variables: Vec<(String, Literal)>,
    packet: Outgoing,
    bytes: Vec<u8>,
    error: Option<DecodeError>,
    outcome: Outcome,
    statement: StatementId,
}

impl Sheet {
    /// A class of mistakes in packets of a type.
    pub(super) fn new(packet_type: PacketType, class: &str, summary: impl Into<String>) -> Self {
        let topic = packet_type.name().to_ascii_lowercase();
        let setting = match packet_type {
            PacketType::Connect => Setting::First,
            _ => Setting::Due(packet_type),
        };
        Self::at(setting, format!("{topic}/{class}"), summary.into())
    }

    /// Packets that may not be the first of a connection.
    pub(super) fn of_first_packets(class: &str, summary: &str) -> Self {
        let mut sheet = Self::at(
            Setting::First,
            format!("first-packet/{class}"),
            summary.to_owned(),
        );
        sheet.breach = Some(Breach {
            statements: [StatementId::v3(3, 1, 0, 1), StatementId::v5(3, 1, 0, 1)],
            codes: &[0x82, 0x81],
        });
        sheet
    }

    /// CONNECT packets that are not the first of a connection.
    pub(super) fn of_second_connects(class: &str, summary: &str) -> Self {
        let setting = Setting::Due(PacketType::Connect);
        let mut sheet = Self::at(setting, format!("connect/{class}"), summary.to_owned());
        sheet.breach = Some(Breach {
            statements: [StatementId::v3(3, 1, 0, 2), StatementId::v5(3, 1, 0, 2)],
            codes: &[0x82, 0x81],
        });
        sheet
    }

    /// Frames that are of no packet type, or of one that only servers send.
    pub(super) fn of_frames(class: &str, summary: &str) -> Self {
        let setting = Setting::Due(PacketType::Pingreq);
        Self::at(setting, format!("frame/{class}"), summary.to_owned())
    }

    fn at(setting: Setting, name: String, summary: String) -> Self {
        let requires: &[&str] = match setting {
            Setting::Due(PacketType::Puback) => &["qos1"],
            Setting::Due(PacketType::Pubrec | PacketType::Pubrel | PacketType::Pubcomp) => {
                &["qos2"]
            }
            _ => &[],
        };
        Self {
            name,
            summary,
            requires: requires.to_vec(),
            is_exclusive: false,
            setting,
            breach: None,
            rows: Vec::new(),
        }
    }

    /// What the broker must be capable of for the packets to be valid but for their mistake.
    pub(super) fn requires(mut self, capability: &'static str) -> Self {
        self.requires.push(capability);
        self
    }

    /// Runs the packets while no other test runs: a broker that passes them on might pass them to any client.
    pub(super) const fn exclusive(mut self) -> Self {
        self.is_exclusive = true;
        self
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The part of the name that stands for the packet.
    pub(super) fn topic(&self) -> &str {
        self.name.split('/').next().unwrap_or_default()
    }

    /// Whether there is such a case in this version.
    pub(super) fn has(&self, case: &str, version: ProtocolVersion) -> bool {
        let mut rows = self.rows.iter();
        rows.any(|row| row.case == case && row.version == version)
    }

    /// Adds a packet, if there is something wrong with it that a broker must not pass over.
    pub(super) fn add(
        &mut self,
        case: impl Into<String>,
        version: ProtocolVersion,
        packet: Option<Outgoing>,
    ) -> Option<DecodeError> {
        self.add_with(case, version, packet, &[], false)
    }

    /// The same, for a packet that is valid but for bytes behind its end.
    pub(super) fn add_surplus(
        &mut self,
        case: &str,
        version: ProtocolVersion,
        packet: Option<Outgoing>,
    ) {
        self.add_with(case, version, packet, &[], true);
    }

    /// The same, with a variable of the case.
    pub(super) fn add_variant(
        &mut self,
        case: &str,
        version: ProtocolVersion,
        packet: Option<Outgoing>,
        variable: (&str, Literal),
    ) {
        let (name, value) = variable;
        self.add_with(case, version, packet, &[(name.to_owned(), value)], false);
    }

    fn add_with(
        &mut self,
        case: impl Into<String>,
        version: ProtocolVersion,
        packet: Option<Outgoing>,
        variables: &Variables,
        is_surplus: bool,
    ) -> Option<DecodeError> {
        let case = case.into();
        let packet = packet?;
        let bytes = bytes(&packet, version, variables)?;
        let error = error_in(&bytes, version);
        let (outcome, statement) = match (&self.breach, &error) {
            (Some(Breach { statements, codes }), _) => {
                let [old, new] = *statements;
                let statement = match version {
                    ProtocolVersion::V3_1_1 => old,
                    ProtocolVersion::V5_0 => new,
                };
                (outcome::refused(codes), statement)
            }
            (None, Some(error)) => {
                let packet_type = error.packet_type();
                let outcome = outcome::of(packet_type, error, is_surplus)?;
                (outcome, error.statement())
            }
            (None, None) => return None,
        };
        if self.has(&case, version) {
            return None;
        }
        self.rows.push(Row {
            case,
            version,
            variables: variables.to_vec(),
            packet,
            bytes,
            error: error.clone(),
            outcome,
            statement,
        });
        error
    }

    pub(super) fn specimens(&self) -> impl Iterator<Item = Specimen> {
        let is_single = self.cases().is_empty();
        self.rows.iter().map(move |row| Specimen {
            test: if is_single {
                format!("matrix/{}@{}", self.name, row.version)
            } else {
                format!("matrix/{}@{}+{}", self.name, row.version, row.case)
            },
            version: row.version,
            bytes: row.bytes.clone(),
            error: row.error.clone(),
        })
    }

    /// The scenario in its language.
    pub(super) fn to_text(&self) -> String {
        let mut out = format!("scenario matrix/{}\n  \"{}\"\n", self.name, self.summary);
        let mut put = |line: String| {
            // Writing to a string cannot fail.
            let _ = writeln!(out, "  {line}");
        };
        let versions = self.versions();
        if let [version] = versions.as_slice() {
            put(format!("versions {}", version.name()));
        }
        if !self.requires.is_empty() {
            put(format!("requires {}", self.requires.join(" ")));
        }
        if self.is_exclusive {
            put("exclusive".to_owned());
        }
        for case in self.cases() {
            put(print_case(&case));
        }
        put(String::new());
        put("other connects".to_owned());
        for line in self.preparation() {
            put((*line).to_owned());
        }
        for (text, rows) in grouped(&self.rows, send_line) {
            // A case that has no variables must be named somewhere.
            let may_be_silent = rows.iter().all(|row| !row.variables.is_empty());
            for guard in self.guards(&rows, may_be_silent) {
                put(format!("{guard}c -> {text}"));
            }
        }
        for (text, rows) in grouped(&self.rows, |row| self.expect_line(row)) {
            for guard in self.guards(&rows, true) {
                put(format!("{guard}c <- {text}"));
            }
        }
        let is_under_test = |statement: &&str| versions.iter().any(|it| is_of(statement, *it));
        let statements: Vec<&str> = UNDISTURBED.iter().copied().filter(is_under_test).collect();
        put(format!("other pings  @ {}", statements.join(" ")));
        out
    }

    /// Comes to where the packet is due.
    fn preparation(&self) -> &'static [&'static str] {
        match self.setting {
            Setting::First => &[],
            Setting::Due(PacketType::Puback) => &[
                "c connects",
                r#"c subscribes "{ns}/t" qos=1"#,
                r#"c publishes "{ns}/t" "m" qos=1"#,
                r#"c <- PUBLISH topic="{ns}/t" id=?m"#,
            ],
            Setting::Due(PacketType::Pubrec) => &[
                "c connects",
                r#"c subscribes "{ns}/t" qos=2"#,
                r#"c publishes "{ns}/t" "m" qos=2"#,
                r#"c <- PUBLISH topic="{ns}/t" id=?m"#,
            ],
            Setting::Due(PacketType::Pubcomp) => &[
                "c connects",
                r#"c subscribes "{ns}/t" qos=2"#,
                r#"c publishes "{ns}/t" "m" qos=2"#,
                r#"c <- PUBLISH topic="{ns}/t" id=?m"#,
                "c -> PUBREC id=$m",
                "c <- PUBREL id=$m",
            ],
            Setting::Due(PacketType::Pubrel) => &[
                "c connects",
                r#"c -> PUBLISH qos=2 id=7 topic="{ns}/t" payload="m""#,
                "c <- PUBREC id=7",
            ],
            Setting::Due(_) => &["c connects"],
        }
    }

    /// What the broker must answer, and by which statements.
    fn expect_line(&self, row: &Row) -> String {
        // The same answer in both versions stands in one line.
        let of_case = self.rows.iter().filter(|other| {
            other.case == row.case && other.outcome.alternatives == row.outcome.alternatives
        });
        let statements: BTreeSet<StatementId> = of_case.map(|row| row.statement).collect();
        let keys: Vec<String> = statements.iter().map(ToString::to_string).collect();
        format!("{}  @ {}", row.outcome.alternatives, keys.join(" "))
    }

    fn versions(&self) -> Vec<ProtocolVersion> {
        let versions: BTreeSet<_> = self.rows.iter().map(|row| row.version).collect();
        versions.into_iter().collect()
    }

    /// The cases in their order; a scenario of one case needs none.
    fn cases(&self) -> Vec<Case> {
        let mut cases: Vec<Case> = Vec::new();
        for row in &self.rows {
            match cases.iter_mut().find(|case| case.name == row.case) {
                Some(case) => case.versions.push(row.version),
                None => cases.push(Case {
                    name: row.case.clone(),
                    versions: vec![row.version],
                    variables: row.variables.clone(),
                    line: 0,
                }),
            }
        }
        let versions = self.versions();
        for case in &mut cases {
            if case.versions.len() == versions.len() {
                case.versions.clear();
            }
        }
        if let [case] = cases.as_slice()
            && case.variables.is_empty()
        {
            cases.clear();
        }
        cases
    }

    /// The guards of lines that together take part in just these tests.
    fn guards(&self, rows: &[&Row], may_be_silent: bool) -> Vec<String> {
        let is_in = |row: &&Row| rows.iter().any(|it| std::ptr::eq(*it, *row));
        let names_no_case = self.cases().is_empty();
        let may_be_silent = may_be_silent || names_no_case;
        if may_be_silent && rows.len() == self.rows.len() {
            return vec![String::new()];
        }
        let is_whole = |case: &str| {
            let mut of_case = self.rows.iter().filter(|row| row.case == case);
            of_case.all(|row| is_in(&row))
        };
        let mut guards = Vec::new();
        let mut common: Vec<&str> = Vec::new();
        let versions = self.versions();
        let is_version_alone = rows
            .iter()
            .all(|row| Some(&row.version) == rows.first().map(|row| &row.version));
        if !(is_version_alone && versions.len() > 1) {
            for row in rows.iter().filter(|row| is_whole(&row.case)) {
                if !common.contains(&row.case.as_str()) {
                    common.push(&row.case);
                }
            }
        }
        if !common.is_empty() {
            guards.push(format!("[{}] ", common.join(" ")));
        }
        for version in versions {
            let of_version = |row: &&&Row| row.version == version;
            let rest: Vec<&str> = rows
                .iter()
                .filter(of_version)
                .map(|row| row.case.as_str())
                .filter(|case| !common.contains(case))
                .collect();
            let all = self
                .rows
                .iter()
                .filter(|row| row.version == version)
                .count();
            if rest.is_empty() {
                continue;
            }
            if rest.len() == all && may_be_silent {
                guards.push(format!("[{}] ", version.name()));
            } else {
                guards.push(format!("[{} {}] ", version.name(), rest.join(" ")));
            }
        }
        guards
    }
}

fn send_line(row: &Row) -> String {
    let mut text = print_outgoing(&row.packet);
    if row.outcome.is_pinged {
        text.push_str(" then PINGREQ");
    }
    text.trim_start().to_owned()
}

/// The rows by what a line says of them, in the order in which they come.
fn grouped(rows: &[Row], line: impl Fn(&Row) -> String) -> Vec<(String, Vec<&Row>)> {
    let mut groups: Vec<(String, Vec<&Row>)> = Vec::new();
    for row in rows {
        let text = line(row);
        match groups.iter_mut().find(|(other, _)| *other == text) {
            Some((_, rows)) => rows.push(row),
            None => groups.push((text, vec![row])),
        }
    }
    groups
}

fn is_of(statement: &str, version: ProtocolVersion) -> bool {
    let id: Option<StatementId> = statement.parse().ok();
    id.is_some_and(|id| id.version() == version)
}

/// `a PUBLISH`, `an AUTH`.
pub(super) fn with_article(packet_type: PacketType) -> String {
    let name = packet_type.name();
    let article = if name.starts_with(['A', 'U']) {
        "an"
    } else {
        "a"
    };
    format!("{article} {name}")
}

/// What tells a broker to close the connection on which the mistake came, and so no other.
const UNDISTURBED: [&str; 2] = ["v3-4.8.0-1", "v5-4.13.1-1"];
