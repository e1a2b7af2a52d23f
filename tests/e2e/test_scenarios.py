#!/usr/bin/env python3
"""What happens to real domains, a story each: who is told what, when, and that nobody is told more. Days pass between the runs."""
import os
import sys
import unittest
from collections import Counter

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "years"))
from lib.scene import Scene  # noqa: E402
import samples  # noqa: E402
import world  # noqa: E402

ALPHA, BETA = ("Alpha Mail", "alpha.example.org"), ("Beta Mail", "beta.example.org")
OFFICE = "192.0.2.10"
TRUST = {"authserv_id": "mx.example.net"}


class Story(Scene):
    """Day 0 is today. Reports come on the morning after their day, the agent runs at noon; notices arrive as JSON at a listener."""

    seconds = 300

    def setUp(self):
        super().setUp()
        self.hook = self.listener(self.authority().good)
        self.today = self.now // samples.DAY
        self._mails = 0

    def settings(self, domains, senders=None, **more):
        values = self.values()
        values["mailboxes"]["main"]["trust"] = TRUST
        values["senders"] = senders or {"office": {"ip": [OFFICE], "dkim": [{"domain": d, "selector": ["mail2024"]} for d in domains if d != "*"]}}
        values["domains"] = domains
        values["channels"] = {"hook": {"type": "webhook", "url": self.hook.url("/hook"), "ca_file": self.authority().ca_file}}
        values.update(more)
        return self.config(values)

    def report(self, day, domain, rows, reporter=ALPHA, policy="reject", arrives=None):
        """`rows` maps world.Row to messages."""
        org, host = reporter
        when = (self.today + (day + 1 if arrives is None else arrives)) * samples.DAY + 7200 + self._mails
        self._mails += 1
        xml = world.report_xml(org, host, domain, policy, self.today + day, Counter(rows))
        self.imap.add("dmarc", world.report_mail(host, domain, xml, when), when=when)

    def good(self, domain, n, ip=OFFICE):
        return {world.Row(ip, domain, True, True, ((domain, "mail2024", "pass"),), (domain, "pass")): n}

    def run_on(self, yml, day):
        """The alerts of the run at noon of a day."""
        self.expect_quiet(self.run_agent(yml, day * 24))
        notices = [r.json() for r in self.hook.take()]
        self.notices = notices
        return [a for n in notices for a in n["alerts"]]

    def told(self, alerts, *expected):
        """Exactly these: (rule, severity, reason)."""
        self.assertEqual(sorted((a["rule"], a["severity"], a["reason"]) for a in alerts), sorted(expected),
                         "\n".join(a["title"] for a in alerts))

    def good_days(self, domains, n=100, days=range(-8, 0), **more):
        for day in days:
            for domain in domains:
                for reporter in (ALPHA, BETA):
                    self.report(day, domain, self.good(domain, n), reporter, **more)


class Platform(Story):
    """The servers of a large platform carry our mail and that of a million others."""

    def tenant(self, name, n, ip="198.51.100.40", aligned=False, spf=False):
        signatures = (("example.com", "s1", "pass"),) if aligned else ((name, "s1", "pass"),)
        return {world.Row(ip, "example.com", aligned, spf, signatures, ("bounce.platform.example", "pass")): n}

    def senders(self):
        return {"office": {"ip": [OFFICE]},
                "platform": {"signs_as": ["ours.platform.example"]},
                "carrier": {"bounces_as": ["bounce.platform.example"], "shared": True}}

    def test_another_tenant_spoofs_us(self):
        yml = self.settings({"example.com": {"senders": ["office", "platform", "carrier"]}}, self.senders())
        self.good_days(["example.com"])
        self.run_on(yml, 0)
        self.report(0, "example.com", self.good("example.com", 100), BETA)
        self.report(0, "example.com", {row._replace(reason="local_policy"): n for row, n in self.tenant("stranger.platform.example", 60).items()})
        alerts = self.run_on(yml, 1)
        self.told(alerts, ("unknown_source", "warning", "first"))
        self.assertEqual(alerts[0]["via"], "carrier")
        self.assertNotIn("your sender", (alerts[0]["title"] + alerts[0]["summary"]).lower())

    def test_our_own_tenant_fails(self):
        yml = self.settings({"example.com": {"senders": ["office", "platform", "carrier"]}}, self.senders())
        self.good_days(["example.com"])
        self.run_on(yml, 0)
        self.report(0, "example.com", self.tenant("ours.platform.example", 60))
        alerts = self.run_on(yml, 1)
        self.told(alerts, ("known_sender_failing", "critical", "first"))
        self.assertEqual(alerts[0]["subject"]["name"], "platform")

    def test_another_tenant_forwards_our_mail(self):
        yml = self.settings({"example.com": {"senders": ["office", "platform", "carrier"]}}, self.senders())
        self.good_days(["example.com"])
        self.run_on(yml, 0)
        self.report(0, "example.com", {world.Row("198.51.100.41", "example.com", True, False, (("example.com", "mail2024", "pass"), (
            "forwarder.platform.example", "s1", "pass")), ("bounce.platform.example", "pass")): 200})
        self.told(self.run_on(yml, 1))


class Time(Story):
    def test_a_report_from_the_future(self):
        yml = self.settings({"example.com": {"senders": ["office"]}})
        self.good_days(["example.com"])
        self.run_on(yml, 0)
        self.report(365, "example.com", {world.spoof("example.com", "203.0.113.66")._replace(reason="local_policy"): 5000}, policy="none", arrives=1)
        self.told(self.run_on(yml, 1))
        for day in range(1, 4):
            self.report(day, "example.com", self.good("example.com", 100))
            self.told(self.run_on(yml, day + 1))

    def test_a_late_report_of_a_closed_day(self):
        yml = self.settings({"example.com": {"senders": ["office"]}})
        self.good_days(["example.com"])
        self.run_on(yml, 0)
        spoof = world.spoof("example.com", "203.0.113.66")._replace(reason="local_policy")
        self.report(0, "example.com", {spoof: 60})
        self.told(self.run_on(yml, 1), ("unknown_source", "warning", "first"))
        self.good_days(["example.com"], days=range(0, 3))
        self.report(0, "example.com", {spoof: 90}, ("Gamma Outlook", "gamma.example.org"), arrives=4)
        self.told(self.run_on(yml, 4))

    def test_a_long_weekend(self):
        yml = self.settings({"example.com": {"senders": ["office"]}})
        self.good_days(["example.com"], days=range(-20, 0))
        self.run_on(yml, 0)
        for day in range(0, 4):
            for reporter in (ALPHA, BETA):
                self.report(day, "example.com", self.good("example.com", 6), reporter)
            self.told(self.run_on(yml, day + 1))
        self.good_days(["example.com"], days=range(4, 6))
        self.told(self.run_on(yml, 6))

    def test_a_key_is_rotated_at_a_small_domain(self):
        """Twenty mails a day; from Thursday the new key is in no DNS, and SPF does not cover what is forwarded on."""
        yml = self.settings({"example.com": {"senders": ["office"]}})
        signed = {world.Row(OFFICE, "example.com", True, False, (("example.com", "mail2024", "pass"),), ("mta.example.net", "pass")): 20}
        broken = {world.Row(OFFICE, "example.com", False, False, (("example.com", "mail2026", "permerror"),), ("mta.example.net", "pass")): 20}
        for day in range(-20, 0):
            self.report(day, "example.com", signed)
        self.run_on(yml, 0)
        self.report(0, "example.com", broken)
        alerts = self.run_on(yml, 1)
        self.told(alerts, ("known_sender_failing", "critical", "first"))
        self.report(1, "example.com", broken)
        self.told(self.run_on(yml, 2), ("known_sender_failing", "critical", "repeat"))
        self.report(2, "example.com", broken)
        self.told(self.run_on(yml, 3))


class Small(Story):
    def test_three_messages_a_week(self):
        """A domain with one message every other day: told at the second report after its DKIM broke."""
        yml = self.settings({"example.com": {"senders": ["office"]}})
        signed = world.Row(OFFICE, "example.com", True, False, (("example.com", "mail2024", "pass"),), ("mta.example.net", "pass"))
        for day in range(-30, 0, 2):
            self.report(day, "example.com", {signed: 2})
        self.run_on(yml, 0)
        broken = signed._replace(dkim=False, signatures=(("example.com", "mail2024", "fail"),))
        self.report(1, "example.com", {broken: 2})
        self.told(self.run_on(yml, 2))
        self.report(3, "example.com", {broken: 2})
        self.told(self.run_on(yml, 4), ("known_sender_failing", "critical", "first"))


class Newcomer(Story):
    def test_p_none_is_told_once(self):
        """Strangers of forty networks at a domain that asks for nothing: one notice of the domain, and again at tenfold only."""
        yml = self.settings({"example.com": {"senders": ["office"]}})
        self.good_days(["example.com"], policy="none")
        self.run_on(yml, 0)

        def spoofed(day, n):
            self.report(day, "example.com", {world.spoof("example.com", "198.18.%d.7" % k): n for k in range(40)}, policy="none")
        spoofed(0, 12)
        alerts = self.run_on(yml, 1)
        self.assertEqual(len(alerts), 1, [a["title"] for a in alerts[:3]])
        self.told(alerts, ("spoofed_under_none", "warning", "first"))
        self.assertIn("40 networks", alerts[0]["summary"])
        for day in (1, 2):
            spoofed(day, 12)
            self.told(self.run_on(yml, day + 1))
        spoofed(3, 1200)
        self.assertEqual(len(self.run_on(yml, 4)), 1)


class Crowd(Story):
    def test_one_source_over_many_domains(self):
        """The same stranger in the name of 120 domains of a customer is one incident with the domains as facts."""
        names = ["d%03d.example" % n for n in range(120)]
        yml = self.settings({n: {"senders": ["office"], "tenant": "acme"} for n in names}, {"office": {"ip": [OFFICE]}})
        for n in names:
            self.report(-1, n, self.good(n, 50))
        self.run_on(yml, 0)
        for n in names:
            self.report(0, n, {world.spoof(n, "203.0.113.66")._replace(reason="local_policy"): 30})
        alerts = self.run_on(yml, 1)
        self.assertEqual((len(self.notices), len(alerts)), (1, 1), [a["title"] for a in alerts[:3]])
        for n in names:
            self.report(1, n, {world.spoof(n, "203.0.113.66")._replace(reason="local_policy"): 30})
        self.told(self.run_on(yml, 2))

    def test_one_source_over_many_domains_that_ask_for_nothing(self):
        """The same, where all of them publish p=none."""
        names = ["d%03d.example" % n for n in range(40)]
        yml = self.settings({n: {"senders": ["office"], "tenant": "acme"} for n in names}, {"office": {"ip": [OFFICE]}})
        for n in names:
            self.report(-1, n, self.good(n, 50), policy="none")
        self.run_on(yml, 0)
        for n in names:
            self.report(0, n, {world.spoof(n, "203.0.113.66"): 30}, policy="none")
        alerts = self.run_on(yml, 1)
        self.assertEqual((len(self.notices), len(alerts)), (1, 1), [a["title"] for a in alerts[:3]])
        self.told(alerts, ("spoofed_under_none", "warning", "first"))
        self.assertIn("40 domains", alerts[0]["title"])
        self.assertIn("from 1 network ", alerts[0]["summary"])
        for n in names:
            self.report(1, n, {world.spoof(n, "203.0.113.66"): 30}, policy="none")
        self.told(self.run_on(yml, 2))

    def test_a_botnet_is_one_message(self):
        yml = self.settings({"example.com": {"senders": ["office"]}})
        self.good_days(["example.com"])
        self.run_on(yml, 0)
        self.report(0, "example.com", {world.spoof("example.com", "2001:db8:%x::1" % n)._replace(reason="local_policy"): 12 for n in range(5000)})
        alerts = self.run_on(yml, 1)
        self.assertEqual((len(self.notices), len(alerts)), (1, 1), [a["title"] for a in alerts[:5]])
        self.assertEqual(alerts[0]["counts"]["let_through"], 60000)

    def test_a_storm_at_one_customer_hides_nothing_of_another(self):
        names = ["d%02d.example" % n for n in range(30)]
        domains = {n: {"senders": ["office"], "tenant": "acme"} for n in names}
        domains["quiet.example"] = {"senders": ["office"], "tenant": "beta"}
        yml = self.settings(domains, {"office": {"ip": [OFFICE]}})
        for n in domains:
            self.report(-1, n, self.good(n, 50))
        self.run_on(yml, 0)
        for k, n in enumerate(names):
            self.report(0, n, {world.spoof(n, "198.18.%d.66" % k)._replace(reason="local_policy"): 30})
        self.report(0, "quiet.example", {world.Row(OFFICE, "quiet.example", False, False, (), ("mta.example.net", "pass")): 50})
        alerts = self.run_on(yml, 1)
        critical = [n for n in self.notices if n["group"]["tenant"] == "beta"]
        self.assertEqual([(a["rule"], a["severity"]) for n in critical for a in n["alerts"]], [("known_sender_failing", "critical")])
        storm = [n for n in self.notices if n["group"]["tenant"] == "acme"]
        self.assertLessEqual(len(storm), 11, "the storm of acme")
        told = {a["domain"] for n in storm for a in n["alerts"]} | {d for n in storm for d in n.get("rest", [])}
        self.assertTrue(told, alerts)


if __name__ == "__main__":
    unittest.main()
