#!/usr/bin/env python3
"""Logins by OAuth2: every grant against a token server, Dovecot and Postfix; what is kept, renewed and said; no secret anywhere."""
import json
import os
import re
import stat
import sys
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from lib import agent  # noqa: E402
from lib.oauth import TokenServer  # noqa: E402
from lib.scene import Scene  # noqa: E402
import samples  # noqa: E402


class OauthCase(Scene):
    def setUp(self):
        super().setUp()
        self.tokens = TokenServer(self.path("tokens"), "dmarc").start()
        self.addCleanup(self.tokens.stop)
        self._imap = self.dovecot(introspect=self.tokens.url("/introspect"))

    def oauth(self, **more):
        return dict({"token_url": self.tokens.url(), "client_id": TokenServer.CLIENT, "scope": TokenServer.SCOPE}, **more)

    def secret(self, name, text):
        self.write("secrets/" + name, text, 0o600)
        return {"file": "secrets/" + name}

    def by_secret(self, **more):
        return self.oauth(client_secret=self.secret("client", self.tokens.client_secret + "\n"), **more)

    def yml_for(self, oauth2, **channels):
        values = self.values()
        del values["mailboxes"]["main"]["password"]
        values["mailboxes"]["main"]["oauth2"] = oauth2
        values["channels"].update(channels)
        return self.config(values)

    def go(self, yml, *args):
        """A run with everything it says."""
        return agent.run(yml, self.now, ("-v",) + args)

    def expect_login(self, oauth2):
        """Two runs: the first gets a token and reads the mail, the second uses the same token."""
        self.add([samples.mails(self.now)[0]])
        yml = self.yml_for(oauth2)
        first = self.go(yml)
        self.assertEqual(first.code, 0, str(first))
        self.assertRegex(first.err, r"mailbox main: 1 mails", str(first))
        asked = len(self.tokens.asked)
        self.assertEqual(self.go(yml).code, 0)
        return yml, len(self.tokens.asked) - asked

    def kept_file(self, name="mailbox-main"):
        return self.path("state", "tokens", name)

    def kept(self, name="mailbox-main"):
        with open(self.kept_file(name)) as f:
            return json.load(f)


class Grants(OauthCase):
    def test_client_secret_xoauth2(self):
        yml, again = self.expect_login(self.by_secret())
        self.assertEqual(again, 0)
        folder, file = os.stat(os.path.dirname(self.kept_file())), os.stat(self.kept_file())
        self.assertEqual((stat.S_IMODE(folder.st_mode), stat.S_IMODE(file.st_mode)), (0o700, 0o600))

    def test_client_secret_oauthbearer(self):
        self.assertEqual(self.expect_login(self.by_secret(mechanism="oauthbearer"))[1], 0)

    def test_certificate(self):
        key, cert = self.tokens.make_key()
        self.assertEqual(self.expect_login(self.oauth(certificate={"file": cert}, private_key={"file": key}))[1], 0)

    def test_refresh_token_rotates(self):
        """The first one of the configuration is good once; its successors are kept, also when the access token expires at once."""
        self.tokens.lifetime = 60
        first = self.tokens.refresh_token
        oauth2 = self.oauth(refresh_token=self.secret("refresh", first + "\n"))
        self.assertEqual(self.expect_login(oauth2)[1], 1)
        self.assertEqual([f["refresh_token"] for f in self.tokens.asked][0], first)
        self.assertEqual(self.kept()["refresh_token"], self.tokens.refresh_token)

    def test_device_code(self):
        yml = self.yml_for(self.oauth(device_url=self.tokens.url("/device")))
        self.expect_refused(yml, 77, "nobody has logged in yet; run: dmarcwarn login main")
        self.tokens.pending = 1
        login = agent.start("login", ["-c", yml, "main"]).result(60)
        self.assertEqual(login.code, 0, str(login))
        self.assertRegex(login.out, r"(?s)as dmarc:\n\n  https://login.example/device\n  ABCD-EFGH\n.*Logged in")
        self.assertEqual([f.get("grant_type", "device").rpartition(":")[2] for f in self.tokens.asked], ["device", "device_code", "device_code"])
        self.assertEqual(self.go(yml).code, 0)
        self.tokens.good.clear()  # the mail server forgets the token: the refresh token gets another one
        self.assertEqual(self.go(yml).code, 0)
        self.assertEqual(self.tokens.asked[-1]["grant_type"], "refresh_token")

    def expect_refused(self, yml, code, words):
        result = self.go(yml)
        self.assertEqual(result.code, code, str(result))
        self.assertIn(words, result.err)
        return result

    def test_device_code_slower(self):
        yml = self.yml_for(self.oauth(device_url=self.tokens.url("/device")))
        self.tokens.slow_down = 1
        begin = time.monotonic()
        login = agent.start("login", ["-c", yml, "main"]).result(60)
        self.assertEqual(login.code, 0, str(login))
        self.assertGreater(time.monotonic() - begin, 6.5)

    def test_nobody_confirms_the_device_code(self):
        """limits.token_login: who comes within it is let in, who comes later is not, whatever time the server would give."""
        values = self.values()
        del values["mailboxes"]["main"]["password"]
        values["mailboxes"]["main"]["oauth2"] = self.oauth(device_url=self.tokens.url("/device"))
        values["limits"] = {"token_login": 3}
        yml = self.config(values)
        self.tokens.pending = 1000
        late = agent.start("login", ["-c", yml, "main"]).result(60)
        self.assertEqual(late.code, 77, str(late))
        self.assertIn("nobody has confirmed the code in time; run it again", late.err)
        polls = [f for f in self.tokens.asked if "grant_type" in f]
        self.assertIn(len(polls), (1, 2), "one a second, for three seconds")
        self.tokens.pending = 0
        login = agent.start("login", ["-c", yml, "main"]).result(60)
        self.assertEqual(login.code, 0, str(login))

    def test_login_of_what_has_no_device(self):
        yml = self.yml_for(self.by_secret())
        for name, words in (("main", "has no oauth2.device_url"), ("other", "no mailbox or channel 'other'")):
            login = agent.start("login", ["-c", yml, name]).result(60)
            self.assertEqual(login.code, 64, str(login))
            self.assertIn(words, login.err)

    def service_account(self, **more):
        key, _ = self.tokens.make_key()
        with open(key) as f:
            pem = f.read()
        return dict({"type": "service_account", "client_email": "watch@project.example", "private_key": pem, "private_key_id": "k1",
                     "token_uri": self.tokens.url()}, **more)

    def test_service_account_json(self):
        self.assertEqual(self.expect_login({"service_account": self.secret("google", json.dumps(self.service_account()))})[1], 0)

    def test_service_account_pem(self):
        key, _ = self.tokens.make_key()
        self.expect_login({"service_account": {"file": key}, "issuer": "watch@project.example", "token_url": self.tokens.url()})

    def test_command(self):
        token = self.tokens.give()["access_token"]
        program = self.write("token", "#!/bin/sh\n[ \"$1\" = 'two words' ] && [ -z \"$SECRET\" ] && echo %s\necho canary >&2\n" % token, 0o755)
        self.add([samples.mails(self.now)[0]])
        yml = self.yml_for({"command": [program, "two words"]})
        self.assertEqual(self.go(yml).code, 0)
        self.write("token", "#!/bin/sh\nexit 3\n", 0o755)
        self.expect_refused(yml, 77, "ended with status 3")
        self.write("token", "#!/bin/sh\necho not a token\n", 0o755)
        self.expect_refused(yml, 77, "is no token")
        self.write("token", "#!/bin/sh\nsleep 60 & sleep 60\n", 0o755)
        begin = time.monotonic()
        result = self.go(yml, "--limit", "token_time=500")
        self.assertLess(time.monotonic() - begin, 10)
        self.assertIn("token_time", result.err)


class Keeping(OauthCase):
    def test_a_refused_token_is_replaced_once(self):
        yml, _ = self.expect_login(self.by_secret())
        before = self.kept()["access_token"]
        self.tokens.good.clear()
        self.assertEqual(self.go(yml).code, 0)
        self.assertNotEqual(self.kept()["access_token"], before)
        self.assertEqual(len(self.tokens.asked), 2)

    def test_a_new_token_that_is_refused_is_not_replaced(self):
        yml = self.yml_for(self.by_secret())
        self.tokens.user = "somebody-else"
        result = self.go(yml)
        self.assertEqual(result.code, 77, str(result))
        self.assertRegex(result.err, r"login refused for dmarc: the server says: .*the token is good for its own server only: check user, scope")
        self.assertEqual(len(self.tokens.asked), 1)

    def test_renewed_before_it_expires(self):
        self.tokens.lifetime = 299
        self.assertEqual(self.expect_login(self.by_secret())[1], 1)

    def test_another_configuration_does_not_use_it(self):
        self.expect_login(self.by_secret())
        self.tokens.SCOPE = "https://mail.example/other"
        self.assertEqual(self.go(self.yml_for(self.by_secret(scope=self.tokens.SCOPE))).code, 0)
        self.assertEqual(len(self.tokens.asked), 2)

    def test_a_rotated_refresh_token_survives_a_crash(self):
        """The mail server does not even answer: the new refresh token is on the disk when the login begins."""
        oauth2 = self.oauth(refresh_token=self.secret("refresh", self.tokens.refresh_token))
        self.tokens.lifetime = 60
        self._imap.stop()
        peer = self.listener()  # speaks HTTP: IMAP waits for its greeting
        values_yml = self.config(dict(self.values(), mailboxes={"main": {"url": "imap://127.0.0.1:%d" % peer.port, "user": "dmarc", "oauth2": oauth2}}))
        running = agent.start_run(values_yml, self.now)
        end = time.monotonic() + 20
        while not os.path.exists(self.kept_file()) and time.monotonic() < end:
            time.sleep(0.02)
        running.child.kill()
        running.result()
        self.assertEqual(self.kept()["refresh_token"], self.tokens.refresh_token)
        self._imap.start()
        self.assertEqual(self.go(self.yml_for(oauth2)).code, 0)
        self.assertEqual(len(self.tokens.asked), 2)

    def test_a_file_that_others_can_read(self):
        yml, _ = self.expect_login(self.by_secret())
        os.chmod(self.kept_file(), 0o644)
        result = self.go(yml)
        self.assertEqual(result.code, 73, str(result))
        self.assertIn("chmod 600", result.err)


class Refusals(OauthCase):
    def expect(self, code, *patterns, oauth2=None):
        result = self.go(self.yml_for(oauth2 or self.by_secret()))
        self.assertEqual(result.code, code, str(result))
        for pattern in patterns:
            self.assertRegex(result.err, pattern)

    def test_token_servers(self):
        for status, error, description, words in (
                (401, "invalid_client", "AADSTS7000215: x", r"token server 127.0.0.1: the client secret is wrong \(status 401, invalid_client, AADSTS7000215\); client_secret takes the secret's Value"),
                (401, "invalid_client", "AADSTS7000222: x", "has expired"),
                (400, "unauthorized_client", "AADSTS700016: x", "the tenant has no such application.*client_id"),
                (400, "invalid_grant", "AADSTS65001: x", "consent"),
                (400, "invalid_scope", "AADSTS70011: x", "scope does not exist"),
                (401, "invalid_client", "", "does not accept the application"),
                (400, "<b>evil</b>\x1b[31m", "", r"does not say why \(status 400\)")):
            self.tokens.script = [(status, {"error": error, "error_description": description})]
            with self.subTest(error=error, description=description):
                self.expect(77, words)

    def test_a_secret_that_the_server_repeats(self):
        self.tokens.client_secret = "canary-other"
        self.expect(77, "AADSTS7000215", oauth2=self.oauth(client_secret="canary-sent-secret"))

    def test_trouble_of_its_own_is_for_the_next_run(self):
        self.tokens.script = [(503, {})]
        self.expect(69, "trouble of its own .status 503.; the next run tries again")

    def test_a_server_that_is_away_costs_its_time_once(self):
        url = self.tokens.url()
        self.tokens.stop()
        self.tokens._server = None
        values = self.values()
        oauth2 = dict(client_id="c", scope="s", client_secret="x" * 20, token_url=url)
        values["mailboxes"] = {n: {"url": self.imap.imaps_url(), "user": "dmarc", "oauth2": oauth2} for n in ("one", "two")}
        result = self.go(self.config(values))
        self.assertEqual(result.code, 69, str(result))
        self.assertEqual(len(re.findall("token server 127.0.0.1: cannot connect", result.err)), 2)

    def test_a_mechanism_that_is_not_offered(self):
        plain = self.path("plain")
        from lib.dovecot import Dovecot
        server = Dovecot(plain, self.authority().good, {"dmarc": "x"}).start()
        self.addCleanup(server.stop)
        values = self.values()
        values["mailboxes"]["main"] = {"url": server.imaps_url(), "user": "dmarc", "oauth2": self.by_secret(), "ca_file": self.authority().ca_file}
        result = self.go(self.config(values))
        self.assertEqual(result.code, 77, str(result))
        self.assertIn("the server offers no login by XOAUTH2", result.err)


class Smtp(OauthCase):
    def channel(self, oauth2):
        self.smtp = self.postfix(auth_socket=self.imap.auth_socket)
        return {"type": "email", "smtp": self.smtp.url(), "ca_file": self.authority().ca_file, "from": "dmarcwarn@example.org",
                "to": ["postmaster@example.com"], "user": "dmarc", "oauth2": oauth2}

    def test_both_mechanisms_and_a_refused_token(self):
        for mechanism in ("xoauth2", "oauthbearer"):
            with self.subTest(mechanism=mechanism):
                channel = self.channel(self.by_secret(mechanism=mechanism))
                yml = self.yml_for(self.by_secret(), mail=channel)
                self.assertEqual(self.go(yml).code, 0)
                for good in (True, False):
                    if not good:
                        self.tokens.good.clear()
                    before = len(self.smtp.mails())
                    sent = agent.start("test-alert", ["-c", yml, "mail"]).result(60)
                    self.assertEqual(sent.code, 0, str(sent))
                    self.assertEqual(len(self.smtp.wait(before + 1)), before + 1)
                self.smtp.close()

    def test_refused(self):
        yml = self.yml_for(self.by_secret(), mail=self.channel(self.by_secret()))
        self.assertEqual(self.go(yml).code, 0)
        self.tokens.user = "somebody-else"
        sent = agent.start("test-alert", ["-c", yml, "mail"]).result(60)
        self.assertEqual(sent.code, 78, str(sent))
        self.assertRegex(sent.err, r"refuses the login \((535|334) \w+.*; the token is good for its own server only")


if __name__ == "__main__":
    unittest.main()
