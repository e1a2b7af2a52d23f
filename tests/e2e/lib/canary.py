"""The secrets of a test, and whether any of them got out: into output, files, command lines or environments.

A test plants secrets by writing them below secrets/ or into a configuration; Case and agent tell this module. At the end of each test
everything that the program left or said is searched, and so is what /proc told of it and its children while they ran.
"""
import base64
import contextlib
import os
import threading
import urllib.parse

from . import process

LEAST = 8  # octets; shorter ones stand in any text by chance
TICK = 0.02  # s between two looks at the processes
# Not the program's: what tests and servers keep there. Tokens are kept below state/ on purpose, in files of mode 600.
KEPT = ("secrets", "tokens", "dovecot", "postfix", "opendmarc")
_IN_CONFIG = ("literal", "secret", "password", "client_secret", "refresh_token", "url")

_planted = set()
_in_environment = set()  # those that the agent itself is given so, by {env: NAME}
_heard = {}  # (octets, whether they are the environment of an agent): where, as a text
_own = set()  # files that the test wrote itself


def start():
    """A new test."""
    global _heard
    _heard = {}  # those who still watch processes of the last test keep theirs
    _planted.clear()
    _in_environment.clear()
    _own.clear()


def plant(secret):
    """It must not be seen from now on. Of a URL, the last part of its path."""
    secret = secret.strip()
    if "://" in secret:
        secret = urllib.parse.urlsplit(secret).path.rpartition("/")[2]
    if len(secret) < LEAST:
        return
    _planted.add(secret.encode())
    if secret.startswith("whsec_"):
        with contextlib.suppress(ValueError):
            _planted.update({secret[6:].encode(), base64.b64decode(secret[6:])})


def plant_in_environment(secret):
    """It may stand in the environment of the agent, and in no other's."""
    plant(secret)
    _in_environment.add(secret.encode())


def planted():
    return len(_planted)


def plant_values(node):
    """All secrets that stand in a configuration itself."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key in _IN_CONFIG and isinstance(value, str):
                plant(value)
            plant_values(value)
    elif isinstance(node, list):
        for value in node:
            plant_values(value)


def wrote(path, content):
    """The test wrote this file, perhaps a secret."""
    _own.add(path)
    if "secrets" in path.split(os.sep) and b"\n" not in content.strip():
        plant(content.decode("utf-8", "replace"))


def hear(where, octets):
    """Something that the program said."""
    _heard[octets, False] = where


def watch(pid):
    """Looks at the command lines and environments of a process and of all below it, as long as it lives."""
    threading.Thread(target=_watch, args=(pid,), daemon=True).start()


def _watch(pid):
    tick = threading.Event()
    heard = _heard
    while os.path.exists("/proc/%d" % pid):
        for p in [pid] + process.tree(pid):
            name = process.name(p)
            for what in ("cmdline", "environ"):
                with contextlib.suppress(OSError), open("/proc/%d/%s" % (p, what), "rb") as f:
                    # A child has its parent's name and environment until it becomes another program.
                    heard[f.read(), what == "environ" and name == "dmarcwarn"] = "the %s of %s" % (what, name)
        tick.wait(TICK)


def _files(folder):
    for at, folders, names in os.walk(folder):
        if at == folder:
            folders[:] = [f for f in folders if not f.startswith(KEPT)]
        elif os.path.basename(at) == "state":
            folders[:] = [f for f in folders if f != "tokens"]
        for name in names:
            path = os.path.join(at, name)
            if path not in _own and os.path.isfile(path) and not os.path.islink(path):
                yield path


def leaks(folder):
    """Where a secret was seen, as texts without the secret."""
    found = []
    places = [(where, octets, _planted - _in_environment if agent else _planted) for (octets, agent), where in list(_heard.items())]
    for path in _files(folder):
        with contextlib.suppress(OSError), open(path, "rb") as f:
            places.append((path, f.read(), _planted))
    for where, octets, secrets in places:
        found += ["secret %d of %d in %s" % (i + 1, len(secrets), where) for i, s in enumerate(sorted(secrets)) if s in octets]
    return found
