#!/usr/bin/env python3
"""How notices get through trouble: waiting as told, backing off, channels that need a person, what is given up, what a killed run
leaves; and a real Alertmanager."""
import email.utils
import os
import signal
import sqlite3
import sys
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from lib import agent  # noqa: E402
from lib.alertmanager import Alertmanager  # noqa: E402
from lib.scene import HOUR, Scene  # noqa: E402
from lib.webhook import HANG, Answer, retry_after  # noqa: E402
import expected  # noqa: E402
import samples  # noqa: E402


class DeliveryScene(Scene):
    def hooks(self, **servers):
        values = self.values()
        values["channels"] = {name: {"type": "webhook", "url": server.url()} for name, server in servers.items()}
        return self.config(values)

    def one_notice(self):
        self.add([samples.thirteenth(self.now)])
        server = self.listener()
        return server, self.hooks(hook=server)

    def outbox(self, yml, *args, hours=0, code=0):
        result = agent.start("outbox", list(args[:1]) + ["-c", yml, "--now", str(self.now + int(hours * HOUR))] + list(args[1:])).result()
        self.assertEqual(result.code, code, str(result))
        return result

    def rows(self, sql, *args):
        with sqlite3.connect(self.path("state", "dmarcwarn.db")) as db:
            return db.execute(sql, args).fetchall()


class Waiting(DeliveryScene):
    def check(self, header, hours):
        """Nothing before, once after; also what was decided in between."""
        server, yml = self.one_notice()
        server.script = [header]
        self.expect_quiet(self.run_agent(yml))
        (first,) = server.take()
        self.add(samples.mails(self.now))
        self.expect_quiet(self.run_agent(yml, hours * 0.5))
        self.expect_quiet(self.run_agent(yml, hours * 0.97))
        self.assertEqual(server.take(), [])
        self.expect_quiet(self.run_agent(yml, hours * 1.05))
        ids = [r.json()["id"] for r in server.take()]
        self.assertEqual(len(ids), 1 + len(expected.FIRST_RUN))
        self.assertEqual((ids.count(first.json()["id"]), len(set(ids))), (1, len(ids)))
        self.expect_quiet(self.run_agent(yml, hours * 2))
        self.assertEqual(server.take(), [])

    def test_seconds(self):
        self.check(retry_after(3600), 1)

    def test_a_date(self):
        self.check(retry_after(email.utils.formatdate(time.time() + 7200, usegmt=True), 503), 2)

    def test_two_runs_of_trouble_then_once(self):
        server, yml = self.one_notice()
        server.script = [Answer(500, b""), Answer(503, b"")]
        for hours in (0, 1, 2, 3):
            self.expect_quiet(self.run_agent(yml, hours))
        requests = [r.json()["id"] for r in server.take()]
        self.assertEqual((len(requests), len(set(requests))), (3, 1))


class NeedsAPerson(DeliveryScene):
    def test_a_revoked_webhook_is_parked_and_resumed_by_another_url(self):
        server, other = self.listener(), self.listener()
        server.rule = lambda request: Answer(410, b"gone")
        yml = self.hooks(hook=server, other=other)
        self.add(samples.mails(self.now))
        first = self.run_agent(yml)
        self.assertRegex(first.err, "channel hook: 127.0.0.1 has switched the webhook off: status 410 .gone.; make a new webhook")
        told = [r.json() for r in other.take()]
        self.assertEqual((len(server.take()), len(told)), (1, len(expected.FIRST_RUN) + 1), "the others are told")
        alert = told[-1]["alerts"][0]
        self.assertEqual((alert["rule"], alert["severity"], alert["subject"]["name"]), ("agent_channel", "critical", "hook"))
        self.assertEqual(self.rows("SELECT name FROM channel WHERE parked = ? AND error LIKE '%410%'", self.now), [("hook",)])
        self.run_agent(yml, 1)
        self.assertEqual(len(server.take()), 1, "one try a run")
        self.assertEqual(self.rows("SELECT name, parked FROM channel WHERE parked"), [("hook", self.now)], "since the first time")
        server.rule = None
        values = self.values()
        values["channels"] = {"hook": {"type": "webhook", "url": server.url("/new")}, "other": {"type": "webhook", "url": other.url()}}
        yml = self.config(values)
        self.expect_quiet(self.run_agent(yml, 1.01))
        self.assertEqual([r.path for r in server.take()], ["/new"] * len(expected.FIRST_RUN), "at once, all that waited")
        self.assertEqual([(r.json()["reason"], r.json()["alerts"][0]["rule"]) for r in other.take()], [("over", "agent_channel")])
        self.assertEqual(self.rows("SELECT name FROM channel WHERE parked"), [])

    def test_a_probe_that_succeeds_resumes_it(self):
        server, yml = self.one_notice()
        server.script = [Answer(403, b"")]
        self.assertIn("does not let us post", self.run_agent(yml).err)
        self.expect_quiet(self.run_agent(yml, 1))
        self.assertEqual((len(server.take()), self.rows("SELECT name FROM channel WHERE parked")), (2, []))


class GivenUp(DeliveryScene):
    def test_after_three_days_and_sent_after_all(self):
        server = self.listener()
        server.rule = lambda request: Answer(503, b"")
        yml = self.hooks(hook=server)
        self.add(samples.mails(self.now))
        for hours in (0, 12, 36, 71):
            self.run_agent(yml, hours)
        self.assertEqual(self.rows("SELECT count(*) FROM outbox WHERE state = 'waiting'"), [(2,)])
        waiting = self.outbox(yml, "list", hours=71).out.splitlines()
        self.assertEqual(len(waiting), 2)
        self.assertRegex(waiting[0], r"^#\d+ waiting, hook: warning example\.\w+ of \d{4}-.*Z, \d tr(y|ies), not before .*: 127.0.0.1 has trouble")
        server.take()
        last = self.run_agent(yml, 80)
        self.assertIn("a notice that could not be sent for days was given up", last.err)
        self.assertEqual(len(server.take()), 1, "both go with one try")
        dead = self.outbox(yml, "list", hours=80).out.splitlines()
        self.assertEqual([line.split(",")[0].split(" ", 1)[1] for line in dead], ["given up"] * 2)
        server.rule = None
        self.expect_quiet(self.run_agent(yml, 81))
        self.assertEqual(server.take(), [])
        self.outbox(yml, "retry", dead[0].split(" ")[0])
        self.expect_quiet(self.run_agent(yml, 82))
        (sent,) = server.take()
        self.assertIn(sent.json()["group"]["domain"], dead[0])
        self.outbox(yml, "retry", "--all")
        self.expect_quiet(self.run_agent(yml, 83))
        (other,) = server.take()
        self.assertIn(other.json()["group"]["domain"], dead[1])
        self.assertEqual(self.outbox(yml, "list").out, "")

    def test_dropped(self):
        server, yml = self.one_notice()
        server.script = [Answer(503, b"")]
        self.run_agent(yml)
        server.take()
        self.outbox(yml, "drop", self.outbox(yml, "list").out.split(" ")[0])
        self.expect_quiet(self.run_agent(yml, 2))
        self.assertEqual((server.take(), self.outbox(yml, "list").out), ([], ""))

    def test_usage(self):
        server, yml = self.one_notice()
        self.assertIn("nothing has run yet", self.outbox(yml, "list", code=65).err)
        self.run_agent(yml)
        for args, text in ((["lst"], "did you mean 'list'"), (["list", "1"], "takes no ID"), (["retry"], "takes IDs, or --all"),
                           (["drop", "x"], "'x' is no ID"), (["drop", "77"], "no notice 77 waits")):
            self.assertIn(text, self.outbox(yml, *args, code=64).err)


class Killed(DeliveryScene):
    def test_between_send_and_commit(self):
        """It may have arrived: once more, with the same id and a word about it. None is lost."""
        server = self.listener()
        server.script = [HANG]
        yml = self.hooks(hook=server)
        self.add(samples.mails(self.now))
        running = agent.start_run(yml, self.now)
        end = time.monotonic() + 60
        while not server.requests and time.monotonic() < end:
            time.sleep(0.01)
        os.kill(running.pid, signal.SIGKILL)
        running.result()
        (first,) = [r.json() for r in server.take()]
        self.expect_quiet(self.run_agent(yml, 1))
        second = [r.json() for r in server.take()]
        self.assertEqual(len(second), len(expected.FIRST_RUN))
        self.assertEqual([b["id"] for b in second if b["repeat_possible"]], [first["id"]])
        self.expect_quiet(self.run_agent(yml, 2))
        self.assertEqual(server.take(), [])


class RealAlertmanager(DeliveryScene):
    def test_fires_stays_and_resolves(self):
        hook = self.listener()
        am = Alertmanager(self.path("am"), hook.url("/from-am")).start()
        self.addCleanup(am.stop)
        values = self.values()
        values["channels"] = {"am": {"type": "alertmanager", "url": am.url()}}
        values["rules"] = {"agent_clock": "off"}  # the last run is earlier than the one before
        yml = self.config(values)
        self.add(samples.mails(self.now))
        want = {(i.rule, n.domain) for n in expected.FIRST_RUN for i in n.incidents}
        self.now = int(time.time())  # Alertmanager knows no other time than now
        self.expect_quiet(self.run_agent(yml))
        alerts = am.wait(lambda found: set(found) == want)
        for alert in alerts.values():
            labels = alert["labels"]
            self.assertLessEqual(set(labels), {"alertname", "rule", "severity", "tenant", "domain"})
            self.assertEqual((labels["severity"], alert["status"]["state"]), ("warning", "active"))
        ends = {key: a["endsAt"] for key, a in alerts.items()}

        self.now += 4 * HOUR
        self.expect_quiet(self.run_agent(yml))
        later = am.wait(lambda found: all(found[k]["endsAt"] > ends[k] for k in want))
        self.assertEqual(set(later), want, "what goes on is told again, with a later end")

        with sqlite3.connect(self.path("state", "dmarcwarn.db")) as db:
            db.execute("UPDATE incident SET state = 'resolved' WHERE domain = 'example.com'")
        self.now = int(time.time())
        self.expect_quiet(self.run_agent(yml))
        am.wait(lambda found: set(found) == {k for k in want if k[1] != "example.com"})
        end = time.monotonic() + 60
        while time.monotonic() < end and not any(r.json()["status"] == "resolved" for r in hook.requests):
            time.sleep(0.2)
        told = [(a["labels"]["domain"], a["status"]) for r in hook.take() for a in r.json()["alerts"]]
        self.assertIn(("example.com", "firing"), told)
        self.assertIn(("example.com", "resolved"), told)
        self.assertNotIn(("example.net", "resolved"), told)
        self.assertEqual(self.rows("SELECT count(*) FROM standing"), [(len({k for k in want if k[1] != "example.com"}),)])


if __name__ == "__main__":
    unittest.main()
