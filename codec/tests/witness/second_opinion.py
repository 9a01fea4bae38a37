"""What is wrong with a packet, in a second opinion: kind, statement, byte and reason code are those of `decoder.py`.

    second_opinion.py WITNESS VECTORS [COUNT]

WITNESS is the program of codec/examples/witness.rs, VECTORS the folder fixtures/packets. The packets are the vectors,
generated ones, and what becomes of both when a few things in them are changed.
"""

import random
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path

from decoder import PROPERTIES, TYPES, decode

BYTES = [0, 1, 2, 3, 4, 0x0B, 0x10, 0x18, 0x1F, 0x23, 0x26, 0x2B, 0x7F, 0x80, 0x81, 0x87, 0x8F, 0x92, 0xC0, 0xED, 0xFF]
TEXTS = [
    b"", b"\0", b"\x01", b"/", b"#", b"+", b"a/#", b"a#", b"$share", b"$share/", b"$share/g", b"$share/g/t", b"$share//t",
    b"$share/+/t", b"\xc3\x28", b"\xc0\x80", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\xef\xbf\xbf", b"\xf4\x90\x80\x80", b"\xe2\x82",
]
VALUES = {
    "1": [b"\0", b"\1", b"\2"], "2": [b"\0\0", b"\0\1"], "4": [bytes(4), b"\0\0\0\1"],
    "variable": [b"\0", b"\1", b"\x80\1", b"\x81\0", b"\xff\xff\xff\x7f", b"\x80\x80\x80\x80\1"],
}


def main():
    witness, vectors, count = sys.argv[1], Path(sys.argv[2]), int((sys.argv[3:] or ["60000"])[0])
    packets = list(dict.fromkeys(make(witness, vectors, count)))
    lines = "\n".join(f"{version}\t{data.hex()}" for version, data in packets)
    judge = subprocess.run([witness, "judge"], input=lines, capture_output=True, text=True, check=True)
    wrong, kinds, statements = Counter(), Counter(), set()
    for (version, data), answer in zip(packets, judge.stdout.splitlines(), strict=True):
        opinion = decode(data, version)
        kinds[opinion[0]] += 1
        statements.update(opinion[1:2] if len(opinion) > 2 else ())
        if answer.split("\t") != [str(part) for part in opinion]:
            packet = TYPES[data[0] >> 4] if data else "-"
            wrong[version, packet, opinion[:2], answer.split("\t")[1]] += 1
            if wrong.total() <= 10:
                print(f"{version} {data.hex()}\n  ours {answer}\n  theirs {opinion}", file=sys.stderr)
    for case, times in wrong.most_common():
        print(f"{times} times {case}", file=sys.stderr)
    assert min(kinds.values()) > count // 1_000 and len(kinds) == 4 and len(statements) > 100, (kinds, len(statements))
    print(f"second opinion: {len(packets) - wrong.total()} of {len(packets)} packets, {len(statements)} statements")
    sys.exit(1 if wrong else 0)


def make(witness, vectors, count):
    valid = subprocess.run([witness, "generate", "2000"], capture_output=True, text=True, check=True).stdout
    base = [tuple(line.split("\t")[:2]) for line in valid.splitlines()]
    for version in ("3.1.1", "5.0"):
        for file in sorted((vectors / version).glob("*.toml")):
            base += [(version, vector["hex"]) for vector in tomllib.loads(file.read_text())["packet"]]
    base = [(version, bytes.fromhex(data)) for version, data in base]
    yield from base
    chance = random.Random(5)
    short = [packet for packet in base if len(packet[1]) < 60]
    for _ in range(count):
        version, data = chance.choice(short)
        yield version, change(chance, version, data, short)


def change(chance, version, data, others):
    """The packet with one to three things changed; the remaining length is right, mostly."""
    start = next((at + 1 for at in range(1, min(len(data), 5)) if data[at] < 0x80), len(data))
    first, body = data[0], bytearray(data[start:])
    for _ in range(chance.choice([1, 1, 1, 2, 2, 3])):
        at, what = chance.randrange(len(body) + 1), chance.randrange(12)
        if what == 0:
            del body[at:]
        elif what == 1:
            body[at:at + 1] = bytes([chance.choice(BYTES)])
        elif what == 2 and at < len(body):
            body[at] ^= 1 << chance.randrange(8)
        elif what == 3:
            del body[at:at + chance.choice([1, 1, 2, 3])]
        elif what == 4:
            body[at:at] = bytes([chance.choice(BYTES)])
        elif what == 5 and at < len(body):
            body[at] = (body[at] + chance.choice([1, 255])) % 256
        elif what == 6:
            first ^= 1 << chance.randrange(4)
        elif what == 7:
            first = first & 0x0F | chance.randrange(16) << 4
        elif what == 8:
            body += bytes(chance.choices(BYTES, k=chance.randrange(1, 4)))
        elif what == 9:
            body[at:at] = chance.choice(others)[1][2:][:chance.randrange(20)]
        elif what == 10:
            replace_text(chance, body)
        elif what == 11:
            add_property(chance, body)
    length = len(body) + (chance.choice([-1, 1]) if chance.random() < 0.02 else 0)
    return bytes([first]) + number(max(length, 0), chance.random() < 0.02) + bytes(body)


def replace_text(chance, body):
    """Puts another text where one seems to be, with its length."""
    length_at = lambda at: int.from_bytes(body[at:at + 2], "big")
    places = [at for at in range(len(body) - 1) if 0 < length_at(at) <= len(body) - at - 2]
    if places:
        at = chance.choice(places)
        end = at + 2 + length_at(at)
        text = bytes(body[at + 2:chance.randrange(at + 2, end + 1)]) + chance.choice(TEXTS)
        body[at:end] = len(text).to_bytes(2, "big") + text


def add_property(chance, body):
    """Adds a property where a section seems to be, and makes the section longer."""
    places = [at for at in range(min(len(body), 16)) if body[at] <= len(body) - at - 1 and body[at] < 100]
    if not places:
        return
    at = chance.choice(places)
    section = bytes(body[at + 1:at + 1 + body[at]])
    identifier = chance.choice([*PROPERTIES, 0x00, 0x7F])
    kind = PROPERTIES.get(identifier, ("binary", ""))[0]
    text = lambda: (lambda raw: len(raw).to_bytes(2, "big") + raw)(chance.choice([*TEXTS, b"a", b"b"]))
    value = chance.choice(VALUES[kind]) if kind in VALUES else text() + (text() if kind == "pair" else b"")
    added = number(identifier, chance.random() < 0.05) + value
    section = added + section if chance.random() < 0.5 else section + added
    body[at:at + 1 + body[at]] = number(len(section), chance.random() < 0.02) + section


def number(value, has_needless_byte=False):
    """A variable byte integer."""
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value | 0x80, 0]) if has_needless_byte else bytes([*out, value])


main()
