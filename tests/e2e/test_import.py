#!/usr/bin/env python3
"""`dmarcwarn import`: reports of files become history. What goes on is told once, as one notice; whatever way a report comes, it counts
once."""
import contextlib
import os
import sqlite3
import sys
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from lib import agent, told  # noqa: E402
from lib.scene import Scene  # noqa: E402
import expected  # noqa: E402
import samples  # noqa: E402

HOST = "alpha.example.org"


class ImportScene(Scene):
    def setUp(self):
        super().setUp()
        self.mails = samples.mails(self.now)

    def values(self):
        """All domains are of one customer: what is told of them after an import is one notice."""
        return dict(super().values(), domains={name: {"senders": of["senders"]} for name, of in samples.DOMAINS.items()})

    def imports(self, yml, *paths, **kw):
        return agent.start("import", ["-c", yml, "--now", str(self.now), *paths], **kw).result()

    def ask(self, sql):
        with contextlib.closing(sqlite3.connect("file:%s?mode=ro" % self.path("state", "dmarcwarn.db"), uri=True)) as db:
            return db.execute(sql).fetchall()

    def counted(self):
        return self.ask("SELECT n.text, f.day, f.ip, f.count, f.disposition, f.evidence FROM fact f JOIN name n ON n.id = f.domain"
                        " ORDER BY 1, 2, 3, 4, 5, 6")

    def files(self):
        """The twelve mails in every form: a mail, a report as it is and packed, an mbox, a Maildir."""
        for n, mail in enumerate(self.mails[:3]):
            self.write("old/%d.eml" % n, mail.content)
        for n, mail in enumerate(self.mails[3:6]):
            self.write("old/box/new/%d.host" % n, mail.content)
        os.makedirs(self.path("old", "box", "cur"))
        with open(self.path("old", "all.mbox"), "wb") as f:
            for mail in self.mails[6:]:
                f.write(b"From reporter@example.org Tue Nov 24 00:00:00 2026\n" + mail.content.rstrip(b"\n") + b"\n\n")
        return self.path("old")

    def report(self, days_ago, *rows, domain="example.com"):
        day = self.now // samples.DAY * samples.DAY - days_ago * samples.DAY
        return samples.reporter("Alpha Mail", HOST, day)(domain, rows)

    def history(self, first, last, *rows):
        """A report a day as packed XML, from `first` days ago to `last`."""
        for days_ago in range(first, last - 1, -1):
            self.write("history/%03d.xml.gz" % days_ago, samples.gz(samples.google_xml(self.report(days_ago, *rows)), 0))
        return self.path("history")

    def expect_one_summary(self, what):
        (request,) = self.slack.take()
        text = told.slack_text(request)
        for notice in expected.FIRST_RUN:
            told.check(self, text, notice._replace(never=()), what)
        self.assertIn("2 domains", text)
        self.assertIn("what goes on in reports that were imported", text)


class Import(ImportScene):
    def test_what_goes_on_is_one_notice(self):
        yml = self.config(self.values())
        result = self.imports(yml, self.files())
        self.assertEqual((result.code, result.out), (0, (
            "9 new reports, 1 known ones, in 12 mails and files; 1 could not be read\n"
            "The next run sends a summary of what goes on in them; nothing else of them is told.\n")), str(result))
        self.assertRegex(result.err, r"^dmarcwarn: .*all\.mbox \(mail \d+\).*: not read: [^\n]*\n$")
        self.assertEqual(self.ask("SELECT count(*) FROM quarantine"), [(0,)], "the files are still there")
        self.expect_slack((), "an import sends nothing")
        self.expect_quiet(self.run_agent(yml))
        self.expect_one_summary("the run after it")
        self.expect_quiet(self.run_agent(yml, 1))
        self.expect_slack((), "and no more")

    def test_each_report_counts_once_whatever_way_it_comes(self):
        yml = self.config(self.values())
        self.imports(yml, self.files())
        self.expect_quiet(self.run_agent(yml))
        self.expect_one_summary("import")
        counted = self.counted()
        self.assertTrue(self.imports(yml, self.path("old")).out.startswith("0 new reports, 10 known ones, in 12 mails"))
        self.add(self.mails)
        self.assertEqual(self.run_agent(yml, 1).code, 0)
        self.imap.forget_uids("dmarc")
        self.assertEqual(self.run_agent(yml, 2).code, 0)
        self.expect_slack((), "import again, mailbox, and all UIDs anew")
        self.assertEqual(self.counted(), counted)

    def test_trust_set_later_then_import_then_new_uids(self):
        result = "Authentication-Results: mx.example.com; spf=pass smtp.mailfrom=dmarc@alpha.example.org;\n\tdmarc=pass (p=reject) header.from=alpha.example.org\n"
        report = self.report(1, samples.ours(samples.OWN, 180), samples.broken(samples.OWN, 12, "reject"))
        mail = result.encode() + samples.google_mail(report, self.now - 3600)
        self.add([samples.Mail("alpha", mail, self.now - 3600)])
        values = self.values()
        self.expect_quiet(self.run_agent(self.config(values)))
        self.assertIn("WARNING", told.slack_text(self.slack.take()[0]))
        counted = self.counted()
        values["mailboxes"]["main"]["trust"] = {"authserv_id": "mx.example.com"}
        yml = self.config(values)
        self.expect_quiet(self.run_agent(yml, 1))
        self.assertIn("CRITICAL", told.slack_text(self.slack.take()[0]))
        for name, octets in (("same.eml", mail), ("same.xml", samples.google_xml(report)), ("same.gz", samples.gz(samples.google_xml(report), 1))):
            self.write("files/" + name, octets)
        self.assertIn("0 new reports, 3 known ones", self.imports(yml, self.path("files")).out)
        self.expect_quiet(self.run_agent(yml, 2))
        self.imap.forget_uids("dmarc")
        self.expect_quiet(self.run_agent(yml, 3))
        self.expect_slack((), "nothing counts twice, so nothing is news")
        self.assertEqual(self.counted(), counted)

    def test_history_is_silent_and_known(self):
        """Of two months, with a spoofer in the middle, nothing is told; what is new after them is."""
        yml = self.config(self.values())
        self.history(60, 30, samples.ours(samples.OWN, 50), samples.spoof(samples.STRANGER, 400, "none"))
        passing = samples.spf_only("198.51.100.200", 3)
        result = self.imports(yml, self.history(29, 2, samples.ours(samples.OWN, 50), passing))
        self.assertEqual(result.out, "59 new reports, 0 known ones, in 59 mails and files\nNothing goes on in them that is to be told.\n")
        self.expect_quiet(self.run_agent(yml))
        self.expect_slack((), "history")
        report = self.report(1, samples.ours(samples.OWN, 50), passing, samples.spf_only("203.0.113.99", 3))
        self.add([samples.Mail("alpha", samples.google_mail(report, self.now), self.now)])
        self.expect_quiet(self.run_agent(yml, 1))
        (request,) = self.slack.take()
        text = told.slack_text(request)
        self.assertIn("new_source_passing", text)
        self.assertIn("203.0.113.0/24", text)
        self.assertNotIn("198.51.100.0/24", text, "known from the import")

    def test_silence_of_what_was_only_imported_is_no_news(self):
        yml = self.config(self.values())
        self.imports(yml, self.history(40, 20, samples.ours(samples.OWN, 50)))
        self.assertEqual(self.run_agent(yml).code, 0)
        self.expect_slack((), "nobody ever sent reports to the mailbox")

    def stored(self):
        """Mails, while the database is being made and written."""
        try:
            return self.ask("SELECT count(*) FROM mail")[0][0]
        except sqlite3.OperationalError:
            return 0

    def test_killed_before_it_is_decided(self):
        """What it had stored is told by the next run, as one notice all the same."""
        yml = self.config(self.values())
        self.files()
        os.mkfifo(self.path("pipe"))
        running = agent.start("import", ["-c", yml, "--now", str(self.now), self.path("old"), self.path("pipe")], limits={"batch_mails": 1})
        self.addCleanup(running.child.kill)
        until = time.monotonic() + 60
        writer = os.open(self.path("pipe"), os.O_RDWR)  # so that its end does not come
        while self.stored() < 10:
            self.assertLess(time.monotonic(), until, "not stored")
            time.sleep(0.05)
        running.child.kill()
        running.result()
        os.close(writer)
        self.assertEqual(self.run_agent(yml).code, 0)
        self.expect_one_summary("killed")


class Usage(ImportScene):
    def test_nothing_to_read(self):
        yml = self.config(self.values())
        self.write("junk/a.txt", "hello\n")
        self.expect_line(self.imports(yml, self.path("junk")), 65, "no report could be read")
        nothing = self.imports(yml, self.path("nowhere"))
        self.assertEqual((nothing.code, len(nothing.err.splitlines())), (65, 2), str(nothing))
        self.expect_line(self.imports(yml), 64, "no PATH given")
        self.expect_line(self.imports(self.path("none.yml"), self.path("junk")), 78, "none.yml")


if __name__ == "__main__":
    unittest.main()
