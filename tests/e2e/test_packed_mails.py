#!/usr/bin/env python3
"""Mails inside gzip and zip: packed mboxes and mails as files, in Maildirs, in mails; whatever way they come, a report counts once."""
import email.message
import gzip
import io
import json
import os
import re
import sys
import unittest
import zipfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from lib import agent, told  # noqa: E402
from lib.scene import Scene  # noqa: E402
import samples  # noqa: E402

DOMAINS = ["d%d.example.com" % n for n in range(1, 4)]


def zipped(**entries):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, data in entries.items():
            z.writestr(name.replace("_", "."), data)
    return out.getvalue()


class PackedMails(Scene):
    def setUp(self):
        super().setUp()
        self.mails = [samples.warning(d, self.now).content for d in DOMAINS]
        self.bounce = next(m.content for m in samples.mails(self.now) if m.name == "bounce")

    def mbox(self):
        """Three mails with a report each and one without."""
        parts = [self.mails[0], self.bounce] + self.mails[1:]
        return b"".join(b"From dmarc@example.com Tue Nov 24 02:24:22 2026\n" + m + b"\n" for m in parts)

    def parsed(self, *paths):
        """(domain or reason, member) of each line of ndjson."""
        result = agent.parse("--format", "ndjson", *paths)
        self.assertIn(result.code, (0, 65), str(result))
        lines = [json.loads(line) for line in result.out.splitlines()]
        return [(line.get("domain") or line["reason"], line.get("member")) for line in lines]

    def test_files(self):
        plain = self.parsed(self.write("plain.mbox", self.mbox()))
        self.assertEqual(plain, [(DOMAINS[0], "mail 1 > part 1"), ("bounce", "mail 2"),
                                 (DOMAINS[1], "mail 3 > part 1"), (DOMAINS[2], "mail 4 > part 1")])
        for name, content, found in (
                ("a.mbox.gz", gzip.compress(self.mbox()), [(DOMAINS[0], "mail 1 > part 1"), (DOMAINS[1], "mail 3 > part 1"), (DOMAINS[2], "mail 4 > part 1")]),
                ("crlf.gz", gzip.compress(self.mbox().replace(b"\n", b"\r\n")), [(d, "mail %d > part 1" % n) for d, n in zip(DOMAINS, (1, 3, 4))]),
                ("b.eml.gz", gzip.compress(self.mails[0]), [(DOMAINS[0], "part 1")]),
                ("c.zip", zipped(a_eml=self.mails[0], b_mbox=self.mbox(), read_me=b"From: us\n\nnothing here\n"),
                 [(DOMAINS[0], "a.eml > part 1")] + [(d, "b.mbox > mail %d > part 1" % n) for d, n in zip(DOMAINS, (1, 3, 4))]),
                ("bounce.gz", gzip.compress(self.bounce), [("other", None)]),
                ("damaged.gz", gzip.compress(self.mbox())[:-8] + bytes(8), [("gzip_damaged", None)])):
            with self.subTest(name):
                self.assertEqual(self.parsed(self.write(name, content)), found)

    def test_large_and_out_of_bounds(self):
        """Bounded by what one input may have."""
        many = self.write("many.gz", gzip.compress(b"".join(b"From a@example.com Tue Nov 24 02:24:22 2026\n" + self.mails[0] + b"\n" for _ in range(1200))))
        found = self.parsed(many)
        self.assertEqual((len(found), found[0], found[-1][0]), (1001, (DOMAINS[0], "mail 1 > part 1"), "too_many_reports"))

    def test_a_mail_with_packed_mails_and_a_maildir_of_packed_ones(self):
        mail = email.message.EmailMessage()
        mail["Subject"] = "all of last week"
        mail.set_content("See below.")
        mail.add_attachment(zipped(a_eml=self.mails[0], b_eml=self.mails[1]), "application", "zip", filename="reports.zip")
        self.add([samples.Mail("packed", bytes(mail), self.now)])
        for name in ("cur", "new", "tmp"):
            os.makedirs(self.path("spool", name))
        self.write("spool/cur/1.host:2,S", gzip.compress(self.mails[1]))
        self.write("spool/cur/2.host:2,S", gzip.compress(self.mails[2]))
        values = self.values()
        values["mailboxes"]["spool"] = {"maildir": self.path("spool")}
        values["domains"] = {d: {"senders": ["own"]} for d in DOMAINS}
        yml = self.config(values)
        result = self.run_agent(yml, args=["-v"])
        self.assertEqual(result.code, 0, str(result))
        found = re.findall(r"mailbox (\w+): (\d) mails, (\d) new reports, (\d) known ones, 0 not read", result.err)
        self.assertEqual([(name, int(mails), int(new) + int(known)) for name, mails, new, known in found], [("main", 1, 2), ("spool", 2, 2)])
        self.assertEqual(sum(int(f[2]) for f in found), 3)
        texts = [told.slack_text(r) for r in self.slack.take()]
        self.assertEqual(sorted(d for text in texts for d in DOMAINS if d in text), DOMAINS)


if __name__ == "__main__":
    unittest.main()
