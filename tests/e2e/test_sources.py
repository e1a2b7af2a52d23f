#!/usr/bin/env python3
"""Where reports come from: several mailboxes, a folder, a Maildir, a mailbox that is new, full, or has its mails for long. Whatever
way a report comes, and however often, it counts once."""
import contextlib
import json
import mailbox
import os
import sqlite3
import sys
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from lib import agent, paths  # noqa: E402
from lib.scene import HOUR, Scene  # noqa: E402
import expected  # noqa: E402
import samples  # noqa: E402
from imap_peer import ImapPeer  # noqa: E402
from imap_session import Session  # noqa: E402

DOMAINS = ["d1.example.com", "d2.example.com"]


class SourcesScene(Scene):
    def setUp(self):
        super().setUp()
        self.mails = samples.mails(self.now)

    def settings(self, **mailboxes):
        return self.config(dict(self.values(), mailboxes=mailboxes))

    def ask(self, sql):
        with contextlib.closing(sqlite3.connect("file:%s?mode=ro" % self.path("state", "dmarcwarn.db"), uri=True)) as db:
            return db.execute(sql).fetchall()

    def facts(self):
        """Everything that counts."""
        return self.ask("SELECT n.text, f.day, f.ip, f.count, f.disposition, f.evidence FROM fact f JOIN name n ON n.id = f.domain"
                        " ORDER BY 1, 2, 3, 4, 5, 6")

    def mails_stored(self):
        return self.ask("SELECT count(*) FROM mail")[0][0]

    def fill_folder(self):
        """The twelve mails in a folder in every form: single mails, an mbox, in folders below."""
        for n, mail in enumerate(self.mails[:4]):
            self.write("reports/%d.eml" % n, mail.content)
        self.write("reports/below/more/nested.eml", self.mails[4].content)
        with open(self.path("reports", "all.mbox"), "wb") as f:
            for mail in self.mails[5:]:
                f.write(b"From reporter@example.org Tue Nov 24 00:00:00 2026\n" + mail.content.rstrip(b"\n") + b"\n\n")
        return self.path("reports")

    def fill_maildir(self):
        box = mailbox.Maildir(self.path("Maildir"))
        return self.path("Maildir"), [box.add(m.content) for m in self.mails]


class SameReports(SourcesScene):
    def test_two_mailboxes_with_the_same_reports(self):
        self._imap = self.dovecot({"dmarc": "imap-secret", "second": "imap-secret"})
        self.add(self.mails)
        self.add(reversed(self.mails), user="second")
        yml = self.settings(a=self.mailbox(), b=self.mailbox("second"))
        self.expect_quiet(self.run_agent(yml))
        self.expect_slack(expected.FIRST_RUN, "two mailboxes")
        self.assertEqual(self.mails_stored(), 24)
        self.expect_quiet(self.run_agent(yml, 1))
        self.expect_slack((), "second run")

    def test_mailbox_then_folder_then_maildir(self):
        self.add(self.mails)
        sources = {"main": self.mailbox()}
        self.expect_quiet(self.run_agent(self.settings(**sources)))
        self.expect_slack(expected.FIRST_RUN, "mailbox")
        counted = self.facts()
        sources["files"] = {"folder": self.fill_folder()}
        self.expect_quiet(self.run_agent(self.settings(**sources), 1))
        self.assertEqual(self.mails_stored(), 24)
        sources["delivered"] = {"maildir": self.fill_maildir()[0]}
        self.expect_quiet(self.run_agent(self.settings(**sources), 2))
        self.assertEqual(self.mails_stored(), 36)
        self.expect_slack((), "folder and Maildir")
        self.assertEqual(self.facts(), counted)


class Notes(SourcesScene):
    def status(self, yml, *options):
        return agent.start("status", ["-c", yml, *options]).result().out

    def test_status_tells_what_reports_needed(self):
        with open(os.path.join(paths.TOP, "testdata", "quirks", "dates-in-metadata.xml"), "rb") as sample:
            self.write("reports/odd.xml", sample.read())
        yml = self.settings(files={"folder": self.path("reports")})
        self.run_agent(yml)
        self.assertEqual(self.ask("SELECT notes FROM report"), [("element_misplaced",)])
        text = self.status(yml, "--notes")
        self.assertRegex(text, r"(?m)^notes on reports\n  Receiver Inc\.  element_misplaced       1  \d{4}-\d\d-\d\dT")
        told = json.loads(self.status(yml, "--notes", "--format", "json"))["notes"]
        self.assertEqual([(n["reporter"], n["note"], n["reports"]) for n in told], [("Receiver Inc.", "element_misplaced", 1)])
        self.assertNotIn("notes", self.status(yml))

    def test_status_and_a_run_that_is_looked_at_tell_who_learns(self):
        day = self.now // samples.DAY
        report = samples.reporter("Alpha Mail", "alpha.example.org", (day - 3) * samples.DAY)("example.com", [samples.ours(samples.OWN, 5)])
        path = self.write("reports/a.xml", samples.google_xml(report))
        os.utime(path, (self.now, self.now))
        yml = self.settings(files={"folder": self.path("reports")})
        until = time.strftime("%Y-%m-%d", time.gmtime((day - 2 + 14) * samples.DAY))
        run = self.run_agent(yml, args=("-v",))
        self.assertRegex(run.err, r"1 domain: what is only new is not told yet, as their data are few; the last until %s" % until)
        self.assertRegex(self.status(yml), r"(?m)^learning  1 domain, until %s" % until)
        self.assertEqual(json.loads(self.status(yml, "--format", "json"))["learning"], 1)


class Files(SourcesScene):
    def tree(self, path):
        """Every file below, with its octets and time of change."""
        found = {}
        for root, _, files in os.walk(path):
            for name in files:
                at = os.path.join(root, name)
                with open(at, "rb") as f:
                    found[os.path.relpath(at, path)] = (f.read(), os.stat(at).st_mtime_ns)
        return found

    def test_folder_alone(self):
        folder = self.fill_folder()
        before = self.tree(folder)
        yml = self.settings(files={"folder": folder, "after": "keep"})
        self.expect_quiet(self.run_agent(yml))
        self.expect_slack(expected.FIRST_RUN, "folder")
        self.assertEqual(self.tree(folder), before, "nothing is changed there")
        self.assertEqual(self.mails_stored(), 12)
        status = agent.start("status", ["-c", yml, "--format", "json"]).result()
        self.assertIsNotNone(json.loads(status.out)["mailboxes"][0]["last_success"], str(status))

        self.expect_quiet(self.run_agent(yml, 1))
        self.assertEqual(self.mails_stored(), 12, "what was read is not read again")
        self.write("reports/new.eml", samples.thirteenth(self.now).content)
        self.expect_quiet(self.run_agent(yml, 2))
        self.expect_slack(expected.THIRTEENTH, "a new file")
        self.assertEqual(self.mails_stored(), 13)

    def test_a_file_that_grows_is_read_again(self):
        folder = self.fill_folder()
        yml = self.settings(files={"folder": folder})
        self.expect_quiet(self.run_agent(yml))
        self.expect_slack(expected.FIRST_RUN, "folder")
        with open(os.path.join(folder, "all.mbox"), "ab") as f:
            f.write(b"From reporter@example.org Tue Nov 24 00:00:00 2026\n" + samples.thirteenth(self.now).content)
        self.expect_quiet(self.run_agent(yml, 1))
        self.expect_slack(expected.THIRTEENTH, "the mbox has one mail more")
        self.expect_quiet(self.run_agent(yml, 2))
        self.expect_slack((), "and no more")

    def test_maildir_alone(self):
        path, names = self.fill_maildir()
        before = self.tree(path)
        yml = self.settings(files={"maildir": path})
        self.expect_quiet(self.run_agent(yml))
        self.expect_slack(expected.FIRST_RUN, "Maildir")
        self.assertEqual(self.tree(path), before, "nothing is changed there")
        for name in names:  # somebody has read them
            os.rename(os.path.join(path, "new", name), os.path.join(path, "cur", name + ":2,S"))
        self.expect_quiet(self.run_agent(yml, 1))
        self.assertEqual(self.mails_stored(), 12)
        mailbox.Maildir(path).add(samples.thirteenth(self.now).content)
        self.expect_quiet(self.run_agent(yml, 2))
        self.expect_slack(expected.THIRTEENTH, "a new mail")

    def test_what_is_not_there_stops_nothing_else(self):
        folder = self.fill_folder()
        yml = self.settings(files={"folder": folder}, gone={"maildir": self.path("nowhere")})
        self.expect_line(self.run_agent(yml), 0, "gone", "nowhere", "No such file")
        self.expect_slack(expected.FIRST_RUN, "folder")

    def test_what_is_no_folder_or_maildir_is_no_mailbox(self):
        """Nothing is read from it, with 69 where no other mailbox is there, and check-config says it before."""
        plain = self.fill_folder()
        file = os.path.join(plain, "0.eml")
        for source, words in (({"maildir": plain}, "no Maildir: it has neither cur nor new"), ({"folder": file}, "Not a directory"),
                              ({"maildir": file}, "Not a directory"), ({"folder": self.path("nowhere")}, "No such file")):
            with self.subTest(source):
                yml = self.settings(wrong=source)
                self.expect_line_among(agent.start("check-config", ["-c", yml]).result(), 0, words + ".*; the next run will fail")
                self.expect_line(self.run_agent(yml), 69, "mailbox wrong: ", words)
                self.assertEqual(self.mails_stored(), 0)
        os.mkdir(os.path.join(plain, "new"))
        self.expect_quiet(self.run_agent(self.settings(wrong={"maildir": plain})))


class Old(SourcesScene):
    """`since`."""

    def fill(self, *days):
        for n, age in enumerate(days):
            mail = samples.warning(DOMAINS[n % 2], self.now)
            self.imap.add("dmarc", mail.content.replace(b"Subject:", b"X-Number: %d\nSubject:" % n), when=self.now - age * 24 * HOUR)

    def uids(self):
        return [uid for uid, in self.ask("SELECT uid FROM mail ORDER BY uid")]

    def test_only_recent_mails_of_a_mailbox_that_is_new(self):
        self.fill(200, 91, 89, 100, 1, 300)
        self.expect_code(self.settings(main=self.mailbox(since="90d")))
        self.assertEqual(self.uids(), [3, 5])
        self.assertEqual(self.ask("SELECT mark FROM mailbox"), [(6,)])
        self.fill(400, 0)
        self.expect_code(self.settings(main=self.mailbox(since="90d")), 1)
        self.assertEqual(self.uids(), [3, 5, 7, 8], "what comes later is read, whatever its date")

    def test_without_it_all_are_read(self):
        self.fill(200, 1)
        self.expect_code(self.settings(main=self.mailbox()))
        self.assertEqual(self.uids(), [1, 2])

    def expect_code(self, yml, hours=0):
        result = self.run_agent(yml, hours)
        self.assertEqual((result.code, result.out, result.err), (0, "", ""), str(result))


class Filling(Session):
    """Says how full it is."""

    capabilities = Session.capabilities + b" QUOTA"

    def dispatch(self, tag, command):
        if command.startswith(b"GETQUOTAROOT "):
            self.send(b'* QUOTAROOT INBOX "User (all)"\r\n* QUOTA "User (all)" (STORAGE %d 1000 MESSAGE 86 200)\r\n' % self.peer.used
                      + tag + b" OK done\r\n")
        else:
            super().dispatch(tag, command)


class Quota(SourcesScene):
    def peer(self, used):
        peer = ImapPeer({1: self.mails[5].content}, cert=self.authority().good, kind=Filling)
        peer.used = used
        self.addCleanup(peer.stop)
        return self.settings(main=self.mailbox(url=peer.start().url()))

    def test_over_85_percent_is_said(self):
        self.expect_line(self.run_agent(self.peer(851)), 0, "main", "851 of 1000", "STORAGE")

    def test_85_percent_is_not(self):
        self.expect_quiet(self.run_agent(self.peer(850)))


class PerHost(SourcesScene):
    def test_no_more_than_allowed_at_a_time(self):
        users = {"u%d" % n: "imap-secret" for n in range(5)}
        self._imap = self.dovecot(users)
        for user in users:
            self.add([self.mails[5]], user=user)
        for limit in ({"parallel": 1}, {"per_host": 1}):
            values = dict(self.values(), mailboxes={user: self.mailbox(user) for user in users}, **limit)
            self.expect_quiet(self.run_agent(self.config(values)))
        self.assertEqual(self.mails_stored(), 5)


if __name__ == "__main__":
    unittest.main()
