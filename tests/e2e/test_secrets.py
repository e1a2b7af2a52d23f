#!/usr/bin/env python3
"""A secret of its own in every place that takes one, through every command, when all is well and when everything fails.

What looks for them afterwards is lib/canary.py, here and at the end of every other test.
"""
import base64
import contextlib
import os
import re
import secrets as random
import sqlite3
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from lib import agent, canary, ports, process, webhook  # noqa: E402
from lib.dovecot import Dovecot  # noqa: E402
from lib.oauth import TokenServer  # noqa: E402
from lib.scene import Scene  # noqa: E402
import samples  # noqa: E402

COMMANDS = (["check-config"], ["check-config", "--print"], ["check-config", "--online"], ["status"], ["status", "--format", "json"], ["rules"],
            ["run", "--dry-run"], ["quarantine", "list"], ["test-alert"], ["run", "-v"])
ONLINE = (["check-config", "--online"], ["test-alert"], ["run", "-v"], ["status"])


def unique(place):
    return "canary-%s-%s" % (place, random.token_hex(8))


class SecretsTest(Scene):
    seconds = 300

    def setUp(self):
        super().setUp()
        self.tokens = TokenServer(self.path("tokens"), "dmarc").start()
        self.addCleanup(self.tokens.stop)
        self.imap_password = unique("imap")
        self._imap = self.dovecot({"dmarc": self.imap_password, "second": self.imap_password}, introspect=self.tokens.url("/introspect"))
        self.hook = self.listener()
        self.in_environment = unique("environment")
        canary.plant_in_environment(self.in_environment)

    def file(self, name, text):
        self.write("secrets/" + name, text + "\n", 0o600)
        return {"file": "secrets/" + name}

    def all_places(self):
        """A configuration with a secret wherever one may stand."""
        ca = {"ca_file": self.authority().ca_file}
        tokens = {"token_url": self.tokens.url(), "client_id": TokenServer.CLIENT, "scope": TokenServer.SCOPE}
        hook_key = "whsec_" + base64.b64encode(random.token_bytes(24)).decode()
        self.smtp = self.postfix(auth_socket=self.imap.auth_socket)
        post = dict(ca, type="email", smtp=self.smtp.url(), **{"from": "dmarcwarn@example.org"}, to=["postmaster@example.com"], user="dmarc")
        pager = self.write("pager", "#!/bin/sh\nsleep 0.2\ncat >/dev/null\n", 0o755)
        return {
            "mailboxes": {
                "file": self.mailbox(password=self.file("imap", self.imap_password)),
                "literal": self.mailbox("second", password={"literal": unique("literal")}),
                "program": self.mailbox(password={"command": ["/bin/cat", self.path("secrets", "imap")]}),
                "environment": self.mailbox("second", password={"env": "IMAP_PASSWORD"}),
                "oauth": self.mailbox(oauth2=dict(tokens, client_secret=self.file("client", self.tokens.client_secret))),
                "refresh": self.mailbox(oauth2=dict(tokens, refresh_token=self.file("refresh", self.tokens.refresh_token))),
            },
            "senders": samples.SENDERS, "domains": samples.DOMAINS,
            "channels": {
                "slack": dict(ca, type="slack", url=self.file("slack", self.slack.url("/services/T0/B0/" + unique("slack")))),
                "hook": {"type": "webhook", "url": self.hook.url("/in/" + unique("webhook")), "secret": self.file("hook", hook_key)},
                "post": dict(post, password=self.file("smtp", self.imap_password)),
                "bearer": dict(post, oauth2=dict(tokens, client_secret=self.file("client", self.tokens.client_secret))),
                "pager": {"type": "command", "argv": [pager]},
            },
            "state": {"path": self.path("state", "dmarcwarn.db")},
        }

    def mailbox(self, user="dmarc", **more):
        box = super().mailbox(user, **more)
        if "oauth2" in more:
            del box["password"]
        return box

    def every_command(self, yml, commands=COMMANDS):
        said = {}
        for command in commands:
            clock = ["--now", str(self.now)] if command[0] == "run" else []
            result = agent.start(command[0], command[1:] + ["-c", yml] + clock, env={"IMAP_PASSWORD": self.in_environment}).result()
            said[" ".join(command)] = result
        return said

    def test_when_all_is_well(self):
        self.add(samples.mails(self.now))
        said = self.every_command(self.config(self.all_places()))
        run = said["run -v"]
        self.assertEqual(run.code, 0, str(run))
        for name in ("file", "oauth", "refresh"):
            self.assertRegex(run.err, "mailbox %s: 12 mails" % name, str(run))
        slack, hook, mails = self.slack.take(), self.hook.take(), self.smtp.wait(2)
        self.assertIn("canary-slack", slack[0].path)
        self.assertIn("canary-webhook", hook[0].path)
        self.assertTrue(mails)
        for n, sent in enumerate([r.body for r in slack + hook] + [bytes(m) for m in mails]):
            canary.hear("what was sent, %d" % n, sent)
        # Passwords of IMAP and SMTP are one; tokens that were given out come on top.
        self.assertGreater(canary.planted(), 10)

    def test_when_everything_fails(self):
        """Each server refuses, and what it says has the secret in it; then no server is there."""
        values = self.all_places()
        with open(self.path("secrets", "slack"), "rb") as f:
            self.slack.script = [webhook.Answer(403, f.read().strip())] * 8
        self.hook.script = [webhook.Answer(500, values["channels"]["hook"]["url"].encode())] * 8
        self.tokens.script = [(400, {"error": "invalid_client", "error_description": self.tokens.client_secret})] * 40
        for user in ("dmarc", "second"):
            self.imap.set_password(user, "other")
        self.add(samples.mails(self.now))
        yml = self.config(values)
        run = self.every_command(yml, ONLINE)["run -v"]
        self.assertEqual(run.code, 77, str(run))
        gone = {"mailboxes": "imaps://localhost:%d" % ports.free(), "channels": "https://127.0.0.1:%d/in/%s" % (ports.free(), unique("gone"))}
        for box in values["mailboxes"].values():
            box["url"] = gone["mailboxes"]
        for name in ("slack", "hook"):
            values["channels"][name]["url"] = gone["channels"]
        for name in ("post", "bearer"):
            values["channels"][name]["smtp"] = "smtp://localhost:%d" % ports.free()
        run = self.every_command(self.config(values), ONLINE)["run -v"]
        self.assertEqual(len(re.findall("cannot connect", run.err)), 4, str(run))

    def test_what_is_wrong_in_a_configuration(self):
        """An error names the key, not what stands there."""
        values = self.all_places()
        values["channels"]["hook"]["secret"] = "whsec_" + unique("short")
        values["channels"]["slack"]["url"] = "http://192.0.2.1/" + unique("plain")
        values["mailboxes"]["literal"]["password"] = {"literal": [unique("list")]}
        values["mailboxes"]["file"]["password"] = {"env": "MISSING", "literal": unique("both")}
        values["mailboxes"]["oauth"]["oauth2"]["client_secret"] = unique("bare")
        values["channels"]["post"]["password"] = {"litteral": unique("typo")}
        yml = self.config(values)
        for secret in ("list", "typo", "bare", "both"):
            with open(yml) as f:
                self.assertIn("canary-" + secret, f.read())
        canary.plant(values["channels"]["post"]["password"]["litteral"])
        canary.plant(values["mailboxes"]["literal"]["password"]["literal"][0])
        result = self.every_command(yml)["check-config"]
        self.assertEqual(result.code, 78, str(result))


class MemoryTest(Scene):
    def test_no_core_file_and_no_debugger(self):
        """Either would show every secret. The kernel gives /proc of a process that must not be looked into to root."""
        values = self.values()
        values["mailboxes"] = {"main": {"maildir": self.folder}}
        values["channels"] = {"pager": {"type": "command", "argv": ["/bin/sleep", "20"]}}
        yml = self.config(values)
        os.chmod(yml, 0o644)
        drop = [process.tool("setpriv", "util-linux"), "--reuid=65534", "--regid=65534", "--clear-groups"] if os.geteuid() == 0 else []
        running = agent.start("test-alert", ["-c", yml], prefix=drop)
        try:
            while not process.children(running.pid):
                self.assertIsNone(running.child.poll(), "it ended before it started its pager")
            with open("/proc/%d/limits" % running.pid) as f:
                self.assertEqual([line.split()[4] for line in f if line.startswith("Max core file size")], ["0"])
            self.assertEqual(os.stat("/proc/%d/environ" % running.pid).st_uid, 0)
        finally:
            running.child.kill()
            running.result()


class TheLookItselfTest(Scene):
    """A test that cannot fail is none: what leaks is found."""

    def look(self):
        found = canary.leaks(self.folder)
        canary.start()
        return found

    def test_in_a_file(self):
        self.write("secrets/x", "canary-in-a-file\n", 0o600)
        with open(self.path("left-behind"), "w") as f:
            f.write("so it was canary-in-a-file again")
        self.assertEqual(len(self.look()), 1)

    def test_in_every_form(self):
        """A login by PLAIN is base64, wherever the password lies in it."""
        secret = b"canary/in-disguise"
        for form in [b"x" + secret, b"canary%2Fin-disguise"] + [base64.b64encode(b"u" * n + secret + b"\0tail") for n in range(4)]:
            with self.subTest(form=form):
                self.write("secrets/x", secret, 0o600)
                with open(self.path("left-behind"), "wb") as f:
                    f.write(b"before " + form + b" behind")
                self.assertEqual(len(self.look()), 1)

    def test_in_a_row_that_is_torn_into_pages(self):
        self.write("secrets/x", "canary-in-a-row\n", 0o600)
        with contextlib.closing(sqlite3.connect(self.path("rows.db"))) as db:
            db.executescript("PRAGMA page_size = 512; CREATE TABLE t (x)")
            db.executemany("INSERT INTO t VALUES (?)", [("x" * n + "canary-in-a-row" + "x" * 600,) for n in range(0, 600, 5)])
            db.commit()
        self.assertTrue([where for where in self.look() if "the rows of" in where])

    def test_in_the_database(self):
        """A reporter whose name is a secret."""
        self.write("secrets/x", "canary-in-a-name\n", 0o600)
        day = self.now // samples.DAY * samples.DAY - samples.DAY
        report = samples.reporter("canary-in-a-name", "alpha.example.org", day)("example.com", [samples.broken(samples.OWN, 500, "reject")])
        self.add([samples.Mail("alpha", samples.google_mail(report, self.now - 60), self.now - 60)])
        self.expect_quiet(self.run_agent(self.config(self.values())))
        self.assertEqual(len([where for where in self.look() if where.endswith("state/dmarcwarn.db")]), 2)

    def test_in_what_is_said_and_in_arguments(self):
        self.write("secrets/x", "canary-in-arguments\n", 0o600)
        running = agent.Running(["/bin/sh", "-c", "echo $0; sleep 1", "canary-in-arguments"])
        running.result()
        self.assertEqual(len(self.look()), 2)

    def test_in_an_environment(self):
        self.write("secrets/x", "canary-in-environment\n", 0o600)
        agent.Running(["/bin/sleep", "1"], env={"X": "canary-in-environment"}).result()
        self.assertEqual(len(self.look()), 1)


if __name__ == "__main__":
    unittest.main()
