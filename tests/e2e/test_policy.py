#!/usr/bin/env python3
"""Included files, which can break nothing but themselves, and routes: who is told of what."""
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from lib import agent  # noqa: E402
from lib.scene import Scene  # noqa: E402
import expected  # noqa: E402
import samples  # noqa: E402

GOOD = "domains:\n  example.org: {senders: [own, newsletter]}\n"
BROKEN = "domains:\n  example.org: {senderz: [own, newsletter]}\n"
NET = "domains:\n  example.net: {senders: [own]}\n"


class IncludeTest(Scene):
    def settings(self):
        """The domain example.net is in conf.d/a.yml, example.org in conf.d/b.yml."""
        self.add(samples.mails(self.now))
        domains = {"example.com": samples.DOMAINS["example.com"]}
        # That people hear of it is the test of agent_config.
        return self.config(dict(self.values(), domains=domains, include=["conf.d/*.yml"], rules={"agent_config": "off"}))

    def expect_broken(self, result, name, patterns, what):
        """Said with file, line and column, and what that means; nothing else."""
        self.assertEqual((result.code, result.out), (0, ""), str(result))
        lines = result.err.splitlines()
        self.assertEqual(len(lines), len(patterns) + 1, str(result))
        for line, pattern in zip(lines, patterns):
            self.assertRegex(line, "^%s:%s" % (self.path("conf.d", name), pattern))
        self.assertRegex(lines[-1], "^dmarcwarn: %s: has errors; %s$" % (self.path("conf.d", name), what))

    def test_a_file_that_breaks_stays_in_force_as_it_was(self):
        self.write("conf.d/a.yml", NET)
        self.write("conf.d/b.yml", GOOD)
        yml = self.settings()
        self.expect_quiet(self.run_agent(yml))
        self.expect_slack(expected.FIRST_RUN, "first run")
        self.write("conf.d/b.yml", BROKEN)
        self.add([samples.thirteenth(self.now)])
        self.expect_broken(self.run_agent(yml, 1), "b.yml", ["2:17: error: unknown key 'senderz'.*did you mean 'senders'"],
                           "what it last held without them stays in force")
        self.expect_slack(expected.THIRTEENTH, "the broken file's domain")
        self.expect_quiet(self.run_agent(yml, 2))
        self.expect_line_among(self.run_agent(yml, 2.5, args=["-v"]), 0, "b.yml:2:17: error: unknown key 'senderz'")
        self.write("conf.d/b.yml", BROKEN.replace("senderz", "senderx"))
        self.expect_broken(self.run_agent(yml, 3), "b.yml", ["2:17: error: unknown key 'senderx'"],
                           "what it last held without them stays in force")
        self.expect_quiet(self.run_agent(yml, 3.5))
        self.write("conf.d/b.yml", GOOD)
        self.expect_quiet(self.run_agent(yml, 4))
        self.write("conf.d/b.yml", "domains:\n  example.org: {senders: [own\n")
        self.expect_broken(self.run_agent(yml, 5), "b.yml", ["3:1: error: this is no YAML"], "what it last held without them stays in force")
        self.expect_slack((), "later runs")

    def test_a_file_that_was_never_good_is_left_out_until_it_is(self):
        self.write("conf.d/a.yml", NET.replace("own", "owm"))
        self.write("conf.d/b.yml", GOOD)
        yml = self.settings()
        self.expect_broken(self.run_agent(yml), "a.yml", ["2:27: error: .*no sender 'owm'.*did you mean 'own'"], "it is left out")
        self.expect_slack(expected.FIRST_RUN[:1], "without the broken file")
        self.expect_quiet(self.run_agent(yml, 1))
        self.write("conf.d/a.yml", NET)
        self.expect_quiet(self.run_agent(yml, 2))
        self.expect_slack(expected.FIRST_RUN[1:], "once it is mended")
        self.expect_quiet(self.run_agent(yml, 3))
        self.expect_slack((), "and no more")

    def test_a_file_that_is_gone_takes_its_domain_along(self):
        """A file that somebody removes is no broken file."""
        self.write("conf.d/a.yml", NET)
        b = self.write("conf.d/b.yml", GOOD)
        yml = self.settings()
        self.expect_quiet(self.run_agent(yml))
        self.expect_slack(expected.FIRST_RUN, "first run")
        os.unlink(b)
        self.add([samples.thirteenth(self.now)])
        self.expect_quiet(self.run_agent(yml, 1))
        self.expect_slack((), "without the domain")

    def test_an_error_in_the_main_file_is_fatal(self):
        self.write("conf.d/a.yml", NET)
        yml = self.settings()
        self.expect_quiet(self.run_agent(yml))
        self.expect_slack(expected.FIRST_RUN, "first run")
        with open(yml, "a") as f:
            f.write("channelz: {}\n")
        self.expect_line(self.run_agent(yml, 1), 78, "unknown key 'channelz'")

    def test_check_config_says_it_every_time(self):
        self.write("conf.d/b.yml", BROKEN)
        yml = self.settings()
        for _ in range(2):
            result = agent.start("check-config", ["-c", yml]).result()
            self.assertEqual(result.code, 78, str(result))
            self.assertRegex(result.err, "b.yml:2:17: error: unknown key 'senderz'")


class RouteTest(Scene):
    def setUp(self):
        super().setUp()
        self.server = self.listener()

    def settings(self, routes, tenants=()):
        values = self.values()
        values["domains"] = {name: dict({"senders": of["senders"]}, **({"tenant": dict(tenants)[name]} if name in dict(tenants) else {}))
                             for name, of in samples.DOMAINS.items()}
        values["channels"] = {name: {"type": "webhook", "url": self.server.url("/" + name)} for name in "abcd"}
        if routes is not None:
            values["routes"] = routes
        yml = self.config(values)
        self.first_run(yml)
        self.add(samples.mails(self.now))
        return yml

    def told(self, yml, hours=0):
        """What each channel is told in a run: (domain, tenant) of each notice, the rules in it."""
        self.expect_quiet(self.run_agent(yml, hours))
        return sorted((request.path[1:], body["group"]["domain"], body["group"]["tenant"], tuple(sorted({a["rule"] for a in body["alerts"]})))
                      for request in self.server.take() for body in [request.json()])

    def test_the_default_is_all_channels(self):
        both = ("known_sender_failing", "unknown_source")
        yml = self.settings(None)
        self.assertEqual(self.told(yml), sorted(
            [(c, "example.com", None, both) for c in "abcd"] + [(c, "example.net", None, both[1:]) for c in "abcd"]))
        self.assertEqual(self.told(yml, 1), [])

    def test_tenants_rules_domains_and_continue(self):
        """The first route that matches, and with `continue` the next one too. A notice goes whole, and once, to each channel that is
        chosen for any of its incidents."""
        yml = self.settings([
            {"match": {"severity": "info"}, "to": []},
            {"match": {"rule": "known_sender_failing"}, "to": ["a"], "continue": True},
            {"match": {"tenant": ["acme", "zulu"], "rule": ["unknown_source", "known_sender_failing"]}, "to": ["b", "a"]},
            {"match": {"domain": ["example.org"]}, "to": ["c"]},
            {"to": ["d"]}], {"example.com": "acme"}.items())
        both = ("known_sender_failing", "unknown_source")
        self.assertEqual(self.told(yml), [("a", "example.com", "acme", both), ("b", "example.com", "acme", both),
                                          ("d", "example.net", None, both[1:])])
        self.add([samples.thirteenth(self.now)])
        self.assertEqual(self.told(yml, 1), [("c", "example.org", None, both[1:])])
        self.assertEqual(self.told(yml, 2), [])

    def test_what_no_route_takes_is_told_to_nobody(self):
        yml = self.settings([{"match": {"severity": "critical"}, "to": ["a"]}, {"match": {"domain": "example.net"}, "to": ["b"]}])
        self.assertEqual(self.told(yml), [("b", "example.net", None, ("unknown_source",))])

    def test_severity_of_a_rule_chooses_the_route(self):
        yml = self.settings([{"match": {"severity": ["info", "critical"]}, "to": ["a"]}, {"match": {"severity": "warning"}, "to": ["b"]}])
        with open(yml, "a") as f:
            f.write("rules: {unknown_source: {severity: info}}\n")
        both = ("known_sender_failing", "unknown_source")
        self.assertEqual(self.told(yml), [("a", "example.com", None, both), ("a", "example.net", None, both[1:]), ("b", "example.com", None, both)])


if __name__ == "__main__":
    unittest.main()
