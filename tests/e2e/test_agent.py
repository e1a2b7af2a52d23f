#!/usr/bin/env python3
"""What the agent tells of itself: a mailbox that cannot be read, a disk that fills up, a clock that goes back, a file that is turned off, a
database that is damaged."""
import contextlib
import os
import sqlite3
import sys
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from lib import agent, told  # noqa: E402
from lib.mounts import Namespace  # noqa: E402
from lib.scene import HOUR, Scene  # noqa: E402
import samples  # noqa: E402

MIB = 1024 * 1024


class Agent(Scene):
    def expect(self, *patterns):
        """One notice came since the last look, in which all the patterns occur; without any, none came."""
        texts = [told.slack_text(r) for r in self.slack.take()]
        self.assertEqual(len(texts), 1 if patterns else 0, texts)
        for pattern in patterns:
            self.assertRegex(texts[0], "(?is)" + pattern)

    def settings(self, **more):
        """Mails lie in a folder: what fails is not the mailbox."""
        self.write("mails/none.eml", "Subject: nothing\n\nnothing\n")
        return self.config(dict(self.values(), mailboxes={"main": {"folder": self.path("mails")}}, **more))


class Mailbox(Agent):
    def test_a_wrong_password(self):
        yml = self.config(self.values())
        self.expect_quiet(self.run_agent(yml))
        self.write("secrets/imap", "imap-secret-of-yesterday\n", 0o600)
        for hours in (1, 2):
            self.assertEqual(self.run_agent(yml, hours).code, 77)
            self.expect()
        self.assertEqual(self.run_agent(yml, 3).code, 77)
        self.expect("CRITICAL the agent: mailbox main cannot be read", "3 runs in a row", "check-config --online", "agent_mailbox")
        self.run_agent(yml, 4)
        self.expect()
        self.write("secrets/imap", "imap-secret\n", 0o600)
        self.expect_quiet(self.run_agent(yml, 5))
        self.expect("RESOLVED the agent: mailbox main is read again")
        self.expect_quiet(self.run_agent(yml, 6))
        self.expect()

    def test_two_runs_in_six_hours(self):
        yml = self.config(self.values())
        self.imap.stop()
        self.run_agent(yml)
        self.expect()
        self.run_agent(yml, 6)
        self.expect("mailbox main cannot be read", "2 runs in a row")


class Database(Agent):
    """Whatever has become of the file: one run says so and ends with 74, everything that is still there is read anew, and the next run is
    like any other."""

    def setUp(self):
        super().setUp()
        self.state = self.path("state", "dmarcwarn.db")
        for mail in samples.mails(self.now):
            self.write("mails/%s.eml" % mail.name, mail.content)
        self.yml = self.settings()
        self.assertEqual(self.run_agent(self.yml).code, 0)
        self.reports = self.count()
        self.assertGreater(self.reports, 5)
        self.slack.take()

    def count(self):
        with contextlib.closing(sqlite3.connect("file:%s?mode=ro" % self.state, uri=True)) as db:
            return db.execute("SELECT count(*) FROM report").fetchone()[0]

    def overwrite(self, first, last=None):
        """Octets from `first` to `last`, or to the end."""
        last = last or os.path.getsize(self.state)
        with open(self.state, "r+b") as f:
            f.seek(first)
            f.write(b"J" * (last - first))

    def aside(self):
        """But for its journal, which goes along."""
        return sorted(name for name in os.listdir(self.path("state")) if ".damaged" in name and not name.endswith("-journal"))

    def begin_anew(self, hours=1):
        """Found at the beginning, or where the run stumbles upon it: then the next one begins anew."""
        result = self.run_agent(self.yml, hours)
        if self.aside() == ["dmarcwarn.db.damaged"]:
            self.expect_line(result, 74, "the database is damaged", "the next run puts it aside")
            self.assertEqual(agent.start("alerts", ["list", "-c", self.yml]).result().code, 74)
            result = self.run_agent(self.yml, hours + 1)
        day = time.strftime("%Y-%m-%d", time.gmtime(self.now + hours * 3600))
        name = "dmarcwarn.db.damaged-" + day
        self.expect_line(result, 74, "the database is damaged", "it is .*%s now" % name)
        self.assertEqual(self.aside(), [name])
        texts = [told.slack_text(r) for r in self.slack.take()]
        about = [text for text in texts if "agent_db" in text]
        self.assertEqual(len(about), 1, texts)
        self.assertRegex(about[0], r"(?is)CRITICAL the agent: database damaged and begun anew.*%s.*Lost are" % name)
        self.assertEqual(self.count(), self.reports, "everything is read anew")
        self.expect_quiet(self.run_agent(self.yml, hours + 2))
        self.expect_quiet(self.run_agent(self.yml, hours + 30))
        self.expect()

    def test_the_header(self):
        self.overwrite(0, 100)
        self.begin_anew()

    def test_all_but_the_header(self):
        self.overwrite(4096)
        self.begin_anew()

    def test_cut_short(self):
        os.truncate(self.state, os.path.getsize(self.state) // 8192 * 4096)
        self.begin_anew()

    def test_a_page_that_no_run_looks_at(self):
        """What the weekly check finds."""
        with contextlib.closing(sqlite3.connect(self.state)) as db:
            (page,) = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'silence'").fetchone()
        self.overwrite((page - 1) * 4096, page * 4096)
        self.assertEqual(self.aside(), [])
        self.begin_anew(24 * 8)

    def test_a_page_after_a_run_that_was_killed(self):
        with contextlib.closing(sqlite3.connect(self.state)) as db, db:
            (page,) = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'report_error'").fetchone()
            db.execute("UPDATE run SET ended = NULL")
        self.overwrite((page - 1) * 4096, page * 4096)
        self.begin_anew()

    def test_a_journal_that_is_none(self):
        with open(self.state + "-journal", "wb") as f:
            f.write(b"J" * 8192)
        self.expect_quiet(self.run_agent(self.yml, 1))
        self.assertEqual(self.aside(), [])

    def test_not_twice_a_day(self):
        self.overwrite(0, 100)
        self.begin_anew()
        self.overwrite(0, 100)
        self.expect_line(self.run_agent(self.yml, 1), 74, "damaged again", "look at the disk")
        self.assertEqual(len(self.aside()), 1)

    def test_a_file_that_may_be_somebody_elses(self):
        self.overwrite(0, 100)
        os.chmod(self.state, 0o644)
        self.expect_line(self.run_agent(self.yml, 1), 74, "is damaged, or no database of this program")
        self.assertEqual(self.aside(), [])

    def test_a_dry_run_moves_nothing(self):
        self.overwrite(0, 100)
        self.expect_line(self.run_agent(self.yml, 1, args=["--dry-run"]), 74, "the database is damaged")
        self.assertEqual(self.aside(), [])
        self.begin_anew()

    def test_killed_on_the_way(self):
        """After each of its steps."""
        to = self.state + ".damaged-" + time.strftime("%Y-%m-%d", time.gmtime(self.now))
        for moved, made in ((False, False), (True, False), (True, True)):
            with open(self.state + ".damaged", "w") as f:
                f.write(to)
            if moved:
                os.rename(self.state, to)
            if made:
                sqlite3.connect(self.state).close()
                os.chmod(self.state, 0o600)
            self.expect_line(self.run_agent(self.yml, 1), 74, "the database is damaged", to)
            self.assertEqual(self.aside(), [os.path.basename(to)])
            self.assertEqual(len([r for r in self.slack.take() if "agent_db" in told.slack_text(r)]), 1)
            self.assertEqual(self.count(), self.reports)
            os.unlink(to)


class Disk(Agent):
    def test_a_disk_fills_up_and_is_emptied(self):
        yml = self.settings()
        space = Namespace()
        self.addCleanup(space.close)
        os.makedirs(self.path("state"), exist_ok=True)
        space.tmpfs(self.path("state"), 200 * MIB)
        ballast = self.path("state", "ballast")

        def run(hours):
            self.expect_quiet(self.run_agent(yml, hours, prefix=space.prefix))

        run(0)
        self.expect()
        space.run("fallocate", "-l", str(150 * MIB), ballast)
        run(1)
        self.expect("CRITICAL the agent: disk nearly full", r"(4\d|50) MiB of 200 are free", "agent_disk")
        run(2)
        self.expect()
        space.run("truncate", "-s", str(100 * MIB), ballast)
        run(3)
        self.expect()  # 100 MiB are not much better
        space.run("rm", ballast)
        run(4)
        self.expect("RESOLVED the agent: room on the disk again")


class Clock(Agent):
    def test_it_goes_back_and_on(self):
        yml = self.settings()
        self.expect_quiet(self.run_agent(yml, 10))
        self.expect_quiet(self.run_agent(yml, 9.5))
        self.expect()
        self.expect_quiet(self.run_agent(yml, 5))
        self.expect("WARNING the agent: wrong clock", "5 hours later", "agent_clock")
        self.expect_quiet(self.run_agent(yml, 6))
        self.expect()
        self.expect_quiet(self.run_agent(yml, 11))
        self.expect("RESOLVED the agent: clock right again")


    def ahead(self, host, dmarc):
        """A report of this reporter about the day after the day after tomorrow."""
        day = self.now // samples.DAY * samples.DAY + 3 * samples.DAY
        content = samples.google_mail(samples.reporter(host, host, day)("example.com", [samples.ours(samples.OWN, 5)]), self.now - HOUR, host)
        above = "Authentication-Results: mx.example.com; dmarc=%s header.from=%s\n" % (dmarc, host)
        self.add([samples.Mail(host, above.encode() + content, self.now - HOUR)])

    def test_reporters_are_ahead(self):
        values = self.values()
        values["mailboxes"]["main"]["trust"] = {"authserv_id": "mx.example.com"}
        yml = self.config(values)
        self.ahead("alpha.example.org", "pass")
        self.ahead("alpha.example.org", "pass")
        self.ahead("forged.example.org", "fail")
        self.ahead("unknown.example.org", "none")
        self.expect_quiet(self.run_agent(yml))
        self.expect()  # one may be wrong
        self.ahead("beta.example.org", "pass")
        self.expect_quiet(self.run_agent(yml, 1))
        self.expect("WARNING the agent: wrong clock", "Two verified reporters tell of days that are 8[0-9] hours ahead", "agent_clock")
        self.expect_quiet(self.run_agent(yml, 2))
        self.expect()
        self.expect_quiet(self.run_agent(yml, 4 * 24))
        self.expect("RESOLVED the agent: clock right again")


class File(Agent):
    def test_one_that_is_turned_off(self):
        good, bad = "domains: {a.example.com: {senders: [own]}}\n", "domains: {a.example.com: {senderz: [own]}}\n"
        self.write("conf.d/a.yml", good)
        yml = self.settings(include=["conf.d/*.yml"])
        self.expect_quiet(self.run_agent(yml))
        self.write("conf.d/a.yml", bad)
        self.assertIn("senderz", self.run_agent(yml, 1).err)
        self.expect("WARNING the agent: .*a.yml is turned off", "check-config", "agent_config")
        self.run_agent(yml, 2)
        self.expect()
        self.write("conf.d/a.yml", good)
        self.expect_quiet(self.run_agent(yml, 3))
        self.expect("RESOLVED the agent: .*a.yml is in force again")

    def test_a_rule_that_is_off(self):
        self.write("conf.d/a.yml", "domains: {a.example.com: {senderz: [own]}}\n")
        self.run_agent(self.settings(include=["conf.d/*.yml"], rules={"agent_config": "off"}))
        self.expect()


if __name__ == "__main__":
    unittest.main()
