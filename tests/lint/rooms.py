#!/usr/bin/env python3
"""Every room reaches the headers of the rooms that it may include, and a wrong include does not compile.

Tried with the real compiler calls: for each pair of rooms, one translation unit that includes a header of the other.
"""
import os
import subprocess
import sys

import tree

# Room -> rooms whose headers it may include itself; what those may include comes along.
MAY = {
    "base": "", "model": "base", "text": "base", "mail": "base model", "unpack": "base model",
    "report": "base model", "wire": "base model", "worker": "base model mail unpack report wire",
    "intake": "base model wire", "config": "base model", "token": "base model", "fetch": "base model token", "judge": "base model",
    "alert": "base model", "store": "base model", "render": "base model text", "notify": "base model token",
    "output": "base model text",
    "cli": "base model text config token fetch intake judge alert store render notify output wire",
}


def reaches(flags, header):
    done = subprocess.run(["cc"] + flags + ["-E", "-x", "c", "-"], input=('#include "%s"\n' % header).encode(),
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    if done.returncode and b"No such file or directory" not in done.stderr:
        sys.exit("%s: %s" % (header, done.stderr.decode(errors="replace")))
    return done.returncode == 0


rooms = tree.rooms(sys.argv[1])
headers = {}
for path in tree.files(".h", under=("src",)):
    parts = path.split(os.sep)
    if parts[2] == "include":
        headers.setdefault(parts[1], "/".join(parts[3:]))

faults = ["src/%s is in no list of this check" % r for r in rooms if r not in MAY]
tried = refused = 0
for room, flags in sorted(rooms.items()):
    for other, header in sorted(headers.items()):
        allowed = other == room or other in MAY.get(room, "").split()
        tried += 1
        refused += not allowed
        if reaches(flags, header) != allowed:
            faults.append("src/%s %s include %s" % (room, "cannot" if allowed else "must not", header))
print("%d pairs of rooms, %d includes refused by the compiler" % (tried, refused))
tree.finish(faults, "rooms")
