#!/usr/bin/env python3
"""Tenants as recipients: each hears of its own domains, in its own words, and nothing of one stands in a notice of another, whatever
kind of notice it is."""
import os
import re
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from lib import agent, told  # noqa: E402
from lib.scene import HOUR, Scene  # noqa: E402
import samples  # noqa: E402

TENANTS = ("acme", "zenith")
ALPHA, BRAVO = ("Alpha Mail", "alpha.example.org"), ("Bravo Mail", "bravo.example.org")


class TenantScene(Scene):
    seconds = 200

    def setUp(self):
        super().setUp()
        # Noon of a Tuesday: the digest of the day before is past.
        day = self.now // samples.DAY
        self.now = (day - (day + 2) % 7) * samples.DAY + 12 * HOUR
        self.today = self.now // samples.DAY * samples.DAY
        os.mkdir(self.path("reports"))

    def channel(self, name, **more):
        return dict({"type": "slack", "url": self.slack.url("/services/%s/secret-part" % name), "ca_file": self.authority().ca_file}, **more)

    def domains(self, n=4):
        return {"%s%d.example" % (t, i): {"senders": ["own"], "tenant": t} for t in TENANTS for i in range(n)}

    def settings(self, of=None, **more):
        """of: what else there is to say of a tenant; more: keys of the configuration; None takes one out."""
        values = dict(self.values(), mailboxes={"files": {"folder": self.path("reports")}}, domains=self.domains())
        values["channels"] = {name: self.channel(name) for name in ("ops",) + TENANTS}
        values["tenants"] = {t: dict({"to": [t], "digest": t}, **(of or {}).get(t, {})) for t in TENANTS}
        values["digest"] = {"to": "ops", "hour": 8}
        values.update(more)
        for key in [k for k, v in values.items() if v is None]:
            del values[key]
        return self.config(values)

    def report(self, day, domain, *rows, reporter=ALPHA):
        """What a reporter saw on that day, counted from today; it came two hours after its end."""
        report = samples.reporter(*reporter, self.today + day * samples.DAY)(domain, list(rows))
        path = self.write("reports/%s.%s.%+d.xml" % (domain, reporter[1], day), samples.google_xml(report._replace(policy="reject")))
        came = self.today + (day + 1) * samples.DAY + 2 * HOUR
        os.utime(path, (came, came))

    def heard(self):
        """What came since the last look: the texts, by channel."""
        texts = {}
        for request in self.slack.take():
            texts.setdefault(request.path.split("/")[2], []).append(told.slack_text(request))
        for channel, list_ in texts.items():
            for text in list_:
                named = [t for t in TENANTS if re.search(t, text)]
                self.assertLessEqual(len(named), 1, "%s is told of several tenants:\n%s" % (channel, text))
                self.assertIn(channel, ["ops"] + named, "%s is told of another tenant:\n%s" % (channel, text))
        return texts

    def run_on(self, yml, day):
        self.expect_quiet(self.run_agent(yml, day * 24))
        return self.heard()


class Apart(TenantScene):
    def test_nothing_of_one_in_the_notices_of_the_other(self):
        """The same stranger over all domains of both, a storm, reports that stop, and the digest."""
        yml = self.settings(alerting={"max_per_run": 2})
        names = list(self.domains())
        kinds = {}
        for day in range(9):
            for n, name in enumerate(names):
                rows = [samples.ours(samples.OWN, 50)]
                if day == 1:
                    rows.append(samples.spoof(samples.STRANGER, 30 + n, "none"))
                if day == 2:
                    rows.append(samples.spoof("203.0.%d.9" % (n + 1), 40 + n, "none"))
                    rows.append(samples.broken(samples.OWN, 20, "none"))
                if day < 6:
                    self.report(day - 1, name, *rows)
            heard = self.run_on(yml, day)
            for kind, words in (("fold", r"WARNING 4 domains: [^\n]*203\.0\.113\.0/24"), ("storm", "more domains? ha(s|ve) news"), ("digest", "weekly digest"),
                                ("silence", "No DMARC reports come")):
                for channel, texts in heard.items():
                    kinds.setdefault(kind, {}).setdefault(channel, 0)
                    kinds[kind][channel] += sum(re.search(words, t) is not None for t in texts)
        for kind in ("fold", "storm", "silence", "digest"):
            for channel in TENANTS:
                self.assertEqual(kinds[kind][channel], 1, (kind, channel, kinds))
            self.assertEqual(kinds[kind]["ops"], 2, (kind, kinds))

    def test_a_first_run_and_an_import(self):
        """What both find goes on in each customer's domains already: a summary for each, and one for who hears of all."""
        yml = self.settings()
        for n, name in enumerate(self.domains()):
            self.report(-1, name, samples.ours(samples.OWN, 50), samples.spoof("198.18.%d.9" % n, 30, "none"))
        self.one_summary_each(self.run_on(yml, 0), "in what the first run has read")
        for n, name in enumerate(self.domains()):
            self.report(-2, name, samples.ours(samples.OWN, 50), samples.spoof("203.0.%d.9" % n, 30, "none"))
        os.rename(self.path("reports"), self.path("old"))
        os.mkdir(self.path("reports"))
        done = agent.start("import", ["-c", yml, "--now", str(self.now + HOUR), self.path("old")]).result()
        self.assertIn("8 new reports, 8 known ones", done.out, str(done))
        self.one_summary_each(self.run_on(yml, 1), "what goes on in reports that were imported")

    def one_summary_each(self, heard, words):
        self.assertEqual({channel: len(texts) for channel, texts in heard.items()}, {"acme": 1, "zenith": 1, "ops": 2}, heard)
        for channel, texts in heard.items():
            for text in texts:
                self.assertIn(words, text, channel)
                self.assertEqual(len(set(re.findall(r"(?:acme|zenith)\d\.example", text))), 4, text)

    def test_a_domain_that_is_another_tenants_now(self):
        """Who had it was told of the failure; its end, with the figures of the days since then, is none of theirs."""
        def owned_by(tenant):
            return self.settings(domains={"acme-shop.example": {"senders": ["own"], "tenant": tenant}})
        for day in range(-6, 0):
            self.report(day, "acme-shop.example", samples.ours(samples.OWN, 50))
        self.run_on(owned_by("acme"), 0)
        self.report(0, "acme-shop.example", samples.broken(samples.OWN, 50, "reject"))
        self.assertEqual(set(self.run_on(owned_by("acme"), 1)), {"acme", "ops"})
        self.report(1, "acme-shop.example", samples.ours(samples.OWN, 50))
        heard = self.run_on(owned_by("zenith"), 2)
        self.assertEqual(set(heard), {"ops"}, heard)
        self.assertIn("RESOLVED", heard["ops"][0])

    def test_silences_go_to_the_channels_of_each_domain(self):
        """Domains without a tenant, which routes tell apart."""
        names = ["acme%d.example" % n for n in range(4)] + ["zenith%d.example" % n for n in range(4)]
        routes = [{"match": {"domain": [n for n in names if n.startswith(t)]}, "to": [t]} for t in TENANTS]
        yml = self.settings(domains={name: {"senders": ["own"]} for name in names}, routes=routes, digest={"to": "ops"}, tenants=None)
        for day in range(-6, 0):
            for name in names:
                self.report(day, name, samples.ours(samples.OWN, 50))
        self.assertEqual(self.run_on(yml, 0), {})
        heard = self.run_on(yml, 3)
        self.assertEqual({c: len(t) for c, t in heard.items()}, dict.fromkeys(TENANTS, 1), heard)
        for t in TENANTS:
            self.assertIn("4 domains", heard[t][0])


    def test_who_has_not_heard_of_a_source_is_told(self):
        """However many other domains it is known from, to others."""
        names = ["acme%d.example" % n for n in range(3)] + ["zenith0.example"]
        routes = [{"match": {"domain": names[-1:]}, "to": ["zenith"]}, {"to": ["acme"]}]
        yml = self.settings(domains={name: {"senders": ["own"]} for name in names}, routes=routes, digest=None, tenants=None)
        mine = samples.ours(samples.OWN, 90)
        for name in names:
            for day in range(-6, -2):
                self.report(day, name, mine)
        self.run_on(yml, -2)
        for name in names[:3]:
            self.report(-2, name, mine, samples.spoof(samples.STRANGER, 50, "none"))
        self.assertEqual(sorted(self.run_on(yml, -1)), ["acme"])
        self.report(-1, names[-1], mine, samples.spoof(samples.STRANGER, 500, "none"))
        self.assertEqual(sorted(self.run_on(yml, 0)), ["zenith"])


class Manners(TenantScene):
    def test_language_title_and_zone(self):
        yml = self.settings({"acme": {"lang": "ja", "title": "Acme K.K.", "tz": "Asia/Tokyo"}, "zenith": {"title": "Zenith *Ltd*"}})
        for t in TENANTS:
            self.report(-1, t + "0.example", samples.spoof(samples.STRANGER, 30, "none"))
        heard = self.run_on(yml, 0)
        (acme,), (zenith,) = heard["acme"], heard["zenith"]
        for words in ("DMARC に不合格", "Acme K.K. 宛て", "21:00 Asia/Tokyo"):
            self.assertIn(words, acme)
        for words in ("failed DMARC", "12:00 UTC", "For Zenith"):
            self.assertIn(words, zenith)
        self.assertEqual(len(heard["ops"]), 2)

    def test_a_channel_with_a_language_of_its_own_keeps_it(self):
        channels = {name: self.channel(name, lang="en") for name in ("ops",) + TENANTS}
        yml = self.settings({"acme": {"lang": "ja"}}, channels=channels)
        self.report(-1, "acme0.example", samples.spoof(samples.STRANGER, 30, "none"))
        self.assertIn("failed DMARC", self.run_on(yml, 0)["acme"][0])

    def test_the_digest_comes_at_the_hour_of_the_tenant(self):
        """Monday 8:00 is Sunday 23:00 UTC in Tokyo and 16:00 UTC in Los Angeles."""
        yml = self.settings({"acme": {"tz": "Asia/Tokyo"}}, digest={"to": [], "tz": "America/Los_Angeles"})
        for day in range(-6, 6):
            for name in self.domains(1):
                self.report(day, name, samples.ours(samples.OWN, 50))
        hours = {}
        for hour in (0, 5 * 24 + 10, 5 * 24 + 11, 6 * 24 + 2, 6 * 24 + 3, 6 * 24 + 4, 6 * 24 + 9):
            for channel, texts in self.run_on(yml, hour / 24).items():
                hours.setdefault(channel, []).extend(hour for t in texts if "weekly digest" in t)
        monday_noon = 6 * 24
        self.assertEqual(hours["acme"], [5 * 24 + 11])
        self.assertIn(hours["zenith"], ([monday_noon + 4], [monday_noon + 3]), "winter or summer")


class Owners(TenantScene):
    OWNERS = {"own": "it@example.com", "newsletter": "marketing@example.com"}

    def owned(self, to=(), **more):
        values = dict(senders={name: dict(s, owner=self.OWNERS[name]) for name, s in samples.SENDERS.items()},
                      channels={"mail": dict(self.mail_channel(), to=["postmaster@example.com", "owner", *to])},
                      tenants=None, digest=None, domains={"example.%s" % t: {"senders": list(samples.SENDERS)} for t in ("com", "net", "org")})
        return self.settings(**dict(values, **more))

    def mails(self, n):
        """So many came since the last look: the texts, by recipient."""
        mails = self.smtp.wait(self._mails_seen + n)[self._mails_seen:]
        self._mails_seen += len(mails)
        self.assertEqual(len(mails), n, [m["Subject"] for m in mails])
        for m in mails:
            self.assertEqual(m["To"], m["X-Original-To"] or m["Delivered-To"])
        return {m["To"]: told.mail_texts(m)["plain"] for m in mails}

    def test_each_owner_gets_what_its_senders_do(self):
        yml = self.owned()
        self.report(-1, "example.com", samples.ours(samples.OWN, 50), samples.broken(samples.OWN, 10, "none"), samples.ours(samples.NEWSLETTER, 50),
                    samples.broken(samples.NEWSLETTER, 20, "none"), samples.spoof(samples.STRANGER, 30, "none"))
        self.assertEqual(self.run_on(yml, 0), {})
        mails = self.mails(3)
        for words in ("own", "newsletter", samples.STRANGER):
            self.assertRegex(mails["postmaster@example.com"], r"\b%s\b" % words)
        self.assertNotRegex(mails["it@example.com"], "newsletter|" + samples.STRANGER)
        self.assertIn("own", mails["it@example.com"])
        self.assertNotRegex(mails["marketing@example.com"], r"[“\"]own[”\"]|" + samples.STRANGER)
        self.assertIn("newsletter", mails["marketing@example.com"])
        self.report(0, "example.com", samples.ours(samples.OWN, 50), samples.ours(samples.NEWSLETTER, 50))
        self.run_on(yml, 1)
        for to, text in self.mails(3).items():
            self.assertEqual(text.count("RESOLVED"), 2 if to.startswith("postmaster") else 1, text)

    def test_who_gets_all_gets_no_second_mail(self):
        yml = self.owned(to=["IT@example.com"])
        self.report(-1, "example.com", samples.ours(samples.OWN, 50), samples.broken(samples.OWN, 10, "none"))
        self.run_on(yml, 0)
        self.report(-1, "example.net", samples.ours(samples.OWN, 50), samples.spoof(samples.STRANGER, 30, "none"))
        self.run_on(yml, 1)
        mails = self.smtp.wait(4)
        self.assertEqual([m["Subject"] for m in mails if m["To"] == "it@example.com"], [])
        self.assertEqual(len(mails), 4)

    def test_over_many_domains_and_where_nobody_owns_it(self):
        yml = self.owned()
        for domain in ("example.com", "example.net", "example.org"):
            self.report(-1, domain, samples.ours(samples.OWN, 50), samples.broken(samples.OWN, 10, "none"))
        self.run_on(yml, 0)
        mails = self.mails(2)
        for to in ("it@example.com", "postmaster@example.com"):
            self.assertIn("3 domains", mails[to])
        self.report(0, "example.com", samples.spoof(samples.STRANGER, 30, "none"))
        self.run_on(yml, 1)
        self.assertEqual(list(self.mails(1)), ["postmaster@example.com"])


class Routes(TenantScene):
    def test_the_word_tenant(self):
        yml = self.settings(routes=[{"match": {"severity": "critical"}, "to": ["ops"], "continue": True}, {"to": ["tenant"]}])
        self.report(-1, "acme0.example", samples.spoof(samples.STRANGER, 30, "none"))
        self.assertEqual(list(self.run_on(yml, 0)), ["acme"])

    def check(self, **more):
        return agent.start("check-config", ["-c", self.settings(**more)]).result()

    def test_settings(self):
        domains = dict(self.domains(1), **{"other.example": {"senders": ["own"], "tenant": "acne"}})
        self.assertIn("tenants has no 'acne'; did you mean 'acme'?", self.check(domains=domains).err)
        self.assertIn("and no route names the word tenant", self.check(routes=[{"to": ["ops"]}]).err)
        self.assertIn("'Mars/Olympus' is no time zone", self.check(of={"acme": {"tz": "Mars/Olympus"}}).err)
        self.assertIn("'../passwd' is no time zone", self.check(digest={"to": "ops", "tz": "../passwd"}).err)
        self.assertIn("no channel 'acmee'; did you mean 'acme'", self.check(of={"acme": {"to": ["acmee"]}}).err)
        deaf = "no channel hears of a mailbox that cannot be read"
        self.assertIn(deaf, self.check(channels={t: self.channel(t) for t in TENANTS}, digest=None).err)
        self.assertNotIn(deaf, self.check(routes=[{"to": ["tenant"]}]).err)
        channels = {name: self.channel(name) for name in ("ops", "tenant") + TENANTS}
        self.assertIn("the word tenant means other recipients", self.check(channels=channels).err)
        result = self.check(senders={"own": samples.SENDERS["own"]})
        self.assertEqual((result.code, result.err), (0, ""), str(result))
        printed = agent.start("check-config", ["-c", self.settings(routes=[{"to": ["ops", "tenant"]}]), "--print"]).result().out
        for words in ("tenants:", "to: [acme]", "digest: [acme]", "to: [ops, tenant]"):
            self.assertIn(words, printed)


if __name__ == "__main__":
    unittest.main()
