#!/usr/bin/env python3
"""What mails tell that are no reports about a domain of ours: some that cannot be read, and reports about domains that nobody configured."""
import os
import sqlite3
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from lib import told  # noqa: E402
from lib.scene import Scene  # noqa: E402
import samples  # noqa: E402

TRUST = {"authserv_id": "mx.example.com"}
RESULT = "Authentication-Results: mx.example.com; dmarc=%s header.from=%s\n"
BROKEN = ("%sFrom: DMARC <noreply@%s>\nTo: dmarc@example.com\nSubject: Report Domain: example.com\nMessage-ID: <%s@%s>\nMIME-Version: 1.0\n"
          "Content-Type: application/gzip; name=\"r.xml.gz\"\nContent-Transfer-Encoding: base64\n\nH4sIAAAAAAAAA%sAA\n")


class Strangers(Scene):
    def settings(self, trust=None, **more):
        values = dict(self.values(), **more)
        if trust:
            values["mailboxes"]["main"]["trust"] = trust
        return self.config(values)

    def rows(self, sql):
        db = sqlite3.connect("file:%s?mode=ro" % self.path("state", "dmarcwarn.db"), uri=True)
        try:
            return db.execute(sql).fetchall()
        finally:
            db.close()

    def texts(self):
        return [told.slack_text(r) for r in self.slack.take()]

    def expect(self, *patterns):
        """One notice came since the last look, in which all the patterns occur; without any, none came."""
        texts = self.texts()
        self.assertEqual(len(texts), 1 if patterns else 0, texts)
        for pattern in patterns:
            self.assertRegex(texts[0], "(?is)" + pattern)

    def broken(self, sender, n, dmarc=None, at=0):
        for i in range(n):
            name = "%s-%d-%d" % (sender.replace(".", "-"), at, i)
            above = RESULT % (dmarc, sender) if dmarc else ""
            content = BROKEN % (above, sender, name, sender, "ABCDEFGH"[i % 8])
            self.add([samples.Mail(name, content.encode(), self.now - 3600)])

    def report(self, domain, dmarc=None, name="Alpha Mail", host="alpha.example.org"):
        today = self.now // samples.DAY * samples.DAY
        report = samples.reporter(name, host, today - samples.DAY)(domain, [samples.ours(samples.OWN, 20)])
        content = samples.google_mail(report, today + 1)
        above = (RESULT % (dmarc, host)).encode() if dmarc else b""
        self.add([samples.Mail(domain, above + content, today + 1)])


class Unusable(Strangers):
    def test_a_reporter_that_cannot_be_read(self):
        yml = self.settings()
        self.broken("broken.example", 2)
        self.expect_quiet(self.run_agent(yml))
        self.expect()
        self.broken("broken.example", 1, at=1)
        self.expect_quiet(self.run_agent(yml, 1))
        self.expect("WARNING the agent: mails from broken.*example cannot be read", "3 mails", "quarantine list", "not verified",
                    "report_unusable")
        self.broken("broken.example", 3, at=2)
        self.expect_quiet(self.run_agent(yml, 2))
        self.expect()  # it goes on
        self.expect_quiet(self.run_agent(yml, 24 * 8))
        self.expect()
        self.assertEqual(self.rows("SELECT state FROM incident WHERE rule = 'report_unusable'"), [("resolved",)])

    def test_who_is_forged_is_not_told_of(self):
        yml = self.settings(TRUST)
        self.broken("broken.example", 5, dmarc="fail")
        self.expect_quiet(self.run_agent(yml))
        self.expect()
        self.broken("other.example", 3, dmarc="pass")
        self.expect_quiet(self.run_agent(yml, 1))
        (text,) = self.texts()
        self.assertRegex(text, "mails from other")
        self.assertNotIn("not verified", text)

    def test_a_crowd_is_one(self):
        yml = self.settings()
        for i in range(21):
            self.broken("s%d.example" % i, 3)
        self.expect_quiet(self.run_agent(yml))
        self.expect("WARNING the agent: many mails cannot be read", "63 mails")
        self.broken("one-more.example", 3)
        self.expect_quiet(self.run_agent(yml, 1))
        self.expect()

    def test_who_is_left_of_a_crowd_is_no_news(self):
        yml = self.settings()
        for i in range(15):
            self.broken("s%d.example" % i, 3)
        self.expect_quiet(self.run_agent(yml))
        self.texts()
        for i in range(10):
            self.broken("t%d.example" % i, 3)
        self.expect_quiet(self.run_agent(yml, 24 * 4))
        self.expect("WARNING the agent: many mails cannot be read", "30 mails")
        self.expect_quiet(self.run_agent(yml, 24 * 8))
        self.expect()

    def test_a_share_of_a_run(self):
        for i in range(3):
            self.broken("s%d.example" % i, 1)
        self.add(samples.mails(self.now)[:1])
        yml = self.settings(rules={rule: "off" for rule in ("known_sender_failing", "unknown_source", "unlisted_own_server")})
        self.expect_quiet(self.run_agent(yml))
        self.expect("many mails cannot be read", "3 mails")

    def test_knobs(self):
        self.broken("broken.example", 4)
        self.run_agent(self.settings(rules={"report_unusable": {"min_messages": 5}}))
        self.expect()
        self.run_agent(self.settings(rules={"report_unusable": {"min_messages": 4}}), 1)
        self.expect("4 mails")


class Unexpected(Strangers):
    LOUD = {"unexpected_domain": {"severity": "warning"}}

    def test_told_once_until_it_is_configured(self):
        self.report("forgotten.example")
        yml = self.settings()
        self.expect_quiet(self.run_agent(yml))
        self.expect()  # info is for the digest
        self.assertEqual(self.rows("SELECT subject, severity, state FROM incident WHERE rule = 'unexpected_domain'"),
                         [("forgotten.example", "info", "firing")])
        self.expect_quiet(self.run_agent(self.settings(rules=self.LOUD), 1))
        self.report("forgotten.example", name="Beta")
        self.expect_quiet(self.run_agent(self.settings(rules=self.LOUD), 2))
        self.expect("WARNING the agent: reports about forgotten.*not configured", "not verified", "unexpected_domain")
        self.expect_quiet(self.run_agent(self.settings(rules=self.LOUD), 3))
        self.expect()
        domains = dict(samples.DOMAINS, **{"forgotten.example": {"senders": ["own"]}})
        self.expect_quiet(self.run_agent(self.settings(rules=self.LOUD, domains=domains), 4))
        self.assertEqual(self.rows("SELECT state FROM incident WHERE rule = 'unexpected_domain'"), [("resolved",)])

    def test_passed_over_by_the_configuration(self):
        self.report("other.example")
        domains = dict(samples.DOMAINS, **{"*": {"monitor": False}})
        self.expect_quiet(self.run_agent(self.settings(rules=self.LOUD, domains=domains)))
        self.expect()
        self.assertEqual(self.rows("SELECT count(*) FROM incident"), [(0,)])

    def test_authenticity(self):
        self.report("forged.example", dmarc="fail")
        yml = self.settings(TRUST, rules={"unexpected_domain": {"severity": "critical"}})
        self.expect_quiet(self.run_agent(yml))
        self.expect()
        self.report("unknown.example", host="gamma.example.org")
        self.expect_quiet(self.run_agent(yml, 1))
        self.expect("WARNING the agent: reports about unknown", "not verified")
        self.report("true.example", dmarc="pass")
        self.expect_quiet(self.run_agent(yml, 2))
        (text,) = self.texts()
        self.assertRegex(text, "CRITICAL the agent: reports about true")

    def test_a_flood_is_one(self):
        for i in range(30):
            self.report("d%d.example" % i)
        yml = self.settings(rules=self.LOUD)
        self.expect_quiet(self.run_agent(yml))
        self.expect("reports about 30 domains that are not configured")
        self.report("d31.example")
        self.expect_quiet(self.run_agent(yml, 1))
        self.expect()

    def test_the_hourly_budget(self):
        self.report("other.example")
        loud = dict(rules=self.LOUD, limits={"notices_hour": 1})
        yml = self.settings(**loud)
        self.broken("broken.example", 3)
        self.assertIn("1 notices wait for a later run", self.run_agent(yml).err)
        self.expect("mails from broken|reports about other")
        self.run_agent(yml, 1.1)
        self.expect("mails from broken|reports about other")
        self.run_agent(yml, 2.2)
        self.expect()
        self.assertEqual(self.rows("SELECT rule FROM incident WHERE told_at > 0 ORDER BY rule"),
                         [("report_unusable",), ("unexpected_domain",)])


if __name__ == "__main__":
    unittest.main()
