#!/usr/bin/env python3
"""Compares `dmarcwarn parse --format ndjson` with what a careful reader gets out of real reports.

The corpus is a folder of report files with `expected.jsonl` beside them (one line a file), and
`bulk/reports.tar.xz` with `bulk/expected.jsonl`. Its place is in DMARCWARN_CORPUS; without it the check is
skipped (exit code 77). DMARCWARN_BIN is the program.

Compared are the kind, the number of reports and each field that both the output and the expectation have.
Fields that an expectation lists as `unsure` are left out; `*` leaves out all.
"""

import argparse
import collections
import ipaddress
import json
import os
import pathlib
import subprocess
import sys
import tarfile
import tempfile

SKIPPED = 77
FAILURE_FIELDS = ("feedback_type", "auth_failure", "source_ip", "reported_domain", "delivery_result",
                  "identity_alignment", "dkim_domain", "header_from_domain", "message_id")


def text(value):
    """Blanks collapsed; nothing is None."""
    return " ".join(str(value).split()) or None if value is not None else None


def name(value):
    """A domain or word: no case, no last dot."""
    value = text(value)
    return value.lower().rstrip(".") if value else None


def address(value):
    """The canonical form; an IPv4 address in IPv6 form is the IPv4 address."""
    try:
        ip = ipaddress.ip_address(value)
    except ValueError:
        return value
    mapped = getattr(ip, "ipv4_mapped", None)
    return str(mapped or ip)


def sources_of_records(records):
    """Messages and failing messages a source address."""
    sums = collections.defaultdict(lambda: [0, 0])
    for record in records:
        entry = sums[address(record["source_ip"])]
        entry[0] += record["count"]
        entry[1] += 0 if "pass" in (record["dkim"], record["spf"]) else record["count"]
    return dict(sums)


def sources_expected(sources):
    sums = collections.defaultdict(lambda: [0, 0])
    for source in sources:
        entry = sums[address(source["ip"])]
        entry[0] += source["messages"]
        entry[1] += source["fail_messages"]
    return dict(sums)


def facts_of_aggregate(line):
    return {"org_name": text(line["org_name"]), "email": text(line["email"]),
            "report_id": text(line["report_id"]), "begin": line["begin"], "end": line["end"],
            "domain": name(line["domain"]), "p": name(line["policy_published"]["p"]),
            "records": len(line["records"]), "messages": line["messages"],
            "dmarc_fail_messages": line["dmarc_fail_messages"],
            "sources": sources_of_records(line["records"])}


def facts_of_tlsrpt(line):
    return {"org_name": text(line["org_name"]), "email": text(line["email"]),
            "report_id": text(line["report_id"]), "begin": line["begin"], "end": line["end"],
            "ok": line["ok"], "failed": line["failed"], "policies": policies(line["policies"])}


def policies(entries):
    return [(entry["type"], name(entry["domain"]), entry["ok"], entry["failed"]) for entry in entries]


def facts_of_failure(line):
    return {field: text(line[field]) for field in FAILURE_FIELDS}


FACTS = {"aggregate": facts_of_aggregate, "tlsrpt": facts_of_tlsrpt,
         "failure": facts_of_failure, "feedback": facts_of_failure}


def facts_expected(expected):
    """The expectation in the same form; fields that it does not state are missing."""
    facts = {}
    for field, value in expected.items():
        if field == "sources":
            facts[field] = sources_expected(value)
        elif field == "policies":
            facts[field] = policies(value)
        elif field in ("domain", "p"):
            facts[field] = name(value)
        elif isinstance(value, (str, type(None))):
            facts[field] = text(value)
        else:
            facts[field] = value
    return facts


def compare_report(expected, line):
    """Disagreements as (field, expected, got)."""
    if line["type"] != expected["kind"]:
        return [("kind", expected["kind"], line["type"])]
    got, want = FACTS[line["type"]](line), facts_expected(expected)
    unsure = expected.get("unsure", [])
    return [(field, want[field], value) for field, value in got.items()
            if field in want and field not in unsure and want[field] != value]


def order(entry):
    return str((entry.get("org_name"), entry.get("report_id"), entry.get("begin"), entry.get("domain")))


def compare_file(expected, lines):
    if not lines:
        return [("line", "at least one", "none")]
    if "*" in expected.get("unsure", []):
        return []
    found = sorted((line for line in lines if line["type"] in FACTS), key=order)
    wanted = [] if expected["kind"] in ("invalid", "not-a-report") else expected.get("reports", [expected])
    if len(found) != len(wanted):
        reasons = [(line["type"], line.get("reason"), line.get("detail")) for line in lines]
        return [("reports", f"{len(wanted)} ({expected.get('why', expected['kind'])})", reasons)]
    wrong = []
    for want, line in zip(sorted(wanted, key=order), found):
        wrong += compare_report(want, line)
    return wrong


def parse(program, folder, entries):
    """The lines of each file, by the path that the program prints."""
    done = subprocess.run([program, "parse", "--format", "ndjson", "--", *entries], cwd=folder,
                          stdout=subprocess.PIPE, check=False)
    if done.returncode not in (0, 65):
        sys.exit(f"check_corpus: {program} ended with {done.returncode}")
    lines = collections.defaultdict(list)
    for line in done.stdout.decode("utf-8").splitlines():
        line = json.loads(line)
        lines[line["file"]].append(line)
    return lines


def expectations(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def check(expected, lines, folder_of):
    """Prints each disagreement; {folder: [files that agree, files]}."""
    share = collections.defaultdict(lambda: [0, 0])
    for entry in expected:
        counts = share[folder_of(entry["file"])]
        counts[1] += 1
        wrong = compare_file(entry, lines.get(entry["file"], []))
        counts[0] += not wrong
        for field, want, got in wrong:
            print(f"{entry['file']}: {field}: expected {want!r}, got {got!r}")
    return share


def check_folders(program, corpus):
    expected = expectations(corpus / "expected.jsonl")
    folders = sorted({entry["file"].split("/")[0] for entry in expected})
    return check(expected, parse(program, corpus, folders), lambda path: path.split("/")[0])


def check_bulk(program, corpus):
    expected = expectations(corpus / "bulk" / "expected.jsonl")
    with tempfile.TemporaryDirectory(prefix="dmarcwarn-corpus-") as folder:
        with tarfile.open(corpus / "bulk" / "reports.tar.xz") as archive:
            for member in archive:
                target = pathlib.PurePath(member.name)
                if member.isfile() and not target.is_absolute() and ".." not in target.parts:
                    archive.extract(member, folder)
        lines = parse(program, folder, sorted(os.listdir(folder)))
    return check(expected, lines, lambda path: "bulk")


def threshold(option):
    folder, _, percent = option.partition("=")
    return folder, float(percent)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--min", type=threshold, action="append", default=[], metavar="FOLDER=PERCENT",
                           help="fail when fewer files of that folder agree")
    options = arguments.parse_args()
    corpus, program = os.environ.get("DMARCWARN_CORPUS"), os.environ.get("DMARCWARN_BIN")
    if not corpus:
        print("check_corpus: skipped: DMARCWARN_CORPUS is not set")
        return SKIPPED
    if not program:
        sys.exit("check_corpus: DMARCWARN_BIN must name the program")
    share = {**check_folders(os.path.abspath(program), pathlib.Path(corpus)),
             **check_bulk(os.path.abspath(program), pathlib.Path(corpus))}
    low = False
    for folder, (agree, files) in sorted(share.items()):
        least = dict(options.min).get(folder, 0.0)
        enough = 100 * agree >= least * files
        low = low or not enough
        print(f"{folder}: {agree} of {files} agree ({100 * agree / files:.2f} %)"
              + ("" if enough else f", at least {least} % are wanted"))
    unknown = set(dict(options.min)) - set(share)
    if unknown:
        sys.exit(f"check_corpus: no such folder: {', '.join(sorted(unknown))}")
    return 1 if low else 0


if __name__ == "__main__":
    sys.exit(main())
