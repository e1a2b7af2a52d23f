#!/usr/bin/env python3
"""No file of the repository names a place of the machine that it was written or built on."""
import os
import re
import sys

import tree

PLACES = re.compile(r"(?<![\w.])/(?:home|root|Users)/\w+")
here = [p for p in {tree.TOP, os.path.realpath(tree.TOP), os.path.abspath(sys.argv[1])} if p.count("/") > 1]

faults = []
for path in tree.files():
    for number, line in enumerate(tree.read(path).splitlines(), 1):
        found = PLACES.search(line) or next((p for p in here if p in line), None)
        if found:
            faults.append("%s:%d: names a place of one machine: %s" % (path, number, line.strip()[:100]))
tree.finish(faults, "paths")
