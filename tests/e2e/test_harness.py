#!/usr/bin/env python3
"""The test servers themselves, tried with Python's own clients."""
import email
import gzip
import imaplib
import io
import os
import smtplib
import ssl
import sys
import time
import unittest
import urllib.error
import urllib.request
import zipfile
import zlib

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from lib import webhook  # noqa: E402
from lib.case import Case  # noqa: E402
import samples  # noqa: E402
from delay_proxy import DelayProxy  # noqa: E402
from imap_peer import ImapPeer  # noqa: E402


class DovecotTest(Case):
    def test_mail_flags_and_uidvalidity(self):
        server, ca = self.dovecot(), self.authority().ca_file
        server.add("dmarc", b"Subject: one\n\n1\n", when=1700000000)
        server.add("dmarc", b"Subject: two\n\n2\n")
        self.assertEqual(server.flags("dmarc", ca), {1: set(), 2: set()})
        imap = server.client("dmarc", ca)
        imap.select("INBOX")
        self.assertIn(b'INTERNALDATE "14-Nov-2023 22:13:20 +0000"', imap.uid("FETCH", "1", "(INTERNALDATE)")[1][0])
        imap.uid("FETCH", "1", "(BODY[])")
        imap.logout()
        self.assertEqual(server.flags("dmarc", ca), {1: {"\\Seen"}, 2: set()})
        before = server.uidvalidity("dmarc", ca)
        server.forget_uids("dmarc")
        self.assertNotEqual(server.uidvalidity("dmarc", ca), before)

    def test_folder_with_umlauts(self):
        server = self.dovecot(start=False)
        server.create_folder("dmarc", "Berichte/Entwürfe & mehr")
        server.start()
        server.add("dmarc", b"Subject: x\n\nx\n", folder="Berichte/Entwürfe & mehr")
        self.assertEqual(server.flags("dmarc", self.authority().ca_file, "Berichte/Entwürfe & mehr"), {1: set()})

    def test_starttls_passwords_and_restart(self):
        server = self.dovecot()
        imap = imaplib.IMAP4("127.0.0.1", server.imap_port)
        imap.starttls(ssl.create_default_context(cafile=self.authority().ca_file))
        self.assertRaises(imaplib.IMAP4.error, imap.login, "dmarc", "wrong")
        imap.login("dmarc", "imap-secret")
        imap.logout()
        server.set_password("dmarc", "other")
        server.client("dmarc", self.authority().ca_file).logout()
        server.restart()
        server.client("dmarc", self.authority().ca_file).logout()
        server.stop()
        self.assertRaises(OSError, imaplib.IMAP4, "127.0.0.1", server.imap_port)

    def test_bad_certificates_are_refused(self):
        server, made = self.dovecot(start=False), self.authority()
        for cert in (made.untrusted, made.expired, made.wrong_host):
            server.use_cert(cert)
            server.restart()
            self.assertRaises(ssl.SSLCertVerificationError, server.client, "dmarc", made.ca_file)


class PostfixTest(Case):
    def send(self, server, user=None, to="ops@example.com"):
        smtp = smtplib.SMTP("127.0.0.1", server.port, "client.example.org", timeout=10)
        try:
            smtp.starttls(context=ssl.create_default_context(cafile=self.authority().ca_file))
            if user:
                smtp.login(*user)
            smtp.sendmail("dmarcwarn@example.org", [to], b"Subject: hello\r\n\r\none\r\n.two\r\n")
        finally:
            smtp.close()

    def test_delivery_refusal_and_stop(self):
        server = self.postfix()
        self.send(server)
        mails = server.wait(1)
        self.assertEqual([m["Subject"] for m in mails], ["hello"])
        self.assertEqual(mails[0].get_content(), "one\n.two\n")
        self.assertRaises(smtplib.SMTPRecipientsRefused, self.send, server, to="ops@example.edu")
        server.set(smtpd_client_restrictions="defer")
        with self.assertRaises(smtplib.SMTPRecipientsRefused) as caught:
            self.send(server)
        self.assertEqual(caught.exception.recipients["ops@example.com"][0], 450)
        server.set(smtpd_client_restrictions="")
        self.send(server)
        self.assertEqual(len(server.wait(2)), 2)
        server.stop()
        self.assertRaises(ConnectionRefusedError, self.send, server)

    def test_tls_from_the_start(self):
        server = self.postfix()
        context = ssl.create_default_context(cafile=self.authority().ca_file)
        with smtplib.SMTP_SSL("127.0.0.1", server.tls_port, "client.example.org", context=context, timeout=10) as smtp:
            smtp.sendmail("a@example.org", ["b@example.net"], b"Subject: tls\r\n\r\n")
        self.assertEqual([m["Subject"] for m in server.wait(1)], ["tls"])

    def test_passwords(self):
        server = self.postfix(auth_socket=self.dovecot().auth_socket)
        self.assertRaises(smtplib.SMTPRecipientsRefused, self.send, server)
        self.assertRaises(smtplib.SMTPAuthenticationError, self.send, server, ("dmarc", "wrong"))
        self.send(server, ("dmarc", "imap-secret"))
        self.assertEqual(len(server.wait(1)), 1)


class WebhookTest(Case):
    def post(self, url, **kw):
        return urllib.request.urlopen(urllib.request.Request(url, b'{"text":"x"}', {"Content-Type": "application/json"}), timeout=1, **kw)

    def test_script(self):
        server = self.listener()
        server.script = [webhook.Answer(500), webhook.retry_after(7), webhook.RESET, webhook.HANG]
        with self.assertRaises(urllib.error.HTTPError) as caught:
            self.post(server.url())
        self.assertEqual(caught.exception.code, 500)
        with self.assertRaises(urllib.error.HTTPError) as caught:
            self.post(server.url())
        self.assertEqual((caught.exception.code, caught.exception.headers["Retry-After"]), (429, "7"))
        self.assertRaises(ConnectionResetError, self.post, server.url())
        self.assertRaises((TimeoutError, OSError), self.post, server.url())
        self.assertEqual(self.post(server.url()).read(), b"ok")
        self.assertEqual([r.json() for r in server.take()], [{"text": "x"}] * 5)

    def test_tls_and_restart_on_the_same_port(self):
        server = self.listener(self.authority().good)
        context = ssl.create_default_context(cafile=self.authority().ca_file)
        self.assertRaises(urllib.error.URLError, self.post, server.url(), context=ssl.create_default_context())
        self.assertEqual(self.post(server.url(), context=context).read(), b"ok")
        server.stop()
        self.assertRaises(urllib.error.URLError, self.post, server.url(), context=context)
        server.start()
        self.assertEqual(self.post(server.url(), context=context).read(), b"ok")


class PeersTest(Case):
    MAILS = {3: b"Subject: a\n\none\n", 5: b"Subject: b\n\ntwo\n"}

    def peer(self, mode, **kw):
        server = ImapPeer(self.MAILS, mode, self.authority().good, **kw).start()
        self.addCleanup(server.stop)
        return server

    def fetch(self, port):
        imap = imaplib.IMAP4_SSL("127.0.0.1", port, ssl_context=ssl.create_default_context(cafile=self.authority().ca_file))
        try:
            imap.login("u", "p")
            imap.select("INBOX", readonly=True)
            answer = imap.uid("FETCH", "1:*", "(UID BODY.PEEK[])")[1]
            return [part[1] for part in answer if isinstance(part, tuple)]
        finally:
            imap.shutdown()

    def test_plain_and_harmless_modes(self):
        whole = [b"Subject: a\r\n\r\none\r\n", b"Subject: b\r\n\r\ntwo\r\n"]
        for mode in ("plain", "wrong-size", "no-uidnext"):
            self.assertEqual(self.fetch(self.peer(mode).port), whole, mode)
        self.assertEqual(self.fetch(self.peer("duplicate-fetch").port), [whole[0]] * 2 + [whole[1]] * 2)
        self.assertEqual(self.fetch(self.peer("first-missing").port), whole[1:])
        self.assertIn(b" OK done\r\n* BYE\r\n", self.fetch(self.peer("forged-tags").port)[0])

    def test_starttls(self):
        server = self.peer("plain", starttls=True)
        imap = imaplib.IMAP4("127.0.0.1", server.port)
        imap.starttls(ssl.create_default_context(cafile=self.authority().ca_file))
        imap.login("u", "p")
        self.assertEqual(imap.select("INBOX", readonly=True), ("OK", [b"2"]))
        imap.shutdown()

    def test_modes_that_break_a_client(self):
        for mode in ("bye-greeting", "bye-after-first", "close-in-mail", "login-refused"):
            self.assertRaises((imaplib.IMAP4.error, OSError), self.fetch, self.peer(mode).port)

    def test_drip(self):
        begin = time.monotonic()
        self.fetch(self.peer("drip", seconds=0.01).port)
        self.assertGreater(time.monotonic() - begin, 0.01 * sum(map(len, self.MAILS.values())))

    def test_proxy_delays_and_cuts(self):
        server = self.peer("plain")
        slow = DelayProxy(server.port, delay=0.025).start()
        self.addCleanup(slow.stop)
        begin = time.monotonic()
        self.assertEqual(len(self.fetch(slow.port)), 2)
        self.assertGreater(time.monotonic() - begin, 6 * 0.05, "greeting, capability, login, examine, fetch, each a round trip")
        for how in ("fin", "rst"):
            cutting = DelayProxy(server.port, cut=700, how=how).start()
            self.addCleanup(cutting.stop)
            self.assertRaises((imaplib.IMAP4.abort, OSError), self.fetch, cutting.port)

    def test_proxy_limits_the_rate(self):
        server = ImapPeer({1: b"x" * 200000}, cert=self.authority().good).start()
        self.addCleanup(server.stop)
        limited = DelayProxy(server.port, rate=200000).start()
        self.addCleanup(limited.stop)
        begin = time.monotonic()
        self.assertEqual(len(self.fetch(limited.port)[0]), 200000)
        self.assertGreater(time.monotonic() - begin, 0.9)


class SamplesTest(unittest.TestCase):
    def test_same_day_same_bytes(self):
        noon = 1795521600
        self.assertEqual(samples.mails(noon), samples.mails(noon + 3600))
        self.assertEqual(len(samples.mails(noon)), 12)
        self.assertTrue(all(m.received <= noon and b"\r" not in m.content for m in samples.mails(noon)))

    def test_every_report_but_the_cut_one_is_well_formed(self):
        import xml.etree.ElementTree as tree
        domains = []
        for mail in samples.mails(time.time()) + [samples.thirteenth(time.time())]:
            for part in email.message_from_bytes(mail.content).walk():
                data = part.get_payload(decode=True) or b""
                if data[:2] == b"PK":
                    archive = zipfile.ZipFile(io.BytesIO(data))
                    data = archive.read(archive.namelist()[0])
                elif data[:2] == b"\x1f\x8b":
                    if mail.name == "cut-gzip":
                        readable = zlib.decompressobj(31).decompress(data)
                        self.assertRaises(EOFError, gzip.decompress, data)
                        self.assertGreaterEqual(readable.count(b"</record>"), 5)
                        self.assertNotIn(b"</feedback>", readable)
                        continue
                    data = gzip.decompress(data)
                if data.lstrip()[:5] == b"<?xml":
                    domains.append(tree.fromstring(data).find(".//{*}policy_published/{*}domain").text)
        self.assertEqual(sorted(domains), ["example.com"] * 6 + ["example.net"] * 2 + ["example.org"] * 3)


if __name__ == "__main__":
    unittest.main()
