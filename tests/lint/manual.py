#!/usr/bin/env python3
"""Every command and option that the program's help names stands in dmarcwarn(1), and none that it lacks."""
import re
import subprocess
import sys

import tree

OPTION = re.compile(r"(?<![\w-])--([a-z][a-z-]+)")


def help_of(*words):
    return subprocess.run([sys.argv[1], *words, "--help"], stdout=subprocess.PIPE, check=True).stdout.decode()


page = tree.read("docs/dmarcwarn.1.scd")
documented = set(OPTION.findall(page))
commands = re.findall(r"(?m)^  ([a-z][a-z-]*) +\S", help_of())
if not commands:
    sys.exit("the help of the program names no commands")
known = {"version"}
for command in commands:
    known |= set(OPTION.findall(help_of(command)))

faults = ["dmarcwarn(1) does not tell of the command '%s'" % c for c in commands if "## " + c not in page]
faults += ["dmarcwarn(1) does not tell of --%s" % o for o in sorted(known - documented)]
faults += ["dmarcwarn(1) tells of --%s, which no command has" % o for o in sorted(documented - known)]
tree.finish(faults, "manual")
