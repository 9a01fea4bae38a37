"""The tables of docs/results/, from the JSON reports of runs."""

import collections
import json
import re
import tomllib

import fleet

VERSIONS = ("3.1.1", "5.0")
VERDICTS = ("pass", "warn", "info", "fail", "inconclusive", "skip")
MARKS = {"kept": "+", "violated": "**x**", "untested": ""}
# What tests begin their topics with: another in each run.
NAMESPACE = re.compile(r"\bt[0-9a-z]{11}")
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
            kept = collections.Counter(verdicts(report, version).values())
            name = f"[{broker.title}]({broker.name}.md)"
            rows.append([name, version, *(counts[verdict] for verdict in VERDICTS), kept["kept"], kept["violated"]])
    dates = sorted(report["started"][:10] for _, report in runs)
    when = dates[0] if dates[0] == dates[-1] else f"{dates[0]} to {dates[-1]}"
    return (
        "# Results\n\n"
        f"What the suite says of seven brokers; run on {when}. Each broker has a page with its deviations, and\n"
        "[the table of statements](statements.md) shows who keeps which.\n\n"
        + table(["broker", "MQTT", *VERDICTS, "statements kept", "violated"], rows)
        + "\nHow to read it:\n\n"
        "- A *fail* breaks a MUST. A *warn* is conformant, but not as recommended, or lax where most brokers are. An *info*\n"
        "  records a choice. *Inconclusive* is a test that could not come to its point, mostly because of another deviation.\n"
        "  *Skip* is what a broker says it lacks, or is not set up for, such as access lists.\n"
        "- A statement is violated if any test found it broken. Many statements are broken by malformed packets only, which\n"
        "  no proper client sends; the pages show which.\n"
        "- Numbers do not compare brokers by themselves: some mistakes touch one test, others fifty; and a broker that lacks\n"
        "  a feature has fewer tests to fail.\n"
        "- The brokers are as distributions and registries ship them; some have newer releases.\n\n"
        "All of it is made anew by `conformance/tests/brokers/run`.\n"
    )


def page(broker, report, statements):
    text = f"# {broker.title}\n\n"
    text += f"Run on {report['started'][:10]}; {broker.about}. {report['seconds']:.0f} s.\n"
    if broker.profile:
        profile = f"fixtures/profiles/{broker.profile}"
        text += f"What is known of it beforehand: [{profile}](../../{profile}).\n"
    rows = []
    for version in tested(report):
        counts = collections.Counter(test["verdict"] for test in of_version(report["tests"], version))
        kept = collections.Counter(verdicts(report, version).values())
        rows.append([version, *(counts[verdict] for verdict in VERDICTS), *(kept[each] for each in MARKS)])
    text += "\n" + table(["MQTT", *VERDICTS, "statements kept", "violated", "untested"], rows)
    for version in tested(report):
        tests = of_version(report["tests"], version)
        text += f"\n## Deviations in MQTT {version}\n\n"
        text += deviations([test for test in tests if test["verdict"] == "fail"], statements)
        warned = [test for test in tests if test["verdict"] == "warn"]
        if warned:
            text += f"\n### Not as recommended, or lax\n\n{deviations(warned, statements)}"
        unclear = [test for test in tests if test["verdict"] == "inconclusive"]
        if unclear:
            text += f"\n### Not judged\n\n{listed(unclear)}"
        skipped = collections.Counter(test["message"] for test in tests if test["verdict"] == "skip")
        if skipped:
            text += "\n### Skipped\n\n" + table(["tests", "because"], [[n, cell(why)] for why, n in skipped.most_common()])
    return text


def deviations(tests, statements):
    """What is broken: a row for each statement and what the broker does instead."""
    if not tests:
        return "None.\n"
    rows = {}
    for test in tests:
        # The first statement is the one that the profile names; the others are on the same line of the scenario.
        for key in test["violated"] or [None]:
            rows.setdefault((key, said(test)), []).append(test["id"])
    ordered = sorted(rows.items(), key=lambda row: (place(row[0][0], statements), row[0][1]))
    return table(
        ["statement", "level", "tests", "seen", "for example"],
        [[key or "-", level(key, statements), len(ids), said, f"`{ids[0]}`"] for (key, said), ids in ordered],
    )


def said(test):
    """What a broker does, in the words of its profile, or of the verdict."""
    return cell(test["known"] or NAMESPACE.sub("{ns}", test["message"]))


def listed(tests):
    rows = collections.defaultdict(list)
    for test in tests:
        rows[said(test)].append(test["id"])
    return table(["tests", "because", "for example"], [[len(ids), why, f"`{ids[0]}`"] for why, ids in rows.items()])


def matrix(runs, statements):
    text = "# Who keeps which statement\n\n"
    text += f"`+`: kept in every test that judged it; {MARKS['violated']}: violated in some; blank: not judged.\n"
    text += "`mqtt-assay statement KEY` says more of a statement, and names the tests that judge it.\n"
    for version in VERSIONS:
        columns = [(broker, verdicts(report, version)) for broker, report in runs if version in tested(report)]
        rows = []
        for key, statement in statements.items():
            marks = [MARKS[found.get(key, "untested")] for _, found in columns]
            if statement_version(key) == version and any(marks):
                rows.append([key, level(key, statements), cell(statement["summary"]), *marks])
        names = [broker.name for broker, _ in columns]
        text += f"\n## MQTT {version}\n\n" + table(["statement", "level", "summary", *names], rows)
    return text


def tested(report):
    """The versions that the broker speaks."""
    return [version for version in VERSIONS if version in report["broker"]["capabilities"]]


def of_version(tests, version):
    return [test for test in tests if test["version"] == version]


def verdicts(report, version):
    """What the run says of each statement of a version."""
    return {each["id"]: each["verdict"] for each in report["statements"] if statement_version(each["id"]) == version}


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
