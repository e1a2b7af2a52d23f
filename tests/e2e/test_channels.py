#!/usr/bin/env python3
"""Webhooks with their signature, commands, standard output; `test-alert`, and a dry run that leaves no trace."""
import base64
import hashlib
import hmac
import json
import os
import sqlite3
import sys
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from lib import agent, ports, told, webhook  # noqa: E402
from lib.scene import Scene  # noqa: E402
import expected  # noqa: E402
import samples  # noqa: E402

KEY = b"0123456789abcdef0123456789abcdef"
SECRET = "whsec_" + base64.b64encode(KEY).decode()

# Appends what it is given to FOLDER/taken, with its arguments and environment beside it, and ends as FOLDER/code says.
PROGRAM = """#!/usr/bin/env python3
import os, sys
folder = os.path.dirname(os.path.abspath(__file__))
descriptors = sorted(os.listdir("/proc/self/fd"))
open(folder + "/taken", "ab").write(sys.stdin.buffer.read())
open(folder + "/seen", "w").write(repr((sys.argv[1:], sorted(os.environ), descriptors)))
sys.stderr.write("Traceback\\nno line to the pager\\n")
sys.exit(int(open(folder + "/code").read()))
"""


def same(case, bodies, notices, what):
    """Exactly the expected notices, in any order, member by member."""
    case.assertEqual(sorted(b["group"]["domain"] for b in bodies), sorted(n.domain for n in notices), what)
    for body, notice in zip(sorted(bodies, key=lambda b: b["group"]["domain"]), sorted(notices)):
        case.assertEqual((body["schema"], body["truncated"]), ("dmarcwarn.alert.v1", 0))
        case.assertEqual(len(body["alerts"]), len(notice.incidents), what)
        for incident in notice.incidents:
            (alert,) = [a for a in body["alerts"] if a["rule"] == incident.rule and named(a) & set(incident.sources)]
            counts = alert["counts"]
            fates = {fate.replace("_", " "): counts[fate] for fate in ("let_through", "quarantined", "rejected") if counts[fate]}
            case.assertEqual((counts["counted"], fates), (incident.failed, incident.fates), what)
            case.assertEqual(counts["total"], incident.total or counts["total"], what)
            case.assertEqual((alert["cause"] or "").upper(), incident.cause or "", what)
            case.assertEqual((alert["domain"], alert["severity"], alert["verified"]), (notice.domain, notice.severity, False), what)


def named(alert):
    return {alert["subject"]["name"]} | {s["ip"] for s in alert["sources"]}


class ChannelScene(Scene):
    def program(self, code=0):
        self.write("bin/code", str(code))
        return self.write("bin/pager", PROGRAM, 0o755)

    def taken(self):
        """The notices that the program was given since the last look."""
        path = self.path("bin", "taken")
        if not os.path.exists(path):
            return []
        with open(path) as f:
            lines = f.read().splitlines()
        os.unlink(path)
        return [json.loads(line) for line in lines]

    def with_channels(self, **channels):
        values = self.values()
        values["channels"] = channels
        return values

    def hook(self, server, **more):
        return dict({"type": "webhook", "url": server.url(), "secret": {"file": "secrets/hook"}}, **more)

    def check_signed(self, request, at=None):
        """Standard Webhooks 1.0, checked as its specification says."""
        body = request.json()
        stamp = request.headers["webhook-timestamp"]
        self.assertEqual(request.headers["webhook-id"], body["id"])
        self.assertEqual(request.headers["Content-Type"], "application/json")
        if at is not None:
            self.assertEqual(int(stamp), at)
        signed = b".".join((body["id"].encode(), stamp.encode(), request.body))
        want = "v1," + base64.b64encode(hmac.new(KEY, signed, hashlib.sha256).digest()).decode()
        self.assertEqual(request.headers["webhook-signature"], want)
        return body


class WebhookTest(ChannelScene):
    def test_signed_notices_and_the_same_id_again(self):
        server = self.listener(self.authority().good)
        server.script = [webhook.Answer(503, b"later")]
        self.write("secrets/hook", SECRET + "\n", 0o600)
        hook = self.hook(server, url=server.url("/in/secret-part", host="localhost"), ca_file=self.authority().ca_file)
        yml = self.config(self.with_channels(hook=hook))
        self.add(samples.mails(self.now))
        self.expect_quiet(self.run_agent(yml))
        first = [self.check_signed(r, self.now) for r in server.take()]
        self.assertEqual(len(first), 1, "the channel is left alone for the rest of a run in which it failed")
        self.expect_quiet(self.run_agent(yml, 1))
        second = [self.check_signed(r, self.now + 3600) for r in server.take()]
        self.assertEqual([b["id"] for b in second if b["id"] == first[0]["id"]], [first[0]["id"]], "the same id at the next try")
        same(self, second, expected.FIRST_RUN, "webhook")
        for body in second:
            self.assertEqual(body["reason"], "first")
            domain = body["group"]["domain"]
            tenant = samples.DOMAINS[domain].get("tenant")
            self.assertEqual(body["group"], {"key": "/".join(filter(None, (tenant, domain))), "tenant": tenant, "title": None, "domain": domain})
            self.assertEqual(body["sent_at"], time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self.now + 3600)))
        self.expect_quiet(self.run_agent(yml, 2))
        self.assertEqual(server.take(), [])

    def test_raw_secrets_no_secret_and_any_2xx(self):
        server = self.listener()
        self.write("secrets/hook", KEY.decode() + "\n", 0o600)
        server.script = [webhook.Answer(204, b""), webhook.Answer(202, b"whatever")]
        yml = self.config(self.with_channels(raw=self.hook(server), open={"type": "webhook", "url": server.url()}))
        result = agent.test_alert(yml)
        self.assertEqual((result.code, result.out, result.err), (0, "raw: sent (status 204)\nopen: sent (status 202)\n", ""), str(result))
        signed, unsigned = server.take()
        self.check_signed(signed)
        self.assertNotIn("webhook-signature", unsigned.headers)
        self.assertEqual(unsigned.headers["webhook-id"], unsigned.json()["id"])

    def test_a_redirect_is_not_followed(self):
        server, other = self.listener(), self.listener()
        server.script = [webhook.Answer(307, b"", {"Location": other.url()})]
        self.write("secrets/hook", SECRET, 0o600)
        result = agent.test_alert(self.config(self.with_channels(hook=self.hook(server))))
        self.assertEqual((result.code, result.out), (78, ""), str(result))
        self.assertRegex(result.err, "^dmarcwarn: channel hook: 127.0.0.1 sends us elsewhere")
        self.assertEqual(other.take(), [])

    def test_mistakes(self):
        for channel, pattern in (({"secret": "whsec_c2hvcnQ="}, "secret: the key has 5 octets"), ({"secret": "whsec_!"}, "is no base64"),
                                 ({"secret": "x" * 15}, "the key has 15 octets"), ({"url": "http://192.0.2.1/x"}, "http:// only to this machine")):
            yml = self.config(self.with_channels(hook=dict({"type": "webhook", "url": "https://hooks.example.com/x"}, **channel)))
            self.expect_line(agent.test_alert(yml), 78, pattern)


class CommandTest(ChannelScene):
    def command(self, *arguments):
        return {"type": "command", "argv": ["bin/pager"] + list(arguments)}

    def test_a_program_is_told_once(self):
        self.program()
        yml = self.config(self.with_channels(pager=self.command("--to", "$(id); x y")))
        self.add(samples.mails(self.now))
        self.expect_quiet(self.run_agent(yml, env={"SECRET_OF_OURS": "x"}))
        same(self, self.taken(), expected.FIRST_RUN, "command")
        with open(self.path("bin", "seen")) as f:
            arguments, variables, descriptors = eval(f.read())
        self.assertEqual(arguments, ["--to", "$(id); x y"], "no shell")
        self.assertLessEqual(set(variables), {"PATH", "LANG", "LC_CTYPE"})  # Python itself sets the last one
        self.assertEqual(descriptors, ["0", "1", "2", "3"], "the last one lists them")
        self.expect_quiet(self.run_agent(yml, 1))
        self.assertEqual(self.taken(), [])

    def test_exit_codes(self):
        self.program()
        yml = self.config(self.with_channels(pager=self.command()))
        path = self.path("bin", "pager")
        for code, exit_code, pattern in (
                (75, 75, "asks to be tried again: exit code 75 .no line to the pager.; the next run tries again"),
                (65, 78, "cannot use the notice: exit code 65"), (127, 78, "could not run what it needs: exit code 127"),
                (1, 78, "failed: exit code 1 .no line to the pager.; run it by hand")):
            self.program(code)
            self.expect_line(agent.test_alert(yml), exit_code, "channel pager: %s %s" % (path, pattern))
        self.program(0)
        result = agent.test_alert(yml)
        self.assertEqual((result.code, result.out, result.err), (0, "pager: sent (exit code 0)\n", ""), str(result))
        for notice in self.taken():
            self.assertEqual((notice["reason"], notice["alerts"][0]["subject"]["name"]), ("test", "this is only a test"))
        self.write("bin/pager", "#!/bin/sh\nkill -9 $$\n", 0o755)
        self.expect_line(agent.test_alert(yml), 78, "was ended by a signal .Killed")
        self.write("bin/pager", "#!/bin/sh\n", 0o644)
        self.expect_line(agent.test_alert(yml), 78, "cannot be started .Permission denied")
        os.unlink(path)
        self.expect_line(agent.test_alert(yml), 78, "cannot be started .No such file or directory")

    def test_what_a_program_refuses_is_given_up_and_what_it_delays_comes_again(self):
        self.program(65)
        yml = self.config(self.with_channels(pager=self.command()))
        self.add(samples.mails(self.now))
        result = self.run_agent(yml)
        self.assertIn("a notice was given up: %s cannot use the notice" % self.path("bin", "pager"), result.err)
        self.assertEqual(len(self.taken()), 2)
        self.add([samples.thirteenth(self.now)])
        self.program(75)
        self.expect_quiet(self.run_agent(yml, 1))
        (first,) = self.taken()
        self.program(0)
        self.expect_quiet(self.run_agent(yml, 3))
        (second,) = self.taken()
        self.assertEqual((second["id"], second["repeat_possible"]), (first["id"], False))

    def test_a_program_that_does_not_end_is_killed_with_its_children(self):
        self.write("bin/pager", "#!/bin/sh\nsleep 300 &\necho $! > \"$(dirname \"$0\")/child\"\nsleep 300\n", 0o755)
        yml = self.config(self.with_channels(pager=self.command()))
        begin = time.monotonic()
        result = agent.test_alert(yml, limits={"send_command": 1000})
        self.assertLess(time.monotonic() - begin, 20)
        self.expect_line(result, 75, "did not end in time and was killed; raise the limit send_command")
        with open(self.path("bin", "child")) as f:
            child = int(f.read())
        end = time.monotonic() + 10  # init may need a moment to reap it
        while time.monotonic() < end and alive(child):
            time.sleep(0.05)
        self.assertFalse(alive(child))

    def test_a_program_that_reads_nothing_and_one_that_floods(self):
        yml = self.config(self.with_channels(pager=self.command()))
        self.write("bin/pager", "#!/bin/sh\nexec <&-\nexit 0\n", 0o755)
        self.assertEqual(agent.test_alert(yml).out, "pager: sent (exit code 0)\n")
        self.write("bin/pager", "#!/bin/sh\nhead -c 3000000 /dev/zero\necho\necho the end >&2\nexit 3\n", 0o755)
        self.expect_line(agent.test_alert(yml), 78, r"exit code 3 \(.*the end\)")


def alive(pid):
    try:
        with open("/proc/%d/stat" % pid) as f:
            return f.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


class StdoutTest(ChannelScene):
    def test_cron_mails_it(self):
        yml = self.config(self.with_channels(cron={"type": "stdout"}))
        self.add(samples.mails(self.now))
        result = self.run_agent(yml)
        self.assertEqual((result.code, result.err), (0, ""), str(result))
        parts = result.out.split("[DMARC] ")[1:]
        told.same(self, parts, expected.FIRST_RUN, "standard output")
        self.assertTrue(result.out.isprintable() or all(c.isprintable() or c == "\n" for c in result.out))
        self.expect_quiet(self.run_agent(yml, 1))

    def test_a_closed_standard_output_is_tried_again(self):
        yml = self.config(self.with_channels(cron={"type": "stdout"}))
        self.add(samples.mails(self.now))
        full = self.run_agent(yml, prefix=["sh", "-c", 'exec "$0" "$@" > /dev/full'], args=["-v"])
        self.assertIn("channel cron: standard output cannot be written (No space left on device)", full.err)
        self.assertEqual(full.code, 0, str(full))
        told.same(self, self.run_agent(yml, 1).out.split("[DMARC] ")[1:], expected.FIRST_RUN, "the run after it")


class TestAlertTest(ChannelScene):
    def test_all_channels_or_one(self):
        self.program()
        self.write("secrets/hook", SECRET, 0o600)
        hook = self.listener()
        values = self.values()
        values["channels"].update({"mail": self.mail_channel(), "hook": self.hook(hook), "pager": {"type": "command", "argv": ["bin/pager"]},
                                   "cron": {"type": "stdout"}})
        yml = self.config(values)
        result = agent.test_alert(yml)
        self.assertEqual((result.code, result.err), (0, ""), str(result))
        for line in ("slack: sent (status 200)", "mail: sent (reply 250)", "hook: sent (status 200)", "pager: sent (exit code 0)",
                     "cron: sent"):
            self.assertIn(line + "\n", result.out)
        (mail,) = self.smtp.wait(1)
        shown = [told.slack_text(r) for r in self.slack.take()] + [told.mail_texts(mail)["plain"], result.out]
        self.assertEqual(len(shown), 3)
        for text in shown:
            self.assertIn("This is a test of the channel", text)
            self.assertIn("this is only a test", text)
        self.assertRegex(mail["Subject"], "^.DMARC. TEST WARNING example.com")
        ids = {self.check_signed(r)["id"] for r in hook.take()} | {n["id"] for n in self.taken()} | {mail["X-Dmarcwarn-Notice"]}
        self.assertEqual(len(ids), 1)
        self.assertFalse(os.path.exists(self.path("state")), "the store is not touched, not even made")

        self.assertEqual(agent.test_alert(yml, "pager").out, "pager: sent (exit code 0)\n")
        self.assertEqual((len(self.taken()), self.slack.take(), hook.take()), (1, [], []))
        self.expect_line(agent.test_alert(yml, "pagr"), 64, "no channel 'pagr' in .*did you mean 'pager'")
        self.expect_line(agent.test_alert(yml, "a", "b"), 64, "takes one channel")

    def test_one_that_fails_does_not_stop_the_others(self):
        self.program(75)
        values = self.values()
        values["channels"]["pager"] = {"type": "command", "argv": ["bin/pager"]}
        values["channels"]["gone"] = {"type": "webhook", "url": "http://127.0.0.1:%d/secret-part" % ports.free()}
        self.slack.script = [webhook.Answer(404, b"no_service")]
        result = agent.test_alert(self.config(values))
        self.assertEqual((result.code, result.out), (78, ""), str(result))
        for line in ("channel slack: 127.0.0.1 has no such webhook: status 404 (no_service); make a new webhook", "channel pager: ",
                     "channel gone: 127.0.0.1 cannot be reached"):
            self.assertIn("dmarcwarn: " + line, result.err)
        self.assertNotIn("secret-part", result.err)


class DryRunTest(ChannelScene):
    def setUp(self):
        super().setUp()
        self.program()
        values = self.values()
        values["channels"]["pager"] = {"type": "command", "argv": ["bin/pager"]}
        self.yml = self.config(values)

    def state(self):
        """Every file of the state folder with its content and times; the lock says who had it last."""
        found = {}
        for folder, _, names in os.walk(self.path("state")):
            for name in set(names) - {"run.lock"}:
                path = os.path.join(folder, name)
                with open(path, "rb") as f:
                    found[path] = (f.read(), os.stat(path).st_mtime_ns)
        return found

    def preview(self, hours, notices, what, **kw):
        """A dry run that shows exactly these notices, changes no file and tells nobody."""
        before, temporary = self.state(), os.listdir(self.path("tmp"))
        result = self.run_agent(self.yml, hours, args=["--dry-run"], env={"TMPDIR": self.path("tmp")}, **kw)
        self.assertEqual((result.code, result.err), (0, ""), str(result))
        parts = result.out.split("To slack, pager:\n")
        self.assertEqual(parts[0], "" if notices else "Nothing would be sent.\n", str(result))
        told.same(self, parts[1:], notices, what)
        self.assertEqual(self.state(), before)
        self.assertEqual(os.listdir(self.path("tmp")), temporary)
        self.assertEqual((self.slack.take(), self.taken()), ([], []))

    def test_it_shows_what_the_run_then_sends_and_changes_nothing(self):
        os.mkdir(self.path("tmp"))
        self.add(samples.mails(self.now))
        self.preview(0, expected.FIRST_RUN, "before the first run")
        self.assertFalse(os.path.exists(self.path("state")), "the state folder is not made")
        self.preview(0, expected.FIRST_RUN, "and again")
        flags = self.imap.flags("dmarc", self.authority().ca_file)
        self.assertEqual({f for of_one in flags.values() for f in of_one}, set())
        self.expect_quiet(self.run_agent(self.yml))
        self.expect_slack(expected.FIRST_RUN, "the run")
        same(self, self.taken(), expected.FIRST_RUN, "the run, command")
        self.preview(1, (), "after the run")
        self.add([samples.thirteenth(self.now)])
        self.preview(1, expected.THIRTEENTH, "one more mail")
        self.expect_quiet(self.run_agent(self.yml, 2))
        self.expect_slack(expected.THIRTEENTH, "one more run")

    def test_what_waits_from_earlier_runs_is_shown_for_its_channel(self):
        self.add(samples.mails(self.now))
        self.slack.script = [webhook.Answer(500, b"")]
        self.expect_quiet(self.run_agent(self.yml))
        result = self.run_agent(self.yml, 1, args=["--dry-run"])
        parts = result.out.split("To slack:\n")
        self.assertEqual((result.code, parts[0]), (0, ""), str(result))
        told.same(self, parts[1:], expected.FIRST_RUN, "what is owed")

    def test_trouble_is_said_at_once(self):
        self.imap.stop()
        result = self.run_agent(self.yml, args=["--dry-run"])
        self.assertEqual((result.code, result.out), (69, "Nothing would be sent.\n"), str(result))
        self.assertRegex(result.err, "^dmarcwarn: mailbox main: localhost")
        self.assertFalse(os.path.exists(self.path("state")))

    def test_another_run_and_a_database_that_is_none(self):
        self.expect_quiet(self.run_agent(self.yml))
        with open(self.path("state", "run.lock")) as lock:
            import fcntl
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.expect_line(self.run_agent(self.yml, args=["--dry-run"]), 75, "another run is at work.*try again")
        self.write("state/dmarcwarn.db", b"nonsense" * 1000)
        self.expect_line(self.run_agent(self.yml, args=["--dry-run"]), 74, "the database is damaged")

    def test_a_run_that_was_killed_while_it_wrote(self):
        """A hot journal: SQLite would have to write to read the file."""
        self.expect_quiet(self.run_agent(self.yml))
        db = self.path("state", "dmarcwarn.db")
        pid = os.fork()
        if pid == 0:
            con = sqlite3.connect(db, isolation_level=None)
            con.execute("PRAGMA cache_size = 1")
            con.execute("BEGIN IMMEDIATE")
            con.execute("CREATE TABLE half (x)")
            con.executemany("INSERT INTO half VALUES (?)", [("x" * 4000,)] * 200)
            os._exit(0)  # without a word to SQLite
        os.waitpid(pid, 0)
        before = self.state()
        self.expect_line(self.run_agent(self.yml, 1, args=["--dry-run"]), 75, "a run was killed while it wrote; 'dmarcwarn run' mends that")
        self.assertEqual(self.state(), before)
        self.expect_quiet(self.run_agent(self.yml, 2))
        self.assertEqual(self.run_agent(self.yml, 3, args=["--dry-run"]).code, 0)


if __name__ == "__main__":
    unittest.main()
