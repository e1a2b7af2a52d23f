#!/usr/bin/env python3
"""Every limit has a test that meets it: its name stands in one, or ELSEWHERE says in which one it is met under another name."""
import os
import pathlib
import re

import tree

# Limit: a test, and words of it without which it would not be that test.
ELSEWHERE = {
    "container_depth": ("testdata/hostile/expected.txt", "zip-4-deep.zip"),
    "mbox_line": ("tests/fetch/test-files.c", "mbox_init(&m, 100, 60)"),
    "report_days": ("tests/store/test-spread.c", "DAY_SECONDS, 32)"),
    "future_slack": ("tests/alert/test-rules.c", "e->row.received = e->row.end - DAY_SECONDS - 1"),
    "token_size": ("tests/token/test-answer.c", "answer_read(sv_c(json), 16"),
    "text_shown": ("tests/render/test-limits.c", "256 / strlen(units[u])"),
    "answer_size": ("tests/notify/test_notify.py", "endless-body"),
    "batch_mails": ("tests/e2e/test_flood.py", "JUNK = 100000 if ALL else 1200"),
    "max_run": ("tests/e2e/test_loop.py", "agent.MAX_RUN: 4"),
    "backlog": ("tests/e2e/test_flood.py", "JUNK = 100000 if ALL else 1200"),
}
FOLDERS = ("tests", "testdata")
NO_PROOF = ("tests/fuzz/fuzz.c", "tests/lint/limits.py", "tests/e2e/lib/agent.py")


def limits():
    return re.findall(r"(?m)^    X\((\w+), ", tree.read("src/model/include/model/limits.h"))


def texts():
    for folder in FOLDERS:
        for path in sorted(pathlib.Path(tree.TOP, folder).rglob("*")):
            name = os.path.relpath(path, tree.TOP)
            if path.is_file() and path.suffix in (".c", ".py", ".h") and name not in NO_PROOF:
                yield path.read_text(encoding="utf-8", errors="replace")


def main():
    names, faults = limits(), []
    words = set().union(*(re.findall(r"\w+", text) for text in texts()))
    for name in names:
        if name in ELSEWHERE:
            path, proof = ELSEWHERE[name]
            if proof not in tree.read(path):
                faults.append("%s: '%s' is no more in %s" % (name, proof, path))
        elif name not in words:
            faults.append("%s: no test meets this limit" % name)
    for name in sorted(set(ELSEWHERE) - set(names)):
        faults.append("%s: there is no such limit" % name)
    tree.finish(faults, "%d limits" % len(names))


if __name__ == "__main__":
    main()
