#!/usr/bin/env python3
"""Failure reports that a run tells of: of a stranger, of a sender of ours, forged, and very many."""
import os
import sqlite3
import sys
import unittest
from email.utils import formatdate

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from lib import told  # noqa: E402
from lib.scene import Scene  # noqa: E402
import samples  # noqa: E402

TRUST = {"authserv_id": "mx.example.com"}
RESULT = "Authentication-Results: mx.example.com; dmarc=%s header.from=zeta.example.org\n"
MAIL = """From: ruf@zeta.example.org
To: dmarc@example.com
Date: %(date)s
Subject: FW: hello
Message-ID: <%(name)s@zeta.example.org>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b"

--b
Content-Type: text/plain

A failure.

--b
Content-Type: message/feedback-report

Feedback-Type: auth-failure
Version: 1
User-Agent: test
Auth-Failure: dkim
Source-IP: %(ip)s
Reported-Domain: %(domain)s
DKIM-Domain: example.com
DKIM-Selector: mail

--b
Content-Type: text/rfc822-headers

From: a@%(domain)s
Message-ID: <%(name)s@mail.example>

--b--
"""
LOUD = {"failure_report": {"severity": "warning"}}


class FailureReports(Scene):
    def settings(self, trust=None, **more):
        values = dict(self.values(), **more)
        if trust:
            values["mailboxes"]["main"]["trust"] = trust
        return self.config(values)

    def report(self, name, ip, dmarc=None, domain="example.com", days_ago=0):
        text = MAIL % {"date": formatdate(self.now), "name": name, "ip": ip, "domain": domain}
        above = RESULT % dmarc if dmarc else ""
        self.add([samples.Mail(name, (above + text).encode(), self.now - days_ago * samples.DAY - 3600)])

    def states(self):
        db = sqlite3.connect("file:%s?mode=ro" % self.path("state", "dmarcwarn.db"), uri=True)
        try:
            return db.execute("SELECT subject, severity, state FROM incident WHERE rule = 'failure_report' ORDER BY subject").fetchall()
        finally:
            db.close()

    def expect(self, *patterns):
        """One notice came since the last look, in which all the patterns occur; without any, none came."""
        texts = [told.slack_text(r) for r in self.slack.take()]
        self.assertEqual(len(texts), 1 if patterns else 0, texts)
        for pattern in patterns:
            self.assertRegex(texts[0], "(?is)" + pattern)

    def test_a_stranger_and_a_sender_of_ours(self):
        yml = self.settings()
        self.report("one", samples.STRANGER)
        self.expect_quiet(self.run_agent(yml))
        self.expect()  # info is for the digest
        self.report("two", samples.OWN)
        self.expect_quiet(self.run_agent(yml, 1))
        self.expect("WARNING example.com: single failed mails from 192.0.2.0/24", r"192\[.\]0\[.\]2\[.\]10, dkim, <two\[@\]mail",
                    "not verified", "failure_report")
        self.report("three", samples.OWN)
        self.expect_quiet(self.run_agent(yml, 2))
        self.expect()  # it goes on
        self.assertEqual(self.states(), [("192.0.2.0/24", "warning", "firing"), ("203.0.113.0/24", "info", "firing")])
        self.expect_quiet(self.run_agent(yml, 24 * 8))
        self.expect()
        self.assertEqual([s[2] for s in self.states()], ["resolved", "resolved"])
        self.expect_quiet(self.run_agent(yml, 24 * 8))
        self.expect()

    def test_whose_it_is_not(self):
        self.report("one", samples.OWN, domain="other.example")
        self.expect_quiet(self.run_agent(self.settings(rules=LOUD)))
        self.expect()
        self.assertEqual(self.states(), [])

    def test_authenticity(self):
        yml = self.settings(TRUST, rules={"failure_report": {"severity": "critical"}})
        self.report("forged", samples.OWN, "fail")
        self.expect_quiet(self.run_agent(yml))
        self.expect()
        self.report("unknown", samples.OWN)
        self.expect_quiet(self.run_agent(yml, 1))
        self.expect("WARNING example.com: single failed mails", "not verified")
        self.report("true", samples.OWN, "pass")
        self.expect_quiet(self.run_agent(yml, 2))
        self.expect("CRITICAL example.com: single failed mails", "More severe")

    def test_very_many_are_one(self):
        for i in range(30):
            self.report("n%d" % i, "203.0.%d.7" % i)
        self.report("ours", samples.OWN)
        yml = self.settings(rules=LOUD)
        self.expect_quiet(self.run_agent(yml))
        self.expect("from 30 networks", "192.0.2.0/24")
        self.report("more", "203.0.99.7")
        self.expect_quiet(self.run_agent(yml, 1))
        self.expect()

    def test_who_is_left_of_very_many_is_no_news(self):
        for i in range(25):
            self.report("n%d" % i, "203.0.%d.7" % i, days_ago=4 if i < 15 else 0)
        yml = self.settings(rules=LOUD)
        self.expect_quiet(self.run_agent(yml))
        self.expect("from 25 networks")
        self.expect_quiet(self.run_agent(yml, 24 * 5))
        self.expect()

    def test_knobs(self):
        self.report("one", samples.OWN)
        self.expect_quiet(self.run_agent(self.settings(rules={"failure_report": {"min_messages": 2}})))
        self.expect()
        self.report("two", samples.OWN)
        self.expect_quiet(self.run_agent(self.settings(rules={"failure_report": {"min_messages": 2}}), 1))
        self.expect("2 mails")
        self.expect_quiet(self.run_agent(self.settings(rules={"failure_report": "off"}), 2))
        self.expect()
        self.assertEqual([s[2] for s in self.states()], ["resolved"])


if __name__ == "__main__":
    unittest.main()
