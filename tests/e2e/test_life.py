#!/usr/bin/env python3
"""How incidents end and go on: proof that a sender works again, a sender that is added, what is told again and when. Days pass
between the runs."""
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from lib import told  # noqa: E402
from lib.scene import Scene  # noqa: E402
import samples  # noqa: E402

ALPHA, BETA = ("Alpha", "alpha.example.org"), ("Beta", "beta.example.org")


class Life(Scene):
    seconds = 200

    def settings(self, senders=None, domains=None, **more):
        values = dict(self.values(), domains=domains or {"example.com": {"senders": list(senders or samples.SENDERS)}}, **more)
        values["senders"] = senders or samples.SENDERS
        return self.config(values)

    def report(self, day, rows, reporter=ALPHA, domain="example.com"):
        """What a reporter saw on one day, counted from today; it arrives on the next morning."""
        begin = self.now // samples.DAY * samples.DAY + day * samples.DAY
        when = begin + samples.DAY + 7200
        report = samples.reporter(*reporter, begin)(domain, rows)
        self.imap.add("dmarc", samples.google_mail(report, when, reporter[1]), when=when)

    def expect(self, *patterns):
        """One notice came, in which all the patterns occur."""
        texts = [told.slack_text(r) for r in self.slack.take()]
        self.assertEqual(len(texts), 1, texts)
        for pattern in patterns:
            self.assertRegex(texts[0], "(?is)" + pattern)
        return texts[0]

    def run_on(self, yml, day):
        self.expect_quiet(self.run_agent(yml, day * 24))


class Proof(Life):
    def test_a_sender_that_works_again(self):
        yml = self.settings()
        bad, good = [samples.ours(samples.OWN, 90), samples.broken(samples.OWN, 10, "reject")], [samples.ours(samples.OWN, 100)]
        for reporter in (ALPHA, BETA):
            self.report(-1, bad, reporter)
        self.run_on(yml, 0)
        self.expect("is failing DMARC for example.com", "20 rejected")
        self.report(0, good)
        self.run_on(yml, 1)
        self.expect_slack((), "one of the two reporters has seen it pass")
        self.report(1, good, BETA)
        self.run_on(yml, 2)
        self.expect("RESOLVED", "passes DMARC for example.com again", "20 messages failed")
        self.run_on(yml, 3)
        self.expect_slack((), "told once")

    def test_what_goes_on_is_told_at_growing_distances(self):
        yml = self.settings()
        days = []
        for day in range(5):
            self.report(day - 1, [samples.ours(samples.OWN, 90), samples.broken(samples.OWN, 10, "reject")])
            for hours in (0, 6):
                self.run_on(yml, day + hours / 24)
                days += [(day, hours)] * len(self.slack.take())
        self.assertEqual(days, [(0, 0), (1, 0), (3, 0)])


class Explained(Life):
    def test_a_stranger_becomes_a_sender(self):
        self.report(-1, [samples.ours(samples.OWN, 50), samples.spoof(samples.STRANGER, 20, "none")])
        self.run_on(self.settings(), 0)
        self.expect("unknown source", "20 messages failed DMARC")
        senders = dict(samples.SENDERS, shop={"ip": [samples.STRANGER]})
        self.run_on(self.settings(senders), 0.1)
        self.expect("RESOLVED", "sends for example.com as .?shop", "20 messages")
        self.run_on(self.settings(senders), 0.2)
        self.expect_slack((), "told once")


class CoolDown(Life):
    def test_tenfold_on_the_same_day_waits(self):
        yml = self.settings()
        self.report(-1, [samples.spoof(samples.STRANGER, 20, "none")])
        self.run_on(yml, 0)
        self.expect("20 messages failed DMARC")
        self.report(-1, [samples.spoof(samples.STRANGER, 500, "none")], BETA)
        self.run_on(yml, 0.25)
        self.expect_slack((), "told six hours ago")
        self.run_on(yml, 1.01)
        self.expect("Ten times as many", "500 more")
        self.run_on(yml, 1.02)
        self.expect_slack((), "told once")


if __name__ == "__main__":
    unittest.main()
