#!/usr/bin/env python3
"""Random valid reports, each damaged by one mutator: `dmarcwarn parse` gives an answer that the mutator allowed.

    test_property.py [--all | --sample] [--reports N] [--seed N] [--mutator NAME]

A sample of 2,000 unless --all (100,000) is given or asked for by DMARCWARN_SUITE. What failed is kept in a folder.
"""
import argparse
import collections
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile

import mutators
import reports

SAMPLE, ALL, BATCH, SHOWN = 2000, 100000, 2000, 20
# Of the line; what is compared has a place in the facts that were made.
NOT_COMPARED = ("file", "member", "notes", "inferred")


def make_case(seed, number, chosen):
    """The case of that number: the same for the same seed, whatever else is tried."""
    rng = random.Random("%s/%d" % (seed, number))
    while True:
        mutate = rng.choice(chosen)
        case = mutate(rng, reports.make(rng))
        if case is not None:
            return mutate.__name__, case


def parse(program, folder):
    done = subprocess.run([program, "parse", "--format", "ndjson", "."], cwd=folder, stdout=subprocess.PIPE, check=False)
    if done.returncode not in (0, 65):
        sys.exit("test_property: %s ended with %d" % (program, done.returncode))
    lines = collections.defaultdict(list)
    for text in done.stdout.splitlines():
        line = json.loads(text)
        lines[int(os.path.basename(line["file"]))].append(line)
    return lines


def differs(wanted, line):
    """Why the line is not this answer, or None."""
    if isinstance(wanted, mutators.Reject):
        if line["type"] == "reject" and line["reason"] in wanted.reasons:
            return None
        return "%s %s instead of a reject %s" % (line["type"], line.get("reason", line.get("notes")), sorted(wanted.reasons))
    if line["type"] != "aggregate":
        return "%s %s (%s) instead of a report" % (line["type"], line.get("reason"), line.get("detail"))
    for key, value in line.items():
        if key not in NOT_COMPARED and wanted.facts[key] != value:
            return "%s is %r instead of %r" % (key, value, wanted.facts[key])
    notes = set(line["notes"])
    if notes - wanted.some - wanted.also:
        return "notes %s, of which %s are not allowed" % (sorted(notes), sorted(notes - wanted.some - wanted.also))
    if wanted.some and not notes & wanted.some:
        return "no note of %s" % sorted(wanted.some)
    return None


def judge(case, lines):
    """None when one of the answers fits, else why the first does not."""
    faults = []
    for answer in case.answers:
        if len(answer) != len(lines):
            faults.append("%d documents instead of %d: %s" % (len(lines), len(answer), [line["type"] for line in lines]))
            continue
        fault = next(filter(None, map(differs, answer, lines)), None)
        if fault is None:
            return None
        faults.append(fault)
    return " | ".join(faults)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--all", action="store_true")
    arguments.add_argument("--sample", action="store_true")
    arguments.add_argument("--reports", type=int)
    arguments.add_argument("--seed", default="1")
    arguments.add_argument("--mutator")
    options = arguments.parse_args()
    whole = options.all or (os.environ.get("DMARCWARN_SUITE") == "all" and not options.sample)
    total = options.reports or (ALL if whole else SAMPLE)
    program = os.path.abspath(os.environ["DMARCWARN_BIN"])
    chosen = [m for m in mutators.MUTATORS if options.mutator in (None, m.__name__)]
    counts, failed = collections.Counter(), 0
    kept = tempfile.mkdtemp(prefix="dmarcwarn-property-")
    for start in range(0, total, BATCH):
        cases = {i: make_case(options.seed, i, chosen) for i in range(start, min(start + BATCH, total))}
        with tempfile.TemporaryDirectory(prefix="dmarcwarn-property-") as folder:
            for i, (_, case) in cases.items():
                with open(os.path.join(folder, str(i)), "wb") as f:
                    f.write(case.data)
            lines = parse(program, folder)
            for i, (name, case) in cases.items():
                counts[name] += 1
                fault = judge(case, lines[i])
                if fault is None:
                    continue
                failed += 1
                shutil.copy(os.path.join(folder, str(i)), kept)
                if failed <= SHOWN:
                    print("%s/%d %s: %s" % (kept, i, name, fault[:600]))
    print("%d reports, %d mutators (%d to %d reports each), %d answers that none of them allowed" % (
        total, len(counts), min(counts.values()), max(counts.values()), failed))
    if not failed:
        os.rmdir(kept)
    missing = {m.__name__ for m in chosen} - set(counts)
    if missing:
        print("never tried: %s" % ", ".join(sorted(missing)))
    return 1 if failed or missing else 0


if __name__ == "__main__":
    sys.exit(main())
