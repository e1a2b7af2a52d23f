#!/usr/bin/env python3
"""What is done to mails once their reports are stored: each `after` ends in the right folders and flags, nothing is done to a mail
without a report, and what a killed or refused run still owes, the next one does."""
import contextlib
import os
import sqlite3
import sys
import threading
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from lib import agent, dovecot  # noqa: E402
from lib.scene import HOUR, Scene  # noqa: E402
import expected  # noqa: E402
import samples  # noqa: E402
from imap_peer import ImapPeer  # noqa: E402
from imap_session import Session  # noqa: E402

ALL = range(1, 13)
NO_REPORT = "bounce"  # of the twelve: a mail without a report
REJECTED = "cut-gzip"  # and one whose report is cut off
FOLDER = "Gelesen/März"
ERRORS = "Fehler"


class AfterScene(Scene):
    """`self.number` gives the UIDs of the twelve mails by their names."""

    def setUp(self):
        super().setUp()
        self.mails = samples.mails(self.now)
        self.number = {mail.name: uid for uid, mail in enumerate(self.mails, 1)}

    def settings(self, **mailbox):
        values = self.values()
        values["mailboxes"]["main"].update(mailbox)
        return self.config(values)

    def debts(self):
        with contextlib.closing(sqlite3.connect("file:%s?mode=ro" % self.path("state", "dmarcwarn.db"), uri=True)) as db:
            return db.execute("SELECT action, uid FROM debt ORDER BY action, uid").fetchall()

    def numbers(self, *names):
        return {self.number[name] for name in names}

    @property
    def reports(self):
        return set(ALL) - self.numbers(NO_REPORT, REJECTED)


class DovecotAfter(AfterScene):
    def setUp(self):
        super().setUp()
        self.add(self.mails)

    def flags(self, folder="INBOX"):
        return self.imap.flags("dmarc", self.authority().ca_file, folder)

    def run_twice(self, yml, hours=0):
        """The notices come once, and nothing more happens in a second run."""
        self.expect_quiet(self.run_agent(yml, hours))
        self.expect_slack(expected.FIRST_RUN, "first run")
        self.expect_quiet(self.run_agent(yml, hours + 1))
        self.expect_slack((), "second run")

    def configure(self, line_23, line_24):
        """One more setting for Dovecot, which is not started yet."""
        with open(os.path.join(self.imap.folder, "dovecot.conf"), "a") as f:
            f.write((line_24 if dovecot.version() >= (2, 4) else line_23) + "\n")

    def without(self, *capabilities):
        self.imap.stop()
        kept = [c for c in ("UIDPLUS", "MOVE") if c not in capabilities]
        self.configure("imap_capability = IMAP4rev1 SASL-IR LITERAL+ ID " + " ".join(kept),
                       "imap_capability {\n" + "".join("  %s = no\n" % c for c in capabilities) + "}")
        self.imap.start()

    def test_keep_opens_for_reading_only(self):
        self.run_twice(self.settings(after="keep"))
        self.assertEqual(self.imap.unseen_by_anybody("dmarc"), 12)
        self.assertEqual(self.debts(), [])

    def test_seen(self):
        self.run_twice(self.settings(after="seen"))
        flags = self.flags()
        self.assertEqual({uid for uid, of_one in flags.items() if of_one == {"\\Seen"}}, self.reports)
        self.assertEqual({uid for uid, of_one in flags.items() if not of_one}, self.numbers(NO_REPORT, REJECTED))
        self.assertEqual(self.debts(), [])

    def check_moved(self):
        self.assertEqual(set(self.flags()), self.numbers(NO_REPORT))
        self.assertEqual([sorted(f) for f in self.flags(FOLDER).values()], [[]] * 10)
        self.assertEqual(len(self.flags(ERRORS)), 1)
        self.assertEqual(self.debts(), [])

    def test_move_makes_the_folders(self):
        self.run_twice(self.settings(after={"move": FOLDER}, on_error={"move": ERRORS}))
        self.check_moved()

    def test_move_into_folders_that_are_there(self):
        self.imap.create_folder("dmarc", FOLDER)
        self.imap.create_folder("dmarc", ERRORS)
        self.run_twice(self.settings(after={"move": FOLDER}, on_error={"move": ERRORS}))
        self.check_moved()

    def test_move_without_move(self):
        self.without("MOVE")
        self.run_twice(self.settings(after={"move": FOLDER}, on_error={"move": ERRORS}))
        self.check_moved()

    def test_without_uidplus_mails_of_others_stay_and_it_is_said_once(self):
        """A mail that somebody else flagged \\Deleted is not removed either."""
        self.without("MOVE", "UIDPLUS")
        client = self.imap.client("dmarc", self.authority().ca_file)
        client.select()
        client.uid("STORE", str(self.number[NO_REPORT]), "+FLAGS.SILENT", "(\\Deleted)")
        client.shutdown()
        result = self.run_agent(self.settings(after={"move": FOLDER}, on_error={"move": ERRORS}))
        self.expect_line(result, 0, "main", "no UIDPLUS")
        self.assertEqual({uid for uid, flags in self.flags().items() if "\\Deleted" in flags}, set(ALL))
        self.assertEqual(len(self.flags(FOLDER)), 10)
        self.assertEqual(len(self.flags(ERRORS)), 1)
        self.expect_quiet(self.run_agent(self.settings(after={"move": FOLDER}, on_error={"move": ERRORS}), 1))
        self.assertEqual(len(self.flags(FOLDER)), 10, "no mail is copied again")

    def test_delete_by_age(self):
        """The mails arrive from midnight on, a second apart; at noon only the first six are old enough."""
        old = set(range(1, 7))
        yml = self.settings(after={"delete": {"older_than": "11h59m55s"}})
        self.expect_quiet(self.run_agent(yml))
        self.assertEqual(set(self.flags()), set(ALL) - (old & self.reports))
        self.assertEqual({uid for _, uid in self.debts()}, self.reports - old)
        self.expect_quiet(self.run_agent(yml, 1))
        self.assertEqual(set(self.flags()), self.numbers(NO_REPORT, REJECTED))
        self.assertEqual(self.debts(), [])

    def test_what_the_configuration_no_longer_asks_for_is_not_done(self):
        self.expect_quiet(self.run_agent(self.settings(after={"delete": {"older_than": "240h"}})))
        self.assertEqual({uid for _, uid in self.debts()}, self.reports)
        self.expect_quiet(self.run_agent(self.settings(after="keep"), 240))
        self.expect_quiet(self.run_agent(self.settings(after={"delete": {"older_than": "1h"}}), 241))
        self.assertEqual(set(self.flags()), set(ALL))

    def test_a_move_that_is_refused_is_made_up_for(self):
        yml = self.settings(after={"move": FOLDER})
        blocked = self.imap.maildir("dmarc", FOLDER)  # a file where the folder would be
        open(blocked, "w").close()
        self.expect_line(self.run_agent(yml), 69, "main", "cannot be moved")
        os.unlink(blocked)
        self.expect_slack(expected.FIRST_RUN, "the run whose move was refused")
        self.assertEqual(set(self.flags()), set(ALL))
        self.expect_quiet(self.run_agent(yml, 1))
        self.expect_slack((), "the run after it")
        self.assertEqual(len(self.flags(FOLDER)), 10)
        self.assertEqual(self.debts(), [])

    def test_a_mail_that_is_gone_is_done_with(self):
        yml = self.settings(after={"delete": {"older_than": "240h"}})
        self.expect_quiet(self.run_agent(yml))
        self.imap.empty("dmarc")
        self.expect_quiet(self.run_agent(yml, 300))
        self.assertEqual(self.debts(), [])


class Holding(Session):
    """Moves mails, when the test lets it: SELECT is answered once the gate is open."""

    capabilities = Session.capabilities + b" MOVE UIDPLUS"

    def dispatch(self, tag, command):
        if command.startswith(b"SELECT"):
            self.peer.selected.set()
            if not self.peer.gate.wait(60):
                self.silence()
            self.send(self.selected_codes() + tag + b" OK [READ-WRITE] done\r\n")
        elif command.upper().startswith(b"UID MOVE "):
            for _, uid, _ in self.wanted(command.split(b" ")[2]):
                del self.peer.mails[uid]
                self.peer.moved.append(uid)
            self.send(tag + b" OK moved\r\n")
        else:
            super().dispatch(tag, command)


class Killed(AfterScene):
    def test_between_the_commit_and_the_move(self):
        peer = ImapPeer({uid: m.content for uid, m in enumerate(self.mails, 1)}, cert=self.authority().good, kind=Holding)
        peer.selected, peer.gate, peer.moved = threading.Event(), threading.Event(), []
        self.addCleanup(peer.stop)
        self.addCleanup(peer.gate.set)
        peer.start()
        yml = self.settings(url=peer.url(), after={"move": FOLDER})
        running = agent.start_run(yml, self.now)
        self.addCleanup(running.child.wait)
        self.assertTrue(peer.selected.wait(30), "the run asks for the folder")
        running.child.kill()
        running.result()
        self.assertEqual({uid for _, uid in self.debts()}, self.reports, "what is owed was stored before the first move")
        self.assertEqual(peer.moved, [])

        peer.gate.set()
        del peer.commands[:]
        self.expect_quiet(self.run_agent(yml, 1))
        self.expect_slack(expected.FIRST_RUN, "the run after the killed one")
        self.assertEqual(sorted(peer.moved), sorted(self.reports))
        self.assertEqual([c for c in peer.commands if "BODY" in c], [], "no mail is fetched again")
        self.assertEqual(self.debts(), [])
        self.expect_quiet(self.run_agent(yml, 2))
        self.expect_slack((), "one more run")


if __name__ == "__main__":
    unittest.main()
