"""Where the sources are, and how each is compiled. For the checks of this folder."""
import json
import os
import shlex
import sys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
_NOT_OURS = {".git", "build", "__pycache__"}


def files(*endings, under=("",)):
    """Paths from the top of the checkout, sorted, of all files with one of the endings (all files without any)."""
    found = []
    for folder in under:
        for base, folders, names in os.walk(os.path.join(TOP, folder)):
            folders[:] = [f for f in folders if f not in _NOT_OURS]
            found += [os.path.relpath(os.path.join(base, n), TOP) for n in names if not endings or n.endswith(endings)]
    return sorted(found)


def read(path):
    with open(os.path.join(TOP, path), encoding="utf-8", errors="replace") as f:
        return f.read()


def commands(build):
    """Source path from the top -> its compiler call as a list, for all sources under src/."""
    with open(os.path.join(build, "compile_commands.json")) as f:
        entries = json.load(f)
    found = {}
    for e in entries:
        path = os.path.relpath(os.path.join(e["directory"], e["file"]), TOP)
        if path.startswith("src" + os.sep):
            found[path] = shlex.split(e["command"])
    if not found:
        sys.exit("%s/compile_commands.json tells of no source under %s/src" % (build, TOP))
    return found


def room_of(path):
    """The folder of src/ that a path lies in."""
    return path.split(os.sep)[1]


def rooms(build):
    """Room -> flags that its sources are compiled with, without -o, -c and the like."""
    found = {}
    for path, command in commands(build).items():
        found.setdefault(room_of(path), _flags(command))
    return found


def _flags(command):
    flags, rest = [], iter(command[1:])
    for word in rest:
        if word in ("-o", "-c", "-MT", "-MF"):
            next(rest, None)
        elif word not in ("-MD",):
            flags.append(word)
    return flags


def finish(faults, what):
    """Prints the faults and ends: 1 when there are any."""
    for fault in faults:
        print(fault)
    print("%s: %s" % (what, "%d faults" % len(faults) if faults else "clean"))
    sys.exit(1 if faults else 0)
