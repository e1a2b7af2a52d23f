#!/usr/bin/env python3
"""TLS reports that a run tells of: failing sessions by the mode of the policy, how sure they are, and their end; policies that change."""
import base64
import gzip
import json
import os
import sqlite3
import sys
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from lib import told  # noqa: E402
from lib.scene import Scene  # noqa: E402
import samples  # noqa: E402

TRUST = {"authserv_id": "mx.example.com"}
RESULT = "Authentication-Results: mx.example.com; dmarc=%s header.from=alpha.example.org\n"
MAIL = """From: tls@alpha.example.org
To: dmarc@example.com
Subject: Report Domain: example.com
Message-ID: <%s@alpha.example.org>
MIME-Version: 1.0
Content-Type: application/tlsrpt+json; name="r.json"

%s
"""
EXPIRED = "certificate-expired"


def sts(mode, mx="mx.example.com"):
    return {"policy-type": "sts", "policy-string": ["version: STSv1", "mode: " + mode, "mx: " + mx, "max_age: 86400"]}


class TlsScene(Scene):
    def settings(self, trust=None, **more):
        values = dict(self.values(), **more)
        if trust:
            values["mailboxes"]["main"]["trust"] = trust
        return self.config(values)

    def report(self, failed, ok, days_ago=1, policy=None, org="Alpha", kind=EXPIRED, dmarc=None, domain="Example.COM", failures=None):
        name = "%s-%d-%d-%d" % (org, failed, ok, days_ago)
        day = time.strftime("%Y-%m-%d", time.gmtime(self.now - days_ago * samples.DAY))
        if failures is None:
            failures = [{"result-type": kind, "failed-session-count": failed, "receiving-mx-hostname": "mx.example.com"}] if failed else []
        report = {"organization-name": org, "contact-info": "tls@alpha.example.org", "report-id": name,
                  "date-range": {"start-datetime": day + "T00:00:00Z", "end-datetime": day + "T23:59:59Z"},
                  "policies": [{"policy": dict(policy or {"policy-type": "no-policy-found"}, **{"policy-domain": domain}),
                                "summary": {"total-successful-session-count": ok, "total-failure-session-count": failed},
                                "failure-details": failures}]}
        received = self.now - (days_ago - 1) * samples.DAY - 3600
        self.add([samples.Mail(name, ((RESULT % dmarc if dmarc else "") + MAIL % (name, json.dumps(report))).encode(), received)])

    def rows(self, sql, *args):
        db = sqlite3.connect("file:%s?mode=ro" % self.path("state", "dmarcwarn.db"), uri=True)
        try:
            return db.execute(sql, args).fetchall()
        finally:
            db.close()

    def states(self, rule="tls_failure"):
        return self.rows("SELECT subject, severity, state FROM incident WHERE rule = ? ORDER BY subject", rule)

    def expect(self, *patterns):
        """One notice came since the last look, in which all the patterns occur; without any, none came."""
        texts = [told.slack_text(r) for r in self.slack.take()]
        self.assertEqual(len(texts), 1 if patterns else 0, texts)
        for pattern in patterns:
            self.assertRegex(texts[0], "(?is)" + pattern)


class Failures(TlsScene):
    def test_it_begins_stays_and_is_over(self):
        yml = self.settings()
        self.report(9, 100)
        self.expect_quiet(self.run_agent(yml))
        self.expect()  # too few
        self.report(1, 1900, org="Beta")
        self.expect_quiet(self.run_agent(yml, 1))
        self.expect()  # less than one in a hundred
        self.report(15, 100, org="Gamma")
        self.expect_quiet(self.run_agent(yml, 2))
        self.expect("WARNING example.com: TLS fails: certificate-expired at mx", "25 of 2,125 sessions failed", "not verified", "tls_failure",
                    r"Reported by.*Gamma \(15\), Alpha \(9\), Beta \(1\)")
        self.expect_quiet(self.run_agent(yml, 3))
        self.expect()
        self.report(0, 100, days_ago=0, org="Gamma")
        self.expect_quiet(self.run_agent(yml, 26))
        self.expect()  # the others have not told of a better day yet: and nothing newer says that it goes on
        self.report(0, 100, days_ago=0)
        self.report(0, 100, days_ago=0, org="Beta")
        self.expect_quiet(self.run_agent(yml, 27))
        self.expect("RESOLVED example.com: TLS works again: certificate-expired")
        self.expect_quiet(self.run_agent(yml, 28))
        self.expect()

    def test_modes_and_trust(self):
        yml = self.settings(TRUST)
        self.report(15, 100, policy=sts("enforce"), dmarc="fail")
        self.expect_quiet(self.run_agent(yml))
        self.expect()
        self.report(16, 100, policy=sts("testing"), dmarc="pass", kind="sts-webpki-invalid")
        self.expect_quiet(self.run_agent(yml, 1))
        self.expect()  # info is for the digest
        self.report(17, 100, policy=sts("enforce"), kind="validation-failure")
        self.expect_quiet(self.run_agent(yml, 2))
        self.expect("WARNING example.com: TLS fails: validation-failure", "not verified", "is enforced")
        self.report(18, 100, policy=sts("enforce"), kind="starttls-not-supported", dmarc="pass")
        self.expect_quiet(self.run_agent(yml, 3))
        self.expect("CRITICAL example.com: TLS fails: starttls-not-supported", "is enforced")
        self.report(19, 100, policy={"policy-type": "tlsa", "policy-string": ["3 1 1 00"]}, kind="tlsa-invalid", dmarc="pass")
        self.expect_quiet(self.run_agent(yml, 4))
        self.expect("CRITICAL example.com: TLS fails: tlsa-invalid", "TLSA records")
        self.assertEqual([(s[0].split(" ")[0], s[1]) for s in self.states()],
                         [("starttls-not-supported", "critical"), ("sts-webpki-invalid", "info"), ("tlsa-invalid", "critical"),
                          ("validation-failure", "warning")])

    def test_only_who_is_verified_ends_what_is(self):
        yml = self.settings(TRUST)
        self.report(18, 100, days_ago=2, policy=sts("enforce"), dmarc="pass")
        self.report(19, 100, days_ago=2, policy=sts("enforce"), org="Beta", kind="validation-failure")
        self.expect_quiet(self.run_agent(yml))
        self.expect("CRITICAL example.com", "certificate-expired", "validation-failure")
        self.report(0, 100, policy=sts("enforce"))  # anybody's, under the name of who told of it
        self.expect_quiet(self.run_agent(yml, 1))
        self.expect()
        self.report(0, 101, policy=sts("enforce"), dmarc="pass", org="Alpha Mail")
        self.report(0, 101, policy=sts("enforce"), org="Beta")
        self.expect_quiet(self.run_agent(yml, 2))
        self.expect("RESOLVED example.com", "certificate-expired", "validation-failure")

    def test_a_verified_end_needs_no_trust(self):
        yml = self.settings(TRUST)
        self.report(18, 100, days_ago=2, policy=sts("enforce"), dmarc="pass")
        self.expect_quiet(self.run_agent(yml))
        self.expect("CRITICAL example.com")
        self.report(0, 101, policy=sts("enforce"), dmarc="pass")
        self.expect_quiet(self.run_agent(yml, 1))
        self.expect("RESOLVED example.com(?!.*not verified)")

    def test_types_that_nobody_knows_are_one(self):
        yml = self.settings(alerting={"repeat": "never"})
        self.report(15, 100, kind="made-up-one")
        self.expect_quiet(self.run_agent(yml))
        self.expect("WARNING example.com: TLS fails: other at mx")
        self.report(16, 100, days_ago=0, kind="made-up-two")
        self.expect_quiet(self.run_agent(yml, 26))
        self.expect()

    def very_many(self):
        failures = [{"result-type": EXPIRED, "failed-session-count": 40 if i < 30 else 1, "receiving-mx-hostname": "mx%d.example.com" % i}
                    for i in range(2000)]
        self.report(3170, 10, failures=failures)
        yml = self.settings()
        self.expect_quiet(self.run_agent(yml))
        self.expect("WARNING example.com: TLS fails in 30 ways")
        return yml

    def test_very_many_kinds_are_one(self):
        self.expect_quiet(self.run_agent(self.very_many(), 1))
        self.expect()

    def test_silence_about_very_many_is_no_proof(self):
        yml = self.very_many()
        self.expect_quiet(self.run_agent(yml, 24 * 10))
        self.expect()
        self.assertEqual([s[2] for s in self.states()], ["firing"])
        self.expect_quiet(self.run_agent(yml, 24 * 40))
        self.expect()
        self.assertEqual([s[2] for s in self.states()], ["resolved"])

    def test_very_many_are_proven_to_be_over(self):
        yml = self.very_many()
        self.report(0, 100, days_ago=0)
        self.expect_quiet(self.run_agent(yml, 26))
        self.expect("RESOLVED example.com: TLS works again(?!:)")

    def test_others_and_nobodys(self):
        self.report(15, 100, domain="other.example")
        self.expect_quiet(self.run_agent(self.settings()))
        self.expect()
        self.assertEqual(self.states(), [])

    def test_silence_is_no_proof(self):
        yml = self.settings(alerting={"repeat": "never"})
        self.report(15, 100)
        self.expect_quiet(self.run_agent(yml))
        self.expect("TLS fails")
        self.expect_quiet(self.run_agent(yml, 24 * 20))
        self.expect()
        self.assertEqual([s[2] for s in self.states()], ["firing"])
        self.expect_quiet(self.run_agent(yml, 24 * 40))
        self.expect()
        self.assertEqual([s[2] for s in self.states()], ["resolved"])

    def test_knobs(self):
        self.report(15, 100)
        self.expect_quiet(self.run_agent(self.settings(rules={"tls_failure": {"min_messages": 16}})))
        self.expect()
        self.expect_quiet(self.run_agent(self.settings(rules={"tls_failure": {"rate": "20%"}}), 1))
        self.expect()
        self.expect_quiet(self.run_agent(self.settings(rules={"tls_failure": {"rate": "10%", "severity": "info"}}), 2))
        self.expect()
        self.assertEqual([s[1] for s in self.states()], ["info"])


class VeryMany(TlsScene):
    PACKED = MAIL.replace("tlsrpt+json", "tlsrpt+gzip").replace("r.json", "r.json.gz").replace(
        "MIME-Version", "Content-Transfer-Encoding: base64\nMIME-Version")

    def packed(self, name, policies):
        """One report in a small mail."""
        day = time.strftime("%Y-%m-%d", time.gmtime(self.now - samples.DAY))
        report = {"organization-name": name, "contact-info": "tls@alpha.example.org", "report-id": name,
                  "date-range": {"start-datetime": day + "T00:00:00Z", "end-datetime": day + "T23:59:59Z"},
                  "policies": [{"policy": policy, "summary": {"total-successful-session-count": 1, "total-failure-session-count": 0}}
                               for policy in policies]}
        content = base64.encodebytes(gzip.compress(json.dumps(report).encode())).decode()
        self.add([samples.Mail(name, (self.PACKED % (name, content)).encode(), self.now - 3600)])

    def test_strangers_policies_and_many_domains(self):
        """Neither what is no concern of ours nor many domains take so much memory that nothing is told."""
        long = dict(sts("enforce"), **{"policy-string": ["version: STSv1", "mode: enforce"] + ["mx: %02d" % i + "x" * 105 for i in range(32)]})
        for i in range(45):
            self.packed("long%d" % i, [dict(long, **{"policy-domain": "p%d.example.net" % k}) for k in range(240)])
        self.report(15, 100)
        self.expect_quiet(self.run_agent(self.settings()))
        self.expect("TLS fails: certificate-expired")
        for i in range(23):
            self.packed("short%d" % i, [dict(sts("enforce"), **{"policy-domain": "q%d-%d.example.net" % (i, k)}) for k in range(200)])
        self.report(16, 100, days_ago=0, kind="validation-failure")
        yml = self.settings(domains=dict(samples.DOMAINS, **{"*": {"senders": []}}))
        self.expect_quiet(self.run_agent(yml, 26))
        self.expect("TLS fails: validation-failure")


class TlsPolicy(TlsScene):
    LOUD = {"tls_policy_changed": {"severity": "warning"}}

    def policies(self):
        return [(s[0].split(" ")[0], s[2]) for s in self.states("tls_policy_changed")]

    def test_a_change_is_told_once(self):
        yml = self.settings(rules=self.LOUD)
        for org in ("Alpha", "Beta"):
            self.report(0, 10, days_ago=4, policy=sts("enforce"), org=org)
        self.report(0, 10, days_ago=4, org="Gamma")  # which does not know MTA-STS
        self.expect_quiet(self.run_agent(yml))
        self.expect()
        self.report(0, 11, days_ago=3, policy=sts("testing"))
        self.report(0, 11, days_ago=3, policy=sts("enforce"), org="Beta")  # which keeps it for a while
        self.report(0, 11, days_ago=3, org="Gamma")
        self.expect_quiet(self.run_agent(yml, 1))
        self.expect("WARNING example.com: the TLS policy has changed", "mode=testing", "Before, it was mode=enforce", "not verified",
                    "tls_policy_changed")
        self.report(0, 12, days_ago=2, policy=sts("testing"))
        self.report(0, 12, days_ago=2, policy=sts("testing"), org="Beta")
        self.expect_quiet(self.run_agent(yml, 2))
        self.expect()
        self.report(0, 13, days_ago=1, policy=sts("enforce"))
        self.expect_quiet(self.run_agent(yml, 3))
        self.expect("the TLS policy has changed", "say mode=enforce", "Before, it was mode=testing")
        self.report(0, 13, days_ago=0, policy={"policy-type": "no-policy-found"})
        self.expect_quiet(self.run_agent(yml, 26))
        self.expect("say no-policy-found", "Before, it was mode=enforce")
        self.expect_quiet(self.run_agent(yml, 27))
        self.expect()
        self.assertEqual(self.policies(), [("mode=enforce", "resolved"), ("mode=testing", "resolved"), ("no-policy-found", "firing")])
        self.expect_quiet(self.run_agent(yml, 24 * 10))
        self.expect()
        self.assertEqual([p[1] for p in self.policies()], ["resolved"] * 3)

    def test_authenticity(self):
        yml = self.settings(TRUST, rules={"tls_policy_changed": {"severity": "critical"}})
        self.report(0, 10, days_ago=4, policy=sts("enforce"), dmarc="pass")
        self.expect_quiet(self.run_agent(yml))
        self.report(0, 11, days_ago=3, policy=sts("none"), dmarc="fail")
        self.expect_quiet(self.run_agent(yml, 1))
        self.expect()
        self.report(0, 12, days_ago=2, policy=sts("none"))
        self.expect_quiet(self.run_agent(yml, 2))
        self.expect()  # the same reporter is verified
        self.report(0, 13, days_ago=1, policy=sts("testing"), dmarc="pass")
        self.expect_quiet(self.run_agent(yml, 3))
        self.expect("CRITICAL example.com: the TLS policy has changed", "mode=testing")

    def test_what_waits_is_not_forgotten(self):
        yml = self.settings(rules=self.LOUD, limits={"notices_domain": 1})
        self.report(0, 10, days_ago=4, policy=sts("enforce"))
        self.expect_quiet(self.run_agent(yml))
        self.report(15, 100, days_ago=3, org="Beta")
        self.expect_quiet(self.run_agent(yml, 1))
        self.expect("TLS fails")
        self.report(0, 11, days_ago=3, policy=sts("none"))
        self.assertIn("1 notices wait for a later run", self.run_agent(yml, 1.5, args=["-v"]).err)
        self.expect()
        self.expect_quiet(self.run_agent(yml, 2.5))
        self.expect("the TLS policy has changed", "say mode=none")


if __name__ == "__main__":
    unittest.main()
