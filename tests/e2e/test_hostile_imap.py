#!/usr/bin/env python3
"""Mailboxes of servers that misbehave: the run ends in time, says what was wrong, and no mail is lost, doubled or made up."""
import os
import sys
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from lib import agent, told  # noqa: E402
from lib.scene import Scene  # noqa: E402
import samples  # noqa: E402
from delay_proxy import DelayProxy  # noqa: E402
from imap_modes import MODES  # noqa: E402
from imap_peer import ImapPeer  # noqa: E402

DOMAINS = ["d%d.example.com" % n for n in range(1, 3)]  # few, as Slack is told one thing a second
ALL, NONE = DOMAINS, []
LIMITS = {agent.IMAP_CONNECT: 2000, agent.IMAP_IDLE: 1000, agent.IMAP_MAIL: 2000}

# mode: exit code of the first run, domains that it tells of
EXPECTED = {
    "plain": (0, ALL),
    "forged-tags": (0, ALL),
    "wrong-size": (0, ALL),
    "duplicate-fetch": (0, ALL),
    "unsolicited": (0, ALL),
    "odd-order": (0, ALL),
    "no-uidnext": (0, ALL),
    "preauth": (0, ALL),
    "first-missing": (0, ALL[1:]),
    "quoted": (0, NONE),  # without line ends there is no mail in it
    "nil": (0, NONE),
    "wrong-uid": (0, NONE),
    "fetch-refused": (0, NONE),
    "bye-after-first": (69, ALL[:1]),
    "drip": (69, NONE),
    "drip-greeting": (69, NONE),
    "silent-greeting": (69, NONE),
    "silent-after-login": (69, NONE),
    "silent-in-mail": (69, NONE),
    "bye-greeting": (69, NONE),
    "bye-in-list": (69, NONE),
    "close-in-mail": (69, NONE),
    "huge-literal": (69, NONE),
    "negative-literal": (69, NONE),
    "overflow-literal": (69, NONE),
    "forged-after-literal": (69, NONE),
    "endless-line": (69, NONE),
    "endless-list": (69, NONE),
    "endless-greeting": (69, NONE),
    "short-literal": (69, NONE),
    "bye-after-login": (69, NONE),
    "two-bodies": (0, ALL),
    "examine-refused": (69, NONE),
    "no-uidvalidity": (69, NONE),
    "login-refused": (77, NONE),
    "login-unavailable": (69, NONE),
    "starttls-injected": (69, NONE),
}


class HostileScene(Scene):
    def setUp(self):
        super().setUp()
        self.mails = {uid: samples.warning(d, self.now).content for uid, d in enumerate(DOMAINS, 1)}

    def values(self):
        values = super().values()
        values["domains"] = {domain: {"senders": ["own"]} for domain in DOMAINS}
        return values

    def mailbox(self, **more):
        return super().mailbox(url=self.url, **more)

    def config_for(self, url):
        self.url = url
        return self.config(self.values())

    def told_domains(self):
        texts = [told.slack_text(r) for r in self.slack.take()]
        return sorted(d for text in texts for d in DOMAINS if d in text)


class ModeTest(HostileScene):
    def test_every_mode_has_its_line(self):
        self.assertEqual(set(EXPECTED), set(MODES))

    def try_mode(self, mode):
        server = ImapPeer(self.mails, mode, self.authority().good, starttls=mode == "starttls-injected").start()
        self.addCleanup(server.stop)
        yml = self.config_for(server.url())
        code, domains = EXPECTED[mode]
        begin = time.monotonic()
        result = self.run_agent(yml, args=["-v"], limits=LIMITS)
        self.assertLess(time.monotonic() - begin, 15)
        self.assertEqual((result.code, result.out), (code, ""), str(result))
        self.assertEqual(self.told_domains(), domains, str(result))
        self.assertNotRegex(result.err, "[\x00-\x08\x0b-\x1f\x7f]", "escape signs of a server")
        if code:
            self.assertRegex(result.err, r"\bmain\b")
        self.assertFalse([c for c in server.commands if c.upper().startswith(("SELECT", "STORE", "UID STORE"))])

        good = ImapPeer(self.mails, "plain", self.authority().good).start()
        self.addCleanup(good.stop)
        result = self.run_agent(self.config_for(good.url()), 1, limits=LIMITS)
        self.assertEqual(self.told_domains(), [d for d in ALL if d not in domains], "a good server afterwards: %s" % result)


def _add(mode):
    setattr(ModeTest, "test_" + mode.replace("-", "_"), lambda self: self.try_mode(mode))


for _mode in EXPECTED:
    _add(_mode)


class CutTest(HostileScene):
    """The connection breaks at many places; the run after it has everything, once."""

    def test_cut_at_every_kilobyte(self):
        server = ImapPeer(self.mails, "plain", self.authority().good).start()
        self.addCleanup(server.stop)
        for how in ("fin", "rst"):
            for cut in range(500, 8000, 1500):
                with self.subTest(how=how, cut=cut):
                    for name in ("dmarcwarn.db", "run.lock"):
                        self.remove_state(name)
                    cutting = DelayProxy(server.port, cut=cut, how=how).start()
                    proxied = self.config_for("imaps://localhost:%d" % cutting.port)
                    first = self.run_agent(proxied, limits=LIMITS)
                    self.assertIn(first.code, (0, 69), str(first))
                    cutting.cut = None
                    second = self.run_agent(proxied, 1, limits=LIMITS)
                    self.assertEqual(second.code, 0, str(second))
                    self.assertEqual(self.told_domains(), DOMAINS)
                    cutting.stop()

    def remove_state(self, name):
        if os.path.exists(self.path("state", name)):
            os.unlink(self.path("state", name))

    def test_round_trip_of_100_ms(self):
        server = ImapPeer(self.mails, "plain", self.authority().good).start()
        self.addCleanup(server.stop)
        far = DelayProxy(server.port, delay=0.05).start()
        self.addCleanup(far.stop)
        begin = time.monotonic()
        self.expect_quiet(self.run_agent(self.config_for("imaps://localhost:%d" % far.port)))
        self.assertLess(time.monotonic() - begin, 5)
        self.assertEqual(self.told_domains(), DOMAINS)


if __name__ == "__main__":
    unittest.main()
