#!/usr/bin/env python3
"""How incidents end and go on: proof that a sender works again, a sender that is added, what is told again and when. Days pass
between the runs."""
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from lib import agent, told, webhook  # noqa: E402
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


class Silences(Life):
    def silence(self, yml, *args, now=0):
        return agent.start("silence", ["-c", yml, "--now", str(self.now + now)] + list(args)).result()

    def test_a_silence_holds_and_ends(self):
        yml = self.settings()
        self.report(-1, [samples.spoof(samples.STRANGER, 20, "none")])
        made = self.silence(yml, "add", "rule=unknown_source", "domain=Example.COM", "--for", "2d", "--comment", "a test", "--author", "ops")
        self.assertEqual(made.code, 0, str(made))
        self.assertRegex(made.err, "fits nothing that goes on now")
        self.run_on(yml, 0.1)
        self.expect_slack((), "silenced")
        self.assertIn("ops: a test", self.silence(yml, "list").out)
        self.run_on(yml, 2.1)
        self.expect("20 messages failed DMARC")
        self.assertEqual(self.silence(yml, "list", now=3 * samples.DAY).out, "")

    def test_what_waits_is_silenced_too(self):
        yml = self.settings()
        self.report(-1, [samples.spoof(samples.STRANGER, 20, "none")])
        self.slack.script = [webhook.Answer(503, b"later")]
        self.run_on(yml, 0)
        self.slack.take()
        made = self.silence(yml, "add", "domain=example.com", "--comment", "known", now=60)
        self.assertEqual(made.code, 0, str(made))
        self.run_on(yml, 0.5)
        self.expect_slack((), "silenced while it waited")

    def test_what_was_silenced_while_it_waited_is_told_afterwards(self):
        yml = self.settings()
        self.report(-1, [samples.spoof(samples.STRANGER, 20, "none")])
        self.slack.script = [webhook.Answer(503, b"later")]
        self.run_on(yml, 0)
        self.slack.take()
        made = self.silence(yml, "add", "source=" + samples.STRANGER, "--for", "2d", "--comment", "a test", now=60)
        self.assertEqual((made.code, made.err), (0, ""), str(made))
        self.run_on(yml, 0.5)
        self.expect_slack((), "silenced while it waited")
        self.run_on(yml, 2.1)
        self.expect("20 messages failed DMARC")

    def test_a_silence_that_fits_nothing_says_so(self):
        yml = self.settings()
        self.report(-1, [samples.spoof(samples.STRANGER, 20, "none")])
        self.run_on(yml, 0)
        self.slack.take()
        for matchers, words in ((["domain=exmaple.com"], "fits nothing"), (["source=198.51.100.7"], "fits nothing"),
                                (["source=" + samples.STRANGER], "^$"), (["rule=unknown_source"], "^$")):
            made = self.silence(yml, "add", *matchers, "--comment", "a test")
            self.assertEqual(made.code, 0, str(made))
            self.assertRegex(made.err, words)

    def test_wrong_uses(self):
        yml = self.settings()
        for args, words in ((["add", "--comment", "x"], "matcher"), (["add", "domain=example.com"], "--comment"),
                            (["add", "rule=nothing", "--comment", "x"], "no rule"), (["expire", "7"], "no silence 7"),
                            (["add", "domain=example.com", "--comment", "x", "--for", "2000d"], "366d")):
            self.assertRegex(self.silence(yml, *args).err, words)

    def test_an_acknowledged_incident_is_not_repeated(self):
        yml = self.settings()
        for day in range(4):
            self.report(day - 1, [samples.ours(samples.OWN, 90), samples.broken(samples.OWN, 10, "reject")])
            self.run_on(yml, day)
            if day == 0:
                listed = agent.start("alerts", ["list", "-c", yml]).result()
                self.assertRegex(listed.out, "known_sender_failing +example.com +own")
                acked = agent.start("alerts", ["ack", listed.out[:8], "-c", yml]).result()
                self.assertEqual((acked.code, acked.err), (0, ""), str(acked))
                self.assertIn("acked", agent.start("alerts", ["show", listed.out[:8], "-c", yml]).result().out)
        self.assertEqual(len(self.slack.take()), 1)


class Many(Life):
    def domains(self, n):
        return {"d%d.example.com" % i: {"senders": ["own"]} for i in range(n)}

    def test_one_source_over_many_domains_is_one(self):
        names = self.domains(6)
        yml = self.settings(domains=names)
        for name in list(names)[:5]:
            self.report(-1, [samples.spoof(samples.STRANGER, 20, "none")], domain=name)
        self.run_on(yml, 0)
        self.expect("5 domains", "100 messages failed", *[n.replace(".", r"\.") for n in list(names)[:5]])
        self.report(0, [samples.spoof(samples.STRANGER, 20, "none")], domain=list(names)[5])
        self.run_on(yml, 1)
        self.expect_slack((), "one more domain of what is known")

    def test_a_botnet_is_one(self):
        yml = self.settings()
        self.report(-1, [samples.spoof("203.0.%d.7" % n, 10, "none") for n in range(1, 60)])
        self.run_on(yml, 0)
        self.expect("very many networks", "590 messages")
        self.report(0, [samples.spoof("203.0.%d.7" % n, 10, "none") for n in range(60, 90)])
        self.run_on(yml, 1)
        self.expect_slack((), "the same botnet")

    def test_a_first_run_tells_the_state_in_one_notice(self):
        names = self.domains(15)
        yml = self.settings(domains=names)
        for n, name in enumerate(names):
            self.report(-1, [samples.spoof("203.0.%d.7" % (n + 1), 20 + n, "none")], domain=name)
            self.report(-1, [samples.spoof(samples.STRANGER, 15, "none")], BETA, domain=name)
        self.run_on(yml, 0)
        text = self.expect("WARNING state of the domains: unknown source 203.0.113.0/24", "the state of the domains in what the first run has read", "225 messages failed")
        for n in range(15):
            self.assertTrue(n < 12 or "203.0.%d.0/24" % (n + 1) in text, "the largest are spelt out")
        for n, name in enumerate(list(names)[:2]):
            self.report(0, [samples.spoof("198.51.100.%d" % (n + 70), 20, "none")], domain=name)
        self.run_on(yml, 1)
        self.assertEqual(len(self.slack.take()), 2, "from then on news are told as ever")

    def test_a_storm_ends_in_a_list(self):
        names = self.domains(15)
        yml = self.settings(domains=names)
        self.first_run(yml)
        for n, name in enumerate(names):
            self.report(-1, [samples.spoof("203.0.%d.7" % (n + 1), 20 + n, "none")], domain=name)
        self.run_on(yml, 0)
        texts = [told.slack_text(r) for r in self.slack.take()]
        self.assertEqual(len(texts), 11)
        (rest,) = [t for t in texts if "alerts list" in t]
        self.assertRegex(rest, "5 more domains have news")


if __name__ == "__main__":
    unittest.main()
