#!/usr/bin/env python3
"""A report that Debian's OpenDMARC makes out of its database, sent through Postfix: it is read whole, and the reason that OpenDMARC
writes on every row, "local_policy" with "arc=fail", changes no verdict."""
import csv
import io
import json
import re
import time
import unittest
import zipfile

from lib import agent, case
from lib.opendmarc import OpenDmarc

PASS, FAIL = 4, 5  # alignment, in the milter's numbers
ACTIONS = {"none": 2, "reject": 1, "quarantine": 4}
RESULTS = {"pass": 0, "softfail": 2, "none": 6, "fail": 7}
# What the milter saw: source, envelope domain, SPF, its alignment, DKIM's, what was done, signatures, ARC seals of a chain that passed.
MAILS = (
    ("192.0.2.10", "example.com", "pass", PASS, PASS, "none", (("example.com", "s1", "pass"),), ()),
    ("192.0.2.10", "example.com", "pass", PASS, FAIL, "none", (("example.com", "s1", "fail"),), ()),
    ("198.51.100.41", "bulk.example.org", "softfail", FAIL, FAIL, "reject", (), ()),
    ("2001:db8:9::25", "list.example.net", "pass", FAIL, FAIL, "none", (("list.example.net", "k", "pass"), ("example.com", "s1", "fail")), ()),
    ("198.51.100.77", "list.example.net", "none", FAIL, FAIL, "quarantine", (), ((1, "list.example.net", "arc1", "192.0.2.10"),)),
)


def history(now):
    text = ""
    for i, (ip, envelope, spf, align_spf, align_dkim, action, signatures, seals) in enumerate(MAILS):
        chain = [{"i": n, "d": domain, "s": selector, "ip": client} for n, domain, selector, client in seals]
        lines = ["job A%d" % i, "reporter mx.receiver.example", "received %d" % (now - 3600 + i), "ipaddr " + ip, "from example.com",
                 "mfrom " + envelope, "spf %d" % RESULTS[spf]]
        lines += ["dkim %s %s %d" % (domain, selector, RESULTS[result]) for domain, selector, result in signatures]
        lines += ["pdomain example.com", "policy 15", "rua mailto:dmarc@example.com", "pct 100", "adkim %d" % ord("r"), "aspf %d" % ord("r"),
                  "p %d" % ord("r"), "sp %d" % ord("q"), "align_dkim %d" % align_dkim, "align_spf %d" % align_spf, "arc %d" % bool(seals),
                  "arc_policy %d json:%s" % (not seals, json.dumps(chain)), "action %d" % ACTIONS[action]]
        text += "\n".join(lines) + "\n"
    return text


def record(mail):
    """The record that OpenDMARC must have written of a mail, in the form of `parse`."""
    ip, envelope, spf, align_spf, align_dkim, action, signatures, seals = mail
    word = {PASS: "pass", FAIL: "fail"}
    comment = "arc=" + ("pass" if seals else "fail") + "".join(
        " as[%d].d=%s as[%d].s=%s client-ip[%d]=%s" % (n, domain, n, selector, n, client) for n, domain, selector, client in seals)
    return {"source_ip": ip, "count": 1, "disposition": action, "dkim": word[align_dkim], "spf": word[align_spf],
            "reasons": [{"type": "local_policy", "comment": comment}], "header_from": "example.com", "envelope_from": None, "envelope_to": None,
            "auth_results": {"dkim": [{"domain": d, "selector": s, "result": r, "human_result": None} for d, s, r in signatures],
                             "spf": [{"domain": envelope, "scope": None, "result": spf, "human_result": None}]}}


class OpenDmarcTest(case.Case):
    seconds = 300

    def setUp(self):
        super().setUp()
        self.mta = self.postfix()
        reporter = OpenDmarc(self.path("opendmarc"))
        self.addCleanup(reporter.stop)
        self.now = int(time.time())
        reporter.start().take(history(self.now))
        said = reporter.report(self.mta.port, "receiver.example", "dmarc@receiver.example")
        mails = self.mta.wait(1)
        self.assertEqual(len(mails), 1, said)
        self.mail = mails[0]
        self.file = self.write("opendmarc.eml", self.mail.as_bytes())

    def test_its_report_is_read_whole(self):
        result = agent.parse("--format=ndjson", self.file)
        self.assertEqual(result.code, 0, result)
        report, = [json.loads(line) for line in result.out.splitlines()]
        self.assertEqual((report["org_name"], report["email"], report["domain"]), ("receiver.example", "dmarc@receiver.example", "example.com"))
        self.assertRegex(report["report_id"], r"^example\.com:\d+$")
        self.assertEqual(report["end"] - report["begin"], 86400)
        self.assertTrue(self.now <= report["end"] <= time.time(), report["end"])
        policy = report["policy_published"]
        self.assertEqual([policy[key] for key in ("domain", "adkim", "aspf", "p", "sp", "pct")], ["example.com", "r", "r", "reject", "quarantine", "100"])
        by_source = sorted(report["records"], key=lambda r: (r["source_ip"], r["dkim"], r["spf"]))
        self.assertEqual(by_source, sorted(map(record, MAILS), key=lambda r: (r["source_ip"], r["dkim"], r["spf"])))
        self.assertEqual((report["messages"], report["dmarc_fail_messages"], report["notes"]), (5, 3, []))

    def verdicts(self, path, allowlist):
        out = agent.parse("--format=csv", "--allowlist", allowlist, path).out
        rows = list(csv.DictReader(io.StringIO(out, newline="")))
        self.assertEqual(len(rows), len(MAILS))
        return [tuple(row[c] for c in ("source_ip_address", "count", "dmarc_aligned", "disposition", "who", "sender", "fate")) for row in rows]

    def test_arc_fail_on_every_row_changes_no_verdict(self):
        packed, = [part.get_payload(decode=True) for part in self.mail.walk() if part.get_content_type() == "application/zip"]
        with zipfile.ZipFile(io.BytesIO(packed)) as z:
            xml, = [z.read(name) for name in z.namelist()]
        failing = rb"<reason>\s*<type>local_policy</type>\s*<comment>arc=fail</comment>\s*</reason>"
        self.assertEqual(len(re.findall(failing, xml)), 4)
        allow = self.write("allow.yml", "senders:\n  own: {ip: [192.0.2.0/28]}\ndomains:\n  example.com: {senders: [own]}\n")
        with_reasons = self.verdicts(self.write("with.xml", xml), allow)
        self.assertEqual(with_reasons, self.verdicts(self.write("without.xml", re.sub(failing, b"", xml)), allow))
        # The word itself is not what is passed over: a chain that passes is evidence of a forwarder.
        passing = self.verdicts(self.write("pass.xml", xml.replace(b"arc=fail", b"arc=pass")), allow)
        self.assertNotEqual(with_reasons, passing)


if __name__ == "__main__":
    unittest.main()
