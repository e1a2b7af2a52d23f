"""`parse` against a simple tool in PHP: the same numbers, number for number, on files that both can read."""
import csv
import gzip
import io
import json
import os
import random
import shutil
import signal
import subprocess
import unittest
import zipfile

from lib import agent, case, paths

TOOL = os.path.join(paths.TOP, "tests", "peers", "simple-tool.php")
SOURCES = ["192.0.2.%d" % n for n in range(1, 30)] + ["198.51.100.%d" % n for n in range(1, 9)] + ["2001:db8::%x" % n for n in range(1, 9)]
REPORTERS = ["google.com", "Yahoo", "Enterprise Outlook", "mail.example.org"]


def record(rng):
    dkim, spf = rng.choice(["pass", "fail"]), rng.choice(["pass", "fail"])
    passes = "pass" in (dkim, spf)
    return """<record><row><source_ip>%s</source_ip><count>%d</count><policy_evaluated><disposition>%s</disposition>
<dkim>%s</dkim><spf>%s</spf></policy_evaluated></row><identifiers><header_from>example.com</header_from></identifiers>
<auth_results><spf><domain>example.com</domain><result>%s</result></spf></auth_results></record>""" % (
        rng.choice(SOURCES), rng.randint(1, 5000), "none" if passes else rng.choice(["none", "quarantine", "reject"]), dkim, spf, spf)


def report(rng, number):
    begin = 1795392000 + 86400 * number
    return ("""<?xml version="1.0"?><feedback><report_metadata><org_name>%s</org_name><email>dmarc@%d.example</email>
<report_id>id-%d</report_id><date_range><begin>%d</begin><end>%d</end></date_range></report_metadata>
<policy_published><domain>example.com</domain><p>reject</p></policy_published>%s</feedback>""" % (
        REPORTERS[number % 4], number % 4, number, begin, begin + 86399,
        "".join(record(rng) for _ in range(rng.randint(1, 40))))).encode()


class FileMode(case.Case):
    def setUp(self):
        super().setUp()
        if not shutil.which("php"):
            self.fail("php is not installed: apt-get install php-cli php-xml php-zip")
        rng = random.Random(20261124)
        self.files = []
        for number in range(60):
            xml = report(rng, number)
            if number % 3 == 0:
                self.files.append(self.write("in/%03d.xml" % number, xml))
            elif number % 3 == 1:
                self.files.append(self.write("in/%03d.xml.gz" % number, gzip.compress(xml)))
            else:
                packed = io.BytesIO()
                with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as z:
                    z.writestr("report.xml", xml)
                self.files.append(self.write("in/%03d.zip" % number, packed.getvalue()))

    def tool(self, *options):
        done = subprocess.run(["php", TOOL, *options, "--", *self.files], stdout=subprocess.PIPE, check=True)
        return [line.split("\t") for line in done.stdout.decode().splitlines()]

    def ours(self, *options):
        result = agent.parse(*options, self.path("in"))
        self.assertEqual(result.code, 0, result)
        return result.out

    def sums(self, *filters):
        rows = csv.DictReader(io.StringIO(self.ours("-s", "--format", "csv", *filters), newline=""))
        names = ["source_ip", "messages", "failed", "no_action", "quarantined", "rejected", "dkim_pass", "spf_pass"]
        return sorted([row[name] for name in names] for row in rows)

    def rows(self, *filters):
        found = []
        for line in self.ours("--format", "ndjson", *filters).splitlines():
            r = json.loads(line)
            self.assertEqual(r["type"], "aggregate")
            found += [[r["org_name"], x["source_ip"], str(x["count"]), x["disposition"], x["dkim"], x["spf"]] for x in r["records"]]
        return sorted(found)

    def test_same_sums(self):
        self.assertEqual(self.sums(), sorted(self.tool("-s")))

    def test_same_rows(self):
        self.assertEqual(self.rows(), sorted(self.tool()))

    def test_same_with_ips_included_and_excluded(self):
        for filters in (["--include-ips=192.0.2.0/28,2001:db8::/32"], ["--exclude-ips=192.0.2.0/24"],
                        ["--include-ips=192.0.2.0/24", "--exclude-ips=192.0.2.7,192.0.2.16/28"]):
            with self.subTest(filters):
                self.assertEqual(self.sums(*filters), sorted(self.tool("-s", *filters)))
                self.assertEqual(self.rows(*filters), sorted(self.tool(*filters)))
                self.assertTrue(self.sums(*filters))

    def test_a_report_seen_twice_counts_once(self):
        before = self.sums()
        shutil.copy(self.files[0], self.path("in", "again.xml"))
        self.assertEqual(self.sums(), before)
        self.assertIn("60 reports; 1 more was the same report again and is left out", self.ours("-s"))

    def allowlist(self):
        return self.write("allow.yml", "senders:\n  own: {ip: [192.0.2.0/28]}\n  other: {ip: ['2001:db8::/32']}\n"
                          "domains:\n  example.com: {senders: [own, other]}\n")

    def test_an_allowlist_names_the_senders(self):
        rows = csv.DictReader(io.StringIO(self.ours("--by=sender", "--allowlist", self.allowlist(), "--format=csv"), newline=""))
        ours = {row["sender"]: int(row["messages"]) for row in rows}
        own = sum(int(row[1]) for row in self.tool("-s", "--include-ips=192.0.2.0/28"))
        other = sum(int(row[1]) for row in self.tool("-s", "--include-ips=2001:db8::/32"))
        self.assertEqual((ours["own"], ours["other"]), (own, other))

    def test_a_wrong_allowlist_is_told_like_a_configuration(self):
        yml = self.write("allow.yml", "senders:\n  own: {ip: [192.0.2.1/28]}\ndomains:\n  example.com: {senders: [own]}\n")
        result = agent.parse("--allowlist", yml, self.path("in"))
        self.assertEqual(result.code, 78, result)
        self.assertEqual(len(result.err.splitlines()), 1, result)
        self.assertIn("allow.yml:2:14: error:", result.err)

    def test_a_whole_configuration_is_an_allowlist_for_who_cannot_read_its_secrets(self):
        plain = self.ours("--allowlist", self.allowlist(), "--format=csv")
        with open(self.allowlist(), encoding="utf-8") as f:
            whole = self.write("whole.yml", f.read() + "mailboxes:\n  a: {url: 'imaps://a.example', user: u, password: {file: nowhere}}\n"
                               "channels:\n  b: {type: slack, url: {env: NOT_SET}}\nroutes:\n  - {match: {severity: critical}, to: b}\n")
        self.assertEqual(self.ours("--allowlist", whole, "--format=csv"), plain)

    def test_the_fate_follows_from_the_disposition_alone(self):
        fates = {(row["disposition"], row["fate"]) for row in csv.DictReader(io.StringIO(self.ours("--format=csv"), newline=""))}
        self.assertEqual(fates, {("none", "let_through"), ("quarantine", "quarantined"), ("reject", "rejected")})

    def test_an_interrupted_output_leaves_nothing_behind(self):
        pipe = self.path("pipe")
        os.mkfifo(pipe)
        before = set(os.listdir(os.path.dirname(pipe)))
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            running = agent.start("parse", ["-o", self.path("out"), pipe])
            with open(pipe, "wb"):  # opened when the program reads it, so that its output is open too
                self.assertEqual(len(set(os.listdir(os.path.dirname(pipe))) - before), 1)
                os.kill(running.pid, number)
                self.assertEqual(running.result().code, -number)
            self.assertEqual(set(os.listdir(os.path.dirname(pipe))), before)

    def test_sums_are_no_xml_and_need_senders(self):
        for options in (["--xml", "-s"], ["--by=sender"]):
            self.assertEqual(agent.parse(*options, self.path("in")).code, 64)

    def test_dash_is_standard_output_and_times_are_of_the_zone(self):
        path = self.write("one.xml", report(random.Random(1), 0))
        for zone, period in ((None, "2026-11-23T00:00Z to 2026-11-24T00:00Z"),
                             ("Europe/Berlin", "2026-11-23T01:00+01:00 to 2026-11-24T01:00+01:00"),
                             ("America/New_York", "2026-11-22T19:00-05:00 to 2026-11-23T19:00-05:00")):
            with self.subTest(zone):
                options = ["--tz", zone] if zone else []
                result = agent.parse("-o", "-", *options, path)
                self.assertEqual((result.code, result.err), (0, ""), str(result))
                self.assertIn(period, result.out)
        self.assertFalse(os.path.exists("-"))

    def test_dates_choose_by_the_last_second(self):
        """The reports are of one day each, from 23 Nov 2026 on, in UTC."""
        for options, wanted in ((["--since", "2026-11-25"], 58), (["--until", "2026-11-23"], 1), (["--since", "2026-11-24", "--until", "2026-11-25"], 2),
                                (["--tz", "Europe/Berlin", "--until", "2026-11-24"], 1), (["--tz", "Europe/Berlin", "--since", "2026-11-24"], 60)):
            with self.subTest(options):
                result = agent.parse("--format", "ndjson", *options, self.path("in"))
                self.assertEqual(len(result.out.splitlines()), wanted, str(result))

    def test_controls_are_shown_once(self):
        xml = report(random.Random(1), 0).replace(b"<header_from>example.com", b"<header_from>ex&#27;[2Jample.com".replace(b"&#27;", "\u0085".encode()))
        result = agent.parse("--all-rows", self.write("evil.xml", xml))
        self.assertIn("ex\\u{85}[2Jample.com", result.out)
        self.assertNotIn("x5c", result.out)

    def test_strangers_texts_are_cut_and_names_are_as_in_the_dns(self):
        xml = report(random.Random(1), 0).replace(b"<header_from>example.com", "<header_from>b\u00fccher.example".encode())
        xml = xml.replace(b"<org_name>", b"<org_name>" + b"x" * 300)
        path = self.write("long.xml", xml)
        table = agent.parse("--all-rows", path).out
        self.assertIn("xn--bcher-kva.example", table)
        self.assertIn("x" * 256 + "\u2026", table)
        self.assertNotIn("x" * 257, table)
        told = json.loads(agent.parse("--format=ndjson", path).out)
        self.assertTrue(told["org_name"].startswith("x" * 300))
        self.assertEqual(told["records"][0]["header_from"], "b\u00fccher.example")

    def test_the_output_may_be_an_input(self):
        before = self.rows()
        path = self.files[0]
        result = agent.parse("--format=ndjson", "-o", path, path)
        self.assertEqual(result.code, 0, result)
        with open(path) as f:
            self.assertEqual(json.loads(f.read())["type"], "aggregate")
        result = agent.parse("-o", self.files[1], self.write("empty", b""))
        self.assertEqual(result.code, 65, result)
        self.assertTrue(os.path.getsize(self.files[1]) > 100, "what was there stays")
        self.assertTrue(before)

    def test_the_table_has_every_failing_source(self):
        table = self.ours()
        for reporter in REPORTERS:
            self.assertIn(reporter, table)
        for row in self.tool():
            if "pass" not in (row[4], row[5]):
                self.assertIn(row[1], table)


if __name__ == "__main__":
    unittest.main()
