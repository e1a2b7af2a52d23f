#!/usr/bin/env python3
"""Each public header compiles alone and twice, with nothing in reach but what its room may include."""
import os
import subprocess
import sys

import tree

build = sys.argv[1]
faults = []
for room, flags in sorted(tree.rooms(build).items()):
    private = os.path.join(tree.TOP, "src", room)
    public = [f for f in flags if f != "-I" + private]
    for path in tree.files(".h", under=("src/%s/include" % room,)):
        name = os.path.relpath(path, "src/%s/include" % room)
        text = '#include "%s"\n#include "%s"\nextern int dw_not_empty;\n' % (name, name)
        done = subprocess.run(["cc"] + public + ["-fsyntax-only", "-Werror", "-x", "c", "-"], input=text.encode(),
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if done.returncode:
            faults.append("%s does not compile alone:\n%s" % (path, done.stdout.decode(errors="replace")))
tree.finish(faults, "public headers")
