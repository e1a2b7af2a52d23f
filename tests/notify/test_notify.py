#!/usr/bin/env python3
"""notify/ against an HTTP listener, a real Postfix and a scripted SMTP server, by the driver notify-drive (environment:
NOTIFY_DRIVE)."""
import email.utils
import os
import re
import socket
import subprocess
import sys
import threading
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "e2e"))
from lib import webhook  # noqa: E402
from lib.case import Case  # noqa: E402
from lib.webhook import Answer  # noqa: E402
import http_peer  # noqa: E402

SECRET = "T00000000/B00000000/Zx81Qq77secret"


class NotifyCase(Case):
    def drive(self, body, *arguments, env=None, **more):
        path = self.write("body", body)
        argv = ["file=" + path] + list(arguments) + ["%s=%s" % item for item in more.items()]
        done = subprocess.run([os.environ["NOTIFY_DRIVE"]] + argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, timeout=60, env=dict(os.environ, **(env or {})))
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        text = done.stdout.decode("utf-8")
        self.assertNotIn("secret", text)
        return text.splitlines()


class WebhookTest(NotifyCase):
    def post(self, url, *arguments, **more):
        return self.drive(b'{"text":"x"}', "type=slack", "url=" + url, *arguments, **more)

    def test_answers(self):
        server = self.listener()
        url = server.url("/services/" + SECRET)
        for status, body, headers, want in (
                (200, b"ok", {}, r"sent 200 after 0 \d+ ms: $"),
                (200, b"ok\n", {}, r"sent 200"),
                (200, b"<html>", {}, r"broken 200 .*: 127.0.0.1 answers, but not as this kind of channel does; check the URL"),
                (204, b"", {}, r"broken 204"),
                (302, b"", {"Location": "/other"}, r"broken 302 .*sends us elsewhere"),
                (307, b"", {"Location": server.url("/x")}, r"broken 307 "),
                (400, b"invalid_payload", {}, r"refused 400 .*cannot read the message: status 400 \(invalid_payload\); please"),
                (403, b"action_prohibited", {}, r"broken 403 .*\(action_prohibited\)"),
                (404, b"no_service", {}, r"broken 404 .*: 127.0.0.1 has no such webhook: status 404 \(no_service\); make a new"),
                (404, b"Zx81Qq77secret", {}, r"broken 404 .*: 127.0.0.1 has no such webhook: status 404; make"),
                (410, b"channel_is_archived", {}, r"broken 410 "),
                (413, b"", {}, r"refused 413 "),
                (422, b"", {}, r"refused 422 "),
                (408, b"", {}, r"retry 408 "),
                (429, b"slow", {"Retry-After": "7"}, r"retry 429 after 7 .*wants fewer messages: status 429 \(slow\); the next run"),
                (503, b"", {"Retry-After": email.utils.formatdate(time.time() + 600, usegmt=True)}, r"retry 503 after (59\d|600) "),
                (500, b"rollup_error", {}, r"retry 500 after 0 "),
                (500, b"x" * 3000000, {}, r"retry 500 after 0 ")):
            server.script = [Answer(status, body, headers)]
            self.assertRegex(self.post(url)[0], want)
            requests = server.take()
            self.assertEqual([(r.method, r.path, r.body) for r in requests], [("POST", "/services/" + SECRET, b'{"text":"x"}')])
            self.assertEqual(requests[0].headers["Content-Type"], "application/json")
            self.assertNotIn("Expect", requests[0].headers)

    def test_networks_that_fail(self):
        server = self.listener()
        server.script = [webhook.RESET, webhook.HANG]
        self.assertRegex(self.post(server.url())[0], r"retry 0 after 0 repeat \d+ ms: 127.0.0.1 broke the connection off \(")
        begin = time.monotonic()
        self.assertRegex(self.post(server.url(), "limit.send_total=1000")[0],
                         r"retry 0 after 0 repeat 1\d\d\d ms: 127.0.0.1 did not answer in time")
        self.assertLess(time.monotonic() - begin, 3)
        server.stop()
        self.assertRegex(self.post(server.url())[0], r"retry 0 after 0 \d+ ms: 127.0.0.1 cannot be reached")
        self.assertRegex(self.post("https://no-such-host.invalid/" + SECRET)[0], r"retry 0 .*: no-such-host.invalid is not found")

    def test_no_plain_text_but_to_loopback(self):
        for url in ("http://localhost:1/" + SECRET, "http://192.0.2.1/" + SECRET, "ftp://192.0.2.1/" + SECRET):
            self.assertRegex(self.post(url)[0], r"broken 0 after 0 \d+ ms: \S+ is not a loopback address, and the channel has no TLS")
        self.assertRegex(self.post("ftp://127.0.0.1/" + SECRET)[0], r"broken 0 .*URL cannot be used")
        self.assertRegex(self.post("nonsense://" + SECRET)[0], r"broken 0 ")
        self.assertRegex(self.post("")[0], r"broken 0 .*: the webhook was not asked, as its URL cannot be used")

    def test_a_plain_post_never_leaves_by_a_proxy(self):
        server, proxy = self.listener(), self.listener()
        self.assertRegex(self.post(server.url(), env={"http_proxy": proxy.url("")})[0], "^sent 200 ")
        self.assertEqual(len(server.take()), 1)
        self.assertEqual(proxy.take(), [])

    def test_private_addresses_are_denied(self):
        """By the address that is connected to: names, mapped and odd spellings, and a connection that is open already."""
        server, proxy = self.listener(self.authority().good), self.listener()
        told = r"broken 0 after 0 \d+ ms: \S+ has a private address, and the channel says deny_private; check the URL"
        hosts = ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1", "0.0.0.0", "10.0.0.1", "172.31.0.1", "192.168.0.1",
                 "169.254.169.254", "100.64.0.1", "[::1]", "[fe80::1]", "[fd00::1]", "[64:ff9b::a00:1]", "[2002:7f00:1::]"]
        for host in hosts:
            url = server.url("/" + SECRET).replace("127.0.0.1", host)
            answer = self.post(url, deny_private=1, ca=self.authority().ca_file, env={"https_proxy": proxy.url("")})[0]
            self.assertRegex(answer, told, host)
        self.assertEqual((server.take(), proxy.take()), ([], []))
        url = server.url("/" + SECRET, host="localhost")
        self.assertRegex(self.post(url, ca=self.authority().ca_file)[0], "^sent 200 ")
        self.assertRegex(self.post("https://192.0.2.1/" + SECRET, "limit.send_connect=200", deny_private=1)[0], "^retry 0 ")

    def test_certificates(self):
        made = self.authority()
        server = self.listener(made.good)
        url = server.url("/" + SECRET, host="localhost")
        self.assertRegex(self.post(url, ca=made.ca_file)[0], "^sent 200 ")
        self.assertRegex(self.post(url)[0], r"broken 0 .*: localhost has a certificate that \(is signed by an authority that is "
                                            r"not trusted\); .*ca_file")
        self.assertRegex(self.post(url, ca=os.devnull)[0], r"broken 0 .*: localhost was not asked, as ca_file cannot be read")
        for cert, words in ((made.expired, "has expired"), (made.wrong_host, "is for another host name")):
            other = self.listener(cert)
            self.assertRegex(self.post(other.url(host="localhost"), ca=made.ca_file)[0], r"broken 0 .*\(%s\)" % words)

    def test_one_message_a_second(self):
        server = self.listener()
        begin = time.monotonic()
        self.assertEqual([line.split()[0] for line in self.post(server.url(), times=3)], ["sent"] * 3)
        self.assertGreater(time.monotonic() - begin, 2)
        self.assertGreater(min(b.at - a.at for a, b in zip(*[server.requests[n:] for n in (0, 1)])), 0.9)


MESSAGE = b"From: dmarcwarn@example.org\r\nTo: ops@example.com\r\nSubject: hello\r\nMessage-ID: <1@example.org>\r\n\r\none\r\n.two\r\n"


class PostfixTest(NotifyCase):
    def mail(self, port, *arguments, tls="starttls", host="localhost", to="ops@example.com", sender="Watch <dmarcwarn@example.org>",
             body=MESSAGE):
        return self.drive(body, "type=email", "tls=" + tls, "host=" + host, "port=%d" % port, "from=" + sender, "to=" + to,
                          "ca=" + self.authority().ca_file, *arguments)[0]

    def test_delivery(self):
        server = self.postfix()
        self.assertRegex(self.mail(server.port), r"sent 250 after 0 \d+ ms: $")
        self.assertRegex(self.mail(server.tls_port, tls="tls"), "^sent 250 ")
        self.assertRegex(self.mail(server.port, tls="none", host="127.0.0.1", to="a@example.com,b@example.net"), "^sent 250 ")
        mails = server.wait(4)
        self.assertEqual([m["Subject"] for m in mails], ["hello"] * 4)
        self.assertEqual({m.get_content() for m in mails}, {"one\n.two\n"})
        self.assertEqual({m["Return-Path"] for m in mails}, {"<dmarcwarn@example.org>"})
        self.assertNotIn("dmarcwarn", mails[0]["Received"].split()[1])

    def test_one_recipient_of_several_is_refused(self):
        server = self.postfix()
        self.assertRegex(self.mail(server.port, to="ops@example.com,ops@example.edu"),
                         r"^sent 250 .*: localhost took the message, but not for every recipient \(5.. .*example.edu.*\); check to")
        self.assertEqual(len(server.wait(1)), 1)
        self.assertRegex(self.mail(server.port, to="ops@example.edu"), r"^broken 5.. .*refuses sender or recipients \(5")

    def test_refusals(self):
        server = self.postfix()
        server.set(smtpd_client_restrictions="defer")
        self.assertRegex(self.mail(server.port), r"^retry 450 .*: localhost does not take mail now \(450 ")
        server.set(smtpd_client_restrictions="")
        server.set(message_size_limit="1000", virtual_mailbox_limit="1000")
        self.assertRegex(self.mail(server.port, body=MESSAGE + b"x" * 70 * 40 + b"\r\n"), r"^(broken|refused) 552 ")
        server.stop()
        self.assertRegex(self.mail(server.port), r"^retry 0 .*: localhost cannot be reached")

    def test_passwords(self):
        server = self.postfix(auth_socket=self.dovecot().auth_socket)
        self.assertRegex(self.mail(server.port), r"^broken 5\d\d .*: localhost refuses sender or recipients .*user and password$")
        self.assertRegex(self.mail(server.port, "user=dmarc", "password=wrong-secret"),
                         r"^broken 535 .*: localhost refuses the login \(535 .*\); check user and password$")
        self.assertRegex(self.mail(server.port, "user=dmarc", "password=imap-secret"), "^sent 250 ")
        self.assertEqual(len(server.wait(1)), 1)

    def test_certificates_and_plain_text(self):
        made = self.authority()
        server = self.postfix(made.wrong_host)
        self.assertRegex(self.mail(server.port), r"^broken .*: localhost has a certificate that \(is for another host name\)")
        self.assertEqual(self.mail(server.port, tls="none", host="localhost").split()[0], "broken")
        server.set(smtpd_tls_security_level="none")
        self.assertRegex(self.mail(server.port), r"^broken .*: localhost offers no STARTTLS")
        self.assertEqual(server.mails(), [])

    def test_addresses(self):
        for to in ("ops@example.com\r\nRCPT TO:<evil@example.com>", "ops", "ops@example.com>", ""):
            self.assertRegex(self.mail(9, to=to), r"^broken 0 .*: localhost was not asked, as an address cannot be used")
        self.assertRegex(self.mail(9, sender="a\nb@example.com"), r"^broken 0 .*an address cannot be used")


class HostileHttpTest(NotifyCase):
    """Servers that misbehave: one request, an end in time, nothing believed that was not whole."""

    EXPECTED = {
        "reset-in-body": r"retry 200 after 0 repeat ",
        "endless-body": r"broken 200 .*not as this kind of channel does",
        "endless-header": r"retry 200 after 0 repeat ",
        "endless-line": r"retry 200 after 0 repeat ",
        "endless-chunks": r"(broken 200 .*not as this kind of channel does|retry \d+ after 0 repeat )",
        "endless-continue": r"retry 100 after 0 repeat ",
        "slow-header": r"retry 0 after 0 repeat .*did not answer in time",
        "slow-body": r"retry 0 after 0 repeat .*did not answer in time",
        "to-file": r"broken 302 .*sends us elsewhere, which is not followed",
        "to-ftp": r"broken 302 .*sends us elsewhere, which is not followed",
        "to-private": r"broken 302 .*sends us elsewhere, which is not followed",
        "to-itself": r"broken 302 .*sends us elsewhere, which is not followed",
        "to-gopher": r"broken 302 .*sends us elsewhere, which is not followed",
        "no-http": r"broken 0 ",
        "nothing": r"retry 0 after 0 repeat .*broke the connection off",
        "nul": r"(retry|broken|sent) ",  # what libcurl makes of it hangs on its version
        "negative-length": r"(retry|broken|sent) ",
        "huge-length": r"(retry|sent) ",
        "gzip-bomb": r"broken 200 .*not as this kind of channel does",
        "escape-signs": r"broken 403 .*does not let us post: status 403",
    }

    def test_modes(self):
        self.assertEqual(set(self.EXPECTED), set(http_peer.MODES))
        for mode, want in self.EXPECTED.items():
            server = http_peer.HttpPeer(mode)
            begin = time.monotonic()
            line = self.drive(b'{"text":"x"}', "type=slack", "url=" + server.url + SECRET, "limit.send_total=1500")[0]
            took = time.monotonic() - begin
            server.stop()
            with self.subTest(mode=mode):
                self.assertRegex(line, "^" + want)
                self.assertNotRegex(line, "[\x00-\x1f\x7f]")
                self.assertLess(took, 5)
                self.assertEqual(server.requests, 1, "asked again, or went where it was sent")


class Scripted:
    """An SMTP server that says what it is told to say to a command; None: it hangs up. Before it takes a message it thinks for
    `filters` seconds."""

    def __init__(self, said, filters=0):
        self.filters = filters
        self.said = {"greeting": "220 hi", "EHLO": "250-mx\r\n250 SIZE 0", "MAIL": "250 ok", "RCPT": "250 ok", "DATA": "354 go",
                     "end": "250 taken", "QUIT": "221 bye"}
        self.said.update(said)
        self.commands = []
        self.taken = False
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _say(self, sock, what):
        said = self.said.get(what, "502 no")
        if said is None:
            raise OSError
        if what == "end":
            time.sleep(self.filters)
        sock.sendall(said.encode() + b"\r\n")

    def _serve(self):
        sock = self.listening.accept()[0]
        self.listening.close()
        lines = sock.makefile("rb")
        try:
            self._say(sock, "greeting")
            for line in lines:
                self.commands.append(line.decode().strip())
                verb = line.split()[0].decode().upper()
                self._say(sock, self.commands[-1] if self.commands[-1] in self.said else verb)
                if verb == "DATA" and self.said[verb].startswith("354"):
                    while (body := lines.readline()) not in (b".\r\n", b""):
                        pass
                    self.taken = body != b""
                    self._say(sock, "end")
        except OSError:
            pass
        finally:
            sock.close()


class ScriptedTest(NotifyCase):
    def mail_to_two(self, *more):
        server = Scripted({"RCPT TO:<b@example.com>": "450 grey"})
        line = self.drive(MESSAGE, "type=email", "tls=none", "host=127.0.0.1", "port=%d" % server.port, "from=a@example.org",
                          "to=c@example.com,b@example.com", *more)[0]
        return server, line

    def test_nobody_gets_it_while_one_is_put_off(self):
        server, line = self.mail_to_two()
        self.assertRegex(line, r"^retry \d+ after 0 \d+ ms: 127.0.0.1 puts a recipient off, .*\(450 grey\)")
        self.assertFalse(server.taken)

    def test_in_the_end_the_others_get_it(self):
        server, line = self.mail_to_two("partial=1")
        self.assertRegex(line, r"^sent 250 .* not for every recipient \(450 grey\)")
        self.assertTrue(server.taken)

    def test_filters_that_take_their_time(self):
        """limits.send_mail, not send_total: an answer within it counts, one above it is not waited for."""
        for filters, limit, want in ((1.5, 30000, r"sent 250 "),
                                     (30, 1500, r"retry \d+ after 0 repeat 1[5-9]\d\d ms: 127.0.0.1 did not answer in time")):
            server = Scripted({}, filters)
            line = self.drive(MESSAGE, "type=email", "tls=none", "host=127.0.0.1", "port=%d" % server.port, "from=a@example.org",
                              "to=b@example.com", "limit.send_total=1000", "limit.send_mail=%d" % limit)[0]
            self.assertRegex(line, "^" + want)

    def test_replies(self):
        for said, want in (({}, r"sent 250 "),
                           ({"greeting": "421 too busy"}, r"retry 421 .*: 127.0.0.1 does not take mail now \(421 too busy\)"),
                           ({"greeting": "554 go away"}, r"broken 554 "),
                           ({"MAIL": "451 later"}, r"retry 451 "),
                           ({"RCPT": "550 no such user"}, r"broken 550 .*\(550 no such user\)"),
                           ({"DATA": "554 no"}, r"broken 554 "),
                           ({"end": "452 full"}, r"retry 452 .*does not take the message now \(452 full\)"),
                           ({"end": "554 spam \x1b[31m"}, r"refused 554 .*refuses the message \(554 spam \?\[31m\)"),
                           ({"end": None}, r"retry 354 after 0 repeat .*: 127.0.0.1 broke the connection off"),
                           ({"DATA": None}, r"retry 250 after 0 \d+ ms: 127.0.0.1 broke the connection off")):
            server = Scripted(said)
            line = self.drive(MESSAGE, "type=email", "tls=none", "host=127.0.0.1", "port=%d" % server.port, "from=a@example.org",
                              "to=b@example.com")[0]
            self.assertRegex(line, "^" + want, said)
            if server.commands:
                self.assertRegex(server.commands[0], r"^EHLO [A-Za-z0-9.-]+$")


if __name__ == "__main__":
    unittest.main()
