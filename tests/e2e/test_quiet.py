#!/usr/bin/env python3
"""Quiet hours of all, of a tenant and of a channel: what can wait is told after them, once; what is critical is told at once."""
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from lib import agent, told  # noqa: E402
from lib.scene import HOUR, Scene  # noqa: E402
import samples  # noqa: E402

PASSED = b"Authentication-Results: mx.example.com; spf=pass smtp.mailfrom=dmarc@%s;\n\tdmarc=pass (p=reject) header.from=%s\n"


class QuietScene(Scene):
    """It is noon; `run_agent` counts hours from there."""
    seconds = 200

    def settings(self, quiet=None, domains=None, channel=None, **more):
        values = dict(self.values(), domains=domains or {"example.com": {"senders": ["own"]}, "example.net": {"senders": ["own"]}}, **more)
        values["mailboxes"] = {"main": self.mailbox(trust={"authserv_id": "mx.example.com"})}
        if quiet:
            values["alerting"] = dict(values.get("alerting", {}), quiet=quiet)
        if channel:
            values["channels"]["slack"].update(channel)
        yml = self.config(values)
        self.first_run(yml)
        return yml

    def report(self, domain, *rows, host="alpha.example.org", day=-1, came=0):
        """`came`: hours after noon."""
        at = self.now + came * HOUR
        mail = samples.google_mail(samples.reporter(host.split(".")[0], host, self.now // samples.DAY * samples.DAY + day * samples.DAY)(
            domain, list(rows)), at, host)
        name = host.encode()
        self.imap.add("dmarc", PASSED % (name, name) + mail, when=at)

    def told_at(self, yml, *hours):
        """The texts of each of the runs."""
        found = []
        for hour in hours:
            self.expect_quiet(self.run_agent(yml, hour))
            found.append([told.slack_text(r) for r in self.slack.take()])
        return found


class Quiet(QuietScene):
    def test_a_warning_waits_and_a_critical_does_not(self):
        yml = self.settings({"times": ["11:00-15:00"]})
        self.report("example.com", samples.spoof(samples.STRANGER, 20, "none"))
        self.report("example.net", samples.ours(samples.OWN, 90), samples.broken(samples.OWN, 10, "reject"))
        noon, still, after, later = self.told_at(yml, 0, 2.9, 3, 4)
        self.assertEqual(len(noon), 1)
        self.assertIn("CRITICAL example.net", noon[0])
        self.assertEqual((still, later), ([], []))
        self.assertEqual(len(after), 1)
        self.assertIn("WARNING example.com", after[0])

    def test_over_a_night_in_the_zone_of_the_tenant(self):
        """From 20:00 on it is night in Tokyo: at noon here it is 21:00 there."""
        domains = {"example.com": {"senders": ["own"], "tenant": "east"}, "example.net": {"senders": ["own"], "tenant": "here"}}
        tenants = {"east": {"tz": "Asia/Tokyo", "to": "slack", "quiet": {"times": "20:00-07:00"}}, "here": {"to": "slack"}}
        yml = self.settings(domains=domains, tenants=tenants)
        for domain in domains:
            self.report(domain, samples.spoof(samples.STRANGER, 20, "none"))
        noon, still, after = self.told_at(yml, 0, 9, 10)
        self.assertEqual([len(t) for t in (noon, still, after)], [1, 0, 1])
        self.assertIn("example.net", noon[0])
        self.assertIn("example.com", after[0])

    def test_hours_that_are_taken_back_keep_nothing(self):
        yml = self.settings({"times": ["11:00-23:00"]})
        self.report("example.com", samples.spoof(samples.STRANGER, 20, "none"))
        self.assertEqual(self.told_at(yml, 0, 1), [[], []])
        with open(yml) as file:
            text = file.read()
        with open(yml, "w") as file:
            file.write(text.replace("23:00", "12:30"))
        self.assertEqual([len(t) for t in self.told_at(yml, 2)], [1])

    def test_the_channel_goes_before_all(self):
        yml = self.settings({"times": "00:00-23:00"}, channel={"quiet": {"times": ["11:30-12:30"], "tz": "UTC"}})
        self.report("example.com", samples.spoof(samples.STRANGER, 20, "none"))
        self.assertEqual([len(t) for t in self.told_at(yml, 0, 1)], [0, 1])

    def test_what_waits_and_is_over_or_silenced_meanwhile(self):
        yml = self.settings({"times": ["11:00-15:00"]})
        self.report("example.com", samples.spoof(samples.STRANGER, 20, "none"))
        self.assertEqual(self.told_at(yml, 0), [[]])
        result = agent.start("silence", ["add", "domain=example.com", "--comment", "a test", "-c", yml, "--now", str(self.now + HOUR)]).result()
        self.assertEqual(result.code, 0, str(result))
        self.assertEqual(self.told_at(yml, 3), [[]])

    def test_what_waits_of_a_domain_becomes_one(self):
        yml = self.settings({"times": ["11:00-15:00"]})
        self.report("example.com", samples.spoof(samples.STRANGER, 20, "none"))
        self.assertEqual(self.told_at(yml, 0), [[]])
        self.report("example.com", samples.spoof("198.51.100.200", 30, "none"), host="beta.example.org")
        self.assertEqual(self.told_at(yml, 1), [[]])
        after, later = self.told_at(yml, 3, 4)
        self.assertEqual((len(after), later), (1, []), after)
        for words in ("203.0.113.0/24", "198.51.100.0/24", "+1 more"):
            self.assertIn(words, after[0])

    def test_what_began_and_ended_while_it_waited_is_not_told(self):
        quiet = {"times": ["11:00-15:00"]}
        yml = self.settings(quiet)
        self.report("example.com", samples.spoof(samples.STRANGER, 20, "none"))
        self.assertEqual(self.told_at(yml, 1), [[]])
        self.assertIn("waiting", agent.start("outbox", ["list", "-c", yml]).result().out)
        yml = self.config(dict(self.values(), alerting={"quiet": quiet}, mailboxes={"main": self.mailbox(trust={"authserv_id": "mx.example.com"})},
                               senders=dict(samples.SENDERS, shop={"kind": "foreign", "ip": [samples.STRANGER]}),
                               domains={"example.com": {"senders": ["own", "shop"]}, "example.net": {"senders": ["own"]}}))
        self.assertEqual(self.told_at(yml, 2, 3, 4), [[], [], []])

    def test_settings(self):
        def errors(**quiet):
            return agent.start("check-config", ["-c", self.config(dict(self.values(), alerting={"quiet": quiet}))]).result().err
        self.assertIn("'25:00-07:00' is no span of a day", errors(times=["25:00-07:00"]))
        self.assertIn("'19-07' is no span of a day", errors(times="19-07"))
        self.assertIn("nobody would ever be told", errors(days=["mon", "tue", "wed", "thu", "fri", "sat", "sun"]))
        self.assertIn("is no time zone", errors(days=["sat"], tz="Nowhere"))
        printed = agent.start("check-config", ["-c", self.settings({"times": ["19:00-07:00"], "days": ["sat", "sun"], "tz": "Europe/Berlin"}),
                                               "--print"]).result().out
        for words in ("quiet:", 'times: ["19:00-07:00"]', "days: [sat, sun]", "tz: "):
            self.assertIn(words, printed)


if __name__ == "__main__":
    unittest.main()
