"""`parse` and `run` on TLS and failure reports: the samples of testdata/report against their golden lines, and the same
reports in every wrapping."""
import base64
import collections
import glob
import gzip
import io
import json
import os
import subprocess
import unittest
import zipfile

from lib import agent, case, paths

SAMPLES = os.path.join(paths.TOP, "testdata", "report")
NOTES = os.path.join(paths.TOP, "src", "model", "include", "model", "notes.h")
# Given by what only a container or a limit out of a sample's reach does.
NOT_HERE = {"text_cut"}


def golden():
    with open(os.path.join(SAMPLES, "expected.ndjson"), encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def zipped(data):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("report.json", data)
    return packed.getvalue()


def mail(data, media_type):
    return b"\r\n".join([
        b"From: tls@reporter.example", b"To: tls@example.com", b"MIME-Version: 1.0",
        b"Subject: Report Domain: example.com Submitter: reporter.example Report-ID: <1@reporter.example>",
        b"TLS-Report-Domain: example.com", b"TLS-Report-Submitter: reporter.example",
        b'Content-Type: multipart/report; report-type="tlsrpt"; boundary="b"', b"", b"--b",
        b"Content-Type: text/plain", b"", b"A TLS report.", b"--b",
        b'Content-Type: %s; name="report"' % media_type, b"Content-Transfer-Encoding: base64", b"",
        base64.encodebytes(data).replace(b"\n", b"\r\n") + b"--b--", b""])


def facts(line):
    return {key: value for key, value in line.items() if key not in ("file", "member")}


class OtherReports(case.Case):
    def parsed(self, *entries, folder=None):
        done = subprocess.run([agent.program(), "parse", "--notes", "--format", "ndjson", "--", *entries],
                              cwd=folder or self.folder, stdout=subprocess.PIPE, check=True)
        return [json.loads(line) for line in done.stdout.decode().splitlines()]

    def test_samples(self):
        names = sorted(os.path.basename(p) for ext in ("json", "eml") for p in glob.glob(os.path.join(SAMPLES, "*." + ext)))
        names.sort(key=lambda name: not name.endswith(".json"))
        want, got = {}, {}
        for lines, by_file in ((golden(), want), (self.parsed(*names, folder=SAMPLES), got)):
            for line in lines:
                if line["type"] == "reject" and line["reason"] == "json_damaged":
                    line["detail"] = None  # in the words of jansson
                by_file.setdefault(line["file"], []).append(line)
        self.assertEqual(sorted(want), sorted(names))
        for name in names:
            with self.subTest(name):
                self.assertEqual(got[name], want[name])

    def test_every_note_occurs(self):
        seen = {note for line in golden() for note in line.get("notes", [])} | NOT_HERE
        with open(NOTES, encoding="utf-8") as source:
            text = source.read()
        listed = text[text.index("/* TLS reports */"):text.index("/* the mail around a report */")]
        codes = {part.split(",")[0] for part in listed.split("X(")[1:]}
        self.assertGreater(len(codes), 10)
        self.assertLessEqual(codes, seen)

    def test_every_wrapping(self):
        lines = [line for line in golden() if line["type"] == "tlsrpt"]
        files = collections.Counter(line["file"] for line in lines)
        wanted = {line["file"]: line for line in lines if files[line["file"]] == 1}
        forms = {"r.json.gz": gzip.compress, "r.zip": zipped, "r.gz.gz": lambda data: gzip.compress(gzip.compress(data)),
                 "gzip.eml": lambda data: mail(gzip.compress(data), b"application/tlsrpt+gzip"),
                 "json.eml": lambda data: mail(data, b"application/tlsrpt+json"),
                 "lie.eml": lambda data: mail(data, b"application/tlsrpt+gzip"),
                 "zip.eml": lambda data: mail(zipped(data), b"application/zip")}
        for name in wanted:
            with open(os.path.join(SAMPLES, name), "rb") as f:
                data = f.read()
            for form, make in forms.items():
                self.write("in/%s/%s" % (name, form), make(data))
        got = self.parsed("in")
        self.assertEqual(len(got), len(forms) * len(wanted))
        for found in got:
            with self.subTest(found["file"]):
                self.assertEqual(facts(found), facts(wanted[found["file"].split("/")[1]]))

    def test_a_cut_gzip_is_a_reject(self):
        with open(os.path.join(SAMPLES, "plain.json"), "rb") as f:
            packed = gzip.compress(f.read())
        self.write("in/cut.gz", packed[:-40])
        result = agent.parse("--format", "ndjson", self.path("in"))
        self.assertEqual([json.loads(x)["reason"] for x in result.out.splitlines()], ["truncated"])
        self.assertEqual(result.code, 65)

    def test_filters(self):
        def shown(*options):
            result = agent.parse(*options, "--format", "ndjson", os.path.join(SAMPLES, "plain.json"),
                                 os.path.join(SAMPLES, "failure.eml"))
            self.assertEqual(result.code, 0, result)
            return [json.loads(line)["type"] for line in result.out.splitlines()]
        self.assertEqual(shown(), ["tlsrpt", "failure"])
        self.assertEqual(shown("--include-ips=192.0.2.50"), ["failure"])
        self.assertEqual(shown("--exclude-ips=192.0.2.0/24"), ["tlsrpt"])
        self.assertEqual(shown("--since=2026-11-24"), [])
        self.assertEqual(shown("--until=2026-11-23"), ["tlsrpt", "failure"])
        self.assertEqual(shown("--until=2026-11-22"), [])
        self.assertEqual(shown("--fail-only"), ["tlsrpt", "failure"])
        self.assertEqual(shown("-s"), [])


if __name__ == "__main__":
    unittest.main()
