"""What tshark reads in our packets is what our decoder says of them.

    tshark.py WITNESS [COUNT]

WITNESS is the program of codec/examples/witness.rs. Each generated packet goes into a capture of its own connection,
behind a CONNECT that tells tshark the version; tshark's fields are then compared with ours, byte for byte.
"""

import struct
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from collections import Counter

FROM_SERVER = {"CONNACK", "SUBACK", "UNSUBACK", "PINGRESP"}
CONNECT = {
    "3.1.1": bytes.fromhex("100c00044d515454040200000000"),
    "5.0": bytes.fromhex("100d00044d51545405020000000000"),
}
TYPES = (
    "CONNECT CONNACK PUBLISH PUBACK PUBREC PUBREL PUBCOMP SUBSCRIBE SUBACK UNSUBSCRIBE UNSUBACK PINGREQ PINGRESP "
    "DISCONNECT AUTH"
).split()

# Identifier and type of each property, as section 2.2.2.2 lists them.
PROPERTIES = {
    "payload-format": (0x01, "number"), "message-expiry": (0x02, "number"), "content-type": (0x03, "text"),
    "response-topic": (0x08, "text"), "correlation-data": (0x09, "text"), "subscription-id": (0x0B, "number"),
    "session-expiry": (0x11, "number"), "assigned-client-id": (0x12, "text"), "server-keep-alive": (0x13, "number"),
    "authentication-method": (0x15, "text"), "authentication-data": (0x16, "text"),
    "request-problem-information": (0x17, "number"), "delay": (0x18, "number"),
    "request-response-information": (0x19, "number"), "response-information": (0x1A, "text"),
    "server-reference": (0x1C, "text"), "reason-string": (0x1F, "text"), "receive-maximum": (0x21, "number"),
    "topic-alias-maximum": (0x22, "number"), "topic-alias": (0x23, "number"), "maximum-qos": (0x24, "number"),
    "retain-available": (0x25, "number"), "user-property": (0x26, "pair"), "maximum-packet-size": (0x27, "number"),
    "wildcard-available": (0x28, "number"), "subscription-id-available": (0x29, "number"),
    "shared-available": (0x2A, "number"),
}
# Our fields that are bytes in tshark's, by name.
BYTES = {
    "topic": "topic", "filter": "topic", "payload": "msg", "client-id": "clientid", "user-name": "username",
    "password": "passwd", "will-topic": "willtopic", "will-payload": "willmsg",
}
NUMBERS = {"id": "msgid", "keep-alive": "kalive"}


def main():
    witness, count = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "1000"
    lines = subprocess.run([witness, "generate", count], check=True, capture_output=True, text=True).stdout.splitlines()
    packets = [parse_line(line) for line in lines]
    with tempfile.NamedTemporaryFile(suffix=".pcap") as capture:
        capture.write(pcap(packets))
        capture.flush()
        read = ["tshark", "-r", capture.name, "-T", "pdml", "-d", "tcp.port==1883,mqtt"]
        pdml = subprocess.run(read, check=True, capture_output=True).stdout
    # Every other frame is the CONNECT that stands before the packet.
    frames = ElementTree.fromstring(pdml).findall("packet")[1::2]
    assert len(frames) == len(packets), f"{len(frames)} frames of {len(packets)}"
    wrong, types = 0, Counter()
    for packet, frame in zip(packets, frames):
        types[packet["version"], packet["type"]] += 1
        ours, theirs = expected(packet), found(frame)
        if ours != theirs:
            wrong += 1
            print(f"{packet['version']} {packet['type']} {packet['bytes'].hex()}", file=sys.stderr)
            for name in sorted(set(ours) | set(theirs)):
                if ours.get(name) != theirs.get(name):
                    print(f"  {name}: ours {ours.get(name)}, tshark's {theirs.get(name)}", file=sys.stderr)
    missing = [(version, name) for version in CONNECT for name in TYPES
               if types[version, name] == 0 and (version, name) != ("3.1.1", "AUTH")]
    assert not missing, f"no packet of {missing}"
    print(f"tshark: {len(packets) - wrong} of {len(packets)} packets have the same fields")
    sys.exit(1 if wrong else 0)


def parse_line(line):
    version, data, packet_type, *fields = line.split("\t")
    return {
        "version": version, "bytes": bytes.fromhex(data), "type": packet_type,
        "fields": [tuple(field.split("=", 1)) for field in fields],
    }


def expected(packet):
    """Our fields in tshark's names: a list of values for each name."""
    v5, kind = packet["version"] == "5.0", packet["type"]
    out, ids = {}, {"": [], "will-": []}
    add = lambda name, value: out.setdefault(name, []).append(value)
    flags = {name: int(value[1:]) for name, value in packet["fields"] if value[0] in "nf"}
    add("msgtype", TYPES.index(kind) + 1)
    if kind == "PUBLISH":
        add("qos", flags.get("qos", 0)), add("dupflag", flags.get("dup", 0)), add("retain", flags.get("retain", 0))
    if kind == "CONNECT":
        add("conflag.cleansess", flags.get("clean-start", 0)), add("conflag.qos", flags.get("will-qos", 0))
        add("conflag.retain", flags.get("will-retain", 0))
    if kind == "CONNACK":
        add("conack.flags.sp", flags.get("session-present", 0))
    names = [name for name, _ in packet["fields"]]
    for always in {"CONNECT": ["client-id", "keep-alive"], "PUBLISH": ["topic"]}.get(kind, []):
        if always not in names:
            packet["fields"].append((always, "n0" if always == "keep-alive" else "x"))
    options = None
    for name, value in packet["fields"]:
        will = "will-" if name.startswith("will-") and name.removeprefix("will-") in PROPERTIES else ""
        if name in BYTES:
            add(BYTES[name], value[1:])
        elif name in NUMBERS:
            add(NUMBERS[name], int(value[1:]))
        elif name == "reason":
            add(reason_name(kind, v5), int(value[1:]))
        elif name.removeprefix(will) in PROPERTIES:
            code, of = PROPERTIES[name.removeprefix(will)]
            ids[will].append((code, value.replace("x", "").removeprefix("n")))
        if kind == "SUBSCRIBE":
            if name == "filter":
                options = {}
                out.setdefault("options", []).append(options)
            elif options is not None and name in ("qos", "no-local", "retain-as-published", "retain-handling"):
                options[name] = int(value[1:])
    out["options"] = [
        (it.get("qos", 0), it.get("no-local", 0), it.get("retain-as-published", 0), it.get("retain-handling", 0))
        for it in out.get("options", [])
    ]
    # tshark shows a set of properties where it stands: those of the packet come first.
    out["properties"] = ids[""] + ids["will-"]
    return {name: value for name, value in out.items() if value}


def reason_name(kind, v5):
    if v5:
        return f"{kind.lower()}.reason_code"
    return {"CONNACK": "conack.val", "SUBACK": "suback.qos"}[kind]


def found(frame):
    """tshark's fields, with its names without `mqtt.`: a list of values for each name."""
    layers = [proto for proto in frame.findall("proto") if proto.get("name") == "mqtt"]
    out = {"options": [], "properties": []}
    # A property is its identifier and what follows: the values of its fields, up to the next identifier.
    for layer in layers:
        for field in layer.iter("field"):
            name, value = field.get("name").removeprefix("mqtt."), field.get("value") or ""
            if name in ("topic", "msg", "clientid", "username", "passwd", "willtopic", "willmsg"):
                # An empty payload is no field of ours; tshark shows one.
                if value or name != "msg":
                    out.setdefault(name, []).append(value)
            elif name in ("msgtype", "qos", "dupflag", "retain", "msgid", "kalive", "conack.val", "suback.qos",
                          "conflag.cleansess", "conflag.qos", "conflag.retain", "conack.flags.sp"
                          ) or name.endswith(".reason_code"):
                out.setdefault(name, []).append(int(value, 16))
            elif name == "sub.qos":
                out["options"].append((int(value, 16), 0, 0, 0))
            elif name == "subscription_options":
                bits = int(value, 16)
                out["options"].append((bits & 3, bits >> 2 & 1, bits >> 3 & 1, bits >> 4 & 3))
            elif name == "property_id":
                out["properties"].append((int(value, 16), None))
            elif name == "prop_number" or name.startswith("property."):
                if name == "property.content_type":
                    set_last(out, value[4:] if len(value) >= 4 else value)
                else:
                    set_last(out, str(number(out, value)))
            elif name in ("prop_string", "prop_key", "prop_value"):
                code, before = out["properties"][-1]
                set_last(out, value if name != "prop_value" else f"{before}:{value}")
            elif name in ("prop_unknown", "unknown_version"):
                out.setdefault(name, []).append(value)
    return {name: value for name, value in out.items() if value}


def set_last(out, value):
    code, _ = out["properties"][-1]
    out["properties"][-1] = (code, value)


def number(out, value):
    """A number as tshark shows its bytes: a Subscription Identifier is a variable byte integer."""
    if out["properties"][-1][0] != 0x0B:
        return int(value, 16)
    return sum((byte & 0x7F) << (7 * at) for at, byte in enumerate(bytes.fromhex(value)))


def pcap(packets):
    out = [struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 0x40000, 101)]
    for number, packet in enumerate(packets):
        port, connect = 10_000 + number, CONNECT[packet["version"]]
        from_server = packet["type"] in FROM_SERVER
        out.append(record(ip(port, 1883, 1, 1, connect)))
        if from_server:
            out.append(record(ip(1883, port, 1, 1 + len(connect), packet["bytes"])))
        else:
            out.append(record(ip(port, 1883, 1 + len(connect), 1, packet["bytes"])))
    return b"".join(out)


def record(data):
    return struct.pack("<IIII", 0, 0, len(data), len(data)) + data


def ip(source, target, sequence, acknowledged, payload):
    """An IPv4 packet with a TCP segment; without checksums, which tshark does not look at."""
    tcp = struct.pack(">HHIIBBHHH", source, target, sequence, acknowledged, 5 << 4, 0x18, 65_535, 0, 0) + payload
    header = struct.pack(">BBHHHBBHII", 0x45, 0, 20 + len(tcp), 0, 0, 64, 6, 0, 0x7F000001, 0x7F000001)
    return header + tcp


main()
