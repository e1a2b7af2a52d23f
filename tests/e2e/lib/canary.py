"""The secrets of a test, and whether any of them got out: into output, files, command lines or environments.

A test plants secrets by writing them below secrets/ or into a configuration; Case and agent tell this module. At the end of each test
everything that the program left or said is searched, and so is what /proc told of it and its children while they ran: for the secrets
themselves, in base64 (as a login by PLAIN is) and with percent signs. Of a database the values are looked at too, as a long one lies torn
into pages in the file.
"""
import base64
import contextlib
import os
import sqlite3
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


def _forms(secret):
    """As it may stand somewhere. Of base64 what does not hang on the neighbours, at each of the three places in a group."""
    yield secret
    yield urllib.parse.quote_from_bytes(secret, safe="").encode()
    for place in range(3):
        octets = b"\0" * place + secret
        yield base64.b64encode(octets)[(place * 8 + 5) // 6:len(octets) * 8 // 6]


def _values(path):
    """All texts and blobs of a database."""
    values = []
    with contextlib.suppress(sqlite3.Error), contextlib.closing(sqlite3.connect("file:%s?immutable=1" % path, uri=True)) as db:
        db.text_factory = bytes
        for (table,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            for row in db.execute('SELECT * FROM "%s"' % table.decode()):
                values += [v for v in row if isinstance(v, bytes)]
    return b"\0".join(values)


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
        if places and places[-1][0] == path and places[-1][1].startswith(b"SQLite format 3\0"):
            places.append(("the rows of " + path, _values(path), _planted))
    forms = {secret: set(_forms(secret)) for secret in _planted}
    for where, octets, secrets in places:
        found += ["secret %d of %d in %s" % (i + 1, len(secrets), where) for i, s in enumerate(sorted(secrets)) if any(f in octets for f in forms[s])]
    return found
