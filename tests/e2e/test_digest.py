#!/usr/bin/env python3
"""The weekly digest: sent once when it is due, also in a quiet week; `dmarcwarn digest` prints it at any time."""
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from lib import agent, told, webhook  # noqa: E402
from lib.scene import HOUR, Scene  # noqa: E402
import samples  # noqa: E402



class DigestScene(Scene):
    def setUp(self):
        super().setUp()
        # Noon of a Tuesday: the digest of the day before is past.
        day = self.now // samples.DAY
        self.now = (day - (day + 2) % 7) * samples.DAY + 12 * HOUR
        self.today = self.now // samples.DAY * samples.DAY
        self.files = self.path("reports")
        os.mkdir(self.files)

    def settings(self, digest=None, **more):
        values = dict(self.values(), mailboxes={"files": {"folder": self.files}}, **more)
        values["senders"] = dict(samples.SENDERS, **more.get("senders", {}))
        values["digest"] = {"to": "slack"} if digest is None else digest
        return self.config(values)

    def report(self, days_ago, domain, *rows, policy="reject"):
        """About that day, come two hours after its end."""
        report = samples.reporter("Alpha Mail", "alpha.example.org", self.today - days_ago * samples.DAY)(domain, list(rows))
        path = self.write("reports/%s.%03d.xml" % (domain, days_ago), samples.google_xml(report._replace(policy=policy)))
        came = self.today - (days_ago - 1) * samples.DAY + 2 * HOUR
        os.utime(path, (came, came))

    def printed(self, yml, *options):
        result = agent.start("digest", ["-c", yml, "--now", str(self.now), *options]).result()
        self.assertEqual((result.code, result.err), (0, ""), str(result))
        return " ".join(result.out.split())


class Digest(DigestScene):
    def test_once_a_week_also_when_all_is_well(self):
        yml = self.settings()
        for days_ago in range(20, 0, -1):
            self.report(days_ago, "example.com", samples.ours(samples.OWN, 50), policy="none")
        self.expect_quiet(self.run_agent(yml))
        self.expect_slack((), "the first run only begins to count")
        for days_ago in range(0, -6, -1):
            self.report(days_ago, "example.com", samples.ours(samples.OWN, 50), policy="none")
        self.expect_quiet(self.run_agent(yml, 6 * 24 - 5))
        self.expect_slack((), "Monday at seven")
        self.expect_quiet(self.run_agent(yml, 6 * 24 - 4, args=["-q"]))
        (request,) = self.slack.take()
        text = told.slack_text(request)
        for words in ("INFO 1 domain: weekly digest, all is well", "The week: all is well", "dmarcwarn runs.",
                      "example.com is ready for p=quarantine", "0 of 1,300 messages of your senders failed, on 26 days"):
            self.assertIn(words, text)
        for hours in (6 * 24 - 3, 6 * 24 + 20, 13 * 24 - 5):
            self.run_agent(yml, hours)
        self.assertEqual([t for t in map(told.slack_text, self.slack.take()) if "digest" in t], [], "once only")
        self.run_agent(yml, 13 * 24)
        (second,) = [t for t in map(told.slack_text, self.slack.take()) if "digest" in t]
        self.assertIn("in the last 7 days it received no report at all", second)

    def test_it_is_sent_once_whatever_happens_to_the_channel(self):
        yml = self.settings()
        self.report(1, "example.com", samples.ours(samples.OWN, 50))
        self.run_agent(yml)
        self.slack.rule = lambda request: webhook.Answer(500)
        for hours in (7 * 24, 7 * 24 + 1):
            self.run_agent(yml, hours)
        self.slack.rule = None
        self.slack.take()
        for hours in range(7 * 24 + 8, 7 * 24 + 30, 7):
            self.run_agent(yml, hours)
        self.assertEqual(len([r for r in self.slack.take() if "digest" in told.slack_text(r)]), 1)

    def test_readiness_strangers_unused_and_tenants(self):
        domains = {"example.com": {"senders": ["own", "newsletter", "idle"]}, "example.net": {"senders": ["own"], "tenant": "acme"},
                   "example.org": {"senders": ["own"]}}
        yml = self.settings(domains=domains, senders={"idle": {"dkim": [{"domain": "example.com", "selector": ["old1"]}]}})
        self.report(200, "example.com", samples.ours(samples.OWN, 5), policy="none")
        for days_ago in range(25, 0, -1):
            self.report(days_ago, "example.com", samples.ours(samples.OWN, 50), samples.broken(samples.OWN, 5, "none"),
                        samples.spoof(samples.STRANGER, 3, "none"), policy="none")
            self.report(days_ago, "example.net", samples.ours(samples.OWN, 40), policy="quarantine")
        self.report(1, "example.org", samples.ours(samples.OWN, 40), policy="none")
        self.run_agent(yml)
        text = self.printed(yml)
        operator, acme = text.split("The week:")[1:]
        if "example.net" in operator:
            operator, acme = acme, operator
        for words in ("example.com is not ready for p=quarantine", "125 of 1,375 messages of your senders failed, on 25 days",
                      "Failing own (125)", "Unknown sources 203.0.113.0/24 (21)", "Going on known_sender_failing: own, spoofed_under_none: example.com",
                      "Senders unused for 180 days newsletter, idle", "Keys unused for 180 days old1._domainkey.example.com",
                      "75 of 1,450 messages in all failed for other reasons: strangers",
                      "example.org has too few reports to say what p=quarantine would do"):
            self.assertIn(words, operator)
        self.assertNotIn("example.net", operator, "nothing of one tenant in another's")
        self.assertIn("example.net is ready for p=reject", acme)
        for other in ("example.com", "example.org"):
            self.assertNotIn(other, acme)
        ja = self.printed(yml, "--lang", "ja")
        self.assertIn("example.com はまだ p=quarantine に移行できません", ja)

    def test_settings(self):
        def errors(**digest):
            result = agent.start("check-config", ["-c", self.settings(digest, channels={
                "slack": {"type": "slack", "url": "https://hooks.example.com/x"}, "hook": {"type": "webhook", "url": "https://example.com/"}})])
            return result.result()
        self.assertIn("digest.to: channel 'hook' is of type webhook, which carries no text", errors(to=["hook"]).err)
        self.assertIn("digest.day: 'someday' is none of mon", errors(to="slack", day="someday").err)
        self.assertEqual(errors(to="slack", hour=24).code, 78)
        self.assertEqual(errors(to=["slack"], day="Fri", hour=0).code, 0)


if __name__ == "__main__":
    unittest.main()
