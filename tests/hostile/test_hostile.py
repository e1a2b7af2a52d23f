#!/usr/bin/env python3
"""Every hostile input through the confined reader: it gets its answer, in bounded time and memory, and the reader lives.

What must come of each stands in testdata/hostile/expected.txt. The bounds for what it costs are generous here, as the
machine may be busy; `--all` (or DMARCWARN_SUITE=all) holds each to the bounds that are promised and prints the figures.
"""
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
DATA = os.path.join(HERE, "..", "..", "testdata", "hostile")
sys.path.insert(0, DATA)
import make  # noqa: E402

DRIVE = os.environ["HOSTILE_DRIVE"]
SANITIZED = bool(os.environ.get("DMARCWARN_SANITIZED"))
ALL = "--all" in sys.argv or os.environ.get("DMARCWARN_SUITE") == "all"

MS, MS_A_MIB, RSS_KIB = 100, 10, 32 * 1024  # promised: the larger of the first two
BUSY = 1 if ALL else 10                     # how much slower a busy machine may be
BOMB_MS = 50
TURNS = 3 if ALL else 1                     # figures are the least of so many


def expected():
    with open(os.path.join(DATA, "expected.txt"), encoding="utf-8") as f:
        return dict(line.rstrip("\n").split("\t") for line in f if not line.startswith("#"))


def drive_turns(paths):
    """The rows, each with the least that it cost in any turn; of answers that differ, each."""
    turns = [list(drive(paths)) for _ in range(TURNS)]
    for rows in zip(*turns):
        answers = " / ".join(sorted({r[1] for r in rows}))
        yield rows[0][0], answers, min(r[2] for r in rows), min(r[3] for r in rows), rows[0][4]


def drive(paths):
    done = subprocess.run([DRIVE] + paths, stdout=subprocess.PIPE, check=True, text=True)
    for line in done.stdout.splitlines():
        name, answer, us, kib, octets = line.split("\t")
        yield name, answer, int(us) / 1000, int(kib), int(octets)


def small_ones_are_as_made(made):
    faults = []
    for name, data in made.items():
        kept = os.path.join(DATA, name)
        if make.is_small(data) != os.path.exists(kept):
            faults.append("%s: run testdata/hostile/make.py" % name)
        elif make.is_small(data):
            with open(kept, "rb") as f:
                if f.read() != data:
                    faults.append("%s: is not what make.py makes" % name)
    return faults


def judge(row, want):
    name, answer, ms, kib, octets = row
    faults = []
    if answer != want.get(name):
        faults.append("%s: wanted '%s', got '%s'" % (name, want.get(name), answer))
    if SANITIZED:
        return faults
    if ms > BUSY * (BOMB_MS if "-gib" in name else max(MS, MS_A_MIB * octets / (1 << 20))):
        faults.append("%s: %.0f ms of processor time for %d octets" % (name, ms, octets))
    if kib > RSS_KIB:
        faults.append("%s: %d KiB of memory above its own size" % (name, kib))
    return faults


def print_figures(rows):
    over = [r for r in rows if r[2] > max(MS, MS_A_MIB * r[4] / (1 << 20))]
    bombs = [r for r in rows if "-gib" in r[0]]
    for name, answer, ms, kib, octets in rows:
        print("%-36s %9d octets %7.1f ms %8d KiB  %s" % (name, octets, ms, kib, answer))
    print("%d inputs, least of %d turns; processor time: median %.1f ms, at most %.1f; memory above the input: at most %d KiB" % (
        len(rows), TURNS, sorted(r[2] for r in rows)[len(rows) // 2], max(r[2] for r in rows), max(r[3] for r in rows)))
    print("above %d ms and %d ms a MiB: %s" % (MS, MS_A_MIB, ", ".join("%s %.0f ms" % (r[0], r[2]) for r in over) or "none"))
    print("%d bombs of a GiB and more: at most %.1f ms (promised: %d)" % (len(bombs), max(r[2] for r in bombs), BOMB_MS))


def main():
    faults, rows, want = [], [], expected()
    with tempfile.TemporaryDirectory() as folder:
        made = {}
        for name, maker in make.TABLE:
            data = maker()
            path = os.path.join(folder, name)
            with open(path, "wb") as f:
                f.write(data)
            made[name] = data if make.is_small(data) else b"x" * (make.SMALL + 1)
        faults += small_ones_are_as_made(made)
        rows += drive_turns([os.path.join(folder, name) for name in made])
    for row in rows:
        faults += judge(row, want)
    missing = set(want) ^ {r[0] for r in rows}
    if missing:
        faults.append("without an input or without an answer: %s" % ", ".join(sorted(missing)))
    if len(rows) < 120:
        faults.append("only %d inputs" % len(rows))
    if ALL:
        print_figures(rows)
    print("\n".join(faults) or "%d hostile inputs, each with its answer" % len(rows))
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
