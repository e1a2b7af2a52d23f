#!/usr/bin/env python3
"""dmarcwarn rules: every rule, with the numbers that the configuration and a domain's entry leave in force."""
import json
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from lib import agent  # noqa: E402
from lib.scene import Scene  # noqa: E402

CONFIG = """mailboxes:
  main: {url: imaps://localhost, user: dmarc, password: {file: secrets/imap}}
domains:
  defaults: {rules: {no_reports: {severity: critical}}}
  example.com: {rules: {unknown_source: {min_messages: 50}, policy_changed: on, no_reports: off}}
  "*.example.net": {}
rules: {unknown_source: {min_messages: 20, window: 2d}, policy_changed: off}
channels:
  cron: {type: stdout}
"""


class RulesTest(Scene):
    def list(self, *args):
        result = agent.start("rules", list(args)).result()
        self.assertEqual((result.code, result.err), (0, ""), str(result))
        return result.out

    def rules(self, *args):
        return {rule["rule"]: rule for rule in json.loads(self.list("--json", *args))}

    def test_values_in_force(self):
        yml = self.write("dmarcwarn.yml", CONFIG, 0o600)
        self.write("secrets/imap", "x", 0o600)
        standard = self.rules("-c", yml)
        mine = self.rules("-c", yml, "--domain", "Example.COM")
        others = self.rules("-c", yml, "--domain", "a.example.net")
        values = [rules["unknown_source"]["knobs"]["min_messages"]["value"] for rules in (standard, mine, others)]
        self.assertEqual(values, [20, 50, 20])
        self.assertEqual(mine["unknown_source"]["knobs"]["window"], {"value": 2, "default": 1, "min": 1, "max": 7})
        self.assertEqual([rules["policy_changed"]["state"] for rules in (standard, mine, others)], ["off", "on", "off"])
        self.assertEqual([rules["no_reports"]["state"] for rules in (standard, mine, others)], ["on", "off", "on"])
        self.assertEqual([rules["no_reports"]["severity"] for rules in (standard, mine, others)],
                         ["warning", "warning", "critical"])
        self.assertRegex(self.list("-c", yml, "--domain", "example.com"),
                         r"(?m)^unknown_source: somebody .*\n  network, cumulative; 50 messages in 2d; info, warning .*\n  knobs: min_mess")

    def test_a_domain_that_is_not_there(self):
        yml = self.write("dmarcwarn.yml", CONFIG, 0o600)
        self.write("secrets/imap", "x", 0o600)
        result = agent.start("rules", ["-c", yml, "--domain", "example.org"]).result()
        self.assertEqual((result.code, result.out), (65, ""), str(result))
        self.assertRegex(result.err, r"no entry of domains: is for example\.org; .*check-config --print")

    def test_the_configuration_in_force_can_be_read_again(self):
        yml = self.write("dmarcwarn.yml", CONFIG, 0o600)
        self.write("secrets/imap", "x", 0o600)
        result = agent.start("check-config", ["-c", yml, "--print"]).result()
        self.assertEqual(result.code, 0, str(result))
        again = self.write("again.yml", result.out, 0o600)
        self.assertEqual(self.rules("-c", yml, "--domain", "example.com"), self.rules("-c", again, "--domain", "example.com"))


if __name__ == "__main__":
    unittest.main()
