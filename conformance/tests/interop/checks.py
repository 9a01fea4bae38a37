"""What a client library must see of a broker: the checks, written once for all libraries.

usage: checks.py LIBRARY PORT [CHECK...]      LIBRARY is the name behind `with_`: paho, gmqtt, aiomqtt, mqttjs

Each `with_*.py` gives a `Client` over one library:

    Client(port, client_id, version, clean=True, expiry=0, will=None, alias_maximum=0)      connects; version is 311 or 5
    session_present                                   what CONNACK said, or None where the library does not tell
    subscribe(topic_filter, qos, **options)           waits for SUBACK; no_local, retain_as_published, identifier
    unsubscribe(topic_filter)                         waits for UNSUBACK
    publish(topic, payload, qos, retain, properties)  waits for the acknowledgement
    receive(seconds)                                  the next `Message`, or None
    drop()                                            ends the connection without DISCONNECT
    disconnect()                                      ends it with DISCONNECT

and `LACKS`, the checks that the library cannot do.
"""

import importlib
import sys
from dataclasses import dataclass, field

WAIT = 10.0
"""Seconds in which a message has to come."""
QUIET = 0.3
"""Seconds in which a message that must not come would have come."""


class Unexpected(Exception):
    """What came is not what should have come."""


@dataclass
class Message:
    topic: str
    payload: bytes
    qos: int
    retain: bool
    properties: dict = field(default_factory=dict)


@dataclass
class Will:
    topic: str
    payload: bytes
    qos: int = 0
    retain: bool = False
    properties: dict = field(default_factory=dict)


def expect(what, expected, received):
    if received != expected:
        raise Unexpected(f"{what}: expected {expected!r}, received {received!r}")


def expect_message(what, client, topic, payload, qos=0, retain=False):
    """The next message of a client is this one; returns its properties."""
    message = client.receive(WAIT)
    received = message and (message.topic, message.payload, message.qos, message.retain)
    expect(what, (topic, payload, qos, retain), received)
    return message.properties


def expect_none(what, client):
    expect(what, None, client.receive(QUIET))


class Suite:
    """The checks of one library; `name` keeps its topics apart from those of the others."""

    def __init__(self, library, port, name):
        self.library = library
        self.port = port
        self.name = name
        self.clients = []

    def client(self, suffix, version=5, **options):
        client = self.library.Client(self.port, f"{self.name}-{suffix}", version, **options)
        self.clients.append(client)
        return client

    def topic(self, *levels):
        return "/".join(("house", self.name) + levels)

    def clean_up(self):
        for client in self.clients:
            client.disconnect()
        self.clients = []

    def versions_and_qos(self):
        """Messages arrive whole, and only where they are wanted, between all versions and in all QoS."""
        for receiver in (311, 5):
            for sender in (311, 5):
                subscriber = self.client("subscriber", receiver)
                publisher = self.client("publisher", sender)
                for qos in (0, 1, 2):
                    base = self.topic(f"{sender}-{receiver}", str(qos))
                    subscriber.subscribe(f"{base}/+/state", qos)
                    publisher.publish(f"{base}/lamp/colour", b"not for you", qos)
                    publisher.publish(f"{base}/lamp/state", b"on\x00\xff", qos)
                    what = f"QoS {qos} from {sender} to {receiver}"
                    expect_message(what, subscriber, f"{base}/lamp/state", b"on\x00\xff", qos)
                    subscriber.unsubscribe(f"{base}/+/state")
                    publisher.publish(f"{base}/lamp/state", b"off", qos)
                expect_none(f"after UNSUBACK, from {sender} to {receiver}", subscriber)
                self.clean_up()

    def retained(self):
        """A retained message waits for subscribers, at the lower QoS of the two, until an empty one removes it."""
        for version in (311, 5):
            topic = self.topic("retained", str(version))
            publisher = self.client("publisher", version)
            publisher.publish(topic, b"kept", 2, retain=True)
            subscriber = self.client("subscriber", version)
            subscriber.subscribe(topic, 1)
            expect_message("retained message", subscriber, topic, b"kept", 1, retain=True)
            publisher.publish(topic, b"news", 0, retain=True)
            expect_message("retained message for a subscriber", subscriber, topic, b"news", 0)
            publisher.publish(topic, b"", 1, retain=True)
            expect_message("removal", subscriber, topic, b"", 1)
            late = self.client("late", version)
            late.subscribe(topic, 1)
            expect_none("after the removal", late)
            self.clean_up()

    def will(self):
        """A Will is published when its client is lost, and not when it says goodbye."""
        for version in (311, 5):
            topic = self.topic("will", str(version))
            watcher = self.client("watcher", version)
            watcher.subscribe(topic, 1)
            properties = {"user_properties": [("b", "1"), ("a", "2")]} if version == 5 else {}
            will = Will(topic, b"lost", 1, True, properties)
            self.client("polite", version, will=will).disconnect()
            expect_none("Will after DISCONNECT", watcher)
            self.client("lost", version, will=will).drop()
            received = expect_message("Will", watcher, topic, b"lost", 1)
            if version == 5:
                expect("user properties of the Will", properties["user_properties"], received.get("user_properties"))
            late = self.client("late", version)
            late.subscribe(topic, 2)
            expect_message("retained Will", late, topic, b"lost", 1, retain=True)
            late.publish(topic, b"", 1, retain=True)
            self.clean_up()

    def resumption(self):
        """A session outlives its connection: subscriptions and messages of QoS 1 and 2 wait for the client."""
        for version in (311, 5):
            topic = self.topic("resumption", str(version))
            keeping = {"clean": False, "expiry": 60}
            first = self.client("sleeper", version, **keeping)
            expect("Session Present at first", False, first.session_present)
            first.subscribe(topic, 2)
            first.disconnect()
            publisher = self.client("publisher", version)
            away = [(number % 2 + 1, f"while away, {number}".encode()) for number in range(4)]
            for qos, payload in away:
                publisher.publish(topic, payload, qos)
            second = self.client("sleeper", version, **keeping)
            expect("Session Present at resumption", True, second.session_present)
            queued = [second.receive(WAIT) for _ in away]
            received = [message and (message.qos, message.payload) for message in queued]
            # A client may give what is of QoS 2 to its user later, when the handshake is over.
            for qos in (1, 2):
                expected = [message for message in away if message[0] == qos]
                got = [message for message in received if message is None or message[0] == qos]
                expect(f"queued messages of QoS {qos}", expected, got)
            publisher.publish(topic, b"now", 2)
            expect_message("message after resumption", second, topic, b"now", 2)
            second.disconnect()
            third = self.client("sleeper", version, clean=True)
            expect("Session Present after a clean start", False, third.session_present)
            publisher.publish(topic, b"nobody", 1)
            expect_none("after a clean start", third)
            self.clean_up()

    def properties(self):
        """Properties of a message arrive as they were sent, user properties in order."""
        topic = self.topic("properties")
        sent = {
            # MQTT.js groups them by name, so what has one name stands together.
            "user_properties": [("z", "2"), ("z", "1"), ("z", "1"), ("a", "3"), ("", "\u20ac")],
            "content_type": "text/plain; charset=utf-8",
            "response_topic": self.topic("answers"),
            "correlation_data": b"\x00\x01\xff",
            "payload_format": 1,
            "message_expiry": 3600,
        }
        subscriber = self.client("subscriber")
        subscriber.subscribe(topic, 2)
        publisher = self.client("publisher")
        for qos in (0, 1, 2):
            publisher.publish(topic, b"text", qos, properties=sent)
            received = dict(expect_message("message with properties", subscriber, topic, b"text", qos))
            expiry = received.pop("message_expiry", None)
            if expiry not in range(3590, 3601):
                raise Unexpected(f"message expiry: expected 3590 to 3600, received {expiry!r}")
            for name, value in sent.items():
                if name != "message_expiry":
                    expect(name, value, received.get(name))

    def shared(self):
        """A shared subscription gives each message to one member, and others get them all."""
        topic = self.topic("shared")
        members = [self.client(f"member-{number}") for number in (1, 2)]
        for member in members:
            member.subscribe(f"$share/workers/{topic}", 1)
        plain = self.client("plain")
        plain.subscribe(topic, 1)
        publisher = self.client("publisher")
        payloads = [f"job {number}".encode() for number in range(10)]
        for payload in payloads:
            publisher.publish(topic, payload, 1)
        for payload in payloads:
            expect_message("message outside the group", plain, topic, payload, 1)
        received = []
        for member in members:
            while (message := member.receive(QUIET)) is not None:
                received.append(message.payload)
        expect("messages of the group", payloads, sorted(received))

    def options(self):
        """No Local, Retain As Published and Subscription Identifiers do what they say."""
        topic = self.topic("options")
        client = self.client("client")
        client.subscribe(topic, 1, no_local=True, retain_as_published=True, identifier=7)
        other = self.client("other")
        client.publish(topic, b"my own", 1)
        other.publish(topic, b"of another", 1, retain=True)
        received = expect_message("message of another client", client, topic, b"of another", 1, retain=True)
        expect("subscription identifiers", [7], received.get("subscription_ids"))
        other.publish(topic, b"", 1, retain=True)
        expect_message("removal of the retained message", client, topic, b"", 1, retain=True)
        expect_none("own message", client)

    def topic_alias(self):
        """A topic alias stands for its topic, in both directions."""
        subscriber = self.client("subscriber", alias_maximum=4)
        subscriber.subscribe(self.topic("alias", "+"), 1)
        publisher = self.client("publisher")
        alias = {"topic_alias": 3}
        for topic in (self.topic("alias", "a-long-name-that-nobody-wants-to-repeat"), self.topic("alias", "another")):
            publisher.publish(topic, b"with its topic", 1, properties=alias)
            publisher.publish("", b"with the alias only", 1, properties=alias)
            publisher.publish(topic, b"with its topic again", 1)
            for payload in (b"with its topic", b"with the alias only", b"with its topic again"):
                expect_message("message through an alias", subscriber, topic, payload, 1)

    CHECKS = (versions_and_qos, retained, will, resumption, properties, shared, options, topic_alias)


def main():
    name, port = sys.argv[1], int(sys.argv[2])
    library = importlib.import_module(f"with_{name}")
    title = library.TITLE
    wanted = sys.argv[3:]
    for check in Suite.CHECKS:
        if (wanted and check.__name__ not in wanted) or check.__name__ in library.LACKS:
            continue
        suite = Suite(library, port, title.lower().replace(" ", "-"))
        try:
            check(suite)
        except Unexpected as unexpected:
            print(f"interop: {title}: {check.__name__}: {unexpected}", file=sys.stderr)
            return 1
        finally:
            suite.clean_up()
        print(f"interop: {title}: {check.__name__}: ok")
    return 0


if __name__ == "__main__":
    sys.exit(main())
