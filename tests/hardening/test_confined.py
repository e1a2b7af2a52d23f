#!/usr/bin/env python3
"""The reader under what confines it from outside: the filter of the shipped unit, systems that refuse a part, the AppArmor profile.

    test_confined.py UNDER-FILTER          with DMARCWARN_BIN
"""
import functools
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
UNIT = os.path.join(TOP, "packaging", "systemd", "dmarcwarn.service.in")
PROFILE = os.path.join(TOP, "packaging", "apparmor", "usr.bin.dmarcwarn")
AGENT = os.environ["DMARCWARN_BIN"]
MOST_EXPOSED = "12"  # tenths, as systemd-analyze counts


def run(*argv):
    done = subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120)
    return done.returncode, done.stdout.decode(errors="replace")


@functools.lru_cache(None)
def calls_of(group):
    """The names in a set of systemd's, with the sets in it."""
    code, text = run("systemd-analyze", "syscall-filter", "--no-pager", group)
    assert code == 0, text
    names = set()
    for word in (line.strip() for line in text.splitlines()[1:]):
        if word.startswith("@"):
            names |= calls_of(word)
        elif word and not word.startswith("#"):
            names.add(word)
    return names


def unit_filter(skip=()):
    """The calls that the unit allows, line after line as systemd reads them."""
    allowed = set(calls_of("@default"))
    with open(UNIT) as f:
        lines = re.findall(r"^SystemCallFilter=(~?)(.*)$", f.read(), re.M)
    assert lines and not lines[0][0], "the first line is the allow list"
    for removes, words in lines:
        names = set().union(*(calls_of(w) if w.startswith("@") else {w} for w in words.split()))
        allowed = allowed - names if removes else allowed | names
    return ",".join(sorted(allowed - set(skip)))


def under(mode, names, *argv):
    return run(sys.argv[1], mode, names, AGENT, *argv)


class Confined(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="dmarcwarn-confined-")
        self.addCleanup(shutil.rmtree, self.folder)
        self.report = os.path.join(self.folder, "report.xml")
        with open(self.report, "w") as f:
            f.write("<feedback><report_metadata><org_name>Org</org_name><report_id>1</report_id><date_range><begin>1700000000</begin>"
                    "<end>1700086400</end></date_range></report_metadata><policy_published><domain>example.net</domain><p>reject</p>"
                    "</policy_published><record><row><source_ip>192.0.2.1</source_ip><count>2</count><policy_evaluated><disposition>none"
                    "</disposition><dkim>pass</dkim><spf>fail</spf></policy_evaluated></row><identifiers><header_from>example.net"
                    "</header_from></identifiers><auth_results/></record></feedback>")

    def level(self, mode, names):
        code, text = under(mode, names, "--version")
        self.assertEqual(code, 0, text)
        return re.search(r"^sandbox: (\w*)", text, re.M).group(1)

    def test_under_the_unit_all_is_confined(self):
        self.assertEqual(self.level("--allow", unit_filter()), "full")
        code, text = under("--allow", unit_filter(), "parse", "--format", "json", self.report)
        self.assertEqual(code, 0, text)
        self.assertIn("192.0.2.1", text)

    def test_each_call_that_the_unit_adds_is_needed(self):
        for name in ("seccomp", "landlock_create_ruleset", "landlock_restrict_self"):
            self.assertNotEqual(self.level("--allow", unit_filter(skip=[name])), "full", name)

    def test_the_unit_is_hardly_exposed(self):
        with open(UNIT) as f:
            text = f.read().replace("@DW_PROGRAM@", "/usr/bin/true")
        unit = os.path.join(self.folder, "dmarcwarn.service")
        with open(unit, "w") as f:
            f.write(text)
        code, text = run("systemd-analyze", "security", "--no-pager", "--offline=true", "--threshold=" + MOST_EXPOSED, unit)
        self.assertEqual(code, 0, text)
        print(text.strip().splitlines()[-1])

    def test_without_landlock_it_goes_on(self):
        names = "landlock_create_ruleset,landlock_restrict_self"
        self.assertEqual(self.level("--refuse", names), "no_landlock")
        code, text = under("--refuse", names, "parse", self.report)
        self.assertEqual(code, 0, text)

    def test_without_a_filter_nothing_is_read(self):
        code, text = under("--refuse", "seccomp", "parse", self.report)
        self.assertEqual(code, 73, text)
        self.assertEqual(len(text.splitlines()), 1, text)
        self.assertIn("cannot confine itself", text)
        self.assertIn("best-effort", text)

    def test_unless_best_effort_will_do(self):
        code, text = under("--refuse", "seccomp", "parse", "--sandbox", "best-effort", "--format", "json", self.report)
        self.assertEqual(code, 0, text)
        self.assertIn("192.0.2.1", text)
        self.assertEqual(self.level("--refuse", "seccomp"), "weak")

    def status(self, sandbox):
        path = os.path.join(self.folder, "dmarcwarn.yml")
        with open(path, "w") as f:
            json.dump({"mailboxes": {"main": {"folder": self.folder}}, "senders": {"own": {"ip": ["192.0.2.10"]}},
                       "domains": {"example.net": {"senders": ["own"]}}, "sandbox": sandbox,
                       "channels": {"out": {"type": "stdout"}}, "state": {"path": os.path.join(self.folder, "state.db")}}, f)
        code, text = under("--refuse", "seccomp", "status", "-c", path, "--format", "json")
        return code, json.loads(text)

    def test_status_tells_the_level(self):
        code, told = self.status("best-effort")
        self.assertEqual((code, told["sandbox"]), (0, "weak"))
        code, told = self.status("full")
        self.assertEqual((code, told["sandbox"]), (73, None))
        self.assertIn("cannot confine itself", told["sandbox_means"])

    def test_the_apparmor_profile_is_one(self):
        code, text = run("apparmor_parser", "-Q", "-K", "-T", PROFILE)
        self.assertEqual(code, 0, text)
        with open(PROFILE) as f:
            self.assertIn("/usr{,/local}/libexec/dmarcwarn/dmarcwarn-parse mrix,", f.read())


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
