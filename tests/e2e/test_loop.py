#!/usr/bin/env python3
"""The loop: stopped workers and a dripping server hold up nothing but their own mail, which is tried again and then set aside."""
import contextlib
import email.message
import os
import random
import sqlite3
import sys
import threading
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from lib import agent, freezer, told  # noqa: E402
from lib.scene import Scene  # noqa: E402
import samples  # noqa: E402
from imap_modes import Drip  # noqa: E402
from imap_peer import ImapPeer  # noqa: E402
from imap_session import Hangup, Session  # noqa: E402

DOMAINS = ["d%d.example.com" % n for n in range(1, 5)]
SLOW = "slow.example.com"
PROGRESS_MS = 1500
BUSY_S = 0.2  # processor time that only the large report needs, also of an optimised worker


class Gated(Session):
    """Holds every mail but the first back until the test opens the gate."""

    def fetched(self, tag, number, uid, mail):
        if number > 1 and not self.peer.gate.wait(30):
            raise Hangup
        super().fetched(tag, number, uid, mail)


class FirstDrips(Drip):
    """Only the first mail drips."""

    def fetched(self, tag, number, uid, mail):
        (Drip if number == 1 else Session).fetched(self, tag, number, uid, mail)


class LoopScene(Scene):
    def values(self):
        values = super().values()
        # Each of another tenant: a sender that fails for several domains of one is told once for all of them.
        values["domains"] = {domain: {"senders": ["own"], "tenant": "t%d" % n} for n, domain in enumerate(DOMAINS + [SLOW])}
        return values

    def peer(self, mails, kind, **kw):
        server = ImapPeer({uid: m.content for uid, m in enumerate(mails, 1)}, cert=self.authority().good, kind=kind, **kw)
        server.gate = threading.Event()
        self.addCleanup(server.stop)
        return server.start()

    def told_domains(self):
        """The domains told of since the last look, one entry a notice."""
        texts = [told.slack_text(r) for r in self.slack.take()]
        return sorted(d for text in texts for d in DOMAINS + [SLOW] if d in text)

    def start(self, yml, hours=0, **limits):
        limits = dict({agent.WORKER_PROGRESS: PROGRESS_MS}, **limits)
        return agent.start_run(yml, self.now + hours * 3600, limits=limits)

    def set_aside(self):
        """Reasons in the quarantine."""
        with contextlib.closing(sqlite3.connect("file:%s?mode=ro" % self.path("state", "dmarcwarn.db"), uri=True)) as db:
            return [reason for reason, in db.execute("SELECT reason FROM quarantine")]


class WorkerTest(LoopScene):
    def test_stopped_while_being_sent_to(self):
        noise = random.Random(1).randbytes(1500000)
        mails = [samples.warning(DOMAINS[0], self.now)] + [samples.warning(d, self.now, padding=noise) for d in DOMAINS[1:]]
        server, values = self.peer(mails, Gated), self.values()
        values["mailboxes"]["main"] = self.mailbox(url=server.url())
        running = self.start(self.config(values))
        self.addCleanup(running.child.kill)
        workers = self.idle_workers(running)
        frozen = freezer.Freezer(running, lambda pid: False)
        frozen.stop(workers[0])
        begin = time.monotonic()
        server.gate.set()
        result = running.result(60)
        self.assertGreater(time.monotonic() - begin, PROGRESS_MS / 1000, "the stopped worker had its time")
        self.assertLess(time.monotonic() - begin, 15)
        self.expect_quiet(result)
        self.assertEqual(self.told_domains(), DOMAINS)

    def idle_workers(self, running):
        """The workers once the first mail is done and all of them wait."""
        end = time.monotonic() + 20
        while time.monotonic() < end:
            before = running.workers()
            time.sleep(0.3)
            if before and before == running.workers() and all(freezer.sleeping(pid) for pid in before):
                return before
        self.fail("no idle worker: %s" % running.result(1))

    def stored(self, values):
        """Mails in the database, as anybody who looks into it meanwhile finds them."""
        with contextlib.closing(sqlite3.connect("file:%s?mode=ro" % values["state"]["path"], uri=True)) as db:
            return db.execute("SELECT count(*) FROM mail").fetchone()[0]

    def test_how_long_what_was_read_waits_to_be_written(self):
        """limits.batch_time: above it one mail alone is written while the server still holds the next one back; within it they wait for
        each other."""
        for limit, early in ((300, 1), (60000, 0)):
            with self.subTest(limit=limit):
                server, values = self.peer([samples.warning(d, self.now) for d in DOMAINS[:2]], Gated), self.values()
                values["mailboxes"] = {"main": self.mailbox(url=server.url())}
                values["state"]["path"] = self.path("state", "%d.db" % limit)
                running = self.start(self.config(values), batch_time=limit)
                self.addCleanup(running.child.kill)
                self.idle_workers(running)
                end = time.monotonic() + (20 if early else 1)
                while time.monotonic() < end and (self.stored(values) == 0 or not early):
                    time.sleep(0.05)
                self.assertEqual(self.stored(values), early)
                server.gate.set()
                self.expect_quiet(running.result(60))
                self.assertEqual(self.stored(values), 2)

    def large(self):
        """A mail that a worker needs long for: large reports that turn out to be damaged, and behind them a good one."""
        today = self.now // samples.DAY * samples.DAY
        rows = [samples.ours("192.0.2.10", n) for n in range(1, 90001)]
        report = samples.reporter("Theta", "theta.example.org", today - samples.DAY)(DOMAINS[0], rows)
        packed = samples.gz(samples.google_xml(report), today)
        mail = email.message.EmailMessage()
        mail["Subject"] = "five reports"
        mail.set_content("See below.")
        for name in "abcd":
            mail.add_attachment(packed[:-8] + bytes(8), "application", "gzip", filename=name + ".xml.gz")
        mail.add_attachment(email.message_from_bytes(samples.warning(SLOW, self.now).content))
        return samples.Mail("large", bytes(mail), self.now)

    def run_frozen(self, yml, hours):
        """A run in which every worker is stopped that gets busy with the large mail."""
        begin = time.monotonic()
        running = self.start(yml, hours)
        with freezer.Freezer(running, lambda pid: freezer.cpu_seconds(pid) >= BUSY_S) as frozen:
            result = running.result(60)
        self.assertLess(time.monotonic() - begin, 30)
        self.assertGreaterEqual(len(frozen.stopped), 1, "no worker got busy: %s" % result)
        return result

    def fill(self):
        mails = [samples.warning(d, self.now) for d in DOMAINS]
        self.add([mails[0], self.large()] + mails[1:])
        return self.config(self.values())

    def test_stopped_while_busy_then_well(self):
        yml = self.fill()
        self.expect_quiet(self.run_frozen(yml, 0))
        self.assertEqual(self.told_domains(), DOMAINS, "the rest goes on")
        self.assertEqual(self.set_aside(), [])
        self.expect_quiet(self.start(yml, 1, **{agent.WORKER_PROGRESS: 30000}).result(60))
        self.assertEqual(self.told_domains(), [SLOW], "the mail is tried again")
        self.assertEqual(self.set_aside(), ["gzip_damaged"] * 4)

    def test_stopped_while_busy_every_time(self):
        yml = self.fill()
        for hours in range(3):
            self.assertEqual(self.set_aside() if hours else [], [])
            self.assertEqual(self.run_frozen(yml, hours).code, 0)
        self.assertEqual(self.told_domains(), DOMAINS)
        self.assertEqual(self.set_aside(), ["worker_timeout"])
        self.expect_quiet(self.start(yml, 4).result(60))
        self.assertEqual(self.told_domains(), [], "it is set aside")
        again = agent.quarantine("retry", yml, self.now + 5 * 3600)
        self.assertEqual((again.code, again.err), (0, ""), str(again))
        self.assertRegex(again.out, r"^\d+: 1 new reports, 0 known ones, and something that still cannot be read\n0 read, 1 still not; 1 new reports, ")
        self.assertEqual(self.set_aside(), ["gzip_damaged"] * 4)
        self.expect_quiet(self.start(yml, 6).result(60))
        self.assertEqual(self.told_domains(), [SLOW], "and counts once it is read")


class DripTest(LoopScene):
    def test_drip_beside_a_healthy_mailbox(self):
        drip = self.peer([samples.warning(SLOW, self.now), samples.warning(DOMAINS[3], self.now)], FirstDrips)
        values = self.values()
        values["mailboxes"]["drip"] = self.mailbox(url=drip.url())
        self.add([samples.warning(d, self.now) for d in DOMAINS[:3]])
        yml = self.config(values)
        first, second, third, fourth = (self.run_dripping(yml, hours, told) for hours, told in enumerate(
            (DOMAINS[:3], DOMAINS[3:], [], [])))
        for result in (first, second, fourth):
            self.expect_quiet(result)
        self.expect_line(third, 75, r"\bdrip\b", "3rd run in a row")
        self.assertEqual(self.set_aside(), ["unfetchable"])

    def run_dripping(self, yml, hours, told):
        """A run that ends in time: first the rest goes on, then what stands behind the dripping mail."""
        begin = time.monotonic()
        result = self.start(yml, hours, **{agent.IMAP_MAIL: 2000}).result(60)
        self.assertLess(time.monotonic() - begin, 15)
        self.assertEqual(self.told_domains(), told, "run %d: %s" % (hours + 1, result))
        return result


class MaxRunTest(LoopScene):
    def test_a_run_ends_in_its_time_and_tells_what_it_has(self):
        values = self.values()
        slow, quick = self.peer([samples.warning(SLOW, self.now)], Drip), self.peer([samples.warning(DOMAINS[0], self.now)], Session)
        values["mailboxes"] = {"slow": self.mailbox(url=slow.url()), "quick": self.mailbox(url=quick.url())}
        result = agent.run(self.config(values), self.now, limits={agent.MAX_RUN: 4})
        self.assertLess(result.seconds, 20, str(result))
        self.assertEqual(self.told_domains(), [DOMAINS[0]], str(result))


if __name__ == "__main__":
    unittest.main()
