#!/usr/bin/env python3
"""`parse --lint`: which clauses of its standard a report breaks; it never rejects one and changes nothing else."""
import json
import os
import re
import subprocess
import unittest

from lib import agent, case, paths

SAMPLES = os.path.join(paths.TOP, "testdata", "lint")
RULES = os.path.join(paths.TOP, "src", "model", "include", "model", "lint.h")


def names():
    return sorted(name for name in os.listdir(SAMPLES) if name.endswith((".xml", ".eml")))


def parsed(*options):
    done = subprocess.run([agent.program(), "parse", *options, "--"] + names(), cwd=SAMPLES, stdout=subprocess.PIPE, check=True)
    return done.stdout.decode()


def lines(*options):
    return [json.loads(line) for line in parsed("--format", "ndjson", *options).splitlines()]


def expected():
    """Sample to its "clause: rule" lines."""
    samples = {}
    with open(os.path.join(SAMPLES, "expected.txt"), encoding="utf-8") as golden:
        for line in golden.read().splitlines():
            if line.startswith(" "):
                samples[name].append(line.strip())
            else:
                name = line + (".eml" if line.startswith("mail-") else ".xml")
                samples[name] = []
    return samples


class Lint(case.Case):
    def test_samples(self):
        found = {line["file"]: ["%s: %s" % (x["clause"], x["rule"]) for x in line["lint"]] for line in lines("--lint")}
        self.assertEqual(found, expected())

    def test_every_rule_occurs(self):
        with open(RULES, encoding="utf-8") as source:
            rules = set(re.findall(r"(?m)^    X\((\w+),", source.read()))
        self.assertGreater(len(rules), 40)
        self.assertEqual(rules, {x.split(": ")[1] for sample in expected().values() for x in sample})

    def test_nothing_else_changes(self):
        plain, linted = lines(), lines("--lint")
        self.assertFalse(any("lint" in line for line in plain))
        for line in linted:
            del line["lint"]
        self.assertEqual(plain, linted)

    def test_the_table_tells_each_in_one_line(self):
        found = re.findall(r"(?m)^    lint: (RFC \d+ (?:Appendix )?\S+) +\S.* \((\w+)\)$", parsed("--lint"))
        wanted = sorted(x for sample in expected().values() for x in sample)
        self.assertEqual(sorted("%s: %s" % x for x in found), wanted)
        starts = {len(start) for start in re.findall(r"(?m)^    lint: (RFC \d+ (?:Appendix )?\S+ +)", parsed("--lint"))}
        self.assertEqual(len(starts), 1, "the sentences do not stand below each other")

    def test_json(self):
        document = json.loads(parsed("--lint", "--format", "json"))
        self.assertEqual(len(document["reports"]), len(names()))
        self.assertTrue(all("lint" in report for report in document["reports"]))


if __name__ == "__main__":
    unittest.main()
