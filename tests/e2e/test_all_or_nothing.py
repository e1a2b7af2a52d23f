#!/usr/bin/env python3
"""A report whose damage shows only after its last record leaves no row, no total and no line of output."""
import contextlib
import json
import os
import sqlite3
import struct
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from lib import agent  # noqa: E402
from lib.case import Case  # noqa: E402
from lib.scene import Scene  # noqa: E402
import expected  # noqa: E402
import samples  # noqa: E402

NOON = 1795521600  # a fixed day: nothing here depends on the present


def report(rows=3, domain="example.org", day=NOON):
    begin = day // samples.DAY * samples.DAY - samples.DAY
    strangers = [samples.spoof("203.0.113.%d" % (n % 250 + 1), 100 + n, "none") for n in range(rows)]
    return samples.reporter("Zeta", "zeta.example.org", begin)(domain, strangers)


def wrong_crc(data):
    """A gzip whose CRC-32 is wrong; its data is whole."""
    crc, = struct.unpack_from("<I", data, len(data) - 8)
    return data[:-8] + struct.pack("<I", crc ^ 1) + data[-4:]


def wrong_length(data):
    return data[:-4] + struct.pack("<I", struct.unpack("<I", data[-4:])[0] ^ 1)


def wrong_zip_crc(data):
    """Both places of a zip that name the CRC of its first entry."""
    data = bytearray(data)
    data[14] ^= 1
    data[data.index(b"PK\x01\x02") + 16] ^= 1
    return bytes(data)


class ParseTest(Case):
    def expect_reject(self, name, content, reason):
        path = self.write(name, content)
        result = agent.parse("--format", "ndjson", path)
        self.assertEqual(result.code, 65, str(result))
        lines = [json.loads(line) for line in result.out.splitlines()]
        self.assertEqual([(line["type"], line["file"], line["reason"]) for line in lines], [("reject", path, reason)])
        table = agent.parse(path)
        self.assertEqual(table.code, 65, str(table))
        self.assertNotIn("203.0.113.", table.out)

    def test_gzip(self):
        for rows in (3, 20000):  # kept in memory, and in a file
            whole = samples.gz(samples.google_xml(report(rows)), NOON)
            self.expect_reject("crc%d.gz" % rows, wrong_crc(whole), "gzip_damaged")
            self.expect_reject("length%d.gz" % rows, wrong_length(whole), "gzip_damaged")

    def test_zip(self):
        for rows in (3, 20000):
            whole = samples.zipped(samples.google_xml(report(rows)), "report.xml", NOON)
            self.expect_reject("crc%d.zip" % rows, wrong_zip_crc(whole), "zip_damaged")

    def test_error_behind_the_last_record(self):
        xml = samples.google_xml(report())
        self.expect_reject("cut.xml", xml[:xml.rindex(b"</feedback>")], "truncated")

    def test_a_good_one_beside_it_is_read(self):
        whole = samples.gz(samples.google_xml(report()), NOON)
        good, bad = self.write("a.gz", whole), self.write("b.gz", wrong_crc(whole))
        result = agent.parse("--format", "ndjson", bad, good)
        self.assertEqual(result.code, 0, str(result))
        lines = [json.loads(line) for line in result.out.splitlines()]
        self.assertEqual([(line["type"], line["file"]) for line in lines], [("reject", bad), ("aggregate", good)])
        self.assertEqual((lines[1]["messages"], len(lines[1]["records"])), (303, 3))


class RunTest(Scene):
    def damaged(self, spoil=wrong_crc):
        one = report(day=self.now)
        data = samples.gz(samples.google_xml(one), self.now)
        return samples.octet_stream_mail(one, self.now - 60, "zeta.example.org", spoil(data) if spoil else data, "report.xml.gz")

    def counts(self):
        """Rows of every table of the database."""
        with contextlib.closing(sqlite3.connect("file:%s?mode=ro" % self.path("state", "dmarcwarn.db"), uri=True)) as db:
            names = [name for name, in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            return {name: db.execute('SELECT count(*) FROM "%s"' % name).fetchone()[0] for name in names}

    def test_no_row_and_the_whole_one_counts_later(self):
        yml = self.config(self.values())
        self.imap.add("dmarc", samples.bounce_mail(self.now), when=self.now)
        self.expect_quiet(self.run_agent(yml))
        before = self.counts()
        self.imap.add("dmarc", self.damaged(), when=self.now)
        self.assertEqual(self.run_agent(yml, 1).code, 0)
        self.expect_slack((), "a damaged report")
        after = self.counts()
        grown = {name for name in after if after[name] != before.get(name)}
        self.assertLessEqual(grown, {"mail", "quarantine", "raw_mail", "run", "meta"}, "no table of facts may grow")
        self.assertIn("quarantine", grown)
        self.imap.add("dmarc", self.damaged(spoil=None), when=self.now)
        self.expect_quiet(self.run_agent(yml, 2))
        self.expect_slack((expected.Notice("example.org", "warning", (
            expected.Incident("unknown_source", ("203.0.113.0/24",), 303, {"let through": 303}),), ()),), "the whole report")


if __name__ == "__main__":
    unittest.main()
