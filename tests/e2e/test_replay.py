#!/usr/bin/env python3
"""`dmarcwarn replay`: what would have been told in the past, by the rules that run, beside the active configuration; nothing changes."""
import hashlib
import json
import os
import sys
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from lib import agent, config  # noqa: E402
from lib.scene import HOUR, Scene  # noqa: E402
import samples  # noqa: E402


class ReplayScene(Scene):
    def setUp(self):
        super().setUp()
        self.values_ = self.values()
        self.active = self.config(self.values_)
        self.today = self.now // samples.DAY * samples.DAY

    def day(self, days_ago):
        return self.today - days_ago * samples.DAY

    def report(self, days_ago, *rows):
        """A report about that day, in a file that came two hours after its end."""
        report = samples.reporter("Alpha Mail", "alpha.example.org", self.day(days_ago))("example.com", list(rows))
        path = self.write("history/%03d.xml" % days_ago, samples.google_xml(report))
        came = self.day(days_ago - 1) + 2 * HOUR
        os.utime(path, (came, came))

    def story(self):
        """Fifty days; on one of them the own sender fails, and from another on a stranger is let through."""
        for days_ago in range(50, 0, -1):
            rows = [samples.ours(samples.OWN, 200)]
            if days_ago == 31:
                rows.append(samples.broken(samples.OWN, 40, "reject"))
            if days_ago <= 15:
                rows.append(samples.spoof(samples.STRANGER, 30, "none"))
            self.report(days_ago, *rows)
        result = agent.start("import", ["-c", self.active, "--now", str(self.now), self.path("history")]).result()
        self.assertEqual(result.code, 0, str(result))

    def replay(self, *options):
        result = agent.start("replay", ["--active", self.active, "--now", str(self.now), *options]).result()
        self.assertEqual((result.code, result.err), (0, ""), str(result))
        return result.out

    def played(self, *options):
        return json.loads(self.replay("--format", "json", *options))

    def date(self, days_ago):
        return time.strftime("%Y-%m-%d", time.gmtime(self.day(days_ago)))

    def tried(self, **rules):
        """Another configuration, in a file of its own."""
        return config.write(self.path("tried.yml"), dict(self.values_, rules=rules))


class Replay(ReplayScene):
    def test_what_when_and_how_many(self):
        self.story()
        with open(self.path("state", "dmarcwarn.db"), "rb") as f:
            before = hashlib.sha256(f.read()).digest()
        played = self.played("--since", "40d")
        told = [(t["day"], t["rule"], t["subject"], t["reason"]) for t in played["told"]]
        self.assertIn((self.date(30), "known_sender_failing", "own", "first"), told)
        self.assertIn((self.date(29), "known_sender_failing", "own", "over"), told)
        self.assertIn((self.date(14), "unknown_source", "203.0.113.0/24", "first"), told)
        self.assertEqual(len([t for t in told if t[1] == "unknown_source" and t[3] == "first"]), 1)
        notices = {d["day"]: d["active"] for d in played["days"]}
        self.assertEqual(len(notices), 40)
        self.assertEqual((notices[self.date(30)], notices[self.date(14)], notices[self.date(35)]), (1, 1, 0))
        self.assertEqual(played["channels"], [{"channel": "slack", "active": sum(notices.values())}])
        self.assertEqual(self.played("--since", "40d"), played, "the same each time")
        with open(self.path("state", "dmarcwarn.db"), "rb") as f:
            self.assertEqual(hashlib.sha256(f.read()).digest(), before, "nothing is changed")
        self.expect_slack((), "or sent")
        later = self.played("--since", "10d")
        self.assertEqual([t for t in later["told"] if t["rule"] == "unknown_source" and t["reason"] == "first"], [], "went on before")

    def test_beside_another_configuration(self):
        self.story()
        tried = self.tried(unknown_source={"min_messages": 1000}, known_sender_failing={"min_messages": 5})
        played = self.played("--since", "40d", "--config", tried)
        self.assertEqual(played["configurations"], {"active": self.active, "tried": tried})
        of = {(t["rule"], t["reason"]): t["with"] for t in played["told"]}
        self.assertEqual(of["known_sender_failing", "first"], ["active", "tried"])
        self.assertEqual(of["unknown_source", "first"], ["active"])
        text = self.replay("--since", "40d", "--config", tried)
        self.assertRegex(text, r"(?m)^- %s  warning   example\.com  unknown_source  203\.0\.113\.0/24$" % self.date(14))
        self.assertRegex(text, r"(?m)^  %s  \w+ +example\.com  known_sender_failing  own$" % self.date(30))
        self.assertRegex(text, r"(?m)^  %s +1 +0$" % self.date(14))
        self.assertRegex(text, r"(?m)^  all +\d+ +\d+$")

    def test_usage(self):
        def run(*options):
            return agent.start("replay", ["--active", self.active, *options]).result()
        self.expect_line(run(), 65, "no database")
        self.expect_line(run("--since", "never"), 64, "--since=never: write 1d")
        self.expect_line(run("--format", "xml"), 64, "write text or json")
        self.expect_line(run("--config", self.path("none.yml")), 78, "none.yml")


if __name__ == "__main__":
    unittest.main()
