"""The stage of most tests: a Dovecot mailbox, a Slack listener, if wanted a Postfix, and a configuration that joins them."""
import re
import time

from . import agent, told
from .case import Case
import samples

HOUR = 3600


class Scene(Case):
    """`self.now` is noon of today; every sample mail has arrived by then."""

    def setUp(self):
        super().setUp()
        self.now = int(time.time()) // samples.DAY * samples.DAY + 12 * HOUR
        self._imap = None
        self.slack = self.listener(self.authority().good)
        self.smtp = None
        self._mails_seen = 0

    @property
    def imap(self):
        """The Dovecot; started when it is first asked for."""
        if self._imap is None:
            self._imap = self.dovecot()
        return self._imap

    def values(self):
        """The eight lines of the README with a state file of the test's own."""
        self.write("secrets/imap", "imap-secret\n", 0o600)
        self.write("secrets/slack", self.slack.url("/services/T0/B0/secret-part") + "\n", 0o600)
        return {
            "mailboxes": {"main": self.mailbox()},
            "senders": samples.SENDERS,
            "domains": samples.DOMAINS,
            "channels": {"slack": {"type": "slack", "url": {"file": "secrets/slack"}, "ca_file": self.authority().ca_file}},
            "state": {"path": self.path("state", "dmarcwarn.db")},
        }

    def mailbox(self, user="dmarc", url=None, **more):
        return dict({"url": url or self.imap.imaps_url(), "user": user, "password": {"file": "secrets/imap"},
                     "ca_file": self.authority().ca_file}, **more)

    def mail_channel(self):
        """A Postfix and the channel that sends to it by STARTTLS."""
        self.smtp = self.postfix()
        return {"type": "email", "smtp": self.smtp.url(), "ca_file": self.authority().ca_file, "from": "dmarcwarn@example.org",
                "to": ["postmaster@example.com"]}

    def add(self, mails, user="dmarc", folder="INBOX"):
        for mail in mails:
            self.imap.add(user, mail.content, folder, mail.received)

    def expect_slack(self, notices, what):
        """Exactly these notices came since the last look."""
        told.same(self, [told.slack_text(r) for r in self.slack.take()], notices, what + ", Slack")

    def expect_mail(self, notices, what):
        """Exactly these notices came since the last look; the mails are returned."""
        mails = self.smtp.wait(self._mails_seen + len(notices))[self._mails_seen:]
        self._mails_seen += len(mails)
        for kind in ("plain", "html"):
            told.same(self, [told.mail_texts(m)[kind] for m in mails], notices, "%s, e-mail (%s)" % (what, kind))
        return mails

    def expect_quiet(self, result, code=0):
        """The exit code, and not an octet of output: cron sends no mail."""
        self.assertEqual((result.code, result.out, result.err), (code, "", ""), str(result))

    def expect_line(self, result, code, *patterns):
        """The exit code and one line on stderr in which all the patterns occur; no secret in it."""
        self.assertEqual((result.code, result.out), (code, ""), str(result))
        self.assertEqual(len(result.err.splitlines()), 1, str(result))
        for pattern in patterns:
            self.assertRegex(result.err, "(?i)" + pattern)
        for secret in ("imap-secret", "secret-part"):
            self.assertNotIn(secret, result.err)

    def expect_line_among(self, result, code, pattern):
        """The exit code and, among what -v says, one line with the pattern."""
        self.assertEqual((result.code, result.out), (code, ""), str(result))
        self.assertEqual(len([line for line in result.err.splitlines() if re.search(pattern, line)]), 1, str(result))

    def first_run(self, yml):
        """Before any mail is there, half an hour before noon: what a first run finds is one notice a tenant, and not what most tests are
        about."""
        self.expect_quiet(self.run_agent(yml, -0.5))

    def run_agent(self, yml, hours=0, **kw):
        """`dmarcwarn run`, so many hours after noon."""
        return agent.run(yml, self.now + int(hours * HOUR), **kw)
