#!/usr/bin/env python3
"""What the agent tells of itself: a mailbox that cannot be read, a disk that fills up, a clock that goes back, a file that is turned off."""
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from lib import told  # noqa: E402
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
