"""The real brokers that the suite is run against: how each is installed, started, and tested.

Each has a script `NAME.sh` with `install` and `start PORT FOLDER` (in the foreground, on the loopback address, with
anonymous clients), in the folder that $BROKERS names; without it, in `shared/brokers` beside the repository.
"""

import contextlib
import dataclasses
import json
import os
import pathlib
import random
import socket
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[3]
SCRIPTS = pathlib.Path(os.environ.get("BROKERS", ROOT.parent / "shared" / "brokers"))
# Debian's brokers are in the system's folders.
ENVIRONMENT = {**os.environ, "PATH": os.environ["PATH"] + ":/usr/sbin"}


@dataclasses.dataclass(frozen=True)
class Broker:
    """A broker. `title` says the version that is tested, `about` how it is set up."""

    name: str
    title: str
    about: str
    profile: str | None = None
    # Options of `mqtt-assay run` that it needs.
    options: tuple[str, ...] = ()
    # Whether it has a port for each version: then it is started beforehand, and no test can restart it.
    has_two_ports: bool = False


COULD_NOT_TEST = 3
RABBITMQ_EPMD = """
"$0" start "$1" "$2" & broker=$!
trap 'kill $broker; wait $broker; ERL_EPMD_PORT=$(($1 + 10000)) epmd -kill >/dev/null; exit' TERM
wait $broker
"""

REAL = [
    Broker("mosquitto", "mosquitto 2.0.11", "persistence, otherwise the defaults", "mosquitto-2.0.toml"),
    Broker(
        "iotcore",
        "rumqttd 0.20.0 (in iotcore 0.4.0)",
        "a port for each version; state in memory",
        "iotcore-0.4.toml",
        has_two_ports=True,
    ),
    Broker("aedes", "aedes 1.2.0", "LevelDB store", "aedes-1.2.toml"),
    Broker(
        "amqtt",
        "amqtt 0.12.1",
        "anonymous clients, SQLite store; eight copies side by side, each with one test at a time",
        "amqtt-0.12.toml",
        ("--copies", "8"),
    ),
    Broker("moat", "moat-lib-mqtt 0.8.7", "state in memory", "moat-0.8.toml"),
    Broker("ejabberd", "ejabberd 23.01 (mod_mqtt)", "anonymous login; retained messages in Mnesia", "ejabberd-23.01.toml"),
    # It stands still for seconds at times.
    Broker("rabbitmq", "RabbitMQ 3.10.8 (rabbitmq_mqtt)", "the user guest; DETS retained store", "rabbitmq-3.10.toml", ("--jobs", "16", "--time-scale", "3")),
]
# The reference broker on a port, to see the suite over TCP without a foreign broker.
SERVED = Broker("reference", "the reference broker", "on a TCP port")


def named(names):
    """The brokers of these names, or all real ones."""
    known = {broker.name: broker for broker in [*REAL, SERVED]}
    for name in names:
        if name not in known:
            raise SystemExit(f"no broker '{name}'; there are {', '.join(known)}")
    return [known[name] for name in names] or REAL


def build():
    """Builds the tool, and says where it is."""
    subprocess.run(["cargo", "build", "--release", "-p", "mqtt-assay"], cwd=ROOT, check=True)
    metadata = subprocess.check_output(
        ["cargo", "metadata", "--format-version", "1", "--no-deps"], cwd=ROOT
    )
    return pathlib.Path(json.loads(metadata)["target_directory"]) / "release" / "mqtt-assay"


def install(broker):
    if broker is not SERVED:
        subprocess.run([SCRIPTS / f"{broker.name}.sh", "install"], check=True)


def test(broker, assay, report, options=(), limit=1200, delay=0):
    """Runs the suite against a broker, writes the JSON report, and gives the exit code and what was printed.

    A run that does not end is ended: then there is no report. With a delay, everything takes so many seconds to the
    broker, and back.
    """
    code, text = run_once(broker, assay, report, options, limit, delay)
    if code == COULD_NOT_TEST:
        # RabbitMQ takes ports beside its own, which a client may have by chance.
        code, text = run_once(broker, assay, report, options, limit, delay)
    return code, text


def run_once(broker, assay, report, options, limit, delay):
    # Some brokers drop their privileges, and some leave dumps where they are started.
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        os.chmod(folder, 0o777)
        words = [assay, "run", "--report", f"json={report.resolve()}", "--start-timeout", "120s", *broker.options]
        if broker.profile:
            words += ["--profile", ROOT / "fixtures" / "profiles" / broker.profile]
        words += [*options, *far(subject(broker, assay, folder, stack), delay)]
        try:
            ended = subprocess.run(
                words, cwd=folder, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=limit
            )
        except subprocess.TimeoutExpired as error:
            return 124, (error.stdout or b"").decode(errors="replace") + f"\nnot done within {limit} s\n"
        return ended.returncode, ended.stdout.decode(errors="replace")


def subject(broker, assay, folder, stack):
    """The words of `mqtt-assay run` that say what is tested."""
    script = SCRIPTS / f"{broker.name}.sh"
    if broker is SERVED:
        return ["--", assay, "serve", "--listen", "127.0.0.1:{port}"]
    if broker.has_two_ports:
        port = two_free_ports()
        # Its log would drown what the run says.
        process = subprocess.Popen(
            [script, "start", str(port), folder],
            cwd=folder,
            env=ENVIRONMENT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        stack.callback(stop, process)
        for each in (port, port + 1):
            wait_for(each)
        return ["--broker", f"3.1.1=127.0.0.1:{port}", "--broker", f"5.0=127.0.0.1:{port + 1}"]
    if broker.name == "rabbitmq":
        # It leaves its port mapper behind.
        return ["--", "bash", "-c", RABBITMQ_EPMD, script, "{port}", folder]
    return ["--", script, "start", "{port}", f"{folder}/{{port}}"]


def far(words, delay):
    """The same subject, from which everything takes so many seconds; one that is started beforehand stays near."""
    if not delay or words[0] != "--":
        return words
    # Its folder is named by the port that all see: the other one is new after each start.
    command = [word if str(word).endswith("/{port}") else str(word).replace("{port}", "PORT") for word in words[1:]]
    return ["--", ROOT / "conformance" / "tests" / "brokers" / "delay", str(delay), "{port}", *command]


def stop(process):
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()


def two_free_ports():
    while True:
        port = random.randrange(20000, 30000)
        with contextlib.suppress(OSError), socket.socket() as one, socket.socket() as other:
            one.bind(("127.0.0.1", port))
            other.bind(("127.0.0.1", port + 1))
            return port


def wait_for(port):
    for _ in range(300):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.1)
    raise SystemExit(f"nothing listens on port {port}")
