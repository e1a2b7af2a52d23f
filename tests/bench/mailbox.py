#!/usr/bin/env python3
"""How many mails a second come from a mailbox into the store: on loopback, and with a round trip of 50 ms. Not a test.

    python3 tests/bench/mailbox.py [MAILS]      5000 unless given

A Dovecot on loopback with TLS, each mail a report of its own of the size and shape that large reporters send; `dmarcwarn run` in
full, with its database on the disk of /tmp. Prints the mails a second of the whole run and the machine's load.
"""
import contextlib
import os
import sqlite3
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "e2e"))
from lib.scene import Scene  # noqa: E402
import samples  # noqa: E402
from delay_proxy import DelayProxy  # noqa: E402

ROUND_TRIP_S = 0.05
MAILS = 5000


class Mailbox(Scene):
    seconds = 900

    def setUp(self):
        super().setUp()
        for n in range(MAILS):
            self.imap.add("dmarc", self.made(n), when=self.now - MAILS + n)

    def made(self, n):
        """The nth mail: a report of its own, with the header lines that a few relays and signatures leave, about 5 KB."""
        host = "m%d.example.org" % n
        day = self.now // samples.DAY * samples.DAY - samples.DAY
        rows = [samples.ours(samples.OWN, 10 + n % 7), samples.ours(samples.OWN_V6, 3), samples.spf_only(samples.NEWSLETTER, 5),
                samples.spoof("203.0.113.%d" % (n % 250), 1, "reject")]
        relays = "".join("X-Relay-%d: %s\n" % (i, os.urandom(33).hex()) for i in range(34))
        return relays.encode() + samples.yahoo_mail(samples.reporter("Eta", host, day)("example.com", rows), self.now - MAILS + n, host)

    def measure(self, name, port, **mailbox):
        values = self.values()
        values["mailboxes"]["main"] = self.mailbox(url="imaps://localhost:%d" % port, **mailbox)
        values["state"]["path"] = self.path(name, "dmarcwarn.db")
        before = os.times()
        result = self.run_agent(self.config(values), timeout=600)
        self.assertEqual((result.code, result.err), (0, ""), str(result))
        with contextlib.closing(sqlite3.connect(values["state"]["path"])) as db:
            self.assertEqual(db.execute("SELECT count(*) FROM report").fetchone(), (MAILS,))
        after = os.times()
        cpu = after.children_user - before.children_user + after.children_system - before.children_system
        print("%-10s %d mails in %.2f s: %.0f a second, %.2f s of processor time, load %.1f" % (
            name, MAILS, result.seconds, MAILS / result.seconds, cpu, os.getloadavg()[0]), flush=True)

    def test_all(self):
        self.imap.flags("dmarc", self.authority().ca_file)  # Dovecot has numbered the mails and knows their sizes
        self.measure("loopback", self.imap.imaps_port)
        proxy = DelayProxy(self.imap.imaps_port, delay=ROUND_TRIP_S / 2).start()
        self.addCleanup(proxy.stop)
        self.measure("50ms", proxy.port)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        MAILS = int(sys.argv.pop())
    unittest.main()
