#!/usr/bin/env python3
"""A public mailbox: junk, forgeries and reports from the future change nothing that a true report tells.

    test_flood.py [--all]     --all: 100,000 mails of junk (also DMARCWARN_SUITE=all)
"""
import contextlib
import glob
import os
import random
import sqlite3
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from lib import agent, paths  # noqa: E402
from lib.scene import Scene  # noqa: E402
import samples  # noqa: E402

ALL = "--all" in sys.argv or os.environ.get("DMARCWARN_SUITE") == "all"
JUNK = 100000 if ALL else 1200
DAY, HOUR = samples.DAY, 3600
PASSED = b"Authentication-Results: mx.example.com; spf=pass smtp.mailfrom=dmarc@%s;\n\tdmarc=pass (p=reject) header.from=%s\n"
FAILED = b"Authentication-Results: mx.example.com; spf=fail smtp.mailfrom=dmarc@%s;\n\tdmarc=fail (p=reject) header.from=%s\n"


def report_of(host, day, domain, rows, received, verdict=b"", length=1):
    """A mail of a reporter, with what our own server says of it."""
    mail = samples.google_mail(samples.reporter(host.split(".")[0], host, day, length)(domain, rows), received, host)
    name = host.encode()
    return samples.Mail(host, (verdict % (name, name) if verdict else b"") + mail, received)


class FloodScene(Scene):
    seconds = 3000 if ALL else 200

    def setUp(self):
        super().setUp()
        self.today = self.now // DAY * DAY
        self.hook = self.listener(self.authority().good)

    def settings(self, trust=True, state="state"):
        values = self.values()
        values["channels"] = {"hook": {"type": "webhook", "url": self.hook.url("/in/secret-part"), "ca_file": self.authority().ca_file}}
        if trust:
            values["mailboxes"]["main"]["trust"] = {"authserv_id": "mx.example.com"}
        values["state"] = {"path": self.path(state, "dmarcwarn.db")}
        return self.config(values)

    def told(self):
        """What was told since the last look, without what is new each time: (domain, rule, severity, subject, counts, reason, verified)."""
        bodies = [r.json() for r in self.hook.take()]
        return sorted(str((b["group"]["domain"], a["rule"], a["severity"], a["subject"], sorted(a["counts"].items()), a["reason"],
                           a["verified"], b["sent_at"])) for b in bodies for a in b["alerts"])


class FutureTest(FloodScene):
    # Twelve days of hourly checks in short: days after today on which there is a run.
    DAYS = (0, 1, 4, 9, 12)

    def mails_of(self, day):
        """A day's true reports: own server fails on the first, a stranger on each until the fourth, after which all is well."""
        at = self.today + day * DAY
        rows = [samples.ours(samples.OWN, 100)]
        if day == 0:
            rows.append(samples.broken(samples.OWN, 12, "reject"))
        if day <= 4:
            rows.append(samples.spoof(samples.STRANGER, 40 * 10 ** day, "none"))
        return [report_of("alpha.example.org", at - DAY, "example.com", rows, at, PASSED)]

    def from_the_future(self, ahead):
        """The same things, worse, a year ahead: from one who is verified and from one who is not, also of other domains."""
        rows = [samples.broken(samples.OWN, 50000, "reject"), samples.spoof("198.51.100.200", 9000, "none"),
                samples.spoof(samples.STRANGER, 90000, "none")]
        day = self.today + ahead
        return [report_of(host, day, domain, rows, self.today + n, verdict)
                for n, (host, verdict) in enumerate((("alpha.example.org", PASSED), ("beta.example.org", b"")))
                for domain in ("example.com", "example.net")]

    def story(self, first):
        """All that is told over twelve days, when these mails stand before the true ones."""
        self.imap.empty("dmarc")
        yml = self.settings(state="state-%d" % len(first))
        self.add(first)
        lines = []
        for day in self.DAYS:
            self.add(self.mails_of(day))
            self.expect_quiet(self.run_agent(yml, day * 24))
            lines.append(self.told())
        return lines

    def test_a_report_dated_a_year_ahead_changes_nothing(self):
        without = self.story([])
        self.assertGreater(sum(map(len, without)), 2, without)
        self.assertEqual(self.story(self.from_the_future(365 * DAY)), without)

    def test_and_one_that_ends_a_year_ahead(self):
        """It begins on a true day, so that it lies over everything."""
        without = self.story([])
        long = [report_of(host, self.today - DAY, "example.com", [samples.broken(samples.OWN, 50000, "reject")], self.today, verdict, 365)
                for host, verdict in (("alpha.example.org", PASSED), ("beta.example.org", b""))]
        self.assertEqual(self.story(long), without)


class BudgetTest(FloodScene):
    """Notices of an hour: what nobody vouches for waits, what is verified does not, and nothing is lost."""
    LIMITS = {"notices_hour": 2, "notices_domain": 1}

    def settings_of(self, domains):
        yml = self.settings()
        with open(yml) as f:
            text = f.read()
        for domain in domains:
            text = text.replace("domains:\n", 'domains:\n  "%s": {"senders": ["own"]}\n' % domain, 1)
        return self.write("flood.yml", text, 0o600)

    def spoofed(self, domain, source=samples.STRANGER, verdict=b"", after=0):
        return report_of("beta.example.org", self.today - DAY + after, domain, [samples.spoof(source, 50, "none")], self.today, verdict)

    def domains_told(self):
        return sorted(r.json()["group"]["domain"] for r in self.hook.take())

    def test_unverified_notices_wait(self):
        domains = ["d%d.example.com" % n for n in range(5)]
        yml = self.settings_of(domains)
        self.first_run(yml)
        self.add([self.spoofed(domain, "203.0.%d.9" % n, PASSED if n == 4 else b"") for n, domain in enumerate(domains)])
        self.expect_line(self.run_agent(yml, limits=self.LIMITS), 0, "2 notices wait for a later run: no verified report")
        self.assertEqual(self.domains_told(), domains[:2] + domains[4:])
        self.expect_quiet(self.run_agent(yml, 0.5, limits=self.LIMITS))
        self.assertEqual(self.domains_told(), [])
        self.expect_quiet(self.run_agent(yml, 1.1, limits=self.LIMITS))
        self.assertEqual(self.domains_told(), domains[2:4])
        self.expect_quiet(self.run_agent(yml, 3))
        self.assertEqual(self.domains_told(), [])

    def test_and_those_of_one_domain(self):
        yml = self.settings()
        at = [self.spoofed("example.com", "203.0.113.9"), self.spoofed("example.com", "198.51.100.77", after=HOUR),
              self.spoofed("example.com", "192.0.2.200", PASSED, after=2 * HOUR)]
        told = []
        for n, mail in enumerate(at):
            self.add([mail])
            result = self.run_agent(yml, 0.1 * n, limits={"notices_domain": 1})
            self.assertEqual(result.code, 0, str(result))
            told.append([sorted(str(a["subject"]) for a in r.json()["alerts"]) for r in self.hook.take()])
        self.assertEqual([len(t) for t in told], [1, 0, 1], told)
        self.assertEqual(len(told[2][0]), 2, "what waited comes along with what may not wait: %s" % told)


class OrderTest(FloodScene):
    """Reporters that the agent knows come first where more lies in a mailbox than a run reads, and nothing is read twice for it."""
    LIMITS = {"known_above": 100, "known_batch": 150, "known_reporters": 1, agent.MAX_RUN: 2}
    NOISE = 1000

    def mails(self):
        """UID and run clock of what is stored, in the order in which it came in."""
        with contextlib.closing(sqlite3.connect("file:%s?mode=ro" % self.path("state", "dmarcwarn.db"), uri=True)) as db:
            return db.execute("SELECT uid, stored FROM mail ORDER BY id").fetchall()

    def report(self, host, day, verdict):
        rows = [samples.ours(samples.OWN, 100 + day)]
        return report_of(host, self.today - day * DAY, "example.com", rows, self.today, verdict)

    def test_known_reporters_come_first(self):
        yml = self.settings()
        self.add([self.report("alpha.example.org", 3, PASSED), self.report("beta.example.org", 3, b"")])
        self.assertEqual(self.run_agent(yml, -2).code, 0)
        noise = [samples.Mail("noise", b"From: a@example.org\nSubject: %d\n\nhello\n" % n, self.today) for n in range(self.NOISE)]
        self.add(noise)
        self.add([self.report("alpha.example.org", 2, PASSED), self.report("beta.example.org", 2, b"")])
        known, unknown, runs = 3 + self.NOISE, 4 + self.NOISE, 0
        seen = {}
        while len(seen) < unknown and runs < 40:
            self.run_agent(yml, runs, limits=self.LIMITS)
            runs += 1
            now = dict(self.mails())
            self.assertTrue(len(now) == 2 or known in now, "the known one is among the first that are read")
            self.assertEqual({uid: now[uid] for uid in seen}, seen, "what was read once is not read again")
            seen = now
        self.assertEqual(sorted(seen), list(range(1, unknown + 1)), "nothing is left out")
        order = [uid for uid, _ in self.mails()]
        self.assertLess(order.index(known), 2 + 200, "it stands in the first batches")
        self.assertGreater(order.index(unknown), self.NOISE // 2, "and one that was never verified does not")


class FloodTest(FloodScene):
    def junk(self):
        """Of each kind as many, in a fixed disorder: noise, hostile inputs, forgeries of the true reporter, and reports of nobody in particular,
        about us and about others."""
        rng = random.Random(1)
        hostile = []
        for path in sorted(glob.glob(os.path.join(paths.TOP, "testdata", "hostile", "*.eml"))):
            with open(path, "rb") as f:
                hostile.append(f.read())
        for n in range(JUNK):
            host, kind = "host%d.example.org" % rng.randrange(10 ** 6), n % 5
            stranger = "203.0.%d.%d" % (rng.randrange(256), rng.randrange(256))
            at = self.today + n % HOUR
            if kind == 0:
                noise = bytes(rng.randrange(32, 127) for _ in range(300))
                yield samples.Mail("noise", b"From: a@example.org\nSubject: Report domain: example.com\n\n" + noise + b"\n", at)
            elif kind == 1:
                yield samples.Mail("hostile", rng.choice(hostile), at)
            elif kind == 2:
                rows = [samples.ours(samples.OWN, 10 ** 6), samples.spoof(stranger, 10 ** 6, "none")]
                yield report_of("alpha.example.org", self.today - DAY, "example.com", rows, at, FAILED)
            elif kind == 3:
                yield report_of(host, self.today - DAY, "example.com", [samples.spoof(stranger, 500, "none")], at)
            else:
                yield report_of(host, self.today - DAY, "nobody-%d.example" % n, [samples.spoof(stranger, 500, "none")], at)

    def test_junk_does_not_hide_a_real_alert(self):
        rows = [samples.ours(samples.OWN, 370), samples.broken(samples.OWN, 18, "reject")]
        real = report_of("alpha.example.org", self.today - DAY, "example.com", rows, self.today, PASSED)
        for n, mail in enumerate(self.junk()):
            self.add([mail] if n != JUNK // 2 else [real, mail])
        result = agent.run(self.settings(), self.now, ["-v"], timeout=self.seconds)
        self.assertEqual(result.code, 0, str(result))
        bodies = [r.json() for r in self.hook.take()]
        unread = [(a["rule"], a["subject"]["name"]) for b in bodies if not b["group"]["domain"] for a in b["alerts"]]
        self.assertEqual(unread, [("report_unusable", "r.example")], "they name one sender: one incident")
        bodies = [b for b in bodies if b["group"]["domain"]]
        alerts = [a for b in bodies for a in b["alerts"]]
        self.assertEqual({b["group"]["domain"] for b in bodies}, {"example.com"}, "nobody else's domain is told of")
        ours = alerts[0]
        self.assertEqual((ours["rule"], ours["severity"], ours["verified"], ours["counts"]["failed"], ours["counts"]["total"]),
                         ("known_sender_failing", "critical", True, 18, 388), "the real one stands first, with its own numbers")
        self.assertEqual([r["trusted"] for r in ours["reporters"]], [True])
        self.assertEqual({a["severity"] for a in alerts[1:]}, {"warning"}, "what nobody vouches for is a warning at most")
        self.assertEqual([a["subject"]["name"] for a in alerts if not a["verified"]], ["*"], "and one incident, however many the networks")
        self.assertEqual(len(bodies), 1, "however many they are, one message an hour and domain")
        print("%d mails of junk, one real alert: %.0f s" % (JUNK, result.seconds), file=sys.stderr)


if __name__ == "__main__":
    unittest.main(argv=[a for a in sys.argv if a != "--all"])
