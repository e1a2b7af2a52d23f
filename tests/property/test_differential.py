#!/usr/bin/env python3
"""`dmarcwarn parse` against Python's email, gzip, zipfile and xml.etree on our own samples and on made ones.

What Python reads strictly, we read with the same facts. What we read without any note, Python reads too. Containers in
which one bit is wrong are a reject, or what Python makes of them.
"""
import collections
import gzip
import json
import os
import pathlib
import random
import runpy
import subprocess
import sys
import tempfile
import unittest

import mutators
import peer
import reports

TOP = pathlib.Path(__file__).resolve().parents[2]
SEED = "differential/1"
MADE = 20000 if os.environ.get("DMARCWARN_SUITE") == "all" else 400
# What we refuse or read otherwise on purpose, whatever Python says.
REFUSED = {"dtd", "entity", "too_deep", "no_report_metadata", "no_usable_date", "no_policy_domain"}
READ_OTHERWISE = {"name_alias", "text_cut", "result_empty", "result_form", "reason_form", "policy_form", "ip_cleaned", "ip_unreadable",
                  "auth_results_cut", "domain_inferred", "element_repeated", "encoding_ignored", "date_form", "invisible_dropped",
                  "element_misplaced", "wrapper_ignored"}
WORDS = {"disposition", "dkim", "spf", "p", "sp", "type", "scope", "result"}
# Mails of whose parts Python sees more: the offending mail in a feedback report, and mails in mails beyond the limit.
NOT_SEARCHED = ("arf", "nested-6")


# Files that the program takes for mails because of what stands before the XML, and a name that only Python does not know.
NO_XML = ("leading-http", "leading-mail", "leading-one-line", "utf8-two-boms", "encoding-utf8-underscore")


def parsed(folder):
    """Lines by file."""
    done = subprocess.run([os.environ["DMARCWARN_BIN"], "parse", "--format", "ndjson", "."], cwd=folder, stdout=subprocess.PIPE, check=False)
    if done.returncode not in (0, 65):
        raise RuntimeError("the program ended with %d" % done.returncode)
    lines = collections.defaultdict(list)
    for text in done.stdout.splitlines():
        line = json.loads(text)
        lines[os.path.basename(line["file"])].append(line)
    return lines


def small(value, name=None):
    """Words in small letters."""
    if isinstance(value, dict):
        return {key: small(item, key) for key, item in value.items() if key != "human_result"}
    if isinstance(value, list):
        return [small(item) for item in value]
    return value.lower() if name in WORDS and value else value


def facts_of(line):
    """A line in the form of peer.facts."""
    line = small(line)
    policy = line["policy_published"]
    return {"org_name": line["org_name"], "email": line["email"], "report_id": line["report_id"], "begin": line["begin"], "end": line["end"],
            "domain": policy["domain"], "p": policy["p"], "sp": policy["sp"], "records": line["records"]}


def opinion(document):
    """Facts, None (no report), or what prevents an opinion."""
    try:
        return peer.facts(document.lstrip(b"\r\n"))
    except peer.Unsure as e:
        return e
    except peer.UNREADABLE as e:
        return e


class Differential(unittest.TestCase):
    maxDiff = None

    def in_folder(self, files):
        folder = tempfile.TemporaryDirectory(prefix="dmarcwarn-differential-")
        self.addCleanup(folder.cleanup)
        for name, data in files.items():
            pathlib.Path(folder.name, name).write_bytes(data)
        return parsed(folder.name)

    def compare(self, document, line):
        """One document and what we said of it. True: both read a report."""
        python = opinion(document)
        if line["type"] != "aggregate":
            self.assertTrue(not isinstance(python, dict) or line["reason"] in REFUSED, (line, python))
            return False
        notes = set(line["notes"])
        if isinstance(python, dict):
            if not notes & READ_OTHERWISE:
                self.assertEqual(facts_of(line), python)
            return True
        if isinstance(python, peer.Unsure):
            return False
        self.assertTrue(notes, "read without a note, and Python says: %r" % python)
        return False

    def test_samples_of_quirks(self):
        folder = TOP / "testdata" / "quirks"
        lines, both = parsed(folder), 0
        for path in sorted(folder.glob("*.xml")):
            with self.subTest(path.name):
                self.assertEqual(len(lines[path.name]), 1 + (path.name == "trailing-second.xml"))
                if path.stem not in NO_XML:
                    both += self.compare(path.read_bytes(), lines[path.name][0])
        self.assertGreater(both, 80)

    def test_documents_of_mails(self):
        folder = TOP / "testdata" / "mail"
        lines, most = parsed(folder), 0
        for path in sorted(folder.glob("*.eml")):
            if path.name.startswith(NOT_SEARCHED):
                continue
            found = 0
            for leaf in peer.leaves(path.read_bytes()):
                try:
                    found += len(peer.documents(leaf))
                except peer.UNREADABLE:
                    pass
            # They hold a report without dates.
            ours = sum(line["type"] == "reject" and line["reason"] == "no_usable_date" for line in lines[path.name])
            with self.subTest(path.name):
                self.assertGreaterEqual(ours, found)
            most += found
        self.assertGreater(most, 30)

    def test_mails_of_the_end_to_end_tests(self):
        sys.path.insert(0, str(TOP / "testdata" / "e2e"))
        samples = runpy.run_path(str(TOP / "testdata" / "e2e" / "samples.py"))
        mails = {mail.name: mail.content for mail in samples["mails"](1795487062)}
        lines, both = self.in_folder(mails), 0
        for name, mail in mails.items():
            found = []
            for leaf in peer.leaves(mail):
                try:
                    found += peer.documents(leaf)
                except peer.UNREADABLE:
                    pass
            read = [line for line in lines[name] if line["type"] == "aggregate"]
            with self.subTest(name):
                self.assertEqual(len(read), len(found))
                both += sum(self.compare(document, line) for document, line in zip(found, read))
        self.assertGreater(both, 9)

    def made(self, *chosen):
        """Cases of these mutators, by name."""
        cases = {}
        while len(cases) < MADE:
            rng = random.Random("%s/%d" % (SEED, len(cases)))
            case = None
            while case is None:
                case = rng.choice(chosen)(rng, reports.make(rng))
            cases["%d" % len(cases)] = case.data
        return cases

    def check_made(self, cases, documents_of):
        lines, both = self.in_folder(cases), 0
        for name, data in cases.items():
            found = documents_of(data)
            with self.subTest(name):
                if found is None:
                    self.assertTrue(all(line["type"] != "aggregate" or line["notes"] for line in lines[name]), lines[name])
                    continue
                self.assertEqual(len(lines[name]), len(found))
                both += sum(self.compare(document, line) for document, line in zip(found, lines[name]))
        return both

    def test_xml(self):
        chosen = [getattr(mutators, name) for name in (
            "identity", "line_ends", "byte_order_mark", "utf_16", "windows_1252", "comments", "cdata", "references", "blanks_around", "order",
            "case_of_names", "foreign_elements", "unknown_elements", "stray_text", "attributes", "document_type", "prefixes", "end_tag_lost",
            "octet_missing_in_a_tag", "cut", "ampersand", "control_character", "verdict", "disposition")]
        self.assertGreater(self.check_made(self.made(*chosen), lambda data: [data]), MADE // 3)

    def test_containers_and_mails(self):
        def documents_of(data):
            if data[:2] in (b"\x1f\x8b", b"PK"):
                try:
                    return peer.documents(data)
                except peer.UNREADABLE:
                    return None
            return [document for leaf in peer.leaves(data) for document in peer.documents(leaf)]
        chosen = (mutators.gzip_forms, mutators.zip_forms, mutators.mails, mutators.gzip_cut, mutators.zip_cut)
        self.assertGreater(self.check_made(self.made(*chosen), documents_of), MADE // 4)

    def test_one_wrong_bit(self):
        rng = random.Random(SEED)
        cases, whole, refusable = {}, {}, set()
        for i in range(MADE):
            report = reports.make(rng)
            data = bytearray(gzip.compress(report.xml().encode(), mtime=0) if i % 2 else mutators.zipped(report))
            at = rng.randrange(len(data))
            # libzip is strict with the directory, Python is not.
            if 0 <= data.find(b"PK\1\2") <= at:
                refusable.add(str(i))
            data[at] ^= 1 << rng.randrange(8)
            cases[str(i)] = bytes(data)
            whole[str(i)] = report.facts
        lines, read = self.in_folder(cases), 0
        for name, data in cases.items():
            for line in lines[name]:
                if line["type"] != "aggregate":
                    continue
                read += 1
                with self.subTest(name):
                    self.assertEqual({key: line[key] for key in whole[name] if key != "type"},
                                     {key: value for key, value in whole[name].items() if key != "type"})
            try:
                document = name not in refusable and peer.documents(data)
            except peer.UNREADABLE:
                continue
            with self.subTest(name):
                self.assertTrue(not document or any(line["type"] == "aggregate" for line in lines[name]), lines[name])
        self.assertGreater(read, 0)


if __name__ == "__main__":
    unittest.main()
