#!/usr/bin/env python3
"""Every note, reject reason and rule of lint stands in dmarcwarn-codes(7) as it is made, and every code occurs in a test: as
`NOTE_code` or `REJECT_code` in one of ours, or as a word in what a test expects."""
import os
import pathlib
import re
import sys

import tree

HEADERS = {"notes.h": "NOTE_", "rejects.h": "REJECT_", "lint.h": "LINT_"}
# Lists of codes that prove nothing, and this folder.
NO_PROOF = {"test-quirks.c", "README.md", "codes.py", "mutators.py", "test_differential.py"}
ITEM = re.compile(r'(?m)^    X\((\w+), ')


def codes_of(header):
    return ITEM.findall(tree.read(os.path.join("src/model/include/model", header)))


def expectations():
    top = pathlib.Path(__file__).resolve().parents[2]
    for folder in ("tests", "testdata"):
        for path in sorted((top / folder).rglob("*")):
            if path.is_file() and path.name not in NO_PROOF and path.suffix in (".c", ".py", ".golden", ".txt", ".ndjson"):
                yield path.read_text(encoding="utf-8", errors="replace")


def main():
    page = pathlib.Path(sys.argv[1], "docs", "dmarcwarn-codes.7.scd")
    if not page.is_file():
        sys.exit("%s is not built: is scdoc installed?" % page)
    listed = re.findall(r"(?m)^\*([\w\\]+)\*$", page.read_text(encoding="utf-8"))
    listed = [name.replace("\\", "") for name in listed]
    words = set()
    for text in expectations():
        words.update(re.findall(r"\w+", text))
    faults = []
    for header, prefix in HEADERS.items():
        codes = codes_of(header)
        if len(codes) < 30:
            faults.append("%s: only %d codes were found" % (header, len(codes)))
        faults += ["dmarcwarn-codes(7) does not list %s of %s" % (code, header) for code in codes if code not in listed]
        faults += ["no test expects %s of %s" % (code, header) for code in codes if not {code, prefix + code, "NOT_REPORT_" + code} & words]
    tree.finish(faults, "codes")


main()
