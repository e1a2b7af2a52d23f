#!/usr/bin/env python3
"""What each room calls, held against what it may call: `nm -u` of its object files.

symbols.py BUILD-FOLDER            all rooms
symbols.py BUILD-FOLDER --prove    shows that a forbidden call is found: a socket in judge, sqlite3 in alert, curl in the worker
"""
import glob
import os
import re
import subprocess
import sys
import tempfile

import tree

# Memory and text of the C library, and what the compiler puts in by itself.
TEXT = r"mem\w+|str(n?cmp|n?casecmp|n?len|r?chr|s?pn|cspn|pbrk|str|dup|ndup|error|error_r)|rawmemchr|explicit_bzero|v?a?sn?printf|vasprintf"
MEMORY = r"malloc|calloc|realloc|reallocarray|free|qsort|qsort_r|bsearch|tsearch|tfind|twalk|tdelete|tdestroy"
COMPILER = r"__stack_chk_fail|__\w+_chk|_GLOBAL_OFFSET_TABLE_|__assert_fail|abort|__errno_location|__isoc99_\w+|__tls_get_addr|__u?(div|mod)ti3|__mulo[td]i4"
PURE = "|".join([TEXT, MEMORY, COMPILER])
MATHS = r"l?log\w*|l?pow\w*|sqrt|l?l?round\w*|ceil|floor|fmod"
FILES = r"open|open64|openat|openat64|close|p?read|p?read64|p?write|p?write64|l?stat|l?stat64|fstat|fstat64|fstatat\w*|access|faccessat|lseek|lseek64|f?truncate\w*"
STDIO = r"f?printf|fputs?|puts|putchar|fputc|putc|fwrite|fread|fflush|fopen|fopen64|fdopen|fclose|ferror|fileno|getline|stdin|stdout|stderr|perror"
FOLDERS = r"opendir|fdopendir|readdir|readdir64|closedir|dirfd|mkdir|rename|unlink|unlinkat|rmdir|mkostemp|mkostemp64|fchmod|fsync|fdatasync|flock|realpath|memfd_create"
TIME = r"clock_gettime|time|gettimeofday"

MAY = {
    "base": [PURE, FILES, FOLDERS, TIME, STDIO, "getrandom", r"(EVP|HMAC|SHA256|OPENSSL|CRYPTO)_\w+|HMAC|X509_verify_cert_error_string",
             r"posix_spawn\w*|pipe2|fcntl(64)?|waitpid|kill|sig(empty|fill)set", "poll|getenv", "setenv|tzset|localtime_r", "madvise|sysconf"],
    "model": [PURE, r"inet_(pton|ntop)", r"idn2_\w+"],
    "text": [PURE],
    "mail": [PURE],
    "unpack": [PURE, r"(in|de)flate\w*|crc32\w*|zError", r"zip_\w+"],
    "report": [PURE, r"xml\w+", r"json_\w+"],
    "wire": [PURE],
    # Its own code has a socket that it was given, and means to give up everything else.
    "worker": [PURE, STDIO, r"read|write|open|open64|close|close_range|poll|_exit|exit|getpid|getppid|syscall|prctl|sysconf|signal|sigaction|sigemptyset|raise",
               r"(set|get)rlimit(64)?|prlimit(64)?|getrusage|mallopt|mallinfo2?|setvbuf|dup2|fcntl|fcntl64", r"seccomp_\w+", TIME, r"xmlInitParser|xmlCleanupParser|xmlSet\w+|xmlMemSetup",
               r"zip_\w+|zlibVersion|iconv_\w+|setlocale|environ|clearenv|setenv|tzset|getsockopt|recvmsg|memfd_create|lseek(64)?|pread(64)?"],
    "intake": [PURE, FILES, TIME, r"posix_spawn\w*|socketpair|send|sendmsg|recv|poll|waitpid|kill|readlink|memfd_create|unlink|mkostemp(64)?|fcntl(64)?|getpid|unlinkat|strsignal|sig(empty|fill|add)set|clock_getcpuclockid"],
    "config": [PURE, FILES, "getenv", r"glob(free)?", r"yaml_\w+"],
    "token": [PURE, FILES, FOLDERS, "time", "getenv", r"curl_\w+", r"json_\w+", r"(EVP|PEM|BIO|X509)_\w+", r"poll|kill|waitpid|nanosleep|geteuid"],
    "fetch": [PURE, FILES, FOLDERS, TIME, r"curl_\w+", r"fcntl(64)?|poll|shutdown", r"inflate\w*"],
    "judge": [PURE],
    "alert": [PURE, MATHS],
    "store": [PURE, FILES, FOLDERS, TIME, r"sqlite3_\w+", r"(in|de)flate\w*|compress\w*|crc32", r"getpid|geteuid|umask|fcntl(64)?"],
    "render": [PURE, r"json_\w+"],
    "notify": [PURE, TIME, r"curl_\w+", r"socket|connect|send", r"gethostname|getaddrinfo|freeaddrinfo|nanosleep",
               r"poll|read|write|close|strsignal"],
    "output": [PURE, STDIO, r"scols_\w+", r"json_\w+", r"wcwidth|wcswidth|mbstowcs|mbrtowc|ioctl|isatty|fputws"],
}
# It joins everything and calls what it likes.
FREE = {"cli"}


def nm(option, files):
    text = subprocess.run(["nm", "-P", option] + files, stdout=subprocess.PIPE, check=True).stdout.decode()
    return {line.split()[0].split("@")[0] for line in text.splitlines() if line and not line.endswith(":")}


def objects(build, room):
    return sorted(glob.glob(os.path.join(build, "src", room, "CMakeFiles", "*", "**", "*.o"), recursive=True))


def forbidden(room, files, ours):
    """Names that the room calls, that are not ours, and that are not on its list."""
    allowed = re.compile("^(?:%s)$" % "|".join(MAY[room]))
    return sorted(n for n in nm("-u", files) - ours if not allowed.match(n))


def check(build):
    files = {room: objects(build, room) for room in MAY}
    ours = set().union(*(nm("--defined-only", f) for f in files.values() if f))
    faults = ["src/%s has no object files in %s" % (room, build) for room, f in files.items() if not f]
    faults += ["src/%s has no list of symbols in tests/lint/symbols.py" % r for r in tree.rooms(build) if r not in MAY and r not in FREE]
    for room, f in files.items():
        faults += ["src/%s must not call %s (allowed: see tests/lint/symbols.py)" % (room, n) for n in (forbidden(room, f, ours) if f else ())]
    tree.finish(faults, "symbols of %d rooms" % len(files))


def prove():
    faults = []
    with tempfile.TemporaryDirectory() as folder:
        for room, name in (("judge", "socket"), ("alert", "sqlite3_open"), ("worker", "curl_easy_init"), ("worker", "SSL_new"),
                           ("worker", "socket"), ("worker", "connect"), ("text", "fopen"), ("render", "getenv")):
            out = os.path.join(folder, name + ".o")
            subprocess.run(["cc", "-c", "-x", "c", "-o", out, "-"], input=("int %s(void);\nint f(void) { return %s(); }\n" % (name, name)).encode(), check=True)
            found = forbidden(room, [out], {"f"})
            print("src/%s calling %s: %s" % (room, name, "refused" if found == [name] else "accepted"))
            if found != [name]:
                faults.append("a call of %s by src/%s is not found" % (name, room))
    tree.finish(faults, "proof that forbidden symbols are found")


if "--prove" in sys.argv:
    prove()
check(sys.argv[1])
