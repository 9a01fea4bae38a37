"""What others put on the wire is valid here, and is encoded to the same bytes.

    reencode.py WITNESS NAME < LINES

WITNESS is the program of codec/examples/witness.rs, NAME says who wrote the lines: version, tab, hex.
"""

import subprocess
import sys

witness, name = sys.argv[1:]
lines = [line.split("\t") for line in sys.stdin.read().splitlines()]
wrong = 0
for version in ("3.1.1", "5.0"):
    given = [data for of, data in lines if of == version]
    assert given, f"{name}: no packet of {version}"
    read = subprocess.run([witness, "read", version], input="\n".join(given), capture_output=True, text=True, check=True)
    for before, answer in zip(given, read.stdout.splitlines(), strict=True):
        if answer.split("\t")[1:2] != [before]:
            wrong += 1
            print(f"{name} {version} {before}\n  {answer}", file=sys.stderr)
print(f"{name}: {len(lines) - wrong} of {len(lines)} packets come back byte for byte")
sys.exit(1 if wrong else 0)
