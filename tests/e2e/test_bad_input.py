#!/usr/bin/env python3
"""What goes wrong around the program: one line that says what, where and what to do, the right exit code, and the next run catches up."""
import os
import sys
import time
import unittest
from email.utils import formatdate

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from lib import agent, mounts, ports, webhook  # noqa: E402
from lib.scene import Scene  # noqa: E402
import expected  # noqa: E402
import samples  # noqa: E402

OK, UNAVAILABLE, STATE, DISK, PARTLY, PASSWORD, CONFIG = 0, 69, 73, 74, 75, 77, 78
NOTHING = ()


class Troubled(Scene):
    """What people hear of the trouble itself is another test's (agent)."""

    def values(self):
        return dict(super().values(), rules={"agent_mailbox": "off", "agent_disk": "off"})


class ConfigurationTest(Scene):
    def test_missing(self):
        self.expect_line(agent.run(self.path("nowhere.yml")), CONFIG, r"nowhere\.yml", "no such file")

    def test_mistakes_are_told_all_at_once_with_their_places(self):
        yml = self.write("dmarcwarn.yml", """mailboxes:
  main: {url: imaps://localhost, user: dmarc, passwrd: {file: secrets/imap}}
senders:
  own: {ip: [192.0.2.10, 198.51.100.7/28]}
domains:
  example.com: {senders: [owm]}
  example.com: {senders: [own]}
channels:
  slack: {type: slack, url: "http://hooks.example.com/x"}
""", 0o600)
        result = agent.run(yml)
        self.assertEqual((result.code, result.out), (CONFIG, ""), str(result))
        for line, col, pattern in ((2, 47, "unknown key 'passwrd'.*did you mean 'password'"),
                                   (4, 26, r"host bits.*did you mean 198\.51\.100\.0/28"),
                                   (6, 27, "no sender 'owm'.*did you mean 'own'"),
                                   (7, 3, "duplicate key 'example.com'"),
                                   (9, 29, "http")):
            self.assertRegex(result.err, r"(?m)^%s:%d:%d: error: .*%s" % (yml, line, col, pattern))

    def test_a_secret_that_anybody_may_read_is_told_to_who_looks(self):
        values = self.values()
        values["mailboxes"]["main"]["url"] = "imaps://localhost:%d" % ports.free()
        yml = self.config(values)
        pattern = r"%s:2:\d+: warning: mailboxes.main.password.file: anybody on this machine may read .*chmod o-r " % yml
        self.assertNotIn("warning", agent.start("check-config", ["-c", yml]).result().err)
        os.chmod(self.path("secrets", "imap"), 0o644)
        result = agent.start("check-config", ["-c", yml]).result()
        self.assertEqual((result.code, result.out), (OK, ""), str(result))
        self.assertRegex(result.err, pattern)
        self.expect_line_among(self.run_agent(yml, args=["-v"]), UNAVAILABLE, pattern)
        self.expect_quiet(self.run_agent(yml, 1), UNAVAILABLE)

    def test_missing_secret(self):
        values = self.values()
        yml = self.config(values)
        os.unlink(self.path("secrets", "imap"))
        self.expect_line(agent.run(yml), CONFIG, r"secrets/imap")


class MailboxTest(Troubled):
    def setUp(self):
        super().setUp()
        self.add(samples.mails(self.now))

    def expect_caught_up(self, yml, hours):
        self.expect_quiet(self.run_agent(yml, hours))
        self.expect_slack(expected.FIRST_RUN, "the run that catches up")

    def test_unreachable_is_said_from_the_third_run_on(self):
        yml = self.config(self.values())
        self.imap.stop()
        self.expect_quiet(self.run_agent(yml, 0), UNAVAILABLE)
        self.expect_quiet(self.run_agent(yml, 1), UNAVAILABLE)
        self.expect_line(self.run_agent(yml, 2), UNAVAILABLE, r"\bmain\b", "localhost", str(self.imap.imaps_port), "3rd|third|3 runs")
        self.expect_slack(NOTHING, "while the mailbox is away")
        self.imap.start()
        self.expect_caught_up(yml, 3)
        self.imap.stop()
        self.expect_quiet(self.run_agent(yml, 4), UNAVAILABLE)

    def test_unreachable_is_said_at_once_to_somebody_who_looks(self):
        yml = self.config(self.values())
        self.imap.stop()
        self.expect_line_among(self.run_agent(yml, 0, args=["-v"]), UNAVAILABLE, "mailbox main: .*localhost")
        self.expect_line(self.run_agent(yml, 1, terminal=True), UNAVAILABLE, r"\bmain\b", "localhost")

    def test_wrong_password(self):
        yml = self.config(self.values())
        self.write("secrets/imap", "a-wrong-one\n", 0o600)
        result = self.run_agent(yml)
        self.expect_line(result, PASSWORD, r"\bmain\b", "localhost", "login", "check.*password")
        self.assertNotIn("a-wrong-one", result.err)
        self.write("secrets/imap", "imap-secret\n", 0o600)
        self.expect_caught_up(yml, 1)

    def test_bad_certificates(self):
        made, yml = self.authority(), self.config(self.values())
        for hours, (cert, why) in enumerate(((made.untrusted, "certificate"), (made.expired, "certificate"), (made.wrong_host, "certificate|name"))):
            self.imap.use_cert(cert)
            self.imap.restart()
            self.expect_line(self.run_agent(yml, hours), UNAVAILABLE, r"\bmain\b", "localhost", why)
        self.imap.use_cert(made.good)
        self.imap.restart()
        self.expect_caught_up(yml, 3)

    def test_untrusted_certificate_hints_at_ca_file(self):
        values = self.values()
        del values["mailboxes"]["main"]["ca_file"]
        self.expect_line(self.run_agent(self.config(values)), UNAVAILABLE, r"\bmain\b", "certificate", "ca_file")

    def test_one_of_two_is_unreachable(self):
        values = self.values()
        values["mailboxes"]["gone"] = self.mailbox(url="imaps://localhost:%d" % ports.free())
        yml = self.config(values)
        self.expect_caught_up(yml, 0)
        self.expect_quiet(self.run_agent(yml, 1))
        self.expect_line(self.run_agent(yml, 2), PARTLY, r"\bgone\b", "localhost")
        self.expect_slack(NOTHING, "later runs")

    def test_one_of_two_has_a_wrong_password(self):
        values = self.values()
        values["mailboxes"]["locked"] = self.mailbox(password={"literal": "a-wrong-one"})
        yml = self.config(values)
        for hours, code in enumerate((OK, OK, PARTLY)):
            self.expect_line(self.run_agent(yml, hours), code, r"\blocked\b", "localhost", "login|password")
        self.expect_slack(expected.FIRST_RUN, "three runs")

    def test_missing_folder(self):
        values = self.values()
        values["mailboxes"]["main"]["folder"] = "Nicht da/ü"
        self.expect_line(self.run_agent(self.config(values)), UNAVAILABLE, r"\bmain\b", "Nicht da/ü")


class StateTest(Troubled):
    def setUp(self):
        super().setUp()
        self.add(samples.mails(self.now))
        self.yml = self.config(self.values())

    def namespace(self):
        made = mounts.Namespace()
        self.addCleanup(made.close)
        return made

    def test_a_file_in_place_of_the_folder(self):
        self.write("state", "not a folder\n")
        self.expect_line(self.run_agent(self.yml), STATE, self.path("state"))
        self.expect_slack(NOTHING, "without a state folder")
        os.unlink(self.path("state"))
        self.expect_quiet(self.run_agent(self.yml, 1))
        self.expect_slack(expected.FIRST_RUN, "the run that catches up")

    def test_a_read_only_folder(self):
        os.mkdir(self.path("state"))
        inside = self.namespace()
        inside.read_only(self.path("state"))
        self.expect_line(self.run_agent(self.yml, prefix=inside.prefix), STATE, self.path("state"), "read-only|written")
        self.expect_slack(NOTHING, "without a state folder")
        self.expect_quiet(self.run_agent(self.yml, 1))
        self.expect_slack(expected.FIRST_RUN, "the run that catches up")

    def test_the_disk_is_full_from_the_start(self):
        os.mkdir(self.path("state"))
        inside = self.namespace()
        inside.tmpfs(self.path("state"), 4 << 20)
        self.fill(inside)
        self.expect_line(self.run_agent(self.yml, prefix=inside.prefix), DISK, self.path("state"), "full|space")
        self.expect_slack(NOTHING, "on a full disk")
        inside.run("rm", self.path("state", "filler"))
        self.expect_quiet(self.run_agent(self.yml, 1, prefix=inside.prefix))
        self.expect_slack(expected.FIRST_RUN, "the run that catches up")

    def test_the_disk_fills_up_later(self):
        os.mkdir(self.path("state"))
        inside = self.namespace()
        inside.tmpfs(self.path("state"), 4 << 20)
        self.expect_quiet(self.run_agent(self.yml, prefix=inside.prefix))
        self.expect_slack(expected.FIRST_RUN, "first run")
        self.fill(inside)
        self.add([samples.thirteenth(self.now)])
        self.expect_line(self.run_agent(self.yml, 1, prefix=inside.prefix), DISK, self.path("state"), "full|space")
        self.expect_slack(NOTHING, "on a full disk")
        inside.run("rm", self.path("state", "filler"))
        self.expect_quiet(self.run_agent(self.yml, 2, prefix=inside.prefix))
        self.expect_slack(expected.THIRTEENTH, "the run that catches up")
        self.expect_quiet(self.run_agent(self.yml, 3, prefix=inside.prefix))
        self.expect_slack(NOTHING, "the run after it")

    def fill(self, inside):
        """Leave not an octet."""
        inside.run("sh", "-c", "cat /dev/zero > '%s' 2>/dev/null || true" % self.path("state", "filler"))


class ChannelTest(Scene):
    def setUp(self):
        super().setUp()
        self.add(samples.mails(self.now))

    def test_dead_webhook(self):
        values = self.values()
        values["channels"]["mail"] = self.mail_channel()
        yml = self.config(values)
        self.slack.stop()
        self.expect_quiet(self.run_agent(yml, 0))
        self.expect_mail(expected.FIRST_RUN, "beside a dead webhook")
        self.expect_quiet(self.run_agent(yml, 7))
        self.expect_line(self.run_agent(yml, 14), PARTLY, r"\bslack\b", "127.0.0.1|localhost")
        self.slack.start()
        self.expect_quiet(self.run_agent(yml, 21))
        self.expect_slack(expected.FIRST_RUN, "the run that catches up")
        self.expect_quiet(self.run_agent(yml, 22))
        self.expect_slack(NOTHING, "the run after it")
        self.expect_mail(NOTHING, "later runs")

    def test_dead_webhook_is_said_at_once_to_somebody_who_looks(self):
        yml = self.config(self.values())
        self.slack.stop()
        self.expect_line_among(self.run_agent(yml, args=["-v"]), OK, "channel slack: .*127.0.0.1")

    def test_dead_mail_server(self):
        values = self.values()
        values["channels"]["mail"] = self.mail_channel()
        yml = self.config(values)
        self.smtp.stop()
        self.expect_quiet(self.run_agent(yml, 0))
        self.expect_slack(expected.FIRST_RUN, "beside a dead mail server")
        self.smtp.start()
        self.expect_quiet(self.run_agent(yml, 7))
        self.expect_mail(expected.FIRST_RUN, "the run that catches up")
        self.smtp.set(smtpd_client_restrictions="defer")
        self.add([samples.thirteenth(self.now)])
        self.expect_quiet(self.run_agent(yml, 8))
        self.smtp.set(smtpd_client_restrictions="")
        self.expect_quiet(self.run_agent(yml, 15))
        self.expect_mail(expected.THIRTEENTH, "the run after the 4xx")
        self.expect_slack(expected.THIRTEENTH, "all the time")

    def failing(self, answer, limits=None):
        """A run to which every request is answered so; nothing is lost, and the next run delivers each notice once."""
        yml = self.config(self.values())
        self.slack.script = [answer] * 20
        result = self.run_agent(yml, 0, limits=limits)
        self.assertEqual(result.code, OK, str(result))
        self.assertGreaterEqual(len(self.slack.take()), 1)
        self.slack.script = []
        self.expect_quiet(self.run_agent(yml, 7))
        self.expect_slack(expected.FIRST_RUN, "the run that catches up")

    def test_error_500(self):
        self.failing(webhook.Answer(500, b"oops"))

    def test_redirect_is_not_followed(self):
        self.failing(webhook.Answer(302, b"", {"Location": self.slack.url("/elsewhere")}))
        self.assertEqual({r.path for r in self.slack.requests}, set())

    def test_revoked(self):
        self.failing(webhook.Answer(410, b"no_service"))

    def test_reset(self):
        self.failing(webhook.RESET)

    def test_silence(self):
        self.failing(webhook.HANG, limits={agent.SEND_TOTAL: 500})

    def later(self, answer):
        """Nothing is sent before the time that the far side named, and once after it."""
        yml = self.config(self.values())
        self.slack.script = [answer]
        self.expect_quiet(self.run_agent(yml, 0))
        self.assertEqual(len(self.slack.take()), 1, "the time holds for the channel, not for the one notice")
        self.expect_quiet(self.run_agent(yml, 1))
        self.expect_slack(NOTHING, "before the time that Retry-After named")
        self.expect_quiet(self.run_agent(yml, 4))
        self.expect_slack(expected.FIRST_RUN, "after the time that Retry-After named")

    def test_retry_after_seconds(self):
        self.later(webhook.retry_after(2 * 3600))

    def test_retry_after_date(self):
        self.later(webhook.retry_after(formatdate(time.time() + 2 * 3600, usegmt=True)))


if __name__ == "__main__":
    unittest.main()
