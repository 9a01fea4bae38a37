"""The tables of docs/results/, from the JSON reports of runs."""

import collections
import functools
import json
import re
import tomllib

import fleet

VERSIONS = ("3.1.1", "5.0")
# How many statements of one deviation are named.
STATEMENTS_SHOWN = 4
VERDICTS = ("pass", "warn", "info", "fail", "inconclusive", "skip")
# What a run says of a statement; a miss that is worth a warning only is no violation.
MARKS = {"kept": "+", "lax": "~", "violated": "**x**", "untested": ""}
# What tests begin their topics with: another in each run.
NAMESPACE = re.compile(r"\bt[0-9a-z]{11}")
# How long the runner waited; another time in each run.
WAITED = re.compile(r" within [0-9.]+ s\b")
NOTE = "<!-- Written by conformance/tests/brokers/run from the reports of its runs; changes here are lost. -->\n\n"


def write(reports, folder):
    """Writes a page for each broker whose report is there, the index, and the table of statements."""
    folder.mkdir(parents=True, exist_ok=True)
    runs = []
    for broker in fleet.REAL:
        path = reports / f"{broker.name}.json"
        if path.exists():
            runs.append((broker, json.loads(path.read_text())))
    if len(runs) < len(fleet.REAL):
        missing = {broker.name for broker in fleet.REAL} - {broker.name for broker, _ in runs}
        raise SystemExit(f"no report of {', '.join(sorted(missing))}: the tables are of all brokers")
    statements = catalogue()
    for broker, report in runs:
        (folder / f"{broker.name}.md").write_text(NOTE + page(broker, report, statements))
    (folder / "README.md").write_text(NOTE + index(runs))
    (folder / "statements.md").write_text(NOTE + matrix(runs, statements))


@functools.cache
def catalogue():
    """Every statement by its key."""
    found = {}
    for version in VERSIONS:
        with open(fleet.ROOT / "fixtures" / "statements" / f"mqtt-{version}.toml", "rb") as file:
            found.update({each["id"]: each for each in tomllib.load(file)["statement"]})
    return found


def index(runs):
    rows = []
    for broker, report in runs:
        for version in tested(report):
            tests = of_version(report["tests"], version)
            counts = collections.Counter(test["verdict"] for test in tests)
            proper, broken = parted([test for test in tests if test["verdict"] == "fail"])
            name = f"[{broker.title}]({broker.name}.md)"
            marks = collections.Counter(verdicts(report, version).values())
            told = [len(grouped(proper)), len(grouped(broken)), marks["kept"] + marks["lax"], marks["violated"]]
            rows.append([name, version, *told, *(counts[it] for it in VERDICTS)])
    dates = sorted(report["started"][:10] for _, report in runs)
    when = dates[0] if dates[0] == dates[-1] else f"{dates[0]} to {dates[-1]}"
    return (
        "# Results\n\n"
        f"What the suite says of seven brokers; run on {when}. Each broker has a page with its deviations, and\n"
        "[the table of statements](statements.md) shows who keeps which.\n\n"
        + table(
            ["broker", "MQTT", "deviations: rules kept", "rules broken", "statements kept", "violated"]
            + [f"tests: {VERDICTS[0]}", *VERDICTS[1:]],
            rows,
        )
        + "\nHow to read it:\n\n"
        "- A *deviation* is one thing that a broker does otherwise than a MUST of the specification says, in however many\n"
        "  tests it shows. *Rules kept*: all clients did what they may. *Rules broken*: one sent what no client may, and the\n"
        "  broker did not refuse it as the specification demands; applications with correct clients will never notice.\n"
        "- A statement is *violated* if any test failed on it, and *kept* if tests judged it and none did.\n"
        "- A test that *fails* breaks a MUST. A *warn* is conformant, but not as recommended, or lax where most brokers are.\n"
        "  An *info* records a choice. *Inconclusive* is a test that could not come to its point, mostly because of another\n"
        "  deviation. *Skip* is what a broker says it lacks, or is not set up for, such as access lists.\n"
        "- Numbers do not compare brokers by themselves: some mistakes touch one test, others fifty; and a broker that lacks\n"
        "  a feature has fewer tests to fail.\n"
        "- The brokers are as distributions and registries ship them; some have newer releases.\n\n"
        "All of it is made anew by `conformance/tests/brokers/run`. `mqtt-assay run TEST -- COMMAND` runs a test of these\n"
        "pages against a broker and shows the bytes, and `mqtt-assay show TEST` says what it does.\n\n"
        "Not made by it: what the suite says of bugs that were put into brokers, [308 into mosquitto](injected-bugs.md),\n"
        "[202 into mochi-mqtt](injected-bugs-mochi.md), and [103 into aedes](injected-bugs-aedes.md).\n"
    )


def page(broker, report, statements):
    text = f"# {broker.title}\n\n"
    text += f"Run on {report['started'][:10]}; {broker.about}.\n"
    if broker.profile:
        profile = f"fixtures/profiles/{broker.profile}"
        text += f"Its profile, [{profile}](../../{profile}), has a packet and a section for each deviation.\n"
    rows = []
    for version in tested(report):
        counts = collections.Counter(test["verdict"] for test in of_version(report["tests"], version))
        marks = collections.Counter(verdicts(report, version).values())
        kept = marks["kept"] + marks["lax"]
        rows.append([version, *(counts[it] for it in VERDICTS), kept, marks["violated"], marks["untested"]])
    text += "\n" + table(["MQTT", *VERDICTS, "statements kept", "violated", "untested"], rows)
    for version in tested(report):
        tests = of_version(report["tests"], version)
        proper, broken = parted([test for test in tests if test["verdict"] == "fail"])
        text += f"\n## MQTT {version}\n"
        text += section("Deviations while clients keep the rules", deviations(proper, statements))
        text += section("Deviations when a client breaks them", deviations(broken, statements))
        warned = [test for test in tests if test["verdict"] == "warn"]
        if warned:
            text += section("Not as recommended, or lax", deviations(warned, statements))
        unclear = [test for test in tests if test["verdict"] == "inconclusive"]
        if unclear:
            text += section("Not judged", listed(unclear))
        skipped = collections.Counter(test["message"] for test in tests if test["verdict"] == "skip")
        if skipped:
            rows = [[n, cell(why)] for why, n in skipped.most_common()]
            text += section("Skipped", table(["tests", "because"], rows))
    return text


def section(title, body):
    return f"\n### {title}\n\n{body}"


def parted(tests):
    """The tests in which all clients kept the rules, and those in which one broke them on purpose."""
    proper = [test for test in tests if not is_broken(test)]
    return proper, [test for test in tests if is_broken(test)]


def is_broken(test):
    sent = [event["packet"] for event in test["trace"] if event["dir"] == "->"]
    statements = catalogue()
    return (
        test["scenario"].startswith("matrix/")
        or any(packet.startswith("hex ") or "(changed on purpose)" in packet for packet in sent)
        or any(statements[key]["observable"] == "input" for key in test["violated"][:1])
    )


def grouped(tests):
    """The tests by what the broker does in them."""
    rows = {}
    for test in tests:
        rows.setdefault(said(test), []).append(test)
    return rows


def deviations(tests, statements):
    """What a broker does otherwise: a row for each thing, in the order of the specification."""
    if not tests:
        return "None.\n"
    rows = []
    for said_of, those in grouped(tests).items():
        keys = collections.Counter(key for test in those for key in test["violated"])
        keys = sorted(keys, key=lambda key: place(key, statements))
        rows.append((place(keys[0], statements) if keys else -1, said_of, keys, those))
    return table(
        ["what it does", "against", "tests", "for example"],
        [
            [said_of, cell(against(keys, statements)), len(those), f"`{those[0]['id']}`"]
            for _, said_of, keys, those in sorted(rows, key=lambda row: row[:2])
        ],
    )


def against(keys, statements):
    """Statements with their sections, or as many as can be read."""
    told = [f"{key} ({statements[key]['section']})" if key in statements else key for key in keys[:STATEMENTS_SHOWN]]
    more = len(keys) - len(told)
    return ", ".join(told) + (f" and {more} more" if more else "")


def said(test):
    """What a broker does, in the words of its profile, or of the verdict."""
    message = WAITED.sub("", NAMESPACE.sub("{ns}", test["message"]))
    if "the connection is open and answers PINGREQ" in message:
        message = "the packet is passed over, and the connection goes on"
    return cell(test["known"] or message)


def listed(tests):
    rows = [[why, len(those), f"`{those[0]['id']}`"] for why, those in grouped(tests).items()]
    return table(["because", "tests", "for example"], rows)


def matrix(runs, statements):
    text = "# Who keeps which statement\n\n"
    text += f"`+`: kept in every test that judged it; `~`: kept, with warnings; {MARKS['violated']}: violated in some\n"
    text += "test; blank: not judged.\n\n"
    text += "`mqtt-assay statement KEY` says more of a statement, and names the tests that judge it.\n"
    for version in VERSIONS:
        columns = [(broker, verdicts(report, version)) for broker, report in runs if version in tested(report)]
        rows = []
        for key, statement in statements.items():
            marks = [MARKS[found.get(key, "untested")] for _, found in columns]
            if statement_version(key) == version and any(marks):
                rows.append([key, level(key, statements), cell(statement["summary"]), *marks])
        names = [f"[{broker.name}]({broker.name}.md)" for broker, _ in columns]
        text += f"\n## MQTT {version}\n\n" + table(["statement", "level", "summary", *names], rows)
    return text


def tested(report):
    """The versions that the broker speaks."""
    return [version for version in VERSIONS if version in report["broker"]["capabilities"]]


def of_version(tests, version):
    return [test for test in tests if test["version"] == version]


def verdicts(report, version):
    """What the run says of each statement of a version."""
    missed = collections.defaultdict(set)
    for test in report["tests"]:
        for key in test["violated"]:
            missed[key].add(test["verdict"])
    return {
        each["id"]: "violated" if "fail" in missed[each["id"]]
        else "lax" if missed[each["id"]]
        else each["verdict"]
        for each in report["statements"]
        if statement_version(each["id"]) == version
    }


def statement_version(key):
    return "3.1.1" if key[1] == "3" else "5.0"


def level(key, statements):
    statement = statements.get(key)
    return "" if statement is None else statement["level"].replace("_", " ").upper()


def place(key, statements):
    """Where a statement stands in its specification."""
    return list(statements).index(key) if key in statements else -1


def cell(text):
    """Text for a table: in one line, without what would end the cell or open an element, and not too long."""
    text = " ".join(str(text).split()).replace("|", "\\|").replace("<", "&lt;").replace(">", "&gt;")
    return text if len(text) <= 240 else text[:240] + "..."


def table(header, rows):
    lines = ["| " + " | ".join(str(each) for each in row) + " |" for row in [header, *rows]]
    lines.insert(1, "|" + "---|" * len(header))
    return "\n".join(lines) + "\n"
