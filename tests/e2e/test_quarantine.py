#!/usr/bin/env python3
"""Mails that could not be read: listed, shown, read again once the program can, dropped, and kept within the caps."""
import os
import re
import sqlite3
import sys
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from lib import agent, told  # noqa: E402
from lib.scene import HOUR, Scene  # noqa: E402
import samples  # noqa: E402

OLD = {"report_rows": 1}  # what stands for a program that cannot read a report of two rows
DOMAIN = "example.com"


class QuarantineTest(Scene):
    def setUp(self):
        super().setUp()
        self.large = samples.warning(DOMAIN, self.now, rows=[samples.ours(samples.OWN, 80)])
        today = self.now // samples.DAY * samples.DAY
        report = samples.reporter("Zeta", "zeta.example.org", today - samples.DAY)("example.org", [samples.spoof(samples.STRANGER, 50, "none")])
        whole = samples.gz(samples.google_xml(report), today)
        self.cut = samples.Mail("cut", samples.octet_stream_mail(report, today + 40, "zeta.example.org", whole[:-24], "cut.xml.gz"), today + 40)
        self.small = samples.warning("example.net", self.now)

    def domains_told(self):
        return sorted(d for text in (told.slack_text(r) for r in self.slack.take()) for d in samples.DOMAINS if d in text)

    def quarantine(self, what, *args, hours=1, **kw):
        return agent.quarantine(what, self.yml, self.now + int(hours * HOUR), *args, **kw)

    def rows(self):
        """The list, header checked: a tuple of cells a mail."""
        result = self.quarantine("list")
        self.assertEqual((result.code, result.err), (0, ""), str(result))
        if not result.out:
            return []
        head, *lines = result.out.splitlines()
        self.assertEqual(head.split(), ["ID", "SINCE", "MAILBOX", "SIZE", "REASON"])
        places = [re.search(r"\b%s\b" % word, head).start() for word in ("SINCE", "MAILBOX", "SIZE", "REASON")]
        for line in lines:
            self.assertTrue(all(line[p - 1] == " " and line[p] != " " for p in places), "aligned: " + result.out)
        return [tuple(re.split(r" {2,}", line.strip())) for line in lines]

    def fill(self, **mailbox):
        """A run of the old program over a mail that it reads, one that it cannot read, and one that nobody can."""
        self.add([self.large, self.small, self.cut])
        values = self.values()
        values["mailboxes"]["main"].update(mailbox)
        self.yml = self.config(values)
        self.expect_quiet(self.run_agent(self.yml, limits=OLD))
        self.assertEqual(self.domains_told(), ["example.net"])

    def large_and_cut(self):
        """What fill() left behind: two readers decide which of them was set aside first."""
        rows = self.rows()
        self.assertEqual(sorted(r[4] for r in rows), ["too_many_rows", "truncated"])
        return sorted(rows, key=lambda r: r[4])

    def test_an_upgrade_reads_what_was_set_aside_and_it_counts_once(self):
        self.fill(after={"move": "Done"})
        large, cut = self.large_and_cut()
        since = "%sT12:00Z" % time.strftime("%Y-%m-%d", time.gmtime(self.now))
        self.assertEqual((large[1:3], large[4]), ((since, "main"), "too_many_rows"))
        self.assertEqual((cut[1:3], cut[4]), ((since, "main"), "truncated"))
        self.expect_quiet(self.run_agent(self.yml, 1))
        self.assertEqual(self.domains_told(), [], "no run reads it by itself")
        result = self.quarantine("retry", hours=2)
        self.assertEqual((result.code, result.err), (0, ""), str(result))
        lines = {large[0]: "1 new reports, 0 known ones", cut[0]: "still not read: the data ends too early"}
        self.assertEqual(result.out, "".join("%s: %s\n" % (i, lines[i]) for i in sorted(lines, key=int)) +
                         "1 read, 1 still not; 1 new reports, which the next run judges\n", "in the order of the list")
        self.assertEqual(self.rows(), [cut], "what is still not read stays as it was")
        self.expect_quiet(self.run_agent(self.yml, 3))
        self.assertEqual(self.domains_told(), [DOMAIN])
        self.assertEqual(len(self.imap.flags("dmarc", self.authority().ca_file, "Done")), 2, "after holds for it too")
        self.add([self.large])
        self.quarantine("retry", hours=4)
        self.expect_quiet(self.run_agent(self.yml, 5))
        self.assertEqual(self.domains_told(), [], "and it counts once")

    def test_ids(self):
        self.fill()
        large, cut = self.large_and_cut()
        self.assertEqual(self.quarantine("retry", cut[0]).code, 0)
        self.assertEqual(len(self.rows()), 2)
        self.assertEqual(self.quarantine("retry", large[0]).code, 0)
        self.assertEqual(self.rows(), [cut])
        self.assertEqual(self.quarantine("drop", cut[0]).code, 0)
        self.assertEqual(self.rows(), [])
        self.add([self.cut])
        self.expect_quiet(self.run_agent(self.yml, 2))
        self.assertEqual(len(self.rows()), 1)
        self.assertEqual(self.quarantine("drop", "--all").code, 0)
        self.expect_quiet(self.run_agent(self.yml, 3))
        self.assertEqual(self.rows(), [], "the mails stay done")
        for args, code, words in ((["drop", cut[0]], 64, "no mail %s is in quarantine" % cut[0]), (["drop"], 64, "takes IDs, or --all"),
                                  (["drop", "x"], 64, "'x' is no ID"), (["show"], 64, "takes one ID"), (["lst"], 64, "did you mean 'list'"),
                                  (["list", "--raw"], 64, "--raw goes with show")):
            self.expect_line(self.quarantine(*args), code, words)

    def test_show(self):
        evil = b"\x1b]0;evil\x07 \xff\r\n"
        self.cut = self.cut._replace(content=self.cut.content.replace(b"Subject: ", b"Subject: " + evil[:-2]))
        self.fill()
        _, cut = self.large_and_cut()
        shown = self.quarantine("show", cut[0])
        self.assertEqual((shown.code, shown.err), (0, ""), str(shown))
        head, _, mail = shown.out.partition("\n\n")
        self.assertRegex(head, r"(?s)^id +%s\nsince +\S+Z\nmailbox +main \(dmarc at localhost:\d+, folder INBOX, UID 3 of UIDVALIDITY \d+\)\n"
                               r"received +\S+Z\nsize +\d+ octets\nreason +truncated: the data ends too early.*\(document 1" % cut[0])
        self.assertIn("Subject: \\x1b]0;evil\\x07 \\xff", mail)
        self.assertFalse([c for c in shown.out if ord(c) < 32 and c != "\n"])
        raw = agent.start("quarantine", ["show", "--raw", cut[0], "-c", self.yml])
        self.assertEqual(raw.child.communicate(timeout=60)[0], self.cut.content.replace(b"\n", b"\r\n"))

    def test_the_mail_that_a_failure_report_is_about_is_never_kept(self):
        secret = "Whatever the original said."
        self.add([samples.Mail("failure", samples.failure_mail(self.now, secret, "<feedback><report_metadata>"), self.now)])
        self.yml = self.config(self.values())
        self.expect_quiet(self.run_agent(self.yml))
        ((number, _, _, size, reason),) = self.rows()
        self.assertRegex(size, r", not kept$")
        self.assertEqual(reason, "truncated")
        self.expect_line(self.quarantine("show", "--raw", number), 65, "no copy of mail %s is kept" % number)
        shown = self.quarantine("show", number)
        self.assertIn("no copy is kept", shown.out)
        with sqlite3.connect(self.path("state", "dmarcwarn.db")) as db:
            self.assertEqual(db.execute("SELECT count(*) FROM raw_mail").fetchone(), (0,))

    def test_caps(self):
        self.fill()
        self.quarantine("retry", hours=2 * 24)
        self.assertEqual(len(self.rows()), 1)
        self.assertEqual(self.run_agent(self.yml, 24 * 4, limits={"quarantine_days": 3}).code, 0)
        self.assertEqual(self.rows(), [], "days count from when it was first set aside")

    def test_what_is_too_large_to_be_kept_is_asked_for_again(self):
        self.add([self.large])
        self.yml = self.config(self.values())
        self.expect_quiet(self.run_agent(self.yml, limits=dict(OLD, quarantine_mail=100)))
        ((number, _, _, size, reason),) = self.rows()
        self.assertRegex(size, r"^\d+(\.\d)? (B|KiB), not kept$")
        self.expect_line(self.quarantine("show", "--raw", number), 65, "no copy of mail %s is kept" % number)
        result = self.quarantine("retry")
        self.assertEqual(result.out, "%s: no copy is kept; the next run asks its server again\n0 read, 1 still not; 0 new reports\n" % number)
        self.assertEqual(len(self.rows()), 1, "until it has come")
        self.expect_quiet(self.run_agent(self.yml, 2))
        self.assertEqual((self.domains_told(), self.rows()), ([DOMAIN], []))

    def test_before_the_first_run(self):
        self.yml = self.config(self.values())
        self.expect_line(self.quarantine("list"), 65, "nothing has run yet")


if __name__ == "__main__":
    unittest.main()
