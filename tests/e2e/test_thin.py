#!/usr/bin/env python3
"""What is old becomes daily sums (state.keep_rows), and goes (state.keep_daily): what people are told stays the same, nothing counts
twice, no run is held up, and a run that is killed in the middle is gone on with by the next one."""
import collections
import contextlib
import json
import os
import shutil
import signal
import sqlite3
import sys
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from lib import agent  # noqa: E402
from lib.scene import HOUR, Scene  # noqa: E402
import samples  # noqa: E402

DAY = samples.DAY
HOST = "alpha.example.org"
VISITOR, ONCE = "198.51.100.200", "203.0.113.99"


class ThinScene(Scene):
    def setUp(self):
        super().setUp()
        self.today = self.now // DAY * DAY
        os.makedirs(self.path("mails"))
        open(self.path("told"), "w").close()

    def settings(self, name="one", **more):
        """Mails lie in a folder, notices go to a file."""
        told = self.path("told" if name == "one" else "told-" + name)
        state = dict({"path": self.path("state-" + name, "dmarcwarn.db")}, **more.pop("state", {}))
        values = dict(self.values(), mailboxes={"main": {"folder": self.path("mails")}}, state=state,
                      channels={"file": {"type": "command", "argv": ["/bin/sh", "-c", "cat >>%s; echo >>%s" % (told, told)]}}, **more)
        os.makedirs(self.path("state-" + name), exist_ok=True)
        return self.config(values, name + ".yml")

    def report(self, days_ago, *rows, host=HOST, folder="mails"):
        """A report about that day, that came two hours after its end."""
        report = samples.reporter(host.title(), host, self.today - days_ago * DAY)("example.com", list(rows))
        path = self.write("%s/%s-%04d.xml" % (folder, host, days_ago), samples.google_xml(report))
        came = self.today - (days_ago - 1) * DAY + 2 * HOUR
        os.utime(path, (came, came))

    def run_ago(self, yml, days_ago, *args):
        """The run of 07:00 of that day."""
        return agent.run(yml, self.today - days_ago * DAY + 7 * HOUR, args=args)

    def ask(self, sql, name="one"):
        with contextlib.closing(sqlite3.connect("file:%s?mode=ro" % self.path("state-" + name, "dmarcwarn.db"), uri=True)) as db:
            return db.execute(sql).fetchall()

    def messages(self, name="one"):
        """By day, whether they are rows or sums."""
        total = collections.Counter()
        for table in ("fact", "daily"):
            total.update(dict(self.ask("SELECT day, sum(count) FROM %s GROUP BY day" % table, name)))
        return total

    def told(self, name="one"):
        """What the notices so far are about; the file is emptied."""
        path = self.path("told" if name == "one" else "told-" + name)
        if not os.path.exists(path):
            return []
        with open(path) as f:
            notices = [json.loads(line) for line in f if line.strip()]
        os.truncate(path, 0)
        return [(a["rule"], a["subject"]["name"], a["reason"], a["severity"], a["counts"]) for n in notices for a in n["alerts"]]


class TheSame(ThinScene):
    def test_what_is_told_over_half_a_year(self):
        """The same mails, with all rows kept and with as few as may be. On day 10 a stranger passes once and a key is seen, and both again
        when the rows of that day are sums; own mail breaks twice; somebody spoofs on and on, longer than rows are kept."""
        names = ("few", "all")
        ymls = [self.settings("few", state={"keep_rows": "60d", "keep_daily": "195d"}), self.settings("all", state={"keep_rows": "10y", "keep_daily": "20y"})]
        told = collections.Counter()
        first, last, step = 200, 1, 5
        for days_ago in range(first, last - 1, -1):
            day = first - days_ago
            rows = [samples.ours(samples.OWN, 200), samples.spf_only(samples.OWN, 3)]
            if day in (10, 150, 151):
                rows.append(samples.spf_only(VISITOR, 4))
            if day in (40, 41, 165, 166):
                rows.append(samples.broken(samples.OWN, 40, "reject"))
            if day == 12:
                rows.append(samples.spoof(ONCE, 2, "reject"))
            if day >= 60 and day % 2 == 0:
                rows.append(samples.spoof(samples.STRANGER, 30, "none"))
            self.report(days_ago, *rows)
            self.report(days_ago, samples.ours(samples.OWN, 90), host="beta.example.org")
            if day % step:
                continue
            for yml in ymls:
                self.expect_quiet(self.run_ago(yml, days_ago - 1))
            few, every = (self.told(name) for name in names)
            self.assertEqual(few, every, "day %d" % day)
            told.update(what[:3] for what in few)
        self.assertEqual(self.ask("SELECT count(*) FROM daily", "all"), [(0,)])
        self.assertGreater(self.ask("SELECT count(*) FROM daily", "few")[0][0], 100)
        self.assertLess(self.ask("SELECT count(*) FROM report", "few")[0][0], 2 * 70)
        self.assertGreaterEqual(told["known_sender_failing", "own", "first"] + told["known_sender_failing", "own", "again"], 2, told)
        self.assertEqual(told["new_source_passing", "198.51.100.0/24", "first"], 0, "the visitor is known from the days of learning")
        few, every = self.messages("few"), self.messages("all")
        horizon = self.today // DAY - 190
        self.assertEqual({d: n for d, n in few.items() if d > horizon}, {d: n for d, n in every.items() if d > horizon})
        self.assertLess(min(every), min(few), "what is older than sums are kept is gone")
        replayed = [agent.start("replay", ["--active", yml, "--now", str(self.today + 7 * HOUR), "--since", "50d", "--format", "json"]).result()
                    for yml in ymls]
        told = [json.loads(r.out)["told"] for r in replayed]
        self.assertGreater(len(told[1]), 0)
        self.assertEqual(told[0], told[1], "and so in a replay")


class Once(ThinScene):
    def history(self, first, last):
        for days_ago in range(first, last - 1, -1):
            self.report(days_ago, samples.ours(samples.OWN, 50), samples.spoof(samples.STRANGER, 7, "none"), folder="old")

    def imports(self, yml):
        return agent.start("import", ["-c", yml, "--now", str(self.now), self.path("old")]).result()

    def test_old_mail_is_imported(self):
        """Two years of it: summed up by the next run, known when it comes again, silent; a replay says where it begins."""
        yml = self.settings()
        self.history(700, 2)
        self.report(1, samples.ours(samples.OWN, 50))
        self.assertRegex(self.imports(yml).out, "^699 new reports, 0 known ones")
        before = self.messages()
        result = self.run_agent(yml, args=["-v"])
        self.assertRegex(result.err, r"(?m)^dmarcwarn: \d+ old reports have become daily sums, 0 daily sums are gone, 0 mails forgotten")
        self.assertEqual(self.messages(), before + collections.Counter({self.today // DAY - 1: 50}))
        self.assertLess(self.ask("SELECT count(*) FROM report")[0][0], 95)
        self.assertGreater(self.ask("SELECT count(*) FROM daily")[0][0], 2 * 600)
        counted = self.messages()
        self.assertRegex(self.imports(yml).out, "^0 new reports, 699 known ones")
        self.assertEqual(self.run_agent(yml, 1).code, 0)
        self.assertEqual(self.messages(), counted)
        self.assertLessEqual(len(self.told()), 1, "history is no news; what goes on is")
        result = agent.start("replay", ["--active", yml, "--now", str(self.now), "--since", "400d", "--format", "json", "-v"]).result()
        self.assertEqual(result.code, 0, str(result))
        self.assertRegex(result.err, r"(?m)^dmarcwarn: the replay begins 3\d\d days later: older reports are kept as daily sums \(state\.keep_rows\)$")
        self.assertLess(len(json.loads(result.out)["days"]), 95)

    def test_all_mails_come_anew_after_it(self):
        """UIDVALIDITY changes when the rows are sums."""
        mails = []
        for days_ago in (130, 129, 1):
            report = samples.reporter("Alpha Mail", HOST, self.today - days_ago * DAY)("example.com", [samples.ours(samples.OWN, 50 + days_ago)])
            came = self.today - (days_ago - 1) * DAY + HOUR
            mails.append(samples.Mail("alpha", samples.google_mail(report, came), came))
        yml = self.config(self.values())
        self.add(mails[:2])
        self.expect_quiet(agent.run(yml, self.today - 128 * DAY))
        self.add(mails[2:])
        result = self.run_agent(yml, args=["-v"])
        self.assertRegex(result.err, r"(?m)^dmarcwarn: 2 old reports have become daily sums, 0 daily sums are gone, 2 mails forgotten")
        self.slack.take()

        def count():
            with contextlib.closing(sqlite3.connect("file:%s?mode=ro" % self.path("state", "dmarcwarn.db"), uri=True)) as db:
                return db.execute("SELECT (SELECT sum(count) FROM fact), (SELECT sum(count) FROM daily), (SELECT count(*) FROM report)").fetchone()
        self.assertEqual(count(), (51, 180 + 179, 1))
        self.imap.forget_uids("dmarc")
        self.expect_quiet(self.run_agent(yml, 1))
        self.assertEqual(count(), (51, 180 + 179, 1))
        self.expect_slack((), "all UIDs anew")

    def test_a_dry_run_sums_nothing_up(self):
        yml = self.settings()
        self.history(200, 1)
        self.imports(yml)
        before = self.ask("SELECT count(*) FROM fact")
        self.assertEqual(self.run_agent(yml, args=["--dry-run"]).code, 0)
        self.assertNotIn("daily sums", self.run_agent(yml, args=["--dry-run", "-v"]).err)
        self.assertEqual(self.ask("SELECT count(*) FROM fact"), before)
        self.assertEqual(self.ask("SELECT count(*) FROM daily"), [(0,)])

    def test_killed_in_the_middle(self):
        """Notices are out before it begins; every report is rows or sums; the next run goes on."""
        yml = self.settings()
        self.history(700, 1)
        self.imports(yml)
        before = self.messages()
        running = agent.start_run(yml, self.now, args=["-v", "--limit", "thin_rows=20"])
        self.addCleanup(running.child.kill)
        until = time.monotonic() + 60
        while self.ask("SELECT count(*) FROM daily") == [(0,)]:
            self.assertLess(time.monotonic(), until, "nothing is summed up")
            self.assertIsNone(running.child.poll())
            time.sleep(0.01)
        os.kill(running.pid, signal.SIGKILL)
        running.result()
        # A copy, as looking takes back what was half written.
        shutil.copytree(self.path("state-one"), self.path("state-copy"))
        with contextlib.closing(sqlite3.connect(self.path("state-copy", "dmarcwarn.db"))) as db:
            rows, sums = (db.execute("SELECT count(*) FROM %s" % table).fetchone()[0] for table in ("fact", "daily"))
        self.assertTrue(rows and sums, (rows, sums))
        self.assertEqual(len(self.told()), 1, "what goes on in the import was told before")
        self.assertEqual(self.run_agent(yml, 1).code, 0)
        self.assertEqual(self.messages(), before)
        self.assertLess(self.ask("SELECT count(*) FROM report")[0][0], 95)
        self.assertEqual(self.told(), [])

    def test_no_more_than_its_time(self):
        """A thousandth of a second is one step; each run takes up where the last one stopped."""
        yml = self.settings()
        self.history(300, 1)
        self.imports(yml)
        before, left = self.messages(), []
        for hours in range(3):
            result = self.run_agent(yml, hours, args=["-v", "--limit", "thin_rows=20", "--limit", "thin_time=1"])
            self.assertRegex(result.err, r"(?m)^dmarcwarn: \d+ old reports have become .*; the next run goes on$")
            left.append(self.ask("SELECT count(*) FROM report")[0][0])
        self.assertTrue(300 > left[0] > left[1] > left[2] > 95, left)
        self.assertEqual(self.messages(), before)


if __name__ == "__main__":
    unittest.main()
