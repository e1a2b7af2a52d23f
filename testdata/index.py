#!/usr/bin/env python3
"""Writes README.md of this folder: every sample, what is odd about it, and what the reader must say to it, out of the READMEs
and the golden files of the folders. `--check` only compares."""
import fnmatch
import glob
import json
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
HEAD = """# The samples

Written by `index.py` out of the folders' own READMEs and golden files: the quirk, the file that shows it, and what comes of it. All are
written for this project; addresses and names are reserved ones. A report is told by the number of its records, with the notes that it gets;
dmarcwarn-codes(7) explains notes and reasons.

| folder | what | compared by |
|---|---|---|
| `quirks/` | aggregate reports, one odd thing each | `tests/report/test-quirks.c` |
| `mail/` | mails: their shapes, types, encodings, and what is no report | `tests/mail/test-golden.c` |
| `report/` | TLS reports and failure reports | `tests/e2e/test_other_reports.py` |
| `hostile/` | inputs that attack, exhaust or deceive the reader, and containers | `tests/hostile/test_hostile.py` |
| `e2e/`, `config/`, `fuzz/`, `render/`, `verdicts/`, `lint/` | scenes and seeds of other tests, no quirks | |
"""


def text(*path):
    with open(os.path.join(HERE, *path), encoding="utf-8") as f:
        return f.read()


def proofs(folder):
    """Sample to words, of the tables of a README; a name may end in a star."""
    out = {}
    for names, words in re.findall(r"^\| (`.*?) \| (.*?) \|$", text(folder, "README.md"), re.M):
        for name in re.findall(r"`(.*?)`", names):
            out[name] = words
    return out


def proof_of(known, name):
    fits = [n for n in known if fnmatch.fnmatchcase(name, n)]
    return known[max(fits, key=len)] if fits else ""


def told(lines):
    """What `parse` prints of one file, in few words."""
    out = []
    for line in map(json.loads, lines):
        kind = {"aggregate": "report %d" % len(line.get("records", [])), "reject": "reject %s" % line.get("reason"),
                "not_a_report": "not_a_report %s" % line.get("reason")}.get(line["type"], line["type"])
        out.append(" ".join([kind] + ["+" + note for note in line.get("notes", [])]))
    return ", ".join(out)


def quirks():
    for path in sorted(glob.glob(os.path.join(HERE, "quirks", "*.golden"))):
        name = os.path.basename(path)[:-len(".golden")]
        yield name, name + ".xml", told(text("quirks", name + ".golden").splitlines())


def reports():
    by_file = {}
    for line in text("report", "expected.ndjson").splitlines():
        by_file.setdefault(json.loads(line)["file"], []).append(line)
    for name in sorted(by_file):
        yield os.path.splitext(name)[0], name, told(by_file[name])


def mails():
    """The parts that hold a report or a container, and what could not be read."""
    for section in text("mail", "expected.txt").split("== ")[1:]:
        name, *lines = section.splitlines()
        out = []
        for line in lines:
            found = re.match(r"    (?:\w+) (r\.\S+) and|    (JSON) |  reject .*?: (.*)$|      (\w+)$", line)
            if found and (found.group(1) or found.group(2)):
                out.append(found.group(1) or found.group(2))
            elif found and found.group(3):
                out.append("reject " + found.group(3))
            elif found and out and not out[-1].startswith("reject"):
                out[-1] += " +" + found.group(4)
        yield name, name + ".eml", ", ".join(out) or lines[-1].split(",")[0].strip()


def hostile():
    for line in text("hostile", "expected.txt").splitlines():
        if not line.startswith("#"):
            name, answer = line.split("\t")
            yield name, name, answer


def index():
    out = HEAD
    for folder, title, rows in (("quirks", "Aggregate reports", quirks()), ("mail", "Mails", mails()),
                                ("report", "TLS and failure reports", reports())):
        known = proofs(folder)
        out += "\n## %s: `%s/`\n\n| quirk | file | answer |\n|---|---|---|\n" % (title, folder)
        out += "".join("| %s | `%s` | %s |\n" % (proof_of(known, name), file, answer) for name, file, answer in rows)
    out += "\n## Hostile inputs: `hostile/`\n\nThe large ones are made by `make.py` when the test runs.\n\n| input | answer |\n|---|---|\n"
    return out + "".join("| `%s` | %s |\n" % (file, answer) for _, file, answer in hostile())


def main():
    path = os.path.join(HERE, "README.md")
    if "--check" not in sys.argv:
        with open(path, "w", encoding="utf-8") as f:
            f.write(index())
    elif not os.path.exists(path) or text("README.md") != index():
        sys.exit("testdata/README.md is not what testdata/index.py writes: run it")


if __name__ == "__main__":
    main()
