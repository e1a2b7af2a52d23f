#!/usr/bin/env python3
"""Functions that our own code may not call, values that are freed before they are set, and CMake that guesses what belongs to a target."""
import re

import tree

BANNED = {
    "atoi": "num_u64", "atol": "num_u64", "atoll": "num_u64", "atof": "a parser with bounds",
    "strtol": "num_i64", "strtoul": "num_u64", "strtoll": "num_i64", "strtoull": "num_u64",
    "strtod": "a parser with bounds", "strtof": "a parser with bounds",
    "sscanf": "a parser over sv", "fscanf": "a parser over sv", "scanf": "a parser over sv",
    "sprintf": "buf_printf or snprintf", "vsprintf": "buf_printf or vsnprintf",
    "strcpy": "memcpy with a length", "strcat": "buf_puts", "stpcpy": "memcpy with a length",
    "strncpy": "memcpy with a length", "strncat": "buf_put", "strtok": "sv_split", "strtok_r": "sv_split",
    "gets": "file_read", "system": "posix_spawn", "popen": "posix_spawn",
    "localtime": "civil_of", "localtime_r": "civil_of", "ctime": "clock_iso", "asctime": "clock_iso",
    "mktime": "civil_to_unix", "alloca": "the arena", "rand": "random_bytes", "srand": "random_bytes",
    "tmpnam": "mkostemp", "mktemp": "mkostemp", "setlocale": None,
}
# The width of characters is set once, and one file knows time zones.
EXCEPT = {("setlocale", "src/cli/main.c"), ("localtime_r", "src/base/zone.c")}
CALL = re.compile(r"(?<![\w.>])(%s)\s*\(" % "|".join(BANNED))
NOT_CODE = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"', re.S)


def blanked(match):
    return re.sub(r"[^\n]", " ", match.group(0))


def faults_in(path, text):
    code = NOT_CODE.sub(blanked, text)
    for m in CALL.finditer(code):
        if (m.group(1), path) in EXCEPT:
            continue
        instead = BANNED[m.group(1)]
        yield "%s:%d: %s is banned%s" % (path, code.count("\n", 0, m.start()) + 1, m.group(1),
                                         "; use " + instead if instead else "")


def glob_faults(path, text):
    for m in re.finditer(r"(?m)^[^#\n]*\bfile\s*\(\s*GLOB", text):
        yield "%s:%d: file(GLOB) is banned; list the files" % (path, text.count("\n", 0, m.start()) + 1)


HELD = re.compile(r"(?m)^[ \t]+(?:struct )?\w+ \*?(\w+) CLEANUP\(\w+\);")
LEAVES = re.compile(r"\b(?:return|goto)\b")


def early_faults(path, text):
    """What is freed on the way out has a value before any way out: no compiler sees this one."""
    code = NOT_CODE.sub(blanked, text)
    for m in HELD.finditer(code):
        value = re.compile(r"\b%s\b" % m.group(1)).search(code, m.end())
        leave = LEAVES.search(code, m.end())
        if leave and (not value or leave.start() < value.start()):
            yield "%s:%d: %s may be freed before it has a value" % (
                path, code.count("\n", 0, m.start(1)) + 1, m.group(1))


# A check that finds nothing here would find nothing anywhere.
assert [f for f in faults_in("x.c", "int f(void) { return atoi(s); }")] == ["x.c:1: atoi is banned; use num_u64"]
assert not list(faults_in("x.c", '/* atoi(s) */ "atoi(s)"; x.system(1); my_atoi(2);'))
assert list(early_faults("x.c", "\n    buf b CLEANUP(buf_free);\n    if (x)\n        return;\n    buf_init(&b, 1);\n"))
assert not list(early_faults("x.c", "\n    buf b CLEANUP(buf_free);\n    buf_init(&b, 1);\n    return;\n"))

faults = [f for path in tree.files(".c", ".h", under=("src", "docs", "tests")) for f in faults_in(path, tree.read(path))]
faults += [f for path in tree.files(".c", under=("src", "tests")) for f in early_faults(path, tree.read(path))]
faults += [f for path in tree.files("CMakeLists.txt", ".cmake") for f in glob_faults(path, tree.read(path))]
tree.finish(faults, "banned functions")
