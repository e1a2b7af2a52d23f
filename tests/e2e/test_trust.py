#!/usr/bin/env python3
"""Reports that are genuine, forged, and of unknown origin, with and without `trust`, over a real mailbox."""
import os
import sqlite3
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from lib.scene import Scene  # noqa: E402
import samples  # noqa: E402

TRUST = {"authserv_id": "mx.example.com"}
HOST = "alpha.example.org"
RESULT = "Authentication-Results: mx.example.com; spf=%s smtp.mailfrom=dmarc@alpha.example.org;\n\tdmarc=%s (p=reject) header.from=alpha.example.org\n"
BELOW = "Received: from localhost by out.evil.example; Mon, 23 Nov 2026 00:00:00 +0000\n"


class TrustTest(Scene):
    def setUp(self):
        super().setUp()
        self.hook = self.listener(self.authority().good)

    def settings(self, trust=None):
        values = self.values()
        values["channels"] = dict(values["channels"], hook={
            "type": "webhook", "url": self.hook.url("/in"), "ca_file": self.authority().ca_file})
        if trust:
            values["mailboxes"]["main"]["trust"] = trust
        return self.config(values)

    def mail(self, refused, second=0, above="", below="", passing=180):
        """A mail of Alpha whose report says that so many messages of ours were refused; fields above and below those of the
        border."""
        today = self.now // samples.DAY * samples.DAY
        report = samples.reporter("Alpha Mail", HOST, today - samples.DAY)(
            "example.com", [samples.ours(samples.OWN, passing), samples.broken(samples.OWN, refused, "reject")])
        content = above.encode() + samples.google_mail(report, today + second).replace(b"\nDate: ", b"\n%sDate: " % below.encode(), 1)
        return samples.Mail("alpha", content, today + second)

    def alert(self, what):
        """The one alert that came since the last look, and the text of it in Slack."""
        (body,), (text,) = [[r.json() for r in self.hook.take()], self.slack.take()]
        self.assertEqual(len(body["alerts"]), 1, what)
        return body["alerts"][0], str(text.json())

    def expect_alert(self, what, severity, verified, failed, reason="first"):
        alert, text = self.alert(what)
        self.assertEqual((alert["rule"], alert["severity"], alert["verified"], alert["counts"]["failed"], alert["reason"]),
                         ("known_sender_failing", severity, verified, failed, reason), what)
        self.assertEqual([r["trusted"] for r in alert["reporters"]], [True if verified else None], what)
        self.assertEqual("not verified" in text, not verified, text)

    def expect_nothing(self, what):
        self.assertEqual((self.hook.take(), self.slack.take()), ([], []), what)

    def counted(self):
        db = sqlite3.connect("file:%s?mode=ro" % self.path("state", "dmarcwarn.db"), uri=True)
        try:
            return [db.execute("SELECT count(*) FROM " + table).fetchone()[0] for table in ("report", "fact", "seen")]
        finally:
            db.close()

    def test_a_verified_report_may_be_critical(self):
        self.add([self.mail(12, above=RESULT % ("pass", "pass"))])
        self.expect_quiet(self.run_agent(self.settings(TRUST)))
        self.expect_alert("above the border", "critical", True, 12)

    def test_below_the_border_as_milters_write_it(self):
        self.add([self.mail(12, below=RESULT % ("pass", "pass"))])
        self.expect_quiet(self.run_agent(self.settings({"authserv_id": "mx.example.com", "hops": 1})))
        self.expect_alert("directly below the border", "critical", True, 12)

    def test_without_trust_nothing_is_verified(self):
        self.add([self.mail(12, above=RESULT % ("pass", "pass"))])
        self.expect_quiet(self.run_agent(self.settings()))
        self.expect_alert("nobody is believed", "warning", False, 12)

    def start_anew(self):
        """A new mailbox and database."""
        self.imap.empty("dmarc")
        for name in ("dmarcwarn.db", "dmarcwarn.db-journal"):
            if os.path.exists(self.path("state", name)):
                os.unlink(self.path("state", name))

    def test_what_a_sender_writes_is_not_believed(self):
        for trust in (TRUST, dict(TRUST, hops=1), {"authserv_id": "mx.example.net"}, "google", "exchange-online"):
            with self.subTest(trust=trust):
                self.start_anew()
                self.add([self.mail(12, below=BELOW + RESULT % ("pass", "pass"))])
                self.expect_quiet(self.run_agent(self.settings(trust)))
                self.expect_alert("forged below the border", "warning", False, 12)

    def test_what_failed_tells_nothing(self):
        forged = self.mail(5000, above=RESULT % ("fail", "fail"), below=BELOW + RESULT % ("pass", "pass"))
        self.add([forged])
        self.expect_quiet(self.run_agent(self.settings(TRUST)))
        self.expect_nothing("a forged report")
        self.assertEqual(self.counted(), [1, 2, 1])

    def test_forged_first_true_second(self):
        """They claim to be the same report: only the true one counts."""
        self.add([self.mail(5000, 1, above=RESULT % ("fail", "fail")), self.mail(12, 2, above=RESULT % ("pass", "pass"))])
        self.expect_quiet(self.run_agent(self.settings(TRUST)))
        self.expect_alert("the true one", "critical", True, 12)

    def test_forged_first_true_in_a_later_run(self):
        yml = self.settings(TRUST)
        self.add([self.mail(5000, 1, above=RESULT % ("fail", "fail"))])
        self.expect_quiet(self.run_agent(yml))
        self.expect_nothing("a forged report")
        self.add([self.mail(12, 2, above=RESULT % ("pass", "pass"))])
        self.expect_quiet(self.run_agent(yml, 1))
        self.expect_alert("the true one", "critical", True, 12)

    def test_a_nested_mail_says_nothing(self):
        inner = self.mail(12, above=RESULT % ("pass", "pass"))
        self.add([samples.Mail("nested", samples.forwarded_mail(inner.content, inner.received), inner.received)])
        self.expect_quiet(self.run_agent(self.settings(TRUST)))
        self.expect_alert("a mail in a mail", "warning", False, 12)

    def test_trust_that_is_set_later_judges_what_is_stored(self):
        self.add([self.mail(12, 2, above=RESULT % ("pass", "pass")), self.mail(5000, 1, above=RESULT % ("fail", "fail"))])
        self.expect_quiet(self.run_agent(self.settings()))
        self.expect_alert("nobody is believed: the first one counts", "warning", False, 5000)
        before = self.counted()
        yml = self.settings(TRUST)
        self.expect_quiet(self.run_agent(yml, 1))
        self.expect_alert("the true one counts, and may be critical", "critical", True, 12, "worse")
        self.expect_quiet(self.run_agent(yml, 2))
        self.expect_nothing("it is told")
        self.imap.forget_uids("dmarc")
        self.expect_quiet(self.run_agent(yml, 3))
        self.expect_nothing("all mails again")
        self.expect_quiet(self.run_agent(self.settings(), 4))
        self.expect_nothing("trust is taken back: less severe than what was told, it waits for the end of the cool-down")
        self.expect_quiet(self.run_agent(self.settings(), 26))
        self.expect_alert("and trust taken back: the first one counts again", "warning", False, 5000, "tenfold")
        self.assertEqual(self.counted(), before)


if __name__ == "__main__":
    unittest.main()
