"""A second decoder, written from the sections of the specification and fixtures/statements, for strictness alone.

`decode(bytes, version)` answers ("incomplete",), ("valid", length), or what is wrong: ("malformed" or "protocol-error",
statement, offset, reason code). It shares nothing with the codec, tables included: where the two differ, one is wrong.
The version is "3.1.1" or "5.0"; a CONNECT is read by its own level.
"""

TYPES = (
    "- CONNECT CONNACK PUBLISH PUBACK PUBREC PUBREL PUBCOMP SUBSCRIBE SUBACK UNSUBSCRIBE UNSUBACK PINGREQ PINGRESP "
    "DISCONNECT AUTH"
).split()
ACKS = ("PUBACK", "PUBREC", "PUBREL", "PUBCOMP")

# Section 2.2.2.2: type and places. Types: 1, 2 and 4 bytes, a variable byte integer, string, binary data, pair.
REASONED = "CONNACK PUBACK PUBREC PUBREL PUBCOMP SUBACK UNSUBACK DISCONNECT AUTH"
PROPERTIES = {
    0x01: ("1", "PUBLISH WILL"), 0x02: ("4", "PUBLISH WILL"), 0x03: ("string", "PUBLISH WILL"),
    0x08: ("string", "PUBLISH WILL"), 0x09: ("binary", "PUBLISH WILL"), 0x0B: ("variable", "PUBLISH SUBSCRIBE"),
    0x11: ("4", "CONNECT CONNACK DISCONNECT"), 0x12: ("string", "CONNACK"), 0x13: ("2", "CONNACK"),
    0x15: ("string", "CONNECT CONNACK AUTH"), 0x16: ("binary", "CONNECT CONNACK AUTH"), 0x17: ("1", "CONNECT"),
    0x18: ("4", "WILL"), 0x19: ("1", "CONNECT"), 0x1A: ("string", "CONNACK"), 0x1C: ("string", "CONNACK DISCONNECT"),
    0x1F: ("string", REASONED), 0x21: ("2", "CONNECT CONNACK"), 0x22: ("2", "CONNECT CONNACK"), 0x23: ("2", "PUBLISH"),
    0x24: ("1", "CONNACK"), 0x25: ("1", "CONNACK"),
    0x26: ("pair", "CONNECT WILL PUBLISH SUBSCRIBE UNSUBSCRIBE " + REASONED), 0x27: ("4", "CONNECT CONNACK"),
    0x28: ("1", "CONNACK"), 0x29: ("1", "CONNACK"), 0x2A: ("1", "CONNACK"),
}

# Section 2.4 and the tables of each packet, and the statement that binds the packet to its table.
PUBLISH_REASONS = {0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99}
REASONS = {
    "CONNACK": ({0x00, *range(0x80, 0x8B), 0x8C, 0x90, 0x95, 0x97, *range(0x99, 0x9E), 0x9F}, "v5-3.2.2-8"),
    "PUBACK": (PUBLISH_REASONS, "v5-3.4.2-1"), "PUBREC": (PUBLISH_REASONS, "v5-3.5.2-1"),
    "PUBREL": ({0x00, 0x92}, "v5-3.6.2-1"), "PUBCOMP": ({0x00, 0x92}, "v5-3.7.2-1"),
    "SUBACK": ({0, 1, 2, 0x80, 0x83, 0x87, 0x8F, 0x91, 0x97, 0x9E, 0xA1, 0xA2}, "v5-3.9.3-2"),
    "UNSUBACK": ({0x00, 0x11, 0x80, 0x83, 0x87, 0x8F, 0x91}, "v5-3.11.3-2"),
    # 0x8C is in the table of section 2.4 alone.
    "DISCONNECT": (
        {0, 4, *range(0x80, 0x84), 0x87, 0x89, *range(0x8B, 0x91), *range(0x93, 0xA3)}, "v5-3.14.2-1",
    ),
    "AUTH": ({0x00, 0x18, 0x19}, "v5-3.15.2-1"),
}


class Wrong(Exception):
    """What is wrong with a packet."""


def malformed(statement, offset):
    raise Wrong("malformed", statement, offset, 0x81)


def protocol_error(statement, offset, reason=0x82):
    raise Wrong("protocol-error", statement, offset, reason)


def decode(data, version):
    try:
        return frame(data, version)
    except Wrong as wrong:
        return wrong.args


def frame(data, version):
    kind, length, body = variable(data, 1, len(data))
    is_v5 = version == "5.0"
    if len(data) < 2 or kind == "cut":
        return ("incomplete",)
    if kind == "five bytes":
        malformed("u5-34" if is_v5 else "u3-01", 1)
    if kind == "not minimal":
        malformed("v5-1.5.5-1" if is_v5 else "u3-01", 1)
    if body + length > len(data):
        return ("incomplete",)
    data = data[:body + length]
    packet = TYPES[data[0] >> 4]
    if packet == "CONNECT" and data[body:body + 6] == b"\0\x04MQTT" and data[body + 6:body + 7] in (b"\x04", b"\x05"):
        is_v5 = data[body + 6] == 5
    Reader(data, body, is_v5, packet).packet_of_type()
    return ("valid", len(data))


def variable(data, at, end):
    """Section 1.5.5: what it is, its number, and where it ends."""
    number = 0
    for index in range(4):
        if at + index >= end:
            return "cut", 0, at
        byte = data[at + index]
        number |= (byte & 0x7F) << (7 * index)
        if byte < 0x80:
            return "not minimal" if index and byte == 0 else "number", number, at + index + 1
    return "five bytes", 0, at


class Reader:
    def __init__(self, data, at, is_v5, packet):
        self.data, self.at, self.end, self.is_v5, self.packet = data, at, len(data), is_v5, packet

    def by(self, v3, v5):
        return v5 if self.is_v5 else v3

    def same(self, number):
        """A statement that has the same number in both versions."""
        return self.by("v3-", "v5-") + number

    def take(self, count, statement):
        if self.at + count > self.end:
            malformed(statement, self.at)
        self.at += count
        return self.data[self.at - count:self.at]

    def byte(self, statement):
        return self.take(1, statement)[0]

    def binary(self, statement):
        """Where the field starts, and its bytes."""
        start, left = self.at, self.end - self.at
        length = int.from_bytes(self.data[start:start + 2], "big")
        if left < 2 or left < 2 + length:
            malformed(statement, start)
        self.at += 2 + length
        return start, self.data[start + 2:self.at]

    def string(self, statement, of_pair=False):
        start, raw = self.binary(statement)
        self.check_text(raw, start + 2, of_pair)
        return start, raw

    def check_text(self, raw, at, of_pair=False):
        try:
            raw.decode("utf-8")
        except UnicodeDecodeError as error:
            malformed("v5-1.5.7-1" if of_pair else self.by("v3-1.5.3-1", "v5-1.5.4-1"), at + error.start)
        if b"\0" in raw:
            malformed("v5-1.5.7-1" if of_pair else self.by("v3-1.5.3-2", "v5-1.5.4-2"), at + raw.index(b"\0"))

    def topic(self, cut, wildcard, reason):
        """A topic name that may be empty."""
        start, raw = self.string(cut)
        for index, byte in enumerate(raw):
            if byte in b"+#":
                protocol_error(wildcard, start + 2 + index, reason)
        return start, raw

    def packet_id(self, statement, cut=None):
        at = self.at
        if self.take(2, cut or statement) == b"\0\0":
            protocol_error(statement, at)

    def reason(self):
        at, code = self.at, self.byte(self.by("u3-04", "v5-4.13.1-1"))
        if self.is_v5:
            allowed, statement = REASONS[self.packet]
        elif self.packet == "CONNACK":
            allowed, statement = range(6), "v3-3.2.2-6"
        else:
            allowed, statement = (0, 1, 2, 0x80), "v3-3.9.3-2"
        if code not in allowed:
            protocol_error(statement, at)
        return code

    def packet_of_type(self):
        packet, flags = self.packet, self.data[0] & 0x0F
        if packet == "-" or packet == "AUTH" and not self.is_v5:
            malformed(self.by("u3-02", "v5-4.13.1-1"), 0)
        if packet != "PUBLISH" and flags != (2 if packet in ("PUBREL", "SUBSCRIBE", "UNSUBSCRIBE") else 0):
            sections = {"PUBREL": "3.6", "SUBSCRIBE": "3.8", "UNSUBSCRIBE": "3.10", "DISCONNECT": "3.14", "AUTH": "3.15"}
            own = sections.get(packet)
            malformed(self.same(own + ".1-1") if own else self.by("v3-2.2.2-2", "v5-2.1.3-1"), 0)
        if packet == "CONNECT":
            self.connect()
        elif packet == "CONNACK":
            self.connack()
        elif packet == "PUBLISH":
            self.publish(flags)
        elif packet in ACKS:
            id_statement = self.by("v3-2.3.1-6", "v5-2.2.1-5")
            self.packet_id(id_statement, self.by("u3-04", id_statement))
            self.outcome()
        elif packet in ("SUBSCRIBE", "UNSUBSCRIBE"):
            self.filters()
        elif packet in ("SUBACK", "UNSUBACK"):
            self.filter_acks()
        elif packet in ("DISCONNECT", "AUTH"):
            self.outcome()
        if self.at < self.end:
            malformed(self.by("u3-04", "v5-4.13.1-1"), self.at)

    def connect(self):
        form = self.same("3.1.4-1")
        start, name = self.binary(form)
        if name != b"MQTT":
            protocol_error(self.same("3.1.2-1"), start, 0x84)
        at, level = self.at, self.byte(form)
        if level not in (4, 5):
            protocol_error(self.same("3.1.2-2"), at, 0x84)
        at, flags = self.at, self.byte(form)
        has_will, will_qos, has_user, has_password = flags & 4, flags >> 3 & 3, flags & 0x80, flags & 0x40
        if flags & 1:
            malformed(self.same("3.1.2-3"), at)
        if has_will and will_qos == 3:
            malformed(self.by("v3-3.1.2-14", "v5-3.1.2-12"), at)
        if not has_will and will_qos:
            malformed(self.by("v3-3.1.2-13", "v5-3.1.2-11"), at)
        if not has_will and flags & 0x20:
            malformed(self.by("v3-3.1.2-15", "v5-3.1.2-13"), at)
        if has_password and not has_user and not self.is_v5:
            malformed("v3-3.1.2-22", at)
        self.take(2, form)
        self.properties("CONNECT")
        start, client_id = self.string(self.same("3.1.3-3"))
        if not client_id and not flags & 2 and not self.is_v5:
            protocol_error("v3-3.1.3-8", start, 0x85)
        if has_will:
            self.properties("WILL")
            will = self.same("3.1.2-9")
            start, topic = self.topic(will, self.by("v3-4.7.1-1", "v5-4.7.0-1"), 0x90)
            if not topic:
                protocol_error(self.same("4.7.3-1"), start)
            self.binary(will)
        if has_user:
            self.string(self.by("v3-3.1.2-19", "v5-3.1.2-17"))
        if has_password:
            self.binary(self.by("v3-3.1.2-21", "v5-3.1.2-19"))
        elif self.at < self.end:
            # What is left may be fields whose flags are not set.
            count = fields_in(self.data[self.at:])
            if has_user and count == 1:
                malformed(self.by("v3-3.1.2-20", "v5-3.1.2-18"), self.at)
            if not has_user and count in (1, 2):
                malformed(self.by("v3-3.1.2-18", "v5-3.1.2-16"), self.at)
        if self.at < self.end:
            malformed(form, self.at)

    def connack(self):
        at, flags = self.at, self.byte(self.by("u3-04", "v5-4.13.1-1"))
        if flags > 1:
            malformed(self.by("u3-05", "v5-3.2.2-1"), at)
        if self.reason() and flags:
            protocol_error(self.by("v3-3.2.2-4", "v5-3.2.2-6"), at)
        self.properties("CONNACK")

    def publish(self, flags):
        qos = flags >> 1 & 3
        if qos == 3:
            malformed(self.same("3.3.1-4"), 0)
        if qos == 0 and flags & 8:
            malformed(self.same("3.3.1-2"), 0)
        start, topic = self.topic(self.same("3.3.2-1"), self.same("3.3.2-2"), 0x90)
        if not topic and not self.is_v5:
            protocol_error("v3-4.7.3-1", start)
        if qos:
            self.packet_id(self.by("v3-2.3.1-1", "v5-2.2.1-3"))
        if 0x23 not in self.properties("PUBLISH") and not topic:
            protocol_error("u5-07", start)
        self.at = self.end

    def filters(self):
        is_subscribe = self.packet == "SUBSCRIBE"
        self.packet_id(self.by("v3-2.3.1-1", "v5-2.2.1-3"))
        self.properties(self.packet)
        none = self.by("v3-3.8.3-3", "v5-3.8.3-2") if is_subscribe else self.same("3.10.3-2")
        if self.at == self.end:
            protocol_error(none, self.at)
        while self.at < self.end:
            is_shared = self.filter(self.same("3.8.3-1" if is_subscribe else "3.10.3-1"))
            if is_subscribe:
                self.options(none, is_shared)

    def options(self, cut, is_shared):
        at, options = self.at, self.byte(cut)
        if options & (0xC0 if self.is_v5 else 0xFC):
            malformed(self.by("v3-3.8.3-4", "v5-3.8.3-5"), at)
        if options & 3 == 3 and not self.is_v5:
            malformed("v3-3.8.3-4", at)
        if options & 3 == 3 or options & 0x30 == 0x30:
            protocol_error("u5-09", at)
        if options & 4 and is_shared:
            protocol_error("v5-3.8.3-4", at)

    def filter(self, cut):
        start, raw = self.binary(cut)
        text = start + 2
        wrong = lambda statement, index: protocol_error(statement, text + index, 0x8F)
        if not raw:
            wrong(self.same("4.7.3-1"), -2)
        self.check_text(raw, text)
        levels, index = raw.split(b"/"), 0
        is_shared = self.is_v5 and raw.startswith(b"$share/")
        if is_shared:
            if raw == b"$share/":
                wrong("v5-4.8.2-1", 0)
            name = levels[1]
            if not name:
                wrong("v5-4.8.2-1", len(b"$share/"))
            for at, byte in enumerate(name):
                if byte in b"+#":
                    wrong("v5-4.8.2-2", len(b"$share/") + at)
            index = len(b"$share/") + len(name) + 1
            if index >= len(raw):
                wrong("v5-4.8.2-2", 0)
            levels = raw[index:].split(b"/")
        for number, level in enumerate(levels):
            for at, byte in enumerate(level):
                if byte == ord("#") and (len(level) > 1 or number + 1 < len(levels)):
                    wrong(self.by("v3-4.7.1-2", "v5-4.7.1-1"), index + at)
                if byte == ord("+") and len(level) > 1:
                    wrong(self.by("v3-4.7.1-3", "v5-4.7.1-2"), index + at)
            index += len(level) + 1
        return is_shared

    def filter_acks(self):
        is_suback = self.packet == "SUBACK"
        statement = self.by("v3-2.3.1-7", "v5-2.2.1-6")
        self.packet_id(statement, statement if is_suback else self.by("u3-04", statement))
        self.properties(self.packet)
        if not is_suback and not self.is_v5:
            return
        if self.at == self.end:
            protocol_error(self.by("v3-3.8.4-5", "v5-3.8.4-6") if is_suback else "v5-3.11.3-2", self.at)
        while self.at < self.end:
            self.reason()

    def outcome(self):
        if not self.is_v5 or self.at == self.end:
            return
        self.reason()
        # AUTH has no form without properties but the empty one.
        if self.at < self.end or self.packet == "AUTH":
            self.properties(self.packet)

    def properties(self, place):
        """The identifiers, and where each stands."""
        if not self.is_v5:
            return {}
        start, end = self.at, self.end
        length = self.number("v5-3.1.2-9" if place == "WILL" else "v5-2.2.2-1")
        self.end = self.at + length
        if self.end > end:
            malformed("u5-01", start)
        found = {}
        while self.at < self.end:
            at, identifier = self.at, self.number("u5-01")
            kind, places = PROPERTIES.get(identifier, ("", ""))
            if place not in places.split():
                malformed("u5-01", at)
            may_repeat = identifier == 0x26 or identifier == 0x0B and place == "PUBLISH"
            if identifier in found and not may_repeat:
                protocol_error("u5-02", at)
            found.setdefault(identifier, at)
            self.value(identifier, kind)
        self.end = end
        if place == "CONNECT" and 0x16 in found and 0x15 not in found:
            protocol_error("u5-06", found[0x16])
        if place == "AUTH" and 0x15 not in found:
            protocol_error("u5-12", start)
        return found

    def number(self, cut):
        kind, number, end = variable(self.data, self.at, self.end)
        if kind != "number":
            malformed({"cut": cut, "five bytes": "u5-34", "not minimal": "v5-1.5.5-1"}[kind], self.at)
        self.at = end
        return number

    def value(self, identifier, kind):
        at, number = self.at, None
        if kind in ("1", "2", "4"):
            number = int.from_bytes(self.take(int(kind), "u5-01"), "big")
        elif kind == "variable":
            number = self.number("u5-01")
        elif kind == "binary":
            self.binary("u5-01")
        elif kind == "pair":
            self.string("u5-01", of_pair=True), self.string("u5-01", of_pair=True)
        elif identifier != 0x08:
            self.string("u5-01")
        elif not self.topic("u5-01", "v5-3.3.2-14", 0x82)[1]:
            protocol_error("v5-4.7.3-1", at)
        in_connack = self.packet == "CONNACK"
        if kind == "1" and number > 1:
            protocol_error("u5-35" if in_connack else "u5-14" if identifier == 0x01 else "u5-05", at)
        if number == 0 and identifier in (0x21, 0x27):
            protocol_error("u5-35" if in_connack else "u5-03" if identifier == 0x21 else "u5-04", at)
        if number == 0 and identifier == 0x0B:
            protocol_error("u5-08", at)
        if number == 0 and identifier == 0x23:
            protocol_error("v5-3.3.2-8", at, 0x94)


def fields_in(data):
    """How many fields with a length of two bytes the bytes are; `None` if they are none."""
    count = 0
    while data:
        end = 2 + int.from_bytes(data[:2], "big")
        if len(data) < 2 or len(data) < end:
            return None
        data, count = data[end:], count + 1
    return count
