#!/usr/bin/env python3
"""`check-config --online`: a line a mailbox and channel, what is wrong in words that help, and nothing is read, sent or changed."""
import os
import re
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from lib import agent, dovecot, ports  # noqa: E402
from lib.oauth import TokenServer  # noqa: E402
from lib.scene import Scene  # noqa: E402
import samples  # noqa: E402


class OnlineScene(Scene):
    def check(self, values, code, *lines, warning="^$"):
        """The exit code, what stderr says, and a line of the output for each (kind, name, outcome, pattern), in this order and no others."""
        result = agent.start("check-config", ["--online", "-c", self.config(values)]).result()
        self.assertEqual(result.code, code, str(result))
        self.assertRegex(result.err, warning)
        found = [re.fullmatch(r"(\S+) +(\S+) +(ok|poor|FAILED|not tried) +(\S.*)", line) for line in result.out.splitlines()]
        self.assertTrue(all(found), str(result))
        self.assertEqual([f.group(1, 2) for f in found], [("state", "-")] + [line[:2] for line in lines], str(result))
        for f, (_, _, outcome, pattern) in zip(found[1:], lines):
            self.assertEqual(f.group(3), outcome, str(result))
            self.assertRegex(f.group(4), pattern)
        self.assertEqual(len({f.start(4) for f in found}), 1, "aligned: " + str(result))
        for secret in ("imap-secret", "secret-part", "a-wrong-one"):
            self.assertNotIn(secret, result.out)
        return found

    def email(self, **more):
        self.smtp = self.postfix(auth_socket=self.imap.auth_socket)
        return dict({"type": "email", "smtp": self.smtp.url(), "ca_file": self.authority().ca_file, "from": "dmarcwarn@example.org",
                     "to": ["postmaster@example.com"], "user": "dmarc", "password": {"file": "secrets/imap"}}, **more)


class OnlineTest(OnlineScene):
    def test_all_is_well_and_nothing_changes(self):
        self.add(samples.mails(self.now))
        values = self.values()
        os.makedirs(self.path("spool", "cur"))
        os.makedirs(self.path("spool", "new"))
        values["mailboxes"]["local"] = {"maildir": self.path("spool")}
        values["mailboxes"]["main"]["after"] = {"delete": {"older_than": "1d"}}
        plain = self.listener()
        values["channels"].update({"post": self.email(), "hook": {"type": "webhook", "url": plain.url()}, "cron": {"type": "stdout"},
                                   "pager": {"type": "command", "argv": [self.write("pager", "#!/bin/sh\ntouch %s\n" % self.path("ran"), 0o755)]}})
        (state, *_) = self.check(
            values, 0,
            ("mailbox", "main", "ok", r"localhost:\d+: INBOX can be read, 12 mails$"),
            ("mailbox", "local", "ok", "spool: can be read"),
            ("channel", "slack", "ok", r"^127\.0\.0\.1 can be reached; nothing was sent: test-alert"),
            ("channel", "post", "ok", "^localhost lets us in; no mail was sent"),
            ("channel", "hook", "ok", "can be reached"),
            ("channel", "cron", "not tried", "test-alert"),
            ("channel", "pager", "ok", "pager may be run; it was not"))
        self.assertEqual(state.group(3), "poor" if os.geteuid() == 0 else "ok")
        self.assertEqual(self.imap.unseen_by_anybody("dmarc"), 12)
        self.assertEqual((self.slack.take(), plain.take(), self.smtp.mails()), ([], [], []))
        self.assertFalse(os.path.exists(self.path("ran")))
        self.assertFalse(os.path.exists(self.path("state")), "the next run makes the state folder")

    def test_what_is_wrong(self):
        gone = ports.free()
        values = self.values()
        values["mailboxes"].update({
            "locked": self.mailbox(password={"literal": "a-wrong-one"}),
            "no-folder": self.mailbox(folder="Nicht da"),
            "gone": self.mailbox(url="imaps://localhost:%d" % gone),
            "local": {"folder": self.path("nowhere")}})
        values["channels"].update({
            "post": self.email(password={"literal": "a-wrong-one"}),
            "away": {"type": "webhook", "url": "http://127.0.0.1:%d/x" % gone},
            "pager": {"type": "command", "argv": [self.write("pager", "", 0o644)]}})
        del values["channels"]["slack"]["ca_file"]
        self.check(
            values, 78,
            ("mailbox", "main", "ok", "INBOX can be read, 0 mails"),
            ("mailbox", "locked", "FAILED", "login refused for dmarc.*check"),
            ("mailbox", "no-folder", "FAILED", "the folder 'Nicht da' cannot be opened.*write it as the server does"),
            ("mailbox", "gone", "FAILED", "localhost:%d: cannot connect.*check host, port" % gone),
            ("mailbox", "local", "FAILED", "nowhere: No such file"),
            ("channel", "slack", "FAILED", r"certificate.*ca_file"),
            ("channel", "post", "FAILED", "localhost refuses the login .535.*"),
            ("channel", "away", "FAILED", "cannot be reached.*check host, port"),
            ("channel", "pager", "FAILED", "cannot be started .Permission denied"),
            warning="^[^\\n]* warning: mailbox 'local': [^\\n]*\\n$")

    def test_exit_codes(self):
        gone = ports.free()
        values = self.values()
        values["mailboxes"]["main"]["url"] = "imaps://localhost:%d" % gone
        self.check(values, 69, ("mailbox", "main", "FAILED", "cannot connect"), ("channel", "slack", "ok", "reached"))
        values["mailboxes"]["main"] = self.mailbox(password={"literal": "a-wrong-one"})
        self.check(values, 77, ("mailbox", "main", "FAILED", "refused"), ("channel", "slack", "ok", "reached"))
        values["mailboxes"]["main"] = self.mailbox()
        values["channels"]["slack"]["url"] = {"literal": "https://127.0.0.1:%d/secret-part" % gone}
        self.check(values, 75, ("mailbox", "main", "ok", "read"), ("channel", "slack", "FAILED", "cannot be reached"))

    def test_a_state_folder_that_cannot_be_made(self):
        values = self.values()
        self.write("file", "")
        values["state"]["path"] = self.path("file", "dmarcwarn.db")
        result = agent.start("check-config", ["--online", "-c", self.config(values)]).result()
        self.assertEqual(result.code, 73, str(result))
        self.assertRegex(result.out, r"(?m)^state +- +FAILED .*`state` must name a path")

    def test_servers_that_cannot_move(self):
        self.imap.stop()
        with open(os.path.join(self.imap.folder, "dovecot.conf"), "a") as f:
            f.write("imap_capability = IMAP4rev1 SASL-IR LITERAL+ ID\n" if dovecot.version() < (2, 4) else
                    "imap_capability {\n  MOVE = no\n  UIDPLUS = no\n}\n")
        self.imap.start()
        values = self.values()
        values["mailboxes"] = {"keep": self.mailbox(), "move": self.mailbox(after={"move": "Done"}),
                               "delete": self.mailbox(after={"delete": {"older_than": "1d"}})}
        self.check(values, 0, ("mailbox", "keep", "ok", "mails$"),
                   ("mailbox", "move", "poor", "neither MOVE nor UIDPLUS"),
                   ("mailbox", "delete", "poor", "no UIDPLUS"), ("channel", "slack", "ok", "reached"))

    def test_an_included_file_with_errors(self):
        values = dict(self.values(), include=["conf.d/*.yml"])
        self.write("conf.d/a.yml", "domains: {a.example.com: {senderz: [own]}}\n")
        result = agent.start("check-config", ["--online", "-c", self.config(values)]).result()
        self.assertEqual(result.code, 78, str(result))
        self.assertIn("unknown key 'senderz'", result.err)
        self.assertRegex(result.out, r"(?m)^mailbox +main +ok ")


class TokenTest(OnlineScene):
    def test_tokens(self):
        tokens = TokenServer(self.path("tokens"), "dmarc").start()
        self.addCleanup(tokens.stop)
        self._imap = self.dovecot(introspect=tokens.url("/introspect"))
        self.write("secrets/client", tokens.client_secret, 0o600)
        oauth2 = {"token_url": tokens.url(), "client_id": TokenServer.CLIENT, "scope": TokenServer.SCOPE, "client_secret": {"file": "secrets/client"}}
        values = self.values()
        del values["mailboxes"]["main"]["password"]
        values["mailboxes"]["main"]["oauth2"] = oauth2
        post = self.email(oauth2=oauth2)
        del post["password"]
        values["channels"]["post"] = post
        good = (("mailbox", "main", "ok", "can be read"), ("channel", "slack", "ok", "reached"), ("channel", "post", "ok", "lets us in"))
        self.check(values, 0, *good)
        asked = len(tokens.asked)
        self.check(values, 0, *good)
        self.assertEqual(len(tokens.asked), asked, "the tokens were kept")


if __name__ == "__main__":
    unittest.main()
