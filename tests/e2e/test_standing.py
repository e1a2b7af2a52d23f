#!/usr/bin/env python3
"""What is not about the mail of a source: the policy that a domain publishes, and reports that stop. Days pass between the runs."""
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from lib import told  # noqa: E402
from lib.scene import Scene  # noqa: E402
import samples  # noqa: E402

REPORTERS = (("Alpha", "alpha.example.org"), ("Beta", "beta.example.org"))


class Standing(Scene):
    seconds = 200

    def settings(self, **more):
        return self.config(dict(self.values(), domains={"example.com": {"senders": ["own"]}}, **more))

    def report(self, day, policy=None, domain="example.com"):
        """Passing mail of one day, counted from today, as both reporters saw it; the reports arrive on the next morning."""
        begin = self.now // samples.DAY * samples.DAY + day * samples.DAY
        for n, (org, host) in enumerate(REPORTERS):
            report = samples.reporter(org, host, begin)(domain, [samples.ours(samples.OWN, 20)])._replace(policy=policy)
            when = begin + samples.DAY + 7200 + n
            self.imap.add("dmarc", samples.google_mail(report, when, host), when=when)

    def expect(self, *patterns):
        """One notice came, in which all the patterns occur."""
        texts = [told.slack_text(r) for r in self.slack.take()]
        self.assertEqual(len(texts), 1, texts)
        for pattern in patterns:
            self.assertRegex(texts[0], "(?is)" + pattern)

    def run_on(self, yml, day):
        self.expect_quiet(self.run_agent(yml, day * 24))


class Policy(Standing):
    def test_weakened_and_restored(self):
        yml = self.settings()
        for day in range(-4, 0):
            self.report(day, "reject")
        self.run_on(yml, 0)
        self.expect_slack((), "a policy that stays")
        self.report(0, "none")
        self.run_on(yml, 1)
        self.expect("WARNING", "example.com publishes p=none instead of p=reject", r"Alpha \(\d\)", r"_dmarc\.example\.com",
                    "policy_weakened", "not verified")
        self.run_on(yml, 1.1)
        self.expect_slack((), "the same again")
        for day in range(1, 4):
            self.report(day, "reject")
            self.run_on(yml, day + 1)
            self.expect_slack((), "it has to stand first")
        self.report(4, "reject")
        self.run_on(yml, 5)
        self.expect("RESOLVED", "example.com publishes p=reject again")

    def test_not_what_must_be(self):
        self.report(-1, "quarantine")
        domains = {"example.com": {"senders": ["own"], "policy": {"p": "reject"}}}
        self.run_on(self.config(dict(self.values(), domains=domains)), 0)
        self.expect("example.com publishes p=quarantine instead of p=reject")


class Reports(Standing):
    def test_stop_and_come_back(self):
        yml = self.settings()
        for day in range(-6, 0):
            self.report(day)
        for day in (0, 1, 2):
            self.run_on(yml, day)
            self.expect_slack((), "day %d" % day)
        self.run_on(yml, 3)
        self.expect("WARNING", "no DMARC reports come for example.com any more", "rua=", "no_reports")
        self.run_on(yml, 4)
        self.expect_slack((), "told once")
        self.report(4)
        self.run_on(yml, 5)
        self.expect("RESOLVED", "reports come for example.com again")

    def test_a_mailbox_that_cannot_be_read_proves_nothing(self):
        for day in range(-6, 0):
            self.report(day)
        good = self.mailbox()
        bad = self.mailbox(url="imaps://localhost:1")
        yml = self.settings(mailboxes={"main": good, "other": bad}, rules={"agent_mailbox": "off"})
        self.run_on(yml, 0)
        self.run_on(yml, 5)
        self.expect_slack((), "half of the mailboxes")

    def test_many_are_one_notice(self):
        names = ["a.example.com", "b.example.com", "c.example.com"]
        for day in range(-6, 0):
            for name in names:
                self.report(day, domain=name)
        yml = self.config(dict(self.values(), domains={name: {"senders": ["own"]} for name in names}))
        self.run_on(yml, 0)
        self.run_on(yml, 5)
        self.expect("3 domains: no reports any more", *[n.replace(".", r"\.") for n in names])


if __name__ == "__main__":
    unittest.main()
