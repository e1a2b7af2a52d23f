#!/usr/bin/env python3
"""named.py CTEST BUILD-FOLDER: every file that a page of the repository names is there, and every `ctest -R` in one finds a test."""
import fnmatch
import os
import re
import subprocess
import sys

import tree

# What `…` gives is a path when it begins in one of these, or a test when it is called like one.
PATH = re.compile(r"(?:src|config|tests|testdata|packaging|docs)/[\w./*…-]*|test_\w+\.py")
MADE = ("build/", "testdata/hostile/")  # large inputs are made when the test runs


def quoted(text):
    """What stands between backquotes, and in blocks of commands."""
    return re.findall(r"(?<!`)`([^`\n]+)`", text) + re.findall(r"(?m)^    (.+)$", text)


def is_there(name, page, files):
    beside = os.path.normpath(os.path.join(os.path.dirname(page), name))
    pattern = name.rstrip("/").replace("…", "*")
    return any(fnmatch.fnmatch(f, pattern) or f.startswith(pattern + "/") or fnmatch.fnmatch(f, "*/" + pattern) or f == beside for f in files)


def missing_files(page, text, files):
    for words in quoted(text):
        for name in PATH.findall(words):
            if not name.startswith(MADE) and not is_there(name, page, files):
                yield "%s names %s, which is not there" % (page, name)


def tests_of(ctest, build, pattern):
    listed = subprocess.run([ctest, "--test-dir", build, "-N", "-R", pattern], stdout=subprocess.PIPE, check=True, text=True).stdout
    return int(re.search(r"Total Tests: (\d+)", listed).group(1))


def alternatives(pattern):
    """In a table a bar is written with a backslash."""
    pattern = pattern.replace("\\|", "|")
    group = re.fullmatch(r"(.*)\((.*)\)(.*)", pattern)
    return [group[1] + one + group[3] for one in group[2].split("|")] if group else pattern.split("|")


def missing_tests(page, text, ctest, build):
    for words in quoted(text):
        for pattern in re.findall(r"ctest .*?-R '?([^'\s]+)", words):
            for one in alternatives(pattern):
                if not tests_of(ctest, build, one):
                    yield "%s: ctest -R '%s' finds no test" % (page, one)


def main():
    ctest, build = sys.argv[1:]
    files, pages, faults = tree.files(), tree.files(".md"), []
    for page in pages:
        text = tree.read(page)
        faults += missing_files(page, text, files)
        faults += missing_tests(page, text, ctest, build)
    planted = "`tests/nowhere.py` `test_nowhere.py` `ctest -R 'e2e/(spine\\|nowhere)'` `docs/dmarcwarn.1.scd`"
    found = list(missing_files("", planted, files)) + list(missing_tests("", planted, ctest, build))
    if len(found) != 3:
        faults.append("of three names of nothing these were found: %s" % found)
    tree.finish(faults, "%d pages" % len(pages))


if __name__ == "__main__":
    main()
